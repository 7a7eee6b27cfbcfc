"""How fast articles are read, with 80,000 names to look for, and how well the samples are.

    python benchmarks/news.py [--names 80000] [--repeat 3]

Prints articles a second on one core against the floor of 20, the peak memory against 200 MB, and names F1
and dates of the sample articles, tuned on and held back.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "news"))

from news_grading import SAMPLES, grade, is_held_back  # noqa: E402

from caveat.news import NameSet, read_article  # noqa: E402

WORDS = ("north", "star", "ocean", "trade", "metal", "optics", "pharma", "data", "marine", "energy", "agro", "tech")


def make_names(count: int) -> NameSet:
    """Made-up names of two to five words, one in ten with a legal form and one in ten a single word."""
    chance = random.Random(7)
    syllables = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "ao", "ang", "ing")]
    rows = []
    for number in range(count):
        head = "".join(chance.choices(syllables, k=chance.randint(2, 4))).title()
        tail = " ".join(w.title() for w in chance.choices(WORDS, k=chance.randint(0, 3)))
        form = " Co., Ltd." if chance.random() < 0.5 else ""
        rows.append((str(number), "us.ofac.sdn", f"{head} {tail}{form}".strip(), "strong"))
    return NameSet(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=80_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    began = time.perf_counter()
    names = make_names(given.names)
    print(f"{len(names):,} name forms built in {time.perf_counter() - began:.2f} s")
    paths = sorted(SAMPLES.rglob("[0-9][0-9].txt"))
    texts = [p.read_bytes() for p in paths]
    for text in texts[:3]:
        read_article(text, names=names)
    began = time.perf_counter()
    for _ in range(given.repeat):
        for text in texts:
            read_article(text, names=names)
    seconds = time.perf_counter() - began
    rate = given.repeat * len(texts) / seconds
    size = sum(map(len, texts)) * given.repeat / 1000
    print(
        f"{rate:.1f} articles a second, {size / seconds:.0f} kB a second: {rate / 20:.2f} of the floor of 20 a second"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{peak:.0f} MB at the peak: {peak / 200:.2f} of 200 MB")
    for title, held in (("tuned on", False), ("held back", True)):
        chosen = [p for p in paths if is_held_back(p) == held]
        got = grade(chosen, names)
        dates = got.dates_right / got.dates
        print(
            f"{title}: {len(chosen)} articles, names F1 {got.names_f1:.3f}, dates {dates:.3f}, "
            f"false events {got.false_events}"
        )


if __name__ == "__main__":
    main()
