"""Days, moments and the two clocks: when a thing is in force, and when it was known."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or an instant (UTC) within one. A day stands for its end.

    `text` is `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`.

    >>> Moment.parse("2021-12-02T01:42") < Moment.parse("2021-12-02")
    True
    """

    text: str

    @classmethod
    def parse(cls, text: str | dt.date) -> Moment:
        """Read a day or an instant; an offset is turned into UTC. ValueError otherwise."""
        if isinstance(text, dt.datetime):
            text = text.isoformat()
        elif isinstance(text, dt.date):
            return cls(text.isoformat())
        text = text.strip()
        if _DAY.fullmatch(text):
            dt.date.fromisoformat(text)
            return cls(text)
        found = _INSTANT.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is not a day (YYYY-MM-DD) or an instant (YYYY-MM-DDTHH:MM)")
        day, hour, minute, second, zone = found.groups()
        moment = dt.datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}")
        if zone and zone != "Z":
            sign = 1 if zone[0] == "+" else -1
            hours, minutes = int(zone[1:3]), int(zone[-2:])
            try:
                moment -= sign * dt.timedelta(hours=hours, minutes=minutes)
            except OverflowError:
                raise ValueError(f"{text!r} lies outside the calendar") from None
        return cls(moment.isoformat(timespec="seconds"))

    @property
    def key(self) -> str:
        """A string that sorts as the moment does; a day sorts after its instants."""
        return self.text if "T" in self.text else f"{self.text}T24:00:00"

    @classmethod
    def from_key(cls, key: str) -> Moment:
        """The moment whose `key` this is."""
        return cls(key.removesuffix("T24:00:00"))

    @property
    def day(self) -> dt.date:
        """The calendar day (UTC) the moment falls on."""
        return dt.date.fromisoformat(self.text[:10])

    def __lt__(self, other: Moment) -> bool:
        return self.key < other.key

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class AsOf:
    """`in_force`: the day of the act. `known`: what publishers had said by then, inclusive."""

    in_force: dt.date
    known: Moment

    def to_dict(self) -> dict[str, str]:
        """`{"in_force": "YYYY-MM-DD", "known": "…"}`."""
        return {"in_force": self.in_force.isoformat(), "known": self.known.text}


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open days: from `since` until the day before `until`; None is unbounded."""

    since: dt.date | None
    until: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether `day` lies in the span.

        >>> Span(dt.date(2019, 10, 9)).holds(dt.date(2019, 10, 8))
        False
        """
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)
