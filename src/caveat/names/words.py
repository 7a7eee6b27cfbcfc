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
    """

    same: dict[str, str]
    forms: frozenset[str]
    generic: frozenset[str]
    places: frozenset[str]
    stop: frozenset[str]
    particles: frozenset[str]
    fathers: frozenset[str]
    titles: frozenset[str]
    groups: dict[str, int]
    numbers: dict[str, str]
    romans: dict[str, str]


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
    light = read_yaml("light.yaml")
    for number, line in enumerate(read_yaml("nicknames.yaml")["same"], start=1):
        for name in line.split():
            groups.setdefault(name, number)
    numbers = read_yaml("numbers.yaml")
    return Words(
        same=same,
        forms=frozenset(heads["forms"]),
        generic=frozenset(heads["generic"] - heads["forms"]),
        places=frozenset(heads["places"]),
        stop=frozenset(light["stop"].split()),
        particles=frozenset(light["particles"].split()),
        fathers=frozenset(light["fathers"].split()),
        titles=frozenset(light["titles"].split()),
        groups=groups,
        numbers={word: str(figure) for word, figure in numbers["words"].items()},
        romans={word: str(figure) for word, figure in numbers["roman"].items()},
    )
