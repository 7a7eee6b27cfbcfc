"""The command line: parse, call, print. No rule lives here."""

from caveat.cli.run import app, run

__all__ = ["app", "run"]
