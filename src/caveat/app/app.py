"""The whole app, opened on a database."""

from __future__ import annotations

from caveat.app.acts import ActDesk
from caveat.app.graph import GraphDesk
from caveat.app.health import HealthDesk
from caveat.app.ledger import LedgerDesk
from caveat.app.parties import PartyDesk
from caveat.app.press import PressDesk
from caveat.batch import SparkWishes
from caveat.config import Config, read_config
from caveat.screening import Query

__all__ = ["App", "Query", "SparkWishes", "open_app"]


class App(GraphDesk, LedgerDesk, PartyDesk, ActDesk, PressDesk, HealthDesk):
    """Every command as a method of the same name. Close it, or use it in a `with` block."""

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_app(config: Config | str | None = None, *, as_of: str | None = None, known: str | None = None) -> App:
    """Open Caveat on the configured database, or on the one at a URL or path."""
    if not isinstance(config, Config):
        config = read_config(db=config)
    return App(config, as_of=as_of, known=known)
