"""Numbers, days and shares as files write them."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from dataclasses import dataclass

from caveat.model import Moment

_NUMBER = r"\d+(?:[.,]\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*%?\s*(?:-|–|to|\.\.)\s*({_NUMBER})\s*%?")
_BOUND = re.compile(rf"(>=|<=|>|<|≥|≤)\s*({_NUMBER})\s*%?|({_NUMBER})\s*%?\s*\+")
_PLAIN = re.compile(rf"(-?{_NUMBER}(?:[eE][+-]?\d+)?)\s*%?")
_UNKNOWN = frozenset({"", "?", "unknown", "n/a", "na", "null", "none", "-"})


@dataclass(frozen=True, slots=True)
class ShareRead:
    """A share in percent as `Edge` holds it, and what is wrong with it."""

    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False
    wrong: str | None = None


@functools.lru_cache(maxsize=65536)
def read_share(text: str) -> ShareRead:
    """A share from `60`, `60 %`, `25-50`, `>25`, `<50`, `75+`, `unknown`.

    >>> read_share("25-50").high, read_share(">50").above, read_share("120").wrong
    (50.0, True, '120 is no share: shares run from 0 to 100')
    """
    plain = text.strip().casefold()
    if plain in _UNKNOWN:
        return ShareRead()
    if found := _PLAIN.fullmatch(plain):
        return check_share(_float(found[1]), _float(found[1]))
    if found := _RANGE.fullmatch(plain):
        return check_share(_float(found[1]), _float(found[2]))
    if found := _BOUND.fullmatch(plain):
        value = _float(found[2] or found[3])
        if found[1] in ("<", "<=", "≤"):
            return check_share(0.0, value, below=found[1] == "<")
        return check_share(value, 100.0, above=found[1] == ">")
    return ShareRead(wrong=f"{text!r} is not a share")


def check_share(
    low: float | None, high: float | None, *, above: bool = False, below: bool = False, printed: str | None = None
) -> ShareRead:
    """The share between two bounds in percent; unknown, with the reason, where they make no sense."""
    for value in (low, high):
        if value is not None and not (math.isfinite(value) and 0 <= value <= 100):
            return ShareRead(wrong=f"{printed or format(value, 'g')} is no share: shares run from 0 to 100")
    if low is not None and high is not None and low > high:
        return ShareRead(wrong=f"the least share ({low:g}) is over the greatest ({high:g})")
    if low is None and high is None:
        return ShareRead()
    return ShareRead(0.0 if low is None else low, 100.0 if high is None else high, above, below)


def read_number(text: str) -> float | None:
    """A finite number of 0 or more with `,` or ` ` between thousands; None otherwise."""
    try:
        value = float(text.replace(",", "").replace(" ", "").replace("_", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


@functools.lru_cache(maxsize=65536)
def read_day(text: str, *, end: bool = False) -> dt.date | None:
    """A day from `2021-03-04`, an instant, `2021-03` or `2021` (its first day; its last with `end`); else None."""
    text = text.strip()
    try:
        if len(text) == 4 and text.isdigit():
            return dt.date(int(text), 12, 31) if end else dt.date(int(text), 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}", text):
            year, month = int(text[:4]), int(text[5:])
            if not end:
                return dt.date(year, month, 1)
            return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        return dt.date.fromisoformat(text[:10]) if len(text) >= 10 and text[10:11] in ("", "T", " ") else None
    except ValueError:
        return None


@functools.lru_cache(maxsize=4096)
def read_moment(text: str) -> Moment | None:
    """A moment, or None where the text is none."""
    try:
        return Moment.parse(text)
    except ValueError:
        day = read_day(text)
        return Moment(day.isoformat()) if day else None


def stop(sentence: str) -> str:
    """The sentence with one full stop at its end, also after `Co.`."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def _float(text: str) -> float:
    return float(text.replace(",", "."))
