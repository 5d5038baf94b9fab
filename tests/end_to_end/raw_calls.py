"""Calls to the stand-in as any client could make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from .telegram import Telegram


async def call(telegram: Telegram, method: str, /, **arguments: Any) -> tuple[int, dict[str, Any]]:
    """Take a method and its arguments; call it with a JSON body and give the status and the answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.url}/bot{telegram.token}/{method}", json=arguments) as answer,
    ):
        body: dict[str, Any] = await answer.json()
        return answer.status, body


async def result(telegram: Telegram, method: str, /, **arguments: Any) -> Any:
    """Take a method and its arguments; call it and give the result, failing on a refusal."""
    status, body = await call(telegram, method, **arguments)
    assert status == 200, body
    return body["result"]


async def refusal(telegram: Telegram, method: str, /, **arguments: Any) -> str:
    """Take a method and its arguments; call it and give the refusal as `status description`."""
    status, body = await call(telegram, method, **arguments)
    assert status == body.get("error_code"), f"{method} was not refused: {body}"
    return f"{status} {body['description']}"
