"""What is done with each row of a file, wherever it is done: in this process, in another, or on a cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from caveat.batch.files import Rejected, Row, read_query, read_values
from caveat.batch.standing import Cards, Standing
from caveat.batch.telling import as_json, no_hit_line, tell_hit, tell_query, tell_rejected
from caveat.errors import InputError
from caveat.ledger import name_key
from caveat.model import canonical_json
from caveat.model.answer import SCHEMA_VERSION
from caveat.screening import (
    DEFAULT_THRESHOLD,
    Candidate,
    Found,
    Index,
    Query,
    find,
    log_odds,
    may_hit,
    may_reach,
    most_of,
    tell_found,
)

#: What a party may be found by, besides its name.
_BY_MORE = frozenset({"aliases", "address", "identifiers"})
#: What an index has for a query and the least points, before anybody asks whether it is in force.
Finding = Callable[[Query, int], list[Found]]


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker needs to answer: plain values and folders, so that it can be sent anywhere.

    index     folder of one published index
    standing  folder of the cards in force (`write_standing`); None where the cards are handed over
    said      people's words: canonical query record -> entry id -> word
    """

    index: str
    standing: str | None = None
    threshold: float = DEFAULT_THRESHOLD
    limit: int = 10
    lists: tuple[str, ...] = ()
    kind: str | None = None
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows answered, in order: a JSON line each, without what all answers share; and the rejected ones."""

    rows: int
    with_hits: int
    rejected: int
    answers: bytes
    rejects: bytes


class Worker:
    """Answers rows against one index and the cards of one moment."""

    def __init__(
        self, work: Work, index: Index | None = None, cards: Cards | None = None, finding: Finding | None = None
    ) -> None:
        self.work = work
        self.index = index or Index(Path(work.index))
        if cards is None:
            assert work.standing is not None
            cards = Standing(Path(work.standing))
        self.cards = cards
        self._find = finding or partial(find, self.index)
        self._worded = {name_key(str(json.loads(query)["name"])) for query in work.said}

    def block(self, rows: Sequence[Row]) -> Block:
        """Answer some rows."""
        answers, rejects, with_hits = [], [], 0
        items = [read_values(line, row) for line, row in rows]
        for item, may in zip(items, self._may_hit(items), strict=True):
            if not may:
                answers.append(no_hit_line(item))  # type: ignore[arg-type]
                continue
            answer = self._answer(item if isinstance(item, Rejected) else Query(**item))
            with_hits += answer["status"] == "hits"
            answers.append(as_json(answer) + "\n")
            if isinstance(item, Rejected):
                rejects.append(as_json({"line": item.line, "why": item.why, "row": dict(item.row)}) + "\n")
        return Block(len(items), with_hits, len(rejects), _as_bytes(answers), _as_bytes(rejects))

    def _may_hit(self, items: Sequence[Mapping[str, Any] | Rejected]) -> list[bool]:
        """For each row whether its answer may be anything but "no hit"."""
        line = log_odds(self.work.threshold)
        asked = [i for i, item in enumerate(items) if not isinstance(item, Rejected) and _is_by_name(item)]
        given: list[Mapping[str, Any]] = [items[i] for i in asked]  # type: ignore[misc]
        least = [line - most_of(tuple(values)) for values in given]
        out = [True] * len(items)
        for i, met in zip(asked, may_reach(self.index, [values["name"] for values in given], least), strict=True):
            out[i] = met
        return out

    def answered(self, rows: Sequence[Row]) -> Iterable[dict[str, Any]]:
        """The answers to some rows, each without its basis."""
        return self.answers([read_query(line, row) for line, row in rows])

    def answers(self, items: Sequence[Query | Rejected]) -> Iterable[dict[str, Any]]:
        """The answers in order, each without its basis."""
        plain = [i for i, item in enumerate(items) if isinstance(item, Query)]
        may = may_hit(self.index, [items[i] for i in plain], self.work.threshold)  # type: ignore[misc]
        empty = {i for i, is_open in zip(plain, may, strict=True) if not is_open}
        for i, item in enumerate(items):
            if i in empty:
                yield _answered(tell_query(item), [])  # type: ignore[arg-type]
            else:
                yield self._answer(item)

    def _answer(self, item: Query | Rejected) -> dict[str, Any]:
        if isinstance(item, Rejected):
            return _failed(*tell_rejected(item))
        try:
            return self.answer(item)
        except InputError as error:
            return _failed(tell_query(item), str(error))

    def answer(self, query: Query) -> dict[str, Any]:
        """The answer to one query, without its basis. InputError where its name cannot be read."""
        asked = tell_query(query)
        found = self.candidates(query)
        said: Mapping[str, Any] = {}
        if self._worded and name_key(query.name) in self._worded:
            said = self.work.said.get(canonical_json(asked), {})
        hits = [
            tell_hit(query, self.cards.listed(c.entry_id), c, rank, said.get(c.entry_id))
            for rank, c in enumerate(found, start=1)
        ]
        return _answered(asked, hits)

    def candidates(self, query: Query) -> list[Candidate]:
        """The entries in force that the party may be, best first, by names that had been published by then."""
        work, cards = self.work, self.cards
        met = tell_found(
            self.index, self._find(query, log_odds(work.threshold)), limit=work.limit, lists=work.lists or None,
            kind=work.kind, accepts=cards.is_in_force,
        )  # fmt: skip
        return [c for c in met if cards.was_known(c.entry_id, c.matched_name)]


def _is_by_name(values: Mapping[str, Any]) -> bool:
    return _BY_MORE.isdisjoint(values) and values.get("kind") != "address"


def _answered(asked: Mapping[str, Any], hits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    status = "hits" if hits else "no_hit"
    return {"schema_version": SCHEMA_VERSION, "query": asked, "hits": hits, "status": status}


def _failed(asked: Mapping[str, Any], error: str) -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, "query": asked, "hits": [], "status": "error", "error": error}


def _as_bytes(lines: Sequence[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")
