"""The United Kingdom's lists: many rows make one party, in the old layouts and the new one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.sources import Document, Reading, open_path, read, recognize
from caveat.sources.uk import read_birth

EXAMPLES = Path(__file__).parent.parent / "examples" / "uk"


def reading_of(path: Path) -> Reading:
    document = next(open_path(path))
    layout = recognize(document)
    assert layout.id.startswith("uk.sanctions_")
    return read(document, layout)


def test_rows_of_one_group_are_one_party() -> None:
    reading = reading_of(EXAMPLES / "conlist.csv")
    assert str(reading.published) == "2031-04-10"
    assert "3 rows make 2 parties" in reading.notes
    (person, ship) = reading.lists["uk.ofsi"]
    assert (person.place, ship.place) == ("rows 3, 4", "row 5")
    entry = person.entry
    assert [(n.text, n.quality) for n in entry.names] == [
        ("Boris Petrovich EXAMPLEV", "primary"),
        ("The NICKNAME", "weak"),
        ("Борис ПРИМЕРОВ", "strong"),
    ]
    assert (entry.kind, entry.source_id, entry.programs) == ("person", "99001", ("Russia", "Belarus"))
    assert entry.birth_dates == ("1961-05",)
    assert entry.birth_places == ("Moscow, Russia", "Kyiv, Ukraine")
    assert entry.nationalities == ("RU", "DE")
    assert entry.genders == ("male",)
    assert entry.title == "Director; Owner"
    assert (entry.published_on, entry.effective_on) == (dt.date(2022, 3, 15), dt.date(2022, 3, 11))
    assert [(i.kind, i.value, i.note) for i in entry.identifiers] == [
        ("uk_sanctions_list_ref", "RUS9001", None),
        ("un_reference", "CDi.901", None),
        ("passport", "A-333602", "Russia number"),
        ("passport", "M110522", "German, lost"),
    ]
    assert entry.remarks == "Financial sanctions imposed."
    assert ("uk statement of reasons", "Made up for a test.") in entry.details
    assert [a.text for a in entry.addresses] == ["1 Test Street, Moscow, 103265, Russia"]


def test_a_party_without_a_primary_row_keeps_its_first_name_and_says_so() -> None:
    reading = reading_of(EXAMPLES / "conlist.csv")
    ship = reading.lists["uk.ofsi"][1].entry
    assert (ship.name, ship.kind) == ("TEST SHIP", "vessel")
    assert [(i.kind, i.value) for i in ship.identifiers] == [("uk_sanctions_list_ref", "DPR9002"), ("imo", "7408873")]
    assert any("1 parties have no row marked primary" in note for note in reading.notes)


def test_a_party_keeps_its_id_in_the_new_list() -> None:
    reading = reading_of(EXAMPLES / "uk_sanctions_list.csv")
    assert str(reading.published) == "2032-02-13"
    person, holding = (row.entry for row in reading.lists["uk.ofsi"])
    assert person.source_id == "99001"
    assert holding.source_id == "RUS9003"
    assert [(n.text, n.quality) for n in person.names] == [
        ("Boris Petrovich EXAMPLEV", "primary"),
        ("Борис ПРИМЕРОВ", "strong"),
        ("The NICKNAME", "weak"),
    ]
    assert person.birth_dates == ("1961",)
    assert ("sanctions imposed", "Asset freeze|Travel Ban") in person.details
    assert holding.effective_on == dt.date(2024, 3, 11)
    assert [(i.kind, i.value) for i in holding.identifiers] == [
        ("uk_sanctions_list_ref", "RUS9003"),
        ("registration_number", "TIN 123"),
    ]
    assert not reading.unread


@pytest.mark.parametrize(
    ("text", "birth"),
    [("00/00/1961", "1961"), ("00/05/1961", "1961-05"), ("09/1962", "1962-09"), ("1951", "1951"),
     ("dd/mm/1951", "1951"), ("circa 1951", "c. 1951"), ("Between 1955 and 1958", "1955/1958"),
     ("31/02/1951", "1951-02-31"), ("soon", "soon")],
)  # fmt: skip
def test_births(text: str, birth: str) -> None:
    assert read_birth(text) == birth


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("10/04/2031", "some day", "states no day"),
        ("Name 6,Name 1", "Name 9,Name 8", "is not the header"),
        (",99002", ",", "row 5: has neither Group ID nor Unique ID"),
        (",31/12/2020,99002", "", "row 5 has 34 columns, the header 36"),
        ("TEST SHIP", "", "has no name"),
        ("TEST SHIP", '"TEST SHIP', "line"),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str, says: str) -> None:
    layout = recognize(next(open_path(EXAMPLES / "conlist.csv")))
    data = (EXAMPLES / "conlist.csv").read_text("utf-8").replace(old, new)
    with pytest.raises(ShapeError, match=says):
        read(Document("uk.csv", data.encode(), ""), layout)


def test_an_unknown_column_is_counted() -> None:
    data = (EXAMPLES / "conlist.csv").read_text("utf-8").replace("Non-Latin Script Type", "Shoe Size")
    document = Document("uk.csv", data.encode(), "")
    assert dict(read(document, recognize(document)).unread) == {"Shoe Size": 1}


@pytest.mark.parametrize(
    ("name", "published", "records", "parties"),
    [
        ("ofsi_conlist_2025-04-10.xlsx", "2025-04-10", 18796, 4686),
        ("boe_sanctions_2016-02-12.csv", "2016-02-12", 800, 463),
    ],
)
def test_the_real_files(name: str, published: str, records: int, parties: int) -> None:
    reading = reading_of(shared("data", "uk", name))
    assert f"{records} rows make {parties} parties" in reading.notes
    assert len(reading.lists["uk.ofsi"]) == parties
    assert str(reading.published) == published
    assert not reading.unread
