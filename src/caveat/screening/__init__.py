"""The screening engine: candidates for a query, each with its evidence."""

from caveat.screening.addresses import address_points
from caveat.screening.beside import most_of
from caveat.screening.build import write_index
from caveat.screening.compare import compare
from caveat.screening.evidence import DEFAULT_THRESHOLD, log_odds
from caveat.screening.index import Index, open_index
from caveat.screening.ofac_score import ofac_score
from caveat.screening.query import Candidate, Comparison, Dropped, Evidence, Query
from caveat.screening.search import Found, find, may_hit, may_reach, near, search, tell_found
from caveat.screening.waterfall import to_svg

__all__ = [
    "DEFAULT_THRESHOLD",
    "Candidate",
    "Comparison",
    "Dropped",
    "Evidence",
    "Found",
    "Index",
    "Query",
    "address_points",
    "compare",
    "find",
    "log_odds",
    "may_hit",
    "may_reach",
    "most_of",
    "near",
    "ofac_score",
    "open_index",
    "search",
    "tell_found",
    "to_svg",
    "write_index",
]
