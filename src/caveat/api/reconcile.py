"""The reconciliation protocol of OpenRefine (versions 0.1 and 0.2): names of a table against the lists.

Queries, suggestions of entities, properties and types, and columns added from what the lists say of an entity.
"""

from __future__ import annotations

from html import escape
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from caveat import __version__
from caveat.api import ftm
from caveat.api.answers import PROBLEMS, AtDesk, send
from caveat.api.bodies import Strict, parse_json
from caveat.api.desk import Desk
from caveat.api.yente import Dataset, entity, lists_in, titles_in
from caveat.errors import InputError

_PAGE: dict[int | str, dict[str, Any]] = {200: {"description": "The lines", "content": {"text/html": {}}}}
#: Another page may show the preview in a frame: nothing in it runs, loads or can be pressed.
_FRAMED = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *; sandbox"
}
#: OpenRefine asks from a page of its own. A key is still needed, and cookies do not travel with this.
_FOR_PAGES = {"Access-Control-Allow-Origin": "*"}
router = APIRouter(route_class=Strict, tags=["as OpenRefine speaks"], responses=PROBLEMS)

_MOST = 100
_SURE = 0.95
#: The least score of what is suggested while somebody still types.
_NEAR = 0.05
_TYPES = [{"id": s, "name": s} for s in ("Person", "Organization", "Company", "Vessel", "Airplane", "Address")]
_PROPERTIES = (
    "name", "alias", "country", "address", "birthDate", "nationality", "registrationNumber", "idNumber", "leiCode",
    "uscCode", "imoNumber", "passportNumber", "topics", "program",
)  # fmt: skip
#: Columns that can be added, beside the properties of the entity.
_ADDED = ("status", "effective_on", "license_requirement", "license_review_policy", "lists", "citations")


@router.get("/reconcile/{dataset}", summary="The service's manifest, or queries in the address")
async def manifest(
    request: Request, desk: AtDesk, dataset: Dataset, queries: Annotated[str | None, Query(max_length=200_000)] = None,
    extend: Annotated[str | None, Query(max_length=200_000)] = None,
) -> Response:  # fmt: skip
    """What the service does; with `queries`, the answers; with `extend`, columns for entities."""
    if queries is not None:
        return await _answer(desk, dataset, queries)
    if extend is not None:
        return await _extended(desk, dataset, extend)
    await lists_in(desk, dataset)
    root = str(request.base_url).rstrip("/")
    key = request.query_params.get("api_key")
    more = f"?{urlencode({'api_key': key})}" if key else ""

    def place(name: str) -> dict[str, str]:
        return {"service_url": root, "service_path": f"/reconcile/{dataset}/{name}{more}"}

    return _told(
        {
            "versions": ["0.1", "0.2"], "name": f"Caveat ({dataset})", "identifierSpace": f"{root}/entities/",
            "schemaSpace": "https://followthemoney.tech/reference/schemas/", "defaultTypes": _TYPES,
            "serviceVersion": __version__, "authentication": {"type": "apiKey", "name": "api_key", "in": "query"},
            "view": {"url": f"{root}/party/{{{{id}}}}"}, "batchSize": 50,
            "preview": {
                "url": f"{root}/reconcile/{dataset}/preview{more or '?'}{'&' if more else ''}id={{{{id}}}}",
                "width": 430, "height": 220,
            },
            "suggest": {name: place(f"suggest/{name}") for name in ("entity", "property", "type")},
            "extend": {"propose_properties": place("properties"), "property_settings": []},
        }
    )  # fmt: skip


