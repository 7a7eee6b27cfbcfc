"""A look-up over a handful of listings, as the app's one answers: exact names in full, near ones by their words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from caveat.determination import Coverage, ListCoverage, Matches, Near, Taken
from caveat.model import Address, AsOf, Citation, Entry, Listing, Moment, Name, OwnerGiven, PartyGiven, Source

SCENARIOS = Path(__file__).parent.parent / "scenarios"
TODAY = dt.date(2026, 11, 21)
_DATES = ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by")


def fold(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold().replace("'", "").replace("’", "")).strip()


def read_blocks() -> list[dict[str, Any]]:
    content = yaml.safe_load((SCENARIOS / "listings.yaml").read_text("utf-8"))
    return list(content["listings"])


def to_listing(block: Mapping[str, Any], as_of: AsOf) -> Listing | None:
    """One block as of a moment; None before it was published."""
    given = dict(block)
    for change in block.get("then", ()):
        if change["from"] <= as_of.in_force:
            given.update(change)
    said = given.get("announced_on") or given.get("published_on") or given.get("effective_on")
    if said and Moment(said.isoformat()) > as_of.known:
        return None
    silent = given.get("silent", False)
    entry = Entry(
        list=given["list"], kind=given.get("kind", "organization"), source_id=given.get("source_id"),
        names=tuple(Name(n, "primary" if i == 0 else "strong") for i, n in enumerate(given["names"])),
        addresses=(Address(given["address"]),) if given.get("address") else (),
        countries=tuple(given.get("countries", ())), programs=tuple(given.get("programs", ())),
        citations=tuple(Citation(c) for c in given.get("cites", ())),
        license_requirement=given.get("lr"), license_review_policy=given.get("lp"),
        footnotes=tuple(given.get("footnotes", ())), details=tuple((k, v) for k, v in given.get("details", ())),
        unconfirmed=tuple(given.get("unconfirmed", ())), **{d: given[d] for d in _DATES if d in given},
    )  # fmt: skip
    starts, ends = given.get("effective_on"), given.get("removed_on")
    status = (
        "removed"
        if ends and ends <= as_of.in_force
        else "announced"
        if starts and starts > as_of.in_force
        else "listed"
    )
    return Listing(
        given["id"], entry, status, starts, ends, Source("sha256:fixture", given["id"], as_of.known, "origin"),  # type: ignore[arg-type]
        terms_from=None if silent else as_of.known,
    )  # fmt: skip


@dataclass
class FakeLookup:
    blocks: list[dict[str, Any]] = field(default_factory=read_blocks)
    graph: dict[str, tuple[OwnerGiven, ...]] = field(default_factory=dict)

    _held: dict[AsOf, list[Listing]] = field(default_factory=dict)

    def _listings(self, as_of: AsOf) -> list[Listing]:
        if as_of not in self._held:
            self._held[as_of] = [x for x in (to_listing(b, as_of) for b in self.blocks) if x]
        return self._held[as_of]

    def matches(self, party: PartyGiven, as_of: AsOf) -> Matches:
        exact, near = [], []
        wanted = fold(party.name)
        words = set(wanted.split())
        for listing in self._listings(as_of):
            if listing.entry_id in party.not_entries:
                continue
            if party.entry_id == listing.entry_id:
                exact.append(Taken(listing, listing.entry.name, "the entry a person confirmed"))
                continue
            names = [n.text for n in listing.entry.names]
            same = next((n for n in names if wanted and fold(n) == wanted), None)
            if same:
                exact.append(Taken(listing, same, "the name given equals a listed name in full"))
                continue
            for name in names:
                listed = set(fold(name).split())
                shared = words & listed - {
                    "co",
                    "ltd",
                    "technology",
                    "xinjiang",
                    "company",
                    "corporation",
                    "of",
                    "group",
                }
                score = len(words & listed) / max(len(words | listed), 1)
                if shared and score >= 0.25 and not party.entry_id:
                    near.append(Near(listing, name, score))
                    break
        return Matches(tuple(exact), tuple(near))

    def at_address(self, address: str, as_of: AsOf) -> Sequence[Listing]:
        return [x for x in self._listings(as_of) if any(fold(a.text) == fold(address) for a in x.entry.addresses)]

    def owners(self, party: PartyGiven, as_of: AsOf) -> Sequence[OwnerGiven]:
        return self.graph.get(fold(party.name), ())

    def coverage(self, as_of: AsOf) -> Coverage:
        lists = sorted({b["list"] for b in self.blocks})
        return Coverage(
            tuple(ListCoverage(name, dt.date(2026, 7, 31), 1, "sha256:fixture") for name in lists),
            (("eu.fsf", "not loaded"),),
        )
