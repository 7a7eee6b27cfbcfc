"""The API that OpenSanctions' clients speak (yente): change one address and they ask Caveat.

What Caveat cannot do is refused with a reason, not passed over: sorting, changes since a day, other algorithms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from caveat.api import ftm
from caveat.api.answers import PROBLEMS, AtDesk, is_known, send, tag, unchanged
from caveat.api.bodies import Strict
from caveat.api.desk import Desk
from caveat.errors import InputError, UnknownEntryError

router = APIRouter(route_class=Strict, tags=["as OpenSanctions speaks (yente)"], responses=PROBLEMS)

#: Names under which all lists are asked together.
WHOLE = ("default", "all", "sanctions")
ALGORITHM = "caveat"
_MOST_QUERIES = 100
_MOST_HITS = 500
_NOT_DONE = "Caveat does not do this; leave it out"
Dataset = Annotated[str, Path(max_length=200, examples=["default"])]
Many = Annotated[list[str], Query(max_length=200)]
Wish = Annotated[str | None, Query(max_length=300)]
_EXAMPLE = {"queries": {"q": {"schema": "Company", "properties": {"name": ["Hikvison Digital"], "country": ["cn"]}}}}


async def lists_in(desk: Desk, dataset: str, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[str]:
    """The list ids that a dataset stands for; none is all. UnknownEntryError for a dataset there is not."""
    rows = (await desk.recall("lists", desk.app.as_of()))["lists"]
    have = [row["list"] for row in rows]
    asked = [dataset, *include]
    for name in [*asked, *exclude]:
        if name not in WHOLE and name not in have:
            raise UnknownEntryError(f"there is no dataset {name[:80]!r}", do="GET /catalog names them")
    if not exclude:
        return [] if any(name in WHOLE for name in asked) else list(dict.fromkeys(asked))
    chosen = have if any(name in WHOLE for name in asked) else asked
    left = [name for name in chosen if name not in exclude]
    if not left or any(name in WHOLE for name in exclude):
        raise InputError("nothing is left to ask", where="exclude_dataset")
    return left


async def titles_in(desk: Desk) -> dict[str, str]:
    """The title of each list, by its id."""
    return {r["list"]: r["title"] for r in (await desk.recall("lists", desk.app.as_of()))["lists"]}


async def entity(desk: Desk, entry_id: str, *, nested: bool = False) -> dict[str, Any]:
    """One entry as an entity, kept as long as the ledger stands as it is."""
    told = await desk.entry(entry_id)
    return ftm.entity_of(told, nested=nested, titles=await titles_in(desk))


@router.post("/match/{dataset}", summary="Match entities by example")
async def match(
    desk: AtDesk, dataset: Dataset, asked: Annotated[dict[str, Any], Body(examples=[_EXAMPLE])],
    limit: Annotated[int, Query(ge=1, le=100)] = 5, threshold: Annotated[float, Query(ge=0, le=1)] = 0.7,
    cutoff: Annotated[float, Query(ge=0, le=1)] = 0.5, algorithm: Wish = None, include_dataset: Many = [],  # noqa: B006
    exclude_dataset: Many = [], exclude_schema: Many = [], topics: Many = [],  # noqa: B006
    exclude_entity_ids: Many = [], changed_since: Wish = None,  # noqa: B006
) -> Response:  # fmt: skip
    """The entries each example may be. `match` says the score reached the threshold; a person confirms."""
    if algorithm not in (None, "best", "default", ALGORITHM):
        raise InputError(f"there is no algorithm {algorithm!r}", where="algorithm", do="GET /algorithms")
    if asked.get("weights") or asked.get("config"):
        raise InputError(_NOT_DONE, where="weights" if asked.get("weights") else "config")
    _refuse(changed_since=changed_since)
    queries = asked.get("queries")
    if not isinstance(queries, dict) or not queries:
        raise InputError("holds no queries", where="request body", do='{"queries": {"a": {"schema": …}}}')
    if len(queries) > _MOST_QUERIES:
        raise InputError(f"{len(queries)} queries are too many", do=f"send at most {_MOST_QUERIES}")
    lists = await lists_in(desk, dataset, include_dataset, exclude_dataset)
    responses = {}
    for key, example in queries.items():
        schema, properties = example_of(example, key)
        party, idle = ftm.party_of(schema, properties)
        wide = limit if not (exclude_schema or topics or exclude_entity_ids) else _MOST_HITS
        answer = await desk.ask("screen", party, lists=tuple(lists), limit=wide, threshold=cutoff)
        results = []
        for hit in answer.hits:
            if hit.entry_id in exclude_entity_ids or (topics and ftm.topic_of(hit.list) not in topics):
                continue
            found = await entity(desk, hit.entry_id)
            if not ftm.fits(found, schema=schema, without=exclude_schema):
                continue
            found |= {
                "score": hit.score, "match": hit.score >= threshold,
                "features": {k: v["score"] for k, v in ftm.explanations_of(hit.evidence).items()},
                "explanations": ftm.explanations_of(hit.evidence), "matched_name": hit.matched_name,
            }  # fmt: skip
            results.append(found)
        told = {"id": example.get("id"), "schema": schema, "properties": properties}
        responses[key] = {
            "status": 200, "results": results[:limit], "total": _total(min(len(results), limit), wide),
            "query": {**told, **({"not_used": idle} if idle else {})}, "basis": answer["basis"],
        }  # fmt: skip
    return send({"responses": responses, "matcher": await _features(), "limit": limit})


def example_of(example: Any, where: str) -> tuple[str, dict[str, Any]]:
    """The schema and properties of an example; InputError where they are none."""
    if not isinstance(example, dict) or not isinstance(example.get("properties", {}), dict):
        raise InputError("is no entity", where=f"queries.{where[:80]}", do="give schema and properties")
    schema = example.get("schema") or "Thing"
    if not isinstance(schema, str) or schema not in ftm.KINDS_OF:
        raise InputError(
            f"schema {str(schema)[:80]!r} is not matched", where=f"queries.{where[:80]}",
            do=f"one of {', '.join(ftm.KINDS_OF)}",
        )  # fmt: skip
    return schema, example.get("properties") or {}


@router.get("/search/{dataset}", summary="Search by words")
async def search(
    desk: AtDesk, dataset: Dataset, q: Annotated[str, Query(max_length=1000)] = "",
    schema: Annotated[str, Query(max_length=80)] = "Thing", countries: Many = [], topics: Many = [],  # noqa: B006
    include_dataset: Many = [], exclude_dataset: Many = [], exclude_schema: Many = [],  # noqa: B006
    limit: Annotated[int, Query(ge=0, le=500)] = 10, offset: Annotated[int, Query(ge=0, le=499)] = 0,
    fuzzy: bool = False, simple: bool = False, facets: Many = ["countries", "topics", "datasets"],  # noqa: B006
    sort: Many = [], filter: Many = [], changed_since: Wish = None, target: bool | None = None,  # noqa: A002, B006
) -> Response:  # fmt: skip
    """Entries whose names come near the words, best first. Spelling is always forgiven (`fuzzy` adds nothing)."""
    _refuse(changed_since=changed_since, sort=sort, filter=filter)
    if not q.strip():
        raise InputError("is needed", where="q", do="give the words to search for")
    if schema not in ftm.KINDS_OF:
        raise InputError(f"schema {schema!r} is not searched", where="schema", do=f"one of {', '.join(ftm.KINDS_OF)}")
    lists = await lists_in(desk, dataset, include_dataset, exclude_dataset)
    is_filtered = bool(countries or topics or exclude_schema or schema != "Thing")
    wide = _MOST_HITS if is_filtered else min(offset + limit + 1, _MOST_HITS)
    answer = await desk.ask("screen", q, lists=tuple(lists), limit=max(wide, 1))
    wanted = {c.lower() for c in countries}
    found = []
    for hit in answer.hits:
        if topics and ftm.topic_of(hit.list) not in topics:
            continue
        if wanted and not wanted & {c.lower() for c in hit.countries}:
            continue
        each = await entity(desk, hit.entry_id)
        if target is not False and ftm.fits(each, schema=schema, without=exclude_schema):
            found.append(each)
    return send(
        {
            "results": found[offset : offset + limit], "facets": _facets(found, facets),
            "total": _total(len(found), wide), "limit": limit, "offset": offset,
        }
    )  # fmt: skip


@router.get("/entities/{entity_id}", summary="One entity")
async def fetch(request: Request, desk: AtDesk, entity_id: str, nested: bool = True) -> Response:
    """The entry with a Sanction for each list that names the party; 308 to the present id of a former one."""
    told = await desk.entry(entity_id)
    if told["entry_id"] != entity_id:
        return RedirectResponse(f"/entities/{told['entry_id']}?nested={str(nested).lower()}", 308)
    headers = tag(request, desk)
    if is_known(request, headers):
        return unchanged(headers)
    return send(await entity(desk, entity_id, nested=nested), headers=headers)


@router.get("/entities/{entity_id}/adjacent", summary="What is tied to an entity")
async def adjacent(
    desk: AtDesk, entity_id: str, limit: Annotated[int, Query(ge=0, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0, sort: Many = [],  # noqa: B006
) -> Response:  # fmt: skip
    """The listings of the party on every list, and what the loaded edges tie it to: owners, owned, directors …"""
    _refuse(sort=sort)
    tied = await _tied(desk, entity_id)
    pages = {name: _page(found, limit, offset) for name, found in tied.items()}
    return send({"entity": await entity(desk, entity_id), "adjacent": pages})


@router.get("/entities/{entity_id}/adjacent/{prop}", summary="What is tied to an entity by one property")
async def adjacent_by(
    desk: AtDesk, entity_id: str, prop: str, limit: Annotated[int, Query(ge=0, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0, sort: Many = [],  # noqa: B006
) -> Response:  # fmt: skip
    """`sanctions`, or the party's end of a tie: `ownershipOwner` for what it owns, `ownershipAsset` for its owners."""
    _refuse(sort=sort)
    if prop not in ("sanctions", *ftm.SIDES):
        raise UnknownEntryError(f"{prop[:80]!r} ties nothing", do=f"use one of sanctions, {', '.join(ftm.SIDES)}")
    return send(_page((await _tied(desk, entity_id)).get(prop, []), limit, offset))


