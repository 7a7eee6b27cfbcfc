"""Plain tables as people write them: the words for the ends, for shares, days and sums; and the registers' tables."""

import json

import pytest

from caveat.errors import ShapeError
from caveat.graph import Graph, read_edges, share_of, write_ftm, write_gleif, write_psc


def facts(table):
    reading = read_edges(table.encode(), "t.csv")
    return [
        (e.start, e.end, e.type, e.kind, e.low, e.high, str(e.since or ""), str(e.until or "")) for e in reading.edges
    ]


A_B_60 = [("A", "B", "owns", "direct", 60.0, 60.0, "", "")]


@pytest.mark.parametrize(
    "table",
    [
        "from,to,pct\nA,B,60\n",
        "owner,owned,percent\nA,B,60 %\n",
        "Shareholder,Company,Ownership (%)\nA,B,60 percent\n",
        "parent;subsidiary;stake\nA;B;60,0\n",
        "source\ttarget\tshare\nA\tB\t60\n",
        "ParentCompany,Subsidiary,sharePct\nA,B,60\n",
        "name,parent,ownership_percentage\nB,A,60\n",
        "company,subsidiary,equity\nA,B,3/5\n",
        "from,to,type,pct\nB,A,subsidiary of,60\n",
        "from,to,relationship,pct\nA,B,shareholder of,60\n",
        "owner,owned,fraction\nA,B,0.6\n",
        "owner,owned,min,max\nA,B,60,60\n",
        "\ufeff股东,公司,持股比例\nA,B,60%\n",
    ],
)
def test_one_tie_in_the_words_of_many_files(table):
    assert facts(table) == A_B_60


def test_from_and_to_are_days_beside_an_owner_and_an_owned():
    told = facts("owner,owned,pct,from,to\nA,B,60,2020-01-02,1 March 2021\n")
    assert told == [("A", "B", "owns", "direct", 60.0, 60.0, "2020-01-02", "2021-03-01")]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("majority", 50, 100), ("at least 25 %", 25, 100), ("between 25 and 50", 25, 50), ("more than 75%", 75, 100),
        ("up to 10", 0, 10), ("wholly owned", 100, 100), ("1/3", 100 / 3, 100 / 3), ("25 – 50 %", 25, 50),
        ("less than 5 percent", 0, 5), ("undisclosed", None, None),
    ],
)  # fmt: skip
def test_shares_in_words(words, low, high):
    (edge,) = read_edges(f"owner,owned,pct\nA,B,{words}\n".encode(), "t.csv").edges
    assert (edge.low, edge.high) == (low, high)


def test_ids_are_the_parties_and_names_their_labels():
    reading = read_edges(b"owner_id,owner,owned_id,owned,pct\n7,Acme,8,Sub,60\n9,Acme,8,Sub,10\n", "t.csv")
    assert [(e.start, e.end) for e in reading.edges] == [("7", "8"), ("9", "8")]  # two of one name stay two
    assert {p.id: p.name for p in reading.parties} == {"7": "Acme", "8": "Sub", "9": "Acme"}


def test_numbers_of_the_ends_are_identifiers():
    reading = read_edges(b"owner,owner_lei,owned,owned_uscc,pct\nA,XXAAAAAAAAAAAAAAAA01,B,91330000X,60\n", "t.csv")
    assert [(p.id, i.kind, i.value) for p in reading.parties for i in p.identifiers] == [
        ("A", "lei", "XXAAAAAAAAAAAAAAAA01"), ("B", "uscc", "91330000X"),
    ]  # fmt: skip


def test_supplier_and_customer_mean_supply_and_the_header_may_name_the_currency():
    table = b'vendor,buyer,vendor_country,product,amount_usd\nIntel,Hik,US,chips,"1,200"\nNvidia,Hik,US,gpu,$2.5m\n'
    told = [(e.start, e.type, e.item, e.amount, e.currency) for e in read_edges(table, "t.csv").edges]
    assert told == [("Intel", "supplies", "chips", 1200.0, "USD"), ("Nvidia", "supplies", "gpu", 2_500_000.0, "USD")]


