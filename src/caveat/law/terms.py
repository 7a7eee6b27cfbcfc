"""The Entity List's own words made computable: the license requirement and review policy columns.

Source: Supplement No. 4 to 15 CFR part 744, columns "License requirement" and "License review policy". The text is
kept as printed; what is parsed here says which items it covers and how an application is reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Get = Callable[[str], Any]

_KINDS = (
    ("presumption_of_denial", r"presumption (?:of|for) denial"),
    ("policy_of_denial", r"policy of denial"),
    ("presumption_of_approval", r"presumption of approval"),
    ("case_by_case", r"cas[ae][- ]by[- ]case"),
)
_KIND = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS))
_ECCN = re.compile(r"\b\d[a-e]\d{3}(?:\.[a-z](?:\.\d+)?)*")
_APART = re.compile(r"policy of denial for all items subject to the ear apart from (.*?),? which will be reviewed")
_STRICT = ("policy_of_denial", "presumption_of_denial", "see_text", "case_by_case", "presumption_of_approval")

NOTE_1A995 = "item.described_in_note_to_1a995"
INFECTIOUS = "item.necessary_to_treat_infectious_disease"
FOOD = "item.food_or_medicine"
SPACE = "item.for_us_government_supported_space_program"
TELECOM = "item.telecommunications_infrastructure_or_consumer_communications_device"
ADVANCED_NODE = "item.uniquely_required_for_advanced_nodes"
WAFER_200MM = "item.designed_for_200mm_wafer_production"
AVIATION = "item.for_safety_of_civil_aviation"
SUPPLEMENT_7 = "item.on_supplement_7_to_part_746"
UAV = "item.released_by_uav_operator"
STANDARDS = "item.released_to_standards_organization"
AT_ONLY = "item.controlled_for_at_only"
PROJECT = "item.used_in_project_specified_in_part_746"
OFAC_LICENSE = "item.authorized_by_ofac_general_license"
GOVERNMENT_USE = "item.for_government_end_user"
EXCLUDED = "item.within_exclusion_of_entry"
#: Every yes-or-no fact of the item the columns may turn on.
TERM_FACTS = (
    NOTE_1A995, INFECTIOUS, FOOD, SPACE, TELECOM, ADVANCED_NODE, WAFER_200MM, AVIATION, SUPPLEMENT_7, UAV, STANDARDS,
    AT_ONLY, PROJECT, OFAC_LICENSE, GOVERNMENT_USE, EXCLUDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of the item. Every part must hold; a part that is unknown leaves the whole unknown.

    eccns      the item's ECCN is one of these, or below one of them (`1A004.c` holds for `1A004.c.1`)
    not_eccns  the item's ECCN is none of these
    ear99      True: the item is EAR99; False: it is on the Commerce Control List
    kinds      the item's kind is one of these
    facts      (name, wanted answer) pairs
    """

    eccns: tuple[str, ...] = ()
    not_eccns: tuple[str, ...] = ()
    ear99: bool | None = None
    kinds: tuple[str, ...] = ()
    facts: tuple[tuple[str, bool], ...] = ()

    def test(self, get: Get) -> tuple[bool | None, str | None]:
        """(holds, the fact to ask for); `get` gives a fact by its path, None where unknown."""
        unknown: str | None = None
        for holds, fact in self._parts(get("item.eccn"), get):
            if holds is False:
                return False, None
            if holds is None and unknown is None:
                unknown = fact
        return (None, unknown) if unknown else (True, None)

    def is_told(self, get: Get) -> bool:
        """Whether every particular fact of the condition is given as it must be, whatever the item's class and kind."""
        return bool(self.facts) and all(get(name) is wanted for name, wanted in self.facts)

    def _parts(self, eccn: str | None, get: Get) -> list[tuple[bool | None, str]]:
        parts: list[tuple[bool | None, str]] = []
        if self.ear99 is not None:
            parts.append((None if eccn is None else (eccn == "EAR99") is self.ear99, "item.eccn"))
        if self.eccns:
            parts.append((_within(eccn, self.eccns), "item.eccn"))
        if self.not_eccns:
            inside = _within(eccn, self.not_eccns)
            parts.append((None if inside is None else not inside, "item.eccn"))
        if self.kinds:
            kind = get("item.kind")
            parts.append((None if kind is None else kind in self.kinds, "item.kind"))
        for name, wanted in self.facts:
            given = get(name)
            parts.append((None if given is None else bool(given) is wanted, name))
        return parts


