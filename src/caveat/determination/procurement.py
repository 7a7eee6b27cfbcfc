"""Federal procurement: section 889 Parts A and B (FAR 52.204-25), and the section 1260H list."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.determination.gather import Case, Member
from caveat.determination.makers import Maker, find_maker
from caveat.determination.rule import (
    Subject,
    Verdict,
    day,
    effective_on,
    find,
    first,
    judge_listing,
    rule,
    standing,
    subjects,
    told,
)
from caveat.determination.steps import resolve_red_flag

S889, S1260H = "us.far.section_889", "us.dod.section_1260h"
BOUND = "It binds federal agencies, and those who contract with them or take their grants."
_MAKERS = "procurement.section_889.makers"
_PURPOSE = "item.used_for_public_safety_or_security"


def questions(case: Case, member: Member, program: str) -> Iterator[Subject]:
    """What a procurement program asks about a party."""
    if program == S1260H:
        yield from subjects(case, member, program)
        return
    maker = find_maker(case, member, _MAKERS, S889)
    if maker:
        yield Subject(member, maker.listing, "named in section 889(f)(3)", "maker")
        return
    yield from subjects(case, member, program)


def judge(case: Case, subject: Subject, program: str) -> Verdict:
    """The finding on one subject."""
    if program == S1260H:
        return judge_listing(case, subject, program, ("1260H3", "1260H1", "1260H2"))
    if subject.via == "maker":
        return first(case, subject, ("889C", "889A", "889B", "889G"))
    return judge_listing(case, subject, program, ("889C",))


def _maker(case: Case, subject: Subject) -> Maker | None:
    return find_maker(case, subject.member, _MAKERS, S889)


@rule("889C", S889, "procurement.section_889.outside")
def outside(case: Case, subject: Subject) -> Verdict:
    """An actor, a day, an act or a use section 889 does not reach."""
    why = _why_outside(case, subject)
    maker = _maker(case, subject)
    if maker and maker.tie == "minority" and not why:
        return find(case, "889C", "caution_red_flag", subject,
                    f"A stake below half ties {subject.member.name} to {maker.name}: whether it is an affiliate is "
                    "to be "
                    f"resolved. {BOUND}", steps=resolve_red_flag(subject.member))  # fmt: skip
    if not why:
        return None
    name = maker.name if maker else subject.member.name
    return find(
        case,
        "889C",
        "no_restriction_found",
        subject,
        f"{subject.member.name} ({name}) is named in section 889; {why}. {BOUND}",
    )


def _why_outside(case: Case, subject: Subject) -> str:
    facts, activity = case.facts, case.transaction.activity
    maker = _maker(case, subject)
    if activity not in ("procure", "use_equipment"):
        return f"it does not reach the act {activity}"
    if maker is None:
        return "the listing is not in force on the day"
    if case.law.begun("procurement.section_889.part_a", case.as_of) is None:
        return "Part A applies from 2019-08-13, Part B from 2020-08-13, after the act"
    part_b = case.law.begun("procurement.section_889.part_b", case.as_of) is not None
    if (
        not facts.get("actor.federal_agency")
        and not facts.get("actor.federal_contractor")
        and not facts.get("actor.federal_grantee")
    ):
        facts.ask("actor.federal_agency", "Part A binds agencies")
        if not part_b:
            return "the actor is no federal agency, and Part B applies only from 2020-08-13"
        facts.ask("actor.federal_contractor", "Part B binds those who contract with an agency")
        return "the actor is no federal agency and holds no federal contract"
    if facts.get("actor.federal_agency") and activity == "use_equipment" and not facts.get("actor.federal_contractor"):
        return "Part A bars an agency from procuring or obtaining it, not from using what it has"
    if not facts.get("actor.federal_agency") and not part_b:
        return "Part B applies from 2020-08-13, after the act"
    if facts.get("item.telecommunications_equipment") is False:
        return "the item is not telecommunications or video surveillance equipment"
    if maker.question:
        raise maker.question
    if maker.tie == "minority":
        return ""
    if maker.block.get("purposes") and not facts.ask(
        _PURPOSE,
        f"{maker.name} equipment is covered for public safety, security of government facilities, physical security "
        "surveillance of critical infrastructure, and other national security purposes",
    ):
        return f"{maker.name} equipment is covered for public safety and security purposes only, and this is not one"
    if subject.member.part == "input" and not facts.ask(
        "item.substantial_or_essential_component", "the covered part must be a substantial or essential component"
    ):
        return "the covered part is no substantial or essential component"
    return ""


@rule("889A", S889, "procurement.section_889.part_a", "procurement.section_889.makers")
def part_a(case: Case, subject: Subject) -> Verdict:
    """Part A: an agency may not procure, obtain or use covered equipment."""
    if not case.facts.get("actor.federal_agency"):
        return None
    maker = _maker(case, subject)
    return find(
        case, "889A", "prohibited", subject,
        f"The actor is a federal agency and {subject.member.name} makes covered equipment "
        f"({maker.name if maker else ''}): "
        f"it may not be procured or obtained from 2019-08-13. {BOUND}",
        steps=("Do not award; ask the offeror for its representation under FAR 52.204-24.",),
    )  # fmt: skip


@rule(
    "889B",
    S889,
    "procurement.section_889.part_b",
    "procurement.section_889.makers",
    "procurement.section_889.report_days",
)
def part_b(case: Case, subject: Subject) -> Verdict:
    """Part B: no contract with an entity that uses covered equipment, wherever it uses it."""
    if not case.facts.get("actor.federal_contractor"):
        return None
    maker = _maker(case, subject)
    first_days, more_days = case.read("procurement.section_889.report_days").value
    return find(
        case, "889B", "prohibited", subject,
        "The actor holds a federal contract and uses covered equipment of "
        f"{maker.name if maker else subject.member.name}: "
        f"no agency may contract with it from 2020-08-13, wherever the equipment is used. {BOUND}",
        steps=(
            f"Report to the contracting officer within {first_days} business day, and the rest within {more_days} more "
            "(FAR 52.204-25(d)).",
            "Take the equipment out of use, or ask for a waiver.",
        ),
    )  # fmt: skip


@rule("889G", S889, "procurement.section_889.grants", "procurement.section_889.makers")
def grants(case: Case, subject: Subject) -> Verdict:
    """A grantee may not buy covered equipment with federal funds."""
    if not case.facts.get("actor.federal_grantee") or case.transaction.activity != "procure":
        return None
    return find(
        case, "889G", "prohibited", subject,
        f"The actor takes a federal grant; its funds may not buy covered equipment of {subject.member.name}. {BOUND}",
        steps=("Pay from other funds, or buy other equipment.",),
    )  # fmt: skip


@rule("1260H3", S1260H, "procurement.section_1260h.no_effect")
def no_effect(case: Case, subject: Subject) -> Verdict:
    """The list has no effect on trade, on other buyers, or before its contracting dates."""
    listing = subject.listing
    if listing is None:
        return None
    facts = case.facts
    direct = case.law.begun("procurement.section_1260h.direct", case.as_of)
    indirect = case.law.begun("procurement.section_1260h.indirect", case.as_of)
    why = ""
    if standing(case, listing) != "in_force":
        why = f"the listing is not in force on {case.as_of.in_force} (effective {day(effective_on(listing))})"
    elif case.transaction.activity != "procure":
        why = f"it has no effect on the act {case.transaction.activity}"
    elif direct is None:
        why = "the Department's own contracts are barred from 2026-06-30, indirect ones from 2027-06-30, after the act"
    elif facts.get("actor.federal_agency") is False and not facts.get("actor.department_of_defense"):
        why = "the actor is no federal agency, and it binds the Department of Defense"
    elif not facts.ask("actor.department_of_defense", "it binds the Department of Defense only"):
        why = "it binds the Department of Defense only"
    elif _is_indirect(case, subject) and indirect is None:
        why = "end products of a listed company bought through others are barred from 2027-06-30, after the act"
    if not why:
        return None
    return find(case, "1260H3", "no_restriction_found", subject,
                f"{subject.member.name} is {told(listing)}; {why}.", fields=("effective_on", "removed_on"))  # fmt: skip


def _is_indirect(case: Case, subject: Subject) -> bool:
    """Bought through others: the listed company makes the goods or an input, and another party sells them."""
    roles = set(case.roles(subject.member))
    sellers = [m for m in case.members if m is not subject.member and "seller" in case.roles(m)]
    return subject.member.part in ("input", "maker") or (roles == {"producer"} and bool(sellers))


@rule("1260H1", S1260H, "procurement.section_1260h.direct")
def direct_contract(case: Case, subject: Subject) -> Verdict:
    """The Department of Defense may not contract with a listed company from 30 June 2026."""
    if _is_indirect(case, subject):
        return None
    return find(
        case, "1260H1", "prohibited", subject,
        f"The actor is the Department of Defense and {subject.member.name} is {_told(subject)}: no contract from "
        "2026-06-30.",
        fields=("effective_on",), steps=("Do not award; a waiver is for the Secretary.",),
    )  # fmt: skip


@rule("1260H2", S1260H, "procurement.section_1260h.indirect")
def indirect_contract(case: Case, subject: Subject) -> Verdict:
    """Nor buy its end products or services through others from 30 June 2027."""
    return find(
        case, "1260H2", "prohibited", subject,
        f"The actor is the Department of Defense and the end product holds goods of {subject.member.name}, "
        f"{_told(subject)}: barred from 2027-06-30, also through others.",
        fields=("effective_on",), steps=("Ask the offeror for another source.",),
    )  # fmt: skip


def _told(subject: Subject) -> str:
    return told(subject.listing) if subject.listing else "listed"
