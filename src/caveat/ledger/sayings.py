"""Read what was said of entries out of the index."""

from __future__ import annotations

import json
from collections import defaultdict

import sqlalchemy as sa

from caveat.ledger.tables import saying
from caveat.ledger.view import Said


def sayings(connection: sa.Connection, where: sa.ColumnElement[bool]) -> dict[str, list[Said]]:
    """What was said, by entry id, in the index's order."""
    out: dict[str, list[Said]] = defaultdict(list)
    for r in connection.execute(sa.select(saying).where(where).order_by(saying.c.id)):
        stated = json.loads(r.stated) if r.stated != "{}" else {}
        out[r.entry_id].append(
            Said(
                r.entry_id, r.stream, r.snapshot_id, r.statement_id, r.place, r.since, r.until, r.in_force_from, stated
            )
        )  # fmt: skip
    return out
