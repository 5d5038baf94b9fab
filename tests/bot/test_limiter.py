from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.error import NetworkError, RetryAfter

from bot import limiter as limiter_module
from bot.gates import Gate, Lane, Limit
from bot.limiter import CRISIS, UNLIMITED, Limiter

WIDE = Limit(1000, seconds=1, kept=0)
ALICE, BOB, GROUP = 7, 8, -100


@pytest.fixture(autouse=True)
def _times_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.setattr(limiter_module, "LEEWAY", 0.01)


@dataclass
class Server:
    """Takes calls as the library makes them; `refuse` may raise for a chat and a text."""

    limiter: Limiter
    refuse: Callable[[Any, str], None] = lambda *_: None
    latency: float = 0
    done: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    async def call(self, chat: Any, text: str, lane: Lane | None = None, endpoint: str = "sendMessage") -> Any:
        async def callback(name: str, data: dict[str, Any], *, read_timeout: int) -> dict[str, Any]:
            assert (name, data["text"], read_timeout) == (endpoint, text, 5)
            self.times.append(asyncio.get_running_loop().time())
            await asyncio.sleep(self.latency)
            self.refuse(chat, text)
            self.done.append(text)
            return {"said": text}

        data = {"text": text} | ({} if chat is None else {"chat_id": chat})
        return await self.limiter.process_request(callback, (endpoint, data), {"read_timeout": 5}, endpoint, data, lane)

    def most_within(self, seconds: float) -> int:
        """The most calls that came in any stretch of so many seconds."""
        return max(sum(start <= time < start + seconds for time in self.times) for start in self.times)


async def started(*calls: Any) -> list[asyncio.Task[Any]]:
    """Start calls one after the other, each until it waits."""
    tasks = []
    for call in calls:
        tasks.append(asyncio.create_task(call))
        await asyncio.sleep(0)
    return tasks


async def test_a_gate_holds_its_limit_in_any_stretch_of_time() -> None:
    server = Server(Limiter(Limit(5, seconds=0.2, kept=0), WIDE, WIDE), latency=0.03)
    await asyncio.gather(*(server.call(chat, str(chat)) for chat in range(1, 18)))
    assert server.most_within(0.2) == 5
    assert server.done == [str(chat) for chat in range(1, 18)]
    assert server.limiter.waited[Lane.ORDINARY] == 12
    assert server.limiter.waited_seconds[Lane.ORDINARY] > 12 * 0.2
    assert server.limiter.waited[CRISIS] == 0


async def test_each_chat_has_its_gate_and_a_group_two() -> None:
    limiter = Limiter(WIDE, Limit(3, seconds=0.1, kept=0), Limit(4, seconds=0.5, kept=0))
    for chat, kept in ((ALICE, 3), (GROUP, 3), ("@channel", 3)):
        server = Server(limiter)
        first = await started(*(server.call(chat, str(n)) for n in range(5)))
        assert len(server.done) == kept
        await asyncio.sleep(0.25)
        assert len(server.done) == (5 if chat == ALICE else 4)
        await asyncio.gather(*first)
        assert server.done == list("01234")


async def test_one_chat_that_must_wait_holds_up_no_other() -> None:
    server = Server(Limiter(Limit(10, seconds=0.2, kept=0), Limit(1, seconds=0.3, kept=0)))
    flood = await started(*(server.call(ALICE, f"a{n}") for n in range(20)))
    await server.call(BOB, "b")
    assert server.done == ["a0", "b"]
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


