"""The stand-in and python-telegram-bot together: a small bot reads all that people send, and all answers parse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram.ext import ExtBot

    from .telegram import Telegram

Context = ContextTypes.DEFAULT_TYPE
SENT = (
    "photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker", "location", "venue",
    "contact", "poll", "dice",
)  # fmt: skip


async def start(update: Update, context: Context) -> None:
    """Say what the deep link carried."""
    assert update.message
    await update.message.reply_text(f"started with {' '.join(context.args or [])}")


async def echo(update: Update, _: Context) -> None:
    """Say what came, with a button."""
    assert update.effective_message
    message = update.effective_message
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    said = message.text or message.caption or type(message.effective_attachment).__name__
    kind = "edited" if update.edited_message else "said"
    await message.reply_text(f"<b>{kind}</b> {said}", ParseMode.HTML, reply_markup=keyboard, do_quote=True)


async def pressed(update: Update, _: Context) -> None:
    """Answer a button and change its message."""
    assert update.callback_query
    await update.callback_query.answer("Here", show_alert=True)
    await update.callback_query.edit_message_text("more")


async def asked(update: Update, _: Context) -> None:
    """Answer an inline query."""
    assert update.inline_query
    content = InputTextMessageContent("<i>found</i>", ParseMode.HTML)
    await update.inline_query.answer([InlineQueryResultArticle("1", "Found", content)], is_personal=True)


async def moved(update: Update, context: Context) -> None:
    """Remember what the bot has become where."""
    assert update.my_chat_member
    context.bot_data[update.my_chat_member.chat.id] = update.my_chat_member.new_chat_member.status


Library = Application[Any, Any, Any, Any, Any, Any]


@pytest_asyncio.fixture
async def library(telegram: Telegram) -> AsyncIterator[Library]:
    """Give a running bot of the library's own making."""
    builder = Application.builder().token(telegram.token)
    app: Library = builder.base_url(f"{telegram.url}/bot").base_file_url(f"{telegram.url}/file/bot").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(InlineQueryHandler(asked))
    app.add_handler(ChatMemberHandler(moved))
    app.add_handler(MessageHandler(filters.ALL & ~filters.StatusUpdate.ALL, echo))
    await app.initialize()
    assert app.updater
    await app.updater.start_polling()
    await app.start()
    await telegram.polled()
    yield app
    await app.updater.stop()
    await app.stop()
    await app.shutdown()
    telegram.check()


async def test_a_conversation(telegram: Telegram, library: Library) -> None:
    assert library.running
    alice = telegram.person("Alice")
    alice.starts("liver")
    assert (await alice.reply()).text == "started with liver"
    question = alice.says("is it 😀 safe?")
    answer = await alice.reply(to=question)
    assert (answer.text, answer.parts("bold")) == ("said is it 😀 safe?", ["said"])
    press = alice.presses(answer, "more")
    await press.answer()
    assert (press.text, press.alert) == ("Here", True)
    assert ((await answer.edited()).text, answer.buttons) == ("more", [])
    alice.edits(question, "is it?")
    assert (await alice.reply()).text == "edited is it?"
    found = alice.asks_inline("liver")
    [article] = await found.results()
    assert (article.text, found.is_personal) == ("found", True)


@pytest.mark.parametrize("kind", SENT)
async def test_everything_that_people_send_is_understood(telegram: Telegram, library: Library, kind: str) -> None:
    assert library.running
    alice = telegram.person("Alice")
    sent = alice.sends(kind, "look" if kind == "photo" else "")
    assert "None" not in (await alice.reply(to=sent)).text
    alice.forwards(sent, hidden="Somebody")
    assert "None" not in (await alice.reply()).text


async def test_groups(telegram: Telegram, library: Library) -> None:
    alice = telegram.person("Alice")
    forum = telegram.group(members=(alice,), forum=True, bot="administrator")
    tea = forum.topic("Tea")
    said = alice.says("hello", in_=forum, topic=tea)
    assert (await forum.reply(to=said)).topic == tea.number
    hidden = forum.owner.says("hello", in_=forum, anonymous=True)
    await forum.reply(to=hidden)
    forum.announces(new_chat_title="Other")
    await forum.silence()
    forum.removes_bot()
    await telegram.until(lambda: library.bot_data.get(forum.id) == "kicked")


async def test_refusals_become_the_librarys_errors(
    telegram: Telegram, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    bot: ExtBot[Any] = library.bot
    alice = telegram.person("Alice")
    alice.starts()
    await alice.reply()
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(alice.chat.id, "<x>", ParseMode.HTML)
    telegram.faults.too_many(3, chat_id=alice.chat.id)
    with pytest.raises(RetryAfter):
        await bot.send_message(alice.chat.id, "x")
    telegram.faults.clear()
    alice.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(alice.chat.id, "x")
    group = telegram.group(kind="group")
    new = group.migrates()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == new.id
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendMesage")


async def test_what_the_library_asks_for_parses(telegram: Telegram, library: Library) -> None:
    bot: ExtBot[Any] = library.bot
    alice = telegram.person("Alice")
    group = telegram.group(members=(alice,), bot="administrator")
    alice.starts()
    await alice.reply()
    assert (await bot.get_me()).username == telegram.bot.username
    assert (await bot.get_chat(group.id)).permissions
    assert (await bot.get_chat(alice.chat.id)).first_name == "Alice"
    assert len(await bot.get_chat_administrators(group.id)) == 2
    assert (await bot.get_webhook_info()).url == ""
    await bot.set_my_commands([("help", "Help")], language_code="de")
    [command] = await bot.get_my_commands(language_code="de")
    assert command.command == "help"
    sent = await bot.send_document(alice.chat.id, b"text", filename="faq.txt", caption="<b>x</b>", parse_mode="HTML")
    assert sent.document
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"text"
    photo = await bot.send_photo(alice.chat.id, b"\xff\xd8")
    copied = await bot.copy_message(group.id, alice.chat.id, photo.message_id)
    assert (await bot.forward_message(alice.chat.id, group.id, copied.message_id)).forward_origin
    telegram.violations.forgive("unprompted")
    assert await bot.ban_chat_member(group.id, alice.user.id)
    member = await bot.get_chat_member(group.id, alice.user.id)
    assert member.status == "kicked"
    assert await bot.delete_message(alice.chat.id, photo.message_id)
