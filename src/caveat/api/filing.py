"""Routes for files: upload, watch the progress, filter the results, download them as JSON lines, CSV or XLSX."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, StreamingResponse

from caveat.api import shapes
from caveat.api.answers import PROBLEMS, AtDesk, clocks, send
from caveat.api.bodies import Strict
from caveat.api.encoding import to_json
from caveat.api.jobs import COLUMNS, Jobs
from caveat.errors import MissingPartError

router = APIRouter(route_class=Strict, prefix="/v1/jobs", tags=["files"], responses=PROBLEMS)

_EVERY = 0.5
Status = Literal["hits", "no_hit", "error"]


def jobs_of(request: Request) -> Jobs:
    """The worker's jobs."""
    jobs = request.app.state.jobs
    assert isinstance(jobs, Jobs)
    return jobs


@router.post("", status_code=202, response_model=shapes.JobOut, summary="Screen a file")
async def begin(
    request: Request, desk: AtDesk, file: Annotated[UploadFile, File()],
    lists: Annotated[list[str], Form()] = [],  # noqa: B006
    limit: Annotated[int, Form(ge=1, le=100)] = 10, threshold: Annotated[float | None, Form(ge=0, le=1)] = None,
    as_of: Annotated[str | None, Form(max_length=32)] = None,
) -> Response:  # fmt: skip
    """CSV, TSV, XLSX, Parquet or JSON lines with at least a column `name`."""
    moment = clocks(desk, as_of, None)
    job = await jobs_of(request).take(
        file, request.state.caller.id, as_of=moment, lists=tuple(x for x in lists if x), limit=limit,
        threshold=threshold,
    )  # fmt: skip
    return send(job, 202, {"Location": f"/v1/jobs/{job['id']}"})


@router.get("", summary="Your files")
async def jobs(request: Request) -> Response:
    """The caller's jobs, newest first."""
    return send({"jobs": jobs_of(request).all(request.state.caller.id)})


@router.get("/{job}", response_model=shapes.JobOut, summary="How far a file is screened")
async def state(request: Request, job: str) -> Response:
    """Rows taken, of which with hits, and rejected."""
    return send(jobs_of(request).state(job, request.state.caller.id))


@router.delete("/{job}", status_code=204, summary="Remove a file and its results")
async def drop(request: Request, job: str) -> Response:
    """Nothing of it stays."""
    jobs_of(request).drop(job, request.state.caller.id)
    return Response(status_code=204)


@router.get("/{job}/events", response_class=StreamingResponse, summary="Progress as server-sent events")
async def events(request: Request, job: str) -> Response:
    """One event whenever the state changes, until the job is done or failed."""
    jobs, owner = jobs_of(request), request.state.caller.id
    jobs.state(job, owner)

    async def told() -> AsyncIterator[bytes]:
        last: dict[str, Any] = {}
        while True:
            now = jobs.state(job, owner)
            if now != last:
                yield b"data: " + to_json(now) + b"\n\n"
                last = now
            if now["state"] in ("done", "failed"):
                return
            await asyncio.sleep(_EVERY)

    return StreamingResponse(told(), media_type="text/event-stream")


@router.get("/{job}/rows", summary="A page of results")
async def rows(
    request: Request, desk: AtDesk, job: str, status: Status | None = None,
    list_id: Annotated[str | None, Query(alias="list", max_length=300)] = None,
    q: Annotated[str | None, Query(max_length=300)] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:  # fmt: skip
    """One row a hit, and one for each query without; filtered by status, list and words."""
    found = jobs_of(request).rows(job, request.state.caller.id, status=status, list_id=list_id, text=q)
    some = await desk.do(lambda: list(islice(found, offset, offset + limit + 1)))
    return send({"rows": some[:limit], "offset": offset, "limit": limit, "more": len(some) > limit})


@router.get("/{job}/download", response_class=FileResponse, summary="All results as a file")
async def download(
    request: Request, desk: AtDesk, job: str, form: Literal["jsonl", "csv", "xlsx"] = "jsonl",
    status: Status | None = None, list_id: Annotated[str | None, Query(alias="list", max_length=300)] = None,
    q: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:  # fmt: skip
    """JSON lines hold the answers whole; CSV and XLSX one row a hit, filtered as the table is."""
    owner = request.state.caller.id
    jobs = jobs_of(request)
    name = f'attachment; filename="caveat-{job[:8]}.{form}"'
    if form == "jsonl":
        return FileResponse(jobs.answers(job, owner), media_type="application/x-ndjson",
                            headers={"Content-Disposition": name})  # fmt: skip
    found = jobs.rows(job, owner, status=status, list_id=list_id, text=q)
    make, media = (_csv, "text/csv; charset=utf-8") if form == "csv" else (
        _xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )  # fmt: skip
    return Response(await desk.do(lambda: make(found)), 200, {"Content-Disposition": name}, media)


def _csv(rows: Iterator[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    out.write("\ufeff")  # spreadsheets take CSV for Latin-1 without it
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_harmless(row[c]) for c in COLUMNS])
    return out.getvalue().encode("utf-8", "replace")


def _harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _xlsx(rows: Iterator[dict[str, Any]]) -> bytes:
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise MissingPartError("XLSX needs xlsxwriter", do="pip install 'caveat[serve]', or ask for csv") from None
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("results")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.freeze_panes(1, 0)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, name in enumerate(COLUMNS):
                value = row[name]
                if isinstance(value, int | float):
                    sheet.write_number(last, column, value)
                elif value is not None:
                    sheet.write_string(last, column, str(value)[:32_000])
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        sheet.set_column(1, 1, 32)
        sheet.set_column(7, 8, 40)
    return out.getvalue()
