"""The screening engine: candidates for a query, each with its evidence."""

from caveat.screening.addresses import address_points
from caveat.screening.batch import Screened, screen_many
from caveat.screening.build import write_index
from caveat.screening.compare import compare
from caveat.screening.evidence import DEFAULT_THRESHOLD
from caveat.screening.index import Index, open_index
from caveat.screening.ofac_score import ofac_score
from caveat.screening.query import Candidate, Comparison, Dropped, Evidence, Query
from caveat.screening.search import near, search
from caveat.screening.waterfall import to_svg

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
    "ofac_score",
    "open_index",
    "screen_many",
    "search",
    "to_svg",
    "write_index",
]
