"""Make `names/words/rarity.npy`: how common a word is among people, companies and listed names.

    python benchmarks/names_rarity.py --write     # without --write it only compares

Only statistics of single words are kept (a hash and a class of frequency), no name.

Two questions make a shared word weak evidence: how many other people and companies bear it, and how many listed
parties do. The first is asked where the word is commonest (one country's register, not the world's): whoever is
called Ahmed comes from where many are, and the same holds for Garcia and Smith. The second counts independent
parties: the affiliates of one company share its brand and are one family. A word's bits are the mean of both, so
that of two words of one origin the sum is what a chance agreement of both is worth: the parties listed that bear
the one, times how often the other falls together with it.
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
from typing import Any

import numpy as np

from caveat.names.clean import split
from caveat.names.rarity import unseen
from caveat.names.words import words

TARGET = Path(__file__).parents[1] / "src/caveat/names/words/rarity.npy"
RAREST_KNOWN = 14.0  # bits of a word seen once, or in a register that gives no counts
LEAST_LISTED = 6  # a word of fewer listed parties stays as rare as an unseen one
REGISTERED = 0.1  # a country's commonest name is borne by one in forty; those after it by rank


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


def listed(root: Path) -> Iterator[tuple[str, bool]]:
    """One text a party, and whether it is a person: a word in five aliases of one party is seen once."""
    data = json.loads(gzip.decompress((root / "trade-csl/screening-list_2026-07-31.json.gz").read_bytes()))
    for entry in data["entries"]:
        yield " ".join([entry["n"], *entry.get("a", ())]), entry.get("t") == "Individual"


def borne(root: Path) -> dict[str, float]:
    """Word -> bits where it is commonest: in one country, among companies, among shops, on the stock exchange."""
    best: dict[str, float] = {}

    def offer(word: str, value: float) -> None:
        if word and value < best.get(word, 99.0):
            best[word] = value

    for file in ("chicago_gov_employees", "va_corporate", "chicago_businesses", "nasdaq-listed"):
        seen, total = count(lines(root / f"names/{file}.csv.gz"))
        for word, times in seen.items():
            if times > 1:
                offer(word, min(RAREST_KNOWN, math.log2(total / times)))
    for name in ("namedb_surnames_all", "namedb_first_names_all", "english_names_2W"):
        for line in lines(root / f"names/{name}.txt.gz"):
            for word in split(line):
                offer(word, RAREST_KNOWN)
    for name in ("common-forenames-by-country", "common-surnames-by-country"):
        with (root / f"names/{name}.csv").open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                for column in ("Romanized Name", "Localized Name"):
                    for word in split(row[column] or ""):
                        offer(word, min(RAREST_KNOWN, _ranked(row)))
    return best


def _ranked(row: dict[str, Any]) -> float:
    """Bits of a name by its share where the register tells it, else by its rank."""
    if row.get("Percent"):
        return -math.log2(min(0.5, max(1e-4, float(row["Percent"]))))
    return math.log2((float(row["Index"]) + 4) / REGISTERED)


def main(root: Path, write: bool) -> None:
    best = borne(root)
    parties = list(listed(root))
    people, _ = count(name for name, is_person in parties if is_person)
    bodies, _ = count(name for name, is_person in parties if not is_person)
    for word in people.keys() | bodies.keys():
        times = people[word] + bodies[word]
        if times < LEAST_LISTED:
            if times > 1 and len(word) > 4:
                best.setdefault(word, unseen(word) / 100)  # as rare as ever, but no slip of another word
            continue
        if word not in best:  # a brand, for no register knows it: its bearers are one family
            times = people[word] + bodies[word] ** 0.5
        bits = math.log2(len(parties) / times)
        best[word] = (best.get(word, unseen(word) / 100) + bits) / 2
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
