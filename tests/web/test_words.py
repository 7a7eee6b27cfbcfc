"""Both languages say the same things, and every text a template names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import caveat
from caveat.model import ACTIVITIES, ITEM_KINDS, OUTCOMES, POLICIES, ROLES

pytest.importorskip("jinja2", reason="needs caveat[serve]")

from caveat.sources import load_catalog
from caveat.web.words import choose, words_in

TEMPLATES = Path(caveat.__file__).parent / "web" / "templates"


def test_both_languages_have_the_same_names_and_values() -> None:
    english, chinese = words_in("en").texts, words_in("zh").texts
    assert set(english) == set(chinese)
    for name, text in english.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", chinese[name])), name
        assert isinstance(text, str)
        assert isinstance(chinese[name], str)


def test_every_list_has_a_chinese_title() -> None:
    titles = words_in("zh").lists
    assert set(titles) == set(load_catalog())
    assert all(re.search("[\u4e00-\u9fff]", title) for title in titles.values())
    assert len(set(titles.values())) == len(titles)
    assert words_in("zh").title("my.own", "Our list") == words_in("en").title("my.own", "Our list") == "Our list"


def test_every_text_a_template_names_is_there() -> None:
    texts = words_in("en").texts
    for path in TEMPLATES.glob("*.html"):
        for name in re.findall(r"\bt\('([^'~]+)'[,)]", path.read_text("utf-8")):
            assert name in texts, (path.name, name)


def test_no_text_is_idle() -> None:
    used = " ".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.html"))
    groups = set(re.findall(r"t(?:, |\.term\()'(\w+)'", used)) | {"word", "nav", "cite", "outcome", "policy"}
    groups |= set(re.findall(r"choice\('\w+', '(\w+)'", used))
    for name in words_in("en").texts:
        base = name.removesuffix("_one")
        assert f"'{base}'" in used or name.split(".")[0] in groups, name


def test_the_words_of_the_model_are_told_in_both_languages() -> None:
    for group, words in (
        ("outcome", OUTCOMES), ("outcome_means", OUTCOMES), ("policy", POLICIES), ("activity", ACTIVITIES),
        ("role", ROLES), ("item_kind", ITEM_KINDS),
    ):  # fmt: skip
        for word in words:
            assert f"{group}.{word}" in words_in("zh").texts


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        (None, None, "", "en"), (None, None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"), (None, "en", "zh-CN", "en"),
        ("zh", "en", "", "zh"), ("fr", None, "fr,de", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_asked_for(asked: str, kept: str, accepted: str, language: str) -> None:
    assert choose(asked, kept, accepted) == language
