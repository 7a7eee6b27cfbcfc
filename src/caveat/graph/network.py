"""The graph on one day: who owns, supplies and makes, from edges as they stood and were known."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from caveat.errors import InputError
from caveat.graph.check import ROUNDING, latest_statements
from caveat.graph.edge import Edge, EdgeReading, GraphParty, filled, latest
from caveat.graph.same import same_parties
from caveat.graph.solve import Holdings, Ints
from caveat.model import AsOf

_MOST_SEARCHED = 20_000


class Graph:
    """Parties and the edges in force on a day, as known then. Frozen once made; answers are pure.

    edges    those in force, in the order given
    goes_by  id -> the id a party goes by, where a number says that two tellings are of one party
    parties  by id; an id that no file describes stands with its id as name
    """

    def __init__(self, edges: Iterable[Edge], parties: Iterable[GraphParty] = (), *, as_of: AsOf | None = None) -> None:
        known = as_of.known if as_of else None
        day: dt.date | None = as_of.in_force if as_of else None
        self.as_of = as_of
        self.edges: list[Edge] = [e for e in latest_statements(edges, known, day) if e.holds(day)]
        self.parties: dict[str, GraphParty] = latest(parties, known)
        self.goes_by: dict[str, str] = same_parties(self.parties)
        for alias, party in self.goes_by.items():
            self.parties[party] = filled(self.parties[party], self.parties.pop(alias))
        if self.goes_by:
            self.edges = [e for e in map(self._renamed, self.edges) if e.start != e.end]
        for edge in self.edges:
            for end in (edge.start, edge.end):
                if end not in self.parties:
                    self.parties[end] = GraphParty(end, end, file=edge.file, place=edge.place)
        self.ids: list[str] = list(self.parties)
        self.index: dict[str, int] = {party: n for n, party in enumerate(self.ids)}
        self.notes: dict[str, str] = {}
        self.solved: dict[object, object] = {}

    def _renamed(self, edge: Edge) -> Edge:
        start, end = self.goes_by.get(edge.start, edge.start), self.goes_by.get(edge.end, edge.end)
        return edge if (start, end) == (edge.start, edge.end) else replace(edge, start=start, end=end)

    @classmethod
    def of(cls, readings: Sequence[EdgeReading], as_of: AsOf | None = None) -> Graph:
        """The graph of several readings; what a later one removes (a delta) is gone."""
        edges: list[Edge] = []
        parties: list[GraphParty] = []
        called: dict[str, str] = {}
        for told in readings:
            reading = _apart(told, called)
            if reading.delta:
                gone = {*reading.removed, *(e.record for e in reading.edges)}
                edges = [e for e in edges if e.record is None or e.record not in gone]
                parties = [p for p in parties if p.id not in gone]
            edges += reading.edges
            parties += reading.parties
        return cls(edges, parties, as_of=as_of)

    # --- parties ---

    def party(self, asked: str) -> GraphParty:
        """The party of an id, a name in full or an identifier (`lei:…`); InputError where none or several are."""
        found = self.find(asked)
        if not found:
            near = self.near(asked)
            do = f"near it: {'; '.join(near)}" if near else "load its edges with caveat load-edges"
            raise InputError(f"no party of the graph is called {asked!r}", do=do)
        if len(found) > 1:
            ids = ", ".join(p.id for p in found[:5])
            raise InputError(f"{len(found)} parties of the graph are called {asked!r}: {ids}", do="give an id")
        return found[0]

    def find(self, asked: str) -> list[GraphParty]:
        """Every party of that id, else of that identifier, else of that name in full."""
        if (asked := self.goes_by.get(asked, asked)) in self.parties:
            return [self.parties[asked]]
        kind, mark, value = asked.partition(":")
        if mark and (ids := self._numbers.get((kind.casefold(), _squeeze(value)))):
            return [self.parties[i] for i in ids]
        return [self.parties[i] for i in self._names.get(_fold(asked), ())]

    def near(self, asked: str, most: int = 5) -> list[str]:
        """Names of parties that hold all the words asked for, shortest first."""
        words = [w for w in (_fold(w) for w in asked.split()) if w]
        held = (n for n in self._names if words and all(w in n for w in words))
        return [self.label(self._names[n][0]) for n in sorted(held, key=len)[:most]]

    @cached_property
    def _names(self) -> Mapping[str, list[str]]:
        names: defaultdict[str, list[str]] = defaultdict(list)
        for party in self.parties.values():
            for name in dict.fromkeys(_fold(n) for n in (party.name, *party.aliases) if n):
                names[name].append(party.id)
        return names

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, str], list[str]]:
        numbers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for party in self.parties.values():
            for identifier in party.identifiers:
                numbers[identifier.kind.casefold(), _squeeze(identifier.value)].append(party.id)
        return numbers

    def label(self, party: str) -> str:
        """What to call a party in words."""
        told = self.parties.get(party)
        if told is not None and told.unnamed:
            return f"somebody unnamed ({told.unnamed})"
        return told.label if told else party

    def notes_on(self, parties: Iterable[str]) -> list[str]:
        """What had to be mended in the data about some parties, in words."""
        self.holdings  # noqa: B018  (they are noted when the shares are read)
        return [self.notes[p] for p in dict.fromkeys(parties) if p in self.notes]

    # --- edges ---

    @cached_property
    def _by_start(self) -> Mapping[str, list[int]]:
        return self._by("start")

    @cached_property
    def _by_end(self) -> Mapping[str, list[int]]:
        return self._by("end")

    def _by(self, side: str) -> Mapping[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for n, edge in enumerate(self.edges):
            found[getattr(edge, side)].append(n)
        return found

    def out_of(self, party: str, type_: str | None = None) -> Iterator[Edge]:
        """The edges that start at a party."""
        return (e for e in map(self.edges.__getitem__, self._by_start.get(party, ())) if type_ in (None, e.type))

    def into(self, party: str, type_: str | None = None) -> Iterator[Edge]:
        """The edges that end at a party."""
        return (e for e in map(self.edges.__getitem__, self._by_end.get(party, ())) if type_ in (None, e.type))

    def owners(self, party: str) -> list[Edge]:
        """Who owns, votes in or controls the party; greatest share first."""
        return sorted(self.into(party, "owns"), key=_greatest)

    def owned(self, party: str) -> list[Edge]:
        """What the party owns, votes in or controls; greatest share first."""
        return sorted(self.out_of(party, "owns"), key=_greatest)

    # --- shares as arrays ---

    @cached_property
    def share_edges(self) -> list[list[int]]:
        """For each place in `holdings`, the edges it is read from."""
        return self._merged[1]

    @cached_property
    def holdings(self) -> Holdings:
        """The direct shares: each owner and owned party once, ranges narrowed by what else is known."""
        return self._merged[0]

    @cached_property
    def first_owner(self) -> list[int]:
        """Where the owners of each party begin in `holdings`; one more place at the end."""
        counts = np.bincount(self.holdings.owned, minlength=len(self.ids))
        return [0, *np.cumsum(counts).tolist()]

    def holdings_of(self, owner: str) -> list[int]:
        """The places in `holdings` at which a party owns others."""
        found: list[int] = self.holdings.below(np.array([self.index[owner]], np.int64)).tolist()
        return found

    @cached_property
    def _merged(self) -> tuple[Holdings, list[list[int]]]:
        at = [n for n, e in enumerate(self.edges) if e.type == "owns" and e.kind == "direct"]
        at += self._unexplained(set(at))
        index, edges, n = self.index, self.edges, len(self.ids)
        owner = np.fromiter((index[edges[a].start] for a in at), np.int64, len(at))
        owned = np.fromiter((index[edges[a].end] for a in at), np.int64, len(at))
        low = np.fromiter((_low(edges[a]) for a in at), np.float64, len(at))
        high = np.fromiter((_high(edges[a]) for a in at), np.float64, len(at))
        order = np.argsort(owned * max(n, 1) + owner, kind="stable")
        owner, owned, low, high = owner[order], owned[order], low[order], high[order]
        same = np.zeros(len(at), np.bool_)
        same[1:] = (owner[1:] == owner[:-1]) & (owned[1:] == owned[:-1])
        groups = np.flatnonzero(~same)
        sources = [[at[i]] for i in order[groups].tolist()]
        keep_low, keep_high = low[groups], high[groups]
        number = np.cumsum(~same) - 1
        for place in np.unique(number[same]).tolist():
            last = first = int(groups[place])
            while last + 1 < len(at) and same[last + 1]:
                last += 1
            members = [at[i] for i in order[first : last + 1].tolist()]
            sources[place] = members
            keep_low[place], keep_high[place] = _merge([edges[m] for m in members])
        owner, owned = owner[groups], owned[groups]
        keep_low, keep_high = self._fit(owner, owned, keep_low, keep_high, n)
        return Holdings(n, owner, owned, keep_low, keep_high), sources

    def _fit(
        self, owner: Ints, owned: Ints, low: np.ndarray, high: np.ndarray, n: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Shares that add up to over 100 percent: rounding is scaled away, a contradiction becomes ranges."""
        total = np.bincount(owned, low, minlength=n)[owned]
        rounded = (total > 1.0) & (total <= 1.0 + ROUNDING / 100)
        over = total > 1.0 + ROUNDING / 100
        exact = low == high
        low = np.where(rounded, low / np.where(total > 0, total, 1.0), low)
        high = np.where(rounded & exact, low, high)
        for party in np.unique(owned[over]).tolist():
            self.notes[self.ids[party]] = (
                f"The stated owners of {self.label(self.ids[party])} hold more than 100 percent: each of their "
                "shares is read as a range that leaves room for the others."
            )
        low = np.where(over, np.maximum(0.0, 1.0 - (total - low)), low)
        return np.minimum(low, high), high

    def _unexplained(self, direct: set[int]) -> list[int]:
        """Indirect shares that no chain of direct ones explains: they are the only word on that ownership."""
        found = []
        above: defaultdict[str, list[str]] = defaultdict(list)
        indirect = [n for n, e in enumerate(self.edges) if e.type == "owns" and e.kind == "indirect"]
        if not indirect:
            return []
        for n in direct:
            above[self.edges[n].end].append(self.edges[n].start)
        for n in indirect:
            edge = self.edges[n]
            if not _leads(above, edge.end, edge.start):
                found.append(n)
        return found


