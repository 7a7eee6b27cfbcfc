"""Measure how well the engine finds and how seldom it cries, and write `docs/reference/quality.md` with pictures.

    python benchmarks/quality.py fit       # make src/caveat/screening/calibration.json from the fitting sample
    python benchmarks/quality.py           # measure on the reporting sample and write the page

Fitting uses the SDN list of July 2021 with its own seed; the report uses the SDN list of January 2019, the
UK list's native names and other seeds. Nothing chosen on the fitting sample has seen the reporting one.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import quality_fairness as fairness
import quality_pictures as pictures
from quality_material import CHANGES, SHARED, companies, edit, people, sdn
from quality_material import csl_by_source as csl
from quality_scripts import listed_people, register_people, wikidata_people
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from caveat.errors import InputError
from caveat.screening import DEFAULT_THRESHOLD, Index, Query, open_index, write_index
from caveat.screening.compare import judge
from caveat.screening.evidence import log_odds, weights
from caveat.screening.search import find, judged_of

Points = list[tuple[int, int, int, bool, float] | None]
HOUSE = Path(__file__).parents[1]
CALIBRATION = HOUSE / "src/caveat/screening/calibration.json"
PAGE = HOUSE / "docs/reference/quality.md"
ALERTED = 0.003 / 7379  # the share of strangers that may be alerted, for each entry of a list
LOWEST = -2500  # candidates below this (thousandths of log-odds) are not looked at
FAIREST = -4600  # the same where alerts are compared by origin
MIN_SHOWN = 25  # smaller groups are not told: their rates are noise
SCRIPTS = {
    "Arab": "Arabic", "Cyrl": "Cyrillic", "Deva": "Devanagari", "Grek": "Greek", "Hang": "Hangul", "Hani": "Han",
    "Hebr": "Hebrew", "Kana": "Kana", "Thai": "Thai", "Geor": "Georgian", "Armn": "Armenian",
}  # fmt: skip


def index_of(stamp: str) -> tuple[Index, dict[str, int], list[tuple[str, str]]]:
    pairs = sdn(stamp)
    folder = Path(tempfile.mkdtemp())
    write_index(pairs, folder)
    return (
        open_index(folder),
        {u: i for i, (u, _) in enumerate(pairs)},
        [(u, n.text) for u, e in pairs for n in e.names],
    )


def best_points(index: Index, name: str, entry: int | None) -> tuple[int, int, int, bool, float] | None:
    """Points, ratio, total, sameness and wholeness of the best candidate (of one entry, if given), or None."""
    try:
        found = [f for f in find(index, Query(name), LOWEST) if entry is None or f.entry == entry]
    except InputError:
        return None
    judged = judged_of(index, found[0]) if found else None
    if judged is None:
        return None
    score = judged.score
    return found[0].points, min(score.ratio, 1000), max(score.total, 0), judged.is_same_name, score.whole / 1000


def edited(stamp: str, count: int, seed: int) -> dict[int, list[tuple[int, int, int, bool, float] | None]]:
    index, ids, names = index_of(stamp)
    rng = random.Random(seed)
    return {
        times: [best_points(index, edit(name, times, rng), ids[uid]) for uid, name in rng.sample(names, count)]
        for times in (0, 1, 2)
    }


def share(points: Iterable[tuple[int, int, int, bool, float] | None], line: int) -> float:
    some = list(points)
    return sum(p is not None and p[0] >= line for p in some) / len(some)


def fit(count: int, strangers: int) -> None:
    """Write the weights of rarity and wholeness (regression), and the base at which so many strangers are hits.

    Names in full are left out of the regression (they always match). Random slips alone would teach that a name is
    never shortened, so the ratio's weight is given, and shortened names and the labelled pairs (each for four) are
    fitted with them; strangers count as four times the listed names, whatever their number. Which candidate is best
    depends on the weights, so all is done again until they stand.
    """
    index, ids, names = index_of("2021-07")
    rng = random.Random(101)
    asked = [(edit(name, times, rng), ids[u]) for times in (1, 2) for u, name in rng.sample(names, count)]
    short = [(CHANGES["a word missing"](name, rng), ids[u]) for u, name in rng.sample(names, count // 2)]
    asked += [(name, entry) for name, entry in short if name]
    others = [*people(strangers, 102), *companies(strangers, 103)]
    for _ in range(10):
        given = json.loads(CALIBRATION.read_text("utf-8"))
        true = [best_points(index, name, entry) for name, entry in asked]
        false = [best_points(index, name, None) for name in others]
        fitted = given | _regressed(true, false, given)
        points = sorted((_weighed(p, given, fitted) for p in false if p), reverse=True)
        fitted["base"] -= points[round(ALERTED * len(ids) * len(false))] + 1
        print({name: fitted[name] for name in ("base", "rarity", "whole")}, flush=True)
        if fitted == given:
            return
        CALIBRATION.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")
        weights.cache_clear()


def _regressed(true: Points, false: Points, given: dict[str, int]) -> dict[str, int]:
    """The weights that tell listed names from strangers."""
    import numpy as np

    rows = [(p[1], p[2], p[4], 1.0, 1.0) for p in true if p and not p[3]]
    rows += [(p[1], p[2], p[4], 0.0, 4 * len(true) / len(false)) for p in false if p and not p[3]]
    with (HOUSE / "benchmarks/pairs/tune.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            judged = judge(r["name1"], r["name2"])
            if not judged.is_same_name:
                s = judged.score
                rows.append((min(s.ratio, 1000), max(s.total, 0), s.whole / 1000, float(r["match"]), 4.0))
    x = np.array([(1.0, min(total, given["rarity_cap"]) / 1000, float(whole)) for _, total, whole, _, _ in rows])
    fixed = np.array([given["ratio"] * ratio / 1e6 for ratio, *_ in rows])
    y, weight = np.array([row[3] for row in rows]), np.array([row[4] for row in rows])
    w = np.zeros(3)
    for _ in range(60):
        chance = 1 / (1 + np.exp(-(x @ w + fixed)))
        step = x.T @ (weight * (y - chance)) - 1e-3 * w
        w += np.linalg.solve((x * (weight * chance * (1 - chance))[:, None]).T @ x + 1e-3 * np.eye(3), step)
    return {name: round(float(v) * 1000) for name, v in zip(("base", "rarity", "whole"), w, strict=True)}


def _weighed(p: tuple[int, int, int, bool, float], given: dict[str, int], fitted: dict[str, int]) -> int:
    """The points of a candidate with other weights than it was found by."""
    points, _, total, is_same, whole = p
    more = {name: fitted[name] - given[name] for name in ("base", "rarity", "whole")}
    cap = given["rarity_cap"]
    whole = 1.0 if is_same else whole * min(total, cap // 5) / (cap // 5)
    return round(points + more["base"] + more["rarity"] * min(total, cap) / 1000 + more["whole"] * whole)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a rate."""
    if not count:
        return 0.0, 1.0
    z, p = 1.96, hits / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def report(count: int, strangers: int) -> None:
    """Measure on the reporting samples and write the page with its pictures."""
    line = log_odds(DEFAULT_THRESHOLD)
    index, ids, names = index_of("2019-01")
    kinds = {uid: entry.kind for uid, entry in sdn("2019-01")}
    rng = random.Random(201)
    asked = {times: rng.sample(names, count) for times in (0, 1, 2)}
    found = {
        times: [best_points(index, edit(name, times, rng), ids[uid]) for uid, name in some]
        for times, some in asked.items()
    }
    men = [best_points(index, n, None) for n in people(strangers, 202)]
    firms = [best_points(index, n, None) for n in companies(strangers, 203)]
    out = [_HEAD.format(count=count, strangers=strangers, threshold=DEFAULT_THRESHOLD)]
    frontier = _frontier(out, line, found, men, firms)
    _by_kind(out, line, asked, found, kinds)
    _by_class(out, line, index, ids, names, max(60, count // 5))
    _by_list(out, line, max(200, count // 2))
    scripts = _by_script(out, line)
    precision = _pairs(out)
    some = 3 * count * 16 // 9  # as many strangers to a listed name as in the fitting sample
    bands = _calibrated(out, 3 * count, some, found, men, firms)
    uneven = _fairness(out, index, line, max(450, strangers // 5))
    _, (exact, one, _, stranger, firm) = next(row for row in frontier if math.isclose(row[0], DEFAULT_THRESHOLD))
    goals = [
        ("exact names found", exact, ">= 1.000", exact >= 1),
        ("one edit found", one, ">= 0.990", one >= 0.99),
        ("people alerted", stranger, "<= 0.003", stranger <= 0.003),
        ("companies alerted", firm, "<= 0.003", firm <= 0.003),
        *((f"average precision, {part}", v, ">= 0.920", v >= 0.92) for part, v in precision),
        ("calibration error", _error(bands), "<= 0.020", _error(bands) <= 0.02),
        *((f"{name} found", v, ">= 0.950", v >= 0.95) for name, v in scripts),
        ("origins, worst to best, lower end", uneven, "<= 1.250", uneven <= 1.25),
    ]
    out.append("\n## Goals\n\n| figure | measured | goal | |\n|---|---|---|---|\n")
    out.extend(f"| {what} | {v:.4f} | {goal} | {'met' if met else '**not met**'} |\n" for what, v, goal, met in goals)
    _speed(out, index, names)
    PAGE.write_text("".join(out), "utf-8")
    (PAGE.parent / "quality-frontier.svg").write_text(pictures.frontier(frontier), "utf-8")
    (PAGE.parent / "quality-calibration.svg").write_text(pictures.calibration(bands), "utf-8")
    print("".join(out))


_HEAD = """# Quality, measured

Made by `python benchmarks/quality.py`; do not edit. Lists and names: OFAC's SDN list of January 2019
(7,379 entries, 17,061 names), {count} queries for each number of edits, {strangers} made-up people (given and family
name of one country) and {strangers} companies of the Virginia and Chicago registers. Name only, default threshold
{threshold}. The rules and weights were chosen on the SDN list of July 2021 with other seeds, never on what is shown.
The rarity of single words comes from the registers that the made-up people are made of, too; their whole names do not.

"Alerted" counts every stranger with a hit. The registers of companies hold persons too, and the SDN list holds common
names: the share of strangers who bear a listed name letter for letter is told beside, for no name can tell those apart.

"""


def _frontier(
    out: list[str], line: int, found: dict[int, Points], men: Points, firms: Points
) -> list[tuple[float, list[float]]]:
    out.append(
        "| threshold | exact | one edit | two edits | people alerted | companies alerted | precision |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    frontier = []
    for step in (-2000, -1000, -500, 0, 500, 1000, 2000):
        at = line + step
        chance = 1 / (1 + math.exp(-at / 1000))
        row = [share(found[k], at) for k in (0, 1, 2)] + [share(men, at), share(firms, at)]
        frontier.append((chance, row))
        true = sum(p is not None and p[0] >= at for some in found.values() for p in some)
        false = sum(p is not None and p[0] >= at and not p[3] for p in [*men, *firms])
        mark = " (default)" if at == line else ""
        told = " | ".join(f"{v:.4f}" for v in row)
        out.append(f"| {chance:.2f}{mark} | {told} | {true / max(1, true + false):.3f} |\n")
    same = sum(p is not None and p[3] for p in [*men, *firms]) / (len(men) + len(firms))
    out.append(
        f"\nOf the strangers {same:.5f} bear a listed name in full. Precision is of the hits on these queries and "
        "strangers together, namesakes in full left out; among your customers it depends on how many are listed.\n\n"
        "![recall against false alerts](quality-frontier.svg)\n"
    )
    return frontier


def _by_kind(
    out: list[str], line: int, asked: dict[int, list[tuple[str, str]]], found: dict[int, Points], kinds: dict[str, str]
) -> None:
    out.append("\n## By kind of party\n\n| kind | queries | one edit | two edits |\n|---|---|---|---|\n")
    for kind in ("person", "organization", "vessel", "aircraft"):
        rates = []
        for times in (1, 2):
            some = [p for (uid, _), p in zip(asked[times], found[times], strict=True) if kinds[uid] == kind]
            rates.append((len(some), share(some, line) if some else math.nan))
        if rates[0][0] >= MIN_SHOWN:
            out.append(f"| {kind} | {rates[0][0]} | {rates[0][1]:.3f} | {rates[1][1]:.3f} |\n")


def _by_class(
    out: list[str], line: int, index: Index, ids: dict[str, int], names: list[tuple[str, str]], count: int
) -> None:
    rows = []
    for what, change in CHANGES.items():
        rng = random.Random(f"206 {what}")
        some: Points = []
        for uid, name in rng.sample(names, min(len(names), count * 6)):
            altered = change(name, rng)
            if altered and len(some) < count:
                some.append(best_points(index, altered, ids[uid]))
        rows.append((what, share(some, line), len(some)))
    out.append("\n## By class of difference\n\n| difference | queries | found |\n|---|---|---|\n")
    out.extend(f"| {what} | {number} | {rate:.3f} |\n" for what, rate, number in rows)
    out.append("\n![found by class of difference](quality-classes.svg)\n")
    drawn = pictures.bars([(what, rate, f"{rate:.3f}") for what, rate, _ in rows], "Found, by class of difference")
    (PAGE.parent / "quality-classes.svg").write_text(drawn, "utf-8")


def _by_list(out: list[str], line: int, count: int) -> None:
    parties = csl()
    folder = Path(tempfile.mkdtemp())
    write_index(((uid, entry) for uid, (entry, _) in parties.items()), folder)
    index = open_index(folder)
    place = {uid: number for number, uid in enumerate(parties)}
    rng = random.Random(207)
    tally: dict[str, list[int]] = {}
    for uid in rng.sample(sorted(parties), count):
        entry, source = parties[uid]
        name = rng.choice(entry.names).text
        got = best_points(index, edit(name, 1, rng), place[uid])
        seen = tally.setdefault(source, [0, 0])
        seen[0] += 1
        seen[1] += got is not None and got[0] >= line
    out.append(
        "\n## By list\n\nOne random edit of a random name of a party on the consolidated list of 31 July 2026 "
        "(25,921 parties together).\n\n| list | queries | found |\n|---|---|---|\n"
    )
    for source, (number, hits) in sorted(tally.items(), key=lambda item: -item[1][0]):
        if number >= MIN_SHOWN:
            out.append(f"| {source} | {number} | {hits / number:.3f} |\n")


def _by_script(out: list[str], line: int) -> list[tuple[str, float]]:
    out.append(
        "\n## Across scripts\n\nA native name against the Latin names of the same party. *Listed*: persons of the UK "
        "list of 10 April 2025. *Register*: given and family name of one country's registers. *Wikidata*: two names "
        "put together, each with the Latin spelling Wikidata gives (some pairs there are no romanizations of each "
        "other). Half of each source was kept for this page.\n\n"
        "| script | source | pairs | found |\n|---|---|---|---|\n"
    )
    rows = []
    for source, read in (("listed", listed_people), ("register", register_people), ("Wikidata", wikidata_people)):
        for script, pairs in read("report", 100, 204).items():
            if len(pairs) < 5 or script not in SCRIPTS:
                continue
            hits = sum(any(judge(native, latin).points >= line for latin in latins) for native, latins in pairs)
            rows.append((f"{SCRIPTS[script]}, {source}", hits / len(pairs), f"{hits / len(pairs):.2f}"))
            out.append(f"| {SCRIPTS[script]} | {source} | {len(pairs)} | {hits / len(pairs):.3f} |\n")
    out.append("\n![found by script](quality-scripts.svg)\n")
    (PAGE.parent / "quality-scripts.svg").write_text(
        pictures.bars(sorted(rows), "Found, by script and source"), "utf-8"
    )
    return [(what, rate) for what, rate, _ in sorted(rows)]


def _pairs(out: list[str]) -> list[tuple[str, float]]:
    found = []
    out.append(
        "\n## Labelled pairs\n\nPairs written by hand for Caveat (`benchmarks/pairs`): the same party in other "
        "spellings, and parties that only look alike. The sealed part was never looked at while rules were chosen.\n\n"
        "| part | pairs | average precision | precision | recall |\n|---|---|---|---|---|\n"
    )
    for part in ("tune", "sealed"):
        with (HOUSE / f"benchmarks/pairs/{part}.csv").open(encoding="utf-8") as file:
            rows = [(judge(r["name1"], r["name2"]).points, r["match"] == "1") for r in csv.DictReader(file)]
        line = log_odds(DEFAULT_THRESHOLD)
        hits = [true for points, true in rows if points >= line]
        all_true = sum(true for _, true in rows)
        found.append((part, average_precision(rows)))
        out.append(
            f"| {part} | {len(rows)} | {found[-1][1]:.3f} | {sum(hits) / max(1, len(hits)):.3f} | "
            f"{sum(hits) / all_true:.3f} |\n"
        )
    return found


def average_precision(rows: list[tuple[int, bool]]) -> float:
    """Mean of the precision at each true pair, best score first; pairs of one score count together."""
    seen = true = 0
    total = 0.0
    for points in sorted({p for p, _ in rows}, reverse=True):
        here = [is_true for p, is_true in rows if p == points]
        seen += len(here)
        true += sum(here)
        total += sum(here) * true / seen
    return total / max(1, true)


def _calibrated(
    out: list[str], queries: int, some: int, found: dict[int, Points], men: Points, firms: Points
) -> list[tuple[float, float, int, float, float]]:
    out.append(
        "\n## Calibration\n\nOf the candidates with a score in each band, how many were the party asked for "
        f"(population: {queries} queries for listed names, {min(some, len(men))} made-up people and "
        f"{min(some, len(firms))} companies; best candidate of each).\n\n"
    )
    bands = _calibration([p for points in found.values() for p in points], [*men[:some], *firms[:some]])
    out.append("| score | candidates | mean score | true |\n|---|---|---|---|\n")
    out.extend(f"| {low:.1f}-{high:.1f} | {n} | {mean:.3f} | {true:.3f} |\n" for low, high, n, mean, true in bands)
    out.append(f"\nExpected calibration error: {_error(bands):.3f}.\n\n![calibration](quality-calibration.svg)\n")
    return bands


def _error(bands: list[tuple[float, float, int, float, float]]) -> float:
    """The expected calibration error."""
    return sum(b[2] * abs(b[3] - b[4]) for b in bands) / (sum(b[2] for b in bands) or 1)


def _fairness(out: list[str], index: Index, line: int, count: int) -> float:
    people_by_origin = fairness.measure(index, count, 205, FAIREST)
    low_line = fairness.common_line(people_by_origin, line, FAIREST)
    out.append(
        "\n## False alerts by origin of the name\n\nMade-up people, name only, every pair of names once. A person who "
        "bears a listed name in full (the same words, or other forms of the same given names) is a *namesake*, told "
        "apart: no name can tell the two parties apart. The list itself is uneven: it names many more people of some "
        "origins than of others, so their namesakes, and names near theirs, are more.\n\n"
        "| origin | people | false alerts per thousand, default | Wilson 95 % | namesakes per thousand | "
        f"at {1 / (1 + math.exp(-low_line / 1000)):.3f} |\n|---|---|---|---|---|---|\n"
    )
    rows = []
    for origin, some in sorted(people_by_origin.items(), key=lambda item: -fairness.rate(item[1], low_line)):
        hits = sum(p.points >= line for p in some)
        low, high = wilson(hits, len(some))
        same = sum(p.is_namesake for p in some) / len(some)
        lowered = fairness.rate(some, low_line)
        rows.append((origin, lowered, f"{1000 * lowered:.0f}"))
        out.append(
            f"| {origin} | {len(some)} | {1000 * hits / len(some):.1f} | {1000 * low:.1f}-{1000 * high:.1f} | "
            f"{1000 * same:.1f} | {1000 * lowered:.0f} |\n"
        )
    worst, best, ratio, low, high = fairness.ratio(people_by_origin, low_line, 208)
    enough = min(sum(p.points >= low_line for p in some) for some in people_by_origin.values())
    out.append(
        f"\nWorst to best at the lowered threshold ({enough} alerts or more in each origin): {worst} to {best}, "
        f"ratio {ratio:.2f}, 95 % interval {low:.2f} to {high:.2f} (bootstrap over the names: two people named "
        "Ahmed are no two observations). The goal is a lower end of at most 1.25.\n\n"
        "![false alerts by origin](quality-origins.svg)\n"
    )
    drawn = pictures.bars(rows, "False alerts per thousand, lowered threshold", most=max(r[1] for r in rows) or 1.0)
    (PAGE.parent / "quality-origins.svg").write_text(drawn, "utf-8")
    return low


def _speed(out: list[str], index: Index, names: list[tuple[str, str]]) -> None:
    rng = random.Random(209)
    some = [edit(name, 1, rng) for _, name in rng.sample(names, 200)]
    start = time.perf_counter()
    for name in some:
        find(index, Query(name), log_odds(DEFAULT_THRESHOLD))
    own = (time.perf_counter() - start) / len(some)
    listed = [default_process(name) for _, name in names]
    start = time.perf_counter()
    process.cdist([default_process(name) for name in some[:20]], listed, scorer=fuzz.WRatio, workers=1)
    other = (time.perf_counter() - start) / 20
    out.append(
        f"\n## Speed\n\nOne query, one core, first time asked, this list: {1000 * own:.2f} ms. A full scan by "
        f"RapidFuzz WRatio in the same run: {1000 * other:.1f} ms, {other / own:.0f} times as long. "
        "All speeds: `make bench`.\n"
    )


def _calibration(
    true: list[tuple[int, int, int, bool, float] | None], false: list[tuple[int, int, int, bool, float] | None]
) -> list[tuple[float, float, int, float, float]]:
    scored = [(1 / (1 + math.exp(-p[0] / 1000)), 1) for p in true if p] + [
        (1 / (1 + math.exp(-p[0] / 1000)), 0) for p in false if p
    ]
    out = []
    for step in range(10):
        some = [s for s in scored if step / 10 <= s[0] < (step + 1) / 10 or (step == 9 and s[0] >= 1)]
        if some:
            out.append(
                (
                    step / 10,
                    (step + 1) / 10,
                    len(some),
                    sum(s[0] for s in some) / len(some),
                    sum(s[1] for s in some) / len(some),
                )
            )
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="report", choices=("report", "fit"))
    parser.add_argument("--queries", type=int, default=1000, help="queries for each number of edits")
    parser.add_argument("--strangers", type=int, default=20_000, help="made-up people, and as many companies")
    given = parser.parse_args()
    if not SHARED.exists():
        raise SystemExit(f"the lists are not at {SHARED}")
    (fit if given.what == "fit" else report)(given.queries, given.strangers)
