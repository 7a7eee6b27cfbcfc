"""A name read: one or more readings, each a row of tokens, in its own script and in Latin."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.names.clean import split
from caveat.names.tokens import Mode, Token, token


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: its tokens in order, and the script it was read from (ISO 15924)."""

    tokens: tuple[Token, ...]
    script: str
    how: str


def read_name(text: str) -> tuple[Reading, ...]:
    """The readings of a name, the one as written first; empty where nothing can be read."""
    parts = split(text)
    if not parts:
        return ()
    written = Reading(tuple(token(part, Mode.WRITTEN) for part in parts), "Latn", "written")
    return (written,)
