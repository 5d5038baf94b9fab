"""What reaches the bot from groups, forums and channels, and what the stand-in lets it do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .raw_calls import call, refusal, result
from .telegram.chats import PERMISSIONS
from .telegram.people import ANONYMOUS_ADMIN, CHANNEL_ACCOUNT, SERVICE_ACCOUNT

if TYPE_CHECKING:
    from .telegram import Telegram

BAD = "400 Bad Request: "


async def taken(telegram: Telegram) -> list[dict[str, Any]]:
    """Take all updates as a bot would; give them without their numbers."""
    updates: list[dict[str, Any]] = await result(telegram, "getUpdates")
    if updates:
        await result(telegram, "getUpdates", offset=updates[-1]["update_id"] + 1)
    return [{name: value for name, value in update.items() if name != "update_id"} for update in updates]


async def texts(telegram: Telegram) -> list[str]:
    """Take all updates; give the texts of the messages in them."""
    found = [update.get("message") or update.get("channel_post") or {} for update in await taken(telegram)]
    return [message["text"] for message in found if "text" in message]


async def test_privacy_mode(telegram: Telegram) -> None:
    alice = telegram.person()
    group = telegram.group(members=(alice,))
    name = telegram.bot.username
    await result(telegram, "sendMessage", chat_id=group.id, text="I am here")
    mine = await group.reply()
    alice.says("just talk", in_=group)
    alice.says("/help", in_=group)
    alice.says("/help@another_bot", in_=group)
    alice.says(f"what about tea, @{name}?", in_=group)
    alice.says("really?", in_=group, reply_to=mine)
    assert await texts(telegram) == ["/help", f"what about tea, @{name}?", "really?"]
    group.promotes_bot()
    alice.says("just talk", in_=group)
    assert await texts(telegram) == ["just talk"]


@pytest.mark.parametrize("telegram_options", [{"reads_all_group_messages": True}])
async def test_without_privacy_mode_everything_is_heard(telegram: Telegram) -> None:
    alice = telegram.person()
    alice.says("just talk", in_=telegram.group(members=(alice,)))
    assert await texts(telegram) == ["just talk"]


async def test_the_bot_hears_of_itself_and_of_people_who_come_and_go(telegram: Telegram) -> None:
    alice = telegram.person()
    group = telegram.group()
    alice.joins(group)
    group.promotes_bot()
    alice.leaves(group)
    group.removes_bot()
    kinds = [(kind, update[kind]) for update in await taken(telegram) for kind in update]
    mine = [fields["new_chat_member"]["status"] for kind, fields in kinds if kind == "my_chat_member"]
    assert mine == ["member", "administrator", "kicked"]
    services = [name for kind, fields in kinds if kind == "message" for name in fields if name.endswith("_members")]
    assert services == ["new_chat_members", "new_chat_members"]
    assert not [kind for kind, _ in kinds if kind == "chat_member"]
    refused = await refusal(telegram, "sendMessage", chat_id=group.id, text="x")
    assert refused == "403 Forbidden: bot was kicked from the supergroup chat"


async def test_chat_member_comes_only_on_request(telegram: Telegram) -> None:
    await result(telegram, "getUpdates", allowed_updates=["chat_member", "message_reaction"])
    alice = telegram.person()
    group = telegram.group(bot="administrator")
    group.admits(alice)
    said = alice.says("hi", in_=group)
    alice.reacts(said, "👍")
    assert [next(iter(update)) for update in await taken(telegram)] == ["chat_member", "message_reaction"]


async def test_who_speaks(telegram: Telegram) -> None:
    admin = telegram.person("Ada")
    channel = telegram.channel("News")
    group = telegram.group(owner=admin, bot="administrator")
    group.links(channel)
    await taken(telegram)
    admin.says("hidden", in_=group, anonymous=True)
    admin.says("as a channel", in_=group, via=channel)
    channel.posts("news")
    first, second, post, forwarded = [next(iter(update.values())) for update in await taken(telegram)]
    assert (first["from"]["id"], first["sender_chat"]["id"]) == (ANONYMOUS_ADMIN, group.id)
    assert (second["from"]["id"], second["sender_chat"]["id"]) == (CHANNEL_ACCOUNT, channel.id)
    assert "from" not in post
    assert (forwarded["from"]["id"], forwarded["is_automatic_forward"]) == (SERVICE_ACCOUNT, True)
    assert forwarded["forward_origin"]["message_id"] == post["message_id"]
    mine = await result(telegram, "sendMessage", chat_id=channel.id, text="by the bot")
    [(kind, copied)] = [next(iter(update.items())) for update in await taken(telegram)]
    assert (kind, copied["chat"]["id"], copied["text"]) == ("message", group.id, "by the bot")
    assert copied["forward_origin"]["message_id"] == mine["message_id"]


async def test_topics(telegram: Telegram) -> None:
    alice = telegram.person()
    forum = telegram.group(members=(alice,), forum=True, bot="administrator")
    tea = forum.topic("Tea")
    said = alice.says("in the topic", in_=forum, topic=tea)
    general = alice.says("in General", in_=forum)
    answer = alice.says("a reply in General", in_=forum, reply_to=general)
    assert (said.topic, said.json()["reply_to_message"]["message_id"]) == (tea.number, tea.number)
    assert "message_thread_id" not in general.content
    assert (answer.content["message_thread_id"], answer.topic) == (general.id, 0)
    for number in (1, general.id, 999):
        refused = await refusal(telegram, "sendMessage", chat_id=forum.id, text="x", message_thread_id=number)
        assert refused == BAD + "message thread not found"
    await result(telegram, "sendMessage", chat_id=forum.id, text="x", message_thread_id=tea.number)
    await result(telegram, "sendMessage", chat_id=forum.id, text="x", reply_parameters={"message_id": said.id})
    assert [message.topic for message in await forum.replies(2)] == [tea.number] * 2
    tea.closed = True
    refused = await refusal(telegram, "sendMessage", chat_id=forum.id, text="x", message_thread_id=tea.number)
    assert refused == BAD + "TOPIC_CLOSED"


async def test_migration(telegram: Telegram) -> None:
    group = telegram.group(kind="group")
    new = group.migrates()
    status, body = await call(telegram, "sendMessage", chat_id=group.id, text="x")
    assert (status, body["description"]) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert body["parameters"] == {"migrate_to_chat_id": new.id}
    await result(telegram, "sendMessage", chat_id=new.id, text="x")
    updates = await taken(telegram)
    (joined,) = (update["my_chat_member"] for update in updates[2:] if "my_chat_member" in update)
    assert (joined["chat"]["id"], joined["old_chat_member"]["status"]) == (new.id, "left")
    assert (new.bot.status, new.member(new.owner).status) == ("member", "creator")
    services = [update.get("message", {}) for update in updates]
    assert [message["migrate_to_chat_id"] for message in services if "migrate_to_chat_id" in message] == [new.id]
    assert [message["migrate_from_chat_id"] for message in services if "migrate_from_chat_id" in message] == [group.id]


async def test_missing_rights(telegram: Telegram) -> None:
    alice = telegram.person()
    group = telegram.group(members=(alice,))
    said = alice.says("/help", in_=group)
    user = {"chat_id": group.id, "user_id": alice.user.id}
    to_restrict = BAD + "not enough rights to restrict/unrestrict chat member"
    assert await refusal(telegram, "banChatMember", **user) == to_restrict
    assert await refusal(telegram, "restrictChatMember", **user, permissions={}) == to_restrict
    refused = await refusal(telegram, "pinChatMessage", chat_id=group.id, message_id=said.id)
    assert refused == BAD + "not enough rights to manage pinned messages in the chat"
    group.restricts_bot()
    refused = await refusal(telegram, "sendMessage", chat_id=group.id, text="x")
    assert refused == BAD + "not enough rights to send text messages to the chat"
    basic = telegram.group(kind="group", members=(alice,))
    refused = await refusal(telegram, "restrictChatMember", **user | {"chat_id": basic.id}, permissions={})
    assert refused == BAD + "method is available only for supergroups"
    channel = telegram.channel(bot="member")
    refused = await refusal(telegram, "sendMessage", chat_id=channel.id, text="x")
    assert refused == BAD + "need administrator rights in the channel chat"


async def test_moderating(telegram: Telegram) -> None:
    alice, ada = telegram.person("Alice"), telegram.person("Ada")
    group = telegram.group(members=(alice, ada), bot="administrator")
    group.promotes(ada)
    user = {"chat_id": group.id, "user_id": alice.user.id}
    await result(telegram, "restrictChatMember", **user, permissions={"can_send_messages": False})
    assert group.member(alice).status == "restricted"
    with pytest.raises(PermissionError, match="restricted"):
        alice.says("spam", in_=group)
    await result(telegram, "restrictChatMember", **user, permissions=dict.fromkeys(PERMISSIONS, True))
    said = alice.says("spam", in_=group)
    await result(telegram, "banChatMember", **user)
    assert (group.member(alice).status, said.deleted) == ("kicked", True)
    await result(telegram, "unbanChatMember", **user, only_if_banned=True)
    assert (await result(telegram, "getChatMember", **user))["status"] == "left"
    for person, reason in ((ada, "user is an administrator of the chat"), (group.owner, "can't remove chat owner")):
        refused = await refusal(telegram, "banChatMember", **user | {"user_id": person.user.id})
        assert refused == BAD + reason
    admins = await result(telegram, "getChatAdministrators", chat_id=group.id)
    assert {admin["status"] for admin in admins} == {"creator", "administrator"}
    assert await result(telegram, "getChatMemberCount", chat_id=group.id) == 3
    await result(telegram, "leaveChat", chat_id=group.id)
    refused = await refusal(telegram, "getChat", chat_id=group.id)
    assert refused == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_reactions_forwards_and_copies(telegram: Telegram) -> None:
    alice = telegram.person()
    said = alice.says("hello")
    where = {"chat_id": alice.chat.id, "message_id": said.id}
    await result(telegram, "setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert await said.reacted() == ["👍"]
    refused = await refusal(telegram, "setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "🧪"}])
    assert refused == BAD + "REACTION_INVALID"
    group = telegram.group()
    source = {"from_chat_id": alice.chat.id, "message_id": said.id, "chat_id": group.id}
    await result(telegram, "forwardMessage", **source)
    await result(telegram, "copyMessage", **source)
    forwarded, copied = await group.replies(2)
    assert forwarded.content["forward_origin"]["sender_user"]["id"] == alice.user.id
    assert (copied.text, "forward_origin" in copied.content) == ("hello", False)
    refused = await refusal(telegram, "forwardMessage", **source | {"message_id": 999})
    assert refused == BAD + "message to forward not found"


async def test_deep_links_carry_only_what_telegram_carries(telegram: Telegram) -> None:
    alice = telegram.person()
    assert alice.follows(f"https://t.me/{telegram.bot.username}?start=liver_1-a").text == "/start liver_1-a"
    for payload in ("a b", "ä", "a" * 65, "a.b"):
        with pytest.raises(ValueError, match="no payload"):
            alice.starts(payload)


async def test_guest_calls(telegram: Telegram) -> None:
    alice = telegram.person()
    group = telegram.group(members=(alice,), bot="")
    guest = alice.calls_guest(f"@{telegram.bot.username} is it safe?", in_=group)
    [update] = await taken(telegram)
    assert update["guest_message"]["guest_query_id"] == guest.id
    answer = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "No."}}
    await result(telegram, "answerGuestQuery", guest_query_id=guest.id, result=answer)
    assert (await guest.answer()).text == "No."
