"""Batch jobs: killed anywhere and run again, the answers are the same bytes; the input is never harmed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caveat.batch import Progress, Rejected, screen_file
from caveat.batch.files import Row, read_query
from caveat.batch.job import STEP
from caveat.batch.telling import as_json
from caveat.batch.work import Block
from caveat.errors import CaveatError, InputError

BASIS = {"lists": [], "version": "0"}


class PowerCutError(Exception):
    """Stands for kill -9."""


def answer(line: int, row: Any) -> tuple[dict[str, Any], Rejected | None]:
    """A made-up answer."""
    query = read_query(line, row)
    asked = {"id": None, "name": row["name"], "country": None}
    if isinstance(query, Rejected):
        return {"query": asked, "hits": [], "status": "error", "error": query.why}, query
    hits = [{"rank": 1, "score": 0.75, "name": "=Seven", "evidence": []}] if "7" in query.name else []
    return {"query": asked, "hits": hits, "status": "hits" if hits else "no_hit"}, None


def as_line(value: Any) -> bytes:
    return as_json(value).encode("utf-8", "replace") + b"\n"


def screen(portions: Iterator[list[Row]]) -> Iterator[Block]:
    """A made-up screening."""
    for rows in portions:
        told = [answer(*row) for row in rows]
        bad = [as_line({"line": r.line, "why": r.why, "row": dict(r.row)}) for _, r in told if r]
        with_hits = sum(a["status"] == "hits" for a, _ in told)
        yield Block(len(rows), with_hits, len(bad), b"".join(as_line(a) for a, _ in told), b"".join(bad))


def make_input(folder: Path, rows: int = 1000) -> Path:
    """Every 100th row is bad."""
    path = folder / "customers.csv"
    path.write_text("name\n" + "".join(f"{'.' if n % 100 == 0 else f'Party {n}'}\n" for n in range(rows)), "utf-8")
    return path


def run(path: Path, out: Path, rests_on: str = "ledger", stop_after: int | None = None) -> Progress | None:
    """Run the job; stop before so many rows were answered."""

    def guarded(portions: Iterator[list[Row]]) -> Iterator[Block]:
        taken = 0
        for block in screen(portions):
            taken += block.rows
            if stop_after is not None and taken > stop_after:
                raise PowerCutError
            yield block

    steps = list(screen_file(path, out, guarded, BASIS, rests_on))
    return steps[-1] if steps else None


def test_answers_stand_in_the_order_of_the_rows(tmp_path: Path) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    last = run(path, out)
    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(answers) == 1000
    assert [a["query"]["name"] for a in answers[:3]] == [".", "Party 1", "Party 2"]
    assert all(a["basis"] == BASIS for a in answers)
    assert last == Progress(1000, sum(a["status"] == "hits" for a in answers), 10, 1.0, 0.0)
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

    def watch(portions: Iterator[list[Row]]) -> Iterator[Block]:
        for rows in portions:
            seen.extend(row["name"] for _, row in rows if not isinstance(row, Rejected))
            yield from screen(iter([rows]))

    list(screen_file(path, out, watch, BASIS, "ledger"))
    assert seen[:2] == [".", "Party 601"]


def test_progress_tells_the_share_done_and_the_time_left(tmp_path: Path) -> None:
    path = make_input(tmp_path, rows=5 * STEP)
    steps = list(screen_file(path, tmp_path / "out.jsonl", screen, BASIS, "ledger"))
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    assert [step.rows for step in steps] == [STEP * n for n in range(1, 6)] + [5 * STEP]
    assert all(step.seconds is not None and step.seconds >= 0 for step in steps)
    assert steps[-1].share == 1.0


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_table_of_answers_is_the_same_after_a_stop(tmp_path: Path, ending: str) -> None:
    if ending == ".parquet":
        pytest.importorskip("pyarrow")
    path = make_input(tmp_path)
    run(path, tmp_path / f"whole{ending}")
    out = tmp_path / f"out{ending}"
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    assert not out.exists()
    run(path, out)
    assert out.read_bytes() == (tmp_path / f"whole{ending}").read_bytes()
    assert not (tmp_path / f"out{ending}.part").exists()


def test_a_table_has_a_row_a_hit_and_loses_no_query(tmp_path: Path) -> None:
    path = make_input(tmp_path)
    run(path, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 1000
    assert rows[7]["name"] == "'=Seven", "no spreadsheet runs it"
    assert (rows[7]["score"], rows[8]["status"], rows[0]["status"]) == ("0.75", "no_hit", "error")


def test_a_parquet_table_bears_its_types_and_its_basis(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = make_input(tmp_path)
    run(path, tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 1000
    assert json.loads(table.schema.metadata[b"caveat.basis"]) == BASIS
    row = table.slice(7, 1).to_pylist()[0]
    assert (row["query_name"], row["score"], row["rank"], row["name"]) == ("Party 7", 0.75, 1, "=Seven")


def test_another_file_or_another_ledger_begins_anew(tmp_path: Path) -> None:
    path, out = make_input(tmp_path), tmp_path / "out.jsonl"
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    path.write_text("name\nOnly One\n", "utf-8")
    run(path, out)
    (only,) = map(json.loads, out.read_text("utf-8").splitlines())
    assert only["query"]["name"] == "Only One"
    make_input(tmp_path)
    with pytest.raises(PowerCutError):
        run(path, out, stop_after=650)
    run(path, out, rests_on="a later ledger")
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
