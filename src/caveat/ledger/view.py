"""Merge what was said of one entry into one listing, as of a moment. Pure: no database here.

How a listing is told (docs/explanation/ledger.md):
- The latest official snapshot decides whether a party is on the list; the starter record
  speaks only for days no official snapshot reaches.
- A stated date (effective, else published, else announced) begins the listing; a stated removal, else the first
  snapshot without the party, ends it.
- Each field takes the last word said by the day of the act; texts of requirement and policy are
  never carried back before the first snapshot that holds them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from caveat.ledger.snapshot import STREAMS, Snapshot
from caveat.ledger.traits import name_key
from caveat.model import AsOf, Disagreement, Entry, Listing, Moment, Name, Source, Status

#: Texts that hold only from the day they were said.
_TERMS = ("license_requirement", "license_review_policy")
#: The stream name of snapshots that add to entries without stating presence.
_FIELDS_ONLY = "origin+"
#: Days for which a source's word stands against the silence of a less trusted one.
_CURRENT = 365
_DATES = ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by")
_COMPARED = ("effective_on", "published_on", "divest_by", "footnotes", "license_requirement", "license_review_policy")
#: NS-CMIC listings stand from publication; `effective_on` is when purchases are barred.
FROM_PUBLICATION = frozenset({"us.ofac.ns_cmic"})
_FIELDS = (
    "kind", "source_id", "addresses", "identifiers", "countries", "nationalities", "birth_dates", "birth_places",
    "genders", "title", "programs", "citations", "remarks", "details", "unconfirmed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One statement of an entry: in which snapshot, since and until when (Moment keys)."""

    entry_id: str
    stream: str
    snapshot_id: int
    statement_id: int
    place: str
    since: str
    until: str | None
    in_force_from: str | None
    stated: dict[str, str]

    @property
    def start(self) -> str:
        """The day (ISO) from which the statement speaks."""
        return self.in_force_from or self.since[:10]


class Timeline:
    """The official snapshots of one list that state presence, in their order."""

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        everything = sorted(snapshots, key=lambda s: s.order)
        self.list = everything[0].list if everything else ""
        self.by_id = {s.id: s for s in everything}
        self.whole = [s for s in everything if s.stream != "starter" and s.reach == "whole"]
        #: the official streams that speak of the list
        self.streams = frozenset(s.stream for s in everything if s.stream != "starter" and s.reach != "fields")

    @property
    def starter(self) -> Snapshot | None:
        """The starter record last laid."""
        return max((s for s in self.by_id.values() if s.stream == "starter"), key=lambda s: s.id, default=None)

    def until(self, known: Moment) -> list[Snapshot]:
        """Those published by `known`; of several of one moment the most trusted stream alone."""
        out: list[Snapshot] = []
        for snap in self.whole:
            if snap.published.key > known.key:
                break
            if out and out[-1].published.key == snap.published.key and out[-1].stream != snap.stream:
                continue
            out.append(snap)
        return out

    def last_official(self, known: Moment, stream: str | None = None) -> Snapshot | None:
        """The last official snapshot (of one stream) published by `known`, extracts included."""
        official = [s for s in self.by_id.values() if s.stream != "starter" and s.reach != "fields"]
        said = [s for s in official if s.published.key <= known.key and stream in (None, s.stream)]
        return max(said, key=lambda s: s.order, default=None)


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether and when an entry is on its list, as of a moment."""

    status: Status
    since: dt.date | None
    until: dt.date | None
    starter: bool


class Presences:
    """The presence of a list's entries as of one moment, found once for all of which the same was said when."""

    def __init__(self, timeline: Timeline, as_of: AsOf) -> None:
        self._list, self._seen, self._as_of = timeline.list, timeline.until(as_of.known), as_of
        self._found: dict[tuple[object, ...], Presence | None] = {}

    def of(self, sayings: Sequence[Said]) -> Presence | None:
        """The entry's status on the day; None where nobody had listed or announced it by then."""
        key = tuple((s.stream, s.since, s.until, s.in_force_from, *s.stated.items()) for s in sayings)
        if key not in self._found:
            self._found[key] = _presence(self._list, sayings, self._seen, self._as_of)
        return self._found[key]


def _presence(list_id: str, sayings: Sequence[Said], seen: Sequence[Snapshot], as_of: AsOf) -> Presence | None:
    known, day = as_of.known.text[:10], as_of.in_force.isoformat()
    heard = [s for s in sayings if s.since <= as_of.known.key and s.stream != _FIELDS_ONLY]
    stated = _stated(heard or sayings)
    said_on = min((v for k, v in stated.items() if k != "removed_on"), default="9999")
    if not heard and said_on > known:
        return None
    heard = heard or list(sayings)
    first_seen = min(s.start for s in heard)
    since = _first_day(list_id, stated)
    if since is None and "removed_on" in stated:
        first_seen = min(first_seen, stated["removed_on"])
    official = [s for s in heard if s.stream != "starter"]
    if day < (since or first_seen):
        if since is None:
            return None
        return Presence("announced", _day(since), None, not official)
    flags = _flags(official, seen)
    until = _end(flags, seen, since or first_seen, day, stated.get("removed_on"))
    status: Status = "removed" if until is not None and until <= day else "listed"
    return Presence(status, _day(since), _day(until), not official)


