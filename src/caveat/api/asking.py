"""Routes that ask who a party is: screen, compare, confirm, reject, receipt."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from caveat.api import shapes
from caveat.api.answers import NDJSON, PROBLEMS, AtDesk, InForce, Known, clocks, send, stream
from caveat.api.bodies import Strict
from caveat.api.desk import Desk
from caveat.api.uploads import receive_file, sweep
from caveat.app import Query as Party
from caveat.errors import CaveatError, InputError

router = APIRouter(route_class=Strict, prefix="/v1", tags=["who is this?"], responses=PROBLEMS)

_ROWS = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {"schema": {"type": "string"}, "example": '{"id":"1","name":"Hikvison Digital"}\n'},
            "text/csv": {"schema": {"type": "string"}, "example": "id,name,country\n1,Hikvison Digital,CN\n"},
            "text/tab-separated-values": {"schema": {"type": "string"}},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                "schema": {"type": "string", "format": "binary"}
            },
        },
    }
}
_PAIRS = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "kind,name1,name2\norganization,Dahua Technology,DAHUA ELECTRONICS CORPORATION\n",
            }
        },
    }
}
_LINES: dict[int | str, dict[str, Any]] = {
    200: {"description": "One answer a line, in the order of the rows", "content": {NDJSON: {}}}
}


def party(asked: shapes.ScreenQuery) -> Party:
    """The party as the app takes it; its kind chooses among the hits, as with the command."""
    return Party(
        asked.name, id=asked.id, country=asked.country.upper() if asked.country else None,
        address=asked.address, city=asked.city, birth_date=asked.birth_date, identifiers=tuple(asked.identifiers),
        aliases=tuple(asked.aliases),
    )  # fmt: skip


async def screened(desk: Desk, asked: shapes.ScreenQuery) -> Any:
    """The answer to one query."""
    as_of = clocks(desk, asked.as_of, asked.known)
    return await desk.ask(
        "screen", party(asked), as_of=as_of, lists=tuple(asked.lists), limit=asked.limit,
        threshold=asked.threshold, kind=asked.kind, near=asked.near,
    )  # fmt: skip


@router.get("/screen", response_model=shapes.ScreenOut, summary="Screen one name")
async def screen(desk: AtDesk, asked: Annotated[shapes.ScreenQuery, Query()]) -> Response:
    """The entries in force that the party may be, best first, each with its evidence."""
    return send(await screened(desk, asked))


@router.post("/screen", response_model=shapes.ScreenOut, summary="Screen one party")
async def screen_post(desk: AtDesk, asked: shapes.ScreenQuery) -> Response:
    """As GET, with nothing of the party in the address (and so in no proxy's log)."""
    return send(await screened(desk, asked))


@router.post("/screen/batch", response_class=StreamingResponse, responses=_LINES, openapi_extra=_ROWS)
async def screen_batch(
    request: Request, desk: AtDesk, lists: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=100)] = 10, threshold: Annotated[float | None, Query(ge=0, le=1)] = None,
    as_of: InForce = None, known: Known = None,
) -> StreamingResponse:  # fmt: skip
    """Many parties (CSV, TSV, XLSX or JSON lines in the body), one answer a line as they are made, in order."""
    moment = clocks(desk, as_of, known)
    path = await receive_file(request, request.app.state.settings)
    options: dict[str, Any] = {"as_of": moment, "lists": tuple(lists), "limit": limit, "threshold": threshold}

    def answers() -> Iterator[Any]:
        return desk.app.screen_each(desk.app.queries(path), **options)

    answer = stream(desk.each(answers))
    answer.background = BackgroundTask(sweep, path)
    return answer


@router.get("/compare", response_model=shapes.CompareOut, summary="Compare two names")
async def compare(desk: AtDesk, asked: Annotated[shapes.CompareQuery, Query()]) -> Response:
    """One name against another, with the evidence."""
    return send(await desk.ask("compare", asked.name1, asked.name2, asked.kind))


@router.post("/compare", response_class=StreamingResponse, responses=_LINES, summary="Compare many pairs of names")
async def compare_many(desk: AtDesk, asked: list[shapes.CompareQuery]) -> StreamingResponse:
    """One answer a line, in the order given; at most 1,000 pairs."""
    if len(asked) > 1000:
        raise InputError(f"{len(asked)} pairs are too many", do="send at most 1,000 a request")
    return stream(desk.each(lambda: (desk.app.compare(p.name1, p.name2, p.kind) for p in asked)))


@router.post(
    "/compare/pairs", response_class=StreamingResponse, responses=_LINES, openapi_extra=_PAIRS,
    summary="Compare the pairs of a CSV",
)  # fmt: skip
async def compare_pairs(request: Request, desk: AtDesk) -> StreamingResponse:
    """Each row (columns `kind,name1,name2`, others are passed through) with its `score` and `verdict`, in order."""
    path = await receive_file(request, request.app.state.settings)
    rows = desk.app.compare_pairs(path)
    try:
        first = await desk.do(lambda: list(islice(rows, 1)))  # a file without the columns is refused as a whole
    except CaveatError:
        sweep(path)
        raise
    answer = stream(desk.each(lambda: chain(first, rows)))
    answer.background = BackgroundTask(sweep, path)
    return answer


@router.post("/confirm", summary="Keep a person's word that a hit is the party")
async def confirm(request: Request, desk: AtDesk, word: shapes.WordQuery) -> Response:
    """Kept with who, when, and both records as they stood. Needs the scope `write`."""
    return await _keep(request, desk, "confirm", word)


@router.post("/reject", summary="Keep a person's word that a hit is somebody else")
async def reject(request: Request, desk: AtDesk, word: shapes.WordQuery) -> Response:
    """Kept with who, when, and both records as they stood. Needs the scope `write`."""
    return await _keep(request, desk, "reject", word)


async def _keep(request: Request, desk: Desk, verb: str, word: shapes.WordQuery) -> Response:
    asked = Party(word.query, country=word.country.upper() if word.country else None)
    caller = request.state.caller.id
    who = word.who if caller == "token" else f"{word.who or 'unnamed'} (key {caller})"
    return send(await desk.ask(verb, asked, word.entry, word.why, who))


@router.post("/receipt", response_class=FileResponse, summary="A dated receipt of one answer")
async def receipt(request: Request, desk: AtDesk, asked: shapes.ReceiptQuery) -> Response:
    """The answer with its evidence and the lists it rests on, hashed and dated, as JSON or PDF."""
    answer = await screened(desk, asked)
    folder = request.app.state.settings.folder
    with tempfile.TemporaryDirectory(dir=folder or None) as place:
        path = Path(place) / f"receipt.{asked.form}"
        await desk.ask("receipt", answer, path)
        content = path.read_bytes()
    media = "application/pdf" if asked.form == "pdf" else "application/json"
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="caveat-receipt.{asked.form}"'}, media)
