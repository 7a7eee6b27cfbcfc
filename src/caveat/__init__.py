"""Caveat: who is this party, what do the official lists say, and what does it mean for this act today.

>>> import caveat
>>> app = caveat.open("sqlite:///:memory:")
>>> app.show("Hikvision")["effective_on"]
'2019-10-09'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from caveat.errors import CaveatError

if TYPE_CHECKING:
    from caveat.app import App

__version__ = "0.1.0"
__all__ = ["CaveatError", "__version__", "open"]


def open(db: str | None = None, *, as_of: str | None = None, known: str | None = None) -> App:  # noqa: A001
    """Open Caveat on a database URL or path (default: the configured one), as of two clocks."""
    from caveat.app import open_app

    return open_app(db, as_of=as_of, known=known)
