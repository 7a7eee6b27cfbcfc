"""The ledger: what each official list said, when, and when it was known."""

from caveat.ledger.book import Coverage, Ledger, Relative
from caveat.ledger.changes import Change
from caveat.ledger.draw import digest
from caveat.ledger.refresh import Refreshed, Refresher, Wishes, documents_at
from caveat.ledger.starter import lay_starter
from caveat.ledger.traits import address_key, name_key

__all__ = [
    "Change",
    "Coverage",
    "Ledger",
    "Refreshed",
    "Refresher",
    "Relative",
    "Wishes",
    "address_key",
    "digest",
    "documents_at",
    "lay_starter",
    "name_key",
]
