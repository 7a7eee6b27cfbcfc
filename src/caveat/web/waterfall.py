"""The evidence of a hit as a waterfall: where each piece begins and ends on one common scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Width of the scale in drawing units.
WIDTH = 200.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece: from `x`, `width` units wide; `side` is for or against; `points` are natural log-odds."""

    feature: str
    words: str
    why: str
    points: float
    x: float
    width: float
    side: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All bars, and where even odds stand on their scale."""

    bars: tuple[Bar, ...]
    even: float
    total: float


def fall(evidence: Sequence[Mapping[str, Any]]) -> Waterfall:
    """Lay the pieces end to end: each begins where the one before ended."""
    ends = [0.0]
    for piece in evidence:
        ends.append(ends[-1] + float(piece["points"]))
    low, high = min(ends), max(ends)
    unit = WIDTH / max(high - low, 0.01)
    bars = []
    for piece, start, end in zip(evidence, ends, ends[1:], strict=False):
        words = list(dict.fromkeys(str(w) for w in (piece.get("query"), piece.get("entry")) if w))
        bars.append(
            Bar(
                str(piece["feature"]), " ~ ".join(words), str(piece["why"]), float(piece["points"]),
                round((min(start, end) - low) * unit, 2), round(max(abs(end - start) * unit, 0.8), 2),
                "for" if piece["points"] >= 0 else "against",
            )
        )  # fmt: skip
    return Waterfall(tuple(bars), round((0.0 - low) * unit, 2), ends[-1])
