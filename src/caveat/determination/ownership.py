"""Ownership: how much of a party is held by restricted ones, directly or through owners who count as restricted.

An owner counts whole when it is restricted itself, or when restricted owners hold the threshold of it in turn
(31 CFR 583.411; Supplement No. 8 to 15 CFR part 744): shares are added at each level, never multiplied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caveat.determination.facts import Missing
from caveat.determination.gather import Case, Member

#: True, False, or None where only a person can tell (a near name).
IsRestricted = Callable[[Member], bool | None]


@dataclass(frozen=True, slots=True)
class Holding:
    """The restricted share of a party, in percent: at least `low`, at most `high`.

    owners    the restricted owners that count, nearest first (listed ones below a counted owner included)
    question  the fact that would narrow the range, or None
    is_tied   whether a restricted party has any share at all, however far up and however small
    """

    low: float
    high: float
    owners: tuple[Member, ...]
    question: Missing | None
    is_tied: bool = False


def restricted_share(case: Case, member: Member, is_restricted: IsRestricted, threshold: float) -> Holding:
    """The share of `member` held by restricted parties."""
    shares = {owner.path: _span(case, owner) for owner in member.owners}
    told = sum(least for least, _ in shares.values())
    rest = max(0.0, 100.0 - told)
    low = high = 0.0
    is_tied = False
    owners: list[Member] = []
    questions: list[tuple[Member, float, Missing | None]] = []
    for owner in member.owners:
        least, greatest = shares[owner.path]
        greatest = min(greatest, least + rest)
        counts = is_restricted(owner)
        below: Holding | None = None
        question: Missing | None = None
        if counts is not True and owner.owners:
            below = restricted_share(case, owner, is_restricted, threshold)
            if below.low >= threshold:
                counts = True
            elif below.high >= threshold:
                counts, question = None, below.question
        is_tied = is_tied or (greatest != 0 and (counts is not False or bool(below and below.is_tied)))
        if counts is False:
            if below and below.owners:
                owners += below.owners
            continue
        owners.append(owner)
        if below:
            owners += below.owners
        if counts is None and question is None:
            question = who_is(owner)
        high += greatest
        if counts is True:
            low += least
        if counts is None or least < greatest:
            questions.append((owner, least if counts is True else 0.0, question))
    high = max(low, min(high, 100.0) if told <= 100 else high)
    asked = _first_question(case, questions, low, threshold) if low < threshold <= high else None
    return Holding(low, high, tuple({owner.path: owner for owner in owners}.values()), asked, is_tied)


def _span(case: Case, owner: Member) -> tuple[float, float]:
    """The least and the greatest the share can be: equal where it is told, 0 and 100 where nothing is."""
    share = case.facts.get(f"{owner.path}.pct")
    if share is not None:
        return float(share), float(share)
    least, greatest = case.facts.get(f"{owner.path}.between") or (0.0, 100.0)
    return float(least), float(greatest)


def _first_question(
    case: Case, questions: list[tuple[Member, float, Missing | None]], low: float, threshold: float
) -> Missing | None:
    """The first fact that narrows the range; of a share, with what it must be beside the others' least."""
    for owner, counted, question in sorted(questions, key=lambda q: q[0].path):
        if question is not None:
            return question
        least, greatest = _span(case, owner)
        if least < greatest:
            need = max(threshold - (low - counted), 0.01)
            return Missing(
                f"{owner.path}.pct",
                f"the share {owner.name} holds decides whether restricted owners reach {threshold:g} percent",
                ((f"{need:g} or more", need), (f"less than {need:g}", max(need - 0.01, 0.0))),
            )
    return None


def who_is(owner: Member) -> Missing:
    """The question whether an owner with a near name is the listed party."""
    ids = [(near.entry_id, near.entry_id) for near in owner.matches.near]
    return Missing(
        f"{owner.path}.entry_id",
        f"the name {owner.name} is near a listed one; a person must say whether it is that party",
        (*ids, ("none of them", "none")),
    )


def sums_over_100(members: tuple[Member, ...], case: Case) -> list[str]:
    """A sentence for each party whose owners' shares add up to more than 100 percent."""
    said = []
    for member in members:
        total = sum(_span(case, owner)[0] for owner in member.owners)
        if total > 100:
            said.append(
                f"The shares of the owners of {member.name} add up to {total:g} percent: check them; nothing was cut."
            )
        said += sums_over_100(member.owners, case)
    return said
