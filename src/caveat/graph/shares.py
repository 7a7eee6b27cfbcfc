"""Aggregate shares of restricted owners, as of the graph's day, in three ways; with paths and what decides.

The OFAC way (`ofac`). Property of an entity is blocked where blocked persons own 50 percent or more of it, directly
or indirectly, individually or in the aggregate (31 CFR 583.411); "indirectly" means through entities that are
themselves so owned (OFAC FAQ 401): an owner counts whole or not at all, nothing is multiplied, and only blocked
persons are added together.

The BIS way (`bis`). The Affiliates Rule (90 FR 47201, 15 CFR part 744, Supplement No. 8) adds owners in the same
tiers, but adds the parties of the Entity List, the Military End-User List and the designations of 15 CFR 744.8(a)(1)
together; it reaches foreign entities only, takes the terms of the most restrictive owner even where that owner holds
less than half, and asks for an unknown share to be resolved (Red Flag 29). When it is in force is the law's word,
not the graph's.

The economic way (`economic`). What restricted owners would receive of one hundred: shares multiplied along every
chain and added over all chains, circles included. It is no legal test; it is told beside the tiers because the two
part where a chain passes a minority holding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from caveat.errors import InputError
from caveat.graph.network import Graph
from caveat.graph.paths import Path, find_circle, find_paths
from caveat.graph.solve import EPSILON, Bools, Floats, Holdings, Ints, held_in, integrated, tiers
from caveat.graph.words import stop

THRESHOLD = 50.0
CITATIONS: Mapping[str, str] = {
    "ofac": "31 CFR 583.411; OFAC FAQ 401",
    "bis": "90 FR 47201; 15 CFR part 744, Supplement No. 8",
    "economic": "no legal test",
}
_MANY = 3000  # a party with more parties above it is answered from the whole graph's solution
_KEPT = 8
_TOLD = 5
_TRIED = 40  # unknown shares tried, one by one, for whether they decide


@dataclass(frozen=True, slots=True)
class Deciding:
    """What settles the answer: an unknown share (at `from_share` percent or more of `owned`, it is reached), or a
    name (`owned` and `from_share` are None: whether `owner` is the listed party whose name it bears)."""

    owner: str
    owned: str | None
    from_share: float | None
    alone: bool
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "what": "share" if self.owned is not None else "name", "owner": self.owner, "owned": self.owned,
            "from_share": self.from_share, "alone": self.alone, "words": self.words,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one party held by restricted owners, in percent: at least `low`, at most `high`.

    way        ofac, bis or economic
    reached    True or False where the threshold surely is or is not reached, None where unknown shares decide
    arithmetic the sums in words, one line each
    deciding   the unknown shares that decide; the first decides alone where `alone`
    """

    party: str
    way: str
    low: float
    high: float
    threshold: float
    listed: bool
    paths: tuple[Path, ...] = ()
    arithmetic: tuple[str, ...] = ()
    deciding: tuple[Deciding, ...] = ()
    words: str = ""

    @property
    def exact(self) -> bool:
        """Whether nothing is unknown."""
        return self.high - self.low < 1e-9

    @property
    def reached(self) -> bool | None:
        """Whether the threshold is reached."""
        if self.low >= self.threshold - 100 * EPSILON:
            return True
        return None if self.high >= self.threshold - 100 * EPSILON else False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; shares are rounded to 1e-9 percent."""
        return {
            "way": self.way, "low": round(self.low, 9), "high": round(self.high, 9), "exact": self.exact,
            "threshold": self.threshold, "reached": self.reached, "listed": self.listed,
            "cite": CITATIONS[self.way], "words": self.words, "paths": [p.to_dict() for p in self.paths],
            "arithmetic": list(self.arithmetic), "deciding": [d.to_dict() for d in self.deciding],
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Aggregate:
    """The shares of every party, by place in `graph.ids`; `of` tells one party's in words.

    may_be  parties that may be restricted (an open name): they count in the greatest shares only
    """

    graph: Graph
    restricted: frozenset[str]
    may_be: frozenset[str]
    threshold: float
    tier_low: Floats
    tier_high: Floats
    surely: Bools
    possibly: Bools

    @cached_property
    def mask(self) -> Bools:
        """Which parties are restricted, by place."""
        return _mask(self.graph, self.restricted)

    @cached_property
    def wide(self) -> Bools:
        """Which parties are or may be restricted, by place."""
        return _mask(self.graph, self.restricted | self.may_be) if self.may_be else self.mask

    @cached_property
    def economic(self) -> tuple[Floats, Floats]:
        """Least and greatest economic share of each party (fractions)."""
        return integrated(self.graph.holdings, self.mask, self.wide)

    def caught(self) -> list[str]:
        """The parties, not restricted themselves, that restricted owners surely hold at the threshold or over."""
        return [self.graph.ids[n] for n in np.flatnonzero(self.surely) if self.graph.ids[n] not in self.restricted]

    def open(self) -> list[str]:
        """The parties that unknown shares decide."""
        found = [self.graph.ids[n] for n in np.flatnonzero(self.possibly & ~self.surely)]
        return [p for p in found if p not in self.may_be]

    def of(self, party: str, way: str = "ofac") -> Share:
        """One party's share in one way."""
        at = self.graph.index[party]
        low, high = (self.tier_low, self.tier_high) if way != "economic" else self.economic
        return _tell(self, party, way, float(low[at]), float(high[at]))


