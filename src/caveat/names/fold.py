"""How a word sounds, roughly: a folded spelling that the usual romanizations of one word share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

#: Letters that stand for one sound, in this order.
_STEPS = tuple(
    (spelled, put)
    for put, spellings in (
        ("c", "tsch shch tch sch ch tj cz cs"),
        ("s", "sh sz sj"),
        ("j", "dzh zh dj"),
        ("k", "kh gh ck"),
        ("f", "ph"),
        ("t", "th"),
        ("d", "dh"),
        ("s", "ts tz"),
        ("ks", "x"),
        ("se", "ce"),
        ("si", "ci"),
        ("sy", "cy"),
        ("", "h"),
    )
    for spelled in spellings.split()
)
_ALIKE = str.maketrans("eiouyqwz", "aaaaakvs")
_HARD = str.maketrans({"g": "k", "d": "t", "b": "p", "v": "p", "f": "p", "j": "s", "c": "s", "r": "l"})


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The folded spelling of a Latin word: vowels alike, `h` and doubles out, sounds of one kind alike.

    >>> fold("Mohammed".lower()) == fold("muhamad"), fold("kadafi") == fold("qadhdhafi")
    (True, False)
    """
    return _folded(word) or "a" if word.isascii() and word.isalpha() else word


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word, soft and hard alike: what survives a script that writes no vowels.

    >>> skeleton("mohammed"), skeleton("muhamet")
    ('mmt', 'mmt')
    """
    return _bared([fold(word)])[0]


def run_skeleton(skeletons: Iterable[str]) -> str:
    """The skeleton of words written together.

    >>> run_skeleton(["mt", "tn"]), run_skeleton(["s", "a"])
    ('mtn', 's')
    """
    out = ""
    for bare in skeletons:
        first = bare[:1]
        if bare != "a":  # else a word of vowels
            out += bare[1:] if out[-1:] == first and "a" <= first <= "z" else bare
    return out or "a"


def fold_all(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The folded spellings and the skeletons of many words at once, each as `fold` and `skeleton` give it."""
    latin = [word.isascii() and word.isalpha() for word in words]
    folded = iter(_folded("\n".join(word for word, fits in zip(words, latin, strict=True) if fits)).split("\n"))
    sounds = [next(folded) or "a" if fits else word for word, fits in zip(words, latin, strict=True)]
    return sounds, _bared(sounds)


def _folded(lines: str) -> str:
    """Words folded, one a line: no step reaches across the end of a line."""
    for spelled, put in _STEPS:
        lines = lines.replace(spelled, put)
    lines = lines.translate(_ALIKE)
    return _single(lines)


def _single(lines: str) -> str:
    """Letters that stand twice, once."""
    for letter in "abcdfgjklmnprstv":
        while letter * 2 in lines:
            lines = lines.replace(letter * 2, letter)
    return lines


def _bared(sounds: Sequence[str]) -> list[str]:
    latin = "\n".join(sound if sound.isascii() and sound.isalpha() else "" for sound in sounds)
    bare = _single(latin.replace("a", "").translate(_HARD)).split("\n") if sounds else []
    return [
        short or (sound[:1] if sound.isascii() and sound.isalpha() else sound)
        for sound, short in zip(sounds, bare, strict=True)
    ]
