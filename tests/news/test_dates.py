"""Days told in words, against the article's own day."""

from __future__ import annotations

import datetime as dt

import pytest

from caveat.news import read_article
from caveat.news.dates import find_dates, find_published

DAY = dt.date(2019, 10, 9)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("on Monday", "2019-10-07"),
        ("on Wednesday", "2019-10-09"),
        ("last Wednesday", "2019-10-02"),
        ("yesterday", "2019-10-08"),
        ("two days ago", "2019-10-07"),
        ("on Oct. 7", "2019-10-07"),
        ("on 7 October 2018", "2018-10-07"),
        ("in December", "2018-12"),
        ("in May 2019", "2019-05"),
        ("last month", "2019-09"),
        ("2020-06-05", "2020-06-05"),
        ("14.06.2024", "2024-06-14"),
        ("last week", None),
        ("in 2017", "2017"),
    ],
)
def test_a_day_in_words(words: str, value: str | None) -> None:
    text = f"The list was changed {words}, it said."
    assert [d.value for d in find_dates(text, 0, len(text), DAY)] == [value]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published: Wed, October 09, 2019", DAY),
        ("WASHINGTON, Oct 9, 2019 (Agency) - The department said so.", DAY),
        ("9 October 2019", DAY),
        ("On October 9, 2019, the list was changed by the department and others.", None),
        ("The rule takes effect on October 9, 2019.", None),
    ],
)
def test_the_article_s_own_day(line: str, day: dt.date | None) -> None:
    assert find_published(line, [(0, len(line))]) == day


def test_announced_published_and_effective_are_kept_apart() -> None:
    text = (
        "The Commerce Department announced on October 7, 2019 that it had added Acme Photonics to the Entity List; "
        "the rule was published on October 9, 2019 and is effective October 10, 2019."
    )
    event = read_article(text).events[0]
    assert event.date == "2019-10-07"
    assert event.days == {"announced_on": "2019-10-07", "published_on": "2019-10-09", "effective_on": "2019-10-10"}


def test_without_a_day_of_its_own_a_weekday_stays_open() -> None:
    text = "The Commerce Department added Acme Photonics to the Entity List on Friday."
    assert read_article(text).events[0].date is None
    assert read_article(text, published=dt.date(2020, 6, 8)).events[0].date == "2020-06-05"
