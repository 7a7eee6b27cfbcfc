"""The Affiliates Rule: an unlisted party that listed ones own. In force, suspended and reimposed by its own dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from caveat.determination.facts import Missing
from caveat.determination.gather import Case, Member
from caveat.determination.ownership import Holding, restricted_share, who_is
from caveat.determination.rule import RULES, Subject, Verdict, find, first, rule, standing, told
from caveat.determination.steps import resolve_red_flag
from caveat.model import EXPORT_ACTIVITIES, Finding, Listing

PROGRAM = "us.bis.entity_list"
_LISTS = ("us.bis.entity_list", "us.bis.military_end_user", "us.ofac.sdn")
_SHARE = "ear.affiliates.share"
#: The Entity List's rules on one listing, in the order in which they are read.
DIRECT = (
    "EL-REMOVED", "EL4", "EL6", "EL-ACT", "EL-ROLE", "EL-GATE", "EL5", "EL3", "EL2", "FDP1", "FDP4", "FDP5",
    "EL8", "EL9", "EL11", "EL7", "EL1",
)  # fmt: skip


def judge(case: Case, subject: Subject) -> Verdict:
    """The Entity List finding on a party that is not listed but has owners; None where none of them is listed."""
    owners = list(_listed_owners(case, subject.member))
    listings = [listing for _, listing in owners if listing.entry.list == PROGRAM]
    if not listings:
        return _near_owner(case, subject.member)
    first_owner, first_listing = next((o, x) for o, x in owners if x.entry.list == PROGRAM)
    held = replace(subject, listing=first_listing, holder=first_owner.name)
    in_force = [x for x in listings if standing(case, x) == "in_force"]
    if not in_force:
        return first(case, held, ("EL-REMOVED", "EL4"))
    held = replace(held, listing=in_force[0])
    if case.transaction.activity not in EXPORT_ACTIVITIES:
        return first(case, held, ("EL6", "EL-ACT"))
    return first(case, held, ("AR2", "AR5", "AR3", "AR4", "AR1"))


def _near_owner(case: Case, member: Member) -> Verdict:
    """An owner that may be a listed party: a person must say."""
    for owner in member.owners:
        if case.facts.get(f"{owner.path}.pct") == 0:
            continue
        if owner.near(PROGRAM, case.facts):
            question = who_is(owner)
            question.rule = "AR3"
            raise question
        _near_owner(case, owner)
    return None


@rule("AR1", PROGRAM, "ear.affiliates.share", "ear.affiliates.most_restrictive")
def affiliate(case: Case, subject: Subject) -> Verdict:
    """An affiliate held to the threshold inherits the terms of its most restrictive listed owner."""
    if holding_of(case, subject.member).low < float(case.read(_SHARE).value or 50):
        return None
    verdicts: list[Finding] = []
    question: Missing | None = None
    for owner, listing in _listed_owners(case, subject.member):
        if listing.entry.list == PROGRAM and standing(case, listing) == "in_force":
            under = Subject(subject.member, listing, "an owner is listed", "owned_by", owner.name)
            try:
                verdict = first(case, under, DIRECT)
            except Missing as asked:
                question = question or asked
                continue
            if verdict:
                verdicts.append(verdict)
    strictest = min(verdicts, key=lambda f: f.order) if verdicts else None
    if strictest and strictest.outcome == "license_required":
        return _as_affiliate(case, subject, strictest)
    if question:
        raise question
    return strictest


def _as_affiliate(case: Case, subject: Subject, finding: Finding) -> Finding:
    written = RULES["AR1"]
    readings = [case.read(name) for name in written.provisions]
    holding = holding_of(case, subject.member)
    cites = tuple(c for reading in readings for c in reading.citations)
    return replace(
        finding,
        rule="AR1",
        reason=f"{subject.member.name} is owned to {_range(holding)} by restricted parties, directly or through "
        f"others, and inherits the terms of its most restrictive owner. {finding.reason}",
        citations=tuple(dict.fromkeys((*cites, *finding.citations))),
        confirmed=finding.confirmed and all(reading.confirmed for reading in readings),
        steps=(*finding.steps, *_general_license(case), *_check_register(case)),
    )


def _general_license(case: Case) -> tuple[str, ...]:
    until = case.read("ear.affiliates.temporary_general_license").value
    if case.as_of.in_force > until:
        return ()
    return (f"Check the temporary general license for certain allied-country and joint-venture cases, until {until}.",)


def _check_register(case: Case) -> tuple[str, ...]:
    if case.read(_SHARE).confirmed:
        return ()
    return (
        "Check the Federal Register: the affiliates rule is reimposed by its own text from 10 November 2026 unless "
        "extended, and no publication that confirms or extends it is held here.",
    )


def is_restricted(case: Case, owner: Member) -> bool | None:
    """Whether an owner is on the Entity List, the MEU List, or the SDN List under a program of 744.8(a)(1)."""
    for list_id in _LISTS:
        for match in owner.taken(list_id, case.facts):
            if standing(case, match.listing) == "in_force" and _counts(case, match.listing):
                return True
    if any(_counts(case, near.listing) for list_id in _LISTS for near in owner.near(list_id, case.facts)):
        return None
    return False


def _counts(case: Case, listing: Listing) -> bool:
    if listing.entry.list != "us.ofac.sdn":
        return True
    reading = case.law.begun("ear.sdn_744_8.programs", case.as_of)
    return bool(reading and set(listing.entry.programs) & set(reading.value))


def holding_of(case: Case, member: Member) -> Holding:
    """The share of a party in the hands of parties the rule counts."""
    threshold = float(case.read(_SHARE).value or 50)
    return restricted_share(case, member, lambda owner: is_restricted(case, owner), threshold)


def _listed_owners(case: Case, member: Member) -> Iterator[tuple[Member, Listing]]:
    """Every owner up the chain that is on one of the lists, whether in force or not."""
    for owner in member.owners:
        for list_id in _LISTS:
            for match in owner.taken(list_id, case.facts):
                yield owner, match.listing
        yield from _listed_owners(case, owner)


def _range(holding: Holding) -> str:
    if holding.low == holding.high:
        return f"{holding.low:g} percent"
    return f"{holding.low:g} to {holding.high:g} percent"


@rule("AR2", PROGRAM, "ear.affiliates.distinct", "ear.affiliates.share")
def legally_distinct(case: Case, subject: Subject) -> Verdict:
    """While no affiliates rule is in force, or for a US affiliate, the party is legally distinct: a red flag."""
    reading = case.read(_SHARE)
    is_us = subject.member.given.country == "US"
    if (reading.value is not None and not is_us) or subject.listing is None:
        return None
    holding = holding_of(case, subject.member)
    if not holding.is_tied:
        return None
    why = (
        "the rule speaks of foreign affiliates, and this party is in the United States" if reading.value is not None
        else "the affiliates rule is suspended" if reading.since.year >= 2025 else "no affiliates rule is in force yet"
    )  # fmt: skip
    return find(
        case, "AR2", "caution_red_flag", subject,
        f"{subject.member.name} is not listed; {_range(holding)} of it is held by restricted parties, among them "
        f"{told(subject.listing)}. On {case.as_of.in_force} {why}: it is legally distinct, and a red flag. "
        "A front or shell for the listed party would need a license.",
        steps=(*resolve_red_flag(subject.member), *_check_register(case)),
    )  # fmt: skip


@rule("AR5", PROGRAM, "ear.affiliates.savings_until", "ear.affiliates.distinct")
def en_route(case: Case, subject: Subject) -> Verdict:
    """Goods en route when the affiliates rule began proceed under the previous eligibility, to the rule's cut-off."""
    reading = case.read(_SHARE)
    until = case.read("ear.affiliates.savings_until")
    loaded = case.facts.get("timing.loaded_on_carrier_on")
    if loaded is None or reading.since != until.since or loaded > reading.since or case.as_of.in_force > until.value:
        return None
    return find(
        case, "AR5", "caution_red_flag", subject,
        f"The goods were aboard a carrier from {loaded}: the savings clause of the affiliates rule lets them proceed "
        f"until {until.value} under the previous eligibility, by which {subject.member.name} is legally distinct, and "
        "a red flag.",
        steps=("Keep the order and the bill of lading that prove the dates.",),
    )  # fmt: skip


