"""Parts of a whole when amounts are missing: the share of some suppliers in what a party buys, with honest bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caveat.graph.edge import Edge

#: Whether an edge's supplier (or customer) is one of those asked about; None where it cannot be told.
Belongs = Callable[[Edge], bool | None]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a whole, in percent: at least `low`, at most `high`.

    basis      what it is measured by: `pct`, `amount CUR`, `quantity UNIT` or `presence`
    measured   edges with a figure, of `edges`; `known` the part among those alone, None where there are none
    """

    low: float
    high: float
    basis: str
    edges: int
    measured: int
    known: float | None

    @property
    def words(self) -> str:
        """The part in words.

        >>> Part(0.0, 100.0, "presence", 5, 0, None).words
        'between 0 % and 100 % (5 ties, none with a figure)'
        """
        if self.high - self.low < 1e-9:
            share = f"{self.low:.4g} %"
        else:
            share = f"between {self.low:.4g} % and {self.high:.4g} %"
        if self.basis == "presence" and self.high - self.low < 1e-9:
            return f"{share}, counting names ({self.edges} tie{'s' * (self.edges != 1)}, none with a figure)"
        if self.measured == self.edges:
            return f"{share} ({self.edges} tie{'s' * (self.edges != 1)}, by {self.basis})"
        among = f"; {self.known:.4g} % among those with one" if self.known is not None else ""
        count = self.measured or "none"
        return f"{share} ({self.edges} tie{'s' * (self.edges != 1)}, {count} with a figure{among})"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "low": round(self.low, 9), "high": round(self.high, 9), "basis": self.basis, "ties": self.edges,
            "measured": self.measured, "known": None if self.known is None else round(self.known, 9),
            "words": self.words,
        }  # fmt: skip


def part_of(edges: Sequence[Edge], belongs: Belongs, rates: Mapping[str, float] | None = None) -> Part:
    """The part that the edges which belong make of all `edges`.

    Measured by stated shares, else by amounts in one currency (others by `rates`, units of the common currency for
    one of theirs), else by quantities where all are of one item and unit, else by presence alone. An edge without
    the measure may weigh anything.
    """
    if any(e.low is not None for e in edges):
        return _by_share(edges, belongs)
    basis, weights = weigh(edges, rates)
    inside = outside = maybe = 0.0
    unknown: Counter[bool | None] = Counter()
    for edge, weight in zip(edges, weights, strict=True):
        side = belongs(edge)
        if weight is None:
            unknown[side] += 1
        elif side is None:
            maybe += weight
        elif side:
            inside += weight
        else:
            outside += weight
    known_in, known_all = inside, inside + outside + maybe
    low = 0.0 if unknown[False] or unknown[None] else _ratio(inside, known_all)
    high = 1.0 if unknown[True] or unknown[None] else _ratio(inside + maybe, known_all)
    sides = {belongs(e) for e in edges}
    if not unknown and known_all == 0:
        low, high = (0.0, 1.0)
    if sides == {True}:
        low = high = 1.0
    if sides == {False} or not edges:
        low = high = 0.0
    measured = len(edges) - sum(unknown.values())
    known = 100 * _ratio(known_in, known_all) if known_all > 0 and not maybe else None
    return Part(100 * low, 100 * high, basis, len(edges), measured, known)


def weigh(edges: Sequence[Edge], rates: Mapping[str, float] | None = None) -> tuple[str, list[float | None]]:
    """The measure the edges are compared by, and each edge's weight in it (None unknown)."""
    currencies = Counter(e.currency or "?" for e in edges if e.amount is not None)
    if currencies:
        main = max(sorted(currencies), key=currencies.__getitem__)
        change = {main: 1.0, **{c: r / (rates or {}).get(main, 1.0) for c, r in (rates or {}).items()}}
        weights = [
            e.amount * change[e.currency or "?"] if e.amount is not None and (e.currency or "?") in change else None
            for e in edges
        ]
        return f"amount {main}", weights
    units = Counter((e.item, e.unit) for e in edges if e.quantity is not None)
    if len(units) == 1 and len({e.item for e in edges}) == 1:
        ((_, unit),) = units
        return f"quantity {unit or ''}".strip(), [e.quantity for e in edges]
    return "presence", [None] * len(edges)


def concentration(edges: Sequence[Edge], rates: Mapping[str, float] | None = None) -> dict[str, Any]:
    """The Herfindahl-Hirschman index of suppliers, 0 to 10,000, with the least and greatest it can be."""
    _, weights = weigh(edges, rates)
    by: Counter[str] = Counter()
    missing: set[str] = set()
    for edge, weight in zip(edges, weights, strict=True):
        if weight is None:
            missing.add(edge.start)
        else:
            by[edge.start] += weight  # type: ignore[assignment]
    suppliers = len({e.start for e in edges})
    total, squares = float(sum(by.values())), float(sum(v * v for v in by.values()))
    known = 10_000 * squares / total**2 if total else None
    if not suppliers:
        return {"suppliers": 0, "known": None, "low": None, "high": None}
    if not missing and known is not None:
        low = high = known
    else:
        high = 10_000.0
        # unknown weights are least concentrated where each is the mean of the known ones, weighed by themselves
        each = squares / total if total else 1.0
        free = len(missing - set(by))
        low = 10_000 * (squares + free * each**2) / (total + free * each) ** 2 if total or free else 10_000 / suppliers
        low = min(low, 10_000.0) if not missing & set(by) else 10_000 / suppliers
    return {
        "suppliers": suppliers, "known": None if known is None else round(known, 3),
        "low": round(low, 3), "high": round(high, 3),
    }  # fmt: skip


def _by_share(edges: Sequence[Edge], belongs: Belongs) -> Part:
    """Stated shares of the buyer's purchases: what they leave open may come from anybody."""
    low_in = sum(e.low or 0.0 for e in edges if belongs(e) is True)
    low_out = sum(e.low or 0.0 for e in edges if belongs(e) is False)
    high = 100.0 - min(100.0, low_out)
    measured = sum(e.low is not None for e in edges)
    sides = {belongs(e) for e in edges}
    exact_in = sum(e.exact or 0.0 for e in edges if belongs(e) is True)
    exact_all = sum(e.exact or 0.0 for e in edges)
    if sides == {False} and low_out >= 100.0:
        high = 0.0
    known = 100 * exact_in / exact_all if exact_all else None
    return Part(min(100.0, low_in), max(high, min(100.0, low_in)), "pct", len(edges), measured, known)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
