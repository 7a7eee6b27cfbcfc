"""Files of edges: every layout, written back the same, and what is wrong in them told with its place."""

import copy
import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import shared

from caveat.errors import CaveatError, InputError, ShapeError
from caveat.graph import Graph, own, read_edges, share_of, ultimate_owners, write_bods, write_ftm, write_table
from caveat.graph.join import Joined
from caveat.graph.jsons import read_records
from caveat.model import AsOf, Identifier, Moment

EXAMPLES = Path(__file__).parent.parent / "examples" / "graph"
BODS = [
    "bods_fermcat.json", "bods_indirect-ownership.json", "bods_joint-ownership.json",
    "bods_mixed-direct-and-indirect-ownership.json", "bods_multiple-indirect-ownership-2.json",
    "bods_multiple-indirect-ownership.json", "bods_tecido.json",
]  # fmt: skip
FTM = ["ftm_zala_ownership.json", "ftm_parteispenden.json", "ftm_entities.delta.json.gz"]


def same_again(reading, written):
    again = read_edges("\n".join(json.dumps(s) for s in written).encode(), reading.name)

    def facts(r):
        edges = sorted((replace(e, place="") for e in r.edges), key=repr)
        return edges, sorted((replace(p, place="") for p in r.parties), key=repr), r.removed

    assert facts(again) == facts(reading)
    assert len(again.complaints) == len(reading.complaints)


@pytest.mark.parametrize("name", BODS)
def test_bods_files_come_back_the_same(name):
    path = shared("data", "ownership", name)
    reading = read_edges(path)
    assert reading.layout == "bods" and reading.edges and reading.parties
    assert write_bods(reading) == json.loads(path.read_bytes())
    same_again(reading, write_bods(reading))


@pytest.mark.parametrize("name", FTM)
def test_ftm_files_come_back_the_same(name):
    import gzip

    path = shared("data", "ownership", name)
    reading = read_edges(path)
    data = path.read_bytes()
    lines = (gzip.decompress(data) if name.endswith("gz") else data).splitlines()
    assert write_ftm(reading) == [json.loads(line) for line in lines]
    same_again(reading, write_ftm(reading))


def test_a_changed_share_is_written_not_the_old_one():
    reading = read_edges(shared("data", "ownership", "bods_joint-ownership.json"))
    at = next(n for n, e in enumerate(reading.edges) if e.exact is not None)
    edges = list(reading.edges)
    edges[at] = replace(edges[at], low=12.5, high=25.0, above=True)
    again = read_edges(json.dumps(write_bods(replace(reading, edges=tuple(edges)))).encode(), "x.json")
    assert (again.edges[at].low, again.edges[at].high, again.edges[at].above) == (12.5, 25.0, True)


# --- the fixtures of bods-v04-fixtures, and what each asks of a reader ---

bods_fixtures = pytest.importorskip("bods_fixtures", reason="needs bods-v04-fixtures of the dev extra")


@pytest.mark.parametrize("name", bods_fixtures.list_cases())
def test_every_fixture_comes_back_the_same(name):
    fixture = bods_fixtures.load(name)
    reading = read_edges(json.dumps(fixture.statements).encode(), name)
    assert write_bods(reading) == fixture.statements
    assert not reading.complaints
    same_again(reading, write_bods(reading))


def test_fixture_direct_ownership():
    reading = read_edges(json.dumps(bods_fixtures.load("core/01-direct-ownership").statements).encode(), "01")
    assert [(e.kind, e.exact) for e in reading.edges] == [("direct", 75.0), ("voting", 75.0)]
    graph = Graph.of([reading])
    assert ultimate_owners(graph, "rec-acme-holdings-ltd") == [("rec-jane-smith-1975", 75.0, 75.0)]


