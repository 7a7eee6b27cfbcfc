"""Australia's consolidated list (DFAT), an XLSX.

One party is spread over rows by `Reference`: `2` is its primary name, `2a`, `2b` are its aliases and
native forms. A row is a record; the rows of one number are one party and one entry. The file states
no day of its own: the newest `Control Date` among its rows stands for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from caveat.errors import ShapeError
from caveat.model import Address, Entry, Identifier, Kind, Moment, Name, Quality, unique
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, read_date
from caveat.sources.uk import read_birth

LIST = "au.dfat"
_MEASURES = ("Targeted Financial Sanction", "Travel Ban", "Arms Embargo", "Maritime Restriction")
_REQUIRED = {"Reference", "Name of Individual or Entity", "Type", "Name Type", "Committees", "Control Date"}
_READ = _REQUIRED | {
    "Alias Strength", "Date of Birth", "Place of Birth", "Citizenship", "Address", "Additional Information",
    "Listing Information", "IMO Number", "Instrument of Designation", *_MEASURES,
}  # fmt: skip
_KINDS: dict[str, Kind] = {"individual": "person", "entity": "organization", "vessel": "vessel"}
_HOLDS = frozenset({
    "kind", "source_id", "names", "addresses", "identifiers", "nationalities", "birth_dates", "birth_places",
    "programs", "effective_on", "remarks", "details",
})  # fmt: skip
_LISTED = re.compile(r"\b[Ll]isted\b[^.()]{0,200}?\bon:?\s+(\d{1,2}\s+[A-Za-z]{3,9}\.?\s+\d{4})")
_LETTERED = re.compile(r"(?:^|\s)[a-z]\)\s*")

Cells = Mapping[str, str]


def read_workbook(document: Document) -> Reading:
    """The whole list. ShapeError for a broken workbook, a missing column, or a row without number or name."""
    from caveat.sources.workbook import sheet_rows

    numbered = sheet_rows(document)
    _, header = next(numbered, (0, []))
    columns = [" ".join(cell.split()) for cell in header]
    if missing := sorted(_REQUIRED - set(columns)):
        raise ShapeError(f"has no column {missing[0]!r}", where=document.name, do="fetch it again")
    unread: Counter[str] = Counter()
    parties: dict[str, list[tuple[int, Cells]]] = {}
    for number, values in numbered:
        cells = {column: value for column, value in zip(columns, values, strict=False) if value}
        found = re.fullmatch(r"(\d+)\s*([a-z]*)", cells.get("Reference", ""), re.IGNORECASE)
        if not found or "Name of Individual or Entity" not in cells:
            raise ShapeError("has no reference or no name", where=f"{document.name} row {number}", do="fetch it again")
        unread.update(set(cells) - _READ)
        parties.setdefault(found[1], []).append((number, cells))
    rows = [Row(_merge(party, [cells for _, cells in group]), f"row {group[0][0]}") for party, group in parties.items()]
    days = [day for group in parties.values() for _, cells in group if (day := read_date(cells.get("Control Date")))]
    return Reading(
        {LIST: tuple(rows)},
        published=Moment.parse(max(days)) if days else None,
        inferred=True,
        holds=_HOLDS,
        unread=unread,
        notes=(f"{sum(map(len, parties.values()))} rows make {len(rows)} parties",),
    )


def _merge(party: str, group: list[Cells]) -> Entry:
    listing = _each(group, "Listing Information")
    effective = next((day for text in listing if (day := _listed_on(text))), None)
    measures = unique(name for cells in group for name in _MEASURES if cells.get(name) == "True")
    details = [("listing_information", text) for text in listing]
    details += [("instrument", text) for text in _each(group, "Instrument of Designation")]
    details += [("measure", name) for name in measures]
    details += [("control_date", day) for day in _each(group, "Control Date")]
    return Entry(
        list=LIST,
        kind=next((_KINDS.get(text.lower(), "unknown") for text in _each(group, "Type")), "unknown"),
        source_id=party,
        names=_merge_names(group),
        addresses=tuple(
            Address(part, country=country_code(part.rsplit(",", 1)[-1]))
            for text in _each(group, "Address")
            for part in split_lettered(text)
        ),
        identifiers=tuple(Identifier("imo", text) for text in _each(group, "IMO Number")),
        nationalities=unique(
            country_code(part) or part for text in _each(group, "Citizenship") for part in split_lettered(text)
        ),
        birth_dates=unique(birth for text in _each(group, "Date of Birth") for birth in _births(text)),
        birth_places=unique(part for text in _each(group, "Place of Birth") for part in split_lettered(text)),
        programs=_each(group, "Committees"),
        effective_on=effective,
        remarks="\n".join(_each(group, "Additional Information")) or None,
        details=tuple(details),
    )


def _merge_names(group: list[Cells]) -> tuple[Name, ...]:
    names: dict[str, Quality] = {}
    for cells in group:
        quality: Quality = "weak" if cells.get("Alias Strength", "").lower() == "weak" else "strong"
        names.setdefault(" ".join(cells["Name of Individual or Entity"].split()), quality)
    primary = next((c for c in group if c.get("Name Type", "").lower() == "primary name"), group[0])
    first = " ".join(primary["Name of Individual or Entity"].split())
    return (Name(first, "primary"), *(Name(text, quality) for text, quality in names.items() if text != first))


def split_lettered(text: str) -> tuple[str, ...]:
    """The values of a cell that may letter them.

    >>> split_lettered("a) Karago, Rwanda b) Nyabihu, Rwanda"), split_lettered("Moscow, Russia")
    (('Karago, Rwanda', 'Nyabihu, Rwanda'), ('Moscow, Russia',))
    """
    return unique(part.strip(" ;,") for part in _LETTERED.split(text))


def _births(text: str) -> Iterable[str]:
    for part in split_lettered(text):
        for birth in re.split(r"[;,]| or ", " ".join(part.split())):
            yield read_birth(birth.strip())


def _listed_on(text: str) -> dt.date | None:
    found = _LISTED.search(text)
    return read_date(found[1].replace(".", "")) if found else None


def _each(group: list[Cells], column: str) -> tuple[str, ...]:
    return unique(cells.get(column, "") for cells in group)


def _recognizes(document: Document) -> bool:
    from caveat.sources.workbook import workbook_head

    return {"reference", "name of individual or entity", "control date"} <= set(workbook_head(document).split("\n"))


LAYOUTS = (Layout("au.dfat_xlsx", (LIST,), _recognizes, read_workbook),)
