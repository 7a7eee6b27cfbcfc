"""Department of Homeland Security: the UFLPA Entity List, as its web page prints it.

Source: https://www.dhs.gov/uflpa-entity-list; Public Law 117-78, section 2(d)(2)(B).
"""

from __future__ import annotations

import re

from caveat.errors import ShapeError
from caveat.model import Entry, Name
from caveat.sources.document import Document
from caveat.sources.html import HtmlTable, looks_like_html, one_line, read_tables
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import read_date

LIST = "us.dhs.uflpa"
_SECTION = re.compile(r"2\s*\(d\)\s*\(2\)\s*\(B\)\s*\(([ivx]+)\)", re.IGNORECASE)
_EXTENDS = re.compile(
    r"[\s,]*\band\s+(?:its\s+)?((?:subsidiaries|subordinate|affiliated|affiliates)\b[^()]*)$", re.IGNORECASE
)
_ALIAS_LIST = re.compile(
    r"\s*\((?=(?:including|and\s+\w+\s+alias(?:es)?|also known|formerly known|[af]\.?k\.?a)\b)"
    r"((?:[^()]|\([^()]*\))*)\)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:^|[\s,;]*(?:and\s+)?)\b(?:(?:including|and)\s+(?:\w+\s+)?alias(?:es)?:?|also known as|formerly known as"
    r"|[af]\.?k\.?a\.?)\s*",
    re.IGNORECASE,
)
_HOLDS = frozenset({"names", "kind", "countries", "programs", "effective_on", "details"})


def split_party(text: str) -> tuple[tuple[Name, ...], str | None]:
    """The names in a cell, and to whom else the listing extends in its own words.

    >>> names, extends = split_party("Acme Co. (including one alias: Ake Co.) and subsidiaries")
    >>> [(n.text, n.quality) for n in names], extends
    ([('Acme Co.', 'primary'), ('Ake Co.', 'strong')], 'subsidiaries')
    """
    text = one_line(text)
    extends = _EXTENDS.search(text)
    if extends:
        text = text[: extends.start()].rstrip(" ,")
    names: list[Name] = []
    kept = text
    for found in _ALIAS_LIST.finditer(text):
        leads = list(_LEAD.finditer(found[1]))
        if not leads:
            continue  # a bracket of another kind stays in the name
        kept = kept.replace(found[0], " ", 1)
        names += [Name(alias, "strong") for alias in _split(found[1][: leads[0].start()])]
        for number, lead in enumerate(leads):
            end = leads[number + 1].start() if number + 1 < len(leads) else len(found[1])
            former = "formerly" in lead[0].casefold() or re.search(r"\bf\.?k", lead[0], re.IGNORECASE)
            names += [Name(alias, "former" if former else "strong") for alias in _split(found[1][lead.end() : end])]
    primary = one_line(kept)
    names = [Name(primary, "primary"), *(n for n in dict.fromkeys(names) if n.text != primary)] if primary else []
    return tuple(names), extends[1].strip(" .").lower() if extends else None


def _split(text: str) -> list[str]:
    """Aliases are parted by semicolons; a list of two without one, by `and`."""
    parts = re.split(r"\s*;\s*(?:and\s+)?", text.strip())
    if len(parts) == 1:
        parts = re.split(r"(?<=\.)\s+and\s+(?=[A-Z])", parts[0])
    return [part.strip(" ,;") for part in parts if part.strip(" ,;")]


def _is_list(table: HtmlTable) -> bool:
    return len(table.heading) == 2 and "entity" in table.heading[0] and "date" in table.heading[1]


def _recognizes(document: Document) -> bool:
    lower = document.data.lower()
    return looks_like_html(document) and b"uflpa" in lower and b"2(d)(2)(b)(" in lower and b"effective date" in lower


def _read(document: Document) -> Reading:
    rows: list[Row] = []
    every = read_tables(document)
    for table in every:
        if _SECTION.search(table.before) and not _is_list(table):
            raise ShapeError(
                f"a table under section 2(d)(2)(B) has the headings {', '.join(table.heading)[:80]}",
                where=document.name, do="the page has a new shape",
            )  # fmt: skip
    tables = [table for table in every if _is_list(table)]
    if not tables:
        raise ShapeError(
            "has no table of entities and effective dates", where=document.name, do="the page has a new shape"
        )
    for number, table in enumerate(tables, 1):
        section = _SECTION.findall(table.before)
        if not section:
            raise ShapeError(
                f"table {number} stands under no paragraph of section 2(d)(2)(B)",
                where=document.name, do="the page has a new shape",
            )  # fmt: skip
        program = f"UFLPA 2(d)(2)(B)({section[-1].lower()})"
        for line, cells in enumerate(table.rows[1:], 1):
            place = f"section ({section[-1].lower()}) row {line}"
            names, extends = split_party(cells[0])
            day = read_date(cells[-1])
            if not names or day is None:
                raise ShapeError(
                    f"{place} has no name or date ({one_line(' | '.join(cells))[:80]})",
                    where=document.name, do="the page has a new shape",
                )  # fmt: skip
            details = (("extends_to", extends),) if extends else ()
            rows.append(
                Row(
                    Entry(
                        list=LIST, kind="organization", names=names, countries=("CN",), programs=(program,),
                        effective_on=day, details=details,
                    ),
                    place,
                )
            )  # fmt: skip
    note = "a party named in two paragraphs is two entries, as printed: one a paragraph"
    return Reading(lists={LIST: tuple(rows)}, holds=_HOLDS, notes=(note,))


LAYOUTS = (Layout("dhs.uflpa_html", (LIST,), _recognizes, _read),)