def _end(flags: Sequence[bool], seen: Sequence[Snapshot], since: str, day: str, removed: str | None) -> str | None:
    """The first day (ISO) without the listing, told for the act's day; None while it stands."""
    days = [snap.published.text[:10] for snap in seen]
    # a stated date outweighs snapshots that lack the party before the first that has it
    first = flags.index(True) if True in flags else next((i for i, d in enumerate(days) if d > since), len(days))
    end: str | None = None
    last_present = since
    for flag, snap_day in zip(flags[first:], days[first:], strict=True):
        if flag:
            if end is not None and end <= day < snap_day:
                return end  # gone on that day, listed again later
            end, last_present = None, max(last_present, snap_day)
        elif end is None:
            end = removed if removed and last_present <= removed <= snap_day else snap_day
    if end is None and removed and removed >= last_present:
        return removed
    return end


def _flags(official: Sequence[Said], seen: Sequence[Snapshot]) -> list[bool]:
    """Per snapshot, whether the entry is on the list then.

    A compilation that lacks it removes nothing that a more trusted source stated within a year.
    """
    flags: list[bool] = []
    latest: dict[str, tuple[Snapshot, bool]] = {}
    for snap in seen:
        there = covers(official, snap)
        latest[snap.stream] = (snap, there)
        trusted = STREAMS.index(snap.stream)
        stands = any(
            has and STREAMS.index(s.stream) < trusted and (snap.published.day - s.published.day).days <= _CURRENT
            for s, has in latest.values()
        )
        flags.append(there or stands)
    return flags


def covers(official: Sequence[Said], snap: Snapshot) -> bool:
    """Whether the snapshot has the entry, and does not itself say that it is over."""
    key = snap.published.key
    return any(
        s.stream == snap.stream
        and s.since <= key
        and (s.until is None or key < s.until)
        and s.stated.get("removed_on", "9999") > key[:10]
        for s in official
    )


def _stated(sayings: Sequence[Said]) -> dict[str, str]:
    """The dates stated, the most trusted stream's first, its last word."""
    out: dict[str, tuple[int, str, str]] = {}
    for said in sayings:
        for name, value in said.stated.items():
            rank = (_date_rank(said, name), said.since, value)
            if name != "corrects" and (name not in out or rank > out[name]):
                out[name] = rank
    return {name: value for name, (_, _, value) in out.items()}


def _date_rank(said: Said, name: str) -> int:
    """Whose dates are believed: the origin, a starter correction, the consolidated list, the starter."""
    if said.stream == "starter":
        return 3 if name in said.stated.get("corrects", "").split() else 1
    return {"origin": 4, "us.trade.csl": 2}.get(said.stream, 0)


def _first_day(list_id: str, stated: dict[str, str]) -> str | None:
    if list_id in FROM_PUBLICATION and "published_on" in stated:
        return stated["published_on"]
    return stated.get("effective_on") or stated.get("published_on") or stated.get("announced_on")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None


def merge(
    list_id: str, sayings: Sequence[Said], contents: dict[int, Entry], timeline: Timeline, as_of: AsOf
) -> Listing | None:
    """The listing as of the moment, or None. `contents` holds every saying's statement."""
    found = _presence(list_id, sayings, timeline.until(as_of.known), as_of)
    return _Merge(sayings, contents, timeline, as_of).listing(list_id, found) if found else None


