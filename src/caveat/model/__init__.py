"""The words of Caveat: frozen records, standard library only."""

from caveat.model.citation import Citation
from caveat.model.dates import AsOf, Moment, Span
from caveat.model.entry import ENTRY_FIELDS, Entry, canonical_json, unique
from caveat.model.finding import (
    OUTCOMES,
    POLICIES,
    PROGRAMS,
    Ask,
    Determination,
    Finding,
    MissingFact,
    ReviewPolicy,
    policy_severity,
    severity,
)
from caveat.model.listing import Disagreement, Listing, Source, Status
from caveat.model.party import Address, Identifier, Kind, Name, Quality, script_of
from caveat.model.trade import (
    ACTIVITIES,
    EXPORT_ACTIVITIES,
    ITEM_KINDS,
    ROLES,
    Evidence,
    InputGiven,
    OwnerGiven,
    PartyGiven,
    Transaction,
)

__all__ = [
    "ACTIVITIES",
    "ENTRY_FIELDS",
    "EXPORT_ACTIVITIES",
    "ITEM_KINDS",
    "OUTCOMES",
    "POLICIES",
    "PROGRAMS",
    "ROLES",
    "Address",
    "AsOf",
    "Ask",
    "Citation",
    "Determination",
    "Disagreement",
    "Entry",
    "Evidence",
    "Finding",
    "Identifier",
    "InputGiven",
    "Kind",
    "Listing",
    "MissingFact",
    "Moment",
    "Name",
    "OwnerGiven",
    "PartyGiven",
    "Quality",
    "ReviewPolicy",
    "Source",
    "Span",
    "Status",
    "Transaction",
    "canonical_json",
    "policy_severity",
    "script_of",
    "severity",
    "unique",
]
