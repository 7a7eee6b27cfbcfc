"""What a reader is and what it returns: rows of entries, what the file can hold, what went unread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from caveat.model import ENTRY_FIELDS, Entry, Moment
from caveat.sources.document import Document


@dataclass(frozen=True, slots=True)
class Row:
    """An entry and where it stands in the file (`row 12`, `uid 36`, `/sdnList/sdnEntry[3]`)."""

    entry: Entry
    place: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says.

    lists       rows by list id; a list the layout covers but the file has no row of is absent
    published   the moment stated in the file, or None
    inferred    True where `published` was told from the newest date among the rows
    holds       names of Entry fields the layout can hold: a snapshot is silent on the others
    states_presence  False where the file only adds to entries (an alias file alone):
                such a snapshot neither adds nor removes a party
    unread      publisher's field name -> number of rows where it had a value nobody read
    notes       one line each: oddities met and how they were read (nothing is dropped silently)
    used        names of neighboring files read together with this one
    """

    lists: Mapping[str, tuple[Row, ...]]
    published: Moment | None = None
    inferred: bool = False
    holds: frozenset[str] = ENTRY_FIELDS
    states_presence: bool = True
    unread: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """One form in which a publisher gives lists out.

    id          `ofac.sdn_csv`, `trade_gov.csl_csv` …
    lists       ids of the lists a whole file of this layout speaks for
    stream      `origin` (the publisher, or a faithful parse of it) or `us.trade.csl`
    has_companions  whether files beside it are read together with it
    recognizes  True for a document of this layout, told from name and head alone, quickly
    read        the whole document; ShapeError (with the place) where it is broken
    """

    id: str
    lists: tuple[str, ...]
    recognizes: Callable[[Document], bool]
    read: Callable[[Document], Reading]
    stream: str = "origin"
    has_companions: bool = False
