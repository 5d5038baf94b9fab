"""Methods by which the bot receives updates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .method_table import method
from .refusals import conflict

if TYPE_CHECKING:
    from .arguments import Arguments
    from .world import World

MOST_UPDATES = 100
LONGEST_POLL = 50
_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


def _allowed(call: Arguments) -> list[str] | None:
    kinds = call.json("allowed_updates", "allowed updates")
    return list(kinds) if isinstance(kinds, list) else None


@method("getUpdates")
async def get_updates(world: World, call: Arguments) -> list[dict[str, Any]]:
    """Give the updates that wait, or wait for one."""
    if world.webhook.url:
        raise conflict(_WEBHOOK)
    world.updates.allow(_allowed(call))
    limit = call.integer("limit", MOST_UPDATES, 1, MOST_UPDATES)
    return await world.updates.take(call.integer("offset"), limit, call.integer("timeout", 0, 0, LONGEST_POLL))


@method("setWebhook")
def set_webhook(world: World, call: Arguments) -> bool:
    """Have updates delivered to an address, or with an empty one end that."""
    if call.flag("drop_pending_updates"):
        world.updates.drop()
    world.updates.allow(_allowed(call))
    if "url" in call:
        world.webhook.set(call.text("url"), call.text("secret_token"), call.integer("max_connections", 40, 1, 100))
    else:
        world.webhook.clear()
    world.bell.ring()
    return True


@method("deleteWebhook")
def delete_webhook(world: World, call: Arguments) -> bool:
    """End the delivery to an address."""
    if call.flag("drop_pending_updates"):
        world.updates.drop()
    world.webhook.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, call: Arguments) -> dict[str, Any]:  # noqa: ARG001
    """Tell how updates are delivered."""
    return world.webhook.info()
