"""Ways in which a download goes wrong, for the fuzz tests of the readers."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` cut, with flipped bytes, with a slice twice, or in another encoding."""
    how = draw(st.sampled_from(["cut", "flip", "twice", "recode", "insert"]))
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
    encoding = draw(st.sampled_from(["utf-16", "utf-16-le", "cp1252", "utf-8-sig", "latin-1", "utf-32"]))
    return whole.decode("utf-8").encode(encoding, "replace")
