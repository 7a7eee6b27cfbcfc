"""The press: what an article claims, with quotes and places, held against the record."""

from caveat.news.article import Article, Event, Relation, Statement
from caveat.news.known import KnownName, NameSet
from caveat.news.reading import read_article

__all__ = ["Article", "Event", "KnownName", "NameSet", "Relation", "Statement", "read_article"]
