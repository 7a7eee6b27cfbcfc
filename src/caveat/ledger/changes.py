"""Steps in an entry's life, and what differs between two moments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from caveat.ledger.snapshot import Snapshot, entries_of, members
from caveat.ledger.view import FROM_PUBLICATION, Presences, Said, Timeline
from caveat.model import AsOf, Entry, Moment

_ORDER = {"added": 0, "amended": 1, "removed": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One step in an entry's life: `kind` is added, amended or removed.

    `fields` holds (field, before, after) for an amendment.
    """

    kind: str
    on: Moment
    entry_id: str
    list: str
    name: str
    stream: str
    snapshot: str
    place: str
    fields: tuple[tuple[str, Any, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "kind": self.kind, "on": self.on.text, "entry_id": self.entry_id, "list": self.list, "name": self.name,
            "source": {"snapshot": self.snapshot, "row": self.place, "stream": self.stream},
            "fields": [{"field": f, "before": b, "after": a} for f, b, a in self.fields],
        }  # fmt: skip


def life(group: Sequence[Said], contents: Mapping[int, Entry], timeline: Timeline) -> list[Change]:
    """Every step of one entry, as each stream told it, in order of date."""
    steps: list[Change] = []
    for stream in dict.fromkeys(s.stream for s in group):
        before: Said | None = None
        for said in sorted((s for s in group if s.stream == stream), key=lambda s: (s.start, s.since)):
            steps += _steps(before, said, contents, timeline)
            before = said
        if before is not None and before.until is not None:
            steps.append(_gone(before, contents, timeline))
    return sorted(steps, key=lambda c: (c.on.key, c.stream, _ORDER[c.kind]))


def between(
    connection: sa.Connection, groups: Mapping[str, Sequence[Said]], timeline: Timeline, first: AsOf, last: AsOf
) -> list[Change]:
    """What was added, amended and removed on one list between two moments."""
    at_first, at_last = Presences(timeline, first), Presences(timeline, last)
    found: list[tuple[str, Said | None, Said]] = []
    for group in groups.values():
        was, is_ = (p is not None and p.status == "listed" for p in (at_first.of(group), at_last.of(group)))
        now, then = _said_at(group, last), _said_at(group, first)
        if is_ and not was:
            found.append(("added", None, now[0] if now else group[-1]))
        elif was and not is_:
            found.append(("removed", None, then[0] if then else group[-1]))
        elif was and is_:
            earlier = {s.stream: s for s in then}
            for said in now:
                old = earlier.get(said.stream)
                if old and old.statement_id != said.statement_id:
                    found.append(("amended", old, said))
    contents = entries_of(connection, [s.statement_id for _, old, new in found for s in (old, new) if s])
    out = []
    for kind, old, new in found:
        fields = _compare(old, new, contents, timeline) if old else ()
        if kind != "amended" or fields:
            key = (new.until or last.known.key) if kind == "removed" else new.since
            out.append(_change(kind, min(Moment.from_key(key), last.known), new, contents, timeline, fields))
    return sorted(out, key=lambda c: (_ORDER[c.kind], c.name, c.entry_id))


def counts(
    connection: sa.Connection, groups: Mapping[str, Sequence[Said]], timeline: Timeline, snap: Snapshot
) -> tuple[int, int, int]:
    """(added, amended, removed) by one snapshot against the one before it in its stream."""
    others = [s for s in timeline.whole if (s.stream, s.published) == (snap.stream, snap.published) and s.id != snap.id]
    if others and snap.reach == "whole":  # two files of one moment: what the one has that the other has not
        return _counts_beside(connection, groups, timeline, max(others, key=lambda s: s.order), snap)
    key = snap.published.key
    added = removed = 0
    both: list[tuple[Said, Said]] = []
    for group in groups.values():
        stream = [s for s in group if s.stream == snap.stream]
        now = next((s for s in stream if s.since <= key and (s.until is None or s.until > key)), None)
        ended = next((s for s in stream if s.until == key), None)
        if now is None:
            removed += ended is not None
        elif now.snapshot_id == snap.id:
            if ended is None:
                added += 1
            else:
                both.append((ended, now))
    contents = entries_of(connection, [s.statement_id for pair in both for s in pair])
    return added, sum(bool(_compare(old, new, contents, timeline)) for old, new in both), removed


def _counts_beside(
    connection: sa.Connection, groups: Mapping[str, Sequence[Said]], timeline: Timeline, one: Snapshot, other: Snapshot
) -> tuple[int, int, int]:
    owners: dict[int, list[str]] = defaultdict(list)
    said: dict[tuple[int, str], Said] = {}
    for entry_id, group in groups.items():
        for each in group:
            if each.stream == other.stream and (each.statement_id, entry_id) not in said:
                owners[each.statement_id].append(entry_id)
                said[each.statement_id, entry_id] = each
    first, second = (_entries_in(connection, snap, owners) for snap in (one, other))
    both = [
        (replace(said[first[e], e], snapshot_id=one.id), replace(said[second[e], e], snapshot_id=other.id))
        for e in first.keys() & second.keys()
        if first[e] != second[e]
    ]
    contents = entries_of(connection, [s.statement_id for pair in both for s in pair])
    amended = sum(bool(_compare(old, new, contents, timeline)) for old, new in both)
    return len(second.keys() - first.keys()), amended, len(first.keys() - second.keys())


def _entries_in(connection: sa.Connection, snap: Snapshot, owners: Mapping[int, Sequence[str]]) -> dict[str, int]:
    """Entry id -> statement of a snapshot's rows; of rows printed twice each has its own entry."""
    met: Counter[int] = Counter()
    found: dict[str, int] = {}
    for statement_id in members(connection, snap.id)[0]:
        if met[statement_id] < len(owners[statement_id]):
            found[owners[statement_id][met[statement_id]]] = statement_id
        met[statement_id] += 1
    return found


def _said_at(group: Sequence[Said], as_of: AsOf) -> list[Said]:
    """The statement each stream stands by at a moment, the origin's first."""
    key, day = as_of.known.key, as_of.in_force.isoformat()
    out: dict[str, Said] = {}
    for said in sorted(group, key=lambda s: (s.start, s.since)):
        if said.since <= key and (said.until is None or key < said.until) and said.start <= day:
            out[said.stream] = said
    return sorted(out.values(), key=lambda s: s.stream != "origin")


def _steps(before: Said | None, said: Said, contents: Mapping[int, Entry], timeline: Timeline) -> list[Change]:
    on = Moment.from_key(said.since)
    if said.in_force_from and contents[said.statement_id].list not in FROM_PUBLICATION:
        on = max(on, Moment(said.in_force_from))
    if before is None or (before.until is not None and before.until < said.since):
        gap = [_gone(before, contents, timeline)] if before else []
        return [*gap, _change("added", on, said, contents, timeline)]
    if contents[said.statement_id].removed_on and not contents[before.statement_id].removed_on:
        return [_change("removed", on, said, contents, timeline)]
    fields = _compare(before, said, contents, timeline)
    return [_change("amended", on, said, contents, timeline, fields)] if fields else []


def _gone(said: Said, contents: Mapping[int, Entry], timeline: Timeline) -> Change:
    assert said.until is not None
    return _change("removed", Moment.from_key(said.until), said, contents, timeline)


def _change(
    kind: str, on: Moment, said: Said, contents: Mapping[int, Entry], timeline: Timeline,
    fields: tuple[tuple[str, Any, Any], ...] = (),
) -> Change:  # fmt: skip
    entry = contents[said.statement_id]
    snap = timeline.by_id[said.snapshot_id]
    name = entry.name or (entry.addresses[0].text if entry.addresses else "")
    return Change(kind, on, said.entry_id, entry.list, name, said.stream, f"sha256:{snap.sha256}", said.place, fields)


def _compare(
    old: Said, new: Said, contents: Mapping[int, Entry], timeline: Timeline
) -> tuple[tuple[str, Any, Any], ...]:
    """(field, before, after) of the fields both files can hold."""
    holds = timeline.by_id[old.snapshot_id].holds & timeline.by_id[new.snapshot_id].holds
    one, other = contents[old.statement_id], contents[new.statement_id]
    before, after = one.to_dict(), other.to_dict()
    fields = [(name, before.get(name), after.get(name)) for name in sorted(holds)]
    if "names" not in holds:  # a file without its aliases still prints the name itself
        fields.append(("name", one.name, other.name))
    return tuple(field for field in fields if field[1] != field[2])