@pytest.mark.parametrize("same_chat", [True, False])
async def test_an_emergency_never_waits_behind_ordinary_messages(same_chat: bool) -> None:
    overall, chat = Limit(6, seconds=0.2, kept=2), Limit(4, seconds=0.2, kept=1)
    server = Server(Limiter(overall, chat, WIDE))
    flood = await started(*(server.call(ALICE if same_chat else 100 + n, f"o{n}") for n in range(60)))
    before = len(server.done)
    assert before == (3 if same_chat else 4)
    await asyncio.gather(*(server.call(ALICE, f"crisis{n}", CRISIS) for n in range(2)))
    assert server.done[before:] == ["crisis0", "crisis1"]
    assert server.limiter.waited[CRISIS] == 0
    more = [server.call(200 + n, f"more{n}", CRISIS) for n in range(9)]  # beyond what is kept: before the others
    await asyncio.gather(*more)
    assert server.done[before + 2 :][:9] == [f"more{n}" for n in range(9)]
    assert server.most_within(0.2) <= 6
    assert server.limiter.waited[CRISIS] >= 3
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_an_emergency_does_not_wait_at_its_chats_gate_and_ordinary_messages_pay_for_it() -> None:
    server = Server(Limiter(WIDE, Limit(3, seconds=0.2, kept=1)))
    await asyncio.gather(*(server.call(ALICE, f"crisis{n}", CRISIS) for n in range(8)))
    assert server.limiter.waited[CRISIS] == 0
    (ordinary,) = await started(server.call(ALICE, "ordinary"))
    await asyncio.sleep(0.1)
    assert server.done == [f"crisis{n}" for n in range(8)]
    await ordinary


async def test_what_is_no_message_passes_no_chats_gate_and_answers_pass_none() -> None:
    server = Server(Limiter(Limit(4, seconds=5, kept=0), Limit(1, seconds=5, kept=0)))
    for endpoint in ("getMe", "sendChatAction", "getChatMember"):
        await server.call(ALICE, endpoint, endpoint=endpoint)
    assert server.limiter.chats == 0
    await server.call(ALICE, "sendMessage")
    (waiting,) = await started(server.call(None, "getMe", endpoint="getMe"))
    for endpoint in ("answerCallbackQuery", "answerInlineQuery") * 3:
        await server.call(None, endpoint, endpoint=endpoint)
    assert len(server.done) == 4 + 6
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_message_put_off_holds_its_chat_alone_and_goes_before_what_came_later() -> None:
    refusals = [0.3]

    def refuse(_: Any, text: str) -> None:
        if text == "first" and refusals:
            raise RetryAfter(timedelta(seconds=refusals.pop(0)))

    server = Server(Limiter(WIDE, WIDE, WIDE), refuse, latency=0.03)
    first, second, third = await started(*(server.call(ALICE, text) for text in ("first", "second", "third")))
    await asyncio.sleep(0.06)
    assert server.done == ["second", "third"]  # they were on their way
    later = await started(server.call(ALICE, "later"))
    await server.call(BOB, "other")
    await server.call(ALICE, "crisis", CRISIS)
    assert server.done[2:] == ["other", "crisis"]
    assert await first == {"said": "first"}
    await asyncio.gather(second, third, *later)
    assert server.done[4:] == ["first", "later"]
    assert server.limiter.given_up == {Lane.ORDINARY: 0, CRISIS: 0}


async def test_a_message_put_off_goes_before_those_that_waited_already() -> None:
    refusals = [1]

    def refuse(_: Any, text: str) -> None:
        if text == "first" and refusals:
            refusals.clear()
            raise RetryAfter(0)

    server = Server(Limiter(WIDE, Limit(1, seconds=0.05, kept=0)), refuse, latency=0.03)
    await asyncio.gather(*await started(*(server.call(ALICE, text) for text in ("first", "second", "third"))))
    assert server.done == ["first", "second", "third"]


async def test_an_emergency_put_off_is_tried_again() -> None:
    left = [3]

    def refuse(_: Any, text: str) -> None:
        if text == "crisis" and left[0]:
            left[0] -= 1
            raise RetryAfter(0)

    server = Server(Limiter(), refuse)
    crisis, ordinary = await started(server.call(ALICE, "crisis", CRISIS), server.call(ALICE, "ordinary"))
    await asyncio.gather(crisis, ordinary)
    assert "crisis" in server.done
    assert len(server.times) == 5
    assert server.limiter.waited[CRISIS] == 3


