"""Time and memory of the ledger: load, load again, import, show and screen from the shell. Prints a table.

Usage: python benchmarks/ledger.py [--shared ../shared] [--times 5]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_LOAD = """
import resource, sys, time
from caveat.app import open_app
began = time.perf_counter()
app = open_app(sys.argv[1])
reports = list(app.refresh(path=sys.argv[2]))
took = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(took, peak, sum(r.rows for r in reports), *sorted({r.status for r in reports}))
"""


def measure(command: list[str], environment: dict[str, str], times: int) -> list[float]:
    """Seconds of each run; the first is shown too, so that a cold start is not hidden."""
    out = []
    for _ in range(times):
        began = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        out.append(time.perf_counter() - began)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode()[-500:]}")
    return out


def load(db: Path, path: Path, environment: dict[str, str]) -> tuple[float, float, int, str]:
    """(seconds, peak MiB, rows, statuses) of one refresh in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, str(db), str(path)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr[-1000:])
    seconds, peak, rows, *statuses = done.stdout.split()
    return float(seconds), float(peak), int(rows), "+".join(statuses)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", default=os.environ.get("CAVEAT_SHARED", "../shared"))
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    path = Path(given.shared) / "data/trade-csl/screening-list_2026-07-31.json.gz"
    if not path.exists():
        sys.exit(f"needs {path} (see --shared)")
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CAVEAT_DB": str(Path(folder) / "0.sqlite")}
        firsts, agains, count = [], [], 0
        for number in range(given.times):
            db = Path(folder) / f"{number}.sqlite"
            first = load(db, path, environment)
            again = load(db, path, environment)
            if (first[3], again[3]) != ("loaded", "unchanged"):
                sys.exit(f"loaded as {first[3]}, then {again[3]}")
            firsts.append(first)
            agains.append(again)
            count = first[2]
        rows.append((f"load {count:,} parties, fresh SQLite", told([f[0] for f in firsts]), "< 20 s"))
        rows.append(("  peak memory", f"{max(f[1] for f in firsts):.0f} MiB", "< 600 MB"))
        rows.append(("load again, unchanged", told([a[0] for a in agains]), "< 3 s"))
        rows.append(("  database on disk", f"{(Path(folder) / '0.sqlite').stat().st_size / 2**20:.0f} MiB", ""))
        bare = measure([sys.executable, "-c", "pass"], environment, given.times * 2)
        whole = measure([sys.executable, "-c", "import caveat"], environment, given.times * 2)
        rows.append(("import caveat (process less bare Python)",
                     f"{1000 * (statistics.median(whole) - statistics.median(bare)):.0f} ms", "< 150 ms"))  # fmt: skip
        caveat = [sys.executable, "-m", "caveat"]
        build = measure([*caveat, "screen", "Hikvison Digital"], environment, 1)
        rows.append(("first screen: builds the index", told(build), ""))
        for words, bound in (
            (["screen", "Hikvison Digital"], "< 1 s"),
            (["screen", "Bank Melli Iran", "--format", "json"], "< 1 s"),
            (["show", "Hikvision"], ""),
            (["lists"], ""),
            (["--as-of", "2019-10-09", "screen", "Hikvison Digital"], ""),
        ):
            rows.append(
                (f"caveat {' '.join(words)}", told(measure([*caveat, *words], environment, given.times)), bound)
            )
    print(f"python benchmarks/ledger.py --times {given.times}")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"busy {os.getloadavg()[0]:.1f}"
    )
    for what, figure, bound in rows:
        print(f"{what:58} {figure:32} {bound}")


def told(seconds: list[float]) -> str:
    """Median, and the least and most."""
    return f"{statistics.median(seconds):6.2f} s  ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    main()
