"""Labelled messages → figures: how often the right thing is said, refused or alarmed at, and how sure that is.

>>> from answers import Answerer, Library
>>> from answers.evaluation import evaluate, read
>>> library = Library.load()
>>> labelled, problems = read([Path("tests/questions/in_scope.test.jsonl")], library)
>>> report = evaluate(Answerer(library), labelled, problems)
>>> report.questions.slices["in-scope"].figures["right_first"].value
"""

from answers.evaluation.labelled import ConductMessage, Labelled, Question, UrgencyMessage, read
from answers.evaluation.report import Report, evaluate
from answers.evaluation.statistics import Figure

__all__ = ["ConductMessage", "Figure", "Labelled", "Question", "Report", "UrgencyMessage", "evaluate", "read"]
