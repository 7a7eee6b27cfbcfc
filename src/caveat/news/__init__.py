"""The press: what an article claims, with quotes and places, held against the record."""

from caveat.news.article import Article, Event, Relation, Statement
from caveat.news.claims import Claim
from caveat.news.feeds import Item, Read, read_feed, read_folder, read_items
from caveat.news.known import KnownName, NameSet
from caveat.news.lookup import LIST_IDS, Listings, Measure, RecordLookup
from caveat.news.reading import read_article
from caveat.news.reconcile import reconcile
from caveat.news.stories import Story, gather_stories, join_variants

__all__ = [
    "LIST_IDS",
    "Article",
    "Claim",
    "Event",
    "Item",
    "KnownName",
    "Listings",
    "Measure",
    "NameSet",
    "Read",
    "RecordLookup",
    "Relation",
    "Statement",
    "Story",
    "gather_stories",
    "join_variants",
    "read_article",
    "read_feed",
    "read_folder",
    "read_items",
    "reconcile",
]
