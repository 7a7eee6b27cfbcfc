"""What a sentence offers and needs: the article around it, and the mention it makes."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from caveat.news.chunks import Chunk
from caveat.news.dates import Told
from caveat.news.signals import Cue

Chunks: TypeAlias = list[Chunk]
Days: TypeAlias = list[Told]


@dataclass
class Mention:
    """A listing act as one sentence (and what continues it) tells it."""

    list: str
    action: str
    start: int
    end: int
    core: tuple[int, int]
    names: Chunks = field(default_factory=Chunks)
    count: int | None = None
    authority: Cue | None = None
    dates: Days = field(default_factory=Days)
    background: bool = False
    quoted: bool = False
    head: bool = False
    soft: bool = False
    sure: bool = False
    plural: bool = False
    anaphora: bool = False
    named: str = ""
    loose: bool = False
    passing: bool = False


@dataclass
class Context:
    """What the whole article offers a sentence: its cues, names and day."""

    norm: str
    published: dt.date | None
    lists: Sequence[Cue]
    authorities: Sequence[Cue]
    chunks: Sequence[Chunk]
    quotes: Sequence[tuple[int, int]]
    dominant: str | None
    invests: bool
    blocks_assets: bool
    anchor: dt.date | None = None
    lead: str | None = None
    current: str | None = None
    last_day: dt.date | None = None
    last_names: Sequence[Chunk] = ()
    heads: Sequence[tuple[int, int]] = ()
    gazette: bool = False
    official: bool = True

    def __post_init__(self) -> None:
        self._starts = [c.start for c in self.chunks]
        self._opened = [a for a, _ in self.quotes]

    def in_quote(self, position: int) -> bool:
        """Whether a position lies within quotation marks."""
        at = bisect.bisect_left(self._opened, position)
        return any(a < position < b for a, b in self.quotes[max(0, at - 2) : at])

    def in_head(self, position: int) -> bool:
        """Whether a position lies in a heading."""
        return any(a <= position < b for a, b in self.heads)

    def in_title(self, position: int) -> bool:
        """Whether a position lies in the quoted title of a rule or a work: capitals in most of its words."""
        at = bisect.bisect_left(self._opened, position)
        for a, b in self.quotes[max(0, at - 2) : at]:
            words = [w for w in self.norm[a:b].strip("\"' ,.;").split() if w[:1].isalpha() and len(w) > 3]
            if a < position < b and len(words) >= 3 and sum(w[0].isupper() for w in words) >= 0.8 * len(words):
                return True
        return False

    def chunks_between(self, start: int, end: int) -> list[Chunk]:
        """The names that lie between two offsets."""
        first, last = bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        return [c for c in self.chunks[first:last] if c.end <= end]
