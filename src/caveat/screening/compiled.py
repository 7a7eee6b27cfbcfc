"""The compiled search over the arrays of an index; absent where it was not built."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np

from caveat.names import Role, Token, fold_all, heard, is_odd, role_of, token, words
from caveat.screening import scorer
from caveat.screening.build import word_code
from caveat.screening.evidence import heard_at, weights

_WEIGHTS = ("base", "ratio", "rarity", "rarity_cap", "whole")
_ARRAYS = (
    "term_units", "term_start", "sound_units", "sound_start", "bare_units", "bare_start", "term_length", "term_bag",
    "sound_length", "sound_bag", "bare_length", "bare_bag", "term_mode", "term_span", "term_bits", "term_loss",
    "term_kind", "term_group", "term_flags", "row_words", "row_start", "row_mode", "row_self", "posting",
    "posting_start", "part", "part_start", "code", "short", "lone",
)  # fmt: skip
_HELD = heard(0, 0)
_COSTS = (
    scorer.EDIT, scorer.EDIT_SEEN, scorer.LETTERS, scorer.LETTER, scorer.LETTER_LISTED, scorer.SHAVE, scorer.VARIANT,
    scorer.VARIANT_SEEN, scorer.SOUND_LETTER, _HELD, heard(1, 0) - _HELD, heard(0, 1) - _HELD,
    scorer.HEARD_CONSONANT, scorer.HEARD_LETTER, scorer.HEARD_SLIP, scorer.HEARD_OTHER, scorer.HEARD_RUN,
    scorer.NICKNAME, scorer.JOIN, scorer.INITIAL, scorer.ORDER, scorer.CLASH, scorer.CLASH_LIGHT, scorer.FATHER,
    scorer.NUMBER_CLASH, scorer.PLACE_CLASH, scorer.MOST_EDITS_EVEN, scorer.STRANGE, scorer.NICKNAME_FAR,
    scorer.JOIN_EDIT, scorer.BRAND, scorer.BRAND_SLIP, scorer.MET, scorer.LITTLE, scorer.SYNONYM,
)  # fmt: skip

#: Words of a query that the kernel takes.
MOST_WORDS = 60
#: Words the kernel remembers with what is near each; then it begins anew.
_MOST_KNOWN = 100_000
#: Names handed over at once.
_MANY = 500

#: What a glance at a name tells: no row reaches its line, one does, it must be read first.
NOTHING, MET, UNREAD = range(3)


class Compiled:
    """The kernel (`_kernel.c`), asked with tokens; it knows them by numbers. Threads take turns."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._lock = Lock()
        self._by_text: dict[Any, int] = {}
        self._by_shown: dict[str, int] = {}  # the words of names as they stand, numbered apart

    def find(self, tokens: Sequence[Token], least: int, choices: int = 1) -> list[tuple[int, int]]:
        """(row, points) of the rows that reach `least`, names in full aside; at most MOST_WORDS tokens."""
        with self._lock:
            found: list[tuple[int, int]] = self._kernel.find(*self._numbers([tokens]), least, _weights(choices))
        return found

    def total(self, tokens: Sequence[Token], row: int) -> tuple[int, int, int]:
        """The total of one row, hundredths of a bit; how far it is whole, thousandths; whether across scripts."""
        with self._lock:
            found: tuple[int, int, int] = self._kernel.total(*self._numbers([tokens]), row)
        return found

    def links(self, tokens: Sequence[Token], row: int) -> list[tuple[int, int, int, int, int]]:
        """The links that count between a query and a row, in the query's order: points, from and to in both."""
        with self._lock:
            found: list[tuple[int, int, int, int, int]] = self._kernel.links(*self._numbers([tokens]), row)
        return found

    def meets(self, names: Sequence[Sequence[Token]], least: Sequence[int]) -> bytes:
        """For each name a byte, 1 where a row reaches its `least`.

        What a name pays for its many readings is left out: 1 may be too much, 0 never.
        """
        with self._lock:
            met: bytes = self._kernel.meets(self._numbers(names), list(least), _weights(1))
        return met

    def glance(self, names: list[list[str]], least: Sequence[int]) -> bytes:
        """For each name, its words as `split_plain` gives them, what a glance tells; NOTHING is certain."""
        out = []
        for at in range(0, len(names), _MANY):
            some = names[at : at + _MANY]
            with self._lock:
                self._forget_many()
                if met_first := set().union(*some).difference(self._by_shown):
                    self._learn_shown(met_first)
                out.append(self._kernel.glance(self._by_shown, some, list(least[at : at + _MANY]), _weights(1)))
        return b"".join(out)

    def _numbers(self, names: Sequence[Sequence[Token]]) -> list[list[int]]:
        self._forget_many()
        for name in names:
            self._learn(name)
        return [[self._by_text[_key(one)] for one in name] for name in names]

    def _forget_many(self) -> None:
        if len(self._by_text) + len(self._by_shown) > _MOST_KNOWN:
            self._kernel.forget()
            self._by_text.clear()
            self._by_shown.clear()

    def _learn_shown(self, shown: Iterable[str]) -> None:
        made = [(one, token(one)) for one in shown]
        self._learn(of for _, of in made)
        for one, of in made:
            role = role_of(of) | (Role.ODD if is_odd(one) else 0)
            self._by_shown[one] = self._kernel.part(
                self._by_text[_key(of)], word_code(one), role, zlib.crc32(of.text.encode())
            )

    def _learn(self, tokens: Iterable[Token]) -> None:
        """Give words that have none yet a number; how they sound is found for all at once."""
        new = {key: one for one in tokens if (key := _key(one)) not in self._by_text}
        if not new:
            return
        fathers = words().fathers
        sounds, bares = fold_all([one.text for one in new.values()])
        for (key, one), sound, bare in zip(new.items(), sounds, bares, strict=True):
            text, _, kind, bits, loss, seen, group, mode = one
            self._by_text[key] = self._kernel.word(
                text, sound, bare, bits, loss, kind, group, seen, text in fathers, mode
            )


def _key(one: Token) -> Any:
    return (one.text, int(one.mode)) if one.mode else one.text


def _weights(choices: int) -> tuple[int, ...]:
    known = weights()
    return (*(known[name] for name in _WEIGHTS), heard_at(choices), known["heard_rarity"])


def compiled(arrays: Mapping[str, Any]) -> Compiled | None:
    """The compiled search over these arrays; None where it was not built (the reference does it all, slower)."""
    try:
        from caveat.screening._kernel import Kernel
    except ImportError:
        return None
    try:
        return Compiled(Kernel(tuple(np.ascontiguousarray(arrays[name]) for name in _ARRAYS), _COSTS))
    except ValueError:  # compiled for another version of Caveat: as good as none
        return None
