"""Canada's consolidated autonomous sanctions list, an XML of flat records.

One record is one party and one entry. A record has no number of its own: regime, schedule and item
together name it. The file states no day; where records carry listing dates, the newest stands for it.
The headings were English until about 2025 and are in both languages since (`Country-Pays`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from caveat.errors import ShapeError
from caveat.model import Entry, Identifier, Kind, Moment, Name, unique
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import read_date, split_outside
from caveat.sources.xml import local, parse_xml, text_of

LIST = "ca.sema"
#: Headings of the several editions, by the one word used here.
_FIELDS = {
    "Country": "regime", "LastName": "last", "GivenName": "given", "Entity": "entity", "EntityOrShip": "entity",
    "Title": "title", "TitleOrShip": "title", "TitleOrShipType": "title", "Aliases": "aliases", "Schedule": "schedule",
    "Item": "item", "DateOfBirth": "birth", "DateOfBirthOrShipBuildDate": "birth", "ShipIMONumber": "imo",
    "DateOfListing": "listed",
}  # fmt: skip
_HOLDS = frozenset({
    "kind", "source_id", "names", "identifiers", "birth_dates", "title", "programs", "effective_on", "details",
})  # fmt: skip
#: What follows a comma and is no name of its own.
_ENDING = re.compile(r"(?:ltd|inc|llc|jsc|co|corp|s\.?a|ooo|pjsc|limited|jr|sr)\b\.?", re.IGNORECASE)


def read_records(document: Document) -> Reading:
    """The whole list. ShapeError for broken XML or a record without a name or a regime."""
    root = parse_xml(document.data, document.name)
    if local(root) != "data-set":
        raise ShapeError(f"root is <{local(root)}>, not <data-set>", where=document.name)
    unread: Counter[str] = Counter()
    rows: list[Row] = []
    used: Counter[str] = Counter()
    for number, record in enumerate((r for r in root if local(r) == "record"), start=1):
        place = f"/record[{number}]"
        cells: dict[str, str] = {}
        for field in record:
            name = local(field)
            value = text_of(field)
            known = _FIELDS.get(name.split("-", 1)[0])
            if value and known:
                cells[known] = value
            elif value:
                unread[name] += 1
        if "regime" not in cells or not {"entity", "last", "given"} & set(cells):
            raise ShapeError("has no name or no regime", where=f"{document.name} {place}", do="fetch it again")
        rows.append(Row(_entry(cells), place))
        used[rows[-1].entry.source_id or ""] += 1
    twice = sum(1 for count in used.values() if count > 1)
    days = [row.entry.effective_on for row in rows if row.entry.effective_on]
    return Reading(
        {LIST: tuple(rows)},
        published=Moment.parse(max(days)) if days else None,
        inferred=bool(days),
        holds=_HOLDS if days else _HOLDS - {"effective_on"},
        unread=unread,
        notes=(f"{twice} pairs of schedule and item are used by more than one record",) if twice else (),
    )


def _entry(cells: Mapping[str, str]) -> Entry:
    regime = cells["regime"].split(" / ")[0]
    is_person = "entity" not in cells
    text = cells.get("entity") or " ".join(filter(None, (cells.get("given"), cells.get("last"))))
    kind: Kind = "person" if is_person else "vessel" if "imo" in cells else "organization"
    births = re.split(r"\s+or\s+|\s*;\s*", cells.get("birth", ""))
    details = [("schedule", cells["schedule"])] if cells.get("schedule", "N/A") != "N/A" else []
    if not is_person:
        details += [("built", birth) for birth in births if birth]
    listed = read_date(cells.get("listed"))
    if listed is None and "listed" in cells:
        details.append(("listed_on", cells["listed"]))
    return Entry(
        list=LIST,
        kind=kind,
        source_id=", ".join(filter(None, (regime, cells.get("schedule"), cells.get("item")))),
        names=(
            Name(text, "primary"),
            *(Name(a, "strong") for a in split_aliases(cells.get("aliases", "")) if a != text),
        ),
        identifiers=(Identifier("imo", cells["imo"]),) if "imo" in cells else (),
        birth_dates=unique(births) if is_person else (),
        title=cells.get("title"),
        programs=(cells["regime"],),
        effective_on=listed,
        details=tuple(details),
    )


def split_aliases(text: str) -> tuple[str, ...]:
    """The aliases of a cell; a legal form behind a comma stays with its name.

    >>> split_aliases("Air Bagan Holdings Pte. Ltd., Air Bagan Limited"), split_aliases("Fajr Industries, Ltd.")
    (('Air Bagan Holdings Pte. Ltd.', 'Air Bagan Limited'), ('Fajr Industries, Ltd.',))
    """
    names: list[str] = []
    for part in split_outside(text, ",;"):
        if names and _ENDING.fullmatch(part.strip()):
            names[-1] = f"{names[-1]}, {part.strip()}"
        else:
            names.append(part)
    return unique(names)


def _recognizes(document: Document) -> bool:
    head = document.head[:4000]
    return b"<data-set" in head and b"<record>" in head and b"<Country" in head


LAYOUTS = (Layout("ca.sema_xml", (LIST,), _recognizes, read_records),)
