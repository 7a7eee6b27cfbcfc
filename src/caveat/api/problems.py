"""Errors as answers: RFC 9457 problem+json, with where it went wrong and what to do. Never an empty list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from caveat.errors import (
    CaveatError,
    FetchError,
    GuardError,
    InputError,
    LawError,
    MissingPartError,
    RefusedError,
    ShapeError,
    StoreError,
    UnknownEntryError,
)

#: No error needs more characters, though it repeats what was given.
_LONGEST = 1000
MEDIA = "application/problem+json"
#: The first class that fits says the status.
_STATUS: tuple[tuple[type[CaveatError], int], ...] = (
    (UnknownEntryError, 404),
    (InputError, 400),
    (MissingPartError, 501),
    (FetchError, 502),
    (ShapeError, 422),
    (GuardError, 422),
    (LawError, 422),
    (RefusedError, 503),
    (StoreError, 503),
)
_TITLES = {
    400: "The request cannot be used", 401: "A token or key is needed", 403: "This key may not do that",
    404: "Not found", 405: "Method not allowed", 406: "No such form of answer", 408: "The request came too slowly",
    413: "The request is too large", 415: "Not a form that is read here", 422: "The request cannot be used",
    429: "Too many requests", 500: "A fault of Caveat", 501: "A part is not installed",
    502: "A publisher did not answer", 503: "A part of the work could not be done",
}  # fmt: skip


def status_of(error: CaveatError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(status: int, detail: str, *, kind: str = "about:blank", **more: Any) -> Response:
    """One problem as an answer."""
    body = {"type": kind, "title": _TITLES.get(status, "Error"), "status": status, "detail": _clipped(detail)}
    headers: Mapping[str, str] = more.pop("headers", None) or {}
    body |= {name: _clipped(value) for name, value in more.items() if value is not None}
    content = json.dumps(body, default=str).encode("ascii")
    return Response(content, status, {**headers, "Cache-Control": "no-store"}, MEDIA)


def _clipped(value: Any) -> Any:
    """A text without what somebody sent by the page."""
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def tell(error: CaveatError) -> Response:
    """One of Caveat's own errors as a problem."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    return problem(
        status_of(error), str(error), kind=f"urn:caveat:problem:{name}", what=error.what, where=error.where, do=error.do
    )


def register(site: FastAPI) -> None:
    """Answer every error of the site as a problem."""

    @site.exception_handler(CaveatError)
    async def _own(_: Request, error: CaveatError) -> Response:
        return tell(error)

    @site.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        faults = [{"where": ".".join(str(p) for p in e["loc"]), "what": str(e["msg"])} for e in error.errors()[:20]]
        detail = "; ".join(f"{f['where']}: {f['what']}" for f in faults[:3])
        return problem(422, detail, kind="urn:caveat:problem:invalid", errors=faults)

    @site.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @site.exception_handler(Exception)
    async def _fault(_: Request, __: Exception) -> Response:
        return problem(500, "an error nobody foresaw; it stands in the service's log under the request id")
