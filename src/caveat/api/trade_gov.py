"""The search of trade.gov's Consolidated Screening List: its parameters and the form of its results."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from caveat.api.answers import PROBLEMS, AtDesk, send
from caveat.api.bodies import Strict
from caveat.app import Query as Party
from caveat.errors import InputError

router = APIRouter(route_class=Strict, tags=["as trade.gov speaks"], responses=PROBLEMS)

#: trade.gov's word for a list: our id, and the name it prints.
SOURCES: dict[str, tuple[str, str]] = {
    "DPL": ("us.bis.denied_persons", "Denied Persons List (DPL) - Bureau of Industry and Security"),
    "EL": ("us.bis.entity_list", "Entity List (EL) - Bureau of Industry and Security"),
    "MEU": ("us.bis.military_end_user", "Military End User (MEU) List - Bureau of Industry and Security"),
    "UVL": ("us.bis.unverified", "Unverified List (UVL) - Bureau of Industry and Security"),
    "ISN": ("us.state.nonproliferation", "Nonproliferation Sanctions (ISN) - State Department"),
    "DTC": ("us.state.debarred", "ITAR Debarred (DTC) - State Department"),
    "CMIC": (
        "us.ofac.ns_cmic", "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department"
    ),
    "SDN": ("us.ofac.sdn", "Specially Designated Nationals (SDN) - Treasury Department"),
    "CONS": ("us.ofac.consolidated", "Consolidated Sanctions List (non-SDN) - Treasury Department"),
}  # fmt: skip
#: Lists that trade.gov tells apart and OFAC publishes as one.
_CONSOLIDATED = ("FSE", "SSI", "PLC", "CAP", "MBS")
_NAME_OF = dict(SOURCES.values())
_TYPES = {"individual": "person", "entity": "organization", "vessel": "vessel", "aircraft": "aircraft"}
_TYPE_OF = {kind: word.capitalize() for word, kind in _TYPES.items()}
#: trade.gov's own least score.
_LEAST = 0.5
_MOST = 500
Text = Annotated[str | None, Query(max_length=1000)]


@router.get("/consolidated_screening_list/v1/search", summary="Search as on trade.gov")
@router.get("/v1/consolidated_screening_list/search", include_in_schema=False)
async def search(
    desk: AtDesk, name: Text = None, q: Text = None, fuzzy_name: bool = False, countries: Text = None,
    sources: Text = None, types: Text = None, address: Text = None, full_address: Text = None, city: Text = None,
    state: Text = None, postal_code: Text = None, start_date: Text = None, end_date: Text = None,
    size: Annotated[int, Query(ge=1, le=50)] = 10, offset: Annotated[int, Query(ge=0, le=450)] = 0,
) -> Response:  # fmt: skip
    """`fuzzy_name=false` keeps only names that hold every word asked, as there; spelling is forgiven otherwise."""
    words = (name or q or "").strip()
    if not words:
        raise InputError("is needed", where="name", do="give the name to search for")
    for given, where in ((start_date, "start_date"), (end_date, "end_date")):
        if given:
            raise InputError("Caveat does not filter by date here", where=where, do="use /v1/changes")
    lists = _lists(sources)
    kinds = _kinds(types)
    where = ", ".join(x for x in (full_address, address, city, state, postal_code) if x)
    wanted = {c.strip().upper() for c in (countries or "").split(",") if c.strip()}
    party = Party(words, country=next(iter(wanted)) if len(wanted) == 1 else None, address=where or None)
    answer = await desk.ask("screen", party, lists=lists, limit=_MOST, threshold=_LEAST)
    found = []
    for hit in answer.hits:
        if wanted and not wanted & set(hit.countries):
            continue
        if kinds and hit.kind not in kinds:
            continue
        if not fuzzy_name and not set(words.casefold().split()) <= set(hit.matched_name.casefold().split()):
            continue
        found.append(hit)
    results = [_row(await desk.entry(hit.entry_id), hit, fuzzy_name) for hit in found[offset : offset + size]]
    coverage = await desk.recall("lists", desk.app.as_of())
    told = [
        {"source": _NAME_OF[r["list"]], "source_last_updated": r["as_of"], "import_rate": "", "last_imported": ""}
        for r in coverage["lists"]
        if r["list"] in _NAME_OF
    ]
    return send({"total": len(found), "offset": offset, "sources": told, "results": results})


def _row(told: dict[str, Any], hit: Any, fuzzy: bool) -> dict[str, Any]:
    """One result in trade.gov's form; what the list does not say is null or empty there too."""
    more = told["more"]
    row = {
        "id": told["entry_id"], "entity_number": more.get("source_id"),
        "source": _NAME_OF.get(told["list"], told["list"]),
        "name": told["name"], "type": _TYPE_OF.get(told["kind"]), "title": more.get("title"),
        "programs": list(more.get("programs") or ()),
        "alt_names": [n["text"] for n in told["names"] if n["quality"] != "primary"],
        "addresses": [
            {k: a.get(k) for k in ("city", "state", "postal_code", "country")} | {"address": a.get("text")}
            for a in told["addresses"]
        ],
        "ids": [
            {"type": i["kind"], "number": i["value"], "country": i.get("country"), "issue_date": None,
             "expiration_date": None}
            for i in told["identifiers"]
        ],
        "citizenships": list(more.get("citizenships") or ()), "nationalities": list(more.get("nationalities") or ()),
        "dates_of_birth": list(more.get("birth_dates") or ()), "places_of_birth": list(more.get("birth_places") or ()),
        "federal_register_notice": "; ".join(c["cite"] for c in told["citations"]) or None,
        "license_requirement": told["license_requirement"], "license_policy": told["license_review_policy"],
        "start_date": told["effective_on"] or told["in_force"]["since"], "end_date": told["expires_on"],
        "remarks": more.get("remarks"), "standard_order": more.get("standard_order"),
        "call_sign": more.get("call_sign"), "vessel_type": more.get("vessel_type"),
        "vessel_flag": more.get("vessel_flag"), "vessel_owner": more.get("vessel_owner"),
        "gross_tonnage": more.get("gross_tonnage"), "gross_registered_tonnage": more.get("gross_registered_tonnage"),
        "source_list_url": None, "source_information_url": None,
    }  # fmt: skip
    return {**row, "score": round(hit.score * 100)} if fuzzy else row


def _lists(sources: str | None) -> tuple[str, ...]:
    out = []
    for word in (s.strip().upper() for s in (sources or "").split(",")):
        if not word:
            continue
        if word not in SOURCES and word not in _CONSOLIDATED:
            raise InputError(f"{word!r} is no source", where="sources", do=f"one of {', '.join(SOURCES)}")
        out.append("us.ofac.consolidated" if word in _CONSOLIDATED else SOURCES[word][0])
    return tuple(dict.fromkeys(out)) or tuple(list_id for list_id, _ in SOURCES.values())


def _kinds(types: str | None) -> set[str]:
    words = [t.strip().lower() for t in (types or "").split(",") if t.strip()]
    for word in words:
        if word not in _TYPES:
            raise InputError(f"{word!r} is no type", where="types", do=f"one of {', '.join(_TYPES)}")
    return {_TYPES[word] for word in words}
