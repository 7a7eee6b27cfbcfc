"""Official lists as published: one reader file per publishing agency, one catalog of lists."""

from caveat.sources.catalog import Catalog, ListInfo, load_catalog
from caveat.sources.document import Document, open_path, unpack
from caveat.sources.fetch import Fetched, Patience, Validators, fetch
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.registry import date_in_name, describe, layout_by_mapping, layout_of, layouts, read, recognize
from caveat.sources.workbook import read_sheet

__all__ = [
    "Catalog",
    "Document",
    "Fetched",
    "Layout",
    "ListInfo",
    "Patience",
    "Reading",
    "Row",
    "Validators",
    "date_in_name",
    "describe",
    "fetch",
    "layout_by_mapping",
    "layout_of",
    "layouts",
    "load_catalog",
    "open_path",
    "read",
    "read_sheet",
    "recognize",
    "unpack",
]
