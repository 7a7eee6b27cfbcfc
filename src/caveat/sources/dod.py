"""Department of Defense: the section 1260H list, as a third party parsed it from the notice.

The notice lists a parent together with its subsidiaries; each of them is a listed entity. The parsed
file keeps the subsidiaries in a note, from which they are read here as entries of their own.
Source: 91 FR 35189; Public Law 116-283, section 1260H.
"""

from __future__ import annotations

import re
from dataclasses import replace

from caveat.model import Entry, Name, Quality
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.tables import read_mapping

LIST = "us.dod.section_1260h"
_FORM = r"(?:Ltd|Limited|Inc|LLC|Corp|Co)\b\.?"
_BETWEEN = re.compile(
    rf",\s+(?:and\s+)?(?!{_FORM}(?:[,.\s(]|$)|Americas\b)"
    rf"|(?<=\.)\s+\.\s+(?=[A-Z])"
    rf"|(?<=Corporation)\s+(?!{_FORM}|and\b)(?=[A-Z][a-z])"
)
_BRACKETED = re.compile(r"\s*\(((?:[^()]|\([^()]*\))*)\)\s*$")
_FORMERLY = re.compile(r"^(?:formerly|previously)\s+(?:known as\s+)?", re.IGNORECASE)

_PARSED = read_mapping(
    """
id: dod.section_1260h_json
list: us.dod.section_1260h
records: entities
recognize: {columns: [extracted, entities], values: {list_id: '^dow-1260h$'}}
published: {key: federal_register, pattern: '\\(([A-Z][a-z]+ \\d+, \\d{4})\\)'}
count: count
fields:
  names: [{from: name, quality: primary}, aliases]
  kind: {constant: organization}
  countries: country
  citations: {from: federal_register, parts: {date: effective_date}}
  effective_on: effective_date
  details:
    - {name: subsidiaries, from: notes, pattern: '^Listed together with subsidiaries: ([^|]*[^|\\s])'}
    - {name: reason, from: notes, pattern: '^(?:Listed together[^|]*\\| )?(?!Listed together)(.+)$'}
ignore: [status, address]
"""
)


def split_subsidiaries(text: str) -> tuple[tuple[Name, ...], ...]:
    """The names of each subsidiary in a note: the first is the primary one, what stands in brackets an alias.

    >>> [[n.text for n in names] for names in split_subsidiaries("A Co., Ltd. (AC), B Inc., and C Institute.")]
    [['A Co., Ltd.', 'AC'], ['B Inc.'], ['C Institute']]
    """
    parts = [part.strip(" ,") for part in _BETWEEN.split(" ".join(text.split()))]
    return tuple(_names(part) for part in parts if part.strip(" ."))


def _names(text: str) -> tuple[Name, ...]:
    if not re.search(r"\b(?:Ltd|Inc|Co|Corp|S\.A)\.$", text):
        text = text.rstrip(".")
    found = _BRACKETED.search(text)
    if not found or not text[: found.start()].strip():
        return (Name(text, "primary"),)
    former = _FORMERLY.match(found[1])
    inner = _FORMERLY.sub("", found[1])
    others = [inner]
    if deeper := _BRACKETED.search(inner):
        others = [inner[: deeper.start()], deeper[1]]
    quality: Quality = "former" if former else "strong"
    return (Name(text[: found.start()].strip(" ,"), "primary"), *(Name(o, quality) for o in others if o))


def _subsidiaries(row: Row) -> list[Row]:
    parent = row.entry
    note = dict(parent.details).get("subsidiaries", "")
    rows = []
    for number, names in enumerate(split_subsidiaries(note), 1):
        entry = Entry(
            list=LIST, kind="organization", names=names, citations=parent.citations, effective_on=parent.effective_on,
            details=(("parent", parent.name),),
        )  # fmt: skip
        rows.append(Row(entry, f"{row.place} subsidiary {number}"))
    return rows


def _read(document: Document) -> Reading:
    reading = _PARSED.read(document)
    rows: list[Row] = []
    for row in reading.lists.get(LIST, ()):
        below = _subsidiaries(row)
        kept = tuple(detail for detail in row.entry.details if detail[0] != "subsidiaries")
        rows += [Row(replace(row.entry, details=kept), row.place), *below]
    return replace(reading, lists={LIST: tuple(rows)}, holds=reading.holds | {"details"})


LAYOUTS = (Layout("dod.section_1260h_json", (LIST,), _PARSED.recognizes, _read),)
