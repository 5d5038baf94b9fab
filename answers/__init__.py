"""The vetted FAQ and what decides what to say from it. Needs no bot, no network and no database.

>>> from answers import Answerer, Library
>>> reply = Answerer(Library.load()).reply("is kratom bad for my liver")
>>> reply.kind, reply.entry.id
('answer', 'liver-injury')
"""

from answers.answering import Answerer
from answers.documents import ContentError, Problem
from answers.library import Library
from answers.models import Reply

__all__ = ["Answerer", "ContentError", "Library", "Problem", "Reply"]
