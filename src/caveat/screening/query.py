"""What is asked, and what comes back: queries, evidence, candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from caveat.model import Identifier


@dataclass(frozen=True, slots=True)
class Query:
    """One party to be screened. Only the name is needed; whatever else is known counts for or against.

    kind         person, organization, vessel, aircraft or address
    country      ISO 3166-1 alpha-2
    birth_date   as precise as known: `1960`, `1960-05`, `1960-05-01`
    identifiers  numbers, as `Identifier` or plain text
    aliases      other names of the same party, screened with it
    """

    name: str
    id: str | None = None
    kind: str | None = None
    country: str | None = None
    address: str | None = None
    city: str | None = None
    birth_date: str | None = None
    identifiers: Sequence[Identifier | str] = ()
    aliases: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("identifiers", "aliases"):  # a list has no hash, and the query would have none
            if type(value := getattr(self, name)) is not tuple:
                object.__setattr__(self, name, tuple(value))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One named piece for (points above 0) or against a hit. Points add up to the log-odds of the score.

    feature  token, joined, nickname, initial, acronym, missing, extra, clash, order, father, number, place, same_name,
             rarity, script, kind, country, birth_date, identifier, address, weak_alias, base …
    query    the words of the query it rests on, None where it rests on none
    entry    the words of the entry
    """

    feature: str
    query: str | None
    entry: str | None
    points: float
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "feature": self.feature,
            "query": self.query,
            "entry": self.entry,
            "points": self.points,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be the party asked for. `score` is a probability, 0 to 1; `matched_name` is verbatim."""

    entry_id: str
    matched_name: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """An entry that came near and was not reported, with the piece of evidence that weighed most against it."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One name against another. `verdict` is `match` or `no_match` at the default threshold."""

    score: float
    verdict: str
    evidence: tuple[Evidence, ...]
