"""Whether two names in the press speak of one party."""

from __future__ import annotations

import functools
import re

from caveat.news.article import key_of
from caveat.news.words import word_set


@functools.lru_cache(maxsize=65536)
def same_party(a: str, b: str) -> bool:
    """Whether two names are one party's: equal letters, an acronym, or one's words within the other's.

    >>> same_party("Megvii", "Megvii Technology"), same_party("China Telecom", "China Mobile")
    (True, False)
    """
    if key_of(a) == key_of(b):
        return True
    suffixes, generic = word_set("names", "suffixes"), word_set("names", "generic")
    one = [w.lower() for w in re.findall(r"\w+", a) if w not in suffixes]
    two = [w.lower() for w in re.findall(r"\w+", b) if w not in suffixes]
    if one != two and any(w in suffixes for w in a.split()[-1:]) and any(w in suffixes for w in b.split()[-1:]):
        return False
    short, long = sorted((one, two), key=len)
    if not short:
        return False
    initials = "".join(w[0] for w in long if w not in ("of", "and", "the"))
    if len(short) == 1 and len(short[0]) >= 2 and len(long) > 1 and short[0] == initials:
        return True
    if not set(short) <= set(long):
        return False
    weak = {g.lower() for g in generic} | {"china", "the", "of", "and"}
    telling = [w for w in short if w not in weak and not _is_place(w)]
    return bool(telling) and (len(short) > 1 or len(long) <= 4 or long[0] == short[0] or short[0] in long)


def _is_place(word: str) -> bool:
    return any(word.capitalize() in word_set("places", key) for key in ("countries", "cities"))
