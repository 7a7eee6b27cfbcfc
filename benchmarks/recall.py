"""What the search loses of what a full scan finds, by kind of query; TF-IDF of letter triples as a second witness.

    python benchmarks/recall.py [--queries 60] [--write]

Every name of the SDN list of January 2019 is scored against every query, and the hits of that full scan at the
default threshold are sought among those of the search. The witness ranks all names by the cosine of their letter
triples, knows nothing of the scorer, and hands its twenty best to it. `--write` makes docs/reference/recall.md.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from quality_material import CHANGES, companies, edit, people, sdn
from quality_scripts import listed_people, register_people, wikidata_people

from caveat.names import Token, normalize, read_name
from caveat.screening import DEFAULT_THRESHOLD, Index, open_index, write_index
from caveat.screening.evidence import log_odds, name_points

PAGE = Path(__file__).parents[1] / "docs/reference/recall.md"
BEST = 20


def queries(names: list[str], count: int) -> Iterator[tuple[str, list[str]]]:
    """Kind of query -> queries; seeds of their own."""
    rng = random.Random(31)
    yield "as listed", rng.sample(names, count)
    for what, change in CHANGES.items():
        changed = (change(name, rng) for name in rng.sample(names, count * 3))
        yield what, [name for name in changed if name][:count]
    for times in (1, 2, 3):
        yield f"random edits: {times}", [edit(name, times, rng) for name in rng.sample(names, count)]
    yield "strangers", people(count // 2, 32) + companies(count // 2, 33)
    for title, read in (("listed", listed_people), ("register", register_people), ("Wikidata", wikidata_people)):
        for script, pairs in read("report", max(10, count // 4), 34).items():
            yield f"{script}, {title}", [native for native, _ in pairs]


def full_scan(index: Index, tokens: tuple[Token, ...], line: int) -> set[int]:
    """Rows whose own score reaches the line; where nothing is earned there is no need to weigh it."""
    assert index.kernel is not None
    total = index.kernel.total
    earning = (row for row in range(index.rows) if total(tokens, row)[0] > 0)
    return {row for row in earning if name_points(index.measured(tokens, row), False) >= line}


class Witness:
    """All rows of an index by their letter triples."""

    def __init__(self, index: Index) -> None:
        grams = [self._grams("".join(t.text + " " for t in index.row_tokens(row))) for row in range(index.rows)]
        spread = Counter(gram for some in grams for gram in some)
        self.weight = {gram: float(np.log(len(grams) / n)) for gram, n in spread.items()}
        self.rows: dict[str, list[tuple[int, float]]] = {}
        for row, some in enumerate(grams):
            size = sum((n * self.weight[gram]) ** 2 for gram, n in some.items()) ** 0.5 or 1.0
            for gram, n in some.items():
                self.rows.setdefault(gram, []).append((row, n * self.weight[gram] / size))
        self.count = len(grams)

    def best(self, text: str) -> list[int]:
        """The rows most alike."""
        found: Any = np.zeros(self.count)
        for gram, n in self._grams(text).items():
            for row, share in self.rows.get(gram, ()):
                found[row] += n * self.weight[gram] * share
        return [int(row) for row in np.argsort(-found, kind="stable")[:BEST] if found[row] > 0]

    @staticmethod
    def _grams(text: str) -> Counter[str]:
        text = f" {text.strip()} "
        return Counter(text[i : i + 3] for i in range(len(text) - 2))


def main(count: int, write: bool) -> None:
    entries = sdn()
    names = [name.text for _, entry in entries for name in entry.names]
    index = open_index(write_index(entries, Path(tempfile.mkdtemp())).parent)
    if index.kernel is None:
        raise SystemExit("build the compiled kernel first (make .venv/.dev-ready): a full scan needs it")
    witness, line = Witness(index), log_odds(DEFAULT_THRESHOLD)
    out = [
        "# Recall of the search, measured\n\nMade by `python benchmarks/recall.py --write`; do not edit. The search "
        "looks at few of the listed names. Here each of the "
        f"{len(names):,} names of OFAC's SDN list of January 2019 is scored against every query as well, and the hits "
        f"of that full scan (threshold {DEFAULT_THRESHOLD}) are sought among the hits of the search. *Witness*: hits "
        f"among the {BEST} names most alike by the TF-IDF cosine of their letter triples, which knows nothing of the "
        "scorer.\n\n| queries | number | hits of the full scan | lost | hits of the witness | lost |\n"
        "|---|---|---|---|---|---|\n"
    ]
    sums = [0, 0, 0, 0, 0]
    for what, some in queries(names, count):
        row = [len(some), 0, 0, 0, 0]
        for name in some:
            readings = read_name(name)
            found = {r for reading in readings for r, _ in index.scored(reading.tokens, line)}
            scan = {r for reading in readings for r in full_scan(index, reading.tokens, line)}
            seen = {r for reading in readings for r in witness.best(" ".join(t.text for t in reading.tokens))} & scan
            seen |= set(witness.best(normalize(name))) & scan
            row = [
                row[0],
                row[1] + len(scan),
                row[2] + len(scan - found),
                row[3] + len(seen),
                row[4] + len(seen - found),
            ]
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        out.append(f"| {what} | " + " | ".join(f"{n:,}" for n in row) + " |\n")
        print(out[-1], end="", flush=True)
    out.append("| all | " + " | ".join(f"**{n:,}**" for n in sums) + " |\n")
    out.append(f"\nLost: {sums[2] / max(1, sums[1]):.3%} of the hits (goal: at most 0.5 %).\n")
    print("".join(out[-2:]))
    if write:
        PAGE.write_text("".join(out), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    main(given.queries, given.write)
