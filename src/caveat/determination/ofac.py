"""Treasury's programs: blocking with its 50 percent rule (31 CFR part 583), and the NS-CMIC ban (part 586)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from caveat.determination.gather import Case, Member
from caveat.determination.ownership import restricted_share
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
from caveat.determination.steps import block_and_report, reject_and_report, resolve_red_flag
from caveat.model import Listing

SDN, CMIC = "us.ofac.sdn", "us.ofac.ns_cmic"
_SECURITIES = {"buy_security", "sell_security", "hold_security"}
_ONE_MINUTE_PAST = dt.time(0, 1)
_SDN_CHAIN = ("SDN3", "SDN1")
_CMIC_CHAIN = ("CMIC6", "CMIC7", "CMIC8", "CMIC3", "CMIC2", "CMIC4", "CMIC1")


def questions(case: Case, member: Member, program: str) -> Iterator[Subject]:
    """What a Treasury program asks about a party."""
    yield from subjects(case, member, program, owned=True)


def judge(case: Case, subject: Subject, program: str) -> Verdict:
    """The finding on one subject."""
    if subject.via == "owned_by":
        return _owned_by_blocked(case, subject) if program == SDN else _owned_by_cmic(case, subject)
    return judge_listing(case, subject, program, _SDN_CHAIN if program == SDN else _CMIC_CHAIN)


def _listed_owners(case: Case, member: Member, list_id: str) -> Iterator[tuple[Member, Listing]]:
    for owner in member.owners:
        for match in owner.taken(list_id, case.facts):
            yield owner, match.listing
        yield from _listed_owners(case, owner, list_id)


def is_blocked(case: Case, owner: Member) -> bool | None:
    """Whether an owner is on the SDN List on the day; None where a near name leaves it open."""
    if any(standing(case, match.listing) == "in_force" for match in owner.taken(SDN, case.facts)):
        return True
    return None if owner.near(SDN, case.facts) else False


def _is_bound(case: Case) -> bool:
    """Whether the act has a US person or is done from the United States; Missing where nobody said."""
    facts = case.facts
    if facts.get("actor.us_person"):
        return True
    if "US" in (facts.get("actor.country"), facts.get("item.location")):
        return True
    if case.transaction.activity in ("export", "import", "procure") and facts.get("actor.us_person") is None:
        if case.transaction.activity == "export" and facts.get("item.location") is None:
            return True  # an export leaves the United States: the act is done there
        if case.transaction.activity == "import" and facts.get("destination") in (None, "US"):
            return True
    return bool(facts.ask("actor.us_person", "blocking binds US persons, and acts with a nexus to the United States"))


@rule("SDN3", SDN, "ofac.sdn.not_in_force")
def blocking_outside(case: Case, subject: Subject) -> Verdict:
    """A designation not in force on the day, an entry decision, or an actor blocking does not bind."""
    listing = subject.listing
    if listing is None:
        return None
    state = standing(case, listing)
    if state != "in_force":
        when = (
            f"was removed on {day(listing.entry.removed_on or listing.until)}" if state == "removed"
            else f"is designated only from {day(effective_on(listing))}"
        )  # fmt: skip
        return find(
            case, "SDN3", "no_restriction_found", subject,
            f"{subject.member.name} is {told(listing)}, which {when}: no blocking on {case.as_of.in_force}.",
            fields=("effective_on", "removed_on"),
        )  # fmt: skip
    if case.transaction.activity == "enter_us":
        return find(
            case, "SDN3", "no_restriction_found", subject,
            f"{subject.member.name} is {told(listing)}: blocking concerns property; its entry is judged under "
            "us.state.visa.",
        )  # fmt: skip
    if not _is_bound(case):
        return find(
            case, "SDN3", "caution_red_flag", subject,
            f"{subject.member.name} is {told(listing)}. The actor is not a US person and no nexus with the United "
            "States is told: blocking does not bind it, but dollars, US banks or US goods in the dealing would.",
            provisions=("ofac.sdn.not_bound",), steps=resolve_red_flag(subject.member),
        )  # fmt: skip
    return None


@rule("SDN1", SDN, "ofac.sdn.blocking", "ofac.sdn.report_days")
def blocking(case: Case, subject: Subject) -> Verdict:
    """Property of a designated person is blocked: no dealing, and a report."""
    if subject.listing is None:
        return None
    programs = ", ".join(subject.listing.entry.programs)
    return find(
        case, "SDN1", "prohibited", subject,
        f"{subject.member.name}, taken as {told(subject.listing)}{f' under {programs}' if programs else ''}: "
        f"{subject.why or 'listed'}; its property is blocked on {case.as_of.in_force}. It binds US persons and acts in "
        "the United States, and the act is one; any dealing is prohibited, not only payment.",
        fields=("effective_on", "programs"), steps=block_and_report(case),
    )  # fmt: skip


def _owned_by_blocked(case: Case, subject: Subject) -> Verdict:
    owners = list(_listed_owners(case, subject.member, SDN))
    in_force = [(o, x) for o, x in owners if standing(case, x) == "in_force"]
    if in_force:
        owner, listing = in_force[0]
        return first(case, Subject(subject.member, listing, "", "owned_by", owner.name), ("SDN4", "SDN2"))
    if any(is_blocked(case, owner) is None for owner in _tree(subject.member)):
        return first(case, subject, ("SDN4", "SDN2"))
    if owners:
        owner, listing = owners[0]
        return first(case, Subject(subject.member, listing, "", "owned_by", owner.name), ("SDN3",))
    return None


def _tree(member: Member) -> Iterator[Member]:
    for owner in member.owners:
        yield owner
        yield from _tree(owner)


@rule("SDN4", SDN, "ofac.sdn.minority", "ofac.sdn.share")
def blocked_minority(case: Case, subject: Subject) -> Verdict:
    """Below the share of the 50 percent rule, or for an act it does not reach, ownership does not block."""
    threshold = float(case.read("ofac.sdn.share").value)
    holding = restricted_share(case, subject.member, lambda owner: is_blocked(case, owner), threshold)
    if not holding.is_tied:
        return None
    if case.transaction.activity == "enter_us":
        return None
    if holding.high >= threshold:
        if holding.question:
            raise holding.question
        return None
    return find(
        case, "SDN4", "caution_red_flag", subject,
        f"{holding.high:g} percent of {subject.member.name} is held by blocked persons: below {threshold:g} percent in "
        "aggregate it is not blocked by ownership, and control alone does not block. A blocked person may not take "
        "part "
        "in the dealing itself; the share may grow.",
        steps=resolve_red_flag(subject.member),
    )  # fmt: skip


@rule("SDN2", SDN, "ofac.sdn.share", "ofac.sdn.blocking", "ofac.sdn.report_days")
def blocked_by_ownership(case: Case, subject: Subject) -> Verdict:
    """Blocked persons own half or more of it, in aggregate: it is blocked as if listed."""
    threshold = float(case.read("ofac.sdn.share").value)
    holding = restricted_share(case, subject.member, lambda owner: is_blocked(case, owner), threshold)
    if holding.low < threshold or case.transaction.activity == "enter_us":
        return None
    who = ", ".join(dict.fromkeys(owner.name for owner in holding.owners))
    if not _is_bound(case):
        return find(
            case, "SDN2", "caution_red_flag", subject,
            f"{subject.member.name} is owned to {holding.low:g} percent by blocked persons ({who}); the actor is not a "
            "US person and no nexus with the United States is told.",
            provisions=("ofac.sdn.not_bound",), steps=resolve_red_flag(subject.member),
        )  # fmt: skip
    return find(
        case, "SDN2", "prohibited", subject,
        f"{subject.member.name} is owned to {holding.low:g} percent, directly or indirectly and in aggregate, by "
        "blocked "
        f"persons ({who}): it is blocked as if listed. It binds US persons and acts in the United States.",
        fields=("effective_on", "programs"), steps=block_and_report(case),
    )  # fmt: skip


def _is_before(case: Case, limit: dt.date) -> bool:
    """Whether the act comes before 12:01 a.m. in Washington on that day; a day without a minute stands for its end."""
    today, minute = case.as_of.in_force, case.transaction.minute
    return today < limit or (today == limit and minute is not None and minute < _ONE_MINUTE_PAST)


def _listed_on(listing: Listing) -> dt.date | None:
    entry = listing.entry
    return entry.published_on or entry.announced_on


def _barred_from(case: Case, listing: Listing) -> dt.date | None:
    """The day from which purchases are barred: as the list states it, or 60 days after the listing."""
    if listing.entry.effective_on:
        return listing.entry.effective_on
    listed = _listed_on(listing)
    reading = case.law.begun("ofac.ns_cmic.purchase_days", case.as_of)
    return listed + dt.timedelta(days=int(reading.value)) if listed and reading else listing.since


def _divest_by(case: Case, listing: Listing) -> dt.date | None:
    """The day before which dealing to divest is permitted: as the list states it, or 365 days after the listing."""
    if listing.entry.divest_by:
        return listing.entry.divest_by
    listed = _listed_on(listing)
    if listed is None and listing.entry.effective_on:
        listed = listing.entry.effective_on - dt.timedelta(days=int(case.read("ofac.ns_cmic.purchase_days").value))
    return listed + dt.timedelta(days=int(case.read("ofac.ns_cmic.divestment_days").value)) if listed else None


def _has_ended(case: Case, listing: Listing) -> bool:
    ends = [end for end in (listing.entry.removed_on, listing.until) if end]
    return any(end <= case.as_of.in_force for end in ends) or (listing.status == "removed" and not ends)


def _owned_by_cmic(case: Case, subject: Subject) -> Verdict:
    owner, listing = next(_listed_owners(case, subject.member, CMIC), (None, None))
    if owner is None or listing is None:
        return None
    return first(case, Subject(subject.member, listing, "", "owned_by", owner.name), ("CMIC5",))


@rule("CMIC5", CMIC, "ofac.ns_cmic.subsidiary")
def cmic_subsidiary(case: Case, subject: Subject) -> Verdict:
    """An unlisted subsidiary of a listed company: this program has no 50 percent rule."""
    if subject.listing is None or case.law.begun("ofac.ns_cmic.purchase", case.as_of) is None:
        return None
    return find(
        case, "CMIC5", "no_restriction_found", subject,
        f"{subject.member.name} is not listed; its owner {subject.holder} is, as {told(subject.listing)}. This program "
        "has no 50 percent rule: a subsidiary is reached only when it is itself listed, whatever the share.",
    )  # fmt: skip


@rule("CMIC6", CMIC, "ofac.ns_cmic.goods")
def cmic_goods(case: Case, subject: Subject) -> Verdict:
    """Goods, services and payments are not the object of this program."""
    if case.transaction.activity in _SECURITIES or case.law.begun("ofac.ns_cmic.goods", case.as_of) is None:
        return None
    return find(
        case, "CMIC6", "no_restriction_found", subject,
        f"{subject.member.name} is {_of(subject)}. The program bars US persons from dealing in its publicly traded "
        f"securities; it does not reach goods or services, nor the act {case.transaction.activity}.",
    )  # fmt: skip


def _of(subject: Subject) -> str:
    return told(subject.listing) if subject.listing else "listed"


@rule("CMIC7", CMIC, "ofac.ns_cmic.not_in_force")
def cmic_not_in_force(case: Case, subject: Subject) -> Verdict:
    """Before the 60th day after the listing, or after its removal, nothing is barred yet or any more."""
    listing = subject.listing
    if listing is None:
        return None
    if _has_ended(case, listing):
        return find(
            case, "CMIC7", "no_restriction_found", subject,
            f"{subject.member.name} was {_of(subject)}, removed on {day(listing.entry.removed_on or listing.until)}.",
            fields=("removed_on",),
        )  # fmt: skip
    barred = _barred_from(case, listing)
    if barred is None or not _is_before(case, barred):
        return None
    earlier = case.law.begun("ofac.ns_cmic.predecessor", case.as_of)
    note = ""
    if earlier and earlier.value == "not_modeled":
        note = " The order of November 2020, which this program replaced, is not modeled: check it for this day."
    return find(
        case, "CMIC7", "no_restriction_found", subject,
        f"{subject.member.name} is {_of(subject)}, listed {day(_listed_on(listing))}: dealing in its publicly traded "
        f"securities is barred only from 12:01 a.m. eastern time on {barred}, after the act.{note}",
        provisions=("ofac.ns_cmic.predecessor",) if note else (), fields=("effective_on",),
        steps=(f"US persons may not buy from {barred}; divest before {day(_divest_by_or_none(case, listing))}.",),
    )  # fmt: skip


def _divest_by_or_none(case: Case, listing: Listing) -> dt.date | None:
    if case.law.begun("ofac.ns_cmic.divestment_days", case.as_of) is None:
        return listing.entry.divest_by
    return _divest_by(case, listing)


@rule("CMIC8", CMIC, "ofac.ns_cmic.not_bound")
def cmic_not_bound(case: Case, subject: Subject) -> Verdict:
    """The ban binds US persons, and speaks of the listed party's own publicly traded securities."""
    why = ""
    roles = set(case.roles(subject.member))
    if roles and roles <= {"bank", "purchaser", "seller"}:
        why = f"{subject.member.name} is {', '.join(sorted(roles))} here, not the issuer of the security"
    elif case.transaction.activity == "hold_security":
        return None
    elif case.facts.get("actor.us_person") is False:
        why = "the actor is not a US person, and the ban binds US persons"
    elif case.facts.get("item.publicly_traded") is False:
        why = "the security is not publicly traded"
    if why:
        return find(case, "CMIC8", "no_restriction_found", subject, f"{subject.member.name} is {_of(subject)}: {why}.")
    case.facts.ask("actor.us_person", "the ban binds US persons")
    case.facts.ask(
        "item.publicly_traded", "the ban speaks of publicly traded securities, their derivatives and exposure to them"
    )
    return None


