"""Files that callers send: received in pieces into a private folder, named by us, removed when done."""

from __future__ import annotations

import secrets
from pathlib import Path

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from caveat.api.settings import Settings
from caveat.errors import InputError

_ENDINGS = {
    "application/x-ndjson": ".jsonl", "application/jsonl": ".jsonl", "application/x-jsonlines": ".jsonl",
    "text/csv": ".csv", "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.apache.parquet": ".parquet",
}  # fmt: skip
#: Files whose reader tells the form from the content.
_OTHERS = {
    "application/json": ".json", "application/xml": ".xml", "text/xml": ".xml", "text/html": ".html",
    "text/plain": ".txt", "application/pdf": ".pdf", "application/gzip": ".gz", "application/zip": ".zip",
    "application/octet-stream": ".bin",
}  # fmt: skip
ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".xlsx", ".xls", ".ods", ".parquet")


async def receive_file(request: Request, settings: Settings, *, any_form: bool = False) -> Path:
    """Keep the body of a request as a file, with the ending its media type calls for.

    With `any_form`, also the forms in which publishers give out lists and edges.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    endings = {**_ENDINGS, **_OTHERS} if any_form else _ENDINGS
    if media not in endings:
        raise HTTPException(415, f"{media or 'no media type'!r} is not read; send {', '.join(sorted(endings))}")
    path = new_path(settings, endings[media])
    with path.open("wb") as stream:
        async for piece in request.stream():
            stream.write(piece)
    return path


async def keep_upload(upload: UploadFile, settings: Settings) -> Path:
    """Keep an uploaded file under a name of ours."""
    ending = Path(upload.filename or "").suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"{ending or 'a file without ending'} is not read", do=f"use {', '.join(ENDINGS)}")
    path = new_path(settings, ending)
    with path.open("wb") as stream:
        while piece := await upload.read(2**20):
            stream.write(piece)
    return path


def new_path(settings: Settings, ending: str) -> Path:
    """An unused path in the private folder."""
    return Path(settings.folder) / f"{secrets.token_hex(12)}{ending}"


def sweep(*paths: Path) -> None:
    """Remove files that are no longer needed."""
    for path in paths:
        path.unlink(missing_ok=True)
