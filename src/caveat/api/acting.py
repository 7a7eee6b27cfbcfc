"""Routes on acts: determine, check, replay; and, where the app can, read, own, exposure and trace."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from caveat.api import shapes
from caveat.api.answers import PROBLEMS, AtDesk, Known, clocks, send
from caveat.api.desk import Desk
from caveat.errors import InputError

router = APIRouter(prefix="/v1", tags=["what does it mean?"], responses=PROBLEMS)

#: Deeper JSON than any transaction needs only costs time.
_DEEPEST = 40
_TRANSACTION: dict[str, Any] = {
    "date": "2022-02-01", "activity": "export",
    "item": {"description": "body-worn camera", "kind": "goods", "origin": "US", "location": "US", "eccn": "EAR99"},
    "destination": "CN",
    "parties": [
        {"name": "Xinjiang Sailing Information Technology Co., Ltd.", "role": "end_user", "country": "CN"}
    ],
}  # fmt: skip
Transaction = Annotated[
    dict[str, Any],
    Body(openapi_examples={"an export": {"summary": "A body-worn camera to a listed party", "value": _TRANSACTION}}),
]


@router.post("/determine", response_model=shapes.DeterminationOut, summary="What it means for one act")
async def determine(desk: AtDesk, transaction: Transaction, known: Known = None) -> Response:
    """All findings, one a program and party that matters; what is missing, and what each answer would change."""
    check_depth(transaction)
    return send(await desk.ask("determine", transaction, known=known))


@router.post("/check", response_model=shapes.DeterminationOut, summary="The one-line form of determine")
async def check(desk: AtDesk, asked: shapes.CheckQuery) -> Response:
    """One party, one item, one day."""
    return send(await desk.ask("determine", transaction_of(desk, asked), known=asked.known))


@router.post("/replay", summary="Run a stored determination again")
async def replay(desk: AtDesk, stored: Annotated[dict[str, Any], Body()]) -> Response:
    """Whether it is the same to the byte on its own basis, and what differs."""
    check_depth(stored)
    return send(await desk.ask("replay", stored))


def transaction_of(desk: Desk, asked: shapes.CheckQuery) -> dict[str, Any]:
    """The transaction that a one-line question stands for."""
    item = {"eccn": asked.eccn, "origin": asked.origin, "location": asked.location}
    who = {"name": asked.name, "role": asked.role, "country": asked.country, "entry_id": asked.entry_id}
    given: dict[str, Any] = {
        "date": asked.date or desk.app.today().isoformat(),
        "activity": asked.activity,
        "item": {k: v for k, v in item.items() if v is not None},
        "parties": [{k: v for k, v in who.items() if v is not None}],
    }
    if asked.destination:
        given["destination"] = asked.destination
    if asked.us_person is not None:
        given["actor"] = {"us_person": asked.us_person}
    return given


def check_depth(value: Any, depth: int = 0) -> None:
    """InputError where a value is nested deeper than any question needs."""
    if depth > _DEEPEST:
        raise InputError(f"is nested deeper than {_DEEPEST} levels", where="request body")
    if isinstance(value, dict):
        for part in value.values():
            check_depth(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            check_depth(part, depth + 1)


def register_later(site_router: APIRouter, can: Any) -> None:
    """Hang the routes of parts that this app may not have: the graph's and the news'."""
    for method, what in (
        ("own", "Ownership up and down, aggregate shares, the path told in words"),
        ("exposure", "Reliance on suppliers of a country, and the blast radius of a listing"),
        ("trace", "A product's inputs back to origin, with what is not evidenced"),
    ):
        if callable(getattr(can, method, None)):
            site_router.add_api_route(
                f"/v1/{method}/{{party:path}}", _graph(method), methods=["GET"], summary=what, name=method,
                description="By the party's or product's name, or an entry id, over the edges that were loaded.",
                tags=["who owns, who supplies?"], responses=PROBLEMS,
            )  # fmt: skip
    if callable(getattr(can, "read", None)):
        site_router.add_api_route(
            "/v1/read", _read, methods=["POST"], tags=["what does the press say?"], responses=PROBLEMS,
            summary="Events and statements of an article, each with its place in the text",
            openapi_extra={"requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}}},
        )  # fmt: skip


def _graph(method: str) -> Any:
    async def answer(desk: AtDesk, party: str, as_of: Annotated[str | None, Query(max_length=32)] = None) -> Response:
        return send(await desk.ask(method, party, **({"as_of": clocks(desk, as_of, None)} if as_of else {})))

    return answer


async def _read(request: Request, desk: AtDesk, reconcile: bool = False) -> Response:
    """The body is the article, as plain text in UTF-8."""
    raw = await request.body()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", where="request body", do="send text/plain; charset=utf-8") from None
    return send(await desk.ask("read", text, reconciled=reconcile))


def parse_json(raw: bytes) -> Any:
    """A JSON body that no model describes; InputError where it is none."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON ({error})", where="request body") from None
    check_depth(value)
    return value