def test_fixture_circle_ends_and_adds_nothing():
    reading = read_edges(json.dumps(bods_fixtures.load("edge-cases/10-circular-ownership").statements).encode(), "10")
    graph = Graph.of([reading])
    assert len(reading.edges) == 2
    for party in ("rec-alpha-corp", "rec-beta-corp"):
        assert ultimate_owners(graph, party) == []
        told = own(graph, party, Joined()).to_dict()
        assert told["circle"][0] == told["circle"][-1] == party
        assert any("Nobody outside the circle" in w for w in told["words"])
    for party, other in (("rec-alpha-corp", "rec-beta-corp"), ("rec-beta-corp", "rec-alpha-corp")):
        assert share_of(graph, party, {other}, "economic").high == 100.0


def test_fixture_declared_unknown_owner_is_no_person():
    reading = read_edges(json.dumps(bods_fixtures.load("edge-cases/11-anonymous-person").statements).encode(), "11")
    reason = "subjectUnableToConfirmOrIdentifyBeneficialOwner"
    assert [p.unnamed for p in reading.parties if p.unnamed] == [reason]
    assert not [p for p in reading.parties if p.kind == "person"]
    words = own(Graph.of([reading]), "rec-opaque-holdings-sa", Joined()).words
    assert any(reason in w for w in words)
    ftm = write_ftm(reading)
    assert any(reason in json.dumps(line) for line in ftm)
    assert not [line for line in ftm if line["schema"] == "Person"]


@pytest.mark.parametrize(
    ("day", "known", "shares"),
    [
        ("2020-06-01", "2026-01-01", {"Patrick O'Donohue": 50.0, "Riyadh Byrne-Amin": 50.0}),
        ("2021-06-01", "2026-01-01", {"Patrick O'Donohue": 50.0, "Declan Byrne-Amin": 50.0}),
        ("2021-06-01", "2021-06-01", {"Patrick O'Donohue": 50.0, "Riyadh Byrne-Amin": 50.0}),  # not said yet
        ("2022-06-01", "2026-01-01", {"Patrick O'Donohue": 100.0}),
    ],
)
def test_the_life_of_a_firm_as_of_both_clocks(day, known, shares):
    reading = read_edges(shared("data", "ownership", "bods_fermcat.json"))
    graph = Graph.of([reading], AsOf(dt.date.fromisoformat(day), Moment.parse(known)))
    told = [e for e in graph.owners("ent-93c75c87ab28f889") if e.kind == "direct"]
    assert {graph.label(e.start): e.exact for e in told} == shares


# --- older BODS, GLEIF, Companies House ---


def test_bods_of_old_versions():
    reading = read_edges(EXAMPLES / "bods_02.json")
    assert reading.layout == "bods" and not reading.complaints
    (edge,) = Graph.of([reading]).edges  # the second statement replaces the first
    assert (edge.low, edge.high, edge.above) == (50.0, 75.0, True)
    assert write_bods(reading) == json.loads((EXAMPLES / "bods_02.json").read_bytes())


def test_gleif_xml_and_csv_say_the_same():
    xml, table = read_edges(EXAMPLES / "gleif_rr.xml"), read_edges(EXAMPLES / "gleif_rr.csv")
    assert xml.layout == "gleif.xml" and table.layout == "gleif.rr_csv"

    def facts(reading):
        return [
            (e.start, e.end, e.type, e.kind, e.low, e.high, e.since, e.until, e.closed, e.said) for e in reading.edges
        ]

    assert facts(xml) == facts(table) and len(xml.edges) == 3
    assert xml.edges[0].low is None and xml.edges[0].share_words == "an unknown share"
    assert xml.edges[1].kind == "indirect"
    assert xml.parties[0].identifiers == (Identifier("lei", xml.parties[0].id),)


def test_gleif_level_one_gives_names():
    reading = read_edges(shared("data", "ownership", "gleif_lei2_top10_2018-09-01.xml"))
    assert len(reading.parties) == 10 and all(p.name and p.identifiers[0].kind == "lei" for p in reading.parties)


