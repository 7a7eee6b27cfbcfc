"""The rows of an index as they are read: the words of each, alone and written together, and the rows of each word."""

from __future__ import annotations

from array import array
from typing import Any

from caveat.names import Mode, Token, TokenKind, fold_all, token, words
from caveat.screening.letters import Letters

#: A listed name is compared by its first words, at most this many.
MOST_WORDS = 32
#: Letters of the longest run of words.
_LONGEST_RUN = 32

_FORM, _STOP = TokenKind.FORM, TokenKind.STOP


def spans(tokens: tuple[Token, ...]) -> dict[str, tuple[int, int]]:
    """Neighboring words written together: pairs, threes, and a short name as a whole; which words they are."""
    texts = [t.text for t in tokens]
    bare = [t.kind is _FORM or t.kind is _STOP for t in tokens]
    last = len(texts) - 2
    out: dict[str, tuple[int, int]] = {}
    for i, text in enumerate(texts[:-1]):
        two = text + texts[i + 1]
        size = len(two)
        if size > _LONGEST_RUN:
            continue
        idle = bare[i] and bare[i + 1]
        if not idle and two not in out:
            out[two] = (i, i + 2)
        if i < last and not (idle and bare[i + 2]):
            three = two + texts[i + 2]
            if len(three) <= _LONGEST_RUN and three not in out:
                out[three] = (i, i + 3)
    if len(texts) == 4:
        whole = "".join(texts)
        if len(whole) <= _LONGEST_RUN:
            out.setdefault(whole, (0, 4))
    return out


class Rows:
    """The rows of an index, one reading of one name each."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.modes, self.sizes = array("b"), array("b")  # of each term; of how many words it is made (a single: 0)
        self.parts = array("i")  # of which words the runs are made
        self.whole: set[int] = set()  # runs that are a whole name
        self._single: list[dict[str, int]] = [{} for _ in Mode]
        self._run: list[dict[str, int]] = [{} for _ in Mode]
        self.entry, self.name, self.mode, self.own = array("i"), array("i"), array("b"), array("i")
        self.words, self.start = array("i"), array("i", [0])
        self.runs, self.run_start = array("i"), array("i", [0])

    def add(self, entry: int, name: int, tokens: tuple[Token, ...]) -> None:
        """One reading of a name."""
        texts = [t.text for t in tokens]
        modes = [t.mode for t in tokens]
        mode = max(modes)
        self.entry.append(entry)
        self.name.append(name)
        self.mode.append(mode)
        self.own.append(sum([t.bits for t in tokens]))
        known = self.texts
        met = []
        for text, own in zip(texts, modes, strict=True):
            place = self._single[own].setdefault(text, len(known))
            if place == len(known):
                self._note(text, own, 0)
            met.append(place)
        self.words.extend(met)
        self.start.append(len(self.words))
        if len(met) > 1:
            run = self._run[mode]
            for text, (start, stop) in spans(tokens).items():
                place = run.setdefault(text, len(known))
                if place == len(known):
                    self._note(text, mode, stop - start)
                    self.parts.extend(met[start:stop])
                self.runs.append(place)
            if len(met) < 5 and (place := run.get("".join(texts), -1)) >= 0:
                self.whole.add(place)
        self.run_start.append(len(self.runs))

    def _note(self, text: str, mode: int, size: int) -> None:
        self.texts.append(text)
        self.modes.append(mode)
        self.sizes.append(size)

    def arrays(self) -> dict[str, Any]:
        """All of it as arrays, the terms by class and length: the shortest and the longest are read in one stretch."""
        import numpy as np

        modes, sizes = np.asarray(self.modes), np.asarray(self.sizes)
        classes = (sizes > 0).astype("i1")
        classes[list(self.whole)] = 2  # 0 a word, 1 words run together, 2 a whole name
        by_text = np.array(sorted(range(len(self.texts)), key=self.texts.__getitem__), np.int64)
        written = Letters.of(self.texts)
        order = by_text[np.lexsort((np.minimum(written.lengths, 120)[by_text], classes[by_text]))]
        place_of = np.empty(len(order), np.int32)
        place_of[order] = np.arange(len(order), dtype=np.int32)
        single = np.flatnonzero(sizes == 0)
        sounds, bare = map(Letters.of, fold_all([self.texts[place] for place in single.tolist()]))
        sound_of = np.full(len(order), -1)
        sound_of[single] = np.arange(len(single))
        runs = bare.runs(sound_of[np.asarray(self.parts)], sizes[sizes > 0])
        bare_of = np.where(sizes > 0, len(single) + np.cumsum(sizes > 0) - 1, sound_of)
        posting, posting_start = self._postings(place_of)
        return {
            "row_entry": np.asarray(self.entry, "<i4"),
            "row_name": np.asarray(self.name, "<i4"),
            "row_mode": np.asarray(self.mode, "i1"),
            "row_self": np.asarray(self.own, "<i4"),
            "row_words": place_of[np.asarray(self.words)].astype("<i4"),
            "row_start": np.asarray(self.start, "<i4"),
            **written.picked(order).shapes("term"),
            **sounds.followed(Letters.of([""])).picked(sound_of[order]).shapes("sound"),
            **bare.followed(runs).picked(bare_of[order]).shapes("bare"),
            **_asked([self.texts[place] for place in order.tolist()], modes[order], classes[order]),
            "posting": posting,
            "posting_start": posting_start,
        }

    def _postings(self, place_of: Any) -> tuple[Any, Any]:
        """The rows of each term, each once, and where they begin."""
        import numpy as np

        rows = len(self.entry)
        numbers = np.arange(rows)
        met = np.concatenate([place_of[np.asarray(self.words)], place_of[np.asarray(self.runs)]])
        row = np.concatenate([np.repeat(numbers, np.diff(np.asarray(each))) for each in (self.start, self.run_start)])
        both = np.sort(met.astype(np.int64) * rows + row)
        met, row = np.divmod(both[np.diff(both, prepend=-1) > 0], max(1, rows))
        counts = np.bincount(met, minlength=len(place_of))
        return row.astype("<i4"), np.concatenate([[0], np.cumsum(counts)]).astype("<i8")


def read_term(text: str, mode: int) -> Token:
    """The token of a single term."""
    return token(text, Mode(mode)) if mode else token(text)  # as names are read: known from there


def _asked(texts: list[str], modes: Any, classes: Any) -> dict[str, Any]:
    """What the scorer asks of single words, besides their letters; zero for words run together."""
    import numpy as np

    fathers = words().fathers
    single = np.flatnonzero(classes == 0)
    tokens = [read_term(texts[place], int(modes[place])) for place in single.tolist()]
    about = np.zeros((5, len(texts)), np.int64)
    about[:, single] = (
        [one.bits for one in tokens],
        [one.loss for one in tokens],
        [one.kind for one in tokens],
        [one.group for one in tokens],
        [(one.text in fathers) | one.seen << 1 for one in tokens],
    )
    bits, loss, kind, group, flags = about
    return {
        "term_mode": modes.astype("i1"),
        "term_span": classes.astype("i1"),
        "term_bits": bits.astype("<i4"),
        "term_loss": loss.astype("<i4"),
        "term_kind": kind.astype("i1"),
        "term_group": group.astype("<i4"),
        "term_flags": flags.astype("i1"),  # 1 a word between son and father, 2 a word that is known
    }
