"""Imports: the Uyghur Forced Labor Prevention Act, withhold-release orders and findings (19 USC 1307, 19 CFR 12.42)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.determination.facts import Missing
from caveat.determination.gather import Case, Member
from caveat.determination.lookup import Matches
from caveat.determination.ownership import restricted_share
from caveat.determination.rule import Subject, Verdict, day, effective_on, find, first, rule, standing, subjects, told
from caveat.determination.rule import judge_listing as judge_listed
from caveat.model import InputGiven, Listing, PartyGiven

UFLPA, WRO = "us.dhs.uflpa", "us.cbp.wro"
BOUND = "It binds the importer of record."
XINJIANG = "CN-XJ"
_NOT_PRODUCERS = {"bank", "visa_applicant", "issuer"}
_SUBSIDIARIES = re.compile(r"\band (its |their )?(subsidiar|subordinate|affiliate)", re.I)
_LIMBS = (
    ("guidance complied with", ("guidance_compliance", "guidance_complied_with", "uflpa_guidance", "guidance")),
    ("all inquiries answered", ("inquiries_answered", "cbp_inquiries_answered", "cbp_inquiry_answers")),
    (
        "clear and convincing evidence of no forced labor",
        ("clear_and_convincing_evidence", "clear_and_convincing", "no_forced_labor_evidence"),
    ),
)
_UFLPA_CHAIN = ("UFLPA5", "UFLPA4", "UFLPA6", "UFLPA2")
_WRO_CHAIN = ("WRO5", "WRO3", "WRO4", "WRO1")


def questions(case: Case, member: Member, program: str) -> Iterator[Subject]:
    """What an import program asks about a party or a producer."""
    found = list(subjects(case, member, program, owned=True))
    yield from found
    if program == UFLPA and not found and member.taken(WRO, case.facts) and _is_early(case):
        match = member.taken(WRO, case.facts)[0]
        yield Subject(member, match.listing, match.why)


def judge(case: Case, subject: Subject, program: str) -> Verdict:
    """The finding on one subject."""
    chain = _UFLPA_CHAIN if program == UFLPA else _WRO_CHAIN
    if subject.via == "owned_by":
        return _owned(case, subject, program, chain)
    return judge_listed(case, subject, program, chain)


def _owned(case: Case, subject: Subject, program: str, chain: tuple[str, ...]) -> Verdict:
    """A list that adds "and subsidiaries" covers a firm a listed one holds to half or more."""

    def counts(owner: Member) -> bool:
        return any(_covers_subsidiaries(match.listing) for match in owner.taken(program, case.facts))

    holding = restricted_share(case, subject.member, counts, 50)
    owner = next((o for o in holding.owners if counts(o)), None)
    if owner is None or holding.high < 50:
        return None
    if holding.question and case.transaction.activity == "import":
        raise holding.question
    match = owner.taken(program, case.facts)[0]
    why = f'its owner is listed as "{match.matched_name}", which covers subsidiaries'
    return first(case, Subject(subject.member, match.listing, why, "owned_by", owner.name), chain)


def _covers_subsidiaries(listing: Listing) -> bool:
    return any(_SUBSIDIARIES.search(name.text) for name in listing.entry.names)


def region_questions(case: Case) -> Iterator[tuple[str, Subject]]:
    """What the import programs ask about the goods themselves, whoever made them."""
    if case.transaction.activity != "import":
        return
    goods = Member("item", "item", PartyGiven(str(case.facts.get("item.description") or "the goods")), Matches())
    yield UFLPA, Subject(goods, None, via="region")
    yield WRO, Subject(goods, None, via="region")


def judge_region(case: Case, subject: Subject, program: str) -> Verdict:
    """The finding on the goods; None where nothing ties them to a region an order names."""
    return first(case, subject, ("UFLPA1", "UFLPA3") if program == UFLPA else ("WRO2",))


def _is_early(case: Case) -> bool:
    return case.law.begun("customs.uflpa.presumption", case.as_of) is None


def _who(subject: Subject) -> str:
    if subject.member.part == "item":
        return f"The goods ({subject.member.name})"
    listed = f", taken as {told(subject.listing)}: {subject.why}," if subject.listing else ""
    part = "the producer of an input" if subject.member.part == "input" else "a party"
    return f"{subject.member.name}{listed} is {part}"


def _places(case: Case) -> list[tuple[str, str]]:
    """(what, where from) of the goods and each input."""
    found = [(str(case.facts.get("item.description") or "the goods"), str(case.facts.get("item.origin") or ""))]
    found += [(m.given.name, m.origin or "") for m in case.inputs]
    found += [(item.description, item.origin or "") for item in _flat(case.transaction.inputs)]
    return found


def _flat(inputs: tuple[InputGiven, ...]) -> Iterator[InputGiven]:
    for item in inputs:
        yield item
        yield from _flat(item.inputs)


def _xinjiang_parts(case: Case) -> list[str]:
    parts = [what or "an input" for what, place in _places(case) if place == XINJIANG]
    if case.facts.get("item.made_with_xinjiang_inputs"):
        parts.append("inputs of the goods")
    return list(dict.fromkeys(parts))


def _evidence(case: Case) -> str:
    """What of the exception's three limbs the user holds, in words."""
    held = [words for words, kinds in _LIMBS if any(case.facts.get(f"evidence.{kind}") for kind in kinds)]
    lacking = [words for words, _ in _LIMBS if words not in held]
    if not held:
        return "Nothing given speaks to the three limbs of the exception."
    return f"Held by the user: {', '.join(held)}. " + (
        f"Lacking: {', '.join(lacking)}." if lacking else "Whether it suffices is for the Commissioner to decide."
    )


