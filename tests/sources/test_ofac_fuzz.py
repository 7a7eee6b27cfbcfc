"""OFAC's readers against hostile bytes: a reading or a ShapeError, soon, whatever comes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources.mutations import odd

from caveat.errors import ShapeError
from caveat.sources.document import Document
from caveat.sources.ofac import LAYOUTS
from caveat.sources.ofac_remarks import read_birth, split_clauses, split_number
from caveat.sources.reading import Reading

EXAMPLES = Path(__file__).parent.parent / "examples" / "ofac"
NAMES = sorted(path.name for path in EXAMPLES.iterdir())


def attempt(document: Document) -> None:
    """Read a document in the layout it claims, or else in all; anything but ShapeError fails the test."""
    begun = time.process_time()
    for layout in [layout for layout in LAYOUTS if layout.recognizes(document)] or LAYOUTS:
        try:
            reading = layout.read(document)
        except ShapeError as error:
            assert document.name in str(error)
        else:
            assert isinstance(reading, Reading)
            for rows in reading.lists.values():
                for row in rows:
                    row.entry.canonical()
    assert time.process_time() - begun < 10


@st.composite
def mangled(draw: st.DrawFn) -> Document:
    name = draw(st.sampled_from(NAMES))
    data = (EXAMPLES / name).read_bytes()
    at = draw(st.integers(0, len(data) - 1))
    size = draw(st.integers(1, 400))
    how = draw(st.sampled_from(["cut", "drop", "repeat", "flip", "insert", "utf-16", "latin", "swap", "odd"]))
    piece = data[at : at + size]
    match how:
        case "cut":
            data = data[:at]
        case "drop":
            data = data[:at] + data[at + size :]
        case "repeat":
            data = data[:at] + piece * draw(st.integers(2, 50)) + data[at + size :]
        case "flip":
            data = data[:at] + bytes([data[at] ^ draw(st.integers(1, 255))]) + data[at + 1 :]
        case "insert":
            data = data[:at] + draw(st.binary(max_size=60)) + data[at:]
        case "utf-16":
            data = data.decode("utf-8").encode("utf-16")
        case "latin":
            data = data[:at] + "Café Müller ñ ß".encode("latin-1") + data[at:]
        case "odd":
            data = odd(draw, data)
        case "swap":
            other = (EXAMPLES / draw(st.sampled_from(NAMES))).read_bytes()
            data = data[:at] + other[: len(other) // 2]
    return Document(name, data, "0" * 64)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mangled())
def test_mangled_files(document: Document) -> None:
    attempt(document)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_random_bytes(data: bytes, name: str) -> None:
    attempt(Document(name, data, "0" * 64))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_random_remarks(text: str) -> None:
    row = '36,"AERO",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{}"\r\n'.format(text.replace('"', "'"))
    attempt(Document("sdn.csv", row.encode("utf-8", "replace"), "0" * 64))
    read_birth(text)
    for clause in split_clauses(text):
        split_number("Passport", clause)


@pytest.mark.parametrize("piece", [
    " ", "(", ") (", " issued 1999", "9", "A1 ", "; ", "(Linked To: ", "DOB ", "A. ", "a.k.a. '", "[A] ", "-0- ,",
    "alt. Passport ", "Executive Order 1 ", '""', "'", "1 to ", "; a.k.a. ",
])  # fmt: skip
def test_no_pattern_runs_away(piece: str) -> None:
    long = piece * (200_000 // len(piece))
    start = '36,"AERO",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    quoted = long.replace('"', "'")
    attempt(Document("sdn.csv", f'{start}"Passport {quoted}"\r\n'.encode(), "0" * 64))
    attempt(Document("sdn.csv", f"{start}{long}\r\n".encode(), "0" * 64))
    attempt(Document("add.csv", f'36,1,"{quoted}","{quoted}","{quoted}",-0- \r\n'.encode(), "0" * 64))
    begin = (EXAMPLES / "sdnlist.txt").read_bytes()
    attempt(Document("sdnlist.txt", begin + f"\n\n{long[:60_000]}\n\nAAA{long[:40_000]} [X].\n".encode(), "0" * 64))
    attempt(Document("sdn.csv", long.encode(), "0" * 64))


def test_a_million_columns() -> None:
    for data in (b",".join([b"1"] * 10**6), b"36," + b"-0- ," * 10**6, b"@" * 10**6, b"|" * 10**6):
        attempt(Document("sdn.csv", data, "0" * 64))


def test_deep_xml() -> None:
    for data in (
        b"<sdnList>" * 10**5,
        b"<sanctionsData>" + b"<a>" * 10**4,
        b"<Sanctions><DateOfIssue/>" + b"<b>" * 5000,
    ):
        attempt(Document("sdn.xml", data, "0" * 64))
