"""Tables by mapping: each shipped one reads its example, the real files keep their counts, a wrong mapping says why."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import InputError, ShapeError
from caveat.model import Entry
from caveat.sources import Document, Reading, open_path, read, recognize
from caveat.sources.tables import LAYOUTS, Mapping, part_address, read_mapping, shipped

EXAMPLES = Path(__file__).parent.parent / "examples" / "tables"
OWN = "list: my.list\nfields:\n  names: Company\n"


def example(name: str) -> Reading:
    (path,) = EXAMPLES.glob(f"{name}.*")
    return layout_reading(path, f"tables.{name}")


def layout_reading(path: Path, layout_id: str) -> Reading:
    document = next(open_path(path))
    layout = recognize(document)
    assert layout.id == layout_id
    return read(document, layout)


def entries(reading: Reading) -> list[Entry]:
    return [row.entry for rows in reading.lists.values() for row in rows]


def document(text: str | bytes, name: str = "mine.csv") -> Document:
    return Document(name, text if isinstance(text, bytes) else text.encode(), "")


@pytest.mark.parametrize("mapping", shipped(), ids=lambda m: m.grammar.id)
def test_every_shipped_mapping_reads_its_example_and_no_other_claims_it(mapping: Mapping) -> None:
    (path,) = EXAMPLES.glob(mapping.grammar.id.removeprefix("tables.") + ".*")
    found = next(open_path(path))
    assert [layout.id for layout in LAYOUTS if layout.recognizes(found)] == [mapping.grammar.id]
    reading = mapping.read(found)
    assert reading.unread == {}
    assert set(reading.lists) <= set(mapping.lists)
    for entry in entries(reading):
        assert entry.name
        said = {f for f in entry.to_dict() if f not in ("list", "kind")}
        assert said <= reading.holds


def test_the_entity_list_keeps_chain_footnotes_and_address_only_entries() -> None:
    reading = example("bis_entity_list")
    assert str(reading.published) == "2031-07-09"
    assert "license_review_policy" not in reading.holds and "source_id" not in reading.holds
    optics, place, shipping = entries(reading)
    assert [n.text for n in optics.names] == ["Example Optics", "Example Lens", "Exemplar Glass"]
    assert [(c.cite, c.date) for c in optics.citations] == [
        ("84 FR 54004", dt.date(2019, 10, 9)),
        ("85 FR 44161", dt.date(2020, 7, 22)),
    ]
    assert optics.footnotes == ("4",)
    assert optics.license_requirement is not None and optics.license_requirement.endswith("of the EAR)")
    assert [a.country for a in optics.addresses] == ["CN", "HK"]
    assert ("see_also", "See alternate address under Pakistan") in optics.details
    assert ("note", "all of preceding located in Testville") in optics.details
    assert (place.kind, place.name, place.addresses[0].country) == ("address", "Address 01", "TR")
    assert [n.text for n in shipping.names] == ["Example Shipping", "ES Ltd."]
    assert shipping.addresses[0].text == "4 Harbor Lane, Vantaa, Finland 01740"
    assert shipping.countries == ("UA",)


def test_a_party_of_several_editions_is_one_entry_unless_it_came_back() -> None:
    first, again, rail = entries(example("dod_military_companies_history"))
    assert (first.effective_on, first.removed_on) == (dt.date(2024, 1, 31), dt.date(2026, 2, 17))
    assert (again.effective_on, again.removed_on) == (dt.date(2026, 6, 8), None)
    assert ("parent", "Example Group") in again.details
    assert rail.removed_on == dt.date(2025, 1, 7)
    assert [(n.text, n.quality) for n in rail.names][1:] == [("Old Rail Co.", "former")]


def test_a_sanctioned_party_is_off_the_list_only_where_every_sanction_ended() -> None:
    ended, standing = entries(example("state_nonproliferation"))
    assert (ended.effective_on, ended.removed_on) == (dt.date(2015, 5, 1), dt.date(2018, 6, 28))
    assert [n.text for n in ended.names] == ["Example Rockets", "EXRO", "Rocket Bureau"]
    assert (standing.removed_on, standing.countries) == (None, ())
    assert ("countries as printed", "Middle East Region") in standing.details
    assert ("effective_on as printed", "12/11/201") in standing.details


def test_names_births_and_notices_of_the_debarred() -> None:
    for name in ("state_debarred_directorate", "state_debarred_workbook"):
        pat = entries(example(name))[0]
        assert [n.text for n in pat.names] == ["Example, Pat", "Pat Sample"]
        assert (pat.kind, pat.birth_dates) == ("person", ("1963-11",))
        assert (pat.citations[0].cite, pat.citations[0].date) == ("74 FR 42949", dt.date(2009, 8, 25))
    arms = entries(example("state_debarred_directorate"))[1]
    assert [(n.text, n.quality) for n in arms.names] == [("Example Arms, Inc.", "primary"), ("Old Arms", "former")]


def test_other_shipped_facts() -> None:
    alloys, carbon = entries(example("meti_end_user"))
    assert (alloys.countries, carbon.name, carbon.countries) == (("LB",), "Example Carbon Co., Ltd.", ("CN",))
    kaist = example("kaist")
    assert {k: len(v) for k, v in kaist.lists.items()} == {"us.bis.entity_list": 1, "us.dhs.uflpa": 1}
    assert entries(kaist)[0].countries == ("CN", "HK")
    assert next(layout for layout in LAYOUTS if layout.id == "tables.kaist").stream == "kr.kaist"
    camera, phones = entries(example("far_section_889"))
    assert "condition" in dict(camera.details) and "condition" not in dict(phones.details)
    (cmic,) = entries(example("ofac_ns_cmic"))
    assert (cmic.identifiers[0].kind, cmic.identifiers[0].value) == ("uscc", "91110000MA000TEST1")
    assert (cmic.announced_on, cmic.effective_on) == (dt.date(2021, 6, 3), dt.date(2021, 8, 2))
    (silicon,) = entries(example("dhs_uflpa"))
    assert silicon.name == "Example Silicon Co., Ltd"
    assert ("extends_to", "subsidiaries") in silicon.details
    (denied,) = entries(example("bis_denied_persons"))
    assert (denied.expires_on, denied.addresses[0].country) == (dt.date(2036, 10, 27), "FR")


REAL = [
    ("bis/entity_list_2026-07-09.json.gz", {"us.bis.entity_list": 3409}, "2026-07-09"),
    ("bis/meu_list_2026-07-09.json", {"us.bis.military_end_user": 70}, "2026-07-09"),
    ("bis/dpl_2026-04-14.json", {"us.bis.denied_persons": 564}, "2026-04-14"),
    ("bis/mieu_2026-07.csv", {"us.bis.military_intelligence_end_user": 13}, "2022-03-02"),
    ("dhs-uflpa/uflpa_2026-07-09.json", {"us.dhs.uflpa": 148}, "2026-07-09"),
    ("dod/section_1286_fy24.json", {"us.dod.section_1286": 134}, "2026-07-09"),
    # 397 rows: a party has one a edition; two left and came back
    ("dod/chinese_military_companies_history.csv", {"us.dod.section_1260h": 229}, "2026-06-08"),
    ("fcc/fcc_covered_2026-07-09.json", {"us.fcc.covered_list": 15}, "2026-07-09"),
    ("ofac-cons/nscmic_2026-07-09.json", {"us.ofac.ns_cmic": 68}, "2026-07-09"),
    ("ofac-cons/eo14032_annex.json", {"us.ofac.ns_cmic": 59}, "2021-06-03"),
    ("ofac-sdn/ofac-sdn_2026-07-25.json.gz", {"us.ofac.sdn": 19254}, "2026-07-23"),
    ("ofac-sdn/ofac-sdn_2026-08-22.json.gz", {"us.ofac.sdn": 19249}, "2026-08-20"),
    ("state/nonproliferation_2025-05.json", {"us.state.nonproliferation": 528}, "2025-05-31"),
    ("state/debarred_statutory_2026-07-09.json", {"us.state.debarred": 779}, "2025-08-25"),
    ("state/debarred_admin_2026-07-09.json", {"us.state.debarred_administrative": 8}, "2023-06-01"),
    ("state/itar_debarred_2018-01-24.csv", {"us.state.debarred": 515}, "None"),
    ("state/isn_2021.csv", {"us.state.nonproliferation": 213}, "2016-06-28"),
    ("us-legislation/section_889.csv", {"us.far.section_889": 5}, "2018-08-13"),
    # 443 rows of four editions: the newest is the list, the others are counted in notes
    ("us-legislation/section_1286.csv", {"us.dod.section_1286": 156}, "2026-07-31"),
    ("us-legislation/section_154.csv", {"us.dod.section_154": 6}, "2023-12-22"),
    ("us-legislation/section_5949.csv", {"us.far.section_5949": 3}, "2022-12-23"),
    ("us-legislation/section_353.csv", {"us.state.section_353": 167}, "2023-12-31"),
    ("us-legislation/inksna.csv", {"us.state.inksna": 28}, "2026-08-04"),
    ("cn/mofcom_lists_2026-07-19.json.gz", {"cn.mofcom": 240}, "2026-07-19"),
    ("jp/meti_end_user_list_2025-09-29.json.gz", {"jp.meti": 835}, "2025-09-29"),
    (
        "bis/restricted_parties_kaist_2026-08-18.json.gz",
        {"us.bis.entity_list": 3420, "jp.meti": 835, "us.dod.section_1260h": 188, "us.dhs.uflpa": 144,
         "us.dod.section_1286": 130, "ca.ised.named_research": 103, "us.ofac.ns_cmic": 64,
         "us.bis.military_end_user": 56},
        "2026-08-18",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "counts", "published"), REAL, ids=[file for file, _, _ in REAL])
def test_real_files_keep_their_counts(file: str, counts: dict[str, int], published: str) -> None:
    found = next(open_path(shared("data", *file.split("/"))))
    (layout,) = [layout for layout in LAYOUTS if layout.recognizes(found)]
    reading = layout.read(found)
    assert {list_id: len(rows) for list_id, rows in reading.lists.items()} == counts
    assert str(reading.published) == published
    assert reading.unread == {}


def test_real_facts_of_the_entity_list() -> None:
    found = next(open_path(shared("data", "bis", "entity_list_2026-07-09.json.gz")))
    listed = entries(recognize(found).read(found))
    assert sum(entry.kind == "address" for entry in listed) == 19
    (netposa,) = [entry for entry in listed if entry.name == "NetPosa"]
    assert (netposa.citations[0].cite, netposa.citations[0].date) == ("85 FR 34505", dt.date(2020, 6, 5))
    assert sum(not entry.citations[0].date for entry in listed) == 2  # the file prints none there


def test_ones_own_table_in_four_formats() -> None:
    mapping = read_mapping(
        """
