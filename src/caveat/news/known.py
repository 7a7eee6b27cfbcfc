"""Names of listed parties, all of them at once: a scan by normalized words."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from caveat.news.words import word_set

_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")
_LONGEST = 16
#: Characters of scripts written without blanks: each is a word of its own.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class KnownName:
    """A listed name: whose, on which list, as printed, and its quality."""

    entry_id: str
    list: str
    text: str
    quality: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A listed name met in a text, at `start` to `end`; `names` are all that read so."""

    start: int
    end: int
    names: tuple[KnownName, ...]


class NameSet:
    """The names to look for. Built once, then read-only; 80,000 names scan a page in milliseconds.

    >>> names = NameSet([("e1", "us.bis.entity_list", "Leon Technology Co., Ltd.", "primary")])
    >>> [s.names[0].entry_id for s in names.scan("A manager of Leon Technology said so.")]
    ['e1']
    """

    def __init__(self, names: Iterable[tuple[str, str, str, str]] = ()) -> None:
        self._by_key: dict[str, list[tuple[str, str, str, str]]] = {}
        self._lengths: dict[str, set[int]] = {}
        for row in names:
            for words in _forms(row[2], row[3]):
                self._by_key.setdefault(" ".join(words), []).append(row)
                self._lengths.setdefault(words[0], set()).add(len(words))
        self._order = {word: sorted(sizes, reverse=True) for word, sizes in self._lengths.items()}
        del self._lengths

    def __len__(self) -> int:
        return len(self._by_key)

    def scan(self, text: str) -> list[Sighting]:
        """Every listed name in the text, the longest at each place, none overlapping."""
        if not self._by_key:
            return []
        words = _words(text)
        out: list[Sighting] = []
        index = 0
        while index < len(words):
            found = self._match(words, index, text)
            if found:
                out.append(found[0])
                index = found[1]
            else:
                index += 1
        return out

    def find(self, name: str) -> tuple[KnownName, ...]:
        """The listed names that read as this one, legal form aside."""
        keys = [" ".join(form) for form in _forms(name, "primary")]
        rows = dict.fromkeys(row for key in keys for row in self._by_key.get(key, ()))
        return tuple(KnownName(*row) for row in rows)

    def _match(self, words: list[tuple[str, int, int]], index: int, text: str) -> tuple[Sighting, int] | None:
        sizes = self._order.get(words[index][0])
        if not sizes:
            return None
        for size in sizes:
            last = index + size
            if last > len(words):
                continue
            key = " ".join(w for w, _, _ in words[index:last])
            rows = self._by_key.get(key)
            if not rows:
                continue
            start, end = words[index][1], words[last - 1][2]
            if _written_as_name(text[start:end], size) and _on_one_line(text, start, end):
                return Sighting(start, end, tuple(KnownName(*row) for row in dict.fromkeys(rows))), last
        return None


def _on_one_line(text: str, start: int, end: int) -> bool:
    return "\n" not in text[start:end]


def _written_as_name(text: str, size: int) -> bool:
    """A name has a capital (or a script without case); a single word must not be an ordinary one."""
    if not any(c.isupper() for c in text) and any(c.islower() for c in text):
        return False
    if size == 1:
        return text not in _common() and text.capitalize() not in _common()
    first = text[0]
    return not first.islower() or any(c.isupper() for c in text.split(maxsplit=1)[0])


@functools.cache
def _common() -> frozenset[str]:
    return (
        word_set("names", "ordinary") | word_set("names", "ambiguous") | word_set("names", "generic")
        | word_set("names", "institutions")
        | word_set("names", "titles") | word_set("places", "countries") | word_set("places", "cities")
        | word_set("places", "demonyms") | word_set("places", "media")
    )  # fmt: skip


def _words(text: str) -> list[tuple[str, int, int]]:
    out: list[tuple[str, int, int]] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        word = found[0]
        if word.endswith(("'s", "’s")):
            word, end = word[:-2], end - 2
        if not word.isascii() and _UNSPACED.search(word):
            out.extend((c, start + n, start + n + 1) for n, c in enumerate(word))
        else:
            out.append((_normal(word), start, end))
    return out


@functools.lru_cache(maxsize=65536)
def _normal(word: str) -> str:
    word = word.casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return word.replace("'", "").replace("’", "").replace(".", "")


@functools.cache
def _legal() -> frozenset[str]:
    return frozenset(_normal(w.replace("/", "")) for w in word_set("names", "suffixes") if " " not in w)


def _forms(name: str, quality: str) -> list[list[str]]:
    """The word sequences a name is looked for by: whole, and without its legal form at the end.

    A one-word form is kept only where it is an alias of some length or a primary name; what is
    left of a longer name (`Leon` of `Leon Co., Ltd.`) counts as one word too.
    """
    plain = re.sub(r"\s*\([^)]*\)", "", name)
    forms = _shortened(name.replace("(", " ").replace(")", " ")) + (_shortened(plain) if plain != name else [])
    kept = []
    for form in forms:
        if len(form) > _LONGEST:
            continue
        if len(form) == 1 and (
            len(form[0]) < (4 if quality != "weak" else 7) and not (len(form[0]) == 3 and name.isupper())
        ):
            continue
        if len(form) == 1 and form[0].isdigit():
            continue
        kept.append(form)
    return kept


def _shortened(name: str) -> list[list[str]]:
    """The words of a name, and the same without the legal form at its end."""
    words = [w for w, _, _ in _words(name)]
    if not words:
        return []
    bare = list(words)
    while len(bare) > 1 and bare[-1] in _legal():
        bare.pop()
    return [words] if bare == words else [words, bare]
