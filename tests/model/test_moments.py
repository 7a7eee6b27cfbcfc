"""Moments and citations at the edges of the calendar and of what a list may print."""

from __future__ import annotations

import pytest

from caveat.model import Citation, Moment


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00+23:59",
        "9999-12-31T23:59-23:59",
        "2021-02-29",
        "2021-12-02T24:00",
        "2021-12-02T12:60",
        "２０２１-12-02",
        "٢٠٢١-12-02T01:42",
        "2021-12-02T01:42+1",
        "",
        "\x1f2021-12-02x",
    ],
)
def test_what_is_no_moment_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"calendar|not a day|day|minute|hour|month"):
        Moment.parse(text)


def test_early_years_keep_four_digits() -> None:
    early = Moment.parse("0987-05-04T03:02Z")
    assert early.text == "0987-05-04T03:02:00"
    assert Moment.from_key(early.key) == early < Moment.parse("2021-12-02")
    assert Moment.parse("2021-12-02T01:42:07.123+02:00").text == "2021-12-01T23:42:07"


@pytest.mark.parametrize(
    ("cite", "page"),
    [
        ("84 FR 54,002", (84, 54002)),
        ("84 Fed. Reg. 54002, 54004", (84, 54002)),
        ("84 FR " + "9" * 5000, None),
        ("84 FR ²", None),
        ("٨٤ FR 54002", None),
        ("15 CFR 744.11", None),
    ],
)
def test_volume_and_page(cite: str, page: tuple[int, int] | None) -> None:
    assert Citation(cite).volume_and_page == page
