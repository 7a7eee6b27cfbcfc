"""A name read: one or more readings, each a row of tokens, in its own script and in Latin letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from caveat.names import han, scripts
from caveat.names.clean import split
from caveat.names.tokens import Mode, Token, TokenKind, token
from caveat.names.words import read_yaml


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: its tokens in order, and how they came about (`written`, `pinyin`, …)."""

    tokens: tuple[Token, ...]
    how: str


def read_name(text: str) -> tuple[Reading, ...]:
    """The readings of a name, the one as written first; empty where nothing can be read.

    >>> [reading.how for reading in read_name("华为技术有限公司")]
    ['written', 'pinyin']
    """
    parts = split(text)
    if not parts:
        return ()
    if all(part.isascii() for part in parts):
        return (Reading(_written(parts), "written"),)
    return _foreign(tuple(parts))


def _written(parts: list[str]) -> tuple[Token, ...]:
    tokens = tuple(token(part) for part in parts)
    last = next((i for i in range(len(tokens) - 1, 0, -1) if tokens[i].kind is not TokenKind.FORM), 0)
    if last and tokens[last].shown == "i" and tokens[last - 1].kind in (TokenKind.GENERIC, TokenKind.FORM):
        first = replace(token("1"), shown="i")  # Trust I beside Trust II
        tokens = (*tokens[:last], first, *tokens[last + 1 :])
    return tokens


@lru_cache(maxsize=50_000)
def _foreign(parts: tuple[str, ...]) -> tuple[Reading, ...]:
    parts = tuple(han.simplify(part) for part in parts)
    organization = _is_organization(parts)
    own: list[Token] = []
    for part in parts:
        if organization and any(han.is_han(c) for c in part):
            own += [token(piece) for piece, _ in han.cut(part, inside=True)]
        else:
            own.append(token(part))
    out = [Reading(tuple(own), "written")]
    for how, tokens in _latin(parts):
        reading = Reading(tuple(_shown(tokens)), how)
        if tokens and all(reading.tokens != known.tokens for known in out):
            out.append(reading)
    return tuple(out)


def _shown(tokens: list[Token]) -> list[Token]:
    return [t for t in tokens if t.text]


def _is_organization(parts: tuple[str, ...]) -> bool:
    """Whether a Han name, perhaps cut by brackets, is a company or body."""
    signs = [part for part in parts if any(han.is_han(c) for c in part)]
    return bool(signs) and (any(map(han.is_organization, signs)) if len(signs) > 1 else han.is_organization(signs[0]))


def _latin(parts: tuple[str, ...]) -> list[tuple[str, list[Token]]]:
    """The Latin readings of a name with words of other scripts."""
    joined = "".join(parts)
    if any("\u3040" <= c <= "\u30ff" for c in joined):
        return [("kana", [t for part in parts for t in _word(part)]), ("kana bare", _bare(parts))]
    if any(han.is_han(c) for c in joined):
        if _is_organization(parts):
            return [("pinyin", [t for part in parts for t in _han_words(part)])]
        if len(parts) > 1:  # a foreign name in Han signs, or family and given name apart
            sounds = [han.mandarin(p) if _all_han(p) else "".join(t.text for t in _word(p)) for p in parts]
            bare = [token(sound.replace("ng", "n"), Mode.BARE) for sound in sounds]
            return [("pinyin", [token(sound, Mode.SOUNDED) for sound in sounds]), ("pinyin bare", bare)]
        family, given = han.person(parts[0])
        return [("pinyin", [token(han.mandarin(name), Mode.SOUNDED) for name in (family, given) if name])]
    if any("\uac00" <= c <= "\ud7a3" for c in joined):
        plain = [
            (f"hangul {style} {pick}", [t for part in parts for t in _hangul(part, bool(style), pick, len(parts) == 1)])
            for style in (0, 1)
            for pick in (0, 1)
        ]
        return [*plain, ("hangul bare", _bare(parts))]
    return [("latin", [t for part in parts for t in _word(part)])]


def _bare(parts: tuple[str, ...]) -> list[Token]:
    """Consonants only: a foreign word written in syllables has vowels of its own."""
    out = []
    for part in parts:
        if any("\uac00" <= c <= "\ud7a3" for c in part):
            out.append(token(scripts.hangul(part, voiceless=False), Mode.BARE))
        else:
            out.append(replace(_word(part)[0], mode=Mode.BARE))
    return out


