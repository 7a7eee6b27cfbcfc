"""Files of counterparties: each form read alike, each bad row told, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources.workbooks import make_workbook

from caveat.batch import Rejected, read_queries
from caveat.errors import CaveatError, InputError
from caveat.screening import Query

HEADER = ["id", "name", "kind", "country", "address", "city", "birth_date", "identifiers", "aliases"]
ROWS = [
    [
        "1",
        "Hangzhou Hikvision",
        "organization",
        "cn",
        "555 Qianmo Road",
        "Hangzhou",
        "",
        "91330000;HK-7",
        "海康威视; Hik",
    ],
    ["2", "Ivan Petrov", "person", "RU", "", "", "1960-05-01", "", ""],
    ["3", 'Quote "and" comma, Ltd.', "", "", "", "", "", "", ""],
]
EXPECTED = [
    Query("Hangzhou Hikvision", id="1", kind="organization", country="CN", address="555 Qianmo Road", city="Hangzhou",
          identifiers=("91330000", "HK-7"), aliases=("海康威视", "Hik")),
    Query("Ivan Petrov", id="2", kind="person", country="RU", birth_date="1960-05-01"),
    Query('Quote "and" comma, Ltd.', id="3"),
]  # fmt: skip


def lines(delimiter: str) -> str:
    """The rows as delimited text."""

    def quoted(cell: str) -> str:
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'

    return "\n".join(delimiter.join(quoted(c) for c in row) for row in [HEADER, *ROWS]) + "\n"


def as_jsonl() -> str:
    """The rows as JSON lines, many-valued cells as lists."""
    out = []
    for row in ROWS:
        data = {k: v for k, v in zip(HEADER, row, strict=True) if v}
        for many in ("identifiers", "aliases"):
            if many in data:
                data[many] = [x.strip() for x in data[many].split(";")]  # type: ignore[assignment]
        out.append(json.dumps(data, ensure_ascii=False))
    return "\n".join(out) + "\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", lines(",").encode()),
        ("bom.csv", lines(",").encode("utf-8-sig")),
        ("crlf.csv", lines(",").replace("\n", "\r\n").encode()),
        ("semicolon.csv", lines(";").encode()),
        ("a.tsv", lines("\t").encode()),
        ("UPPER.CSV", lines(",").replace("name", "Name", 1).encode()),
        ("a.xlsx", make_workbook([HEADER, *ROWS])),
        ("a.jsonl", as_jsonl().encode()),
        ("a.ndjson", as_jsonl().encode()),
    ],
)
def test_every_form_gives_the_same_parties(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert [q for _, q in read_queries(path)] == EXPECTED


def write(tmp_path: Path, name: str, text: str | bytes) -> Path:
    """A file with this content."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",CN", "no name"),
        ("   ,CN", "no name"),
        ("Alpha,China", "two-letter"),
        ("Alpha,CN,extra,cells", "cells"),
        ("\x00\x01\x02,CN", ""),
        ("........,CN", ""),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_go_on(tmp_path: Path, row: str, why: str) -> None:
    path = write(tmp_path, "a.csv", f"name,country\nGood One,CN\n{row}\nGood Two,CN\n")
    found = list(read_queries(path))
    assert [line for line, _ in found] == [2, 3, 4]
    assert [q.name for _, q in found if isinstance(q, Query)] == ["Good One", "Good Two"]
    (bad,) = [q for _, q in found if isinstance(q, Rejected)]
    assert bad.line == 3
    assert why in bad.why


@pytest.mark.parametrize(
    "line",
    ["{broken", "[]", '"text"', "null", "12", '{"name": null}', '{"name": ""}', '{"name": ["A", "B"]}',
     '{"name": {"text": "A"}}', '{"name": true}', '{"name": "A", "country": ["CN"]}', '{"name": "A", "kind": "robot"}',
     "[" * 100000],
)  # fmt: skip
def test_a_bad_json_line_is_told(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, "a.jsonl", f'{{"name": "Good One"}}\n{line}\n{{"name": "Good Two"}}\n')
    found = [q for _, q in read_queries(path)]
    assert [type(q).__name__ for q in found] == ["Query", "Rejected", "Query"]


