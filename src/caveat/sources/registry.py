"""The registry of layouts: which reader knows this file, read it, and never show a traceback."""

from __future__ import annotations

import calendar
import datetime as dt
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from caveat.errors import CaveatError, InputError, ShapeError
from caveat.model import Moment
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading

#: Reader modules, the most specific first: a publisher's own schema, then tables, whose layouts
#: are told by column or key names alone. Where two layouts recognize one file, the first in this
#: order (and in a module's LAYOUTS) reads it.
_READERS = (
    "ofac", "un", "eu", "eu_journal", "uk", "ca", "au", "jp", "trade_gov", "bis", "dhs", "cbp", "fcc", "dod", "state",
    "tables",
)  # fmt: skip
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})([-_.]?)(\d{2})\2(\d{2})(?:[T_-](\d{2}):?(\d{2})(?::?(\d{2}))?Z?)?(?!\d)",
    re.ASCII,
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_](\d{2})(?![-_.]?\d)", re.ASCII)
_DO = "name the list, or describe the columns with --mapping FILE"


def layouts() -> Iterator[Layout]:
    """Every layout there is, in the order in which they are asked."""
    for name in _READERS:
        yield from importlib.import_module(f"caveat.sources.{name}").LAYOUTS


def recognize(document: Document, list_id: str | None = None) -> Layout:
    """The first layout that recognizes the document (and, if given, speaks for `list_id`).

    ShapeError that says what the file looks like where none does.
    """
    others: list[Layout] = []
    for layout in layouts():
        try:
            known = layout.recognizes(document)
        except Exception:  # noqa: S112 - a head that trips a recognizer is not of its layout
            continue
        if known and (list_id is None or list_id in layout.lists):
            return layout
        if known:
            others.append(layout)
    if others:
        lists = ", ".join(others[0].lists)
        raise ShapeError(
            f"has the layout {others[0].id}, which gives {lists} and not {list_id}",
            where=document.name,
            do="leave the list out, or name one of these",
        )
    raise ShapeError(f"no known layout: {describe(document)}", where=document.name, do=_DO)


def layout_by_mapping(mapping: Path) -> Layout:
    """A layout that reads any table or JSON by a mapping file; InputError where the mapping is faulty."""
    from caveat.sources.tables import read_mapping

    return read_mapping(mapping).layout()


def layout_of(layout_id: str) -> Layout:
    """The layout with that id; InputError for an unknown one."""
    for layout in layouts():
        if layout.id == layout_id:
            return layout
    known = ", ".join(layout.id for layout in layouts())
    raise InputError(f"there is no layout {layout_id!r}", do=f"known: {known}")


def read(document: Document, layout: Layout) -> Reading:
    """What the document says, read by `layout`.

    ShapeError where it is broken, holds no entry, or trips its reader in a way nobody foresaw.
    """
    try:
        reading = layout.read(document)
    except CaveatError:
        raise
    except Exception as error:
        # A reader meets bytes its author did not think of: the file is refused, not the user.
        raise ShapeError(
            f"cannot be read as {layout.id} ({type(error).__name__} at {_place(error)}: {str(error)[:120]})",
            where=document.name,
            do="the file is damaged or of a new shape; the last good list stays",
        ) from error
    if not any(reading.lists.values()):
        raise ShapeError(f"holds no entry (read as {layout.id})", where=document.name, do="fetch the file again")
    if reading.states_presence:
        for row in (row for rows in reading.lists.values() for row in rows):
            if not row.entry.name.strip():
                raise ShapeError(f"{row.place} names nobody", where=document.name, do="fetch the file again")
    return reading


def describe(document: Document) -> str:
    """What a file looks like, in words: `an empty file`, `an HTML page`, `CSV with columns …`.

    >>> describe(Document("a.csv", b"<!doctype html><title>Blocked</title>", ""))
    'it looks like an HTML page titled "Blocked"'
    """
    head = document.head
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        return "it is an empty file"
    if head[:4] == b"PK\x03\x04":
        return "it is a workbook or zip whose sheets no reader knows"
    if head[:5] == b"%PDF-":
        return "it is a PDF; a table or a text made of it is needed"
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace").lstrip()
    if "\x00" in text or sum(not (c.isprintable() or c.isspace()) or c == "\ufffd" for c in text[:4096]) > 400:
        return f"it is binary (first bytes {head[:8].hex(' ')})"
    if re.match(r"<(!doctype\s+html|html|head|body)\b", text, re.IGNORECASE):
        title = re.search(r"<title[^>]*>\s*([^<]{1,80}?)\s*</title", text, re.IGNORECASE)
        return "it looks like an HTML page" + (f' titled "{" ".join(title[1].split())}"' if title else "")
    if text.startswith("<"):
        root = re.search(r"<(?![?!])([\w:.-]{1,60})", text)
        return f"it looks like XML with root <{root[1]}>" if root else "it looks like broken XML"
    if text[:1] in "[{":
        return f"it looks like JSON {_json_keys(document, text)}"
    line = text.splitlines()[0] if text else ""
    for delimiter, kind in (("\t", "tab-separated text"), ("|", "pipe-separated text"), (",", "CSV")):
        if line.count(delimiter) >= 1:
            columns = [cell.strip(' "')[:30] for cell in line.split(delimiter)]
            more = " …" if len(columns) > 8 else ""
            return f"it looks like {kind} with columns {', '.join(columns[:8])}{more}"
    return f'it is text that begins "{" ".join(line.split())[:60]}"'


def date_in_name(name: str) -> Moment | None:
    """The day, instant or month (its last day) written in a file's name, year first; else None.

    >>> str(date_in_name("sdn_2021-12-02_0142.csv")), str(date_in_name("dpl_2019-06.txt"))
    ('2021-12-02T01:42:00', '2019-06-30')
    """
    for found in _DATE.finditer(name):
        year, _, month, day, hour, minute, second = found.groups()
        try:
            date = dt.date(int(year), int(month), int(day))
            if hour is None:
                return Moment(date.isoformat())
            time = dt.time(int(hour), int(minute), int(second or 0))
        except ValueError:
            continue
        return Moment(f"{date.isoformat()}T{time.isoformat()}")
    for found in _MONTH.finditer(name):
        year_number, month_number = int(found[1]), int(found[2])
        if 1 <= month_number <= 12:
            last = calendar.monthrange(year_number, month_number)[1]
            return Moment(dt.date(year_number, month_number, last).isoformat())
    return None


def _json_keys(document: Document, text: str) -> str:
    try:
        data = json.loads(document.data)
    except (ValueError, RecursionError):
        keys = dict.fromkeys(re.findall(r'"(\w{1,30})"\s*:', text[:4096]))
        return f"that is broken or cut, with keys {', '.join(list(keys)[:8])}"
    if isinstance(data, dict):
        return f"with keys {', '.join(list(data)[:8])}"
    first = data[0] if isinstance(data, list) and data else None
    if isinstance(first, dict):
        return f"of {len(data)} records with keys {', '.join(list(first)[:8])}"
    return "without records"


def _place(error: Exception) -> str:
    """File and line of the reader where the error arose."""
    trace = error.__traceback__
    place = "?"
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if "caveat" in path:
            place = f"{path.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
