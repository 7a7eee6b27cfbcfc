"""What an answer says: the query repeated, each hit with what its list states, what could not be read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

from caveat.batch.files import Rejected
from caveat.model import Listing
from caveat.model.answer import SCHEMA_VERSION
from caveat.screening import Candidate, Query, ofac_score

_ALWAYS = {"id", "name", "country"}
_VERSION = json.dumps(SCHEMA_VERSION)


def tell_query(query: Query) -> dict[str, Any]:
    """The query as an answer repeats it: id, name and country always, the rest where given."""
    numbers = [i if isinstance(i, str) else i.value for i in query.identifiers]
    more = {
        "kind": query.kind, "address": query.address, "city": query.city, "birth_date": query.birth_date,
        "identifiers": numbers, "aliases": list(query.aliases),
    }  # fmt: skip
    return {"id": query.id, "name": query.name, "country": query.country} | {k: v for k, v in more.items() if v}


def no_hit_line(values: Mapping[str, Any]) -> str:
    """The line of an answer without hits, without its basis; `values` as `read_values` gives them."""
    if not values.keys() <= _ALWAYS:
        asked = as_json(tell_query(Query(**values)))
    else:
        own, name, country = map(values.get, ("id", "name", "country"))
        asked = f'{{"id":{_quoted(own)},"name":{_quoted(name)},"country":{_quoted(country)}}}'
    return f'{{"schema_version":{_VERSION},"query":{asked},"hits":[],"status":"no_hit"}}\n'


def _quoted(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def as_json(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def tell_rejected(row: Rejected) -> tuple[dict[str, Any], str]:
    """A row that cannot be screened, as an answer repeats it, and why."""
    asked = {"id": row.row.get("id"), "name": row.row.get("name"), "country": row.row.get("country")}
    return asked, f"line {row.line}: {row.why}"


def tell_listed(listing: Listing) -> dict[str, Any]:
    """What a hit says of its listing, in plain JSON values."""
    entry = listing.entry
    return {
        "entry_id": listing.entry_id, "list": entry.list, "name": entry.name, "status": listing.status,
        "kind": entry.kind, "countries": list(entry.countries),
        "effective_on": _iso(entry.effective_on or listing.since), "expires_on": _iso(entry.expires_on),
        "citation": "; ".join(c.cite for c in entry.citations) or None, "source": listing.source.to_dict(),
        "starter": listing.starter,
    }  # fmt: skip


def tell_hit(
    query: Query, listed: Mapping[str, Any], candidate: Candidate, rank: int, word: Mapping[str, Any] | None
) -> dict[str, Any]:
    """One hit in plain JSON values, in the order in which every answer gives them."""
    return {
        "entry_id": listed["entry_id"], "list": listed["list"], "name": listed["name"],
        "matched_name": candidate.matched_name, "score": candidate.score, "rank": rank,
        "evidence": [e.to_dict() for e in candidate.evidence], "status": listed["status"], "kind": listed["kind"],
        "countries": listed["countries"], "effective_on": listed["effective_on"],
        "expires_on": listed["expires_on"], "citation": listed["citation"], "source": listed["source"],
        "starter": listed["starter"], "word": word,
        "ofac_score": ofac_score(query.name, candidate.matched_name),
    }  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
