"""What the bot does in private chats."""

from __future__ import annotations

from telegram import Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from answers import Answerer, Reply
from answers.wording import Wording
from bot import buttons
from bot.buttons import Press
from bot.sending import Sender, message_of, text_of

ALBUM = "album"
"""In a chat's data: the album of which something came last. Each picture of an album comes as a message."""


class Chat:
    """Answers people in private."""

    def __init__(self, answerer: Answerer, sender: Sender) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._sender = sender

    @property
    def _wording(self) -> Wording:
        return self._library.wording["en"]

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start, or /start with the id of an entry (a deep link), which opens it."""
        message = message_of(update)
        given = " ".join(context.args or ())
        if given in self._library.entries:
            await self._say(message, self._answerer.open(given))
        elif not await self._says_if_crisis(message, given):
            examples = [self._library.entries[id_] for id_ in self._wording.telegram.examples]
            await message.reply_text(self._wording.telegram.start, reply_markup=buttons.entries(examples))

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/help."""
        message = message_of(update)
        if not await self._says_if_crisis(message, " ".join(context.args or ())):
            await message.reply_text(self._wording.telegram.help)

    async def question(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message, or the caption of a picture, in a private chat."""
        message = message_of(update)
        _continues_album(message, context)
        await self._say(message, self._answerer.reply(text_of(message)))

    async def edited(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited message: an emergency that it now tells of is answered."""
        message = message_of(update)
        await self._says_if_crisis(message, text_of(message))

    async def unreadable(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A voice message, a sticker and the like, in a private chat."""
        message = message_of(update)
        if not _continues_album(message, context):
            await message.reply_text(self._wording.telegram.unsupported)

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button that opens an entry. One from an old message whose entry is gone says so."""
        query = update.callback_query
        if query is None:
            return
        press = Press.read(query.data)
        entry_id = press.about[0] if press and press.about else ""
        found = query.message if entry_id in self._library.entries and isinstance(query.message, Message) else None
        try:
            await query.answer(None if found else self._wording.telegram.gone)
        except BadRequest as error:  # pressed while the bot was down: the entry is still wanted
            if "query is too old" not in error.message.casefold():
                raise
        if found:
            await self._say(found, self._answerer.open(entry_id))

    async def sorry(self, message: Message) -> None:
        """What is said in a private chat when an update could not be handled."""
        await message.reply_text(self._wording.telegram.error)

    async def _says_if_crisis(self, message: Message, text: str) -> bool:
        reply = self._answerer.reply(text)
        if reply.kind == "crisis":
            await self._say(message, reply)
        return reply.kind == "crisis"

    async def _say(self, message: Message, reply: Reply) -> None:
        await self._sender.say(message, reply, buttons=buttons.entries(reply.offered))


def _continues_album(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether something of this message's album came just before."""
    album, chat = message.media_group_id, context.chat_data
    if album is None or chat is None:
        return False
    continues = chat.get(ALBUM) == album
    chat[ALBUM] = album
    return bool(continues)
