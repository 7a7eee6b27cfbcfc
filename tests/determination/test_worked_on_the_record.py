"""The worked cases again, on the starter record and through the Python interface a user has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scenarios.test_scenarios import ALL

import caveat

#: The denied-persons list is not in the starter record, so that part of C11 has no finding there.
ABSENT = {"us.bis.denied_persons"}
CASES = [param for param in ALL if str(param.id).startswith("C") and str(param.id)[1:3].isdigit()]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("record")
    yield caveat.open(db=f"sqlite:///{folder / 'caveat.db'}")


@pytest.mark.parametrize("case", CASES)
def test_worked_case(case: dict[str, Any], app: Any) -> None:
    answer = app.determine(case["facts"])
    expect = dict(case["expect"])
    if "outcome" in expect:
        assert answer.outcome == expect.pop("outcome")
    for program, words in expect.items():
        if program in ABSENT:
            continue
        finding = next(f for f in answer.findings if f.program == program)
        outcome, _, *policy = words.split()
        assert finding.outcome == outcome, finding.reason
        if policy:
            assert finding.policy is not None and finding.policy.kind == policy[0]
        assert finding.citations


def test_all_twelve_are_there() -> None:
    assert {str(param.id)[:3] for param in CASES} == {f"C{n:02}" for n in range(1, 13)}
