"""Where a text names a list, an authority or a listing act."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caveat.news.words import load, word_set


@dataclass(frozen=True, slots=True)
class Cue:
    """A place that names a list or an authority. `list` is the list meant, or None."""

    start: int
    end: int
    id: str
    list: str | None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """A listing word: `kind` is `with_list`, `direct`, `phrase`, `noun` or `soft`; `list` where it says so."""

    start: int
    end: int
    action: str
    kind: str
    list: str | None = None
    passive: bool = False


@functools.cache
def _list_patterns() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    out: list[tuple[str, re.Pattern[str], bool]] = []
    for block in load("lists")["lists"]:
        if block["list"] == "NONE":
            out.insert(0, (block["list"], _compile(block["names"]), False))
        else:
            out.append((block["list"], _compile(block["names"]), False))
    for block in load("lists")["lists"]:
        if block.get("weak"):
            out.append((block["list"], _compile(block["weak"]), True))
    return tuple(out)


def _compile(names: Iterable[str], *, case: bool = False) -> re.Pattern[str]:
    # A name begins where a word does: looked for there alone, it is found many times faster.
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{n})" for n in names) + ")", 0 if case else re.IGNORECASE)


@functools.cache
def _authority_patterns() -> tuple[tuple[str, str | None, re.Pattern[str]], ...]:
    return tuple((b["id"], b["list"], _compile(b["names"], case=True)) for b in load("lists")["authorities"])


def find_lists(norm: str) -> list[Cue]:
    """Every place that names a list, in order; `ANY` where it says no more than `the list`."""
    return _cover((name, name, pattern, weak) for name, pattern, weak in _list_patterns())(norm)


def find_authorities(norm: str) -> list[Cue]:
    """Every place that names an authority, in order."""
    found = _cover((name, wanted, pattern, False) for name, wanted, pattern in _authority_patterns())(norm)
    return [c for c in found if not (c.id in STATES and (_describes(norm, c) or _is_enumerated(norm, c)))]


#: Authorities named by a whole country or union.
STATES = frozenset(("us", "china_state", "other_state", "eu", "uk"))
_GOVERNS = re.compile(
    r"government|administration|officials|authorities|Council|Commission|Office|Treasury|White House|ministers", re.I
)


def _is_enumerated(norm: str, cue: Cue) -> bool:
    """`Pakistan, Singapore, the United Kingdom and Vietnam`: one of many countries, nobody who acts."""
    before = re.search(r"[A-Z][a-z]+(?:, | and |, and )(?:the )?$", norm[max(0, cue.start - 24) : cue.start])
    named = norm[cue.start : cue.end].removeprefix("the ")
    after = re.match(r"(?:,|,? and) (?:the )?[A-Z]", norm[cue.end : cue.end + 12])
    if before is None or _GOVERNS.search(named):
        return False
    return after is not None or " and " in before[0]


def _describes(norm: str, cue: Cue) -> bool:
    """`U.S. entities`, `China Telecom`: the country's name only describes what follows."""
    if _GOVERNS.search(norm, cue.start, cue.end):
        return False
    after = re.match(r"\s(?P<one>[A-Za-z-]+)(?:\s(?P<two>[a-z-]+))?", norm[cue.end : cue.end + 60])
    if not after:
        return False
    if after["one"][0].isupper():
        return after["one"] in word_set("names", "generic")
    nouns = word_set("names", "entity_nouns") | word_set("names", "role_nouns")
    return after["one"] in nouns - {"controls", "targets", "names", "lists", "sanctions"} or bool(
        after["two"] in nouns
        and after["one"]
        in ("defense", "defence", "tech", "national", "chip", "drone", "military", "trade", "export", "financial")
    )


class _cover:  # noqa: N801 - reads as a verb
    """Finds the patterns in their order of rank; a place once taken is not taken again."""

    def __init__(self, ranked: Iterable[tuple[str, str | None, re.Pattern[str], bool]]) -> None:
        self._ranked = list(ranked)

    def __call__(self, norm: str) -> list[Cue]:
        taken: list[tuple[int, int]] = []
        out: list[Cue] = []
        for name, wanted, pattern, weak in self._ranked:
            for found in pattern.finditer(norm):
                span = found.span()
                at = bisect.bisect_right(taken, span)
                clear = (at == 0 or taken[at - 1][1] <= span[0]) and (at == len(taken) or taken[at][0] >= span[1])
                if clear and span[1] > span[0]:
                    taken.insert(at, span)
                    out.append(Cue(span[0], span[1], name, wanted, weak))
        return sorted(out, key=lambda c: c.start)


def within(cues: Sequence[Cue], start: int, end: int) -> list[Cue]:
    """The cues that begin between two offsets."""
    return [c for c in cues if start <= c.start < end]


@functools.cache
def _verbs(kind: str) -> re.Pattern[str]:
    parts = []
    for action in ("add", "remove", "modify"):
        if action in load("actions")[kind]:
            words = "|".join(
                sorted((re.escape(w.strip()) for w in load("actions")[kind][action].split(",")), key=len, reverse=True)
            )
            parts.append(f"(?P<{action}>{words})")
    return re.compile(r"(?<![\w-])(?:" + "|".join(parts) + r")(?![\w-])", re.IGNORECASE)


