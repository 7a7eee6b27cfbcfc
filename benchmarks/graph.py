"""Shares of a 1,000,000-edge graph: time and memory, beside a plain walk over all chains.

    python benchmarks/graph.py [EDGES] [--random]

The graph is a forest of groups as registers show them (holdings of several tiers, cross-holdings, unknown shares);
`--random` draws every tie at random instead, which makes one circle of half the parties: the hardest case.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import time
from collections.abc import Callable
from typing import TypeVar

from caveat.graph import Graph, aggregate, read_edges, share_of

T = TypeVar("T")
SHARES = ("100", "75", "51", "50", "40", "25", "10", "25-50", ">50", "")


def make_groups(edges: int, rng: random.Random) -> bytes:
    """Groups of 30 to 400 firms, each owned by one to three older ones of its group; some own upwards."""
    out = io.StringIO()
    out.write("from,to,type,pct,since,source\n")
    made = group = 0
    while made < edges:
        group += 1
        size = rng.randint(30, 400)
        for n in range(1, size):
            owners = rng.sample(range(n), min(n, rng.randint(1, 3)))
            for owner in owners:
                share = rng.choice(SHARES) if len(owners) == 1 else str(rng.randint(1, 100 // len(owners)))
                out.write(f"G{group}-{owner},G{group}-{n},owns,{share},2019-01-01,register\n")
                made += 1
            if rng.random() < 0.03:
                out.write(f"G{group}-{n},G{group}-{rng.randrange(n)},owns,{rng.randint(1, 5)},2019-01-01,register\n")
                made += 1
    return out.getvalue().encode()


def make_random(edges: int, rng: random.Random) -> bytes:
    """Every tie between two parties drawn at random."""
    out = io.StringIO()
    out.write("from,to,type,pct,since,source\n")
    for _ in range(edges):
        owner, owned = rng.randrange(edges // 2), rng.randrange(edges // 2)
        out.write(f"P{owner},P{owned},owns,{rng.choice(('10', '5', '20.5', '', '>25', '1'))},2019-01-01,register\n")
    return out.getvalue().encode()


def timed(label: str, call: Callable[[], T]) -> T:
    begun, cpu = time.perf_counter(), time.process_time()
    value = call()
    print(f"{label:<44} {time.perf_counter() - begun:8.2f} s ({time.process_time() - cpu:.2f} s of processor)")
    return value


def walk(graph: Graph, restricted: set[str], seconds: float) -> int:
    """The naive way: every chain from every restricted party, multiplied out; parties reached until time is up."""
    begun, chains = time.perf_counter(), 0
    for start in restricted:
        waiting = [(start, 1.0, (start,))]
        while waiting:
            party, share, seen = waiting.pop()
            chains += 1
            if time.perf_counter() - begun > seconds:
                return chains
            for edge in graph.out_of(party, "owns"):
                if edge.end not in seen and len(seen) < 25:
                    waiting.append((edge.end, share * (edge.high or 100.0) / 100, (*seen, edge.end)))
    return chains


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("edges", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--random", action="store_true")
    asked = parser.parse_args()
    rng = random.Random(744)
    data = (make_random if asked.random else make_groups)(asked.edges, rng)
    reading = timed(f"read {asked.edges:,} edges from CSV", lambda: read_edges(data, "big.csv"))
    graph = timed("graph and direct shares", lambda: _ready(Graph.of([reading])))
    restricted = set(rng.sample(graph.ids, 1000))
    begun = time.perf_counter()
    whole = timed("tiers (OFAC, BIS) for all parties", lambda: aggregate(graph, restricted))
    low, high = timed("economic shares for all parties, bounds", lambda: whole.economic)
    spent = time.perf_counter() - begun
    print(f"{len(graph.ids):,} parties; {len(whole.caught()):,} caught, {len(whole.open()):,} open;", end=" ")
    print(f"mean width of the bounds {100 * float((high - low).mean()):.2f} points")
    held = [p for p, share in zip(graph.ids, whole.tier_high, strict=True) if share > 0][:2000]
    share_of(graph, held[0], restricted)
    times = []
    for party in rng.sample(held, min(500, len(held))):
        begun = time.process_time()
        share_of(graph, party, restricted).to_dict()
        times.append(time.process_time() - begun)
    times.sort()
    print(f"one party, warm, of processor: median {1000 * times[len(times) // 2]:.2f} ms, ", end="")
    print(f"99th in 100 {1000 * times[int(len(times) * 0.99)]:.2f} ms, most {1000 * times[-1]:.2f} ms")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")
    chains = walk(graph, restricted, 20.0)
    print(f"baseline, a walk over all chains: {chains:,} chains in 20 s, and no bounds; ratio {20 / spent:.1f} or more")


def _ready(graph: Graph) -> Graph:
    graph.holdings  # noqa: B018
    graph.first_owner  # noqa: B018
    return graph


if __name__ == "__main__":
    main()
