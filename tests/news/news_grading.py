"""A short grader for the sample articles: names under the right list and action, dates, false events."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caveat.news import NameSet, read_article
from caveat.news.parties import same_party

SAMPLES = Path(__file__).parents[1] / "examples" / "news"


@dataclass
class Grade:
    found: int = 0
    missed: int = 0
    extra: int = 0
    dates: int = 0
    dates_right: int = 0
    false_events: int = 0

    @property
    def names_f1(self) -> float:
        return 2 * self.found / (2 * self.found + self.missed + self.extra) if self.found else 0.0


def is_held_back(path: Path) -> bool:
    """Articles kept apart from tuning: those of the folder `held`."""
    return path.parent.name == "held"


def grade(paths: list[Path], names: NameSet | None = None) -> Grade:
    total = Grade()
    for path in paths:
        gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        told = read_article(path.read_bytes(), names=names).to_dict()
        _grade_one(gold, told, total)
    return total


def _grade_one(gold: dict[str, Any], told: dict[str, Any], total: Grade) -> None:
    if gold["negative"]:
        total.false_events += len(told["events"])
    left = list(told["events"])
    for event in sorted(gold["events"], key=lambda e: e["salience"] == "optional"):
        lists, actions = [event["list"], *event.get("list_alt", [])], [event["action"], *event.get("action_alt", [])]
        fits = [e for e in left if e["list"] in lists and e["action"] in actions]
        best = max(fits, key=lambda e: _shared(event["entities"], e["entities"]), default=None)
        if best is not None:
            left.remove(best)
        if event["salience"] == "optional":
            continue
        shared = _shared(event["entities"], best["entities"]) if best else 0
        total.found += shared
        total.missed += len(event["entities"]) - shared
        total.extra += len(best["entities"]) - shared if best else 0
        days = [d for d in (event["date"], *event.get("date_alt", [])) if d]
        if event["date"]:
            total.dates += 1
            total.dates_right += bool(best and best["date"] and any(best["date"].startswith(d) for d in days))
    total.extra += sum(len(e["entities"]) for e in left)


def _shared(gold: list[str], told: list[str]) -> int:
    open_names = list(told)
    count = 0
    for name in gold:
        match = next((n for n in open_names if n == name), None) or next(
            (n for n in open_names if same_party(n, name)), None
        )
        if match:
            open_names.remove(match)
            count += 1
    return count
