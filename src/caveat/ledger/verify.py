"""Read the ledger again: kept files and statements against their hashes, the index against a fresh drawing."""

import hashlib
import zlib
from dataclasses import dataclass

import sqlalchemy as sa

from caveat.ledger.draw import digest, draw
from caveat.ledger.snapshot import snapshots
from caveat.ledger.tables import file, statement
from caveat.store import Store


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ledger's digest, and one line for everything found broken."""

    digest: str
    broken: tuple[str, ...]


class _Undo(Exception):  # noqa: N818 - no error: it ends a transaction that must leave nothing
    pass


def verify(store: Store) -> Verdict:
    """Hold everything kept against its name. Nothing is changed."""
    with store.read() as connection:
        broken = [*_broken_files(connection), *_broken_statements(connection)]
        kept = digest(connection)
    if not broken:
        fresh = kept
        try:
            with store.write() as connection:
                kept = digest(connection)
                for list_id in sorted({s.list for s in snapshots(connection)}):
                    draw(connection, list_id)
                fresh = digest(connection)
                raise _Undo
        except _Undo:
            pass
        if fresh != kept:
            broken.append(f"the index: drawn anew it gives the digest {fresh}")
    return Verdict(kept, tuple(broken))


def _broken_files(connection: sa.Connection) -> list[str]:
    broken = []
    for sha256 in connection.execute(sa.select(file.c.sha256).order_by(file.c.sha256)).scalars().all():
        packed = connection.execute(sa.select(file.c.packed).where(file.c.sha256 == sha256)).scalar_one()
        try:
            whole = hashlib.sha256(zlib.decompress(packed)).hexdigest() == sha256
        except zlib.error:
            whole = False
        if not whole:
            broken.append(f"file sha256:{sha256}")
    return broken


def _broken_statements(connection: sa.Connection) -> list[str]:
    query = sa.select(statement.c.list, statement.c.hash, statement.c.content)
    return [
        f"statement {row.hash} of {row.list}"
        for row in connection.execute(query)
        if hashlib.sha256(row.content.encode()).hexdigest() != row.hash
    ]
