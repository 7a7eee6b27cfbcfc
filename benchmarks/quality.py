"""Measure how well the engine finds and how seldom it cries, and write `docs/reference/quality.md` with pictures.

    python benchmarks/quality.py fit       # make src/caveat/screening/calibration.json from the fitting sample
    python benchmarks/quality.py           # measure on the reporting sample and write the page

Fitting uses the SDN list of July 2021 with its own seed; the report uses the SDN list of January 2019, the
UK list's native names and other seeds. Nothing chosen on the fitting sample has seen the reporting one.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

from quality_material import SHARED, companies, edit, native_names, people, people_by_country, sdn

from caveat.errors import InputError
from caveat.screening import DEFAULT_THRESHOLD, Index, Query, open_index, write_index
from caveat.screening.compare import judge
from caveat.screening.evidence import log_odds
from caveat.screening.search import find, judged_of

HOUSE = Path(__file__).parents[1]
CALIBRATION = HOUSE / "src/caveat/screening/calibration.json"
PAGE = HOUSE / "docs/reference/quality.md"
LOWEST = -2500  # candidates below this (thousandths of log-odds) are not looked at


def index_of(stamp: str) -> tuple[Index, dict[str, int], list[tuple[str, str]]]:
    pairs = sdn(stamp)
    folder = Path(tempfile.mkdtemp())
    write_index(pairs, folder)
    return (
        open_index(folder),
        {u: i for i, (u, _) in enumerate(pairs)},
        [(u, n.text) for u, e in pairs for n in e.names],
    )


def best_points(index: Index, name: str, entry: int | None) -> tuple[int, int, int, bool] | None:
    """Points, ratio, total and sameness of the best candidate (of one entry, if given); None where there is none."""
    try:
        found = [f for f in find(index, Query(name), LOWEST) if entry is None or f.entry == entry]
    except InputError:
        return None
    judged = judged_of(index, found[0]) if found else None
    if judged is None:
        return None
    return found[0].points, min(judged.score.ratio, 1000), max(judged.score.total, 0), judged.is_same_name


def edited(stamp: str, count: int, seed: int) -> dict[int, list[tuple[int, int, int, bool] | None]]:
    index, ids, names = index_of(stamp)
    rng = random.Random(seed)
    return {
        times: [best_points(index, edit(name, times, rng), ids[uid]) for uid, name in rng.sample(names, count)]
        for times in (0, 1, 2)
    }


def share(points: Iterable[tuple[int, int, int, bool] | None], line: int) -> float:
    some = list(points)
    return sum(p is not None and p[0] >= line for p in some) / len(some)


def fit(count: int, strangers: int) -> None:
    """Logistic weights of ratio and rarity; names in full are left out (they always match)."""
    import numpy as np

    found = edited("2021-07", count, 101)
    index = index_of("2021-07")[0]
    other = [best_points(index, n, None) for n in [*people(strangers, 102), *companies(strangers, 103)]]
    cap = 4000
    rows = [(p, 1.0) for some in found.values() for p in some if p and not p[3]] + [
        (p, 0.0) for p in other if p and not p[3]
    ]
    x = np.array([[1.0, p[1] / 1000, min(p[2], cap) / 1000] for p, _ in rows])
    y = np.array([label for _, label in rows])
    w = np.zeros(3)
    for _ in range(60):
        chance = 1 / (1 + np.exp(-x @ w))
        step = x.T @ (y - chance) - 1e-3 * w
        w += np.linalg.solve((x * (chance * (1 - chance))[:, None]).T @ x + 1e-3 * np.eye(3), step)
    base, ratio, rarity = (round(float(v) * 1000) for v in w)
    CALIBRATION.write_text(
        json.dumps(
            {
                "made_by": "python benchmarks/quality.py fit",
                "population": f"{3 * count} queries for listed names (a third each with 0, 1, 2 random edits), "
                f"{strangers} made-up people and {strangers} American companies, best candidate of each; SDN July 2021",
                "base": base,
                "ratio": ratio,
                "rarity": rarity,
                "rarity_cap": cap,
                "same_name": 3000,
            },
            indent=1,
        )
        + "\n",
        "utf-8",
    )
    print(CALIBRATION.read_text("utf-8"))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a rate."""
    if not count:
        return 0.0, 1.0
    z, p = 1.96, hits / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def report(count: int, strangers: int) -> None:
    line = log_odds(DEFAULT_THRESHOLD)
    index, ids, names = index_of("2019-01")
    rng = random.Random(201)
    found = {
        times: [best_points(index, edit(name, times, rng), ids[uid]) for uid, name in rng.sample(names, count)]
        for times in (0, 1, 2)
    }
    men = [best_points(index, n, None) for n in people(strangers, 202)]
    firms = [best_points(index, n, None) for n in companies(strangers, 203)]
    lines = [line + step for step in (-2000, -1000, 0, 1000, 2000)]
    out = [_HEAD.format(count=count, strangers=strangers, threshold=DEFAULT_THRESHOLD)]
    out.append(
        "| threshold | exact | one edit | two edits | people alerted | companies alerted |\n|---|---|---|---|---|---|\n"
    )
    frontier = []
    for at in lines:
        chance = 1 / (1 + math.exp(-at / 1000))
        row = [share(found[k], at) for k in (0, 1, 2)] + [share(men, at), share(firms, at)]
        frontier.append((chance, row))
        mark = " (default)" if at == line else ""
        out.append(f"| {chance:.2f}{mark} | " + " | ".join(f"{v:.4f}" for v in row) + " |\n")
    out.append("\n![recall against false alerts](quality-frontier.svg)\n")
    out.append(
        "\n## Across scripts\n\nNative names of the UK list of 10 April 2025 (persons) against the Latin names "
        "of the same party.\n\n"
    )
    out.append("| script | pairs | found |\n|---|---|---|\n")
    for script, pairs in sorted(native_names(300, 204).items()):
        hits = sum(any(judge(native, latin).points >= line for latin in latins) for native, latins in pairs)
        out.append(f"| {script} | {len(pairs)} | {hits / len(pairs):.3f} |\n")
    some = 3 * count * 16 // 9  # as many strangers to a listed name as in the fitting sample
    out.append(
        "\n## Calibration\n\nOf the candidates with a score in each band, how many were the party asked for "
        f"(population: {3 * count} queries for listed names, {some} made-up people and {some} companies; best "
        "candidate of each).\n\n"
    )
    bands = _calibration([p for points in found.values() for p in points], [*men[:some], *firms[:some]])
    out.append("| score | candidates | mean score | true |\n|---|---|---|---|\n")
    for low, high, number, mean, true in bands:
        out.append(f"| {low:.1f}-{high:.1f} | {number} | {mean:.3f} | {true:.3f} |\n")
    total = sum(b[2] for b in bands) or 1
    error = sum(b[2] * abs(b[3] - b[4]) for b in bands) / total
    out.append(f"\nExpected calibration error: {error:.3f}.\n\n![calibration](quality-calibration.svg)\n")
    out.append(_fairness(index, line, strangers))
    PAGE.write_text("".join(out), "utf-8")
    (PAGE.parent / "quality-frontier.svg").write_text(_frontier_picture(frontier), "utf-8")
    (PAGE.parent / "quality-calibration.svg").write_text(_calibration_picture(bands), "utf-8")
    print("".join(out))


