"""The United Nations Security Council's consolidated list, in its XML form.

One INDIVIDUAL or ENTITY is one party and one entry: nothing is merged, and the number of entries
is the number of these elements. The file states its own moment (`dateGenerated`).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from caveat.errors import ShapeError
from caveat.model import Address, Entry, Identifier, Kind, Moment, Name, Quality, script_of, unique
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, read_date, split_outside
from caveat.sources.xml import child, children, count_unread, local, parse_xml, text_of

if TYPE_CHECKING:
    from lxml import etree

LIST = "un.sc"
_QUALITY: dict[str, Quality] = {"good": "strong", "low": "weak", "a.k.a.": "strong", "f.k.a.": "former"}
_RECORDS: dict[str, Kind] = {"INDIVIDUAL": "person", "ENTITY": "organization"}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_DOCUMENT = {
    "CITY_OF_ISSUE": "issued at", "COUNTRY_OF_ISSUE": "country of issue", "DATE_OF_ISSUE": "issued on",
    "DATE_OF_EXPIRY": "expires on", "NOTE": "",
}  # fmt: skip
_BIRTH_PARTS = ("TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE")
_PLACE_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")
_DETAILS = {
    "DATAID": "data_id", "SUBMITTED_ON": "submitted_on", "SUBMITTED_BY": "submitted_by",
    "INTERPOL_LINK": "interpol_notice", "DELISTED_ON": "delisted_on",
}  # fmt: skip


def _fields(record: str) -> set[str]:
    parts = {
        "ALIAS": ("QUALITY", "ALIAS_NAME", "DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE"),
        "ADDRESS": ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"),
        "DATE_OF_BIRTH": _BIRTH_PARTS,
        "PLACE_OF_BIRTH": _PLACE_PARTS,
        "DOCUMENT": ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER", "ISSUING_COUNTRY", *_DOCUMENT),
    }
    own = (
        *_NAMES, *_DETAILS, "NAME_ORIGINAL_SCRIPT", "UN_LIST_TYPE", "REFERENCE_NUMBER", "LISTED_ON", "GENDER",
        "COMMENTS1", "NATIONALITY2",
        # Bookkeeping of the publisher, of no meaning to a reader of the list.
        "VERSIONNUM", "HAS_INTERPOL_LINK", "SORT_KEY", "SORT_KEY_LAST_MOD",
    )  # fmt: skip
    return {f"{record}/{name}" for name in own} | {
        f"{record}_{part}/{name}" for part, names in parts.items() for name in names
    }


_READ = frozenset(
    _fields("INDIVIDUAL") | _fields("ENTITY")
    | {f"{name}/VALUE" for name in ("DESIGNATION", "NATIONALITY", "TITLE", "LAST_DAY_UPDATED", "LIST_TYPE")}
)  # fmt: skip


def read_consolidated(document: Document) -> Reading:
    """The whole list as `un.sc`. ShapeError for broken XML or a record without a name."""
    root = parse_xml(document.data, document.name)
    if local(root) != "CONSOLIDATED_LIST":
        raise ShapeError(f"root is <{local(root)}>, not <CONSOLIDATED_LIST>", where=document.name)
    unread: Counter[str] = Counter()
    rows = []
    for group in root:
        for number, record in enumerate(group, start=1):
            place = f"/{local(group)}/{local(record)}[{number}]"
            if local(record) not in _RECORDS:
                raise ShapeError(f"unknown record <{local(record)}>", where=f"{document.name} {place}")
            entry = _read_record(record)
            if not entry.name:
                raise ShapeError("has no name", where=f"{document.name} {place}", do="fetch the file again")
            count_unread(record, _READ, unread)
            rows.append(Row(entry, place))
    stated = root.get("dateGenerated", "")
    try:
        published = Moment.parse(stated) if stated else None
    except ValueError:
        raise ShapeError(f"dateGenerated is {stated!r}", where=document.name) from None
    return Reading({LIST: tuple(rows)}, published=published, unread=unread)


def _read_record(record: etree._Element) -> Entry:
    prefix = local(record)
    aliases = children(record, f"{prefix}_ALIAS")
    births = children(record, f"{prefix}_DATE_OF_BIRTH")
    details = [(label, text_of(record, name)) for name, label in _DETAILS.items()]
    details += [("honorific", value) for value in _values(record, "TITLE")]
    details += [("amended_on", value) for value in _values(record, "LAST_DAY_UPDATED")]
    details += [("birth_date_note", text_of(birth, "NOTE")) for birth in births]
    details += [
        ("alias_note", f"{text_of(alias, 'ALIAS_NAME')}: {'; '.join(notes)}")
        for alias in aliases
        if (notes := _notes(alias))
    ]
    listed = read_date(text_of(record, "LISTED_ON")[:10])  # `2015-07-01-04:00` happens: a zone behind the day
    if listed is None:
        details.append(("listed_on", text_of(record, "LISTED_ON")))
    alias_births = (read_date(text_of(alias, "DATE_OF_BIRTH"), day_first=True) for alias in aliases)
    return Entry(
        list=LIST,
        kind=_RECORDS[prefix],
        source_id=text_of(record, "REFERENCE_NUMBER") or None,
        names=_read_names(record, aliases),
        addresses=tuple(filter(None, map(_read_address, children(record, f"{prefix}_ADDRESS")))),
        identifiers=tuple(filter(None, map(_read_document, children(record, f"{prefix}_DOCUMENT")))),
        nationalities=unique(country_code(value) or value for value in _values(record, "NATIONALITY")),
        birth_dates=unique([*map(_read_birth, births), *(day.isoformat() for day in alias_births if day)]),
        birth_places=unique(
            ", ".join(unique(text_of(place, part) for part in _PLACE_PARTS))
            for place in children(record, f"{prefix}_PLACE_OF_BIRTH")
        ),
        genders=unique([text_of(record, "GENDER").lower()]),
        title="; ".join(_values(record, "DESIGNATION")) or None,
        programs=unique([text_of(record, "UN_LIST_TYPE")]),
        effective_on=listed,
        remarks=text_of(record, "COMMENTS1") or None,
        details=tuple((name, value) for name, value in details if value),
    )


def _values(record: etree._Element, name: str) -> tuple[str, ...]:
    return unique(text_of(value) for value in children(child(record, name), "VALUE"))


def _notes(alias: etree._Element) -> list[str]:
    parts = ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE")
    return [text for part in parts if (text := text_of(alias, part))]


def _read_names(record: etree._Element, aliases: list[etree._Element]) -> tuple[Name, ...]:
    primary = " ".join(filter(None, (text_of(record, part) for part in _NAMES)))
    names = {primary: Name(primary, "primary")} if primary else {}
    for text in re.split(r"\s*[;؛]\s*", text_of(record, "NAME_ORIGINAL_SCRIPT")):
        names.setdefault(text, Name(text, "strong"))
    for alias in aliases:
        quality = _QUALITY.get(text_of(alias, "QUALITY").lower(), "strong")
        for text in split_alias(text_of(alias, "ALIAS_NAME")):
            names.setdefault(text, Name(text, quality))
    names.pop("", None)
    return tuple(names.values())


def split_alias(text: str) -> list[str]:
    """The names in one alias cell: `A; B`, and a name with its native form in brackets.

    >>> split_alias("Jin Tiesan (金铁三)"), split_alias("Mujahidin Barat (MIB)")
    (['Jin Tiesan', '金铁三'], ['Mujahidin Barat (MIB)'])
    """
    names = []
    for part in split_outside(text):
        before, _, inside = part.rstrip(",").removesuffix(")").partition("(")
        inside = inside.strip().removeprefix("original script:")
        is_pair = part.rstrip(",").endswith(")") and before.strip() and not set("()") & set(inside)
        if is_pair and {script_of(before), script_of(inside)} - {None, script_of(part)}:
            names += [before, *inside.split(";")]
        else:
            names.append(part)
    return [name.strip() for name in names if name.strip()]


def _read_birth(birth: etree._Element) -> str:
    """ISO, as precise as printed: `1960`, `c. 1960`, `1960/1965`, `1960-05-01`."""
    first, last = text_of(birth, "FROM_YEAR"), text_of(birth, "TO_YEAR")
    if first or last:
        return f"{first}/{last}"
    day = read_date(text_of(birth, "DATE"))
    text = day.isoformat() if day else text_of(birth, "DATE") or text_of(birth, "YEAR")
    return f"c. {text}" if text and text_of(birth, "TYPE_OF_DATE") == "APPROXIMATELY" else text


def _read_address(address: etree._Element) -> Address | None:
    parts = {
        part: text_of(address, part) for part in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")
    }
    text = ", ".join(filter(None, parts.values()))
    if not text:
        return None
    return Address(
        text,
        country=country_code(parts["COUNTRY"]),
        city=parts["CITY"] or None,
        region=parts["STATE_PROVINCE"] or None,
        postal_code=parts["ZIP_CODE"] or None,
    )


def _read_document(paper: etree._Element) -> Identifier | None:
    sort = text_of(paper, "TYPE_OF_DOCUMENT") or text_of(paper, "TYPE_OF_DOCUMENT2")
    second = text_of(paper, "TYPE_OF_DOCUMENT2")
    notes = [f"{label} {text}".strip() for part, label in _DOCUMENT.items() if (text := text_of(paper, part))]
    if second and second != sort:
        notes.insert(0, second)
    number = text_of(paper, "NUMBER")
    if not number:  # the number sometimes stands in the note alone
        if not notes:
            return None
        number, notes = notes[-1], notes[:-1]
    country = text_of(paper, "ISSUING_COUNTRY")
    return Identifier(document_kind(sort), number, country=country_code(country), note="; ".join(notes) or None)


def document_kind(text: str) -> str:
    """The kind of an identity document, told from its name in the languages the lists mix."""
    text = text.casefold()
    if re.search(r"passe?port|pasaporte", text):
        return "passport"
    if re.search(r"identi|tazkira|national no|cedula|cédula", text):
        return "national_id"
    return re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "document"


def _recognizes(document: Document) -> bool:
    return b"<CONSOLIDATED_LIST" in document.head[:2000]


LAYOUTS = (Layout("un.consolidated_xml", (LIST,), _recognizes, read_consolidated),)
