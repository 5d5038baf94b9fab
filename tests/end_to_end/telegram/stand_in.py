"""The stand-in as a test holds it: one object with the server, the people, the faults and the findings."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Self

from .group import Channel, Group
from .people import BotAccount
from .person import Person
from .server import Server
from .world import Call, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from .chats import Chat
    from .faults import Faults
    from .violations import Violations
    from .waiting import T

TOKEN = "424242:stand-in-token"
PATIENCE = 15.0


class Telegram:
    """A Telegram for one bot. Use it with `async with`; `url` and `token` are what the bot is started with."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "kratom_answers_bot",
        name: str = "Kratom answers",
        reads_all_group_messages: bool = False,
        inline: bool = True,
        guest: bool = False,
    ) -> None:
        bot = BotAccount(int(token.partition(":")[0]), name, username=username)
        bot.can_read_all_group_messages = reads_all_group_messages
        bot.supports_inline_queries = inline
        bot.supports_guest_queries = guest
        self.token = token
        self.bot = bot
        self.world = World(bot)
        self.server = Server(self.world, token)

    async def __aenter__(self) -> Self:
        """Start serving."""
        await self.server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        await self.server.stop()

    @property
    def url(self) -> str:
        """Give the address for `telegram.api_url`."""
        return self.server.url

    @property
    def faults(self) -> Faults:
        """Give the faults that can be switched on."""
        return self.world.faults

    @property
    def violations(self) -> Violations:
        """Give what the bot has done wrong in silence."""
        return self.world.violations

    @property
    def calls(self) -> list[Call]:
        """Give every call of the bot so far."""
        return self.world.calls

    def calls_of(self, method: str) -> list[Call]:
        """Take a method; give the bot's calls of it so far."""
        return [call for call in self.world.calls if call.method == method]

    @property
    def refusals(self) -> list[Call]:
        """Give the calls that were refused."""
        return [call for call in self.world.calls if call.status >= 400]

    def person(self, name: str = "Alice", *, language: str = "en", username: str = "", last_name: str = "") -> Person:
        """Take a name; give a new person, of whom the bot knows nothing yet."""
        user = self.world.add_user(name, language_code=language, username=username, last_name=last_name)
        return Person(self.world, user)

    def group(
        self,
        title: str = "A group",
        *,
        owner: Person | None = None,
        members: tuple[Person, ...] = (),
        kind: str = "supergroup",
        forum: bool = False,
        bot: str = "member",
        username: str = "",
    ) -> Group:
        """Take a title; give a new group, in which the bot is a "member", an "administrator" or nothing, ""."""
        group = Group(self.world, owner or self.person("Olive"), title, kind, is_forum=forum, username=username)
        self._fill(group, members, bot)
        return group

    def channel(self, title: str = "A channel", *, owner: Person | None = None, bot: str = "administrator") -> Channel:
        """Take a title; give a new channel."""
        channel = Channel(self.world, owner or self.person("Olive"), title, "channel")
        self._fill(channel, (), bot)
        return channel

    @staticmethod
    def _fill(group: Group, members: tuple[Person, ...], bot: str) -> None:
        group.admits(*members)
        if bot == "member":
            group.adds_bot()
        elif bot == "administrator":
            group.promotes_bot()

    async def until(self, look: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Take a function; wait for its first true answer and give it, or raise AssertionError."""
        found = await self.world.bell.until(look, within)
        if not found:
            raise AssertionError(f"it did not happen within {within} s; the last calls:\n{self.world.latest_calls()}")
        return found

    async def polled(self, within: float = PATIENCE) -> None:
        """Wait until the bot is there: a poll is waiting, or a webhook is set."""
        await self.until(lambda: self.world.updates.polling or bool(self.world.webhook.url), within)

    async def taken(self, within: float = PATIENCE) -> None:
        """Wait until the bot has taken every update."""
        await self.until(lambda: not self.world.updates.waiting, within)

    async def settled(self, quiet: float = 0.3, within: float = PATIENCE) -> None:
        """Wait until the bot has taken every update and has then called nothing for `quiet` seconds."""
        await self.taken(within)
        end = time.monotonic() + within
        made = -1
        while made != len(self.calls_made()) and time.monotonic() < end:
            made = len(self.calls_made())
            await asyncio.sleep(quiet)

    def calls_made(self) -> list[Call]:
        """Give the bot's calls so far without its polling."""
        return [call for call in self.world.calls if call.method != "getUpdates"]

    def manners_allow(self, messages: int) -> None:
        """Let pass so many messages in a row that nobody asked for; it is one unless this is called."""
        self.world.manners.allowed = messages

    def reverse_proxy(self, public: str, local: str) -> None:
        """Take a public https address and the local one behind it; deliver webhooks of the first to the second."""
        self.world.webhook.proxy[public] = local

    def repeats_last_update(self) -> None:
        """Deliver the last update to the webhook again, as Telegram does when an answer is lost."""
        self.world.updates.repeat_last()

    def other_poller(self) -> None:
        """Do what a second instance of the bot does: end the poll of the first with 409 Conflict."""
        self.world.updates.other_poller()

    def sends_raw(self, kind: str, payload: dict[str, Any], chat: Chat | None = None) -> bool:
        """Queue an update made by hand, for kinds that no person here can cause; say whether the bot asked for it."""
        return self.world.tell(kind, payload, chat)

    def check(self) -> None:
        """Raise AssertionError if anything was done wrong, a button left unanswered included."""
        wrong = [str(violation) for violation in self.violations] + self.world.unanswered()
        if wrong:
            raise AssertionError("the bot did what Telegram lets pass in silence:\n" + "\n".join(wrong))
