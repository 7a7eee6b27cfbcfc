"""Numbers, days and shares as files write them."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from caveat.model import Moment

_NUMBER = r"\d+(?:[.,]\d+)?"
_SIGN = r"(?:%|percent|per cent|pct)?"
_RANGE = re.compile(rf"(?:between |from )?({_NUMBER})\s*{_SIGN}\s*(?:-|–|—|to|and|\.\.)\s*({_NUMBER})\s*{_SIGN}")
_BOUND = re.compile(rf"(>=|<=|>|<|≥|≤)\s*({_NUMBER})\s*{_SIGN}|({_NUMBER})\s*{_SIGN}\s*(?:\+|or more)")
_PLAIN = re.compile(rf"(-?{_NUMBER}(?:e[+-]?\d+)?)\s*{_SIGN}")
_RATIO = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_UNKNOWN = frozenset({"", "?", "unknown", "n/a", "na", "nan", "null", "none", "-", "not known", "undisclosed"})
_BOUND_WORDS = (
    ("more than ", ">"), ("greater than ", ">"), ("over ", ">"), ("above ", ">"), ("at least ", ">="),
    ("minimum ", ">="), ("less than ", "<"), ("under ", "<"), ("below ", "<"), ("at most ", "<="), ("up to ", "<="),
)  # fmt: skip
_IN_WORDS: Mapping[str, tuple[float, float, bool, bool]] = {
    **dict.fromkeys(("majority", "a majority", "controlling"), (50.0, 100.0, True, False)),
    **dict.fromkeys(("minority", "a minority"), (0.0, 50.0, False, True)),
    **dict.fromkeys(("all", "whole", "wholly", "wholly owned", "wholly-owned", "sole"), (100.0, 100.0, False, False)),
    **dict.fromkeys(("half", "a half", "one half"), (50.0, 50.0, False, False)),
}  # fmt: skip
_DAYS = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%B %d %Y")
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "RMB": "CNY"}
_MONEY = re.compile(
    r"(US\$|[$€£¥]|[A-Z]{3})?\s*([\d.,_ ]+?)\s*([kmb]|bn|mn|million|billion|thousand)?\s*([A-Z]{3}|[$€£])?"
)
_TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9}


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
    plain = " ".join(text.casefold().split())
    if plain in _UNKNOWN:
        return ShareRead()
    if plain in _IN_WORDS:
        return ShareRead(*_IN_WORDS[plain])
    for words, sign in _BOUND_WORDS:
        plain = plain.replace(words, sign, 1) if plain.startswith(words) else plain
    if found := _PLAIN.fullmatch(plain):
        return check_share(_float(found[1]), _float(found[1]))
    if found := _RANGE.fullmatch(plain):
        return check_share(_float(found[1]), _float(found[2]))
    if found := _BOUND.fullmatch(plain):
        value = _float(found[2] or found[3])
        if found[1] in ("<", "<=", "≤"):
            return check_share(0.0, value, below=found[1] == "<")
        return check_share(value, 100.0, above=found[1] == ">")
    if (found := _RATIO.fullmatch(plain)) and int(found[2]):
        value = 100 * int(found[1]) / int(found[2])
        return check_share(value, value)
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


def read_money(text: str) -> tuple[float | None, str | None]:
    """A sum and the currency it names, or None for what it does not tell.

    >>> read_money("1,200.50"), read_money("$ 3.5m"), read_money("12 EUR")
    ((1200.5, None), (3500000.0, 'USD'), (12.0, 'EUR'))
    """
    found = _MONEY.fullmatch(text.strip())
    if not found or (value := read_number(found[2])) is None:
        return read_number(text), None
    coin = found[1] or found[4]
    currency = _SIGNS.get(coin.upper(), coin.upper()) if coin else None
    return value * _TIMES.get((found[3] or "").casefold(), 1.0), currency


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
        if len(text) >= 10 and text[4] == text[7] == "-" and text[10:11] in ("", "T", " "):
            return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
    for form in _DAYS:
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
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
