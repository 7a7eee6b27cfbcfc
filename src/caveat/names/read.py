"""A name read: one or more readings, each a row of tokens, in its own script and in Latin letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from caveat.names import han, scripts
from caveat.names.bodies import body_readings, korean_body
from caveat.names.clean import has_initials, split
from caveat.names.compounds import may_be_part, take_apart
from caveat.names.tokens import Mode, Token, TokenKind, kind_of, token
from caveat.names.within import names_within
from caveat.names.words import read_yaml, words

#: Words whose reading depends on those beside them.
_READ_TOGETHER = frozenset({"no", "nr", "i"})
#: In how many ways the words of a company in Han signs are put into English.
_WAYS = 3
#: Words that leave a group what it is.
_WHOSE = (TokenKind.FORM, TokenKind.STOP, TokenKind.PLACE)
_WIDE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_UMLAUTS = frozenset("äöüÄÖÜ")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name.

    tokens   its words in order
    how      how they came about (`written`, `pinyin`, …); a `spelled` one is for names in Latin letters alone
    choices  how many ways there are to read it by its sound: of many, one meets a stranger's name sooner
    """

    tokens: tuple[Token, ...]
    how: str
    choices: int = 1

    @property
    def may_shorten(self) -> bool:
        """Whether it may be known by its first letters: nobody takes those of words said for Chinese signs."""
        return self.how not in ("pinyin", "pinyin besides", "translated") and not self.how.endswith("other")


def read_name(text: str) -> tuple[Reading, ...]:
    """The readings of a name, the one as written first; empty where nothing can be read.

    >>> [reading.how for reading in read_name("华为技术有限公司")]
    ['written', 'pinyin', 'translated']
    """
    return read_parts(split(text), text)


def read_parts(parts: list[str], text: str) -> tuple[Reading, ...]:
    """The readings of a name that was `split` before."""
    if has_initials(text):
        parts = _apart(parts, text)
    if not parts:
        return ()
    if "".join(parts).isascii():
        return _latin_readings(parts, text)
    return _foreign(tuple(parts))


def split_plain(texts: Iterable[str]) -> list[list[str]]:
    """The words of many names, none of one that its marks let be read in several ways.

    Each word is a token of the one reading, if none of them `is_odd`.
    """
    return [
        parts
        if (text.isascii() or _UMLAUTS.isdisjoint(text)) and not has_initials(text) and not names_within(text, parts)
        else []
        for text, parts in ((text, split(text)) for text in texts)
    ]


def is_odd(word: str) -> bool:
    """Whether a word, as `split` gives it, may be read otherwise by those beside it."""
    known = words()
    return (
        not word.isascii()
        or word in _READ_TOGETHER
        or word in known.phrase_words
        or word in known.long_names
        or may_be_part(word)
    )


def _latin_readings(parts: list[str], text: str) -> tuple[Reading, ...]:
    """As written; besides, Arabic compounds in their parts, ä, ö and ü as two letters, short forms left out."""
    written = Reading(_written(parts), "written")
    more = [
        ("compound", take_apart(parts)),
        ("brand", _branded(parts)),
        *(("within", some) for some in names_within(text, split(text))),
    ]
    if not text.isascii() and (wide := split(text.translate(_WIDE))) != parts:
        more.append(("umlaut", wide))
    out = [Reading(_written(some), how) for how, some in more if some]
    return (written, *(reading for reading in out if reading.tokens != written.tokens))


def _branded(parts: list[str]) -> list[str]:
    """The words of a name with another name of its group or brand; none where it has none.

    Of a group's long name that is its first letters, where the name is one of its institute's; of a Chinese brand by
    its sound it is the name that the lists print.

    >>> _branded("china electronics technology group corporation 52nd research institute".split())
    ['cetc', '52nd', 'research', 'institute']
    >>> _branded("hangzhou haikang weishi".split())
    ['hangzhou', 'hikvision']
    """
    known = words().long_names
    if known.keys().isdisjoint(parts):
        return []
    for place, part in enumerate(parts):
        for phrase, other, is_group in known.get(part, ()):
            if tuple(parts[place : place + len(phrase)]) == phrase:
                rest = parts[:place] + parts[place + len(phrase) :]
                if is_group and all(kind_of(words().same.get(word, word)) in _WHOSE for word in rest):
                    return []
                return [*parts[:place], *other, *parts[place + len(phrase) :]]
    return []


def _apart(parts: list[str], text: str) -> list[str]:
    """The words of a name; letters with dots are initials where the name has a distinctive word beside them."""
    apart = split(text, words().short)
    return apart if any(kind_of(words().same.get(part, part)) is TokenKind.WORD for part in apart) else parts