def test_a_bill_of_materials_tells_the_input_and_its_producer_in_one_row():
    table = (
        b"product,input,supplier,origin,hts,evidence\nPanel,Silicon,Hoshine,CN-XJ,2804.69,invoice: 1\nPanel,,Hanoi,,,\n"
    )
    reading = read_edges(table, "bom.csv")
    assert [(e.start, e.type, e.end, e.documents) for e in reading.edges] == [
        ("Hoshine", "makes", "Silicon", ("invoice: 1",)), ("Silicon", "contains", "Panel", ("invoice: 1",)),
        ("Hanoi", "makes", "Panel", ()),
    ]  # fmt: skip
    silicon = next(p for p in reading.parties if p.id == "Silicon")
    assert (silicon.kind, silicon.country, silicon.hts) == ("product", "CN-XJ", "2804.69")


def test_votes_in_the_type_column_are_votes():
    assert [f[3] for f in facts("from,to,type,pct\nA,B,voting,60\nA,B,shareholding,40\n")] == ["voting", "direct"]


def test_fractions_that_do_not_add_up_are_both_and_never_quietly_small():
    reading = read_edges(b"owner,owned,pct\nA,B,0.6\nC,B,0.2\n", "t.csv")
    assert [(e.low, e.high) for e in reading.edges] == [(0.6, 60.0), (0.2, 20.0)]
    assert share_of(Graph.of([reading]), "B", {"A"}).reached is None
    assert "both meanings" in reading.complaints[0].done
    reading = read_edges(b"owner,owned,pct\nA,B,0.6 %\nC,B,0.2 %\n", "t.csv")
    assert [e.exact for e in reading.edges] == [0.6, 0.2] and not reading.complaints


def test_a_table_without_ends_says_which_columns_it_has():
    with pytest.raises(ShapeError, match=r"its columns are name, pct.*owner and owned"):
        read_edges(b"name,pct\nA,1\n", "t.csv")


PSC = b"""company_number,name,kind,natures_of_control.1,notified_on,registration_number,country_registered
1234,Ada,individual-person-with-significant-control,ownership-of-shares-75-to-100-percent,2016-04-06,,
5678,Acme,corporate-entity,ownership-of-shares-50-to-75-percent,2016-04-06,1234,England
"""


def test_the_company_register_as_a_table_and_chains_through_its_firms():
    reading = read_edges(PSC, "psc.csv")
    assert reading.layout == "companies_house.psc"
    ada = next(p.id for p in reading.parties if p.name == "Ada")
    share = share_of(Graph.of([reading]), "gb-coh-00005678", {ada})
    assert share.reached is True and share.paths[0].parties[1] == "gb-coh-00001234"


def test_the_company_register_as_its_interface_answers():
    item = {"name": "Bob", "kind": "individual-person-with-significant-control",
            "natures_of_control": ["ownership-of-shares-25-to-50-percent"],
            "links": {"self": "/company/01234567/persons-with-significant-control/individual/x"}}  # fmt: skip
    (edge,) = read_edges(json.dumps({"items": [item]}).encode(), "psc.json").edges
    assert (edge.end, edge.low, edge.high) == ("gb-coh-01234567", 25, 50)


def test_one_owner_of_two_firms_by_the_same_nature_owns_both():
    rows = PSC + b"9012,Acme,corporate-entity,ownership-of-shares-50-to-75-percent,2016-04-06,1234,England\n"
    graph = Graph.of([read_edges(rows, "psc.csv")])
    assert {e.end for e in graph.owned("gb-coh-00001234")} == {"gb-coh-00005678", "gb-coh-00009012"}


def test_edges_become_gleif_and_the_company_register_and_back():
    table = b"owner,owner_lei,owned,owned_lei,pct\nA,XXAAAAAAAAAAAAAAAA01,B,XXBBBBBBBBBBBBBBBB01,60\n"
    reading = read_edges(table, "t.csv")
    (edge,) = read_edges(write_gleif(reading).encode(), "rr.csv").edges
    assert (edge.start, edge.end, edge.exact) == ("XXAAAAAAAAAAAAAAAA01", "XXBBBBBBBBBBBBBBBB01", 60.0)
    lines = "\n".join(json.dumps(line) for line in write_psc(reading))
    again = read_edges(lines.encode(), "psc.jsonl")
    assert [e.share_words for e in again.edges] == ["more than 50 to less than 75 %"]


