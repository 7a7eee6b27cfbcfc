"""First letters of a long name: AVIC, SMIC, YMTC, IRISL."""

from __future__ import annotations

from functools import lru_cache

from caveat.names.tokens import Token, TokenKind

_NEEDED = (TokenKind.WORD, TokenKind.GENERIC)
#: Legal forms that lend their first letter to a short name.
_SPOKEN = frozenset({"company", "co", "corporation", "corp", "group", "organization"})
#: Shorter ones agree with too many names by chance.
SHORTEST, LONGEST = 3, 8


@lru_cache(maxsize=50_000)
def acronyms(tokens: tuple[Token, ...]) -> frozenset[str]:
    """What a name of at least three words may be shortened to.

    Distinctive and trade words give their first letter (the first word one or two), forms and places may.

    >>> from caveat.names import read_name
    >>> "avic" in acronyms(read_name("Aviation Industry Corporation of China")[0].tokens)
    True
    """
    small = (TokenKind.NUMBER, TokenKind.STOP, TokenKind.PARTICLE, TokenKind.TITLE)
    words = [t for t in tokens if t.kind not in small and t.text.isascii()]
    words = [t for t in words if t.kind is not TokenKind.FORM or t.text in _SPOKEN]
    is_body = any(t.kind in (TokenKind.GENERIC, TokenKind.FORM, TokenKind.PLACE) for t in words)
    content = sum(t.kind is not TokenKind.FORM for t in words)
    if not is_body or content < 2 or not 3 <= len(words) <= 10:
        return frozenset()
    heads = {""}
    for place, word in enumerate(words):
        sizes = (1, 2) if place == 0 and word.kind in _NEEDED else (1,)
        more = {head + word.text[:size] for head in heads for size in sizes}
        heads = more if word.kind in _NEEDED else more | heads
        heads = {head for head in heads if len(head) <= LONGEST}
    least = len(words) if len(words) == SHORTEST else SHORTEST + 1  # three letters for three words, no less
    return frozenset(head for head in heads if len(head) >= least)


def may_be_acronym(tokens: tuple[Token, ...]) -> Token | None:
    """The one word of a name that may stand for a longer one; None where there is no such word."""
    content = [t for t in tokens if t.kind not in (TokenKind.FORM, TokenKind.STOP, TokenKind.PLACE)]
    if len(content) != 1 or content[0].kind is not TokenKind.WORD:
        return None
    word = content[0]
    return word if SHORTEST <= len(word.text) <= LONGEST and word.text.isascii() else None