def _written(parts: list[str]) -> tuple[Token, ...]:
    if not words().phrase_words.isdisjoint(parts):
        parts = _phrased(parts)
    if "no" in parts or "nr" in parts:  # No. 38, and not a word of a name
        parts = [_numbered(part, parts[place + 1 : place + 2]) for place, part in enumerate(parts)]
    tokens = tuple(map(token, parts))
    if "i" not in parts:
        return tokens
    last = next((i for i in range(len(tokens) - 1, 0, -1) if tokens[i].kind is not TokenKind.FORM), 0)
    if last and tokens[last].shown == "i" and tokens[last - 1].kind in (TokenKind.GENERIC, TokenKind.FORM):
        first = token("1")._replace(shown="i")  # Trust I beside Trust II
        tokens = (*tokens[:last], first, *tokens[last + 1 :])
    return tokens


def _phrased(parts: list[str]) -> list[str]:
    """The words of a name, each phrase as its short form; one word of three, or of two long ones, may be misspelled."""
    out: list[str] = []
    place = 0
    known = words()
    while place < len(parts):
        some = {n for at, part in enumerate(parts[place : place + 8]) for n in known.phrases_with.get((at, part), ())}
        for phrase, short in (known.phrases[n] for n in sorted(some)):
            if _is_phrase(parts[place : place + len(phrase)], phrase):
                out += short
                place += len(phrase)
                break
        else:
            out.append(parts[place])
            place += 1
    return out or parts


def _is_phrase(some: list[str], phrase: tuple[str, ...]) -> bool:
    if len(some) != len(phrase):
        return False
    wrong = [place for place, word in enumerate(phrase) if word != some[place]]
    if not wrong:
        return True
    if len(wrong) == 2 and wrong[1] - wrong[0] == 1:  # the blank between them has moved: PUBLICJ OINT STOCK COMPANY
        return "".join(some[wrong[0] : wrong[1] + 1]) == "".join(phrase[wrong[0] : wrong[1] + 1])
    is_short = len(phrase) < 3 and min(map(len, phrase)) < 8
    if len(wrong) > 1 or is_short or (len(phrase[wrong[0]]) < 4 and len(phrase) < 4):
        return False
    from rapidfuzz.distance import OSA

    most = 2 if len(phrase[wrong[0]]) > 3 else 1
    return OSA.distance(some[wrong[0]], phrase[wrong[0]], score_cutoff=most) <= most


def _numbered(part: str, follows: list[str]) -> str:
    is_number = bool(follows) and (follows[0][:1].isdigit() or follows[0] in words().numbers)
    return "number" if part in ("no", "nr") and is_number else part


@lru_cache(maxsize=50_000)
def _foreign(parts: tuple[str, ...]) -> tuple[Reading, ...]:
    parts = tuple(han.simplify(part) for part in parts)
    organization = _is_organization(parts)
    own: list[Token] = []
    for part in parts:
        if organization and any(han.is_han(c) for c in part):
            own += [token(piece) for piece, _ in han.cut(part, inside=True, with_brands=False)]
        else:
            own.append(token(part))
    latin = _latin(parts)
    if latin and latin[0][0] == "written":  # a body's, by what it is told by
        own = latin.pop(0)[1]
    out = [Reading(tuple(own), "written")]
    for how, tokens in latin:
        reading = Reading(tuple(_shown(tokens)), how)
        if reading.tokens and all(reading.tokens != known.tokens for known in out):
            out.append(reading)
    heard = {tuple(t for t in reading.tokens if t.mode.is_heard) for reading in out} - {()}
    return tuple(replace(reading, choices=max(1, len(heard))) for reading in out)


def _shown(tokens: list[Token]) -> list[Token]:
    return [t for t in tokens if t.text]


def _is_organization(parts: tuple[str, ...]) -> bool:
    """Whether a Han name, perhaps cut by brackets, is a company or body."""
    signs = [part for part in parts if any(han.is_han(c) for c in part)]
    return any(han.is_organization(sign, is_part=len(signs) > 1) for sign in signs)