def _has_exception(case: Case) -> bool:
    kinds = ("exception_granted", "cbp_exception", "uflpa_exception_granted", "commissioner_determination")
    return any(case.facts.get(f"evidence.{kind}") for kind in kinds)


_UFLPA_STEPS = (
    "Hold the entry; trace every input to its origin and keep the documents of each step.",
    "Where no input has a tie to Xinjiang or to a listed entity, ask for an applicability review with that proof.",
    "Else show all three: the guidance complied with, every inquiry answered, clear and convincing evidence of no "
    "forced labor.",
)


@rule("UFLPA5", UFLPA, "customs.uflpa.not_bound")
def uflpa_not_import(case: Case, subject: Subject) -> Verdict:
    """The presumption concerns the entry of goods, nothing else; a party that made none of them is not reached."""
    roles = set(case.roles(subject.member))
    if case.transaction.activity == "import" and not (roles and roles <= _NOT_PRODUCERS):
        return None
    what = (
        f"the act is {case.transaction.activity}, not an import" if case.transaction.activity != "import"
        else f"it takes part as {', '.join(sorted(roles))}, and made none of the goods"
    )  # fmt: skip
    return find(case, "UFLPA5", "no_restriction_found", subject, f"{_who(subject)}; {what}. {BOUND}")


@rule("UFLPA4", UFLPA, "customs.uflpa.not_in_force")
def uflpa_not_in_force(case: Case, subject: Subject) -> Verdict:
    """The entry comes before the presumption, or before the producer was listed."""
    starts = case.law.starts("customs.uflpa.presumption", case.as_of.known)
    if _is_early(case):
        when = f"the presumption applies to entries from {starts.since}" if starts else "no such law was known"
        return find(case, "UFLPA4", "no_restriction_found", subject,
                    f"{_who(subject)}: {when}, after the act. Withhold-release orders are judged under "
                    "us.cbp.wro.")  # fmt: skip
    listing = subject.listing
    if listing is None or standing(case, listing) == "in_force":
        return None
    return find(
        case, "UFLPA4", "no_restriction_found", subject,
        f"{_who(subject)}; its listing is effective {day(effective_on(listing))} and is not in force on "
        f"{case.as_of.in_force}.",
        fields=("effective_on", "removed_on"),
    )  # fmt: skip


@rule("UFLPA6", UFLPA, "customs.uflpa.exception")
def uflpa_exception(case: Case, subject: Subject) -> Verdict:
    """An exception the Commissioner granted lets the entry in."""
    if not _has_exception(case):
        return None
    return find(
        case, "UFLPA6", "no_restriction_found", subject,
        f"{_who(subject)}; the user holds an exception granted for the entry.",
        steps=("Keep the determination that grants the exception with the entry papers.",),
    )  # fmt: skip


@rule("UFLPA2", UFLPA, "customs.uflpa.lists", "customs.uflpa.presumption", "customs.uflpa.exception")
def uflpa_listed(case: Case, subject: Subject) -> Verdict:
    """Goods made wholly or in part by a listed entity, anywhere in the chain, are presumed to be of forced labor."""
    return find(
        case, "UFLPA2", "presumed_prohibited_unless_evidence", subject,
        f"{_who(subject)}, and is on the UFLPA Entity List on {case.as_of.in_force}: goods it made wholly or in "
        "part are "
        f"presumed to be made with forced labor; there is no de minimis share. {_evidence(case)} {BOUND}",
        fields=("effective_on",), steps=_UFLPA_STEPS,
    )  # fmt: skip


