"""The gate: nothing answers without a token or key; a page of another site cannot ask in a person's name."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from caveat.api.desk import Desk
from caveat.api.keys import SCOPES, Caller, Keys
from caveat.api.problems import problem
from caveat.api.settings import Settings

#: Hold nothing of anybody's data: the style sheet and script of the sign-in page, and the page itself.
_OPEN = ("/static/", "/sign-in")
_SAFE = ("GET", "HEAD", "OPTIONS")
#: Paths by the scope that changing something there needs.
_SCOPES = {"/v1/confirm": "write", "/v1/reject": "write", "/v1/refresh": "admin", "/v1/edges": "admin"}
_WRONG_A_MINUTE = 20


class Gate:
    """ASGI middleware: who asks, may they, how often; sets `scope["state"]["caller"]`."""

    def __init__(self, app: ASGIApp, settings: Settings, desk: Desk) -> None:
        self.app = app
        self.settings = settings
        self.desk = desk
        self.keys = Keys(Path(settings.keys))
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rate = RateLimitItemPerMinute(settings.rate)
        self._wrong = RateLimitItemPerMinute(_WRONG_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = await self._stop(request)
        await (answer or self.app)(scope, receive, send)

    async def _stop(self, request: Request) -> Response | None:
        """The refusal or redirection of a request, or None where it may pass."""
        path = request.url.path
        if path.startswith(_OPEN) and path != "/sign-in":
            return None
        given = _given(request)
        if path == "/sign-in" and request.method == "POST":
            return None if _is_own(request) else _foreign()
        if given is not None:
            caller = self.admit(given)
            if caller is None:
                return await self._refuse_wrong(request)
            if request.method == "GET" and "token" in request.query_params:
                request.session["caller"] = caller.id
                rest = [(k, v) for k, v in parse_qsl(request.url.query, keep_blank_values=True) if k != "token"]
                return RedirectResponse(path + (f"?{urlencode(rest)}" if rest else ""), 303)
        else:
            caller = self._by_session(request)
            if caller is None:
                return None if path == "/sign-in" else self._ask_in(request)
            if request.method not in _SAFE and not _is_own(request):
                return _foreign()
        if not await self._limiter.hit(self._rate, caller.id):
            return problem(429, f"more than {self.settings.rate} requests in a minute", headers={"Retry-After": "10"})
        more = () if request.method in _SAFE else _SCOPES.items()
        needed = next((scope for start, scope in more if path.startswith(start)), "read")
        if needed not in caller.scopes:
            return problem(403, f"the scope {needed!r} is needed; this key has {', '.join(caller.scopes) or 'none'}")
        request.state.caller = caller
        return None

    def admit(self, given: str) -> Caller | None:
        """Whom a token or key speaks for."""
        token = self.settings.token
        if token and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
            return Caller("token", SCOPES)
        return self.keys.caller(given, self.desk.app.today().isoformat())

    def _by_session(self, request: Request) -> Caller | None:
        name = request.session.get("caller")
        if name == "token" and self.settings.token:
            return Caller("token", SCOPES)
        return self.keys.caller_of(name, self.desk.app.today().isoformat()) if isinstance(name, str) else None

    async def _refuse_wrong(self, request: Request) -> Response:
        host = request.client.host if request.client else "?"
        if not await self._limiter.hit(self._wrong, "wrong", host):
            return problem(429, "too many wrong tokens or keys", headers={"Retry-After": "60"})
        return problem(401, "this token or key opens nothing here", headers=_CHALLENGE)

    def _ask_in(self, request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?{urlencode({'next': place})}", 303)
        return problem(401, "send Authorization: Bearer with the token or a key", headers=_CHALLENGE)


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="caveat"'}


def _given(request: Request) -> str | None:
    """The token or key of a request: in a header of any of the forms clients send, or in the first address."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() in ("bearer", "apikey", "token") and value.strip():
        return value.strip()
    for header in ("x-api-key", "subscription-key"):
        if value := request.headers.get(header, "").strip():
            return value
    for name in ("token", "subscription-key", "api_key"):
        if value := request.query_params.get(name, "").strip():
            return value
    return None


def _is_own(request: Request) -> bool:
    """Whether a page of this very site sent the request (browsers say so; other programs use a key)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _foreign() -> Response:
    return problem(403, "a page of another site may not ask in your name")


def caller_of(request: Request) -> Any:
    """Who asks, as the gate found."""
    return request.state.caller
