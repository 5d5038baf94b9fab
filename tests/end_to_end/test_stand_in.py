"""What the stand-in refuses, over HTTP, in Telegram's words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from .raw_calls import call, refusal, result
from .telegram.arguments import Upload

if TYPE_CHECKING:
    from .telegram import Person, Telegram


@pytest_asyncio.fixture
async def alice(telegram: Telegram) -> Person:
    """Give a person who has started the bot."""
    person = telegram.person("Alice", username="alice_in_tests")
    person.starts()
    return person


async def sent(telegram: Telegram, person: Person, text: str = "Hello", **more: Any) -> int:
    """Send a text to a person; give the message's number."""
    return int((await result(telegram, "sendMessage", chat_id=person.chat.id, text=text, **more))["message_id"])


async def test_calls_come_in_every_form(telegram: Telegram, alice: Person) -> None:
    fields = {"chat_id": str(alice.chat.id), "text": "Hello"}
    form = aiohttp.FormData()
    form.add_field("chat_id", fields["chat_id"])
    form.add_field("document", b"%PDF", filename="a.pdf", content_type="application/pdf")
    address = f"{telegram.url}/bot{telegram.token}"
    async with aiohttp.ClientSession() as session:
        for answer in (
            session.get(f"{address}/sendMessage", params=fields),
            session.post(f"{address}/SENDMESSAGE", data=fields),
            session.post(f"{address}/sendMessage", json=fields),
            session.post(f"{address}/sendDocument", data=form),
        ):
            async with answer as response:
                assert response.status == 200, await response.text()
    messages = await alice.replies(4)
    assert [message.text for message in messages] == ["Hello"] * 3 + [""]
    assert messages[3].content["document"]["file_name"] == "a.pdf"


@pytest.mark.parametrize(
    ("token", "method", "status", "description"),
    [
        ("1:other", "getMe", 401, "Unauthorized"),
        ("nonsense", "getMe", 401, "Unauthorized: invalid token specified"),
        ("", "sendMesage", 404, "Not Found: method not found"),
    ],
)
async def test_wrong_tokens_and_methods(
    telegram: Telegram, token: str, method: str, status: int, description: str
) -> None:
    telegram.server.token, telegram.token = telegram.token, token or telegram.token
    answered, body = await call(telegram, method)
    assert (answered, body) == (status, {"ok": False, "error_code": status, "description": description})


LONG_DATA = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}
BAD = "400 Bad Request: "