@rule("UFLPA1", UFLPA, "customs.uflpa.presumption", "customs.uflpa.exception")
def uflpa_region(case: Case, subject: Subject) -> Verdict:
    """Goods mined, produced or manufactured wholly or in part in Xinjiang are presumed to be of forced labor."""
    parts = _xinjiang_parts(case)
    if not parts:
        return _region_unknown(case)
    if _is_early(case):
        return first(case, subject, ("UFLPA4",))
    if _has_exception(case):
        return first(case, subject, ("UFLPA6",))
    return find(
        case, "UFLPA1", "presumed_prohibited_unless_evidence", subject,
        f"{', '.join(parts)}: mined, produced or manufactured wholly or in part in Xinjiang. The goods are presumed "
        "to be "
        f"made with forced labor; there is no de minimis share. {_evidence(case)} {BOUND}",
        steps=_UFLPA_STEPS,
    )  # fmt: skip


def _region_unknown(case: Case) -> Verdict:
    """Goods of a high-priority sector from China whose region nobody told: a question, not a guess."""
    words = case.law.begun("customs.uflpa.priority_goods", case.as_of)
    if (
        words is None
        or case.facts.get("item.made_with_xinjiang_inputs") is False
        or any(case.facts.get(f"evidence.{kind}") for kind in _APPLICABILITY)
    ):
        return None
    named = set(words.value)
    parts = [(what, place, named & set(re.findall(r"[a-z]+", what.lower()))) for what, place in _places(case)]
    for what, place, goods in parts:
        # what an input of the same name and another origin is traced to needs no asking
        traced = any(other and other != "CN" and same & goods for name, other, same in parts if name != what)
        if place == "CN" and goods and not traced:
            raise Missing(
                "item.made_with_xinjiang_inputs",
                f'"{what}" is from China, of a sector where goods of Xinjiang are common; the region is not told',
            )
    return None


_APPLICABILITY = ("applicability_review", "applicability", "no_xinjiang_nexus", "supply_chain_tracing")


@rule("UFLPA3", UFLPA, "customs.uflpa.applicability")
def uflpa_applicability(case: Case, subject: Subject) -> Verdict:
    """An importer who shows no tie to Xinjiang or a listed entity is outside the presumption."""
    if _is_early(case) or not any(case.facts.get(f"evidence.{kind}") for kind in _APPLICABILITY):
        return None
    listed = [
        m.name for m in case.everybody
        if any(standing(case, match.listing) == "in_force" for match in m.taken(UFLPA, case.facts))
    ]  # fmt: skip
    if listed:
        return None
    return find(
        case, "UFLPA3", "no_restriction_found", subject,
        "The importer holds proof for an applicability review, and nothing given ties the goods or their inputs to "
        f"Xinjiang or to a listed entity: outside the presumption. {BOUND}",
        steps=("Give the tracing documents to CBP when the entry is detained, and keep them.",),
    )  # fmt: skip


def _is_xinjiang_order(case: Case, subject: Subject) -> bool:
    """Whether the order's goods are now processed under the UFLPA."""
    if subject.listing is None:
        return True
    entry = subject.listing.entry
    words = " ".join([entry.remarks or "", *(value for _, value in entry.details), *(n.text for n in entry.names)])
    if re.search(r"supersed|xinjiang|xuar|xpcc|uflpa", words, re.I):
        return True
    return bool(subject.member.taken(UFLPA, case.facts)) or bool(_xinjiang_parts(case))


def _wro_is_superseded(case: Case) -> bool:
    return case.law.begun("customs.wro.superseded", case.as_of) is not None


