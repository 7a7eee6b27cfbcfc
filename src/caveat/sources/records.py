"""A table or JSON in hand, as flat records: columns by name, values as text, each with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from caveat.errors import ShapeError
from caveat.sources.document import Document
from caveat.sources.text import decode, load_json, rows
from caveat.sources.workbook import sheet_rows

Format = Literal["csv", "tsv", "xlsx", "json", "jsonl"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "xlsx", "json", "jsonl")

_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Record:
    """One row: column name -> its values (one for a cell, several for a JSON array), and its place."""

    values: Mapping[str, tuple[str, ...]]
    place: str


@dataclass(frozen=True, slots=True)
class Table:
    """Every record of a file, the columns it has, and the keys that stand above the records (JSON)."""

    columns: tuple[str, ...]
    records: tuple[Record, ...]
    above: Mapping[str, str]


def told_format(document: Document) -> Format:
    """The format, told from the first bytes: XLSX, JSON, JSON lines, tab or comma separated."""
    head = document.head
    if head[:4] == b"PK\x03\x04":
        return "xlsx"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"{", b"["):
        return "jsonl" if start == b"{" and _is_lines(document) else "json"
    first = head.split(b"\n", 1)[0]
    return "tsv" if first.count(b"\t") > first.count(b",") else "csv"


def read_table(
    document: Document, *, kind: Format | None = None, path: str = "", sheet: str | int = 1, header: int = 1
) -> Table:
    """The records of a file.

    path    dotted way to the array of records in a JSON document ("" = the document itself)
    sheet   name, or number from 1, of the sheet of a workbook
    header  number, from 1, of the row that names the columns

    ShapeError, with the place, where the file is empty, broken, or of another shape.
    """
    where = document.name
    if not document.data.strip():
        raise ShapeError("is empty", where=where, do="fetch the file again")
    kind = kind or told_format(document)
    if kind == "json":
        return _flat(*_json_records(document, path), where)
    if kind == "jsonl":
        return _flat(_json_lines(document), {}, where)
    if kind == "xlsx":
        return _grid(sheet_rows(document, sheet), header, where)
    text, _ = decode(document.data, where)
    return _grid(rows(text, where, delimiter="\t" if kind == "tsv" else ","), header, where)


def column_name(text: str) -> str:
    """A heading as mappings spell it: no byte-order mark, single blanks."""
    return " ".join(text.replace("\ufeff", "").split())


def _grid(numbered: Iterator[tuple[int, list[str]]], header: int, where: str) -> Table:
    """Rows under a header row; a row longer or shorter than the header is a ShapeError."""
    columns: list[str] = []
    records: list[Record] = []
    for at, (number, cells) in enumerate(numbered, start=1):
        if at < header:
            continue
        if at == header:
            columns = [column_name(cell) for cell in cells]
            while columns and not columns[-1]:
                columns.pop()
            named = [c for c in columns if c]
            if len(set(named)) != len(named):
                raise ShapeError(f"line {number}: two columns bear one name", where=where, do="rename one")
            continue
        values = [cell.strip() for cell in cells]
        if any(values[len(columns) :]) or len(values) < len(columns):
            raise ShapeError(
                f"line {number} has {len(values)} columns, the header {len(columns)}",
                where=where, do="the file is cut or broken: fetch it again",
            )  # fmt: skip
        if any(values):
            pairs = zip(columns, values, strict=False)
            records.append(Record({c: (v,) if v else () for c, v in pairs if c}, f"row {number}"))
    if not columns:
        raise ShapeError("has no header row", where=where, do="name its row with `header:`")
    return Table(tuple(c for c in columns if c), tuple(records), {})


def _json_records(document: Document, path: str) -> tuple[list[tuple[str, Any]], dict[str, str]]:
    found = load_json(decode(document.data, document.name)[0], document.name)
    above: dict[str, str] = {}
    way = "$"
    for step in [s for s in path.split(".") if s]:
        if not isinstance(found, dict):
            raise ShapeError(f"{way} is no object, so it has no `{step}`", where=document.name)
        above |= {k: str(v) for k, v in found.items() if isinstance(v, str | int | float)}
        if step not in found:
            keys = ", ".join(list(found)[:12])
            raise ShapeError(f"{way} has no `{step}` (it has {keys})", where=document.name, do="see `records:`")
        found, way = found[step], f"{way}.{step}"
    if not isinstance(found, list):
        raise ShapeError(f"{way} is no array of records", where=document.name, do="name the array with `records:`")
    return [(f"{way}[{i}]", item) for i, item in enumerate(found)], above


def _json_lines(document: Document) -> list[tuple[str, Any]]:
    text, _ = decode(document.data, document.name)
    numbered = enumerate(text.split("\n"), start=1)
    return [(f"line {n}", load_json(line, f"{document.name} line {n}")) for n, line in numbered if line.strip()]


def _flat(items: list[tuple[str, Any]], above: dict[str, str], where: str) -> Table:
    columns: dict[str, None] = {}
    records = []
    for place, item in items:
        if not isinstance(item, dict):
            raise ShapeError(f"{place} is no object", where=where, do="see `records:`")
        values: dict[str, list[str]] = {}
        _flatten(item, "", values, 0, f"{where}: {place}")
        columns.update(dict.fromkeys(values))
        records.append(Record({k: tuple(v) for k, v in values.items()}, place))
    return Table(tuple(columns), tuple(records), above)


def _flatten(value: Any, path: str, into: dict[str, list[str]], depth: int, where: str) -> None:
    """Leaves by dotted path; arrays add to one path, whatever their depth."""
    if depth > _MAX_DEPTH:
        raise ShapeError("is nested too deep", where=where, do="this is no list")
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{path}.{key}" if path else key, into, depth + 1, where)
    elif isinstance(value, list):
        into.setdefault(path, [])
        for inner in value:
            _flatten(inner, path, into, depth + 1, where)
    else:
        texts = into.setdefault(path, [])
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value).strip()
        if text:
            texts.append(text)


def _is_lines(document: Document) -> bool:
    """Whether the first line is a whole JSON object and another follows."""
    lines = document.head.split(b"\n", 1)
    if len(lines) < 2 or not document.data[len(lines[0]) :].lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return False
