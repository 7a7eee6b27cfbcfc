"""A party's timeline across lists: one lane a list, with announced, published, effective and removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, LEFT, RIGHT, TOP, LANE = 960, 12, 24, 34, 58
_MARKS = ("announced_on", "published_on", "effective_on", "divest_by", "expires_on", "removed_on")
#: Which dates are written out where there is no room for all.
_WEIGHT = ("effective_on", "removed_on", "divest_by", "expires_on", "published_on", "announced_on")
_ROOM = 74.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One dated event on a lane."""

    kind: str
    day: str
    x: float
    is_told: bool
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
    ticks = tuple((str(year), place(dt.date(year, 1, 1))) for year in range(first.year, last.year) if year % step == 0)
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
    marks = []
    told = _labelled([(place(day), kind) for day, kind in by_day.items()])
    for day in sorted(by_day):
        x = place(day)
        anchor = "end" if x > WIDTH - 40 else "middle" if x > 50 else "start"
        marks.append(Mark(by_day[day], day.isoformat(), x, x in told, anchor))
    return Lane(
        entry["list"], entry["name"] or "", entry["entry_id"], y,
        place(begin) if begin else None, place(min(end, today) if end else today) if begin else None,
        end is None, tuple(marks),
    )  # fmt: skip


def _labelled(marks: Sequence[tuple[float, str]]) -> set[float]:
    """The places with room for a date, the weightier mark first."""
    told: set[float] = set()
    for x, _ in sorted(marks, key=lambda m: _WEIGHT.index(m[1])):
        if all(abs(x - other) > _ROOM for other in told):
            told.add(x)
    return told


def _days(entry: Mapping[str, Any]) -> dict[str, dt.date]:
    dates = {name: entry.get(name) for name in _MARKS}
    dates |= {"since": entry["in_force"]["since"], "until": entry["in_force"]["until"]}
    return {name: dt.date.fromisoformat(day[:10]) for name, day in dates.items() if day}
