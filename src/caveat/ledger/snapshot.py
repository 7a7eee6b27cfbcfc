"""Append a snapshot: the file's bytes, each content once, and which rows stand in it."""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from caveat.ledger.tables import file, snapshot, statement
from caveat.ledger.traits import Traits
from caveat.model import Entry, Moment

#: Which of two official streams is believed where both speak of one moment.
STREAMS = ("origin", "us.trade.csl", "kr.kaist", "starter")
#: The stream that is a list of lists: a cross-check beside each origin list.
CROSS_CHECK = "us.trade.csl"


@dataclass(frozen=True, slots=True)
class Given:
    """One list in one file, ready to be appended. `rows` are (entry, place) in the file's order."""

    list: str
    stream: str
    published: Moment
    sha256: str
    layout: str
    file_name: str
    dated_by: str
    holds: frozenset[str]
    reach: str
    rows: Sequence[tuple[Entry, str]]
    unread: Mapping[str, int]
    notes: Sequence[str]
    files: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored snapshot without its rows."""

    id: int
    list: str
    stream: str
    published: Moment
    sha256: str
    layout: str
    file_name: str
    dated_by: str
    holds: frozenset[str]
    reach: str
    row_count: int

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Snapshots of one list are taken in this order, however they were loaded; of one moment the fullest last."""
        trust = STREAMS.index(self.stream)
        return (self.published.key, trust, len(self.holds), self.sha256, self.layout, self.reach)


def keep_file(connection: sa.Connection, sha256: str, data: bytes) -> None:
    """Keep the file's bytes, once."""
    if connection.execute(sa.select(file.c.sha256).where(file.c.sha256 == sha256)).first() is None:
        connection.execute(sa.insert(file).values(sha256=sha256, size=len(data), packed=zlib.compress(data, 6)))


def read_file(connection: sa.Connection, sha256: str) -> bytes:
    """The kept bytes of a file."""
    packed = connection.execute(sa.select(file.c.packed).where(file.c.sha256 == sha256)).scalar_one()
    return zlib.decompress(packed)


def append(connection: sa.Connection, given: Given, loaded_at: str) -> int:
    """Write the snapshot and the contents nobody wrote before; return its id."""
    contents: dict[str, tuple[Entry, str]] = {}
    hashes = []
    for entry, _ in given.rows:
        text = entry.canonical()
        digest = hashlib.sha256(text.encode()).hexdigest()
        contents.setdefault(digest, (entry, text))
        hashes.append(digest)
    known = _ids(connection, given.list)
    new = [
        {
            "list": given.list,
            "hash": digest,
            "content": text,
            "traits": Traits.of(entry).to_json(),
        }
        for digest, (entry, text) in contents.items()
        if digest not in known
    ]
    if new:
        connection.execute(sa.insert(statement), new)
        known = _ids(connection, given.list)
    result = connection.execute(
        sa.insert(snapshot).values(
            list=given.list,
            stream=given.stream,
            published=given.published.key,
            sha256=given.sha256,
            layout=given.layout,
            file_name=given.file_name,
            dated_by=given.dated_by,
            holds=json.dumps(sorted(given.holds)),
            reach=given.reach,
            row_count=len(given.rows),
            members=_pack([known[digest] for digest in hashes]),
            places=zlib.compress("\n".join(place.replace("\n", " ") for _, place in given.rows).encode()),
            unread=json.dumps(dict(given.unread), sort_keys=True),
            notes=json.dumps(list(given.notes)),
            loaded_at=loaded_at,
            files=json.dumps(list(given.files)),
        )
    )
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def snapshots(connection: sa.Connection, list_id: str | None = None, *, sha256: str | None = None) -> list[Snapshot]:
    """The stored snapshots of one list, of one file, or all, in their order."""
    columns = [c for c in snapshot.c if c.name not in ("members", "places", "unread", "notes", "loaded_at", "files")]
    query = sa.select(*columns)
    if list_id is not None:
        query = query.where(snapshot.c.list == list_id)
    if sha256 is not None:
        query = query.where(snapshot.c.sha256 == sha256)
    found = [
        Snapshot(
            id=r.id, list=r.list, stream=r.stream, published=Moment.from_key(r.published), sha256=r.sha256,
            layout=r.layout, file_name=r.file_name, dated_by=r.dated_by, holds=frozenset(json.loads(r.holds)),
            reach=r.reach, row_count=r.row_count,
        )
        for r in connection.execute(query)
    ]  # fmt: skip
    return sorted(found, key=lambda s: (s.list, *s.order))


def members(connection: sa.Connection, snapshot_id: int) -> tuple[Sequence[int], Sequence[str]]:
    """The statement ids of a snapshot's rows and their places, in the file's order."""
    row = connection.execute(sa.select(snapshot.c.members, snapshot.c.places).where(snapshot.c.id == snapshot_id)).one()
    ids = array("I")
    ids.frombytes(zlib.decompress(row.members))
    if sys.byteorder == "big":
        ids.byteswap()
    places = zlib.decompress(row.places).decode()
    return ids, places.split("\n") if ids else []


def traits_of(connection: sa.Connection, list_id: str) -> dict[int, Traits]:
    """The traits of every statement of a list, by statement id."""
    query = sa.select(statement.c.id, statement.c.traits).where(statement.c.list == list_id)
    return {row.id: Traits.from_json(row.traits) for row in connection.execute(query)}


_CONTENTS = sa.select(statement.c.id, statement.c.content).where(
    statement.c.id.in_(sa.bindparam("ids", expanding=True))
)


def entries_of(connection: sa.Connection, statement_ids: Sequence[int]) -> dict[int, Entry]:
    """The content of statements by their ids."""
    out: dict[int, Entry] = {}
    for chunk in _chunks(sorted(set(statement_ids)), 500):
        for row in connection.execute(_CONTENTS, {"ids": chunk}):
            out[row.id] = Entry.from_dict(json.loads(row.content))
    return out


def _ids(connection: sa.Connection, list_id: str) -> dict[str, int]:
    query = sa.select(statement.c.hash, statement.c.id).where(statement.c.list == list_id)
    return {row.hash: row.id for row in connection.execute(query)}


def _pack(ids: Sequence[int]) -> bytes:
    packed = array("I", ids)
    if sys.byteorder == "big":
        packed.byteswap()
    return zlib.compress(packed.tobytes())


def _chunks(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
