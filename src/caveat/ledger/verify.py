"""Read every kept file again and hold it against its name."""

import hashlib
import zlib

import sqlalchemy as sa

from caveat.ledger.tables import file
from caveat.store import Store


def broken_files(store: Store) -> list[str]:
    """The hashes of kept files whose bytes no longer give them."""
    broken = []
    with store.read() as connection:
        for sha256 in connection.execute(sa.select(file.c.sha256).order_by(file.c.sha256)).scalars().all():
            packed = connection.execute(sa.select(file.c.packed).where(file.c.sha256 == sha256)).scalar_one()
            try:
                whole = hashlib.sha256(zlib.decompress(packed)).hexdigest() == sha256
            except zlib.error:
                whole = False
            if not whole:
                broken.append(f"sha256:{sha256}")
    return broken
