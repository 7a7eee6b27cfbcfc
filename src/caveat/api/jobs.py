"""Files being screened: each job a folder that any worker can read, and its results filtered and downloaded."""

from __future__ import annotations

import json
import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile

from caveat.api.desk import Desk
from caveat.api.settings import Settings
from caveat.api.uploads import keep_upload
from caveat.errors import CaveatError, InputError, UnknownEntryError

#: The row of a table of results.
COLUMNS = (
    "query_id", "query_name", "query_country", "status", "rank", "score", "list", "name", "matched_name", "entry_id",
    "effective_on", "citation", "error",
)  # fmt: skip
_MOST_WAITING = 20


class Jobs:
    """Screens uploaded files one after another, in a thread beside the requests."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        self.folder = Path(settings.folder) / "jobs"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.settings = settings
        self.desk = desk
        self._thread = ThreadPoolExecutor(1, "caveat-jobs")
        self._ends = threading.Event()

    def close(self) -> None:
        """Stop between two steps of the job that runs."""
        self._ends.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def take(self, upload: UploadFile, owner: str, **options: Any) -> dict[str, Any]:
        """Keep an uploaded file and screen it when its turn comes."""
        path = await keep_upload(upload, self.settings)
        return self.begin(path, upload.filename or "file", owner, **options)

    def begin(self, path: Path, name: str, owner: str, **options: Any) -> dict[str, Any]:
        """Take a received file over and screen it when its turn comes; the job as it stands."""
        waiting = sum(s["state"] in ("waiting", "running") for s in self.all(owner))
        if waiting >= _MOST_WAITING:
            path.unlink(missing_ok=True)
            raise InputError(f"{waiting} files are waiting already", do="try again when one is done")
        job = secrets.token_urlsafe(12)
        place = self.folder / job
        place.mkdir(mode=0o700)
        source = path.rename(place / f"in{path.suffix}")
        state = {
            "id": job, "file": Path(name).name[:200], "owner": owner, "state": "waiting", "rows": 0, "with_hits": 0,
            "rejected": 0, "error": None, "at": self.desk.app.now(),
        }  # fmt: skip
        _keep(place, state)
        self._thread.submit(self._run, place, source, state, options)
        return _shown(state)

    def _run(self, place: Path, source: Path, state: dict[str, Any], options: Mapping[str, Any]) -> None:
        try:
            steps = self.desk.app.screen_file(source, place / "out.jsonl", **options)
            for step in steps:
                state |= {"state": "running", "rows": step.rows, "with_hits": step.with_hits, "rejected": step.rejected}
                _keep(place, state)
                if self._ends.is_set():
                    return
            state["state"] = "done"
        except CaveatError as error:
            state |= {"state": "failed", "error": str(error).replace(str(source), state["file"])}
        except Exception as error:  # the row or file nobody foresaw must not leave the job running for ever
            state |= {"state": "failed", "error": f"a fault of Caveat ({type(error).__name__})"}
        _keep(place, state)

    def all(self, owner: str) -> list[dict[str, Any]]:
        """The caller's jobs, newest first."""
        states = (_read(p) for p in self.folder.iterdir() if (p / "state.json").exists())
        return sorted((_shown(s) for s in states if s["owner"] == owner), key=lambda s: s["at"], reverse=True)

    def state(self, job: str, owner: str) -> dict[str, Any]:
        """How far a job got; UnknownEntryError where the caller has no such job."""
        return _shown(_read(self._place(job, owner)))

    def drop(self, job: str, owner: str) -> None:
        """Remove a job, its file and its results."""
        shutil.rmtree(self._place(job, owner))

    def answers(self, job: str, owner: str) -> Path:
        """The file of answers, one JSON a line, once the job is done."""
        place = self._place(job, owner)
        path = place / "out.jsonl"
        if not path.exists():
            raise InputError("is not done yet", where=f"job {job}", do="ask again when its state is done")
        return path

    def rows(
        self, job: str, owner: str, *, status: str | None = None, list_id: str | None = None, text: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """The results as table rows, one a hit (and one for each query without), filtered."""
        wanted = (text or "").casefold()
        for answer in answers_in(self.answers(job, owner)):
            for row in table(answer):
                if status and row["status"] != status:
                    continue
                if list_id and row["list"] != list_id:
                    continue
                if wanted and not any(
                    wanted in str(row[c] or "").casefold() for c in ("query_name", "name", "query_id")
                ):
                    continue
                yield row

    def _place(self, job: str, owner: str) -> Path:
        place = self.folder / job
        is_id = len(job) < 64 and job.isascii() and job.replace("-", "").replace("_", "").isalnum()
        if not is_id or not (place / "state.json").exists():
            raise UnknownEntryError(f"there is no job {job[:80]!r}")
        if _read(place)["owner"] != owner:
            raise UnknownEntryError(f"there is no job {job!r}")
        return place


def answers_in(path: Path) -> Iterator[dict[str, Any]]:
    """The answers of a file, in order."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def table(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a hit; a query without hits has one row too, so that none is lost."""
    query = answer["query"]
    left = {
        "query_id": query.get("id"), "query_name": query.get("name"), "query_country": query.get("country"),
        "status": answer["status"], "error": answer.get("error"),
    }  # fmt: skip
    return [{**dict.fromkeys(COLUMNS), **{c: h.get(c) for c in COLUMNS}, **left} for h in answer["hits"] or [{}]]


def _shown(state: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in state.items() if k != "owner"}


def _keep(place: Path, state: Mapping[str, Any]) -> None:
    draft = place / "state.new"
    draft.write_text(json.dumps(state), "utf-8")
    draft.replace(place / "state.json")


def _read(place: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((place / "state.json").read_text("utf-8"))
    return state
