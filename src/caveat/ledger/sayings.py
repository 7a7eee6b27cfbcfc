"""Read what was said of entries out of the index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from caveat.ledger.tables import saying
from caveat.ledger.view import Said

#: Built once: a question about one entry takes as long to be put into SQL as to be answered.
_OF_ENTRIES = sa.select(saying).where(saying.c.entry_id.in_(sa.bindparam("ids", expanding=True))).order_by(saying.c.id)


def sayings(connection: sa.Connection, where: sa.ColumnElement[bool]) -> dict[str, list[Said]]:
    """What was said, by entry id, in the index's order."""
    return _grouped(connection.execute(sa.select(saying).where(where).order_by(saying.c.id)).all())


def sayings_of(connection: sa.Connection, entry_ids: Sequence[str]) -> dict[str, list[Said]]:
    """What was said of these entries, by entry id, in the index's order."""
    return _grouped(connection.execute(_OF_ENTRIES, {"ids": entry_ids}).all())


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[str, list[Said]]:
    out: dict[str, list[Said]] = defaultdict(list)
    days = cache(json.loads)  # many state the same days: each text is read once
    for row in rows:
        _, _, entry_id, stream, snapshot_id, statement_id, place, since, until, start, stated = row
        out[entry_id].append(
            Said(entry_id, stream, snapshot_id, statement_id, place, since, until, start, days(stated))
        )
    return out


def alike(connection: sa.Connection, list_id: str) -> list[tuple[list[Said], list[str]]]:
    """The list's entry ids, together where the same was said of them at the same times, wording and place aside."""
    columns = (saying.c.entry_id, saying.c.stream, saying.c.since, saying.c.until, saying.c.in_force_from,
               saying.c.stated)  # fmt: skip
    by_entry: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in connection.execute(sa.select(*columns).where(saying.c.list == list_id).order_by(saying.c.id)).all():
        by_entry[row[0]].append(row)
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for entry_id, told in by_entry.items():
        groups[tuple(tuple(row[1:]) for row in told)].append(entry_id)
    days = cache(json.loads)
    return [
        ([Said(ids[0], stream, 0, 0, "", since, until, start, days(stated))
          for stream, since, until, start, stated in told], ids)
        for told, ids in groups.items()
    ]  # fmt: skip