@router.get("/reconcile/{dataset}/preview", response_class=Response, responses=_PAGE, summary="One entity in a frame")
async def preview(
    desk: AtDesk, dataset: Dataset, entity_id: Annotated[str, Query(alias="id", max_length=300)]
) -> Response:
    """A few lines of HTML on an entity: who it is, on which list, since when and with what consequence."""
    await lists_in(desk, dataset)
    told = await desk.entry(entity_id)
    titles = await titles_in(desk)
    lists = f"{titles.get(told['list'], told['list'])}: {told['status']} {told['effective_on'] or ''}"
    lines = [
        lists,
        "; ".join([n["text"] for n in told["names"] if n["quality"] != "primary"][:4]),
        told["license_requirement"],
        "; ".join(c["cite"] for c in told["citations"][:3]),
        "; ".join(a["text"] for a in told["addresses"][:2] if a.get("text")),
    ]
    name = escape(told["name"] or entity_id)
    rows = "".join(f"<br>{escape(text.strip())}" for text in lines if text)
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>'
    content = f"{page}<p><b>{name}</b><small>{rows}</small></p></html>"
    return Response(content.encode("utf-8", "replace"), 200, _FRAMED, "text/html; charset=utf-8")


@router.post("/reconcile/{dataset}", summary="Reconcile names")
async def reconcile(request: Request, desk: AtDesk, dataset: Dataset) -> Response:
    """A form with `queries`: JSON of the names and what else is known of them; or with `extend`: ids and properties."""
    form = await request.form(max_files=0, max_fields=10, max_part_size=2 * 2**20)
    queries, extend = form.get("queries"), form.get("extend")
    if isinstance(extend, str):
        return await _extended(desk, dataset, extend)
    if not isinstance(queries, str):
        raise InputError("is needed", where="queries", do="send a form with the field queries")
    return await _answer(desk, dataset, queries)


@router.get("/reconcile/{dataset}/suggest/entity", summary="Entities by the beginning of a name")
async def suggest_entity(
    desk: AtDesk, dataset: Dataset, prefix: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10, cursor: Annotated[int, Query(ge=0, le=400)] = 0,
) -> Response:  # fmt: skip
    """The entries that come nearest to what was typed so far."""
    lists = await lists_in(desk, dataset)
    if not prefix.strip():
        return _told({"result": []})
    answer = await desk.ask("screen", prefix, lists=tuple(lists), limit=cursor + limit, threshold=_NEAR)
    found = [
        {"id": h.entry_id, "name": h.name, "description": h.list, "notable": [_type(h.kind)]}
        for h in answer.hits[cursor:]
    ]
    return _told({"result": found})


