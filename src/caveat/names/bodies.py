"""Companies and bodies in Cyrillic, Arabic letters and Hangul: their words in English, the rest by its sound.

A name is cut into pieces, each with the English it stands for (`words/cyrillic.yaml`, `arabic.yaml`, `hangul.yaml`)
or none. A list may print any word in English or spell it: so a name has a reading in English, one in which words
that are names as well and abbreviations are spelled, and one in which all but the legal form is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from caveat.names import scripts
from caveat.names.clean import split
from caveat.names.tokens import Mode, Token, token
from caveat.names.words import read_yaml

Spell = Callable[[str], list[Token]]
Readings = list[tuple[str, list[Token]]]


class Piece(NamedTuple):
    """Words of a name that stand for one thing.

    native   the words as they are written
    english  the words they stand for; None where they are a name, empty where they say nothing
    sort     `form`, `short`, `small`, `word`, `place`, `either` (of these, a person's as well), `brand`, `name`
    is_sure  whether no person is called so
    """

    native: tuple[str, ...]
    english: tuple[str, ...] | None
    sort: str
    is_sure: bool = False


class _Entry(NamedTuple):
    stems: tuple[str, ...]
    english: tuple[str, ...]
    sort: str


@dataclass(frozen=True)
class _Lexicon:
    """What is known of the words of a script.

    entries   by their first stem, those of most words first
    fronts    of words of two parts, with their English; so `backs`
    names     words in their usual Latin spelling
    endings   of the forms of a word; `family` those that make a family name of it
    """

    entries: dict[str, list[_Entry]]
    fronts: dict[str, str]
    backs: dict[str, str]
    names: dict[str, str]
    endings: frozenset[str]
    family: frozenset[str]
    after: frozenset[str]


_CYRILLIC, _ARABIC = re.compile("[\u0400-\u052f]"), re.compile("[\u0600-\u077f]")
#: The readings, each with the sorts of words that are spelled in it.
_WAYS = (
    ("english", ("brand",)),
    ("english short", ("brand", "short")),
    ("english brand", ()),
    ("spelled", ("brand", "short", "word", "place", "either")),
)
_SORTS = {"forms": "form", "shorts": "short", "small": "small", "words": "word", "places": "place",
          "either": "either", "brands": "brand"}  # fmt: skip
_ARABIC_FRONTS = ("", "ال", "وال", "لل", "بال", "و", "ل", "ب", "ولل")
_ARABIC_ENDINGS = ("", "ه", "های", "ها", "ی", "یی", "ای", "هی", "ات", "یه")
_ARABIC_LETTERS = str.maketrans("يىكةہھۀے", "ییکههههی")
_TOWN = re.compile("^(.{3,}[сц]ь?к)(?:ий|ая|ое|ие|ого|ой|их)$")
_VOWELS = frozenset("аеиоуыэюяіє")
#: The forms of an adjective in -ский that are no family name.
_NEVER_FAMILY = ("ое", "ее", "ие", "их", "іх", "ими")


@lru_cache(maxsize=3)
def _lexicon(name: str) -> _Lexicon:
    data = read_yaml(f"{name}.yaml")
    entries: dict[str, list[_Entry]] = {}
    for section, sort in _SORTS.items():
        for english, native in data.get(section, {}).items():
            for phrase in native.split():
                stems = tuple(_plain(word) for word in phrase.split("_") if word)
                entries.setdefault(stems[0], []).append(_Entry(stems, tuple(str(english).split()), sort))
    for some in entries.values():
        some.sort(key=lambda entry: -len(entry.stems))
    return _Lexicon(
        entries, _by_word(data.get("fronts", {})), _by_word(data.get("backs", {})),
        {_plain(word): latin for word, latin in data.get("names", {}).items()},
        *(frozenset(data.get(which, "").split()) for which in ("endings", "family_endings", "named_after")),
    )  # fmt: skip


def _by_word(data: dict[str, str]) -> dict[str, str]:
    return {_plain(word): english for english, native in data.items() for word in native.split()}


def _plain(word: str) -> str:
    """A word as `split` gives it, Arabic and Persian forms of a letter alike."""
    return "".join(split(word)).translate(_ARABIC_LETTERS)


def body_readings(parts: tuple[str, ...], spell: Spell) -> Readings:
    """The readings of a company or body in Cyrillic or Arabic letters; none where it may be a person."""
    joined = "".join(parts)
    name = "cyrillic" if _CYRILLIC.search(joined) else "arabic" if _ARABIC.search(joined) else None
    if name is None:
        return []
    pieces = _cut(parts, name)
    if not any(piece.is_sure for piece in pieces):
        return []
    if name == "arabic":
        pieces = _turned(pieces)
    out: Readings = []
    _add(out, "written", list(_written(pieces)))
    for how, spelled in _WAYS:
        _add(out, how, list(_read(pieces, spelled, spell)))
    _add(out, "english other", list(_read([_other(piece) for piece in pieces], ("brand",), spell)))
    return out


def _add(out: Readings, how: str, tokens: list[Token]) -> None:
    """Put a reading behind the others if it is another."""
    if tokens and all(tokens != known for _, known in out):
        out.append((how, tokens))


@lru_cache(maxsize=1)
def _renderings() -> dict[tuple[str, ...], tuple[str, ...]]:
    data = read_yaml("renderings.yaml")["words"]
    return {tuple(english.split()): tuple(other.split()) for english, other in data.items()}


def _other(piece: Piece) -> Piece:
    """The piece with the other English word a list may print for it."""
    other = _renderings().get(piece.english or ())
    return piece._replace(english=other) if other and piece.sort in ("word", "short", "head", "end") else piece


def _written(pieces: list[Piece]) -> Iterator[Token]:
    """The name in its own script; what two names of one trade share is in English, and so weighs as little."""
    for piece in pieces:
        own = piece.english is None or piece.sort == "brand"
        yield from (token(word) for word in (piece.native if own else piece.english or ()))


def _turned(pieces: list[Piece]) -> list[Piece]:
    """The pieces in the order of English: what an Arabic or Persian word is told by stands behind it."""
    if pieces[-1].sort == "form" != pieces[0].sort:  # in English order already
        return pieces
    units: list[list[Piece]] = []
    for piece in pieces:
        is_more = bool(units) and (
            (piece.sort == units[-1][-1].sort == "name") or "small" in (piece.sort, units[-1][-1].sort)
        )
        if is_more:
            units[-1].append(piece)
        else:
            units.append([piece])
    return [piece for unit in reversed(units) for piece in unit]


def _cut(parts: tuple[str, ...], name: str) -> list[Piece]:
    """The pieces of a name, the longest phrases first."""
    out: list[Piece] = []
    place = 0
    stems = [_stems(part, name) for part in parts]
    while place < len(parts):
        if name == "cyrillic" and len(parts[place]) == 1:
            piece = _letter(parts, place)
        else:
            piece = _piece(parts, stems, place, _lexicon(name))
        if piece.native == ("по",) and (place == 0 or out[-1].sort == "form"):  # ПО «Стрела», not a word of the grammar
            piece = Piece(piece.native, ("production", "association"), "short", True)
        out.append(piece)
        place += len(piece.native)
    return out


def _letter(parts: tuple[str, ...], place: int) -> Piece:
    """A letter by itself: a word of the grammar, or an initial beside another or behind `named after`."""
    lexicon = _lexicon("cyrillic")
    beside = parts[max(0, place - 1) : place] + parts[place + 1 : place + 2]
    is_initial = any(len(part) == 1 for part in beside) or (place > 0 and parts[place - 1] in lexicon.after)
    known = () if is_initial else lexicon.entries.get(parts[place], ())
    return Piece((parts[place],), known[0].english if known else None, "small" if known else "name")


def _piece(parts: tuple[str, ...], stems: list[list[tuple[str, bool]]], place: int, known: _Lexicon) -> Piece:
    """The longest phrase that begins at a place; of single words the longest stem."""
    best: Piece | None = None
    for stem, is_sure in stems[place]:
        for entry in known.entries.get(stem, ()):
            size = len(entry.stems)
            if best is not None and size <= len(best.native):
                break
            follow = stems[place + 1 : place + size]
            if len(follow) < size - 1 or not all(map(_has, follow, entry.stems[1:])):
                continue
            # an abbreviation has no endings
            is_short = size == 1 and (entry.sort == "short" or (entry.sort == "form" and len(stem) < 5))
            if is_short and known.endings and stem != parts[place]:
                continue
            sure = size > 1 or entry.sort == "form" or (is_sure and entry.sort == "word")
            sure = sure or (entry.sort == "short" and (len(stem) > 3 or _VOWELS.isdisjoint(stem)))
            best = Piece(parts[place : place + size], entry.english, entry.sort, sure)
    return best or _of_two(parts[place], known) or Piece((parts[place],), None, "name")


def _has(stems: list[tuple[str, bool]], wanted: str) -> bool:
    return any(stem == wanted for stem, _ in stems)


def _of_two(word: str, known: _Lexicon) -> Piece | None:
    """An adjective of two parts: shipbuilding, electromechanical."""
    for size in range(min(8, len(word) - 4), 2, -1):
        front = known.fronts.get(word[:size])
        if front is None:
            continue
        for stem, _ in _stems(word[size:], "cyrillic"):
            if back := known.backs.get(stem):
                return Piece((word,), (*front.split(), *back.split()), "word", True)
    return None


@lru_cache(maxsize=50_000)
def _stems(word: str, name: str) -> list[tuple[str, bool]]:
    """What a word may be a form of, the longest first, each with whether no family name is formed so."""
    if name == "cyrillic":
        known = _lexicon(name)
        out = [(word, True)]
        for size in range(len(word) - 1, 1, -1):
            stem, ending = word[:size], word[size:]
            if ending in known.endings:
                is_town = stem.endswith(("ск", "цк", "ськ", "цьк"))
                out.append((stem, ending not in known.family and (not is_town or ending in _NEVER_FAMILY)))
        return out
    word = word.translate(_ARABIC_LETTERS)
    found = [(word, not (word.startswith("ال") and word.endswith("ی")))]
    for front in _ARABIC_FRONTS:
        if not word.startswith(front) or len(word) < len(front) + 3:
            continue
        for ending in _ARABIC_ENDINGS:
            stem = word[len(front) : len(word) - len(ending)]
            if word.endswith(ending) and len(stem) > 2 and (len(front) != 1 or len(stem) > 3):
                found.append((stem, not (front == "ال" and word.endswith("ی"))))  # al-Bahri may be a family
    return found


def _read(pieces: list[Piece], spelled: tuple[str, ...], spell: Spell) -> Iterator[Token]:
    after = _lexicon("cyrillic").after
    is_named_after = False
    for piece in pieces:
        if piece.sort != "name" and not (piece.sort == "small" and piece.english == ()):
            is_named_after = False
        elif piece.native[0] in after:
            is_named_after = True
        if piece.english is not None and piece.sort not in spelled:
            yield from (token(word) for word in piece.english)
            continue
        form = _nominative if is_named_after else _town if piece.sort == "name" and "word" not in spelled else str
        tokens = [t for word in piece.native for t in _spelled(form(word), spell) if t.text]
        if len(tokens) == len(piece.english or ()) == 1 and tokens[0].group:
            alike = token("".join(piece.english or ()))
            tokens = [alike] if alike.group == tokens[0].group else tokens  # zavod, as it is spelled, is a plant
        yield from tokens


def _town(word: str) -> str:
    """The adjective of a town without its ending: Зеленодольский of Zelenodolsk."""
    return _TOWN.sub(r"\1", word)


def _spelled(word: str, spell: Spell) -> list[Token]:
    if "\u0600" <= word[0] <= "\u077f":
        latin = _lexicon("arabic").names.get(word.translate(_ARABIC_LETTERS))
        if latin:
            return [token(part, Mode.SOUNDED) for part in latin.split()]
    return spell(word)


def _nominative(word: str) -> str:
    """A family name in the genitive, as `named after` asks for, in the nominative."""
    if word.endswith(("ского", "цкого")):
        return word[:-3] + "ий"
    if word.endswith(("ського", "цького")):
        return word[:-3] + "ий"
    if word.endswith("ого") and len(word) > 5:
        return word[:-3] + "ой"
    if word.endswith(("овой", "евой", "иной")):
        return word[:-2] + "а"
    if word.endswith("а") and len(word) > 3 and word[-2] not in _VOWELS:
        return word[:-1]
    if word.endswith("я") and len(word) > 3:
        return word[:-1] + ("й" if word[-2] in _VOWELS else "ь")
    return word


# Hangul: words are written together

#: Signs that make a ministry or bureau of the word before them, though a person's name may be as short.
_MINISTRY = frozenset("부성국청")


@lru_cache(maxsize=1)
def _korean() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Word -> (English, sort); the signs that end a body's name."""
    data: dict[str, Any] = read_yaml("hangul.yaml")
    sorts = {"forms": "head", "heads": "head", "words": "word", "places": "word", "names": "word", "brands": "brand"}
    known = {
        word: (str(english), sort)
        for section, sort in sorts.items()
        for english, native in data[section].items()
        for word in native.split()
    }
    return known, dict(data["ends"])


def korean_body(parts: tuple[str, ...], surnames: dict[str, list[str]]) -> Readings:
    """The readings of a Korean company or body; none where it may be a person."""
    joined = "".join(parts)
    known, _ = _korean()
    is_ministry = known.get(joined[:-1], ("", ""))[1] == "word" and joined[-1:] in _MINISTRY
    if len(joined) < 4 and joined[:1] in surnames and joined not in known and not is_ministry:
        return []
    pieces = [piece for place, part in enumerate(parts) for piece in _cut_korean(part, is_first=place == 0)]
    known_words = sum(piece.sort in ("word", "brand") for piece in pieces)
    is_body = (
        any(piece.sort == "head" for piece in pieces)
        or is_ministry
        or (len(joined) > 3 and (known_words > 1 or pieces[-1].sort == "word"))
        or (pieces[-1].sort == "end" and any(piece.sort in ("word", "number") for piece in pieces) and len(joined) > 3)
    )
    if not is_body:
        return []
    out: Readings = []
    _add(out, "written", list(_written(pieces)))
    has_brand = any(piece.sort == "brand" for piece in pieces)
    for brands in ("", "brand") if has_brand else ("",):
        for style in ("official", "northern") if has_brand else ("official", "northern", "english", "bare"):
            tokens = [t for piece in pieces for t in _read_korean(piece, style, brands)]
            _add(out, f"hangul {style} {brands}".strip(), tokens)
            if style != "bare":
                others = [t for piece in pieces for t in _read_korean(_other(piece), style, brands)]
                _add(out, f"hangul {style} {brands} other".replace("  ", " "), others)
    return out


def _cut_korean(part: str, *, is_first: bool) -> list[Piece]:
    if not any("\uac00" <= c <= "\ud7a3" for c in part):
        return [Piece((part,), (part,), "latin")]
    known, ends = _korean()
    if part == "주":  # (주), beside a company's name
        return [Piece((part,), ("co", "ltd"), "form")]
    out: list[Piece] = []
    rest = ""
    place = 0
    longest = max(map(len, known))
    while place < len(part):
        if number := re.match(r"제(\d+)|(\d+)호?", part[place:]):
            out += [Piece((rest,), None, "name")] if rest else []
            out.append(Piece((number[0],), (number[1] or number[2],), "number"))
            rest = ""
            place += len(number[0])
            continue
        for size in range(min(longest, len(part) - place), 1, -1):
            found = known.get(part[place : place + size])
            if found:
                out += [Piece((rest,), None, "name")] if rest else []
                out.append(Piece((part[place : place + size],), tuple(found[0].split()), found[1]))
                rest = ""
                place += size
                break
        else:
            rest += part[place]
            place += 1
    if len(rest) == 1 and rest in ends and (out or not is_first):
        out.append(Piece((rest,), tuple(ends[rest].split()), "end"))
    elif rest:
        out.append(Piece((rest,), None, "name"))
    return out


def _read_korean(piece: Piece, style: str, brands: str) -> list[Token]:
    if piece.english is not None and piece.sort != (brands or None):
        return [token(word) for word in piece.english]
    if style == "bare":
        return [token(scripts.hangul(piece.native[0], style="official"), Mode.BARE)]
    return [token(scripts.hangul(piece.native[0], style=style), Mode.SOUNDED)]
