"""Replay gives the same bytes; what-if shows where the outcome changes."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from determination.fake import TODAY, FakeLookup
from scenarios.test_scenarios import ALL

from caveat.determination import determine, replay, vary
from caveat.errors import InputError
from caveat.law import load
from caveat.model import Moment

LAW = load()
SALE: dict[str, Any] = {
    "date": "2021-03-01", "activity": "export", "actor": {"us_person": True, "country": "US"},
    "item": {"eccn": "EAR99", "origin": "US"}, "destination": "CN",
    "parties": [{"name": "Hikvision", "role": "end_user", "country": "CN"}],
}  # fmt: skip


def stored(transaction: dict[str, Any]) -> dict[str, Any]:
    answer = determine(transaction, FakeLookup(), LAW, TODAY, "0.1.0").to_dict()
    return dict(json.loads(json.dumps(answer)))


def test_200_stored_determinations_replay_to_the_same_bytes_after_later_lists() -> None:
    picked = random.Random(4).sample([p.values[0]["facts"] for p in ALL], 200)
    kept = [stored(facts) for facts in picked]
    later = FakeLookup()
    later.blocks += [
        {"id": f"new-{n}", "list": "us.bis.entity_list", "names": [name], "countries": ["CN"],
         "announced_on": dt.date(2026, 12, 1), "effective_on": dt.date(2026, 12, 2)}
        for n, name in enumerate(("Hikvision", "Dahua Technology", "Jiangnan Parts", "First Bank"))
    ]  # fmt: skip
    for one in kept:
        again = replay(one, later, LAW)
        assert again.is_same, again.differences


def test_a_changed_answer_is_told_with_the_place() -> None:
    kept = stored(SALE)
    kept["outcome"] = "no_restriction_found"
    again = replay(kept, FakeLookup(), LAW)
    assert not again.is_same
    assert again.differences == (("outcome", "no_restriction_found", "license_required"),)


def test_replay_on_what_is_known_at_another_moment() -> None:
    kept = stored({**SALE, "date": "2019-10-10", "known": "2019-10-06"})
    assert kept["outcome"] == "no_restriction_found"
    assert replay(kept, FakeLookup(), LAW).is_same
    assert replay(kept, FakeLookup(), LAW, known=Moment("2019-10-09")).determination.outcome == "license_required"


BROKEN: list[dict[str, Any]] = [
    {},
    {"basis": {}},
    {"basis": {"as_of": {"in_force": "2020-01-01", "known": "x"}}},
    {"basis": {"as_of": {"in_force": "2020-01-01", "known": "2020-01-01"}}},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_determination_is_refused_in_one_line(broken: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="stored determination: carries no"):
        replay(broken, FakeLookup(), LAW)


def test_days_varied_show_the_day_the_outcome_changes() -> None:
    varied = vary(SALE, "date=2019-10-01:2019-10-31", FakeLookup(), LAW, TODAY)
    assert [(s.first, s.last, s.outcome) for s in varied.stretches] == [
        (dt.date(2019, 10, 1), dt.date(2019, 10, 8), "no_restriction_found"),
        (dt.date(2019, 10, 9), dt.date(2019, 10, 31), "license_required"),
    ]
    assert "2019-10-09" in varied.to_text()
    assert varied.to_dict()["tried"] == 31


def test_shares_and_classes_varied() -> None:
    owned = {**copy.deepcopy(SALE), "date": "2025-10-15"}
    owned["parties"] = [{"name": "Jiangnan Parts", "role": "end_user", "owners": [{"name": "Hikvision", "pct": 0}]}]
    varied = vary(owned, "parties.0.owners.0.pct=0:100", FakeLookup(), LAW, TODAY)
    assert [(s.first, s.outcome) for s in varied.stretches] == [
        (0, "no_restriction_found"), (1, "caution_red_flag"), (50, "license_required"),
    ]  # fmt: skip
    classes = vary({**SALE, "destination": "CN"}, "item.eccn=EAR99,1A995,null", FakeLookup(), LAW, TODAY)
    assert [p.value for p in classes.points] == ["EAR99", "1A995", None]


def test_the_chart_is_well_formed_and_names_the_outcomes() -> None:
    varied = vary(SALE, "date=2019-10-01:2019-10-31", FakeLookup(), LAW, TODAY)
    words = " ".join(ET.fromstring(varied.to_svg()).itertext())
    assert "license_required" in words and "2019-10-09" in words


CHANGES = (
    "date", "date=", "=1", "date=2021-01-02:2021-01-01", "item.quantity=a:b", "item.quantity=0:1000000",
    "parties.9.role=end_user", "date=2021-01-01:5",
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_cannot_be_read_is_one_line(change: str) -> None:
    with pytest.raises(InputError) as error:
        vary(SALE, change, FakeLookup(), LAW, TODAY)
    assert "\n" not in str(error.value)