@rule("CMIC3", CMIC, "ofac.ns_cmic.holding")
def cmic_holding(case: Case, subject: Subject) -> Verdict:
    """Holding is not barred, before or after the divestment period."""
    if case.transaction.activity != "hold_security":
        return None
    return find(
        case, "CMIC3", "no_restriction_found", subject,
        f"{subject.member.name} is {_of(subject)}: holding its securities is not prohibited, also after the divestment "
        "period; a purchase or sale is, absent authorization.",
    )  # fmt: skip


@rule("CMIC2", CMIC, "ofac.ns_cmic.divestment", "ofac.ns_cmic.divestment_days")
def cmic_divestment(case: Case, subject: Subject) -> Verdict:
    """Dealing solely to divest is permitted before 12:01 a.m. on the 365th day after the listing."""
    if subject.listing is None:
        return None
    until = _divest_by(case, subject.listing)
    if until is None or not _is_before(case, until):
        return None
    purpose = case.facts.get("timing.purpose")
    if purpose is None and case.transaction.activity == "sell_security":
        purpose = case.facts.ask(
            "timing.purpose", f"until {until} dealing solely to divest is permitted",
            (("divestment", "divestment"), ("other", "other")),
        )  # fmt: skip
    if "divest" not in str(purpose).lower():
        return None
    return find(
        case, "CMIC2", "no_restriction_found", subject,
        f"{subject.member.name} is {_of(subject)}: the dealing is solely to divest, and comes before 12:01 a.m. "
        "eastern "
        f"time on {until}.",
        fields=("divest_by",), steps=("Keep what shows that the dealing is solely to divest.",),
    )  # fmt: skip