def aggregate(
    graph: Graph, restricted: Collection[str], *, may_be: Collection[str] = (), threshold: float = THRESHOLD
) -> Aggregate:
    """The shares of all parties that `restricted` (party ids) hold, in tiers; the economic way when asked for.

    The last answers are kept with the graph. InputError for a threshold outside (0, 100]. Restricted ids the graph
    does not know hold nothing in it.
    """
    if not 0 < threshold <= 100:
        raise InputError(f"{threshold:g} is no threshold", do="give a share in percent, over 0 and up to 100")
    sure, perhaps = frozenset(restricted), frozenset(may_be) - frozenset(restricted)
    key = (sure, perhaps, threshold)
    known = graph.solved.get(key)
    if isinstance(known, Aggregate):
        return known
    wide = _mask(graph, sure | perhaps) if perhaps else None
    found = Aggregate(
        graph, sure, perhaps, threshold, *tiers(graph.holdings, _mask(graph, sure), threshold / 100, wide)
    )
    while len(graph.solved) >= _KEPT:
        graph.solved.pop(next(iter(graph.solved)))
    graph.solved[key] = found
    return found


def share_of(
    graph: Graph, party: str, restricted: Collection[str], way: str = "ofac", *, may_be: Collection[str] = (),
    threshold: float = THRESHOLD,
) -> Share:  # fmt: skip
    """One party's share; the economic way from what stands above the party, where that is little."""
    if way not in CITATIONS:
        raise InputError(f"{way!r} is no way of adding shares", do=f"give one of {', '.join(CITATIONS)}")
    if party not in graph.index:
        raise InputError(f"no party of the graph has the id {party!r}", do="load its edges")
    whole = aggregate(graph, restricted, may_be=may_be, threshold=threshold)
    if way == "economic" and (above := _above(graph, party, whole.mask, most=_MANY)) is not None:
        part, old = above
        at = int(np.searchsorted(old, graph.index[party]))
        low, high = integrated(part, whole.mask[old], whole.wide[old])
        return _tell(whole, party, way, float(low[at]), float(high[at]))
    return whole.of(party, way)


def ultimate_owners(graph: Graph, party: str, most: int = 20) -> list[tuple[str, float, float]]:
    """Who stands at the top of every chain above a party: (id, least, greatest economic share in percent).

    Nobody who is owned in turn is a top; a circle has none. Greatest first, `most` at most. With very many parties
    above, the greatest share is what the others' least shares leave.
    """
    part, old = _whole(_above(graph, party, np.zeros(len(graph.ids), np.bool_)))
    at = int(np.searchsorted(old, graph.index[party]))
    tops = np.flatnonzero(np.bincount(part.owned, minlength=part.n) == 0)
    tops = tops[tops != at]
    low = held_in(part, at)
    left = max(0.0, 1.0 - float(low[tops].sum()))
    exact = not (part.high > part.low).any()
    chosen = sorted(tops.tolist(), key=lambda t: (-low[t], graph.ids[int(old[t])]))
    if exact or part.n > _MANY:
        chosen = [t for t in chosen if low[t] > 0 or not exact]
    found = []
    for top in chosen[: most if exact or part.n > _MANY else 4 * most]:
        high = float(low[top]) if exact else min(1.0, float(low[top]) + left)
        if not exact and part.n <= _MANY:
            mask = np.zeros(part.n, np.bool_)
            mask[top] = True
            high = float(integrated(part, mask)[1][at])
        if high > 0:
            found.append((graph.ids[int(old[top])], 100 * float(low[top]), 100 * high))
    return sorted(found, key=lambda f: (-f[1], -f[2], f[0]))[:most]


def _mask(graph: Graph, parties: Collection[str]) -> Bools:
    mask = np.zeros(len(graph.ids), np.bool_)
    mask[[graph.index[p] for p in parties if p in graph.index]] = True
    return mask