def _within(eccn: str | None, codes: tuple[str, ...]) -> bool | None:
    """Whether an ECCN is one of `codes`; None where it is unknown, or too coarse to tell."""
    if eccn is None or eccn == "on_ccl":
        return None
    if eccn == "EAR99":
        return False
    given = eccn.upper()
    if any(given == c.upper() or given.startswith(c.upper() + ".") for c in codes):
        return True
    return None if any(c.upper().startswith(given + ".") for c in codes) else False


@dataclass(frozen=True, slots=True)
class Clause:
    """A policy for the items a condition describes."""

    condition: Condition
    kind: str


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """A review policy: clauses for some items and the policy for all others. `text` is as printed."""

    text: str
    default: str
    clauses: tuple[Clause, ...] = ()

    def review(self, get: Get) -> tuple[str, tuple[tuple[str, str, str], ...]]:
        """(the strictest kind still possible, the facts that would change it as (fact, if true, if false))."""
        open_clauses: list[tuple[str, bool, str]] = []
        for clause in self.clauses:
            holds, fact = clause.condition.test(get)
            if holds:
                return clause.kind, ()
            if holds is None and fact:
                wanted = next((w for name, w in clause.condition.facts if name == fact), True)
                open_clauses.append((fact, wanted, clause.kind))
        kind = strictest([self.default, *(k for _, _, k in open_clauses)])
        asks: dict[str, tuple[str, str, str]] = {}
        for fact, wanted, if_met in open_clauses:
            others = strictest([self.default, *(k for f, _, k in open_clauses if f != fact)])
            asks.setdefault(fact, (fact, if_met, others) if wanted else (fact, others, if_met))
        return kind, tuple(asks.values())


@dataclass(frozen=True, slots=True)
class Requirement:
    """A license requirement: the items it covers, what it leaves out, and the exceptions it allows.

    covers        conditions of which one must hold; empty covers every item subject to the EAR
    leaves_out    conditions of which none may hold
    exceptions    license exceptions the entry allows, as (name, citation)
    is_read       False where the text could not be parsed: then it covers everything
    """

    text: str
    covers: tuple[Condition, ...] = ()
    leaves_out: tuple[Condition, ...] = ()
    exceptions: tuple[tuple[str, str], ...] = ()
    is_read: bool = True


def strictest(kinds: list[str]) -> str:
    """The strictest of some review policies."""
    return min(kinds, key=_STRICT.index)


def _flatten(text: str) -> str:
    text = text.replace("’", "'").replace("\u00a0", " ").lower()
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=2048)
def parse_policy(text: str) -> ReviewTerms:
    """Parse a review policy. A text that only refers elsewhere, or is not understood, is `see_text`.

    >>> parse_policy("Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items").clauses[1]
    Clause(condition=Condition(eccns=(), not_eccns=(), ear99=True, kinds=(), facts=()), kind='presumption_of_approval')
    """
    flat = _flatten(text)
    apart = _APART.search(flat)
    if apart:
        clauses = []
        if "food and medicine" in apart[1]:
            clauses.append(Clause(Condition(ear99=True, facts=((FOOD, True),)), "case_by_case"))
        if "space" in apart[1]:
            clauses.append(Clause(Condition(facts=((SPACE, True),)), "case_by_case"))
        return ReviewTerms(text, "policy_of_denial", tuple(clauses))
    default: str | None = None
    found: list[Clause] = []
    matches = list(_KIND.finditer(flat))
    for place, match in enumerate(matches):
        kind = str(match.lastgroup)
        end = matches[place + 1].start() if place + 1 < len(matches) else len(flat)
        conditions = _scope(flat[match.end() : end])
        if conditions is None:
            return ReviewTerms(text, "see_text")
        if not conditions:
            default = strictest([default, kind]) if default else kind
        found += [Clause(condition, kind) for condition in conditions]
    if default is None:
        covered = {c.condition.ear99 for c in found if not c.condition.facts and not c.condition.eccns}
        default = strictest([c.kind for c in found]) if {True, False} <= covered else "see_text"
        if len(found) == 1 and found[0].condition.facts == ((AVIATION, True),):
            default = "case_by_case"
    return ReviewTerms(text, default, tuple(found))


