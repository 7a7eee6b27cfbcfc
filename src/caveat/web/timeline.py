"""A party's timeline across lists: one lane a list, with announced, published, effective and removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, LEFT, RIGHT, TOP, LANE = 960, 12, 24, 34, 58
_MARKS = ("announced_on", "published_on", "effective_on", "divest_by", "expires_on", "removed_on")


@dataclass(frozen=True, slots=True)
class Mark:
    """One dated event on a lane."""

    kind: str
    day: str
    x: float
    label: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One entry: its title, where its bar begins and ends (None runs on), and its marks."""

    list: str
    name: str
    entry_id: str
    y: float
    begins: float | None
    ends: float | None
    is_open: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything a template needs to draw."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[str, float], ...]
    today: float
    height: float
    width: int = WIDTH
    kinds: tuple[str, ...] = field(default=())


def draw(entries: Sequence[Mapping[str, Any]], in_force: str) -> Timeline | None:
    """The timeline of entries as `show` tells them, as of a day; None where no date is known."""
    today = dt.date.fromisoformat(in_force)
    days = [day for entry in entries for day in _days(entry).values()]
    if not days:
        return None
    first = dt.date(min(days).year, 1, 1)
    last = max([*days, today])
    last = dt.date(last.year + 1, 1, 1)
    span = (last - first).days or 1

    def place(day: dt.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    years = last.year - first.year
    step = next(s for s in (1, 2, 5, 10, 20, 50) if years / s <= 12)
    ticks = tuple(
        (str(year), place(dt.date(year, 1, 1))) for year in range(first.year, last.year + 1) if year % step == 0
    )
    lanes = tuple(_lane(entry, TOP + LANE * n, place, today) for n, entry in enumerate(entries))
    kinds = tuple(k for k in _MARKS if any(m.kind == k for lane in lanes for m in lane.marks))
    return Timeline(lanes, ticks, place(today), TOP + LANE * len(entries) + 8, kinds=kinds)


def _lane(entry: Mapping[str, Any], y: float, place: Any, today: dt.date) -> Lane:
    days = _days(entry)
    begin, end = days.get("since"), days.get("until")
    by_day: dict[dt.date, str] = {}
    for kind in _MARKS:
        if kind in days:
            by_day[days[kind]] = kind  # of two events on one day the later kind in the row is drawn
    marks, free = [], -1000.0
    for day in sorted(by_day):
        x = place(day)
        anchor = "end" if x > WIDTH - 90 else "start"
        label = x if x - free > 78 else -1.0
        if label >= 0:
            free = x
        marks.append(Mark(by_day[day], day.isoformat(), x, label, anchor))
    return Lane(
        entry["list"], entry["name"] or "", entry["entry_id"], y,
        place(begin) if begin else None, place(min(end, today) if end else today) if begin else None,
        end is None, tuple(marks),
    )  # fmt: skip


def _days(entry: Mapping[str, Any]) -> dict[str, dt.date]:
    dates = {name: entry.get(name) for name in _MARKS}
    dates |= {"since": entry["in_force"]["since"], "until": entry["in_force"]["until"]}
    return {name: dt.date.fromisoformat(day[:10]) for name, day in dates.items() if day}
