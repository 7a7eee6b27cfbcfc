"""How this installation is: what is there, what is missing, and what that means."""

from __future__ import annotations

import platform
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from caveat import __version__
from caveat.app.desk import Desk
from caveat.errors import CaveatError
from caveat.model.answer import Answer
from caveat.screening import open_index

#: Module, what it brings, and the extra that installs it.
_PARTS = (
    ("pyarrow", "Parquet in and out", "batch"),
    ("pyspark", "screening on a Spark cluster", "spark"),
    ("fastapi", "the API and the pages", "serve"),
    ("psycopg", "PostgreSQL", "postgres"),
    ("pypdf", "articles as PDF", "news"),
    ("resvg_py", "pictures as PNG", "charts"),
)


class HealthDesk(Desk):
    """Is all well here?"""

    def doctor(self) -> Answer:
        """What is installed and loaded: one row a check, `state` ok, slower, missing or broken, with what to do."""
        rows = [
            _row("caveat", "ok", f"version {__version__}, Python {platform.python_version()}"),
            self._kernel(), self._database(), self._index(),
            *(_part(*part) for part in _PARTS),
        ]  # fmt: skip
        return Answer({"checks": rows, "is_well": all(row["state"] in ("ok", "missing") for row in rows)})

    def _kernel(self) -> dict[str, str]:
        if self._screener(self.as_of()).index.kernel is not None:
            return _row("compiled search", "ok", "present")
        told = "not built for this version: the reference scorer gives the same answers, some hundred times slower"
        return _row("compiled search", "slower", told, "install a wheel, or a C compiler and then caveat again")

    def _database(self) -> dict[str, str]:
        covered = [c for c in self.ledger.coverage(self.as_of()) if not c.is_cross_check]
        official = [c for c in covered if not c.starter]
        told = f"{self.config.db}: {len(official)} official lists, {sum(c.entries for c in covered):,} entries in force"
        if official:
            return _row("database", "ok", told)
        return _row("database", "ok", f"{told} (starter record only)", "caveat refresh, or caveat refresh --from FILE")

    def _index(self) -> dict[str, str]:
        folder = Path(self.config.index)
        stamp = folder / "generation"
        try:
            index = open_index(folder)
        except CaveatError:
            return _row("search index", "ok", f"{folder}: not there; made at the first question")
        is_fresh = stamp.exists() and stamp.read_text("utf-8") == self.ledger.generation()
        told = f"{folder}: {index.rows:,} names of {index.entries:,} entries"
        return _row("search index", "ok", told if is_fresh else f"{told}, of an earlier state; made anew when asked")


def _part(module: str, brings: str, extra: str) -> dict[str, str]:
    if find_spec(module) is not None:
        return _row(extra, "ok", brings)
    return _row(extra, "missing", f"{brings}: not installed", f"pip install 'caveat[{extra}]'")


def _row(check: str, state: str, told: str, do: str = "") -> dict[str, Any]:
    return {"check": check, "state": state, "told": told, "do": do}
