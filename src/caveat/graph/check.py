"""What cannot be true in a file of edges: self-ownership, contradictory dates, dangling ids, shares over 100."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from caveat.graph.edge import Edge, Notes
from caveat.model import Moment

#: Published shares are rounded: three thirds of 33.4 are no contradiction.
ROUNDING = 0.5


def check_edges(edges: Iterable[Edge], notes: Notes, described: Collection[str] | None = None) -> Iterator[Edge]:
    """The edges that can be used; whatever is wrong is noted with its place. Nothing is dropped silently.

    described  ids the file describes as parties; an edge to another id is kept, and noted
    """
    dangling: set[str] = set()
    for edge in edges:
        if edge.start == edge.end:
            notes.say(edge.place, f"{edge.start} {_verb(edge)} itself", "the edge is left out")
            continue
        if described is not None:
            for end in (edge.start, edge.end):
                if end not in described and end not in dangling:
                    dangling.add(end)
                    notes.say(edge.place, f"{end!r} is described nowhere in the file", "a party without a name stands")
        if edge.since and edge.until and edge.until <= edge.since:
            why = f"it ends on {edge.until} but begins on {edge.since}"
            notes.say(edge.place, why, "the tie is read as one that may hold")
            yield replace(edge, since=None, until=None, doubtful=why)
        else:
            yield edge


def note_sums(edges: Iterable[Edge], notes: Notes) -> None:
    """Note each party whose direct owners hold more than 100 percent at one time, and shares stated twice."""
    held: defaultdict[str, list[Edge]] = defaultdict(list)
    total: defaultdict[str, float] = defaultdict(float)
    for edge in edges:
        if edge.type == "owns" and edge.kind == "direct":
            held[edge.end].append(edge)
            total[edge.end] += edge.low or 0.0
    for owned, told in held.items():
        if len(told) < 2:
            continue
        found = list(latest_statements(told))
        _note_twice(owned, found, notes)
        if total[owned] > 100 + ROUNDING and (over := _most_at_once(found)):
            day, shares = over
            said = ", ".join(f"{start} {share:g} ({place})" for start, (share, place) in shares.items())
            when = f" on {day}" if day else ""
            notes.say(
                next(iter(shares.values()))[1],
                f"the owners of {owned} hold {sum(s for s, _ in shares.values()):g} %{when}: {said}",
                "each share is read as a range that leaves room for the others",
            )


def latest_statements(edges: Iterable[Edge], known: Moment | None = None, day: dt.date | None = None) -> Iterator[Edge]:
    """The edges of the statement of each record that counts, among those known by `known`; closed ones left out.

    A later statement of a record corrects an earlier one for all time. Where records are kept by updating them
    (BODS), it tells how things stand from then on, and the earlier one goes on telling how they stood: with a `day`,
    the last statement made by then counts, or else the first one made after.
    """
    told: dict[str, set[tuple[str, int]]] = {}
    ended: dict[str, dt.date] = {}
    sound = []
    for edge in edges:
        if known is not None and edge.said is not None and edge.said > known:
            continue
        sound.append(edge)
        if edge.record is not None:
            told.setdefault(edge.record, set()).add(_age(edge))
            if edge.closed and edge.until is not None:
                ended[edge.record] = max(edge.until, ended.get(edge.record, edge.until))
    counts: dict[str, tuple[str, int]] = {}
    for edge in sound:
        if edge.record is not None and edge.record not in counts:
            ages = told[edge.record]
            counts[edge.record] = _standing(ages, day) if day is not None and "bods" in edge.more else max(ages)
    for edge in sound:
        if edge.record is None:
            if not edge.closed:
                yield edge
        elif not edge.closed and _age(edge) == counts[edge.record]:
            end = ended.get(edge.record)
            if day is None or end is None or day < end:
                yield edge


def _standing(ages: set[tuple[str, int]], day: dt.date) -> tuple[str, int]:
    by_then = [age for age in ages if age[0][:10] <= day.isoformat()]
    return max(by_then) if by_then else min(ages)


def _age(edge: Edge) -> tuple[str, int]:
    return (edge.said.key if edge.said else "", edge.more.get("order", 0))


def _note_twice(owned: str, edges: list[Edge], notes: Notes) -> None:
    first: dict[str, Edge] = {}
    for edge in edges:
        old = first.setdefault(edge.start, edge)
        same_statement = old is edge or (old.record is not None and old.record == edge.record)
        if not same_statement and _overlap(old, edge):
            what = f"the share of {edge.start} in {owned} is stated twice for the same time (also {old.place})"
            done = "they count once" if _agree(old, edge) else "the share is read as a range over both"
            notes.say(edge.place, what, done)


def _agree(one: Edge, other: Edge) -> bool:
    """Whether both statements can be true at once; an unknown share agrees with any."""
    return max(one.low or 0.0, other.low or 0.0) <= min(
        100.0 if one.high is None else one.high, 100.0 if other.high is None else other.high
    )


def _overlap(one: Edge, other: Edge) -> bool:
    return (one.until is None or other.since is None or other.since < one.until) and (
        other.until is None or one.since is None or one.since < other.until
    )


def _most_at_once(edges: list[Edge]) -> tuple[dt.date | None, dict[str, tuple[float, str]]] | None:
    """The first day on which owners hold over 100 at once: owner -> share and place."""
    for day in [None, *sorted({e.since for e in edges if e.since})]:
        by_record: dict[tuple[str, object], tuple[float, str]] = {}
        for n, edge in enumerate(edges):
            begun = edge.since is None or (day is not None and edge.since <= day)
            ended = edge.until is not None and day is not None and edge.until <= day
            if begun and not ended and edge.doubtful is None:
                key = (edge.start, edge.record or n)
                by_record[key] = (by_record.get(key, (0.0, ""))[0] + (edge.low or 0.0), edge.place)
        there: dict[str, tuple[float, str]] = {}
        for (start, _), told in by_record.items():
            there[start] = max(there.get(start, (0.0, "")), told)
        if sum(share for share, _ in there.values()) > 100 + ROUNDING:
            return day, there
    return None


def _verb(edge: Edge) -> str:
    return {"owns": "owns", "supplies": "supplies", "contains": "is an input of"}.get(edge.type, f"{edge.type} →")
