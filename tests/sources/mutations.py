"""Ways in which a download goes wrong, for the fuzz tests of the readers."""

from __future__ import annotations

import re

from hypothesis import strategies as st

#: What may stand where a number or a word is expected.
ODD = (
    "²", "١٩٩٩", "１２", "½", "\x1f1", "\u2028", "\u0085", "\ufeff", "9" * 5000, "-1", "0", "0000", "99/99/9999",
    "31 Feb 2020", "9999-12-31", "0001-01-01T00:00:00+23:59", "84 FR " + "9" * 5000, "84 FR ²", "NaN", "1e999", "null",
    "{}", "[]", '"', "<", "&#0;", "]]>", "\\ud800", "\\u0000", "; ", "(", ")", "\t", "\r", "|", "@", "-0-", "a.k.a. ",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` cut, with flipped bytes, a slice twice, an odd number or word, or in another encoding."""
    how = draw(st.sampled_from(["cut", "flip", "twice", "recode", "insert", "odd"]))
    at = draw(st.integers(0, len(whole)))
    if how == "cut":
        return whole[:at]
    if how == "flip":
        data = bytearray(whole)
        for place in draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
            data[place] = draw(st.integers(0, 255))
        return bytes(data)
    if how == "twice":
        until = draw(st.integers(at, len(whole)))
        return whole[:until] + whole[at:]
    if how == "insert":
        return whole[:at] + draw(st.binary(max_size=40)) + whole[at:]
    if how == "odd":
        return odd(draw, whole)
    encoding = draw(st.sampled_from(["utf-16", "utf-16-le", "cp1252", "utf-8-sig", "latin-1", "utf-32"]))
    return whole.decode("utf-8").encode(encoding, "replace")


def odd(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with one of its numbers or words replaced by something odd."""
    places = list(re.finditer(rb"\d+|[A-Za-z]{2,}", whole))
    if not places:
        return whole
    place = draw(st.sampled_from(places))
    return whole[: place.start()] + draw(st.sampled_from(ODD)).encode() + whole[place.end() :]
