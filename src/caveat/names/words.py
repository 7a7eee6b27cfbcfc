"""The word lists in `words/`, read once: forms, titles, generic words, places, nicknames, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Words:
    """What is known of single words.

    `same` sends a word to the one that stands for it; the sets hold words after `same`.
    `groups` numbers the words that stand for one another (1, 2, …): synonyms, and given names with their short forms.
    `phrases` are legal forms of several words, longest first, each with what is read for it; a name that may hold
    one holds one of `phrase_words`. `phrases_with` gives the numbers of those that have a word in a place.
    `long_names` gives the long names of groups known by first letters, and brands by their sound, by the first word,
    each with what else it is read as, and whether that is done in the name of an institute of the group alone.
    `short` holds the words that are written with dots (S.A., U.S.A.).
    """

    same: dict[str, str]
    forms: frozenset[str]
    generic: frozenset[str]
    places: frozenset[str]
    stop: frozenset[str]
    particles: frozenset[str]
    fathers: frozenset[str]
    titles: frozenset[str]
    short: frozenset[str]
    groups: dict[str, int]
    numbers: frozenset[str]
    romans: dict[str, str]
    phrases: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    phrases_with: dict[tuple[int, str], tuple[int, ...]]
    phrase_words: frozenset[str]
    long_names: dict[str, tuple[tuple[tuple[str, ...], list[str], bool], ...]]


def read_yaml(name: str) -> Any:
    """One file of `words/`, as plain values."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((files("caveat.names") / "words" / name).read_text("utf-8"), Loader=loader)  # noqa: S506 - both are safe loaders


@lru_cache(maxsize=1)
def words() -> Words:
    """All word lists; read from the package once."""
    same: dict[str, str] = {}
    groups: dict[str, int] = {}
    heads: dict[str, set[str]] = {}
    for name in ("generic", "places", "forms"):
        heads[name] = set()
        for line in read_yaml(f"{name}.yaml")["same"]:
            first, *others = line.split()
            heads[name].add(first)
            groups.setdefault(first, len(heads) * 10_000 + len(heads[name]))
            for other in others:
                same[other] = first
                groups[other] = groups[first]
    for word in [*heads["generic"], *(w for w, first in same.items() if first in heads["generic"])]:
        if len(word) > 4 and word.isascii() and not word.endswith("s") and word + "s" not in groups:  # in the plural
            same[word + "s"] = same.get(word, word)
            groups[word + "s"] = groups[word]
    light = read_yaml("light.yaml")
    for number, line in enumerate(read_yaml("nicknames.yaml")["same"], start=1):
        for name in line.split():
            groups.setdefault(name, number)
    titles = frozenset(light["titles"].split())
    phrases = _phrases()
    numbers = read_yaml("numbers.yaml")
    for word, figure in numbers["words"].items():
        groups[word] = groups[str(figure)] = 900_000 + figure
    return Words(
        same=same,
        forms=frozenset(heads["forms"]),
        generic=frozenset(heads["generic"] - heads["forms"]),
        places=frozenset(heads["places"]),
        stop=frozenset(light["stop"].split()),
        particles=frozenset(light["particles"].split()),
        fathers=frozenset(light["fathers"].split()),
        titles=titles,
        short=frozenset(w for w in {*same, *heads["forms"], *heads["places"], *titles} if len(w) < 5),
        groups=groups,
        numbers=frozenset(numbers["words"]),
        phrases=phrases,
        phrases_with=_phrases_with(phrases),
        phrase_words=frozenset(word for phrase, _ in phrases for word in phrase if len(word) > 1) - _EVERYWHERE,
        long_names=_long_names(),
        romans={word: str(figure) for word, figure in numbers["roman"].items()},
    )


#: Words of phrases that stand in too many other names to look for a phrase at each.
_EVERYWHERE = frozenset(
    {
        "company", "limited", "private", "public", "open", "closed", "free", "zone", "state", "enterprise",
        "department", "government", "region", "institution", "science", "higher", "education", "educational",
        "federal", "russian", "korea", "peoples", "named", "of", "de", "s", "sp", "o", "z", "m", "b", "h",
    }
)  # fmt: skip


def _phrases_with(
    phrases: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...],
) -> dict[tuple[int, str], tuple[int, ...]]:
    found: dict[tuple[int, str], tuple[int, ...]] = {}
    for number, (phrase, _) in enumerate(phrases):
        for place, word in enumerate(phrase):
            found[place, word] = (*found.get((place, word), ()), number)
    return found


def _long_names() -> dict[str, tuple[tuple[tuple[str, ...], list[str], bool], ...]]:
    found: dict[str, tuple[tuple[tuple[str, ...], list[str], bool], ...]] = {}
    data = read_yaml("phrases.yaml")
    for part in ("groups", "sounds"):
        for phrase, short in data[part].items():
            first, *rest = phrase.split()
            found[first] = (*found.get(first, ()), ((first, *rest), short.split(), part == "groups"))
    return found


def _phrases() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    read = (
        (tuple(phrase.split()), tuple(short.split()))
        for name in ("forms", "phrases")
        for phrase, short in read_yaml(f"{name}.yaml")["phrases"].items()
    )
    return tuple(sorted(read, key=lambda p: -len(p[0])))
