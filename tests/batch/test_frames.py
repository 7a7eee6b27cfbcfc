"""Frames in, frames of the same kind out, with the answers of every other road."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import caveat
from caveat.app import App
from caveat.errors import InputError

COLUMNS = {"Name": ["Hikvison Digital", "Quentin Nobody-Atall", None, "DJI"], "country": ["CN", None, "US", "USA"]}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with caveat.open(str(tmp_path_factory.mktemp("frames") / "db.sqlite"), as_of="2026-01-01") as opened:
        yield opened


@pytest.fixture(params=["polars", "pandas"])
def library(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    return frame.to_dicts() if hasattr(frame, "to_dicts") else frame.to_dict("records")


def test_the_same_kind_of_frame_in_the_same_order(app: App, library: Any) -> None:
    frame = library.DataFrame(COLUMNS)
    out = app.screen_frame(frame)
    assert type(out) is type(frame)
    rows = rows_of(out)
    assert [row["Name"] for row in rows[:2]] == COLUMNS["Name"][:2]
    assert [row["status"] for row in rows] == ["hits", "no_hit", "error", "error"]
    assert "no name" in rows[2]["error"]
    assert "USA" in rows[3]["error"]
    wanted = app.screen(caveat.app.Query("Hikvison Digital", country="CN")).hits
    assert (rows[0]["score"], rows[0]["entry_id"], rows[0]["hits"]) == (
        wanted[0].score,
        wanted[0].entry_id,
        len(wanted),
    )
    assert json.loads(rows[0]["evidence"]) == [dict(e) for e in wanted[0].evidence]


def test_every_hit_has_a_row(app: App, library: Any) -> None:
    out = rows_of(app.screen_frame(library.DataFrame(COLUMNS), every_hit=True))
    wanted = app.screen(caveat.app.Query("Hikvison Digital", country="CN")).hits
    assert [row["entry_id"] for row in out[: len(wanted)]] == [hit.entry_id for hit in wanted]
    assert [row["rank"] for row in out[: len(wanted)]] == list(range(1, len(wanted) + 1))
    assert len(out) == len(wanted) + 3


def test_numbers_days_and_lists_are_read(app: App, library: Any) -> None:
    import datetime as dt

    frame = library.DataFrame(
        {"name": ["Hikvision"], "id": [7], "birth_date": [dt.date(1960, 5, 1)], "aliases": [["Hik Vision", "海康威视"]]}
    )
    assert rows_of(app.screen_frame(frame))[0]["status"] == "hits"


def test_an_index_of_the_frame_is_kept(app: App) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(COLUMNS, index=["a", "b", "c", "d"])
    assert list(app.screen_frame(frame).index) == ["a", "b", "c", "d"]


def test_an_empty_frame_comes_back_empty(app: App, library: Any) -> None:
    out = app.screen_frame(library.DataFrame({"name": []}))
    assert len(out) == 0
    assert "status" in out.columns


def test_what_is_no_frame_is_told(app: App, library: Any) -> None:
    for given, words in (
        ([{"name": "x"}], "no frame"),
        (library.DataFrame({"party": ["x"]}), "no column 'name'"),
        (library.DataFrame({"name": ["x"], "score": [1]}), "'score' already"),
    ):
        with pytest.raises(InputError, match=words):
            app.screen_frame(given)
