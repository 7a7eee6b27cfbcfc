"""The United Nations list: names by quality and script, births by form, papers, counts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.sources import Document, Reading, open_path, read, recognize

EXAMPLE = Path(__file__).parent.parent / "examples" / "un" / "consolidated.xml"


def reading_of(path: Path) -> Reading:
    document = next(open_path(path))
    layout = recognize(document)
    assert layout.id == "un.consolidated_xml"
    return read(document, layout)


def test_a_person_is_read_whole() -> None:
    reading = reading_of(EXAMPLE)
    assert str(reading.published) == "2031-05-04T23:30:00"
    person, organization = (row.entry for row in reading.lists["un.sc"])
    assert [(n.text, n.quality) for n in person.names] == [
        ("ANA MARIA EXAMPLE", "primary"),
        ("Ана Мария", "strong"),
        ("Ann Example", "strong"),
        ("Anne Example", "strong"),
        ("Sister", "weak"),
        ("Сестра", "weak"),
    ]
    assert (person.kind, person.source_id, person.programs) == ("person", "CDi.901", ("DRC",))
    assert person.birth_dates == ("1964-07-17", "c. 1965", "1962/1966")
    assert person.birth_places == ("Goma, Democratic Republic of the Congo",)
    assert person.nationalities == ("KP",)
    assert person.genders == ("female",)
    assert person.effective_on == dt.date(2015, 7, 1)
    assert person.title == "Treasurer; Member of the board"
    assert [(a.text, a.country, a.city) for a in person.addresses] == [("1 Test Street, Goma, Rwanda", "RW", "Goma")]
    (paper,) = person.identifiers
    assert (paper.kind, paper.value, paper.country, paper.note) == (
        "passport",
        "381310999",
        "KW",
        "issued on 2005-05-12",
    )
    assert ("amended_on", "2019-05-01") in person.details
    assert ("alias_note", "Sister (original script: Сестра): used on the radio") in person.details
    assert [(n.text, n.quality) for n in organization.names] == [
        ("EXAMPLE TRADING", "primary"),
        ("Example Shipping (ES)", "strong"),
        ("Former Example", "former"),
    ]


def test_a_field_nobody_reads_is_counted() -> None:
    assert dict(reading_of(EXAMPLE).unread) == {"INDIVIDUAL/SHOE_SIZE": 1}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<FIRST_NAME>EXAMPLE TRADING</FIRST_NAME>", b"", r"/ENTITIES/ENTITY\[1\]: has no name"),
        (b"<ENTITY>", b"<ENTITY><x>", "broken XML"),
        (b"2031-05-04T19:30:00.5-04:00", b"yesterday", "dateGenerated"),
        (b"<ENTITIES>", b"<ENTITIES><SHIP/>", "unknown record <SHIP>"),
    ],
)
def test_a_broken_file_is_refused(old: bytes, new: bytes, says: str) -> None:
    data = EXAMPLE.read_bytes().replace(old, new)
    document = Document("un.xml", data, "")
    with pytest.raises(ShapeError, match=says):
        read(document, recognize(document))


@pytest.mark.parametrize(
    ("day", "published", "persons", "organizations"),
    [
        ("2018-08-24", "2018-08-24T23:40:35", 701, 397),
        ("2020-03-20", "2020-03-20T23:09:21", 709, 305),
        ("2026-02-27", "2026-02-27T00:00:09", 730, 273),
        ("2026-08-01", "2026-08-01T23:00:03", 736, 275),
    ],
)
def test_the_real_files(day: str, published: str, persons: int, organizations: int) -> None:
    reading = reading_of(shared("data", "un", f"un_consolidated_{day}.xml.gz"))
    kinds = [row.entry.kind for row in reading.lists["un.sc"]]
    assert (kinds.count("person"), kinds.count("organization")) == (persons, organizations)
    assert str(reading.published) == published
    assert not reading.unread
    assert all(row.entry.effective_on and row.entry.source_id for row in reading.lists["un.sc"])
