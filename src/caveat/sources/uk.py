"""The United Kingdom's lists: OFSI's consolidated list (CSV, XLSX) and the UK Sanctions List (CSV, XLSX).

Both spread one party over as many rows as it has names, addresses and birth dates. A row is a
record; the rows of one OFSI Group ID (of one Unique ID where the group is blank) are one party and
one entry, so that a party keeps its id from the old list to the new one. The first row of the file
states its day (`Last Updated,10/04/2025`; `Report Date: 13-Feb-2026`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from caveat.errors import ShapeError
from caveat.model import Address, Entry, Identifier, Kind, Moment, Name, Quality, unique
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, decode, read_date, rows

LIST = "uk.ofsi"
_NAME_PARTS = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")
#: Headings (lower case) of the several layouts, by the one word used here.
_COLUMNS = {
    **{part: part for part in _NAME_PARTS},
    "title": "title", "alias type": "name type", "name type": "name type",
    "alias quality": "quality", "alias strength": "quality",
    "name non-latin script": "native", "dob": "birth", "d.o.b": "birth", "town of birth": "town",
    "country of birth": "birth country", "nationality": "nationality", "nationality(/ies)": "nationality",
    "passport number": "passport", "passport details": "passport note",
    "passport additional information": "passport note",
    "national identification number": "national id", "national identifier number": "national id",
    "ni number": "national id", "national identification details": "national id note",
    "national identifier additional information": "national id note", "position": "position",
    **{f"address {n}": f"address {n}" for n in range(1, 7)},
    **{f"address line {n}": f"address {n}" for n in range(1, 7)},
    "post/zip code": "postal code", "address postal code": "postal code",
    "country": "country", "address country": "country", "other information": "remarks",
    "group type": "type", "designation type": "type", "individual, entity, ship": "type",
    "regime": "regime", "regime name": "regime", "listed on": "listed",
    "uk sanctions list date designated": "designated", "date designated": "designated",
    "last updated": "updated", "group id": "group", "ofsi group id": "group", "unique id": "uk sanctions list ref",
    "un reference number": "un ref", "gender": "gender", "imo number": "imo number",
    "business registration number (s)": "business reg no", "designation source": "designation source",
    "sanctions imposed": "sanctions imposed", "uk statement of reasons": "uk statement of reasons",
    "phone number": "phone number", "website": "website", "email address": "email address",
    "type of entity": "type of entity", "subsidiaries": "subsidiaries", "parent company": "parent company",
    "current owner/operator (s)": "current owners", "previous owner/operator (s)": "previous owners",
    "current believed flag of ship": "flag of ship", "previous flags": "previous flags",
    "type of ship": "type of ship", "tonnage of ship": "tonnage of ship", "length of ship": "length of ship",
    "year built": "year built", "hull identification number (hin)": "hull number",
    # They name the script and language of the native name, which its letters show.
    "non-latin script type": "script", "non-latin script language": "language",
}  # fmt: skip
#: Labels that OFSI flattens into `Other Information` as `(UN Ref):CFi.009`.
_LABELS = (
    "UK Sanctions List Ref", "UK Statement of Reasons", "UN Ref", "Gender", "Phone number", "Email address", "Website",
    "Type of entity", "Parent company", "Business Reg No", "Subsidiaries", "IMO number", "Flag of ship",
    "Previous flags", "Type of ship", "Tonnage of ship", "Length of ship", "Year built", "Current owners", "Fax",
    "Hull Identification Number",
)  # fmt: skip
_LABEL = re.compile(r"\((" + "|".join(_LABELS) + r")\):")
_IDENTIFIERS = {
    "uk sanctions list ref": "uk_sanctions_list_ref", "un ref": "un_reference", "imo number": "imo",
    "business reg no": "registration_number", "hull number": "hull_number",
    "hull identification number": "hull_number",
}  # fmt: skip
_DETAILS = (
    "uk statement of reasons", "sanctions imposed", "designation source", "type of entity", "parent company",
    "subsidiaries", "phone number", "fax", "email address", "website", "flag of ship", "previous flags",
    "type of ship", "tonnage of ship", "length of ship", "year built", "current owners", "previous owners",
)  # fmt: skip
_KINDS: dict[str, Kind] = {"individual": "person", "entity": "organization", "ship": "vessel"}
_HOLDS = frozenset({
    "kind", "source_id", "names", "addresses", "identifiers", "nationalities", "birth_dates", "birth_places", "title",
    "programs", "published_on", "effective_on", "remarks", "details", "genders",
})  # fmt: skip
_REFERENCES = ("UK Sanctions List Ref", "UN Ref", "IMO number")
_REFERENCE = re.compile(r"\s*(?:UN Ref:?\s*)?([A-Z]{2,3}[ei]?\.?\s?\d{3,4}|\d{7})\b[.\s]*(.*)", re.DOTALL)
_NUMBERED = re.compile(r"\(\d{1,3}\)\s*")

Cells = Mapping[str, str]


def read_csv(document: Document) -> Reading:
    """A CSV of either list. ShapeError where a row is cut, or has no id or name."""
    text, _ = decode(document.data, document.name)
    return _read(document.name, rows(text, document.name))


def read_workbook(document: Document) -> Reading:
    """An XLSX of either list. ShapeError as for the CSV."""
    from caveat.sources.workbook import sheet_rows

    return _read(document.name, sheet_rows(document))


def _read(where: str, numbered: Iterator[tuple[int, list[str]]]) -> Reading:
    _, first = next(numbered, (0, [""]))
    found = re.match(r"\s*(?:Last Updated|Report Date:?)\s*:?\s*(.*)", " ".join(first).strip(), re.IGNORECASE)
    published = read_date(found[1].strip(), day_first=True) if found else None
    if published is None:
        raise ShapeError(f"its first row states no day ({' '.join(first)[:60]})", where=where, do="fetch it again")
    _, header = next(numbered, (0, []))
    columns = [" ".join(cell.split()).lower() for cell in header]
    if not {"name 6", "name 1"} <= set(columns) or not {"group id", "unique id"} & set(columns):
        raise ShapeError("its second row is not the header", where=where, do="fetch it again")
    unread: Counter[str] = Counter()
    parties: dict[str, list[Cells]] = {}
    places: dict[str, list[int]] = {}
    for number, values in numbered:
        if len(values) != len(columns):
            raise ShapeError(
                f"row {number} has {len(values)} columns, the header {len(columns)}", where=where, do="fetch it again"
            )
        cells: dict[str, str] = {}
        for heading, column, value in zip(header, columns, values, strict=True):
            if value := value.strip():
                if column in _COLUMNS:
                    cells[_COLUMNS[column]] = value
                else:
                    unread[heading.strip()] += 1
        party = cells.get("group") or cells.get("uk sanctions list ref")
        if not party:
            raise ShapeError("has neither Group ID nor Unique ID", where=f"{where} row {number}", do="fetch it again")
        parties.setdefault(party, []).append(cells)
        places.setdefault(party, []).append(number)
    read: list[Row] = []
    unmarked = 0
    for party, group in parties.items():
        place = _place(places[party])
        entry, is_marked = _merge(party, group, f"{where} {place}")
        unmarked += not is_marked
        read.append(Row(entry, place))
    notes = [f"{sum(map(len, parties.values()))} rows make {len(read)} parties"]
    if unmarked:
        notes.append(f"{unmarked} parties have no row marked primary: their first name stands for it")
    return Reading(
        {LIST: tuple(read)}, published=Moment.parse(published), holds=_HOLDS, unread=unread, notes=tuple(notes)
    )


def _place(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    more = "" if len(numbers) <= 4 else f" and {len(numbers) - 4} more"
    return f"rows {', '.join(map(str, numbers[:4]))}{more}"


def _merge(party: str, group: list[Cells], where: str) -> tuple[Entry, bool]:
    """One entry of all rows of a party, and whether one of them is marked as its primary name."""
    labels: dict[str, list[str]] = {}
    remarks: list[str] = []
    for cells in group:
        text, *pieces = _LABEL.split(cells.get("remarks", ""))
        remarks.append(text.strip())
        for label, value in zip(pieces[::2], pieces[1::2], strict=True):
            found = _REFERENCE.match(value) if label in _REFERENCES else None
            if found:  # free text runs on behind a reference, unmarked
                remarks.append(found[2].strip())
            labels.setdefault(label.lower(), []).append(found[1].replace(" ", "") if found else value)
        for label in (*_IDENTIFIERS, *_DETAILS, "gender"):
            if label in cells:
                labels.setdefault(label, []).append(cells[label])
    names, is_marked = _merge_names(group)
    if not names:
        raise ShapeError("has no name", where=where, do="fetch it again")
    listed = _dates(group, "listed")
    designated = _dates(group, "designated")
    updated = _dates(group, "updated")
    details = [(label, value) for label in _DETAILS for value in unique(labels.get(label, []))]
    details += [("amended_on", max(updated).isoformat())] if updated else []
    details += [("honorific", value) for value in _each(group, "title")]
    identifiers = [
        Identifier(kind, value)
        for label, kind in _IDENTIFIERS.items()
        for text in unique(labels.get(label, []))
        for value in split_numbered(text)
    ]
    for column, kind in (("passport", "passport"), ("national id", "national_id")):
        for cells in group:
            identifiers += _papers(kind, cells.get(column, ""), cells.get(f"{column} note", ""))
    entry = Entry(
        list=LIST,
        kind=next((_KINDS[kind.lower()] for kind in _each(group, "type") if kind.lower() in _KINDS), "unknown"),
        source_id=party,
        names=names,
        addresses=tuple(dict.fromkeys(filter(None, map(_address, group)))),
        identifiers=tuple(dict.fromkeys(identifiers)),
        nationalities=unique(
            country_code(v) or v for text in _each(group, "nationality") for v in split_numbered(text)
        ),
        birth_dates=unique(read_birth(v) for text in _each(group, "birth") for v in split_numbered(text)),
        birth_places=unique(place for cells in group for place in _birth_places(cells)),
        genders=unique(value.strip(" .").lower() for value in labels.get("gender", [])),
        title="; ".join(unique(v for text in _each(group, "position") for v in split_numbered(text))) or None,
        programs=_each(group, "regime"),
        published_on=min(listed, default=None),
        effective_on=min(designated or listed, default=None),
        remarks="\n".join(unique(remarks)) or None,
        details=tuple(details),
    )
    return entry, is_marked


def _merge_names(group: list[Cells]) -> tuple[tuple[Name, ...], bool]:
    """The primary name first; native forms are names of their own."""
    names: dict[str, Quality] = {}
    primary = ""
    for cells in group:
        text = " ".join(cells[part] for part in _NAME_PARTS if part in cells)
        sort = cells.get("name type", "").lower()
        quality: Quality = "strong"
        if sort == "fka":
            quality = "former"
        elif "low" in cells.get("quality", "").lower():
            quality = "weak"
        if sort in ("primary name", "prime alias") and not primary:
            primary = text
        if text and (text not in names or quality == "strong"):
            names[text] = quality
        for native in split_numbered(cells.get("native", "")):
            names.setdefault(native, "strong")
    is_marked = bool(primary)
    primary = primary or next(iter(names), "")
    ordered = [Name(primary, "primary")] if primary else []
    return (*ordered, *(Name(text, quality) for text, quality in names.items() if text != primary)), is_marked


def split_numbered(text: str) -> tuple[str, ...]:
    """The values of a cell that may number them.

    >>> split_numbered("(1) Germany. (2) Morocco"), split_numbered("Iran"), split_numbered("(1) 206 (2) -")
    (('Germany', 'Morocco'), ('Iran',), ('206',))
    """
    parts = _NUMBERED.split(text)
    if len(parts) > 1 and not parts[0].strip():
        return unique(part.strip(" .;,-") for part in parts)
    return unique([text])


def read_birth(text: str) -> str:
    """ISO, as precise as printed: `00/05/1961` is `1961-05`, `dd/mm/1961` is `1961`; else verbatim.

    >>> read_birth("00/00/1961"), read_birth("26/06/1944"), read_birth("Approximately 1963")
    ('1961', '1944-06-26', 'c. 1963')
    """
    text = " ".join(text.split())
    if found := re.fullmatch(r"(\d\d|dd)/(\d\d|mm)/(\d{4})", text, re.IGNORECASE):
        day, month, year = found.groups()
        if not month.isdigit() or month == "00":
            return year
        return f"{year}-{month}" if not day.isdigit() or day == "00" else f"{year}-{month}-{day}"
    if found := re.fullmatch(r"(\d\d)/(\d{4})", text):
        return f"{found[2]}-{found[1]}"
    if found := re.fullmatch(r"(?:approximately|approx\.?|circa|c\.?|about)\s+(\d{4})", text, re.IGNORECASE):
        return f"c. {found[1]}"
    if found := re.fullmatch(r"(?:between\s+)?(\d{4})\s*(?:-|–|to|and)\s*(\d{4})", text, re.IGNORECASE):
        return f"{found[1]}/{found[2]}"
    day_read = read_date(text, day_first=True)
    return day_read.isoformat() if day_read else text


def _birth_places(cells: Cells) -> Iterable[str]:
    towns, lands = (_NUMBERED.split(cells.get(column, "")) for column in ("town", "birth country"))
    if len(towns) == len(lands):
        pairs = zip(towns, lands, strict=True)
        return unique(", ".join(unique([town.strip(" .-"), land.strip(" .-")])) for town, land in pairs)
    return unique(text.strip(" .-") for text in (*towns, *lands))


def _papers(kind: str, numbers: str, notes: str) -> Iterator[Identifier]:
    values = [value.strip(" .;") for value in _NUMBERED.split(numbers)]
    told = [note.strip() for note in _NUMBERED.split(notes)]
    if not numbers:  # the list of 2016 has the number within the words
        for note in filter(None, told):
            found = re.search(r"\b[A-Z]{0,3}[-\s]?\d[\dA-Z/-]{3,}\b", note)
            yield Identifier(kind, found[0].strip() if found else note, note=note if found else None)
        return
    if len(values) != len(told):
        told = [notes] * len(values)
    for value, note in zip(values, told, strict=True):
        if value.strip("-"):
            yield Identifier(kind, value, note=note or None)


def _address(cells: Cells) -> Address | None:
    country = cells.get("country", "")
    lines = [cells[line] for n in range(1, 7) if (line := f"address {n}") in cells]
    text = ", ".join(filter(None, [*lines, cells.get("postal code", ""), country]))
    return Address(text, country=country_code(country), postal_code=cells.get("postal code")) if text else None


def _each(group: list[Cells], column: str) -> tuple[str, ...]:
    return unique(cells.get(column, "") for cells in group)


def _dates(group: list[Cells], column: str) -> list[dt.date]:
    return [day for text in _each(group, column) if (day := read_date(text, day_first=True))]


def _recognizes_csv(document: Document) -> bool:
    head = document.head[:4000].decode("utf-8-sig", "replace").lower()
    return head.startswith(("last updated", "report date")) and "name 6" in head and "name 1" in head


def _recognizes_workbook(document: Document) -> bool:
    from caveat.sources.workbook import workbook_head

    head = workbook_head(document)
    return head.lstrip().startswith(("last updated", "report date")) and {"name 6", "name 1"} <= set(head.split("\n"))


LAYOUTS = (
    Layout("uk.sanctions_csv", (LIST,), _recognizes_csv, read_csv),
    Layout("uk.sanctions_xlsx", (LIST,), _recognizes_workbook, read_workbook),
)
