"""A screener remembers a bounded number of questions and listings, and what it forgot it asks again."""

from __future__ import annotations

from pathlib import Path

import pytest

import caveat

NAMES = ("Hikvison Digital", "海康威视", "Dahua", "Zhejiang Uniview", "Nobody Whatsoever Ltd", "DJI", "Chen Quanguo")


def test_what_was_forgotten_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caveat.batch.screener._REMEMBERED", 2)
    with caveat.open(str(tmp_path / "ledger.sqlite")) as app:
        first = [app.screen(name).to_dict() for name in NAMES]
        assert [app.screen(name).to_dict() for name in NAMES] == first
        screener = app._screener(app.as_of())
        assert max(len(screener._listings), len(screener._found)) <= 2 + 20
