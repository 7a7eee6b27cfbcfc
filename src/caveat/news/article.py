"""What an article says, as frozen records: events, statements, relations, names not listed."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SCHEMA_VERSION = "1"
Action = Literal["add", "remove", "modify", "propose", "announce_intent"]
Stance = Literal["denies", "objects", "supports", "explains", "accuses"]


@dataclass(frozen=True, slots=True)
class Event:
    """One listing act the text tells of.

    list, action   as in the form (`ENTITY_LIST`, `add`)
    date           day of the act, ISO, a month where no day is told, or None
    entities       names as the text has them
    count_claimed  how many parties the text says, unnamed ones included
    evidence       offsets into the file of the stretch that tells of it
    days           what the text calls announced, published and effective, kept apart
    background     an earlier or further listing, not what the article reports
    aliases        other forms of a name in this text, by name
    entries        ids of listed parties whose own names these are, by name
    core           offsets of the sentence that tells the act itself
    """

    list: str
    action: str
    authority: str | None
    date: str | None
    entities: tuple[str, ...]
    count_claimed: int | None
    grounds: str | None
    evidence: tuple[int, int]
    days: Mapping[str, str] = field(default_factory=dict)
    background: bool = False
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    core: tuple[int, int] = (0, 0)

    def to_dict(self) -> dict[str, Any]:
        """The event in the form of the command's answer."""
        return {
            "list": self.list, "action": self.action, "authority": self.authority, "date": self.date,
            "entities": list(self.entities), "count_claimed": self.count_claimed, "grounds": self.grounds,
            "evidence": list(self.evidence),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """What one speaker says: who, for whom, in which stance, where; `quotes` are the words in quotation marks."""

    speaker: str
    affiliation: str | None
    stance: str
    evidence: tuple[int, int]
    quotes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The statement in the form of the command's answer."""
        return {
            "speaker": self.speaker, "affiliation": self.affiliation, "stance": self.stance,
            "evidence": list(self.evidence),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """`source` supplies, buys from, owns or is allied with `target`, as the text says."""

    type: str
    source: str
    target: str
    evidence: tuple[int, int]

    def to_dict(self) -> dict[str, Any]:
        """The relation in the form of the command's answer."""
        return {"type": self.type, "from": self.source, "to": self.target, "evidence": list(self.evidence)}


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read. `text` is what the offsets count in: the file, or a PDF's extracted text."""

    title: str | None
    source_address: str | None
    published: str | None
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    relations: tuple[Relation, ...]
    not_listed_mentions: tuple[str, ...]
    text: str = ""
    claims: tuple[tuple[str, tuple[int, int]], ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The article in the form of the command's answer (`schema/article.json`)."""
        return {
            "schema_version": SCHEMA_VERSION, "title": self.title, "source_address": self.source_address,
            "published": self.published, "events": [e.to_dict() for e in self.events],
            "statements": [s.to_dict() for s in self.statements],
            "relations": [r.to_dict() for r in self.relations],
            "not_listed_mentions": list(self.not_listed_mentions),
        }  # fmt: skip


def key_of(name: str) -> str:
    """A name's letters alone, folded: equal for the same name however it is spaced or cased.

    >>> key_of("Sense Time") == key_of("SenseTime")
    True
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in folded if c.isalnum())


def day_of(text: str | None) -> dt.date | None:
    """The whole day of an ISO text; None for a month, a year or nothing."""
    return dt.date.fromisoformat(text) if text and len(text) == 10 else None
