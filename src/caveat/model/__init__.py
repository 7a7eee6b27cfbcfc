"""The words of Caveat: frozen records, standard library only."""

from caveat.model.citation import Citation
from caveat.model.dates import AsOf, Moment, Span
from caveat.model.entry import ENTRY_FIELDS, Entry, canonical_json, unique
from caveat.model.listing import Disagreement, Listing, Source, Status
from caveat.model.party import Address, Identifier, Kind, Name, Quality, script_of

__all__ = [
    "ENTRY_FIELDS",
    "Address",
    "AsOf",
    "Citation",
    "Disagreement",
    "Entry",
    "Identifier",
    "Kind",
    "Listing",
    "Moment",
    "Name",
    "Quality",
    "Source",
    "Span",
    "Status",
    "canonical_json",
    "script_of",
    "unique",
]