@rule("AR3", PROGRAM, "ear.affiliates.red_flag_29", "ear.affiliates.share")
def share_unknown(case: Case, subject: Subject) -> Verdict:
    """Red Flag 29: an owner is listed and its share cannot be told; resolve it, or a license is needed."""
    question = holding_of(case, subject.member).question
    if question is None:
        return None
    raise Missing(
        question.fact,
        f"Red Flag 29: {question.why}. Resolve it; where it stays unknown a license is needed, so hold",
        question.answers,
    )


@rule("AR4", PROGRAM, "ear.affiliates.minority", "ear.affiliates.share")
def minority(case: Case, subject: Subject) -> Verdict:
    """A stake of listed parties below the threshold is a red flag."""
    threshold = float(case.read(_SHARE).value or 50)
    holding = holding_of(case, subject.member)
    if holding.low >= threshold or not holding.is_tied or subject.listing is None:
        return None
    return find(
        case, "AR4", "caution_red_flag", subject,
        f"{_range(holding)} of {subject.member.name} is held by restricted parties, among them "
        f"{told(subject.listing)}: "
        f"below {threshold:g} percent the affiliates rule does not apply, and the stake is a red flag. The rule "
        "looks at "
        "ownership, not control.",
        steps=resolve_red_flag(subject.member),
    )  # fmt: skip
