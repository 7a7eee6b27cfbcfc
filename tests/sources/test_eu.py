"""The European Union's lists: both XML forms give one party one id; a journal extract is a list a regulation."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.sources import Document, Reading, load_catalog, open_path, read, recognize
from caveat.sources.eu_journal import LAYOUTS as JOURNAL

EXAMPLES = Path(__file__).parent.parent / "examples" / "eu"


def reading_of(path: Path, layout_id: str) -> Reading:
    document = next(open_path(path))
    layout = recognize(document)
    assert layout.id == layout_id
    return read(document, layout)


def test_the_current_form() -> None:
    reading = reading_of(EXAMPLES / "export.xml", "eu.fsf_xml")
    assert str(reading.published) == "2031-03-04T13:00:16"
    assert dict(reading.unread) == {"nameAlias@shoeSize": 1}
    person, holding = (row.entry for row in reading.lists["eu.fsf"])
    assert [(n.text, n.quality) for n in person.names] == [
        ("Ana Maria Example", "primary"),
        ("Sister", "weak"),
        ("Ана Мария", "strong"),
    ]
    assert (person.kind, person.source_id, person.programs, person.title) == ("person", "9001", ("COD",), "Treasurer")
    assert person.birth_dates == ("1964-07-17", "c. 1965", "1962/1966")
    assert person.birth_places == ("Goma, CONGO",)
    assert person.nationalities == ("CD",)
    assert person.genders == ("female",)
    assert [(a.country, a.city) for a in person.addresses] == [("CD", "Goma")]
    assert [(i.kind, i.value, i.country, i.note) for i in person.identifiers] == [
        ("un_reference", "CDi.901", None, None),
        ("eu_reference", "EU.9001.11", None, None),
        ("passport", "A1234567", "CD", "seen once; issued by Goma; expired"),
    ]
    assert [(c.cite, c.date) for c in person.citations] == [
        ("2016/8888 (OJ L2)", dt.date(2016, 12, 1)),
        ("2024/9999 (OJ L1)", dt.date(2024, 1, 17)),
    ]
    assert person.effective_on == dt.date(2016, 12, 1)
    assert ("email", "ana@example.org") in person.details
    assert ("alias_note", "Sister: used on the radio") in person.details
    assert (holding.kind, holding.effective_on) == ("organization", dt.date(2022, 2, 25))
    assert holding.identifiers[-1].kind == "registration_number"


def test_the_old_form_gives_the_same_id() -> None:
    reading = reading_of(EXAMPLES / "whole.xml", "eu.fsf_old_xml")
    assert str(reading.published) == "2014-03-04"
    assert not reading.unread
    (row,) = reading.lists["eu.fsf"]
    entry = row.entry
    assert (entry.source_id, entry.kind, entry.genders) == ("9001", "person", ("female",))
    assert [(n.text, n.quality) for n in entry.names] == [("Ana Maria Example", "primary"), ("Anne Example", "strong")]
    assert [(i.kind, i.value, i.country, i.note) for i in entry.identifiers] == [
        ("passport", "AD001999", "CD", "National passport (seen once)")
    ]
    assert entry.effective_on == dt.date(2005, 6, 16)
    assert entry.addresses[0].text == "1, Test Street, Goma, COD"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("export.xml", 'wholeName="Example Holding"', "", r"/sanctionEntity\[2\]: has no name"),
        ("export.xml", "2031-03-04T14:00:16.479+01:00", "", "generationDate"),
        ("export.xml", "</export>", "", "broken XML"),
        ("whole.xml", "04/03/2014", "44/03/2014", "Date is"),
        ("journal.csv", ",,A note.", "", "row 2: has 43 columns, the header 45"),
        ("journal.csv", "32020R1998", "regulation", "no CELEX"),
        ("journal.csv", "Example Bureau", "", "row 3: has no CELEX number or no name"),
    ],
)
def test_a_broken_file_is_refused(name: str, old: str, new: str, says: str) -> None:
    text = (EXAMPLES / name).read_text("utf-8").replace(old, new)
    document = Document(name, text.encode(), "")
    with pytest.raises(ShapeError, match=says):
        read(document, recognize(document))


def test_a_journal_extract() -> None:
    reading = reading_of(EXAMPLES / "journal.csv", "eu.journal_csv")
    assert reading.published is None
    (rows,) = reading.lists.values()
    assert list(reading.lists) == ["eu.journal.2020_1998"]
    person, bureau, ship = (row.entry for row in rows)
    assert [(n.text, n.quality) for n in person.names] == [
        ("Boris PRIMEROV", "primary"),
        ("Boris Primerow", "strong"),
        ("Борис ПРИМЕРОВ", "strong"),
        ("B. Primerov", "strong"),
        ("Borya", "weak"),
    ]
    assert person.birth_dates == ("1960-12-30", "c. 1961")
    assert person.programs == ("EU-HR", "32020R1998")
    assert person.citations[0].cite == "Regulation (EU) 2020/1998"
    assert person.effective_on == dt.date(2021, 3, 2)
    assert person.addresses[0].country == "RU"
    assert "secret" not in person.canonical()
    assert person.source_id == "I.A 1"
    assert (bureau.source_id, ship.source_id) == (None, None)  # one number, used twice in one annex
    assert bureau.names[1].quality == "former"
    assert ("startDate", "April 2024") in bureau.details
    assert (ship.kind, ship.identifiers[0].kind) == ("vessel", "imo")


def test_every_known_regulation_is_a_list_of_the_catalog() -> None:
    assert set(JOURNAL[0].lists) <= set(load_catalog())


def test_the_real_old_file() -> None:
    reading = reading_of(shared("data", "eu", "fsd_global_2016-02-11.xml.gz"), "eu.fsf_old_xml")
    kinds = [row.entry.kind for row in reading.lists["eu.fsf"]]
    assert (kinds.count("person"), kinds.count("organization"), len(kinds)) == (319, 276, 595)
    assert str(reading.published) == "2016-02-11"
    assert not reading.unread


@pytest.mark.parametrize(
    ("celex", "list_id", "parties"),
    [
        ("32002R0881", "eu.journal.2002_881", 350),
        ("32005R1183", "eu.journal.2005_1183", 86),
        ("32006R0765", "eu.journal.2006_765", 408),
        ("32011R0359", "eu.journal.2011_359", 321),
        ("32012R0267", "eu.journal.2012_267", 339),
        ("32014R0269", "eu.journal.2014_269", 2802),
        ("32014R0833", "eu.journal.2014_833", 1746),
        ("32017R1509", "eu.journal.2017_1509", 326),
        ("32019R0796", "eu.journal.2019_796", 38),
        ("32020R1998", "eu.journal.2020_1998", 177),
    ],
)
def test_the_real_extracts(celex: str, list_id: str, parties: int) -> None:
    reading = reading_of(shared("data", "eu", f"journal_{celex}_2026-08.csv.gz"), "eu.journal_csv")
    assert {name: len(rows) for name, rows in reading.lists.items()} == {list_id: parties}
    assert not reading.unread