def test_companies_house_bands():
    reading = read_edges(EXAMPLES / "psc.jsonl")
    shares = {e.cite: e.share_words for e in reading.edges}
    assert shares["ownership-of-shares-25-to-50-percent"] == "more than 25 to 50 %"
    assert shares["ownership-of-shares-75-to-100-percent"] == "75 % or more"
    assert shares["voting-rights-50-to-75-percent"] == "more than 50 to less than 75 %"
    assert [p.unnamed for p in reading.parties if p.unnamed] == ["no-individual-or-entity-with-signficant-control"]
    assert len(reading.kept) == 1  # the totals line


# --- plain tables ---


def test_table_is_written_and_read_back():
    reading = read_edges(EXAMPLES / "bom.csv")
    written = write_table(reading.edges, {p.id: p for p in reading.parties})
    again = read_edges(written.encode(), "bom.csv")
    strip = [replace(e, place="", source=e.source) for e in reading.edges]
    assert [replace(e, place="") for e in again.edges] == strip
    assert {p.id: replace(p, place="") for p in again.parties} == {p.id: replace(p, place="") for p in reading.parties}


def test_a_table_becomes_bods_and_ftm_and_back():
    head = b"from,to,pct,since,until,from_kind,from_id\n"
    table = head + b"Ann,Acme,>25,2020-01-02,,person,lei:X1\nAcme,Sub,,,,,\nB,Sub,10-20,,,,\n"
    reading = read_edges(table, "t.csv")
    for write in (write_bods, write_ftm):
        again = read_edges("\n".join(json.dumps(s) for s in write(reading)).encode(), "again")
        facts = {(e.start, e.end, e.kind, e.low, e.high, e.since) for e in again.edges}
        assert facts == {(e.start, e.end, e.kind, e.low, e.high, e.since) for e in reading.edges}
    assert write_bods(reading)[0]["publicationDetails"]["bodsVersion"] == "0.4"


BAD = """from,to,pct,since,until,type,amount,color
A,B,120,,,,,
A,A,10,,,,,
A,C,30,2020-05-01,2019-05-01,,,red
A,D,60,,,,,
Z,D,60,,,,,
,E,5,,,,,
A,F,abc,,,,,
A,G,5,someday,,,,
A,H,,,,supplies,minus,
A,I,5,,,loves,,
A,J,5,,,,,,too,many
"""


def test_bad_rows_are_told_with_file_and_line_and_the_rest_is_read():
    reading = read_edges(BAD.encode(), "bad.csv")
    told = {(c.place, c.what.split(":")[0]) for c in reading.complaints}
    lines = {place for place, _ in told}
    assert lines == {f"line {n}" for n in (2, 3, 4, 5, 7, 8, 9, 10, 11, 12)}
    assert all(str(c).startswith("bad.csv, line ") for c in reading.complaints)
    words = " ".join(c.what for c in reading.complaints)
    assert "120 is no share" in words and "owns itself" in words and "it ends on 2019-05-01" in words
    assert "hold 120 %" in words and "line 6" in words
    kept = {(e.start, e.end) for e in reading.edges}
    assert kept == {("A", x) for x in "BCDFGHI"} | {("Z", "D")}
    assert next(e for e in reading.edges if e.end == "B").low is None
    assert reading.unread == {"color": 1}
    # what contradicts itself becomes a range: each of 60 and 60 is between 40 and 60
    graph = Graph.of([reading])
    share = share_of(graph, "D", {"A"}, "ofac")
    assert (round(share.low, 6), round(share.high, 6)) == (40.0, 60.0)
    # an edge of contradictory dates may hold: 0 to 30
    share = share_of(graph, "C", {"A"}, "ofac")
    assert (share.low, share.high) == (0.0, 30.0)


def test_fractions_are_read_as_percent_and_said():
    reading = read_edges(b"from,to,pct\nA,B,0.6\nC,B,0.4\n", "f.csv")
    assert [c.what for c in reading.complaints] == ["every share is 1 or less"]


