"""Changes on the lists as a strip of bars over time: added and amended upward, removed downward."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 1200, 104
#: At most so many bars; a longer time is told by the week, the month or the year.
_MOST = 130
_UNITS = (("day", 1), ("week", 7), ("month", 30), ("year", 365))


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The changes of one day, week, month or year."""

    label: str
    x: float
    added: int
    amended: int
    removed: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything a template needs to draw."""

    bars: tuple[Bar, ...]
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    unit: str
    zero: float
    wide: float
    width: int = WIDTH
    height: int = HEIGHT


def draw(changes: Sequence[Mapping[str, Any]], start: str, end: str) -> Strip | None:
    """The strip of changes between two moments; None where nothing changed."""
    if not changes:
        return None
    first, last = dt.date.fromisoformat(start[:10]), dt.date.fromisoformat(end[:10])
    days = max((last - first).days + 1, 1)
    unit, long = next((u for u in _UNITS if days / u[1] <= _MOST), _UNITS[-1])
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for change in changes:
        day = dt.date.fromisoformat(str(change["on"])[:10])
        counts[min(max((day - first).days, 0), days - 1) // long][str(change["kind"])] += 1
    step = WIDTH / max(-(-days // long), 12)
    up = max(c["added"] + c["amended"] for c in counts.values())
    down = max(c["removed"] for c in counts.values())
    scale = (HEIGHT - 4) / max(up + down, 1)
    zero = round(2 + up * scale, 1)
    bars = []
    for place, count in sorted(counts.items()):
        begin = first + dt.timedelta(days=place * long)
        until = min(begin + dt.timedelta(days=long - 1), last)
        label = begin.isoformat() if long == 1 else f"{begin.isoformat()} – {until.isoformat()}"
        bars.append(
            Bar(label, round(place * step, 1), count["added"], count["amended"], count["removed"],
                tuple(_parts(count, zero, scale)))
        )  # fmt: skip
    marked = (first, first + (last - first) / 2, last) if days > 2 else (first, last)[:days]
    places = (0.5, WIDTH / 2, WIDTH - 0.5) if days > 2 else (0.5, WIDTH - 0.5)[:days]
    return Strip(
        tuple(bars), places, tuple(day.isoformat() for day in marked), unit, zero, round(max(step - 1.5, 1.5), 2)
    )


def _parts(count: Mapping[str, int], zero: float, scale: float) -> list[Part]:
    parts, y = [], zero
    for kind in ("added", "amended"):
        if count[kind]:
            height = max(count[kind] * scale, 1.2)
            y -= height
            parts.append(Part(kind, round(y, 1), round(height, 1)))
    if count["removed"]:
        parts.append(Part("removed", round(zero, 1), round(max(count["removed"] * scale, 1.2), 1)))
    return parts
