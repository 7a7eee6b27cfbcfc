"""First letters of a long name: AVIC, SMIC, YMTC, IRISL."""

from __future__ import annotations

from collections.abc import Container, Sequence
from enum import IntFlag
from functools import lru_cache

from caveat.names.tokens import Token, TokenKind

#: Legal forms that lend their first letter to a short name.
_SPOKEN = frozenset({"company", "co", "corporation", "corp", "group", "organization"})
#: Shorter ones agree with too many names by chance.
SHORTEST, LONGEST = 3, 8
_MOST_WORDS = 10


class Role(IntFlag):
    """What a word is to short names. The compiled kernel has the same numbers."""

    MAY = 1  # it may lend its first letter
    MUST = 2  # it lends it
    CONTENT = 4  # it is one of the two words that a long name has at least
    BODY = 8  # a name with it is no person's
    FORMAL = 16  # a short name may have it, too
    SHORT = 32  # it may be a short name itself
    ODD = 64  # it may be read otherwise, by the words beside it


_MAY, _MUST, _CONTENT, _BODY, _FORMAL, _SHORT, _ = map(int, Role)
_ROLES = {
    TokenKind.WORD: _MUST | _CONTENT,
    TokenKind.GENERIC: _MUST | _CONTENT | _BODY,
    TokenKind.PLACE: _MAY | _CONTENT | _BODY | _FORMAL,
    TokenKind.INITIAL: _MAY | _CONTENT,
    TokenKind.FORM: _FORMAL,
    TokenKind.STOP: _FORMAL,
}


def role_of(t: Token) -> int:
    """What a word is to short names: a sum of `Role`s."""
    role = _ROLES.get(t.kind, 0)
    if not t.text.isascii():
        return role & _FORMAL
    if t.kind is TokenKind.WORD and SHORTEST <= len(t.text) <= LONGEST:
        return role | _SHORT
    return role | _MAY | _BODY if t.kind is TokenKind.FORM and t.text in _SPOKEN else role


@lru_cache(maxsize=50_000)
def acronyms(tokens: tuple[Token, ...]) -> frozenset[str]:
    """What a name of at least three words may be shortened to.

    Distinctive and trade words give their first letter (the first word one or two), forms and places may.

    >>> from caveat.names import read_name
    >>> "avic" in acronyms(read_name("Aviation Industry Corporation of China")[0].tokens)
    True
    """
    return frozenset(find_acronyms(tokens))


def find_acronyms(tokens: Sequence[Token], beginnings: Container[str] | None = None) -> set[str]:
    """The same, not remembered: for names that are met once. Only those that grow through `beginnings`, if given."""
    if len(tokens) < SHORTEST:
        return set()
    words: list[tuple[str, int]] = []  # each with whether it must give its letter
    roles = content = 0
    for t in tokens:
        role = role_of(t)
        roles |= role
        content += role & _CONTENT == _CONTENT
        if role & (_MAY | _MUST):
            words.append((t.text, role & _MUST))
    if not roles & _BODY or content < 2 or not SHORTEST <= len(words) <= _MOST_WORDS:
        return set()
    first, is_needed = words[0]
    heads = {first[:1], first[:2]} if is_needed else {first[:1], ""}
    for word, is_needed in words[1:]:
        letter = word[:1]
        more = {head + letter for head in heads}
        if beginnings is not None:
            more = {head for head in more if head in beginnings}
        heads = {head for head in (more if is_needed else more | heads) if len(head) <= LONGEST}
    least = len(words) if len(words) == SHORTEST else SHORTEST + 1  # three letters for three words, no less
    return {head for head in heads if len(head) >= least}


def may_be_acronym(tokens: Sequence[Token]) -> Token | None:
    """The one word of a name that may stand for a longer one; None where there is no such word."""
    word = None
    for one in tokens:
        role = role_of(one)
        if not role & _FORMAL:
            if word is not None or not role & _SHORT:
                return None
            word = one
    return word
