"""The Federal Communications Commission: the Covered List (47 CFR 1.50002, 2.903) and section 214 authorizations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caveat.determination.gather import Case, Member, fold
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
)
from caveat.determination.steps import resolve_red_flag
from caveat.model import Moment

COVERED, CARRIERS = "us.fcc.covered_list", "us.fcc.section_214"
BOUND = "It binds applicants for equipment authorization, and those who import, market or operate equipment."
_MAKERS = "fcc.covered_list.makers"
_DEALS = {"import", "procure", "use_equipment"}


def questions(case: Case, member: Member, program: str) -> Iterator[Subject]:
    """What a program of the Commission asks about a party."""
    if program == CARRIERS:
        if _carrier(case, member):
            yield Subject(member, None, via="carrier")
        return
    maker = find_maker(case, member, _MAKERS, COVERED)
    if maker:
        yield Subject(member, maker.listing, "named on the Covered List", "maker")
        return
    yield from (s for s in subjects(case, member, COVERED) if s.via in ("near", "address") or s.listing)


def judge(case: Case, subject: Subject, program: str) -> Verdict:
    """The finding on one subject."""
    if program == CARRIERS:
        return first(case, subject, ("F214-2", "F214-1"))
    if subject.via == "maker":
        return first(case, subject, ("FCC4", "FCC1", "FCC3", "FCC2"))
    return judge_listing(case, subject, COVERED, ("FCC4",))


def _maker(case: Case, subject: Subject) -> Maker | None:
    return find_maker(case, subject.member, _MAKERS, COVERED)


@rule("FCC4", COVERED, "fcc.covered_list.outside")
def covered_outside(case: Case, subject: Subject) -> Verdict:
    """An act or a day the list does not reach, equipment it does not cover, or a stake that makes no subsidiary."""
    activity = case.transaction.activity
    maker = _maker(case, subject)
    who = (
        f"{subject.member.name} is {maker.name}, a maker on the Covered List"
        if maker
        else f"{subject.member.name} is listed"
    )
    begun = case.law.begun("fcc.covered_list.authorization", case.as_of)
    if maker and maker.tie in ("subsidiary", "minority", "unknown_share"):
        who = f"{subject.member.name} is tied to {maker.name}, a maker on the Covered List"
    if activity == "authorize_equipment" or activity in _DEALS:
        if subject.listing and standing(case, subject.listing) != "in_force":
            why = f"its inclusion is effective {day(effective_on(subject.listing))} and not in force on the day"
        elif maker is None:
            why = "the entry names a service or carrier, not the equipment of this act"
        elif begun is None:
            starts = case.law.starts("fcc.covered_list.authorization", case.as_of.known)
            why = (
                f"new authorizations are refused from {starts.since}" if starts else "no bar on authorization was known"
            )
        elif case.facts.get("item.telecommunications_equipment") is False:
            why = "the item is not telecommunications or video surveillance equipment"
        elif maker.tie == "minority":
            return find(case, "FCC4", "caution_red_flag", subject,
                        f"{who} by a stake below half: whether it is an affiliate is to be resolved.",
                        steps=resolve_red_flag(subject.member))  # fmt: skip
        else:
            return None
    else:
        why = f"it does not reach the act {activity}"
    return find(case, "FCC4", "no_restriction_found", subject, f"{who}; {why}. {BOUND}")


def _settle(maker: Maker | None) -> None:
    """Ask for the share where only it tells whether the party is a subsidiary."""
    if maker and maker.question:
        raise maker.question


@rule("FCC1", COVERED, "fcc.covered_list.authorization", "fcc.covered_list.makers")
def authorize(case: Case, subject: Subject) -> Verdict:
    """No new equipment authorization for a covered maker's equipment."""
    if case.transaction.activity != "authorize_equipment":
        return None
    maker = _maker(case, subject)
    _settle(maker)
    return find(
        case, "FCC1", "prohibited", subject,
        f"{subject.member.name} makes covered equipment ({maker.name if maker else ''}): no new equipment "
        "authorization "
        f"is granted on {case.as_of.in_force}. {BOUND}",
        steps=("Do not file; the certification in the application would be false.",),
    )  # fmt: skip


@rule("FCC3", COVERED, "fcc.covered_list.previously_authorized")
def previously_authorized(case: Case, subject: Subject) -> Verdict:
    """Equipment authorized before may still be imported, sold and used."""
    if case.transaction.activity not in _DEALS:
        return None
    _settle(_maker(case, subject))
    if not case.facts.ask(
        "item.previously_authorized", "covered equipment may be dealt in and used only where it was authorized before"
    ):
        return None
    return find(
        case, "FCC3", "no_restriction_found", subject,
        f"{subject.member.name} makes covered equipment, but this equipment was authorized before: it may be used. "
        f"{BOUND}",
    )  # fmt: skip


@rule("FCC2", COVERED, "fcc.covered_list.marketing", "fcc.covered_list.makers")
def market(case: Case, subject: Subject) -> Verdict:
    """New covered equipment may not be imported, marketed, sold or operated."""
    return find(
        case, "FCC2", "prohibited", subject,
        f"{subject.member.name} makes covered equipment, and this equipment was never authorized: it may not be "
        "imported, "
        f"marketed, sold or operated. {BOUND}",
        steps=("Ask the seller for the FCC ID and the date of its authorization.",),
    )  # fmt: skip


def _carrier(case: Case, member: Member) -> Mapping[str, Any] | None:
    """The revoked carrier a party is; every revocation known by then counts, whether in force yet or not."""
    for reading in reversed(case.law.show("fcc.section_214.revoked").values):
        if Moment(reading.known.isoformat()) <= case.as_of.known:
            for block in reading.value:
                if set(member.names) & {fold(name) for name in block["names"]}:
                    return dict(block)
    return None


@rule("F214-2", CARRIERS, "fcc.section_214.outside")
def carrier_outside(case: Case, subject: Subject) -> Verdict:
    """Another act, a day before the order, or the days it leaves to discontinue."""
    block = _carrier(case, subject.member)
    if block is None:
        return None
    today, who = case.as_of.in_force, f"{subject.member.name} is {block['carrier']}"
    order = f"its section 214 authorization was revoked by the order released {block['released']}"
    if case.transaction.activity != "provide_telecom":
        return find(case, "F214-2", "no_restriction_found", subject,
                    f"{who}; {order}, which does not reach the act {case.transaction.activity}. It binds the "
                    "carrier.")  # fmt: skip
    if today < block["released"]:
        return find(
            case, "F214-2", "no_restriction_found", subject, f"{who}; {order}, after the act. It binds the carrier."
        )
    if today < block["ends"]:
        return find(case, "F214-2", "caution_red_flag", subject,
                    f"{who}; {order}: service must be discontinued before {block['ends']}. It binds the carrier.",
                    steps=(f"Discontinue service before {block['ends']} and tell customers.",))  # fmt: skip
    return None


@rule("F214-1", CARRIERS, "fcc.section_214.provide", "fcc.section_214.revoked")
def provide(case: Case, subject: Subject) -> Verdict:
    """Service under a revoked authorization, after the days to discontinue."""
    block = _carrier(case, subject.member)
    if block is None:
        return None
    return find(
        case, "F214-1", "prohibited", subject,
        f"{subject.member.name} is {block['carrier']}: its section 214 authorization was revoked by the order released "
        f"{block['released']}, and service had to end before {block['ends']}. It binds the carrier.",
        confirmed=bool(block.get("confirmed", True)),
        steps=("Do not provide the service; move customers to another carrier.",),
    )  # fmt: skip
