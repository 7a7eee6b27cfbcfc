"""Every scenario a lawyer can read, run as written: facts, the expected outcome per program, the citation."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from determination.fake import TODAY, FakeLookup

from caveat.determination import NOT_NAMED, RULES, determine
from caveat.law import load
from caveat.model import POLICIES, PROGRAMS, Determination, Finding

FOLDER = Path(__file__).parent
LOOKUP = FakeLookup()
LAW = load()


def read_scenarios(files: Iterable[Path]) -> Iterator[Any]:
    """Each scenario of the files, and each `but` of it with its facts changed, as a test parameter."""
    for file in files:
        content = yaml.safe_load(file.read_text("utf-8"))
        for block in content["cases"] if isinstance(content, dict) else content:
            yield pytest.param(block, id=block["id"])
            for n, other in enumerate(block.get("but", ())):
                changed = {**other, "facts": set_facts(block["facts"], other["set"])}
                yield pytest.param(changed, id=f"{block['id']}-but-{n + 1}")


def set_facts(facts: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    facts = copy.deepcopy(facts)
    for path, value in changes.items():
        at: Any = facts
        *steps, last = path.split(".")
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        if isinstance(at, list):
            at[int(last)] = copy.deepcopy(value)
        else:
            at[last] = copy.deepcopy(value)
    return facts


ALL = list(read_scenarios(f for f in sorted(FOLDER.glob("*/*.yaml")) if f.parent.name != "record"))


@pytest.mark.parametrize("scenario", ALL)
def test_scenario(scenario: dict[str, Any]) -> None:
    check_answer(scenario, determine(scenario["facts"], LOOKUP, LAW, TODAY))


def check_answer(scenario: dict[str, Any], answer: Determination) -> None:
    """What the scenario expects holds in the answer."""
    by_program: dict[str, Finding] = {}
    for finding in answer.findings:
        by_program.setdefault(finding.program, finding)
    expect = dict(scenario["expect"])
    if "outcome" in expect:
        assert answer.outcome == expect.pop("outcome")
    first = None
    for program, words in expect.items():
        assert program in PROGRAMS
        if words is None:
            assert program not in by_program or by_program[program].rule == NOT_NAMED
            continue
        finding = by_program[program]
        first = first or finding
        assert all(c.cite and c.quote for c in finding.citations)
        assert finding.citations
        outcome, *rest = words.split()
        assert finding.outcome == outcome, finding.reason
        for word in rest:
            if word in POLICIES:
                assert finding.policy is not None and finding.policy.kind == word
            else:
                assert finding.rule == word, finding.reason
    missing = {m.fact for m in answer.missing}
    assert set(scenario.get("asks", ())) <= missing
    if first is None:
        return
    cites = " | ".join(c.cite for c in first.citations)
    for cite in scenario.get("cite", ()):
        assert cite in cites
    for words in scenario.get("reason", ()):
        assert words in first.reason
    if "confidence" in scenario:
        assert first.confirmed == (scenario["confidence"] == "confirmed")
    if scenario.get("no_policy_asks"):
        assert first.policy is not None and not first.policy.ask
    if "policy_asks" in scenario:
        assert first.policy is not None
        assert set(scenario["policy_asks"]) <= {ask.fact for ask in first.policy.ask}
    if "refused" in scenario:
        assert [name for name, _ in first.exceptions_refused] == scenario["refused"]


def test_there_are_at_least_120_scenarios_and_all_worked_cases() -> None:
    ids = [str(param.id) for param in ALL]
    assert len(ids) == len(set(ids)) >= 120
    assert {f"C{n:02}" for n in range(1, 13)} <= set(ids)


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_each_rule_is_the_answer_of_a_scenario(rule_id: str) -> None:
    """Take a rule away and this test of its name fails."""
    wanted = {
        word
        for param in ALL
        for words in param.values[0]["expect"].values()  # type: ignore[attr-defined]
        if words
        for word in words.split()
    }
    assert rule_id in wanted
