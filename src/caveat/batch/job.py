"""A file screened into a file: in order, in constant memory, resumable after a kill to the same bytes."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caveat.batch.files import Rejected, read_queries
from caveat.errors import InputError
from caveat.screening import Query

#: Rows between two marks of how far the job got.
_STEP = 200
_COUNTS = ("rows", "with_hits", "rejected", "bytes", "bad_bytes")

#: Answers in the order of the rows, one each.
Screen = Callable[[Iterator[Query | Rejected]], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job got: rows taken, of which with hits, and rejected."""

    rows: int
    with_hits: int
    rejected: int


def screen_file(path: Path, out: Path, screen: Screen, basis: str) -> Iterator[Progress]:
    """Screen `path` into `out` (one JSON answer a line), yielding progress.

    A bad row gets an answer of status `error` in its place, and a line in `OUT.rejects.jsonl`.

    `basis` names everything an answer rests on: a killed job is resumed only on the same file and
    basis, else begun anew. Nothing stands at `out` before the job is done.
    """
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), do="check the path")
    if not out.parent.is_dir():
        raise InputError("there is no such folder", where=str(out.parent), do="make it first")
    if out.is_dir():
        raise InputError("is a folder", where=str(out), do="name a file for the answers")
    if out.exists() and out.samefile(path):
        raise InputError("is the file to be screened", where=str(out), do="name another file for the answers")
    part, rejects, state = (out.with_name(out.name + end) for end in (".part", ".rejects.jsonl", ".state"))
    key = hashlib.sha256(f"{_stamp(path)} {basis}".encode()).hexdigest()
    done = _resume(state, key, part, rejects)
    rows, lines = itertools.tee(row for _, row in itertools.islice(read_queries(path), done["rows"], None))
    with part.open("ab") as answers, rejects.open("ab") as bad:
        for number, (row, answer) in enumerate(zip(lines, screen(rows), strict=True), start=done["rows"] + 1):
            answers.write(_line(answer))
            done["with_hits"] += answer["status"] == "hits"
            if isinstance(row, Rejected):
                bad.write(_line({"line": row.line, "why": row.why, "row": dict(row.row)}))
                done["rejected"] += 1
            done["rows"] = number
            if number % _STEP == 0:
                _mark(state, key, done, answers, bad)
                yield Progress(number, done["with_hits"], done["rejected"])
    yield Progress(done["rows"], done["with_hits"], done["rejected"])
    part.replace(out)
    state.unlink(missing_ok=True)
    if not done["rejected"]:
        rejects.unlink(missing_ok=True)


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


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace") + b"\n"


def _stamp(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()
