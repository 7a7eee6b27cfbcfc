"""Several names in one: in brackets, joined by a dash, "also known as"; and marks that are also one word."""

from __future__ import annotations

import re

from caveat.names.clean import split
from caveat.names.tokens import TokenKind, kind_of
from caveat.names.words import words

_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]+)[)\]）]")
#: What tells companies apart that bear one name.
_APART = (TokenKind.PLACE, TokenKind.NUMBER, TokenKind.FORM)
#: A second name so long is read by itself, too; shorter ones are first letters that many bear.
_OWN = 5
#: Words of a name that stands by itself beside another.
_LEAST = 3
#: What stands between two names of one party.
_KNOWN_AS = re.compile(
    r"\b(?:d[/.]?b[/.]?a|f[/.]?k[/.]?a|t/a|a[/.]k[/.]a|trading as|doing business as|(?:also |formerly |now )known as"
    r"|formerly)\b\.?:?",
    re.IGNORECASE,
)
#: The same where it may be a word of a name, too: only between names of several words.
_MAYBE_KNOWN_AS = re.compile(r"\b(?:aka|alias)\b:?", re.IGNORECASE)
#: A registration mark of an aircraft, also read as one word.
_MARK = re.compile(r"([A-Za-z]{1,2})-[A-Za-z0-9]{2,5}")
_LONGEST_MARK = 8
#: One of these words is in each of them: a name without is passed over at once.
_TRACES = frozenset({"as", "formerly", "alias", "aka", "fka", "dba", "ta"})


def names_within(text: str, parts: list[str]) -> list[list[str]]:
    """The words of the names that one text holds besides itself (its own are `parts`); none of most.

    >>> text = "Acme Trading LLC d/b/a Zorvex (formerly Zorvex Tools)"
    >>> names_within(text, split(text))
    [['acme', 'trading', 'llc'], ['zorvex'], ['zorvex', 'tools']]

    >>> text = "Luoyang Institute of Science and Technology - Luoyang Institute of Technology"
    >>> names_within(text, split(text))[1]
    ['luoyang', 'institute', 'of', 'technology']
    """
    if (
        len(text) <= _LONGEST_MARK
        and (mark := _MARK.fullmatch(text))
        and _kind(mark[1].lower()) is not TokenKind.PARTICLE
    ):
        return [[text.lower()]]
    if not _TRACES.isdisjoint(parts) and (known_as := _known_as(text)):
        return known_as
    if " - " not in text and " – " not in text:
        return without_brackets(text)
    names = [split(part) for part in re.split(" [-–] ", text)]
    are_bodies = all(len(name) >= _LEAST and any(_kind(w) is TokenKind.GENERIC for w in name) for name in names)
    return names if are_bodies else without_brackets(text)


def _known_as(text: str) -> list[list[str]]:
    """The names of one party in a text that says so; none of most."""
    for mark, least in ((_KNOWN_AS, 1), (_MAYBE_KNOWN_AS, 2)):
        if mark.search(text):
            names = [split(part) for part in mark.split(text)]
            if all(len(name) >= least for name in names):
                return names
    return []


def without_brackets(text: str) -> list[list[str]]:
    """The words of a name without what brackets repeat, and those of a second name in brackets; often none.

    Brackets that tell companies apart, by place, number or trade, stay where they are.

    >>> without_brackets("China Electronics Technology Group (CETC)")
    [['china', 'electronics', 'technology', 'group']]
    >>> without_brackets("Dawning Information Industry Co. (Sugon)")
    [['dawning', 'information', 'industry', 'co'], ['sugon']]
    >>> without_brackets("Huacheng (Tianjin) Ship Leasing")
    []
    """
    found = _BRACKETS.search(text) if "(" in text or "[" in text or "（" in text else None
    if found is None:
        return []
    inside, outside = split(found[1]), split(text[: found.start()] + " " + text[found.end() :])
    if not inside or not outside or all(_kind(word) in _APART for word in inside):
        return []
    if all(any(other.startswith(word) for other in outside) for word in inside) or _is_short(inside, outside):
        return [outside] if any(_kind(word) is not TokenKind.FORM for word in inside) else []
    is_second = _kind(outside[-1]) is TokenKind.FORM and all(_kind(word) is TokenKind.WORD for word in inside)
    return [outside, inside] if is_second and len("".join(inside)) >= _OWN else [outside] if is_second else []


def _kind(word: str) -> TokenKind:
    return kind_of(words().same.get(word, word))


def _is_short(inside: list[str], outside: list[str]) -> bool:
    """Whether one word is made of letters of the name, in their order, from its first letter on: COMAC, CASC."""
    if len(inside) > 1 or not 3 <= len(inside[0]) <= 8 or len(outside) < 3:
        return False
    if all(word[0] != inside[0][0] for word in outside[:2]):
        return False
    letters = iter("".join(outside))
    return all(letter in letters for letter in inside[0])
