"""Whatever is done in whatever order: the store holds what a simple model of it holds, and no more."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import Group, Store, User
from bot.store.tables import metadata

from .probes import everything, execute

PEOPLE = st.integers(1, 3)
CHATS = st.integers(-3, -1)
UPDATES = st.integers(1, 30)
"""So few that some come again."""
ACTIONS = st.one_of(
    st.tuples(st.just("set_country"), UPDATES, PEOPLE, st.sampled_from([None, "DE", "US"])),
    st.tuples(st.just("set_language"), UPDATES, PEOPLE, st.sampled_from([None, "es"])),
    st.tuples(st.just("keep_question"), UPDATES, PEOPLE, st.text(max_size=5)),
    st.tuples(st.just("forget"), UPDATES, PEOPLE),
    st.tuples(
        st.just("change_group"),
        UPDATES,
        CHATS,
        st.fixed_dictionaries(
            {},
            optional={"answers_unasked": st.booleans(), "unasked_every": st.integers(1, 9), "moderators_chat": CHATS},
        ),
    ),
    st.tuples(st.just("migrate_group"), CHATS, CHATS),
    st.tuples(st.just("forget_group"), CHATS),
    st.tuples(st.just("handled"), st.lists(UPDATES, max_size=4)),
    st.tuples(st.just("purge"), st.sampled_from([1, 3, 181, 366])),
)


@dataclass
class Model:
    """What the store is to hold, done in the simplest way."""

    users: dict[int, User] = field(default_factory=dict)
    questions: list[tuple[int, str]] = field(default_factory=list)
    groups: dict[int, Group] = field(default_factory=dict)  # those changed last stand last
    marked: set[int] = field(default_factory=set)

    def do(self, name: str, *given: Any) -> bool:
        """Do an action; give whether it was done now."""
        if name in {"migrate_group", "forget_group", "handled", "purge"}:
            getattr(self, name)(*given)
            return True
        update_id, *rest = given
        if update_id in self.marked:
            return False
        self.marked.add(update_id)
        getattr(self, name)(*rest)
        return True

    def set_country(self, person: int, code: str | None) -> None:
        self._set(person, replace(self.users.get(person, User()), country=code))

    def set_language(self, person: int, code: str | None) -> None:
        self._set(person, replace(self.users.get(person, User()), language=code))

    def _set(self, person: int, user: User) -> None:
        self.users.pop(person, None)
        if user != User():
            self.users[person] = user

    def keep_question(self, person: int, text: str) -> None:
        self.questions.append((person, text.replace("\0", "").encode("utf-8", "replace").decode()))

    def forget(self, person: int) -> None:
        self.users.pop(person, None)
        self.questions = [one for one in self.questions if one[0] != person]

    def change_group(self, chat: int, changes: dict[str, Any]) -> None:
        self.groups[chat] = Group(**asdict(self.groups.pop(chat, Group())) | changes)

    def migrate_group(self, old: int, new: int) -> None:
        if old == new:
            return
        found = [chat for chat in self.groups if chat in {old, new}]
        self.groups = {
            new if chat == old else chat: group for chat, group in self.groups.items() if chat not in found[:-1]
        }
        for chat, group in self.groups.items():
            if group.moderators_chat == old:
                self.groups[chat] = replace(group, moderators_chat=new)

    def forget_group(self, chat: int) -> None:
        self.groups.pop(chat, None)
        for other, group in self.groups.items():
            if group.moderators_chat == chat:
                self.groups[other] = replace(group, moderators_chat=None, moderators_thread=None)

    def handled(self, update_ids: list[int]) -> None:
        self.marked.update(update_ids)

    def purge(self, days: int) -> None:
        """Everything was done today."""
        if days > 2:
            self.marked.clear()
        if days > 180:
            self.questions.clear()
        if days > 365:
            self.users.clear()


async def do(store: Store, name: str, *given: Any) -> bool:
    """Do an action for real; give whether it was done now."""
    if name in {"migrate_group", "forget_group", "handled"}:
        await getattr(store, name)(*given)
        return True
    if name == "purge":
        await store.purge(datetime.now(UTC) + timedelta(days=given[0]))
        return True
    update_id, *rest = given
    if name == "change_group":
        return await store.change_group(rest[0], update_id=update_id, **rest[1])
    if name == "keep_question":
        return await store.keep_question(rest[0], rest[1], "en", update_id=update_id)
    done: Any = await getattr(store, name)(*rest, update_id=update_id)
    return bool(done.done if name == "forget" else done)


async def check(url: str, actions: list[tuple[Any, ...]]) -> None:
    """Do all actions on an empty database, and compare."""
    model = Model()
    async with await Store.open(url) as store:
        await execute(url, *(f"DELETE FROM {name}" for name in metadata.tables))  # noqa: S608  our own names
        for action in actions:
            assert await do(store, *action) == model.do(*action), action
        assert {person: await store.user(person) for person in range(1, 4)} == {
            person: model.users.get(person, User()) for person in range(1, 4)
        }
        for person in range(1, 4):
            held = await store.held(person)
            assert [one.text for one in held.questions] == [text for who, text in model.questions if who == person]
            assert (held.changed is None) == (person not in model.users)
        assert [one.text for one in await store.questions()] == [text for _, text in model.questions]
        for chat in range(-3, 0):
            assert await store.group(chat) == model.groups.get(chat, Group())
    seen = await everything(url)
    assert {row[0] for row in seen["users"]} == set(model.users)
    assert {row[0] for row in seen["groups"]} == set(model.groups)
    assert {row[0] for row in seen["handled"]} == model.marked


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, max_size=25))
def test_any_sequence_leaves_what_the_model_has(url: str, actions: list[tuple[Any, ...]]) -> None:
    asyncio.run(check(url, actions))
