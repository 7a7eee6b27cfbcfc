"""The law as data: dated, cited parameters a lawyer edits, and the Entity List's own terms made computable."""

from caveat.law.check import Problem, check
from caveat.law.read import Law, Parameter, Reading, load
from caveat.law.terms import (
    AT_ONLY,
    STANDARDS,
    TERM_FACTS,
    Clause,
    Condition,
    Requirement,
    ReviewTerms,
    parse_policy,
    parse_requirement,
)

__all__ = [
    "AT_ONLY",
    "STANDARDS",
    "TERM_FACTS",
    "Clause",
    "Condition",
    "Law",
    "Parameter",
    "Problem",
    "Reading",
    "Requirement",
    "ReviewTerms",
    "check",
    "load",
    "parse_policy",
    "parse_requirement",
]
