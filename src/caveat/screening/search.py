"""Search: the candidates of one query, best first, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from caveat.errors import InputError
from caveat.names import (
    Reading,
    Token,
    TokenKind,
    check_readable,
    is_latin,
    key,
    read_name,
    read_parts,
    split,
    split_plain,
)
from caveat.screening.beside import alone, beside, most_beside
from caveat.screening.compiled import MOST_WORDS, NOTHING, UNREAD
from caveat.screening.evidence import (
    DEFAULT_THRESHOLD,
    Judged,
    explain,
    log_odds,
    name_points,
    probability,
)
from caveat.screening.identifiers import normal_identifier
from caveat.screening.index import Index
from caveat.screening.query import Candidate, Dropped, Evidence, Query
from caveat.screening.scorer import score

#: How far below the line (thousandths of log-odds) a candidate is still told by `near`.
NEAR = 3500

Accepts = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate before it is told: points in thousandths of log-odds, and the reading that gave them."""

    points: int
    entry: int
    row: int
    reading: Reading | None
    is_same_name: bool
    beside: tuple[Evidence, ...]


def readings_of(query: Query) -> list[Reading]:
    """The readings of a query's name and aliases. InputError where one cannot be read."""
    out: list[Reading] = []
    for name in (query.name, *query.aliases):
        check_readable(name)
        out.extend(read_name(name))
    if not out:
        raise InputError("holds no word that can be read", where=repr(query.name), do="give the name in letters")
    return out


def find(index: Index, query: Query, least_points: int) -> list[Found]:
    """Every entry whose evidence reaches `least_points`, best first."""
    slack = most_beside(query)
    names = (query.name, *query.aliases)
    keys = {key(name) for name in names}
    same = {row for name in names for row in index.same_name(name)}
    best: dict[int, tuple[int, int, Reading, bool]] = {}
    row_entry = index.arrays["row_entry"]

    def offer(row: int, points: int, reading: Reading, is_same: bool) -> None:
        number = int(row_entry[row])
        if number not in best or (points, -row) > (best[number][0], -best[number][1]):
            best[number] = (points, row, reading, is_same)

    for reading in readings_of(query):
        for row, points in index.scored(reading.tokens, least_points - slack, reading.choices):
            if reading.how != "spelled" or is_latin(index.name(row)):
                offer(row, points, reading, False)
        for row in sorted(same):
            is_same = key(index.name(row)) in keys
            offer(row, name_points(index.measured(reading.tokens, row), is_same, reading.choices), reading, is_same)
        for row in index.shortened(reading.tokens) if reading.may_shorten else ():
            if row not in same:
                aligned = score(reading.tokens, index.row_tokens(row))
                offer(row, name_points(aligned, False, reading.choices), reading, False)
    out = []
    for number, (own, row, reading, is_same) in best.items():
        more = beside(query, index, number, row, _has_form(reading))
        points = own + sum(round(piece.points * 1000) for piece in more)
        if points >= least_points:
            out.append(Found(points, number, row, reading, is_same, more))
    known = {found.entry for found in out}
    out += [found for found in _beside_alone(index, query) if found.entry not in known and found.points >= least_points]
    return sorted(out, key=lambda f: (-f.points, f.row))


def _beside_alone(index: Index, query: Query) -> list[Found]:
    """Entries found by a number or an address, whatever their name."""
    entries = {entry for asked in query.identifiers for entry in index.numbered(normal_identifier(asked)[1])}
    address = query.address or (query.name if query.kind == "address" else None)
    if address:
        entries |= set(index.placed(address))
    out = []
    for entry in sorted(entries):
        row = index.first_row(entry)
        pieces = alone(query, address, index, entry)
        if row is not None and pieces:
            out.append(Found(sum(round(piece.points * 1000) for piece in pieces), entry, row, None, False, pieces))
    return out


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
    found = find(index, query, log_odds(threshold))
    return tell_found(index, found, limit=limit, lists=lists, kind=kind, accepts=accepts)


