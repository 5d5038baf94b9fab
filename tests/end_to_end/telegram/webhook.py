"""Delivery of updates to a webhook, in order, each repeated until it is answered with 2xx."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

import aiohttp

from .refusals import bad_request, conflict

if TYPE_CHECKING:
    from .updates import Updates
    from .waiting import Bell

PORTS = ("443", "80", "88", "8443", "")
LONGEST_SECRET = 256
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
_SUCCESS = range(200, 300)


class Webhook:
    """The bot's webhook. `proxy` stands for the reverse proxy in front of the bot: public address to local address."""

    def __init__(self, updates: Updates, bell: Bell) -> None:
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.proxy: dict[str, str] = {}
        self.deliveries: list[tuple[int, int]] = []
        self.last_error = ""
        self.last_error_date = 0
        self._updates = updates
        self._bell = bell
        self._task: asyncio.Task[None] | None = None

    def set(self, url: str, secret: str, max_connections: int) -> None:
        """Take what setWebhook was given; start delivering there, or refuse."""
        scheme, _, rest = url.partition("://")
        if scheme != "https" or not rest:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if rest.partition("/")[0].partition(":")[2] not in PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if len(secret) > LONGEST_SECRET:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        self.clear()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._updates.end_poll(conflict("terminated by setWebhook request"))
        self._task = asyncio.create_task(self._deliver())

    def clear(self) -> None:
        """Stop delivering and forget the webhook."""
        if self._task:
            self._task.cancel()
        self._task = None
        self.url = self.secret = self.last_error = ""
        self.last_error_date = 0

    def info(self) -> dict[str, Any]:
        """Give the Bot API's WebhookInfo object."""
        fields: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
        }
        if self.url:
            fields |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
            fields["allowed_updates"] = sorted(self._updates.allowed)
        if self.last_error_date:
            fields |= {"last_error_date": self.last_error_date, "last_error_message": self.last_error}
        return fields

    async def close(self) -> None:
        """Stop delivering and wait until that has ended."""
        task = self._task
        self.clear()
        if task:
            await asyncio.gather(task, return_exceptions=True)

    def _address(self) -> str:
        for public, local in self.proxy.items():
            if self.url.startswith(public):
                return local + self.url.removeprefix(public)
        return self.url

    async def _deliver(self) -> None:
        pause = FIRST_PAUSE
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
            while True:
                await self._bell.until(lambda: self._updates.waiting, 60)
                if not self._updates.waiting:
                    continue
                update = self._updates.waiting[0]
                if await self._post(session, update):
                    self._updates.confirm(update["update_id"] + 1)
                    pause = FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            async with session.post(self._address(), json=update, headers=headers) as answer:
                status = answer.status
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(f"Connection refused: {type(error).__name__}")
            status = 0
        self.deliveries.append((update["update_id"], status))
        self._bell.ring()
        if status and status not in _SUCCESS:
            self._failed(f"Wrong response from the webhook: {status}")
        return status in _SUCCESS

    def _failed(self, reason: str) -> None:
        self.last_error, self.last_error_date = reason, int(time.time())
