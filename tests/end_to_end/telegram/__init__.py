"""A strict stand-in for Telegram's Bot API, with people who talk to the bot under test.

In a test, with the fixtures `telegram` and `bot` (the console script, started and polling):

    async def test_it_answers(telegram: Telegram, bot: BotProcess) -> None:
        alice = telegram.person("Alice", language="de")
        question = alice.says("is kratom bad for my liver?")
        answer = await alice.reply()                  # the bot's next message to her; NoReply after 10 s
        assert answer.parts("bold") and answer.links  # .text .entities .rows .buttons .reply_to .topic .previews_off
        press = alice.presses(answer, "Details")      # by the button's text or a part of it
        await press.answer()                          # answerCallbackQuery came: .text .alert .url
        await answer.edited()                         # the bot's next edit of that message (also .gone(), .reacted())
        alice.edits(question, "I took too much")
        await alice.silence()                         # the bot takes all updates and says nothing

What people do returns at once; only what waits for the bot is awaited.

A person, `telegram.person(name, language=, username=)`, acts in the private chat unless `in_=group` is given:

    says(text, in_=, reply_to=, quote=, topic=, anonymous=, via=channel, ago=seconds)
    sends(kind, caption, in_=, reply_to=, topic=, ago=, **fields): photo document video animation audio voice video_note
        sticker location venue contact poll dice
    starts(payload), follows(link), forwards(message, in_=, hidden="Name"), edits(message, text), reacts(message, emoji)
    presses(message, text), sends_data(message, data) for a tampered button: `await press.answer()`
    asks_inline(query, offset=): `await question.results()`, then picks(question, result, in_=)
    calls_guest(text, in_=) where the bot is no member: `await guest.answer()`
    blocks_bot(), unblocks_bot(), deletes_account(), joins(group), leaves(group)

Reading, of a person's private chat, a group or a channel alike; each message of the bot is read once:

    await reply(to=message, within=), await replies(count), await silence(seconds), await sees_action("typing")
    unread, history, forget()

A group, `telegram.group(title, owner=, members=, kind="supergroup", forum=, bot="member", username=)`:

    adds_bot(), promotes_bot(*rights), demotes_bot(), restricts_bot(*permissions), removes_bot(), bot.status
    admits(*people), promotes(person, anonymous=, title=), forbids(*permissions), member(person).status
    topic(name), announces(**service_message), migrates() to a supergroup, deletes(), links(channel)

A channel, `telegram.channel(title)`, is a group that also has posts(text), forwarded into a linked group by itself, and
edits(message, text). Privacy mode holds: as a plain member the bot hears commands, mentions and replies to itself,
unless the stand-in was made with `reads_all_group_messages=True` or the bot is an administrator.

Finding out: `telegram.calls`, `calls_of(method)`, `refusals`, `violations` (with `.notes`, `.of(kind)`,
`.forgive(kind)`), `check()`, which fails on any violation or unanswered button, and `await until(look)`,
`await taken()`, `await settled()`. The fixture `bot` calls `check()` when the test ends, and asks for exit status 0
after SIGTERM.

Violations are what Telegram lets pass in silence: an unknown parameter or field, formatting that is dropped (a link
that is none, entities beyond 100, bold inside code), a button row too wide, a button without a text or with two
actions, a deep link's payload that is not carried, a call before retry_after is over, more than one message in a row
that nobody asked for (`manners_allow(count)`), a button press that is never answered. Link previews left on are notes.
`telegram.world.spec.allow(method, *parameters)` makes known what a Bot API newer than 10.0 has.

Faults, in `telegram.faults`, each for a `method=`, a `chat_id=`, or anything but polling: too_many(retry_after),
fails(500 or 502, times=), delays(seconds), drops(done=True: after doing it), limit_flood(), end(fault), clear().
`telegram.other_poller()` ends the bot's poll with 409. For webhooks there are `reverse_proxy(public, local)`, since
Telegram takes only https addresses, and `repeats_last_update()`.

Not done: Markdown is taken as plain text and reported; media groups, business accounts, payments, stories, games and
whatever else is not in `methods` answer 501 and are reported; getUpdates is not slowed down where the real one
throttles fast repeats.
"""

from __future__ import annotations

from .faults import FloodLimits
from .group import Channel, Group
from .messages import Button, Message
from .person import Person
from .questions import GuestCall, InlineQuestion, InlineResult, Press
from .reading import NoReply
from .stand_in import Telegram

__all__ = [
    "Button",
    "Channel",
    "FloodLimits",
    "Group",
    "GuestCall",
    "InlineQuestion",
    "InlineResult",
    "Message",
    "NoReply",
    "Person",
    "Press",
    "Telegram",
]
