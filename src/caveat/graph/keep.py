"""Files of edges kept in the database: bytes by hash, nothing overwritten, read again as of the two clocks.

A dataset is one publisher's running file (its name, unless the caller names it). A later snapshot of a dataset takes
the place of an earlier one from the moment it was published; a delta adds to the snapshot before it. A file that
states no date, and was given none, counts as known throughout.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from caveat.errors import InputError
from caveat.graph.edge import EdgeReading
from caveat.graph.read import read_edges
from caveat.model import Moment
from caveat.store import Store, metadata

_MOST_KEPT = 512 * 2**20

#: One file of edges. `published` is a Moment key, empty where nobody states one. `reach`: `whole` or `delta`.
edge_file = sa.Table(
    "edge_file",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dataset", sa.String(200), nullable=False, index=True),
    sa.Column("published", sa.String(24), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("layout", sa.String(64), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("reach", sa.String(8), nullable=False),
    sa.Column("edge_count", sa.Integer, nullable=False),
    sa.Column("party_count", sa.Integer, nullable=False),
    sa.Column("complaints", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
    sa.Column("loaded_at", sa.String(24), nullable=False),
    sa.UniqueConstraint("dataset", "published", "sha256"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of edges in the database, without its bytes."""

    id: int
    dataset: str
    published: Moment | None
    sha256: str
    layout: str
    file_name: str
    reach: str
    edges: int
    parties: int
    complaints: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "dataset": self.dataset, "published": self.published.text if self.published else None,
            "snapshot": f"sha256:{self.sha256}", "layout": self.layout, "file": self.file_name, "reach": self.reach,
            "edges": self.edges, "parties": self.parties, "complaints": self.complaints,
        }  # fmt: skip


def keep_edges(
    store: Store, given: Path | str | bytes, name: str | None = None, *, loaded_at: str, dataset: str | None = None,
    published: Moment | None = None,
) -> tuple[EdgeReading, bool]:  # fmt: skip
    """Read a file of edges and keep its bytes; the reading, and whether the file is new to the dataset.

    InputError or ShapeError where it cannot be read: then nothing is kept.
    """
    if isinstance(given, bytes):
        data, name = given, name or "edges"
    else:
        path = Path(given)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=str(path), do="check the path") from None
        name = name or path.name
    if len(data) > _MOST_KEPT:
        raise InputError("is over 512 MiB", where=name, do="pack it with gzip or split it")
    reading = read_edges(data, name)
    published = published or reading.published
    key = {
        "dataset": dataset or dataset_of(name),
        "published": published.key if published else "",
        "sha256": reading.sha256,
    }
    values = {
        **key, "layout": reading.layout, "file_name": name, "reach": "delta" if reading.delta else "whole",
        "edge_count": len(reading.edges), "party_count": len({p.id for p in reading.parties}),
        "complaints": json.dumps([c.to_dict() for c in reading.complaints]), "size": len(data),
        "packed": zlib.compress(data, 6), "loaded_at": loaded_at,
    }  # fmt: skip
    with store.write() as connection:
        same = [edge_file.c[column] == value for column, value in key.items()]
        if connection.execute(sa.select(edge_file.c.id).where(*same)).first() is not None:
            return reading, False
        connection.execute(sa.insert(edge_file).values(values))
    return reading, True


def kept_files(store: Store, known: Moment | None = None, *, every: bool = False) -> list[Kept]:
    """The files that speak at `known` (default: now): of each dataset the latest whole one and its deltas.

    `every` tells all files said by then, those a later one took the place of too.
    """
    columns = [c for c in edge_file.c if c.name not in ("packed", "loaded_at", "size")]
    with store.read() as connection:
        rows = connection.execute(sa.select(*columns).order_by(edge_file.c.published, edge_file.c.id)).all()
    by: defaultdict[str, list[Kept]] = defaultdict(list)
    for row in rows:
        if known is not None and row.published > known.key:
            continue
        kept = Kept(
            row.id, row.dataset, Moment.from_key(row.published) if row.published else None, row.sha256, row.layout,
            row.file_name, row.reach, row.edge_count, row.party_count, len(json.loads(row.complaints)),
        )  # fmt: skip
        if kept.reach == "whole" and not every:
            by[kept.dataset] = [kept]
        else:
            by[kept.dataset].append(kept)
    return [kept for dataset in sorted(by) for kept in by[dataset]]


def read_kept(store: Store, files: Sequence[Kept]) -> list[EdgeReading]:
    """Read kept files again, in order."""
    readings = []
    for kept in files:
        with store.read() as connection:
            packed = connection.execute(sa.select(edge_file.c.packed).where(edge_file.c.id == kept.id)).scalar_one()
        readings.append(read_edges(zlib.decompress(packed), kept.file_name))
    return readings


def dataset_of(name: str) -> str:
    """The dataset a file name stands for: without folder, ending and date.

    >>> dataset_of("gleif-rr_2024-05-01.csv.gz"), dataset_of("suppliers.csv")
    ('gleif-rr', 'suppliers')
    """
    stem = Path(name).name.split(".", 1)[0]
    return re.sub(r"[-_ ]*\d{4}-?\d{2}-?\d{2}([T_-]?\d{4,6})?", "", stem) or stem
