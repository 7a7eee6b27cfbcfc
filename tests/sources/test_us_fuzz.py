"""Damaged files of the tables, pages and orders: a reading or one clear error, in seconds, never a traceback."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources.mutations import odd

from caveat.errors import CaveatError, InputError, ShapeError
from caveat.sources import Document, Layout, Reading, open_path, recognize
from caveat.sources.tables import read_mapping

EXAMPLES = Path(__file__).parent.parent / "examples"
FILES = sorted(p for folder in ("tables", "dhs", "cbp", "dod", "fcc", "state") for p in (EXAMPLES / folder).iterdir())
CASES: list[tuple[str, bytes, Layout]] = []
for _path in FILES:
    _document = next(open_path(_path))
    CASES.append((_path.name, _document.data, recognize(_document)))
FUZZ = settings(max_examples=500, deadline=5000, suppress_health_check=list(HealthCheck))


def survives(layout: Layout, name: str, data: bytes) -> None:
    document = Document(name, data, "")
    try:
        layout.recognizes(document)
        reading = layout.read(document)
    except CaveatError as error:
        assert str(error)
    else:
        assert isinstance(reading, Reading)
        assert all(row.entry.names and row.place for rows in reading.lists.values() for row in rows)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes, Layout]:
    name, data, layout = draw(st.sampled_from(CASES))
    for _ in range(draw(st.integers(1, 3))):
        if not data:
            break
        at = draw(st.integers(0, len(data) - 1))
        span = draw(st.integers(1, 60))
        match draw(st.sampled_from(["cut", "flip", "drop", "repeat", "insert", "recode", "quote", "digits", "odd"])):
            case "cut":
                data = data[:at]
            case "flip":
                data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
            case "drop":
                data = data[:at] + data[at + span :]
            case "repeat":
                data = data[: at + span] + data[at:]
            case "insert":
                data = data[:at] + draw(st.binary(max_size=20)) + data[at:]
            case "recode":
                data = data.decode("utf-8", "replace").encode("utf-16")
            case "quote":
                data = (
                    data[:at] + draw(st.sampled_from([b'"', b"<", b"{", b"[", b"\n", b",", b"\x00", b"("])) + data[at:]
                )
            case "odd":
                data = odd(draw, data)
            case "digits":
                data = data.replace(draw(st.sampled_from([b"1", b"20", b"/"])), b"9" * draw(st.integers(0, 12)))
    return name, data, layout


@FUZZ
@given(damaged())
def test_a_damaged_file_is_read_or_refused(case: tuple[str, bytes, Layout]) -> None:
    name, data, layout = case
    survives(layout, name, data)


@FUZZ
@given(st.sampled_from(CASES), st.text(max_size=300))
def test_any_text_is_read_or_refused(case: tuple[str, bytes, Layout], text: str) -> None:
    survives(case[2], case[0], text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates().map(str),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    "id list lists fields names from parse split pattern values published count records "
                    "recognize columns kind details addresses quality ignore header sheet format one_entry_per when "
                    "constant".split()
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_any_mapping_is_read_or_refused(given_mapping: object) -> None:
    import yaml

    try:
        mapping = read_mapping(yaml.safe_dump({"list": "my.list", "fields": {"names": "A"}}, sort_keys=False) + "\n")
        mapping = read_mapping(yaml.safe_dump(given_mapping) + "\n")
    except InputError as error:
        assert str(error)
        return
    survives(mapping.layout(), "a.csv", b"A,B\n1,2\n")


@pytest.mark.parametrize(
    "data",
    [
        b"<html><table>" + b"<div>" * 200_000,
        b"<table>" * 20_000 + b"</table>" * 20_000,
        b"<table>" + b"<tr><td rowspan=9999 colspan=9999>x</td></tr>" * 2_000 + b"</table>",
        b"<table><tr>" + b"<td>x</td>" * 200_000 + b"</tr></table>",
        b"Country,Entity Name,Merchandise,Status,Effective Date" + b"," * 1_000_000,
        b"Company\n" + b"(" * 1_000_000,
        b'[{"Company": "' + b"a.k.a. (" * 100_000 + b'"}]',
        b'{"entities": ' + b"[" * 100_000,
    ],
)
def test_hostile_shapes_end_in_seconds(data: bytes) -> None:
    layouts = {layout.id: layout for _, _, layout in CASES}
    mapping = read_mapping("list: my.list\nfields: {names: {from: Company, parse: aliases}}\n")
    begun = time.process_time()
    for layout in [*layouts.values(), mapping.layout()]:
        survives(layout, "hostile", data)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("words", ["also known as ", "(including one alias: ", "[also known as ", " and ", ", Ltd"])
def test_hostile_cells_end_in_seconds(words: str) -> None:
    from caveat.sources import cbp, dhs, fcc, state, tables

    text = "A " + words * 5_000
    begun = time.process_time()
    dhs.split_party(text)
    cbp.split_parties(text)
    fcc.named_producers("produced by " + text)
    list(state._ALIASES.finditer(text))
    tables.part_address(text + ", China")
    assert time.process_time() - begun < 5


def workbook(sheet: bytes) -> bytes:
    out = io.BytesIO()
    source = (EXAMPLES / "tables" / "state_debarred_workbook.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, sheet if "sheet1" in member.filename else old.read(member))
    return out.getvalue()


def test_a_workbook_that_is_a_bomb_is_refused() -> None:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sparse = head + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    mapping = read_mapping("list: my.list\nfields: {names: Company}\n")
    with pytest.raises(ShapeError, match="spans 16384 x 1048576 cells"):
        mapping.read(Document("bomb.xlsx", workbook(sparse + b"</sheetData></worksheet>"), ""))
    with pytest.raises(ShapeError, match="256 MiB"):
        mapping.read(Document("bomb.xlsx", workbook(head + b" " * (257 * 2**20)), ""))