@pytest.mark.parametrize(
    ("arguments", "description"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "é" * 4097}, "message is too long"),
        ({"text": "é" * 16385}, "text is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"},
         'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 99}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"text": "x", "reply_markup": LONG_DATA}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
         "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 1"),
    ],
)  # fmt: skip
async def test_send_message_refuses(
    telegram: Telegram, alice: Person, arguments: dict[str, Any], description: str
) -> None:
    assert await refusal(telegram, "sendMessage", **{"chat_id": alice.chat.id} | arguments) == BAD + description


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x"}, "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "nowhere"}, "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
        ({"text": "x", "url": "ftp://x.org"},
         "inline keyboard button URL 'ftp://x.org' is invalid: Unsupported URL protocol"),
        ({"text": "x", "url": "tel:+1500"},
         "inline keyboard button URL 'tel:+1500' is invalid: Wrong port number specified in the URL"),
        ({"text": "x", "copy_text": {"text": "9" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "callback_data": "x", "style": "pink"},
         "can't parse inline keyboard button: invalid button style specified"),
    ],
)  # fmt: skip
async def test_bad_buttons(telegram: Telegram, alice: Person, button: dict[str, Any], description: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert (
        await refusal(telegram, "sendMessage", chat_id=alice.chat.id, text="x", reply_markup=markup)
        == BAD + description
    )


async def test_the_text_counts_after_parsing(telegram: Telegram, alice: Person) -> None:
    await sent(telegram, alice, "<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    assert len((await alice.reply()).text) == 4096


async def test_captions_count_to_1024(telegram: Telegram, alice: Person) -> None:
    file_id = telegram.world.store(Upload("a.jpg", "image/jpeg", b"\xff\xd8"))
    arguments = {"chat_id": alice.chat.id, "photo": file_id}
    await result(telegram, "sendPhoto", **arguments, caption="x" * 1024)
    assert await refusal(telegram, "sendPhoto", **arguments, caption="x" * 1025) == BAD + "message caption is too long"
    assert await refusal(telegram, "sendPhoto", chat_id=alice.chat.id) == BAD + "there is no photo in the request"
    wrong = await refusal(telegram, "sendPhoto", chat_id=alice.chat.id, photo="none")
    assert wrong == BAD + "wrong remote file identifier specified: Wrong string length"


async def test_editing(telegram: Telegram, alice: Person) -> None:
    number = await sent(telegram, alice, "<b>Hello</b>", parse_mode="HTML")
    where = {"chat_id": alice.chat.id, "message_id": number}
    unchanged = await refusal(telegram, "editMessageText", **where, text="<b>Hello</b>", parse_mode="HTML")
    assert unchanged == (
        BAD
        + "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )
    await result(telegram, "editMessageText", **where, text="Hello")
    message = await alice.reply()
    assert (await message.edited()).entities == []
    assert (
        await refusal(telegram, "editMessageText", **where | {"message_id": 999}, text="x")
        == BAD + "message to edit not found"
    )
    mine = alice.says("mine")
    assert (
        await refusal(telegram, "editMessageText", **where | {"message_id": mine.id}, text="x")
        == BAD + "message can't be edited"
    )
    assert await refusal(telegram, "editMessageText", text="x") == BAD + "message identifier is not specified"


async def test_deleting(telegram: Telegram, alice: Person) -> None:
    where = {"chat_id": alice.chat.id}
    number = await sent(telegram, alice)
    assert await result(telegram, "deleteMessage", **where, message_id=number) is True
    assert await refusal(telegram, "deleteMessage", **where, message_id=number) == BAD + "message to delete not found"
    old = alice.says("old", ago=49 * 60 * 60)
    assert await refusal(telegram, "deleteMessage", **where, message_id=old.id) == BAD + "message can't be deleted"
    assert await result(telegram, "deleteMessages", **where, message_ids=[old.id, 999]) is True
    assert not old.deleted
    group = telegram.group(members=(alice,))
    said = alice.says("hi", in_=group)
    where = {"chat_id": group.id, "message_id": said.id}
    assert await refusal(telegram, "deleteMessage", **where) == BAD + "message can't be deleted"
    group.promotes_bot()
    assert await result(telegram, "deleteMessage", **where) is True


async def test_callbacks_are_answered_once_and_in_time(telegram: Telegram, alice: Person) -> None:
    await sent(telegram, alice, reply_markup={"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]})
    message = await alice.reply()
    press = alice.presses(message, "more")
    too_long = await refusal(telegram, "answerCallbackQuery", callback_query_id=press.id, text="x" * 201)
    assert too_long == BAD + "MESSAGE_TOO_LONG"
    await result(telegram, "answerCallbackQuery", callback_query_id=press.id, text="Here", show_alert=True)
    assert (press.answered, press.text, press.alert) == (True, "Here", True)
    late = alice.presses(message, "more")
    late.lifetime = 0
    await asyncio.sleep(0.01)
    for number in (press.id, late.id, "none"):
        refused = await refusal(telegram, "answerCallbackQuery", callback_query_id=number)
        assert refused == BAD + "query is too old and response timeout expired or query ID is invalid"


def article(number: str) -> dict[str, Any]:
    """Give an inline result."""
    return {"type": "article", "id": number, "title": "T", "input_message_content": {"message_text": "<b>x</b>"}}


@pytest.mark.parametrize(
    ("results", "description"),
    [
        ([article(str(n)) for n in range(51)], "too many inline query results specified"),
        ([article("a"), article("a")], "RESULT_ID_DUPLICATE"),
        ([article("é" * 33)], "RESULT_ID_INVALID"),
        ([article("")], "can't parse inline query result: invalid result ID specified"),
        ([article("a") | {"title": ""}], "can't parse inline query result: can't find field \"title\""),
    ],
)
async def test_bad_inline_results(telegram: Telegram, alice: Person, results: list[Any], description: str) -> None:
    question = alice.asks_inline("liver")
    assert (
        await refusal(telegram, "answerInlineQuery", inline_query_id=question.id, results=results) == BAD + description
    )


async def test_inline_results_and_their_choice(telegram: Telegram, alice: Person) -> None:
    question = alice.asks_inline("liver")
    button = {"text": "Ask", "start_parameter": "a b"}
    arguments = {"inline_query_id": question.id, "results": [article("a")]}
    assert await refusal(telegram, "answerInlineQuery", **arguments, button=button) == BAD + "START_PARAM_INVALID"
    await result(telegram, "answerInlineQuery", **arguments, is_personal=True, cache_time=5)
    [found] = await question.results()
    assert (found.title, found.text, question.is_personal, question.cache_time) == ("T", "<b>x</b>", True, 5)
    assert alice.picks(question, found).content["via_bot"]["id"] == telegram.bot.id


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Help", "x", "BOT_COMMAND_INVALID"),
        ("help-me", "x", "BOT_COMMAND_INVALID"),
        ("", "x", "command must not be empty"),
        ("a" * 33, "x", "command length must not exceed 32"),
        ("help", "", "command description must not be empty"),
        ("help", "x" * 257, "command description length must not exceed 256"),
    ],
)
async def test_bad_commands(telegram: Telegram, command: str, description: str, reason: str) -> None:
    commands = [{"command": command, "description": description}]
    assert await refusal(telegram, "setMyCommands", commands=commands) == BAD + reason


async def test_the_profile_is_kept_by_language_and_scope(telegram: Telegram) -> None:
    commands = [{"command": "help", "description": "Help"}]
    scope = {"type": "all_private_chats"}
    await result(telegram, "setMyCommands", commands=commands, scope=scope, language_code="de")
    assert await result(telegram, "getMyCommands", scope=scope, language_code="de") == commands
    assert await result(telegram, "getMyCommands") == []
    await result(telegram, "setMyDescription", description="Beschreibung", language_code="de")
    assert await result(telegram, "getMyDescription", language_code="de") == {"description": "Beschreibung"}
    assert await result(telegram, "getMyName") == {"name": telegram.bot.first_name}
    too_long = await refusal(telegram, "setMyShortDescription", short_description="x" * 121)
    assert too_long == BAD + "bot short description length must not exceed 120"
    too_many = [{"command": f"c{n}", "description": "x"} for n in range(101)]
    assert await refusal(telegram, "setMyCommands", commands=too_many) == BAD + "BOT_COMMANDS_TOO_MUCH"


async def test_a_blocked_or_unknown_person(telegram: Telegram, alice: Person) -> None:
    bob = telegram.person("Bob")
    arguments = {"text": "x"}
    assert await refusal(telegram, "sendMessage", chat_id=bob.chat.id, **arguments) == BAD + "chat not found"
    group = telegram.group(members=(bob,))
    bob.says("/help", in_=group)
    refused = await refusal(telegram, "sendMessage", chat_id=bob.chat.id, **arguments)
    assert refused == "403 Forbidden: bot can't initiate conversation with a user"
    alice.blocks_bot()
    refused = await refusal(telegram, "sendMessage", chat_id=alice.chat.id, **arguments)
    assert refused == "403 Forbidden: bot was blocked by the user"
    alice.unblocks_bot()
    await sent(telegram, alice)
    alice.deletes_account()
    refused = await refusal(telegram, "sendMessage", chat_id=alice.chat.id, **arguments)
    assert refused == "403 Forbidden: user is deactivated"
