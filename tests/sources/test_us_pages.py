"""UFLPA, withhold release orders, the Covered List and nonproliferation sanctions as their publishers print them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.model import Entry
from caveat.sources import Document, Reading, open_path, read, recognize
from caveat.sources.cbp import split_parties
from caveat.sources.dhs import split_party
from caveat.sources.fcc import named_producers

EXAMPLES = Path(__file__).parent.parent / "examples"


def reading_of(path: Path, layout_id: str) -> Reading:
    document = next(open_path(path))
    layout = recognize(document)
    assert layout.id == layout_id
    reading = read(document, layout)
    for entry in entries(reading):
        assert {f for f in entry.to_dict() if f not in ("list", "kind")} <= reading.holds
    return reading


def entries(reading: Reading) -> list[Entry]:
    return [row.entry for rows in reading.lists.values() for row in rows]


def named(reading: Reading, name: str) -> list[Entry]:
    return [entry for entry in entries(reading) if name in [n.text for n in entry.names]]


def test_uflpa_page_gives_names_dates_paragraphs_and_reach() -> None:
    reading = reading_of(EXAMPLES / "dhs" / "uflpa.html", "dhs.uflpa_html")
    silicon, corps, hair, foods, hair_again = entries(reading)
    assert [n.text for n in silicon.names][1:] == ["Exemplar Silicon (Testville) Co."]
    assert silicon.details == (("extends_to", "subsidiaries"),)
    assert corps.details == (("extends_to", "subordinate and affiliated entities"),)
    assert [n.text for n in hair.names] == ["Example Hair Co. Ltd.", "Exemplar Hair", "Sample Hair"]
    assert (hair.programs, hair_again.programs) == (("UFLPA 2(d)(2)(B)(i)",), ("UFLPA 2(d)(2)(B)(v)",))
    assert [(n.text, n.quality) for n in foods.names][2:] == [
        ("Sample Foods Co., Ltd.", "strong"),
        ("Old Foods Co., Ltd.", "former"),
    ]
    assert foods.effective_on == dt.date(2025, 1, 15)
    assert [row.place for row in reading.lists["us.dhs.uflpa"]][-1] == "section (v) row 2"


def test_uflpa_page_as_saved() -> None:
    reading = reading_of(shared("data", "dhs-uflpa", "uflpa-entity-list_2026-07-09.html.gz"), "dhs.uflpa_html")
    listed = entries(reading)
    assert len(listed) == 160  # 163 table rows less the three headings
    assert all(e.effective_on and "(" not in e.names[0].text[:1] for e in listed)
    (hoshine,) = named(reading, "Hesheng Silicon Industry (Shanshan) Co.")
    assert hoshine.name == "Hoshine Silicon Industry (Shanshan) Co., Ltd"
    assert (hoshine.effective_on, hoshine.details) == (dt.date(2022, 6, 21), (("extends_to", "subsidiaries"),))
    assert named(reading, "JWD Technology")[0].names[-1].quality == "former"
    assert not any("known as" in n.text or "alias" in n.text for e in listed for n in e.names)


@pytest.mark.parametrize(
    ("cell", "names", "extends"),
    [
        ("A Co. (also known as B Co. and C Co.)", ["A Co.", "B Co.", "C Co."], None),
        ("A (Testville) Co., Ltd., and Subsidiaries", ["A (Testville) Co., Ltd."], "subsidiaries"),
        ("No. 4 Center (FSC)", ["No. 4 Center (FSC)"], None),
        ("A Co. (including three!aliases: B)", ["A Co. (including three!aliases: B)"], None),
        ("A (also known as B; and formerly known as C and D)", ["A", "B", "C and D"], None),
    ],
)
def test_a_cell_of_the_uflpa_page(cell: str, names: list[str], extends: str | None) -> None:
    found, reach = split_party(cell)
    assert ([n.text for n in found], reach) == (names, extends)


def test_orders_from_the_csv() -> None:
    reading = reading_of(EXAMPLES / "cbp" / "wro.csv", "cbp.wro_csv")
    assert reading.unread == {"Case Number": 1}
    silicon, region, country, vessel, two = entries(reading)
    assert silicon.programs == ("WRO",)
    assert dict(silicon.details)["extends_to"] == "subsidiaries"
    assert dict(region.details)["region"] == "CN-XJ"
    assert "Cotton" in dict(region.details)["merchandise"]
    assert (dict(country.details)["scope"], country.countries) == ("country", ("TM",))
    assert (vessel.kind, vessel.names[1].text, vessel.programs) == ("vessel", "Example Star", ("Finding",))
    assert [c.cite for c in vessel.citations] == ["87 FR 4634"]
    assert [n.text for n in two.names][1:] == ["Example Garments Co., Ltd.", "Sample Apparel Co., Ltd.", "Old Garments"]
    assert dict(two.details)["status"] == "Revoked"


def test_orders_from_the_page_and_from_the_parsed_file() -> None:
    reading = reading_of(EXAMPLES / "cbp" / "wro.html", "cbp.wro_html")
    assert [e.countries for e in entries(reading)] == [("CN",), ("CN",), ("JP",)]
    assert entries(reading)[1].effective_on == dt.date(2021, 1, 13)  # its number spans two rows
    finding, tobacco = entries(reading_of(EXAMPLES / "cbp" / "wro.json", "cbp.wro_json"))
    assert ([n.text for n in finding.names], finding.programs) == (["Example Machinery", "First Prison"], ("Finding",))
    assert dict(tobacco.details)["status"] == "Partially Modified"


def test_orders_as_parsed_from_the_agency() -> None:
    reading = reading_of(shared("data", "cbp", "wro_findings_2026-06-23.json"), "cbp.wro_json")
    assert (len(entries(reading)), str(reading.published)) == (67, "2026-06-23")
    (xinjiang,) = named(reading, "Xinjiang Uyghur Autonomous Region (XUAR)")
    assert xinjiang.effective_on == dt.date(2021, 1, 13)
    assert dict(xinjiang.details)["merchandise"] == "Cotton, Tomatoes and Downstream Products"
    assert dict(xinjiang.details)["scope"] == "region"
    assert named(reading, "Baoding LYSZD Trade and Business Co., Ltd.")
    assert all(dict(e.details)["status"] and dict(e.details)["merchandise"] for e in entries(reading))


def test_parties_of_one_order() -> None:
    assert split_parties("A Pvt., B Pvt., Ltd., C Carpet, and D Industries; Kathmandu.")[0] == (
        "A Pvt.",
        "B Pvt., Ltd.",
        "C Carpet",
        "D Industries",
    )
    assert split_parties("A Agriculture, Industry, and Trade Co., Ltd.")[0] == (
        "A Agriculture, Industry, and Trade Co., Ltd.",
    )
    assert split_parties("A S.A. de C.V. and B S.A. de C.V. and their subsidiaries") == (
        ("A S.A. de C.V.", "B S.A. de C.V."),
        "subsidiaries",
    )


@pytest.mark.parametrize("kind", ["csv", "html"])
def test_the_covered_list_names_producers_conditions_and_categories(kind: str) -> None:
    reading = reading_of(EXAMPLES / "fcc" / f"covered_list.{kind}", f"fcc.covered_list_{kind}")
    listed = entries(reading)
    assert [e.name for e in listed] == [
        "Example Technologies Company",
        "Sample Digital Company",
        "AO Example Lab",
        "Example Networks Corp",
        "ExNet (USA) LLC",
        "Toasters produced in a foreign country",
    ]
    assert dict(listed[1].details)["condition"].endswith("and other national security purposes")
    assert dict(listed[2].details)["extends_to"].endswith("subsidiaries, or affiliates")
    assert dict(listed[5].details)["updated"] == "2036-01-07"
    assert (listed[5].kind, str(reading.published), reading.inferred) == ("unknown", "2036-01-07", True)


@pytest.mark.parametrize(
    ("file", "layout", "rows", "entries_"),
    [("covered_list_2026-08.csv", "csv", 16, 17), ("covered_list_table_2026-05.html", "html", 13, 14)],
)
def test_the_covered_list_as_published(file: str, layout: str, rows: int, entries_: int) -> None:
    reading = reading_of(shared("data", "fcc", file), f"fcc.covered_list_{layout}")
    # one row names two firms: a parent and its subsidiary
    places = [row.place.split(" firm")[0] for row in reading.lists["us.fcc.covered_list"]]
    assert (len(set(places)), len(places)) == (rows, entries_)
    for firm in ("Huawei Technologies Company", "ZTE Corporation", "Hytera Communications Corporation",
                 "Hangzhou Hikvision Digital Technology Company", "Dahua Technology Company"):  # fmt: skip
        (entry,) = named(reading, firm)
        assert entry.effective_on == dt.date(2021, 3, 12)
        assert ("condition" in dict(entry.details)) == (not firm.startswith(("Huawei", "ZTE")))


def test_producers_of_a_sentence() -> None:
    assert named_producers("Software produced or provided by Ex Lab, Inc. or any of its successors and assignees.") == (
        "Ex Lab, Inc.",
    )
    assert named_producers("Routers produced in a foreign country") == ()


def test_section_1260h_lists_subsidiaries_beside_their_parents() -> None:
    reading = reading_of(EXAMPLES / "dod" / "section_1260h.json", "dod.section_1260h_json")
    parent, *below = entries(reading)
    assert dict(parent.details)["reason"] == "EDI is affiliated with a ministry."
    assert [e.name for e in below] == ["EDI North", "EDI South"]
    assert all(dict(e.details)["parent"] == parent.name and e.effective_on == parent.effective_on for e in below)


def test_section_1260h_as_parsed_from_the_notice() -> None:
    path = shared("data", "dod", "section_1260h_2026-06-10.json")
    reading = reading_of(path, "dod.section_1260h_json")
    places = [row.place for row in reading.lists["us.dod.section_1260h"]]
    assert sum("subsidiary" not in place for place in places) == 80  # the file's own count; the rest stand in notes
    assert len(places) == 189
    (zemic,) = named(reading, "Zhonghang Electronic Measuring Instruments Company Limited")
    assert (zemic.name, zemic.names[1].quality) == ("AVIC Chengdu Aircraft Co., Ltd.", "former")
    for name in ("SMIC, Americas", "COMAC America Corporation", "Kiekert USA Inc.", "Huawei"):
        assert named(reading, name)


def test_nonproliferation_page() -> None:
    reading = reading_of(EXAMPLES / "state" / "nonproliferation.html", "state.nonproliferation_html")
    rockets, fuel, trader = entries(reading)
    assert [n.text for n in rockets.names] == ["Example Rockets", "EXRO (Testville) Co.", "Sample Bureau"]
    assert dict(rockets.details)["extends_to"] == "successor, sub-unit, or subsidiary"
    assert (fuel.effective_on, fuel.removed_on) == (dt.date(1991, 6, 25), dt.date(1993, 6, 25))
    assert (fuel.citations[0].cite, fuel.citations[0].date) == ("Vol. 56, No. 137", dt.date(1991, 7, 17))
    assert dict(trader.details)["effective_on as printed"] == "unknown"


def test_nonproliferation_page_as_saved() -> None:
    path = shared("data", "state", "nonproliferation_page_2016-02.html.gz")
    reading = reading_of(path, "state.nonproliferation_html")
    assert len(entries(reading)) == 528  # 529 table rows less the heading
    assert len(named(reading, "Karl Lee")) >= 6


PAGES = [
    ("dhs/uflpa.html", b"<th>Effective Date</th>", b"<th>When</th>"),
    ("dhs/uflpa.html", b"Section 2(d)(2)(B)(i)", b"Section one"),
    ("dhs/uflpa.html", b"January 15, 2025", b"soon"),
    ("cbp/wro.csv", b"6/24/2031", b"some day"),
    ("cbp/wro.csv", b"Entity Name", b"Who"),
    ("cbp/wro.html", b"<td>Cotton</td>", b""),
    ("fcc/covered_list.html", b"March 12, 2031", b""),
    ("fcc/covered_list.html", b"Date of Inclusion", b"Day of Inclusion"),
    ("state/nonproliferation.html", b"<td>Active</td>", b""),
    ("state/nonproliferation.html", b"<td>Date imposed</td>", b"<td>Day</td>"),
]


@pytest.mark.parametrize(("file", "old", "new"), PAGES)
def test_a_changed_page_is_refused(file: str, old: bytes, new: bytes) -> None:
    path = EXAMPLES / file
    data = path.read_bytes()
    assert old in data
    layout = recognize(Document(path.name, data, ""))
    with pytest.raises(ShapeError, match=r"uflpa|wro|covered_list|nonproliferation"):
        read(Document(path.name, data.replace(old, new), ""), layout)


@pytest.mark.parametrize(
    "file", ["dhs/uflpa.html", "cbp/wro.html", "fcc/covered_list.html", "state/nonproliferation.html"]
)
def test_a_cut_page_is_refused_and_renamed_classes_do_not_matter(file: str) -> None:
    path = EXAMPLES / file
    data = path.read_bytes()
    layout = recognize(Document(path.name, data, ""))
    with pytest.raises(ShapeError):
        read(Document(path.name, data[: data.rindex(b"</tr>") - 20], ""), layout)
    with pytest.raises(ShapeError):
        read(Document(path.name, b"<html><title>Access denied</title><p>No.</p></html>", ""), layout)
    changed = data.replace(b"<table", b'<table class="new"').replace(b"<td>", b'<td class="z" style="">')
    assert len(entries(read(Document(path.name, changed, ""), layout))) == len(
        entries(read(Document(path.name, data, ""), layout))
    )
