"""The words of the pages, and the titles of lists, in English and simplified Chinese: `strings/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES: dict[str, str] = {"en": "English", "zh": "中文"}
_FOLDER = Path(__file__).parent / "strings"


class Words:
    """One language. `words("hits", n=3)` is the text of that name; KeyError where there is none."""

    def __init__(self, language: str, texts: Mapping[str, str], lists: Mapping[str, str]) -> None:
        self.language = language
        self.texts = texts
        self.lists = lists

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return "zh-Hans" if self.language == "zh" else "en"

    def __call__(self, name: str, /, **values: Any) -> str:  # noqa: D102 - told above
        text = self.texts[name]
        if "n" in values and values["n"] == 1 and f"{name}_one" in self.texts:
            text = self.texts[f"{name}_one"]
        return text.format(**values) if values else text

    def term(self, group: str, word: Any) -> str:
        """The text for one of the app's own words (`status.listed`); the word itself where the pages know none."""
        return self.texts.get(f"{group}.{word}", str(word).replace("_", " "))

    def title(self, list_id: str, title: str) -> str:
        """What a list is called; its own title where the language has no other."""
        return self.lists.get(list_id, title)


@cache
def words_in(language: str) -> Words:
    """The words of a language."""
    lists = _FOLDER / f"lists.{language}.yaml"
    return Words(
        language,
        yaml.safe_load((_FOLDER / f"{language}.yaml").read_text("utf-8")),
        yaml.safe_load(lists.read_text("utf-8")) if lists.exists() else {},
    )


def choose(asked: str | None, kept: str | None, accepted: str) -> str:
    """The language: asked for, else chosen before, else the browser's first that we have."""
    for word in (asked, kept):
        if word in LANGUAGES:
            return str(word)
    for part in accepted.split(","):
        word = part.partition(";")[0].strip().lower()[:2]
        if word in LANGUAGES:
            return word
    return "en"
