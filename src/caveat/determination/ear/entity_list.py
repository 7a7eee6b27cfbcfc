"""The Entity List: 15 CFR 744.11, 744.16 and Supplement No. 4 to part 744. Rules EL1 to EL12 and the product rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from caveat.determination.ear import affiliates
from caveat.determination.ear.affiliates import DIRECT
from caveat.determination.ear.jurisdiction import Gate, is_subject
from caveat.determination.ear.review import exceptions, requirement, requirement_provisions, review_policy
from caveat.determination.facts import Missing
from caveat.determination.gather import Case, Member
from caveat.determination.rule import (
    Subject,
    Verdict,
    day,
    effective_on,
    find,
    first,
    rule,
    standing,
    tell_apart,
    told,
)
from caveat.determination.steps import apply_for_license, resolve_name, resolve_red_flag
from caveat.law import AT_ONLY, STANDARDS
from caveat.model import EXPORT_ACTIVITIES

PROGRAM = "us.bis.entity_list"
BOUND = "The list binds anyone, of any nationality, who deals in items subject to the EAR."
_AGENTS = {"purchasing_agent", "forwarder"}
_RECEIVERS = {"purchaser", "intermediate_consignee", "ultimate_consignee", "end_user"}
_SELLERS = {"seller", "producer"}
_BUYS = {"import", "procure", "use_equipment"}

_ADDRESS = ("EL-REMOVED", "EL4", "EL-ACT", "EL-ROLE", "EL-GATE", "EL3", "EL10")
_SHARED = ("EL-REMOVED", "EL4", "EL-ACT", "EL10")


def questions(case: Case, member: Member) -> Iterator[Subject]:
    """What the Entity List asks about one party."""
    taken = member.taken(PROGRAM, case.facts)
    for match in taken:
        yield Subject(member, match.listing, match.why)
    for relation, other in member.related:
        for match in other.taken(PROGRAM, case.facts):
            yield Subject(member, match.listing, match.why, relation, other.name)
    standings = {standing(case, match.listing) for match in taken}
    in_force = "in_force" in standings
    if not in_force and "not_yet" not in standings and member.near(PROGRAM, case.facts):
        yield Subject(member, None, via="near")
    for listing in member.addresses:
        if listing.entry.list == PROGRAM:
            yield Subject(member, listing, "the address given is the listed one", "address")
    if not in_force and member.owners:
        yield Subject(member, None, via="owned_by")
    for near in member.apart:
        if near.listing.entry.list == PROGRAM:
            yield Subject(member, near.listing, near.matched_name, "apart")


def judge(case: Case, subject: Subject) -> Verdict:
    """The finding on one subject."""
    if subject.via == "near":
        return first(case, subject, ("EL12",))
    if subject.via == "owned_by":
        return affiliates.judge(case, subject)
    if subject.via == "apart":
        return tell_apart(case, subject, PROGRAM)
    if subject.via == "address" and subject.listing:
        return first(case, subject, _ADDRESS if subject.listing.entry.kind == "address" else _SHARED)
    return first(case, subject, DIRECT)


def part_played(case: Case, member: Member) -> str:
    """`receiver`, `agent`, `seller` or `other`; Missing where no role was given."""
    roles = set(case.roles(member))
    if case.transaction.activity == "deemed_export" and not roles & _SELLERS:
        return "receiver"  # whoever the technology is released to
    if not roles:
        raise Missing(
            f"{member.path}.role",
            "the license requirement lies on transactions in which the listed party buys, receives or uses the item",
            (("end_user", ("end_user",)), ("seller", ("seller",)), ("other", ("other",))),
        )
    if roles & _RECEIVERS:
        return "receiver"
    if roles & _AGENTS:
        return "agent"
    return "seller" if roles & _SELLERS else "other"


def _as_what(case: Case, member: Member) -> str:
    return ", ".join(case.roles(member)) or "the one it is released to"


def _footnotes(subject: Subject) -> tuple[str, ...]:
    return subject.listing.entry.footnotes if subject.listing else ()


def _gate(case: Case, subject: Subject) -> Gate:
    in_chain = part_played(case, subject.member) in ("receiver", "agent")
    return is_subject(case, _footnotes(subject), in_chain)


def _party(subject: Subject) -> str:
    if subject.listing is None:
        return subject.member.name
    listed = told(subject.listing)
    if subject.via:
        return f"{subject.member.name} ({subject.via.replace('_', ' ')} {subject.holder or listed}, listed as {listed})"
    return f"{subject.member.name}, taken as {listed}: {subject.why},"


def _license(case: Case, rule_id: str, subject: Subject, reason: str, provisions: tuple[str, ...] = ()) -> Verdict:
    """A license is required: with the policy for this item, and the exceptions the entry refuses."""
    if subject.listing is None:
        return None
    gate = _gate(case, subject)
    available, refused = exceptions(case, subject.listing)
    text = requirement(case, subject.listing)
    scope = (
        f'License requirement: "{text.text}".'
        if text.text
        else "The lists state no license requirement text for that day."
    )
    return find(
        case, rule_id, "license_required", subject, f"{reason} {scope} {BOUND} Here {gate.why}.",
        policy=review_policy(case, subject.listing), available=available, refused=refused,
        provisions=(*provisions, *gate.provisions, *requirement_provisions(subject.listing)),
        fields=("effective_on", "license_requirement"),
        steps=apply_for_license(case),
    )  # fmt: skip


@rule("EL-REMOVED", PROGRAM, "ear.entity_list.removed")
def removed(case: Case, subject: Subject) -> Verdict:
    """A listing that was removed before the act does not bind."""
    listing = subject.listing
    if listing is None or standing(case, listing) != "removed":
        return None
    ended = listing.entry.removed_on or listing.until
    return find(
        case, "EL-REMOVED", "no_restriction_found", subject,
        f"{_party(subject)} was removed from the Entity List, effective {day(ended)}, before the act.",
        fields=("removed_on",),
    )  # fmt: skip


@rule("EL4", PROGRAM, "ear.entity_list.effective")
def not_yet_effective(case: Case, subject: Subject) -> Verdict:
    """EL4. The act comes before the effective date: no requirement yet, even where the listing was announced."""
    listing = subject.listing
    if listing is None or standing(case, listing) != "not_yet":
        return None
    entry = listing.entry
    said = f", announced {day(entry.announced_on)}" if entry.announced_on else ""
    return find(
        case, "EL4", "no_restriction_found", subject,
        f"{_party(subject)} is not yet in force on {case.as_of.in_force}{said}: it is effective "
        f"{day(effective_on(listing))}. Other parts of the EAR are checked separately.",
        fields=("effective_on", "announced_on"),
        steps=("Ship and deliver before the effective date, or apply for a license now; the savings clause covers "
               "only what is already en route.",),
    )  # fmt: skip


@rule("EL6", PROGRAM, "ear.entity_list.seller")
def only_sells(case: Case, subject: Subject) -> Verdict:
    """EL6. A listed party that only sells: the list does not bar buying from it; goods of US origin are a red flag."""
    activity = case.transaction.activity
    if activity not in _BUYS and not (
        activity in EXPORT_ACTIVITIES and case.roles(subject.member) and part_played(case, subject.member) == "seller"
        and not _goes_into_its_products(case, subject)
    ):  # fmt: skip
        return None
    origin = case.facts.get("item.origin")
    us_goods = bool(origin) and origin[:2] == "US"
    flag = " The goods are of US origin: ask how the listed party came by them." if us_goods else ""
    return find(
        case, "EL6", "caution_red_flag" if us_goods else "no_restriction_found", subject,
        f"{_party(subject)} only sells or makes the item here; the Entity List does not bar buying from a listed "
        f"party.{flag}",
        steps=resolve_red_flag(subject.member) if us_goods else (),
    )  # fmt: skip


def _goes_into_its_products(case: Case, subject: Subject) -> bool:
    """The product rules of footnotes 1, 4 and 5 also reach an item known to go into what the listed party makes."""
    return bool(_footnotes(subject)) and bool(case.facts.get("item.goes_into_product_of_listed_party"))


@rule("EL-ACT", PROGRAM, "ear.entity_list.reach")
def act_not_reached(case: Case, subject: Subject) -> Verdict:
    """The list reaches exports, reexports, transfers and releases only."""
    if case.transaction.activity in EXPORT_ACTIVITIES:
        return None
    return find(
        case, "EL-ACT", "no_restriction_found", subject,
        f"{_party(subject)} is concerned, but the Entity List reaches exports, reexports, in-country transfers and "
        f"releases of items, not the act {case.transaction.activity}.",
    )  # fmt: skip


@rule("EL-ROLE", PROGRAM, "ear.entity_list.reach")
def role_not_reached(case: Case, subject: Subject) -> Verdict:
    """A listed party in another role than buyer, receiver or user is a red flag."""
    if part_played(case, subject.member) != "other" or _goes_into_its_products(case, subject):
        return None
    if not is_subject(case, _footnotes(subject), in_chain=False).subject:
        return None
    return find(
        case, "EL-ROLE", "caution_red_flag", subject,
        f"{_party(subject)} takes part as {', '.join(case.roles(subject.member))}, not as purchaser, consignee or "
        "end-user (15 CFR 748.5(c)-(f)); a bank that takes possession of the item is an intermediate consignee.",
        steps=resolve_red_flag(subject.member),
    )  # fmt: skip


@rule("EL-GATE", PROGRAM, "ear.entity_list.reach")
def not_subject(case: Case, subject: Subject) -> Verdict:
    """An item that is not subject to the EAR is outside the list."""
    gate = _gate(case, subject)
    if gate.subject:
        return None
    return find(
        case, "EL-GATE", "not_subject", subject,
        f"{_party(subject)} is concerned, but the item is not subject to the EAR: {gate.why}. Other rules for "
        "foreign-made items (15 CFR 734.9(b) to (d), (f) to (i)) are not modeled.",
        provisions=gate.provisions,
    )  # fmt: skip


@rule("EL5", PROGRAM, "ear.entity_list.savings")
def en_route(case: Case, subject: Subject) -> Verdict:
    """EL5. Aboard a carrier on the effective date, under an actual order: the previous eligibility holds."""
    loaded = case.facts.get("timing.loaded_on_carrier_on")
    starts = effective_on(subject.listing) if subject.listing else None
    if loaded is None or starts is None or loaded > starts or subject.listing is None:
        return None
    cutoffs = case.read("ear.entity_list.savings_cutoff").value
    for citation in subject.listing.entry.citations:
        limit = cutoffs.get(citation.cite)
        if limit is not None and case.as_of.in_force > starts + dt.timedelta(days=limit):
            return None
    ordered = case.facts.ask(
        "timing.ordered_on", f"the savings clause asks for an actual order on {starts}",
        ((f"on or before {starts}", starts), (f"after {starts}", starts + dt.timedelta(days=1))),
    )  # fmt: skip
    if ordered > starts:
        return None
    return find(
        case, "EL5", "no_restriction_found", subject,
        f"{_party(subject)} is listed from {starts}, but the item was aboard a carrier from {loaded} under an order of "
        f"{ordered}: the savings clause lets it proceed under the previous eligibility. Each rule has its own cut-off: "
        "read it in the rule.",
        steps=("Keep the order and the bill of lading that prove the dates; read the rule's cut-off date.",),
    )  # fmt: skip


@rule("EL3", PROGRAM, "ear.entity_list.outside_requirement")
def outside_requirement(case: Case, subject: Subject) -> Verdict:
    """EL3. The item is outside the entry's license requirement column."""
    if subject.listing is None:
        return None
    text = requirement(case, subject.listing)
    get = case.facts.get
    for condition in text.leaves_out:
        holds, fact = condition.test(get)
        if holds:
            return _outside(case, subject, f'the entry leaves it out: "{text.text}"')
        if holds is None and fact and (_worth_asking(fact) or condition.is_told(get)):
            raise _question(fact, "the entry's license requirement leaves some items out")
    if text.covers:
        tests = [condition.test(get) for condition in text.covers]
        if any(holds for holds, _ in tests):
            return None
        fact = next((fact for holds, fact in tests if holds is None and fact), None)
        if fact:
            raise _question(fact, "the entry's license requirement covers some items only")
        return _outside(case, subject, f'the entry covers only: "{text.text}"')
    return _for_standards(case, subject)