def _above(
    graph: Graph, party: str, stop: Bools, *, within: Bools | None = None, most: int | None = None
) -> tuple[Holdings, Ints] | None:
    """The holdings among a party and those above it, and their places in the graph (sorted).

    Nothing above a party of `stop` is followed, and only owners `within`; None where they are more than `most`.
    """
    held, first = graph.holdings, graph.first_owner
    owner = held.owner
    start = graph.index[party]
    seen, waiting = {start}, [start]
    places: list[int] = []
    while waiting:
        at = waiting.pop()
        if stop[at] and at != start:
            continue
        for place in range(first[at], first[at + 1]):
            above = int(owner[place])
            if within is not None and not within[above]:
                continue
            places.append(place)
            if above not in seen:
                seen.add(above)
                waiting.append(above)
        if most is not None and len(seen) > most:
            return None
    old = np.array(sorted(seen), np.int64)
    edges = np.array(sorted(places), np.int64)
    new_owner, new_owned = np.searchsorted(old, owner[edges]), np.searchsorted(old, held.owned[edges])
    return Holdings(len(old), new_owner, new_owned, held.low[edges], held.high[edges], held.room[old]), old


def _whole(found: tuple[Holdings, Ints] | None) -> tuple[Holdings, Ints]:
    if found is None:
        raise AssertionError("asked without a limit")
    return found


def _tell(whole: Aggregate, party: str, way: str, low: float, high: float) -> Share:
    graph, restricted, threshold = whole.graph, whole.restricted, whole.threshold
    bare = Share(party, way, 100 * low, 100 * high, threshold, party in restricted)
    if high <= 0:
        words = f"Nobody restricted holds a share of {graph.label(party)} in the data."
        if circle := find_circle(graph, party):
            words += stop(f" It is owned in a circle: {' owns '.join(graph.label(p) for p in circle)}")
        return replace(bare, words=words)
    part, old = _whole(_above(graph, party, whole.mask, within=whole.possibly | whole.wide))
    names = [graph.ids[int(n)] for n in old]
    sure = {name for name, n in zip(names, old.tolist(), strict=True) if whole.surely[n]}
    may = {name for name, n in zip(names, old.tolist(), strict=True) if whole.possibly[n]}
    tops = restricted | whole.may_be
    paths = find_paths(graph, party, tops, counting=may if way != "economic" else None)
    deciding: tuple[Deciding, ...] = ()
    if bare.reached is None and way != "economic":
        case = _Case(part, whole.mask[old], whole.wide[old], threshold / 100)
        deciding = (*_names(graph, party, case, old, whole.may_be), *_deciding(graph, party, case, old))
        deciding = tuple(sorted(deciding, key=lambda d: not d.alone))[:_TOLD]
    return replace(
        bare, paths=tuple(paths), deciding=deciding, words=_words(graph, bare, deciding),
        arithmetic=_arithmetic(graph, party, way, sure, may, paths, bare),
    )  # fmt: skip


def _words(graph: Graph, share: Share, deciding: tuple[Deciding, ...]) -> str:
    held = f"{share.low:.4g} %" if share.exact else f"between {share.low:.4g} % and {share.high:.4g} %"
    name = graph.label(share.party)
    if share.way == "economic":
        return f"Restricted owners have {held} of {name} economically, chains multiplied."
    verdict = {
        True: f"that reaches {share.threshold:g} %",
        False: f"that is under {share.threshold:g} %",
        None: f"whether it reaches {share.threshold:g} % is open",
    }[share.reached]
    words = f"Restricted owners, and firms they own by {share.threshold:g} % or more, hold {held} of {name}: {verdict}."
    return " ".join([words, *(d.words for d in deciding[:1])])


def _arithmetic(
    graph: Graph, party: str, way: str, sure: set[str], may: set[str], paths: list[Path], share: Share
) -> tuple[str, ...]:
    if way == "economic":
        lines = [p.sum_words for p in paths]
        return (*lines, f"over all chains and circles: {_range(share.low, share.high)}")
    lines = []
    chain = {party} | {s for p in paths for s in p.parties}
    held, first = graph.holdings, graph.first_owner
    for owned in sorted(chain & may | {party}, key=lambda p: (p != party, graph.label(p))):
        at = graph.index[owned]
        terms = []
        for place in range(int(first[at]), int(first[at + 1])):
            owner = graph.ids[int(held.owner[place])]
            if owner in may:
                doubt = "" if owner in sure else " (if it counts)"
                terms.append(f"{graph.label(owner)} {_range(100 * held.low[place], 100 * held.high[place])}{doubt}")
        if terms:
            lines.append(f"{graph.label(owned)}: " + " + ".join(terms))
    lines.append(f"sum for {graph.label(party)}: {_range(share.low, share.high)}")
    return tuple(lines)


def _range(low: float, high: float) -> str:
    return f"{low:.6g} %" if high - low < 1e-7 else f"{low:.6g} to {high:.6g} %"


