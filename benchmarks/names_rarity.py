"""Make `names/words/rarity.npy`: how common a word is among people, companies and listed names.

    python benchmarks/names_rarity.py --write     # without --write it only compares

Only statistics of single words are kept (a hash and a class of frequency), no name. A word counts for as
common as the commonest of its uses: among people, among companies, among listed parties.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from caveat.names.clean import split
from caveat.names.words import words

TARGET = Path(__file__).parents[1] / "src/caveat/names/words/rarity.npy"
RAREST_KNOWN = 14.0  # bits of a word seen once, or in a register that gives no counts


def lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8-sig", errors="replace") as file:
        for line in file:
            yield line.strip().strip('"')


def count(names: Iterable[str]) -> tuple[Counter[str], int]:
    same = words().same
    seen: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        seen.update({same.get(word, word) for word in split(name)})
    return seen, total


def listed(root: Path) -> Iterator[str]:
    """One text a party: a word in five aliases of one party is seen once."""
    data = json.loads(gzip.decompress((root / "trade-csl/screening-list_2026-07-31.json.gz").read_bytes()))
    for entry in data["entries"]:
        yield " ".join([entry["n"], *entry.get("a", ())])


def main(root: Path, write: bool) -> None:
    best: dict[str, float] = {}

    def offer(word: str, value: float) -> None:
        if word and value < best.get(word, 99.0):
            best[word] = value

    samples = {
        "people": lines(root / "names/chicago_gov_employees.csv.gz"),
        "companies": lines(root / "names/va_corporate.csv.gz"),
        "shops": lines(root / "names/chicago_businesses.csv.gz"),
        "stocks": lines(root / "names/nasdaq-listed.csv.gz"),
        "listed": listed(root),
    }
    for what, names in samples.items():
        seen, total = count(names)
        for word, times in seen.items():
            if times < (6 if what == "listed" else 2):
                continue  # a word of a few parties stays as rare as an unseen one
            offer(word, min(RAREST_KNOWN, math.log2(total / times)))
    for name in ("namedb_surnames_all", "namedb_first_names_all", "english_names_2W"):
        for line in lines(root / f"names/{name}.txt.gz"):
            for word in split(line):
                offer(word, RAREST_KNOWN)
    for name, share in (("common-forenames-by-country", 0.1), ("common-surnames-by-country", 0.1)):
        with (root / f"names/{name}.csv").open(encoding="utf-8-sig") as file:
            rank: Counter[str] = Counter()
            for row in csv.DictReader(file):
                rank[row["Country"]] += 1
                for column in ("Romanized Name", "Localized Name"):
                    for word in split(row[column] or ""):
                        # a name among the commonest of one country, itself one of some seventy
                        offer(word, min(RAREST_KNOWN, math.log2((rank[row["Country"]] + 4) / share) + 3.0))
    codes: dict[int, int] = {}
    for word, value in best.items():
        code = zlib.crc32(word.encode())
        codes[code] = min(codes.get(code, 255), max(1, round(value * 10)))
    table = np.array(sorted(codes.items()), dtype=np.int64)
    out = np.zeros(len(table), dtype=[("hash", "<u4"), ("tenths", "u1")])
    out["hash"], out["tenths"] = table[:, 0], table[:, 1]
    same = TARGET.exists() and np.array_equal(np.load(TARGET), out)
    print(f"{len(out)} words; the packaged table {'is the same' if same else 'differs'}")
    if write:
        np.save(TARGET, out)


if __name__ == "__main__":
    main(Path(__file__).parents[2] / "shared/data", "--write" in sys.argv)
