"""Every dependency has its reason in the decision record, and its pin in the lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
DECISION = ROOT / "docs" / "decisions" / "0001-dependencies.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
RUN = [Requirement(line) for name, lines in EXTRAS.items() if name != "dev" for line in lines]
#: No wheel, and no use without Java: in a lock of its own.
APART = {"pyspark"}
RUN = [r for r in [*map(Requirement, PROJECT["dependencies"]), *RUN] if r.name != "caveat"]
DEV = [r for r in map(Requirement, EXTRAS["dev"]) if r.name != "caveat"]


@pytest.mark.parametrize("name", [r.name for r in [*RUN, *DEV]])
def test_every_dependency_has_its_reason(name: str) -> None:
    assert name in reasons(DECISION.read_text("utf-8"))


def test_no_reason_outlives_its_dependency() -> None:
    assert set(reasons(DECISION.read_text("utf-8"))) == {r.name for r in [*RUN, *DEV]}


def test_a_line_without_a_reason_is_none() -> None:
    text = "- `numpy`: arrays\n- `lxml`:\n- `pyyaml`\n`rich`: in running text\n"
    assert reasons(text) == {"numpy": "arrays"}


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_the_lock_holds_every_dependency(lock: str) -> None:
    pins = pinned((ROOT / "requirements" / f"{lock}.txt").read_text("utf-8"))
    wanted = [r for r in (RUN if lock == "run" else [*RUN, *DEV]) if r.name not in APART]
    assert missing_from(pins, wanted) == []


def test_what_stands_apart_has_its_lock() -> None:
    pins = pinned((ROOT / "requirements" / "spark.txt").read_text("utf-8"))
    assert missing_from(pins, [r for r in RUN if r.name in APART]) == []


def test_both_locks_agree() -> None:
    run, dev = (pinned((ROOT / "requirements" / f"{name}.txt").read_text("utf-8")) for name in ("run", "dev"))
    assert {name: (version, dev.get(name)) for name, version in run.items() if dev.get(name) != version} == {}


def test_a_lock_that_lags_behind_is_caught() -> None:
    pins = pinned("numpy==1.0\n    # via caveat\n")
    assert missing_from(pins, [Requirement("numpy>=1.26"), Requirement("lxml>=5")]) == ["numpy>=1.26", "lxml>=5"]


def reasons(text: str) -> dict[str, str]:
    """The names in the record's lists, each with its reason."""
    return dict(re.findall(r"^- `([^`]+)`: *(\S.*)$", text, re.MULTILINE))


def pinned(text: str) -> dict[str, str]:
    """The packages a lock pins, with their versions."""
    lines: list[Any] = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def missing_from(pins: dict[str, str], wanted: list[Requirement]) -> list[str]:
    """The requirements that no pin meets."""
    return [str(r) for r in wanted if not _meets(pins.get(canonicalize_name(r.name)), r)]


def _meets(version: str | None, wanted: Requirement) -> bool:
    return version is not None and wanted.specifier.contains(version, prereleases=True)
