"""Lay the starter record into the ledger: one snapshot a list, each state dated by itself."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace

import sqlalchemy as sa

from caveat.ledger.draw import draw, set_generation
from caveat.ledger.snapshot import Given, append, snapshots
from caveat.model import ENTRY_FIELDS, Entry, Moment
from caveat.record import StarterEntry, digest_record, read_record
from caveat.store import Store


def lay_starter(store: Store, now: str) -> None:
    """Append the record that ships with Caveat where the ledger does not hold this version of it yet."""
    with store.read() as connection:
        if digest_record() in _held(connection):
            return
    record = read_record()
    with store.write() as connection:
        if record.digest in _held(connection):  # another process was faster
            return
        by_list: dict[str, list[tuple[Entry, str]]] = defaultdict(list)
        for starter in record.entries:
            by_list[starter.list] += _rows(starter)
        for list_id, rows in sorted(by_list.items()):
            latest = max(place.rsplit("@", 1)[1] for _, place in rows)
            given = Given(
                list=list_id, stream="starter", published=Moment.from_key(latest),
                sha256=hashlib.sha256(f"{record.digest} {list_id}".encode()).hexdigest(),
                layout=f"starter.{record.digest}", file_name="starter record", dated_by="record",
                holds=ENTRY_FIELDS, reach="starter", rows=rows, unread={}, notes=(),
            )  # fmt: skip
            append(connection, given, now)
            draw(connection, list_id)
        set_generation(connection)


def _held(connection: sa.Connection) -> set[str]:
    layouts = {s.layout for s in snapshots(connection) if s.stream == "starter"}
    return {layout.removeprefix("starter.") for layout in layouts}


def _rows(starter: StarterEntry) -> list[tuple[Entry, str]]:
    """(entry, `row|party@from@known`) for each state, the removal last."""
    where = f"{starter.row}|{starter.party_key or ''}"
    rows = [(s.entry, f"{where}@{s.from_.isoformat()}@{s.known.key}") for s in starter.states]
    if starter.removed:
        gone = replace(starter.entry, removed_on=starter.removed.on)
        rows.append((gone, f"{where}@{starter.removed.on.isoformat()}@{starter.removed.known.key}"))
    return rows
