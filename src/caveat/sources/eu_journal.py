"""Journal extracts: the annexes of one EU regulation as a CSV, one row a party.

Each regulation is a list of its own (CELEX 32020R1998 is `eu.journal.2020_1998`), so that the file
of one never speaks for the parties of another. A record's number is its id where the annex uses it
once. The publisher states no day of the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping

from caveat.errors import ShapeError
from caveat.model import Address, Citation, Entry, Identifier, Kind, Name, Quality, unique
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, decode, read_date, rows, split_outside
from caveat.sources.un import split_alias

REGULATIONS = (
    "2002_881", "2005_1183", "2006_765", "2011_359", "2012_267", "2014_269", "2014_833", "2017_1509", "2019_796",
    "2020_1998",
)  # fmt: skip
_KINDS: dict[str, Kind] = {
    "Person": "person", "LegalEntity": "organization", "Organization": "organization", "Company": "organization",
    "PublicBody": "organization", "Vessel": "vessel", "Airplane": "aircraft",
}  # fmt: skip
_NAMES: dict[str, Quality] = {"alias": "strong", "weakAlias": "weak", "previousName": "former"}
_IDENTIFIERS = {
    "passportNumber": "passport", "registrationNumber": "registration_number", "taxNumber": "tax_number",
    "idNumber": "national_id", "innCode": "inn", "ogrnCode": "ogrn", "kppCode": "kpp", "okpoCode": "okpo",
    "leiCode": "lei", "swiftBic": "bic", "ticker": "ticker", "imoNumber": "imo", "mmsi": "mmsi",
}  # fmt: skip
_DETAILS = (
    "annex", "measure", "fatherName", "motherName", "incorporationDate", "legalForm", "sector", "flag", "phone",
    "email", "website", "jurisdiction",
)  # fmt: skip
_READ = {
    "celex", "recordId", "programKey", "startDate", "reason", "schema", "name", "country", "nationality", "birthDate",
    "birthPlace", "position", "gender", "address", "notes", *_NAMES, *_IDENTIFIERS, *_DETAILS,
    "ethnicity", "appearance",  # left out on purpose: Caveat holds no such trait of a person
}  # fmt: skip
_HOLDS = frozenset({
    "kind", "source_id", "names", "addresses", "identifiers", "countries", "nationalities", "birth_dates",
    "birth_places", "genders", "title", "programs", "citations", "effective_on", "remarks", "details",
})  # fmt: skip
_CELEX = re.compile(r"3(\d{4})R0*(\d{1,4})")
_LETTERED = re.compile(r"(?:^|[,;.]? )\([a-z]\) ?")


def read_journal(document: Document) -> Reading:
    """The parties of one or more regulations, a list each. ShapeError where a row is cut or nameless."""
    text, _ = decode(document.data, document.name)
    numbered = rows(text, document.name)
    _, header = next(numbered, (0, [""]))
    if not {"celex", "name", "annex"} <= set(header):
        raise ShapeError("its first row is not the header", where=document.name, do="fetch it again")
    read: dict[str, list[tuple[Mapping[str, str], str]]] = {}
    unread: Counter[str] = Counter()
    used: Counter[tuple[str, ...]] = Counter()
    for number, values in numbered:
        place = f"row {number}"
        if len(values) != len(header):
            raise ShapeError(
                f"has {len(values)} columns, the header {len(header)}", where=f"{document.name} {place}",
                do="the file is cut or broken: fetch it again",
            )  # fmt: skip
        cells = {column: value.strip() for column, value in zip(header, values, strict=True) if value.strip()}
        found = _CELEX.fullmatch(cells.get("celex", ""))
        if not found or "name" not in cells:
            raise ShapeError("has no CELEX number or no name", where=f"{document.name} {place}", do="fetch it again")
        unread.update(set(cells) - _READ)
        used[_key(cells)] += 1
        read.setdefault(f"eu.journal.{found[1]}_{found[2]}", []).append((cells, place))
    lists = {
        list_id: tuple(Row(_entry(list_id, cells, is_single=used[_key(cells)] == 1), place) for cells, place in group)
        for list_id, group in read.items()
    }
    return Reading(lists, holds=_HOLDS, unread=unread)


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in ("celex", "annex", "recordId"))


def _entry(list_id: str, cells: Mapping[str, str], *, is_single: bool) -> Entry:
    celex, record = cells["celex"], cells.get("recordId", "")
    year, number = list_id.removeprefix("eu.journal.").split("_")
    union = "EC" if int(year) < 2010 else "EU"
    cite = f"Regulation ({union}) {year}/{number}" if int(year) >= 2015 else f"Regulation ({union}) No {number}/{year}"
    names = [Name(cells["name"], "primary")]
    for column, quality in _NAMES.items():
        aliases = unique(text for cell in _split(cells.get(column, "")) for text in split_alias(cell))
        names += [Name(text, quality) for text in aliases if text != cells["name"]]
    start = read_day(cells.get("startDate", ""))
    details = [(column, cells[column]) for column in _DETAILS if column in cells]
    if start is None and "startDate" in cells:
        details.append(("startDate", cells["startDate"]))
    return Entry(
        list=list_id,
        kind=_KINDS.get(cells.get("schema", ""), "unknown"),
        source_id=f"{cells.get('annex', '')} {record}".strip() if record and is_single else None,
        names=tuple(dict.fromkeys(names)),
        addresses=tuple(Address(text, country=_last_country(text)) for text in _split(cells.get("address", ""))),
        identifiers=tuple(
            Identifier(kind, value) for column, kind in _IDENTIFIERS.items() for value in _split(cells.get(column, ""))
        ),
        countries=unique(country_code(text) or "" for text in _split(cells.get("country", ""))),
        nationalities=unique(country_code(text) or text for text in _split(cells.get("nationality", ""))),
        birth_dates=unique(_birth(text) for text in _split(cells.get("birthDate", ""))),
        birth_places=unique(_split(cells.get("birthPlace", ""))),
        genders=unique([cells.get("gender", "").strip(" .").lower()]),
        title="; ".join(_split(cells.get("position", ""))) or None,
        programs=unique([cells.get("programKey", ""), celex]),
        citations=(Citation(cite),),
        effective_on=start,
        remarks="\n".join(unique([cells.get("reason", ""), cells.get("notes", "")])) or None,
        details=tuple(details),
    )


def read_day(text: str) -> dt.date | None:
    """A day as the journal prints it, `2.3.2021` or `1 November 2005`; None for anything else.

    >>> read_day("2.3.2021"), read_day("April 1984")
    (datetime.date(2021, 3, 2), None)
    """
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip()):
        try:
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None
    return read_date(text, day_first=True)


def _birth(text: str) -> str:
    day = read_day(text)
    if day:
        return day.isoformat()
    found = re.fullmatch(r"(?:circa|approximately|around|about|approx\.)\s+(\d{4})", text, re.IGNORECASE)
    return f"c. {found[1]}" if found else text


def _split(text: str) -> tuple[str, ...]:
    """The values of a cell: `a; b` outside brackets, or `(a) x, (b) y`."""
    spaced = " ".join(text.strip('"').split())
    parts = (part for lettered in _LETTERED.split(spaced) for part in split_outside(lettered))
    return unique(part.strip(" ,;") for part in parts)


def _last_country(text: str) -> str | None:
    return country_code(text.rsplit(",", 1)[-1].strip(" ."))


def _recognizes(document: Document) -> bool:
    return document.head.removeprefix(b"\xef\xbb\xbf").startswith(b"celex,recordId,programKey,annex,")


LAYOUTS = (
    Layout("eu.journal_csv", tuple(f"eu.journal.{name}" for name in REGULATIONS), _recognizes, read_journal),
)  # fmt: skip
