"""kill -9 at any moment of a refresh, and several processes at once: the ledger opens, verifies, goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_data import ROOT, shared

from caveat.app import open_app

_SCRIPT = textwrap.dedent("""
    import sys
    from caveat.app import open_app
    app = open_app(sys.argv[1])
    print("open", flush=True)
    for path in sys.argv[2:]:
        for report in app.refresh(path=path):
            assert report.status in ("loaded", "unchanged"), report
            print(report.status, report.file, flush=True)
""")


def write_sdn(folder: Path, *, files: int = 3, rows: int = 600) -> list[Path]:
    """Files of the SDN list in which some parties come, go and are amended."""
    paths = []
    for month in range(1, files + 1):
        lines = [
            f'{n},"PARTY {n} {"SHIPPING" if n % 3 else "TRADING"} LINES",-0- ,"CUBA",'
            f'-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Registration Number {n * 7 + (month if n % 50 == 0 else 0)}."\r\n'
            for n in range(month * 5, rows + month * 5)
        ]
        path = folder / f"sdn_2020-{month:02}-01.csv"
        path.write_text("".join(lines) + "\x1a", "ascii")
        paths.append(path)
    return paths


def start(db: Path, paths: list[Path]) -> subprocess.Popen[str]:
    """A refresh of these files in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(db), *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=environment,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> list[str]:
    """Its lines; fails where it failed."""
    out, error = process.communicate(timeout=600)
    assert process.returncode == 0, error[-2000:]
    return out.splitlines()


def whole(db: Path) -> str:
    """The digest of a ledger that opens and verifies."""
    with open_app(str(db)) as app:
        answer = app.verify()
        assert (answer["status"], answer["broken"]) == ("whole", [])
        return str(answer["digest"])


def kill_at_random_moments(tmp_path: Path, paths: list[Path], moments: int, seed: int) -> tuple[int, set[str]]:
    """Kill so many refreshes; after each the ledger must open and verify. (killed, the final digests)."""
    chance = random.Random(seed)
    began = time.monotonic()
    finish(start(tmp_path / "whole.sqlite", paths))
    length = time.monotonic() - began
    expected = whole(tmp_path / "whole.sqlite")
    killed, digests = 0, {expected}
    for number in range(moments):
        db = tmp_path / f"killed{number}.sqlite"
        process = start(db, paths)
        time.sleep(chance.uniform(0.0, length))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        whole(db)
        if number % 2:  # a second kill over the rest of the first
            process = start(db, paths)
            time.sleep(chance.uniform(0.0, length))
            process.kill()
            process.communicate()
            whole(db)
        finish(start(db, paths))
        digests.add(whole(db))
        for rest in tmp_path.glob(f"{db.name}*"):
            if rest.is_file():
                rest.unlink()
    return killed, digests


def test_a_few_kills(tmp_path: Path) -> None:
    killed, digests = kill_at_random_moments(tmp_path, write_sdn(tmp_path, rows=300), 2, seed=1)
    assert killed
    assert len(digests) == 1


@pytest.mark.slow
def test_fifty_kills(tmp_path: Path) -> None:
    killed, digests = kill_at_random_moments(tmp_path, write_sdn(tmp_path, files=4, rows=2500), 50, seed=744)
    assert killed >= 40
    assert len(digests) == 1


@pytest.mark.slow
def test_kills_during_a_real_list(tmp_path: Path) -> None:
    paths = [
        shared("data", "ofac-sdn", "sdn_2021-11-23.csv.gz"),
        shared("data", "ofac-sdn", "sdn_2021-12-02_0142.csv.gz"),
    ]
    killed, digests = kill_at_random_moments(tmp_path, paths, 5, seed=9)
    assert killed
    assert len(digests) == 1


def test_two_processes_refresh_at_once(tmp_path: Path) -> None:
    paths = write_sdn(tmp_path, rows=300)
    finish(start(tmp_path / "alone.sqlite", paths))
    both = [start(tmp_path / "both.sqlite", paths), start(tmp_path / "both.sqlite", paths[::-1])]
    reports = [line for process in both for line in finish(process) if line != "open"]
    assert len([line for line in reports if line.startswith("loaded")]) == 3
    assert len([line for line in reports if line.startswith("unchanged")]) == 3
    assert whole(tmp_path / "both.sqlite") == whole(tmp_path / "alone.sqlite")


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[tuple[list[int], list[BaseException]]]:
    """A reader that asks without pause; (numbers of entries seen, what it met)."""
    db = tmp_path / "read.sqlite"
    open_app(str(db)).close()
    stop = threading.Event()
    seen: list[int] = []
    met: list[BaseException] = []

    def read() -> None:
        try:
            with open_app(str(db)) as app:
                while not stop.is_set():
                    rows = {row["list"]: row["entries"] for row in app.lists()["lists"]}
                    when = app.as_of("2020-12-31")
                    app.ledger.listings(app.ledger.in_force("us.ofac.sdn", when), when)
                    app.changes("2019-12-31", "2020-12-31", "us.ofac.sdn")
                    seen.append(rows["us.ofac.sdn"])
        except BaseException as error:
            met.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    yield seen, met
    stop.set()
    thread.join()


def test_reading_while_refreshing(tmp_path: Path, reading: tuple[list[int], list[BaseException]]) -> None:
    seen, met = reading
    paths = write_sdn(tmp_path, files=8, rows=150)
    finish(start(tmp_path / "read.sqlite", paths))
    time.sleep(0.5)
    assert met == []
    assert len(seen) > 2
    assert max(seen) > min(seen), "the reader saw the refresh happen"


def test_a_dead_refresh_leaves_the_list_before_it(tmp_path: Path) -> None:
    one, two, _ = write_sdn(tmp_path, rows=200)
    db = tmp_path / "ledger.sqlite"
    finish(start(db, [one]))
    before = whole(db)
    with open_app(str(db)) as app, app.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM saying")  # as a refresh does before it writes anew
        wal = Path(f"{db}-wal").read_bytes() if Path(f"{db}-wal").exists() else b""
        for part, data in ((db, db.read_bytes()), (Path(f"{db}-wal"), wal)):
            (tmp_path / f"copy.sqlite{part.name.removeprefix(db.name)}").write_bytes(data)
        connection.rollback()
    assert whole(tmp_path / "copy.sqlite") == before
    assert whole(db) == before
    finish(start(db, [two]))
