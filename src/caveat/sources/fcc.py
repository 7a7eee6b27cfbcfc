"""Federal Communications Commission: the Covered List, as its table (web page or CSV) prints it.

Source: https://www.fcc.gov/supplychain/coveredlist; 47 U.S.C. 1601; 47 CFR 1.50002.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from caveat.errors import ShapeError
from caveat.model import Entry, Moment, Name
from caveat.sources.document import Document
from caveat.sources.html import looks_like_html, one_line, read_tables
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.records import read_table
from caveat.sources.text import read_date

LIST = "us.fcc.covered_list"
_DAY = re.compile(r"[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}")
_ENDS = (
    r"(?=,? (?:including|to the extent|subject to|or any of|and any of)\b|,? and its (?:wholly.owned )?"
    r"(?:subsidiar|affiliat)|\.\s*$|\.\s+[A-Z]|$)"
)
_PRODUCER = re.compile(
    r"\b(?:produced|provided|supplied|manufactured|offered)(?:,? directly or indirectly,)?"
    rf"(?: or (?:produced|provided|supplied))? by ([A-Z].*?){_ENDS}"
)
_SUBSIDIARY = re.compile(rf"and its (?:wholly.owned )?subsidiar(?:y|ies) ([A-Z].*?){_ENDS}")
_KIN = r"(?:predecessors|successors|parents|subsidiaries|affiliates|assignees|assigns)"
_EXTENDS = re.compile(rf"\bany of its ({_KIN}(?:(?:,|,? or|,? and) {_KIN})*)")
_CONDITION = re.compile(r"\bto the extent (?:it is )?used for .*?(?=, including\b|\.?\s*$)")
_EXCEPT = re.compile(r"\bexcept\b.*$", re.DOTALL)
_CATEGORY = re.compile(
    r"^(.*?\b(?:produced in a foreign country|foreign.produced [\w\s]+?))(?=\s*[^\w\s]|\s+except|$)", re.IGNORECASE
)
_MARKS = re.compile(r"[\^†‡*#£³²¹]+|\s*\bVisit - ?")
_HOLDS = frozenset({"names", "kind", "effective_on", "remarks", "details"})


def named_producers(text: str) -> tuple[str, ...]:
    """The firms a row of the list names; none where it covers whatever is produced abroad.

    >>> named_producers("Telecommunications equipment produced by Acme Company, including services.")
    ('Acme Company',)
    """
    text = one_line(text)
    names = [found[1].strip(" ,") for found in _PRODUCER.finditer(text)]
    names += [found[1].strip(" ,") for found in _SUBSIDIARY.finditer(text)]
    names = [name for name in names if not re.match(r"(?:such|any|the) ", name, re.IGNORECASE)]
    return tuple(dict.fromkeys(names))


def _entries(text: str, when: str, where: str, place: str) -> Iterable[Row]:
    """One entry a named firm; one for a category of products that names none."""
    shown = one_line(_MARKS.sub(" ", text)).replace(" ,", ",").replace(" .", ".")
    days = [read_date(day) for day in _DAY.findall(one_line(when))]
    if not shown or not days or days[0] is None:
        raise ShapeError(f"{place} has no text or date", where=where, do="the table has a new shape")
    details: list[tuple[str, str]] = []
    if condition := _CONDITION.search(shown):
        details.append(("condition", condition[0]))
    if extends := _EXTENDS.search(shown):
        details.append(("extends_to", extends[1]))
    if "section 214" in shown:
        details.append(("condition", "subject to section 214 of the Communications Act of 1934"))
    details += [("updated", day.isoformat()) for day in days[1:] if day]
    firms = named_producers(shown)
    if not firms:
        category = _CATEGORY.match(shown)
        if excepted := _EXCEPT.search(shown):
            details.append(("except", excepted[0].rstrip(" .")))
        details.append(("category", "every producer abroad"))
        name = (category[1] if category else shown).strip(" ,—-")
        yield Row(
            Entry(list=LIST, kind="unknown", names=(Name(name, "primary"),), effective_on=days[0], remarks=shown,
                  details=tuple(details)),
            place,
        )  # fmt: skip
    for number, firm in enumerate(firms, 1):
        others = [("named_with", other) for other in firms if other != firm]
        yield Row(
            Entry(list=LIST, kind="organization", names=(Name(firm, "primary"),), effective_on=days[0], remarks=shown,
                  details=(*details, *others)),
            place if len(firms) == 1 else f"{place} firm {number}",
        )  # fmt: skip


def _is_head(cells: Iterable[str]) -> bool:
    words = [cell.replace("_", " ").casefold() for cell in cells]
    return len(words) == 2 and "covered equipment or services" in words[0] and "date of inclusion" in words[1]


def _reading(pairs: Iterable[tuple[str, str, str]], where: str) -> Reading:
    rows = [row for text, when, place in pairs for row in _entries(text, when, where, place)]
    if not rows:
        raise ShapeError("holds no row", where=where, do="fetch it again")
    said = [r.entry.effective_on for r in rows if r.entry.effective_on]
    updated = [day for r in rows for k, v in r.entry.details if k == "updated" and (day := read_date(v))]
    return Reading(
        lists={LIST: tuple(rows)}, published=Moment.parse(max([*said, *updated])), inferred=True, holds=_HOLDS
    )


def _recognizes_csv(document: Document) -> bool:
    head = document.head.split(b"\n", 1)[0].decode("utf-8", "replace")
    return _is_head(head.strip("\ufeff\r ").replace('"', "").split(","))


def _read_csv(document: Document) -> Reading:
    table = read_table(document, kind="csv")
    if not _is_head(table.columns):
        raise ShapeError(f"has the columns {', '.join(table.columns)[:120]}", where=document.name, do="see --mapping")
    what, when = table.columns
    pairs = ((" ".join(r.values.get(what, ())), " ".join(r.values.get(when, ())), r.place) for r in table.records)
    return _reading(pairs, document.name)


def _recognizes_html(document: Document) -> bool:
    lower = document.data[: 4 * 2**20].lower()
    return looks_like_html(document) and b"covered equipment or services" in lower and b"date of inclusion" in lower


def _read_html(document: Document) -> Reading:
    table = next((t for t in read_tables(document) if t.rows and _is_head(t.rows[0])), None)
    if table is None:
        raise ShapeError("has no Covered List table", where=document.name, do="the page has a new shape")
    short = next((n for n, cells in enumerate(table.rows[1:], 1) if len(cells) != 2), None)
    if short:
        raise ShapeError(f"row {short} has not two cells", where=document.name, do="the page has a new shape")
    return _reading(((c[0], c[1], f"row {n}") for n, c in enumerate(table.rows[1:], 1)), document.name)


LAYOUTS = (
    Layout("fcc.covered_list_csv", (LIST,), _recognizes_csv, _read_csv),
    Layout("fcc.covered_list_html", (LIST,), _recognizes_html, _read_html),
)
