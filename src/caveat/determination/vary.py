"""What-if: one fact of a transaction varied, and where the outcome changes, as a table and a chart."""

from __future__ import annotations

import copy
import datetime as dt
import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caveat.determination.engine import determine
from caveat.determination.lookup import Lookup
from caveat.errors import InputError
from caveat.law import Law
from caveat.model import OUTCOMES

_MOST = 5000


@dataclass(frozen=True, slots=True)
class Point:
    """One value and what it leads to: the outcome, and the (program, rule) that decides it."""

    value: Any
    outcome: str
    by: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighboring values with one outcome, from the first to the last of them."""

    first: Any
    last: Any
    outcome: str
    by: str


@dataclass(frozen=True, slots=True)
class Variation:
    """A fact varied: every point tried, in order."""

    path: str
    points: tuple[Point, ...]

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The points joined where outcome and rule stay the same."""
        joined: list[Stretch] = []
        for point in self.points:
            if joined and (joined[-1].outcome, joined[-1].by) == (point.outcome, point.by):
                joined[-1] = Stretch(joined[-1].first, point.value, point.outcome, point.by)
            else:
                joined.append(Stretch(point.value, point.value, point.outcome, point.by))
        return tuple(joined)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: the stretches, not each point."""
        return {
            "schema_version": "1",
            "path": self.path,
            "tried": len(self.points),
            "stretches": [
                {"first": _plain(s.first), "last": _plain(s.last), "outcome": s.outcome, "by": s.by}
                for s in self.stretches
            ],
        }

    def to_text(self) -> str:
        """A small table for a terminal."""
        rows = [(str(_plain(s.first)), str(_plain(s.last)), s.outcome, s.by) for s in self.stretches]
        head = ("from", "to", "outcome", "by")
        widths = [max(len(row[n]) for row in (head, *rows)) for n in range(4)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
        return "\n".join(line.rstrip() for line in (self.path, *lines))

    def to_svg(self) -> str:
        """A step chart: the value across, the outcomes up, the strictest on top."""
        return _draw(self)


def vary(transaction: Mapping[str, Any], change: str, lookup: Lookup, law: Law, today: dt.date) -> Variation:
    """Run a transaction over the values of `PATH=FROM:TO[:STEP]` or `PATH=A,B,…`.

    PATH is as in a question (`date`, `item.eccn`, `parties.0.owners.0.pct`); days step by one day, numbers by one.
    InputError where the change cannot be read, or asks for more than 5000 values.
    """
    path, values = read_change(change)
    points = []
    for value in values:
        given = _set(transaction, path, value)
        answer = determine(given, lookup, law, today)
        top = answer.findings[0] if answer.findings else None
        points.append(Point(value, answer.outcome, f"{top.program} {top.rule}" if top else ""))
    return Variation(path, tuple(points))


def read_change(change: str) -> tuple[str, list[Any]]:
    """The path and the values of a change."""
    path, equals, words = change.partition("=")
    path, words = path.strip(), words.strip()
    if not path or not equals or not words:
        raise InputError(f"{change!r} is not a change", where="--vary", do="write PATH=FROM:TO or PATH=A,B")
    if ":" not in words or "," in words:
        return path, [_value(word.strip()) for word in words.split(",")]
    first, last, *step = words.split(":")
    one, other = _value(first), _value(last)
    if isinstance(one, dt.date) and isinstance(other, dt.date):
        return path, _days(one, other, int(_number(step[0])) if step else 1)
    low, high, by = _number(first), _number(last), _number(step[0]) if step else 1.0
    if high < low or by <= 0:
        raise InputError(f"{words!r} does not rise", where="--vary", do="write PATH=FROM:TO with FROM before TO")
    count = math.floor((high - low) / by + 1e-9) + 1
    _bound(count)
    return path, [round(low + n * by, 9) for n in range(count)]


def _days(one: dt.date, other: dt.date, step: int) -> list[Any]:
    if other < one or step < 1:
        raise InputError(f"{one}:{other} does not rise", where="--vary", do="write PATH=FROM:TO with FROM before TO")
    count = (other - one).days // step + 1
    _bound(count)
    return [one + dt.timedelta(days=n * step) for n in range(count)]


def _bound(count: int) -> None:
    if count > _MOST:
        raise InputError(f"{count} values are too many", where="--vary", do=f"ask for at most {_MOST}, or give a step")


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError as error:
        raise InputError(f"{word!r} is neither a day nor a number", where="--vary", do="write FROM:TO") from error


def _value(word: str) -> Any:
    if word.lower() in ("null", "true", "false"):
        return {"null": None, "true": True, "false": False}[word.lower()]
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:
        return word


def _set(transaction: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    given = copy.deepcopy(dict(transaction))
    at: Any = given
    *steps, last = path.split(".")
    try:
        for step in steps:
            if isinstance(at, list):
                at = at[int(step)]
            else:
                if at.get(step) is None:
                    at[step] = {}
                at = at[step]
        if isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value
    except (IndexError, ValueError, AttributeError, TypeError) as error:
        raise InputError("the transaction has no such place", where=path, do="name a field it has") from error
    return given


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 860, 34, 250, 40, 56
_LETTER, _MARK_ROWS = 6.5, 3
_COLORS = ("#8b1a1a", "#c0392b", "#d35400", "#7f8c8d", "#d4a017", "#2e6da4", "#5dade2")


def _draw(variation: Variation) -> str:
    used = [outcome for outcome in OUTCOMES if any(p.outcome == outcome for p in variation.points)]
    count = max(len(variation.points), 1)
    height = _TOP + _ROW * len(used) + 24 + 14 * _MARK_ROWS
    unit = (_WIDTH - _LEFT - _RIGHT) / count
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13" role="img">',
        f"<title>Outcome as {html.escape(variation.path)} varies</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="28" font-size="16">Outcome as {html.escape(variation.path)} varies</text>',
    ]
    for row, outcome in enumerate(used):
        y = _TOP + row * _ROW
        parts.append(f'<text x="{_LEFT - 12}" y="{y + 20}" text-anchor="end">{outcome}</text>')
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y + 16}" y2="{y + 16}" stroke="#dddddd"/>')
    place = 0
    for stretch in variation.stretches:
        length = _length(variation, place, stretch)
        y = _TOP + used.index(stretch.outcome) * _ROW
        color = _COLORS[OUTCOMES.index(stretch.outcome)]
        told = f"{_plain(stretch.first)} to {_plain(stretch.last)}: {stretch.outcome} ({stretch.by})"
        parts.append(
            f'<rect x="{_LEFT + place * unit:.1f}" y="{y + 6}" width="{max(length * unit, 2):.1f}" height="20" '
            f'fill="{color}"><title>{html.escape(told)}</title></rect>'
        )
        place += length
    parts += _marks(variation, unit, height)
    return "\n".join([*parts, "</svg>\n"])


def _length(variation: Variation, place: int, stretch: Stretch) -> int:
    length = 0
    for point in variation.points[place:]:
        if (point.outcome, point.by) != (stretch.outcome, stretch.by):
            break
        length += 1
    return length


def _marks(variation: Variation, unit: float, height: int) -> list[str]:
    """The first value of each stretch and the last value of all, in rows, where they do not run into each other."""
    marks: list[tuple[float, str]] = []
    place = 0
    for stretch in variation.stretches:
        marks.append((_LEFT + place * unit, str(_plain(stretch.first))))
        place += _length(variation, place, stretch)
    if variation.points:
        marks.append((_WIDTH - _RIGHT, str(_plain(variation.points[-1].value))))
    texts, free = [], [0.0] * _MARK_ROWS
    for place_x, word in marks:
        half = _LETTER * len(word) / 2
        x = min(max(place_x, half), _WIDTH - half)
        row = next((n for n, end in enumerate(free) if x - half >= end), None)
        if row is not None:
            y = height - 14 * (_MARK_ROWS - row) - 4
            texts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle" font-size="11">{html.escape(word)}</text>')
            free[row] = x + half + _LETTER
    return texts
