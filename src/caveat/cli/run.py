"""The `caveat` program: its options, its exit codes, and one line for every error."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from caveat import __version__
from caveat.cli.context import Context, Form
from caveat.errors import CaveatError, InputError

#: Which file holds which commands, as `--help` lists them.
_FILES = {
    "ledger": ("refresh", "lists", "show", "history", "changes", "disagreements", "verify", "backup"),
    "screening": ("screen", "compare", "confirm", "reject"),
    "acts": ("determine", "check", "replay", "law"),
    "graph": ("load-edges", "write-edges", "own", "exposure", "trace", "blast"),
    "press": ("read",),
    "serve": ("serve", "mcp", "key"),
    "health": ("doctor",),
}


class Program(TyperGroup):
    """Loads the file of the command that is called, and no other: a first answer has a second."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands."""
        return [name for names in _FILES.values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name; None, with every name at hand for a suggestion, where there is none."""
        if cmd_name not in self.commands:
            for file, names in _FILES.items():
                if cmd_name in names or cmd_name not in self.list_commands(ctx):
                    part = typer.Typer(rich_markup_mode=None)
                    import_module(f"caveat.cli.{file}").register(part)
                    self.commands.update(typer.main.get_group(part).commands)
        return self.commands.get(cmd_name)


app = typer.Typer(
    name="caveat",
    cls=Program,
    help="Who is this party, what do the official restriction lists say about it, and what does that mean "
    "for this act on this day? Caveat informs; it gives no legal advice, and silence is never clearance.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"caveat {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    ctx: typer.Context,
    db: Annotated[str | None, typer.Option(help="Database URL or SQLite file.", envvar="CAVEAT_DB")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day in force, YYYY-MM-DD; default today.")] = None,
    known: Annotated[str | None, typer.Option(help="What was known by then; default all known now.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print.")] = Form.text,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    ctx.obj = Context(db=db, as_of=as_of, known=known, form=form)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 found, 2 wrong use, 3 part not done."""
    words = _general_options_first(list(sys.argv[1:] if arguments is None else arguments))
    for stream in (sys.stdout, sys.stderr):  # half a character in a file leaves as an escape, as in JSON
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        for word in words:
            if any("\ud800" <= char <= "\udfff" for char in word):
                raise InputError("is not UTF-8 text", where=repr(word), do="check the terminal's encoding")
        code = int(app(words, standalone_mode=False) or 0)
        sys.stdout.flush()
        return code
    except typer.Exit as done:
        return int(done.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except CaveatError as error:
        print(f"caveat: {error}", file=sys.stderr)  # noqa: T201
        return 2 if isinstance(error, InputError) else 3
    except BrokenPipeError:
        _silence()
        return 0
    except OSError as error:  # a full disk under the output, or the machine itself
        _silence()
        where = f"{error.filename}: " if error.filename else ""
        print(f"caveat: {where}cannot be read or written ({error.strerror or error})", file=sys.stderr)  # noqa: T201
        return 3
    except Exception as error:
        # the parser's own complaint: its class stands elsewhere from one release to the next
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        print(f"caveat: {message()}", file=sys.stderr)  # noqa: T201
        return 2


def _silence() -> None:
    """Let what is left of the output go nowhere, so that Python does not complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _general_options_first(words: list[str]) -> list[str]:
    """Let `--db`, `--as-of`, `--known` and `--format` stand after the command too."""
    front: list[str] = []
    rest: list[str] = []
    taken = iter(words)
    for word in taken:
        if word == "--":
            rest += [word, *taken]
            break
        name, mark, _ = word.partition("=")
        if name in ("--db", "--as-of", "--known", "--format"):
            front.append(word)
            if not mark:
                front += [value for value in [next(taken, None)] if value is not None]
        else:
            rest.append(word)
    return front + rest
