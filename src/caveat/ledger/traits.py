"""What tells one entry from another: name keys, address keys, numbers, dates.

Entry ids are drawn from these keys, so their form is frozen: a change here is a migration.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from caveat.model import Entry, canonical_json

_WORD = re.compile(r"\w+")
_DROPPED = dict.fromkeys(map(ord, "'’‘`´ʼʻ′\"“”?\u200b\u200c\u200d\u200e\u200f\ufeff_"))
_STATED = ("effective_on", "published_on", "announced_on", "removed_on")


@functools.lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """A name without case, marks, punctuation, apostrophes or word order.

    >>> name_key("People’s Bureau, Ürümqi") == name_key("urumqi PEOPLES bureau")
    True
    """
    return " ".join(sorted(_words(text)))


def _words(text: str) -> list[str]:
    text = text.translate(_DROPPED)
    if not text.isascii():
        split = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in split if not "\u0300" <= c <= "\u036f"))
    return _WORD.findall(text.casefold())


def address_key(text: str) -> str:
    """An address without case, punctuation, spacing or its country's name at the end."""
    return " ".join(_words(text))


def bounded(key: str) -> str:
    """A key short enough for any database's index; a long one ends in its hash.

    >>> len(bounded("x" * 5000)) <= 600
    True
    """
    return key if len(key) <= 500 else f"{key[:500]}#{hashlib.sha256(key.encode()).hexdigest()}"


def number_key(kind: str, value: str) -> str:
    """An identifier without spaces or punctuation, under its kind."""
    return f"{kind}:{''.join(_words(value))}"


@dataclass(frozen=True, slots=True)
class Traits:
    """The keys of one statement, small enough to keep beside it."""

    anchor: str
    names: tuple[str, ...]
    source_id: str | None
    kind: str
    countries: tuple[str, ...]
    addresses: tuple[str, ...]
    numbers: tuple[str, ...]
    rules: tuple[str, ...]
    births: tuple[str, ...]
    programs: tuple[str, ...]
    stated: dict[str, str]

    @classmethod
    def of(cls, entry: Entry) -> Traits:
        """The traits of an entry."""
        names = tuple(dict.fromkeys(key for n in entry.names if (key := name_key(n.text))))
        addresses = tuple(dict.fromkeys(address_key(a.text) for a in entry.addresses if a.text))
        primary = name_key(entry.name) or (names[0] if names else "")
        if entry.kind == "address" or not primary:
            primary = "@" + (addresses[0] if addresses else primary)
        places = entry.countries or tuple(dict.fromkeys(a.country for a in entry.addresses if a.country))
        return cls(
            anchor=primary,
            names=names,
            source_id=entry.source_id,
            kind=entry.kind,
            countries=tuple(sorted(places)),
            addresses=addresses,
            numbers=tuple(number_key(i.kind, i.value) for i in entry.identifiers),
            rules=tuple("{} {}".format(*c.volume_and_page) for c in entry.citations if c.volume_and_page),
            births=entry.birth_dates,
            programs=entry.programs,
            stated={d: v.isoformat() for d in _STATED if (v := getattr(entry, d))}
            | ({"corrects": " ".join(entry.corrects)} if entry.corrects else {}),
        )

    def to_json(self) -> str:
        """The traits as one JSON array."""
        return canonical_json(
            [self.anchor, self.names, self.source_id, self.kind, self.countries, self.addresses,
             self.numbers, self.rules, self.births, self.programs, self.stated]
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Traits:
        """The inverse of `to_json`."""
        a, n, i, k, c, ad, nu, r, b, p, s = json.loads(text)
        return cls(a, tuple(n), i, k, tuple(c), tuple(ad), tuple(nu), tuple(r), tuple(b), tuple(p), s)
