"""The other lists of the Export Administration Regulations: denied persons, unverified, military end-users, 744.8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from caveat.determination.ear import affiliates
from caveat.determination.ear.jurisdiction import is_subject
from caveat.determination.facts import Missing
from caveat.determination.gather import Case, Member
from caveat.determination.rule import (
    Subject,
    Verdict,
    day,
    effective_on,
    find,
    judge_listing,
    rule,
    standing,
    subjects,
    told,
)
from caveat.determination.steps import apply_for_license, resolve_red_flag
from caveat.model import EXPORT_ACTIVITIES, ReviewPolicy

DENIED, UNVERIFIED = "us.bis.denied_persons", "us.bis.unverified"
MILITARY, DESIGNATED = "us.bis.military_end_user", "us.bis.sdn_744_8"
BOUND = "It binds anyone, anywhere, who deals in items subject to the EAR."
#: Acts a denial order names beside exports: servicing, financing and acquiring.
_DENIED_ACTS = EXPORT_ACTIVITIES | {"import", "procure", "pay", "use_equipment"}

_CHAINS = {
    DENIED: ("DPL2", "DPL1"),
    UNVERIFIED: ("UVL2", "UVL1"),
    MILITARY: ("MEU2", "MEU1"),
    DESIGNATED: ("8SDN2", "8SDN1"),
}


def questions(case: Case, member: Member, program: str) -> Iterator[Subject]:
    """What one of these lists asks about a party."""
    found = list(subjects(case, member, program, owned=program in (MILITARY, DESIGNATED)))
    yield from found
    if program == MILITARY and not found and _is_military(case, member):
        yield Subject(member, None, via="military")


def judge(case: Case, subject: Subject, program: str) -> Verdict:
    """The finding on one subject."""
    if subject.via == "owned_by":
        return _owned(case, subject, program)
    return judge_listing(case, subject, program, _CHAINS[program])


def _owned(case: Case, subject: Subject, program: str) -> Verdict:
    """The affiliates rule also reaches owners on the MEU List and designated persons of 744.8(a)(1)."""
    reading = case.read("ear.affiliates.share")
    list_id = "us.ofac.sdn" if program == DESIGNATED else program
    held = next(
        (
            Subject(subject.member, match.listing, "an owner is listed", "owned_by", owner.name)
            for owner in subject.member.owners
            for match in owner.taken(list_id, case.facts)
            if standing(case, match.listing) == "in_force"
        ),
        None,
    )
    if held is None or case.transaction.activity not in EXPORT_ACTIVITIES:
        return None
    if program == DESIGNATED and not _program_named(case, held):
        return None
    holding = affiliates.holding_of(case, subject.member)
    if not holding.is_tied:
        return None
    if reading.value is None or subject.member.given.country == "US" or holding.high < float(reading.value):
        outcome = find(
            case, _CHAINS[program][1], "caution_red_flag", held,
            f"{subject.member.name} is not listed; an owner, {told_of(held)}, is. No affiliates rule covers it on "
            f"{case.as_of.in_force}: it is legally distinct, and a red flag.",
            provisions=("ear.affiliates.distinct", "ear.affiliates.share"), steps=resolve_red_flag(subject.member),
        )  # fmt: skip
        return outcome
    if holding.question:
        raise holding.question
    verdict = judge_listing(case, held, program, _CHAINS[program])
    if verdict is None or verdict.outcome != "license_required":
        return verdict
    return replace(
        verdict,
        citations=tuple(dict.fromkeys((*verdict.citations, *reading.citations))),
        confirmed=verdict.confirmed and reading.confirmed,
    )


def told_of(subject: Subject) -> str:
    """The listed owner in words."""
    return told(subject.listing) if subject.listing else subject.holder


def _out_of_force(case: Case, rule_id: str, subject: Subject) -> Verdict:
    listing = subject.listing
    if listing is None:
        return None
    state = standing(case, listing)
    expires = listing.entry.expires_on
    if state == "in_force" and not (expires and expires < case.as_of.in_force):
        return None
    when = {
        "not_yet": f"is effective only from {day(effective_on(listing))}",
        "removed": f"ended on {day(listing.entry.removed_on or listing.until)}",
        "in_force": f"ran out on {day(expires)}",
    }[state]
    return find(
        case, rule_id, "no_restriction_found", subject,
        f"{subject.member.name} is {told(listing)}, which {when}: not in force on {case.as_of.in_force}.",
        fields=("effective_on", "removed_on", "expires_on"),
    )  # fmt: skip


def _outside(case: Case, rule_id: str, subject: Subject, reached: frozenset[str] | set[str]) -> Verdict:
    """Not in force, an act the program does not reach, or an item that is not subject to the EAR."""
    lapsed = _out_of_force(case, rule_id, subject)
    if lapsed:
        return lapsed
    who = f"{subject.member.name} is {told_of(subject)}" if subject.listing else subject.member.name
    if case.transaction.activity not in reached:
        return find(
            case, rule_id, "no_restriction_found", subject,
            f"{who}; the program does not reach the act {case.transaction.activity}. {BOUND}",
        )  # fmt: skip
    gate = is_subject(case)
    if gate.subject:
        return None
    return find(
        case, rule_id, "not_subject", subject, f"{who}; the item is not subject to the EAR: {gate.why}.",
        provisions=gate.provisions,
    )  # fmt: skip


@rule("DPL2", DENIED, "ear.denied_persons.lapsed")
def denial_outside(case: Case, subject: Subject) -> Verdict:
    """A denial order that is not in force, or an act or item it does not reach."""
    return _outside(case, "DPL2", subject, _DENIED_ACTS)


@rule("DPL1", DENIED, "ear.denied_persons.order")
def denial(case: Case, subject: Subject) -> Verdict:
    """A denied person takes part, in any role, in a transaction in an item subject to the EAR."""
    if subject.listing is None:
        return None
    return find(
        case, "DPL1", "prohibited", subject,
        f"{subject.member.name} is a denied person, {told(subject.listing)}, under an order in force on "
        f"{case.as_of.in_force}: no one may export to it, service, finance or acquire from it an item subject to the "
        f"EAR, in any role. {BOUND}",
        fields=("effective_on", "expires_on"),
        steps=("Do not go on in any role; read the order, which may name related persons.",),
    )  # fmt: skip


@rule("UVL2", UNVERIFIED, "ear.unverified.lapsed")
def unverified_outside(case: Case, subject: Subject) -> Verdict:
    """The Unverified List is not in force for the party, or does not reach the act or item."""
    return _outside(case, "UVL2", subject, EXPORT_ACTIVITIES)


@rule("UVL1", UNVERIFIED, "ear.unverified.party")
def unverified(case: Case, subject: Subject) -> Verdict:
    """An unverified party: exceptions suspended, a statement needed, export information always filed."""
    if subject.listing is None:
        return None
    claimed = case.facts.get("license_exception")
    refused = ((str(claimed).upper(), "15 CFR 740.2(a)(17)"),) if claimed else ()
    return find(
        case, "UVL1", "caution_red_flag", subject,
        f"{subject.member.name} is unverified, {told(subject.listing)}: license exceptions are suspended, and without "
        f"a license a UVL statement is needed first. {BOUND}",
        refused=refused, fields=("effective_on",),
        steps=(
            f"Get a UVL statement from {subject.member.name} (15 CFR 744.15(b)) before an export that needs no "
            "license.",
            "File electronic export information for the export, whatever its value (15 CFR 758.1(b)).",
        ),
    )  # fmt: skip


def _is_military(case: Case, member: Member) -> bool:
    if case.transaction.activity not in EXPORT_ACTIVITIES or member.part != "party":
        return False
    if case.facts.get(f"{member.path}.military_end_user"):
        return True
    return bool(case.facts.get("item.military_end_use")) and bool(
        set(case.roles(member)) & {"end_user", "ultimate_consignee"}
    )


@rule("MEU2", MILITARY, "ear.military_end_user.lapsed")
def military_outside(case: Case, subject: Subject) -> Verdict:
    """The military end-user rule is not in force for the party, or does not reach the act, item or country."""
    outside = _outside(case, "MEU2", subject, EXPORT_ACTIVITIES)
    if outside:
        return outside
    destination = case.facts.get("destination")
    countries = case.law.begun("ear.military_end_user.countries", case.as_of)
    who = subject.member.name
    if subject.listing is None and destination and countries and destination[:2] not in countries.value:
        return find(
            case, "MEU2", "no_restriction_found", subject,
            f"{who} is a military end-user, but the rule does not speak of {destination}.",
        )  # fmt: skip
    on_supplement = _on_supplement_2(case)
    if on_supplement:
        return None
    return find(
        case, "MEU2", "no_restriction_found", subject,
        f"{who} is a military end-user; the item is not one of Supplement No. 2 to part 744. {BOUND}",
        provisions=("ear.military_end_user.items",),
    )  # fmt: skip


def _on_supplement_2(case: Case) -> bool:
    told_fact = case.facts.get("item.on_supplement_2_to_part_744")
    if told_fact is not None:
        return bool(told_fact)
    eccn = case.facts.get("item.eccn")
    listed = case.read("ear.military_end_user.items").value
    if eccn is None:
        raise Missing(
            "item.eccn", "the military end-user rule covers the items of Supplement No. 2 to part 744",
            (("EAR99", "EAR99"), (f"on Supplement No. 2, {listed[0]} say", listed[0]), ("another ECCN", "0A501")),
        )  # fmt: skip
    return eccn[:5] in listed


@rule("MEU1", MILITARY, "ear.military_end_user.listed")
def military(case: Case, subject: Subject) -> Verdict:
    """A military end-user, listed or known as such, and an item of Supplement No. 2."""
    who = f"{subject.member.name}, {told_of(subject)}," if subject.listing else subject.member.name
    provisions = ("ear.military_end_user.items",) if case.facts.get("item.on_supplement_2_to_part_744") is None else ()
    return find(
        case, "MEU1", "license_required", subject,
        f"{who} is a military end-user and the item is one of Supplement No. 2 to part 744. {BOUND}",
        policy=ReviewPolicy("presumption_of_denial", "Presumption of denial (15 CFR 744.21(e))."),
        provisions=provisions, fields=("effective_on",), steps=apply_for_license(case),
    )  # fmt: skip


def _program_named(case: Case, subject: Subject) -> bool:
    reading = case.law.begun("ear.sdn_744_8.programs", case.as_of)
    programs = set(subject.listing.entry.programs) if subject.listing else set()
    return bool(reading and programs & set(reading.value))


@rule("8SDN2", DESIGNATED, "ear.sdn_744_8.outside")
def designated_outside(case: Case, subject: Subject) -> Verdict:
    """A designated person outside the programs of 744.8(a)(1), or an act or item the section does not reach."""
    if subject.listing is None:
        return None
    if standing(case, subject.listing) == "in_force" and not _program_named(case, subject):
        programs = ", ".join(subject.listing.entry.programs) or "an unstated program"
        return find(
            case, "8SDN2", "no_restriction_found", subject,
            f"{subject.member.name} is {told(subject.listing)} under {programs}, which 15 CFR 744.8(a)(1) does not "
            "name: no export license is needed under that section. Blocking is judged under us.ofac.sdn.",
            fields=("programs",),
        )  # fmt: skip
    return _outside(case, "8SDN2", subject, EXPORT_ACTIVITIES)


@rule("8SDN1", DESIGNATED, "ear.sdn_744_8.party", "ear.sdn_744_8.programs")
def designated(case: Case, subject: Subject) -> Verdict:
    """A person designated under a program of 744.8(a)(1) takes part in an export of an item subject to the EAR."""
    if subject.listing is None:
        return None
    return find(
        case, "8SDN1", "license_required", subject,
        f"{subject.member.name} is {told(subject.listing)} under a program of 15 CFR 744.8(a)(1): a license is "
        f"required for an item subject to the EAR. {BOUND} An OFAC license may stand in its place.",
        policy=ReviewPolicy("see_text", "See 15 CFR 744.8(b).", (), True),
        fields=("programs",), steps=apply_for_license(case),
    )  # fmt: skip
