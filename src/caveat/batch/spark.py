"""More than one machine can hold: the same rows answered on an Apache Spark cluster, to the same bytes.

Each worker opens the index where it lies, or the copy it was sent, and answers Arrow batches of rows
(`mapInArrow`) as the local engine does. Spark runs the tasks of a lost worker again, and only finished
tasks leave anything behind. The rows go in portions, a job each, some of them under way at a time: one is
laid down and another gathered while the workers answer those between.
"""

from __future__ import annotations

import gc
import hashlib
import itertools
import json
import os
import platform
import shutil
import sys
import tarfile
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from caveat.batch.files import Rejected, Row, Rows
from caveat.batch.forms import COLUMNS, finish, table_rows, tail_of
from caveat.batch.job import Progress, Watch, check_places, portioned
from caveat.batch.work import Block, Work, Worker
from caveat.errors import InputError, MissingPartError, RefusedError

#: Rows of one task, and of one block of answers.
_TASK, _BLOCK = 20_000, 500
#: Jobs under way at a time, and the fewest tasks of one.
_AHEAD, _TASKS = 3, 4
_BLOCKS = "n bigint, rows int, with_hits int, rejected int, answers binary, rejects binary"


@dataclass(frozen=True, slots=True)
class SparkWishes:
    """Where and how Spark runs.

    master    `spark://host:7077`, `yarn`, `k8s://…`, `local[2]`; None where spark-submit or its settings say it
    settings  (name, value) of Spark's own settings
    stage     folder or URI that every worker reads and writes (default: beside the answers)
    in_place  whether every worker sees the index folder under the same path; else it is sent a copy
    """

    master: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    stage: str | None = None
    in_place: bool = False


def screen_on_spark(
    path: Path, out: Path, work: Work, basis: Mapping[str, Any], wishes: SparkWishes
) -> Iterator[Progress]:
    """Screen a file into a file on Spark, yielding progress; the bytes are those of the local engine."""
    check_places(path, out)
    tail = tail_of(out, basis)
    part, rejects = out.with_name(out.name + ".part"), out.with_name(out.name + ".rejects.jsonl")
    rows, done = Rows(path), {"rows": 0, "with_hits": 0, "rejected": 0}
    watch = Watch(rows)
    with _Session(wishes, work) as session, _Stage(wishes.stage, out) as stage:

        def answer(portion: str) -> None:
            blocks = session.read(f"{stage.uri}/{portion}/rows").mapInArrow(answer_blocks(session.work), _BLOCKS)
            session.write(blocks, f"{stage.uri}/{portion}/blocks")

        with part.open("wb") as answers, rejects.open("wb") as bad:
            for portion in _in_turn(stage.portions(rows, session.tasks), answer):
                for block in stage.take(portion) if portion else ():
                    if block["n"] != done["rows"]:
                        break
                    answers.write(block["answers"].replace(b"}\n", tail) if tail else block["answers"])
                    bad.write(block["rejects"])
                    for name in done:
                        done[name] += block[name]
                yield watch.progress(done)
        if done["rows"] != rows.taken:
            what = f"only {done['rows']} of {rows.taken} rows came back"
            raise RefusedError(what, where=str(path), do="run it again")
        finish(part, out, basis)
        if not done["rejected"]:
            rejects.unlink()
    yield Progress(done["rows"], done["with_hits"], done["rejected"], 1.0, 0.0)


def screen_folder_on_spark(
    source: str, out: str, work: Work, basis: Mapping[str, Any], wishes: SparkWishes
) -> Iterator[Progress]:
    """Screen a Parquet file or folder that only Spark reads (`hdfs://`, `s3a://` …) into a folder of Parquet.

    The workers write it: a row a hit, with the columns of `--out x.parquet`, the number of the input row
    (`line`, unique and growing along each part of the input) and the answer's `basis`.
    """
    with _Session(wishes, work) as session:
        from pyspark.sql import functions as sql

        rows = session.read(source)
        names = {name: name.strip().lower() for name in rows.columns}
        if "name" not in names.values():
            seen = ", ".join(rows.columns[:8])
            raise InputError(f"has no column 'name' (found: {seen})", where=source, do="name the column 'name'")
        packed = sql.struct(*(sql.col(f"`{name}`").alias(short) for name, short in names.items()))
        rows = rows.select(sql.monotonically_increasing_id().alias("n"), sql.to_json(packed).alias("row"))
        told = json.dumps(basis, ensure_ascii=False, default=str)
        answered = rows.mapInArrow(answer_table(session.work, told), _table_schema())
        for _ in _in_turn(iter([out]), partial(session.write, answered)):
            yield Progress(0, 0, 0, session.share())
        status = session.read(out).groupBy("status").agg(sql.countDistinct("line").alias("rows")).collect()
        counts = {row["status"]: row["rows"] for row in status}
    yield Progress(sum(counts.values()), counts.get("hits", 0), counts.get("error", 0), 1.0, 0.0)


