"""The letters of many texts at once, as arrays: cut, put together, and which letters each has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def bag(text: str) -> int:
    """Which letters a word has, as 64 bits: two for each of 26 letters (once, twice), the rest shared.

    An edit changes at most two bits, so words `n` edits apart differ in at most `2 n` bits.
    """
    bits = 0
    for char in text:
        code = ord(char) - 97
        place = code * 2 if 0 <= code < 26 else 52 + (ord(char) % 6) * 2
        if bits >> place & 1:
            place += 1
        bits |= 1 << place
    return bits


class Letters:
    """Many texts as code points one after another."""

    def __init__(self, units: Any, lengths: Any) -> None:
        import numpy as np

        self.units, self.lengths = units, lengths
        self.starts = np.concatenate([[0], np.cumsum(lengths)])

    @classmethod
    def of(cls, texts: Sequence[str]) -> Letters:
        """The letters of some texts."""
        import numpy as np

        units = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4")
        return cls(units, np.fromiter(map(len, texts), np.int64, len(texts)))

    def picked(self, places: Any) -> Letters:
        """The texts of some places; -1 is the last."""
        return self._cut(self.starts[:-1][places], self.lengths[places])

    def followed(self, more: Letters) -> Letters:
        """These texts and then others."""
        import numpy as np

        pairs = ((self.units, more.units), (self.lengths, more.lengths))
        return Letters(*(np.concatenate(pair) for pair in pairs))

    def runs(self, places: Any, sizes: Any) -> Letters:
        """`run_skeleton` of so many of these texts (none empty), from `places`, for each of `sizes`."""
        import numpy as np

        firsts = np.cumsum(sizes) - sizes
        has_consonant = (self.lengths[places] > 1) | (self.units[self.starts[:-1][places]] != ord("a"))
        counts = np.add.reduceat(has_consonant.astype(np.int64), firsts) if len(firsts) else sizes
        has_consonant[firsts] |= counts == 0  # of words of vowels alone the first stands for all
        places, sizes = places[has_consonant], np.maximum(counts, 1)
        starts, lengths = self.starts[:-1][places], self.lengths[places]
        heads, tails = self.units[starts], self.units[starts + lengths - 1]
        is_shared = np.zeros(len(places), bool)
        is_shared[1:] = (heads[1:] == tails[:-1]) & (heads[1:] >= 97) & (heads[1:] <= 122)
        firsts = np.cumsum(sizes) - sizes
        is_shared[firsts] = False
        lengths = lengths - is_shared
        units = self._cut(starts + is_shared, lengths).units
        return Letters(units, np.add.reduceat(lengths, firsts) if len(firsts) else lengths)

    def _cut(self, starts: Any, lengths: Any) -> Letters:
        import numpy as np

        shift = starts - (np.cumsum(lengths) - lengths)
        return Letters(self.units[np.repeat(shift, lengths) + np.arange(lengths.sum())], lengths)

    def shapes(self, what: str) -> dict[str, Any]:
        """The arrays of an index: letters, where each text begins, its length and its `bag`."""
        import numpy as np

        units, lengths, starts = self.units, self.lengths, self.starts
        code = units.astype(np.int64) - 97
        bits = np.uint64(1) << np.where((code >= 0) & (code < 26), code * 2, 52 + (units % 6) * 2).astype(np.uint64)
        longest_first = np.argsort(-lengths, kind="stable")
        ends = np.searchsorted(-lengths[longest_first], -np.arange(lengths.max(initial=0)), "left")
        first = starts[longest_first]
        bags = np.zeros(len(lengths), np.uint64)
        for column, end in enumerate(ends.tolist()):  # a letter of every text at a time
            bit = bits[first[:end] + column]
            known = bags[:end]
            known |= np.where(known & bit, bit << np.uint64(1), bit)
        out = np.empty_like(bags)
        out[longest_first] = bags
        return {
            f"{what}_units": units.astype("<u4", copy=False),
            f"{what}_start": starts.astype("<i8"),
            f"{what}_length": np.minimum(lengths, 120).astype("i1"),
            f"{what}_bag": out.astype("<u8"),
        }
