"""Every error of Caveat, in one tree. Each says where, what and what to do.

    CaveatError
    ├── InputError            what the caller gave cannot be used        (exit 2)
    │   ├── UnknownEntryError no entry bears that id or name
    │   └── ConfigError       a setting is wrong
    ├── RefusedError          a part of the work could not be done       (exit 3)
    │   ├── ShapeError        a file is not of the layout it claims
    │   ├── GuardError        a list is empty, truncated or shrank too far
    │   ├── FetchError        a publisher could not be reached or misbehaved
    │   └── MissingPartError  an optional part is not installed
    ├── LawError              a parameter is uncited, undated or not yet in force
    └── StoreError            the database cannot be opened, read or verified

Exit and HTTP codes live in the doors, not here.
"""

from __future__ import annotations


class CaveatError(Exception):
    """Something Caveat can explain. `where` names the place, `do` the next step."""

    def __init__(self, what: str, *, where: str | None = None, do: str | None = None) -> None:
        self.what = what
        self.where = where
        self.do = do
        super().__init__(what)

    def __str__(self) -> str:
        """One line: `where: what; do`."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.do}" if self.do else text


class InputError(CaveatError):
    """What the caller gave cannot be used."""


class UnknownEntryError(InputError):
    """No entry bears that id or name."""


class ConfigError(InputError):
    """A setting is wrong."""


class RefusedError(CaveatError):
    """A part of the work could not be done; what was there before stays."""


class ShapeError(RefusedError):
    """A file is not of the layout it claims."""


class GuardError(RefusedError):
    """A list is empty, truncated or shrank beyond its bound."""


class FetchError(RefusedError):
    """A publisher could not be reached, or answered with something unusable."""


class MissingPartError(RefusedError):
    """An optional part is not installed; `do` names the pip install that brings it."""


class LawError(CaveatError):
    """A parameter is uncited, undated, overlapping, or asked for before its first value."""


class StoreError(CaveatError):
    """The database cannot be opened, read or verified."""