def answer_blocks(work: Work) -> Any:
    """What each task does with its batches of rows: blocks of JSON lines, in the order of the rows."""

    def answer(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow as pa

        worker = _worker(work)
        for batch in batches:
            blocks = [worker.block(_unpacked(text)) for text in batch["rows"].to_pylist()]
            columns = [batch["n"], *_columns(pa, blocks)]
            yield pa.RecordBatch.from_arrays(columns, names=[c.split()[0] for c in _BLOCKS.split(", ")])

    return answer


def answer_table(work: Work, basis: str) -> Any:
    """What each task does where the workers write the answers: rows of a table."""

    def answer(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow as pa

        worker = _worker(work)
        for batch in batches:
            numbers, texts = (batch[name].to_pylist() for name in ("n", "row"))
            rows = [(n + 1, json.loads(text)) for n, text in zip(numbers, texts, strict=True)]
            out: list[dict[str, Any]] = []
            for (line, _), answered in zip(rows, worker.answered(rows), strict=True):
                out += [{**row, "line": line, "basis": basis} for row in table_rows(answered)]
            yield pa.RecordBatch.from_pylist(out, _arrow_schema(pa))

    return answer


def _columns(pa: Any, blocks: list[Block]) -> list[Any]:
    kinds = {"answers": pa.binary(), "rejects": pa.binary()}
    names = ("rows", "with_hits", "rejected", "answers", "rejects")
    return [pa.array([getattr(b, name) for b in blocks], kinds.get(name, pa.int32())) for name in names]


def _packed(rows: Sequence[Row]) -> str:
    """Some rows as one JSON text: a row costs Spark nothing then, a block little."""
    told = [[n, dict(r.row), r.why] if isinstance(r, Rejected) else [n, dict(r)] for n, r in rows]
    return json.dumps(told, default=str)


def _unpacked(text: str) -> list[Row]:
    return [(n, Rejected(n, why[0], row) if why else row) for n, row, *why in json.loads(text)]


_KINDS = {"line": ("bigint", "int64"), "rank": ("int", "int32"), "score": ("double", "float64")}


def _table_schema() -> str:
    return ", ".join(f"{name} {_KINDS.get(name, ('string',))[0]}" for name in ("line", *COLUMNS, "basis"))


def _arrow_schema(pa: Any) -> Any:
    names = ("line", *COLUMNS, "basis")
    return pa.schema([(name, getattr(pa, _KINDS[name][1])() if name in _KINDS else pa.string()) for name in names])


_workers: dict[str, Worker] = {}


def _worker(work: Work) -> Worker:
    """This process's worker; opened once, and kept for its next tasks."""
    key = repr(work)
    if key not in _workers:
        _workers.clear()
        if not work.index:
            from pyspark import SparkFiles

            sent = Path(SparkFiles.get(_PACK))
            work = replace(work, index=str(sent), standing=str(sent / (work.standing or "")))
        _workers[key] = Worker(work)
        gc.freeze()  # what is loaded stays
    return _workers[key]


#: Under which name workers find the index they were sent.
_PACK = "caveat-index"


class _Session:
    """A Spark session, stopped at the end where it was begun here."""

    def __init__(self, wishes: SparkWishes, work: Work) -> None:
        self.wishes = wishes
        self.work = work

    def __enter__(self) -> _Session:
        try:
            from pyspark.sql import SparkSession
        except ModuleNotFoundError:
            raise MissingPartError("Spark needs PySpark", do="pip install 'caveat[spark]'") from None
        if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
            raise MissingPartError("Spark needs Java 17", do="install a Java runtime, or set JAVA_HOME")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._is_ours = SparkSession.getActiveSession() is None
        builder = SparkSession.builder.appName("caveat").config("spark.ui.showConsoleProgress", "false")
        for name in ("driver", "executor"):  # Java does little here: compiling it twice would cost more than it saves
            builder = builder.config(f"spark.{name}.defaultJavaOptions", "-XX:TieredStopAtLevel=1")
        if self.wishes.master:
            builder = builder.master(self.wishes.master)
        for name, value in self.wishes.settings:
            builder = builder.config(name, value)
        try:
            self.spark = builder.getOrCreate()
        except Exception as error:
            what = f"Spark could not be started ({_first_line(error)})"
            raise RefusedError(what, do="check --master and the cluster") from None
        self.spark.sparkContext.setLogLevel("ERROR")
        # one task a file of rows, so that each file of blocks holds rows that follow one another
        self.spark.conf.set("spark.sql.files.openCostInBytes", str(2**30))
        self.spark.conf.set("spark.sql.files.maxPartitionBytes", str(2**30))
        self._packed = Path(tempfile.mkdtemp(prefix="caveat-"))
        if not self.wishes.in_place and not str(self.spark.sparkContext.master).startswith("local"):
            self.spark.sparkContext.addArchive(f"{_pack(self.work, self._packed)}#{_PACK}")
            self.work = replace(self.work, index="", standing=Path(self.work.standing or "").name)
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_ours:
            self.spark.stop()
        shutil.rmtree(self._packed, ignore_errors=True)

    def read(self, place: str) -> Any:
        """A folder of Parquet."""
        return self.spark.read.parquet(place)

    def write(self, frame: Any, place: str) -> None:
        """Let the workers write a frame."""
        frame.write.mode("overwrite").parquet(place)

    def tasks(self) -> int:
        """How many tasks to give a job, as far as the cluster stands by now."""
        return max(_TASKS, int(self.spark.sparkContext.defaultParallelism))

    def share(self) -> float | None:
        """The share of the tasks that is done; None while none runs."""
        tracker = self.spark.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(i) for i in tracker.getActiveStageIds()]
        tasks, done = (sum(getattr(s, name) for s in stages if s) for name in ("numTasks", "numCompletedTasks"))
        return done / tasks if tasks else None


def _in_turn(places: Iterator[str], do: Callable[[str], None]) -> Iterator[str]:
    """Do a job for each place, some at a time; the places in order, each when its job ended, "" each second till then.

    RefusedError where a job fails.
    """
    waiting: deque[tuple[str, Future[None]]] = deque()
    with ThreadPoolExecutor(_AHEAD) as pool:
        try:
            for place in itertools.chain(places, [""] * _AHEAD):
                if place:
                    waiting.append((place, pool.submit(do, place)))
                if len(waiting) >= (_AHEAD if place else 1):
                    first, job = waiting.popleft()
                    while not wait([job], timeout=1).done:
                        yield ""
                    if error := job.exception():
                        raise RefusedError(f"the Spark job failed ({_first_line(error)})", do="see Spark's log")
                    yield first
        finally:
            pool.shutdown(cancel_futures=True)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if "Error" in line or "Exception" in line), lines[0] if lines else "no reason")[
        :300
    ]


