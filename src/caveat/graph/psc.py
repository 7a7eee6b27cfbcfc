"""People with significant control, as Companies House gives them out: one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from caveat.graph.check import check_edges, note_sums
from caveat.graph.edge import Edge, EdgeReading, GraphParty, Notes
from caveat.graph.jsons import ODD, read_records
from caveat.graph.words import ShareRead, read_day
from caveat.model import Identifier

_BAND = re.compile(r"(ownership-of-shares|voting-rights|right-to-share-surplus-assets)-(.+)")
#: The register's bands: more than the least; up to and including the greatest, but for the middle one.
_SHARES = {
    "25-to-50-percent": ShareRead(25, 50, above=True),
    "50-to-75-percent": ShareRead(50, 75, above=True, below=True),
    "75-to-100-percent": ShareRead(75, 100),
    "more-than-25-percent": ShareRead(25, 100, above=True),
}


def read_psc(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read a file of `{"company_number", "data"}` lines."""
    notes = Notes(name)
    parties: dict[str, GraphParty] = {}
    edges: list[Edge] = []
    kept: list[tuple[int, Mapping[str, Any]]] = []
    for order, (line, record) in enumerate(read_records(data, name)):
        told = record.get("data") if isinstance(record, dict) else None
        if not isinstance(told, dict):
            notes.say(f"line {line}", "is no record with data", "it is left out")
            continue
        company = str(record.get("company_number") or "")
        if not company:
            kept.append((order, record))  # the totals at the end of a bulk file
            continue
        owned = f"gb-coh-{company.casefold()}"
        try:
            owner = _owner(told, company, line, name)
            found = list(_edges(told, owner.id, owned, name, line, notes))
        except ODD as error:
            what = f"holds a value of an unexpected type ({error})"
            notes.say(f"line {line}", what, "it is kept as it stands, and joins nothing")
            kept.append((order, record))
            continue
        number = Identifier("gb_coh", company)
        parties.setdefault(owned, GraphParty(owned, "", "organization", "GB", (number,), file=name))
        parties[owner.id] = owner
        edges += found
    sound = tuple(check_edges(edges, notes))
    note_sums(sound, notes)
    return EdgeReading(name, "companies_house.psc", sha256, sound, tuple(parties.values()), notes.all(), tuple(kept))


def _owner(told: Mapping[str, Any], company: str, line: int, name: str) -> GraphParty:
    kind = str(told.get("kind") or "")
    number = (told.get("identification") or {}).get("registration_number")
    country = (told.get("identification") or {}).get("country_registered") or told.get("nationality")
    links = told.get("links") or {}
    own = str(links.get("self") or told.get("etag") or f"{company} line {line}")
    if told.get("statement") or "super-secure" in kind:
        why = str(told.get("statement") or "super-secure person: nothing may be published")
        return GraphParty(own, unnamed=why, file=name, place=f"line {line}")
    person = "individual" in kind
    identifiers = (Identifier("registration_number", str(number)),) if number else ()
    address = told.get("address")
    return GraphParty(
        own, str(told.get("name") or ""), "person" if person else "organization", None, identifiers,
        address=", ".join(str(v) for v in address.values()) if isinstance(address, dict) else None,
        file=name, place=f"line {line}", more={"country": country, "birth": told.get("date_of_birth")},
    )  # fmt: skip


def _edges(told: Mapping[str, Any], owner: str, owned: str, name: str, line: int, notes: Notes) -> Iterator[Edge]:
    place = f"line {line}"
    days = []
    for key in ("notified_on", "ceased_on"):
        text = told.get(key)
        day = read_day(str(text)) if text else None
        if text and day is None:
            notes.say(place, f"{key} {text!r} is no day", "the day is read as unknown")
        days.append(day)
    natures = [str(n) for n in told.get("natures_of_control") or ()] or [""]
    for nature in natures:
        kind, share = "control", ShareRead()
        if found := _BAND.match(nature):
            kind = "voting" if found[1] == "voting-rights" else "direct" if found[1].startswith("own") else "control"
            band = next((b for b in _SHARES if found[2].startswith(b)), None)
            if band is None:
                notes.say(place, f"the band of {nature!r} is not known", "the share is read as unknown")
            else:
                share = _SHARES[band]
        yield Edge(
            owner, owned, "owns", kind, share.low, share.high, share.above, share.below, days[0], days[1],
            record=f"{owner} {nature}", source="Companies House, people with significant control",
            cite=nature or None, file=name, place=place,
        )  # fmt: skip
