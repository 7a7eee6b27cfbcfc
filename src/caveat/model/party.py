"""The parts of a party: its names, addresses and identifiers, as a list prints them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "organization", "vessel", "aircraft", "address", "unknown"]
Quality = Literal["primary", "strong", "weak", "former"]

#: ISO 15924 codes by the first word of a character's Unicode name.
_SCRIPTS = {
    "LATIN": "Latn", "CJK": "Hani", "HANGUL": "Hang", "HIRAGANA": "Kana", "KATAKANA": "Kana",
    "CYRILLIC": "Cyrl", "ARABIC": "Arab", "THAI": "Thai", "DEVANAGARI": "Deva", "HEBREW": "Hebr",
    "GREEK": "Grek", "GEORGIAN": "Geor", "ARMENIAN": "Armn", "BENGALI": "Beng", "TAMIL": "Taml",
    "MYANMAR": "Mymr", "KHMER": "Khmr", "LAO": "Laoo", "ETHIOPIC": "Ethi", "GUJARATI": "Gujr",
    "SINHALA": "Sinh", "TIBETAN": "Tibt", "TELUGU": "Telu", "MONGOLIAN": "Mong",
}  # fmt: skip


def script_of(text: str) -> str | None:
    """The ISO 15924 code of most letters in `text`; None where it has no letter.

    >>> script_of("海康威视"), script_of("Hikvision"), script_of("01")
    ('Hani', 'Latn', None)
    """
    if text.isascii():
        return "Latn" if any(c.isalpha() for c in text) else None
    count: Counter[str] = Counter()
    for char in text:
        if char.isalpha():
            word = unicodedata.name(char, "").split(" ", 1)[0].removesuffix("-")
            count[_SCRIPTS.get(word, "Zyyy")] += 1
    if not count:
        return None
    if count.get("Kana"):  # Japanese mixes Kana with Han
        return "Kana"
    return count.most_common(1)[0][0]


@dataclass(frozen=True, slots=True)
class Name:
    """One name, verbatim. `quality`: primary, strong or weak alias, or former name.

    `source` says where the name comes from when it is not the list itself
    (a native-script name joined from another official list, say).
    """

    text: str
    quality: Quality = "strong"
    source: str | None = None

    @property
    def script(self) -> str | None:
        """ISO 15924 code of the name's script."""
        return script_of(self.text)


@dataclass(frozen=True, slots=True)
class Address:
    """One address, verbatim in `text`; the parts where the publisher gives them.

    `country` is ISO 3166-1 alpha-2 where it could be told, else None.
    """

    text: str
    country: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names a party. `kind` in lower_snake (`uscc`, `imo`, `passport`, `isin` …)."""

    kind: str
    value: str
    country: str | None = None
    note: str | None = None
