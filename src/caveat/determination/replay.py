"""Replay: a stored determination run again on its own clocks; the same bytes, or what differs and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from caveat.determination.engine import determine
from caveat.determination.lookup import Lookup
from caveat.errors import InputError
from caveat.law import Law
from caveat.model import AsOf, Determination, Moment, canonical_json

_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether a stored determination came out the same to the byte, and each difference as (path, stored, now)."""

    is_same: bool
    differences: tuple[tuple[str, Any, Any], ...]
    determination: Determination

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "schema_version": "1",
            "same": self.is_same,
            "differences": [{"path": p, "stored": a, "now": b} for p, a, b in self.differences],
            "determination": self.determination.to_dict(),
        }


def clocks_of(stored: Mapping[str, Any]) -> AsOf:
    """The two clocks a stored determination was made on. InputError where it carries none."""
    try:
        as_of = stored["basis"]["as_of"]
        return AsOf(dt.date.fromisoformat(as_of["in_force"]), Moment.parse(as_of["known"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "carries no basis", where="stored determination", do="give the JSON that `caveat determine` wrote"
        ) from error


def replay(stored: Mapping[str, Any], lookup: Lookup, law: Law, *, known: Moment | None = None) -> Replay:
    """Run a stored determination again, on its own clocks or, with `known`, on what was known at another moment.

    `lookup` answers as of the clocks it is asked for; lists and law that became known later play no part. InputError
    where `stored` is no determination.
    """
    as_of = clocks_of(stored)
    transaction = stored.get("transaction")
    if not isinstance(transaction, Mapping) or not transaction:
        raise InputError(
            "carries no transaction", where="stored determination", do="give the JSON that `caveat determine` wrote"
        )
    given = dict(transaction)
    if known is not None:
        given["known"] = known.text
    elif given.get("known") is None:
        given["known"] = as_of.known.text
    version = str(stored["basis"].get("version", ""))
    again = determine(given, lookup, law, as_of.known.day, version)
    told = {**again.to_dict(), "transaction": dict(transaction)}
    differences = tuple(_differences(dict(stored), told, ""))[:_LIMIT]
    return Replay(canonical_json(dict(stored)) == canonical_json(told), differences, again)


def _differences(one: Any, other: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted(one.keys() | other.keys()):
            yield from _differences(one.get(key), other.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _differences(a, b, f"{path}.{n}")
    elif one != other:
        yield path, one, other
