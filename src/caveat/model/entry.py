"""An entry: one party as one list states it, verbatim, with its dates kept apart."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from caveat.model.citation import Citation
from caveat.model.party import Address, Identifier, Kind, Name

_DATES = ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by")
_PARTS: Mapping[str, type] = {
    "names": Name, "addresses": Address, "identifiers": Identifier, "citations": Citation,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One party as one list states it. Every field but `list` and `kind` may be silent (empty).

    list                   list id (`us.bis.entity_list`)
    source_id              the publisher's own id, verbatim (OFAC uid, UN reference number …)
    kind                   person, organization, vessel, aircraft, address or unknown
    names                  the first with quality `primary`; an address-only listing has its
                           heading (`Address 01`) as primary name and kind `address`
    countries              ISO alpha-2 of the country the list files the party under
    birth_dates            ISO, as precise as printed: `1960`, `1960-05`, `1960-05-01`,
                           `c. 1960`, `1960/1965`
    programs               program tags, verbatim (`SDGT`, `CMIC-EO13959`)
    citations              the chain as printed, each with its date where stated
    announced_on           the day the authority told the press
    published_on           the day of official publication
    effective_on           the day the measure begins (NS-CMIC: purchases barred from)
    removed_on             the day the listing ends, when a publisher states it
    expires_on             the day an order runs out by its own words (denial orders)
    divest_by              NS-CMIC: last moment for divestment is before this day
    license_requirement    the text of the column, footnote marks taken out
    license_review_policy  the text of the column
    footnotes              footnote numbers found flattened into the text (`("4",)`)
    details                what else the publisher prints, as (name, value) pairs
    unconfirmed            names of fields whose source was not seen (starter record)
    corrects               fields where the starter record outranks an aggregated list
    """

    list: str
    kind: Kind = "unknown"
    source_id: str | None = None
    names: tuple[Name, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    countries: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    title: str | None = None
    programs: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    announced_on: dt.date | None = None
    published_on: dt.date | None = None
    effective_on: dt.date | None = None
    removed_on: dt.date | None = None
    expires_on: dt.date | None = None
    divest_by: dt.date | None = None
    license_requirement: str | None = None
    license_review_policy: str | None = None
    footnotes: tuple[str, ...] = ()
    remarks: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    unconfirmed: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The primary name, verbatim; empty where the list gives none."""
        return next((n.text for n in self.names if n.quality == "primary"), "")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; silent fields are left out."""
        out: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or value == ():
                continue
            if field.name in _PARTS:
                value = [_plain(part) for part in value]
            elif field.name == "details":
                value = [list(pair) for pair in value]
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, dt.date):
                value = value.isoformat()
            out[field.name] = value
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Entry:
        """The inverse of `to_dict`."""
        given = dict(data)
        for name, part in _PARTS.items():
            if name in given:
                given[name] = tuple(_read_part(part, item) for item in given[name])
        for name in _DATES:
            if name in given:
                given[name] = dt.date.fromisoformat(given[name])
        if "details" in given:
            given["details"] = tuple((str(k), str(v)) for k, v in given["details"])
        for name, value in given.items():
            if isinstance(value, list):
                given[name] = tuple(value)
        return cls(**given)

    def canonical(self) -> str:
        """One JSON text for one content: sorted keys, no blanks. Its hash names the statement."""
        return canonical_json(self.to_dict())

    def digest(self) -> str:
        """SHA-256 (hex) of `canonical()`."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


#: Names of the fields a layout may or may not be able to hold.
ENTRY_FIELDS: frozenset[str] = frozenset(f.name for f in fields(Entry)) - {"list"}


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no blanks: the same content gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """The items without blanks and repeats, in their first order.

    >>> unique(["a", "", "b", "a"])
    ('a', 'b')
    """
    return tuple(dict.fromkeys(item.strip() for item in items if item and item.strip()))


def _plain(part: Any) -> dict[str, Any]:
    out = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if value is None or value == field.default:
            continue
        out[field.name] = value.isoformat() if isinstance(value, dt.date) else value
    return out


def _read_part(part: type, item: Mapping[str, Any]) -> Any:
    given = dict(item)
    if isinstance(given.get("date"), str):
        given["date"] = dt.date.fromisoformat(given["date"])
    return part(**given)
