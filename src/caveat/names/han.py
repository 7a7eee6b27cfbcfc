"""Han names: cut into words, translated where a word is a trade, form or place, else read in Mandarin."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from caveat.names.words import read_yaml


def is_han(char: str) -> bool:
    """Whether a character is a Han sign."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff"


def simplify(text: str) -> str:
    """Traditional signs as simplified ones, the common ones of names and companies.

    >>> simplify("國際貿易")
    '国际贸易'
    """
    return text.translate(_simple())


@lru_cache(maxsize=1)
def _data() -> Any:
    return read_yaml("han.yaml")


@lru_cache(maxsize=1)
def _simple() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in _data()["traditional"].split()}


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, dict[str, tuple[str, ...]]]:
    """The words of each part of `han.yaml`, each with the ways it is put into English, the usual one first."""
    data = _data()
    return {
        part: {
            str(signs): tuple(way.strip() for way in str(english).split("/")) for signs, english in data[part].items()
        }
        for part in ("forms", "generic", "places", "brands")
    }


@lru_cache(maxsize=2)
def _table(with_brands: bool) -> tuple[dict[str, tuple[str, ...]], int]:
    """The words of all parts, and the length of the longest."""
    table = {k: v for part, some in _dictionary().items() if with_brands or part != "brands" for k, v in some.items()}
    return table, max(map(len, table))


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(_data()["surnames"].split())


