"""How answers leave: JSON as the commands print it, ETags by the ledger's state, pages of rows, streams of lines."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from caveat.api.desk import Desk
from caveat.api.encoding import to_json
from caveat.errors import CaveatError
from caveat.model import AsOf

NDJSON = "application/x-ndjson"
_PROBLEM: dict[str, Any] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_MEANINGS = {
    400: "What was given cannot be used", 401: "No token or key, or one that opens nothing",
    403: "The key lacks the scope", 404: "No such entry or list", 413: "Too large", 422: "Not in the form described",
    429: "Too many requests", 501: "A part is not installed", 503: "A part of the work could not be done",
}  # fmt: skip
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, **_PROBLEM} for status, text in _MEANINGS.items()
}


def desk_of(request: Request) -> Desk:
    """The worker's desk."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


async def at_desk(request: Request) -> Desk:
    """The worker's desk, for a route; FastAPI asks what is not async in a thread of its own."""
    return desk_of(request)


AtDesk = Annotated[Desk, Depends(at_desk)]
InForce = Annotated[str | None, Query(max_length=32, description="The day in force, YYYY-MM-DD; default today")]
Known = Annotated[str | None, Query(max_length=32, description="What was known by then; default all known now")]


def clocks(desk: Desk, as_of: str | None, known: str | None) -> AsOf:
    """The two clocks of a request; InputError where a day does not exist."""
    return desk.app.as_of(as_of, known)


def send(answer: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of the app, or plain values, as JSON."""
    plain = answer.to_dict() if hasattr(answer, "to_dict") else answer
    return Response(to_json(plain), status, dict(headers or {}), "application/json")


def tag(request: Request, desk: Desk) -> dict[str, str]:
    """The ETag of an answer that rests on nothing but its address, the ledger's state and the day."""
    told = hashlib.sha256(f"{request.url.path}?{request.url.query}".encode()).hexdigest()[:12]
    return {"ETag": f'W/"{desk.tag}.{told}"', "Cache-Control": "private, no-cache"}


def is_known(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the client holds this very answer already."""
    given = request.headers.get("if-none-match", "")
    return headers["ETag"] in [t.strip() for t in given.split(",")]


def unchanged(headers: Mapping[str, str]) -> Response:
    """304."""
    return Response(status_code=304, headers=dict(headers))


def page(request: Request, plain: dict[str, Any], rows: str, offset: int, limit: int) -> tuple[Any, dict[str, str]]:
    """The answer with one page of its rows, and a Link header to the next."""
    everything = plain[rows]
    after = offset + limit
    address = None
    if after < len(everything):
        query = {**request.query_params, "offset": after, "limit": limit}
        address = f"{request.url.path}?{urlencode(query)}"
    told = {"offset": offset, "limit": limit, "total": len(everything), "next": address}
    links = {"Link": f'<{address}>; rel="next"'} if address else {}
    return {**plain, rows: everything[offset:after], "page": told}, links


def stream(items: AsyncIterator[Any]) -> StreamingResponse:
    """Answers, one JSON a line, as they are made. An error in the middle is the last line, of status error."""

    async def lines() -> AsyncIterator[bytes]:
        try:
            async for item in items:
                yield to_json(item.to_dict() if hasattr(item, "to_dict") else item) + b"\n"
        except CaveatError as error:
            yield to_json({"status": "error", "error": str(error)}) + b"\n"
        except Exception:  # the lines before it stand; this one says that there are no more, and the log why
            yield to_json({"status": "error", "error": "a fault of Caveat: the answers end here"}) + b"\n"
            raise

    return StreamingResponse(lines(), media_type=NDJSON)
