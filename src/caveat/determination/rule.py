"""A rule: a pure function of a case and a listing, with its id, its program and the provisions it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from caveat.determination.facts import Missing
from caveat.determination.gather import LIST_OF, Case, Member
from caveat.model import Citation, Entry, Finding, Listing, ReviewPolicy


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule judges: a party, and the listing it is judged under.

    via    how the listing reaches the party: "" for the party itself, `branch_of`, `front_for`, `employer`,
           `affiliate_of`, `owned_by` or `address`
    holder the name of the listed party, where it is another one than the party itself
    """

    member: Member
    listing: Listing | None = None
    why: str = ""
    via: str = ""
    holder: str = ""


Verdict = Finding | None
Judge = Callable[[Case, Subject], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's id, program, the law's provisions it rests on (parameter ids), and the function."""

    id: str
    program: str
    provisions: tuple[str, ...]
    judge: Judge
    title: str


#: Programs that read another program's list: a shared address is told once, by that one.
_NO_ADDRESS = ("us.bis.sdn_744_8", "us.fcc.section_214")

#: Every rule, by id, in the order in which its program reads them.
RULES: dict[str, Rule] = {}


def rule(rule_id: str, program: str, *provisions: str) -> Callable[[Judge], Judge]:
    """Register a rule. Its docstring is its title."""

    def register(judge: Judge) -> Judge:
        if rule_id in RULES:
            raise ValueError(f"rule {rule_id} is written twice")
        title = (judge.__doc__ or rule_id).strip().splitlines()[0]
        RULES[rule_id] = Rule(rule_id, program, provisions, judge, title)
        return judge

    return register


def first(case: Case, subject: Subject, rule_ids: Iterable[str]) -> Verdict:
    """The finding of the first rule that speaks; a question is marked with the rule that asks it."""
    for rule_id in rule_ids:
        try:
            verdict = RULES[rule_id].judge(case, subject)
        except Missing as question:
            question.rule = question.rule or rule_id
            raise
        if verdict is not None:
            return verdict
    return None


def find(
    case: Case,
    rule_id: str,
    outcome: str,
    subject: Subject,
    reason: str,
    *,
    policy: ReviewPolicy | None = None,
    available: tuple[tuple[str, str], ...] = (),
    refused: tuple[tuple[str, str], ...] = (),
    provisions: tuple[str, ...] = (),
    program: str | None = None,
    fields: tuple[str, ...] = (),
    confirmed: bool = True,
    steps: tuple[str, ...] = (),
) -> Finding:
    """A finding with the citations of the rule's provisions and of the listing, and its confidence.

    `fields` are the entry's fields the finding rests on: one of them unconfirmed makes the finding so.
    """
    written = RULES[rule_id]
    readings = [case.read(name) for name in dict.fromkeys((*written.provisions, *provisions))]
    citations = [c for reading in readings for c in reading.citations]
    confirmed = confirmed and all(reading.confirmed for reading in readings)
    entry = subject.listing.entry if subject.listing else None
    if entry:
        citations += _printed(entry, case.as_of.in_force)
        confirmed = confirmed and not set(fields) & set(entry.unconfirmed)
    if policy and not policy.confirmed:
        confirmed = False
    return Finding(
        program=program or written.program, rule=rule_id, outcome=outcome, reason=" ".join(reason.split()),
        party=subject.member.name or None, entry_id=subject.listing.entry_id if subject.listing else None,
        policy=policy, exceptions_available=available, exceptions_refused=refused,
        citations=tuple(dict.fromkeys(citations)), confirmed=confirmed, steps=steps,
    )  # fmt: skip


def _printed(entry: Entry, today: dt.date) -> list[Citation]:
    """The entry's chain up to the day of the act (the whole chain where all of it came later), with the entry's words.

    The words are the license requirement the list prints; in brackets the name, where the list prints no column.
    """
    by_then = [c for c in entry.citations if c.date is None or c.date <= today]
    words = entry.license_requirement or f'["{entry.name}", {entry.list}]'
    return [replace(c, date=None, quote=c.quote or words) for c in by_then or entry.citations]


def day(value: dt.date | None) -> str:
    """A day in words of the record: ISO, or "an unstated day"."""
    return value.isoformat() if value else "an unstated day"


def effective_on(listing: Listing) -> dt.date | None:
    """The first day a listing is in force, as far as it is known."""
    return listing.entry.effective_on or listing.since


def standing(case: Case, listing: Listing) -> str:
    """`in_force`, `not_yet` or `removed` on the day of the act."""
    today = case.as_of.in_force
    entry = listing.entry
    ends = [end for end in (entry.removed_on, listing.until) if end]
    if (listing.status == "removed" and not ends) or any(end <= today for end in ends):
        return "removed"
    starts = effective_on(listing)
    if starts and starts > today:
        return "not_yet"
    if listing.status == "announced" and not (starts and starts <= today):
        return "not_yet"
    return "in_force"


def told(listing: Listing) -> str:
    """A listing in words: its name and list."""
    return f'"{listing.entry.name}" ({listing.entry.list})'


def subjects(case: Case, member: Member, program: str, *, owned: bool = False) -> Iterator[Subject]:
    """What a program asks about one party: its listings, open near names, its address, and its owners if they count."""
    list_id = LIST_OF[program]
    taken = member.taken(list_id, case.facts)
    for match in taken:
        yield Subject(member, match.listing, match.why)
    standings = {standing(case, match.listing) for match in taken}
    if "in_force" not in standings:
        # one that is listed later is known by name; one that was removed may stand there again under a near name
        if "not_yet" not in standings and member.near(list_id, case.facts):
            yield Subject(member, None, via="near")
        if owned and member.owners:
            yield Subject(member, None, via="owned_by")
        for near in member.apart:
            if near.listing.entry.list == list_id:
                yield Subject(member, near.listing, near.matched_name, "apart")
    for listing in member.addresses:
        if listing.entry.list == list_id and program not in _NO_ADDRESS:
            yield Subject(member, listing, "the address given is that of a listed party", "address")


def judge_listing(case: Case, subject: Subject, program: str, rule_ids: Iterable[str]) -> Verdict:
    """The finding on a listing, on a near name, or on a shared address."""
    if subject.via == "near":
        return _near_name(case, subject, program, tuple(rule_ids))
    if subject.via == "apart":
        return tell_apart(case, subject, program)
    if subject.via == "address":
        return _shared_address(case, subject, program)
    return first(case, subject, rule_ids)


def _near_name(case: Case, subject: Subject, program: str, rule_ids: tuple[str, ...]) -> Verdict:
    member = subject.member
    near = [n for n in member.matches.near if n.listing.entry.list == LIST_OF[program]]
    answer = case.facts.get(f"{member.path}.entry_id")
    if answer is None:
        question = Missing(
            f"{member.path}.entry_id",
            f"{near[0].told}: a person must confirm or reject it",
            (*((n.entry_id, n.entry_id) for n in near), ("none of them", "none")),
        )
        question.rule = "NAME"
        raise question
    match = next((n for n in near if n.entry_id == answer), None)
    if match:
        return first(case, Subject(member, match.listing, "confirmed by a person"), rule_ids)
    return find(
        case, "NAME", "no_restriction_found", subject,
        f"{member.name} is near a listed name, and a person says it is not that party.", program=program,
    )  # fmt: skip


def tell_apart(case: Case, subject: Subject, program: str) -> Verdict:
    """A near name that is another party's: rejected, with the reason."""
    countries = ", ".join(subject.listing.entry.countries) if subject.listing else ""
    return find(
        case, "NAME", "no_restriction_found", subject,
        f'{subject.member.name} is not "{subject.why}": the name is only near, that party is in {countries}, and the '
        "listing taken as this party is in another country.",
        program=program,
    )  # fmt: skip


def _shared_address(case: Case, subject: Subject, program: str) -> Verdict:
    if subject.listing is None:
        return None
    outcome = "caution_red_flag" if standing(case, subject.listing) == "in_force" else "no_restriction_found"
    return find(
        case, "ADDRESS", outcome, subject,
        f"{subject.member.name} shares its address with {told(subject.listing)}: another party is not listed by its "
        "address alone, but the tie is to be resolved.",
        program=program,
    )  # fmt: skip


@rule("NAME", "", "ofac.near_name")
def near_name(case: Case, subject: Subject) -> Verdict:
    """A near name on a list is an open question until a person confirms or rejects it."""
    return None


@rule("ADDRESS", "", "ear.entity_list.shared_address")
def shared_address(case: Case, subject: Subject) -> Verdict:
    """An address shared with a listed party is a red flag."""
    return None
