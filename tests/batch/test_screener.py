"""A screener remembers a bounded number of questions and listings, and what it forgot it asks again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import caveat
from caveat.screening import Query

NAMES = ("Hikvison Digital", "海康威视", "Dahua", "Zhejiang Uniview", "Nobody Whatsoever Ltd", "DJI", "Chen Quanguo")


def test_what_was_forgotten_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caveat.batch.screener._REMEMBERED", 2)
    with caveat.open(str(tmp_path / "ledger.sqlite")) as app:
        first = [app.screen(name).to_dict() for name in NAMES]
        assert [app.screen(name).to_dict() for name in NAMES] == first
        screener = app._screener(app.as_of())
        assert max(len(screener._listings), len(screener._found)) <= 2 + 20


def test_written_cards_say_what_the_ledger_says(tmp_path: Path) -> None:
    with caveat.open(str(tmp_path / "ledger.sqlite")) as app:
        app.confirm("Dahua", app.screen("Dahua").hits[0].entry_id, "same address", "a tester")
        screener = app._screener(app.as_of())
        assert not screener.settle()
        from_ledger = [app.screen(name, near=True).to_dict() for name in NAMES]
        app.settle()
        assert screener.settle()
        screener._listings.clear()
        assert [app.screen(name, near=True).to_dict() for name in NAMES] == from_ledger
        assert not screener._listings
        assert any(answer["hits"] for answer in from_ledger)
        old = screener.index.folder / "standing-0"
        old.mkdir()
        os.utime(old, (0, 0))
        with caveat.open(str(tmp_path / "ledger.sqlite"), as_of="2021-01-01") as then:
            then._screener(then.as_of()).write_cards()
        assert not old.exists()
        assert len(list(screener.index.folder.glob("standing-*"))) == 2


def test_a_query_may_be_given_lists(tmp_path: Path) -> None:
    with caveat.open(str(tmp_path / "ledger.sqlite")) as app:
        listed = app.screen(Query("Nobody Ltd", aliases=["Dahua"], identifiers=["1"])).to_dict()
        assert listed == app.screen(Query("Nobody Ltd", aliases=("Dahua",), identifiers=("1",))).to_dict()
        assert listed["query"]["aliases"] == ["Dahua"]
