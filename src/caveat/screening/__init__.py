"""The screening engine: candidates for a query, each with its evidence."""

from caveat.screening.addresses import address_points
from caveat.screening.batch import Screened, screen_many
from caveat.screening.build import write_index
from caveat.screening.compare import compare
from caveat.screening.evidence import DEFAULT_THRESHOLD
from caveat.screening.index import Index, open_index
from caveat.screening.query import Candidate, Comparison, Dropped, Evidence, Query
from caveat.screening.search import near, search

__all__ = [
    "DEFAULT_THRESHOLD",
    "Candidate",
    "Comparison",
    "Dropped",
    "Evidence",
    "Index",
    "Query",
    "Screened",
    "address_points",
    "compare",
    "near",
    "open_index",
    "screen_many",
    "search",
    "write_index",
]
