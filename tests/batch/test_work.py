"""The same names by every road: one at a time, many at once, in one process or several, killed and begun again."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import caveat
from caveat.app import App

NAMES = [
    "Hikvison Digital", "Quentin Nobody-Atall", "Xinjiang Sailing", "海康威视", "Dahua Technology Co", "SenseTime",
    "Hangzhou Hikvision Digital Technology Co., Ltd.", "Yitu", "Megvii Technolgy", "John Smith", "", "...", "DJI",
    "Aksu Huafu Textiles", "Hoshine Silicon", "Xinjiang Production and Construction Corps", "XPCC", "ZTE Corp",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with caveat.open(str(tmp_path_factory.mktemp("work") / "db.sqlite"), as_of="2026-01-01") as opened:
        yield opened


def make_file(folder: Path, rows: int) -> Path:
    path = folder / "parties.csv"
    cells = (f'{n},"{NAMES[n % len(NAMES)]}",{"CN" if n % 2 else ""}\n' for n in range(rows))
    path.write_text("id,name,country\n" + "".join(cells), "utf-8")
    return path


def alone(app: App, query: Any) -> dict[str, Any]:
    return app.screen(query).to_dict()


def test_every_road_gives_the_same_answer(app: App, tmp_path: Path) -> None:
    path = make_file(tmp_path, 4 * len(NAMES))
    for workers in (1, 2):
        list(app.screen_file(path, tmp_path / f"by{workers}.jsonl", workers=workers))
    by_one, by_two = ((tmp_path / f"by{n}.jsonl").read_bytes() for n in (1, 2))
    assert by_one == by_two
    answers = [json.loads(line) for line in by_one.splitlines()]
    each = [json.loads(json.dumps(a.to_dict())) for a in app.screen_each(app.queries(path))]
    assert answers == each
    asked = list(app.queries(path))
    for query, answer in zip(asked, answers, strict=True):
        if answer["status"] == "error":
            assert query.why
        else:
            assert json.loads(json.dumps(alone(app, query))) == answer


def test_a_word_on_a_hit_stands_on_every_road(app: App, tmp_path: Path) -> None:
    entry = app.screen("Yitu").hits[0].entry_id
    app.reject("Yitu", entry, "another party", "tester")
    path = tmp_path / "words.csv"
    path.write_text("name\nYitu\nYITU\n", "utf-8")
    for workers in (1, 2):
        out = tmp_path / f"words{workers}.jsonl"
        list(app.screen_file(path, out, workers=workers))
        said = [json.loads(line)["hits"][0]["word"] for line in out.read_text("utf-8").splitlines()]
        assert said[0]["said"] == "rejected"
        assert said[1] is None, "a word is on one query, as it was asked"


def test_the_cards_of_a_day_follow_that_day(app: App, tmp_path: Path) -> None:
    path = tmp_path / "then.csv"
    path.write_text("name\nHikvision\n", "utf-8")
    before = app.as_of("2019-10-01", "2019-10-01")
    list(app.screen_file(path, tmp_path / "then.jsonl", as_of=before, workers=2))
    then = json.loads((tmp_path / "then.jsonl").read_text("utf-8"))
    assert "us.bis.entity_list" not in {hit["list"] for hit in then["hits"]}
    assert then == json.loads(json.dumps(app.screen(next(app.queries(path)), as_of=before).to_dict()))


def test_killed_at_twenty_moments_and_run_again_gives_the_same_bytes(app: App, tmp_path: Path) -> None:
    path, out = make_file(tmp_path, 2000), tmp_path / "out.jsonl"
    began = time.monotonic()
    list(app.screen_file(path, tmp_path / "whole.jsonl", workers=1))
    whole = time.monotonic() - began
    rng = random.Random(20)
    kills = rounds = 0
    while kills < 20 or not out.exists():
        rounds += 1
        assert rounds < 80, "the job never ends"
        job = _begin(app.config.db, path, out)
        if kills < 20:
            time.sleep(rng.random() * whole / 4)
            os.kill(job, signal.SIGKILL)
        _, status = os.waitpid(job, 0)
        kills += os.WIFSIGNALED(status)
        if out.exists():
            for end in ("", ".rejects.jsonl"):
                assert Path(f"{out}{end}").read_bytes() == (tmp_path / f"whole.jsonl{end}").read_bytes()
            if kills < 20:
                out.unlink()


def _begin(db: str, path: Path, out: Path) -> int:
    """The job in a process of its own; its number."""
    child = os.fork()
    if child:
        return child
    try:
        with caveat.open(db, as_of="2026-01-01") as app:
            list(app.screen_file(path, out, workers=1))
    finally:
        os._exit(0)
