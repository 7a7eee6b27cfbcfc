"""The sample articles: what the reader finds in them, tuned on and held back."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from news_grading import SAMPLES, grade, is_held_back

from caveat import news
from caveat.news import read_article

PATHS = sorted(SAMPLES.rglob("[0-9][0-9].txt"))
SCHEMA = json.loads((Path(news.__file__).parent / "schema" / "article.json").read_text(encoding="utf-8"))


def test_there_are_enough_samples_of_every_list_and_action() -> None:
    golds = [json.loads(p.with_suffix(".json").read_text(encoding="utf-8")) for p in PATHS]
    lists = {e["list"] for g in golds for e in g["events"]}
    assert lists == set(SCHEMA["$defs"]["event"]["properties"]["list"]["enum"])
    assert {e["action"] for g in golds for e in g["events"]} == {
        "add",
        "remove",
        "modify",
        "propose",
        "announce_intent",
    }
    assert sum(g["negative"] for g in golds) >= 8


def test_names_and_dates_of_the_samples_tuned_on() -> None:
    got = grade([p for p in PATHS if not is_held_back(p)])
    assert got.names_f1 >= 0.94
    assert got.dates_right / got.dates >= 0.9
    assert got.false_events == 0


def test_names_and_dates_of_the_samples_held_back() -> None:
    got = grade([p for p in PATHS if is_held_back(p)])
    assert got.names_f1 >= 0.9
    assert got.dates_right / got.dates >= 0.9
    assert got.false_events == 0


@pytest.mark.parametrize(
    "text", (SAMPLES / "ordinary.txt").read_text(encoding="utf-8").split("\n---\n"), ids=lambda t: t[:40].strip()
)
def test_ordinary_business_news_tells_no_event(text: str) -> None:
    assert read_article(text).events == ()


@pytest.mark.parametrize("path", PATHS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_answer_has_the_form_and_its_words_stand_in_the_text(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    article = read_article(text)
    answer = article.to_dict()
    jsonschema.validate(answer, SCHEMA)
    flat = " ".join(text.replace("-\n", "-").replace("*", "").replace("&nbsp;", " ").replace("&amp;", "&").split())
    for event in article.events:
        assert 0 <= event.evidence[0] < event.evidence[1] <= len(text)
        for name in event.entities:
            assert name in flat
    for statement in article.statements:
        assert 0 <= statement.evidence[0] < statement.evidence[1] <= len(text)
