"""Routes on acts, on the law, and on what the press says: determine, check, vary, replay, law, read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from caveat.api import shapes
from caveat.api.answers import PROBLEMS, AtDesk, Known, send
from caveat.api.bodies import Strict
from caveat.api.desk import Desk
from caveat.model.answer import SCHEMA_VERSION

router = APIRouter(route_class=Strict, prefix="/v1", tags=["what does it mean?"], responses=PROBLEMS)

_TRANSACTION: dict[str, Any] = {
    "date": "2022-02-01", "activity": "export",
    "item": {"description": "body-worn camera", "kind": "goods", "origin": "US", "location": "US", "eccn": "EAR99"},
    "destination": "CN",
    "parties": [
        {"name": "Xinjiang Sailing Information Technology Co., Ltd.", "role": "end_user", "country": "CN"}
    ],
}  # fmt: skip
_ARTICLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/plain": {
                "schema": {"type": "string"},
                "example": "The Commerce Department added Leon Technology to the Entity List on July 12, 2021.",
            },
            "text/html": {"schema": {"type": "string"}},
            "text/markdown": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
Transaction = Annotated[
    dict[str, Any],
    Body(openapi_examples={"an export": {"summary": "A body-worn camera to a listed party", "value": _TRANSACTION}}),
]


@router.post("/determine", response_model=shapes.DeterminationOut, summary="What it means for one act")
async def determine(desk: AtDesk, transaction: Transaction, known: Known = None) -> Response:
    """All findings, one a program and party that matters; what is missing, and what each answer would change."""
    return send(await desk.ask("determine", transaction, known=known))


@router.post("/check", response_model=shapes.DeterminationOut, summary="The one-line form of determine")
async def check(desk: AtDesk, asked: shapes.CheckQuery) -> Response:
    """One party, one item, one day."""
    return send(await desk.ask("determine", transaction_of(desk, asked), known=asked.known))


@router.post("/replay", summary="Run a stored determination again")
async def replay(desk: AtDesk, stored: Annotated[dict[str, Any], Body()], known: Known = None) -> Response:
    """Whether it is the same to the byte on its own basis, and what differs; with `known`, by what was known then."""
    return send(await desk.ask("replay", stored, known=known))


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


@router.post("/vary", summary="Where the outcome changes as one fact changes")
async def vary(desk: AtDesk, asked: shapes.VaryQuery) -> Response:
    """Each change (`date=2021-07-01:2021-07-20`, `item.eccn=EAR99,3A991`) told as the steps of its outcome."""
    rows = [(await desk.ask("vary", asked.transaction, c, known=asked.known)).to_dict() for c in asked.changes]
    return send({"schema_version": SCHEMA_VERSION, "varied": rows})


@router.get("/law/check", tags=["what does the law say?"], summary="Faults in the law as it ships")
async def law_check(desk: AtDesk) -> Response:
    """What is uncited, undated, overlapping or said twice; none is expected."""
    return send(await desk.ask("law_check"))


@router.get("/law/{parameter}", tags=["what does the law say?"], summary="The history of one parameter")
async def law_show(
    desk: AtDesk, parameter: Annotated[str, Path(max_length=200, examples=["ear.affiliates.share"])]
) -> Response:
    """Each value with its days, citation and quote."""
    return send(await desk.ask("law_show", parameter))


@router.post(
    "/read", openapi_extra=_ARTICLE, tags=["what does the press say?"],
    summary="What an article claims, each claim with its place in the text",
)  # fmt: skip
async def read(
    request: Request, desk: AtDesk, reconcile: bool = False,
    published: Annotated[str | None, Query(max_length=32, description="The article's day, where it has none")] = None,
) -> Response:  # fmt: skip
    """Text, Markdown, HTML or PDF in the body; with `reconcile`, each claim is held against the record."""
    raw = await request.body()
    day = desk.app.as_of(published).in_force if published else None
    return send(await desk.ask("read", raw, reconciled=reconcile, published=day))
