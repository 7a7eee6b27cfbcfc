"""Pages for customer files: upload, progress, the table of results."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from caveat.errors import InputError
from caveat.web.asking import caller_of, desk_of, jobs_of
from caveat.web.render import page

_PAGE = 50
Text = Annotated[str, Query(max_length=300)]


def hang(router: APIRouter) -> None:
    """Hang these pages on the site."""
    router.add_api_route("/upload", files, methods=["GET"])
    router.add_api_route("/upload", begin, methods=["POST"])
    router.add_api_route("/upload/{job}", file, methods=["GET"])
    router.add_api_route("/upload/{job}/drop", drop, methods=["POST"])


async def files(request: Request) -> Response:
    """The form, and the caller's files."""
    return page(request, "files.html", jobs=jobs_of(request).all(caller_of(request)))


async def begin(request: Request) -> Response:
    """Take a file and go to its page."""
    desk = desk_of(request)
    async with request.form(max_files=1, max_fields=10) as form:
        upload = form.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            raise InputError("no file was chosen", where="file", do="choose a CSV, TSV, XLSX, Parquet or JSONL file")
        job = await jobs_of(request).take(upload, caller_of(request), as_of=desk.app.as_of())
    return RedirectResponse(f"/upload/{job['id']}", 303)


async def file(
    request: Request, job: str, status: Text = "", list: Text = "", q: Text = "",  # noqa: A002
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:  # fmt: skip
    """How far it is; and once it is done, its results."""
    desk, jobs, owner = desk_of(request), jobs_of(request), caller_of(request)
    state = jobs.state(job, owner)
    rows = []
    if state["state"] == "done":
        found = jobs.rows(job, owner, status=status or None, list_id=list or None, text=q or None)
        rows = await desk.do(lambda: [*islice(found, offset, offset + _PAGE + 1)])
    lists = await desk.recall("lists", desk.app.as_of())
    form = {"status": status, "list": list, "q": q}
    return page(
        request, "file.html", job=state, rows=rows[:_PAGE], more=len(rows) > _PAGE, offset=offset, size=_PAGE,
        form=form, lists=lists["lists"], titles={r["list"]: r["title"] for r in lists["lists"]},
    )  # fmt: skip


async def drop(request: Request, job: str) -> Response:
    """Remove a file and its results."""
    jobs_of(request).drop(job, caller_of(request))
    return RedirectResponse("/upload", 303)
