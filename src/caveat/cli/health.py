"""The command that tells how this installation is."""

from __future__ import annotations

import typer

from caveat.cli import paper
from caveat.cli.context import of


def register(app: typer.Typer) -> None:
    """Hang the command on the program."""
    app.command()(doctor)


def doctor(ctx: typer.Context) -> int:
    """How this installation is: the compiled search, the database, the index, the optional parts."""
    context = of(ctx)
    answer = context.app.doctor()
    if context.is_text:
        for row in answer["checks"]:
            paper.say(f"{row['state']:<8} {row['check']}: {row['told']}" + (f"; {row['do']}" if row["do"] else ""))
    else:
        context.put(answer.to_dict(), answer["checks"])
    return 0
