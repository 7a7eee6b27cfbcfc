"""Commands on acts: determine, check, replay."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
