"""First letters of a long name: AVIC, SMIC, YMTC, IRISL."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import lru_cache

from caveat.names.tokens import Token, TokenKind

_WORD, _GENERIC, _FORM, _PLACE = TokenKind.WORD, TokenKind.GENERIC, TokenKind.FORM, TokenKind.PLACE
#: Kinds that lend no letter; kinds that are not what a name is made of. By their numbers.
_IS_SMALL, _IS_FORMAL = (
    tuple(kind in some for kind in TokenKind)
    for some in (
        (TokenKind.NUMBER, TokenKind.STOP, TokenKind.PARTICLE, TokenKind.TITLE),
        (TokenKind.FORM, TokenKind.STOP, TokenKind.PLACE),
    )
)
#: Legal forms that lend their first letter to a short name.
_SPOKEN = frozenset({"company", "co", "corporation", "corp", "group", "organization"})
#: Shorter ones agree with too many names by chance.
SHORTEST, LONGEST = 3, 8
_MOST_WORDS = 10


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
    words: list[tuple[str, bool]] = []  # each with whether it must give its letter
    is_body = False
    content = 0
    for t in tokens:
        kind = t.kind
        if _IS_SMALL[kind] or not t.text.isascii():
            continue
        if kind is _FORM:
            if t.text in _SPOKEN:
                words.append((t.text, False))
                is_body = True
            continue
        is_body = is_body or kind is _GENERIC or kind is _PLACE
        words.append((t.text, kind is _WORD or kind is _GENERIC))
        content += 1
    if not is_body or content < 2 or not SHORTEST <= len(words) <= _MOST_WORDS:
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
        if not _IS_FORMAL[one.kind]:
            if word is not None or one.kind is not _WORD:
                return None
            word = one
    return word if word and SHORTEST <= len(word.text) <= LONGEST and word.text.isascii() else None
