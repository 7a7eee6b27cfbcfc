"""Some 370 more scenarios, run through the Python interface on the starter record, as a fresh install answers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scenarios.test_scenarios import FOLDER, check_answer, read_scenarios

import caveat

ALL = list(read_scenarios(sorted((FOLDER / "record").glob("*.yaml"))))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("record")
    yield caveat.open(db=f"sqlite:///{folder / 'caveat.db'}")


@pytest.mark.parametrize("scenario", ALL)
def test_on_the_record(scenario: dict[str, Any], app: Any) -> None:
    check_answer(scenario, app.determine(scenario["facts"]))


def test_there_are_at_least_350() -> None:
    ids = [str(param.id) for param in ALL]
    assert len(ids) == len(set(ids)) >= 350
