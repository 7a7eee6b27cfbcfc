"""The Denied Persons text and the part 744 supplements: examples, real files, and what breaks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared_data import ROOT, shared

from caveat.errors import ShapeError
from caveat.model import Entry
from caveat.sources import bis
from caveat.sources.document import open_path, unpack
from caveat.sources.reading import Reading

EXAMPLES = ROOT / "tests" / "examples" / "bis"


def read(path: Path) -> Reading:
    document = next(iter(open_path(path)))
    (layout,) = [layout for layout in bis.LAYOUTS if layout.recognizes(document)]
    assert layout.stream == "origin"
    return layout.read(document)


def read_bytes(data: bytes, name: str) -> Reading:
    document = next(iter(unpack(name, data)))
    return bis.read_supplements(document) if name.endswith(".xml") else bis.read_dpl(document)


def broken(data: bytes, name: str) -> str:
    with pytest.raises(ShapeError) as caught:
        read_bytes(data, name)
    return str(caught.value)


# --- denied persons -------------------------------------------------------------------------------


def test_denied_persons() -> None:
    reading = read(EXAMPLES / "dpl_12.txt")
    sam, nova = (row.entry for row in reading.lists["us.bis.denied_persons"])
    assert (sam.name, sam.kind, sam.countries) == ("SAM SAMPLE", "person", ("US",))
    assert (sam.effective_on, sam.expires_on, sam.published_on) == (
        dt.date(2003, 6, 19), dt.date(2056, 6, 29), dt.date(2003, 6, 27),
    )  # fmt: skip
    assert sam.addresses[0].city == "ANTHONY" and sam.addresses[0].postal_code == "94022"
    assert (nova.kind, nova.countries, nova.citations[0].cite) == ("organization", ("AE",), "87 FR 9030, 9031")
    assert dict(nova.details) == {"standard_order": "N", "action": "NEW", "last_update": "2022-02-22"}
    assert (str(reading.published), reading.inferred) == ("2022-02-22", True)


def test_the_old_layout_is_silent_on_citations() -> None:
    reading = read(EXAMPLES / "dpl_9.txt")
    assert len(reading.lists["us.bis.denied_persons"]) == 2
    assert "citations" not in reading.holds and "effective_on" in reading.holds


@pytest.mark.parametrize(
    ("name", "count", "published"),
    [
        ("2014-05", 474, "2014-05-20"),
        ("2019-06", 546, "2019-06-12"),
        ("2022-09", 581, "2022-09-02"),
        ("2023-11", 665, "2023-11-28"),
    ],
)
def test_real_denied_persons(name: str, count: int, published: str) -> None:
    path = shared("data", "bis", f"dpl_{name}.txt")
    own = sum(1 for row in csv.reader(io.StringIO(path.read_text("ascii")), delimiter="\t") if row) - 1
    reading = read(path)
    entries = [row.entry for row in reading.lists["us.bis.denied_persons"]]
    assert len(entries) == own == count and not reading.unread
    assert str(reading.published) == published  # rows dated 3017 and 3033 do not date the file
    assert all(e.name and e.effective_on for e in entries)
    if name != "2014-05":
        assert sum(e.published_on is None for e in entries) <= 2


def test_dahua_electronics_is_an_american_party_of_2017() -> None:
    reading = read(shared("data", "bis", "dpl_2019-06.txt"))
    (dahua,) = {
        e.name: e for e in (r.entry for r in reading.lists["us.bis.denied_persons"]) if "DAHUA" in e.name
    }.values()
    assert dahua.countries == ("US",)
    assert (82, 46480) in [c.volume_and_page for c in dahua.citations]


def test_broken_denied_persons() -> None:
    whole = (EXAMPLES / "dpl_12.txt").read_bytes()
    lines = whole.splitlines(keepends=True)
    assert "line 3 has" in broken(b"".join(lines[:2]) + b'"NOVA"\t"12 DOCK"\n', "dpl.txt")
    assert "line 3 repeats the header" in broken(b"".join([lines[0], lines[1], lines[0], lines[2]]), "dpl.txt")
    assert "expiration_date" in broken(whole.replace(b"Expiration_Date", b"Ends"), "dpl.txt")
    assert "no party" in broken(lines[0], "dpl.txt")
    assert "web page" in broken(b"<html><body>404</body></html>", "dpl.txt")
    broken(b"", "dpl.txt")
    broken(lines[0] + b"\t" * 1_000_000, "dpl.txt")
    added = b"".join(
        line.rstrip(b"\n") + extra for line, extra in zip(lines, (b'\t"Mood"\n', b'\t"grim"\n', b'\t""\n'), strict=True)
    )
    assert read_bytes(added, "dpl.txt").unread == {"mood": 1}


# --- supplements ----------------------------------------------------------------------------------


def test_supplements_in_the_table_form() -> None:
    reading = read(EXAMPLES / "supplements.xml")
    lens, jane, bureau, address = (row.entry for row in reading.lists["us.bis.entity_list"])
    assert [n.text for n in lens.names] == ["Borealis Lens Works LLC", "Boreal Optics", "BLW LLC"]
    assert [(a.text, a.country) for a in lens.addresses] == [("17 Glass Street, Yerevan, 0026, Armenia", "AM")]
    assert lens.footnotes == ("4",) and lens.countries == ("AM",)
    assert lens.license_requirement == "For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)"
    assert (lens.published_on, lens.effective_on) == (dt.date(2019, 10, 9), None)
    assert [c.date for c in lens.citations] == [dt.date(2019, 10, 9), dt.date(2020, 6, 5)]
    # The country stands in the heading row and is carried down; an address without one lies there.
    assert jane.countries == ("AM",) and [a.country for a in jane.addresses] == ["AM", "AM"]
    assert ("note", "(See alternate address under China).") in jane.details
    assert bureau.countries == ("CN",) and bureau.footnotes == ("1", "2")
    assert (address.kind, address.name, address.countries) == ("address", "Address 01", ("HK",))
    assert "effective_on" not in reading.holds


def test_supplements_six_and_seven() -> None:
    lists = read(EXAMPLES / "supplements.xml").lists
    (plain,) = (row.entry for row in lists["us.bis.unverified"])
    (comet,) = (row.entry for row in lists["us.bis.military_end_user"])
    assert (plain.name, plain.countries, plain.addresses[0].text) == (
        "Plain Optics",
        ("AM",),
        "Komitas 26/114, Yerevan, Armenia",
    )
    assert (comet.name, comet.countries, comet.published_on) == ("Comet Engine Factory", ("CN",), dt.date(2020, 12, 23))


def test_the_printed_form() -> None:
    (row,) = read(EXAMPLES / "supplement_4_gpotable.xml").lists["us.bis.entity_list"]
    assert [n.text for n in row.entry.names] == ["Borealis Lens Works LLC", "Boreal Optics"]
    assert row.entry.countries == ("AM",) and row.entry.addresses[0].text == "17 Glass Street, Yerevan, Armenia"


def test_broken_supplements() -> None:
    whole = (EXAMPLES / "supplements.xml").read_text("utf-8")

    def tell(text: str) -> str:
        return broken(text.encode(), "part744.xml")

    assert "broken XML" in tell(whole[: len(whole) // 2])
    assert "license review policy" in tell(whole.replace("<TH>License review policy</TH>", "<TH>Remarks</TH>"))
    assert "no country above" in tell(whole.replace('<TD align="left">ARMENIA</TD>', "<TD/>"))
    assert "begins with no country" in tell(whole.replace("<TR><TD/><TD>Jane Roe", "<TR><TD>Jane Roe"))
    assert "row 2 has 6 cells" in tell(whole.replace('<TD align="left">ARMENIA</TD>', "<TD>ARMENIA</TD><TD/>", 1))
    assert "no row" in tell("<DIV5><HEAD>PART 744</HEAD></DIV5>")
    assert "entities" in tell('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>')
    assert "entities" in tell('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    tell("<a>" * 100_000)


def test_long_rows_end_quickly() -> None:
    whole = (EXAMPLES / "supplements.xml").read_text("utf-8")
    start = time.process_time()
    broken(whole.replace("<TD>[Reserved]</TD>", "<TD>x</TD>" * 1_000_000).encode(), "part744.xml")
    assert time.process_time() - start < 10


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(["dpl_12.txt", "dpl_9.txt", "supplements.xml", "supplement_4_gpotable.xml"]))
def test_damaged_files_are_read_or_refused(data: st.DataObject, name: str) -> None:
    from sources.mutations import damaged

    try:
        reading = read_bytes(data.draw(damaged((EXAMPLES / name).read_bytes())), name)
    except ShapeError:
        return
    for found in reading.lists.values():
        for row in found:
            assert row.entry.digest() and Entry.from_dict(row.entry.to_dict()) == row.entry
