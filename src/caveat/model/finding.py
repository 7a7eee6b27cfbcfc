"""What determination answers: outcomes, findings, the facts still missing, and the whole determination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from caveat.model.citation import Citation

#: The outcome words, from the strictest.
OUTCOMES: tuple[str, ...] = (
    "prohibited", "presumed_prohibited_unless_evidence", "license_required", "insufficient_information",
    "caution_red_flag", "no_restriction_found", "not_subject",
)  # fmt: skip
#: License review policies, from the strictest.
POLICIES: tuple[str, ...] = (
    "policy_of_denial", "presumption_of_denial", "see_text", "case_by_case", "presumption_of_approval",
)  # fmt: skip
PROGRAMS: tuple[str, ...] = (
    "us.bis.entity_list", "us.bis.denied_persons", "us.bis.unverified", "us.bis.military_end_user",
    "us.bis.sdn_744_8", "us.ofac.sdn", "us.ofac.ns_cmic", "us.dhs.uflpa", "us.cbp.wro", "us.state.visa",
    "us.fcc.covered_list", "us.fcc.section_214", "us.far.section_889", "us.dod.section_1260h",
)  # fmt: skip
_RANK = {word: place for place, word in enumerate(OUTCOMES)}
_POLICY_RANK = {word: place for place, word in enumerate(POLICIES)}


def severity(outcome: str) -> int:
    """0 is the strictest outcome; a larger number is milder. KeyError for another word."""
    return _RANK[outcome]


def policy_severity(kind: str | None) -> int:
    """0 is the strictest review policy; no policy is milder than any."""
    return len(POLICIES) if kind is None else _POLICY_RANK[kind]


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact that would change the review policy, and the policy under each answer."""

    fact: str
    if_true: str
    if_false: str

    def to_dict(self) -> dict[str, str]:
        """Plain JSON values."""
        return {"fact": self.fact, "if_true": self.if_true, "if_false": self.if_false}


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How a license application would be reviewed: the strictest kind still possible, and the text."""

    kind: str
    text: str
    ask: tuple[Ask, ...] = ()
    confirmed: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"kind": self.kind, "text": self.text, "ask": [a.to_dict() for a in self.ask]}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's result for one program and one party."""

    program: str
    rule: str
    outcome: str
    reason: str
    party: str | None = None
    entry_id: str | None = None
    policy: ReviewPolicy | None = None
    exceptions_available: tuple[tuple[str, str], ...] = ()
    exceptions_refused: tuple[tuple[str, str], ...] = ()
    citations: tuple[Citation, ...] = ()
    confirmed: bool = True
    steps: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[int, int, str, str, str, str]:
        """Strictest first, then by policy, program, party, rule and entry: the order of parties plays no part."""
        kind = self.policy.kind if self.policy else None
        return (
            severity(self.outcome), policy_severity(kind), self.program, self.party or "", self.rule,
            self.entry_id or "",
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """The finding as in the contract."""
        return {
            "program": self.program,
            "rule": self.rule,
            "outcome": self.outcome,
            "party": self.party,
            "entry_id": self.entry_id,
            "reason": self.reason,
            "license_review_policy": self.policy.to_dict() if self.policy else None,
            "license_exceptions": {
                "available": [{"name": n, "cite": c} for n, c in self.exceptions_available],
                "refused": [{"name": n, "cite": c} for n, c in self.exceptions_refused],
            },
            "citations": [{"cite": c.cite, "quote": c.quote, "confirmed": c.confirmed} for c in self.citations],
            "confidence": "confirmed" if self.confirmed else "unconfirmed",
        }


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact nobody gave, why it is asked, and the outcome of its program under each answer."""

    fact: str
    why: str
    would_change: Mapping[str, str]
    program: str
    party: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "fact": self.fact, "why": self.why, "would_change": dict(self.would_change),
            "program": self.program, "party": self.party,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Determination:
    """All findings, the strictest outcome, what is missing, what to do next, and what it rests on."""

    outcome: str
    findings: tuple[Finding, ...]
    missing: tuple[MissingFact, ...]
    next_steps: tuple[str, ...]
    trace: tuple[str, ...]
    basis: Mapping[str, Any]
    coverage: Mapping[str, Any]
    transaction: Mapping[str, Any] = field(default_factory=dict)

    def outcome_of(self, program: str) -> str | None:
        """The strictest outcome of one program; None where it has no finding."""
        found = [f.outcome for f in self.findings if f.program == program]
        return min(found, key=severity) if found else None

    def to_dict(self) -> dict[str, Any]:
        """The answer as in the contract; `schema/determination.json` is its schema."""
        return {
            "schema_version": "1",
            "outcome": self.outcome,
            "findings": [f.to_dict() for f in self.findings],
            "missing": [m.to_dict() for m in self.missing],
            "next_steps": list(self.next_steps),
            "trace": list(self.trace),
            "basis": dict(self.basis),
            "coverage": dict(self.coverage),
            "transaction": dict(self.transaction),
        }

    def _repr_html_(self) -> str:
        """A table for a notebook."""
        import html

        rows = "".join(
            f"<tr><td>{html.escape(f.program)}</td><td>{html.escape(f.party or '')}</td>"
            f"<td><b>{f.outcome}</b></td><td>{html.escape(f.reason)}</td></tr>"
            for f in self.findings
        )
        return f"<p><b>{self.outcome}</b></p><table>{rows}</table>"
