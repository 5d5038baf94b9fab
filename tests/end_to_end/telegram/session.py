"""Methods about the bot's own session and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .method_table import method
from .refusals import bad_request

if TYPE_CHECKING:
    from .arguments import Arguments
    from .world import World


@method("getMe")
def get_me(world: World, call: Arguments) -> dict[str, Any]:  # noqa: ARG001
    """Give the bot's own account."""
    return world.bot.me()


@method("logOut")
def log_out(world: World, call: Arguments) -> bool:  # noqa: ARG001
    """Log the bot out: every later call is refused."""
    world.logged_out = True
    return True


@method("close")
def close(world: World, call: Arguments) -> bool:  # noqa: ARG001
    """Close the bot's instance on this server."""
    return True


@method("getFile")
def get_file(world: World, call: Arguments) -> dict[str, Any]:
    """Tell where a file can be fetched."""
    file_id = call.text("file_id")
    if file_id not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {
        "file_id": file_id,
        "file_unique_id": f"u-{file_id}",
        "file_size": len(world.files[file_id].data),
        "file_path": f"files/{file_id}",
    }