def _scope(words: str) -> list[Condition] | None:
    """The items a policy's words describe; empty for all (other) items, None where not understood."""
    words = re.split(r"\bsee\b", words)[0]
    words = re.sub(r"^(?: basis| review|[ ,;:.])+", "", words)
    words = re.sub(r"(?:[ ,;.]|\band\b|\bexcept\b)+$", "", words)
    if not words or "for all other" in words or re.match(r"for all items (?:subject to the ear|to include)", words):
        return []
    if "infectious disease" in words:
        return [Condition(facts=((INFECTIOUS, True),))]
    if "not described in eccn" in words:
        return [Condition(ear99=False, not_eccns=_codes(words)), Condition(ear99=True)]
    if "eccn" in words:
        listed, _, note = words.partition("ear99")
        codes = _codes(listed)
        conditions = [Condition(eccns=codes)] if codes else []
        if "note to eccn 1a995" in note:
            conditions.append(Condition(ear99=True, facts=((NOTE_1A995, True),)))
        return conditions or None
    for phrase, condition in _PHRASES:
        if phrase in words:
            return [condition]
    return None


_PHRASES: tuple[tuple[str, Condition], ...] = (
    ("ccl", Condition(ear99=False)),
    ("for ear99", Condition(ear99=True)),
    ("space", Condition(facts=((SPACE, True),))),
    ("telecommunications infrastructure", Condition(facts=((TELECOM, True),))),
    ("advanced technology nodes", Condition(facts=((ADVANCED_NODE, True),))),
    ("200mm", Condition(facts=((WAFER_200MM, True),))),
    ("safety of civil aviation", Condition(facts=((AVIATION, True),))),
)


def _codes(words: str) -> tuple[str, ...]:
    """ECCNs in running words: `3b001.a.4, .c, .k to .p; 3b002.c` is read paragraph by paragraph."""
    codes: list[str] = []
    last = ""
    for token in re.findall(
        r"\d[a-e]\d{3}(?:\.[a-z0-9]+)*|\bto \.[a-z]\b|(?<![\w.])\.?[a-z](?:\.[a-z0-9]+)+|(?<!\w)\.[a-z]\b", words
    ):
        if token.startswith("to ") and codes:
            first = codes[-1].rsplit(".", 1)[-1]
            codes += [f"{last}.{chr(c)}" for c in range(ord(first[0].lower()) + 1, ord(token[-1]) + 1)]
        elif token[0].isdigit():
            last = token[:5].upper()
            codes.append(last + token[5:])
        elif last:
            codes.append(f"{last}.{token.lstrip('.')}")
    return tuple(dict.fromkeys(codes))


@lru_cache(maxsize=2048)
def parse_requirement(text: str) -> Requirement:
    """Parse a license requirement. A text that is not understood covers every item and says so (`is_read`)."""
    flat = _flatten(text)
    exceptions = (("GOV", "15 CFR 740.11(b)"),) if "overcome by license exception gov" in flat else ()
    if "supplement no. 7 to part 746" in flat and "ccl" in flat:
        # the printed "and" is a union: everything on the CCL, and EAR99 items on that supplement
        supplement = Condition(ear99=True, facts=((SUPPLEMENT_7, True),))
        return Requirement(text, (Condition(ear99=False), supplement), (), exceptions)
    if re.search(r"projects specified in ?§ ?746", flat):
        return Requirement(text, (Condition(facts=((PROJECT, True),)),), (), exceptions)
    is_read = bool(re.search(r"all items subjects? to the ear", flat))
    left: list[Condition] = []
    _, _, rest = flat.partition("except for")
    if "unmanned aerial" in rest:
        left.append(Condition(ear99=True, kinds=("technology",), facts=((UAV, True),)))
    elif "standards organization" in flat:
        left.append(Condition(ear99=True, kinds=("technology",), facts=((STANDARDS, True),)))
        left.append(Condition(ear99=False, kinds=("technology",), facts=((AT_ONLY, True), (STANDARDS, True))))
    elif "food or medicine" in rest:
        left.append(Condition(ear99=True, facts=((FOOD, True),)))
        if "5a992.c" in rest:
            left.append(Condition(eccns=("5A992.c", "5D992.c"), facts=((GOVERNMENT_USE, False),)))
    elif "apart from items that are related to transactions" in flat:
        left.append(Condition(facts=((OFAC_LICENSE, True),)))
    elif rest or "apart from" in flat:
        left.append(Condition(facts=((EXCLUDED, True),)))
    return Requirement(text, (), tuple(left), exceptions, is_read)
