"""Facts are three-valued: true, false (or a value), or unknown. Asking for an unknown one raises Missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from caveat.model import Transaction

YES_NO: tuple[tuple[str, Any], ...] = (("true", True), ("false", False))


class Missing(Exception):  # noqa: N818 - a question, not an error
    """A fact nobody gave. `answers` are (label, value) pairs that stand for every possible answer."""

    def __init__(self, fact: str, why: str, answers: Sequence[tuple[str, Any]] = YES_NO) -> None:
        self.fact = fact
        self.why = why
        self.answers = tuple(answers)
        self.rule = ""  # the id of the rule that asks
        super().__init__(fact)


class Facts:
    """The facts of one transaction, by path. Unknown is None; nothing is guessed without saying so."""

    def __init__(self, given: Mapping[str, Any], read: Mapping[str, tuple[Any, str]] | None = None) -> None:
        self._given = given
        self._read = read or {}
        self._assumed: dict[str, Any] = {}

    def get(self, path: str) -> Any:
        """The fact, or None where it is unknown."""
        if path in self._assumed:
            return self._assumed[path]
        value = self._given.get(path)
        if value is None and path in self._read:
            return self._read[path][0]
        return value

    def ask(self, path: str, why: str, answers: Sequence[tuple[str, Any]] = YES_NO) -> Any:
        """The fact; Missing where it is unknown."""
        value = self.get(path)
        if value is None:
            raise Missing(path, why, answers)
        return value

    def assume(self, path: str, value: Any) -> Facts:
        """These facts with one more answer: how the outcome under each answer is worked out."""
        other = Facts(self._given, self._read)
        other._assumed = {**self._assumed, path: value}
        return other

    def is_assumed(self, path: str) -> bool:
        """Whether an answer was assumed for this fact."""
        return path in self._assumed

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read out of the user's words, and on which ground."""
        return tuple(
            f"{path} = {_shown(value)}: {why}"
            for path, (value, why) in sorted(self._read.items())
            if self._given.get(path) is None
        )


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_SECURITY = re.compile(
    r"\b(security|surveillance|public safety|critical infrastructure|guard\w*|cctv|police|law enforcement|military|"
    r"perimeters?|access control|intrusion|prisons?|jails?|courthouses?|embass(?:y|ies)|border|power (?:plants?|grid)|"
    r"substations?|first responders?|(?:government|federal) (?:facilit(?:y|ies)|buildings?))\b",
    re.I,
)
_MILITARY = re.compile(r"\b(military|armed forces|army|navy|air force|people's liberation army|pla)\b", re.I)
_GOES_INTO = re.compile(r"\b(goes|go|incorporated|integrated|built|assembled|used) (in|into)\b", re.I)
_AUTHORIZED = re.compile(r"\b(previously|already|formerly)[ -](fcc[ -])?authori[sz]ed\b", re.I)
_UNAUTHORIZED = re.compile(
    r"\b(never|not|un)[ -]?(previously )?authori[sz]ed\b|\bnew(ly)? (equipment )?authori[sz]ation\b", re.I
)
_TRADED = re.compile(
    r"\b(publicly[ -]traded|(stock )?exchange[ -]listed|listed (shares?|stock)|h[ -]shares?|a[ -]shares?)\b", re.I
)
_DEFENSE = re.compile(
    r"\b(department of (?:the )?(?:defense|war|army|navy|air force)|dod|pentagon|army corps of engineers|"
    r"(?:u\.?s\.?|united states) (?:army|navy|air force|marine corps|space force)|naval \w+ systems command|"
    r"defense (?:logistics|information systems|health|contract management|intelligence) agency|"
    r"missile defense agency|defense advanced research projects agency|darpa|defense commissary agency)\b",
    re.I,
)
_NOTE = re.compile(r"\bnote to (eccn )?1a995\b|\b1a995 note\b", re.I)


def _words(given: Mapping[str, Any], *paths: str) -> str:
    return " ".join(str(given.get(path) or "") for path in paths)


def read_words(transaction: Transaction, note_words: Sequence[str]) -> dict[str, tuple[Any, str]]:
    """Facts that stand in the user's own words (the item's description, its end use, the actor's country).

    Each comes with the ground it was read on; a fact the user gives outright always goes before it.
    """
    given = transaction.facts
    words = _words(given, "item.description", "end_use", "item.end_use", "timing.purpose")
    found: dict[str, tuple[Any, str]] = {}

    def note(path: str, value: Any, ground: str) -> None:
        if given.get(path) is None:
            found[path] = (value, ground)

    if given.get("actor.us_person") is None and given.get("actor.country") == "US":
        note("actor.us_person", True, "the actor is in the United States")
    if match := _SECURITY.search(words):
        note("item.used_for_public_safety_or_security", True, f'the description says "{match[0]}"')
    if match := _GOES_INTO.search(_words(given, "knowledge")):
        note("item.goes_into_product_of_listed_party", True, f'the knowledge given says "{match[0]}"')
    if match := _MILITARY.search(_words(given, "end_use", "item.end_use")):
        note("item.military_end_use", True, f'the end use says "{match[0]}"')
    if match := _UNAUTHORIZED.search(words):
        note("item.previously_authorized", False, f'the description says "{match[0]}"')
    elif match := _AUTHORIZED.search(words):
        note("item.previously_authorized", True, f'the description says "{match[0]}"')
    if match := _TRADED.search(words):
        note("item.publicly_traded", True, f'the description says "{match[0]}"')
    if match := _DEFENSE.search(str(given.get("actor.name") or "")):
        note("actor.department_of_defense", True, f'the actor is named "{match[0]}"')
    if given.get("item.eccn") in (None, "EAR99"):
        article = next((w for w in re.findall(r"[a-z]+", words.lower()) if w in note_words), None)
        if match := _NOTE.search(words):
            note("item.described_in_note_to_1a995", True, f'the description says "{match[0]}"')
        elif article and re.search(r"\b(retail|personal|medical|surgical|n95)\b", words, re.I):
            note(
                "item.described_in_note_to_1a995", True,
                f'the description speaks of "{article}", a protective article of the Note to ECCN 1A995; '
                "say false if it is not one",
            )  # fmt: skip
    return found