def _for_standards(case: Case, subject: Subject) -> Verdict:
    """The carve-out of 15 CFR 744.16 for every entry: asked of nobody, applied where the user tells of it."""
    facts = case.facts
    if not facts.get(STANDARDS) or facts.get("item.kind") not in (None, "technology", "software"):
        return None
    if case.law.begun("ear.entity_list.standards", case.as_of) is None:
        return None
    why = "a release for the work of a standards organization is free for EAR99 and anti-terrorism-level technology"
    if facts.get("item.kind") is None:
        raise _question("item.kind", why)
    eccn = facts.get("item.eccn")
    if eccn is None:
        raise _question("item.eccn", why)
    if eccn != "EAR99" and not facts.ask(AT_ONLY, why):
        return None
    return _outside(case, subject, why, ("ear.entity_list.standards",))


def _worth_asking(fact: str) -> bool:
    """A carve-out is asked for where the item is of its kind and class, and not the rare one for standards bodies.

    One whose own facts are told is always asked for: then the item's class or kind decides.
    """
    return fact not in ("item.eccn", "item.kind", STANDARDS)


def _question(fact: str, why: str) -> Missing:
    if fact == "item.eccn":
        return Missing(fact, why, (("EAR99", "EAR99"), ("on_ccl", "on_ccl")))
    if fact == "item.kind":
        return Missing(fact, why, (("technology", "technology"), ("goods", "goods"), ("software", "software")))
    return Missing(fact, why)


