"""The search without the compiled kernel: the same rows by the same bound, in Python and NumPy, slower.

A row is scored where the words it shares with the query, up to spelling, may earn it enough. What a word earns
with a listed one is found once and remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from caveat.names import Mode, Token, TokenKind, run_skeleton
from caveat.screening import scorer
from caveat.screening.evidence import most_points, name_points, weights
from caveat.screening.letters import bag
from caveat.screening.parts import LONGEST, SOUND, Limits, is_heard, probe
from caveat.screening.rows import read_term
from caveat.screening.runs import IDLE

#: Most bits of a word whose rows are not read for the bound alone.
_LIGHT = 150
#: Pieces of queries that are remembered with the terms near each.
_MOST_KNOWN = 50_000

_SINGLE, _RUN, _WHOLE = _ALL = (0, 1, 2)
_TOP = (1 << 31) - 1
Near = tuple[Any, Any]


class Piece:
    """One word of a query, or several written together; `is_all` where that is the whole query."""

    def __init__(self, tokens: tuple[Token, ...], is_all: bool) -> None:
        self.tokens = tokens
        self.one = tokens[0] if len(tokens) == 1 else None
        self.is_exact = self.one is not None and self.one.kind is TokenKind.INITIAL
        self.text = "".join(t.text for t in tokens)
        self.bare = run_skeleton(t.skeleton for t in tokens)
        self.bag = bag(self.text)
        self.bits = sum(t.bits for t in tokens)
        self.seen = all(t.seen for t in tokens)
        self.mode = max(t.mode for t in tokens)
        #: the classes it may agree with: several words do with one, or as a whole with a whole; two with the same
        #: letters cut at another place
        self.classes = _ALL if len(tokens) < 3 else (_SINGLE, _WHOLE) if is_all else (_SINGLE,)
        least = scorer.LETTERS + scorer.LETTER * len(self.text)
        #: of each class and length, the most slips with which it earns anything
        self.limits, self.slips = _slips(
            self.bits if self.seen else max(self.bits, least), self.seen, len(self.text), len(tokens), is_all,
            self.is_exact, self.classes,
        )  # fmt: skip


class Plain:
    """The search over the arrays of an index, in Python and NumPy."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.arrays = arrays
        self._near: dict[tuple[tuple[Token, ...], bool], Near] = {}

    def find(self, tokens: tuple[Token, ...], least: int, choices: int = 1) -> list[tuple[int, int]]:
        """(row, points) of the rows that reach `least`, names in full aside; `choices` as in `Reading`."""
        return list(self._reaching(tokens, least, choices))

    def meets(self, names: Sequence[tuple[Token, ...]], least: Sequence[int]) -> bytes:
        """For each name a byte, 1 where a row reaches its `least`.

        What a name pays for its many readings is left out: 1 may be too much, 0 never.
        """
        return bytes(any(self._reaching(tokens, line, 1)) for tokens, line in zip(names, least, strict=True))

    def _reaching(self, tokens: tuple[Token, ...], least: int, choices: int) -> Iterator[tuple[int, int]]:
        for row in self.rows_near(tokens, least).tolist():
            points = name_points(scorer.score(tokens, self.row_tokens(row), may_shorten=False), False, choices)
            if points >= least:
                yield row, points

    def term_text(self, term: int) -> str:
        """The word of a term."""
        start = self.arrays["term_start"]
        return str(self.arrays["term_units"][int(start[term]) : int(start[term + 1])].tobytes().decode("utf-32-le"))

    def row_tokens(self, row: int) -> tuple[Token, ...]:
        """The tokens of a row, as they were read when it was built."""
        a = self.arrays
        places = a["row_words"][int(a["row_start"][row]) : int(a["row_start"][row + 1])].tolist()
        return tuple(self._token(place) for place in places)

    @lru_cache(maxsize=50_000)  # noqa: B019 - an index lives as long as the process that opened it
    def _token(self, term: int) -> Token:
        return read_term(self.term_text(term), int(self.arrays["term_mode"][term]))

    def rows_near(self, tokens: tuple[Token, ...], least: int) -> Any:
        """Rows that share, up to spelling, enough of the query's words to reach `least` points; an array.

        A row that shares none of the chosen words cannot reach the points: its remaining words earn too little.
        So only the rows of the chosen words are read.
        """
        order = sorted(range(len(tokens)), key=lambda i: -tokens[i].bits)
        heavy = {i for i in order if tokens[i].kind not in scorer.LIGHT and not scorer.says_little(tokens[i])}
        # any word may begin with an initial, so that is never lost
        losses = [0 if t.kind is TokenKind.INITIAL else t.loss for t in tokens]
        own = rest = sum(t.bits for t in tokens)
        spent = -scorer.INITIAL * sum(t.kind is TokenKind.INITIAL for t in tokens)
        chosen: list[int] = []
        for i in order:
            if most_points(rest - spent, rest, may_be_whole=heavy.isdisjoint(chosen)) < least:
                break
            chosen.append(i)
            spent += losses[i]
            rest -= tokens[i].bits
        gains = [(i, *self._gains(tokens, i, losses[i])) for i in chosen]
        rows: Any = _unique(np.concatenate([met for _, met, _ in gains])) if gains else np.zeros(0, np.int64)
        reach, weighty = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
        for i, met, gain in gains:
            at = np.searchsorted(rows, met)
            reach[at] += gain
            weighty[at] += i in heavy
        needed = np.minimum(self.arrays["row_self"][rows], own)
        still = len(heavy.intersection(chosen))  # the others are taken as found, until they are looked at
        for i in [-1, *(i for i in order if i not in chosen and tokens[i].bits > _LIGHT)]:
            if i >= 0:
                met, gain = self._gains(tokens, i, 0)
                at = np.minimum(np.searchsorted(met, rows), max(0, len(met) - 1))
                is_met = met[at] == rows if len(met) else np.zeros(len(rows), bool)
                reach[is_met] += gain[at[is_met]]
                rest -= tokens[i].bits
                weighty += is_met & (i in heavy)
                still += i in heavy
            fits = _points(reach - spent + rest, needed, weighty == still) >= least
            rows, reach, weighty, needed = rows[fits], reach[fits], weighty[fits], needed[fits]
            if not len(rows):
                break
        return rows

    def _gains(self, tokens: tuple[Token, ...], i: int, loss: int) -> Near:
        """The rows where a word stands, alone or run together, and the most it may gain in each."""
        starts, posting = self.arrays["posting_start"], self.arrays["posting"]
        rows, gains = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for some, is_all in pieces_of(tokens, i):
            terms, points = self.terms_near(some, is_all)
            if len(terms):
                count = starts[terms + 1] - starts[terms]
                rows.append(posting[_ranges(starts[terms], count)])
                if len(some) > 1:  # its share
                    points = -(-points * tokens[i].bits // max(1, sum(t.bits for t in some)))
                gains.append(np.repeat(points + loss, count))
        row, gain = np.concatenate(rows), np.concatenate(gains)
        best = np.sort(row.astype(np.int64) << 32 | (_TOP - gain))
        best = best[_is_new(best >> 32)]
        return best >> 32, _TOP - (best & ((1 << 32) - 1))

    def terms_near(self, tokens: tuple[Token, ...], is_all: bool) -> Near:
        """The terms that agree, up to spelling, with one word or several, and what each can earn at most."""
        key = tokens, is_all
        found = self._near.get(key)
        if found is None:
            if len(self._near) > _MOST_KNOWN:
                self._near.clear()
            piece = Piece(tokens, is_all)
            most = {term: points for term in sorted(self._maybe(piece)) if (points := self._most(piece, term)) > 0}
            found = self._near[key] = np.array(list(most), np.int64), np.array(list(most.values()), np.int64)
        return found

    def _maybe(self, piece: Piece) -> set[int]:
        """The terms that may agree with a piece."""
        one = piece.one
        out = self._kin(one)
        if piece.mode.is_heard:
            return out | set(np.flatnonzero(self._heard(piece, *(self.arrays[name] for name in _BARE))).tolist())
        foreign, *bare = self._foreign
        if len(foreign) and not piece.is_exact:
            out.update(foreign[self._heard(piece, *bare)].tolist())
        out.update(self._spelled(piece))
        if one is not None and not piece.is_exact and len(one.fold) > 3:
            out.update(self._sounding(piece, one))
        if one is not None and one.kind is TokenKind.WORD:  # an initial of the listed name may stand for it
            out.update(self._letters.get(one.text[0], ()))
        return out

    def _spelled(self, piece: Piece) -> Iterator[int]:
        """The terms whose letters are as near as may earn anything."""
        from rapidfuzz.distance import OSA

        size = len(piece.text)
        found = [probe(self.arrays, piece.text, _half(piece.bag), piece.limits).astype(np.int64)]
        # the shortest and the longest are not cut into parts
        if size - scorer.most_edits(size) <= 2:
            found += [np.arange(*self._stretch(kind, 0, 3)) for kind in piece.classes]
        if size + 3 > LONGEST:
            found += [np.arange(*self._stretch(kind, LONGEST + 1, 121)) for kind in piece.classes]
        terms = _unique(np.concatenate(found))
        a = self.arrays
        lengths = a["term_start"][terms + 1] - a["term_start"][terms]
        most = piece.slips[a["term_span"][terms], np.minimum(lengths, size + 4)]
        fits = (np.abs(lengths - size) <= most) & ~is_heard(a["term_mode"][terms])
        fits &= np.bitwise_count(a["term_bag"][terms] ^ np.uint64(piece.bag)) <= 2 * most
        terms = terms[fits]
        for term, text, limit in zip(terms.tolist(), self._texts(terms), most[fits].tolist(), strict=True):
            if OSA.distance(piece.text, text, score_cutoff=limit) <= limit:
                yield term

    def _sounding(self, piece: Piece, one: Token) -> Iterator[int]:
        """The single terms that sound like a word, and whose letters are near enough to earn anything."""
        from rapidfuzz.distance import OSA

        sound, size = one.fold, len(one.text)
        limit = int(len(sound) > 5 and _unlike(piece, size + 2, 1) > 1)
        limits = ((SOUND, len(sound) - 1, (limit, limit, limit)),)
        terms = _unique(probe(self.arrays, sound, _half(bag(sound)), limits))
        for term, text in zip(terms.tolist(), self._texts(terms), strict=True):
            most = _unlike(piece, len(text), 0)
            if abs(len(text) - size) <= most and OSA.distance(one.text, text, score_cutoff=most) <= most:
                yield term

    def _texts(self, terms: Any) -> Iterator[str]:
        """The words of many terms."""
        a = self.arrays
        starts = a["term_start"][terms]
        sizes = a["term_start"][terms + 1] - starts
        text = a["term_units"][_ranges(starts, sizes)].tobytes().decode("utf-32-le")
        at = 0
        for size in sizes.tolist():
            yield text[at : at + size]
            at += size

    @staticmethod
    def _heard(piece: Piece, length: Any, bags: Any, kinds: Any) -> Any:
        """Which terms have consonants that are near enough."""
        most = np.full(3, -1)
        most[list(piece.classes)] = scorer.HEARD_RUN
        if piece.one is not None:
            most[_SINGLE] = scorer.most_edits(len(piece.bare) + 4)
        most = most[kinds]
        fits = np.abs(length - np.int16(min(len(piece.bare), 120))) <= most
        return fits & (np.bitwise_count(bags ^ np.uint64(bag(piece.bare))) <= 2 * most)

    def _kin(self, one: Token | None) -> set[int]:
        """The words that stand for a word: synonyms, nicknames."""
        if one is None or not one.group:
            return set()
        groups, terms = self._groups
        return set(terms[np.searchsorted(groups, one.group) : np.searchsorted(groups, one.group, "right")].tolist())

    def _most(self, piece: Piece, term: int) -> int:
        """What a piece can earn with a term at most."""
        a = self.arrays
        text, mode, kind = self.term_text(term), Mode(a["term_mode"][term]), int(a["term_span"][term])
        if kind == _SINGLE and piece.one is not None:
            return scorer.pair(piece.one, self._token(term))[0]
        listed = int(a["term_bits"][term]) if kind == _SINGLE else piece.bits
        if piece.mode.is_heard or mode.is_heard:
            start = a["bare_start"]
            bare = a["bare_units"][int(start[term]) : int(start[term + 1])].tobytes().decode("utf-32-le")
            earned = min(piece.bits, listed)
            return scorer.heard_points(piece.bare, bare, piece.text, text, earned, scorer.HEARD_RUN) - scorer.JOIN
        seen = kind == _SINGLE and int(a["term_flags"][term]) > 1
        cost, edits = scorer.spelling_cost(piece.text, text, "", "", piece.seen and seen)
        if cost < 0:
            return 0
        payer = piece.bits
        if not (piece.seen and seen):
            each = scorer.LETTER_LISTED * len(text) if piece.seen else scorer.LETTER * len(piece.text)
            payer = max(payer, scorer.LETTERS + each)
        return min(scorer.shaved(min(piece.bits, listed), edits), payer - cost) - scorer.JOIN

    # what is asked of the arrays as a whole, found once

    def _stretch(self, kind: int, first: int, end: int) -> tuple[int, int]:
        """Where the terms of a class with `first` letters up to `end` (of at most 120) begin and end."""
        return self._begins[kind * 128 + first], self._begins[kind * 128 + end]

    @cached_property
    def _begins(self) -> list[int]:
        sizes = self.arrays["term_span"].astype(np.int64) * 128 + self.arrays["term_length"]
        begins: list[int] = np.searchsorted(sizes, np.arange(3 * 128 + 1)).tolist()
        return begins

    @cached_property
    def _letters(self) -> dict[str, list[int]]:
        """The terms of one letter."""
        out: dict[str, list[int]] = {}
        for term in range(*self._stretch(_SINGLE, 1, 2)):
            out.setdefault(self.term_text(term), []).append(term)
        return out

    @cached_property
    def _foreign(self) -> tuple[Any, ...]:
        """The terms that are not as written, and their consonants."""
        terms = np.flatnonzero(is_heard(self.arrays["term_mode"]))
        return terms, *(self.arrays[name][terms] for name in _BARE)

    @cached_property
    def _groups(self) -> Near:
        groups = np.where(self.arrays["term_span"] == _SINGLE, self.arrays["term_group"], 0)
        terms = np.flatnonzero(groups)
        order = np.argsort(groups[terms], kind="stable")
        return groups[terms][order], terms[order]


_BARE = ("bare_length", "bare_bag", "term_span")


def pieces_of(tokens: tuple[Token, ...], i: int) -> Iterator[tuple[tuple[Token, ...], bool]]:
    """A word of a query, and the runs of words it is in; whether that is the whole query."""
    yield tokens[i : i + 1], False
    for size in range(2, 5 if len(tokens) == 4 else 4):
        for start in range(max(0, i - size + 1), min(i, len(tokens) - size) + 1):
            some = tokens[start : start + size]
            if not all(t.kind in IDLE for t in some):
                yield some, size == len(tokens)


def _half(bits: int) -> int:
    return (bits ^ bits >> 32) & 0xFFFFFFFF


def _unique(numbers: Any) -> Any:
    numbers = np.sort(numbers.astype(np.int64))
    return numbers[_is_new(numbers)]


def _is_new(numbers: Any) -> Any:
    """Whether each of some sorted numbers is not the one before."""
    out = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=out[1:])
    return out


