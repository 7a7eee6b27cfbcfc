"""Speed of the search, each figure beside a named baseline in the same run.

    python benchmarks/screening.py [--names 34000] [--queries 2000]

The list is real: OFAC, BIS and the other lists of the consolidated file of 2026-07-31, cut to about 34,000 names.
Queries are half slips of listed names, half strangers. One core. Baselines: RapidFuzz WRatio and JaroWinkler
over every name (`process.cdist`), as a full scan without an index would do it. The million customers are really
screened, by two processes that begin with nothing known, as the workers of a file do: each name read, and the hits
told.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from quality_material import companies, csl, customers, edit, people
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.utils import default_process

from caveat.names import read_name
from caveat.screening import DEFAULT_THRESHOLD, Index, Query, may_hit, open_index, search, write_index
from caveat.screening.evidence import log_odds
from caveat.screening.search import may_reach

BLOCK = 500


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def answered(index: Index, queries: list[Query]) -> None:
    for query, is_open in zip(queries, may_hit(index, queries), strict=True):
        if is_open:
            search(index, query)


def a_million(folder: Path) -> float:
    """The seconds that two processes take for a million customers, half each, in blocks."""
    names = customers(1_000_000, 9)
    gc.freeze()

    def screen(half: int) -> None:
        index, line = open_index(folder), log_odds(DEFAULT_THRESHOLD)
        for at in range(half, len(names), 2 * BLOCK):
            some = names[at : at + BLOCK]
            for name, is_open in zip(some, may_reach(index, some, [line] * len(some)), strict=True):
                if is_open:
                    search(index, Query(name))

    def both() -> None:
        children = []
        for half in range(2):
            child = os.fork()
            if not child:
                screen(half * BLOCK)
                os._exit(0)
            children.append(child)
        if any(os.waitpid(child, 0)[1] for child in children):
            sys.exit("a worker failed")

    return timed(both)


def main(most: int, count: int) -> None:
    entries, names = [], []
    for entry_id, entry in csl():
        if len(names) >= most:
            break
        entries.append((entry_id, entry))
        names += [name.text for name in entry.names]
    folder = Path(tempfile.mkdtemp())
    build = timed(lambda: write_index(entries, folder))
    opening = timed(lambda: open_index(folder))
    index = open_index(folder)
    rng = random.Random(1)
    queries = [edit(name, rng.randrange(3), rng) for name in rng.sample(names, count // 2)]
    queries += people(count // 4, 2) + companies(count // 4, 3)
    rng.shuffle(queries)
    line = log_odds(DEFAULT_THRESHOLD)
    single = []
    for query in queries:  # each for the first time: no word of it was looked up before
        single.append(timed(lambda query=query: search(index, Query(query))))  # type: ignore[misc]
    tokens = [read_name(query)[0].tokens for query in queries]
    batch = timed(lambda: [index.scored(some, line) for some in tokens]) / count
    whole = timed(lambda: [search(index, Query(query)) for query in queries]) / count
    strangers = [Query(name) for name in people(count * 2, 4) + companies(count * 2, 5)]
    rng.shuffle(strangers)
    may_hit(index, strangers[:count])
    fresh = timed(lambda: may_hit(index, strangers[count:])) / (3 * count)
    again = timed(lambda: may_hit(index, strangers[count:])) / (3 * count)
    plain = [default_process(name) for name in names]
    few = [default_process(query) for query in queries[:40]]
    wratio = timed(lambda: process.cdist(few, plain, scorer=fuzz.WRatio)) / len(few)
    jaro = timed(lambda: process.cdist(few, plain, scorer=JaroWinkler.normalized_similarity, score_cutoff=0.85)) / len(
        few
    )
    index.kernel = None
    reference = [timed(lambda query=query: search(index, Query(query))) for query in queries[:60]]  # type: ignore[misc]
    few_strangers = strangers[: count // 2]
    met = timed(lambda: answered(index, few_strangers)) / len(few_strangers)
    import_time = timed(lambda: subprocess.run([sys.executable, "-c", "import caveat.screening"], check=True))
    cut = statistics.quantiles(single, n=100)
    print(f"{len(names)} names, {count} queries, one core")
    print(
        f"build {build:.1f} s (must: 3), open {1000 * opening:.1f} ms (must: 50), "
        f"Python with the engine {1000 * import_time:.0f} ms"
    )
    print(f"single query, first time: p50 {1000 * cut[49]:.2f} ms, p99 {1000 * cut[98]:.2f} ms (must: 0.5, 2)")
    print(f"batch, warm, search alone: {1 / batch:,.0f} names/s; with evidence {1 / whole:,.0f} names/s")
    print(f"customers, read and passed over: {1 / fresh:,.0f} names/s met first, {1 / again:,.0f} met again;", end=" ")
    print(f"a million on two cores: {a_million(folder):,.1f} s (must: 20)")
    print(f"against WRatio (must: 800 x): {wratio / fresh:,.0f} x met first, {wratio / again:,.0f} x met again")
    print(f"RapidFuzz WRatio full scan {1000 * wratio:.1f} ms a query: {wratio / batch:,.0f} x (must: 800 x)")
    print(f"RapidFuzz JaroWinkler cdist {1000 * jaro:.2f} ms a query: {jaro / batch:,.1f} x (must: 20 x)")
    print(f"without the compiled kernel: single p50 {1000 * statistics.median(reference):.1f} ms (must: 50),", end=" ")
    print(f"batch {1 / met:,.0f} names/s and core, the hits told (must: 200)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=34_000)
    parser.add_argument("--queries", type=int, default=2000)
    given = parser.parse_args()
    main(given.names, given.queries)
