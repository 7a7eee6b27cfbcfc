"""Letters of other scripts in Latin letters: Cyrillic, Greek, Arabic, Hebrew, Thai, Devanagari, Hangul, Kana.

Each function takes one word as `split` gives it and returns its Latin spelling. Where a script writes no
vowels, or writes them far from where they sound, only the consonants are to be trusted (`Mode.BARE`).
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "h", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "җ": "j", "ӊ": "n", "ҡ": "q", "ҙ": "z", "ҫ": "s",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_GREEK_PAIRS = (
    ("μπ", "mp"),
    ("ντ", "nt"),
    ("γκ", "gk"),
    ("γγ", "ng"),
    ("τζ", "tz"),
    ("ου", "ou"),
    ("αυ", "av"),
    ("ευ", "ev"),
)
_ARABIC = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z",
    "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "i", "ى": "a", "ة": "a", "ء": "", "پ": "p", "چ": "ch",
    "ژ": "zh", "گ": "g", "ک": "k", "ی": "i", "ے": "e", "ہ": "h", "ھ": "h", "ں": "n", "ٹ": "t", "ڈ": "d", "ڑ": "r",
    "ۋ": "v", "ۇ": "u", "ۆ": "o", "ۈ": "u", "ې": "e", "ە": "e", "ڭ": "ng", "ٱ": "a", "ۀ": "a", "ڤ": "v", "ڕ": "r",
}  # fmt: skip
_HEBREW = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "w", "ז": "z", "ח": "h", "ט": "t", "י": "i", "כ": "k",
    "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p", "ף": "f", "צ": "ts",
    "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
_THAI = {
    **dict.fromkeys("กขฃคฅฆ", "k"), "ง": "ng", **dict.fromkeys("จฉชฌ", "ch"), "ซ": "s", "ญ": "y", "ฎ": "d", "ด": "d",
    **dict.fromkeys("ฏฐฑฒตถทธ", "t"), "ณ": "n", "น": "n", "บ": "b", **dict.fromkeys("ปผพภ", "p"), "ฝ": "f", "ฟ": "f",
    "ม": "m", "ย": "y", "ร": "r", "ล": "l", "ฬ": "l", "ว": "w", **dict.fromkeys("ศษส", "s"), "ห": "h", "ฮ": "h",
    "อ": "o", "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue", "ุ": "u", "ู": "u",
    "ํ": "m", "เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai", "ฤ": "rue", "ฦ": "lue",
}  # fmt: skip
_DEVANAGARI = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "chh", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
    "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r", "ल": "l", "व": "v", "श": "sh",
    "ष": "sh", "स": "s", "ह": "h", "ळ": "l", "क़": "q", "ख़": "kh", "ग़": "gh", "ज़": "z", "ड़": "r", "ढ़": "rh", "फ़": "f",
}  # fmt: skip
_DEVANAGARI_VOWELS = {
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au",
    "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai", "ो": "o", "ौ": "au", "ॉ": "o",
    "ॅ": "e", "ऑ": "o", "ऍ": "e", "ॆ": "e", "ॊ": "o",
}  # fmt: skip
_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOICELESS = {"g": "k", "d": "t", "b": "p", "j": "ch"}
_MEDIALS = ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu",
            "eu", "ui", "i")  # fmt: skip
_YEO = _MEDIALS.index("yeo")
_ENGLISH = {"eo": "u", "yeo": "yu", "u": "oo", "yu": "yoo"}
_FINALS = ("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng",
           "t", "t", "k", "t", "p", "t")  # fmt: skip


def cyrillic(word: str) -> str:
    """Russian by default; Ukrainian where a letter of its own shows it.

    >>> cyrillic("кадыров"), cyrillic("зеленський")
    ('kadyrov', 'zelenskyi')
    """
    table = _CYRILLIC
    if re.search("[іїєґ]", word):
        table = {**_CYRILLIC, "г": "h", "и": "y", "й": "i"}
    elif word.endswith(("ський", "цький")):
        table = {**_CYRILLIC, "и": "y", "й": "i"}
    elif re.search("[ђјљњћџѓќѕ]", word):
        table = {**_CYRILLIC, "х": "h"}
    return "".join(table.get(char, char if char.isascii() else "") for char in word)


def greek(word: str, *, spoken: bool = False) -> str:
    """Modern Greek letter by letter, or as it is `spoken`: foreign b, d, g and j are written with two letters.

    >>> greek("παπανδρεου"), greek("μπαμπης", spoken=True)
    ('papandreou', 'babis')
    """
    if spoken:
        for pair, put in (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("τζ", "j"), ("ει", "i"), ("οι", "i"), ("χ", "h")):
            word = word.replace(pair, put)
    elif word.startswith("ντ"):
        word = "d" + word[2:]
    for pair, put in _GREEK_PAIRS:
        word = word.replace(pair, put)
    return "".join(_GREEK.get(char, char if char.isascii() else "") for char in word)


def arabic(word: str) -> list[str]:
    """The parts of an Arabic, Persian, Urdu or Uyghur word: the article or `abd` apart, vowels missing.

    >>> arabic("محمد"), arabic("الرحمن")
    (['mhmd'], ['al', 'rhmn'])
    """
    for front, latin in (("عبدال", ["abd", "al"]), ("وال", ["al"]), ("لل", ["al"]), ("ال", ["al"])):
        if word.startswith(front) and len(word) > len(front) + 1:
            return [*latin, _semitic(word[len(front) :], _ARABIC, "وۋ", "اىةعآ")]
    return [_semitic(word, _ARABIC, "وۋ", "اىةعآ")]


def hebrew(word: str) -> str:
    """Hebrew consonants; `ו` is a vowel inside a word."""
    return _semitic(word.replace("וו", "ו"), _HEBREW, "ו", "אהע")


def _semitic(word: str, table: dict[str, str], glides: str, vowels: str) -> str:
    out = []
    for place, char in enumerate(word):
        latin = table.get(char, char if char.isascii() else "")
        if char in glides and place > 0:
            follows = word[place + 1 : place + 2]
            is_last = place == len(word) - 2 and follows in ("ي", "ی", "י")  # Badawi, Musavi, Levi
            latin = (
                "w" if is_last or (follows and follows in vowels) or (word[place - 1] in vowels and follows) else "u"
            )
        out.append(latin)
    return "".join(out)


def thai(word: str) -> str:
    """Thai, letter by letter: a vowel written before its consonant is put behind, silenced letters fall away."""
    word = re.sub("รร(?=[ก-ฮ][ิุ]?์|$)", "ัน", word)
    word = re.sub("[ก-ฮ]?[ก-ฮ][ิุ]?์$|[ก-ฮ][ิุ]?์", _silenced, word)
    word = re.sub("ญ(?![ะัาำิีึืุูเแโใไ])", "น", word)  # at the end of a syllable
    word = re.sub("(?<![ก-ฮ])ทร(?=[ัาิีุู]|ง)|ซร|(?<=^)[สศ]ร(?=[ะัาิีุู])", "ส", word)
    word = re.sub("(?<=[ก-ฮ])ว(?=[ก-ฮ])(?!ร[ก-ฮ]|รร)", "ุั", word)  # between consonants: Chuan
    word = re.sub("([เแโใไ])([ก-ฮ])", r"\2\1", word)
    word = word.replace("รร", "ั")
    return "".join(_THAI.get(char, char if char.isascii() else "") for char in word)


def _silenced(found: re.Match[str]) -> str:
    """What is left where a mark silences letters: two consonants of one sound fall together."""
    return found[0][0] if len(found[0]) > 2 and "ก" <= found[0][1] <= "ฮ" else ""


def devanagari(word: str) -> str:
    """Hindi, Nepali or Marathi; the last unwritten vowel is not spoken.

    >>> devanagari("नरेन्द्र"), devanagari("मोदी")
    ('narendra', 'modi')
    """
    word = unicodedata.normalize("NFC", word)
    out: list[str] = []
    for place, char in enumerate(word):
        follows = word[place + 1 : place + 2]
        if char in _DEVANAGARI:
            latin = _DEVANAGARI[char]
            if follows == "\u093c":  # the dot below: z, f, q …
                latin = {"j": "z", "ph": "f", "k": "q", "d": "r", "dh": "rh"}.get(latin, latin)
                follows = word[place + 2 : place + 3]
            out.append(latin)
            if follows and follows not in _DEVANAGARI_VOWELS and follows != "\u094d":
                out.append("a")
            elif not follows and place > 1 and word[place - 1] == "\u094d":
                out.append("a")  # after two consonants the last vowel is spoken: Narendra
        elif char in _DEVANAGARI_VOWELS:
            out.append(_DEVANAGARI_VOWELS[char])
        elif char in "\u0902\u0901":
            out.append("n")
        elif char == "\u0903":
            out.append("h")
        elif char.isascii():
            out.append(char)
    return "".join(out)


def hangul(word: str, *, style: str) -> str:
    """Korean syllables in one of three spellings: `official` (of 2000), `northern` (and older), `english` (on cards).

    >>> hangul("정은", style="official"), hangul("박", style="northern"), hangul("영수", style="english")
    ('jeongeun', 'pak', 'youngsoo')
    """
    out = ""
    for place, char in enumerate(word):
        code = ord(char) - 0xAC00
        if not 0 <= code < 11172:
            out += char if char.isascii() else ""
            continue
        first, middle, last = code // 588, code % 588 // 28, code % 28
        initial, medial, final = _INITIALS[first], _MEDIALS[middle], _FINALS[last]
        if style == "northern":
            initial = _VOICELESS.get(initial, initial) if place == 0 else initial
            medial = medial.replace("eo", "o").replace("eu", "u")
        elif style == "english":
            medial = _ENGLISH.get(medial, medial)
            medial = "you" if medial == "yu" and final == "ng" and middle == _YEO else medial
            initial = "w" if medial == "oo" and not initial else "k" if initial == "g" and place == 0 else initial
        out += initial + medial + final
    return out


def other(word: str) -> str:
    """Any other script (Kana, Georgian, Armenian, Bengali, Tamil …) by a general table."""
    from anyascii import anyascii

    return "".join(char for char in anyascii(word).lower() if char.isalnum())