@rule("WRO5", WRO, "customs.wro.not_in_force")
def wro_outside(case: Case, subject: Subject) -> Verdict:
    """Not an import, an order not in force, or goods the order does not name."""
    listing = subject.listing
    roles = set(case.roles(subject.member))
    why = ""
    if case.transaction.activity != "import":
        why = f"the act is {case.transaction.activity}, not an import"
    elif listing is not None and standing(case, listing) != "in_force":
        why = f"the order is in force from {day(effective_on(listing))}, not on {case.as_of.in_force}"
    elif case.facts.get("item.within_withhold_release_order") is False:
        why = "the user states that the goods are not within the order"
    elif roles and roles <= _NOT_PRODUCERS:
        why = f"it takes part as {', '.join(sorted(roles))}, and made none of the goods"
    if not why:
        return None
    return find(case, "WRO5", "no_restriction_found", subject, f"{_who(subject)}; {why}. {BOUND}",
                fields=("effective_on", "removed_on"))  # fmt: skip


@rule("WRO3", WRO, "customs.wro.superseded")
def wro_superseded(case: Case, subject: Subject) -> Verdict:
    """From 21 June 2022 entries that fall under the UFLPA are processed under it; the order is told with that note."""
    if not _wro_is_superseded(case) or not _is_xinjiang_order(case, subject):
        return None
    return find(
        case, "WRO3", "no_restriction_found", subject,
        f"{_who(subject)}; the order stands, but its goods are processed under the UFLPA from 2022-06-21: see "
        f"us.dhs.uflpa. {BOUND}",
    )  # fmt: skip


@rule("WRO4", WRO, "customs.wro.finding")
def wro_finding(case: Case, subject: Subject) -> Verdict:
    """A finding on probable cause: the goods are refused and may be seized unless proved admissible."""
    if subject.listing is None or not _is_finding(subject.listing):
        return None
    return find(
        case, "WRO4", "prohibited", subject,
        f"{_who(subject)}; a finding is in force: the goods are refused and may be seized unless their "
        "admissibility is "
        f"proved. {BOUND}",
        fields=("effective_on",), steps=("Do not import; export or destroy, or prove admissibility (19 CFR 12.43).",),
    )  # fmt: skip


def _is_finding(listing: Listing) -> bool:
    words = [listing.entry.remarks or "", *listing.entry.programs, *(value for _, value in listing.entry.details)]
    return any(re.match(r"finding\b", word.strip(), re.I) for word in words)


_WRO_STEPS = (
    "Hold the entry; get the certificate of origin signed by the foreign seller and the importer's statement of proof "
    "(19 CFR 12.43).",
    "Give the proof within three months of importation, or export the goods.",
)


@rule("WRO1", WRO, "customs.wro.order", "customs.wro.evidence_months")
def wro_order(case: Case, subject: Subject) -> Verdict:
    """Goods of a producer under a withhold-release order are detained unless their admissibility is proved."""
    details = dict(subject.listing.entry.details) if subject.listing else {}
    goods = next((v for k, v in details.items() if "merchandise" in k.lower()), "the merchandise the order names")
    return find(
        case, "WRO1", "presumed_prohibited_unless_evidence", subject,
        f"{_who(subject)}; a withhold-release order covers {goods}: the goods are detained, and admissibility is "
        "for the "
        f"importer to prove within three months. {BOUND}",
        fields=("effective_on",), steps=_WRO_STEPS,
    )  # fmt: skip


@rule("WRO2", WRO, "customs.wro.region_goods", "customs.wro.order")
def wro_region(case: Case, subject: Subject) -> Verdict:
    """Goods of a kind and region an order names: cotton and tomatoes of Xinjiang."""
    orders = case.law.begun("customs.wro.region_goods", case.as_of)
    for order in orders.value if orders else ():
        named = [what for what, place in _places(case) if place == order["region"]]
        if not named and not (order["region"] == XINJIANG and case.facts.get("item.made_with_xinjiang_inputs")):
            continue
        words = " ".join([*named, str(case.facts.get("item.description") or "")]).lower()
        told_fact = case.facts.get("item.contains_cotton_or_tomato")
        within = told_fact if told_fact is not None else any(word in words for word in order["goods"])
        if told_fact is None and not within and case.facts.get("item.description") is None:
            within = case.facts.ask(
                "item.contains_cotton_or_tomato", f"an order covers {' and '.join(order['goods'])} of {order['name']}"
            )
        if not within:
            continue
        if _wro_is_superseded(case):
            return first(case, subject, ("WRO3",))
        return find(
            case, "WRO2", "presumed_prohibited_unless_evidence", subject,
            f"The goods hold {' or '.join(order['goods'])} of {order['name']}, which a withhold-release order "
            "covers: they "
            f"are detained, and admissibility is for the importer to prove. {BOUND}",
            steps=_WRO_STEPS,
        )  # fmt: skip
    return None