def _outside(case: Case, subject: Subject, why: str, provisions: tuple[str, ...] = ()) -> Verdict:
    return find(
        case, "EL3", "no_restriction_found", subject,
        f"{_party(subject)} is in force, but the item is outside its license requirement: {why}.",
        fields=("license_requirement",),
        provisions=(*provisions, *(requirement_provisions(subject.listing) if subject.listing else ())),
    )  # fmt: skip


@rule("EL2", PROGRAM, "ear.entity_list.exceptions")
def exception_claimed(case: Case, subject: Subject) -> Verdict:
    """EL2. A license exception is claimed: none is available but what the entry allows."""
    claimed = case.facts.get("license_exception")
    if not claimed or subject.listing is None:
        return None
    available, refused = exceptions(case, subject.listing)
    if not refused:
        return find(
            case, "EL2", "caution_red_flag", subject,
            f"{_party(subject)} is in force; its entry allows License Exception {claimed}. Whether the exception's own "
            "conditions are met is not modeled.",
            available=available, provisions=_gate(case, subject).provisions, fields=("license_requirement",),
            steps=(f"Check the conditions of License Exception {claimed} one by one and keep the result.",),
        )  # fmt: skip
    return _license(
        case, "EL2", subject,
        f"{_party(subject)} is in force on {case.as_of.in_force}; License Exception {claimed} is not available for it.",
        ("ear.entity_list.listed_party",),
    )  # fmt: skip


