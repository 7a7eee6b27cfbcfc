"""How long a determination with five parties takes, warm, and how many a minute one core makes.

    python benchmarks/determination.py [--db URL]      default: the starter record alone

Baseline: the look-ups alone (who is each party?), without rules, law or answer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from typing import Any

import caveat
from caveat.determination import determine, read_transaction
from caveat.model import AsOf

PARTIES = (
    ("Hangzhou Hikvision Digital Technology Co., Ltd.", "end_user"),
    ("Jiangnan Camera Parts Co.", "purchaser"),
    ("Northwind Freight GmbH", "forwarder"),
    ("Dahua Technology", "intermediate_consignee"),
    ("First Harbour Bank", "bank"),
)


def transaction(number: int) -> dict[str, Any]:
    """One sale with five parties, one of them with two owners; the number keeps names apart."""
    parties: list[dict[str, Any]] = [{"name": name, "role": role, "country": "CN"} for name, role in PARTIES]
    parties[1]["name"] = f"Jiangnan Camera Parts {number} Co."
    parties[1]["owners"] = [{"name": "Hikvision", "pct": 30}, {"name": "Wang Fang", "pct": 70}]
    return {
        "date": "2025-10-15", "activity": "export",
        "actor": {"name": "Acme Optics Inc.", "us_person": True, "country": "US"},
        "item": {"description": "lens", "kind": "goods", "eccn": "EAR99", "origin": "US"}, "destination": "CN",
        "parties": parties,
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", default=f"sqlite:///{tempfile.mkdtemp()}/bench.db")
    parser.add_argument("--count", type=int, default=300)
    given = parser.parse_args()
    app = caveat.open(db=given.db)
    for warm in range(3):
        answer = app.determine(transaction(warm))
    times = []
    for number in range(given.count):
        start = time.perf_counter()
        app.determine(transaction(1000 + number))
        times.append(time.perf_counter() - start)
    read = read_transaction(transaction(0))
    as_of = AsOf(read.date, app.as_of(None, None).known)
    who = app.who(as_of)
    start = time.perf_counter()
    for number in range(given.count):
        for party in read_transaction(transaction(5000 + number)).parties:
            who.matches(party, as_of)
    lookups = (time.perf_counter() - start) / given.count
    start = time.perf_counter()
    for _ in range(given.count):
        determine(transaction(0), who, app.law, as_of.known.day, "bench")
    repeated = (time.perf_counter() - start) / given.count
    median = statistics.median(times)
    print(f"entries            {sum(entry['entries'] for entry in answer.basis['lists'])}")
    print(
        f"determination      {median * 1000:.2f} ms median, {statistics.quantiles(times, n=20)[-1] * 1000:.2f} ms p95"
    )
    print(f"a minute, one core {60 / statistics.mean(times):,.0f}")
    print(f"look-ups alone     {lookups * 1000:.2f} ms (baseline)")
    print(f"same parties again {repeated * 1000:.2f} ms")
    print(f"ratio to baseline  {median / lookups:.2f}")


if __name__ == "__main__":
    main()
