"""Feeds, folders and stories."""
# ruff: noqa: E501 - a table reads best one case a line

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from caveat.errors import InputError, ShapeError
from caveat.news import Statement, gather_stories, join_variants, read_article, read_feed, read_folder, read_items

STORY = "The Commerce Department added Acme Photonics and Borealis Chips to the Entity List on March 3, 2021."
RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Two added</title><link>https://example.org/1</link><pubDate>Thu, 04 Mar 2021 09:00:00 GMT</pubDate>
<description>&lt;p&gt;{STORY}&lt;/p&gt;</description></item>
<item><title>Empty</title><link>https://example.org/2</link><description></description></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Two added</title>
<link href="https://example.org/1"/><updated>2021-03-04T09:00:00Z</updated><content type="text">{STORY}</content></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS, ATOM], ids=["rss", "atom"])
def test_a_feed_is_read_item_by_item(feed: str) -> None:
    items = read_feed(feed.encode())
    assert (items[0].address, items[0].published) == ("https://example.org/1", dt.date(2021, 3, 4))
    reads = list(read_items(items))
    assert reads[0].article is not None
    assert reads[0].article.events[0].entities == ("Acme Photonics", "Borealis Chips")
    assert reads[0].article.source_address == "https://example.org/1"


@pytest.mark.parametrize("data", [b"<html/>", b"not xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;</rss>"])
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(ShapeError):
        read_feed(data)


def test_a_folder_keeps_the_error_of_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_bytes(b"\x00\x01")
    (tmp_path / "c.jpg").write_bytes(b"x")
    reads = list(read_folder(tmp_path))
    assert [r.where for r in reads] == ["a.txt", "b.txt"]
    assert reads[0].article is not None
    assert isinstance(reads[1].error, InputError)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no article"):
        list(read_folder(tmp_path))


def test_the_same_story_told_twice_is_one_and_another_is_not() -> None:
    one = read_article(STORY)
    two = read_article(
        "March 4, 2021\n\nBorealis Chips and Acme Photonics were put on the Entity List on "
        "Wednesday, the Commerce Department said."
    )
    other = read_article("The Commerce Department added Cobalt Systems to the Entity List on June 9, 2022.")
    stories = gather_stories([one, two, other, one])
    assert [len(s.articles) for s in stories] == [2, 1]
    assert len(stories[0].events) == 1


def test_a_corrected_article_updates_its_events_and_keeps_the_old_reading() -> None:
    from dataclasses import replace

    old = replace(read_article(STORY), source_address="https://example.org/1")
    new = replace(
        read_article(STORY.replace("Borealis Chips", "Boreal Optics")), source_address="https://example.org/1"
    )
    (story,) = gather_stories([old, new])
    assert [e.entities for e in story.events] == [("Acme Photonics", "Boreal Optics")]
    assert story.earlier == (old,)


def test_two_translations_of_one_utterance_are_joined_and_two_speakers_are_not() -> None:
    one = Statement(
        "Geng Shuang",
        "Foreign Ministry",
        "denies",
        (0, 9),
        ("These accusations are nothing more than an excuse to interfere in China's internal affairs",),
    )
    two = Statement(
        "Geng Shuang",
        "Ministry",
        "denies",
        (0, 9),
        ("the related accusations are nothing but an excuse to intervene in China's domestic politics",),
    )
    other = Statement("Liu Fei", "Leon Technology", "denies", (0, 9), ("Such accusations are purely made up",))
    assert [len(g) for g in join_variants([one, other, two])] == [2, 1]