def _latin(parts: tuple[str, ...]) -> list[tuple[str, list[Token]]]:
    """The Latin readings of a name with words of other scripts."""
    joined = "".join(parts)
    if any("\u3040" <= c <= "\u30ff" for c in joined):
        return [("kana", [t for part in parts for t in _word(part)]), ("kana bare", _bare(parts))]
    if any(han.is_han(c) for c in joined):
        return _han_readings(parts)
    if any("\uac00" <= c <= "\ud7a3" for c in joined):
        body = korean_body(parts, _surnames())
        if body:
            return body
        plain = [
            (f"hangul {style} {pick}", [t for part in parts for t in _hangul(part, style, pick, len(parts) == 1)])
            for style in ("official", "northern", "english")
            for pick in range(3)
        ]
        is_korean = len(parts) == 1 and len(joined) == 3 and joined[0] in _surnames()
        return plain if is_korean else [*plain, ("hangul bare", _bare(parts))]
    body = body_readings(parts, _spelled)
    spelled = body or [("latin", [t for part in parts for t in _word(part)])]
    if not body and any("\u0600" <= c <= "\u077f" for c in joined):
        spelled = _arabic_readings(parts, spelled)
    if "х" in joined:  # Христов is Hristov in Bulgaria, Мұхаммед Muhammed
        with_h = body_readings(parts, _word_with_h) or [("english", [t for p in parts for t in _word_with_h(p)])]
        spelled += [("latin h", tokens) for how, tokens in with_h if how == "english"]
    if "ђ" in joined:  # Đorđević beside Djordjevic
        spelled.append(("latin plain", [t for part in parts for t in _word(part.replace("ђ", "д"))]))
    if any("\u0370" <= c <= "\u03ff" for c in joined):
        spoken = [
            token(scripts.greek(p, spoken=True), Mode.SOUNDED) if "\u0370" <= p[0] <= "\u03ff" else token(p)
            for p in parts
        ]
        spelled.append(("latin spoken", spoken))
    return spelled


def _han_readings(parts: tuple[str, ...]) -> list[tuple[str, list[Token]]]:
    """A company by its English words, by brand or by sound; a person in Mandarin, Cantonese or Japanese."""
    if _is_organization(parts):
        sounds = [t for part in parts for t in _han_words(part, 0, with_brands=False)]
        known = [[t for part in parts for t in _han_words(part, way)] for way in range(_WAYS)]
        other = [t for part in parts for t in _han_words(part, 0, sound=han.mandarin_besides)]
        return [("pinyin", sounds), *(("translated", some) for some in known), ("pinyin besides", other)]
    family, given = han.person(parts[0])
    pieces = [name for name in (family, given) if name] if len(parts) == 1 else list(parts)
    latin = [han.mandarin(p) if _all_han(p) else "".join(t.text for t in _word(p)) for p in pieces]
    exact = Mode.EXACT if len(parts) == 1 else Mode.WRITTEN  # in parts it may be a foreign name
    readings = [("pinyin", [_of_signs(sound, piece, exact) for sound, piece in zip(latin, pieces, strict=True)])]
    besides = [han.mandarin_besides(p) if _all_han(p) else sound for p, sound in zip(pieces, latin, strict=True)]
    readings.append(("pinyin besides", [token(sound, exact) for sound in besides]))
    if len(parts) == 1:
        readings += [("brand", [token(word) for word in way.split()]) for way in han.brand(parts[0])]
    if len(parts) > 1:  # a foreign name in Han signs, or family and given name apart
        readings.append(("pinyin bare", [token(sound.replace("ng", "n"), Mode.BARE) for sound in latin]))
    elif _all_han(parts[0]):
        readings.append(("wade-giles", [token(han.wade_giles(name), Mode.EXACT) for name in pieces]))
        cantonese = [han.cantonese(name) for name in pieces]
        if all(cantonese):
            readings.append(("cantonese", [token(sound) for sound in cantonese]))
    foreign = [han.foreign(piece) for piece in (pieces if len(parts) > 1 else parts)]
    if all(foreign) and (len(parts) > 1 or len(parts[0]) > 3):
        readings.append(("transcribed", [token(sound, Mode.SOUNDED) for sound in foreign]))
    japanese = han.japanese("".join(parts))
    if japanese:
        readings.append(("japanese", [token(name) for name in japanese]))
    return readings


def _bare(parts: tuple[str, ...]) -> list[Token]:
    """Consonants only: a foreign word written in syllables has vowels of its own."""
    out = []
    for part in parts:
        if any("\uac00" <= c <= "\ud7a3" for c in part):
            out.append(token(scripts.hangul(part, style="official"), Mode.BARE))
        else:
            out.append(_word(part)[0]._replace(mode=Mode.BARE))
    return out


