"""How updates reach the bot, what can go wrong on the way, and what is recorded though Telegram lets it pass."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from .raw_calls import call, refusal, result
from .telegram import NoReply

if TYPE_CHECKING:
    from .telegram import Telegram

WEBHOOK_ACTIVE = (
    "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLLER = "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def numbers(telegram: Telegram, **arguments: Any) -> list[int]:
    """Call getUpdates; give the numbers of the updates."""
    return [update["update_id"] for update in await result(telegram, "getUpdates", **arguments)]


async def test_offsets_and_limits(telegram: Telegram) -> None:
    alice = telegram.person()
    for text in "abcd":
        alice.says(text)
    first = await numbers(telegram)
    assert await numbers(telegram, limit=2) == first[:2]
    assert await numbers(telegram, offset=first[1]) == first[1:]
    assert await numbers(telegram) == first[1:]
    assert await numbers(telegram, offset=-1) == first[3:]
    assert await numbers(telegram, offset=first[3] + 1) == []


async def test_a_long_poll_waits_for_the_first_update(telegram: Telegram) -> None:
    poll = asyncio.create_task(numbers(telegram, timeout=5))
    await telegram.polled()
    started = time.monotonic()
    telegram.person().says("hello")
    assert len(await poll) == 1
    assert time.monotonic() - started < 1
    await result(telegram, "getUpdates", offset=-1)
    telegram.world.updates.drop()
    assert await numbers(telegram, timeout=1) == []


async def test_the_older_of_two_polls_is_ended(telegram: Telegram) -> None:
    older = asyncio.create_task(refusal(telegram, "getUpdates", timeout=5))
    await telegram.polled()
    newer = asyncio.create_task(numbers(telegram, timeout=5))
    assert await older == OTHER_POLLER
    telegram.person().says("hello")
    assert len(await newer) == 1


async def test_a_poll_that_was_given_up_is_no_conflict(telegram: Telegram) -> None:
    poll = asyncio.create_task(numbers(telegram, timeout=5))
    await telegram.polled()
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await telegram.until(lambda: not telegram.world.updates.polling)


async def test_only_asked_for_updates_come(telegram: Telegram) -> None:
    await result(telegram, "getUpdates", allowed_updates=["callback_query"])
    alice = telegram.person()
    alice.says("hello")
    assert await numbers(telegram) == []
    await result(telegram, "getUpdates", allowed_updates=[])
    alice.says("hello")
    assert len(await numbers(telegram)) == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"url": "http://bot.example/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://bot.example:8080/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://bot.example/", "secret_token": "ä"}, "secret token contains unallowed characters"),
        ({"url": "https://bot.example/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_bad_webhooks(telegram: Telegram, arguments: dict[str, Any], reason: str) -> None:
    assert await refusal(telegram, "setWebhook", **arguments) == f"400 Bad Request: {reason}"


async def test_a_webhook_gets_each_update_until_it_takes_it(telegram: Telegram) -> None:
    seen: list[tuple[str, int]] = []
    statuses = [500, 200, 200, 200]

    async def hook(request: web.Request) -> web.Response:
        body = await request.json()
        seen.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], body["update_id"]))
        return web.Response(status=statuses.pop(0))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram.reverse_proxy("https://bot.example", f"http://127.0.0.1:{runner.addresses[0][1]}")
    await result(telegram, "setWebhook", url="https://bot.example/hook", secret_token="s3cret")
    assert await refusal(telegram, "getUpdates") == WEBHOOK_ACTIVE
    alice = telegram.person()
    alice.says("one")
    alice.says("two")
    await telegram.until(lambda: len(telegram.world.webhook.deliveries) == 3)
    info = await result(telegram, "getWebhookInfo")
    assert (info["url"], info["last_error_message"]) == (
        "https://bot.example/hook",
        "Wrong response from the webhook: 500",
    )
    telegram.repeats_last_update()
    await telegram.until(lambda: len(seen) == 4)
    first, last = seen[0], seen[3]
    assert [number for _, number in seen] == [first[1], first[1], last[1], last[1]]
    assert {secret for secret, _ in seen} == {"s3cret"}
    await result(telegram, "deleteWebhook")
    assert await numbers(telegram) == []
    await runner.cleanup()


async def test_too_many_requests_for_one_chat(telegram: Telegram) -> None:
    alice, bob = telegram.person("Alice"), telegram.person("Bob")
    alice.starts()
    bob.starts()
    telegram.faults.too_many(1, chat_id=alice.chat.id)
    status, body = await call(telegram, "sendMessage", chat_id=alice.chat.id, text="x")
    assert (status, body["parameters"]) == (429, {"retry_after": 1})
    assert body["description"] == "Too Many Requests: retry after 1"
    await result(telegram, "sendMessage", chat_id=bob.chat.id, text="x")
    assert (await call(telegram, "sendMessage", chat_id=alice.chat.id, text="x"))[0] == 429
    assert len(telegram.violations.forgive("impatient")) == 1
    await asyncio.sleep(1)
    await result(telegram, "sendMessage", chat_id=alice.chat.id, text="x")


async def test_failures_delays_and_dropped_connections(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.starts()
    arguments = {"chat_id": alice.chat.id, "text": "x"}
    telegram.faults.fails(502, method="sendMessage")
    assert await refusal(telegram, "sendMessage", **arguments) == "502 Bad Gateway"
    telegram.faults.drops(method="sendMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await call(telegram, "sendMessage", **arguments)
    assert alice.unread == []
    telegram.faults.drops(method="sendMessage", done=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await call(telegram, "sendMessage", **arguments)
    assert len(alice.unread) == 1
    slow = telegram.faults.delays(0.2)
    started = time.monotonic()
    await result(telegram, "sendMessage", **arguments)
    telegram.faults.end(slow)
    assert time.monotonic() - started >= 0.2


async def test_flood_limits(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.starts()
    telegram.faults.limit_flood()
    statuses = [(await call(telegram, "sendMessage", chat_id=alice.chat.id, text="x"))[0] for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    people = [telegram.person() for _ in range(30)]
    for person in people:
        person.starts()
    others = [(await call(telegram, "sendMessage", chat_id=person.chat.id, text="x"))[0] for person in people]
    assert 429 in others
    telegram.faults.clear()
    await result(telegram, "sendMessage", chat_id=alice.chat.id, text="x")


async def kinds_after(telegram: Telegram, method: str, **arguments: Any) -> list[str]:
    """Call a method; give the kinds of violations that this has brought."""
    before = len(telegram.violations)
    await result(telegram, method, **arguments)
    return [violation.kind for violation in telegram.violations.found[before:]]


async def test_violations(telegram: Telegram) -> None:
    alice = telegram.person()
    where = {"chat_id": alice.chat.id}
    html = {"parse_mode": "HTML"}

    async def kinds(**arguments: Any) -> list[str]:
        alice.says("?")
        return await kinds_after(telegram, "sendMessage", **where | {"text": "x"} | arguments)

    assert await kinds() == []
    assert await kinds(parse_mod="HTML") == ["unknown parameter"]
    assert await kinds(reply_parameters={"message": 1}) == ["unknown field"]
    assert await kinds(link_preview_options={"disabled": True}) == ["unknown field"]
    assert await kinds(text='<a href="tel:1">x</a>', **html) == ["formatting dropped"]
    assert await kinds(text="<b>x</b>y" * 101, **html) == ["formatting dropped"]
    assert len(alice.unread[-1].entities) == 100
    wide = [[{"text": "x", "callback_data": "x"}] * 9]
    assert await kinds(reply_markup={"inline_keyboard": wide}) == ["wide keyboard"]
    link = [[{"text": "x", "url": "https://t.me/some_bot?start=a.b"}]]
    assert await kinds(reply_markup={"inline_keyboard": link}) == ["deep link"]
    nameless = [[{"text": "", "callback_data": "x"}]]
    assert await kinds(reply_markup={"inline_keyboard": nameless}) == ["button dropped"]
    both = [[{"text": "x", "url": "https://x.org", "callback_data": "x"}]]
    assert await kinds(reply_markup={"inline_keyboard": both}) == ["button does two things"]


async def test_link_previews_are_noted(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.says("?")
    await result(telegram, "sendMessage", chat_id=alice.chat.id, text="https://x.org")
    off = {"is_disabled": True}
    await result(telegram, "sendMessage", chat_id=alice.chat.id, text="https://x.org", link_preview_options=off)
    assert [note.kind for note in telegram.violations.notes] == ["link preview"]
    assert [message.previews_off for message in alice.unread] == [False, True]
    content = {"message_text": "https://x.org"}
    for options in (content, content | {"link_preview_options": off}):
        question = alice.asks_inline("x")
        article = {"type": "article", "id": "1", "title": "T", "input_message_content": options}
        await result(telegram, "answerInlineQuery", inline_query_id=question.id, results=[article])
    assert [note.method for note in telegram.violations.notes] == ["sendMessage", "answerInlineQuery"]
    assert list(telegram.violations) == []


async def test_messages_that_nobody_asked_for(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.says("?")
    assert [await kinds_after(telegram, "sendMessage", chat_id=alice.chat.id, text="x") for _ in range(3)] == [
        [],
        [],
        ["unprompted"],
    ]
    group = telegram.group(members=(alice,), bot="administrator")
    first, second = alice.says("?", in_=group), alice.says("?", in_=group)
    telegram.manners_allow(0)
    for said in (first, second):
        reply = {"reply_parameters": {"message_id": said.id}}
        assert await kinds_after(telegram, "sendMessage", chat_id=group.id, text="x", **reply) == []
    assert await kinds_after(telegram, "sendMessage", chat_id=group.id, text="x") == ["unprompted"]


async def test_a_button_that_is_never_answered(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.says("?")
    buttons = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    await result(telegram, "sendMessage", chat_id=alice.chat.id, text="x", reply_markup=buttons)
    press = alice.presses(await alice.reply(), "More")
    with pytest.raises(AssertionError, match="never answered"):
        telegram.check()
    await result(telegram, "answerCallbackQuery", callback_query_id=press.id)
    telegram.check()


async def test_silence_and_its_absence(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.says("?")
    await numbers(telegram, offset=-1)
    telegram.world.updates.drop()
    await alice.silence(0.1)
    with pytest.raises(NoReply, match="no message within"):
        await alice.reply(within=0.1)
    await result(telegram, "sendMessage", chat_id=alice.chat.id, text="x")
    with pytest.raises(NoReply, match="silence was expected"):
        await alice.silence(0.1)


async def test_a_method_that_is_not_done_says_so(telegram: Telegram) -> None:
    assert (await refusal(telegram, "sendGame")).startswith("501")
    assert [violation.kind for violation in telegram.violations] == ["stand-in"]


async def test_after_logging_out_nothing_is_done(telegram: Telegram) -> None:
    await result(telegram, "logOut")
    assert await refusal(telegram, "getMe") == "400 Logged out"