list: my.list
published: 2031-01-02
fields:
  names: [Company, {from: Also, split: ';', quality: weak, optional: true}]
  kind: {from: Kind, values: {person: person}, else: organization}
  countries: Country
  identifiers: {from: Number, kind: tax, parts: {country: Country}}
  addresses: {from: Street, parts: {city: City, country: Country}}
  effective_on: {from: Since, day_first: true}
  programs: {constant: house list}
ignore: [Internal]
"""
    )
    row = {
        "Company": "Acme", "Also": "Akme; AC", "Kind": "firm", "Country": "Germany", "Number": "7",
        "Street": "1 Weg", "City": "Bonn", "Since": "03/02/2030", "Internal": "x", "Extra": "y",
    }  # fmt: skip
    texts = {
        "a.csv": ",".join(row) + "\n" + ",".join(row.values()) + "\n",
        "a.tsv": "\t".join(row) + "\n" + "\t".join(row.values()) + "\n",
        "a.json": json.dumps([row]),
        "a.jsonl": json.dumps(row) + "\n" + json.dumps(row) + "\n",
    }
    seen = set()
    for name, text in texts.items():
        reading = mapping.read(document(text, name))
        assert (str(reading.published), dict(reading.unread).keys()) == ("2031-01-02", {"Extra"})
        seen.add(entries(reading)[0].canonical())
    assert len(seen) == 1
    entry = Entry.from_dict(json.loads(seen.pop()))
    assert [(n.text, n.quality) for n in entry.names] == [("Acme", "primary"), ("Akme", "weak"), ("AC", "weak")]
    assert (entry.kind, entry.countries, entry.effective_on) == ("organization", ("DE",), dt.date(2030, 2, 3))
    assert (entry.addresses[0].city, entry.identifiers[0].country) == ("Bonn", "DE")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no mapping"),
        ("list: [", "broken YAML"),
        ("fields: {names: A}", "`list`"),
        ("list: UPPER\nfields: {names: A}", "`list` cannot be 'UPPER'"),
        ("list: my.list", "`fields` must be a block"),
        ("list: my.list\nfields: {nomes: A}", "`fields.nomes` is no key of a mapping.*names"),
        ("list: my.list\nfields: {kind: {constant: firm}, names: A}", r"`fields.kind\[1\]` cannot be 'firm'.*vessel"),
        ("list: my.list\nfields: {names: {from: A, parse: magic}}", "parse` cannot be 'magic'.*aliases"),
        ("list: my.list\nfields: {names: {from: A, quality: best}}", "quality` cannot be 'best'.*strong"),
        ("list: my.list\nfields: {names: {from: A, pattern: '('}}", "no regular expression"),
        ("list: my.list\nfields: {names: A, identifiers: B}", r"`fields.identifiers\[1\].kind` must be given"),
        ("list: my.list\nformat: pdf\nfields: {names: A}", "`format` cannot be 'pdf'.*csv"),
        ("list: my.list\nstream: mine\nfields: {names: A}", "`stream` cannot be 'mine'.*origin"),
        ("list: my.list\nheader: 0\nfields: {names: A}", "`header` must be a number"),
        ("list: my.list\ncolour: red\nfields: {names: A}", "`colour` is no key"),
    ],
)
def test_a_wrong_mapping_names_key_and_allowed_values(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_mapping(text + "\n")


def test_a_mapping_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.yaml: cannot be read"):
        read_mapping(tmp_path / "no.yaml")
    (tmp_path / "my.yaml").write_text(OWN)
    assert read_mapping(str(tmp_path / "my.yaml")).lists == ("my.list",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"Firm\nAcme\n", "has no column `Company`.*it has Firm"),
        (b"Company\n\n", ""),
        (b"Company,Other\nAcme\n", "line 2 has 1 columns, the header 2"),
        (b"Company,Company\nA,B\n", "two columns bear one name"),
        (b"Company,B\n,x\n", "row 2 names nobody"),
        (b'Company\n"Acme', "line 2"),
        (b"<html><body>Access denied</body></html>", "has no column"),
        (b"\x00\x01", "NUL"),
        (b"[" * 100_000, "nested too deep|broken JSON"),
        (b'{"a": 1}', "no array of records"),
        (b"[1, 2]", "is no object"),
        (b'[{"Company": {"x": "Acme"}}]', "has no column `Company`"),
        (b'[{"Company": ' + b'{"x":' * 30 + b"1" + b"}" * 31 + b"]", "nested too deep"),
        (b'[{"Company": "A"}, {"Company": ', "broken JSON"),
        (b"PK\x03\x04 not a workbook", "broken workbook"),
    ],
)
def test_a_broken_table_says_where(data: bytes, says: str) -> None:
    mapping = read_mapping(OWN)
    if not says:
        assert entries(mapping.read(document(data))) == []
        return
    with pytest.raises(ShapeError, match=says):
        mapping.read(document(data))


def test_a_cut_parsed_list_is_refused_by_its_own_count() -> None:
    data = json.loads((EXAMPLES / "bis_entity_list.json").read_text())
    data["entities"].pop()
    found = document(json.dumps(data), "cut.json")
    with pytest.raises(ShapeError, match="states count 3 and holds 2"):
        recognize(found).read(found)


def test_a_word_the_list_column_does_not_name_is_refused() -> None:
    mapping = read_mapping("lists: {column: L, values: {a: my.list}}\nfields: {names: N}\n")
    with pytest.raises(ShapeError, match="row 3 belongs to `b`"):
        mapping.read(document("L,N\na,Acme\nb,Bcme\n"))


def test_an_address_run_into_a_name_is_parted() -> None:
    assert part_address("Acme, 7 Rue Test, Montreal, QC, H8N 2Z6 Canada") == (
        "Acme",
        "7 Rue Test, Montreal, QC, H8N 2Z6 Canada",
    )
    assert part_address("M.A.G. Tech, 5 Rue Test, Montreal, Canada")[0] == "M.A.G. Tech"
    assert part_address("Example Co., Ltd. 1 Test Road, Testville, China")[0] == "Example Co., Ltd."
    assert part_address("Institute of Examples (IOE)") == ("Institute of Examples (IOE)", "")
