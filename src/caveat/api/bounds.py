"""Bounds on what comes in, and the headers on what goes out: plain ASGI, so that streams stay streams."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from caveat.api.desk import Desk
from caveat.api.log import complain, note
from caveat.api.problems import problem
from caveat.api.settings import Settings

#: Paths that take a file.
_UPLOADS = ("/v1/jobs", "/v1/screen/batch", "/v1/refresh", "/v1/edges", "/upload")
#: Pages load nothing from elsewhere and run nothing that stands in them.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}

ASKED = Counter("caveat_requests", "Requests answered", ["route", "method", "status"])
TOOK = Histogram(
    "caveat_request_seconds", "Seconds to the end of an answer", ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
OPEN = Gauge("caveat_requests_open", "Requests being answered", multiprocess_mode="livesum")


class Bounds:
    """A body no larger and no slower than the settings allow; 413 and 408 say so."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.settings.most_upload if scope["path"].startswith(_UPLOADS) else self.settings.most_body
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > most:
            await _too_large(most)(scope, receive, send)
            return
        taken, started, refusal = 0, False, None
        end = asyncio.get_running_loop().time() + self.settings.seconds
        is_whole = False

        async def bounded() -> Message:
            nonlocal taken, refusal, is_whole
            if is_whole:
                return await receive()
            left = end - asyncio.get_running_loop().time()
            try:
                message = await asyncio.wait_for(receive(), max(left, 0.01))
            except TimeoutError:
                refusal = problem(408, f"the body took longer than {self.settings.seconds:.0f} seconds")
                return {"type": "http.disconnect"}
            taken += len(message.get("body", b""))
            is_whole = message["type"] != "http.request" or not message.get("more_body", False)
            if taken > most:
                refusal = _too_large(most)
                return {"type": "http.disconnect"}
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if refusal is not None and not started:
                return  # the refusal goes out in its place
            started = True
            await send(message)

        try:
            await self.app(scope, bounded, watched)
        except Exception:
            if refusal is None:
                raise
        if refusal is not None and not started:
            await refusal(scope, receive, send)


def _too_large(most: int) -> Any:
    return problem(413, f"at most {most:,} bytes are taken here", headers={"Connection": "close"})


class Outside:
    """The outermost layer: a request id, safe headers, one log line without personal data, the metrics."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float], desk: Desk) -> None:
        self.app = app
        self.clock = clock
        self.desk = desk  # `run` closes its app before it forks workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status, mark = self.clock(), 500, secrets.token_hex(6)

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Request-Id"] = mark
            await send(message)

        OPEN.inc()
        fault: str | None = None
        try:
            await self.app(scope, receive, dressed)
        except Exception as error:
            fault = _place(error)
        finally:
            OPEN.dec()
            took = self.clock() - begun
            route = getattr(scope.get("route"), "path", "none")  # the template: no name, no id
            ASKED.labels(route, scope["method"], status).inc()
            TOOK.labels(route).observe(took)
            caller = getattr(scope.get("state", {}).get("caller"), "id", None)
            line = {"request": mark, "method": scope["method"], "route": route, "status": status}
            line |= {"ms": round(took * 1000, 2), "caller": caller}
            if fault:
                complain("fault", **line, at=fault)
            else:
                note("answered", **line)


def _place(error: BaseException) -> str:
    """The class of an error and where it rose; its text may hold somebody's name."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} {where}"
