"""The score of OFAC's own search tool, as its publisher describes it, beside ours: a reference an examiner knows.

OFAC (FAQ 249) names two algorithms, Jaro-Winkler and Soundex, and two techniques: the whole name against whole
names, and each part of the name against the parts of listed names with a composite score; the higher counts. The
weights inside are not published: this is the plainest reading of the description, not the tool itself. The tool
compares Latin letters only, and so does this score.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from caveat.names import normalize

_SOUNDEX = {
    **dict.fromkeys("bfpv", "1"), **dict.fromkeys("cgjkqsxz", "2"), **dict.fromkeys("dt", "3"), "l": "4",
    **dict.fromkeys("mn", "5"), "r": "6",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def soundex(word: str) -> str:
    """The code of an English word by its sound: the first letter and three figures.

    >>> soundex("robert"), soundex("rupert"), soundex("ashcraft"), soundex("tymczak")
    ('r163', 'r163', 'a261', 't522')
    """
    word = "".join(c for c in word if "a" <= c <= "z")
    if not word:
        return ""
    out, last = word[0], _SOUNDEX.get(word[0], "")
    for char in word[1:]:
        code = _SOUNDEX.get(char, "")
        if code and code != last:
            out += code
        if char not in "hw":
            last = code
    return (out + "000")[:4]


def ofac_score(query: str, listed: str) -> int | None:
    """0 to 100 as OFAC's published description has it; None where a name has no Latin letter.

    >>> ofac_score("Hikvision", "HIKVISION"), ofac_score("Gikvision", "Hikvision") < 95, ofac_score("华为", "Huawei")
    (100, True, None)
    """
    one, other = _parts(query), _parts(listed)
    if not one or not other:
        return None
    whole = _alike(" ".join(one), " ".join(other))
    composite = sum(max(_part(word, part) for part in other) for word in one) / len(one)
    return round(100 * max(whole, composite))


def _parts(name: str) -> list[str]:
    return [word for word in normalize(name).split() if word.isascii()]


def _part(word: str, part: str) -> float:
    """Two parts: by spelling, where they begin alike or sound alike."""
    return _alike(word, part) if word[0] == part[0] or soundex(word) == soundex(part) else 0.0


def _alike(one: str, other: str) -> float:
    return float(_similarity()(one, other))


@cache
def _similarity() -> Callable[[str, str], float]:
    from rapidfuzz.distance import JaroWinkler

    similarity: Callable[[str, str], float] = JaroWinkler.similarity
    return similarity
