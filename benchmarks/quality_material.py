"""Material for measuring: real lists read as entries, seeded edits of their names, real and made-up strangers."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import string
from collections.abc import Callable, Iterator
from pathlib import Path

from caveat.model import Entry, Name, script_of

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


def csl_by_source(root: Path = SHARED) -> dict[str, tuple[Entry, str]]:
    """The consolidated list of 2026-07-31: id -> party and the list it stands on."""
    data = json.loads(gzip.decompress((root / "trade-csl/screening-list_2026-07-31.json.gz").read_bytes()))
    sources = data["tables"]["sources"]
    entries = csl(root)
    return {
        uid: (entry, str(sources[item["s"]]).split(" - ")[0].strip())
        for (uid, entry), item in zip(entries, data["entries"], strict=True)
    }


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


def _words_of(name: str) -> list[str]:
    return [word for word in name.replace(",", " ").split() if word]


def _reordered(name: str, rng: random.Random) -> str:
    words = _words_of(name)
    return " ".join([*words[1:], words[0]]) if len(words) > 1 else ""


def _joined(name: str, rng: random.Random) -> str:
    words = _words_of(name)
    if len(words) < 2:
        return ""
    place = rng.randrange(len(words) - 1)
    return " ".join([*words[:place], words[place] + words[place + 1], *words[place + 2 :]])


def _split(name: str, rng: random.Random) -> str:
    words = _words_of(name)
    long = [place for place, word in enumerate(words) if len(word) > 7 and word.isalpha()]
    if not long:
        return ""
    place = rng.choice(long)
    cut = rng.randrange(3, len(words[place]) - 2)
    return " ".join([*words[:place], words[place][:cut], words[place][cut:], *words[place + 1 :]])


def _without_one(name: str, rng: random.Random) -> str:
    words = _words_of(name)
    if len(words) < 4:
        return ""
    place = rng.randrange(1, len(words) - 1)
    return " ".join(words[:place] + words[place + 1 :])


def _with_one(name: str, rng: random.Random) -> str:
    return f"{name} {rng.choice(('Group', 'Telecom', 'International', 'Trading', 'Holding'))}" if " " in name else ""


def _one_letter(what: int) -> Callable[[str, random.Random], str]:
    def change(name: str, rng: random.Random) -> str:
        spots = [place for place in range(1, len(name) - 1) if name[place].isalpha() and name[place + 1].isalpha()]
        if not spots or len(name) < 6:
            return ""
        place, letter = rng.choice(spots), rng.choice(string.ascii_lowercase)
        put = (letter + name[place], "", letter, name[place + 1] + name[place])[what]
        return name[:place] + put + name[place + (2 if what == 3 else 1) :]

    return change


#: Ways in which a query may differ from a listed name; each gives "" where a name is not fit for it.
CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "letter extra": _one_letter(0),
    "letter missing": _one_letter(1),
    "letter wrong": _one_letter(2),
    "letters swapped": _one_letter(3),
    "words reordered": _reordered,
    "words joined": _joined,
    "word split": _split,
    "a word missing": _without_one,
    "a word extra": _with_one,
}


def people(count: int, seed: int, root: Path = SHARED) -> list[str]:
    """Made-up people: a given and a family name of one country, from lists of common names."""
    rng = random.Random(seed)
    given, family = by_country(root, "forenames"), by_country(root, "surnames")
    countries = sorted(set(given) & set(family))
    out = []
    for _ in range(count):
        country = rng.choice(countries)
        out.append(f"{rng.choice(given[country])} {rng.choice(family[country])}")
    return out


def people_by_country(count: int, seed: int, root: Path = SHARED) -> Iterator[tuple[str, str]]:
    """(country, made-up name) pairs, `count` for each country."""
    rng = random.Random(seed)
    given, family = by_country(root, "forenames"), by_country(root, "surnames")
    for country in sorted(set(given) & set(family)):
        for _ in range(count):
            yield country, f"{rng.choice(given[country])} {rng.choice(family[country])}"


def companies(count: int, seed: int, root: Path = SHARED) -> list[str]:
    """Ordinary companies: American registers and stock lists."""
    rng = random.Random(seed)
    pool = [*_lines(root / "names/va_corporate.csv.gz"), *_lines(root / "names/chicago_businesses.csv.gz")]
    return rng.sample(pool, count)


def customers(count: int, seed: int) -> list[str]:
    """Made-up customers in any order: half people, half companies of the words of American ones."""
    rng = random.Random(seed)
    names = people(count // 2, seed)
    words = [name.split() for name in companies(min(count, 20_000), seed + 1)]
    while len(names) < count:
        one, other = rng.choice(words), rng.choice(words)
        names.append(" ".join([*one[: rng.randrange(1, len(one) + 1)], *other[-rng.randrange(1, len(other) + 1) :]]))
    rng.shuffle(names)
    return names


def by_country(root: Path, what: str) -> dict[str, list[str]]:
    """Country -> its commonest given (`forenames`) or family names (`surnames`), in Latin letters."""
    out: dict[str, list[str]] = {}
    with (root / f"names/common-{what}-by-country.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            name = row["Romanized Name"] or row["Localized Name"]
            if name and (name.isascii() or script_of(name) == "Latn"):
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
