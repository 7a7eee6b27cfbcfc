"""The words of a name with what each is: a distinctive word, a legal form, a place, a number …"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from caveat.names import han
from caveat.names.fold import fold, skeleton
from caveat.names.rarity import heard, unseen
from caveat.names.rarity import known as known_bits
from caveat.names.words import words


class TokenKind(IntEnum):
    """What a word is in a name. The number is stored in indexes: append, never renumber."""

    WORD = 0
    INITIAL = 1
    PARTICLE = 2
    TITLE = 3
    FORM = 4
    PLACE = 5
    GENERIC = 6
    NUMBER = 7
    STOP = 8


class Mode(IntEnum):
    """How a spelling came about, and so how freely it may differ. Stored in indexes.

    As written; by its sound, or its consonants alone, across scripts; from signs that have one spelling and no slips.
    """

    WRITTEN = 0
    SOUNDED = 1
    BARE = 2
    EXACT = 4

    @property
    def is_heard(self) -> bool:
        """Whether a word has many spellings, and this is one."""
        return self is Mode.SOUNDED or self is Mode.BARE


class Token(NamedTuple):
    """One word of a name.

    text    the word as compared (lower case, numbers as figures)
    shown   the word as the reader knows it
    bits    its rarity in hundredths of a bit, light kinds capped
    loss    what a missing or extra word of its kind costs, hundredths of a bit
    seen    whether it is known from name registers or lists: a known word is seldom a slip for another
    group   number of the words that stand for one another (a synonym, a nickname), 0 for none
    """

    text: str
    shown: str
    kind: TokenKind
    bits: int
    loss: int
    seen: bool
    group: int
    mode: Mode

    def __hash__(self) -> int:  # tokens are looked up at every turn; few share their text
        return hash(self.text)

    @property
    def fold(self) -> str:
        """How it sounds, roughly."""
        return fold(self.text)

    @property
    def skeleton(self) -> str:
        """Its consonants."""
        return skeleton(self.text)


#: Most bits and the loss of each light kind, hundredths of a bit.
_CAP = {
    TokenKind.INITIAL: 300,
    TokenKind.PARTICLE: 150,
    TokenKind.TITLE: 40,
    TokenKind.FORM: 80,
    TokenKind.PLACE: 500,
    TokenKind.GENERIC: 450,
    TokenKind.NUMBER: 800,
    TokenKind.STOP: 40,
}
_LOSS = {
    TokenKind.INITIAL: 150,
    TokenKind.PARTICLE: 30,
    TokenKind.TITLE: 10,
    TokenKind.FORM: 15,
    TokenKind.PLACE: 180,
    TokenKind.GENERIC: 130,
    TokenKind.NUMBER: 250,
    TokenKind.STOP: 10,
}


#: A patronymic is left out as often as not; how its spellings end.
_PATRONYMIC = 150
_FATHERS = ("ovich", "evich", "avich", "ovych", "ovitch", "evitch", "ovna", "evna", "yivna")


def kind_of(word: str) -> TokenKind:
    """The kind of one word, after `same`."""
    known = (_kinds() if word.isascii() else _kinds_of_signs()).get(word)
    if known is not None:
        return known
    if word.isdigit():
        return TokenKind.NUMBER
    return TokenKind.INITIAL if len(word) == 1 and word.isascii() else TokenKind.WORD


@lru_cache(maxsize=1)
def _kinds() -> dict[str, TokenKind]:
    """The kind of each word of the lists; of a word on several, the last here counts."""
    known = words()
    lists = (
        (TokenKind.GENERIC, known.generic),
        (TokenKind.PLACE, known.places),
        (TokenKind.TITLE, known.titles),
        (TokenKind.PARTICLE, known.particles),
        (TokenKind.STOP, known.stop),
        (TokenKind.FORM, known.forms),
        (TokenKind.NUMBER, known.numbers),
    )
    return {word: kind for kind, listed in lists for word in listed}


@lru_cache(maxsize=1)
def _kinds_of_signs() -> dict[str, TokenKind]:
    """The kind of words in Han signs: the weightiest of the words each stands for."""
    out: dict[str, TokenKind] = {}
    known, same = _kinds(), words().same
    for signs, english in han.translated():
        kinds = {TokenKind.NUMBER if w.isdigit() else known.get(same.get(w, w)) for w in english.split()}
        if None not in kinds:
            out[signs] = max((kind for kind in kinds if kind), key=_CAP.__getitem__, default=TokenKind.STOP)
    return out


@lru_cache(maxsize=200_000)
def token(shown: str, mode: Mode = Mode.WRITTEN) -> Token:
    """The token of one word as `split` gives it."""
    known = words()
    text = known.romans.get(shown) or shown
    if text[:1].isdigit():
        text = _figure(text)
    elif text.endswith("eksport") and len(text) > 7:  # Russian trading houses write themselves either way
        text = text[:-7] + "export"
    head = known.same.get(text, text)
    kind = kind_of(head)
    rare = known_bits(head)
    if kind is TokenKind.WORD:
        seen = (rare if head == text else known_bits(text)) > 0
        rare = rare or unseen(head)
        if mode.is_heard:
            rare = min(rare, heard(len(text), len(skeleton(text))))
        loss = _PATRONYMIC if text.endswith(_FATHERS) and len(text) > 6 else (300 if seen else 200) + rare // 8
    else:
        seen = True
        rare = _CAP[kind] if kind is TokenKind.NUMBER else min(rare or unseen(head), _CAP[kind])
        loss = _LOSS[kind]
    return Token(
        text=text,
        shown=shown,
        kind=kind,
        bits=rare,
        loss=loss,
        seen=seen,
        group=known.groups.get(text, 0),
        mode=mode,
    )


def _figure(word: str) -> str:
    """`1st` and `038` as `1` and `38`."""
    for ending in ("st", "nd", "rd", "th"):
        if word.endswith(ending) and word[:-2].isdigit():
            word = word[:-2]
    return word.lstrip("0") or "0" if word.isdigit() else word
