"""Pages on the lists themselves: what changed between two days, and coverage."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from caveat.web import strip
from caveat.web.asking import desk_of
from caveat.web.render import page

_PAGE = 100
Text = Annotated[str, Query(max_length=300)]


def hang(router: APIRouter) -> None:
    """Hang these pages on the site."""
    router.add_api_route("/changes", changes, methods=["GET"])
    router.add_api_route("/coverage", coverage, methods=["GET"])


async def changes(
    request: Request, start: Annotated[str, Query(alias="from", max_length=32)] = "",
    end: Annotated[str, Query(alias="to", max_length=32)] = "", list: Text = "", kind: Text = "",  # noqa: A002
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:  # fmt: skip
    """What was added, amended and removed between two days."""
    desk = desk_of(request)
    today = desk.app.today()
    form = {
        "from": start or (today - dt.timedelta(days=90)).isoformat(), "to": end or today.isoformat(), "list": list,
        "kind": kind,
    }  # fmt: skip
    lists = await desk.recall("lists", desk.app.as_of())
    answer = (await desk.recall("changes", form["from"], form["to"], list or None)).to_dict()
    found = [c for c in answer["changes"] if not kind or c["kind"] == kind]
    found.sort(key=lambda c: c["on"], reverse=True)
    return page(
        request, "changes.html", answer=answer, form=form, lists=lists["lists"], total=len(found), offset=offset,
        rows=found[offset : offset + _PAGE], size=_PAGE, drawn=strip.draw(found, form["from"], form["to"]),
        titles={r["list"]: r["title"] for r in lists["lists"]},
    )  # fmt: skip


async def coverage(request: Request, as_of: Text = "", known: Text = "") -> Response:
    """Every list known: entries in force, date, age; and what is not loaded."""
    desk = desk_of(request)
    clocks = desk.app.as_of(as_of or None, known or None)
    answer = (await desk.recall("lists", clocks)).to_dict()
    return page(request, "coverage.html", answer=answer, form={"as_of": as_of, "known": known})
