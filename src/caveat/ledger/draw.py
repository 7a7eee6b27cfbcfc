"""Draw the index of a list from its snapshots: which entry said what, from when until when."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from caveat.ledger.identity import Lineage, Members, link, settle_ids
from caveat.ledger.snapshot import Snapshot, members, snapshots, traits_of
from caveat.ledger.tables import handle, mark, saying, statement
from caveat.ledger.traits import Traits, bounded

_STARTER = "starter"


@dataclass(slots=True)
class _Run:
    """One statement of one entry in one stream, while its snapshots go on repeating it."""

    lineage: Lineage
    stream: str
    snapshot_id: int
    statement_id: int
    place: str
    since: str
    until: str | None = None
    in_force_from: str | None = None


def draw(connection: sa.Connection, list_id: str) -> None:
    """Draw the list's index anew from everything appended so far."""
    stored = snapshots(connection, list_id)
    traits = traits_of(connection, list_id)
    starter = sorted((s for s in stored if s.stream == _STARTER), key=lambda s: s.id)[-1:]  # the last laid counts
    official = [s for s in stored if s.stream != _STARTER]
    official.sort(key=lambda s: s.reach == "fields")  # what only adds to entries is linked once all are known
    ordered = starter + official
    contents = {s.id: members(connection, s.id) for s in ordered}
    linked = link(
        list_id,
        [Members(s.stream, s.reach, contents[s.id][0], _same(s, contents[s.id][1])) for s in ordered],
        traits,
    )
    runs: list[_Run] = []
    for snap, lineages in zip(ordered, linked, strict=True):
        if snap.stream == _STARTER:
            runs += _starter_runs(snap, lineages, *contents[snap.id])
    for stream in dict.fromkeys(s.stream for s in ordered if s.stream != _STARTER):
        of_stream = [(s, x) for s, x in zip(ordered, linked, strict=True) if s.stream == stream]
        runs += _stream_runs([(s, x, *contents[s.id]) for s, x in of_stream])
    _write(connection, list_id, runs, linked, traits)


def _same(snap: Snapshot, places: Sequence[str]) -> Sequence[str]:
    """The states of one starter entry stand at one place, whatever their days."""
    return [place.rsplit("@", 2)[0] for place in places] if snap.stream == _STARTER else ()


def _starter_runs(
    snap: Snapshot, lineages: Sequence[Lineage | None], ids: Sequence[int], places: Sequence[str]
) -> list[_Run]:
    """A starter row's place reads `where|party@from@known`: each state is dated by itself."""
    runs = []
    for lineage, statement_id, place in zip(lineages, ids, places, strict=True):
        where, since_day, known = place.rsplit("@", 2)
        assert lineage is not None
        runs.append(_Run(lineage, _STARTER, snap.id, statement_id, where, known, in_force_from=since_day or None))
    return runs


def _stream_runs(
    stream: Sequence[tuple[Snapshot, Sequence[Lineage | None], Sequence[int], Sequence[str]]],
) -> list[_Run]:
    done: list[_Run] = []
    open_runs: dict[int, _Run] = {}
    for snap, lineages, ids, places in stream:
        key = snap.published.key
        if snap.reach == "fields":
            for lineage, statement_id, place in zip(lineages, ids, places, strict=True):
                if lineage is not None:
                    done.append(_Run(lineage, "origin+", snap.id, statement_id, place, key))
            continue
        seen = set()
        for lineage, statement_id, place in zip(lineages, ids, places, strict=True):
            assert lineage is not None
            seen.add(id(lineage))
            run = open_runs.get(id(lineage))
            if run and run.statement_id == statement_id:
                continue
            if run:
                run.until = key
                done.append(run)
            open_runs[id(lineage)] = _Run(lineage, snap.stream, snap.id, statement_id, place, key)
        if snap.reach == "whole":
            for gone in [x for x in open_runs if x not in seen]:
                run = open_runs.pop(gone)
                run.until = key
                done.append(run)
    return done + list(open_runs.values())


def _write(
    connection: sa.Connection,
    list_id: str,
    runs: Sequence[_Run],
    linked: Sequence[Sequence[Lineage | None]],
    traits: dict[int, Traits],
) -> None:
    lineages = dict.fromkeys(x for rows in linked for x in rows if x is not None)
    ids = settle_ids(lineages)
    connection.execute(sa.delete(saying).where(saying.c.list == list_id))
    connection.execute(sa.delete(handle).where(handle.c.list == list_id))
    rows: list[dict[str, Any]] = [
        {
            "list": list_id,
            "entry_id": ids[id(run.lineage)],
            "stream": run.stream,
            "snapshot_id": run.snapshot_id,
            "statement_id": run.statement_id,
            "place": run.place.partition("|")[0] if run.stream == _STARTER else run.place,
            "since": run.since,
            "until": run.until,
            "in_force_from": run.in_force_from,
            "stated": json.dumps(traits[run.statement_id].stated, sort_keys=True),
        }
        for run in runs
    ]
    rows.sort(key=lambda r: (r["entry_id"], r["since"], r["stream"], r["statement_id"]))
    if rows:
        connection.execute(sa.insert(saying), rows)
    handles = {("id", former, ids[id(x)]) for x in lineages for former in x.ids}
    for run in runs:
        entry_id, found = ids[id(run.lineage)], traits[run.statement_id]
        handles.update(("name", key, entry_id) for key in found.names)
        handles.update(("address", key, entry_id) for key in found.addresses)
        handles.update(("number", key, entry_id) for key in found.numbers)
        if run.stream == _STARTER and (party := run.place.partition("|")[2]):
            handles.add(("party", party, entry_id))
    if handles:
        connection.execute(
            sa.insert(handle),
            [{"kind": k, "value": bounded(v), "entry_id": e, "list": list_id} for k, v, e in sorted(handles)],
        )


def set_generation(connection: sa.Connection) -> str:
    """Name the state of the ledger, so that what is built on it can tell that it changed."""
    lines = [f"{s.list} {s.stream} {s.published.key} {s.sha256} {s.layout}" for s in snapshots(connection)]
    generation = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    connection.execute(sa.delete(mark).where(mark.c.name == "generation"))
    connection.execute(sa.insert(mark).values(name="generation", value=generation))
    return generation


def digest(connection: sa.Connection) -> str:
    """SHA-256 (hex) over every list's snapshots and drawn index: equal for equal content,

    whatever the order of loading and the kind of database.
    """
    out = hashlib.sha256()
    hashes: dict[int, str] = {
        row.id: row.hash for row in connection.execute(sa.select(statement.c.id, statement.c.hash))
    }
    names = {}
    for snap in snapshots(connection):
        names[snap.id] = f"{snap.stream} {snap.published.key} {snap.sha256} {snap.layout} {snap.reach}"
        line = [snap.list, names[snap.id], snap.reach, *sorted(snap.holds)]
        ids, places = members(connection, snap.id)
        rows = hashlib.sha256("\n".join(f"{hashes[i]} {p}" for i, p in zip(ids, places, strict=True)).encode())
        out.update(f"{' '.join(line)} {rows.hexdigest()}\n".encode())
    query = sa.select(saying)
    lines = sorted(
        f"{r.entry_id} {names[r.snapshot_id]} {r.stream} {hashes[r.statement_id]} {r.since} {r.until} {r.in_force_from}"
        for r in connection.execute(query)
    )
    out.update("\n".join(lines).encode())
    return out.hexdigest()