@functools.cache
def _phrases() -> tuple[tuple[str, str | None, re.Pattern[str], bool], ...]:
    return tuple(
        (p["action"], p["list"], re.compile(r"\b" + p["text"], re.IGNORECASE), bool(p.get("passive")))
        for p in load("actions")["phrases"]
    )


@functools.cache
def _any_phrase() -> re.Pattern[str]:
    """Where some phrase may stand: most sentences hold none."""
    return re.compile(r"\b(?:" + "|".join(p["text"] for p in load("actions")["phrases"]) + ")", re.IGNORECASE)


@functools.cache
def _nouns() -> re.Pattern[str]:
    groups = "|".join(f"(?P<{a}>{words})" for a, words in load("actions")["nouns"].items())
    return re.compile(rf"\b(?:{groups})\b", re.IGNORECASE)


_SOFT = re.compile(r"\b(?P<add>punish(?:es|ed|ing)|penali[sz](?:es|ed|ing)|target(?:s|ed|ing))\b", re.IGNORECASE)


#: `the targets`, `300 targets`: those aimed at, no verb.
_COUNTED_THING = re.compile(
    r"(?:\b(?:the|these|those|its|their|new|other|further|more|all|of|\w+'s)|\d) $", re.IGNORECASE
)


@functools.lru_cache(maxsize=256)
def find_acts(norm: str, start: int, end: int) -> tuple[Act, ...]:
    """The listing words between two offsets, phrases first taken, in order."""
    out: list[Act] = []
    taken: list[tuple[int, int]] = []

    def take(span: tuple[int, int], action: str, kind: str, wanted: str | None = None, passive: bool = False) -> None:
        if not any(a < span[1] and span[0] < b for a, b in taken):
            taken.append(span)
            out.append(Act(span[0], span[1], action, kind, wanted, passive))

    for action, wanted, pattern, passive in _phrases() if _any_phrase().search(norm, start, end) else ():
        for found in pattern.finditer(norm, start, end):
            take(found.span(), action, "phrase", wanted, passive)
    for kind in ("direct", "with_list"):
        for found in _verbs(kind).finditer(norm, start, end):
            take(found.span(), str(found.lastgroup), kind)
    for found in _nouns().finditer(norm, start, end):
        take(found.span(), str(found.lastgroup), "noun")
    for found in _SOFT.finditer(norm, start, end):
        if found[0].lower() == "targets" and _COUNTED_THING.search(norm, max(start, found.start() - 20), found.start()):
            continue
        take(found.span(), "add", "soft")
    return tuple(sorted(out, key=lambda a: a.start))


@functools.cache
def modality(name: str) -> re.Pattern[str]:
    """The words that make an act proposed, intended or unreal."""
    return re.compile(load("actions")["modality"][name], re.IGNORECASE)


@functools.cache
def background() -> re.Pattern[str]:
    """The words that set an act before what the article reports."""
    return re.compile(load("actions")["background"], re.IGNORECASE)


_NUMBERS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    w: 10 * n
    for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,4}|(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety)(?:[- ](?:one|two|three|four|"
    r"five|six|seven|eight|nine))?|one hundred(?: and)?(?: [a-z]+(?:-[a-z]+)?)?|zero|one|two|"
    r"three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen))"
)


def read_number(text: str) -> int | None:
    """A number in figures or words.

    >>> read_number("thirty-three"), read_number("1,200"), read_number("a few")
    (33, 1200, None)
    """
    text = text.lower().replace(",", "").strip()
    if text.isdigit():
        return int(text)
    total = 0
    for word in re.split(r"[- ]", text):
        if word in ("and", ""):
            continue
        if word == "hundred":
            total = (total or 1) * 100
        elif word in _NUMBERS:
            total += _NUMBERS[word]
        else:
            return None
    return total or None


#: What else a rule or a report counts: a number before one of these counts no party.
_COUNTED = (
    r"(?:rul|requirement|control|item|error|sector|countr(?:y|ie)|categor(?:y|ie)|licen[sc]e|measure|round|"
    r"alias(?:e)?|address(?:e)?|amendment|correction|change|provision|polic(?:y|ie)|exception|section|part|list|"
    r"package|"
    r"facilit(?:y|ie)|district|location|point|dollar|times|case|charge|count|page|number|regulation|instruction|"
    r"comment|decision|determination|toxin|product|good|model|phone|car|job|store|shop|seat|vote|patent)(?:e?s)?"
)


@functools.cache
def count_pattern() -> re.Pattern[str]:
    """A number with the noun of those counted: `28 Chinese governmental and commercial organizations`."""
    nouns = "|".join(sorted(word_set("names", "entity_nouns"), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.$€£-])(?P<number>{_NUMBER})(?: \(\d+\))?(?P<of> of (?:its|their|the \w+'s)| more| other| "
        rf"additional| new| further)?"
        rf"(?P<adjectives>(?:,? (?!(?:and|of|in|on|to|for|by|who|which|that|was|were|are|is|has|have|"
        rf"days?|years?|months?|weeks?|percent|per|million|billion|hours|minutes|{_COUNTED})\b)[\w'\".-]+| and "
        rf"[\w-]+(?= [\w-]+)){{0,6}}?) \"?(?P<noun>{nouns})\b",
        re.IGNORECASE,
    )
