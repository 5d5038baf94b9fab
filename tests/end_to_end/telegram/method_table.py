"""The table of methods that the stand-in does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .arguments import Arguments
    from .world import World

Handler: TypeAlias = "Callable[[World, Arguments], Any | Awaitable[Any]]"
HANDLERS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Take a method's name as documented; enter the decorated function under it. It gives the call's result."""

    def enter(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return enter
