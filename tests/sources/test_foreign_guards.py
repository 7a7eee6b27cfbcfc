"""The foreign readers against damaged and hostile files: a reading or a ShapeError, soon, whatever comes."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import damaged
from workbooks import make_workbook

from caveat.errors import ShapeError
from caveat.sources import Document, Layout, Reading, read
from caveat.sources.au import LAYOUTS as AU
from caveat.sources.ca import LAYOUTS as CA
from caveat.sources.eu import LAYOUTS as EU
from caveat.sources.eu_journal import LAYOUTS as EU_JOURNAL
from caveat.sources.jp import LAYOUTS as JP
from caveat.sources.uk import LAYOUTS as UK
from caveat.sources.un import LAYOUTS as UN

EXAMPLES = Path(__file__).parent.parent / "examples"
LAYOUTS = {layout.id: layout for layout in (*UN, *UK, *EU, *EU_JOURNAL, *AU, *CA, *JP)}


def workbook_of(path: Path) -> bytes:
    return make_workbook(list(csv.reader(path.read_text("utf-8").splitlines())))


WHOLE = {
    "un.consolidated_xml": (EXAMPLES / "un" / "consolidated.xml").read_bytes(),
    "uk.sanctions_csv": (EXAMPLES / "uk" / "conlist.csv").read_bytes(),
    "uk.sanctions_xlsx": workbook_of(EXAMPLES / "uk" / "conlist.csv"),
    "eu.fsf_xml": (EXAMPLES / "eu" / "export.xml").read_bytes(),
    "eu.fsf_old_xml": (EXAMPLES / "eu" / "whole.xml").read_bytes(),
    "eu.journal_csv": (EXAMPLES / "eu" / "journal.csv").read_bytes(),
    "au.dfat_xlsx": workbook_of(EXAMPLES / "au" / "dfat.csv"),
    "ca.sema_xml": (EXAMPLES / "ca" / "sema.xml").read_bytes(),
    "jp.meti_russia_text": (EXAMPLES / "jp" / "meti_russia.txt").read_bytes(),
}


def attempt(layout: Layout, data: bytes) -> Reading | None:
    """What the layout reads; None where it refuses. The reader alone: the registry's net is not under it."""
    document = Document("hostile", data, "")
    begun = time.process_time()
    try:
        layout.recognizes(document)
        reading = layout.read(document)
    except ShapeError as error:
        assert "hostile" in str(error)
        return None
    finally:
        assert time.process_time() - begun < 10
    for rows in reading.lists.values():
        for row in rows:
            row.entry.canonical().encode()  # a lone surrogate would fail here, and in the ledger
    return reading


def test_every_layout_has_an_example_and_knows_it() -> None:
    assert set(WHOLE) == set(LAYOUTS)
    for layout_id, data in WHOLE.items():
        document = Document("example", data, "")
        assert [layout.id for layout in LAYOUTS.values() if layout.recognizes(document)] == [layout_id]
        assert read(document, LAYOUTS[layout_id])


def test_the_workbook_says_what_the_csv_says() -> None:
    from_csv = LAYOUTS["uk.sanctions_csv"].read(Document("a", WHOLE["uk.sanctions_csv"], ""))
    from_book = LAYOUTS["uk.sanctions_xlsx"].read(Document("a", WHOLE["uk.sanctions_xlsx"], ""))
    assert [row.entry for row in from_csv.lists["uk.ofsi"]] == [row.entry for row in from_book.lists["uk.ofsi"]]


@pytest.mark.parametrize("layout_id", [name for name in WHOLE if not name.endswith("xlsx")])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_text(layout_id: str, data: st.DataObject) -> None:
    attempt(LAYOUTS[layout_id], data.draw(damaged(WHOLE[layout_id])))


@pytest.mark.parametrize("layout_id", ["uk.sanctions_xlsx", "au.dfat_xlsx"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_workbooks(layout_id: str, data: st.DataObject) -> None:
    whole = WHOLE[layout_id]
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[at] ^= data.draw(st.integers(1, 255))
    attempt(LAYOUTS[layout_id], data.draw(st.sampled_from([whole[:at], bytes(flipped), whole[at:], whole + whole])))


@pytest.mark.parametrize("layout_id", list(WHOLE))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400))
def test_noise(layout_id: str, data: bytes) -> None:
    assert attempt(LAYOUTS[layout_id], data) is None


XML = [name for name in WHOLE if name.endswith("_xml")]
BOMB = '<!DOCTYPE a [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)  # fmt: skip


