"""Determination: what a listing means for this act on this day. It looks nothing up itself; look-ups are passed in."""

from caveat.determination.consulted import NOT_NAMED
from caveat.determination.engine import determine
from caveat.determination.lookup import Coverage, ListCoverage, Lookup, Matches, Near, Taken
from caveat.determination.read import read_transaction
from caveat.determination.replay import Replay, clocks_of, replay
from caveat.determination.rule import RULES, Rule
from caveat.determination.vary import Variation, vary

__all__ = [
    "NOT_NAMED",
    "RULES",
    "Coverage",
    "ListCoverage",
    "Lookup",
    "Matches",
    "Near",
    "Replay",
    "Rule",
    "Taken",
    "Variation",
    "clocks_of",
    "determine",
    "read_transaction",
    "replay",
    "vary",
]
