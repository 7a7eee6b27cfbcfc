"""Any order of loading gives one and the same ledger; ids survive what publishers do to rows."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.small_lists import LIST, Desk, as_of, file_of, party
from shared_data import shared

from caveat.model import Moment
from caveat.sources import Document, open_path

_PLACES = ("1 Long Road, Urumqi", "9 Harbor Street, Dalian", "44 Mill Lane, Harbin", "3 Gate Avenue, Kashgar")
_NAMES = ("Alpha Optics Co., Ltd.", "Beta Trading House", "Gamma Sensor Works", "Delta Harbor Bureau")
_RESPELLED = ("Alfa Optics Company Limited", "Beta Trade House", "Gamma Sensors Works Ltd", "Delta Harbour Bureau")


@st.composite
def _publications(draw: st.DrawFn) -> list[Document]:
    """Two to five files of a list whose parties come, go, come back, and are respelled and renumbered."""
    numbered = draw(st.booleans())
    files = []
    for month in range(1, draw(st.integers(2, 5)) + 1):
        rows: list[dict[str, Any]] = []
        shift = draw(st.sampled_from([0, 0, 10]))
        for at in draw(st.permutations(range(4))):
            how = draw(st.sampled_from(["plain", "plain", "respelled", "amended", "absent", "other bearer"]))
            if how == "absent":
                continue
            name = _RESPELLED[at] if how == "respelled" else _NAMES[at]
            more: dict[str, Any] = {"addresses": [{"text": _PLACES[at]}], "countries": ["CN"]}
            if how == "amended":
                more["title"] = f"as of {month}"
            if how == "other bearer":
                name, more = f"Somebody Else {month}{at}", {"countries": ["IR"], "kind": "person"}
            rows.append(party(name, str(at + shift) if numbered else None, **more))
            if draw(st.integers(0, 9)) == 0:
                rows.append(rows[-1])  # a row printed twice
        if not rows:
            rows = [party("The Last One")]
        files.append(file_of(rows, f"2020-{month:02}-01"))
    return files


def _state(desk: Desk) -> tuple[str, list[Any]]:
    told = []
    for month in range(1, 7):
        when = as_of(f"2020-{month:02}-15")
        found = desk.ledger.listings(desk.ledger.in_force(LIST, when), when)
        told.append({i: x.to_dict() if hasattr(x, "to_dict") else x.entry.canonical() for i, x in found.items()})
    return desk.digest(), told


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=_publications(), data=st.data())
def test_any_order_gives_the_same_ledger(
    new_desk: Callable[..., Desk], files: list[Document], data: st.DataObject
) -> None:
    first, second = new_desk(), new_desk()
    try:
        for document in files:
            assert [r.status for r in first.load(document)] == ["loaded"]
        for document in data.draw(st.permutations(files)):
            assert [r.status for r in second.load(document)] == ["loaded"]
        assert _state(first) == _state(second)
    finally:
        first.store.close()
        second.store.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=_publications())
def test_in_force_on_a_day_is_exactly_what_the_file_before_it_holds(
    new_desk: Callable[..., Desk], files: list[Document]
) -> None:
    import json

    desk = new_desk()
    try:
        desk.load(*files)
        for document in files:
            data = json.loads(document.data)
            printed = sorted(row["names"][0]["text"] for row in data["lists"][LIST])
            day = data["published"][:8] + "20"
            assert desk.names(day) == printed
            assert desk.names(day, "2030-01-01") == printed
    finally:
        desk.store.close()


def test_orders_of_four_named_files(new_desk: Callable[..., Desk]) -> None:
    place = {"addresses": [{"text": _PLACES[0]}], "countries": ["CN"]}
    files = [
        file_of([party("Alpha Optics", "1", **place), party("Beta", "2")], "2020-01-01"),
        file_of([party("Alpha Optics Renamed Group", "11", **place), party("Beta", "12")], "2020-02-01"),
        file_of([party("Beta", "12")], "2020-03-01"),
        file_of([party("Gamma", "1"), party("Beta", "2"), party("Alpha Optics", "5", **place)], "2020-04-01"),
    ]
    states = set()
    for order in itertools.permutations(files):
        desk = new_desk()
        desk.load(*order)
        states.add((desk.digest(), tuple(sorted(desk.ids().items()))))
        desk.store.close()
    assert len(states) == 1


def test_content_changes_the_digest(new_desk: Callable[..., Desk]) -> None:
    one, other, twice = new_desk(), new_desk(), new_desk()
    one.load(file_of([party("Alpha")], "2020-01-01"))
    other.load(file_of([party("Alpho")], "2020-01-01"))
    twice.load(file_of([party("Alpha")], "2020-01-01"), file_of([party("Alpha")], "2020-01-02"))
    assert len({one.digest(), other.digest(), twice.digest()}) == 3


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        pytest.param(party("Alpha Works", "1"), party("Alpha Works", "1", title="x"), True, id="amended"),
        pytest.param(party("Alpha Works", "1"), party("ALPHA WORKS.", "1"), True, id="case and marks"),
        pytest.param(party("Alpha Works", "1"), party("Wholly New Name Bureau", "1", aliases=["Alpha Works"]), True,
                     id="renamed, the old name an alias"),
        pytest.param(party("Alpha Works", "1", countries=["CN"], addresses=[{"text": "1 Long Road"}]),
                     party("Alpha Works", "77", countries=["CN"], addresses=[{"text": "1 Long Road"}]), True,
                     id="renumbered"),
        pytest.param(party("Alpha Works Limited", countries=["CN"], addresses=[{"text": "1 Long Road"}]),
                     party("Alfa Works Ltd.", countries=["CN"], addresses=[{"text": "1 Long Road"}]), True,
                     id="respelled, no number"),
        pytest.param(party("People?s Security Bureau of Aksu"), party("People's Security Bureau of Aksu"), True,
                     id="an apostrophe mended"),
        pytest.param(party("Alpha Works", "1", countries=["CN"]),
                     party("Ivan Petrov", "1", kind="person", countries=["RU"]), False, id="a number used again"),
        pytest.param(party("Alpha Works", countries=["CN"]), party("Zeta Marine", countries=["IR"]), False,
                     id="another party"),
        pytest.param(party("Kim Lee", "1", kind="person", birth_dates=["1960-01-01"]),
                     party("Kim Lee", "2", kind="person", birth_dates=["1985-05-05"]), False, id="a namesake"),
    ],
)  # fmt: skip
def test_what_is_one_entry(
    new_desk: Callable[..., Desk], before: dict[str, Any], after: dict[str, Any], same: bool
) -> None:
    desk = new_desk()
    other = party("Steady House", "900")
    desk.load(file_of([before, other], "2020-01-01"), file_of([after, other], "2020-02-01"))
    ids = {entry_id for entry_id, entry in desk.ledger.wordings() if entry.name != "Steady House"}
    assert len(ids) == (1 if same else 2)


def test_a_former_id_still_finds_the_entry(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.load(file_of([party("Alpha Works", "7")], "2020-02-01"))
    before = desk.ids()["Alpha Works"]
    desk.load(file_of([party("Alfa Works", "7")], "2020-01-01"))
    now = desk.ledger.resolve(before)
    assert desk.ids() == {"Alfa Works": now, "Alpha Works": now}
    assert desk.ledger.resolve(now) == now


def test_new_files_at_the_end_never_change_an_id(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    known: dict[str, str] = {}
    for month in range(1, 9):
        rows = [party(f"Alpha Works {'I' * month}", "1"), party(f"Party {month}", str(100 + month)), party("Steady")]
        desk.load(file_of(rows, f"2020-{month:02}-01"))
        ids = desk.ids()
        assert {name: ids[name] for name in known} == known
        known = ids


@pytest.mark.slow
def test_the_sixteen_files_of_the_sdn_list_in_three_orders(new_desk: Callable[..., Desk]) -> None:
    folder = shared("data", "ofac-sdn")
    names = sorted(p.name for p in folder.glob("sdn_2*.csv.gz"))
    assert len(names) == 16
    seen = []
    for seed in range(3):
        order = names[:]
        random.Random(seed).shuffle(order)
        desk = new_desk()
        for name in order:
            documents = list(open_path(folder / name))
            assert {r.status for r in desk.take(documents, accept=True)} == {"loaded"}
        counts = [
            len(desk.ledger.in_force("us.ofac.sdn", as_of(day))) for day in ("2014-05-31", "2021-12-10", "2024-05-03")
        ]
        assert counts == [5928, 9146, 14965]
        seen.append((desk.digest(), desk.ledger.generation(), sorted(desk.ids("us.ofac.sdn").values())))
        assert desk.ledger.changes(Moment("2021-11-23"), Moment.parse("2021-12-02T01:42"), "us.ofac.sdn")
        desk.store.close()
    assert seen[0] == seen[1] == seen[2]
