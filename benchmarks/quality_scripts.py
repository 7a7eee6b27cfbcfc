"""Names in other scripts beside the Latin names of the same party, from lists, name registers and Wikidata.

Each source is split in two by a hash of the native name: rules are tuned on `tune`, the report reads `report`.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

from quality_material import SHARED, native_names

from caveat.model import script_of

Pairs = dict[str, list[tuple[str, list[str]]]]


def half_of(native: str) -> str:
    """Which half of the material a name belongs to."""
    return "tune" if zlib.crc32(native.encode()) % 2 else "report"


def listed_people(half: str, most: int, seed: int) -> Pairs:
    """Persons of the UK list of April 2025."""
    return _some(
        ((s, n, latin) for s, pairs in native_names(10_000, seed).items() for n, latin in pairs), half, most, seed
    )


def listed_bodies(half: str, most: int, seed: int, root: Path = SHARED) -> Pairs:
    """Companies and bodies with the native name that a list or its keeper gives (eight lists of August 2026).

    The halves stand the other way round: what was missed was looked at in the half that elsewhere is the report's,
    so that the report here reads the other, in which nobody looked. Some native names are a machine's or a parent's:
    one that stands beside many parties counts once, and is found where it meets any of them.
    """
    latin: dict[str, list[str]] = {}
    for row in json.loads(gzip.decompress((root / "bis/restricted_parties_kaist_2026-08-18.json.gz").read_bytes())):
        native = row["name"]["native"]
        if native and script_of(native) not in (None, "Latn"):
            latin.setdefault(native, []).extend([row["name"]["english"], *row["aliases"]])
    other = "tune" if half == "report" else "report"
    return _some([(script_of(native) or "", native, some) for native, some in latin.items()], other, most, seed)


def ordinary_companies(half: str, most: int, seed: int, root: Path = SHARED) -> Pairs:
    """Ordinary Chinese companies: a town, a short name of the register, a trade and a form. No list has them."""
    with gzip.open(root / "names/chinese_company_short_names_28W.txt.gz", "rt", encoding="utf-8") as file:
        short = [line.strip() for line in file if 2 <= len(line.strip()) <= 6]
    rng = random.Random(seed)
    towns, trades = (
        ["北京", "上海", "深圳市", "广州市", "成都", "苏州", "青岛", "西安"],
        ["科技", "电子", "贸易", "实业", "信息技术", "进出口", "机械"],
    )
    names = [rng.choice(towns) + rng.choice(short) + rng.choice(trades) + "有限公司" for _ in range(most * 4)]
    return _some([("Hani", name, []) for name in names], half, most, seed)


def register_people(half: str, most: int, seed: int, root: Path = SHARED) -> Pairs:
    """Full names made of a given and a family name of one country, in its own script and in Latin letters."""
    given, family = _local(root, "forenames"), _local(root, "surnames")
    rng = random.Random(seed)
    out = []
    for country in sorted(set(given) & set(family)):
        for _ in range(most * 3):
            (a, a_latin), (b, b_latin) = rng.choice(given[country]), rng.choice(family[country])
            script = script_of(a)
            if script != script_of(b) or script in (None, "Latn"):
                continue
            close = country in ("KR", "CN", "TW", "JP")
            native = f"{b}{a}" if close else f"{a} {b}"
            out.append((script or "", native, [f"{x} {y}" for x in a_latin for y in b_latin]))
    return _some(out, half, most, seed)


def wikidata_people(half: str, most: int, seed: int, root: Path = SHARED) -> Pairs:
    """Full names made of two names of Wikidata, both written in one other script."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    with gzip.open(root / "names/wikidata_name_forms.gz", "rt", encoding="utf-8") as file:
        for line in file:
            forms = line.split(" => ")[0].split(", ")
            latin = [form for form in forms if _is_plain(form) and form.isascii()]
            if not 1 <= len(latin) <= 3:
                continue
            for form in forms:
                script = script_of(form)
                if script not in (None, "Latn") and _is_plain(form):
                    found.setdefault(script or "", []).append((form, latin))
    rng = random.Random(seed)
    out = []
    for script, some in sorted(found.items()):
        for _ in range(most * 3):
            (a, a_latin), (b, b_latin) = rng.choice(some), rng.choice(some)
            if min(len(a), len(b)) > 1:
                join = "・" if script == "Kana" else "·" if script == "Hani" else " "
                out.append((script, f"{a}{join}{b}", [f"{x} {y}" for x in a_latin for y in b_latin]))
    return _some(out, half, most, seed)


def _some(
    rows: Iterator[tuple[str, str, list[str]]] | list[tuple[str, str, list[str]]], half: str, most: int, seed: int
) -> Pairs:
    out: Pairs = {}
    for script, native, latin in rows:
        if half_of(native) == half:
            out.setdefault(script, []).append((native, latin))
    rng = random.Random(seed)
    return {script: rng.sample(some, min(most, len(some))) for script, some in sorted(out.items())}


def _is_plain(form: str) -> bool:
    return form.replace("'", "").isalpha() or all(unicodedata.category(c)[0] in "LM" for c in form)


def _local(root: Path, what: str) -> dict[str, list[tuple[str, list[str]]]]:
    """Country -> (name in its own script, its Latin spellings)."""
    groups: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    with (root / f"names/common-{what}-by-country.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            native, latin = groups.setdefault((row["Country"], row["Name Group"]), (set(), set()))
            if row["Localized Name"] and script_of(row["Localized Name"]) not in (None, "Latn"):
                native.add(row["Localized Name"])
            if row["Romanized Name"]:
                latin.add(row["Romanized Name"])
    out: dict[str, list[tuple[str, list[str]]]] = {}
    for (country, _), (native, latin) in sorted(groups.items()):
        for name in sorted(native):
            if latin and " " not in name:
                out.setdefault(country, []).append((name, sorted(latin)))
    return out
