"""The page of an article: its claims marked in the text, and the record beside each."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response

from caveat.errors import InputError
from caveat.web.asking import desk_of
from caveat.web.marking import claims_in, mark
from caveat.web.render import page

_LONGEST = 200_000
_ready: set[asyncio.Task[Any]] = set()


def hang(router: APIRouter) -> None:
    """Hang these pages on the site."""
    router.add_api_route("/article", blank, methods=["GET"])
    router.add_api_route("/article", read, methods=["POST"])


async def blank(request: Request) -> Response:
    """A place to paste an article; while somebody does, the names to look for are made ready."""
    _ready.add(task := asyncio.create_task(desk_of(request).ask("names")))
    task.add_done_callback(_ready.discard)
    return page(request, "article.html", text="", pieces=[], claims=[], records={}, error=None, answer=None)


async def read(request: Request) -> Response:
    """The article as pasted, each claim marked, with what the record says of it."""
    filled = await request.form(max_fields=5, max_files=0, max_part_size=4 * _LONGEST)
    text = str(filled.get("text") or "").replace("\r\n", "\n")
    error: InputError | None = None
    claims: list[dict[str, Any]] = []
    answer: dict[str, Any] | None = None
    if not text.strip():
        error = InputError("is needed", where="text", do="paste an article")
    elif len(text) > _LONGEST:
        error = InputError(f"is longer than {_LONGEST:,} characters", where="text", do="paste one article")
    else:
        answer = (await desk_of(request).ask("read", text, reconciled=True)).to_dict()
        claims = claims_in(text, answer)
    return page(
        request,
        "article.html",
        400 if error else 200,
        text=text,
        pieces=mark(text, claims),
        claims=claims,
        records={c["number"]: c["record"] for c in claims},
        error=error,
        answer=answer,
    )