class _Merge:
    """One entry's sayings on their way to one record."""

    def __init__(self, sayings: Sequence[Said], contents: dict[int, Entry], timeline: Timeline, as_of: AsOf) -> None:
        self.contents = contents
        self.timeline = timeline
        self.as_of = as_of
        self.day = as_of.in_force.isoformat()
        self._sources: dict[Said, Source] = {}
        self.heard = [s for s in sayings if s.since <= as_of.known.key] or list(sayings)
        #: per stream, freshest stream first: what it said by the day, the last word first
        self.streams: list[list[Said]] = []
        for stream in dict.fromkeys(s.stream for s in self.heard):
            by_day = [s for s in self.heard if s.stream == stream and s.start <= self.day]
            if by_day:
                self.streams.append(sorted(by_day, key=lambda s: (s.start, s.since), reverse=True))
        self.streams.sort(key=lambda x: (self._freshness(x[0]), -_trust(x[0].stream)), reverse=True)
        self.later = sorted((s for s in self.heard if s.start > self.day), key=lambda s: (s.start, _trust(s.stream)))

    def listing(self, list_id: str, found: Presence) -> Listing:
        values: dict[str, Any] = {}
        told: dict[str, Source] = {}

        def take(name: str, said: Said | None) -> None:
            if said is not None:
                values[name] = getattr(self.contents[said.statement_id], name)
                told[name] = self._source(said)

        for name in _FIELDS:
            take(name, self._speaker(name) or self._later_speaker(name))
        for name in _TERMS:
            take(name, self._speaker(name))
        requirement = self._speaker("license_requirement")
        take("footnotes", requirement if requirement and self._has(requirement, "footnotes") else None)
        for name in _DATES:
            take(name, max((s for s in self.heard if self._has(s, name)), default=None,
                           key=lambda s, n=name: (_date_rank(s, n), s.since)))  # type: ignore[misc]  # fmt: skip
        values["names"] = self._names()
        entry = replace(Entry(list_id), **values)
        lead = next((x[0] for x in self.streams if x[0].stream != _FIELDS_ONLY), None) or self.later[0]
        disagreements = list(self._disagreements(entry, told))
        if found.status == "listed" and entry.removed_on and entry.removed_on <= self.as_of.in_force:
            # a source that still has it outweighs an earlier word that it is over, which is kept beside
            ended = told.pop("removed_on")
            still = self._source(lead)
            if still.stream != ended.stream:
                disagreements.append(Disagreement("removed_on", None, still, entry.removed_on, ended))
            entry = replace(entry, removed_on=None)
        terms = told.get("license_requirement") or told.get("license_review_policy")
        return Listing(
            entry_id=lead.entry_id,
            entry=entry,
            status=found.status,
            since=found.since,
            until=found.until,
            source=self._source(lead),
            said=told,
            disagreements=tuple(disagreements),
            starter=found.starter,
            terms_from=terms.published if terms else None,
        )

    def _has(self, said: Said, name: str) -> bool:
        return getattr(self.contents[said.statement_id], name) not in (None, (), "unknown")

    def _speaker(self, name: str) -> Said | None:
        """Per stream, the last statement whose file can hold the field; the first that is not empty."""
        for stream in self.streams:
            for said in stream:
                if name in self.timeline.by_id[said.snapshot_id].holds:
                    if self._has(said, name):
                        return said
                    break
        return None

    def _later_speaker(self, name: str) -> Said | None:
        """Who a party is may be told from a later statement; what applied to it may not."""
        return next((s for s in self.later if self._has(s, name)), None)

    def _freshness(self, said: Said) -> str:
        """The day of the last snapshot that repeated the statement by the act's day."""
        days = [
            snap.published.text[:10]
            for snap in self.timeline.until(self.as_of.known)
            if snap.stream == said.stream and snap.published.text[:10] <= self.day and covers([said], snap)
        ]
        return max([said.start, *days])

    def _names(self) -> tuple[Name, ...]:
        """The freshest statement's names, then what the others add, each told whence."""
        out: dict[str, Name] = {}
        whole_first = sorted(self.streams, key=lambda x: x[0].stream == _FIELDS_ONLY)
        for stream in [*whole_first, self.later[:1]]:
            holding = (s for s in stream if "names" in self.timeline.by_id[s.snapshot_id].holds)
            for said in dict.fromkeys([*stream[:1], *list(holding)[:1]]):
                for name in self.contents[said.statement_id].names:
                    key = name_key(name.text) or name.text
                    if key not in out:
                        quality = "strong" if out and name.quality == "primary" else name.quality
                        source = name.source or ("starter record" if out and said.stream == "starter" else None)
                        out[key] = replace(name, quality=quality, source=source)
        return tuple(out.values())

    def _source(self, said: Said) -> Source:
        """Where a statement stands; one record for all its fields."""
        found = self._sources.get(said)
        if found is None:
            snap = self.timeline.by_id[said.snapshot_id]
            stream = "origin" if said.stream == _FIELDS_ONLY else said.stream
            found = Source(f"sha256:{snap.sha256}", said.place, Moment.from_key(said.since), stream)
            self._sources[said] = found
        return found

    def _disagreements(self, entry: Entry, told: dict[str, Source]) -> Iterable[Disagreement]:
        """Where another stream's word differs in substance: any date, a text of the same time."""
        for stream in self.streams:
            for name in _COMPARED:
                said = next((x for x in stream if self._has(x, name)), None)
                source = told.get(name)
                if said is None or source is None or source.stream == said.stream:
                    continue
                used, value = getattr(entry, name), getattr(self.contents[said.statement_id], name)
                superseded = name not in _DATES and source.published.text[:10] > self._freshness(said)
                if not superseded and not _alike(used, value):
                    yield Disagreement(name, used, source, value, self._source(said))


def _trust(stream: str) -> int:
    return STREAMS.index(stream) if stream in STREAMS else 0


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return name_key(one) == name_key(other)
    return bool(one == other)
