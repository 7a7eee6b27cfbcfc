"""A Polars or pandas frame of counterparties in, the same kind of frame out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from caveat.batch.files import Row
from caveat.errors import InputError

#: The columns an answer adds: of the best hit, or of each.
ADDED = (
    "status", "hits", "rank", "score", "entry_id", "list", "listed_name", "matched_name", "effective_on", "citation",
    "evidence", "error",
)  # fmt: skip
_FROM = {"listed_name": "name"}


class Frame:
    """One frame, whichever library made it. InputError where it is none, or its columns cannot be used."""

    def __init__(self, frame: Any) -> None:
        kinds = {name: getattr(sys.modules.get(name), "DataFrame", ()) for name in ("polars", "pandas")}
        self.kind = next((name for name, kind in kinds.items() if kind and isinstance(frame, kind)), None)
        if self.kind is None:
            told = f"{type(frame).__module__.partition('.')[0]} {type(frame).__name__}"
            raise InputError(f"a {told} is no frame", do="give a Polars or a pandas DataFrame")
        self.frame = frame
        names = [str(name).strip().lower() for name in frame.columns]
        if "name" not in names:
            seen = ", ".join(names[:8]) or "nothing"
            raise InputError(f"the frame has no column 'name' (found: {seen})", do="name the column with the parties")
        if taken := [name for name in ADDED if name in set(map(str, frame.columns))]:
            raise InputError(f"the frame has a column {taken[0]!r} already", do="rename or drop it")
        self.names = names

    def __len__(self) -> int:
        return len(self.frame)

    def rows(self) -> Iterator[Row]:
        """The rows as a file's are, counted from 1."""
        for line, values in enumerate(self._values(), start=1):
            yield line, {n: None if v is None or v != v else v for n, v in zip(self.names, values, strict=True)}  # noqa: PLR0124 - NaN alone

    def _values(self) -> Iterator[tuple[Any, ...]]:
        if self.kind == "polars":
            yield from self.frame.iter_rows()
        else:
            plain = self.frame.astype(object)
            yield from plain.where(plain.notna(), None).itertuples(index=False, name=None)

    def answered(self, answers: Iterator[Mapping[str, Any]], *, every_hit: bool) -> Any:
        """The frame with ADDED beside each row; with `every_hit` a row comes once for each of its hits."""
        places: list[int] = []
        added: dict[str, list[Any]] = {name: [] for name in ADDED}
        for place, answer in enumerate(answers):
            hits = answer["hits"] or [{}]
            for hit in hits if every_hit else hits[:1]:
                places.append(place)
                row = {"status": answer["status"], "hits": len(answer["hits"]), "error": answer.get("error")}
                row |= {n: hit.get(_FROM.get(n, n)) for n in ADDED if n not in row}
                row["evidence"] = json.dumps(hit["evidence"], ensure_ascii=False) if hit else None
                for name in ADDED:
                    added[name].append(row[name])
        return self._joined(places, added)

    def _joined(self, places: list[int], added: Mapping[str, list[Any]]) -> Any:
        if self.kind == "polars":
            import polars

            kinds: dict[str, Any] = {"hits": polars.Int64, "rank": polars.Int64, "score": polars.Float64}
            columns = [polars.Series(name, some, kinds.get(name, polars.String)) for name, some in added.items()]
            return self.frame[places].with_columns(columns)
        import pandas

        out = self.frame.iloc[places].copy()
        types = {"hits": "int64", "rank": "Int64", "score": "float64"}
        for name, some in added.items():
            out[name] = pandas.array(some, dtype=types.get(name, object))
        return out
