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
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {"image/svg+xml": {}, "image/png": {}}}
}
#: Layouts of edges: how a file of it ends, and its media type.
_LAYOUTS = {
    "csv": (".csv", "text/csv; charset=utf-8"), "bods": (".json", "application/json"),
    "ftm": (".jsonl", "application/x-ndjson"), "gleif": (".csv", "text/csv; charset=utf-8"),
    "psc": (".jsonl", "application/x-ndjson"),
}  # fmt: skip
_WRITTEN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {media.partition(";")[0]: {} for _, media in _LAYOUTS.values()}}
}
#: A picture is an image of its own, in which nothing runs.
SEALED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
Words = Annotated[list[str], Query(max_length=50)]


@router.get("/own/{party:path}", summary="Who owns it, and what it owns")
async def own(
    desk: AtDesk, party: str, if_listed: Words = [], as_of: InForce = None, known: Known = None,  # noqa: B006
) -> Response:  # fmt: skip
    """Ownership up and down by name, id or scheme:number: aggregate shares with ranges, the paths told in words.

    `if_listed` counts further parties as restricted owners: what would hold if they were listed.
    """
    return send(await desk.ask("own", party, if_listed=if_listed, as_of=clocks(desk, as_of, known)))


@router.get("/exposure/{party:path}", summary="Reliance on suppliers")
async def exposure(
    desk: AtDesk, party: str, country: Words = [], supplier: Words = [], rate: Words = [],  # noqa: B006
    portfolio: Words = [], as_of: InForce = None, known: Known = None,  # noqa: B006
) -> Response:  # fmt: skip
    """How far a party relies on suppliers of a country (default US) or on named ones, with error bars.

    `rate` gives currencies in one common currency, as CNY=0.14. `portfolio` names counterparties, and the answer
    tells whom of them a listing of the party would touch; for more than 50, see `/v1/blast`.
    """
    answer = await desk.ask(
        "exposure", party, countries=country, suppliers=supplier, rates=_rates(rate), portfolio=portfolio,
        as_of=clocks(desk, as_of, known),
    )  # fmt: skip
    return send(answer)


@router.get("/trace", summary="Several products back to origin")
async def trace_all(
    desk: AtDesk, product: Words = [], as_of: InForce = None, known: Known = None,  # noqa: B006
) -> Response:  # fmt: skip
    """Products traced in one go (none named: every finished product of the kept edges), worst first."""
    return send(await desk.ask("trace_all", product, as_of=clocks(desk, as_of, known)))


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
    desk: AtDesk, kind: Literal["own", "exposure", "trace"], party: str, form: Literal["svg", "png"] = "svg",
    theme: Literal["light", "dark"] = "light", as_of: InForce = None, known: Known = None,
) -> Response:  # fmt: skip
    """Ownership, supply or origin of a party as SVG or PNG, for a light page or a dark one."""
    moment = clocks(desk, as_of, known)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"picture.{form}"
        await desk.ask("picture", kind, party, path, theme=theme, as_of=moment)
        content = path.read_bytes()
    media = "image/png" if form == "png" else "image/svg+xml"
    return Response(content, 200, {**SEALED, "Cache-Control": "private, max-age=60"}, media)


@router.get("/edges", response_class=Response, responses=_WRITTEN, summary="The kept edges as a file")
async def write_edges(
    desk: AtDesk, layout: Literal["csv", "bods", "ftm", "gleif", "psc"] = "csv",
    dataset: Annotated[str | None, Query(max_length=100, description="Only of this running file")] = None,
) -> Response:  # fmt: skip
    """Every edge that was loaded, as CSV, BODS 0.4, FollowTheMoney JSON lines, GLEIF level 2 (CSV) or PSC.

    `X-Edges` and `X-Left-Out` count what was written, and what has no place in the layout.
    """
    ending, media = _LAYOUTS[layout]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"edges{ending}"
        told = await desk.ask("write_edges", path, layout, dataset=dataset)
        content = path.read_bytes()
    headers = {
        "Content-Disposition": f'attachment; filename="caveat-edges{ending}"', "X-Edges": str(told["edges"]),
        "X-Left-Out": str(told["left_out"]),
    }  # fmt: skip
    return Response(content, 200, headers, media)


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
