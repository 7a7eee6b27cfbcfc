"""Many at once: the index as of a moment, files of any size, resumable."""

from caveat.batch.files import Rejected, read_queries
from caveat.batch.job import Progress, screen_file
from caveat.batch.receipt import write_receipt
from caveat.batch.screener import Screener, tell_query

__all__ = ["Progress", "Rejected", "Screener", "read_queries", "screen_file", "tell_query", "write_receipt"]