def test_json_lines_that_are_no_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", b'{"name": "Good One"}\n{"name": "B\xe9ta"}\n{"name": "Good Two"}\n')
    found = [q for _, q in read_queries(path)]
    assert [type(q).__name__ for q in found] == ["Query", "Rejected", "Query"]


@pytest.mark.parametrize("quote_at", [0, 1, 2, 3])
def test_an_unclosed_quote_loses_no_row_silently(tmp_path: Path, quote_at: int) -> None:
    names = ["Alpha", "Beta", "Gamma", "Delta"]
    body = "\n".join(('"' if at == quote_at else "") + name for at, name in enumerate(names))
    path = write(tmp_path, "a.csv", f"name\n{body}\n")
    try:
        found = list(read_queries(path))
    except InputError as error:
        assert "a.csv" in str(error)
        assert "line" in str(error)
        return
    assert len(found) == 4


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "name"),
        ("a.csv", b"company,country\nAlpha,CN\n", "company"),
        ("a.csv", "name\nB\u00e9ta\n".encode("latin-1"), "UTF-8"),
        ("a.csv", "name\nAlpha\n".encode("utf-16"), "UTF-8"),
        ("a.csv", b"name,name\nAlpha,Beta\n", "name"),
        ("a.xlsx", b"PK\x03\x04 no workbook", "a.xlsx"),
        ("a.xlsx", b"", "a.xlsx"),
        ("a.xls", b"plain text", "a.xls"),
        ("a.pdf", b"%PDF-1.4", ".pdf"),
        ("noending", b"name\nA\n", "ending"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(CaveatError) as met:
        list(read_queries(path))
    assert words in str(met.value)
    assert "\n" not in str(met.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.csv"):
        list(read_queries(tmp_path / "absent.csv"))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder\.csv"):
        list(read_queries(tmp_path / "folder.csv"))


def test_numbers_in_a_workbook_stay_as_written(tmp_path: Path) -> None:
    from sources import workbooks

    data = make_workbook([["id", "name", "identifiers"], ["ID7", "Alpha", "ID8"]])
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.namelist():
            text = old.read(item)
            if item.endswith("sheet1.xml"):
                for cell, number in ((b"ID7", b"7"), (b"ID8", b"913301000")):
                    start = text.index(cell)
                    begin = text.rindex(b"<c ", 0, start)
                    end = text.index(b"</c>", start) + 4
                    place = text[begin:end].split(b'"')[1]
                    text = text[:begin] + b'<c r="' + place + b'"><v>' + number + b"</v></c>" + text[end:]
            new.writestr(item, text)
    path = write(tmp_path, "a.xlsx", out.getvalue())
    ((_, query),) = list(read_queries(path))
    assert isinstance(query, Query)
    assert (query.id, query.identifiers) == ("7", ("913301000",))
    assert workbooks


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400), ending=st.sampled_from([".csv", ".tsv", ".jsonl", ".xlsx"]))
def test_any_bytes_give_rows_or_one_clear_error(tmp_path: Path, data: bytes, ending: str) -> None:
    path = write(tmp_path, f"any{ending}", b"name,country\nAlpha,CN\n" + data if ending in (".csv", ".tsv") else data)
    try:
        for line, query in read_queries(path):
            assert line >= 1
            assert isinstance(query, Query | Rejected)
    except CaveatError as error:
        assert str(path) in str(error) or path.name in str(error)


def test_a_million_columns_and_a_giant_cell(tmp_path: Path) -> None:
    wide = write(tmp_path, "wide.csv", "name," + ",".join(f"c{n}" for n in range(10**6)) + "\nAlpha\n")
    assert [q.name for _, q in read_queries(wide) if isinstance(q, Query)] == ["Alpha"]
    giant = write(tmp_path, "giant.csv", "name\nAlpha\n" + "x" * 3_000_000 + "\nBeta\n")
    try:
        found = list(read_queries(giant))
    except InputError as error:
        assert "giant.csv" in str(error)
        return
    assert len(found) == 3
    assert isinstance(found[1][1], Rejected)
