"""The scan of all listed names at once."""

from __future__ import annotations

import time

from caveat.news import NameSet, read_article

ROWS = [
    ("e1", "us.bis.entity_list", "Yixin Science and Technology Co. Ltd.", "primary"),
    ("e2", "us.bis.entity_list", "Hangzhou Hikvision Digital Technology Co., Ltd.", "primary"),
    ("e2", "us.bis.entity_list", "Hikvision", "strong"),
    ("e3", "us.bis.entity_list", "Target", "strong"),
    ("e4", "us.bis.entity_list", "海康威视", "strong"),
]


def test_names_are_found_whole_in_any_script_and_without_their_legal_form() -> None:
    text = "Yixin Science and Technology, Hangzhou Hikvision Digital Technology and 杭州海康威视 said nothing."
    assert [[n.entry_id for n in s.names] for s in NameSet(ROWS).scan(text)] == [["e1"], ["e2"], ["e4"]]


def test_an_ordinary_word_does_not_fire() -> None:
    assert NameSet(ROWS).scan("The Target of the list was a target.") == []


def test_a_name_is_not_found_across_blocks_or_in_lower_case() -> None:
    assert NameSet(ROWS).scan("yixin science and technology\n\nYixin Science\n\nand Technology") == []


def test_known_names_give_their_entries_to_the_event() -> None:
    article = read_article("The Commerce Department added Hikvision to the Entity List.", names=NameSet(ROWS))
    assert article.events[0].entries == {"Hikvision": ("e2",)}


def test_eighty_thousand_names_scan_a_page_in_milliseconds() -> None:
    syllables = ["shen", "zhen", "hua", "wei", "guang", "dong", "xin", "tai", "long", "bei"]
    names = NameSet(
        (
            str(n),
            "us.ofac.sdn",
            f"{syllables[n % 10].title()}{syllables[n // 10 % 10]} {n} Trading Co., Ltd.",
            "primary",
        )
        for n in range(80_000)
    )
    page = "Shenzhen 4321 Trading and others were named by the department on Monday. " * 100
    names.scan(page)
    began = time.perf_counter()
    names.scan(page)
    assert time.perf_counter() - began < 0.2