@router.get("/reconcile/{dataset}/suggest/property", summary="Properties by the beginning of a name")
async def suggest_property(
    desk: AtDesk, dataset: Dataset, prefix: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """The properties that count for or against a candidate."""
    await lists_in(desk, dataset)
    return _told({"result": [{"id": p, "name": p} for p in _PROPERTIES if p.lower().startswith(prefix.lower())]})


@router.get("/reconcile/{dataset}/suggest/type", summary="Types by the beginning of a name")
async def suggest_type(desk: AtDesk, dataset: Dataset, prefix: Annotated[str, Query(max_length=300)] = "") -> Response:
    """The kinds of parties."""
    await lists_in(desk, dataset)
    return _told({"result": [t for t in _TYPES if t["id"].lower().startswith(prefix.lower())]})


@router.get("/reconcile/{dataset}/properties", summary="Columns that can be added")
async def properties(
    desk: AtDesk, dataset: Dataset, kind: Annotated[str, Query(alias="type", max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
) -> Response:  # fmt: skip
    """What can be fetched of an entity, for a type or for all."""
    await lists_in(desk, dataset)
    offered = [{"id": p, "name": p} for p in (*_PROPERTIES, *_ADDED)][:limit]
    return _told({"type": kind or "Thing", "properties": offered, "limit": limit})


async def _extended(desk: Desk, dataset: str, extend: str) -> Response:
    asked = parse_json(extend, "extend")
    ids, wanted = (asked.get("ids"), asked.get("properties")) if isinstance(asked, dict) else (None, None)
    if not isinstance(ids, list) or not isinstance(wanted, list) or not all(isinstance(i, str) for i in ids):
        raise InputError("is no query", where="extend", do='{"ids": ["ID"], "properties": [{"id": "country"}]}')
    if len(ids) > _MOST:
        raise InputError(f"{len(ids)} ids are too many", where="extend", do=f"send at most {_MOST}")
    names = [p.get("id") if isinstance(p, dict) else None for p in wanted]
    for name in names:
        if name not in _PROPERTIES and name not in _ADDED:
            raise InputError(f"there is no property {str(name)[:80]!r}", where="extend", do="see /properties")
    await lists_in(desk, dataset)
    rows = {}
    for entry_id in dict.fromkeys(ids):
        told = await desk.entry(entry_id)
        values = {**(await entity(desk, entry_id))["properties"], **{n: _added(told, n) for n in _ADDED}}
        rows[entry_id] = {name: [{"str": str(v)} for v in values.get(name, ())] for name in names}
    return _told({"meta": [{"id": n, "name": n} for n in names], "rows": rows})


def _added(told: dict[str, Any], name: str) -> list[str]:
    """What the lists say of an entity that FollowTheMoney has no property for."""
    if name == "lists":
        return list(dict.fromkeys([told["list"], *(o["list"] for o in told["same_party"])]))
    if name == "citations":
        return [c["cite"] for c in told["citations"]]
    return [told[name]] if told[name] else []


def _told(answer: dict[str, Any]) -> Response:
    return send(answer, headers=_FOR_PAGES)


async def _answer(desk: Desk, dataset: str, queries: str) -> Response:
    asked = parse_json(queries, "queries")
    if not isinstance(asked, dict) or not all(isinstance(q, dict) for q in asked.values()):
        raise InputError("is no object of queries", where="queries", do='{"q0": {"query": "NAME"}}')
    if len(asked) > _MOST:
        raise InputError(f"{len(asked)} queries are too many", where="queries", do=f"send at most {_MOST}")
    lists = await lists_in(desk, dataset)
    return _told({key: {"result": await _candidates(desk, lists, query, key)} for key, query in asked.items()})


async def _candidates(desk: Desk, lists: list[str], query: dict[str, Any], key: str) -> list[dict[str, Any]]:
    properties: dict[str, list[Any]] = {"name": [query.get("query")]}
    told = query.get("properties") or []
    if not isinstance(told, list):
        raise InputError("is no list", where=f"queries.{key[:80]}.properties", do='[{"pid": "country", "v": "cn"}]')
    for given in told:
        if isinstance(given, dict) and isinstance(given.get("pid"), str):
            values = given.get("v")
            many = values if isinstance(values, list) else [values]
            properties.setdefault(given["pid"], []).extend(v.get("id") if isinstance(v, dict) else v for v in many)
    kind = query.get("type")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    schema = str(kind.get("id") if isinstance(kind, dict) else kind or "Thing")
    if schema not in ftm.KINDS_OF:
        raise InputError(f"type {schema[:80]!r} is not known", where=f"queries.{key[:80]}", do="see defaultTypes")
    limit = query.get("limit") or 5
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= _MOST:
        raise InputError("is not a number from 1 to 100", where=f"queries.{key[:80]}.limit")
    party, _ = ftm.party_of(schema, properties)
    answer = await desk.ask("screen", party, lists=tuple(lists), limit=limit)
    hits = []
    for hit in answer.hits:
        found = await entity(desk, hit.entry_id)
        if not ftm.fits(found, schema=schema):
            continue
        hits.append(
            {
                "id": hit.entry_id, "name": hit.name, "description": f"{hit.list}, {hit.matched_name}",
                "type": [_type(hit.kind)], "score": round(hit.score * 100, 2),
                "features": [{"id": name, "value": told["score"]} for name, told in
                             ftm.explanations_of(hit.evidence).items()],
            }
        )  # fmt: skip
    for place, each in enumerate(hits):  # sure, and nobody else near: still a candidate for a person to confirm
        each["match"] = place == 0 and each["score"] >= _SURE * 100 and len(hits) == 1
    return hits


def _type(kind: str) -> dict[str, str]:
    schema = ftm.SCHEMA_OF.get(kind, "LegalEntity")
    return {"id": schema, "name": schema}
