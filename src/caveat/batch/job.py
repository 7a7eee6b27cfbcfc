"""A file screened into a file: in order, in constant memory, resumable after a kill to the same bytes."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from caveat.batch.files import Row, Rows
from caveat.batch.forms import finish, tail_of
from caveat.batch.work import Block
from caveat.errors import InputError

#: Rows of a block: after each, a mark is set from which a killed job goes on.
STEP = 200
_COUNTS = ("rows", "with_hits", "rejected", "bytes", "bad_bytes")

#: A block of answers for each portion of rows, in order.
Answer = Callable[[Iterator[list[Row]]], Iterator[Block]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job got: rows taken, of which with hits, and rejected.

    share    the part of the file that is done, 0 to 1; None while that cannot be told
    seconds  what the rest will take at the pace of this run so far; None while that cannot be told
    """

    rows: int
    with_hits: int
    rejected: int
    share: float | None = None
    seconds: float | None = None


def screen_file(path: Path, out: Path, answer: Answer, basis: Mapping[str, Any], rests_on: str) -> Iterator[Progress]:
    """Screen `path` into `out`, yielding progress. The ending of `out` says the form: see `forms`.

    A bad row gets an answer of status `error` in its place, and a line in `OUT.rejects.jsonl`. `basis` is what
    each answer tells of its lists. `rests_on` names everything an answer rests on: a killed job is resumed only
    on the same file and the same of that, else begun anew. Nothing stands at `out` before the job is done.
    """
    check_places(path, out)
    tail = tail_of(out, basis)
    part, rejects, state = (out.with_name(out.name + end) for end in (".part", ".rejects.jsonl", ".state"))
    key = hashlib.sha256(f"{_stamp(path)} {rests_on} {out.suffix}".encode()).hexdigest()
    done = _resume(state, key, part, rejects)
    rows = Rows(path)
    watch = Watch(rows, done["rows"])
    portions = portioned(itertools.islice(rows, done["rows"], None), STEP)
    with part.open("ab") as answers, rejects.open("ab") as bad:
        for block in answer(portions):
            answers.write(block.answers.replace(b"}\n", tail) if tail else block.answers)
            bad.write(block.rejects)
            for name in ("rows", "with_hits", "rejected"):
                done[name] += getattr(block, name)
            _mark(state, key, done, answers, bad)
            yield watch.progress(done)
    yield Progress(done["rows"], done["with_hits"], done["rejected"], 1.0, 0.0)
    finish(part, out, basis)
    state.unlink(missing_ok=True)
    if not done["rejected"]:
        rejects.unlink(missing_ok=True)


def check_places(path: Path, out: Path) -> None:
    """InputError where `path` cannot be screened into `out`."""
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), do="check the path")
    if not out.parent.is_dir():
        raise InputError("there is no such folder", where=str(out.parent), do="make it first")
    if out.is_dir():
        raise InputError("is a folder", where=str(out), do="name a file for the answers")
    if out.exists() and out.samefile(path):
        raise InputError("is the file to be screened", where=str(out), do="name another file for the answers")


def portioned(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of `size`."""
    while portion := list(itertools.islice(rows, size)):
        yield portion


class Watch:
    """Tells the share done and the time left. Rows read ahead of their answers do not count as done."""

    def __init__(self, rows: Rows, before: int = 0) -> None:
        self.rows = rows
        self.before = before
        self.began = monotonic()
        self.counted = 0

    def progress(self, done: Mapping[str, int]) -> Progress:
        """How far the job got."""
        share = self._share(done["rows"])
        seconds = None
        fresh = done["rows"] - self.before
        if share and fresh:
            whole = done["rows"] / share
            seconds = (monotonic() - self.began) * (whole - done["rows"]) / fresh
        return Progress(done["rows"], done["with_hits"], done["rejected"], share, seconds)

    def _share(self, rows: int) -> float | None:
        if self.rows.share is None or not self.rows.taken:
            return None
        return min(1.0, self.rows.share * rows / self.rows.taken)


def _mark(state: Path, key: str, done: dict[str, int], answers: Any, bad: Any) -> None:
    answers.flush()
    bad.flush()
    record = {**done, "key": key, "bytes": answers.tell(), "bad_bytes": bad.tell()}
    draft = state.with_name(state.name + ".new")
    draft.write_text(json.dumps(record), "utf-8")
    draft.replace(state)


def _resume(state: Path, key: str, part: Path, rejects: Path) -> dict[str, int]:
    """Cut both files back to the last mark, or empty them."""
    record: dict[str, Any] = {}
    if state.exists():
        try:
            read = json.loads(state.read_text("utf-8"))
        except ValueError:
            read = None
        if isinstance(read, dict) and all(type(read.get(name)) is int for name in _COUNTS):
            record = read
    sizes = {part: record.get("bytes", 0), rejects: record.get("bad_bytes", 0)}
    if record.get("key") != key or any(size > (p.stat().st_size if p.exists() else 0) for p, size in sizes.items()):
        record, sizes = {}, {part: 0, rejects: 0}
    for path, size in sizes.items():
        with path.open("ab") as stream:
            stream.truncate(size)
    return {name: int(record.get(name, 0)) for name in ("rows", "with_hits", "rejected")}


def _stamp(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()
