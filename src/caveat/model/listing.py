"""A listing: one entry as of a moment, merged from everything said about it by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from caveat.model.dates import Moment
from caveat.model.entry import Entry

Status = Literal["listed", "announced", "removed"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands: the snapshot's hash (`sha256:…`), the row in it, and when it was said.

    `stream` is `origin` (the publisher), `us.trade.csl` (the consolidated list) or `starter`.
    """

    snapshot: str
    row: str
    published: Moment
    stream: str

    def to_dict(self) -> dict[str, str]:
        """Plain JSON values."""
        return {
            "snapshot": self.snapshot, "row": self.row, "published": self.published.text, "stream": self.stream,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources that state one field differently: the value used and the one set aside."""

    field: str
    used: Any
    used_source: Source
    other: Any
    other_source: Source


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry as of a moment.

    entry      the merged record: per field the last word said, official before starter
    status     `listed` (in force), `announced` (said, not yet in force), `removed`
    since      first day in force; None where only "by the first snapshot" is known
    until      first day no longer in force, or None
    source     the snapshot row the listing rests on
    said       per field: where it was said
    starter    True where no loaded official list speaks of it
    terms_from the moment from which the license requirement and policy texts are known to have
               stood; None where the lists are silent on that day
    """

    entry_id: str
    entry: Entry
    status: Status
    since: dt.date | None
    until: dt.date | None
    source: Source
    said: Mapping[str, Source] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    starter: bool = False
    terms_from: Moment | None = None