@rule("CMIC4", CMIC, "ofac.ns_cmic.after_divestment")
def cmic_after_divestment(case: Case, subject: Subject) -> Verdict:
    """After the divestment period a sale is prohibited as a purchase is: reject and report, nothing is blocked."""
    if case.transaction.activity != "sell_security" or subject.listing is None:
        return None
    until = _divest_by(case, subject.listing)
    if until is None or _is_before(case, until):
        return None
    return find(
        case, "CMIC4", "prohibited", subject,
        f"{subject.member.name} is {_of(subject)}: the divestment period ended at 12:01 a.m. eastern time on "
        f"{until}; a "
        "sale by a US person needs authorization. Holding stays permitted.",
        fields=("divest_by",), steps=reject_and_report(case),
    )  # fmt: skip


@rule("CMIC1", CMIC, "ofac.ns_cmic.purchase", "ofac.ns_cmic.purchase_days")
def cmic_dealing(case: Case, subject: Subject) -> Verdict:
    """A US person buys, or sells other than to divest, a publicly traded security of a listed company."""
    if subject.listing is None:
        return None
    barred = _barred_from(case, subject.listing)
    return find(
        case, "CMIC1", "prohibited", subject,
        f"{subject.member.name}, taken as {_of(subject)}: a US person may not "
        f"{case.transaction.activity.split('_', maxsplit=1)[0]} its "
        f"publicly traded securities, barred from 12:01 a.m. eastern time on {day(barred)}. Nothing is blocked.",
        fields=("effective_on",), steps=reject_and_report(case),
    )  # fmt: skip
