"""Determination: what a listing means for this act on this day. It looks nothing up itself; look-ups are passed in."""

from caveat.determination.engine import determine
from caveat.determination.lookup import Coverage, ListCoverage, Lookup, Matches, Near, Taken
from caveat.determination.read import read_transaction
from caveat.determination.rule import RULES, Rule

__all__ = [
    "RULES",
    "Coverage",
    "ListCoverage",
    "Lookup",
    "Matches",
    "Near",
    "Rule",
    "Taken",
    "determine",
    "read_transaction",
]
