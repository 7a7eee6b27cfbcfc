"""Customs and Border Protection: withhold release orders and findings (CSV, web page, and the CSV as parsed JSON).

Source: https://www.cbp.gov/trade/forced-labor/withhold-release-orders-and-findings; 19 U.S.C. 1307.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from caveat.errors import ShapeError
from caveat.model import Citation, Entry, Kind, Name, unique
from caveat.sources.bis_text import read_fr_chain
from caveat.sources.document import Document
from caveat.sources.html import looks_like_html, one_line, read_tables
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.records import read_table
from caveat.sources.tables import read_mapping
from caveat.sources.text import country_code, read_date

LIST = "us.cbp.wro"

#: Our word for a column -> what its heading holds, the first that fits. Headings differ from year to year.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ended": ("date revoked", "revocation date", "inactive date", "date modified", "end date"),
    "date": ("effective date", "date issued", "issue date", "date of order", "detention order date", "date"),
    "status_note": ("status note", "additional info", "remark", "comment", "notes", "citation"),
    "status": ("status",),
    "type": ("order type", "action type", "wro or finding", "wro/finding", "enforcement", "type"),
    "industry": ("industry",),
    "merchandise": ("merchandise", "commodit", "product", "goods"),
    "alias": ("alias", "also known"),
    "name": ("entity", "entities", "manufacturer", "producer", "company", "name"),
    "country": ("country",),
}
_NEEDED = ("date", "status", "merchandise", "name")
_HOLDS = frozenset({"names", "kind", "countries", "effective_on", "removed_on", "programs", "citations", "details"})

_LEGAL = r"(?:Ltd|Limited|Pvt|Inc|LLC|L\.L\.C|Corp|Corporation|Co|S\.A|S\.R\.L|C\.V|D\.O\.O|GmbH|Industries)\.?"
_AND_SUBSIDIARIES = re.compile(
    r",?\s+and\s+((?:its|their)\s+)?((?:\w+\s+)?(?:subsidiar\w+|subordinate\w*))(?:\s+from\s+\w+,?)?", re.IGNORECASE
)
_COMMA = re.compile(rf",\s+(?:and\s+)?(?!(?:{_LEGAL})(?:[,.\s]|$))", re.IGNORECASE)
_ENDS_LEGAL = re.compile(rf"\b{_LEGAL}$")
_VESSEL = re.compile(r"^Fishing Vessel:\s*(.+)$", re.IGNORECASE)
_FLEET = re.compile(r"^Fishing Vessels? owned by\s+(.+)$", re.IGNORECASE)
_COUNTRY_WIDE = re.compile(r"^(?:all\b.*\b(?:cotton|products?)\b|.*\bproduced in\b)", re.IGNORECASE)
_REGIONS = {"xinjiang uyghur autonomous region": "CN-XJ"}


def split_parties(text: str) -> tuple[tuple[str, ...], str | None]:
    """The parties one order names, verbatim, and to whom else it extends.

    >>> split_parties("Hoshine Silicon Industry Co. Ltd. and Subsidiaries")
    (('Hoshine Silicon Industry Co. Ltd.',), 'subsidiaries')
    """
    text = one_line(text)
    extends = _AND_SUBSIDIARIES.search(text)
    parts = _AND_SUBSIDIARIES.split(text)[:: _AND_SUBSIDIARIES.groups + 1] if extends else [text]
    names: list[str] = []
    for part in (p for whole in parts for p in whole.split(";")):
        for company in _part_companies(part.strip()):
            pieces = [p.strip() for p in _COMMA.split(company)]
            several = sum(bool(_ENDS_LEGAL.search(p)) for p in pieces) > 1
            names += pieces if several else [company]
    if len(names) > 1 and re.fullmatch(r"\w+\.?", names[-1].strip()) and ";" in text:
        names.pop()  # a place behind the last party
    words = one_line(extends[2]).lower() if extends else None
    return unique(name.strip(" ,;") for name in names), words


def _part_companies(text: str) -> list[str]:
    """`X Ltd. and Y Ltd.` is two; `X Trade and Business Ltd.` is one."""
    for found in re.finditer(r"\s+and\s+(?=[A-Z])", text):
        left, right = text[: found.start()], text[found.end() :]
        if _ENDS_LEGAL.search(left) and _ENDS_LEGAL.search(right):
            return [left, *_part_companies(right)]
    return [text]


def _entry(value: Mapping[str, str], where: str, place: str) -> Entry:
    """One order or finding; `value` by the words of `_COLUMNS`."""
    name = one_line(value.get("name", ""))
    day = read_date(value.get("date"))
    if not name or day is None:
        raise ShapeError(f"{place} has no name or no date", where=where, do="the file is broken or of a new shape")
    parties, extends = split_parties(name)
    vessel, fleet = _VESSEL.match(name), _FLEET.match(name)
    region = next((code for words, code in _REGIONS.items() if name.casefold().startswith(words)), None)
    kind: Kind = "vessel" if vessel else "organization"
    scope = "entity"
    if vessel:
        parties, scope = (vessel[1],), "vessel"
    elif fleet:
        parties, scope = (fleet[1],), "vessels of an owner"
    elif region:
        parties, kind, scope = (), "unknown", "region"
    elif _COUNTRY_WIDE.match(name):
        parties, kind, scope = (), "unknown", "country"
    country = one_line(value.get("country", ""))
    aliases = [a.strip() for a in re.split(r"[;\n]", value.get("alias", "")) if a.strip()]
    code = country_code(country) or (country_code(country[:-12]) if country.endswith(" and region") else None)
    details = [
        ("order_type", value.get("type", "")), ("status", value.get("status", "")), ("scope", scope),
        ("region", region or ""), ("extends_to", extends or ""), ("industry", value.get("industry", "")),
        ("merchandise", value.get("merchandise", "")), ("remarks", value.get("status_note", "")),
        ("listed_under", "" if code else country),
    ]  # fmt: skip
    note = value.get("status_note", "")
    cites = read_fr_chain(note) if re.search(r"\d+ FR \d+", note) else ()
    return Entry(
        list=LIST, kind=kind, names=_names(name, (*parties, *aliases)), countries=(code,) if code else (),
        programs=unique([_program(value.get("type", ""))]), effective_on=day, removed_on=read_date(value.get("ended")),
        citations=tuple(Citation(c.cite) for c in cites), details=tuple((k, one_line(v)) for k, v in details if v),
    )  # fmt: skip


def _names(first: str, others: Iterable[str]) -> tuple[Name, ...]:
    return (Name(first, "primary"), *(Name(n) for n in unique(others) if n != first))


def _program(order: str) -> str:
    return "Finding" if "finding" in order.casefold() else "WRO" if order else ""


def _fit(heading: Iterable[str]) -> dict[str, str]:
    """Our word -> the heading, each heading used once; empty where a needed one is missing."""
    left = [h for h in heading if h]
    found: dict[str, str] = {}
    for word, marks in _COLUMNS.items():
        hit = next((h for mark in marks for h in left if mark in h.casefold()), None)
        if hit is not None:
            found[word] = hit
            left.remove(hit)
    return found if all(word in found for word in _NEEDED) else {}


def _reading(rows: list[Row], unread: Mapping[str, int]) -> Reading:
    return Reading(lists={LIST: tuple(rows)}, holds=_HOLDS, unread=unread)


def _recognizes_csv(document: Document) -> bool:
    head = document.head.split(b"\n", 1)[0].decode("utf-8", "replace").casefold()
    return head[:1] not in "<{[" and "merchandise" in head and "status" in head and bool(_fit(head.split(",")))


def _read_csv(document: Document) -> Reading:
    table = read_table(document)
    fit = _fit(table.columns)
    if not fit:
        raise ShapeError(
            f"lacks a column for {', '.join(_NEEDED)} (it has {', '.join(table.columns)[:200]})",
            where=document.name, do="the columns were renamed: read it with --mapping",
        )  # fmt: skip
    rows = []
    unread: dict[str, int] = {}
    for record in table.records:
        value = {word: "; ".join(record.values.get(column, ())) for word, column in fit.items()}
        rows.append(Row(_entry(value, document.name, record.place), record.place))
        for column in record.values:
            if column not in fit.values() and record.values[column]:
                unread[column] = unread.get(column, 0) + 1
    return _reading(rows, unread)


def _recognizes_html(document: Document) -> bool:
    lower = document.data[: 4 * 2**20].lower()
    return looks_like_html(document) and b"withhold release" in lower and b"merchandise" in lower and b"<table" in lower


def _read_html(document: Document) -> Reading:
    rows: list[Row] = []
    unread: dict[str, int] = {}
    for number, table in enumerate(read_tables(document), 1):
        fit = _fit(table.heading)
        if not fit and any("merchandise" in heading for heading in table.heading):
            raise ShapeError(
                f"table {number} has the headings {', '.join(table.heading)[:120]}",
                where=document.name, do="the page has a new shape",
            )  # fmt: skip
        for line, cells in enumerate(table.rows[1:] if fit else (), 1):
            place = f"table {number} row {line}"
            if len(cells) != len(table.heading):
                raise ShapeError(
                    f"{place} has {len(cells)} cells, the heading {len(table.heading)}",
                    where=document.name, do="the page has a new shape",
                )  # fmt: skip
            by_heading = dict(zip(table.heading, cells, strict=True))
            value = {word: by_heading[heading] for word, heading in fit.items()}
            if "country" not in fit:  # the older page has one table a country, under its name
                value["country"] = _last_country(table.before)
            rows.append(Row(_entry(value, document.name, place), place))
            for heading, text in by_heading.items():
                if heading not in fit.values() and text:
                    unread[heading] = unread.get(heading, 0) + 1
    if not rows:
        raise ShapeError("has no table of orders", where=document.name, do="the page has a new shape")
    return _reading(rows, unread)


def _last_country(text: str) -> str:
    words = text.split()
    for count in (3, 2, 1):
        if country_code(tail := " ".join(words[-count:])):
            return tail
    return ""


_PARSED = read_mapping(
    """
