"""What people wrote in a message, wherever in it, and whether it is theirs at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import Chat, Message, MessageOriginChannel, MessageOriginUser, Poll, User
from telegram.constants import MessageEntityType

_MENTIONS = (MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION)


@dataclass(frozen=True)
class Passage:
    """A stretch of text, and the message that it was written in: a quote is part of the message it is taken from."""

    text: str
    message: Message


@dataclass(frozen=True)
class Command:
    """A command at the head of a message, without its slash, and what follows it. `named`: it names the bot, too."""

    name: str
    rest: str
    named: bool


def texts(message: Message) -> Iterator[str]:
    """Every text in a message: its own, a caption, a poll's question and options, and what is quoted."""
    quoted = message.quote.text if message.quote else None
    yield from (text for text in (message.text, message.caption, asked(message.poll), quoted) if text)


def passages(message: Message, bot: User) -> Iterator[Passage]:
    """What other people wrote in a message, one passage each, without the bot's name and a command at its head."""
    if is_own(message, bot):
        return
    command = command_of(message, bot)
    own = [command.rest] if command else [message.text, message.caption, asked(message.poll)]
    for text in own:
        if text and (said := _without_name(text, bot)):
            yield Passage(said, message)
    source = message.reply_to_message
    if message.quote and not (source and is_own(source, bot)):
        yield Passage(message.quote.text, source or message)


def asked(poll: Poll | None) -> str | None:
    """What a poll asks, with its options."""
    return " ".join((poll.question, *(option.text for option in poll.options))) if poll else None


def is_own(message: Message, bot: User) -> bool:
    """Whether the words of a message are the bot's, sent by it, through it or forwarded from it.

    What it says in an emergency reads like one.
    """
    origin = message.forward_origin
    authors = (
        message.from_user,
        message.via_bot,
        origin.sender_user if isinstance(origin, MessageOriginUser) else None,
    )
    return any(author and author.id == bot.id for author in authors)


def is_of_another_bot(message: Message) -> bool:
    """Whether another bot sent a message. One in the name of a group or a channel is from a person behind it."""
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def author(message: Message) -> int | None:
    """The number of who speaks: a person, or the group or channel in whose name one does."""
    speaker: Chat | User | None = message.sender_chat or message.from_user
    return speaker.id if speaker else None


def identity(message: Message) -> tuple[int, int]:
    """What a message is known by. A channel's post and its copy in the discussion group are one."""
    origin = message.forward_origin
    if message.is_automatic_forward and isinstance(origin, MessageOriginChannel):
        return origin.chat.id, origin.message_id
    return message.chat_id, message.message_id


def answers_somebody(message: Message) -> bool:
    """Whether a message replies to another. Each one in a forum's topic seems to reply to what opened the topic."""
    return bool(message.reply_to_message and not message.reply_to_message.forum_topic_created)


def addresses(message: Message, bot: User) -> bool:
    """Whether a message in a group names the bot, or answers one of its messages."""
    if message.is_automatic_forward:
        return False
    answered = message.reply_to_message if answers_somebody(message) else None
    author_of = answered.from_user if answered else None
    return bool(author_of and author_of.id == bot.id) or names(message, bot)


def names(message: Message, bot: User) -> bool:
    """Whether a message names the bot, be it in a command. One that is forwarded speaks to others."""
    if message.forward_origin:
        return False
    named = {**message.parse_entities([*_MENTIONS]), **message.parse_caption_entities([*_MENTIONS])}
    command = command_of(message, bot)
    return bool(command and command.named) or any(
        entity.user.id == bot.id if entity.user else _is_name(text, bot) for entity, text in named.items()
    )


def command_of(message: Message, bot: User) -> Command | None:
    """The command at the head of a message, unless it is another bot's or somebody else's words."""
    entities = message.entities or message.caption_entities
    text = message.text or message.caption or ""
    first = entities[0] if entities else None
    if first is None or first.type != MessageEntityType.BOT_COMMAND or first.offset or message.forward_origin:
        return None
    name, at, username = text[1 : first.length].partition("@")  # of ASCII alone, so that its length counts letters
    if at and not _is_name(username, bot):
        return None
    return Command(name.casefold(), text[first.length :].strip(), named=bool(at))


def _without_name(text: str, bot: User) -> str:
    text = re.sub(r"^/\w+(@\w+)?", "", text)  # a command for another bot
    return re.sub(rf"@{bot.username}\b", "", text, flags=re.IGNORECASE).strip(" \t\n,:;")


def _is_name(text: str, bot: User) -> bool:
    return text.removeprefix("@").casefold() == (bot.username or "").casefold()