def _han_words(part: str) -> list[Token]:
    """A part of a company's name: trades, places and forms in English, the rest by its sound."""
    if not any(han.is_han(c) for c in part):
        return _word(part)
    out = []
    for piece, english in han.cut(part, inside=True):
        if english is not None:
            out += [token(word) for word in english.split()]
        else:
            sound = "".join(han.mandarin(c) if han.is_han(c) else c for c in piece)
            latin = han.mandarin(piece) if _all_han(piece) else sound
            out += [token(word, Mode.SOUNDED) for word in split(latin)]
    return out


def _all_han(text: str) -> bool:
    return all(han.is_han(c) for c in text)


@lru_cache(maxsize=1)
def _korean() -> tuple[dict[str, str], dict[str, list[str]]]:
    data = read_yaml("hangul.yaml")
    return dict(data["words"]), {name: forms.split() for name, forms in data["surnames"].items()}


def _hangul(part: str, voiceless: bool, pick: int, is_alone: bool) -> list[Token]:
    words, surnames = _korean()
    if not any("\uac00" <= c <= "\ud7a3" for c in part):
        return _word(part)
    out: list[Token] = []
    rest = ""
    place = 0
    longest = max(map(len, words))
    while place < len(part):
        for size in range(min(longest, len(part) - place), 1, -1):
            english = words.get(part[place : place + size])
            if english:
                out += [token(scripts.hangul(rest, voiceless=voiceless), Mode.SOUNDED)] if rest else []
                out += [token(word) for word in english.split()]
                rest = ""
                place += size
                break
        else:
            rest += part[place]
            place += 1
    if rest and not out and 1 < len(rest) < 5:  # a person: family name of one syllable
        spelled = surnames.get(rest[0])
        family = spelled[min(pick, len(spelled) - 1)] if spelled else scripts.hangul(rest[0], voiceless=voiceless)
        given = scripts.hangul(rest[1:], voiceless=voiceless)
        if is_alone:
            return [token(family, Mode.SOUNDED), token(given, Mode.SOUNDED)]
    if rest == part and len(rest) == 1 and rest in surnames:
        spelled = surnames[rest]
        return [token(spelled[min(pick, len(spelled) - 1)], Mode.SOUNDED)]
    if rest:
        out.append(token(scripts.hangul(rest, voiceless=voiceless), Mode.SOUNDED))
    return out


@lru_cache(maxsize=1)
def _russian() -> dict[str, str]:
    return dict(read_yaml("cyrillic.yaml")["words"])


@lru_cache(maxsize=1)
def _company_words() -> dict[str, str]:
    return {part: english for word, english in read_yaml("company_words.yaml")["words"].items() for part in split(word)}


def _word(part: str) -> list[Token]:
    """One word of any script but Han and Hangul."""
    if part.isascii():
        return [token(part)]
    letter = next((c for c in part if not c.isascii()), "")
    if "\u0400" <= letter <= "\u052f":
        latin = scripts.cyrillic(part)
        english = _russian().get(latin)
        return [token(english)] if english else [token(latin, Mode.SOUNDED)]
    if "\u0370" <= letter <= "\u03ff":
        return [token(scripts.greek(part), Mode.SOUNDED)]
    if "\u0600" <= letter <= "\u077f" or "\ufb50" <= letter <= "\ufdff" or "\ufe70" <= letter <= "\ufefc":
        english = _company_words().get(part)
        if english:
            return [token(english)]
        *front, last = scripts.arabic(part)
        return [*(token(word) for word in front), token(last, Mode.BARE)]
    if "\u0590" <= letter <= "\u05ff":
        return [token(scripts.hebrew(part), Mode.BARE)]
    if "\u0e00" <= letter <= "\u0e7f":
        english = _company_words().get(part)
        return [token(english) if english else token(scripts.thai(part), Mode.BARE)]
    if "\u0900" <= letter <= "\u097f":
        return [token(scripts.devanagari(part), Mode.SOUNDED)]
    return [token(scripts.other(part), Mode.SOUNDED)]
