"""Edges, the parties they join, and what reading a file of them gives: frozen records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from caveat.model import Identifier, Moment

#: What one end does to the other: the owner owns, the supplier supplies, the producer makes a product,
#: an input is contained in a product. The last three only inform.
TYPES: tuple[str, ...] = ("owns", "supplies", "makes", "contains", "directs", "pays", "other")
#: Kinds of an `owns` edge. Only `direct` shares enter the arithmetic; `indirect` restates a chain of
#: them; `voting` and `control` are told beside it, because both 50 percent rules speak of ownership.
KINDS: tuple[str, ...] = ("direct", "indirect", "voting", "control")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Edge:
    """One dated, sourced tie from `start` to `end` (party ids), as one file states it.

    low, high     share in percent, 0 to 100; equal where exact, both None where unknown
    above, below  True where the share is more than `low`, less than `high` (not equal to it)
    since, until  half-open days on which it holds; None is unbounded
    said          when the publisher said it, where the file tells
    record        the publisher's id of the fact, which later statements of the same id replace
    closed        True where this statement ends the record
    amount        money a period in `currency`; `quantity` in `unit`; of the `item` named
    documents     what is held to prove the tie, each `kind: reference`
    doubtful      why the tie may not hold as stated, or None
    file, place   where it stands
    more          what the publisher says and the graph does not use, by layout, for writing back
    """

    start: str
    end: str
    type: str = "owns"
    kind: str = "direct"
    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    said: Moment | None = None
    record: str | None = None
    closed: bool = False
    source: str | None = None
    cite: str | None = None
    amount: float | None = None
    currency: str | None = None
    quantity: float | None = None
    unit: str | None = None
    item: str | None = None
    documents: tuple[str, ...] = ()
    doubtful: str | None = None
    file: str = ""
    place: str = ""
    more: Mapping[str, Any] = field(default_factory=_nothing, compare=False)

    @property
    def exact(self) -> float | None:
        """The share in percent, or None where it is a range or unknown."""
        return self.low if self.low is not None and self.low == self.high else None

    @property
    def share_words(self) -> str:
        """The share in words.

        >>> Edge("a", "b", low=25, high=50, above=True).share_words
        'more than 25 to 50 %'
        """
        if self.low is None and self.high is None:
            return "an unknown share"
        if self.exact is not None:
            return f"{self.low:.6g} %"
        low, high = self.low or 0.0, 100.0 if self.high is None else self.high
        if high >= 100 and not self.below:
            return f"{'more than ' if self.above else ''}{low:.6g} %{'' if self.above else ' or more'}"
        if low <= 0:
            return f"{'less than' if self.below else 'up to'} {high:.6g} %"
        return f"{'more than ' if self.above else ''}{low:.6g} to {'less than ' if self.below else ''}{high:.6g} %"

    def holds(self, day: dt.date | None) -> bool:
        """Whether the tie holds on `day`; with no day, whether it has no end."""
        if self.closed:
            return False
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class GraphParty:
    """A party or a product of the graph.

    kind      person, organization, vessel, aircraft, address, product, arrangement or unknown
    country   ISO 3166 code of country or region (`CN`, `CN-XJ`, `US-DE`), where told
    unnamed   the publisher's reason why nobody is named (`subjectUnableToConfirm…`), or None
    hts       tariff number of a product
    """

    id: str
    name: str = ""
    kind: str = "unknown"
    country: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    aliases: tuple[str, ...] = ()
    address: str | None = None
    hts: str | None = None
    unnamed: str | None = None
    said: Moment | None = None
    file: str = ""
    place: str = ""
    more: Mapping[str, Any] = field(default_factory=_nothing, compare=False)

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id, "name": self.name or None, "kind": self.kind, "country": self.country,
            "identifiers": [{"kind": i.kind, "value": i.value} for i in self.identifiers],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong in a file: where, what, and what was done about it."""

    file: str
    place: str
    what: str
    done: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.what}; {self.done}"

    def to_dict(self) -> dict[str, str]:
        """Plain JSON values."""
        return {"file": self.file, "place": self.place, "what": self.what, "done": self.done}


@dataclass(frozen=True, slots=True)
class EdgeReading:
    """What one file says.

    parties    in the file's order; a party may be told several times, the latest telling counts
    kept       (order, record) of what is no edge and no party, kept for writing back
    removed    ids of parties and records that the file (a delta) takes away
    delta      whether the file only amends an earlier one
    published  the moment the file states of itself, or None
    unread     field -> number of records where it had a value nobody read
    """

    name: str
    layout: str
    sha256: str
    edges: tuple[Edge, ...]
    parties: tuple[GraphParty, ...]
    complaints: tuple[Complaint, ...] = ()
    kept: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    removed: tuple[str, ...] = ()
    delta: bool = False
    published: Moment | None = None
    unread: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The report of `caveat load-edges`."""
        count: dict[str, int] = {}
        for edge in self.edges:
            count[edge.type] = count.get(edge.type, 0) + 1
        return {
            "file": self.name, "layout": self.layout, "sha256": self.sha256, "edges": len(self.edges),
            "edges_by_type": count, "parties": len({p.id for p in self.parties}), "kept": len(self.kept),
            "published": self.published.text if self.published else None,
            "complaints": [c.to_dict() for c in self.complaints], "unread": dict(self.unread),
        }  # fmt: skip


class Notes:
    """The complaints of one file, gathered while it is read. At most `most` are kept; the rest are counted."""

    def __init__(self, file: str, most: int = 10_000) -> None:
        self.file = file
        self._most = most
        self._found: list[Complaint] = []
        self._over = 0

    def say(self, place: str, what: str, done: str) -> None:
        """Add one complaint."""
        if len(self._found) < self._most:
            self._found.append(Complaint(self.file, place, what, done))
        else:
            self._over += 1

    def all(self) -> tuple[Complaint, ...]:
        """Every complaint, with a last line that counts those left out."""
        if self._over:
            more = Complaint(self.file, "end", f"{self._over} more complaints", "mend the first ones and read again")
            return (*self._found, more)
        return tuple(self._found)


def latest(parties: Iterable[GraphParty], known: Moment | None = None) -> dict[str, GraphParty]:
    """The latest telling of each party known by `known`; later in order wins between equals.

    What a later file does not tell of a party, an earlier file's word fills in.
    """
    found: dict[str, GraphParty] = {}
    for party in parties:
        if known is not None and party.said is not None and party.said > known:
            continue
        old = found.get(party.id)
        if old is None:
            found[party.id] = party
        elif _key(party.said) >= _key(old.said):
            found[party.id] = party if party.file == old.file else filled(party, old)
        elif party.file != old.file:
            found[party.id] = filled(old, party)
    return found


def filled(one: GraphParty, other: GraphParty) -> GraphParty:
    """Both tellings in one: the first name that is given, and every number and alias."""
    names = dict.fromkeys(n for n in (one.name, *one.aliases, other.name, *other.aliases) if n)
    named = one.name if one.name not in ("", one.id) else other.name or one.name
    return replace(
        one, name=named, aliases=tuple(n for n in names if n != named),
        identifiers=tuple(dict.fromkeys((*one.identifiers, *other.identifiers))),
        kind=one.kind if one.kind != "unknown" else other.kind, country=one.country or other.country,
        address=one.address or other.address, hts=one.hts or other.hts,
    )  # fmt: skip


def _key(moment: Moment | None) -> str:
    return moment.key if moment else ""
