"""The Bureau of Industry and Security: the Denied Persons text and Supplements No. 4, 6 and 7 to part 744."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from caveat.errors import ShapeError
from caveat.model import Address, Entry, Moment, Name, unique
from caveat.sources.bis_text import US_STATES, Cell, find_newest, read_cell, read_fr_chain, split_footnotes, tell_kind
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, decode, read_date, rows

if TYPE_CHECKING:
    from lxml.etree import _Element

DENIED, ENTITY_LIST = "us.bis.denied_persons", "us.bis.entity_list"
_REFETCH = "fetch the whole file again from bis.gov"

# --- the Denied Persons List --------------------------------------------------------------------

_DPL_ALWAYS = (
    "name", "street_address", "city", "state", "country", "postal_code", "effective_date", "expiration_date",
    "standard_order",
)  # fmt: skip
_DPL_SINCE_2019 = ("last_update", "action", "fr_citation")
_DPL_HOLDS = frozenset({
    "names", "kind", "addresses", "countries", "effective_on", "expires_on", "details", "citations", "published_on",
})  # fmt: skip


def _recognizes_dpl(document: Document) -> bool:
    first = document.head.lstrip(b"\xef\xbb\xbf\r\n ").splitlines()[:1]
    return (
        bool(first) and b"\t" in first[0] and all(name in first[0] for name in (b"Effective_Date", b"Standard_Order"))
    )


def read_dpl(document: Document) -> Reading:
    """The tab-separated Denied Persons List: 9 columns (2014) or 12 (since 2019); ShapeError names the line."""
    if document.head.lstrip()[:1] == b"<":
        raise ShapeError("is a web page, not the list", where=document.name, do=_REFETCH)
    text, _ = decode(document.data, document.name)
    lines = rows(text, document.name, delimiter="\t")
    _, header = next(lines, (0, []))
    header = [cell.strip().casefold() for cell in header]
    missing = [name for name in _DPL_ALWAYS if name not in header]
    if missing or len(set(header)) < len(header):
        what = f"lacks the columns {', '.join(missing)}" if missing else "names a column twice"
        raise ShapeError(f"line 1 {what}", where=document.name, do="check whether BIS changed its layout")
    strange = [name for name in header if name not in _DPL_ALWAYS and name not in _DPL_SINCE_2019]
    unread: Counter[str] = Counter()
    found: list[Row] = []
    notes: list[str] = []
    days: Counter[dt.date] = Counter()
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
        given = {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=True)}
        unread.update(name for name in strange if given[name])
        if not given["name"]:
            notes.append(f"line {line} has no name and was not taken")
            continue
        found.append(Row(_make_denied(given), f"line {line}"))
        if day := read_date(given.get("last_update")) or read_date(given["effective_date"]):
            days[day] += 1
    if not found:
        raise ShapeError("holds no party", where=document.name, do=_REFETCH)
    newest = find_newest(days)
    holds = _DPL_HOLDS if "fr_citation" in header else _DPL_HOLDS - {"citations", "published_on"}
    return Reading(
        lists={DENIED: tuple(found)}, published=Moment(newest.isoformat()) if newest else None,
        inferred=newest is not None, holds=holds, unread=dict(unread), notes=tuple(notes),
    )  # fmt: skip


def _make_denied(given: Mapping[str, str]) -> Entry:
    parts = [given[name] for name in ("street_address", "city", "state", "postal_code", "country")]
    _, city, state, postal, country = parts
    # Rows of inmates often leave the country blank; a state with a ZIP code says it.
    code = country_code(country) or (
        "US" if not country and state in US_STATES and re.match(r"\d{4,5}", postal) else None
    )
    text = ", ".join(part for part in parts if part)
    addresses = (Address(text, code, city or None, state or None, postal or None),) if text else ()
    chain = read_fr_chain(given.get("fr_citation"))
    return Entry(
        list=DENIED,
        kind=tell_kind(given["name"], addresses),
        names=(Name(given["name"], "primary"),),
        addresses=addresses,
        countries=(code,) if code else (),
        citations=chain,
        published_on=chain[0].date if chain else None,
        effective_on=read_date(given["effective_date"]),
        expires_on=read_date(given["expiration_date"]),
        details=tuple((name, given[name]) for name in ("standard_order", "action", "last_update") if given.get(name)),
    )


# --- the supplements to part 744 ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Supplement:
    list: str
    columns: tuple[str, ...]


_FR = "federal register citation"
_SUPPLEMENTS = {
    "4": _Supplement(ENTITY_LIST, ("country", "entity", "license requirement", "license review policy", _FR)),
    "6": _Supplement("us.bis.unverified", ("country", "entity", _FR)),
    "7": _Supplement("us.bis.military_end_user", ("country", "entity", _FR)),
}
_SUPPLEMENT_NO = re.compile(r"supplement\s+no\.?\s*(\d+)\s+to\s+part\s+744", re.IGNORECASE)
_RESERVED = re.compile(r"\[?\s*reserved\.?\s*\]?\.?|none\.?", re.IGNORECASE)
_SEE = re.compile(r"^See (?:also )?.{3,200}$", re.IGNORECASE)
_HOLDS = frozenset({
    "names", "kind", "addresses", "countries", "citations", "published_on", "license_requirement",
    "license_review_policy", "footnotes", "details",
})  # fmt: skip


def _recognizes_supplement(document: Document) -> bool:
    head = document.head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head[:1] != b"<" or head[:9].lower() in (b"<!doctype", b"<html") or head[:5].lower() == b"<html":
        return False
    # The whole of title 15 puts the supplements megabytes in.
    return b"744" in document.data and re.search(rb"(?i)supplement no\. ?[467] to part 744", document.data) is not None


def read_supplements(document: Document) -> Reading:
    """Supplements No. 4, 6 and 7 in eCFR XML: HTML-like `TABLE` rows, or `GPOTABLE` with `ROW` and `ENT`.

    `published_on` is the day of the first citation in the chain; the supplements state no effective date.
    """
    from caveat.sources.xml import parse_xml

    root = parse_xml(document.data, document.name)
    lists: dict[str, list[Row]] = {}
    notes: list[str] = []
    for number, element in _find_supplements(root):
        supplement = _SUPPLEMENTS[number]
        found = list(_read_table(element, number, supplement, document.name, notes))
        lists.setdefault(supplement.list, []).extend(found)
    lists = {name: found for name, found in lists.items() if found}
    if not lists:
        raise ShapeError(
            "holds no row of Supplement No. 4, 6 or 7", where=document.name, do="fetch part 744 from ecfr.gov"
        )
    newest = max((c.date for r in lists.values() for row in r for c in row.entry.citations if c.date), default=None)
    stated = _find_stated(root)
    published = stated or (Moment(newest.isoformat()) if newest else None)
    holds = _HOLDS if ENTITY_LIST in lists else _HOLDS - {"license_requirement", "license_review_policy", "footnotes"}
    return Reading(
        lists={name: tuple(found) for name, found in lists.items()}, published=published,
        inferred=stated is None and newest is not None, holds=holds, notes=tuple(notes),
    )  # fmt: skip


def _find_stated(root: _Element) -> Moment | None:
    """The day of the last amendment, where the file carries an `AMDDATE` or `DATE` element."""
    for element in root.iter("{*}AMDDATE", "{*}DATE"):
        if day := read_date(_text(_read_lines(element))):
            return Moment(day.isoformat())
    return None


def _find_supplements(root: _Element) -> Iterator[tuple[str, _Element]]:
    """Each supplement's element, told by its `N` attribute or its heading."""
    for element in root.iter("{*}DIV9", "{*}APPENDIX", "{*}EXTRACT"):
        heads = [_text(_read_lines(c)) for c in element.iterchildren("{*}HEAD", "{*}HD", "{*}EAR")]
        label = " ".join([str(element.get("N") or ""), *heads])
        if (found := _SUPPLEMENT_NO.search(label)) and found[1] in _SUPPLEMENTS:
            yield found[1], element


