"""A product traced to its origin: touches, gaps, evidence by limb, sectors; a bill of materials at once."""

import datetime as dt
from pathlib import Path

from caveat.graph import Graph, Joined, Listed, inputs_given, join, read_edges, trace, trace_all
from caveat.model import Identifier

EXAMPLES = Path(__file__).parent.parent / "examples" / "graph"
HOSHINE = "Hoshine Silicon Industry (Shanshan) Co., Ltd."
LISTED = Joined(
    {HOSHINE: (Listed("cbp-1", "us.cbp.wro", "Hoshine Silicon Industry Co. Ltd. and Subsidiaries", "confirmed"),)}
)
DAY = dt.date(2024, 6, 1)


def bom():
    return Graph.of([read_edges(EXAMPLES / "bom.csv")])


def test_the_chain_is_told_with_what_touches_xinjiang_and_the_list():
    told = trace(bom(), "Solar panel", LISTED, day=DAY)
    data = told.to_dict()
    assert [line["number"] for line in data["bill"]] == ["0", "1", "1.1", "1.1.1", "2"]
    assert {(t["number"], t["kind"]) for t in data["touches"]} == {("1.1.1", "xinjiang"), ("1.1.1", "listed")}
    assert told.touched
    assert "Metallurgical silicon (1.1.1) comes from Xinjiang." in told.words


def test_links_without_evidence_are_told_with_their_line():
    data = trace(bom(), "Solar panel", LISTED, day=DAY).to_dict()
    gaps = {g["words"] for g in data["without_evidence"]}
    assert "No document shows that Solar cell (1) goes into Solar panel (bom.csv, line 4)." in gaps
    assert "No document shows that Hanoi Cells JSC makes Solar cell (1) (bom.csv, line 8)." in gaps
    assert any("The data ends at Metallurgical silicon" in g for g in gaps)


def test_the_customs_file_is_numbered_and_stands_by_limb():
    told = trace(bom(), "Solar panel", LISTED, day=DAY)
    evidence = told.to_dict()["evidence"]
    assert [d["number"] for d in evidence] == list(range(1, len(evidence) + 1))
    by = {d["document"]: d["limbs"] for d in evidence}
    assert (
        by["cbp_response: CF28-1"] == ["2"]
        and by["isotopic_test: LAB-5"] == ["3"]
        and by["invoice: INV-77"] == ["1", "3"]
    )
    text = told.customs_file()
    assert "Limb 2" in text and "CF28-1" in text.split("Limb 2")[1].split("Limb 3")[0]
    assert "P.L. 117-78 sec. 3(b)(2)" in text and "Links without evidence:" in text


def test_sectors_are_dated():
    def sectors(day):
        return {s["sector"] for s in trace(bom(), "Solar panel", LISTED, day=day).to_dict()["sectors"]}

    silica = "silica-based products (polysilicon among them)"
    assert sectors(dt.date(2021, 8, 1)) == set()
    assert sectors(dt.date(2023, 1, 1)) == {silica}
    assert sectors(dt.date(2024, 8, 1)) == {silica, "aluminum"}


def test_a_bill_of_materials_in_one_go():
    text = (EXAMPLES / "bom.csv").read_text() + (
        "Cotton,IN,5201.00,,T-shirt,BD,6109.10,contains,1,kg,,x,y\nDhaka Shirts,BD,,,T-shirt,BD,6109.10,makes,,,,x,y\n"
    )
    found = trace_all(Graph.of([read_edges(text.encode(), "all.csv")]), LISTED, day=DAY)
    assert {t.product: t.touched for t in found} == {"Solar panel": True, "T-shirt": False}
    assert any("no proof of absence" in w for w in found[1].words)


def test_owned_producers_names_in_doubt_and_circles_are_told():
    text = """from,from_country,to,to_country,type,pct
Hoshine,CN,Daughter,CN,owns,70
Daughter,CN,Silica,CN,makes,
Namesake,CN,Silica,CN,makes,
Silica,CN,Glass,CN,contains,
Glass,CN,Silica,CN,contains,
"""
    hit = Listed("dhs-1", "us.dhs.uflpa", "Namesake Industries", "near name", confirmed=False)
    joined = Joined({"Hoshine": (Listed("dhs-2", "us.dhs.uflpa", "Hoshine", "id"),)}, {"Namesake": (hit,)})
    data = trace(Graph.of([read_edges(text.encode(), "t.csv")]), "Glass", joined).to_dict()
    assert {t["kind"] for t in data["touches"]} == {"owned", "name"}
    assert any(g["kind"] == "circle" for g in data["without_evidence"])


def test_inputs_are_given_nested_with_producers_and_entries():
    cell, frame = inputs_given(bom(), "Solar panel", LISTED)
    assert (cell.description, cell.producer, cell.origin) == ("Solar cell", "Hanoi Cells JSC", "VN")
    silicon = cell.inputs[0].inputs[0]
    assert (silicon.producer, silicon.origin, silicon.entry_id) == (HOSHINE, "CN-XJ", "cbp-1")
    assert frame.producer == "Hanoi Frames JSC"


# --- joining ---


def test_identifiers_join_first_and_a_bare_name_never():
    parties = read_edges(
        b"from,from_id,to\nA,lei:L1,T\nB,entry:us-1,T\nNamesake,,T\nConfirmed,,T\nBoth,lei:L1,T\n", "p.csv"
    ).parties
    asked = []

    def by_identifier(identifier, _party):
        known = {Identifier("lei", "L1"): "e-lei", Identifier("entry", "us-1"): "us-1"}
        return [Listed(known[identifier], "us.ofac.sdn", "X", f"{identifier.kind}")] if identifier in known else []

    def by_name(party):
        asked.append(party.id)
        found = Listed("e-name", "us.ofac.sdn", party.name, "a person's word" if party.id == "Confirmed" else "name")
        if party.id == "Namesake":
            return [Listed("e-name", "us.ofac.sdn", party.name, "the same name", confirmed=False)]
        return [found] if party.id == "Confirmed" else []

    joined = join(parties, by_identifier, by_name)
    assert set(joined.listed) == {"A", "B", "Confirmed", "Both"} and set(joined.open) == {"Namesake"}
    assert set(asked) == {p.id for p in parties}  # a number of one list says nothing about the others
    assert "A bare name joins nothing" in joined.open_words(["Namesake"])[0]
    assert joined.restricted("ofac") == frozenset()  # no way was given to these entries