_HEAD = """# Quality, measured

Made by `python benchmarks/quality.py`; do not edit. Lists and names: OFAC's SDN list of January 2019
(7,379 entries, 17,061 names), {count} queries for each number of edits, {strangers} made-up people (given and family
name of one country) and {strangers} companies of the Virginia and Chicago registers. Name only, default threshold
{threshold}. The SDN list holds common names, so some of the people and companies alerted truly bear a listed name.

"""

GROUPS = {
    "Arabic": ["AE", "DZ", "EG", "IQ", "JO", "LB", "LY", "MA", "SA", "SY", "TN", "YE", "KW", "QA", "BH", "OM"],
    "Persian and Turkish": ["IR", "TR", "AZ", "AF"],
    "South Asian": ["IN", "PK", "BD", "NP", "LK"],
    "Chinese": ["CN", "TW", "HK"],
    "Korean and Japanese": ["KR", "JP"],
    "Southeast Asian": ["ID", "MY", "PH", "TH", "VN"],
    "Russian and Slavic": ["RU", "UA", "BY", "BG", "RS", "PL", "CZ", "SK"],
    "Hispanic": ["ES", "MX", "CO", "AR", "CL", "PE", "VE", "CU", "EC", "GT"],
    "African": ["NG", "KE", "GH", "ET", "UG", "TZ", "ZA", "CM", "SN"],
    "European": ["DE", "FR", "GB", "IT", "NL", "SE", "NO", "DK", "FI", "AT", "BE", "IE", "PT", "US"],
}


