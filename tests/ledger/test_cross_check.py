"""The consolidated list beside the origin lists: told in the coverage, asked by its own id, bounded when fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledger.small_lists import NOW, Desk

from caveat.app import App, open_app
from caveat.ledger import Refresher, Wishes
from caveat.model import Moment
from caveat.sources import load_catalog, open_path

CSL = "us.trade.csl"
SAMPLE = Path(__file__).parent.parent / "examples/trade_gov/csl_29.csv"


@pytest.fixture(scope="module")
def app(new_desk: Callable[..., Desk]) -> Iterator[App]:
    """A fresh install with the sample of the consolidated list."""
    with open_app(str(new_desk(starter=True).store.path)) as made:
        assert {r.status for r in made.refresh(path=SAMPLE, published="2025-06-01")} == {"loaded"}
        yield made


def test_it_is_a_row_of_the_coverage_and_no_longer_missing(app: App) -> None:
    told = app.lists()
    (row,) = [r for r in told["lists"] if r["list"] == CSL]
    assert (row["cross_check"], row["starter"], row["as_of"]) == (True, False, "2025-06-01")
    rows = sum(len(list(d.data.splitlines())) - 1 for d in open_path(SAMPLE))
    assert 0 < row["entries"] <= rows
    assert CSL not in {m["list"] for m in told["not_loaded"]}
    assert not any(r["cross_check"] for r in told["lists"] if r["list"] != CSL)
    basis = app.screen("Nobody At All Whatsoever")["basis"]
    assert CSL in {x["list"] for x in basis["lists"]} and CSL not in {x["list"] for x in basis["not_covered"]}


def test_before_its_date_it_is_missing_for_that_reason(app: App) -> None:
    told = app.lists(app.as_of(None, "2020-01-01"))
    (missing,) = [m for m in told["not_loaded"] if m["list"] == CSL]
    assert missing["why"] == "no file loaded of it is as old as that"


def test_asked_by_its_id_it_stands_for_the_lists_it_speaks_of(app: App) -> None:
    whole = app.screen("Borealis Lens Works", lists=(CSL,))
    assert whole.hits and "us.bis.entity_list" in {h.list for h in whole.hits}
    assert "us.fcc.covered_list" not in {h.list for h in whole.hits}
    lists = {x["list"] for x in whole["basis"]["lists"]}
    assert {CSL, "us.bis.entity_list"} <= lists and "us.fcc.covered_list" not in lists
    changes = app.changes("2025-05-31", "2025-06-01", CSL)
    assert changes["counts"]["added"] and set(changes["lists"]) <= lists


def test_a_fetched_one_that_is_far_too_short_is_refused(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    refresher = Refresher(desk.store, load_catalog(), NOW)
    wishes = Wishes(lists=(CSL,), live=True, fallback=Moment(NOW))
    (report,) = refresher.take_all(open_path(SAMPLE), wishes)
    assert report.status == "refused" and report.why and "10000 to 60000 are expected" in report.why
    assert desk.ledger.timelines() == {}