def _apart(reading: EdgeReading, called: dict[str, str]) -> EdgeReading:
    """A table's own ids kept apart from those of other files: `7` in two tables is two parties where the names differ.

    `called` holds the names of all ids so far and is added to.
    """
    if reading.layout != "caveat.edges_csv":
        called.update((p.id, p.name) for p in reading.parties if p.name)
        return reading
    turned = {
        p.id: f"{p.id} ({reading.name})"
        for p in reading.parties
        if p.name != p.id and called.get(p.id, p.id) not in (p.id, p.name)
    }
    called.update((p.id, p.name) for p in reading.parties if p.name != p.id and p.id not in turned)
    if not turned:
        return reading
    return replace(
        reading,
        parties=tuple(replace(p, id=turned.get(p.id, p.id)) for p in reading.parties),
        edges=tuple(
            replace(e, start=turned.get(e.start, e.start), end=turned.get(e.end, e.end)) for e in reading.edges
        ),
    )


def near_parties(graph: Graph, party: str, type_: str | None = None, most: int = 5000) -> list[str]:
    """The parties whose names matter to an answer on one: everybody above it by edges of a type, then below."""
    found = {party: None}
    for way in ("up", "down"):
        waiting = [party]
        for name in waiting:
            edges = graph.into(name, type_) if way == "up" else graph.out_of(name, type_)
            for edge in edges:
                other = edge.start if way == "up" else edge.end
                if other not in found and len(found) < most:
                    found[other] = None
                    waiting.append(other)
    return list(found)


