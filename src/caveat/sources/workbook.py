"""A workbook in hand: its sheets' rows as text. Nothing is handed to the parser that could make it run away."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from caveat.errors import ShapeError
from caveat.sources.document import BROKEN_ZIP, Document

_MAX_CELLS = 5_000_000
_MAX_XLSX = 256 * 2**20
BROKEN_WORKBOOK = (*BROKEN_ZIP, KeyError)  # KeyError for a part that is not in the zip
#: The parser takes a cell's place on trust and makes room up to it: each must be written plainly.
_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(c|row)(?=[\s/>])([^>]*)>")
_ROW_TAG = re.compile(_TAG.pattern.replace(b"c|row", b"row"))
_ANY_CELL = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?c[\s/>]")
_PLAIN = re.compile(rb"""<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: (?!r=)[a-z]+="[^"<>]*")*/?>""")
_ATTRIBUTES = re.compile(rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*/?""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"([A-Z]{1,3})([1-9]\d{0,6})")
_ROW = re.compile(rb"[1-9]\d{0,6}")


def workbook_head(document: Document) -> str:
    """The first strings of a workbook, lower case, one a line: enough to recognize it, quickly; "" where it is none."""
    if document.data[:4] != b"PK\x03\x04":
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
            inside = archive.namelist()
            found = next((n for n in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml") if n in inside), None)
            if found is None:
                return ""
            with archive.open(found) as stream:
                head = stream.read(2**16).decode("utf-8", "replace")
    except BROKEN_WORKBOOK:
        return ""
    return "\n".join(re.findall(r"<(?:\w+:)?t(?: [^>]*)?>([^<]*)<", head)).lower()


def sheet_rows(document: Document, sheet: str | int = 1) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of one sheet, empty rows left out; ShapeError for a broken or absurd workbook."""
    for number, cells in enumerate(read_sheet(document.data, document.name, sheet), start=1):
        texts = [_cell(value) for value in cells]
        whole = "".join(texts)
        if "\x00" in whole:
            raise ShapeError(f"row {number} holds NUL characters", where=document.name, do="fetch the file again")
        if whole:
            yield number, texts


def read_sheet(
    data: bytes, where: str, sheet: str | int = 1, *, most_cells: int = _MAX_CELLS, is_trimmed: bool = False
) -> list[list[Any]]:
    """The values of one sheet (its name, or its number from 1); ShapeError for a broken or absurd workbook.

    `is_trimmed` leaves out what is empty before the first filled row and column.
    """
    check_workbook(data, where, most_cells=most_cells)
    from python_calamine import CalamineWorkbook  # 30 ms: only where a workbook is met

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if isinstance(sheet, str) and sheet not in names:
            raise ShapeError(f"has no sheet `{sheet}` (it has {', '.join(names)})", where=where)
        if isinstance(sheet, int) and not 1 <= sheet <= len(names):
            raise ShapeError(f"has no sheet {sheet} (it has {len(names)})", where=where)
        found = book.get_sheet_by_name(sheet if isinstance(sheet, str) else names[sheet - 1])
        return found.to_python(skip_empty_area=is_trimmed)
    except ShapeError:
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ShapeError(f"broken workbook ({str(error)[:120]})", where=where, do="fetch it again") from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.removesuffix("T00:00:00").strip()


def check_workbook(data: bytes, where: str, *, most_cells: int = _MAX_CELLS) -> None:
    """ShapeError for anything but an XLSX that unpacks within bounds and whose cells span a sane grid."""
    left = _MAX_XLSX
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"}:
                raise ShapeError("is no XLSX workbook", where=where, do="save it as XLSX or CSV")
            for member in archive.infolist():
                with archive.open(member) as stream:
                    part = stream.read(left + 1)
                left -= len(part)
                if left < 0:
                    raise ShapeError("unpacks to more than 256 MiB", where=where, do="this is no official list")
                wide, deep = _span(part, f"{where} {member.filename}")
                if wide * deep > most_cells:
                    raise ShapeError(f"spans {wide} x {deep} cells", where=where, do="this is no official list")
    except BROKEN_WORKBOOK as error:
        raise ShapeError(f"broken workbook ({error})", where=where, do="fetch the file again") from None


def _span(part: bytes, where: str) -> tuple[int, int]:
    """Columns and rows of a sheet, told by its farthest cell and by how many there are."""
    plain = _PLAIN.findall(part)  # as every office program writes them, told apart at once
    wide = max((_column(letters) for letters in {letters for letters, _ in plain}), default=1)
    deep = max((int(number) for number in {number for _, number in plain}), default=1)
    is_plain = len(plain) == len(_ANY_CELL.findall(part))
    rows = in_row = 0
    for tag in (_ROW_TAG if is_plain else _TAG).finditer(part):
        place = _place(tag[2], _CELL if tag[1] == b"c" else _ROW, where)
        if tag[1] == b"c":
            in_row += 1
            wide = max(wide, in_row)
            if place:
                wide, deep = max(wide, _column(place[1])), max(deep, int(place[2]))
        else:
            rows, in_row = rows + 1, 0
            deep = max(deep, int(place[0]) if place else rows)
    return wide, max(deep, rows)


def _place(attributes: bytes, form: re.Pattern[bytes], where: str) -> re.Match[bytes] | None:
    """The place a tag states, in its one form; None where it states none."""
    if not _ATTRIBUTES.fullmatch(attributes):
        raise ShapeError("a cell is not well written", where=where, do="fetch the file again")
    places = _PLACE.findall(attributes)
    found = form.fullmatch(places[0]) if len(places) == 1 else None
    if places and not found:
        raise ShapeError(f"has no cell {places[0][:20]!r}", where=where, do="fetch the file again")
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
