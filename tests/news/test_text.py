"""Text of every form: offsets that point home, filler set aside, bad input refused with a word."""
# ruff: noqa: E501 - a table reads best one case a line

from __future__ import annotations

import random
import time

import pytest

from caveat.errors import InputError
from caveat.news import read_article

SENTENCE = "The Commerce Department added Acme Photonics and Borealis Chips to the Entity List on March 3, 2021."


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "Menu\nSearch\n\n" + SENTENCE + "\n\nLeave a comment\n\nThe Treasury sanctioned Nobody Trading.",
        SENTENCE.replace(" and Borealis Chips", " and\r\nBorealis\r\nChips"),
        "---\ntitle: x\n---\n\n# News\n\n**" + SENTENCE.replace("Borealis Chips", "[Borealis Chips](https://example.org/b)") + "**\n",
        "<html><body><nav><a href='/'>US blacklists Zeta</a></nav><p>" + SENTENCE.replace(" to ", "&nbsp;to ") + "</p><footer>About</footer></body></html>",
    ],
    ids=["plain", "filler", "broken lines", "markdown", "html"],
)  # fmt: skip
def test_the_same_event_in_every_form_with_places_in_the_file(text: str) -> None:
    article = read_article(text)
    assert [e.entities for e in article.events] == [("Acme Photonics", "Borealis Chips")]
    start, end = article.events[0].evidence
    assert text[start:end].lstrip("*").startswith("The Commerce Department")
    assert text[start:end].rstrip("*").endswith("2021.")
    assert article.events[0].date == "2021-03-03"


def test_bytes_and_text_read_the_same() -> None:
    assert read_article(SENTENCE.encode()).to_dict() == read_article(SENTENCE).to_dict()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        ("", "empty"),
        (b"\x00\x01\x02" * 200, "binary"),
        (random.Random(1).randbytes(5000), "binary"),
        (b"%PDF-1.7 nonsense", "PDF"),
        ("word " * 1_050_000, "more than any article"),
        ("<html><body>" + "<li><a href='/x'>US blacklists another firm</a></li>" * 300 + "</body></html>", "links"),
        ("* * * --- 1234 ...", "no running text"),
    ],
    ids=["no bytes", "blanks", "no text", "nul", "noise", "broken pdf", "book", "links", "no words"],
)  # fmt: skip
def test_what_is_no_article_is_refused_at_once(given: str | bytes, word: str) -> None:
    began = time.perf_counter()
    with pytest.raises(InputError, match=word):
        read_article(given)
    assert time.perf_counter() - began < 5


def test_a_long_text_at_the_bound_ends_in_time() -> None:
    text = ("Hikvision said sales rose. " * 20 + "\n\n") * 700
    began = time.perf_counter()
    assert read_article(text).events == ()
    assert time.perf_counter() - began < 60


def test_what_stands_in_the_widgets_is_no_event() -> None:
    body = (
        "The city opened a park on Monday, and many people came to see the trees that were planted there last year. "
        * 3
    )
    text = f"{body}\n\n{body}\n\nRelated articles\n\nUS adds Acme Photonics to Entity List\n\n" + SENTENCE
    assert read_article(text).events == ()