def _fairness(index: Index, line: int, strangers: int) -> str:
    group_of = {country: group for group, some in GROUPS.items() for country in some}
    seen: dict[str, list[int]] = {}
    for country, name in people_by_country(max(20, strangers // 20), 205):
        group = group_of.get(country)
        if group:
            points = best_points(index, name, None)
            tally = seen.setdefault(group, [0, 0])
            tally[0] += 1
            tally[1] += points is not None and points[0] >= line
    out = [
        "\n## False alerts by origin of the name\n\nMade-up people, name only, default threshold; Wilson 95 % "
        "interval.\n\n"
    ]
    out.append("| origin | people | alerts per thousand | interval |\n|---|---|---|---|\n")
    for group, (number, hits) in sorted(seen.items(), key=lambda item: -item[1][1] / item[1][0]):
        low, high = wilson(hits, number)
        out.append(f"| {group} | {number} | {1000 * hits / number:.1f} | {1000 * low:.1f}-{1000 * high:.1f} |\n")
    return "".join(out)


def _calibration(
    true: list[tuple[int, int, int, bool] | None], false: list[tuple[int, int, int, bool] | None]
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


def _picture(body: str, x: str, y: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" font-family="sans-serif" font-size="12">'
        '<rect width="480" height="320" fill="white"/>'
        '<path d="M60 20V270H460" fill="none" stroke="black"/>'
        f'<text x="260" y="305" text-anchor="middle">{x}</text>'
        f'<text x="18" y="145" text-anchor="middle" transform="rotate(-90 18 145)">{y}</text>{body}</svg>\n'
    )


def _frontier_picture(frontier: list[tuple[float, list[float]]]) -> str:
    most = max(max(r[3:]) for _, r in frontier) or 0.01
    body = ""
    for which, color, label in ((1, "#0b5", "one edit"), (2, "#a40", "two edits")):
        spots = [(60 + 400 * (r[3] + r[4]) / 2 / most, 270 - 250 * (r[which] - 0.5) / 0.5) for _, r in frontier]
        body += (
            f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
            + " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
            + '"/>'
        )
        body += "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>' for a, b in spots)
        body += f'<text x="{spots[-1][0] + 12:.0f}" y="{spots[-1][1] + 14:.0f}" fill="{color}">{label}</text>'
    body += '<text x="55" y="24" text-anchor="end">1.0</text><text x="55" y="274" text-anchor="end">0.5</text>'
    body += f'<text x="460" y="285" text-anchor="end">{most:.3f}</text><text x="60" y="285">0</text>'
    return _picture(body, "share of strangers alerted", "share found")


def _calibration_picture(bands: list[tuple[float, float, int, float, float]]) -> str:
    body = '<path d="M60 270L460 20" stroke="#999" stroke-dasharray="4"/>'
    body += "".join(
        f'<circle cx="{60 + 400 * b[3]:.1f}" cy="{270 - 250 * b[4]:.1f}" r="5" fill="#05a"/>' for b in bands
    )
    return _picture(body, "score", "share that is the party asked for")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="report", choices=("report", "fit"))
    parser.add_argument("--queries", type=int, default=1000, help="queries for each number of edits")
    parser.add_argument("--strangers", type=int, default=20_000, help="made-up people, and as many companies")
    given = parser.parse_args()
    if not SHARED.exists():
        raise SystemExit(f"the lists are not at {SHARED}")
    (fit if given.what == "fit" else report)(given.queries, given.strangers)
