"""The Consolidated Screening List of trade.gov: CSV, JSON, and a compact JSON made from it by others."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from caveat.errors import ShapeError
from caveat.model import ENTRY_FIELDS, Address, Moment, unique
from caveat.sources.bis_text import find_newest, read_country
from caveat.sources.csl_entry import PublishedId, Record, join_entries, make_entry
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, decode, load_json, read_date, rows

STREAM = "us.trade.csl"
_LISTS = {
    "SDN": "us.ofac.sdn", "CMIC": "us.ofac.ns_cmic", "NS-CMIC": "us.ofac.ns_cmic", "EL": "us.bis.entity_list",
    "DPL": "us.bis.denied_persons", "UVL": "us.bis.unverified", "MEU": "us.bis.military_end_user",
    "ISN": "us.state.nonproliferation", "DTC": "us.state.debarred",
}  # fmt: skip
_CONSOLIDATED = "us.ofac.consolidated"
_ALL_LISTS = (*dict.fromkeys(_LISTS.values()), _CONSOLIDATED)
_CODE = re.compile(r"\(([A-Z][A-Z-]+)(?: List)?\)")

_ALWAYS = (
    "source", "entity_number", "type", "programs", "name", "title", "addresses", "federal_register_notice",
    "start_date", "end_date", "standard_order", "license_requirement", "license_policy", "call_sign", "vessel_type",
    "gross_tonnage", "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "source_list_url",
    "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth", "source_information_url",
)  # fmt: skip
_KNOWN = frozenset((*_ALWAYS, "_id", "id", "ids", "country"))
_PLURAL = ("programs", "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")
_REFETCH = "fetch the whole file again from trade.gov"


@dataclass(slots=True)
class _Gathering:
    """Rows by list while a file is read."""

    lists: dict[str, dict[object, Row]] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    dates: Counter[dt.date] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    merged: int = 0

    def add(self, record: Record) -> None:
        source = record.text.get("source", "")
        list_id = tell_list(source)
        if list_id == STREAM:
            self.unknown[source or "(blank)"] += 1
        entry = make_entry(record, list_id)
        if not entry.names:
            self.notes.append(f"{record.place} has no name and was not taken")
            return
        if not list_id.startswith("us.ofac.") and (day := read_date(record.text.get("start_date"))):
            self.dates[day] += 1
        found = self.lists.setdefault(list_id, {})
        key: object = entry.source_id if entry.source_id else len(found)
        if isinstance(key, str) and (same := found.get(key)):  # on two of OFAC's sub-lists: one party
            found[key] = Row(join_entries(same.entry, entry), same.place)
            self.merged += 1
        else:
            found[key] = Row(entry, record.place)

    def reading(self, where: str, stated: Moment | None, holds: frozenset[str], unread: Mapping[str, int]) -> Reading:
        if not self.lists:
            raise ShapeError("holds no party", where=where, do=_REFETCH)
        if self.merged:
            self.notes.append(f"{self.merged} rows joined with another row of the same entity_number on one list")
        for source, count in self.unknown.items():
            self.notes.append(f"unknown source {source!r}: {count} rows kept under {STREAM}")
        newest = None if stated else find_newest(self.dates)
        return Reading(
            lists={k: tuple(v.values()) for k, v in self.lists.items()},
            published=stated or (Moment(newest.isoformat()) if newest else None),
            inferred=newest is not None,
            holds=holds,
            unread={k: n for k, n in unread.items() if n},
            notes=tuple(self.notes),
        )


def tell_list(source: str) -> str:
    """The list id of a `source` text; `us.trade.csl` where it is none we know.

    >>> tell_list("Entity List (EL) - Bureau of Industry and Security"), tell_list("Moon List (ML)")
    ('us.bis.entity_list', 'us.trade.csl')
    """
    for code in _CODE.findall(source):
        if code in _LISTS:
            return _LISTS[code]
    return _CONSOLIDATED if "Treasury" in source else STREAM


def _split_ids(text: str) -> Iterator[PublishedId]:
    """`CN, 9133…, Unified Social Credit Code (USCC); …`: country, number and kind of each."""
    for part in text.split("; "):
        value, _, kind = part.strip(" ;").rpartition(", ")
        country = ""
        if re.match(r"[A-Z]{2}, ", value):
            country, value = value[:2], value[4:]
        if value or kind:
            yield PublishedId(kind, value, country) if value else PublishedId("", kind)


def _split_cell_addresses(text: str) -> tuple[Address, ...]:
    parts = unique(re.sub(r"^and\s+", "", p).strip(" ;") for p in re.split(r";\s+", text))
    return tuple(Address(p, country=read_country(p)) for p in parts)


def _countries(addresses: Iterable[Address], *more: str) -> tuple[str, ...]:
    return unique([*(country_code(m) or "" for m in more), *(a.country or "" for a in addresses)])


# --- the layouts --------------------------------------------------------------------------------


def _recognizes_csv(document: Document) -> bool:
    first = document.head.lstrip(b"\xef\xbb\xbf\r\n ").splitlines()[:1]
    return bool(first) and sum(name.encode() in first[0] for name in _ALWAYS) > 15


def read_csv(document: Document) -> Reading:
    """The CSV in its 27-, 28- and 29-column layouts; ShapeError names the line."""
    text = _read_text(document)
    lines = rows(text, document.name)
    _, header = next(lines, (0, []))
    header = [cell.strip().casefold() for cell in header]
    _check_header(header, document.name)
    strange = [name for name in header if name not in _KNOWN]
    unread: Counter[str] = Counter()
    gathering = _Gathering()
    for line, cells in lines:
        if len(cells) != len(header):
            raise ShapeError(
                f"line {line} has {len(cells)} of {len(header)} columns: the file is cut or damaged there",
                where=document.name, do=_REFETCH,
            )  # fmt: skip
        if [cell.strip().casefold() for cell in cells] == header:
            raise ShapeError(
                f"line {line} repeats the header: two files run together", where=document.name, do=_REFETCH
            )
        given = dict(zip(header, cells, strict=True))
        unread.update(name or "(no name)" for name in strange if given[name].strip())
        gathering.add(_from_cells(f"line {line}", given))
    return gathering.reading(document.name, None, ENTRY_FIELDS - _NEVER, unread)


#: Fields no layout of the consolidated list can hold.
_NEVER = frozenset({"announced_on", "removed_on", "unconfirmed", "corrects"})


def _read_text(document: Document) -> str:
    if document.head.lstrip()[:1] == b"<":
        raise ShapeError("is a web page, not the list", where=document.name, do=_REFETCH)
    text, encoding = decode(document.data, document.name)
    if encoding == "cp1252":
        raise ShapeError("is not UTF-8: bytes were damaged or re-encoded", where=document.name, do=_REFETCH)
    if text.count("Â§") + text.count("â€") > 50:
        raise ShapeError("was encoded twice (Â§ for §)", where=document.name, do=_REFETCH)
    return text


def _check_header(header: Sequence[str], where: str) -> None:
    missing = [name for name in _ALWAYS if name not in header]
    twice = [name for name, count in Counter(header).items() if count > 1]
    if not missing and not twice:
        return
    strange = [name for name in header if name not in _KNOWN]
    what = f"line 1 lacks the columns {', '.join(missing)}" if missing else f"line 1 names {', '.join(twice)} twice"
    if strange:
        what += f" and has {', '.join(name[:40] for name in strange[:5])} that nobody knows"
    raise ShapeError(what, where=where, do="check whether trade.gov changed its layout")


def _from_cells(place: str, given: Mapping[str, str]) -> Record:
    text = {name: " ".join(cell.split()) for name, cell in given.items() if cell and name != "addresses"}
    plural = {name: unique(text[name].split("; ")) for name in _PLURAL if name in text and name != "alt_names"}
    if "alt_names" in text:
        plural["alt_names"] = (text["alt_names"],)
    addresses = _split_cell_addresses(" ".join((given.get("addresses") or "").split()))
    return Record(
        place, text, plural, addresses, tuple(_split_ids(text.get("ids", ""))),
        _countries(addresses, text.get("country", "")),
    )  # fmt: skip


def _recognizes_json(document: Document) -> bool:
    head = document.head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    return (
        head[:1] in (b"{", b"[")
        and b'"federal_register_notice"' in head
        and b'"alt_names"' in head
        and not _recognizes_compact(document)
    )


def read_json(document: Document) -> Reading:
    """The official JSON: `{"results": [{…}], "search_performed_at": …}`, lists as arrays."""
    whole = load_json(_read_text(document), document.name)
    top: Mapping[str, Any] = whole if isinstance(whole, dict) else {"results": whole}
    results = top.get("results")
    if not isinstance(results, list):
        raise ShapeError("has no `results` array", where=document.name, do=_REFETCH)
    total = top.get("total")
    if isinstance(total, int) and total > len(results):
        raise ShapeError(f"holds {len(results)} of {total} results", where=document.name, do=_REFETCH)
    unread = Counter(key for key in top if key not in _TOP)
    gathering = _Gathering()
    for at, given in enumerate(results, start=1):
        place = f"result {at}"
        if not isinstance(given, dict) or "source" not in given or "name" not in given:
            raise ShapeError(f"{place} has no `source` and `name`", where=document.name, do=_REFETCH)
        unread.update(key for key, value in given.items() if key not in _KNOWN and value)
        gathering.add(_from_object(place, given, document.name))
    return gathering.reading(document.name, _read_moment(top.get("search_performed_at")), ENTRY_FIELDS - _NEVER, unread)


_TOP = frozenset({"results", "search_performed_at", "sources_used", "sources", "total", "offset"})


def _read_moment(value: object) -> Moment | None:
    try:
        return Moment.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _as_text(value: object, place: str, where: str) -> str:
    if isinstance(value, (dict, list)):
        raise ShapeError(f"{place} has a structure where a text belongs", where=where, do=_REFETCH)
    return "" if value is None else " ".join(str(value).split())


def _as_texts(value: object, place: str, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else _as_text(value, place, where).split("; ")
    return unique(_as_text(item, place, where) for item in items)


def _from_object(place: str, given: Mapping[str, Any], where: str) -> Record:
    text = {
        name: _as_text(given[name], f"{place} {name}", where)
        for name in (*_ALWAYS, "country") if name in given and name not in _PLURAL and name != "addresses"
    }  # fmt: skip
    plural = {name: _as_texts(given.get(name), f"{place} {name}", where) for name in _PLURAL}
    addresses: list[Address] = []
    for item in _as_list(given.get("addresses")):
        if isinstance(item, dict):
            # One text, as the CSV prints it, so that the two forms of one list agree.
            parts = [
                _as_text(item.get(key), place, where) for key in ("address", "city", "state", "postal_code", "country")
            ]
            if text_of := ", ".join(part for part in parts if part):
                addresses.append(Address(text_of, country=country_code(parts[-1]) or read_country(text_of)))
        else:
            addresses.extend(_split_cell_addresses(_as_text(item, place, where)))
    ids: list[PublishedId] = []
    for item in _as_list(given.get("ids")):
        if not isinstance(item, dict):
            ids.extend(_split_ids(_as_text(item, place, where)))
            continue
        kind, number, country = (_as_text(item.get(key), place, where) for key in ("type", "number", "country"))
        dates = [(key, _as_text(item.get(key), place, where)) for key in ("issue_date", "expiration_date")]
        note = "; ".join(f"{key.replace('_', ' ')} {date}" for key, date in dates if date)
        if number:
            ids.append(PublishedId(kind, number, country, note))
    return Record(
        place, text, plural, tuple(dict.fromkeys(addresses)), tuple(ids), _countries(addresses, text.get("country", ""))
    )


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _recognizes_compact(document: Document) -> bool:
    head = document.head.lstrip()
    return head[:1] == b"{" and b'"sourceGeneratedAt"' in head and b'"countsBySource"' in head


_COMPACT_TABLES = {
    "s": ("sources", "source"), "lr": ("licenceRequirements", "license_requirement"),
    "lp": ("licencePolicies", "license_policy"), "pg": ("programmes", "programs"), "u": ("urls", "source_list_url"),
}  # fmt: skip
_COMPACT_KEYS = {"n": "name", "t": "type", "e": "entity_number", "fr": "federal_register_notice"}
_COMPACT_HOLDS = frozenset({
    "names", "kind", "source_id", "countries", "programs", "citations", "published_on", "license_requirement",
    "license_review_policy", "footnotes",
})  # fmt: skip


def read_compact(document: Document) -> Reading:
    """The compact JSON: one-letter keys, repeated texts in `tables`; no addresses, no dates of listing."""
    whole = load_json(_read_text(document), document.name)
    tables, entries = (whole.get("tables"), whole.get("entries")) if isinstance(whole, dict) else (None, None)
    if not isinstance(tables, dict) or not isinstance(entries, list):
        raise ShapeError("has no `tables` and `entries`", where=document.name, do="fetch the file again")
    if isinstance(count := whole.get("entryCount"), int) and count != len(entries):
        raise ShapeError(
            f"says {count} entries and holds {len(entries)}", where=document.name, do="fetch the file again"
        )
    gathering = _Gathering()
    unread: Counter[str] = Counter()
    for at, given in enumerate(entries, start=1):
        if not isinstance(given, dict):
            raise ShapeError(f"entry {at} is no object", where=document.name, do="fetch the file again")
        unread.update(
            key for key in given if key not in _COMPACT_TABLES and key not in _COMPACT_KEYS and key not in "ac"
        )
        gathering.add(_from_compact(f"entry {at}", given, tables, document.name))
    reading = gathering.reading(document.name, _read_moment(whole.get("sourceGeneratedAt")), _COMPACT_HOLDS, unread)
    notes = [f"{row.place}: {value}" for rs in reading.lists.values() for row in rs
             for key, value in row.entry.details if key == "alias_note"]  # fmt: skip
    lists = {
        k: tuple(Row(replace(r.entry, addresses=(), identifiers=(), details=()), r.place) for r in v)
        for k, v in reading.lists.items()
    }
    return replace(reading, lists=lists, notes=(*reading.notes, *notes))


def _from_compact(place: str, given: Mapping[str, Any], tables: Mapping[str, Any], where: str) -> Record:
    text = {long: _as_text(given.get(short), place, where) for short, long in _COMPACT_KEYS.items()}
    for short, (table, long) in _COMPACT_TABLES.items():
        if short not in given:
            continue
        at, values = given[short], tables.get(table)
        if not isinstance(values, list) or not isinstance(at, int) or not 0 <= at < len(values):
            raise ShapeError(
                f"{place}: {short}={at!r} points outside tables.{table}", where=where, do="fetch the file again"
            )
        text[long] = _as_text(values[at], place, where)
    plural = {
        "alt_names": _as_texts(given.get("a"), place, where),
        "programs": unique(text.pop("programs", "").split("; ")),
    }
    countries = unique(country_code(c) or c for c in _as_texts(given.get("c"), place, where))
    return Record(place, text, plural, (), (), countries)


LAYOUTS: tuple[Layout, ...] = (
    Layout("trade_gov.csl_csv", _ALL_LISTS, _recognizes_csv, read_csv, STREAM),
    Layout("trade_gov.csl_json", _ALL_LISTS, _recognizes_json, read_json, STREAM),
    Layout("trade_gov.csl_compact", _ALL_LISTS, _recognizes_compact, read_compact, STREAM),
)
