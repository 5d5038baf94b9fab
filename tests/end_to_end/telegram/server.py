"""The HTTP side: it reads calls of every form that Telegram takes, has them done, and words the answers."""

from __future__ import annotations

import inspect
import json
import re
import time
from typing import Any

from aiohttp import web

from .arguments import Arguments, Upload
from .faults import DroppedConnection
from .methods import HANDLERS
from .refusals import Refusal, bad_request
from .world import Call, World

MOST_BYTES = 64 * 1024 * 1024
_OK = 200
_TOKEN = re.compile(r"[1-9]\d*:[\w-]+")


class Server:
    """Serves one bot's token on a loopback port; `url` is what the bot is to be pointed at."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.url = ""
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/files/{file}", self._file)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)

    async def start(self) -> None:
        """Listen on a free port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Stop listening and delivering."""
        await self.world.webhook.close()
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        started = time.time()
        call = Arguments(request.match_info["method"])
        try:
            self._check_token(request)
            await _read(request, call)
            body = {"ok": True, "result": await self._do(call)}
            self.world.faults.after(call)
            status = _OK
        except Refusal as refusal:
            body, status = refusal.json(), refusal.code
        except DroppedConnection:
            self._record(call, started, 0, {})
            if request.transport:
                request.transport.abort()
            return web.Response()
        self._record(call, started, status, body)
        return web.json_response(body, status=status)

    def _record(self, call: Arguments, started: float, status: int, body: dict[str, Any]) -> None:
        self.world.calls.append(Call(call.method, call.given, started, status, body))
        self.world.bell.ring()

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if request.method not in ("GET", "POST"):
            raise Refusal(405, "Method Not Allowed")
        if not _TOKEN.fullmatch(token):
            raise Refusal(401, "Unauthorized: invalid token specified")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    async def _do(self, call: Arguments) -> Any:
        name = self.world.spec.method(call.method)
        if not name:
            raise Refusal(404, "Not Found: method not found")
        call.method = name
        if self.world.logged_out:
            raise Refusal(400, "Logged out")
        await self.world.faults.before(call)
        for stranger in self.world.spec.strangers(name, set(call.given)):
            self.world.violations.add("unknown parameter", f"{name} has no parameter {stranger!r}", name)
        if name not in HANDLERS:
            self.world.violations.add("stand-in", f"{name} is not done by the stand-in", name)
            raise Refusal(501, f"Not Implemented: the stand-in does not do {name}")
        result = HANDLERS[name](self.world, call)
        return await result if inspect.isawaitable(result) else result

    async def _file(self, request: web.Request) -> web.Response:
        upload = self.world.files.get(request.match_info["file"])
        if request.match_info["token"] != self.token or upload is None:
            return web.json_response(Refusal(404, "Not Found").json(), status=404)
        return web.Response(body=upload.data, content_type=upload.content_type)


async def _read(request: web.Request, call: Arguments) -> None:
    call.given.update(request.query)
    if request.content_type == "application/json":
        try:
            fields = json.loads(await request.text() or "{}")
        except ValueError:
            raise bad_request("can't parse JSON in the request body") from None
        if not isinstance(fields, dict):
            raise bad_request("the request body must be a JSON object")
        call.given.update(fields)
        return
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            call.files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            call.given[name] = value
