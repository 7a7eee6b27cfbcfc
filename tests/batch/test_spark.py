"""On Spark the bytes are those of the local engine, though one of two workers be killed in the middle of the job."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from batch.test_work import NAMES, make_file

import caveat
from caveat.app import App, SparkWishes
from caveat.batch.spark import _AHEAD, _in_turn
from caveat.errors import InputError, RefusedError

pytestmark = pytest.mark.spark
pyspark = pytest.importorskip("pyspark", reason="needs PySpark (caveat[spark])")
if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
    pytest.skip("needs Java 17", allow_module_level=True)


@dataclass
class Cluster:
    """A standalone cluster on this machine."""

    url: str
    workers: list[subprocess.Popen[bytes]]

    def wishes(self) -> SparkWishes:
        settings = {
            "spark.executor.memory": "512m", "spark.cores.max": "2", "spark.executor.cores": "1",
            "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
            "spark.task.maxFailures": "8",
        }  # fmt: skip
        return SparkWishes(self.url, tuple(settings.items()))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    port = _free_port()
    url = f"spark://127.0.0.1:{port}"
    started = [_start(folder / "master", "master.Master", "--host", "127.0.0.1", "--port", str(port))]
    try:
        _wait(folder / "master.log", "started at")
        for name in ("one", "two"):
            started.append(_worker(folder / name, url))
        for name in ("one", "two"):
            _wait(folder / f"{name}.log", "registered with master")
        yield Cluster(url, started[1:])
    finally:
        for process in started:
            process.kill()
            process.wait()


def _worker(place: Path, url: str) -> subprocess.Popen[bytes]:
    options = ("--host", "127.0.0.1", "--cores", "1", "--memory", "600m", "--work-dir", str(place), url)
    return _start(place, "worker.Worker", *options)


def _start(place: Path, what: str, *options: str) -> subprocess.Popen[bytes]:
    home = Path(pyspark.__file__).parent
    environ = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1",
               "SPARK_DAEMON_MEMORY": "256m"}  # fmt: skip
    with (place.parent / f"{place.name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin/spark-class"), f"org.apache.spark.deploy.{what}", "--webui-port", "0", *options],
            stdout=log, stderr=subprocess.STDOUT, env=environ,
        )  # fmt: skip


def _wait(log: Path, words: str) -> None:
    for _ in range(600):
        if words in log.read_text("utf-8", "replace"):
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace"))


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with caveat.open(str(tmp_path_factory.mktemp("spark") / "db.sqlite"), as_of="2026-01-01") as opened:
        yield opened


LOCAL = SparkWishes("local[2]", (("spark.ui.enabled", "false"),))


def test_the_bytes_are_those_of_the_local_engine(app: App, tmp_path: Path) -> None:
    path = make_file(tmp_path, 3 * len(NAMES))
    for form in ("jsonl", "parquet"):
        list(app.screen_file(path, tmp_path / f"local.{form}", workers=1))
        steps = list(app.screen_file(path, tmp_path / f"spark.{form}", engine="spark", spark=LOCAL))
        for end in (form, f"{form}.rejects.jsonl"):
            assert (tmp_path / f"spark.{end}").read_bytes() == (tmp_path / f"local.{end}").read_bytes()
        assert (steps[-1].rows, steps[-1].share) == (3 * len(NAMES), 1.0)
        assert not list(tmp_path.glob("*.stage"))


def test_what_else_lies_where_the_stage_is_stays(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/mine.txt").write_text("kept", "utf-8")
    path = make_file(tmp_path, 3)
    list(app.screen_file(path, tmp_path / "local.jsonl", workers=1))
    for stage in ("shared", f"file://{tmp_path}/shared"):
        list(app.screen_file(path, tmp_path / "o.jsonl", engine="spark", spark=replace(LOCAL, stage=stage)))
        assert (tmp_path / "o.jsonl").read_bytes() == (tmp_path / "local.jsonl").read_bytes()
        assert [p.name for p in (tmp_path / "shared").iterdir()] == ["mine.txt"]
    with pytest.raises(InputError, match="cannot be had"):
        list(app.screen_file(path, tmp_path / "o.jsonl", engine="spark", spark=replace(LOCAL, stage="nowhere://x")))


def test_jobs_run_some_at_a_time_and_end_in_order() -> None:
    begun: list[str] = []

    def places() -> Iterator[str]:
        for n in range(8):
            begun.append(str(n))
            yield str(n)

    ended = []
    for place in _in_turn(places(), lambda place: time.sleep(0.1 if place == "0" else 0)):
        ended += [place] if place else []
        assert len(begun) - len(ended) < _AHEAD
    assert ended == begun == [str(n) for n in range(8)]

    def fail(place: str) -> None:
        raise ValueError(f"broken at {place}")

    with pytest.raises(RefusedError, match="broken at 0"):
        list(_in_turn(places(), fail))


def test_a_worker_killed_in_the_middle_loses_nothing(
    app: App, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caveat.batch.spark._TASK", 100)
    path = make_file(tmp_path, 1500)
    list(app.screen_file(path, tmp_path / "local.jsonl", workers=1))
    killed: list[int] = []

    def kill() -> None:
        for process in _executors(cluster.workers[0].pid):
            os.kill(process, signal.SIGKILL)
            killed.append(process)
        cluster.workers[0].kill()

    shares = []
    job = app.screen_file(path, tmp_path / "spark.jsonl", engine="spark", spark=cluster.wishes())
    for step in job:
        shares.append(step.share)
        if not killed and step.share and 0 < step.share < 1:
            threading.Thread(target=kill).start()
            time.sleep(0.1)
    assert killed, f"the job ended before a worker could be killed: {shares}"
    assert (tmp_path / "spark.jsonl").read_bytes() == (tmp_path / "local.jsonl").read_bytes()


def _executors(worker: int) -> list[int]:
    """The processes a worker started, at any depth."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [worker]
    while waiting:
        mine = children.get(waiting.pop(), [])
        found += mine
        waiting += mine
    return found


def test_a_folder_that_only_spark_reads(app: App, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    (tmp_path / "parties").mkdir()
    for part in range(2):
        table = pa.table({"Name": NAMES, "id": [f"{part}-{n}" for n in range(len(NAMES))]})
        parquet.write_table(table, tmp_path / f"parties/{part}.parquet")
    (*_, last) = app.screen_folder(str(tmp_path / "parties"), str(tmp_path / "answers"), spark=LOCAL)
    rows = parquet.read_table(tmp_path / "answers").to_pylist()
    assert last.rows == 2 * len(NAMES)
    by_id: dict[str, list[float | None]] = {}
    for row in sorted(rows, key=lambda r: r["rank"] or 0):
        by_id.setdefault(row["query_id"], []).append(row["score"])
        assert json.loads(row["basis"])["lists"]
    for n, name in enumerate(NAMES):
        wanted = [hit.score for hit in app.screen(name).hits] if any(c.isalnum() for c in name) else []
        assert by_id[f"0-{n}"] == by_id[f"1-{n}"] == (wanted or [None])


def test_a_cluster_that_is_not_there_is_told(app: App, tmp_path: Path) -> None:
    path = make_file(tmp_path, 3)
    with pytest.raises(RefusedError, match="Spark"):
        list(app.screen_file(path, tmp_path / "o.jsonl", engine="spark", spark=SparkWishes("nonsense://x")))
    assert not (tmp_path / "o.jsonl").exists()
