"""Workbooks: the parser makes room for whatever place a cell states, so no absurd place may reach it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from caveat.errors import ShapeError
from caveat.sources import read_sheet
from caveat.sources.workbook import check_workbook

SAMPLE = Path(__file__).parent.parent / "examples" / "tables" / "state_debarred_workbook.xlsx"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def with_sheet(sheet: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """The sample with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            new.writestr(member.filename, sheet if "sheet1" in member.filename else old.read(member))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (b'<row r="1"><c r="F%s"><v>1</v></c></row>' % (b"9" * 5000), "has no cell"),
        (b'<row r="1"><c r="A1"/><c r="A4294967295"/></row>', "has no cell"),
        (b'<row r="1"><c r="ZZZZZZZ1"/></row>', "has no cell"),
        (b'<row r="1"><c r="a1"/></row>', "has no cell"),
        (b'<row r="1"><c r="1A"/></row>', "has no cell"),
        (b'<row r="1"><c r="A0"/></row>', "has no cell"),
        (b'<row r="1"><c r="A\xd9\xa1"/></row>', "has no cell"),
        (b'<row r="99999999999"><c/></row>', "has no cell"),
        (b'<row r="1"><c r="A1" r="XFD1048576"/></row>', "has no cell"),
        (b'<row r="1"><c t=">" r="A99999999"/></row>', "not well written"),
        (b'<row r="1"><c r=A99999999></c></row>', "not well written"),
        (b"<x:row r='1'><x:c r='A1'/></x:row><x:row r = '1048576'><x:c r = 'XFD1048576'/></x:row>", "spans 16384 x"),
        (b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>', "spans 16384 x 1048576"),
        (b"<row>" + b"<c/>" * 3000 + b"</row>" + b"<row/>" * 3000, "spans 3000 x 3001"),
    ],
)
def test_an_absurd_place_is_refused_before_it_is_read(cells: bytes, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        read_sheet(with_sheet(HEAD + cells + TAIL), "x.xlsx")


def test_a_sheet_at_another_place_of_the_zip_is_looked_at_too() -> None:
    far = HEAD + b'<row r="1"><c r="A4294967295"/></row>' + TAIL
    with pytest.raises(ShapeError, match="has no cell"):
        check_workbook(with_sheet(HEAD + TAIL, more={"xl/else/where.xml": far}), "x.xlsx")


@pytest.mark.parametrize("name", ["content.xml", "xl/workbook.bin"])
def test_other_kinds_of_workbooks_are_refused(name: str) -> None:
    with pytest.raises(ShapeError, match="no XLSX"):
        check_workbook(with_sheet(HEAD + TAIL, more={name: b""}), "x.ods")


def test_plain_cells_are_read() -> None:
    cells = b'<row r="2" spans="1:2"><c r="B2" t="inlineStr"><is><t>Alpha</t></is></c><c r="C2"><v>7</v></c></row>'
    data = with_sheet(HEAD + cells + TAIL)
    assert read_sheet(data, "x.xlsx") == [["", "", ""], ["", "Alpha", 7.0]]
    assert read_sheet(data, "x.xlsx", is_trimmed=True) == [["Alpha", 7.0]]