#: 第五十四, 第54; without its sign before a body that is known by its number.
_NUMBER = re.compile(
    "第([〇零一二三四五六七八九十百]+|[0-9]+)|([0-9]+|[〇零一二三四五六七八九十百]{2,}(?=研究|所|厂|基地|部队|设计))"
)
_FIGURES = {sign: figure for figure, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


def _figure(signs: str) -> str:
    """A number as figures: 五十四 counted, 七七一 spelled."""
    if signs.isascii():
        return signs
    if not {"十", "百"} & set(signs):
        return "".join(str(_FIGURES[sign]) for sign in signs)
    total = last = 0
    for sign in signs:
        if sign in _FIGURES:
            last = _FIGURES[sign]
        else:
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
    return str(total + last)


#: What cutting costs: a sign nobody knows, a run of them, a known word of several signs, one of one sign.
_STRANGE, _RUN, _LONG, _SINGLE = 4, 1, 2, 0
_NEVER = 1_000_000


def cut(word: str, *, inside: bool = False, with_brands: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    """A run of Han signs as (piece, ways to say it in English) pairs, none for a piece that is not known.

    Few signs are left unknown, then few pieces made. A number is a piece of its figures.
    `inside`: the run is part of a company's name, so that words of one sign count too.
    """
    table, longest = _table(with_brands)
    single = inside or len(word) > 4
    numbers = {found.start(): found for found in _NUMBER.finditer(word)}
    # from each place to the end, what it costs to begin with a known piece (and how long that is), or a strange sign
    known = [(0, 0)] * (len(word) + 1)
    strange = [_NEVER] * (len(word) + 1)
    for place in range(len(word) - 1, -1, -1):
        strange[place] = _STRANGE + min(strange[place + 1], known[place + 1][0] + _RUN)
        ends = [
            (place + size, _LONG if size > 1 else _SINGLE)
            for size in range(1, min(longest, len(word) - place) + 1)
            if word[place : place + size] in table and (size > 1 or (place and single))
        ]
        ends += [(numbers[place].end(), _SINGLE)] if place in numbers else []
        costs = ((min(known[end][0], strange[end]) + cost, place - end) for end, cost in ends)
        known[place] = min(costs, default=(_NEVER, 0))  # of two that cost the same, the longer
    out: list[tuple[str, tuple[str, ...]]] = []
    place = 0
    while place < len(word):
        end = place
        while end < len(word) and strange[end] < known[end][0] + (_RUN if end > place else 0):
            end += 1
        if end > place:
            out.append((word[place:end], ()))
        else:
            end = place - known[place][1]
            piece = word[place:end]
            if piece not in table:
                piece = _figure(next(filter(None, numbers[place].groups())))
            out.append((piece, table.get(piece, (piece,))))
        place = end
    return out


def translated() -> list[tuple[str, str]]:
    """The words of companies and bodies that are no brands, each with its English words (none: it says nothing)."""
    return [(signs, ways[0]) for signs, ways in _table(False)[0].items()]


def brand(word: str) -> tuple[str, ...]:
    """The Latin names of a word that is a brand; none where it is not."""
    return _dictionary()["brands"].get(word, ())


def is_organization(word: str, *, is_part: bool = False) -> bool:
    """Whether a run of Han signs is a company or body: all of it is known, it holds a word of one, or is long.

    A long run that is a part of a name may be one of a foreign person's names.
    """
    if len(word) > 4 and not is_part:
        return True
    pieces = cut(word)
    trades = sum(piece in _dictionary()["generic"] or piece in _dictionary()["forms"] for piece, _ in pieces)
    is_known = all(ways for _, ways in pieces)
    return trades > 1 or (len(word) > 3 and (trades == 1 or is_known))


def person(word: str) -> tuple[str, str]:
    """Family and given name of a person of two to four signs."""
    size = 2 if len(word) > 2 and word[:2] in _surnames() else 1
    return word[:size], word[size:]


@lru_cache(maxsize=1)
def _people() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Cantonese sounds of signs, and the sounds of Japanese family and given names."""
    data = read_yaml("han_people.yaml")
    parts = ("cantonese", "japanese_surnames", "japanese_given")
    cantonese, family, given = (dict(map(_signs_and_sound, data[part].split())) for part in parts)
    return cantonese, family, given


def _signs_and_sound(word: str) -> tuple[str, str]:
    signs = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return simplify(signs), word[len(signs) :]


def cantonese(word: str) -> str:
    """The Cantonese sound of a name as Hong Kong spells it; empty where a sign is not known.

    >>> cantonese("陈国强")
    'chankwokkeung'
    """
    sounds = [_people()[0].get(char, "") for char in word]
    return "".join(sounds) if all(sounds) else ""


def japanese(word: str) -> tuple[str, str] | None:
    """Family and given name of a Japanese person, in Latin letters; None where the name is not known.

    >>> japanese("安倍晋三")
    ('abe', 'shinzo')
    """
    _, families, givens = _people()
    for size in (3, 2, 1):
        family, given = families.get(word[:size]), givens.get(word[size:])
        if family and given:
            return family, given
    return None


#: Finals that Wade and Giles write otherwise, longest first; then the first letters.
_GILES_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "yi": "i",
    "er": "erh", "yan": "yen", "ye": "yeh", "you": "yu", "yong": "yung", "ge": "ko", "ke": "ko", "he": "ho",
    "gui": "kuei", "kui": "kuei", "e": "o",
}  # fmt: skip
_GILES_FINAL = (("ong", "ung"), ("ian", "ien"), ("ie", "ieh"), ("ue", "ueh"))
_GILES_FIRST = (("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("z", "ts"), ("c", "ts"), ("b", "p"), ("d", "t"), ("g", "k"),
                ("j", "ch"), ("q", "ch"), ("x", "hs"), ("r", "j"))  # fmt: skip


@lru_cache(maxsize=2_000)
def giles(syllable: str) -> str:
    """A pinyin syllable as Wade and Giles spell it, without their apostrophes.

    >>> giles("zhou"), giles("xie"), giles("guo"), giles("luo")
    ('chou', 'hsieh', 'kuo', 'lo')
    """
    if syllable in _GILES_WHOLE:
        return _GILES_WHOLE[syllable]
    for final, other in _GILES_FINAL:
        if syllable.endswith(final):
            syllable = syllable[: -len(final)] + other
            break
    if syllable.endswith("uo") and syllable[0] not in "gkh":
        syllable = syllable[:-2] + "o"
    for first, other in _GILES_FIRST:
        if syllable.startswith(first):
            return other + syllable[len(first) :]
    return syllable


def wade_giles(word: str) -> str:
    """The Mandarin sound of Han signs as Wade and Giles spell it.

    >>> wade_giles("周恩来")
    'chouenlai'
    """
    return "".join(giles(syllable) for syllable in _syllables(word))


def _syllables(word: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [s.replace("lv", "lu").replace("nv", "nu").replace("ü", "u") for s in lazy_pinyin(word)]


@lru_cache(maxsize=50_000)
def mandarin(word: str) -> str:
    """The Mandarin sound of Han signs, without tones.

    >>> mandarin("华为")
    'huawei'
    """
    return "".join(_syllables(word))


def mandarin_besides(word: str) -> str:
    """The Mandarin sound of Han signs with the second sound of those that have two; the usual one where none has.

    >>> mandarin("长征"), mandarin_besides("长征")
    ('changzheng', 'zhangzheng')
    """
    sounds = _syllables(word)
    if len(sounds) != len(word):
        return "".join(sounds)
    for place, sign in enumerate(word):
        if two := _two_sounds().get(sign):
            sounds[place] = two[1] if sounds[place] == two[0] else two[0]
    return "".join(sounds)


@lru_cache(maxsize=1)
def _two_sounds() -> dict[str, list[str]]:
    return {sign: two.split() for sign, two in _data()["two_sounds"].items()}


@lru_cache(maxsize=1)
def _foreign_signs() -> dict[str, str]:
    signs = read_yaml("han_foreign.yaml")["signs"]
    return {sign: sound for sound, some in signs.items() for sign in some}


def foreign(word: str) -> str:
    """A foreign name by the sounds its signs stand for; empty where more than a third of them stand for none.

    >>> foreign("弗拉基米尔"), foreign("习近平")
    ('flakimir', '')
    """
    table = _foreign_signs()
    if 3 * sum(sign not in table for sign in word) > len(word):
        return ""
    return "".join(table.get(sign) or mandarin(sign) for sign in word)
