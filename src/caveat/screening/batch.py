"""Many queries at once: on all cores, in constant memory, in the order they came."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from caveat.errors import InputError
from caveat.screening.evidence import DEFAULT_THRESHOLD
from caveat.screening.index import Index, open_index
from caveat.screening.query import Candidate, Query
from caveat.screening.search import Accepts, search

#: Queries handed to a worker at a time, and how many such portions wait for each worker.
PORTION = 64
AHEAD = 4


@dataclass(frozen=True, slots=True)
class Screened:
    """One query answered: its candidates, best first, or why the query could not be read."""

    query: Query
    candidates: tuple[Candidate, ...] = ()
    error: InputError | None = None


def screen_many(
    folder: Path,
    queries: Iterable[Query],
    *,
    limit: int | None = 10,
    threshold: float = DEFAULT_THRESHOLD,
    lists: Collection[str] | None = None,
    kind: str | None = None,
    accepts: Accepts | None = None,
    workers: int | None = None,
) -> Iterator[Screened]:
    """Screen every query against the index in `folder`; one answer a query, in the order given.

    At most `workers * PORTION * AHEAD` queries are in memory. `accepts` is asked in this process, after the
    search. A query that cannot be read comes back with its error; nothing is dropped.
    """
    count = workers or os.cpu_count() or 1
    wanted = (threshold, frozenset(lists) if lists is not None else None, kind)
    portions = _portions(queries)
    if count == 1:
        index = open_index(folder)
        answers: Iterator[list[Screened]] = (_screen(index, portion, *wanted) for portion in portions)
    else:
        answers = _spread(folder, portions, wanted, count)
    for screened in itertools.chain.from_iterable(answers):
        kept = screened.candidates
        if accepts is not None:
            kept = tuple(itertools.islice((c for c in kept if accepts(c.entry_id)), limit))
        yield Screened(screened.query, kept[:limit] if limit is not None else kept, screened.error)


def _portions(queries: Iterable[Query]) -> Iterator[list[Query]]:
    rest = iter(queries)
    while portion := list(itertools.islice(rest, PORTION)):
        yield portion


def _screen(
    index: Index, queries: list[Query], threshold: float, lists: frozenset[str] | None, kind: str | None
) -> list[Screened]:
    out = []
    for query in queries:
        try:
            found = search(index, query, limit=None, threshold=threshold, lists=lists, kind=kind)
            out.append(Screened(query, tuple(found)))
        except InputError as error:
            out.append(Screened(query, error=error))
    return out


_opened: dict[str, Index] = {}


def _work(
    folder: str, queries: list[Query], wanted: tuple[float, frozenset[str] | None, str | None]
) -> list[tuple[tuple[Candidate, ...], tuple[str, str | None, str | None] | None]]:
    """In a worker: the answers without the queries, which the parent still has."""
    if folder not in _opened:
        _opened[folder] = Index(Path(folder))
    answers = _screen(_opened[folder], queries, *wanted)
    return [(a.candidates, (a.error.what, a.error.where, a.error.do) if a.error else None) for a in answers]


def _spread(
    folder: Path,
    portions: Iterator[list[Query]],
    wanted: tuple[float, frozenset[str] | None, str | None],
    count: int,
) -> Iterator[list[Screened]]:
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor

    published = str(open_index(folder).folder)  # all workers read the one index, though another be published meanwhile
    waiting: deque[
        tuple[list[Query], Future[list[tuple[tuple[Candidate, ...], tuple[str, str | None, str | None] | None]]]]
    ]
    waiting = deque()
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        for portion in portions:
            waiting.append((portion, pool.submit(_work, published, portion, wanted)))
            if len(waiting) >= count * AHEAD:
                yield _joined(*waiting.popleft())
        while waiting:
            yield _joined(*waiting.popleft())


def _joined(queries: list[Query], future: object) -> list[Screened]:
    answers = future.result()  # type: ignore[attr-defined]
    return [
        Screened(query, candidates, InputError(error[0], where=error[1], do=error[2]) if error else None)
        for query, (candidates, error) in zip(queries, answers, strict=True)
    ]
