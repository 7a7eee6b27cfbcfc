"""The forms of a file of answers: JSON lines, or a table as CSV or Parquet with one row a hit."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from caveat.errors import MissingPartError

#: The columns of a table of answers; a query without hits has one row too, so that none is lost.
COLUMNS = (
    "query_id", "query_name", "query_country", "status", "rank", "score", "list", "name", "matched_name", "entry_id",
    "effective_on", "citation", "evidence", "error",
)  # fmt: skip
_GROUP = 20_000


def tail_of(out: Path, basis: Mapping[str, Any]) -> bytes:
    """What replaces the end of each line of answers; empty where a table is made of them in the end."""
    if _is_table(out):
        if out.suffix.lower() == ".parquet":
            _pyarrow()  # told before the work
        return b""
    told = json.dumps(basis, ensure_ascii=False, separators=(",", ":"), default=str)
    return b',"basis":' + told.encode("utf-8", "replace") + b"}\n"


def finish(part: Path, out: Path, basis: Mapping[str, Any]) -> None:
    """Turn the finished lines into the file asked for; the same lines give the same bytes."""
    if not _is_table(out):
        part.replace(out)
        return
    draft = out.with_name(out.name + ".new")
    (_write_csv if out.suffix.lower() == ".csv" else _write_parquet)(part, draft, basis)
    draft.replace(out)
    part.unlink()


def table_rows(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An answer as rows of COLUMNS."""
    query = answer["query"]
    left = {f"query_{n}": query.get(n) for n in ("id", "name", "country")}
    for hit in answer["hits"] or [{}]:
        row = {**left, "status": answer["status"], "error": answer.get("error")}
        row |= {n: hit.get(n) for n in COLUMNS if n not in row}
        row["evidence"] = json.dumps(hit["evidence"], ensure_ascii=False) if hit else None
        yield row


def spreadsheet_cell(value: Any) -> Any:
    """A value as a cell that no spreadsheet will run."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return "'" + value
    return "" if value is None else value


def _is_table(out: Path) -> bool:
    return out.suffix.lower() in (".csv", ".parquet")


def _rows(part: Path) -> Iterator[dict[str, Any]]:
    with part.open("rb") as stream:
        for line in stream:
            yield from table_rows(json.loads(line))


def _write_csv(part: Path, draft: Path, _: Mapping[str, Any]) -> None:
    with draft.open("w", encoding="utf-8", newline="", errors="replace") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([spreadsheet_cell(row[c]) for c in COLUMNS] for row in _rows(part))


def _write_parquet(part: Path, draft: Path, basis: Mapping[str, Any]) -> None:
    pa, parquet = _pyarrow()
    kinds = {"rank": pa.int32(), "score": pa.float64()}
    told = json.dumps(basis, ensure_ascii=False, default=str)
    schema = pa.schema([(c, kinds.get(c, pa.string())) for c in COLUMNS], {"caveat.basis": told})
    rows = _rows(part)
    with parquet.ParquetWriter(draft, schema, compression="zstd") as writer:
        while some := list(itertools.islice(rows, _GROUP)):
            writer.write_table(pa.Table.from_pylist([_plain(row) for row in some], schema))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {c: v if c in ("rank", "score") or v is None else str(v) for c, v in row.items()}


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise MissingPartError("Parquet needs pyarrow", do="pip install 'caveat[batch]'") from None
    return pyarrow, parquet
