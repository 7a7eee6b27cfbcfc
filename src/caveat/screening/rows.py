"""The rows of an index as they are read: the words of each, alone and written together, and the rows of each word."""

from __future__ import annotations

from array import array
from typing import Any

from caveat.names import Mode, Token, fold_all, token, words
from caveat.screening.letters import Letters
from caveat.screening.runs import IDLE, Runs

#: A listed name is compared by its first words, at most this many.
MOST_WORDS = 32


class _Terms(dict[str, int]):
    """The words of one mode; one that is asked for the first time gets the next number of all modes."""

    def __init__(self, texts: list[str], modes: array[int], mode: int) -> None:
        self._texts, self._modes, self._mode = texts, modes, mode

    def __missing__(self, text: str) -> int:
        place = self[text] = len(self._texts)
        self._texts.append(text)
        self._modes.append(self._mode)
        return place


class Rows:
    """The rows of an index, one reading of one name each."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.modes = array("b")
        self._terms = {mode: _Terms(self.texts, self.modes, mode) for mode in Mode}
        self.entry, self.name, self.mode, self.own = array("i"), array("i"), array("b"), array("i")
        self.words, self.start = array("i"), array("i", [0])

    def add(self, entry: int, name: int, tokens: tuple[Token, ...]) -> None:
        """One reading of a name."""
        mode = max([t.mode for t in tokens])
        self.entry.append(entry)
        self.name.append(name)
        self.mode.append(mode)
        self.own.append(sum([t.bits for t in tokens]))
        if mode:
            terms = self._terms
            self.words.extend([terms[t.mode][t.text] for t in tokens])
        else:
            written = self._terms[Mode.WRITTEN]
            self.words.extend([written[t.text] for t in tokens])
        self.start.append(len(self.words))

    def arrays(self) -> dict[str, Any]:
        """All of it as arrays, the terms by class and length: the shortest and the longest are read in one stretch."""
        import numpy as np

        words, start, row_modes = np.asarray(self.words), np.asarray(self.start), np.asarray(self.mode)
        tokens = list(map(read_term, self.texts, self.modes))
        singles = Letters.of(self.texts)
        idle = np.fromiter((t.kind in IDLE for t in tokens), bool, len(tokens))
        runs = Runs(words, start, row_modes, singles, idle)
        sounds, bare = map(Letters.of, fold_all(self.texts))
        texts = self.texts + runs.texts
        written = singles.followed(Letters.of(runs.texts))
        classes = np.repeat(np.array([0, 1], "i1"), [len(tokens), len(runs.texts)])
        classes[len(tokens) + np.array(sorted(runs.whole), np.int64)] = 2  # 0 a word, 1 words run together, 2 a name
        by_text = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int64)
        order = by_text[np.lexsort((np.minimum(written.lengths, 120)[by_text], classes[by_text]))]
        place_of = np.empty(len(order), np.int32)
        place_of[order] = np.arange(len(order), dtype=np.int32)
        modes = np.concatenate([np.asarray(self.modes), np.asarray(runs.modes)])
        row_words = place_of[words]
        met = np.concatenate([row_words, place_of[len(tokens) + runs.places]])
        met_by = np.concatenate([np.repeat(np.arange(len(row_modes)), np.diff(start)), runs.rows])
        posting, posting_start = _postings(met, met_by, len(order), len(row_modes))
        return {
            "row_entry": np.asarray(self.entry, "<i4"),
            "row_name": np.asarray(self.name, "<i4"),
            "row_mode": row_modes.astype("i1"),
            "row_self": np.asarray(self.own, "<i4"),
            "row_words": row_words.astype("<i4"),
            "row_start": start.astype("<i4"),
            **written.picked(order).shapes("term"),
            **sounds.followed(Letters.of([""])).picked(np.where(order < len(tokens), order, -1)).shapes("sound"),
            **bare.followed(bare.runs(np.asarray(runs.parts), np.asarray(runs.sizes))).picked(order).shapes("bare"),
            "term_mode": modes[order].astype("i1"),
            "term_span": classes[order].astype("i1"),
            **_asked(tokens, place_of),
            "posting": posting,
            "posting_start": posting_start,
        }


def _postings(met: Any, rows: Any, most_terms: int, most_rows: int) -> tuple[Any, Any]:
    """The rows of each term, each once, and where they begin."""
    import numpy as np

    both = np.sort(met.astype(np.int64) * most_rows + rows)
    met, rows = np.divmod(both[np.diff(both, prepend=-1) > 0], max(1, most_rows))
    counts = np.bincount(met, minlength=most_terms)
    return rows.astype("<i4"), np.concatenate([[0], np.cumsum(counts)]).astype("<i8")


def read_term(text: str, mode: int) -> Token:
    """The token of a single term."""
    return token(text, Mode(mode)) if mode else token(text)  # as names are read: known from there


def _asked(tokens: list[Token], place_of: Any) -> dict[str, Any]:
    """What the scorer asks of single words, besides their letters; zero for words run together."""
    import numpy as np

    fathers = words().fathers
    about = {
        "term_bits": ("<i4", [t.bits for t in tokens]),
        "term_loss": ("<i4", [t.loss for t in tokens]),
        "term_kind": ("i1", [t.kind for t in tokens]),
        "term_group": ("<i4", [t.group for t in tokens]),
        # 1 a word between son and father, 2 a word that is known
        "term_flags": ("i1", [(t.text in fathers) | t.seen << 1 for t in tokens]),
    }
    out = {}
    for name, (kind, values) in about.items():
        out[name] = np.zeros(len(place_of), kind)
        out[name][place_of[: len(tokens)]] = values
    return out
