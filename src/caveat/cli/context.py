"""What every command shares: where the database is, the two clocks, and how to print."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from caveat.config import read_config
from caveat.errors import InputError

if TYPE_CHECKING:
    from caveat.app import App
from caveat.model import AsOf


class Form(StrEnum):
    """How an answer is printed."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


@dataclass
class Context:
    """The general options of one call."""

    db: str | None
    as_of: str | None
    known: str | None
    form: Form

    @cached_property
    def app(self) -> App:
        """The opened app."""
        from caveat.app import open_app

        return open_app(read_config(db=self.db))

    @property
    def clocks(self) -> AsOf:
        """The two clocks of this call; an empty day (a variable that is not set) is no day."""
        for text, where in ((self.as_of, "--as-of"), (self.known, "--known")):
            if text is not None and not text.strip():
                raise InputError("is empty", where=where, do="give a day, or leave it out for today")
        return self.app.as_of(self.as_of, self.known)

    @property
    def is_text(self) -> bool:
        """Whether a person reads the output."""
        return self.form is Form.text

    def put(self, answer: Mapping[str, Any], rows: Iterable[Mapping[str, Any]] = ()) -> None:
        """Print an answer as JSON, or its rows as JSON lines or CSV."""
        if self.form is Form.json:
            json.dump(answer, sys.stdout, ensure_ascii=False, indent=2, default=str)
            sys.stdout.write("\n")
        elif self.form is Form.jsonl:
            for row in rows or [answer]:
                sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        else:
            sys.stdout.write(as_csv(list(rows) or [answer]))


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with a header; nested values as JSON."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and value[:1] in "=+-@\t\r":  # a spreadsheet would run it
        return "'" + value
    return "" if value is None else value


def of(ctx: typer.Context) -> Context:
    """The call's shared options."""
    found = ctx.obj
    assert isinstance(found, Context)
    return found