def _han_words(
    part: str, way: int, *, with_brands: bool = True, sound: Callable[[str], str] = han.mandarin
) -> list[Token]:
    """A part of a company's name: trades, places and forms in English, said that way, the rest by its sound."""
    if not any(han.is_han(c) for c in part):
        return _word(part)
    out = []
    for piece, english in han.cut(part, inside=True, with_brands=with_brands):
        if english:
            out += [_of_signs(word, piece) for word in english[way if way < len(english) else 0].split()]
        else:
            latin = sound(piece) if _all_han(piece) else "".join(sound(c) if han.is_han(c) else c for c in piece)
            out += [_of_signs(word, piece, Mode.EXACT) for word in split(latin)]
    return out


def _of_signs(word: str, signs: str, mode: Mode = Mode.WRITTEN) -> Token:
    """A word that signs are put into, shown by them."""
    return token(word, mode)._replace(shown=signs)


def _all_han(text: str) -> bool:
    return all(han.is_han(c) for c in text)


@lru_cache(maxsize=1)
def _surnames() -> dict[str, list[str]]:
    return {name: forms.split() for name, forms in read_yaml("hangul.yaml")["surnames"].items()}


def _hangul(part: str, style: str, pick: int, is_alone: bool) -> list[Token]:
    """A part of a person's name, or of one that says not what it is."""
    if not any("\uac00" <= c <= "\ud7a3" for c in part):
        return _word(part)
    spelled = _surnames().get(part[0])
    family = spelled[min(pick, len(spelled) - 1)] if spelled else scripts.hangul(part[0], style=style)
    if is_alone and 1 < len(part) < 5:  # family name of one syllable
        return [token(family, Mode.SOUNDED), token(scripts.hangul(part[1:], style=style), Mode.SOUNDED)]
    return [token(family if len(part) == 1 else scripts.hangul(part, style=style), Mode.SOUNDED)]


@lru_cache(maxsize=1)
def _company_words() -> dict[str, list[str]]:
    """Words of companies in scripts without word lists of their own, with the English words."""
    data = read_yaml("company_words.yaml")["words"]
    return {" ".join(split(word)): english.split() for word, english in data.items()}


@lru_cache(maxsize=1)
def _arabic_names() -> dict[str, list[str]]:
    data = read_yaml("arabic_names.yaml")["names"]
    return {" ".join(split(word)): latin.split() for word, latin in data.items()}


def _arabic_readings(parts: tuple[str, ...], spelled: list[tuple[str, list[Token]]]) -> list[tuple[str, list[Token]]]:
    """`spelled` behind a reading in which common given names are spelled as usual; alone where all of them are."""
    found = [_arabic_names().get(part) or _arabic_names().get(part.removeprefix("ال")) for part in parts]
    if all(found):
        return [("latin names", [token(word, Mode.SOUNDED) for latin in found for word in latin or ()])]
    if not any(found):
        return spelled
    out: list[Token] = []
    for part, latin in zip(parts, found, strict=True):
        out += [token(word, Mode.SOUNDED) for word in latin] if latin else _word(part)
    return [("latin names", out), *spelled]


def _spelled(part: str) -> list[Token]:
    """A word of a name by its sound, a common given name as it is usually spelled."""
    known = _arabic_names().get(part)
    return [token(word, Mode.SOUNDED) for word in known] if known else _word(part)


def _word_with_h(part: str) -> list[Token]:
    return _word(part.replace("х", "һ"))


def _word(part: str) -> list[Token]:
    """One word of any script but Han and Hangul."""
    if part.isascii():
        return [token(part)]
    letter = next((c for c in part if not c.isascii()), "")
    english = _company_words().get(part)
    if english:
        return [token(word) for word in english]
    if "\u0400" <= letter <= "\u052f":
        return [token(scripts.cyrillic(part), Mode.SOUNDED)]
    if "\u0370" <= letter <= "\u03ff":
        return [token(scripts.greek(part), Mode.SOUNDED)]
    if "\u0600" <= letter <= "\u077f" or "\ufb50" <= letter <= "\ufdff" or "\ufe70" <= letter <= "\ufefc":
        *front, last = scripts.arabic(part)
        return [*(token(word) for word in front), token(last, Mode.BARE)]
    if "\u0590" <= letter <= "\u05ff":
        return [token(scripts.hebrew(part), Mode.BARE)]
    if "\u0e00" <= letter <= "\u0e7f":
        return [token(scripts.thai(part), Mode.BARE)]
    if "\u0900" <= letter <= "\u097f":
        return [token(scripts.devanagari(part), Mode.SOUNDED)]
    return [token(scripts.other(part), Mode.SOUNDED)]
