"""One address against another: numbers must agree, words may be spelled otherwise."""

from __future__ import annotations

import zlib
from functools import lru_cache

from caveat.names import Token, TokenKind, read_name
from caveat.screening.scorer import pair

_SHORT = {
    "st": "street", "str": "street", "ul": "street", "rd": "road", "ave": "avenue", "av": "avenue",
    "blvd": "boulevard", "bldg": "building", "fl": "floor", "flr": "floor", "rm": "room", "dist": "district",
    "prov": "province", "no": "number", "apt": "apartment", "ste": "suite", "lu": "road", "jie": "street",
    "qu": "district", "shi": "city",
}  # fmt: skip
_LIGHT = frozenset([
    "street", "road", "avenue", "boulevard", "building", "floor", "room", "district", "province", "city", "number",
    "apartment", "suite", "unit", "block", "lane", "house", "flat", "office", "box", "po", "p", "o", "zip", "tower",
    "county", "state", "region", "village", "town", "north", "south", "east", "west",
])  # fmt: skip


@lru_cache(maxsize=50_000)
def _tokens(text: str) -> tuple[tuple[Token, int], ...]:
    """The words of an address with their weights (hundredths of a bit)."""
    readings = read_name(text)
    if not readings:
        return ()
    out = []
    for token in readings[-1].tokens:
        word = _SHORT.get(token.text, token.text)
        weight = 40 if word in _LIGHT else 700 if token.kind is TokenKind.NUMBER else max(150, token.bits)
        out.append((token, weight))
    return tuple(out)


def address_points(one: str, other: str) -> int:
    """How far two addresses are one, 0 to 1000; 0 where their numbers differ or too little is shared.

    >>> address_points("555 Qianmo Road, Binjiang", "No. 555 Qianmo Rd., Binjiang District, Hangzhou") > 500
    True
    >>> address_points("12 Qianmo Road, Binjiang", "555 Qianmo Road, Binjiang")
    0
    """
    left, right = _tokens(one), _tokens(other)
    if not left or not right:
        return 0
    numbers = [{t.text for t, _ in side if t.kind is TokenKind.NUMBER} for side in (left, right)]
    if numbers[0] and numbers[1] and not numbers[0] & numbers[1]:
        return 0
    if bool(numbers[0]) != bool(numbers[1]) and min(len(left), len(right)) < 4:
        return 0
    free = list(range(len(right)))
    shared = 0
    for token, weight in left:
        word = _SHORT.get(token.text, token.text)
        for j in free:
            token_other, weight_other = right[j]
            if word == _SHORT.get(token_other.text, token_other.text) or pair(token, token_other)[0] > 0:
                shared += min(weight, weight_other)
                free.remove(j)
                break
    least = min(sum(w for _, w in left), sum(w for _, w in right))
    if shared < 1500:  # a house number and a common word are shared by chance
        return 0
    share = shared * 1000 // max(1, least)
    return share if share >= 600 else 0


def address_codes(text: str) -> list[int]:
    """Numbers for the words of an address that tell it from others, to find it by."""
    return sorted({zlib.crc32(_SHORT.get(t.text, t.text).encode()) for t, weight in _tokens(text) if weight > 40})
