"""Routes on the graph: who owns, supplies and makes, over the edges that were loaded."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from caveat.api import shapes
from caveat.api.answers import PROBLEMS, AtDesk, InForce, Known, clocks, send
from caveat.api.bodies import Strict
from caveat.api.uploads import receive_file, sweep
from caveat.errors import InputError

router = APIRouter(route_class=Strict, prefix="/v1", tags=["who owns, who supplies?"], responses=PROBLEMS)

_FILES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "from,to,type,pct,source\nHolding A,Firm B,owns,60,annual report\n",
            },
            "application/json": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "application/xml": {"schema": {"type": "string"}},
        },
    }
}
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"description": "The picture", "content": {"image/svg+xml": {}}}}
#: A picture is an image of its own, in which nothing runs.
SEALED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
Words = Annotated[list[str], Query(max_length=50)]


@router.get("/own/{party:path}", summary="Who owns it, and what it owns")
async def own(desk: AtDesk, party: str, as_of: InForce = None, known: Known = None) -> Response:
    """Ownership up and down by name, id or scheme:number: aggregate shares with ranges, the paths told in words."""
    return send(await desk.ask("own", party, as_of=clocks(desk, as_of, known)))


@router.get("/exposure/{party:path}", summary="Reliance on suppliers")
async def exposure(
    desk: AtDesk, party: str, country: Words = [], supplier: Words = [], rate: Words = [],  # noqa: B006
    as_of: InForce = None, known: Known = None,
) -> Response:  # fmt: skip
    """How far a party relies on suppliers of a country (default US) or on named ones, with error bars.

    `rate` gives currencies in one common currency, as CNY=0.14.
    """
    answer = await desk.ask(
        "exposure", party, countries=country, suppliers=supplier, rates=_rates(rate), as_of=clocks(desk, as_of, known)
    )
    return send(answer)


@router.get("/trace/{party:path}", summary="A product's inputs back to origin")
async def trace(desk: AtDesk, party: str, as_of: InForce = None, known: Known = None) -> Response:
    """Each input of a product back to where it comes from, the evidence behind each link, and what is missing."""
    return send(await desk.ask("trace", party, as_of=clocks(desk, as_of, known)))


@router.post("/blast", summary="What a listing would mean for a portfolio")
async def blast(desk: AtDesk, asked: shapes.BlastQuery) -> Response:
    """The counterparties that a listing of the party would reach by ownership or supply, with the paths."""
    as_of = clocks(desk, asked.as_of, asked.known)
    return send(await desk.ask("blast", asked.party, asked.portfolio, as_of=as_of))


@router.get("/picture/{kind}/{party:path}", response_class=Response, responses=_PICTURE, summary="A picture")
async def picture(
    desk: AtDesk, kind: Literal["own", "exposure", "trace"], party: str, as_of: InForce = None, known: Known = None
) -> Response:
    """Ownership, supply or origin of a party as SVG."""
    content = await drawn(desk, kind, party, clocks(desk, as_of, known))
    return Response(content, 200, {**SEALED, "Cache-Control": "private, max-age=60"}, "image/svg+xml")


async def drawn(desk: Any, kind: str, party: str, as_of: Any) -> bytes:
    """The bytes of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.svg"
        await desk.ask("picture", kind, party, path, as_of=as_of)
        return path.read_bytes()


@router.post("/edges", openapi_extra=_FILES, summary="Load edges")
async def load_edges(
    request: Request, desk: AtDesk, dataset: Annotated[str | None, Query(max_length=100)] = None,
    published: Annotated[str | None, Query(max_length=32)] = None,
) -> Response:  # fmt: skip
    """Read a file of edges (CSV, BODS, FollowTheMoney, GLEIF level 2, PSC) and keep it. Needs the scope `admin`.

    The answer counts what was read and lists what is wrong with its place; `dataset` names the running file.
    """
    path = await receive_file(request, request.app.state.settings, any_form=True)
    try:
        return send(await desk.ask("load_edges", path, dataset=dataset or "upload", published=published))
    finally:
        sweep(path)


def _rates(given: list[str]) -> dict[str, float] | None:
    try:
        return {c.upper(): float(v) for c, v in (r.split("=", 1) for r in given)} or None
    except ValueError:
        raise InputError("is no rate", where="rate", do="give CUR=VALUE, as in CNY=0.14") from None
