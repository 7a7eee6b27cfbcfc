"""Answers: what a command or a method gives back. `to_dict()` is the command's JSON."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Answer:
    """One answer as plain JSON values; shown as a small table in a notebook."""

    data: Mapping[str, Any] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The command's JSON, with its `schema_version`."""
        return {"schema_version": SCHEMA_VERSION, **self.data}

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def _repr_html_(self) -> str:
        return _table(self.data)


@dataclass(frozen=True)
class Hit:
    """A candidate with its evidence; a match only once a person confirms it.

    `expires_on` is the day an order runs out by its own words, though the list still prints it.
    `evidence` holds one mapping a piece: feature, query, entry, points, why. `word` is what a
    person said of this hit, or None. `ofac_score` is what OFAC's published description of its own tool
    would give (0 to 100, None without Latin letters): a reference, no part of `score`.
    """

    entry_id: str
    list: str
    name: str
    matched_name: str
    score: float
    rank: int
    evidence: tuple[Mapping[str, Any], ...]
    status: str
    kind: str
    countries: tuple[str, ...]
    effective_on: str | None
    expires_on: str | None
    citation: str | None
    source: Mapping[str, str]
    starter: bool
    word: Mapping[str, Any] | None = None
    ofac_score: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {**plain, "evidence": [dict(e) for e in self.evidence], "countries": list(self.countries)}


@dataclass(frozen=True)
class ScreenAnswer(Answer):
    """One query's hits (`status`: hits, no_hit or error) and what the answer rests on."""

    hits: tuple[Hit, ...] = ()

    @property
    def status(self) -> str:
        """`hits`, `no_hit` or `error`."""
        return str(self.data["status"])


def _table(value: Any) -> str:
    if isinstance(value, Mapping):
        rows = "".join(f"<tr><th>{html.escape(str(k))}</th><td>{_table(v)}</td></tr>" for k, v in value.items())
        return f"<table>{rows}</table>"
    if isinstance(value, list | tuple):
        if value and all(isinstance(v, Mapping) for v in value):
            keys = list(dict.fromkeys(k for v in value for k in v))
            head = "".join(f"<th>{html.escape(str(k))}</th>" for k in keys)
            body = "".join("<tr>" + "".join(f"<td>{_table(v.get(k))}</td>" for k in keys) + "</tr>" for v in value)
            return f"<table><tr>{head}</tr>{body}</table>"
        return "<br>".join(_table(v) for v in value)
    return "" if value is None else html.escape(str(value))
