"""The ledger: what each official list said, when, and when it was known."""

from caveat.ledger.book import Coverage, Ledger, Relative
from caveat.ledger.changes import Change
from caveat.ledger.draw import digest
from caveat.ledger.live import fetch_all
from caveat.ledger.refresh import Refreshed, Refresher, Wishes, documents_at
from caveat.ledger.snapshot import CROSS_CHECK
from caveat.ledger.starter import lay_starter
from caveat.ledger.tell import tell_disagreement, tell_listing
from caveat.ledger.traits import address_key, name_key
from caveat.ledger.verify import Verdict, verify
from caveat.ledger.words import Word, keep_word, queries_with_words, worded, worded_entries, words_on

__all__ = [
    "CROSS_CHECK",
    "Change",
    "Coverage",
    "Ledger",
    "Refreshed",
    "Refresher",
    "Relative",
    "Verdict",
    "Wishes",
    "Word",
    "address_key",
    "digest",
    "documents_at",
    "fetch_all",
    "keep_word",
    "lay_starter",
    "name_key",
    "queries_with_words",
    "tell_disagreement",
    "tell_listing",
    "verify",
    "worded",
    "worded_entries",
    "words_on",
]
