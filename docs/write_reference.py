"""Write reference/commands.md from the program itself: `make docs`; a test holds the page against it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import typer

from caveat.cli import app

PAGE = Path(__file__).parent / "reference" / "commands.md"

HEAD = """\
# Commands

Written by `make docs` from the program itself. [Exit codes and output](output.md) says what every command shares.
"""


def tell_commands() -> str:
    """The whole page."""
    program: Any = typer.main.get_command(app)
    parts = [HEAD, "## General options\n\nThey may stand before the command or after it.\n", _table(program.params)]
    for name in program.list_commands(None):
        command = program.get_command(None, name)
        words = " ".join(_metavar(p) for p in command.params if p.param_type_name == "argument")
        parts += [f"## caveat {name} {words}".rstrip() + "\n", f"{inspect.cleandoc(command.help or '')}\n"]
        parts.append(_table(command.params))
    return "\n".join(part for part in parts if part)


def _metavar(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    name = name if parameter.required or name.startswith("[") else f"[{name}]"
    return str(name)


def _table(parameters: list[Any]) -> str:
    rows = []
    for p in parameters:
        text = (getattr(p, "help", None) or "").replace("|", "\\|")
        if p.param_type_name == "option":
            rows.append(f"| `{p.opts[-1]}` | {text} |")
        elif text:
            rows.append(f"| {_metavar(p).replace('|', chr(92) + '|')} | {text} |")
    return "\n".join(["| | |", "|---|---|", *rows, ""]) if rows else ""


if __name__ == "__main__":
    PAGE.write_text(tell_commands(), "utf-8")
