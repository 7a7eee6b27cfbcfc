"""Chains of ownership, found greatest first and told in words."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from caveat.graph.edge import Edge
from caveat.graph.network import Graph
from caveat.graph.words import stop

_EXPANDED = 1500
_LONGEST = 25


@dataclass(frozen=True, slots=True)
class Path:
    """One chain from an owner down to a party. `shares` are (least, greatest) in percent, one a link."""

    parties: tuple[str, ...]
    shares: tuple[tuple[float, float], ...]
    edges: tuple[Edge, ...]
    words: str
    sum_words: str

    @property
    def low(self) -> float:
        """The product of the least shares, in percent."""
        return _product([low for low, _ in self.shares])

    @property
    def high(self) -> float:
        """The product of the greatest shares, in percent."""
        return _product([high for _, high in self.shares])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "parties": list(self.parties), "shares": [list(s) for s in self.shares],
            "low": round(self.low, 9), "high": round(self.high, 9), "words": self.words,
            "sources": [
                {"file": e.file, "place": e.place, "source": e.source, "cite": e.cite, "share": e.share_words}
                for e in self.edges
            ],
        }  # fmt: skip


def find_paths(
    graph: Graph, party: str, tops: Collection[str], *, counting: Collection[str] | None = None, most: int = 8
) -> list[Path]:
    """The chains from `tops` down to `party`, greatest first, without circles.

    counting  only these may stand between: in tiers a chain breaks at an owner that does not count
    """
    held, first = graph.holdings, graph.first_owner
    order = itertools.count()
    heap: list[tuple[float, int, tuple[int, ...], tuple[int, ...]]] = [(-1.0, 0, (graph.index[party],), ())]
    found: list[Path] = []
    expanded = 0
    while heap and len(found) < most and expanded < _EXPANDED:
        weight, _, chain, links = heapq.heappop(heap)
        top = graph.ids[chain[-1]]
        if links and top in tops:
            found.append(_path(graph, chain, links))
            continue
        if links and counting is not None and top not in counting:
            continue
        if len(links) >= _LONGEST:
            continue
        expanded += 1
        at = chain[-1]
        for place in range(int(first[at]), int(first[at + 1])):
            owner, share = int(held.owner[place]), float(held.high[place])
            if owner not in chain and share > 0:
                heapq.heappush(heap, (weight * share, next(order), (*chain, owner), (*links, place)))
    return found


def find_circle(graph: Graph, party: str) -> tuple[str, ...]:
    """A circle of owners that leads back to the party, from it to itself; empty where there is none."""
    held, first = graph.holdings, graph.first_owner
    goal = graph.index[party]
    came: dict[int, int] = {}
    waiting = [goal]
    while waiting and len(came) < 20_000:
        at = waiting.pop(0)
        for place in range(int(first[at]), int(first[at + 1])):
            owner = int(held.owner[place])
            if owner == goal:
                chain = [goal]
                while at != goal:
                    chain.append(at)
                    at = came[at]
                return tuple(graph.ids[n] for n in [goal, *reversed(chain[1:]), goal][::-1])
            if owner not in came and float(held.high[place]) > 0:
                came[owner] = at
                waiting.append(owner)
    return ()


def _path(graph: Graph, chain: tuple[int, ...], links: tuple[int, ...]) -> Path:
    held = graph.holdings
    down = tuple(graph.ids[n] for n in reversed(chain))
    places = tuple(reversed(links))
    shares = tuple((round(100 * float(held.low[p]), 9), round(100 * float(held.high[p]), 9)) for p in places)
    edges = tuple(graph.edges[e] for p in places for e in graph.share_edges[p])
    told = ", which owns ".join(
        f"{_share(low, high)} of {graph.label(owned)}" for (low, high), owned in zip(shares, down[1:], strict=True)
    )
    low, high = _product([s[0] for s in shares]), _product([s[1] for s in shares])
    factors = " × ".join(_share(*s, bare=True) for s in shares)
    names = " → ".join(graph.label(p) for p in down)
    return Path(
        down, shares, edges, stop(f"{graph.label(down[0])} owns {told}"),
        f"{names}: {factors} = {_share(low, high, bare=True)}",
    )  # fmt: skip


def _share(low: float, high: float, *, bare: bool = False) -> str:
    if high - low < 1e-7:
        return f"{low:.6g} %"
    if low <= 0 and high >= 100:
        return "0 to 100 %" if bare else "an unknown share"
    return f"{low:.6g} to {high:.6g} %"


def _product(shares: list[float]) -> float:
    value = 100.0
    for share in shares:
        value *= share / 100
    return value
