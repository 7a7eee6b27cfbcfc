"""Search: the candidates of one query, best first, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from caveat.names import Reading, TokenKind, check_readable, key, read_name
from caveat.screening.evidence import (
    DEFAULT_THRESHOLD,
    MOST_BESIDE,
    Judged,
    explain,
    log_odds,
    name_points,
    probability,
)
from caveat.screening.index import Index
from caveat.screening.query import Candidate, Evidence, Query
from caveat.screening.scorer import score

Accepts = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate before it is told: points in thousandths of log-odds."""

    points: int
    entry: int
    row: int
    judged: Judged | None
    beside: tuple[Evidence, ...]


def readings_of(query: Query) -> list[Reading]:
    """The readings of a query's name and aliases. InputError where one cannot be read."""
    out: list[Reading] = []
    for name in (query.name, *query.aliases):
        check_readable(name)
        out.extend(read_name(name))
    return out


def find(index: Index, query: Query, least_points: int) -> list[Found]:
    """Every entry whose evidence reaches `least_points`, best first."""
    from caveat.screening.beside import beside, has_beside

    slack = MOST_BESIDE if has_beside(query) else 0
    same = {row for name in (query.name, *query.aliases) for row in index.same_name(name)}
    keys = {key(name) for name in (query.name, *query.aliases)}
    best: dict[int, Judged] = {}
    row_of: dict[int, int] = {}
    row_entry = index.arrays["row_entry"]
    for reading in readings_of(query):
        rows = [int(r) for r in index.rows_near(reading.tokens, least_points - slack)]
        for row in dict.fromkeys([*sorted(same), *rows]):
            entry_tokens = index.row_tokens(row)
            aligned = score(reading.tokens, entry_tokens)
            is_same = row in same and key(index.name(row)) in keys
            points = name_points(aligned, is_same)
            number = int(row_entry[row])
            if number not in best or (points, -row) > (best[number].points, -row_of[number]):
                best[number] = Judged(points, aligned, reading, entry_tokens, is_same)
                row_of[number] = row
    out = []
    for number, judged in best.items():
        more = beside(query, index, number, row_of[number], _has_form(judged.query))
        points = judged.points + sum(round(piece.points * 1000) for piece in more)
        if points >= least_points:
            out.append(Found(points, number, row_of[number], judged, more))
    return sorted(out, key=lambda f: (-f.points, f.row))


def _has_form(reading: Reading) -> bool:
    return any(t.kind is TokenKind.FORM and len(t.text) > 2 for t in reading.tokens[1:])


def search(
    index: Index,
    query: Query,
    *,
    limit: int | None = 10,
    threshold: float = DEFAULT_THRESHOLD,
    lists: Collection[str] | None = None,
    kind: str | None = None,
    accepts: Accepts | None = None,
) -> list[Candidate]:
    """The entries that may be the party asked for, best first, at most `limit` of those that `accepts` lets pass."""
    out: list[Candidate] = []
    for found in find(index, query, log_odds(threshold)):
        if limit is not None and len(out) >= limit:
            break
        entry_id, card = index.card(found.entry)
        if lists is not None and not set(card["lists"]) & set(lists):
            continue
        if kind is not None and not set(card["kinds"]) & {kind, "unknown"}:
            continue
        if accepts is not None and not accepts(entry_id):
            continue
        out.append(tell(index, found, entry_id))
    return out


def tell(index: Index, found: Found, entry_id: str) -> Candidate:
    """A found entry in words."""
    evidence = (explain(found.judged) if found.judged else ()) + found.beside
    return Candidate(entry_id, index.name(found.row), probability(found.points), evidence)
