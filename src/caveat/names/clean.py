"""One spelling for one text: Unicode forms, invisible marks, look-alike letters, accents, punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from caveat.errors import InputError

#: Longest name that is read; a longer text is a document, not a name.
LONGEST = 1000

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
                        "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")  # fmt: skip
_BROKEN = re.compile("[\ud800-\udfff\ufffd]")
_APOSTROPHES = re.compile("['`´‘’‚‛ʹʻʼʽʾʿˈˊˋ′‵＇ʔʕ״׳]")
_DOTTED = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?|(?<![^\W_])[^\W\d_](?:/[^\W\d_])+(?![^\W_])"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_FEW = re.compile(r"(?<![^\W_])(?<![^\W_]\.)([^\W\d_])\.([^\W\d_])\.(?:([^\W\d_])\.)?(?![^\W_]|[^\W_]?\.)")
_SLIPPED = re.compile(  # letters with dots, one too many among them: S.A.Rv.L., uS.A.
    r"(?<![^\W_])(?<![^\W_]\.)((?:[^\W\d_]\.)+)([^\W\d_]{2})\.((?:[^\W\d_]\.)*)(?![^\W_])"
    r"|(?<![^\W_])()([^\W\d_]{2})\.((?:[^\W\d_]\.)+)(?![^\W_])"
)

#: The bytes of ASCII in lower case, a blank for each that is no letter or figure.
_PLAIN = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + bytes(128)

#: Latin letters that do not fall apart into a letter and an accent.
_LATIN = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h",
    "ŋ": "ng", "ə": "a", "ɛ": "e", "ɔ": "o", "ƒ": "f", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ȝ": "y", "ĸ": "k",
    "ĳ": "ij", "ǝ": "e", "ɨ": "i", "ƴ": "y", "ơ": "o", "ư": "u", "&": " and ",
})  # fmt: skip

#: Cyrillic and Greek letters drawn like a Latin one.
_LOOKALIKE = {
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y",
    "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l", "г": "r", "п": "n",
    "α": "a", "β": "b", "ε": "e", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u",
    "χ": "x", "η": "n", "ζ": "z", "γ": "y",
}  # fmt: skip
_TO_LATIN = str.maketrans(_LOOKALIKE)
_TO_CYRILLIC = str.maketrans({
    "a": "а", "b": "в", "e": "е", "k": "к", "m": "м", "h": "н", "o": "о", "p": "р", "c": "с", "t": "т", "y": "у",
    "x": "х", "i": "і",
})  # fmt: skip
_MIXED = re.compile("[a-z].*[\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f].*[a-z]")
_CASED = re.compile("[\u0370-\u03ff\u0400-\u052f]")


def normalize(text: str) -> str:
    """The words of `text` in lower case, in their own script, one blank between them.

    Case, accents on Latin letters, punctuation, apostrophe forms, invisible marks and letters borrowed
    from a look-alike alphabet are gone. Empty where nothing readable is left.

    >>> normalize("  Ürümqi\\u200f Public-Security (P.R.C.) Bureau’s ")
    'urumqi public security prc bureaus'
    """
    return " ".join(split(text))


def key(text: str) -> str:
    """A key equal for names that differ only in case, punctuation, apostrophe form or word order.

    >>> key("HUSSEIN AL-TIKRITI, Saddam") == key("Saddam Hussein al-Tikriti")
    True
    """
    return " ".join(sorted(split(text)))


def is_latin(text: str) -> bool:
    """Whether a name is written in Latin letters."""
    return text.isascii() or not any(char.isalpha() and char > "\u036f" for char in unicodedata.normalize("NFD", text))


def check_readable(text: str, *, where: str | None = None) -> None:
    """Raise InputError where `text` is no name that can be read; say why and what to do."""
    if not isinstance(text, str) or not text.strip():
        raise InputError("the name is empty", where=where, do="give a name")
    if not text.isascii() and _BROKEN.search(text):
        raise InputError("the name holds broken characters", where=where, do="read the file in its own encoding")
    if len(text) > LONGEST:
        raise InputError(f"the name has {len(text)} characters", where=where, do=f"give at most {LONGEST}")
    if not text[0].isalnum() and not any(char.isalnum() for char in text):
        raise InputError("the name has no letter or digit", where=where, do="give a name that can be read")


def split(text: str, short: Container[str] | None = None) -> list[str]:
    """The words of `text`, as `normalize` writes them.

    Letters with dots are one word (S.A., I.B.M.). Where `short` is given, two or three of them are initials (V.V.),
    unless the word they would make is in `short`; and one of them is a slip (uS.A.) where the others make such a word.
    """
    if short is not None and "." in text:
        text = _SLIPPED.sub(lambda found: _mended(found, short), text)
        text = _FEW.sub(lambda found: _apart(found, short), text)
    if text.isascii():
        if text.count(".") > 1 or "/" in text:
            text = _DOTTED.sub(_undot, text)
        if "'" in text or "`" in text:
            text = text.replace("'", "").replace("`", "")
        if "&" in text:
            text = text.replace("&", " and ")
    else:
        text = _spell(text)
    return text.encode().translate(_PLAIN).decode().split() if text.isascii() else text.split()


def has_initials(text: str) -> bool:
    """Whether `text` holds letters with dots that `split` reads in two ways."""
    return text.count(".") > 1 and (_FEW.search(text) or _SLIPPED.search(text)) is not None


def _spell(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    text = _BROKEN.sub(" ", text)
    text = unicodedata.normalize("NFKC", text.replace("№", " no ")).casefold()
    text = _APOSTROPHES.sub("", text).translate(_LATIN)
    if "." in text or "/" in text:
        text = _DOTTED.sub(_undot, text)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    if plain.isascii():  # most names with accents
        return plain
    out: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        # an accent falls off a Latin, Greek or Cyrillic letter; Indic and Thai vowel signs stay, with Hangul whole
        is_mark = unicodedata.category(char) == "Mn"
        if is_mark and out and (out[-1] < "\u0530" or "\u0590" <= out[-1] <= "\u06ff"):
            if char == "\u0306" and out[-1] == "и":
                out[-1] = "й"
            continue
        out.append(char)
    text = unicodedata.normalize("NFC", "".join(out)).replace("\u0640", "").translate(_LATIN)
    if not _CASED.search(text):
        return _spaced(text)
    return _spaced(" ".join(_one_alphabet(word, text) for word in text.split(" ")))


def _spaced(text: str) -> str:
    # Indic and Thai signs are marks, not letters: a word break must not fall on them
    return "".join(c if c.isalnum() or unicodedata.category(c) in ("Mc", "Mn") else " " for c in text)


def _one_alphabet(word: str, text: str) -> str:
    """`word` in one alphabet where look-alike letters were mixed in."""
    if not _MIXED.search(word):
        borrowed = len(word) > 1 and all(c in _LOOKALIKE or not c.isalpha() for c in word)
        if borrowed and _CASED.search(word) and sum("a" <= c <= "z" for c in text) > len(text) / 2:
            return word.translate(_TO_LATIN)  # a whole word of look-alikes inside a Latin name
        return word
    latin = sum("a" <= c <= "z" for c in word)
    strange = sum(bool(_CASED.match(c)) for c in word)
    to_latin = word.translate(_TO_LATIN)
    if not _CASED.search(to_latin) and (latin >= strange or latin > 2):
        return to_latin
    to_cyrillic = word.translate(_TO_CYRILLIC)
    if latin < strange and not re.search("[a-z]", to_cyrillic):
        return to_cyrillic
    return to_latin


def _apart(found: re.Match[str], short: Container[str]) -> str:
    """Letters with dots as initials, unless they make a word."""
    letters = [letter for letter in found.groups() if letter]
    return found[0] if "".join(letters).casefold() in short else " ".join(letters) + " "


def _mended(found: re.Match[str], short: Container[str]) -> str:
    """Letters with dots without the one too many, where that makes a word."""
    before, two, after = (group for group in found.groups() if group is not None)
    for kept in two:
        word = before + kept + "." + after
        if word.replace(".", "").casefold() in short:
            return word
    return found[0]


def _undot(found: re.Match[str]) -> str:
    letters = re.sub(r"[./\s]", "", found[0])
    return f" {letters} "