def _leads(above: Mapping[str, list[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting and len(seen) < _MOST_SEARCHED:
        for owner in above.get(waiting.pop(), ()):
            if owner == goal:
                return True
            if owner not in seen:
                seen.add(owner)
                waiting.append(owner)
    return False


def _low(edge: Edge) -> float:
    if edge.low is None or edge.doubtful:
        return 0.0
    return math.nextafter(edge.low / 100, 1.0) if edge.above else edge.low / 100


def _high(edge: Edge) -> float:
    if edge.high is None:
        return 1.0
    # more than an EPSILON below, so that "less than 50" never counts as 50
    return max(_low(edge), edge.high / 100 - 1e-8) if edge.below else edge.high / 100


def _merge(edges: Sequence[Edge]) -> tuple[float, float]:
    """One owner's share told several times: parts of one statement add up, statements narrow each other."""
    statements: defaultdict[object, list[Edge]] = defaultdict(list)
    for n, edge in enumerate(edges):
        statements[(edge.record, edge.file) if edge.record else n].append(edge)
    ranges = [(min(1.0, sum(map(_low, told))), min(1.0, sum(map(_high, told)))) for told in statements.values()]
    low, high = max(r[0] for r in ranges), min(r[1] for r in ranges)
    return (low, high) if low <= high else (min(r[0] for r in ranges), max(r[1] for r in ranges))


def _greatest(edge: Edge) -> tuple[float, float, str]:
    return (-(edge.low or 0.0), -(100.0 if edge.high is None else edge.high), edge.start + edge.end)


def _fold(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _squeeze(value: str) -> str:
    return _fold(value)
