"""OFAC's layouts: what each example says, that layouts agree, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from caveat.errors import ShapeError
from caveat.model import Address, Entry, Identifier, Name
from caveat.sources.document import Document, open_path
from caveat.sources.ofac import LAYOUTS
from caveat.sources.reading import Layout, Reading

EXAMPLES = Path(__file__).parent.parent / "examples" / "ofac"
SDN, CMIC, OTHER = "us.ofac.sdn", "us.ofac.ns_cmic", "us.ofac.consolidated"


def layout_of(document: Document) -> Layout:
    (found,) = [layout for layout in LAYOUTS if layout.recognizes(document)]
    return found


def read(path: Path) -> Reading:
    (document,) = open_path(path)
    return layout_of(document).read(document)


def entries(reading: Reading) -> dict[str, Entry]:
    return {row.entry.source_id or row.entry.name: row.entry for rows in reading.lists.values() for row in rows}


def example(name: str) -> dict[str, Entry]:
    return entries(read(EXAMPLES / name))


def given(name: str, data: bytes) -> Document:
    return Document(name, data, "0" * 64)


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda p: p.name)
def test_every_example_is_of_one_layout_and_reads(path: Path) -> None:
    (document,) = open_path(path)
    layout = layout_of(document)
    reading = layout.read(document)
    assert reading.lists and set(reading.lists) <= set(layout.lists)
    assert all(row.entry.list == name and row.place for name, rows in reading.lists.items() for row in rows)
    assert reading.states_presence is ("companion" not in layout.id)


def test_each_layout_has_an_example() -> None:
    seen = {layout_of(document).id for path in EXAMPLES.iterdir() for document in open_path(path)}
    assert {layout.id for layout in LAYOUTS} - seen == {
        "ofac.sdn_enhanced_xml", "ofac.sdn_advanced_xml", "ofac.all_enhanced_xml",
    }  # fmt: skip
    for name, form in (("cons_enhanced.xml", "enhanced"), ("cons_advanced.xml", "advanced")):
        data = (EXAMPLES / name).read_bytes().replace(b">Consolidated List<", b">SDN List<")
        assert layout_of(given(f"sdn_{form}.xml", data)).id == f"ofac.sdn_{form}_xml"


@pytest.mark.parametrize("stem", ["sdn", "cons_prim"])
@pytest.mark.parametrize("ext", ["del", "pip", "ff"])
def test_delimited_layouts_agree(stem: str, ext: str) -> None:
    assert example(f"{stem}.{ext}") == example(f"{stem}.csv")


def test_xml_agrees_with_csv_but_for_the_remarks() -> None:
    for key, ours in example("consolidated.xml").items():
        theirs = example("cons_prim.csv")[key].to_dict()
        assert {**ours.to_dict(), "remarks": None} == {**theirs, "remarks": None}
    vessel, theirs = example("sdn.xml")["10003"].to_dict(), example("sdn.csv")["10003"].to_dict()
    theirs.pop("remarks")
    assert vessel == theirs


def test_an_organization_and_its_remarks() -> None:
    acme = example("sdn.csv")["10001"]
    assert acme.kind == "organization" and acme.programs == ("IFSR", "NPWMD")
    assert acme.names == (
        Name("ACME TRADING CO., LTD.", "primary"), Name("ACME TRADING", "strong"),
        Name("OLD ACME COMPANY", "former"), Name("ATC", "weak"),
    )  # fmt: skip
    assert acme.addresses == (
        Address("5 Example Street, Floor 2, Hangzhou 310051, China", "CN", "Hangzhou", None, "310051"),
    )
    assert acme.identifiers == (
        Identifier("registration_number", "98-7", "MX", "Jalisco; issued 14 Dec 2005"),
        Identifier("tax_id", "12345", "RU"), Identifier("website", "www.acme.example"),
    )  # fmt: skip
    assert acme.details == (("organization_established_date", "17 Dec 2016"), ("remark", "all offices worldwide"))
    assert acme.remarks is not None and acme.remarks.startswith("Website www.acme.example; Tax ID")


def test_a_person() -> None:
    doe = example("sdn.csv")["10002"]
    assert (doe.kind, doe.title, doe.genders) == ("person", "Director, Example Holding", ("male",))
    assert (doe.birth_dates, doe.birth_places) == (("1948-12-10", "c. 1950"), ("Tehran, Iran",))
    assert doe.nationalities == ("IR", "TR") and ("citizen", "TR") in doe.details
    assert doe.identifiers == (Identifier("passport", "A123", "IR", "issued 1999; expires 09 Jun 2009"),)
    assert doe.addresses == (Address("Hebron, West Bank, Palestinian", "PS", "Hebron", "West Bank"),)
    assert ("linked_to", "ACME TRADING CO., LTD.") in doe.details
    assert not any(name == "remark" for name, _ in doe.details), "the title among the remarks is no remark"


def test_a_vessel() -> None:
    ship = example("sdn.csv")["10003"]
    assert ship.kind == "vessel" and not ship.addresses
    assert ship.identifiers == (Identifier("imo", "9357729"), Identifier("mmsi", "256843000"))
    assert dict(ship.details) == {
        "call_sign": "T2EX4", "vessel_type": "Crude Oil Tanker", "tonnage": "99144", "grt": "56068",
        "vessel_flag": "Tanzania", "vessel_owner": "NITC", "former_vessel_flag": "Malta",
    }  # fmt: skip


def test_comments_continue_remarks_in_the_middle_of_a_word(tmp_path: Path) -> None:
    whole = example("sdn.csv")["10004"]
    assert [i.kind for i in whole.identifiers].count("passport") == 30
    assert Identifier("digital_currency_address", "1ExampleExampleExample", None, "XBT") in whole.identifiers
    alone = read(_copy(tmp_path / "sdn.csv"))
    assert any("cut at 1000" in note for note in alone.notes)
    partial = entries(alone)["10004"]
    assert set(partial.identifiers) < set(whole.identifiers), "no number is made up from a clause that was cut"


def _copy(path: Path) -> Path:
    path.write_bytes((EXAMPLES / path.name).read_bytes())
    return path


def test_a_primary_file_alone_does_not_hold_aliases_and_addresses(tmp_path: Path) -> None:
    alone, joined = read(_copy(tmp_path / "sdn.csv")), read(EXAMPLES / "sdn.csv")
    assert not {"names", "addresses", "effective_on"} & alone.holds and not alone.used
    assert {"names", "addresses"} <= joined.holds and joined.used == ("alt.csv", "add.csv", "sdn_comments.csv")
    assert Name("ATC", "weak") in entries(alone)["10001"].names


def test_companions_are_those_of_the_same_day(tmp_path: Path) -> None:
    for name, source in (
        ("sdn_2021-07.csv", "sdn.csv"),
        ("alt_2021-07.csv", "alt.csv"),
        ("add_2019-01.csv", "add.csv"),
    ):
        (tmp_path / name).write_bytes((EXAMPLES / source).read_bytes())
    assert read(tmp_path / "sdn_2021-07.csv").used == ("alt_2021-07.csv",)


def test_a_companion_alone_only_adds() -> None:
    reading = read(EXAMPLES / "alt.csv")
    assert reading.holds == {"names", "source_id"} and not reading.states_presence
    assert entries(reading)["10001"].names == (Name("ACME TRADING"), Name("OLD ACME COMPANY", "former"))
    assert set(read(EXAMPLES / "cons_alt.csv").lists) == {CMIC, OTHER}


@pytest.mark.parametrize("name", ["cons_prim.csv", "consolidated.xml", "cons_enhanced.xml"])
def test_the_days_and_numbers_of_ns_cmic(name: str) -> None:
    reading = read(EXAMPLES / name)
    (row,) = reading.lists[CMIC]
    entry = row.entry
    assert (entry.published_on, entry.effective_on, entry.divest_by) == (
        dt.date(2021, 6, 3), dt.date(2021, 8, 2), dt.date(2022, 6, 3),
    )  # fmt: skip
    assert Identifier("uscc", "91330000000000000X", "CN") in entry.identifiers
    assert Identifier("isin", "CNE000000XX1") in entry.identifiers
    assert {"published_on", "effective_on", "divest_by"} <= reading.holds


def test_the_enhanced_form() -> None:
    reading = read(EXAMPLES / "cons_enhanced.xml")
    entry = entries(reading)["20001"]
    assert str(reading.published) == "2021-06-04"
    assert entry.names == (
        Name("EXAMPLE SURVEILLANCE TECHNOLOGY CO., LTD.", "primary"), Name("范例监控技术有限公司"), Name("EST", "weak"),
    )  # fmt: skip
    assert ("relationship", "Owned or Controlled By: EXAMPLE HOLDING (20009)") in entry.details
    assert reading.unread == {"Astral Sign": 1} and ("remark", "Astral Sign Leo") in entry.details


def test_an_enhanced_file_of_all_lists_states_a_party_on_each() -> None:
    data = (EXAMPLES / "cons_enhanced.xml").read_bytes()
    both = b'<sanctionsList refId="1" id="3" datePublished="2022-04-06">SDN List</sanctionsList>'
    data = data.replace(b"<sanctionsList refId", both + b"<sanctionsList refId")
    document = given("export.xml", data)
    layout = layout_of(document)
    lists = layout.read(document).lists
    assert layout.id == "ofac.all_enhanced_xml" and set(lists) == {SDN, CMIC}
    sdn, cmic = lists[SDN][0].entry, lists[CMIC][0].entry
    assert (sdn.published_on, sdn.effective_on) == (dt.date(2022, 4, 6), None)
    assert (cmic.published_on, cmic.effective_on) == (dt.date(2021, 6, 3), dt.date(2021, 8, 2))
    assert ("cmic_effective_on", "2021-08-02") in sdn.details


def test_the_advanced_form() -> None:
    reading = read(EXAMPLES / "cons_advanced.xml")
    entry = entries(reading)["20002"]
    assert str(reading.published) == "2021-06-04" and not reading.unread
    assert entry.names == (Name("SAMPLE, Samir", "primary"), Name("Sammy", "weak"))
    assert (entry.kind, entry.birth_dates, entry.genders) == ("person", ("c. 1956",), ("male",))
    assert entry.addresses == (Address("Hebron, West Bank, Palestinian", "PS", "Hebron", "West Bank"),)
    assert entry.identifiers == (Identifier("passport", "A123", "IR", "expires 09 Jun 2009"),)
    assert entry.published_on == dt.date(2006, 4, 12) and entry.programs == ("NS-PLC",)
    assert ("relationship", "Acting for or on behalf of: (4695)") in entry.details


def test_the_free_text() -> None:
    found = example("sdnlist.txt")
    assert set(found) == {"ACME TRADING", "DOE, Jonas"}, "an alias's own paragraph is no party"
    acme, doe = found["ACME TRADING"], found["DOE, Jonas"]
    assert acme.names[1:] == (
        Name("ACME TRADING CO. (EXAMPLE BRANCH)"), Name("OLD ACME COMPANY", "former"), Name("ATC", "weak"),
    )  # fmt: skip
    assert [a.text for a in acme.addresses] == ["5 Example Street, Hangzhou, China"]
    assert acme.programs == ("IFSR", "NPWMD") and ("linked_to", "DOE, Jonas") in acme.details
    assert (doe.birth_dates, doe.birth_places) == (("1948-12-10",), ("Banja Luka, Bosnia-Herzegovina",))


def test_an_element_nobody_reads_is_counted() -> None:
    assert read(EXAMPLES / "sdn.xml").unread == {"sdnEntry/newElement": 1}


def test_a_renamed_file_is_known_by_its_content() -> None:
    data = (EXAMPLES / "sdn.csv").read_bytes()
    assert layout_of(given("my_copy.csv", data)).id == "ofac.sdn_csv"
    assert layout_of(given("list.txt", (EXAMPLES / "cons_prim.pip").read_bytes())).id == "ofac.cons_pip"
    assert layout_of(given("my_sdn_copy.csv", (EXAMPLES / "cons_prim.csv").read_bytes())).id == "ofac.cons_csv"


@pytest.mark.parametrize("data", [
    b"", b"\x1a", b"<!DOCTYPE html><html><body>Sorry</body></html>", b"name,country\nACME,CN\n",
    b"_id,source,entity_number,type,programs,name,title,addresses,x,y,z,w\n1,SDN,36,,CUBA,A,,,,,,\n",
    b'"Name"\t"Street_Address"\t"City"\n"DOE, JANE"\t"1 Main"\t"X"\n', b"Last Updated,10/04/2025\nName 6,Name 1\n",
    b"1,2,3,4,5,6,7,8,9,10,11,12\n", b"<export generationDate='2020-01-01'/>", b"\xff\xfe\x00\x01",
])  # fmt: skip
def test_other_documents_are_not_taken_for_ofacs(data: bytes) -> None:
    assert [layout.id for layout in LAYOUTS if layout.recognizes(given("sdn.csv", data))] == []
    for layout in LAYOUTS:
        with pytest.raises(ShapeError):
            layout.read(given("sdn.csv", data))


ROW = b'36,"AERO",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'


@pytest.mark.parametrize(("data", "says"), [
    (ROW + b'41,"AGEN', "line 2"), (ROW + b'41,"AGENCIA",-0- ,"CU"\r\n', "line 2 has 4 columns"),
    (ROW + b'ent_num,"SDN_Name",a,b,c,d,e,f,g,h,i,j\r\n', "line 2 does not begin with a number"),
    (ROW + ROW.replace(b"AERO", b"OTHER"), "line 2 gives number 36"), (ROW + b"\x1a" + ROW, "after the end mark"),
    (ROW + b"<html>503</html>\r\n", "line 2 has 1 columns"), (ROW + b",".join([b"1"] * 10**6), "columns"),
    (ROW + b"\x00" * 8, "NUL"), (ROW + ROW.replace(b"36", b"37").replace(b'"AERO"', b"-0- "), "line 2 names no party"),
])  # fmt: skip
def test_a_broken_file_is_refused_with_its_line(data: bytes, says: str) -> None:
    document = given("sdn.csv", data)
    with pytest.raises(ShapeError) as caught:
        layout_of(document).read(document)
    assert says in str(caught.value) and "sdn.csv" in str(caught.value)


def test_what_is_let_pass() -> None:
    for data in (
        ROW,
        ROW + b"\x1a",
        b"ent_num,SDN_Name,a,b,c,d,e,f,g,h,i,j\r\n" + ROW,
        ROW + ROW,
        b"\xef\xbb\xbf" + ROW,
    ):
        document = given("sdn.csv", data)
        assert list(entries(layout_of(document).read(document))) == ["36"]


def test_xml_that_lies_about_its_count_is_refused() -> None:
    data = (EXAMPLES / "consolidated.xml").read_bytes().replace(b"<Record_Count>2<", b"<Record_Count>3<")
    with pytest.raises(ShapeError, match="states 3 records but holds 2"):
        layout_of(given("consolidated.xml", data)).read(given("consolidated.xml", data))


def test_xml_bombs_and_foreign_entities_are_refused() -> None:
    for entity in (b'<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">', b'<!ENTITY a SYSTEM "file:///etc/passwd">'):
        data = (EXAMPLES / "sdn.xml").read_bytes().replace(b"<sdnList", b"<!DOCTYPE sdnList [" + entity + b"]><sdnList")
        with pytest.raises(ShapeError, match="entities"):
            layout_of(given("sdn.xml", data)).read(given("sdn.xml", data))


def test_xml_without_a_primary_name_or_with_a_number_twice_is_refused() -> None:
    data = (EXAMPLES / "consolidated.xml").read_bytes()
    for old, new, says in (
        (b"<lastName>SAMPLE</lastName>", b"", "Samir"), (b"<uid>20002<", b"<uid>20001<", "used twice"),
        (b"<firstName>Samir</firstName><lastName>SAMPLE</lastName>", b"", "no primary name"),
    ):  # fmt: skip
        document = given("consolidated.xml", data.replace(old, new))
        if says == "Samir":
            assert entries(layout_of(document).read(document))["20002"].name == says
        else:
            with pytest.raises(ShapeError, match=says):
                layout_of(document).read(document)
