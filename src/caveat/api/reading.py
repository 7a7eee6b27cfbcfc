"""Routes on the ledger: lists, show, history, changes, disagreements, verify, refresh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from caveat.api import shapes
from caveat.api.answers import NDJSON, PROBLEMS, AtDesk, InForce, Known, clocks, is_known, page, send, stream, tag
from caveat.api.answers import unchanged as not_changed
from caveat.api.bodies import Strict
from caveat.api.desk import Desk
from caveat.api.uploads import receive_file, sweep

router = APIRouter(route_class=Strict, prefix="/v1", tags=["what do the lists say?"], responses=PROBLEMS)

_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string"}}
            for media in ("text/csv", "application/json", "application/xml", "text/html", "application/octet-stream")
        },
    }
}
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The answer the client holds still stands"}}
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=5000)]


async def _told(request: Request, desk: Desk, method: str, *args: Any) -> Response:
    headers = tag(request, desk)
    if is_known(request, headers):
        return not_changed(headers)
    return send(await desk.recall(method, *args), headers=headers)


@router.get("/lists", response_model=shapes.ListsOut, responses=_UNCHANGED, summary="Coverage")
async def lists(request: Request, desk: AtDesk, as_of: InForce = None, known: Known = None) -> Response:
    """Every list known: entries in force, date, age, hash, whether overdue; and which lists are not loaded."""
    return await _told(request, desk, "lists", clocks(desk, as_of, known))


@router.get("/show/{entry:path}", response_model=shapes.EntryOut, responses=_UNCHANGED, summary="One entry")
async def show(request: Request, entry: str, desk: AtDesk, as_of: InForce = None, known: Known = None) -> Response:
    """One entry by its id, or a party by its listed name in full, with what each list calls it."""
    return await _told(request, desk, "show", entry, clocks(desk, as_of, known))


@router.get("/history/{entry:path}", response_model=shapes.HistoryOut, responses=_UNCHANGED, summary="An entry's life")
async def history(request: Request, entry: str, desk: AtDesk, known: Known = None) -> Response:
    """Added, amended with each difference, removed; and what each list called the same party."""
    return await _told(request, desk, "history", entry, known)


@router.get("/changes", response_model=shapes.ChangesOut, responses=_UNCHANGED, summary="What changed")
async def changes(
    request: Request, desk: AtDesk,
    start: Annotated[str, Query(alias="from", max_length=32, examples=["2021-11-23"])],
    end: Annotated[str, Query(alias="to", max_length=32, examples=["2021-12-10"])],
    list_id: Annotated[str | None, Query(alias="list", max_length=300)] = None,
    offset: Offset = 0, limit: Limit = 1000,
) -> Response:  # fmt: skip
    """What was added, amended and removed between two moments (days stand for their end)."""
    headers = tag(request, desk)
    if is_known(request, headers):
        return not_changed(headers)
    answer = (await desk.recall("changes", start, end, list_id)).to_dict()
    part, links = page(request, answer, "changes", offset, limit)
    return send(part, headers={**headers, **links})


@router.get("/disagreements/{list_id}", responses=_UNCHANGED, summary="Where two publishers differ")
async def disagreements(
    request: Request, list_id: str, desk: AtDesk, as_of: InForce = None, known: Known = None,
    offset: Offset = 0, limit: Limit = 1000,
) -> Response:  # fmt: skip
    """Where a list's own publisher and the consolidated list state one entry differently."""
    headers = tag(request, desk)
    if is_known(request, headers):
        return not_changed(headers)
    answer = (await desk.recall("disagreements", list_id, clocks(desk, as_of, known))).to_dict()
    part, links = page(request, answer, "disagreements", offset, limit)
    return send(part, headers={**headers, **links})


@router.get("/verify", summary="Every kept file against its hash")
async def verify(desk: AtDesk) -> Response:
    """Read the whole ledger again and give its digest; `broken` names what does not hold."""
    return send(await desk.ask("verify"))


@router.post(
    "/refresh", response_class=StreamingResponse, summary="Fetch lists from their publishers",
    responses={200: {"description": "One report a line", "content": {NDJSON: {}}}},
)  # fmt: skip
async def refresh(desk: AtDesk, asked: shapes.RefreshQuery) -> StreamingResponse:
    """One report a list, as it is read; a refused list keeps its last good state. Needs the scope `admin`."""
    for list_id in asked.lists:
        _ = desk.app.catalog[list_id]

    def reports() -> Iterator[Any]:
        return iter(desk.app.refresh(asked.lists))

    return stream(desk.each(reports))


@router.post(
    "/refresh/file", response_class=StreamingResponse, summary="Read a publisher's file", openapi_extra=_FILE,
    responses={200: {"description": "One report a line", "content": {NDJSON: {}}}},
)  # fmt: skip
async def refresh_file(
    request: Request, desk: AtDesk, lists: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
    published: Annotated[str | None, Query(max_length=32, description="The file's date, where it has none")] = None,
    accept: Annotated[bool, Query(description="Take a list although it shrank beyond its bound")] = False,
    extract: Annotated[bool, Query(description="The file is a part of the list: it removes nothing")] = False,
) -> StreamingResponse:  # fmt: skip
    """The file in the body, as its publisher gives it out; list and form are told from it. Needs the scope `admin`."""
    if published:
        desk.app.as_of(None, published)  # a day there is not is refused before the file is read
    path = await receive_file(request, request.app.state.settings, any_form=True)

    def reports() -> Iterator[Any]:
        return iter(desk.app.refresh(lists, path=path, published=published, accept=accept, extract=extract))

    answer = stream(desk.each(reports))
    answer.background = BackgroundTask(sweep, path)
    return answer
