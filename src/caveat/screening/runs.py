"""Neighboring words of a name written together: of one name as words, of many names at once as arrays."""

from __future__ import annotations

from array import array
from typing import Any

from caveat.names import Token, TokenKind
from caveat.screening.letters import Letters

#: Letters of the longest run.
_LONGEST = 32
#: Rows that are looked at together.
_CHUNK = 100_000
#: Words that make no run among themselves.
IDLE = (TokenKind.FORM, TokenKind.STOP)


def spans(tokens: tuple[Token, ...]) -> dict[str, tuple[int, int]]:
    """Neighboring words written together: pairs, threes, and a short name as a whole; which words they are."""
    texts = [t.text for t in tokens]
    bare = [t.kind in IDLE for t in tokens]
    last = len(texts) - 2
    out: dict[str, tuple[int, int]] = {}
    for i, text in enumerate(texts[:-1]):
        two = text + texts[i + 1]
        if len(two) > _LONGEST:
            continue
        idle = bare[i] and bare[i + 1]
        if not idle:
            out.setdefault(two, (i, i + 2))
        if i < last and not (idle and bare[i + 2]) and len(two) + len(texts[i + 2]) <= _LONGEST:
            out.setdefault(two + texts[i + 2], (i, i + 3))
    if len(texts) == 4:
        whole = "".join(texts)
        if len(whole) <= _LONGEST:
            out.setdefault(whole, (0, 4))
    return out


class Runs:
    """The runs of many rows, as `spans` gives them for each; one text in one mode is one run.

    texts, modes    of each run
    sizes, parts    of how many words it is made, and of which, as it first came
    rows, places    which row has which run
    whole           whether a run is a whole name
    """

    def __init__(self, words: Any, starts: Any, modes: Any, letters: Letters, idle: Any) -> None:
        """`words` from `starts` on are those of each row, whose mode `modes` gives; what each is, `letters`, `idle`."""
        import numpy as np

        self._known: dict[str, int] = {}
        self.modes, self.sizes, self.parts = array("b"), array("b"), array("i")
        self.whole: set[int] = set()
        rows, places = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for first in range(0, len(modes), _CHUNK):
            of = slice(first, first + _CHUNK)
            some = starts[first : first + _CHUNK + 1]
            row, place = self._read(words[some[0] : some[-1]], np.diff(some), modes[of], letters, idle)
            rows.append(row + first)
            places.append(place)
        self.rows, self.places = np.concatenate(rows), np.concatenate(places)
        self.texts = [text[1:] if mode else text for text, mode in zip(self._known, self.modes, strict=True)]

    def _read(self, words: Any, counts: Any, modes: Any, letters: Letters, idle: Any) -> tuple[Any, Any]:
        import numpy as np

        row = np.repeat(np.arange(len(counts)), counts)
        at, size = _found(row, letters.lengths[words], idle[words], counts)
        row, mode = row[at], modes[row[at]]
        written = letters.picked(words)
        blob = written.units.tobytes().decode("utf-32-le")
        begins, ends = written.starts[at].tolist(), written.starts[at + size].tolist()
        texts = [blob[begin:end] for begin, end in zip(begins, ends, strict=True)]
        for i in np.flatnonzero(mode).tolist():
            texts[i] = chr(mode[i]) + texts[i]  # no text begins with such a sign
        known = self._known
        before = len(known)
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, range(before, before + len(fresh)), strict=True))
        places = np.fromiter(map(known.__getitem__, texts), np.int64, len(texts))
        new = np.flatnonzero(np.diff(np.maximum.accumulate(np.maximum(places, before - 1)), prepend=before - 1))
        self.modes.extend(mode[new].tolist())
        self.sizes.extend(size[new].tolist())
        self.parts.extend(words[_ranges(at[new], size[new])].tolist())
        self.whole.update(places[counts[row] == size].tolist())
        return row, places


def _found(row: Any, lengths: Any, idle: Any, counts: Any) -> tuple[Any, Any]:
    """Where the runs begin among the words of all rows, and of how many words they are made, in that order."""
    import numpy as np

    lengths, idle, row = (np.concatenate([each, [last] * 2]) for each, last in ((lengths, 0), (idle, False), (row, -1)))
    one, two, three = (slice(shift, len(row) - 2 + shift) for shift in range(3))
    is_pair = (row[one] == row[two]) & (lengths[one] + lengths[two] <= _LONGEST)
    is_three = is_pair & (row[one] == row[three]) & (lengths[one] + lengths[two] + lengths[three] <= _LONGEST)
    both = idle[one] & idle[two]
    fours = np.flatnonzero(counts == 4)
    begins = (np.cumsum(counts) - counts)[fours]
    four = begins[lengths[begins[:, None] + np.arange(4)].sum(1) <= _LONGEST]
    found = np.flatnonzero(is_pair & ~both), np.flatnonzero(is_three & ~(both & idle[three])), four
    at, size = np.divmod(np.sort(np.concatenate([8 * each + n for n, each in enumerate(found, 2)])), 8)
    return at, size


def _ranges(starts: Any, sizes: Any) -> Any:
    """The numbers `start` to `start + size` for each."""
    import numpy as np

    return np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
