"""The press: what an article claims, with quotes and places, held against the record."""

from caveat.news.article import Article, Event, Relation, Statement
from caveat.news.claims import Claim
from caveat.news.known import KnownName, NameSet
from caveat.news.lookup import Listings, Measure, RecordLookup
from caveat.news.reading import read_article
from caveat.news.reconcile import reconcile

__all__ = [
    "Article",
    "Claim",
    "Event",
    "KnownName",
    "Listings",
    "Measure",
    "NameSet",
    "RecordLookup",
    "Relation",
    "Statement",
    "read_article",
    "reconcile",
]
