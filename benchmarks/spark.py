"""Screening a file on Spark against the local engine, each with two cores: names a second and core, start-up apart.

    make spark  # sets PySpark up; Java 17 is needed, too
    python benchmarks/spark.py [--names 500000 5000000]

The list is the consolidated file of 2026-07-31 (25,921 parties), the customers are made up: half people, half
companies of the words of American ones. The local engine has two processes; Spark is a standalone cluster of a
master and two workers of one core each on 127.0.0.1, begun for the measurement. Each engine screens a small file
first (that is its start-up), then the sizes given; the rate is that of the largest less the smallest, so that what
is paid once does not count. Beside the clock stand the seconds of the processor that all processes took, which other
work on the machine changes less. The answers must be the same to the byte (9 kB each with what they rest on: five
million names need 45 GB of disk; sizes that do not fit are left out). Goal: Spark keeps 70 % of the local rate.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from quality_material import SHARED, customers

import caveat
from caveat.app import App, SparkWishes

CORES = 2
SMALL = 200
#: Bytes on the disk for each name of a file.
ROOM = 9000


def customers_file(count: int, folder: Path) -> Path:
    """A file of made-up customers."""
    names = customers(count, 9)
    path = folder / f"customers-{count}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "name"])
        rows.writerows(enumerate(names))
    return path


@contextmanager
def cluster(folder: Path) -> Iterator[SparkWishes]:
    """A standalone cluster: a master, and two workers of one core each."""
    import pyspark

    home = Path(pyspark.__file__).parent
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"spark://127.0.0.1:{port}"
    environ = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str, until: str) -> None:
        log = folder / f"{name}.log"
        command = [str(home / "bin/spark-class"), "org.apache.spark.deploy." + words[0], "--webui-port", "0"]
        with log.open("wb") as stream:
            started.append(subprocess.Popen([*command, *words[1:]], stdout=stream, stderr=stream, env=environ))
        for _ in range(300):
            if until in log.read_text("utf-8", "replace"):
                return
            time.sleep(0.2)
        sys.exit(log.read_text("utf-8", "replace"))

    try:
        start("master", "master.Master", "--host", "127.0.0.1", "--port", str(port), until="started at")
        for name in ("one", "two")[:CORES]:
            place = str(folder / name)
            start(name, "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--work-dir", place,
                  url, until="registered with master")  # fmt: skip
        settings = {
            "spark.executor.memory": "768m", "spark.cores.max": str(CORES), "spark.executor.cores": "1",
            "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        }  # fmt: skip
        yield SparkWishes(url, tuple(settings.items()), in_place=True)
    finally:
        for process in started:
            process.kill()
            process.wait()


class Spent(threading.Thread):
    """Counts the processor seconds of this process and all it began, while `with` lasts; looks twice a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.by_process: dict[int, float] = {}
        self.done = threading.Event()

    def __enter__(self) -> Spent:
        self.before = sum(processor(os.getpid()).values())
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.join()
        self.by_process.update(processor(os.getpid()))
        self.seconds = sum(self.by_process.values()) - self.before

    def run(self) -> None:
        while not self.done.wait(0.5):
            self.by_process.update(processor(os.getpid()))


def processor(root: int) -> dict[int, float]:
    """Processor seconds of a process and of all it began that still run."""
    children: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        spent[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    found, waiting = {}, [root]
    while waiting:
        one = waiting.pop()
        found[one] = spent.get(one, 0.0)
        waiting += children.get(one, [])
    return found


def run(app: App, path: Path, out: Path, **options: object) -> tuple[float, float]:
    """Screen a file; seconds by the clock, and of the processor."""
    begun = time.perf_counter()
    with Spent() as spent:
        for _ in app.screen_file(path, out, **options):  # type: ignore[arg-type]
            pass
    return time.perf_counter() - begun, spent.seconds


def main(sizes: list[int]) -> None:
    if find_spec("pyspark") is None or not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        print("not measured: needs Java 17 and PySpark (make spark)")
        return
    with tempfile.TemporaryDirectory(prefix="caveat-spark-") as name:
        folder = Path(name)
        room = shutil.disk_usage(folder).free // ROOM
        for size in [size for size in sizes if size > room]:
            print(f"{size:,} names not measured: they need {size * ROOM / 1e9:.0f} GB in {folder.parent} (set TMPDIR)")
        sizes = [size for size in sizes if size <= room]
        with caveat.open(str(folder / "caveat.sqlite"), as_of="2026-11-01") as app, cluster(folder) as wishes:
            list(app.refresh(path=SHARED / "trade-csl/screening-list_2026-07-31.json.gz"))
            screened = customers_file(SMALL, folder)
            run(app, screened, folder / "first.jsonl", workers=CORES)  # builds the index, and the cards
            run(app, screened, folder / "first.jsonl", engine="spark", spark=wishes)  # begins the driver's Java
            engines: dict[str, Callable[[Path, Path], tuple[float, float]]] = {
                "local": lambda path, out: run(app, path, out, workers=CORES),
                "spark": lambda path, out: run(app, path, out, engine="spark", spark=wishes),
            }
            taken: dict[str, Taken] = {engine: {} for engine in engines}
            for size in [SMALL, *sizes]:
                path, out = customers_file(size, folder), folder / "answers.jsonl"
                digests = set()
                for engine, screen in engines.items():
                    clock, busy = taken[engine][size] = screen(path, out)
                    print(f"{engine}: {size:>9,} names in {clock:7.1f} s, {busy:7.1f} s of processor", flush=True)
                    with out.open("rb") as answers:
                        digests.add(hashlib.file_digest(answers, "sha256").hexdigest())
                    out.unlink()
                if len(digests) > 1:
                    sys.exit("the answers differ")
                path.unlink()
                tell(taken, size)


#: Of each size, seconds by the clock and of the processor.
Taken = dict[int, tuple[float, float]]


def tell(taken: dict[str, Taken], size: int) -> None:
    """Names a second and core from the smallest size to this, start-up apart; and the ratios."""
    if size == SMALL:
        print("start-up: " + ", ".join(f"{engine} {seconds[SMALL][0]:.1f} s" for engine, seconds in taken.items()))
        return
    first = min(n for n in taken["local"] if n != SMALL)
    if size == first:
        return
    for what, which, cores in (("by the clock, a second and core", 0, CORES), ("a second of processor", 1, 1)):
        rates = {e: (size - first) / (took[size][which] - took[first][which]) / cores for e, took in taken.items()}
        told = ", ".join(f"{engine} {rate:,.0f}" for engine, rate in rates.items())
        print(f"names {first:,} to {size:,} {what}: {told}; ratio {rates['spark'] / rates['local']:.2f} (goal: 0.70)")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, nargs="+", default=[500_000, 5_000_000])
    main(parser.parse_args().names)
