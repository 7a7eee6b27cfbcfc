"""Makers of equipment that a law names: who is one, by name, by listing, or as a subsidiary of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caveat.determination.facts import Missing
from caveat.determination.gather import LIST_OF, Case, Member, fold
from caveat.determination.rule import standing
from caveat.model import Listing


@dataclass(frozen=True, slots=True)
class Maker:
    """A named maker: the law's block on it, the listing where a list has it, and how the party is tied to it.

    tie  `itself`, `subsidiary`, `minority`, or `unknown_share` with the question that settles it
    """

    block: Mapping[str, Any]
    listing: Listing | None
    tie: str
    question: Missing | None = None

    @property
    def name(self) -> str:
        """The maker's short name."""
        return str(self.block["maker"])


def find_maker(case: Case, member: Member, parameter: str, program: str) -> Maker | None:
    """The maker the party is, or belongs to; None where it is none the law names on that day."""
    reading = case.law.begun(parameter, case.as_of)
    blocks = list(reading.value) if reading else []
    return _itself(case, member, blocks, program) or _through_owners(case, member, blocks, program)


def _itself(case: Case, member: Member, blocks: list[Mapping[str, Any]], program: str) -> Maker | None:
    taken = [m.listing for m in member.taken(LIST_OF[program], case.facts) if standing(case, m.listing) == "in_force"]
    listing = taken[0] if taken else None
    names = set(member.names)
    for block in blocks:
        if names & {fold(name) for name in block["names"]}:
            return Maker(block, listing, "itself")
    affiliate = _named_affiliate(case, member, blocks)
    if affiliate:
        return affiliate
    if listing and blocks and _names_equipment(listing):
        return Maker({"maker": listing.entry.name, "purposes": False, "names": []}, listing, "itself")
    return None


def _named_affiliate(case: Case, member: Member, blocks: list[Mapping[str, Any]]) -> Maker | None:
    """A maker's affiliate, known as one because a rule put it on the Entity List as such."""
    reading = case.law.begun("ear.entity_list.rules_on_affiliates", case.as_of)
    pages = {
        f"{place[0]} FR {place[1]}"
        for match in member.taken("us.bis.entity_list", case.facts)
        for place in (c.volume_and_page for c in match.listing.entry.citations)
        if place
    }
    for tie in reading.value if reading and pages else ():
        block = next((b for b in blocks if b["maker"] == tie["maker"]), None)
        if block and pages & set(tie["rules"]):
            return Maker(block, None, "subsidiary")
    return None


def _names_equipment(listing: Listing) -> bool:
    """Whether a listing of another maker is about equipment, software or products, not a carrier's service."""
    entry = listing.entry
    words = " ".join([*(n.text for n in entry.names), entry.remarks or "", *(value for _, value in entry.details)])
    return bool(re.search(r"equipment|products|software|router|uncrewed|inverter|robot", words, re.IGNORECASE))


def _through_owners(case: Case, member: Member, blocks: list[Mapping[str, Any]], program: str) -> Maker | None:
    for owner in member.owners:
        maker = _itself(case, owner, blocks, program) or _through_owners(case, owner, blocks, program)
        if maker is None or maker.tie == "minority":
            continue
        share = case.facts.get(f"{owner.path}.pct")
        if share is None:
            question = Missing(
                f"{owner.path}.pct", f"the law also covers subsidiaries of {maker.name}; the share is not told",
                (("50 or more", 50.0), ("less than 50", 49.99)),
            )  # fmt: skip
            return Maker(maker.block, maker.listing, "unknown_share", question)
        if share > 0:
            return Maker(maker.block, maker.listing, "subsidiary" if share >= 50 else "minority", maker.question)
    return None
