"""The starter record answers at once and gives way, field by field, where and when an official list speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger.small_lists import Desk, as_of, file_of, party
from shared_data import shared

from caveat.errors import UnknownEntryError
from caveat.ledger import starter as starter_part
from caveat.model import Listing
from caveat.record import read_record
from caveat.sources import open_path

LIST = "us.bis.entity_list"
HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."


def the_28() -> set[str]:
    """Names of the Entity List additions of 9 October 2019 in the record."""
    return {
        e.entry.name for e in read_record().entries if e.list == LIST and e.row.startswith("entity_list_2019_10.yaml")
    }


def find(desk: Desk, name: str, day: str, known: str | None = None, list_id: str = LIST) -> Listing | None:
    """The one entry of a list that bears the name, as of a day."""
    when = as_of(day, known)
    found = desk.ledger.listings(desk.ledger.named(name), when)
    on_list = [x for x in found.values() if x.entry.list == list_id]
    assert len(on_list) <= 1, [x.entry_id for x in on_list]
    return on_list[0] if on_list else None


@pytest.fixture(scope="module")
def fresh(new_desk: Callable[..., Desk]) -> Desk:
    """Nothing loaded."""
    return new_desk(starter=True)


def test_there_are_28(fresh: Desk) -> None:
    assert len(the_28()) == 28


def listed_of(desk: Desk, names: set[str], day: str, known: str | None) -> set[str]:
    """Those of the names whose entry is in force on the day (an entry may bear another name by then)."""
    on_the_day = set(desk.ledger.in_force(LIST, as_of(day, known)))
    return {n for n in names if on_the_day & set(desk.ledger.named(n))}


@pytest.mark.parametrize("known", [None, "2026-11-21"])
def test_none_on_the_8th_all_28_on_the_9th(fresh: Desk, known: str | None) -> None:
    assert listed_of(fresh, the_28(), "2019-10-08", known) == set()
    assert listed_of(fresh, the_28(), "2019-10-09", known) == the_28()


def test_institute_of_forensic_science_came_and_went(fresh: Desk) -> None:
    ids = fresh.ledger.named("Ministry of Public Security's Institute of Forensic Science of China")
    assert ids
    there = fresh.ledger.listings(ids, as_of("2021-03-01"))
    gone = fresh.ledger.listings(ids, as_of("2024-03-01"))
    assert {x.status for x in there.values()} == {"listed"}
    assert {x.status for x in gone.values()} == {"removed"}
    unknown_yet = fresh.ledger.listings(ids, as_of("2024-03-01", "2021-03-01"))
    assert {x.status for x in unknown_yet.values()} == {"listed"}, "the removal was not yet published"


def test_every_listing_of_the_record_says_it_is_a_starter(fresh: Desk) -> None:
    when = as_of("2026-11-21")
    for covered in fresh.ledger.coverage(when):
        assert covered.starter
        found = fresh.ledger.listings(fresh.ledger.in_force(covered.list, when), when)
        assert all(x.starter for x in found.values())
        assert covered.entries == len(found)


def test_gives_way_field_by_field(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(starter=True)
    before = find(desk, HIKVISION, "2022-06-01")
    assert before is not None and before.entry.license_requirement and before.entry.license_review_policy
    row = party(HIKVISION, countries=["CN"], license_requirement="All items (a later word)")
    holds = ["names", "kind", "countries", "license_requirement"]
    desk.load(file_of([row], "2022-06-01", list_id=LIST, holds=holds), lists=(LIST,))

    after = find(desk, HIKVISION, "2022-07-01")
    assert after is not None
    assert after.entry_id == before.entry_id or desk.ledger.resolve(before.entry_id) == after.entry_id
    assert after.entry.license_requirement == "All items (a later word)"
    assert after.said["license_requirement"].stream == "origin"
    assert after.entry.license_review_policy == before.entry.license_review_policy, (
        "a file without the column is silent"
    )
    assert after.said["license_review_policy"].stream == "starter"
    assert after.entry.effective_on == dt.date(2019, 10, 9)
    assert not after.starter

    earlier = find(desk, HIKVISION, "2020-01-01", "2023-01-01")
    assert earlier is not None
    assert earlier.entry.license_requirement == before.entry.license_requirement, "no later text is carried back"
    assert {n.text for n in before.entry.names} <= {n.text for n in after.entry.names}


def test_an_official_file_removes_what_the_record_still_lists(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(starter=True)
    desk.load(file_of([party("Somebody Else", countries=["CN"])], "2030-01-01", list_id=LIST), lists=(LIST,))
    assert desk.names("2030-01-02", None, LIST) == ["Somebody Else"]
    assert the_28() <= set(desk.names("2029-12-31", None, LIST))


def test_corrected_record_takes_the_place_of_the_old(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = read_record()
    chosen = next(e for e in record.entries if e.entry.name == HIKVISION and e.list == LIST)
    for number in range(4):  # an order by chance would pass one time in sixteen
        desk = new_desk(starter=True)
        title = f"corrected {number}"
        states = tuple(replace(s, entry=replace(s.entry, title=title)) for s in chosen.states)
        entries = tuple(replace(e, states=states) if e is chosen else e for e in record.entries)
        corrected = replace(record, entries=entries, digest=f"{number}" * 64)
        monkeypatch.setattr(starter_part, "read_record", lambda new=corrected: new)
        monkeypatch.setattr(starter_part, "digest_record", lambda new=corrected: new.digest)
        starter_part.lay_starter(desk.store, "2026-12-01T00:00:00")
        found = find(desk, HIKVISION, "2026-01-01")
        assert found is not None
        assert found.entry.title == title


# --- with the real lists ---

_FILES = {
    "csl 2022": "trade-csl/consolidated_2022-04-21.csv.gz",
    "csl 2026": "trade-csl/screening-list_2026-07-31.json.gz",
    "bis": "bis/entity_list_2026-07-09.json.gz",
}


def load_real(desk: Desk, *names: str) -> None:
    """Load the Entity List of real files."""
    for name in names:
        reports = desk.take(open_path(shared("data", *_FILES[name].split("/"))), lists=(LIST,))
        assert [r.status for r in reports] == ["loaded"]


@pytest.fixture(scope="module", params=[("csl 2022",), ("csl 2022", "csl 2026"), ("bis", "csl 2026", "csl 2022")])
def loaded(request: pytest.FixtureRequest, new_desk: Callable[..., Desk]) -> Iterator[Desk]:
    """The starter record and real files over it."""
    shared("data", "MANIFEST.md")
    desk = new_desk(starter=True)
    load_real(desk, *request.param)
    yield desk


@pytest.mark.slow
@pytest.mark.parametrize("known", [None, "2026-11-21"])
def test_28_with_real_lists_loaded(loaded: Desk, known: str | None) -> None:
    assert listed_of(loaded, the_28(), "2019-10-08", known) == set()
    assert listed_of(loaded, the_28(), "2019-10-09", known) == the_28()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["NetPosa", "SenseNets", "FiberHome Starrysky"])
def test_three_firms_show_june_2020_beside_the_csl_date(new_desk: Callable[..., Desk], name: str) -> None:
    desk = new_desk(starter=True)
    load_real(desk, "csl 2022")
    record = [e for e in read_record().entries if e.list == LIST and any(name in n.text for n in e.entry.names)]
    assert record
    found = find(desk, record[0].entry.name, "2022-06-01")
    assert found is not None
    assert found.entry.effective_on == dt.date(2020, 6, 5)
    (told,) = [d for d in found.disagreements if d.field == "effective_on"]
    assert (told.used, told.other) == (dt.date(2020, 6, 5), dt.date(2019, 10, 9))
    assert told.other_source.stream == "us.trade.csl"
    assert Path(told.other_source.row).name
    early = find(desk, record[0].entry.name, "2020-06-04", "2026-01-01")
    assert early is None or early.status != "listed"


def test_unknown_entry_is_an_error_not_an_empty_answer(fresh: Desk) -> None:
    with pytest.raises(UnknownEntryError, match=r"us\.bis\.entity_list\.nobody"):
        fresh.ledger.listing("us.bis.entity_list.nobody", as_of("2026-01-01"))
