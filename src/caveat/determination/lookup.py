"""What determination asks of the lists and the ownership graph; the app answers, determination never looks itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from caveat.model import AsOf, Listing, OwnerGiven, PartyGiven


@dataclass(frozen=True, slots=True)
class Taken:
    """A listing taken as the party: the name given equals a listed name in full, or a person confirmed it.

    `matched_name` is the listed name, verbatim; `why` the reason in words.
    """

    listing: Listing
    matched_name: str
    why: str


@dataclass(frozen=True, slots=True)
class Near:
    """A lesser match, which a person must confirm (`entry_id`) or reject (`not_entries`).

    `why` is said of an entry that the record joins to one taken as the party: another list's name for it, maybe of
    another legal person.
    """

    listing: Listing
    matched_name: str
    score: float
    why: str = ""

    @property
    def entry_id(self) -> str:
        """The entry's id."""
        return self.listing.entry_id

    @property
    def told(self) -> str:
        """In words, what is near: `the name is near "X" (list, score 0.93)`."""
        named = f'"{self.matched_name}" ({self.listing.entry.list}'
        return (
            f"the party may be {named}): {self.why}"
            if self.why
            else f"the name is near {named}, score {self.score:.2f})"
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """Who a party is on the lists: `exact` taken as that party, `near` open questions (rejected ones left out).

    Listings that were removed, or are announced and not yet in force, are told too, with their status.
    """

    exact: tuple[Taken, ...] = ()
    near: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class ListCoverage:
    """One list a look-up rests on: its date, number of entries and snapshot hash."""

    list: str
    as_of: dt.date | None
    entries: int
    snapshot: str | None
    starter: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "list": self.list, "as_of": self.as_of.isoformat() if self.as_of else None, "entries": self.entries,
            "snapshot": self.snapshot, "starter": self.starter,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coverage:
    """The lists consulted, those that were not, with the reason, and the files of edges behind the graph."""

    lists: tuple[ListCoverage, ...] = ()
    not_covered: tuple[tuple[str, str], ...] = ()
    edges: tuple[Mapping[str, Any], ...] = ()


class Lookup(Protocol):
    """The look-ups of one determination. Every answer is as of the two clocks and pure."""

    def matches(self, party: PartyGiven, as_of: AsOf) -> Matches:
        """The listings this party is, and those it may be."""
        ...

    def at_address(self, address: str, as_of: AsOf) -> Sequence[Listing]:
        """Address-only listings at that address, and listed parties that share it."""
        ...

    def owners(self, party: PartyGiven, as_of: AsOf) -> Sequence[OwnerGiven]:
        """The owners the graph knows beside those given; may be empty."""
        ...

    def coverage(self, as_of: AsOf) -> Coverage:
        """The lists these look-ups rest on."""
        ...
