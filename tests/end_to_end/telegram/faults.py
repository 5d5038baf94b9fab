"""What can go wrong between a bot and Telegram, switched on by a test."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .refusals import Refusal, too_many_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .arguments import Arguments
    from .violations import Violations

NEVER_FLOODED = ("getUpdates", "getMe", "setWebhook", "deleteWebhook", "getWebhookInfo")
_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}


class DroppedConnection(Exception):  # noqa: N818 - it is an event, not an error of the stand-in
    """Raised to have the server cut the connection instead of answering."""


@dataclass(eq=False)
class Fault:
    """One fault: what it hits (a method, a chat, or anything) and how often. `Faults.end` switches it off."""

    kind: str
    method: str = ""
    chat_id: int = 0
    times: int = 0
    seconds: float = 0
    code: int = 500
    until: float = 0
    hits: int = 0

    def concerns(self, call: Arguments) -> bool:
        """Take a call; say whether this fault hits it."""
        if self.method and self.method != call.method:
            return False
        if self.chat_id and call.text("chat_id") != str(self.chat_id):
            return False
        if not self.method and call.method in NEVER_FLOODED:
            return False
        return not self.times or self.hits < self.times


@dataclass
class FloodLimits:
    """Telegram's rough limits: messages a second overall, a second in a chat after a burst, a minute in a group."""

    overall: int = 30
    burst: int = 5
    group_minute: int = 20
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def check(self, chat_id: int, now: float) -> float:
        """Take a chat and the time; give the seconds to wait, or 0 and count the message."""
        sent = self._chats.setdefault(chat_id, deque())
        waits = [_wait(self._all, self.overall, 1, now), _wait(sent, self.burst, self.burst, now)]
        if chat_id < 0:
            waits.append(_wait(sent, self.group_minute, 60, now))
        if not any(waits):
            self._all.append(now)
            sent.append(now)
        return max(waits)


def _wait(sent: deque[float], most: int, seconds: float, now: float) -> float:
    recent = [at for at in sent if now - at < seconds]
    return recent[-most] + seconds - now if len(recent) >= most else 0.0


@dataclass
class Faults:
    """The faults that are switched on. A fault without a method hits every method but polling and the webhook's."""

    violations: Violations
    flood: FloodLimits | None = None
    _faults: list[Fault] = field(default_factory=list)

    def too_many(self, retry_after: int, *, chat_id: int = 0, method: str = "") -> Fault:
        """Refuse with 429 from the next fitting call on, so many seconds long; calling meanwhile is a violation."""
        return self._add(Fault("too many", method, chat_id, seconds=retry_after))

    def fails(self, code: int = 500, *, method: str = "", chat_id: int = 0, times: int = 1) -> Fault:
        """Answer the next `times` fitting calls with this status, 0 for all; nothing is done for them."""
        return self._add(Fault("fails", method, chat_id, times, code=code))

    def delays(self, seconds: float, *, method: str = "", chat_id: int = 0, times: int = 0) -> Fault:
        """Answer the next `times` fitting calls so much later, 0 for all."""
        return self._add(Fault("delays", method, chat_id, times, seconds))

    def drops(self, *, method: str = "", chat_id: int = 0, times: int = 1, done: bool = False) -> Fault:
        """Cut the connection of the next `times` fitting calls; with `done`, only after doing what was asked."""
        return self._add(Fault("drops after" if done else "drops before", method, chat_id, times))

    def limit_flood(self, limits: FloodLimits | None = None) -> None:
        """Enforce Telegram's flood limits from now on."""
        self.flood = limits or FloodLimits()

    def end(self, fault: Fault) -> None:
        """Take a fault that was switched on; switch it off."""
        if fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        """Switch everything off."""
        self._faults.clear()
        self.flood = None

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def _fitting(self, call: Arguments, *kinds: str) -> Iterator[Fault]:
        for fault in list(self._faults):
            if fault.kind in kinds and fault.concerns(call):
                fault.hits += 1
                yield fault

    async def before(self, call: Arguments) -> None:
        """Take a call that came; delay it, or raise what stands in its way."""
        for fault in self._fitting(call, "delays"):
            await asyncio.sleep(fault.seconds)
        for _ in self._fitting(call, "drops before"):
            raise DroppedConnection
        for fault in self._fitting(call, "fails"):
            raise Refusal(fault.code, _REASONS.get(fault.code, "Internal Server Error"))
        for fault in self._fitting(call, "too many"):
            self._hold_back(fault, call)
        if self.flood and call.method.startswith(("send", "copy", "forward")) and call.method != "sendChatAction":
            wait = self.flood.check(call.integer("chat_id"), time.monotonic())
            if wait:
                raise too_many_requests(math.ceil(wait))

    def after(self, call: Arguments) -> None:
        """Take a call that was done; raise DroppedConnection if its answer is to be lost."""
        for _ in self._fitting(call, "drops after"):
            raise DroppedConnection

    def _hold_back(self, fault: Fault, call: Arguments) -> None:
        now = time.monotonic()
        if not fault.until:
            fault.until = now + fault.seconds
        elif now >= fault.until:
            self.end(fault)
            return
        else:
            left = fault.until - now
            self.violations.add("impatient", f"called again {left:.1f} s before retry_after was over", call.method)
        raise too_many_requests(math.ceil(fault.until - now))
