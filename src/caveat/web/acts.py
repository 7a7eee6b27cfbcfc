"""The page of an act: a short form, the determination, and the questions still open, to be answered in place."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from caveat.errors import InputError
from caveat.model import ACTIVITIES, ITEM_KINDS, ROLES
from caveat.web import form
from caveat.web.asking import desk_of
from caveat.web.render import page

_MOST_FIELDS = 200


def hang(router: APIRouter) -> None:
    """Hang these pages on the site."""
    router.add_api_route("/act", blank, methods=["GET"])
    router.add_api_route("/act", judged, methods=["POST"])
    router.add_api_route("/act/answer", judged, methods=["POST"], name="part")


async def blank(
    request: Request, party: Annotated[str, Query(max_length=1000)] = "",
    entry_id: Annotated[str, Query(max_length=300)] = "", country: Annotated[str, Query(max_length=2)] = "",
) -> Response:  # fmt: skip
    """The form, filled with the party one came from."""
    today = desk_of(request).app.today().isoformat()
    given = {
        "party": party, "entry_id": entry_id, "country": country, "date": today, "activity": "export",
        "role": "end_user", "item_kind": "goods",
    }  # fmt: skip
    return _page(request, given, None, None)


async def judged(request: Request) -> Response:
    """The determination under the form, with what each open answer would change."""
    filled = await request.form(max_fields=_MOST_FIELDS, max_files=0)
    given = {str(k): str(v) for k, v in filled.items()}
    try:
        transaction = form.transaction(given)
        answer = (await desk_of(request).ask("determine", transaction)).to_dict()
    except InputError as error:
        return _page(request, given, None, error, 400)
    return _page(request, given, answer, None)


def _page(
    request: Request, given: dict[str, str], answer: dict[str, Any] | None, error: InputError | None, status: int = 200
) -> Response:
    facts = {k.removeprefix("fact."): v for k, v in given.items() if k.startswith("fact.") and v.strip()}
    inline = request.url.path != "/act"  # the answer alone, for a page that holds the form
    return page(
        request, "answer.html" if inline else "act.html", status, inline=inline,
        given={**dict.fromkeys(form.FIELDS, ""), **given}, facts=facts, answer=answer, error=error,
        activities=ACTIVITIES, roles=ROLES, item_kinds=ITEM_KINDS, questions=form.questions(answer) if answer else [],
    )  # fmt: skip