def _ranges(starts: Any, sizes: Any) -> Any:
    return np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


def _points(total: Any, needed: Any, is_whole: Any) -> Any:
    """`most_points` of many rows."""
    w = weights()
    total = np.maximum(total, 0)
    full = w["rarity_cap"] // 5
    points = w["base"] + w["ratio"] * np.minimum(1000, total * 1000 // np.maximum(1, needed)) // 1000
    points += w["rarity"] * np.minimum(total, w["rarity_cap"]) // 1000
    return points + np.where(is_whole, w["whole"] * np.minimum(total, full) // full, 0)


@lru_cache(maxsize=20_000)
def _slips(
    bits: int, seen: bool, size: int, words: int, is_all: bool, is_exact: bool, classes: tuple[int, ...]
) -> tuple[tuple[Limits, ...], Any]:
    """How many slips words of that size may have and earn anything: of each class and length, and as an array."""
    first = max(0, size - 3)
    limits = []
    out = np.full((3, size + 5), -1)
    for kind in classes:
        is_alone, is_even = words == 1 and kind == _SINGLE, words > 1 and kind == _WHOLE
        is_cut = is_exact or (words == 2 and kind != _SINGLE and not (is_all and is_even))
        lengths = range(first, size + 4)
        some = [0 if is_cut else _slips_with(bits, seen, size, n, is_alone, is_even) for n in lengths]
        limits.append((kind, first, tuple(some)))
        out[kind, first : size + 4] = some
    return tuple(limits), out


def _slips_with(bits: int, seen: bool, size: int, length: int, is_alone: bool, is_even: bool) -> int:
    """How many slips words may have against a term of that length: more cost more than there is to pay them."""
    slips = scorer.most_edits(max(size, length))
    payer = max(bits, scorer.LETTERS + (scorer.LETTER_LISTED * length if seen else scorer.LETTER * size))
    while slips > 0:
        own = 0  # slips whose letter may be the listed word's own
        if is_alone and slips == 1 and size == length:
            own = 1
        elif is_alone and min(size, length) >= 5:
            own = min(slips, max(0, length - size))
        cost = scorer.EDIT * slips + scorer.STRANGE * (slips - own)
        if not is_alone:
            cost += scorer.JOIN
            if not is_even or slips > scorer.MOST_EDITS_EVEN:
                cost += scorer.JOIN_EDIT * slips
        if cost < payer:
            break
        slips -= 1
    return slips


def _unlike(piece: Piece, length: int, sound: int) -> int:
    """In how many letters a word and a listed one may differ that sound nearly alike; below 0 where in none."""
    size = len(piece.text)
    payer = max(piece.bits, scorer.LETTERS + (scorer.LETTER_LISTED * length if piece.seen else scorer.LETTER * size))
    payer -= scorer.VARIANT + (scorer.EDIT + scorer.STRANGE) * sound + 1
    return -1 if payer < 0 else min(payer // scorer.SOUND_LETTER, (max(length, size) * 2 + 3) // 5)
