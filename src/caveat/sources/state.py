"""Department of State: nonproliferation sanctions, as the page of the nonproliferation bureau prints them.

One row is one sanction on one party; sanctions that ran out stay on the page with their day.
The directorate's debarments and the bureau's chart as others parsed it are mappings.
"""

from __future__ import annotations

import re

from caveat.errors import ShapeError
from caveat.model import Entry, Moment, Name, unique
from caveat.sources.bis_text import read_fr_chain
from caveat.sources.document import Document
from caveat.sources.html import HtmlTable, looks_like_html, one_line, read_tables
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, read_date

LIST = "us.state.nonproliferation"
_HEADING = ("sanction", "entity", "location", "date imposed", "status", "federal register")
_KNOWN_AS = r"\s*(?:also known as|a\.?k\.?a\.?)[:,]?\s*"
_ALIASES = re.compile(
    rf"\s*\[{_KNOWN_AS}([^\]]*)\]?|\s*\({_KNOWN_AS}((?:[^()]|\([^()]*\))*)\)?|,?\s+{_KNOWN_AS}(.+)$", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"[;,]\s+(?:and\s+)?(?!(?:Ltd|Inc|Co|Corp|LLC|S\.A)\b)|\s+and\s+also known as:?\s+", re.IGNORECASE
)
_EXTENDS = re.compile(r"[\s,;]*(?:\[|\()?\s*and any (successors?[^\])]*)(?:\]|\))?", re.IGNORECASE)
_ENDED = re.compile(r"(?:expired|lifted|terminated)\D{0,12}(\d{1,2}/\d{1,2}/\d{2,4})", re.IGNORECASE)
_HOLDS = frozenset(
    {"names", "kind", "countries", "programs", "citations", "effective_on", "removed_on", "details"}
)  # fmt: skip


def _is_chart(table: HtmlTable) -> bool:
    heading = table.heading
    return len(heading) == len(_HEADING) and all(w in h for w, h in zip(_HEADING, heading, strict=True))


def _recognizes(document: Document) -> bool:
    lower = document.data[: 4 * 2**20].lower()
    marks = (b"nonproliferation sanctions", b"date imposed", b"location of entity", b"federal register notice")
    return looks_like_html(document) and all(mark in lower for mark in marks)


def _entry(cells: tuple[str, ...], where: str, place: str) -> Entry:
    sanction, entity, location, imposed, status, notice = (one_line(cell) for cell in cells)
    extends = _EXTENDS.search(entity)
    bare = _EXTENDS.sub("", entity)
    given = ("".join(part or "" for part in found.groups()) for found in _ALIASES.finditer(bare))
    aliases = unique(alias for text in given for alias in _split(text))
    name = one_line(_ALIASES.sub(" ", bare)).strip(" ,;")
    if not name:
        raise ShapeError(f"{place} names nobody", where=where, do="the page has a new shape")
    day, country, ended = read_date(imposed), country_code(location), _ENDED.search(status)
    details = [
        ("status", status), ("location", "" if country else location), ("extends_to", extends[1] if extends else ""),
        ("effective_on as printed", "" if day else imposed),
    ]  # fmt: skip
    return Entry(
        list=LIST, names=(Name(name, "primary"), *(Name(a) for a in aliases if a != name)),
        countries=(country,) if country else (), programs=unique([sanction]), citations=read_fr_chain(_cite(notice)),
        effective_on=day, removed_on=read_date(ended[1]) if ended else None,
        details=tuple((key, value) for key, value in details if value),
    )  # fmt: skip


def _split(text: str) -> list[str]:
    """Aliases are parted by semicolons, or by commas where there is none."""
    parts = re.split(r";\s*(?:and\s+)?", text) if ";" in text else _BETWEEN.split(text)
    parts = [part.strip(" ,;") for part in parts]
    return [part.rstrip(".") if re.fullmatch(r"\w+\.", part) else part for part in parts if part]


def _cite(notice: str) -> str:
    """The notice without link words, its long words brought to the short ones."""
    notice = re.sub(r"\[(?:HTML|PDF)\]", "", notice)
    return re.sub(r"\bNumber\b", "No.", re.sub(r"\bVolume\b", "Vol.", notice))


def _read(document: Document) -> Reading:
    table = next((t for t in read_tables(document) if _is_chart(t)), None)
    if table is None:
        raise ShapeError("has no chart of sanctions", where=document.name, do="the page has a new shape")
    rows = []
    for number, cells in enumerate(table.rows[1:], 1):
        place = f"row {number}"
        if len(cells) != len(_HEADING):
            raise ShapeError(f"{place} has {len(cells)} cells", where=document.name, do="the page has a new shape")
        rows.append(Row(_entry(cells, document.name, place), place))
    said = [c.date for row in rows for c in row.entry.citations if c.date]
    newest = max([*said, *(r.entry.effective_on for r in rows if r.entry.effective_on)], default=None)
    return Reading(
        lists={LIST: tuple(rows)}, published=Moment.parse(newest) if newest else None, inferred=bool(newest),
        holds=_HOLDS,
    )  # fmt: skip


LAYOUTS = (Layout("state.nonproliferation_html", (LIST,), _recognizes, _read),)
