"""The engine: every program consulted for every party, the strictest finding on top, each open question told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from caveat.determination import customs, fcc, immigration, ofac, procurement
from caveat.determination.consulted import NOT_NAMED, unnamed
from caveat.determination.ear import entity_list, other_lists
from caveat.determination.facts import Missing
from caveat.determination.gather import LIST_OF, Case, Member, gather
from caveat.determination.lookup import Coverage, Lookup
from caveat.determination.ownership import sums_over_100
from caveat.determination.read import read_transaction
from caveat.determination.rule import RULES, Subject, Verdict, standing
from caveat.errors import LawError
from caveat.law import Law
from caveat.model import PROGRAMS, AsOf, Determination, Finding, MissingFact, Moment, PartyGiven, Transaction, severity

NOT_MODELED: tuple[str, ...] = (
    "Commerce Country Chart, reasons for control and license exceptions (15 CFR parts 738, 740, 742)",
    "end-use rules (15 CFR 744.2 to 744.6, 744.9, 744.22, 744.23) and embargoes (15 CFR part 746)",
    "other foreign-direct-product rules (15 CFR 734.9(b) to (d), (f) to (i))",
    "the NS-CMIC program's predecessor (EO 13959 before 3 June 2021)",
    "OFAC general and specific licenses, and programs that are not list-based",
    "State Department lists (nonproliferation, debarred) and the other non-SDN lists",
    "measures of other countries (UN, UK, EU, Australia, Canada, Japan)",
)
_MODELED_LISTS = set(LIST_OF.values())


@dataclass(frozen=True, slots=True)
class _Question:
    """One thing a program asks: about whom, and how it is judged under a case."""

    program: str
    subject: Subject
    judge: Callable[[Case], Verdict]


def determine(
    transaction: Mapping[str, Any] | Transaction, lookup: Lookup, law: Law, today: dt.date, version: str | None = None
) -> Determination:
    """What the lists and the law mean for this act on this day.

    `today` is what is known up to where the transaction does not say `known`. InputError where the transaction cannot
    be used. Pure: the same transaction, look-ups and law give the same bytes.
    """
    read = read_transaction(transaction)
    as_of = AsOf(read.date, read.known or Moment(today.isoformat()))
    case = gather(read, lookup, law, as_of)
    found: list[tuple[Finding, bool]] = []
    missing: list[MissingFact] = []
    for question in _questions(case):
        finding, asked = _answer(case, question)
        if finding:
            found.append((finding, question.subject.via in ("near", "apart")))
            missing += asked
    findings, missing = _strictest_of_each(found, missing)
    coverage = lookup.coverage(as_of)
    findings += sorted(unnamed(case, findings, coverage), key=lambda f: f.order)
    findings.sort(key=lambda f: severity(f.outcome))
    outcome = min((f.outcome for f in findings), key=severity, default="no_restriction_found")
    return Determination(
        outcome=outcome,
        findings=tuple(findings),
        missing=tuple(missing),
        next_steps=_next_steps(case, findings, outcome),
        trace=_trace(case, findings),
        basis=_basis(coverage, law, as_of, version or _version()),
        coverage=_coverage(case, coverage),
        transaction=read.given,
    )


def _questions(case: Case) -> Iterator[_Question]:
    for member in case.everybody:
        for subject in entity_list.questions(case, member):
            yield _ask(entity_list.PROGRAM, subject, entity_list.judge)
        for program, part in _PARTS:
            for subject in part.questions(case, member, program):
                yield _ask(program, subject, part.judge, program)
    for program, subject in customs.region_questions(case):
        yield _ask(program, subject, customs.judge_region, program)
    if case.transaction.activity == "enter_us":
        for member in case.members or (case.actor or _nobody(),):
            for subject in immigration.questions(case, member):
                yield _ask(immigration.VISA, subject, immigration.judge)
    if case.actor:
        yield from _questions_on_actor(case, case.actor)


def _questions_on_actor(case: Case, actor: Member) -> Iterator[_Question]:
    """The programs that bind the actor by name: a revoked carrier, a denied person, a maker that applies."""
    programs = [fcc.CARRIERS] + ([fcc.COVERED] if case.transaction.activity == "authorize_equipment" else [])
    for program in programs:
        for subject in fcc.questions(case, actor, program):
            yield _ask(program, subject, fcc.judge, program)
    for subject in other_lists.questions(case, actor, other_lists.DENIED):
        if subject.listing:
            yield _ask(other_lists.DENIED, subject, other_lists.judge, other_lists.DENIED)


_PARTS: tuple[tuple[str, Any], ...] = (
    (other_lists.DENIED, other_lists),
    (other_lists.UNVERIFIED, other_lists),
    (other_lists.MILITARY, other_lists),
    (other_lists.DESIGNATED, other_lists),
    (ofac.SDN, ofac),
    (ofac.CMIC, ofac),
    (customs.UFLPA, customs),
    (customs.WRO, customs),
    (fcc.COVERED, fcc),
    (fcc.CARRIERS, fcc),
    (procurement.S889, procurement),
    (procurement.S1260H, procurement),
)


def _ask(program: str, subject: Subject, judge: Callable[..., Verdict], *rest: str) -> _Question:
    return _Question(program, subject, lambda case: judge(case, subject, *rest))


def _nobody() -> Member:
    from caveat.determination.lookup import Matches

    return Member("actor", "actor", PartyGiven(""), Matches())


def _answer(case: Case, question: _Question) -> tuple[Finding | None, list[MissingFact]]:
    """The finding, and the facts still missing for it with the outcome under each answer."""
    try:
        return question.judge(case), []
    except LawError as error:
        return _law_not_held(question, error), []
    except Missing as asked:
        return _undetermined(case, question, asked)


def _undetermined(case: Case, question: _Question, asked: Missing) -> tuple[Finding | None, list[MissingFact]]:
    """The question with the outcome under each answer; none where no answer could bar the act or change the outcome."""
    if case.facts.is_assumed(asked.fact):
        raise RuntimeError(f"rule {asked.rule} asks for {asked.fact} again after it was answered")
    answers = {label: _answer(case.assume(asked.fact, value), question) for label, value in asked.answers}
    found = [finding for finding, _ in answers.values() if finding]
    outcomes = {
        label: finding.outcome if finding else "no_restriction_found" for label, (finding, _) in answers.items()
    }
    worst = min(found, key=lambda f: f.order, default=None)
    strictest = min(outcomes.values(), key=severity)
    is_settled = len(set(outcomes.values())) == 1 and strictest != "insufficient_information"
    if worst is None or is_settled or severity(strictest) > severity("insufficient_information"):
        return _whatever(asked, worst), []
    member, listing = question.subject.member, question.subject.listing
    own = MissingFact(asked.fact, asked.why, outcomes, question.program, member.name or None)
    further = [fact for _, facts in answers.values() for fact in facts if fact.fact != asked.fact]
    told = "; ".join(f"{label}: {outcome}" for label, outcome in outcomes.items())
    finding = Finding(
        program=question.program,
        rule=asked.rule or worst.rule,
        outcome="insufficient_information",
        reason=f"Undetermined: {asked.fact} is not known; {asked.why}. {told}.",
        party=member.name or None,
        entry_id=worst.entry_id or (listing.entry_id if listing else None),
        policy=worst.policy,
        exceptions_refused=worst.exceptions_refused,
        exceptions_available=worst.exceptions_available,
        citations=_citations(case, asked, worst),
        confirmed=worst.confirmed,
        steps=(f"Find out {asked.fact}: {asked.why}.", *(worst.steps if asked.rule.startswith("AR") else ())),
    )
    return finding, [own, *further]


def _whatever(asked: Missing, finding: Finding | None) -> Finding | None:
    """A finding that stands whatever the answer; it says so where the party itself is in question."""
    if finding is None or not asked.fact.endswith(".entry_id"):
        return finding
    return replace(finding, reason=f"It is not sure that the party is the listed one; even were it: {finding.reason}")


def _citations(case: Case, asked: Missing, worst: Finding) -> tuple[Any, ...]:
    asking = RULES.get(asked.rule)
    readings = [case.law.begun(name, case.as_of) for name in asking.provisions] if asking else []
    own = [c for reading in readings if reading for c in reading.citations]
    return tuple(dict.fromkeys((*own, *worst.citations)))


def _law_not_held(question: _Question, error: LawError) -> Finding:
    return Finding(
        program=question.program, rule="LAW", outcome="insufficient_information",
        reason=f"Undetermined: the law of that day is not held here ({error.where} {error.what}).",
        party=question.subject.member.name or None,
        entry_id=question.subject.listing.entry_id if question.subject.listing else None,
        confirmed=False, steps=("Look the law of that day up; Caveat does not hold it.",),
    )  # fmt: skip


def _strictest_of_each(
    found: list[tuple[Finding, bool]], missing: list[MissingFact]
) -> tuple[list[Finding], list[MissingFact]]:
    """One finding a program and party: the strictest, a listing before a near name; and the questions of those kept."""
    best: dict[tuple[str, str | None], Finding] = {}
    for finding, _ in sorted(found, key=lambda f: (*f[0].order[:2], f[1], *f[0].order[2:])):
        best.setdefault((finding.program, finding.party), finding)
    kept = sorted(best.values(), key=lambda f: f.order)
    open_pairs = {(f.program, f.party) for f in kept if f.outcome == "insufficient_information"}
    asked = {(m.fact, m.program, m.party): m for m in missing if (m.program, m.party) in open_pairs}
    return kept, [asked[key] for key in sorted(asked, key=lambda k: (k[1], k[2] or "", k[0]))]


def _next_steps(case: Case, findings: list[Finding], outcome: str) -> tuple[str, ...]:
    steps = [step for finding in findings for step in finding.steps]
    steps += sums_over_100(case.members, case)
    if any(not f.confirmed for f in findings if f.rule != NOT_NAMED):
        steps.append("A finding marked unconfirmed rests on a text that was not seen: check it at its source.")
    if severity(outcome) >= severity("no_restriction_found"):
        steps.append(
            "No restriction was found in what was consulted; that is no clearance. See coverage for what was not."
        )
    return tuple(dict.fromkeys(steps))


def _trace(case: Case, findings: list[Finding]) -> tuple[str, ...]:
    lines = [f"Act: {case.transaction.activity} on {case.as_of.in_force}, as known on {case.as_of.known}."]
    lines += [f"Read from the words given: {note}." for note in case.facts.notes]
    for member in sorted(case.everybody, key=lambda m: (m.name, m.path)):
        lines += _looked_up(case, member, member.name)
    lines += sums_over_100(case.members, case)
    lines += [
        f"{f.program} {f.rule}{f' ({RULES[f.rule].title})' if f.rule in RULES else ''}: {f.outcome}"
        f"{f' for {f.party}' if f.party else ''}."
        for f in findings
        if f.rule != NOT_NAMED
    ]
    silent = sorted({f.program for f in findings if f.rule == NOT_NAMED})
    lines += [f"Consulted, and naming no party taken here: {', '.join(silent)}."] if silent else []
    return tuple(dict.fromkeys(lines))


def _looked_up(case: Case, member: Member, who: str) -> list[str]:
    lines = [
        f'{who}: taken as "{t.matched_name}" ({t.listing.entry.list}, {t.listing.entry_id}, '
        f"{standing(case, t.listing)}): {t.why}."
        for t in member.matches.exact
    ]
    lines += [f"{who}: {n.told} ({n.entry_id})." for n in member.matches.near]
    for owner in member.owners:
        lines += _looked_up(case, owner, f"{who} < {owner.name}")
    for relation, other in member.related:
        lines += _looked_up(case, other, f"{who} ({relation}) {other.name}")
    return sorted(lines)


def _basis(coverage: Coverage, law: Law, as_of: AsOf, version: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "lists": [entry.to_dict() for entry in sorted(coverage.lists, key=lambda x: x.list)],
        "not_covered": [{"list": name, "why": why} for name, why in sorted(coverage.not_covered)],
        "as_of": as_of.to_dict(),
        "version": version,
        "law": law.digest(as_of.known),
    }
    if coverage.edges:
        out["edges"] = [dict(edge) for edge in coverage.edges]
    return out


def _coverage(case: Case, coverage: Coverage) -> dict[str, Any]:
    loaded = {entry.list for entry in coverage.lists}
    elsewhere = {
        (t.listing.entry.list, member.name, t.listing.entry_id)
        for member in case.everybody
        for t in member.matches.exact
        if t.listing.entry.list not in _MODELED_LISTS
    }
    return {
        "programs": list(PROGRAMS),
        "not_modelled": list(NOT_MODELED),
        "lists_not_loaded": sorted(_MODELED_LISTS - loaded),
        "listed_elsewhere": [{"list": a, "party": b, "entry_id": c} for a, b, c in sorted(elsewhere)],
    }


@cache
def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("caveat")
    except PackageNotFoundError:
        return "unknown"
