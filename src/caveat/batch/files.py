"""Files of counterparties: CSV, TSV, XLSX, JSONL or Parquet, row by row, with what could not be read."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caveat.errors import InputError, MissingPartError, ShapeError
from caveat.names import check_readable
from caveat.screening import Query

_COLUMNS = ("id", "name", "kind", "country", "address", "city", "birth_date", "identifiers", "aliases")
_MANY = ("identifiers", "aliases")
_MOST_CELLS = 20_000_000
_KINDS = ("person", "organization", "vessel", "aircraft", "address")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be screened: its line (header is 1) and why."""

    line: int
    why: str
    row: Mapping[str, Any]


def read_queries(path: Path) -> Iterator[tuple[int, Query | Rejected]]:
    """(line, query) for each row of the file; a bad row is `Rejected`, never lost.

    InputError where the file cannot be read at all or has no `name` column.
    """
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), do="check the path")
    suffix = path.suffix.lower()
    readers = {
        ".csv": _read_csv, ".tsv": _read_csv, ".txt": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl,
        ".xlsx": _read_workbook, ".xls": _read_workbook, ".ods": _read_workbook, ".parquet": _read_parquet,
    }  # fmt: skip
    if suffix not in readers:
        raise InputError(
            f"{suffix or 'a file without ending'} is not read",
            where=str(path),
            do="use .csv, .tsv, .xlsx, .parquet or .jsonl",
        )
    for line, row in readers[suffix](path):
        yield line, row if isinstance(row, Rejected) else _query(line, row)


def _query(line: int, row: Mapping[str, Any]) -> Query | Rejected:
    given = {k: _text(row[k]) for k in _COLUMNS if row.get(k) not in (None, "")}
    for key, value in given.items():
        if not isinstance(value, str) and (key not in _MANY or not isinstance(value, list)):
            return Rejected(line, f"{key} is not a text", row)
    values: dict[str, Any] = {k: v if k in _MANY else str(v).strip() for k, v in given.items()}
    for key in _MANY:
        if key in values:
            value = values[key]
            parts = value if isinstance(value, list | tuple) else str(value).split(";")
            values[key] = tuple(str(p).strip() for p in parts if str(p).strip())
    if not values.get("name"):
        return Rejected(line, "has no name", row)
    if "country" in values:
        values["country"] = values["country"].upper()
        if len(values["country"]) != 2:
            return Rejected(line, f"country {values['country']!r} is not a two-letter code", row)
    if values.get("kind", "person") not in _KINDS:
        return Rejected(line, f"kind {values['kind']!r} is not one of {', '.join(_KINDS)}", row)
    try:
        for name in (values["name"], *values.get("aliases", ())):
            check_readable(name)
    except InputError as error:
        return Rejected(line, str(error), row)
    return Query(**values)


def _text(value: Any) -> Any:
    """A number or a day of a workbook as it would be written; anything but a text or a list as it is."""
    if isinstance(value, bool | str | list | dict):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _read_csv(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    csv.field_size_limit(2**20)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.readline()
            stream.seek(0)
            delimiter = "\t" if "\t" in sample else ";" if sample.count(";") > sample.count(",") else ","
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            header = _header(next(reader, []), path)
            for cells in reader:
                line = reader.line_num
                if len(cells) > len(header):
                    yield (
                        line,
                        Rejected(
                            line,
                            f"has {len(cells)} cells, the header {len(header)}",
                            dict(zip(header, cells, strict=False)),
                        ),
                    )
                elif any(cells):
                    yield line, dict(zip(header, cells, strict=False))
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 ({error.reason} at byte {error.start})", where=str(path), do="save it as UTF-8"
        ) from None
    except csv.Error as error:
        what = f"broken CSV at or before line {reader.line_num} ({error})"
        raise InputError(what, where=str(path), do="look for a quote that is not closed") from None


def _read_jsonl(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    with path.open("rb") as stream:
        for line, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            try:
                row = json.loads(raw)
            except (ValueError, RecursionError) as error:
                yield line, Rejected(line, f"broken JSON ({error})", {"raw": raw[:200].decode("utf-8", "replace")})
                continue
            if isinstance(row, dict):
                yield line, row
            else:
                yield line, Rejected(line, "is not a JSON object", {"raw": str(row)[:200]})


def _read_workbook(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    from caveat.sources import read_sheet

    try:
        rows = read_sheet(path.read_bytes(), str(path), most_cells=_MOST_CELLS, is_trimmed=True)
    except (ShapeError, OSError) as error:
        what = error.what if isinstance(error, ShapeError) else error.strerror
        raise InputError(f"broken workbook ({what})", where=str(path)) from None
    header: list[str] = []
    for line, cells in enumerate(rows, start=1):
        if line == 1:
            header = _header([str(c) for c in cells], path)
        elif any(c not in ("", None) for c in cells):
            yield line, dict(zip(header, cells, strict=False))


def _read_parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise MissingPartError("Parquet needs pyarrow", do="pip install 'caveat[batch]'") from None
    try:
        table = parquet.ParquetFile(path)
        _header(list(table.schema_arrow.names), path)
        line = 0
        for batch in table.iter_batches(4096):
            for row in batch.to_pylist():
                line += 1
                yield line, {str(k).strip().lower(): v for k, v in row.items()}
    except (OSError, ValueError) as error:
        raise InputError(f"broken Parquet ({error})", where=str(path)) from None


def _header(cells: list[str], path: Path) -> list[str]:
    header = [c.strip().lower() for c in cells]
    if "name" not in header:
        seen = ", ".join(header[:8]) or "nothing"
        raise InputError(
            f"has no column 'name' (found: {seen})", where=str(path), do="name the column with the parties 'name'"
        )
    if twice := sorted({c for c in header if c in _COLUMNS and header.count(c) > 1}):
        raise InputError(f"has the column {twice[0]!r} twice", where=str(path), do="keep one of them")
    return header