def _read_table(element: _Element, number: str, supplement: _Supplement, where: str, notes: list[str]) -> Iterator[Row]:
    width, country = len(supplement.columns), ""
    name = f"Supplement No. {number}"
    _check_columns(element, name, supplement, where)
    for at, row in enumerate(element.iter("{*}TR", "{*}ROW"), start=1):
        place = f"{name}, row {at}"
        elements = list(row.iterchildren("{*}TD", "{*}ENT"))
        if len(elements) > width:
            raise ShapeError(f"{place} has {len(elements)} cells, not {width}", where=where, do="check the layout")
        cells = [_read_lines(cell) for cell in elements]
        if not any(cells):
            continue
        first = _text(cells[0])
        if len(cells) < width and first and not _names_country(first):
            raise ShapeError(
                f"{place} has {len(cells)} cells, not {width}, and begins with no country: {first[:60]!r}",
                where=where, do="check the layout",
            )  # fmt: skip
        country = first or country
        cells += [[] for _ in range(width - len(cells))]
        entity = _text(cells[1])
        if not entity or _RESERVED.fullmatch(entity):
            continue
        if not country:
            raise ShapeError(f"{place} has no country above it", where=where, do="fetch the whole part again")
        if _SEE.fullmatch(entity) and not any(cells[2:]):
            notes.append(f"{place}: {entity} (a pointer, no entry)")
            continue
        entry = _make_listed(supplement, country, cells)
        if not entry.name:
            raise ShapeError(f"{place} names nobody: {entity[:60]!r}", where=where, do="fetch the whole part again")
        yield Row(entry, place)


