"""What the loader of the starter record refuses, and how it says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.errors import LawError
from caveat.record import Record, read_record
from caveat.record import read as reading

EL = "us.bis.entity_list"
DAY = dt.date.fromisoformat

GOOD: dict[str, Any] = {
    "texts": {"all": "For all items"},
    "citations": {"84 FR 1": DAY("2019-10-09"), "85 FR 2": DAY("2020-07-22")},
    "every_entry": {"list": EL, "kind": "organization", "country": "CN"},
    "entries": [
        {
            "name": "Acme", "effective_on": DAY("2019-10-09"),
            "aliases": ["Acme Two", {"text": "甲", "source": "press"}],
            "addresses": ["1 Road"], "identifiers": [{"kind": "uscc", "value": "1"}], "citations": ["84 FR 1"],
            "unconfirmed": ["effective_on"], "details": {"a": "b"},
            "terms": [
                {
                    "from": DAY("2019-10-09"), "known": DAY("2019-10-09"), "cite": "84 FR 1",
                    "license_requirement": "all",
                },
                {"from": DAY("2020-07-22"), "known": DAY("2020-07-22"), "footnotes": ["4"], "cite": "85 FR 2"},
            ],
            "removed": {"on": DAY("2021-01-01"), "known": DAY("2021-01-02"), "cite": "85 FR 2"},
        }
    ],
}  # fmt: skip


def copy() -> dict[str, Any]:
    fresh: dict[str, Any] = yaml.safe_load(yaml.safe_dump(GOOD, allow_unicode=True))
    return fresh


def load(data: Any, folder: Path) -> Record:
    text = yaml.safe_dump(data, allow_unicode=True) if not isinstance(data, str) else data
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return read_record(folder)


def test_the_sample_loads(tmp_path: Path) -> None:
    (entry,) = load(GOOD, tmp_path).entries
    assert len(entry.states) == 2 and entry.removed and entry.row == f"a.yaml#{EL}/Acme"


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


def put(value: Any, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return change


BLOCK = ("entries", 0)
TERM = ("entries", 0, "terms", 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop(*BLOCK, "effective_on"), "effective_on is missing"),
        (drop(*BLOCK, "name"), "name is missing"),
        (drop(*BLOCK, "citations"), "needs a citation"),
        (put("2019", *BLOCK, "effective_on"), "not a day"),
        (put(["86 FR 3"], *BLOCK, "citations"), "stands in no citations block"),
        (put("x", *BLOCK, "effective"), "unknown key effective"),
        (put("Hikvision", *BLOCK, "aliases"), "aliases is a list"),
        (put([{"text": "x", "quality": "best"}], *BLOCK, "aliases"), "strong, weak or former"),
        (put([{"source": "x"}], *BLOCK, "aliases"), "not whole"),
        (put(["Acme Two", "Acme Two"], *BLOCK, "aliases"), "given twice"),
        (put("nobody", *BLOCK, "same_as"), "unknown party 'nobody'"),
        (put("firm", *BLOCK, "kind"), "kind 'firm'"),
        (put(["effective"], *BLOCK, "unconfirmed"), "no field of an entry"),
        (put([], *BLOCK, "terms"), "first term begins on effective_on"),
        (drop(*TERM, "from"), "from is not a day"),
        (drop(*TERM, "known"), "known is not a day"),
        (drop(*TERM, "cite"), "citation is missing"),
        (put("no", *TERM, "confirmed"), "true or false"),
        (put("nothing", *TERM, "license_review_policy"), "stands in no texts block"),
        (put("x", *TERM, "until"), "unknown key until"),
        (put(DAY("2019-10-09"), *TERM, "from"), "in the order of their days"),
        (put(DAY("2019-10-10"), "entries", 0, "terms", 0, "from"), "first term begins on effective_on"),
        (drop(*BLOCK, "removed", "cite"), "citation is missing"),
        (put(DAY("2020-07-22"), *BLOCK, "removed", "on"), "ends after its last term"),
        (put(None, "citations", "84 FR 1"), "day of publication"),
        (put({"x": {"title": "X", "why": "y"}}, "parties"), "fewer than two entries"),
        (put({"x": {"title": "X"}}, "parties"), "needs a title and a why"),
        (put(1, "notes"), "unknown key notes"),
        (put(["x"], "entries"), "entry 1 is not a block"),
        (lambda data: data["entries"].append(data["entries"][0]), "the same listing stands twice"),
    ],
)
def test_refuses(change: Callable[[dict[str, Any]], None], says: str, tmp_path: Path) -> None:
    data = copy()
    change(data)
    with pytest.raises(LawError, match=re.escape(says)) as caught:
        load(data, tmp_path)
    assert (caught.value.where or "").startswith(("a.yaml", "parties"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("entries: [", "not readable as YAML"),
        ("entries: []\nentries: []\n", "a key is given twice"),
        ("- a\n", "expected the sections"),
        ("citations: {x: 2019-02-31}\n", "not readable as YAML"),
        ("", "expected the sections"),
    ],
)
def test_refuses_what_is_no_record(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(LawError, match=says):
        load(text, tmp_path)


def test_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="no starter record"):
        read_record(tmp_path)


def paths(data: Any, base: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [base] if base else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += paths(value, (*base, key))
    return found


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 0, 7, True, [], [[]], ["x"], {}, {"x": 1}, DAY("2020-01-01"), [None], [{}], 1.5]
)


@settings(max_examples=300, deadline=None)
@given(where=st.sampled_from(paths(GOOD)), value=ODD)
def test_any_other_value_is_read_or_refused(
    where: tuple[str | int, ...], value: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = copy()
    put(value, *where)(data)
    try:
        load(data, tmp_path_factory.getbasetemp())
    except LawError as error:
        assert error.where and error.what


def test_digest_follows_the_bytes(tmp_path: Path) -> None:
    before = load(GOOD, tmp_path).digest
    (tmp_path / "a.yaml").write_text((tmp_path / "a.yaml").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert read_record(tmp_path).digest != before


def test_on_is_a_word_not_a_boolean() -> None:
    assert reading._parse(b"texts: {on: yes, off: no}", "a.yaml") == {"texts": {"on": "yes", "off": "no"}}
