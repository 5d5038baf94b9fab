"""Methods that answer pressed buttons, inline queries and calls of the bot as a guest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import keyboards, links, texts
from .arguments import Arguments
from .method_table import method
from .questions import InlineResult
from .refusals import bad_request
from .sending import previews

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .questions import Question
    from .world import World

LONGEST_NOTICE = 200
MOST_RESULTS = 50
MOST_ID_BYTES = 64
LONGEST_CACHE = 24 * 60 * 60
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def _check_open(questions: Mapping[str, Question], number: str) -> None:
    if number not in questions or not questions[number].open:
        raise bad_request(TOO_OLD)


@method("answerCallbackQuery")
def answer_callback_query(world: World, call: Arguments) -> bool:
    """Answer a pressed button, with a notice or without."""
    number = call.text("callback_query_id")
    _check_open(world.presses, number)
    if len(call.text("text")) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses[number]
    press.text, press.alert, press.url = call.text("text"), call.flag("show_alert"), call.text("url")
    if press.url and not press.url.startswith(f"https://t.me/{world.bot.username}?start="):
        raise bad_request("URL_INVALID")
    press.answered = True
    world.bell.ring()
    return True


@method("answerInlineQuery")
def answer_inline_query(world: World, call: Arguments) -> bool:
    """Answer an inline query with results."""
    given = call.json("results", "inline query results")
    if not isinstance(given, list):
        raise bad_request("expected an Array of inline query results")
    if len(given) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    results = [_result(world, fields, call.method) for fields in given]
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(call.text("next_offset").encode()) > MOST_ID_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    button = _results_button(world, call)
    number = call.text("inline_query_id")
    _check_open(world.inline_questions, number)
    question = world.inline_questions[number]
    question.found, question.button, question.next_offset = results, button, call.text("next_offset")
    question.is_personal = call.flag("is_personal")
    question.cache_time = call.integer("cache_time", 300, 0, LONGEST_CACHE)
    question.answered = True
    world.bell.ring()
    return True


def _results_button(world: World, call: Arguments) -> dict[str, Any] | None:
    button = call.json("button", "inline query results button")
    if button is None:
        return None
    for name in world.spec.odd_fields("InlineQueryResultsButton", button):
        world.violations.add("unknown field", f"InlineQueryResultsButton has no {name!r}", call.method)
    if not button.get("text"):
        raise bad_request("can't parse inline query results button: can't find field \"text\"")
    payload = button.get("start_parameter")
    if payload is not None:
        if not payload:
            raise bad_request("START_PARAM_EMPTY")
        if len(payload) > MOST_ID_BYTES:
            raise bad_request("START_PARAM_TOO_LONG")
        if not links.is_payload(payload):
            raise bad_request("START_PARAM_INVALID")
    return dict(button)


def _result(world: World, fields: Any, name: str) -> InlineResult:
    prefix = "can't parse inline query result: "
    if not isinstance(fields, dict):
        raise bad_request(prefix + "inline query result must be an object")
    number = fields.get("id")
    if not isinstance(number, str) or not number:
        raise bad_request(prefix + "invalid result ID specified" if number == "" else prefix + 'can\'t find field "id"')
    if len(number.encode()) > MOST_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if fields.get("type") == "article":
        for odd in world.spec.odd_fields("InlineQueryResultArticle", fields):
            world.violations.add("unknown field", f"InlineQueryResultArticle has no {odd!r}", name)
        if not fields.get("title"):
            raise bad_request(prefix + 'can\'t find field "title"')
        if not isinstance(fields.get("input_message_content"), dict):
            raise bad_request(prefix + 'can\'t find field "input_message_content"')
    markup = keyboards.checked(world, fields.get("reply_markup"), None, name, only_inline=True)
    content = _content(world, fields.get("input_message_content") or {}, name)
    if markup:
        content["reply_markup"] = markup
    text = str(content.get("text", fields.get("caption", "")))
    return InlineResult(number, str(fields.get("title", "")), str(fields.get("description", "")), text, content)


def _content(world: World, given: dict[str, Any], name: str) -> dict[str, Any]:
    if "message_text" not in given:
        return {}
    for odd in world.spec.odd_fields("InputTextMessageContent", given):
        world.violations.add("unknown field", f"InputTextMessageContent has no {odd!r}", name)
    source, parse_mode = given["message_text"], given.get("parse_mode") or ""
    text = texts.message_text(world, source, parse_mode, given.get("entities"), name)
    content = text.fields("text", "entities")
    previews(world, Arguments(name, given), content)
    return content


@method("answerGuestQuery")
def answer_guest_query(world: World, call: Arguments) -> dict[str, Any]:
    """Answer someone who called the bot in a chat it is not a member of."""
    result = _result(world, call.json("result", "inline query result"), call.method)
    number = call.text("guest_query_id")
    _check_open(world.guest_calls, number)
    guest = world.guest_calls[number]
    guest.result, guest.answered = result, True
    world.bell.ring()
    return {"inline_message_id": f"inline-{world.new_id()}"}
