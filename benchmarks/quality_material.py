"""Material for measuring: real lists read as entries, seeded edits of their names, real and made-up strangers."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import string
from collections.abc import Iterator
from pathlib import Path

from caveat.model import Entry, Name

SHARED = Path(__file__).parents[2] / "shared/data"


def sdn(stamp: str = "2019-01", root: Path = SHARED) -> list[tuple[str, Entry]]:
    """OFAC's SDN list with its aliases, as of a stored month."""
    kinds = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
    names: dict[str, list[Name]] = {}
    kind: dict[str, str] = {}
    for row in _rows(root / f"ofac-sdn/sdn_{stamp}.csv.gz"):
        if len(row) > 3:
            names[row[0]] = [Name(row[1].strip(), "primary")]
            kind[row[0]] = kinds.get(row[2].strip().strip("-0 ") or "", "organization")
    for row in _rows(root / f"ofac-sdn/alt_{stamp}.csv.gz"):
        if len(row) > 3 and row[0] in names:
            names[row[0]].append(Name(row[3].strip(), "strong"))
    return [
        (uid, Entry(list="us.ofac.sdn", kind=kind[uid], source_id=uid, names=tuple(some)))  # type: ignore[arg-type]
        for uid, some in names.items()
    ]


def csl(root: Path = SHARED) -> list[tuple[str, Entry]]:
    """The consolidated list of 2026-07-31."""
    data = json.loads(gzip.decompress((root / "trade-csl/screening-list_2026-07-31.json.gz").read_bytes()))
    out = []
    for number, item in enumerate(data["entries"]):
        some = (Name(item["n"], "primary"), *(Name(a, "strong") for a in item.get("a", ())))
        entry = Entry(list="us.trade.csl", names=some, countries=tuple(item.get("c", ())))
        out.append((f"csl-{number}", entry))
    return out


def edit(name: str, times: int, rng: random.Random) -> str:
    """`name` with so many random edits: a letter put in, left out, replaced, or two swapped."""
    letters = list(name)
    for _ in range(times):
        what = rng.randrange(4)
        place = rng.randrange(len(letters))
        letter = rng.choice(string.ascii_lowercase)
        if what == 0:
            letters.insert(place, letter)
        elif what == 1 and len(letters) > 1:
            del letters[place]
        elif what == 2:
            letters[place] = letter
        elif place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def people(count: int, seed: int, root: Path = SHARED) -> list[str]:
    """Made-up people: a given and a family name of one country, from lists of common names."""
    rng = random.Random(seed)
    given, family = _by_country(root, "forenames"), _by_country(root, "surnames")
    countries = sorted(set(given) & set(family))
    out = []
    for _ in range(count):
        country = rng.choice(countries)
        out.append(f"{rng.choice(given[country])} {rng.choice(family[country])}")
    return out


def people_by_country(count: int, seed: int, root: Path = SHARED) -> Iterator[tuple[str, str]]:
    """(country, made-up name) pairs, `count` for each country."""
    rng = random.Random(seed)
    given, family = _by_country(root, "forenames"), _by_country(root, "surnames")
    for country in sorted(set(given) & set(family)):
        for _ in range(count):
            yield country, f"{rng.choice(given[country])} {rng.choice(family[country])}"


def companies(count: int, seed: int, root: Path = SHARED) -> list[str]:
    """Ordinary companies: American registers and stock lists."""
    rng = random.Random(seed)
    pool = [*_lines(root / "names/va_corporate.csv.gz"), *_lines(root / "names/chicago_businesses.csv.gz")]
    return rng.sample(pool, count)


def _by_country(root: Path, what: str) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    with (root / f"names/common-{what}-by-country.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            name = row["Romanized Name"] or row["Localized Name"]
            if name and name.isascii():
                out.setdefault(row["Country"], []).append(name)
    return out


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8-sig", errors="replace") as file:
        return [line.strip().strip('"') for line in file if line.strip()]


def _rows(path: Path) -> Iterator[list[str]]:
    data = gzip.decompress(path.read_bytes()).decode("latin-1").replace("\x1a", "")
    yield from csv.reader(io.StringIO(data))


def native_names(most: int, seed: int, root: Path = SHARED) -> dict[str, list[tuple[str, list[str]]]]:
    """Script -> (native name, Latin names of the same person) from the UK list of April 2025."""
    from python_calamine import CalamineWorkbook

    from caveat.model import script_of

    rows = CalamineWorkbook.from_path(root / "uk/ofsi_conlist_2025-04-10.xlsx").get_sheet_by_index(0).to_python()
    at = {str(name): place for place, name in enumerate(rows[1])}
    latin: dict[str, set[str]] = {}
    native: dict[str, set[str]] = {}
    for row in rows[2:]:
        if str(row[at["Group Type"]]) != "Individual":
            continue
        group = str(row[at["Group ID"]])
        parts = [str(row[at[f"Name {part}"]]) for part in range(1, 7)]
        latin.setdefault(group, set()).add(" ".join(part for part in parts if part))
        own = str(row[at["Name Non-Latin Script"]]).strip()
        if own:
            native.setdefault(group, set()).add(own)
    out: dict[str, list[tuple[str, list[str]]]] = {}
    for group in sorted(native):
        for own in sorted(native[group]):
            script = script_of(own)
            if script and script != "Latn":
                out.setdefault(script, []).append((own, sorted(latin[group])))
    rng = random.Random(seed)
    return {script: rng.sample(some, min(most, len(some))) for script, some in out.items()}