def _product_rule(case: Case, subject: Subject, footnote: str) -> Verdict:
    if footnote not in _footnotes(subject) or _gate(case, subject).footnote != footnote:
        return None
    return _license(
        case, f"FDP{footnote}", subject,
        f"{_party(subject)} has footnote {footnote} and takes part in the transaction: the foreign-made item is "
        "subject "
        "to the EAR for it, and a license is required. The review also weighs the item's sophistication, as the entry "
        "and 15 CFR 744.11 say.",
        ("ear.entity_list.listed_party",),
    )  # fmt: skip


@rule("FDP1", PROGRAM, "ear.fdp.footnote_1")
def product_rule_1(case: Case, subject: Subject) -> Verdict:
    """15 CFR 734.9(e)(1): direct products for a party with footnote 1."""
    return _product_rule(case, subject, "1")


@rule("FDP4", PROGRAM, "ear.fdp.footnote_4")
def product_rule_4(case: Case, subject: Subject) -> Verdict:
    """15 CFR 734.9(e)(2): direct products for a party with footnote 4."""
    return _product_rule(case, subject, "4")


@rule("FDP5", PROGRAM, "ear.fdp.footnote_5", "ear.fdp.footnote_5_items")
def product_rule_5(case: Case, subject: Subject) -> Verdict:
    """15 CFR 734.9(e)(3): direct products for a party with footnote 5."""
    return _product_rule(case, subject, "5")


@rule("EL8", PROGRAM, "ear.entity_list.branch")
def branch(case: Case, subject: Subject) -> Verdict:
    """EL8. A branch or operating division is part of the listed party."""
    if subject.via != "branch_of":
        return None
    return _license(case, "EL8", subject, f"{_party(subject)} is a branch or division, and listed as its head is.")


