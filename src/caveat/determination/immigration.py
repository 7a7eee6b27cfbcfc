"""Entry to the United States: the Xinjiang visa policy (8 USC 1182(a)(3)(C)), and Global Magnitsky suspensions."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.determination.facts import Missing
from caveat.determination.gather import LIST_OF, Case, Member
from caveat.determination.rule import Subject, Verdict, find, first, rule, standing, told

VISA = "us.state.visa"
BOUND = "It binds consular and immigration officers."
_SDN = LIST_OF[VISA]


def questions(case: Case, member: Member) -> Iterator[Subject]:
    """An entry always asks; nothing else does."""
    if case.transaction.activity != "enter_us":
        return
    match = next(iter(member.taken(_SDN, case.facts)), None)
    if match is None and member.near(_SDN, case.facts):
        yield Subject(member, None, via="near")
        return
    yield Subject(member, match.listing if match else None, match.why if match else "")


def judge(case: Case, subject: Subject) -> Verdict:
    """The finding on one applicant."""
    if subject.via != "near":
        return first(case, subject, ("VISA2", "VISA3", "VISA1"))
    member = subject.member
    if case.facts.get(f"{member.path}.entry_id") is None:
        question = Missing(
            f"{member.path}.entry_id", "the name is near that of a designated person; a person must say whether it is",
            (*((n.entry_id, n.entry_id) for n in member.near(_SDN, case.facts)), ("none of them", "none")),
        )  # fmt: skip
        question.rule = "VISA2"
        raise question
    match = next(iter(member.taken(_SDN, case.facts)), None)
    return first(
        case, Subject(member, match.listing if match else None, match.why if match else ""), ("VISA2", "VISA3", "VISA1")
    )


@rule("VISA2", VISA, "immigration.visa.glomag")
def suspended(case: Case, subject: Subject) -> Verdict:
    """Entry of a person designated under the Global Magnitsky order is suspended."""
    listing = subject.listing
    if listing is None or standing(case, listing) != "in_force" or "GLOMAG" not in listing.entry.programs:
        return None
    return find(
        case, "VISA2", "prohibited", subject,
        f"{subject.member.name}, taken as {told(listing)} under GLOMAG: entry is suspended, absent a waiver. {BOUND}",
        fields=("effective_on", "programs"),
        steps=("Ask the consular post whether a waiver was granted.",),
    )  # fmt: skip


@rule("VISA3", VISA, "immigration.visa.not_announced")
def not_reached(case: Case, subject: Subject) -> Verdict:
    """Before the policy was announced, or an applicant who is neither an official nor of an official's family."""
    begun = case.law.begun("immigration.visa.policy", case.as_of)
    path = subject.member.path
    official = case.facts.get(f"{path}.official")
    family = case.facts.get(f"{path}.family_of_official")
    if begun is None:
        why = "no policy on Xinjiang officials was in force yet on the day (it was announced 2019-10-08)"
    elif official is False and family is False:
        why = "the applicant is said to be neither an official nor of an official's family"
    else:
        return None
    return find(
        case, "VISA3", "no_restriction_found", subject, f"{subject.member.name or 'The applicant'}: {why}. {BOUND}"
    )


@rule("VISA1", VISA, "immigration.visa.policy")
def policy(case: Case, subject: Subject) -> Verdict:
    """The policy names nobody: each decision is individual, and its grounds are confidential."""
    return find(
        case, "VISA1", "insufficient_information", subject,
        f"{subject.member.name or 'The applicant'}: visa restrictions apply to officials believed responsible for or "
        "complicit in repression in Xinjiang, and may cover family. The names are confidential and each decision is "
        f"individual: no list can tell. {BOUND}",
        steps=("Only the consular post can answer: apply, or ask for the status of an application.",),
    )  # fmt: skip