def test_gleif_in_json_and_its_names_in_csv():
    def text(value):
        return {"$": value}

    record = {"RelationshipRecord": {
        "Relationship": {
            "StartNode": {"NodeID": text("C1"), "NodeIDType": text("LEI")},
            "EndNode": {"NodeID": text("P1"), "NodeIDType": text("LEI")},
            "RelationshipType": text("IS_DIRECTLY_CONSOLIDATED_BY"), "RelationshipStatus": text("ACTIVE"),
            "RelationshipQuantifiers": {"RelationshipQuantifier": [
                {"QuantifierAmount": text("80.00"), "QuantifierUnits": text("PERCENTAGE")}]},
        },
        "Registration": {"RegistrationStatus": text("PUBLISHED")},
    }}  # fmt: skip
    (edge,) = read_edges(json.dumps({"relations": [record]}).encode(), "rr.json").edges
    assert (edge.start, edge.end, edge.exact) == ("P1", "C1", 80.0)
    names = read_edges(b"LEI,Entity.LegalName,Entity.LegalJurisdiction\nP1,Parent AG,CH\n", "lei2.csv")
    assert [(p.id, p.name, p.country) for p in names.parties] == [("P1", "Parent AG", "CH")]


def test_a_firm_with_its_owners_written_inside_it():
    inner = {"id": "o1", "schema": "Ownership",
             "properties": {"owner": [{"id": "p1", "schema": "Person", "properties": {"name": ["Ann"]}}],
                            "percentage": ["60"]}}  # fmt: skip
    line = {"id": "c1", "schema": "Company", "caption": "Acme", "properties": {"ownershipAsset": [inner]}}
    reading = read_edges(json.dumps(line).encode(), "nested.json")
    assert [(e.start, e.end, e.exact) for e in reading.edges] == [("p1", "c1", 60.0)]
    assert not reading.complaints and write_ftm(reading) == [line]


def test_the_relations_of_an_article_are_ties_with_their_place():
    told = {
        "schema_version": "1", "title": "A title", "published": "2019-10-08", "events": [], "statements": [],
        "relations": [
            {"type": "supplier", "from": "Intel", "to": "Hik", "evidence": [5, 40]},
            {"type": "customer", "from": "Hik", "to": "Nvidia", "evidence": [5, 40]},
            {"type": "owner", "from": "Fund", "to": "Hik", "evidence": [50, 60]},
            {"type": "supplier", "from": "", "to": "Hik", "evidence": [1, 2]},
        ],
    }  # fmt: skip
    reading = read_edges(json.dumps(told).encode(), "read.json")
    assert [(e.start, e.type, e.end) for e in reading.edges] == [
        ("Intel", "supplies", "Hik"), ("Nvidia", "supplies", "Hik"), ("Fund", "owns", "Hik"),
    ]  # fmt: skip
    assert reading.edges[0].cite == 'article "A title", characters 5 to 40' and reading.edges[2].low is None
    assert [c.place for c in reading.complaints] == ["line 1, relation 4"]


def test_ids_of_two_tables_stay_apart_and_names_of_two_tables_meet():
    one = read_edges(b"owner_id,owner,owned_id,owned,pct\n1,Acme,2,Sub,60\n", "one.csv")
    two = read_edges(b"owner_id,owner,owned_id,owned,pct\n1,Other,3,Third,60\n", "two.csv")
    graph = Graph.of([one, two])
    assert {e.end for e in graph.owned("1")} == {"2"} and graph.label("1") == "Acme"
    assert {e.end for e in graph.owned(graph.party("Other").id)} == {"3"}
    supply = read_edges(b"supplier,customer\nIntel,Hik\n", "s.csv")
    country = read_edges(b"from,from_country,to,type\nIntel,US,,party\n", "c.csv")
    for order in ([supply, country], [country, supply]):  # the later file does not take away what the other told
        assert Graph.of(order).parties["Intel"].country == "US"
