"""What is done with each row of a file, wherever it is done: in this process, in another, or on a cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from caveat.batch.files import Rejected, Row, read_query
from caveat.batch.standing import Cards, Standing
from caveat.batch.telling import tell_hit, tell_query, tell_rejected
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
    tell_found,
)

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
        items = [read_query(line, row) for line, row in rows]
        for item, answer in zip(items, self.answers(items), strict=True):
            with_hits += answer["status"] == "hits"
            answers.append(as_line(answer))
            if isinstance(item, Rejected):
                rejects.append(as_line({"line": item.line, "why": item.why, "row": dict(item.row)}))
        return Block(len(items), with_hits, len(rejects), b"".join(answers), b"".join(rejects))

    def answered(self, rows: Sequence[Row]) -> Iterable[dict[str, Any]]:
        """The answers to some rows, each without its basis."""
        return self.answers([read_query(line, row) for line, row in rows])

    def answers(self, items: Sequence[Query | Rejected]) -> Iterable[dict[str, Any]]:
        """The answers in order, each without its basis."""
        plain = [i for i, item in enumerate(items) if isinstance(item, Query)]
        may = may_hit(self.index, [items[i] for i in plain], self.work.threshold)  # type: ignore[misc]
        empty = {i for i, is_open in zip(plain, may, strict=True) if not is_open}
        for i, item in enumerate(items):
            if isinstance(item, Rejected):
                asked, why = tell_rejected(item)
                yield _failed(asked, why)
            elif i in empty:
                yield {"schema_version": SCHEMA_VERSION, "query": tell_query(item), "hits": [], "status": "no_hit"}
            else:
                yield self._answer(item)

    def _answer(self, query: Query) -> dict[str, Any]:
        try:
            return self.answer(query)
        except InputError as error:
            return _failed(tell_query(query), str(error))

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
        return {
            "schema_version": SCHEMA_VERSION, "query": asked, "hits": hits, "status": "hits" if hits else "no_hit",
        }  # fmt: skip

    def candidates(self, query: Query) -> list[Candidate]:
        """The entries in force that the party may be, best first, by names that had been published by then."""
        work, cards = self.work, self.cards
        met = tell_found(
            self.index, self._find(query, log_odds(work.threshold)), limit=work.limit, lists=work.lists or None,
            kind=work.kind, accepts=cards.is_in_force,
        )  # fmt: skip
        return [c for c in met if cards.was_known(c.entry_id, c.matched_name)]


def _failed(asked: Mapping[str, Any], error: str) -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, "query": asked, "hits": [], "status": "error", "error": error}


def as_line(value: Mapping[str, Any]) -> bytes:
    """A record as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace") + b"\n"
