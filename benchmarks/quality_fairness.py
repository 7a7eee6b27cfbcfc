"""Do false alerts fall harder on names of one origin? Made-up people by origin, and the ratio of worst to best.

A made-up person who bears a listed name in full (the same words, or other forms of the same given names) is a
namesake: no name can tell the two apart, and such alerts are counted by themselves. All others are false alerts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from quality_material import SHARED, by_country

from caveat.screening import Index, Query
from caveat.screening.search import find, judged_of

#: Where the names come from: countries whose given and family names are drawn.
ORIGINS = {
    "Arabic": "AE DZ EG IQ JO KW LB LY MA SA TN",
    "Persian and Turkish": "IR TR AZ",
    "South Asian": "IN PK BD NP LK",
    "Chinese": "CN TW HK",
    "Korean and Japanese": "KR JP",
    "Southeast Asian": "ID MY PH TH VN KH",
    "Russian and Slavic": "RU UA BY BG RS PL CZ SK",
    "Hispanic": "ES MX CO AR CL PE CU DO VE BO EC PY SV",
    "African": "ML ZA",
    "European": "DE FR GB IT NL NO DK FI AT BE IE PT US",
}
#: In these a second given name, the father's, stands where others have a family name.
FATHERS = ("Arabic",)
#: Family names that no register here gives, written from general knowledge of the countries they come from.
AFRICAN = (
    "Traore", "Diarra", "Coulibaly", "Keita", "Konate", "Toure", "Cisse", "Diallo", "Sidibe", "Sangare",
    "Diop", "Ndiaye", "Fall", "Sow", "Okafor", "Okeke", "Adeyemi", "Balogun", "Eze", "Nwosu", "Mensah",
    "Owusu", "Boateng", "Osei", "Asante", "Mwangi", "Otieno", "Kamau", "Njoroge", "Odhiambo", "Dlamini",
    "Nkosi", "Khumalo", "Ndlovu", "Mokoena", "Banda", "Phiri", "Habimana", "Uwimana", "Tesfaye", "Bekele",
    "Abebe", "Girma", "Ilunga", "Mutombo", "Kabongo", "Mbeki", "Sithole",
)  # fmt: skip
PERSIAN = (
    "Mohammadi", "Hosseini", "Ahmadi", "Karimi", "Rezaei", "Jafari", "Moradi", "Rahimi", "Ebrahimi", "Kazemi",
    "Mousavi", "Sadeghi",
)  # fmt: skip
PAKISTANI = (
    "Khan", "Ahmed", "Malik", "Hussain", "Iqbal", "Butt", "Chaudhry", "Qureshi", "Akhtar", "Shah", "Mirza",
    "Raja", "Bhatti", "Siddiqui",
)  # fmt: skip
#: Alerts every origin must have before rates are compared.
LEAST_ALERTS = 400


@dataclass(frozen=True)
class Person:
    """A made-up person: the places of the two names in their lists, and the best points against the list."""

    given: str
    family: str
    points: int
    is_namesake: bool


def people_of(origin: str, count: int, rng: random.Random, root: Path = SHARED) -> list[tuple[str, str]]:
    """Distinct (given, family) names of one origin, each country's names crossed."""
    given, family = by_country(root, "forenames"), by_country(root, "surnames")
    out: set[tuple[str, str]] = set()
    for country in ORIGINS[origin].split():
        firsts = given.get(country, [])
        lasts = firsts if origin in FATHERS else family.get(country, [])
        lasts = (
            list({"African": AFRICAN}.get(origin, ()))
            or list({"IR": PERSIAN, "PK": PAKISTANI}.get(country, ()))
            or lasts
        )
        out |= {(a, b) for a in firsts for b in lasts if a != b}
    some = sorted(out)
    return rng.sample(some, min(count, len(some)))


def measure(index: Index, count: int, seed: int, lowest: int) -> dict[str, list[Person]]:
    """People of every origin with the points of their best false alert, or `lowest` where there is none."""
    out: dict[str, list[Person]] = {}
    for origin in ORIGINS:
        rng = random.Random(f"{seed} {origin}")
        people = []
        for given, family in people_of(origin, count, rng):
            points, is_namesake = lowest, False
            for found in find(index, Query(f"{given} {family}"), lowest + 1):
                judged = judged_of(index, found)
                if judged is not None and _is_namesake(judged):
                    is_namesake = True
                    continue
                points = found.points
                break
            people.append(Person(given, family, points, is_namesake))
        out[origin] = people
    return out


def _is_namesake(judged: Any) -> bool:
    return judged.is_same_name or (
        judged.score.whole == 1000 and all(link.why in ("same", "nickname", "synonym") for link in judged.score.links)
    )


def common_line(people: dict[str, list[Person]], line: int, lowest: int) -> int:
    """The highest line at or below `line` at which every origin has enough alerts."""
    for at in range(line, lowest, -50):
        if all(sum(p.points >= at for p in some) >= LEAST_ALERTS for some in people.values()):
            return at
    return lowest + 1


def rate(some: list[Person], line: int) -> float:
    """The share of people falsely alerted."""
    return sum(p.points >= line for p in some) / len(some)


def ratio(
    people: dict[str, list[Person]], line: int, seed: int, rounds: int = 1000
) -> tuple[str, str, float, float, float]:
    """Worst and best origin, the ratio of their rates, and its 95 % interval.

    The interval is a bootstrap over the names, not over the people: two people named Ahmed are no two observations.
    """
    ordered = sorted(people, key=lambda origin: rate(people[origin], line))
    best, worst = ordered[0], ordered[-1]
    rng = np.random.default_rng(seed)
    draws = _rates(people[worst], line, rng, rounds) / np.maximum(_rates(people[best], line, rng, rounds), 1e-9)
    low, high = np.quantile(draws, (0.025, 0.975))
    return worst, best, rate(people[worst], line) / rate(people[best], line), float(low), float(high)


def _rates(some: list[Person], line: int, rng: Any, rounds: int) -> Any:
    names = [sorted({getattr(p, part) for p in some}) for part in ("given", "family")]
    places = [{name: place for place, name in enumerate(part)} for part in names]
    given = np.array([places[0][p.given] for p in some])
    family = np.array([places[1][p.family] for p in some])
    alert = np.array([p.points >= line for p in some], float)
    out = np.zeros(rounds)
    for place in range(rounds):
        weights = [rng.multinomial(len(part), np.full(len(part), 1 / len(part))) for part in names]
        weight = weights[0][given] * weights[1][family]
        out[place] = (weight * alert).sum() / max(1, weight.sum())
    return out