async def _tied(desk: Desk, entity_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is tied to an entity, by property; the other end of a tie stands in it whole."""
    told = await desk.entry(entity_id)
    out: dict[str, list[dict[str, Any]]] = {}
    if found := ftm.sanctions_of(told, await titles_in(desk)):
        out["sanctions"] = found
    for row in await desk.ask("ties", told["entry_id"]):
        other = await entity(desk, row["entries"][0]) if row["entries"] else ftm.whole(row["other"])
        out.setdefault(row["property"], []).append(ftm.tie_of(row["tie"], row["property"], told["entry_id"], other))
    return out


@router.get("/statements", summary="Who says what of an entity")
async def statements(
    desk: AtDesk, canonical_id: Wish = None, entity_id: Wish = None, dataset: Wish = None, prop: Wish = None,
    value: Annotated[str | None, Query(max_length=1000)] = None, schema: Wish = None,
    limit: Annotated[int, Query(ge=0, le=5000)] = 100, offset: Annotated[int, Query(ge=0)] = 0, sort: Many = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Each value of an entity with the list that states it: of all its lists (`canonical_id`), or of one entry."""
    _refuse(sort=[s for s in sort if s not in ("canonical_id", "prop")])
    lead = canonical_id or entity_id
    if not lead:
        raise InputError("is needed", where="canonical_id", do="give the id of an entity, as /match and /search do")
    told = await desk.entry(lead)
    ids = [told["entry_id"]] + ([] if entity_id else [o["entry_id"] for o in told["same_party"]])
    titles = await titles_in(desk)
    found = [
        s
        for each in ids
        for s in ftm.statements_of(ftm.entity_of(await desk.entry(each), titles=titles), each, told["entry_id"])
        if dataset in (None, *WHOLE, s["dataset"]) and prop in (None, s["prop"]) and value in (None, s["value"])
        and schema in (None, s["schema"])
    ]  # fmt: skip
    return send(_page(sorted(found, key=lambda s: s["prop"]), limit, offset))


@router.get("/catalog", summary="The lists as datasets")
async def catalog(desk: AtDesk) -> Response:
    """`default` asks all lists that are loaded; each list is a dataset of its own."""
    answer = await desk.recall("lists", desk.app.as_of())
    rows = answer["lists"]
    sets = [
        {
            "name": r["list"], "title": r["title"], "summary": r["authority"], "entity_count": r["entries"],
            "thing_count": r["entries"], "version": r["as_of"], "index_version": r["as_of"], "load": True,
            "index_current": not r["overdue"], "updated_at": ftm_instant(r["as_of"]), "children": [],
            "tags": ["starter record"] if r["starter"] else [],
        }
        for r in rows
    ]  # fmt: skip
    count = sum(r["entries"] for r in rows if not r["cross_check"])  # those are counted on their own lists
    whole = {
        "name": "default", "title": "All lists that are loaded", "entity_count": count, "thing_count": count,
        "load": True, "children": [r["list"] for r in rows], "version": desk.tag, "index_version": desk.tag,
        "index_current": True, "tags": [],
    }  # fmt: skip
    overdue = [r["list"] for r in rows if r["overdue"]]
    current = [s["name"] for s in [whole, *sets] if s["name"] not in overdue]
    return send({"datasets": [whole, *sets], "current": current, "outdated": overdue, "index_stale": bool(overdue)})


@router.get("/algorithms", summary="How names are matched")
async def algorithms() -> Response:
    """One way, told piece by piece in every answer."""
    one = await _features()
    return send({"algorithms": [{**one, "docs": one["features"]}], "default": ALGORITHM, "best": ALGORITHM})


async def _features() -> dict[str, Any]:
    told = {
        "token": "a word of one name in the other, by spelling and rarity", "missing": "a word only the list has",
        "extra": "a word only the query has", "clash": "words that exclude each other", "rarity": "how rare together",
        "country": "countries", "birth_date": "dates of birth", "identifier": "numbers", "address": "addresses",
        "kind": "person, organization, vessel, aircraft",
    }  # fmt: skip
    return {
        "name": ALGORITHM,
        "description": "Named pieces of evidence in log-odds; the score is the probability they add up to.",
        "features": {k: {"description": v, "coefficient": 1.0, "url": "/openapi.json"} for k, v in told.items()},
    }


def ftm_instant(text: str) -> str:
    """A day or moment as an instant."""
    return text if "T" in text else f"{text}T00:00:00"


def _total(count: int, wide: int) -> dict[str, Any]:
    return {"value": count, "relation": "gte" if count >= wide else "eq"}


def _page(rows: list[dict[str, Any]], limit: int, offset: int) -> dict[str, Any]:
    return {
        "results": rows[offset : offset + limit], "total": {"value": len(rows), "relation": "eq"}, "limit": limit,
        "offset": offset,
    }  # fmt: skip


def _facets(found: list[dict[str, Any]], wanted: Sequence[str]) -> dict[str, Any]:
    values = {
        "countries": [c for e in found for c in e["properties"].get("country", ())],
        "topics": [t for e in found for t in e["properties"].get("topics", ())],
        "datasets": [d for e in found for d in e["datasets"]],
        "schema": [e["schema"] for e in found],
    }
    return {
        name: {
            "label": name.capitalize(),
            "values": [{"name": v, "label": v, "count": n} for v, n in Counter(values[name]).most_common(50)],
        }
        for name in wanted
        if name in values
    }


def _refuse(**given: Any) -> None:
    for name, value in given.items():
        if value:
            raise InputError(_NOT_DONE, where=name)