def _pack(work: Work, folder: Path) -> Path:
    """The index and the cards of one moment as one archive."""
    target = folder / f"{_PACK}.tar"
    standing = Path(work.standing or "")
    with tarfile.open(target, "w") as pack:
        for path in sorted(Path(work.index).iterdir()):
            if path.is_file():
                pack.add(path, path.name)
        pack.add(standing, standing.name)
    return target


class _Stage:
    """A folder that every worker sees, with the rows as they were read and the answers to them; gone in the end."""

    def __init__(self, place: str | None, out: Path) -> None:
        from pyarrow import fs

        if place is None or "://" not in place:
            folder = Path(place).absolute() if place else out.absolute().parent
            self.files, self.root, self.uri = fs.LocalFileSystem(), str(folder), f"file://{folder}"
        else:
            try:
                (self.files, self.root), self.uri = fs.FileSystem.from_uri(place), place
            except (ValueError, OSError) as error:
                raise InputError(f"cannot be had ({error})", where=place, do="check --stage") from None
        ours = f"{out.name}.{hashlib.sha256(f'{platform.node()} {out.absolute()}'.encode()).hexdigest()[:8]}.stage"
        self.root, self.uri = f"{self.root.rstrip('/')}/{ours}", f"{self.uri.rstrip('/')}/{ours}"

    def __enter__(self) -> _Stage:
        self._clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        from pyarrow import fs

        if self.files.get_file_info(self.root).type == fs.FileType.Directory:
            self.files.delete_dir(self.root)

    def portions(self, rows: Rows, tasks: Callable[[], int]) -> Iterator[str]:
        """Lay down the rows, numbered, a task's worth in each file, portion by portion as they are asked for."""
        import pyarrow as pa
        from pyarrow import parquet

        schema = pa.schema([("n", pa.int64()), ("rows", pa.string())])
        tasked, count = portioned(iter(rows), _TASK), 0
        for number in itertools.count():
            portion, before = f"{number:07}", count
            self.files.create_dir(f"{self.root}/{portion}/rows")
            for some in itertools.islice(tasked, tasks()):
                firsts = range(count, count + len(some), _BLOCK)
                table = pa.table([pa.array(firsts), [_packed(b) for b in portioned(iter(some), _BLOCK)]], schema=schema)
                with self.files.open_output_stream(f"{self.root}/{portion}/rows/{count:012}.parquet") as stream:
                    parquet.write_table(table, stream, compression="zstd")
                count += len(some)
            if count == before:
                return
            yield portion

    def take(self, portion: str) -> Iterator[dict[str, Any]]:
        """The blocks that the tasks wrote, in the order of the rows; the portion is gone then."""
        from pyarrow import fs, parquet

        first: dict[int, str] = {}
        for info in self.files.get_file_info(fs.FileSelector(f"{self.root}/{portion}/blocks")):
            if info.path.endswith(".parquet"):
                numbers = parquet.read_table(info.path, columns=["n"], filesystem=self.files)["n"]
                if len(numbers):
                    first[numbers[0].as_py()] = info.path
        for _, path in sorted(first.items()):
            with parquet.ParquetFile(path, filesystem=self.files) as file:
                for batch in file.iter_batches(16):
                    yield from batch.to_pylist()
        self.files.delete_dir(f"{self.root}/{portion}")
