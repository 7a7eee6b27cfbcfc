"""Fresh ledgers, quickly: the empty database is made once and copied."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledger.small_lists import Desk


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    folder = tmp_path_factory.mktemp("empty")
    paths = {}
    for starter in (False, True):
        desk = Desk(folder / f"{starter}.sqlite", starter=starter)
        desk.store.close()
        paths[starter] = folder / f"{starter}.sqlite"
    return paths


@pytest.fixture(scope="module")
def new_desk(_empty: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Desk]]:
    """Make a desk with an empty ledger, or (`starter=True`) one with the starter record."""
    folder = tmp_path_factory.mktemp("desks")
    number = itertools.count()
    desks: list[Desk] = []

    def make(*, starter: bool = False) -> Desk:
        path = folder / f"{next(number)}.sqlite"
        shutil.copy(_empty[starter], path)
        desks.append(Desk(path))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()
