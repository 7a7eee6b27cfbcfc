"""Files of counterparties: CSV, TSV, XLSX, JSONL or Parquet, row by row, with what could not be read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caveat.errors import InputError, MissingPartError, ShapeError
from caveat.names import check_readable
from caveat.screening import Query

_COLUMNS = dict.fromkeys(
    ("id", "name", "kind", "country", "address", "city", "birth_date", "identifiers", "aliases")
)  # in this order, looked up at once
_MANY = ("identifiers", "aliases")
_MOST_CELLS = 20_000_000
_KINDS = ("person", "organization", "vessel", "aircraft", "address")
#: Rows between two looks at how far the reading got.
_LOOK = 512


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be screened: its line (header is 1) and why."""

    line: int
    why: str
    row: Mapping[str, Any]


Row = tuple[int, Mapping[str, Any] | Rejected]


class Rows:
    """The rows of a file as (line, cells by column, or why they cannot be had), in order; read as they are asked for.

    InputError where the file cannot be read at all or has no `name` column. `share` tells how much of the file
    has been read, 0 to 1, where that can be known before its end; `taken` counts the rows handed out.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InputError("there is no such file", where=str(path), do="check the path")
        suffix = path.suffix.lower()
        if suffix not in _READERS:
            raise InputError(
                f"{suffix or 'a file without ending'} is not read",
                where=str(path),
                do="use .csv, .tsv, .xlsx, .parquet or .jsonl",
            )
        self.path = path
        self.share: float | None = None
        self.taken = 0
        self._rows = _READERS[suffix](self)

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.taken += 1
            yield row

    def note(self, done: float, whole: float) -> None:
        """How far a reader got, in whatever it counts."""
        self.share = min(1.0, done / whole) if whole else None


def read_queries(path: Path) -> Iterator[tuple[int, Query | Rejected]]:
    """(line, query) for each row of the file; a bad row is `Rejected`, never lost.

    InputError where the file cannot be read at all or has no `name` column.
    """
    return ((line, read_query(line, row)) for line, row in Rows(path))


def read_query(line: int, row: Mapping[str, Any] | Rejected) -> Query | Rejected:
    """The query of one row, or why it is none."""
    values = read_values(line, row)
    return values if isinstance(values, Rejected) else Query(**values)


def read_values(line: int, row: Mapping[str, Any] | Rejected) -> dict[str, Any] | Rejected:
    """What one row says of a party, as `Query` takes it; or why it cannot be screened."""
    if isinstance(row, Rejected):
        return row
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key in _COLUMNS and value is not None and value != "":
            if type(value) is not str or key in _MANY:
                return _unlike_texts(line, row)
            values[key] = value.strip()
    return _checked(line, row, values)


def _unlike_texts(line: int, row: Mapping[str, Any]) -> dict[str, Any] | Rejected:
    """The values of a row that holds more than one text in a cell, or other things than texts."""
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
    return _checked(line, row, values)


def _checked(line: int, row: Mapping[str, Any], values: dict[str, Any]) -> dict[str, Any] | Rejected:
    if not values.get("name"):
        return Rejected(line, "has no name", row)
    if "country" in values:
        values["country"] = values["country"].upper()
        if len(values["country"]) != 2:
            return Rejected(line, f"country {values['country']!r} is not a two-letter code", row)
    if values.get("kind", "person") not in _KINDS:
        return Rejected(line, f"kind {values['kind']!r} is not one of {', '.join(_KINDS)}", row)
    try:
        check_readable(values["name"])
        for name in values.get("aliases", ()):
            check_readable(name)
    except InputError as error:
        return Rejected(line, str(error), row)
    return values


def _text(value: Any) -> Any:
    """A number or a day of a workbook as it would be written; anything but a text or a list as it is."""
    if value is None or isinstance(value, bool | str | list | dict):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _read_csv(rows: Rows) -> Iterator[Row]:
    csv.field_size_limit(2**20)
    where, size = str(rows.path), rows.path.stat().st_size
    try:
        with (
            rows.path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream,
        ):
            sample = stream.readline()
            stream.seek(0)
            delimiter = "\t" if "\t" in sample else ";" if sample.count(";") > sample.count(",") else ","
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            header = _header(next(reader, []), rows.path)
            for count, cells in enumerate(reader):
                line = reader.line_num
                if count % _LOOK == 0:
                    rows.note(raw.tell(), size)
                if len(cells) > len(header):
                    why = f"has {len(cells)} cells, the header {len(header)}"
                    yield line, Rejected(line, why, dict(zip(header, cells, strict=False)))
                elif any(cells):
                    yield line, dict(zip(header, cells, strict=False))
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 ({error.reason} at byte {error.start})", where=where, do="save it as UTF-8"
        ) from None
    except csv.Error as error:
        what = f"broken CSV at or before line {reader.line_num} ({error})"
        raise InputError(what, where=where, do="look for a quote that is not closed") from None


def _read_jsonl(rows: Rows) -> Iterator[Row]:
    size = rows.path.stat().st_size
    with rows.path.open("rb") as stream:
        for line, raw in enumerate(stream, start=1):
            if line % _LOOK == 1:
                rows.note(stream.tell(), size)
            if not raw.strip():
                continue
            try:
                row = json.loads(raw)
            except (ValueError, RecursionError) as error:
                yield line, Rejected(line, f"broken JSON ({error})", {"raw": raw[:200].decode("utf-8", "replace")})
                continue
            if isinstance(row, dict):
                yield line, _lower(row)
            else:
                yield line, Rejected(line, "is not a JSON object", {"raw": str(row)[:200]})


def _read_workbook(rows: Rows) -> Iterator[Row]:
    from caveat.sources import read_sheet

    try:
        lines = read_sheet(rows.path.read_bytes(), str(rows.path), most_cells=_MOST_CELLS, is_trimmed=True)
    except (ShapeError, OSError) as error:
        what = error.what if isinstance(error, ShapeError) else error.strerror
        raise InputError(f"broken workbook ({what})", where=str(rows.path)) from None
    header: list[str] = []
    for line, cells in enumerate(lines, start=1):
        if line % _LOOK == 1:
            rows.note(line, len(lines))
        if line == 1:
            header = _header([str(c) for c in cells], rows.path)
        elif any(c not in ("", None) for c in cells):
            yield line, {name: _text(cell) for name, cell in zip(header, cells, strict=False)}


def _read_parquet(rows: Rows) -> Iterator[Row]:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise MissingPartError("Parquet needs pyarrow", do="pip install 'caveat[batch]'") from None
    try:
        table = parquet.ParquetFile(rows.path)
        _header(list(table.schema_arrow.names), rows.path)
        line = 0
        for batch in table.iter_batches(4096):
            rows.note(line, table.metadata.num_rows)
            for row in batch.to_pylist():
                line += 1
                yield line, {name: _text(cell) for name, cell in _lower(row).items()}
    except (OSError, ValueError) as error:
        raise InputError(f"broken Parquet ({error})", where=str(rows.path)) from None


def _lower(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row by its columns' names as every form writes them; what is not a number is no value."""
    return {str(k).strip().lower(): None if v != v else v for k, v in row.items()}  # noqa: PLR0124 - NaN alone


_READERS: dict[str, Callable[[Rows], Iterator[Row]]] = {
    ".csv": _read_csv, ".tsv": _read_csv, ".txt": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl,
    ".xlsx": _read_workbook, ".xls": _read_workbook, ".ods": _read_workbook, ".parquet": _read_parquet,
}  # fmt: skip


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