@pytest.mark.parametrize(
    ("chat", "endpoint", "lane", "seconds", "tries"),
    [
        (ALICE, "sendMessage", None, 0, 5),
        (ALICE, "sendMessage", CRISIS, 0, 5),
        (ALICE, "sendMessage", None, 3600, 1),
        (None, "setMyCommands", None, 0, 1),
    ],
)
async def test_what_is_given_up_is_counted_and_logged_without_text_or_ids(
    chat: int | None, endpoint: str, lane: Lane | None, seconds: int, tries: int
) -> None:
    def refuse(*_: Any) -> None:
        raise RetryAfter(seconds)

    server = Server(Limiter(WIDE, WIDE, WIDE), refuse)
    with capture_logs() as logs, pytest.raises(RetryAfter):
        await server.call(chat, "my secret", lane, endpoint)
    assert len(server.times) == tries
    assert server.limiter.given_up[lane or Lane.ORDINARY] == 1
    (said,) = logs
    assert (said["log_level"], said["method"], said["tries"]) == ("warning", endpoint, tries)
    assert "secret" not in str(said)
    assert str(ALICE) not in str({**said, "seconds": None})


async def test_other_errors_are_not_tried_again() -> None:
    def refuse(*_: Any) -> None:
        raise NetworkError("gone")

    server = Server(Limiter(), refuse)
    with pytest.raises(NetworkError, match="gone"):
        await server.call(ALICE, "x", CRISIS)
    assert len(server.times) == 1


async def test_idle_chats_are_let_go() -> None:
    def refuse(_: Any, text: str) -> None:
        if text == "off":
            raise RetryAfter(0)

    limiter = Limiter(WIDE, Limit(2, seconds=0.1, kept=0), Limit(2, seconds=0.2, kept=0))
    server = Server(limiter, refuse)
    calls = [server.call(chat, "x") for n in range(1, 200) for chat in (n, -n, n)]
    calls += [server.call(ALICE, "off"), server.call(GROUP, "off", CRISIS)]
    tasks = await started(*calls)
    assert limiter.chats == 2 * 199
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.3)
    assert limiter.chats == 0


async def test_a_gate_that_keeps_no_place_lets_an_emergency_through_first() -> None:
    gate = Gate(Limit(1, seconds=0, kept=0))
    await gate.enter(Lane.ORDINARY)
    ordinary, crisis = await started(gate.enter(Lane.ORDINARY), gate.enter(CRISIS))
    gate.leave()
    assert await crisis is True
    assert not ordinary.done()
    gate.leave()
    assert await ordinary is True


async def test_what_is_cancelled_leaves_no_trace() -> None:
    gate = Gate(Limit(1, seconds=0, kept=0))
    await gate.enter(Lane.ORDINARY)
    waiting, granted, last = await started(*(gate.enter(Lane.ORDINARY) for _ in range(3)))
    waiting.cancel()
    await asyncio.sleep(0)
    gate.leave()
    granted.cancel()  # just as it is given the place
    async with asyncio.timeout(1):
        assert await last is True
    gate.leave()
    ended = await asyncio.gather(waiting, granted, return_exceptions=True)
    assert [type(one) for one in ended] == [asyncio.CancelledError] * 2
    assert gate.idle


async def test_without_limits_nothing_waits_and_what_is_put_off_is_still_tried_again() -> None:
    refusals = [1]

    def refuse(*_: Any) -> None:
        if refusals:
            refusals.clear()
            raise RetryAfter(0)

    server = Server(Limiter(UNLIMITED, UNLIMITED, UNLIMITED), refuse)
    await asyncio.gather(*(server.call(GROUP, str(n)) for n in range(500)))
    assert len(server.done) == 500
    assert server.limiter.waited[Lane.ORDINARY] <= 2
    assert server.limiter.chats == 0
