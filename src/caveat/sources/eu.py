"""The European Union's financial sanctions list, in its current XML form and the one until 2018.

One sanctionEntity (ENTITY in the old form) is one party and one entry; its `logicalId` (`Id`) stays
the same through both forms. The Union marks no name as primary: the first name that is not weak
stands for it. Dates are the earliest the file states for the party: the designation, else the
first regulation that names it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from caveat.errors import ShapeError
from caveat.model import Address, Citation, Entry, Identifier, Kind, Moment, Name, Quality, unique
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, read_date
from caveat.sources.xml import children, count_unread, local, parse_xml, text_of

if TYPE_CHECKING:
    from lxml import etree

LIST = "eu.fsf"
_KINDS: dict[str, Kind] = {"p": "person", "person": "person", "e": "organization", "enterprise": "organization"}
_GENDERS = {"m": "male", "f": "female"}
_PLACE = ("street", "poBox", "place", "zipCode", "city", "region", "countryDescription")
_BY_NAME = ("regulationLanguage", "logicalId")  # bookkeeping of the publisher
_ATTRIBUTES = {
    "sanctionEntity": ("designationDate", "designationDetails", "unitedNationId", "euReferenceNumber"),
    "regulation": (
        "regulationType", "organisationType", "publicationDate", "entryIntoForceDate", "numberTitle", "programme",
    ),
    "regulationSummary": ("regulationType", "publicationDate", "numberTitle", "publicationUrl"),
    "subjectType": ("code", "classificationCode"),
    "nameAlias": (
        "firstName", "middleName", "lastName", "wholeName", "function", "gender", "title", "nameLanguage", "strong",
    ),
    "address": (*_PLACE, "asAtListingTime", "countryIso2Code"),
    "contactInfo": ("key", "value"),
    "birthdate": (
        *_PLACE, "circa", "calendarType", "birthdate", "dayOfMonth", "monthOfYear", "year", "yearRangeFrom",
        "yearRangeTo", "countryIso2Code",
    ),
    "citizenship": ("region", "countryIso2Code", "countryDescription"),
    "identification": (
        "diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer", "issuedBy", "issuedDate",
        "validFrom", "validTo", "latinNumber", "nameOnDocument", "number", "region", "countryIso2Code",
        "countryDescription", "identificationTypeCode", "identificationTypeDescription",
    ),
}  # fmt: skip
_READ = frozenset(
    f"{name}@{key}" for name, keys in _ATTRIBUTES.items() for key in (*keys, *_BY_NAME)
) | frozenset(f"{name}/remark" for name in _ATTRIBUTES) | {"regulation/publicationUrl"}  # fmt: skip
_READ_OLD = frozenset(
    {f"{name}@{key}" for name in ("ENTITY", "NAME", "BIRTH", "PASSPORT", "CITIZEN", "ADDRESS")
     for key in ("Id", "Entity_id", "legal_basis", "reg_date", "pdf_link", "programme")}
    | {"ENTITY@Type", "ENTITY@remark", "PASSPORT/NUMBER", "PASSPORT/COUNTRY", "CITIZEN/COUNTRY"}
    | {f"NAME/{key}" for key in (
        "LASTNAME", "FIRSTNAME", "MIDDLENAME", "WHOLENAME", "GENDER", "TITLE", "FUNCTION", "LANGUAGE")}
    | {f"BIRTH/{key}" for key in ("DATE", "PLACE", "COUNTRY")}
    | {f"ADDRESS/{key}" for key in ("NUMBER", "STREET", "ZIPCODE", "CITY", "COUNTRY", "OTHER")}
)  # fmt: skip
_HOLDS = frozenset({
    "kind", "source_id", "names", "addresses", "identifiers", "nationalities", "birth_dates", "birth_places", "genders",
    "title", "programs", "citations", "published_on", "effective_on", "remarks", "details",
})  # fmt: skip


def read_export(document: Document) -> Reading:
    """The current XML (`export/sanctionEntity`). ShapeError for broken XML or a party without a name."""
    root = parse_xml(document.data, document.name)
    stated = root.get("generationDate", "")
    try:
        published = Moment.parse(stated)
    except ValueError:
        raise ShapeError(f"generationDate is {stated!r}", where=document.name, do="fetch it again") from None
    return _read(document, children(root, "sanctionEntity"), _read_entity, _READ, published)


def read_whole(document: Document) -> Reading:
    """The XML form until 2018 (`WHOLE/ENTITY`). ShapeError as for the current one."""
    root = parse_xml(document.data, document.name)
    day = read_date(root.get("Date"), day_first=True)
    if day is None:
        raise ShapeError(f"Date is {root.get('Date', '')!r}", where=document.name, do="fetch it again")
    return _read(document, children(root, "ENTITY"), _read_old, _READ_OLD, Moment.parse(day))


def _read(
    document: Document,
    records: list[etree._Element],
    read: Callable[[etree._Element], Entry],
    known: frozenset[str],
    at: Moment,
) -> Reading:
    unread: Counter[str] = Counter()
    rows = []
    for number, record in enumerate(records, start=1):
        place = f"/{local(record)}[{number}]"
        entry = read(record)
        if not entry.name:
            raise ShapeError("has no name", where=f"{document.name} {place}", do="fetch the file again")
        count_unread(record, known, unread)
        rows.append(Row(entry, place))
    return Reading({LIST: tuple(rows)}, published=at, holds=_HOLDS, unread=unread)


def _read_entity(record: etree._Element) -> Entry:
    aliases = children(record, "nameAlias")
    regulations = children(record, "regulation")
    summaries = [s for part in record for s in children(part, "regulationSummary")]
    papers = [p for part in children(record, "identification") if (p := _read_paper(part))]
    for key, kind in (("euReferenceNumber", "eu_reference"), ("unitedNationId", "un_reference")):
        if value := record.get(key, "").strip():
            papers.insert(0, Identifier(kind, value))
    designated = read_date(record.get("designationDate"))
    published = _days(r.get("publicationDate") for r in (*regulations, *summaries))
    in_force = _days(r.get("entryIntoForceDate") for r in regulations) + published
    details = [("designation_details", record.get("designationDetails", ""))]
    details += [("honorific", a.get("title", "")) for a in aliases]
    details += [
        ("alias_note", f"{_whole(a)}: {text_of(r)}") for a in aliases for r in children(a, "remark") if text_of(r)
    ]
    details += [
        (i.get("key", "contact").lower(), i.get("value", ""))
        for a in children(record, "address")
        for i in children(a, "contactInfo")
    ]
    births = children(record, "birthdate")
    return Entry(
        list=LIST,
        kind=next(
            (_KINDS.get(s.get("code", "").lower(), "unknown") for s in children(record, "subjectType")), "unknown"
        ),
        source_id=record.get("logicalId") or None,
        names=_first_is_primary((_whole(a), "weak" if a.get("strong") == "false" else "strong") for a in aliases),
        addresses=tuple(dict.fromkeys(filter(None, map(_read_address, children(record, "address"))))),
        identifiers=tuple(dict.fromkeys(papers)),
        nationalities=unique(_country(c) or "" for c in children(record, "citizenship")),
        birth_dates=unique(map(_read_birth, births)),
        birth_places=unique(_place(b) for b in births),
        genders=unique(_GENDERS.get(a.get("gender", "").lower(), a.get("gender", "").lower()) for a in aliases),
        title="; ".join(unique(a.get("function", "") for a in aliases)) or None,
        programs=unique(r.get("programme", "") for r in regulations),
        citations=_citations((r.get("numberTitle", ""), r.get("publicationDate")) for r in (*regulations, *summaries)),
        published_on=min(published, default=None),
        effective_on=designated or min(in_force, default=None),
        remarks="\n".join(unique(text_of(r) for r in children(record, "remark"))) or None,
        details=_filled(details),
    )


def _whole(alias: etree._Element) -> str:
    parts = (alias.get(key, "") for key in ("firstName", "middleName", "lastName"))
    return " ".join((alias.get("wholeName") or " ".join(parts)).split())


def _country(element: etree._Element) -> str | None:
    code = element.get("countryIso2Code", "")
    return code if re.fullmatch(r"[A-Z]{2}", code) else country_code(element.get("countryDescription")) or None


def _place(element: etree._Element) -> str:
    return ", ".join(unique(element.get(key, "") for key in _PLACE if element.get(key) != "UNKNOWN"))


def _read_address(address: etree._Element) -> Address | None:
    text = _place(address)
    if not text:
        return None
    return Address(
        text,
        country=_country(address),
        city=address.get("city") or None,
        region=address.get("region") or None,
        postal_code=address.get("zipCode") or None,
    )


def _read_birth(birth: etree._Element) -> str:
    first, last = birth.get("yearRangeFrom", ""), birth.get("yearRangeTo", "")
    if first or last:
        return f"{first}/{last}"
    text = birth.get("birthdate", "") or birth.get("year", "")
    month = birth.get("monthOfYear", "")
    if len(text) == 4 and re.fullmatch(r"\d\d?", month):
        text = f"{text}-{int(month):02}"
    return f"c. {text}" if text and birth.get("circa") == "true" else text


def _read_paper(paper: etree._Element) -> Identifier | None:
    number = paper.get("number") or paper.get("latinNumber") or ""
    code = paper.get("identificationTypeCode", "").lower()
    notes = [text_of(r) for r in children(paper, "remark")]
    told = {
        "issuedBy": "issued by",
        "issuedDate": "issued on",
        "validFrom": "from",
        "validTo": "to",
        "nameOnDocument": "as",
    }
    notes += [f"{word} {paper.get(key)}" for key, word in told.items() if paper.get(key)]
    flags = {"knownFalse": "known false", "knownExpired": "expired", "reportedLost": "reported lost"}
    flags |= {"revokedByIssuer": "revoked", "diplomatic": "diplomatic"}
    notes += [word for key, word in flags.items() if paper.get(key) == "true"]
    kind = {"passport": "passport", "id": "national_id", "regnumber": "registration_number"}.get(
        code, code or "document"
    )
    if kind in ("other", "document") and paper.get("identificationTypeDescription"):
        notes.insert(0, paper.get("identificationTypeDescription", ""))
    if not number.strip():
        return None
    return Identifier(kind, number.strip(), country=_country(paper), note="; ".join(filter(None, notes)) or None)


def _read_old(record: etree._Element) -> Entry:
    names, births = children(record, "NAME"), children(record, "BIRTH")
    parts = (record, *names)
    days = _days(p.get("reg_date") for p in parts)
    papers = [_old_paper(text_of(p, "NUMBER"), text_of(p, "COUNTRY")) for p in children(record, "PASSPORT")]
    addresses = []
    for address in children(record, "ADDRESS"):
        cells = {key: text_of(address, key) for key in ("NUMBER", "STREET", "ZIPCODE", "CITY", "COUNTRY", "OTHER")}
        if text := ", ".join(filter(None, cells.values())):
            country = country_code(cells["COUNTRY"])
            addresses.append(
                Address(text, country=country, city=cells["CITY"] or None, postal_code=cells["ZIPCODE"] or None)
            )
    return Entry(
        list=LIST,
        kind=_KINDS.get(record.get("Type", "").lower(), "unknown"),
        source_id=record.get("Id") or None,
        names=_first_is_primary((text_of(n, "WHOLENAME") or _old_name(n), "strong") for n in names),
        addresses=tuple(dict.fromkeys(addresses)),
        identifiers=tuple(dict.fromkeys(p for p in papers if p)),
        nationalities=unique(country_code(t) or t for c in children(record, "CITIZEN") if (t := text_of(c, "COUNTRY"))),
        birth_dates=unique(text_of(b, "DATE") for b in births),
        birth_places=unique(", ".join(unique([text_of(b, "PLACE"), text_of(b, "COUNTRY")])) for b in births),
        genders=unique(_GENDERS.get(text_of(n, "GENDER").lower(), "") for n in names),
        title="; ".join(unique(text_of(n, "FUNCTION") for n in names)) or None,
        programs=unique([record.get("programme", "")]),
        citations=_citations((p.get("legal_basis", ""), p.get("reg_date")) for p in parts),
        published_on=min(days, default=None),
        effective_on=min(days, default=None),
        remarks=record.get("remark") or None,
        details=_filled(("honorific", text_of(n, "TITLE")) for n in names),
    )


def _old_name(name: etree._Element) -> str:
    return " ".join(filter(None, (text_of(name, key) for key in ("FIRSTNAME", "MIDDLENAME", "LASTNAME"))))


def _old_paper(text: str, country: str) -> Identifier | None:
    """`AD001095 (passport-National passport) (note)`: the number, its kind, the rest."""
    if not text:
        return None
    found = re.fullmatch(r"(.+?)\s*\((passport|id|other|[a-z]+)-([^)]{0,300})\)\s*(.*)", text)
    if not found:
        return Identifier("document", text, country=country_code(country))
    kind = {"passport": "passport", "id": "national_id"}.get(found[2], "document")
    return Identifier(
        kind, found[1], country=country_code(country), note=" ".join((found[3], found[4])).strip() or None
    )


def _first_is_primary(named: Iterable[tuple[str, Quality]]) -> tuple[Name, ...]:
    """The first name that is not weak becomes the primary one; repeats are dropped."""
    names: dict[str, Quality] = {}
    for text, quality in named:
        if text and (text not in names or quality == "strong"):
            names[text] = quality
    primary = next((text for text, quality in names.items() if quality == "strong"), next(iter(names), None))
    if primary is None:
        return ()
    return (Name(primary, "primary"), *(Name(text, quality) for text, quality in names.items() if text != primary))


def _days(texts: Iterable[str | None]) -> list[dt.date]:
    return [day for text in texts if (day := read_date(text))]


def _citations(pairs: Iterable[tuple[str, str | None]]) -> tuple[Citation, ...]:
    found = {(cite.strip(), read_date(day)) for cite, day in pairs if cite.strip()}
    return tuple(Citation(cite, day) for cite, day in sorted(found, key=lambda pair: (pair[1] or dt.date.max, pair[0])))


def _filled(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((name, value.strip()) for name, value in pairs if value.strip()))


LAYOUTS = (
    Layout(
        "eu.fsf_xml", (LIST,), lambda d: b"<export" in d.head[:2000] and b"fpi/fsd/export" in d.head[:2000], read_export
    ),
    Layout("eu.fsf_old_xml", (LIST,), lambda d: b"<WHOLE Date=" in d.head[:2000], read_whole),
)
