"""Canada's list: regime, schedule and item name a record, in the old headings and the bilingual ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.sources import Document, Reading, open_path, read, recognize

EXAMPLES = Path(__file__).parent.parent / "examples" / "ca"


def reading_of(path: Path) -> Reading:
    document = next(open_path(path))
    layout = recognize(document)
    assert layout.id == "ca.sema_xml"
    return read(document, layout)


def test_the_old_headings() -> None:
    reading = reading_of(EXAMPLES / "sema.xml")
    assert reading.published is None
    assert "effective_on" not in reading.holds
    assert dict(reading.unread) == {"ShoeSize": 1}
    person, trading = (row.entry for row in reading.lists["ca.sema"])
    assert [n.text for n in person.names] == ["Boris Primerov", "B. Primerov", "Borya (also, Boris)"]
    assert (person.kind, person.source_id, person.title) == ("person", "Russia, 1, Part 2, 9", "Colonel")
    assert person.birth_dates == ("1972-08-10", "1972-08-11")
    assert person.programs == ("Russia / Russie",)
    assert [n.text for n in trading.names] == ["Example Trading", "Example Industries, Ltd.", "Example Group"]
    assert trading.kind == "organization"


def test_the_bilingual_headings() -> None:
    reading = reading_of(EXAMPLES / "sema_bilingual.xml")
    assert (str(reading.published), reading.inferred) == ("2025-06-17", True)
    assert not reading.unread
    ship, person = (row.entry for row in reading.lists["ca.sema"])
    assert (ship.kind, ship.identifiers[0].value, ship.birth_dates) == ("vessel", "9288999", ())
    assert ("built", "2005") in ship.details
    assert (person.source_id, person.effective_on) == ("Russia, 1, Part 2, 9", dt.date(2022, 3, 7))


def test_a_record_without_name_or_regime_is_refused() -> None:
    text = (EXAMPLES / "sema.xml").read_text("utf-8")
    for old in ("<Entity>Example Trading</Entity>", "<Country>Burma / Birmanie</Country>"):
        document = Document("ca.xml", text.replace(old, "").encode(), "")
        with pytest.raises(ShapeError, match=r"/record\[2\]: has no name or no regime"):
            read(document, recognize(document))


def test_the_real_file() -> None:
    reading = reading_of(shared("data", "ca", "sema-lmes_2020-04.xml.gz"))
    kinds = [row.entry.kind for row in reading.lists["ca.sema"]]
    assert (kinds.count("person"), kinds.count("organization"), len(kinds)) == (985, 384, 1369)
    assert not reading.unread
