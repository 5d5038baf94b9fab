"""What the store keeps, gives back, and forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import get_args

import pytest

from bot.store import FeedbackCount, Forgotten, Group, Held, Store, User, Verdict
from bot.store.retention import RULES
from bot.store.tables import metadata

from .probes import execute, rows

ANN, BEN = 7_000_000_001, 42
GROUP, SUPERGROUP, MODERATORS = -4_000_000_001, -1_002_000_000_001, -1_002_000_000_002


async def test_somebody_who_chose_nothing_has_nothing(store: Store, url: str) -> None:
    assert await store.user(ANN) == User(country=None, language=None)
    assert await store.held(ANN) == Held(User(), None, ())
    assert await rows(url, "users") == []


async def test_choices_are_kept_apart_and_for_each_person(store: Store) -> None:
    assert await store.set_country(ANN, "DE", update_id=1) is True
    assert await store.set_language(ANN, "es", update_id=2) is True
    assert await store.set_country(BEN, "US", update_id=3) is True
    assert await store.set_country(ANN, "FR", update_id=4) is True
    assert await store.user(ANN) == User("FR", "es")
    assert await store.user(BEN) == User("US", None)


async def test_a_row_about_somebody_goes_with_the_last_choice(store: Store, url: str) -> None:
    await store.set_country(ANN, "DE", update_id=1)
    await store.set_language(ANN, "es", update_id=2)
    await store.set_country(ANN, None, update_id=3)
    assert await store.user(ANN) == User(None, "es")
    await store.set_language(ANN, None, update_id=4)
    assert await rows(url, "users") == []
    await store.set_language(BEN, None, update_id=5)
    assert await rows(url, "users") == []


async def test_what_is_held_is_all_of_it(store: Store) -> None:
    before = datetime.now(UTC)
    await store.set_country(ANN, "DE", update_id=1)
    await store.keep_question(ANN, "does it mix with tea", "en", update_id=2)
    await store.keep_question(BEN, "another one", "en", update_id=3)
    await store.keep_question(ANN, "¿ayuda a dormir? 🙂", "es", update_id=4)
    held = await store.held(ANN)
    assert held.user == User("DE", None)
    assert held.changed
    assert before <= held.changed <= datetime.now(UTC)
    assert [(q.text, q.language) for q in held.questions] == [
        ("does it mix with tea", "en"),
        ("¿ayuda a dormir? 🙂", "es"),
    ]
    assert all(before <= q.asked <= datetime.now(UTC) for q in held.questions)


async def test_forgetting_leaves_nothing_of_one_and_all_of_others(store: Store, url: str) -> None:
    for update_id, user_id in ((1, ANN), (11, BEN)):
        await store.set_language(user_id, "es", update_id=update_id)
        await store.keep_question(user_id, "one", "en", update_id=update_id + 1)
        await store.keep_question(user_id, "two", "en", update_id=update_id + 2)
    bens = await store.held(BEN)
    assert await store.forget(ANN, update_id=20) == Forgotten(done=True, settings=1, questions=2)
    assert await store.held(ANN) == Held(User(), None, ())
    assert await store.held(BEN) == bens
    for table in metadata.tables:
        assert ANN not in {value for row in await rows(url, table) for value in row}
    assert await store.forget(ANN, update_id=21) == Forgotten(done=True, settings=0, questions=0)


async def test_a_forget_that_comes_again_spares_what_came_after_it(store: Store) -> None:
    await store.forget(ANN, update_id=1)
    await store.set_country(ANN, "DE", update_id=2)
    assert await store.forget(ANN, update_id=1) == Forgotten(done=False)
    assert await store.user(ANN) == User("DE")


async def test_curators_see_the_questions_in_order_and_not_who_asked(store: Store) -> None:
    for update_id, text in enumerate(("first", "second", "third")):
        await store.keep_question(ANN, text, "en", update_id=update_id)
    questions = await store.questions()
    assert [question.text for question in questions] == ["first", "second", "third"]
    assert len({question.id for question in questions}) == 3
    assert not any(str(ANN) in repr(question) for question in questions)


@pytest.mark.parametrize(("given", "kept"), [("half \ud83d an emoji", "half ? an emoji"), ("a\0b", "ab"), ("", "")])
async def test_no_text_is_refused(store: Store, given: str, kept: str) -> None:
    assert await store.keep_question(ANN, given, "en", update_id=1)
    assert [question.text for question in await store.questions()] == [kept]


async def test_feedback_is_counted_by_entry_verdict_and_month(store: Store, url: str) -> None:
    update_ids = count(1)
    given: tuple[tuple[str, Verdict, int], ...] = (
        ("liver-injury", "yes", 3),
        ("liver-injury", "no", 1),
        ("dose", "yes", 2),
    )
    for entry, verdict, times in given:
        for _ in range(times):
            assert await store.count_feedback(entry, verdict, update_id=next(update_ids))
    month = datetime.now(UTC).date().replace(day=1)
    assert await store.feedback() == (
        FeedbackCount("dose", "yes", month, 2),
        FeedbackCount("liver-injury", "no", month, 1),
        FeedbackCount("liver-injury", "yes", month, 3),
    )
    assert all(isinstance(value, str | int | date) for row in await rows(url, "feedback") for value in row)


async def test_every_verdict_can_be_counted(store: Store) -> None:
    for update_id, verdict in enumerate(get_args(Verdict)):
        assert await store.count_feedback("dose", verdict, update_id=update_id)
    assert {one.verdict for one in await store.feedback()} == set(get_args(Verdict))


async def test_no_feedback_is_lost_among_many_at_once(store: Store) -> None:
    done = await asyncio.gather(*(store.count_feedback("dose", "yes", update_id=n) for n in range(60)))
    assert all(done)
    assert [one.count for one in await store.feedback()] == [60]


async def test_one_update_that_comes_many_times_at_once_counts_once(store: Store, url: str) -> None:
    async with await Store.open(url) as other:  # another program on the same database
        stores = (store, other) * 10
        done = await asyncio.gather(*(one.count_feedback("dose", "yes", update_id=1) for one in stores))
    assert sorted(done) == [False] * 19 + [True]
    assert [one.count for one in await store.feedback()] == [1]


async def test_each_action_is_done_once_for_its_update(store: Store) -> None:
    actions: tuple[Callable[[int], Awaitable[bool]], ...] = (
        lambda n: store.set_country(ANN, "DE", update_id=n),
        lambda n: store.set_language(ANN, "es", update_id=n),
        lambda n: store.count_feedback("dose", "yes", update_id=n),
        lambda n: store.keep_question(ANN, "one", "en", update_id=n),
        lambda n: store.change_group(GROUP, answers_unasked=True, update_id=n),
    )
    for update_id, action in enumerate(actions):
        assert not await store.was_handled(update_id)
        assert await action(update_id) is True
        assert await store.was_handled(update_id)
        assert await action(update_id) is False
    assert len(await store.questions()) == 1
    assert [one.count for one in await store.feedback()] == [1]


async def test_an_update_that_was_marked_in_a_batch_does_nothing_more(store: Store) -> None:
    await store.handled([5, 3, 5, 4])
    await store.handled([4, 6])
    await store.handled([])
    assert [await store.was_handled(n) for n in (2, 3, 4, 5, 6, 7)] == [False, True, True, True, True, False]
    assert await store.set_country(ANN, "DE", update_id=3) is False
    assert await store.user(ANN) == User()


async def test_the_latest_handled_come_oldest_first(store: Store) -> None:
    for update_ids in ([10, 11], [3], [20]):
        await store.handled(update_ids)
    assert await store.latest_handled(3) == (11, 3, 20)
    assert await store.latest_handled(100) == (10, 11, 3, 20)


async def test_a_group_has_defaults_until_it_changes_them(store: Store, url: str) -> None:
    assert await store.group(GROUP) == Group()
    assert Group().answers_unasked is False
    assert await rows(url, "groups") == []
    await store.change_group(GROUP, update_id=1, answers_unasked=True)
    await store.change_group(GROUP, update_id=2, moderators_chat=MODERATORS, moderators_thread=7)
    assert await store.group(GROUP) == Group(True, Group().unasked_every, MODERATORS, 7)
    await store.change_group(GROUP, update_id=3, unasked_every=90, moderators_thread=None)
    assert await store.group(GROUP) == Group(True, 90, MODERATORS, None)
    assert await store.group(SUPERGROUP) == Group()


async def test_a_migrated_group_keeps_its_settings_under_its_new_id(store: Store, url: str) -> None:
    await store.change_group(GROUP, update_id=1, answers_unasked=True, moderators_chat=MODERATORS)
    settings = await store.group(GROUP)
    for _ in range(2):  # Telegram says it twice
        await store.migrate_group(GROUP, SUPERGROUP)
        assert await store.group(SUPERGROUP) == settings
        assert await store.group(GROUP) == Group()
        assert len(await rows(url, "groups")) == 1


@pytest.mark.parametrize("later", [GROUP, SUPERGROUP])
async def test_where_both_have_settings_those_changed_last_stay(store: Store, later: int) -> None:
    for update_id, chat_id in enumerate(sorted((GROUP, SUPERGROUP), key=lambda one: one == later)):
        await store.change_group(chat_id, update_id=update_id, unasked_every=5 if chat_id == later else 90)
    await store.migrate_group(GROUP, SUPERGROUP)
    assert await store.group(SUPERGROUP) == Group(unasked_every=5)
    assert await store.group(GROUP) == Group()


async def test_a_migrated_moderators_chat_is_followed(store: Store) -> None:
    await store.change_group(SUPERGROUP, update_id=1, moderators_chat=GROUP)
    await store.migrate_group(GROUP, MODERATORS)
    assert (await store.group(SUPERGROUP)).moderators_chat == MODERATORS


async def test_a_forgotten_group_is_nowhere(store: Store, url: str) -> None:
    await store.change_group(GROUP, update_id=1, answers_unasked=True)
    await store.change_group(SUPERGROUP, update_id=2, moderators_chat=GROUP, moderators_thread=3, unasked_every=5)
    await store.forget_group(GROUP)
    await store.forget_group(GROUP)
    assert await store.group(GROUP) == Group()
    assert await store.group(SUPERGROUP) == Group(unasked_every=5)
    assert GROUP not in {value for row in await rows(url, "groups") for value in row}


async def test_each_thing_is_kept_as_long_as_its_rule_says(store: Store) -> None:
    await store.set_country(ANN, "DE", update_id=1)
    await store.keep_question(ANN, "one", "en", update_id=2)
    await store.count_feedback("dose", "yes", update_id=3)
    await store.change_group(GROUP, update_id=4, answers_unasked=True)
    now, hour = datetime.now(UTC), timedelta(hours=1)
    nothing = {"users": 0, "questions": 0, "handled": 0}
    assert await store.purge(now) == nothing
    assert await store.purge(now + timedelta(days=2) - hour) == nothing
    assert await store.purge(now + timedelta(days=2) + hour) == nothing | {"handled": 4}
    assert await store.purge(now + timedelta(days=180) - hour) == nothing
    assert await store.purge(now + timedelta(days=180) + hour) == nothing | {"questions": 1}
    assert await store.purge(now + timedelta(days=365) - hour) == nothing
    assert await store.purge(now + timedelta(days=365) + hour) == nothing | {"users": 1}
    assert await store.purge(now + timedelta(days=36500)) == nothing
    assert (await store.group(GROUP)).answers_unasked
    assert len(await store.feedback()) == 1


async def test_a_change_counts_as_new(store: Store, url: str) -> None:
    await store.set_country(ANN, "DE", update_id=1)
    await execute(url, "UPDATE users SET changed = '2020-01-01 00:00:00'")
    await store.set_language(ANN, "es", update_id=2)
    assert (await store.purge(datetime.now(UTC)))["users"] == 0
    assert await store.user(ANN) == User("DE", "es")


def test_whatever_names_a_person_has_a_rule() -> None:
    kept = {rule.table.name for rule in RULES}
    assert {name for name, table in metadata.tables.items() if {"user_id"} & set(table.c.keys())} <= kept
    assert "users" in kept
    assert set(metadata.tables) == {
        "users",
        "feedback",
        "questions",
        "handled",
        "groups",
    }  # what else is kept, say here