def tell_found(
    index: Index,
    all_found: Iterable[Found],
    *,
    limit: int | None = 10,
    lists: Collection[str] | None = None,
    kind: str | None = None,
    accepts: Accepts | None = None,
) -> list[Candidate]:
    """The first `limit` of what `find` gave that pass the filters, in words."""
    out: list[Candidate] = []
    for found in all_found:
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


def may_hit(index: Index, queries: Sequence[Query], threshold: float = DEFAULT_THRESHOLD) -> list[bool]:
    """For each query whether `search` may find anything; False is certain, and costs far less than a search."""
    line = log_odds(threshold)
    out = [True] * len(queries)
    asked = [
        i for i, q in enumerate(queries) if not (q.aliases or q.address or q.identifiers or q.kind == "address")
    ]  # a name is all they can be found by
    least = [line - most_beside(queries[i]) for i in asked]
    for i, may in zip(asked, may_reach(index, [queries[i].name for i in asked], least), strict=True):
        out[i] = may
    return out


def may_reach(index: Index, names: Sequence[str], least: Sequence[int]) -> list[bool]:
    """For each name whether a listed one may reach its points by the names alone; False is certain."""
    out = [True] * len(names)
    asked: list[int] = []
    readings: list[tuple[Token, ...]] = []
    closer: Iterable[int] = range(len(names))
    if index.kernel is not None:  # it passes over most
        seen = index.kernel.glance(split_plain(names), least)
        out = [what != NOTHING for what in seen]
        closer = [i for i, what in enumerate(seen) if what == UNREAD]
    for i in closer:
        read = _unlike(index, names[i])
        if read is not None:
            out[i] = False
            readings += read
            asked += [i] * len(read)
    for i, met in zip(asked, (index.kernel or index.plain).meets(readings, [least[i] for i in asked]), strict=True):
        if met:
            out[i] = True
    return out


def _unlike(index: Index, name: str) -> list[tuple[Token, ...]] | None:
    """The readings of a name, where it may only be found by its single words; None where more is to be looked at."""
    parts = split(name)
    if index.is_named(parts):
        return None
    read = read_parts(parts, name)
    if not read or any(len(r.tokens) > MOST_WORDS or (r.may_shorten and index.shortened(r.tokens)) for r in read):
        return None
    return [reading.tokens for reading in read]


def judged_of(index: Index, found: Found) -> Judged | None:
    """The alignment behind a found entry; None where its name was not found."""
    if found.reading is None:
        return None
    entry = index.row_tokens(found.row)
    aligned = index.aligned(found.reading.tokens, found.row, may_shorten=found.reading.may_shorten)
    points = name_points(aligned, found.is_same_name, found.reading.choices)
    return Judged(points, aligned, found.reading, entry, found.is_same_name)


def tell(index: Index, found: Found, entry_id: str) -> Candidate:
    """A found entry in words."""
    judged = judged_of(index, found)
    evidence = (explain(judged) if judged else ()) + found.beside
    return Candidate(entry_id, index.name(found.row), probability(found.points), evidence)


def near(
    index: Index,
    query: Query,
    *,
    limit: int = 10,
    threshold: float = DEFAULT_THRESHOLD,
    accepts: Accepts | None = None,
) -> list[Dropped]:
    """What came near and was not reported, best first, each with the evidence that weighed most against it."""
    line = log_odds(threshold)
    out: list[Dropped] = []
    for found in find(index, query, line - NEAR):
        if found.points >= line:
            continue
        if len(out) >= limit:
            break
        entry_id, _ = index.card(found.entry)
        if accepts is None or accepts(entry_id):
            candidate = tell(index, found, entry_id)
            against = [piece for piece in candidate.evidence if piece.points < 0 and piece.feature != "base"]
            worst = min(against, key=lambda piece: piece.points, default=None)
            words = " ".join(t for t in (worst.query, worst.entry) if t) if worst else ""
            reason = f"{worst.why}: {words}".rstrip(": ") if worst else "too little of the name agrees"
            out.append(Dropped(candidate, reason))
    return out
