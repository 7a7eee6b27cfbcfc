"""Reading the law: every parameter has dated, cited values, read with two clocks.

A parameter is one block of YAML:

    ear.affiliates.share:
      title: Share of ownership from which an unlisted affiliate is treated as listed
      unit: percent
      values:
        - {from: 2025-09-29, known: 2025-09-30, value: 50, cite: "90 FR 47201", quote: "…"}

A value that rests on several sources parts them by `;` in `cite`; `quotes` gives the words of one of them where the
common `quote` is not its own.

`from` is the first day in force, `known` the day of publication. Words in square brackets inside a quote
are our restatement, not the law's own text. `confirmed: false` marks a value whose source was not seen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from caveat.errors import LawError
from caveat.law.check import check
from caveat.law.files import FOLDER, law_files, read_yaml
from caveat.model import AsOf, Citation, Moment, canonical_json


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a parameter, with where it stands."""

    id: str
    value: Any
    since: dt.date
    known: dt.date
    cite: str
    quote: str
    confirmed: bool
    quotes: Mapping[str, str] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One citation for each source named in `cite` (they are parted by `;`), each with the words relied on."""
        parts = [part.strip() for part in self.cite.split(";")]
        return tuple(Citation(c, self.known, self.quotes.get(c, self.quote), self.confirmed) for c in parts)

    def to_dict(self) -> dict[str, Any]:
        """The value as in the file, in plain JSON values."""
        out = {
            "from": self.since.isoformat(), "known": self.known.isoformat(), "value": _plain(self.value),
            "cite": self.cite, "quote": self.quote, "confirmed": self.confirmed,
        }  # fmt: skip
        return {**out, "quotes": dict(self.quotes)} if self.quotes else out


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: what it means, its unit, and every value it ever had, in the order of `from`, then `known`."""

    id: str
    title: str
    unit: str
    values: tuple[Reading, ...]
    file: str


class Law:
    """All parameters. Reads are pure: the same `AsOf` gives the same value, whatever was added later."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(sorted(parameters.items()))
        self._read: dict[tuple[str, dt.date, Moment], Reading | None] = {}
        self._digests: dict[Moment, str] = {}

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, by id."""
        return tuple(self._parameters.values())

    def show(self, parameter: str) -> Parameter:
        """The parameter and its history. LawError where no parameter bears that id."""
        if parameter not in self._parameters:
            near = [name for name in self._parameters if parameter.rsplit(".", maxsplit=1)[-1] in name][:5]
            raise LawError(
                "no such parameter", where=parameter, do=f"try {', '.join(near)}" if near else "see `caveat law show`"
            )
        return self._parameters[parameter]

    def read(self, parameter: str, as_of: AsOf) -> Reading:
        """The value in force. LawError before the first value."""
        found = self.begun(parameter, as_of)
        if found is None:
            first = self.show(parameter).values[0]
            raise LawError(
                f"has no value on {as_of.in_force} as known on {as_of.known}: its first is from {first.since}, "
                f"published {first.known}",
                where=parameter,
                do="ask for a later day, or add the earlier value with its citation",
            )
        return found

    def begun(self, parameter: str, as_of: AsOf) -> Reading | None:
        """The value in force, or None before the first one: for measures whose beginning is itself the question."""
        key = (parameter, as_of.in_force, as_of.known)
        if key not in self._read:
            known = [v for v in self.show(parameter).values if Moment(v.known.isoformat()) <= as_of.known]
            begun = [v for v in known if v.since <= as_of.in_force]
            self._read[key] = max(begun, key=lambda v: (v.since, v.known)) if begun else None
        return self._read[key]

    def starts(self, parameter: str, known: Moment) -> Reading | None:
        """The first value known by then, whether or not it is in force yet; None if none was known."""
        values = [v for v in self.show(parameter).values if Moment(v.known.isoformat()) <= known]
        return values[0] if values else None

    def digest(self, known: Moment) -> str:
        """`sha256:…` over every value known by then: law that is added later leaves it unchanged."""
        if known not in self._digests:
            content = {
                p.id: [v.to_dict() for v in p.values if Moment(v.known.isoformat()) <= known] for p in self.parameters
            }
            content = {name: values for name, values in content.items() if values}
            self._digests[known] = "sha256:" + hashlib.sha256(canonical_json(content).encode()).hexdigest()
        return self._digests[known]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def load(folder: Path | None = None) -> Law:
    """Read every `*.yaml` under `folder` (default: the law this package ships). LawError names the first fault."""
    return _load_shipped() if folder is None else _load(folder)


@cache
def _load_shipped() -> Law:
    return _load(FOLDER)


def _load(folder: Path) -> Law:
    problems = check(folder)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise LawError(problems[0].what + more, where=problems[0].where, do="run `caveat law check`")
    parameters: dict[str, Parameter] = {}
    for file in law_files(folder):
        for name, block in read_yaml(file).items():
            values = sorted((_reading(name, value) for value in block["values"]), key=lambda v: (v.since, v.known))
            parameters[name] = Parameter(
                name, block["title"], block["unit"], tuple(values), file.relative_to(folder).as_posix()
            )
    return Law(parameters)


def _reading(name: str, value: Mapping[str, Any]) -> Reading:
    return Reading(
        name, value["value"], value["from"], value["known"], value["cite"], value["quote"],
        value.get("confirmed", True), value.get("quotes", {}),
    )  # fmt: skip