@pytest.mark.parametrize("layout_id", XML)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("where", ["text", "attribute"])
def test_an_entity_bomb(layout_id: str, encoding: str, where: str) -> None:
    body = WHOLE[layout_id].decode().split("?>", 1)[1].lstrip()
    mark, rest = body.split(">", 1)
    body = f"{mark}>&m;{rest}" if where == "text" else f'{mark} x="&m;">{rest}'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{BOMB}]>{body}'
    assert attempt(LAYOUTS[layout_id], text.encode(encoding)) is None


@pytest.mark.parametrize("layout_id", XML)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_outside_file_is_never_read(layout_id: str, encoding: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    body = WHOLE[layout_id].decode().split("?>", 1)[1].lstrip().replace("Goma", "&x;").replace("Example", "&x;")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{outside}{body}'
    reading = attempt(LAYOUTS[layout_id], text.encode(encoding))
    assert reading is None or "the secret" not in str(reading)


@pytest.mark.parametrize("layout_id", XML)
def test_a_deep_tree(layout_id: str) -> None:
    mark, rest = WHOLE[layout_id].decode().split("?>", 1)[1].lstrip().split(">", 1)
    assert attempt(LAYOUTS[layout_id], f"{mark}>{'<a>' * 100_000}{rest}".encode()) is None


@pytest.mark.parametrize("layout_id", ["uk.sanctions_csv", "eu.journal_csv"])
def test_a_million_columns(layout_id: str) -> None:
    assert attempt(LAYOUTS[layout_id], b"," * 1_000_000 + WHOLE[layout_id]) is None
    assert attempt(LAYOUTS[layout_id], WHOLE[layout_id] + b"," * 1_000_000) is None
    assert attempt(LAYOUTS[layout_id], WHOLE[layout_id] + b'"' + b"x" * 3_000_000) is None


@pytest.mark.parametrize("layout_id", ["uk.sanctions_xlsx", "au.dfat_xlsx"])
def test_a_workbook_bomb(layout_id: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        with zipfile.ZipFile(io.BytesIO(WHOLE[layout_id])) as whole:
            for name in whole.namelist():
                archive.writestr(name, whole.read(name))
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as stream:
            for _ in range(300):
                stream.write(b" " * 2**20)
    assert attempt(LAYOUTS[layout_id], packed.getvalue()) is None


@pytest.mark.parametrize("layout_id", ["uk.sanctions_xlsx", "au.dfat_xlsx"])
def test_a_far_cell(layout_id: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        with zipfile.ZipFile(io.BytesIO(WHOLE[layout_id])) as whole:
            for name in whole.namelist():
                data = whole.read(name)
                if name.endswith("sheet1.xml"):
                    data = data.replace(
                        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                    )
                archive.writestr(name, data)
    assert attempt(LAYOUTS[layout_id], packed.getvalue()) is None


PLACES = (
    "Test",
    "Example",
    "Primerow",
    "Goma",
    "Moscow",
    "EXAMPLE",
    "Omsk",
    "A-333602",
    "1961",
    "30/01/1972",
    "Made up",
)
TAILS = (
    "（別称",
    "1 ",
    "a.k.a. ",
    "(1) ",
    "; ",
    "、",
    "-",
    "(a) ",
    "a) ",
    "( ",
    "x;",
    " ",
    ",",
    "Listed on ",
    "1, ",
    ")",
    "告示",
)


@pytest.mark.parametrize("layout_id", list(WHOLE))
@pytest.mark.parametrize("tail", TAILS)
def test_long_repeats_do_not_hang(layout_id: str, tail: str) -> None:
    """Every pattern meets a long run of what it looks for; a slow one grows with the square of it."""
    long = tail * (100_000 // len(tail)) + "z"
    is_workbook = layout_id.endswith("xlsx")
    path = EXAMPLES / ("uk/conlist.csv" if layout_id == "uk.sanctions_xlsx" else "au/dfat.csv")
    text = path.read_text("utf-8") if is_workbook else WHOLE[layout_id].decode()
    for place in PLACES:
        if is_workbook:
            rows = list(csv.reader(text.splitlines()))
            attempt(LAYOUTS[layout_id], make_workbook([[c.replace(place, long, 1) for c in row] for row in rows]))
        elif layout_id.endswith("csv"):
            rows = [[c.replace(place, long, 1) for c in row] for row in csv.reader(text.splitlines())]
            out = io.StringIO()
            csv.writer(out).writerows(rows)
            attempt(LAYOUTS[layout_id], out.getvalue().encode())
        else:
            attempt(LAYOUTS[layout_id], text.replace(place, long, 3).encode())
