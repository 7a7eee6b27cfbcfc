"""How a word sounds, roughly: a folded spelling that the usual romanizations of one word share."""

from __future__ import annotations

import re
from functools import lru_cache

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"shch|sch|tsch|tch", "c"),
        (r"ch|tj|cz|cs", "c"),
        (r"sh|sz|sj", "s"),
        (r"zh|dzh|dj|dsch", "j"),
        (r"kh|gh|ck|q|k", "k"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ts|tz", "s"),
        (r"x", "ks"),
        (r"c(?=[eiy])", "s"),
        (r"w", "v"),
        (r"z", "s"),
        (r"(?<=[aeiou])y(?=[aeiou])|(?<=[aeiou])i(?=[aeou])", "y"),
        (r"[aeiouy]+", "a"),
        (r"h", ""),
    )
)
_DOUBLE = re.compile(r"(.)\1+")
_HARD = str.maketrans({"g": "k", "d": "t", "b": "p", "v": "p", "f": "p", "j": "s", "c": "s", "r": "l"})


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The folded spelling of a Latin word: vowels alike, `h` and doubles out, sounds of one kind alike.

    >>> fold("Mohammed".lower()) == fold("muhamad"), fold("kadafi") == fold("qadhdhafi")
    (True, False)
    """
    if not word.isascii() or not word.isalpha():
        return word
    for pattern, put in _STEPS:
        word = pattern.sub(put, word)
    return _DOUBLE.sub(r"\1", word) or "a"


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word, soft and hard alike: what survives a script that writes no vowels.

    >>> skeleton("mohammed"), skeleton("muhamet")
    ('mmt', 'mmt')
    """
    folded = fold(word)
    if not folded.isascii() or not folded.isalpha():
        return folded
    bare = folded.replace("a", "").translate(_HARD)
    return _DOUBLE.sub(r"\1", bare) or folded[:1]