id: cbp.wro_json
list: us.cbp.wro
records: entities
recognize: {columns: [extracted, entities], values: {list_id: '^cbp-wro$'}}
published: {key: source_file, pattern: '(20\\d\\d-\\d\\d-\\d\\d)'}
count: count
fields:
  names: [{from: name, quality: primary}, aliases]
  effective_on: effective_date
  details:
    - {name: country, from: country}
    - {name: status, from: status}
    - {name: type, from: notes, pattern: '^(Finding|WRO)\\b'}
    - {name: industry, from: notes, pattern: '; Industry: ([^;]+)'}
    - {name: merchandise, from: notes, pattern: 'Merchandise: ([^;]+)'}
    - {name: status_note, from: notes, pattern: '; Remarks: (.+)$'}
ignore: [address, federal_register]
"""
)


def _read_json(document: Document) -> Reading:
    """The parsed file has the same facts in other places: its rows are read as the CSV's are."""
    reading = _PARSED.read(document)
    rows = []
    for row in reading.lists.get(LIST, ()):
        entry = row.entry
        value = dict(entry.details) | {
            "name": entry.name, "date": str(entry.effective_on or ""),
            "alias": ";".join(n.text for n in entry.names if n.quality != "primary"),
        }  # fmt: skip
        rows.append(Row(_entry(value, document.name, row.place), row.place))
    return Reading(
        lists={LIST: tuple(rows)}, published=reading.published, holds=_HOLDS - {"removed_on"},
        unread=reading.unread, notes=reading.notes,
    )  # fmt: skip


LAYOUTS = (
    Layout("cbp.wro_json", (LIST,), _PARSED.recognizes, _read_json),
    Layout("cbp.wro_csv", (LIST,), _recognizes_csv, _read_csv),
    Layout("cbp.wro_html", (LIST,), _recognizes_html, _read_html),
)
