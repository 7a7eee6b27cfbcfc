"""What a million names cost against lists of growing size, and the slope; writes the picture of the explanation.

    python benchmarks/scale.py [--sizes 20000 200000 2000000] [--names 10000] [--write]
    python benchmarks/scale.py --sizes 2000000 --recall 40   # what the search loses of a full scan

Lists are the consolidated file of 2026-07-31, grown with names made of the words of two real ones, one letter
changed in some. Customers are made-up people and American companies, each met for the first time. One core, core
seconds (not wall time); beside each size the baseline: a scan of every name by RapidFuzz WRatio in the same run.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from quality_material import companies, csl, edit, people
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process
from recall import full_scan

from caveat.model import Entry, Name
from caveat.names import read_name
from caveat.screening import DEFAULT_THRESHOLD, Query, may_hit, open_index, search, write_index
from caveat.screening.evidence import log_odds

DOCS = Path(__file__).parent.parent / "docs"


def grown(size: int, seed: int = 7) -> Iterator[tuple[str, Entry]]:
    """Entries with `size` names in all: the real ones first, then made-up ones."""
    rng = random.Random(seed)
    real = csl()
    names = [name.text for _, entry in real for name in entry.names]
    left = size
    for entry_id, entry in real:
        if left <= 0:
            return
        left -= len(entry.names)
        yield entry_id, entry
    for number in range(max(0, left)):
        one, other = rng.choice(names).split(), rng.choice(names).split()
        text = " ".join([*one[: rng.randrange(1, len(one) + 1)], *other[-rng.randrange(1, len(other) + 1) :]])
        name = edit(text, 1, rng) if number % 4 == 0 else text
        yield f"made-{number}", Entry(list="us.trade.csl", names=(Name(name, "primary"),))


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(size: int, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        build = cpu(lambda: write_index(grown(size), Path(folder)))
        size_mb = sum(p.stat().st_size for p in Path(folder).rglob("*.npy")) / 1e6
        index = open_index(Path(folder))
        rng = random.Random(size)
        names = people(count // 2, size) + companies(count // 2, size + 1)
        rng.shuffle(names)
        queries = [Query(name) for name in names]

        def answer(some: list[Query]) -> None:
            for query, is_open in zip(some, may_hit(index, some), strict=True):
                if is_open:
                    search(index, query)

        answer(queries[: count // 4])  # the words of a first few thousand customers are known
        rest = queries[count // 4 :]
        each = cpu(lambda: answer(rest)) / len(rest)
        listed = [default_process(index.name(row)) for row in range(0, index.rows, max(1, index.rows // 20_000))]
        few = [default_process(query.name) for query in rest[:10]]
        scan = cpu(lambda: process.cdist(few, listed, scorer=fuzz.WRatio)) / len(few) * index.rows / len(listed)
    return {"rows": index.rows, "build": build, "mb": size_mb, "each": each, "scan": scan}


def recall(size: int, count: int) -> None:
    """Print what the search loses of what a scan of every name finds: slips of listed names, and strangers."""
    line = log_odds(DEFAULT_THRESHOLD)
    with tempfile.TemporaryDirectory() as folder:
        write_index(grown(size), Path(folder))
        index = open_index(Path(folder))
        rng = random.Random(size + 2)
        names = [edit(index.name(rng.randrange(index.rows)), 1 + n % 2, rng) for n in range(count // 2)]
        names += people(count // 4, size + 3) + companies(count // 4, size + 4)
        hits = lost = 0
        for name in names:
            for reading in read_name(name):
                scan = full_scan(index, reading.tokens, line)
                hits += len(scan)
                lost += len(scan - {row for row, _ in index.scored(reading.tokens, line)})
        print(f"{index.rows:,.0f} names, {len(names)} queries: {hits:,} hits of a full scan, {lost:,} lost", flush=True)


def main(sizes: list[int], count: int, write: bool) -> None:
    found = []
    print("names    build      index   core-s a million names    against WRatio")
    for size in sizes:
        m = measure(size, count)
        found.append(m)
        ratio = m["scan"] / m["each"]
        print(
            f"{m['rows']:>9,.0f} {m['build']:6.1f} s {m['mb']:8.0f} MB {1e6 * m['each']:12,.0f} {ratio:22,.0f} x",
            flush=True,
        )
    if len(found) > 1:
        first, last = found[0], found[-1]
        slope = math.log(last["each"] / first["each"]) / math.log(last["rows"] / first["rows"])
        print(f"slope {slope:.2f}: a list ten times as long costs {10**slope:.1f} times as much")
        if write:
            (DOCS / "explanation" / "scale.svg").write_text(picture(found), "utf-8")


def picture(found: list[dict[str, float]]) -> str:
    """Cost against size, both on logarithmic scales."""
    points = [(m["rows"], 1e6 * m["each"], 1e6 * m["scan"]) for m in found]
    low, high = 4.0, 6.5
    bottom, top = 1.0, math.ceil(math.log10(max(p[2] for p in points)))

    def at(x: float, y: float) -> str:
        across = 70 + 500 * (math.log10(x) - low) / (high - low)
        down = 280 - 250 * (math.log10(y) - bottom) / (top - bottom)
        return f"{across:.0f},{down:.0f}"

    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 330" font-family="sans-serif" font-size="12">',
           "<title>Core seconds for a million names against the size of the list</title>",
           '<rect width="620" height="330" fill="white"/>']  # fmt: skip
    for power in range(4, 7):
        x, y = at(10**power, 10**bottom).split(",")
        out.append(f'<text x="{x}" y="{int(y) + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(int(bottom), int(top) + 1):
        _, y = at(1e4, 10**power).split(",")
        out.append(
            f'<path d="M70 {y}H570" stroke="#ddd"/><text x="62" y="{int(y) + 4}" text-anchor="end">{10**power:,}</text>'
        )
    for which, name, color in ((1, "Caveat", "#0b6e4f"), (2, "scan by RapidFuzz WRatio", "#999")):
        line = " ".join(at(p[0], p[which]) for p in points)
        x, y = at(points[-1][0], points[-1][which]).split(",")
        out.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        out += [f'<circle cx="{c.split(",")[0]}" cy="{c.split(",")[1]}" r="4" fill="{color}"/>' for c in line.split()]
        out.append(f'<text x="{int(x) - 8}" y="{int(y) - 10}" text-anchor="end" fill="{color}">{name}</text>')
    out.append('<text x="320" y="322" text-anchor="middle">names on the list</text>')
    out.append('<text x="8" y="14">core seconds for a million names</text>')
    return "\n".join([*out, "</svg>", ""])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 200_000, 2_000_000])
    parser.add_argument("--names", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--recall", type=int, metavar="QUERIES", help="hold the search against a full scan instead")
    given = parser.parse_args()
    if given.recall:
        for size in given.sizes:
            recall(size, given.recall)
    else:
        main(given.sizes, given.names, given.write)
