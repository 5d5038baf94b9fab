from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram import Update

from bot.turns import InTurn

EMERGENCY = "help now"
POLL = {
    "id": "1",
    "question": EMERGENCY,
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
OPTION = {"text": EMERGENCY, "voter_count": 0, "persistent_id": "1"}


class Handled:
    """Updates given to a processor, each handled until it is told to end."""

    def __init__(self, at_once: int = 256, is_urgent: Any = None) -> None:
        self.asked: list[str] = []
        self.begun: list[int] = []
        self.ends: dict[int, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.processor = InTurn(is_urgent or self._is_urgent, at_once)
        self._count = 0

    def _is_urgent(self, text: str) -> bool:
        self.asked.append(text)
        return EMERGENCY in text

    async def add(self, update: object, rounds: int = 5) -> int:
        self._count += 1
        number = self._count
        self.ends[number] = asyncio.Event()

        async def handle() -> None:
            self.begun.append(number)
            await self.ends[number].wait()

        self.tasks.append(asyncio.create_task(self.processor.process_update(update, handle())))
        for _ in range(rounds):
            await asyncio.sleep(0)
        return number

    async def end(self, *numbers: int) -> None:
        for number in numbers:
            self.ends[number].set()
            for _ in range(5):
                await asyncio.sleep(0)

    async def end_all(self) -> None:
        for event in self.ends.values():
            event.set()
        await asyncio.gather(*self.tasks)


def update(chat: int, text: str = "", **fields: Any) -> Update:
    person = {"id": 5, "is_bot": False, "first_name": "A"}
    message = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}, "from": person}
    made = {"update_id": 1, "message": message | ({"text": text} if text else {}) | fields}
    return Update.de_json(made, None)


async def test_those_of_one_chat_are_handled_one_after_the_other_and_chats_at_once() -> None:
    handled = Handled()
    for chat in (1, 1, 2, 1, 2):
        await handled.add(update(chat, "hi"))
    assert handled.begun == [1, 3]
    await handled.end(1, 3, 5)
    assert handled.begun == [1, 3, 2, 5]
    await handled.end_all()
    assert handled.begun == [1, 3, 2, 5, 4]


async def test_only_so_many_are_handled_at_once() -> None:
    handled = Handled(at_once=2)
    for chat in range(5):
        await handled.add(update(chat, "hi"))
    assert handled.begun == [1, 2]
    await handled.end(2)
    assert handled.begun == [1, 2, 3]
    await handled.end_all()
    assert handled.begun == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "emergency",
    [
        update(1, EMERGENCY),
        update(1, caption=EMERGENCY),
        *(
            Update.de_json({"update_id": 1, kind: update(1, EMERGENCY).to_dict()["message"]}, None)
            for kind in ("edited_message", "channel_post", "edited_channel_post", "guest_message")
        ),
        update(1, "look", quote={"text": EMERGENCY, "position": 0}),
        update(1, poll=POLL),
        update(1, poll=POLL | {"question": "What now?", "options": [OPTION]}),
        Update.de_json(
            {
                "update_id": 1,
                "inline_query": {
                    "id": "1",
                    "from": {"id": 5, "is_bot": False, "first_name": "A"},
                    "query": EMERGENCY,
                    "offset": "",
                },
            },
            None,
        ),
    ],
    ids=["text", "caption", "edited", "post", "edited post", "guest", "quote", "poll", "option", "inline"],
)
async def test_an_emergency_waits_for_nothing(emergency: Update) -> None:
    handled = Handled(at_once=2)
    for chat in (1, 1, 1, 2, 3, 4):
        await handled.add(update(chat, "hi"))
    number = await handled.add(emergency)
    assert handled.begun[-1] == number
    again = await handled.add(emergency)
    assert handled.begun[-1] == again
    await handled.end_all()


async def test_one_is_begun_in_each_round_of_the_event_loop_and_an_emergency_at_once() -> None:
    handled = Handled(at_once=20)
    for chat in range(30):
        await handled.add(update(chat, "hi"), rounds=0)
    emergency = await handled.add(update(99, EMERGENCY), rounds=0)
    await asyncio.sleep(0)
    assert handled.begun == [emergency]
    for _ in range(60):
        before = len(handled.begun)
        await asyncio.sleep(0)
        assert len(handled.begun) - before <= 1
    assert handled.begun == [emergency, *range(1, 21)]
    await handled.end_all()


async def test_only_what_would_have_to_wait_is_judged() -> None:
    handled = Handled(at_once=2)
    await handled.add(update(1, "a"))
    await handled.end(1)
    await handled.add(update(1, "b"))
    await handled.add(update(2, "c"))
    assert handled.asked == []
    await handled.add(update(2, "d"))
    await handled.add(update(3, "e"))
    assert handled.asked == ["d", "e"]
    await handled.end_all()


async def test_one_is_judged_also_while_a_turn_is_handed_on() -> None:
    handled = Handled()
    await handled.add(update(1, "a"))
    await handled.add(update(1, "b"))
    handled.ends[1].set()
    emergency = await handled.add(update(1, EMERGENCY))
    assert emergency in handled.begun
    await handled.end_all()


async def test_an_error_in_judging_counts_as_an_emergency_and_tells_nothing() -> None:
    def fails(text: str) -> bool:
        raise RuntimeError(f"cannot read {text}")

    handled = Handled(is_urgent=fails)
    await handled.add(update(1, "my secret"))
    with capture_logs() as logs:
        number = await handled.add(update(1, "my secret"))
    assert handled.begun == [1, number]
    assert [said["error"] for said in logs] == ["RuntimeError"]
    assert "secret" not in str(logs)
    await handled.end_all()


async def test_the_bots_own_words_under_a_pressed_button_are_no_emergency() -> None:
    handled = Handled()
    await handled.add(update(1, "hi"))
    pressed = {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "A"}, "chat_instance": "1", "data": "x"}
    card = update(1, EMERGENCY).to_dict()["message"]
    await handled.add(Update.de_json({"update_id": 1, "callback_query": pressed | {"message": card}}, None))
    assert (handled.begun, handled.asked) == ([1], [])
    await handled.end_all()


async def test_what_is_no_update_and_what_fails_is_handled_and_chats_are_forgotten() -> None:
    handled = Handled(at_once=1)
    await handled.add("no update")
    await handled.add(update(1, "hi"))

    async def fails() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await asyncio.gather(handled.processor.process_update(update(1, "x"), fails()), handled.end_all())
    assert handled.begun == [1, 2]
    assert handled.processor._chats == {}  # noqa: SLF001  memory stays flat
    assert handled.processor._inside == 0  # noqa: SLF001  likewise