@dataclass(frozen=True, slots=True)
class _Case:
    """What stands above one party, who is restricted in it, who is or may be, and the threshold (a fraction)."""

    part: Holdings
    mask: Bools
    wide: Bools
    limit: float

    def ends(self, at: int) -> tuple[bool, bool]:
        """Whether the party surely and possibly counts."""
        _, _, surely, possibly = tiers(self.part, self.mask, self.limit, self.wide)
        return bool(surely[at]), bool(possibly[at])

    def fixed(self, edge: int, value: float) -> _Case:
        """The same with one share fixed."""
        part = self.part
        low, high, room = part.low.copy(), part.high.copy(), part.room.copy()
        low[edge] = high[edge] = value
        owned = part.owned[edge]
        room[owned] = max(0.0, float(room[owned] + part.low[edge] - value))
        return replace(self, part=Holdings(part.n, part.owner, part.owned, low, high, room))

    def told(self, party: int, *, is_restricted: bool) -> _Case:
        """The same with one open name confirmed or rejected."""
        mask, wide = self.mask.copy(), self.wide.copy()
        mask[party] = wide[party] = is_restricted
        return replace(self, mask=mask, wide=wide)


def _names(graph: Graph, party: str, case: _Case, old: Ints, may_be: Collection[str]) -> tuple[Deciding, ...]:
    """Each open name confirmed and rejected in turn: which settles the answer."""
    at = int(np.searchsorted(old, graph.index[party]))
    found = []
    for n in np.flatnonzero(case.wide & ~case.mask).tolist()[:_TRIED]:
        name = graph.ids[int(old[n])]
        if name not in may_be:
            continue
        up = case.told(n, is_restricted=True).ends(at)[0]
        down = not case.told(n, is_restricted=False).ends(at)[1]
        who = graph.label(name)
        if up and down:
            words = f"It turns on whether {who} is the listed party whose name it bears: confirm or reject it."
        elif up:
            words = f"If {who} is the listed party whose name it bears, it is reached whatever else is unknown."
        elif down:
            words = f"It cannot be reached unless {who} is the listed party whose name it bears."
        else:
            continue
        found.append(Deciding(name, None, None, up and down, words))
    return tuple(found)


def _deciding(graph: Graph, party: str, case: _Case, old: Ints) -> tuple[Deciding, ...]:
    """Each unknown share fixed at its ends in turn: which settles the answer, and from what share on."""
    at = int(np.searchsorted(old, graph.index[party]))
    part = case.part
    _, _, _, possibly = tiers(part, case.mask, case.limit, case.wide)
    open_ = np.flatnonzero((part.high > part.low) & possibly[part.owner])
    nearest = sorted(open_.tolist(), key=lambda e: (int(part.owned[e]) != at, -float(part.high[e] - part.low[e])))
    settling: list[tuple[bool, bool, int, int, float]] = []
    for edge in nearest[:_TRIED]:
        if not case.fixed(edge, float(part.high[edge])).ends(at)[1]:
            continue
        down = not case.fixed(edge, float(part.low[edge])).ends(at)[1]
        most = float(part.low[edge] + min(part.high[edge] - part.low[edge], part.room[part.owned[edge]]))
        up = case.fixed(edge, most).ends(at)[0]
        if up or down:
            settling.append((not (up and down), not up, len(settling), edge, most))
    settling.sort()
    return tuple(
        _decide(graph, case, old, edge, at, most, up=not not_up, alone=not not_alone)
        for not_alone, not_up, _, edge, most in settling[:_TOLD]
    )


def _decide(
    graph: Graph, case: _Case, old: Ints, edge: int, at: int, most: float, *, up: bool, alone: bool
) -> Deciding:
    need = 100 * (_least(case, edge, at, most) if up else most)
    owner, owned = (graph.ids[int(old[n])] for n in (case.part.owner[edge], case.part.owned[edge]))
    who, whom = graph.label(owner), graph.label(owned)
    if alone:
        words = f"It turns on what {who} holds of {whom}: {need:.4g} % or more."
    elif up:
        words = f"If {who} holds {need:.4g} % or more of {whom}, it is reached whatever else is unknown."
    else:
        words = stop(f"It cannot be reached unless {who} holds part of {whom}")
    return Deciding(owner, owned, round(need, 6), alone, words)


def _least(case: _Case, edge: int, at: int, most: float) -> float:
    """The least value of one share at which the answer is sure (it only grows with the share)."""
    low, high = float(case.part.low[edge]), most
    for _ in range(30):
        middle = (low + high) / 2
        if case.fixed(edge, middle).ends(at)[0]:
            high = middle
        else:
            low = middle
    return high
