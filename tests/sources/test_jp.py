"""Japan's list for Russia: numbers in order, names in both scripts, aliases in brackets and in lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.sources import Document, Reading, open_path, read, recognize

EXAMPLE = Path(__file__).parent.parent / "examples" / "jp" / "meti_russia.txt"


def reading_of(document: Document) -> Reading:
    layout = recognize(document)
    assert layout.id == "jp.meti_russia_text"
    return read(document, layout)


def test_every_entry_with_both_scripts() -> None:
    reading = reading_of(next(open_path(EXAMPLE)))
    assert str(reading.published) == "2031-09-12"
    assert reading.notes == ("1 entries have no address",)
    names = [[n.text for n in row.entry.names] for row in reading.lists["jp.meti_russia"]]
    assert names == [
        ["Test Shipyard JSC", "株式会社テスト造船所"],
        ["Test Research Centre", "Centre of Tests", "TRC", "試験研究センター", "テスト・センター"],
        ["JSC 35th Shipyard", "株式会社「第 35 造船所」"],
        ["Example Group", "例社", "LLC Example", "Kompaniya Example", "例示団体"],
    ]
    second = reading.lists["jp.meti_russia"][1].entry
    assert [(a.text, a.country) for a in second.addresses] == [
        ("2 Test St., Omsk, Russia", "RU"),
        ("3 Test Ploschad, Dom 2, Moscow 107031, Russia", "RU"),
    ]
    assert (second.source_id, second.citations[0].cite) == ("2", "令和四年外務省告示第八十二号")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("日：", "日 ", "states no day"),
        ("2031 年09 月12", "2031 年19 月12", "its day is"),
        ("２ 試", "９ 試", "3 addresses but 1 numbered entries"),
    ],
)
def test_a_broken_text_is_refused(old: str, new: str, says: str) -> None:
    document = Document("ru.txt", EXAMPLE.read_text("utf-8").replace(old, new).encode(), "")
    with pytest.raises(ShapeError, match=says):
        reading_of(document)


def test_the_real_file() -> None:
    reading = reading_of(next(open_path(shared("data", "jp", "meti_russia_designated_2025-09-12.txt.gz"))))
    rows = reading.lists["jp.meti_russia"]
    assert len(rows) == 561
    assert str(reading.published) == "2025-09-12"
    assert all(row.entry.name.isascii() or row.entry.names[0].script == "Latn" for row in rows)
    assert not any("alias" in name.text or "a.k.a" in name.text for row in rows for name in row.entry.names)
    assert [row.place for row in rows if not row.entry.addresses] == ["entry 97"]
