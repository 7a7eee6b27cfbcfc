"""The service under load from a second process: time to ready, one name at a steady rate, pages, memory.

    python benchmarks/service.py [--db FILE] [--rate 200] [--seconds 20] [--workers 2] [--names 4000]

Without --db it loads the consolidated list of the shared data (25,921 parties). The baseline is the
target of the design: 200 requests a second with p50 ≤ 5 ms and p99 ≤ 25 ms, pages under 100 ms, ready
within 2 s, under 400 MB a worker. Each line prints its figure and its ratio to that target.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import caveat

SHARED = Path(os.environ.get("CAVEAT_SHARED") or Path(__file__).resolve().parents[2] / "shared")
LIST = SHARED / "data" / "trade-csl" / "screening-list_2026-07-31.json.gz"
#: Holds the entries of its origin lists once more.
CROSS = "us.trade.csl"
PAGES = ("/", "/?name=Hikvison+Digital", "/party/{entry}", "/act?party=Hikvision", "/coverage", "/upload",
         "/changes?from=2024-01-01&to=2024-03-31")  # fmt: skip


@dataclass
class Served:
    port: int
    token: str
    pid: int
    ready: float


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--db")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--names", type=int, default=4000, help="different names; few show the door alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = asked.db or str(Path(folder) / "caveat.sqlite")
        if not asked.db:
            if not LIST.exists():
                sys.exit(f"needs {LIST} (set CAVEAT_SHARED), or --db FILE")
            with caveat.open(db) as app:
                list(app.refresh(path=LIST))
        with caveat.open(db) as app:
            entry = app.screen("Hangzhou Hikvision Digital Technology").hits[0].entry_id  # builds the index once
            names = sample(app, asked.names)
            rows = app.lists()["lists"]
            count = max(sum(r["entries"] for r in rows if r["list"] != CROSS), *(r["entries"] for r in rows))
        print(f"{count:,} entries in force, {len(names):,} different names asked")
        with serve(db, asked.workers) as served:
            tell("ready after", served.ready, 2.0, "s")
            print(f"  cards in force written after {settled(db):.0f} s; until then an answer costs about twice as much")
            asyncio.run(load(served, names[-1000:], asked.rate, 5))  # the first names fill caches
            asyncio.run(report(served, names, asked.rate, asked.seconds, entry))
            for pid, size in sorted(memory(served.pid).items()):
                tell(f"memory of process {pid}", size, 400.0, "MB")


async def report(served: Served, names: list[str], rate: int, seconds: int, entry: str) -> None:
    before, own = processor(served.pid), time.process_time()
    times = await load(served, names, rate, seconds)
    after, own = processor(served.pid), time.process_time() - own
    ranked = sorted(times)
    tell("one name, p50", statistics.median(ranked), 5.0, "ms")
    tell("one name, p99", ranked[int(len(ranked) * 0.99)], 25.0, "ms")
    print(f"  {len(times):,} answers at {rate} a second for {seconds} s; longest {ranked[-1]:.1f} ms")
    spent = {pid: after[pid] - before.get(pid, 0.0) for pid in after}
    each = sum(spent.values()) / len(times) * 1000
    shares = ", ".join(f"{s / seconds:.0%}" for s in spent.values() if s / seconds > 0.005)
    print(f"  {each:.2f} ms of processor an answer; processes of the service busy {shares}, this {own / seconds:.0%}")
    for page in PAGES:
        path = page.replace("{entry}", entry)
        found = [await one(served, path) for _ in range(12)]
        tell(f"page {page}", statistics.median(found[2:]), 100.0, "ms")


def settled(db: str, most: int = 300) -> float:
    """Seconds until the cards that answers are told from stand beside the index."""
    begun = time.monotonic()
    while not list(Path(f"{db}.index").glob("*/standing-*")) and time.monotonic() - begun < most:
        time.sleep(0.2)
    return time.monotonic() - begun


def sample(app: caveat.App, many: int) -> list[str]:
    """Listed names, half of them with one letter lost."""
    chance = random.Random(7)
    names = sorted({n.text for _, e in app.ledger.wordings() for n in e.names if len(n.text) > 4})
    chosen = chance.sample(names, min(many, len(names)))
    return [n if i % 2 else n[: (p := chance.randrange(1, len(n)))] + n[p + 1 :] for i, n in enumerate(chosen)]


@contextmanager
def serve(db: str, workers: int) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begun = time.monotonic()
    words = [sys.executable, "-m", "caveat", "--db", db, "serve", "--port", str(port), "--workers", str(workers)]
    with tempfile.TemporaryFile("w+") as log, subprocess.Popen(words, stderr=log, stdout=log) as process:
        try:
            token = ""
            while time.monotonic() - begun < 120:
                log.seek(0)
                if found := re.search(r"token=(\S+)", log.read()):
                    token = found[1]
                    try:
                        served = Served(port, token, process.pid, 0.0)
                        if asyncio.run(status(served, "/readyz")) == 200:
                            break
                    except OSError:
                        pass
                if process.poll() is not None:
                    log.seek(0)
                    sys.exit(log.read())
                time.sleep(0.02)
            served.ready = time.monotonic() - begun
            yield served
        finally:
            process.terminate()
            process.wait(20)


async def load(served: Served, names: list[str], rate: int, seconds: int) -> list[float]:
    """Ask at a steady rate, whether answers come or not; milliseconds from when each was due to its end."""
    lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(32):
        lines.put_nowait(await asyncio.open_connection("127.0.0.1", served.port))
    times: list[float] = []

    async def ask(name: str, due: float) -> None:
        line = await lines.get()
        body = json.dumps({"name": name}).encode()
        head = f"POST /v1/screen HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        code = await exchange(line, served, head, body)
        lines.put_nowait(line)
        assert code in (200, 400), code
        times.append((time.perf_counter() - due) * 1000)

    start = time.perf_counter()
    tasks = []
    for n in range(rate * seconds):
        due = start + n / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(names[n % len(names)], due)))
    await asyncio.gather(*tasks)
    return times


async def one(served: Served, path: str) -> float:
    begun = time.perf_counter()
    assert await status(served, path) == 200, path
    return (time.perf_counter() - begun) * 1000


async def status(served: Served, path: str) -> int:
    line = await asyncio.open_connection("127.0.0.1", served.port)
    code = await exchange(line, served, f"GET {quote(path, safe='/?=&+%,')} HTTP/1.1\r\nConnection: close\r\n", b"")
    line[1].close()
    return code


async def exchange(
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter], served: Served, head: str, body: bytes
) -> int:
    reader, writer = line
    writer.write(f"{head}Host: 127.0.0.1\r\nAuthorization: Bearer {served.token}\r\n\r\n".encode() + body)
    told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if found := re.search(r"content-length: (\d+)", told):
        await reader.readexactly(int(found[1]))
    return int(told.split(" ", 2)[1])


def family(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def processor(pid: int) -> dict[int, float]:
    """Seconds of processor that a process and each of its children have used."""
    tick = os.sysconf("SC_CLK_TCK")
    fields = {each: Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in family(pid)}
    return {each: (int(found[11]) + int(found[12])) / tick for each, found in fields.items()}


def memory(pid: int) -> dict[int, float]:
    """Megabytes that a process and its children hold for themselves; mapped files are shared and not counted."""
    out = {}
    for each in family(pid):
        text = Path(f"/proc/{each}/smaps_rollup").read_text()
        out[each] = sum(int(x) for x in re.findall(r"Private_(?:Clean|Dirty): +(\d+)", text)) / 1024
    return out


def tell(what: str, figure: float, target: float, unit: str) -> None:
    print(f"{what:<45} {figure:9.1f} {unit:<3} target {target:g} {unit}, ratio {figure / target:.2f}")


if __name__ == "__main__":
    main()
