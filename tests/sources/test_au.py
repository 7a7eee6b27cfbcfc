"""Australia's list: lettered rows make one party; the newest control date stands for the file's day."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from shared_data import shared
from workbooks import make_workbook

from caveat.errors import ShapeError
from caveat.sources import Document, Reading, open_path, read, recognize

EXAMPLE = Path(__file__).parent.parent / "examples" / "au" / "dfat.csv"
ROWS = list(csv.reader(EXAMPLE.read_text("utf-8").splitlines()))


def reading_of(rows: list[list[str]]) -> Reading:
    document = Document("dfat.xlsx", make_workbook(rows), "")
    layout = recognize(document)
    assert layout.id == "au.dfat_xlsx"
    return read(document, layout)


def test_lettered_rows_are_one_party() -> None:
    reading = reading_of(ROWS)
    assert (str(reading.published), reading.inferred) == ("2026-04-14", True)
    assert reading.notes == ("4 rows make 2 parties",)
    assert not reading.unread
    person, ship = (row.entry for row in reading.lists["au.dfat"])
    assert [(n.text, n.quality) for n in person.names] == [
        ("Ana Maria EXAMPLE", "primary"),
        ("Ана Мария", "strong"),
        ("Sister", "weak"),
    ]
    assert (person.kind, person.source_id) == ("person", "9001")
    assert person.birth_dates == ("c. 1963", "1972-01-30", "1963")
    assert person.birth_places == ("Goma, Democratic Republic of the Congo", "Kigali, Rwanda")
    assert person.nationalities == ("RW",)
    assert person.effective_on == dt.date(2001, 1, 25)
    assert [(a.text, a.country) for a in person.addresses] == [("Kigali, Rwanda", "RW")]
    assert [value for name, value in person.details if name == "measure"] == [
        "Targeted Financial Sanction",
        "Travel Ban",
    ]
    assert (ship.kind, ship.identifiers[0].value, ship.effective_on) == ("vessel", "9288999", None)


def test_a_column_nobody_reads_is_counted_and_a_missing_one_refused() -> None:
    extra = [[*ROWS[0], "Shoe Size"], [*ROWS[1], "38"], *([*row, ""] for row in ROWS[2:])]
    assert dict(reading_of(extra).unread) == {"Shoe Size": 1}
    with pytest.raises(ShapeError, match="has no column 'Committees'"):
        reading_of([["Program" if cell == "Committees" else cell for cell in ROWS[0]], *ROWS[1:]])


def test_a_row_without_reference_is_refused() -> None:
    with pytest.raises(ShapeError, match="row 3: has no reference or no name"):
        reading_of([*ROWS[:2], ["", *ROWS[2][1:]], *ROWS[3:]])


def test_the_real_file() -> None:
    document = next(open_path(shared("data", "au", "dfat_2026-08-02.xlsx")))
    reading = read(document, recognize(document))
    kinds = [row.entry.kind for row in reading.lists["au.dfat"]]
    assert reading.notes == ("11068 rows make 3846 parties",)
    assert (kinds.count("person"), kinds.count("organization"), kinds.count("vessel")) == (2543, 1041, 262)
    assert str(reading.published) == "2026-07-21"
    assert not reading.unread
