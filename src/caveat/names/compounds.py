"""Arabic names made of several words, written together in a dozen ways: Abdurrahman, Abdel Rahman, Abd al-Rahman."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

#: The servant of …, with its article, before or within the same word; Abdullah and Abdulov are words of their own.
_SERVANT = re.compile(r"abd[aeiou]?[lrsdnz]")
_OF = re.compile(r"abd[aeiou]?(?:l(?!lah?i?$)(?!.*[aeo]va?$)|([tdrszn])(?=\1))(.{3,})")
#: The article by itself: before t, d, r, s, z and n it takes their sound.
_ARTICLE = re.compile(r"[aeou](?:l|d|r|s|sh|z|n|t)")
_FAITH = re.compile(r"(.{3,})[aeou](?:dd|ld)[ie]+ne?")
_GOD = re.compile(r"(.{3,})[aeou]llah")
_ENDS = "haqq?|huqq?|hoque?|islam|amin|alam|huda|hassan|hasan|karim"
_GLUED = re.compile(rf"(.{{3,}})ul({_ENDS})")
_HANGS = re.compile(r"(.{3,})u([lrdszn])")
_END = re.compile(_ENDS)
#: Words that may be one, or a part of one with the word behind.
_MAY = re.compile(rf"abd.*|.*(?:[aeou]llah|[dl]d[ie]+ne?|ul(?:{_ENDS})|u[lrdszn])|[aeou](?:[lz]|[drsnt]h?)")


def take_apart(parts: Sequence[str]) -> list[str] | None:
    """The words of a name with such compounds in their parts and the article as `al`; None where there are none.

    >>> take_apart(["abdurrahman", "saleh"]), take_apart(["jalaluddin"]), take_apart(["john"])
    (['abd', 'al', 'rahman', 'saleh'], ['jalal', 'al', 'din'], None)
    """
    if not any(map(may_be_part, parts)):  # most
        return None
    out: list[str] = []
    for place, part in enumerate(parts):
        follows = parts[place + 1] if place + 1 < len(parts) else ""
        out += _parts(part, follows, place > 0)
    return out if out != list(parts) else None


@lru_cache(maxsize=100_000)
def may_be_part(word: str) -> bool:
    """Whether a word may be such a compound, or a part of one with the word behind."""
    return _MAY.fullmatch(word) is not None


def _parts(part: str, follows: str, is_inside: bool) -> list[str]:
    if follows and _SERVANT.fullmatch(part):
        return ["abd", "al"]
    if found := _OF.fullmatch(part):
        return ["abd", "al", found[2]]
    if is_inside and follows and _ARTICLE.fullmatch(part) and (part[1:] == "l" or follows.startswith(part[1:])):
        return ["al"]
    if is_inside and part in ("ullah", "ollah", "ellah"):
        return ["allah"]
    if is_inside and part in ("deen", "dine", "eddin", "uddin"):
        return ["din"] if part in ("deen", "dine") else ["al", "din"]
    if found := _FAITH.fullmatch(part):
        return [found[1], "al", "din"]
    if (found := _GOD.fullmatch(part)) and found[1] != "abd":
        return [found[1], "allah"]
    if found := _GLUED.fullmatch(part):
        return [found[1], "al", found[2]]
    found = _HANGS.fullmatch(part)
    if found and (_END.fullmatch(follows) if found[2] == "l" else follows.startswith(found[2])):
        return [found[1], "al"]
    return [part]
