"""Two clocks: what is in force on a day, by what was known by a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from ledger.small_lists import LIST, Desk, as_of, file_of, party

from caveat.model import AsOf, Moment

ALPHA, BETA, GAMMA = party("Alpha Works", "1"), party("Beta Trading", "2"), party("Gamma Optics", "3")


@pytest.fixture(scope="module")
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """Beta goes on 1 February and comes back on 1 March; Gamma comes on 1 March."""
    made = new_desk()
    made.load(
        file_of([ALPHA, BETA], "2020-01-01"),
        file_of([ALPHA], "2020-02-01"),
        file_of([ALPHA, BETA, GAMMA], "2020-03-01"),
    )
    return made


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2019-12-31", []),
        ("2020-01-01", ["Alpha Works", "Beta Trading"]),
        ("2020-01-31", ["Alpha Works", "Beta Trading"]),
        ("2020-02-01", ["Alpha Works"]),
        ("2020-02-29", ["Alpha Works"]),
        ("2020-03-01", ["Alpha Works", "Beta Trading", "Gamma Optics"]),
    ],
)
@pytest.mark.parametrize("known", [None, "2021-01-01"])
def test_a_day_shows_the_snapshot_before_it(desk: Desk, day: str, names: list[str], known: str | None) -> None:
    assert desk.names(day, known) == names


def test_what_was_not_yet_published_is_not_known(desk: Desk) -> None:
    assert desk.names("2020-02-15", "2020-01-31") == ["Alpha Works", "Beta Trading"]
    assert desk.names("2020-03-15", "2020-02-15") == ["Alpha Works"]
    assert desk.names("2025-01-01", "2019-12-31") == []


def test_relisted_party_keeps_its_id_and_shows_the_gap(desk: Desk) -> None:
    beta = desk.ids()["Beta Trading"]
    steps = [(c.kind, c.on.text) for c in desk.ledger.history(beta, Moment("2021-01-01"))]
    assert steps == [("added", "2020-01-01"), ("removed", "2020-02-01"), ("added", "2020-03-01")]
    gone = desk.ledger.listing(beta, as_of("2020-02-10", "2021-01-01"))
    assert gone is not None
    assert (gone.status, gone.until) == ("removed", dt.date(2020, 2, 1))


def test_history_stops_at_what_was_known(desk: Desk) -> None:
    beta = desk.ids()["Beta Trading"]
    assert [c.kind for c in desk.ledger.history(beta, Moment("2020-02-15"))] == ["added", "removed"]


def test_instants_of_one_day(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.load(
        file_of([ALPHA, BETA], "2021-12-01"),
        file_of([ALPHA], "2021-12-02T01:42"),
        file_of([ALPHA, GAMMA], "2021-12-02T18:50"),
    )
    assert desk.names("2021-12-02", "2021-12-02T01:41") == ["Alpha Works", "Beta Trading"]
    assert desk.names("2021-12-02", "2021-12-02T01:42") == ["Alpha Works"]
    assert desk.names("2021-12-02", "2021-12-02T18:49") == ["Alpha Works"]
    assert desk.names("2021-12-02", "2021-12-02") == ["Alpha Works", "Gamma Optics"], "a day stands for its end"

    def told(start: str, end: str) -> list[tuple[str, str]]:
        return [(c.kind, c.name) for c in desk.ledger.changes(Moment.parse(start), Moment.parse(end), LIST)]

    assert told("2021-12-01", "2021-12-02T01:42") == [("removed", "Beta Trading")]
    assert told("2021-12-02T01:42", "2021-12-02T18:50") == [("added", "Gamma Optics")]
    assert told("2021-12-01", "2021-12-02") == [("added", "Gamma Optics"), ("removed", "Beta Trading")]
    assert told("2021-12-02", "2021-12-31") == []


def test_a_stated_day_begins_the_listing_before_the_file(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.load(
        file_of(
            [party("Alpha Works", published_on="2020-05-10", effective_on="2020-06-01"), BETA],
            "2020-07-01",
        )
    )
    late = "2020-12-31"
    assert desk.names("2020-05-31", late) == []
    assert desk.names("2020-06-01", late) == ["Alpha Works"]
    assert desk.names("2020-07-01", late) == ["Alpha Works", "Beta Trading"]
    announced = desk.ledger.listing(desk.ids()["Alpha Works"], as_of("2020-05-20", late))
    assert announced is not None
    assert announced.status == "announced"
    assert desk.names("2020-06-15", "2020-05-09") == [], "not even published then"


def test_a_stated_removal_ends_it_between_two_files(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.load(
        file_of([party("Alpha Works", effective_on="2020-01-01"), BETA], "2020-02-01"),
        file_of([party("Alpha Works", effective_on="2020-01-01", removed_on="2020-03-10"), BETA], "2020-04-01"),
    )
    assert desk.names("2020-03-09", "2020-12-31") == ["Alpha Works", "Beta Trading"]
    assert desk.names("2020-03-10", "2020-12-31") == ["Beta Trading"]
    assert desk.names("2020-03-20", "2020-03-20") == ["Alpha Works", "Beta Trading"], "nobody had said so yet"


def test_what_another_source_still_lists_stands_and_the_end_is_a_disagreement(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    over = party("Alpha Works", "1", effective_on="2020-01-01", removed_on="2020-03-10")
    desk.load(file_of([over, BETA], "2020-04-01"))
    assert desk.names("2020-05-01") == ["Beta Trading"]
    desk.load(file_of([party("Alpha Works", "1"), BETA], "2020-06-01"), stream="us.trade.csl")
    found = desk.ledger.listing(desk.ids()["Alpha Works"], as_of("2020-07-01"))
    assert found is not None
    assert (found.status, found.entry.removed_on, found.source.stream) == ("listed", None, "us.trade.csl")
    (told,) = found.disagreements
    assert (told.field, told.used, told.other) == ("removed_on", None, dt.date(2020, 3, 10))
    assert (told.used_source.stream, told.other_source.stream) == ("us.trade.csl", "origin")


def test_texts_are_never_carried_back(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    row = {"effective_on": "2019-10-09", "countries": ["CN"]}
    desk.load(
        file_of([party("Alpha Works", license_requirement="Some items", **row)], "2020-01-01"),
        file_of(
            [party("Alpha Works", license_requirement="All items subject to the EAR (§734.3)", footnotes=["4"], **row)],
            "2022-01-01",
        ),
    )
    entry_id = desk.ids()["Alpha Works"]

    def terms(day: str, known: str) -> tuple[str | None, tuple[str, ...]]:
        found = desk.ledger.listing(entry_id, as_of(day, known))
        assert found is not None
        return found.entry.license_requirement, found.entry.footnotes

    assert terms("2019-11-01", "2023-01-01") == (None, ())
    assert terms("2021-12-31", "2023-01-01") == ("Some items", ())
    assert terms("2022-01-01", "2023-01-01") == ("All items subject to the EAR (§734.3)", ("4",))
    assert terms("2022-06-01", "2021-06-01") == ("Some items", ())


def test_the_moment_of_loading_is_never_the_moment_of_knowing(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.load(file_of([ALPHA], "1999-01-01"))
    when = AsOf(dt.date(1999, 1, 1), Moment("1999-01-01"))
    assert len(desk.ledger.in_force(LIST, when)) == 1
    assert desk.ledger.coverage(when)[0].snapshot.published == Moment("1999-01-01")


def test_a_new_primary_name_is_an_amendment(new_desk: Callable[..., Desk]) -> None:
    """Also where the file cannot hold the other names (`sdn.csv` without `alt.csv`)."""
    from ledger.real_forms import sdn_file

    desk = new_desk()
    desk.take([sdn_file("2020-01-01", {"100": "PEREZ BLANCO, Juan", "101": "RUIZ, Eva"})])
    (report,) = desk.take([sdn_file("2020-02-01", {"100": "PEREZ BLANCO, Juan Carlos", "101": "RUIZ, Eva"})])
    assert (report.added, report.amended, report.removed) == (0, 1, 0)
    (change,) = desk.ledger.changes(Moment("2020-01-01"), Moment("2020-02-01"), "us.ofac.sdn")
    assert (change.kind, change.name) == ("amended", "PEREZ BLANCO, Juan Carlos")
    assert [field for field, _, _ in change.fields] in (["name"], ["names"])
    steps = desk.ledger.history(change.entry_id, Moment("2020-12-31"))
    assert [c.kind for c in steps] == ["added", "amended"]
