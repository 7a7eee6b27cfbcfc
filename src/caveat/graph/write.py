"""Edges written into a file of any layout; what came in a layout goes back in it as it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from caveat.errors import InputError
from caveat.graph.bods import write_bods
from caveat.graph.edge import Edge, EdgeReading, GraphParty
from caveat.graph.ftm import write_ftm
from caveat.graph.gleif import write_gleif
from caveat.graph.psc import write_psc
from caveat.graph.table import write_table

_ENDINGS: Mapping[str, str] = {".json": "bods", ".jsonl": "ftm", ".csv": "csv"}


def _bods(readings: Sequence[EdgeReading]) -> str:
    return json.dumps([s for r in readings for s in write_bods(r)], ensure_ascii=False, indent=1) + "\n"


def _lines(records: Sequence[Mapping[str, object]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _table(readings: Sequence[EdgeReading]) -> str:
    edges: list[Edge] = []
    parties: dict[str, GraphParty] = {}
    for reading in readings:
        edges += reading.edges
        parties |= {p.id: p for p in reading.parties}
    return write_table(edges, parties)


def _gleif(readings: Sequence[EdgeReading]) -> str:
    first, *rest = (write_gleif(r) for r in readings)
    return first + "".join(text.split("\n", 1)[1] for text in rest)


_WRITERS: Mapping[str, Callable[[Sequence[EdgeReading]], str]] = {
    "bods": _bods,
    "ftm": lambda readings: _lines([line for r in readings for line in write_ftm(r)]),
    "gleif": _gleif,
    "psc": lambda readings: _lines([line for r in readings for line in write_psc(r)]),
    "csv": _table,
}


#: Types of ties that a layout has words for; those absent here hold every type.
_HOLDS: Mapping[str, frozenset[str]] = {
    "bods": frozenset({"owns", "directs"}), "gleif": frozenset({"owns"}), "psc": frozenset({"owns"}),
}  # fmt: skip


def write_edges(
    readings: Sequence[EdgeReading], layout: str | None = None, name: str = "edges.csv"
) -> tuple[str, str, int]:
    """The text of the file, its layout, and how many edges that layout has no words for.

    Layouts: `bods` (0.4), `ftm`, `gleif` (the CSV of relationships), `psc` (the register's lines) and `csv`.

    Without a layout the ending of `name` decides. InputError for a layout nobody knows. Each layout holds what it can:
    GLEIF and the company register know ownership only, and no share outside their forms.
    """
    told = layout or next((word for ending, word in _ENDINGS.items() if name.casefold().endswith(ending)), "")
    if told not in _WRITERS:
        what = f"{told!r} is no layout" if told else f"{name} does not say which layout is meant"
        raise InputError(what, do=f"give one of {', '.join(_WRITERS)}")
    held = _HOLDS.get(told)
    left_out = sum(held is not None and e.type not in held for r in readings for e in r.edges)
    return _WRITERS[told](readings), told, left_out
