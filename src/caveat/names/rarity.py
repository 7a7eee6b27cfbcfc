"""How rare a word is among names, in hundredths of a bit: common words prove little."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from functools import lru_cache
from importlib.resources import files

#: Bits (in hundredths) of a word nobody has seen, by its length: a long unseen word is rarer than a short one.
_UNSEEN = (0, 500, 700, 1000, 1250, 1450, 1600, 1700, 1800, 1850, 1900)


#: Bits (in hundredths) that two spellings of one word in two scripts hold: so many, and for each letter, and more
#: for each consonant. Fitted on names of registers, lists and Wikidata beside their Latin forms and beside other
#: listed words (`python benchmarks/quality_heard.py fit`).
_HEARD, _LETTER, _CONSONANT = 220, 160, 90


@lru_cache(maxsize=1)
def _table() -> tuple[array[int], array[int], array[int]]:
    """Sorted word hashes and, beside each, its rarity in tenths of a bit (`words/rarity.npy`); where each begins by
    its first 16 bits."""
    import numpy as np

    with (files("caveat.names") / "words" / "rarity.npy").open("rb") as file:
        table = np.load(file)
    # plain arrays: one word is looked up in them in a fifth of the time
    hashes = table["hash"].astype("u4")
    begins = np.searchsorted(hashes, np.arange(2**16 + 1, dtype=np.uint64) << np.uint64(16)).astype("u4")
    return (
        array("I", hashes.tobytes()),
        array("H", table["tenths"].astype("u2").tobytes()),
        array("I", begins.tobytes()),
    )


def known(word: str) -> int:
    """The rarity of a word seen in lists or name registers, in hundredths of a bit; 0 where never seen."""
    hashes, tenths, begins = _table()
    code = zlib.crc32(word.encode("utf-8", "surrogatepass"))
    end = begins[(code >> 16) + 1]
    place = bisect_left(hashes, code, begins[code >> 16], end)
    return tenths[place] * 10 if place < end and hashes[place] == code else 0


def unseen(word: str) -> int:
    """The rarity of a word never seen, by its length; one Han or Hangul sign counts as three letters."""
    length = len(word) if word.isascii() else sum(3 if char >= "\u2e80" else 1 for char in word)
    return _UNSEEN[min(length, len(_UNSEEN) - 1)]


def heard(letters: int, consonants: int) -> int:
    """The rarity of a word that is known from another script only, by what its letters hold."""
    return _HEARD + _LETTER * letters + _CONSONANT * consonants
