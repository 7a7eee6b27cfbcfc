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
_TERMS = ("license_requirement", "license_review_policy", "footnotes")
_DATES = ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by")
_COMPARED = ("effective_on", "published_on", "divest_by", "footnotes", "license_requirement", "license_review_policy")
#: NS-CMIC listings stand from publication; `effective_on` is when purchases are barred.
_IN_FORCE_FROM_PUBLICATION = frozenset({"us.ofac.ns_cmic"})
_FIELDS = (
    "kind", "source_id", "addresses", "identifiers", "countries", "nationalities", "birth_dates", "birth_places",
    "genders", "title", "programs", "citations", "remarks", "details", "unconfirmed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
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
        self.by_id = {s.id: s for s in everything}
        self.whole = [s for s in everything if s.stream != "starter" and s.reach == "whole"]

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

    def last_official(self, known: Moment) -> Snapshot | None:
        """The last official snapshot published by `known`, extracts included."""
        official = [s for s in self.by_id.values() if s.stream != "starter" and s.reach != "fields"]
        return max((s for s in official if s.published.key <= known.key), key=lambda s: s.order, default=None)


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether and when an entry is on its list, as of a moment."""

    status: Status
    since: dt.date | None
    until: dt.date | None
    starter: bool


def presence(list_id: str, sayings: Sequence[Said], seen: Sequence[Snapshot], as_of: AsOf) -> Presence | None:
    """The entry's status on the day; None where nobody had listed or announced it by then.

    `seen` is `Timeline.until(as_of.known)`.
    """
    heard = [s for s in sayings if s.since <= as_of.known.key and s.stream != "origin+"]
    official = [s for s in heard if s.stream != "starter"]
    stated = _stated(sayings if not heard else heard)
    since_day = _first_day(list_id, stated)
    if not heard:
        said_on = min((v for k, v in stated.items() if k != "removed_on"), default=None)
        if said_on is None or said_on > as_of.known.text[:10]:
            return None
        heard = list(sayings)
    day = as_of.in_force.isoformat()
    removed = stated.get("removed_on")
    flags = [_covers(official, snap) for snap in seen]
    if since_day is None:
        since_day = min(s.start for s in heard)
        first_seen_only = True
    else:
        first_seen_only = False
    until = _end(flags, seen, since_day, day, removed)
    starter = not official
    if day < since_day:
        announced = [v for k, v in stated.items() if k in ("announced_on", "published_on")]
        if first_seen_only or (
            as_of.known.text[:10] < since_day and min(announced, default="9") > as_of.known.text[:10]
        ):
            return None
        return Presence("announced", _day(since_day), _day(until), starter)
    status: Status = "removed" if until is not None and until <= day else "listed"
    return Presence(status, None if first_seen_only else _day(since_day), _day(until), starter)


def _end(flags: Sequence[bool], seen: Sequence[Snapshot], since: str, day: str, removed: str | None) -> str | None:
    """The first day (ISO) without the listing, told for the act's day; None while it stands."""
    end: str | None = None
    was_present = False
    last_present = since
    for flag, snap in zip(flags, seen, strict=True):
        snap_day = snap.published.text[:10]
        if flag:
            was_present, last_present = True, max(last_present, snap_day)
            if end is not None and snap_day > day and end <= day:
                return end  # gone on that day, listed again later
            end = None
        elif end is None and (was_present or snap_day > since):
            end = snap_day
            if removed and last_present <= removed <= snap_day:
                end = removed
    if end is None and removed and not (flags and flags[-1] and seen[-1].published.text[:10] > removed):
        return removed
    return end


def _covers(official: Sequence[Said], snap: Snapshot) -> bool:
    key = snap.published.key
    return any(s.stream == snap.stream and s.since <= key and (s.until is None or key < s.until) for s in official)


def _stated(sayings: Sequence[Said]) -> dict[str, str]:
    """The dates stated, the most trusted stream's first, its last word."""
    out: dict[str, str] = {}
    for said in sorted(sayings, key=lambda s: (_date_rank(s), s.since), reverse=True):
        for name, value in said.stated.items():
            if not name.startswith("~"):
                out.setdefault(name, value)
    return out


def _date_rank(said: Said) -> int:
    """Whose dates are believed: the origin, a starter correction, the consolidated list, the starter."""
    if said.stream == "starter":
        return 3 if "~corrects" in said.stated else 1
    return {"origin": 4, "us.trade.csl": 2}.get(said.stream, 0)


def _first_day(list_id: str, stated: dict[str, str]) -> str | None:
    if list_id in _IN_FORCE_FROM_PUBLICATION and "published_on" in stated:
        return stated["published_on"]
    return stated.get("effective_on") or stated.get("published_on") or stated.get("announced_on")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None


def merge(
    list_id: str, sayings: Sequence[Said], contents: dict[int, Entry], timeline: Timeline, as_of: AsOf
) -> Listing | None:
    """The listing as of the moment, or None. `contents` holds every saying's statement."""
    found = presence(list_id, sayings, timeline.until(as_of.known), as_of)
    if found is None:
        return None
    heard = [s for s in sayings if s.since <= as_of.known.key] or list(sayings)
    day = as_of.in_force.isoformat()
    by_day = [s for s in heard if s.start <= day]

    def rank(said: Said) -> tuple[str, int, str]:
        """Freshest first: a statement is as fresh as the last snapshot that repeated it by then."""
        return (_freshness(said, timeline, as_of, day), -_trust(said.stream), said.since)

    current = sorted(by_day, key=rank, reverse=True)
    later = sorted((s for s in heard if s.start > day), key=lambda s: (s.start, _trust(s.stream)))
    values: dict[str, Any] = {}
    told: dict[str, Source] = {}
    for name in _FIELDS + _TERMS:
        pool = current if name in _TERMS else current + later
        said = _speaker(name, pool, contents, timeline)
        if said is not None:
            values[name] = getattr(contents[said.statement_id], name)
            told[name] = _source(said, timeline)
    for name in _DATES:
        said = _speaker(
            name,
            sorted(heard, key=lambda s: (_date_rank(s), s.since), reverse=True),
            contents,
            timeline,
            need_value=True,
        )
        if said is not None:
            values[name] = getattr(contents[said.statement_id], name)
            told[name] = _source(said, timeline)
    values["names"] = _names([s for s in current + later if s.stream != "origin+" or s in current], contents)
    entry = replace(Entry(list_id), **values)
    lead = next((s for s in [*current, *later] if s.stream != "origin+"), heard[0])
    terms = told.get("license_requirement") or told.get("license_review_policy")
    return Listing(
        entry_id=lead.entry_id,
        entry=entry,
        status=found.status,
        since=found.since,
        until=found.until,
        source=_source(lead, timeline),
        said=told,
        disagreements=tuple(_disagreements(entry, told, heard, contents, timeline, as_of, day)),
        starter=found.starter,
        terms_from=terms.published if terms else None,
    )


def _trust(stream: str) -> int:
    return STREAMS.index(stream) if stream in STREAMS else 0


def _freshness(said: Said, timeline: Timeline, as_of: AsOf, day: str) -> str:
    if said.stream in ("starter", "origin+"):
        return said.start
    last = said.since
    for snap in timeline.whole:
        if snap.stream == said.stream and snap.published.key <= as_of.known.key and snap.published.text[:10] <= day:
            if said.since <= snap.published.key and (said.until is None or snap.published.key < said.until):
                last = max(last, snap.published.key)
    return last[:10]


def _speaker(
    name: str, pool: Sequence[Said], contents: dict[int, Entry], timeline: Timeline, *, need_value: bool = False
) -> Said | None:
    """The first in the pool whose file can hold the field; a silent one speaks only if alone."""
    for said in pool:
        value = getattr(contents[said.statement_id], name)
        has_value = value not in (None, (), "unknown")
        if has_value or (not need_value and name in timeline.by_id[said.snapshot_id].holds and said.stream == "origin"):
            return said
    return None


def _names(pool: Sequence[Said], contents: dict[int, Entry]) -> tuple[Name, ...]:
    """The freshest statement's names, then what the others add, each told whence."""
    out: dict[str, Name] = {}
    has_primary = False
    for order, said in enumerate(pool):
        for name in contents[said.statement_id].names:
            key = name_key(name.text) or name.text
            if key in out:
                continue
            if name.quality == "primary":
                if has_primary:
                    name = replace(name, quality="strong" if order else "primary")
                has_primary = True
            if said.stream == "starter" and order and name.source is None:
                name = replace(name, source="starter record")
            out[key] = name
    return tuple(sorted(out.values(), key=lambda n: n.quality != "primary"))


def _source(said: Said, timeline: Timeline) -> Source:
    snap = timeline.by_id[said.snapshot_id]
    published = Moment.from_key(said.since)
    return Source(f"sha256:{snap.sha256}", said.place, published, said.stream.rstrip("+"))


def _disagreements(
    entry: Entry,
    told: dict[str, Source],
    heard: Sequence[Said],
    contents: dict[int, Entry],
    timeline: Timeline,
    as_of: AsOf,
    day: str,
) -> Iterable[Disagreement]:
    """Where another stream's word of the same time differs in substance."""
    latest: dict[str, Said] = {}
    for said in heard:
        if said.stream != "origin+" and (said.until is None or said.until > as_of.known.key) and said.start <= day:
            if said.stream not in latest or said.start >= latest[said.stream].start:
                latest[said.stream] = said
    for stream, said in sorted(latest.items()):
        other = contents[said.statement_id]
        for name in _COMPARED:
            used, value = getattr(entry, name), getattr(other, name)
            source = told.get(name)
            if source is None or source.stream == stream or value in (None, ()) or _alike(used, value):
                continue
            if name in _TERMS and source.published.key > _freshness(said, timeline, as_of, day):
                continue  # an amendment, not a contradiction
            yield Disagreement(name, used, source, value, _source(said, timeline))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return name_key(one) == name_key(other)
    return bool(one == other)
