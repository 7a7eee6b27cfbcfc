"""Batch jobs: killed anywhere and run again, the answers are the same bytes; the input is never harmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caveat.batch import Progress, Rejected, screen_file
from caveat.errors import CaveatError, InputError
from caveat.screening import Query


class PowerCutError(Exception):
    """Stands for kill -9."""


def answer(query: Query | Rejected) -> dict[str, Any]:
    """A made-up answer."""
    if isinstance(query, Rejected):
        return {"status": "error", "error": query.why}
    return {"status": "hits" if "7" in query.name else "no_hit", "name": query.name}


def screen(queries: Iterator[Query | Rejected]) -> Iterator[dict[str, Any]]:
    """A made-up screening."""
    return (answer(q) for q in queries)


def make_input(folder: Path, rows: int = 1000) -> Path:
    """Every 100th row is bad."""
    path = folder / "customers.csv"
    path.write_text("name\n" + "".join(f"{'.' if n % 100 == 0 else f'Party {n}'}\n" for n in range(rows)), "utf-8")
    return path


def run(path: Path, out: Path, basis: str = "basis", stop_after: int | None = None) -> Progress | None:
    """Run the job; stop before so many rows were screened."""
    left = [stop_after]

    def guarded(queries: Iterator[Query | Rejected]) -> Iterator[dict[str, Any]]:
        for told in screen(queries):
            if left[0] is not None:
                left[0] -= 1
                if left[0] < 0:
                    raise PowerCutError
            yield told

    steps = list(screen_file(path, out, guarded, basis))
    return steps[-1] if steps else None


def test_answers_stand_in_the_order_of_the_rows(tmp_path: Path) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    last = run(path, out)
    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(answers) == 1000
    assert [a.get("name") for a in answers[:3]] == [None, "Party 1", "Party 2"]
    assert last == Progress(1000, sum(a["status"] == "hits" for a in answers), 10)
    rejects = [json.loads(x) for x in (tmp_path / "out.jsonl.rejects.jsonl").read_text("utf-8").splitlines()]
    assert [r["line"] for r in rejects] == [2 + 100 * n for n in range(10)]
    assert not (tmp_path / "out.jsonl.state").exists()
    assert not (tmp_path / "out.jsonl.part").exists()


@pytest.mark.parametrize("stop_after", [0, 1, 199, 200, 201, 400, 650, 999])
def test_stopped_and_resumed_gives_the_same_bytes(tmp_path: Path, stop_after: int) -> None:
    path = make_input(tmp_path)
    run(path, tmp_path / "whole.jsonl")
    out = tmp_path / "out.jsonl"
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=stop_after)
    assert not out.exists(), "nothing stands at OUT before the job is done"
    with (tmp_path / "out.jsonl.part").open("ab") as part:
        part.write(b'{"half a li')  # what a kill leaves behind the last mark
    last = run(path, out)
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    rejects = [(tmp_path / f"{name}.jsonl.rejects.jsonl").read_bytes() for name in ("out", "whole")]
    assert rejects[0] == rejects[1]
    assert last is not None
    assert (last.rows, last.rejected) == (1000, 10)


def test_a_resumed_job_does_not_screen_again_what_was_done(tmp_path: Path) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    seen: list[str] = []

    def watch(queries: Iterator[Query | Rejected]) -> Iterator[dict[str, Any]]:
        for query in queries:
            if isinstance(query, Query):
                seen.append(query.name)
            yield answer(query)

    list(screen_file(path, out, watch, "basis"))
    assert seen[0] == "Party 601"


def test_another_file_or_another_ledger_begins_anew(tmp_path: Path) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    path.write_text("name\nOnly One\n", "utf-8")
    run(path, out)
    assert out.read_text("utf-8").splitlines() == ['{"status":"no_hit","name":"Only One"}']
    make_input(tmp_path)
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    run(path, out, basis="a later ledger")
    assert len(out.read_text("utf-8").splitlines()) == 1000


@pytest.mark.parametrize("damage", ["part gone", "part short", "state broken", "state a list", "state foreign"])
def test_damaged_marks_never_damage_the_answers(tmp_path: Path, damage: str) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    run(path, tmp_path / "whole.jsonl")
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    part, state = tmp_path / "out.jsonl.part", tmp_path / "out.jsonl.state"
    if damage == "part gone":
        part.unlink()
    elif damage == "part short":
        part.write_bytes(part.read_bytes()[:100])
    elif damage == "state broken":
        state.write_text('{"rows": 4', "utf-8")
    elif damage == "state a list":
        state.write_text("[1, 2]", "utf-8")
    else:
        record = json.loads(state.read_text("utf-8"))
        state.write_text(json.dumps({"key": record["key"], "rows": "many"}), "utf-8")
    run(path, out)
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_killed_between_the_last_two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    run(path, tmp_path / "whole.jsonl")
    true_unlink = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name.endswith(".state"):
            raise PowerCutError
        true_unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(PowerCutError):
        run(path, out)
    monkeypatch.undo()
    run(path, out)
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_the_customer_file_is_never_replaced(tmp_path: Path) -> None:
    path = make_input(tmp_path, rows=3)
    before = path.read_bytes()
    with pytest.raises(InputError, match="name another file"):
        run(path, path)
    (tmp_path / "link.jsonl").symlink_to(path)
    with pytest.raises(InputError):
        run(path, tmp_path / "link.jsonl")
    assert path.read_bytes() == before


@pytest.mark.parametrize(("given", "out"), [("absent.csv", "out.jsonl"), ("customers.csv", "absent/out.jsonl")])
def test_what_is_not_there_is_told(tmp_path: Path, given: str, out: str) -> None:
    make_input(tmp_path, rows=3)
    with pytest.raises(InputError, match="absent"):
        run(tmp_path / given, tmp_path / out)


def test_out_that_is_a_folder_is_told_before_the_work(tmp_path: Path) -> None:
    path = make_input(tmp_path, rows=3)
    (tmp_path / "out.jsonl").mkdir()
    with pytest.raises(CaveatError, match=r"out\.jsonl"):
        run(path, tmp_path / "out.jsonl")