@rule("EL9", PROGRAM, "ear.entity_list.front")
def front(case: Case, subject: Subject) -> Verdict:
    """EL9. A front or shell is treated as the listed party; another affiliate is legally distinct, and a red flag."""
    if subject.via == "front_for" or (
        subject.via == "affiliate_of" and case.facts.get(f"{subject.member.path}.front_or_shell")
    ):
        return _license(case, "EL9", subject, f"{_party(subject)} stands in front of the listed party.")
    if subject.via != "affiliate_of":
        return None
    return find(
        case, "EL9", "caution_red_flag", subject,
        f"{_party(subject)} is an affiliate that is not named on the list: legally distinct, and a red flag. "
        "Give its owners with their shares to apply the affiliates rule.",
        provisions=("ear.affiliates.distinct",), steps=resolve_red_flag(subject.member),
    )  # fmt: skip


@rule("EL11", PROGRAM, "ear.entity_list.release")
def release(case: Case, subject: Subject) -> Verdict:
    """EL11. A release of technology or source code to someone acting for a listed party."""
    if case.transaction.activity != "deemed_export" and subject.via != "employer":
        return None
    if subject.via == "employer" and case.transaction.activity != "deemed_export":
        return find(
            case, "EL11", "caution_red_flag", subject,
            f"{_party(subject)} works for a listed party; whether it receives the item on its behalf is to be "
            "resolved.",
            steps=resolve_red_flag(subject.member),
        )  # fmt: skip
    return _license(
        case, "EL11", subject,
        f"{_party(subject)}: technology or source code is released to the listed party, or to someone on its behalf.",
    )  # fmt: skip


@rule("EL7", PROGRAM, "ear.entity_list.agent")
def agent(case: Case, subject: Subject) -> Verdict:
    """EL7. A purchasing agent, or a forwarder that receives the goods, is a party to the transaction."""
    if part_played(case, subject.member) != "agent":
        return None
    return _license(
        case, "EL7", subject,
        f"{_party(subject)} is in force on {case.as_of.in_force} and acts as {_as_what(case, subject.member)}.",
        ("ear.entity_list.listed_party",),
    )  # fmt: skip


@rule("EL1", PROGRAM, "ear.entity_list.listed_party")
def listed_party(case: Case, subject: Subject) -> Verdict:
    """EL1. A listed party is purchaser, consignee or end-user of an item inside its license requirement."""
    return _license(
        case, "EL1", subject,
        f"{_party(subject)} is in force on {case.as_of.in_force} and is {_as_what(case, subject.member)}.",
    )  # fmt: skip


@rule("EL10", PROGRAM)
def address(case: Case, subject: Subject) -> Verdict:
    """EL10. A listed address binds whoever is there; an address shared with a listed party is a red flag."""
    if subject.listing is None:
        return None
    if subject.listing.entry.kind == "address":
        return _license(
            case, "EL10", subject,
            f"{subject.member.name} is at a listed address, {told(subject.listing)}: any party there needs a license "
            "for the items the entry covers.",
            ("ear.entity_list.listed_address",),
        )  # fmt: skip
    return find(
        case, "EL10", "caution_red_flag", subject,
        f"{subject.member.name} shares its address with {told(subject.listing)}.",
        provisions=("ear.entity_list.shared_address",), steps=resolve_red_flag(subject.member),
    )  # fmt: skip


@rule("EL12", PROGRAM, "ear.entity_list.near_name")
def near_name(case: Case, subject: Subject) -> Verdict:
    """EL12. A near name is an open question until a person confirms or rejects it."""
    member = subject.member
    near = [n for n in member.matches.near if n.listing.entry.list == PROGRAM]
    answer = case.facts.get(f"{member.path}.entry_id")
    if answer is None:
        raise Missing(
            f"{member.path}.entry_id",
            f"{near[0].told}: resolve by address, identifier or ownership, then confirm or reject it",
            (*((n.entry_id, n.entry_id) for n in near), ("none of them", "none")),
        )
    match = next((n for n in near if n.entry_id == answer), None)
    if match:
        return first(case, Subject(member, match.listing, "confirmed by a person"), DIRECT)
    return find(
        case, "EL12", "no_restriction_found", subject,
        f"{member.name} is near a listed name, and a person says it is not that party.", steps=resolve_name(member),
    )  # fmt: skip