def test_one_party_of_several_files_is_joined_by_its_number_and_never_by_name():
    table = b"from,from_name,from_id,from_country,to,pct\nacme,Acme Holding,lei:XXPARENT000000000001,CN,Other,70\n"
    names = b"from,to,pct\nAcme Holding,Third,20\n"
    graph = Graph.of([read_edges(EXAMPLES / "gleif_rr.xml"), read_edges(table, "t.csv"), read_edges(names, "n.csv")])
    party = graph.party("lei:XXPARENT000000000001")
    assert (party.id, party.name, party.country) == ("XXPARENT000000000001", "Acme Holding", "CN")
    assert graph.party("acme") is party
    assert {e.end for e in graph.owned(party.id)} == {"XXCHILD0000000000001", "Other"}
    assert {e.end for e in graph.owned("Acme Holding")} == {"Third"}  # the same name, another id: not joined
    assert share_of(graph, "Other", {"XXTOP000000000000001"}).low == pytest.approx(70)


def test_dangling_ids_are_told():
    statement = {
        "statementId": "s1", "recordId": "r1", "recordType": "relationship", "recordStatus": "new",
        "recordDetails": {"subject": "nobody-knows", "interestedParty": "nor-this", "interests": []},
    }  # fmt: skip
    reading = read_edges(json.dumps([statement], indent=1).encode(), "d.json")
    assert [c.place for c in reading.complaints] == ["line 2", "line 2"]
    assert "described nowhere" in reading.complaints[0].what


@pytest.mark.parametrize(
    "data",
    [b"", b"   ", b"<a/>", b"{", b"[", b'{"a": 1}', b"name,pct\nA,1\n", b"\x00\x01\x02",
     b"\x1f\x8bbroken", b"PK\x03\x04x",
     b'[{"statementId": "x", "recordType": "entity"}', b'<!DOCTYPE a [<!ENTITY b "c">]><LEIData>&b;</LEIData>',
     b'from,to\n"open', b'{"schema": "Company"' + b"[" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_is_one_clear_error(data):
    with pytest.raises(ShapeError) as refused:
        read_edges(data, "hostile")
    assert "hostile" in str(refused.value)


def test_a_missing_path_is_told():
    with pytest.raises(InputError, match="no-such-file"):
        read_edges("/no-such-file")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_never_ends_in_a_traceback(data):
    source = data.draw(st.sampled_from(["bods_02.json", "gleif_rr.xml", "gleif_rr.csv", "psc.jsonl", "bom.csv"]))
    raw = bytearray((EXAMPLES / source).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        cut = data.draw(st.integers(0, 40))
        raw[at : at + cut] = data.draw(st.binary(max_size=12))
    try:
        reading = read_edges(bytes(raw), source)
        Graph.of([reading]).holdings  # noqa: B018
    except CaveatError as refused:
        assert str(refused)


odd = st.sampled_from([None, 7, -1.5, True, "x", [], {}, [1], [[]], {"a": 1}, "9" * 400, [None], float("nan")])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_value_of_any_type_anywhere_is_a_complaint_at_most(data):
    source = data.draw(st.sampled_from(["bods_02.json", "bods_04.json", "psc.jsonl", "ftm.jsonl"]))
    raw = (EXAMPLES / source).read_bytes()
    records = [record for _, record in read_records(raw, source)]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(records))
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
                at = at[key]
                continue
            at[key] = copy.deepcopy(data.draw(odd))
            break
    try:
        reading = read_edges("\n".join(json.dumps(r) for r in records).encode(), source)
    except ShapeError:
        return
    graph = Graph.of([reading])
    for party in graph.ids:
        own(graph, party, Joined())
    if reading.layout == "bods":
        json.dumps(write_bods(reading))
    if reading.layout == "ftm":
        json.dumps(write_ftm(reading))


def test_lines_of_json_records_are_counted():
    assert [line for line, _ in read_records(b'[\n {"a":\n 1},\n\n {"b": 2}]', "x")] == [2, 5]


def test_many_rows_of_complaints_are_bounded():
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["from", "to", "pct"])
    writer.writerows([["A", f"B{n}", "900"] for n in range(12_000)])
    complaints = read_edges(out.getvalue().encode(), "many.csv").complaints
    assert len(complaints) == 10_001 and complaints[-1].what == "2000 more complaints"