def _names_country(text: str) -> bool:
    return text.isupper() or country_code(text) is not None


def _check_columns(element: _Element, name: str, supplement: _Supplement, where: str) -> None:
    """The column heads, where the table prints them, must be those we know."""
    heads = [_text(_read_lines(e)).casefold() for e in islice(element.iter("{*}TH", "{*}CHED"), 50)]
    missing = [want for want in supplement.columns if not any(_same_head(want, head) for head in heads)]
    if heads and missing:
        raise ShapeError(
            f"{name} lacks the columns {', '.join(missing)}", where=where, do="check whether BIS changed its layout"
        )


def _same_head(want: str, head: str) -> bool:
    words = head.replace("licence", "license").replace("listed person", "entity").split()
    return all(any(word.startswith(w[:6]) for word in words) for w in want.split()[:3])


def _read_lines(cell: _Element) -> list[str]:
    """The lines of a cell: `br`, `LI`, `P` and the like begin a new one; inline marks do not."""
    from caveat.sources.xml import local

    lines = [""]

    def walk(element: _Element) -> None:
        block = local(element).casefold() in ("br", "li", "p", "fp", "div", "ldrwk")
        if block:
            lines.append("")
        lines[-1] += element.text or ""
        for inner in element:
            walk(inner)
            lines[-1] += inner.tail or ""
        if block:
            lines.append("")

    walk(cell)
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def _text(lines: Sequence[str]) -> str:
    return " ".join(lines)


def _make_listed(supplement: _Supplement, country: str, cells: Sequence[Sequence[str]]) -> Entry:
    by_name = dict(zip(supplement.columns, cells, strict=True))
    cell = _read_entity(by_name["entity"])
    requirement, marks = split_footnotes(_text(by_name.get("license requirement", ())))
    policy, policy_marks = split_footnotes(_text(by_name.get("license review policy", ())))
    chain = read_fr_chain(_text(by_name[_FR]))
    code = country_code(country.replace("[", "(").split("(")[0])
    details = [("country_heading", country)] if code is None else []
    # An address that names no country lies in the one it is filed under.
    addresses = tuple(a if a.country else replace(a, country=code) for a in cell.addresses)
    return Entry(
        list=supplement.list,
        kind=tell_kind(cell.name, cell.addresses, cell.aliases),
        names=(Name(cell.name, "primary"), *(Name(a) for a in cell.aliases if a != cell.name)),
        addresses=addresses,
        countries=unique([code or ""]),
        citations=chain,
        published_on=chain[0].date if chain else None,
        license_requirement=requirement or None,
        license_review_policy=policy or None,
        footnotes=unique((*marks, *policy_marks)),
        details=(*details, *(("note", note) for note in cell.notes)),
    )


def _read_entity(lines: Sequence[str]) -> Cell:
    """The entity cell; where the lines are kept apart, the last line of an alias list ends the list."""
    last = max((at for at, line in enumerate(lines) if line.startswith("—")), default=None)
    if last is None or last + 1 >= len(lines):
        return read_cell(_text(lines))
    cell = read_cell(_text(lines[: last + 1]))
    rest = read_cell("X, a.k.a., the following one alias: —X. " + _text(lines[last + 1 :]))
    return replace(cell, addresses=(*cell.addresses, *rest.addresses), notes=unique((*cell.notes, *rest.notes)))


LAYOUTS: tuple[Layout, ...] = (
    Layout("bis.dpl_txt", (DENIED,), _recognizes_dpl, read_dpl),
    Layout(
        "bis.supplement_xml", tuple(s.list for s in _SUPPLEMENTS.values()), _recognizes_supplement, read_supplements
    ),
)
