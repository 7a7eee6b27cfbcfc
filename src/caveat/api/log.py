"""What the service writes to standard error: one JSON line an event, with nothing of anybody's data."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from typing import Any, TextIO

_LOG = logging.getLogger("caveat")
_PLAIN = json.JSONEncoder(default=str)


def note(event: str, **told: Any) -> None:
    """Something that happens in the run of things."""
    if _LOG.isEnabledFor(logging.INFO):
        _LOG.info(event, extra={"told": told})


def complain(event: str, **told: Any) -> None:
    """Something that should not have happened."""
    _LOG.error(event, extra={"told": told})


def log_lines(to: TextIO | None = None) -> None:
    """Write the lines from now on, to standard error unless told otherwise."""
    lines = logging.StreamHandler(to or sys.stderr)
    lines.setFormatter(_Line())
    _LOG.handlers[:] = [lines]
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat()
        told = {**record.__dict__.get("told", {}), "event": record.getMessage()}
        return _PLAIN.encode({**told, "level": record.levelname.lower(), "timestamp": at})
