"""Reliance, sales at risk, blast radius: with honest bounds; and the suppliers of the second article."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.graph import Asked, Edge, Graph, blast_radius, exposure, read_edges, sales_at_risk
from caveat.graph.reliance import concentration, part_of

EXAMPLES = Path(__file__).parent.parent / "examples" / "graph"
FIVE = {"Intel", "Nvidia", "Ambarella", "Western Digital", "Seagate Technology"}


def graph_of(text):
    return Graph.of([read_edges(text.encode(), "t.csv")])


# --- the second article ---


@pytest.mark.parametrize("party", ["hikvision", "dahua"])
def test_the_us_suppliers_behind_hikvision_and_dahua(party):
    graph = Graph.of([read_edges(EXAMPLES / "suppliers_2019.csv")])
    told = exposure(graph, party, Asked.of(["US"]))
    data = told.to_dict()
    assert {s["party"]["name"] for s in data["suppliers"] if s["asked_about"]} == FIVE
    assert data["part_of_all"] == {"low": 0.0, "high": 100.0, "words": data["part_of_all"]["words"]}
    words = "\n".join(told.words)
    assert all(name in words for name in FIVE)
    assert "counting names" in words and "John Honovich" in words and "8 October 2019" in words
    assert "How much" in words and "What Intel" in words and "absence here is no proof of absence" in words


def test_whose_sales_are_at_risk_is_told():
    graph = Graph.of([read_edges(EXAMPLES / "suppliers_2019.csv")])
    rows = sales_at_risk(graph, ["hikvision"], suppliers=Asked.of(["US"]))
    assert {r["supplier"]["name"] for r in rows} == FIVE
    assert all((r["part"]["low"], r["part"]["high"]) == (0.0, 100.0) for r in rows)


# --- parts of a whole ---

SALES = """from,from_country,to,to_country,type,item,amount,currency
Intel,US,Hik,CN,supplies,processor,100,USD
AMD,US,Hik,CN,supplies,processor,,
HiSilicon,CN,Hik,CN,supplies,processor,50,USD
Seagate,US,Hik,CN,supplies,disk,20,USD
Foo,,Hik,CN,supplies,screw,30,USD
Bar,US,HiSilicon,CN,supplies,design tool,,
Intel,US,Other,JP,supplies,processor,300,USD
Hik,CN,Sub,CN,owns,,,
"""


def test_the_part_has_honest_bounds():
    told = exposure(graph_of(SALES), "Hik", Asked.of(["us"]))
    assert (told.part.low, told.part.high) == (60.0, 100.0)  # 120 of 200, and AMD may be anything
    data = told.to_dict()
    assert data["no_other_source"] == ["disk"]
    assert data["tiers"][1]["paths"] == ["Bar supplies HiSilicon, which supplies Hik."]
    assert any("country of Foo" in w for w in told.words)


def test_currencies_are_not_added_without_a_rate():
    text = "from,from_country,to,type,amount,currency\n"
    text += "A,US,B,supplies,100,USD\nC,CN,B,supplies,700,CNY\nD,CN,B,supplies,100,USD\n"
    graph = graph_of(text)
    bare = exposure(graph, "B", Asked.of(["US"])).part
    assert (bare.low, bare.high, bare.measured) == (0.0, 50.0, 2)
    told = exposure(graph, "B", Asked.of(["US"]), rates={"USD": 1.0, "CNY": 1 / 7}).part
    assert told.low == told.high == pytest.approx(100 / 3)


def test_stated_shares_bound_the_whole():
    text = "from,from_country,to,type,pct\nA,US,B,supplies,40\nC,CN,B,supplies,30-50\nD,US,B,supplies,\n"
    part = exposure(graph_of(text), "B", Asked.of(["US"])).part
    assert (part.low, part.high, part.basis) == (40.0, 70.0, "pct")


edges = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["US", "CN", None]), st.one_of(st.none(), st.integers(0, 100))),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(edges, st.data())
def test_bounds_hold_whatever_the_missing_amounts_are(rows, data):
    side = {"US": True, "CN": False, None: None}
    given_ = [
        Edge(f"s{n}", "b", "supplies", amount=a, currency="USD" if a is not None else None)
        for n, (_, _, a) in enumerate(rows)
    ]
    where = {f"s{n}": side[country] for n, (_, country, _) in enumerate(rows)}
    part = part_of(given_, lambda e: where[e.start])
    amounts = [e.amount if e.amount is not None else data.draw(st.floats(0, 1e6)) for e in given_]
    truth = [where[e.start] if where[e.start] is not None else data.draw(st.booleans()) for e in given_]
    if sum(amounts) > 0:
        share = 100 * sum(a for a, t in zip(amounts, truth, strict=True) if t) / sum(amounts)
        assert part.low - 1e-6 <= share <= part.high + 1e-6


@settings(max_examples=300, deadline=None)
@given(edges, st.data())
def test_concentration_holds_whatever_the_missing_amounts_are(rows, data):
    given_ = [
        Edge(f"s{who}", "b", "supplies", amount=a, currency="USD" if a is not None else None) for who, _, a in rows
    ]
    told = concentration(given_)
    by = {}
    for edge in given_:
        by[edge.start] = by.get(edge.start, 0.0) + (
            edge.amount if edge.amount is not None else data.draw(st.floats(0.001, 1e5))
        )
    total = sum(by.values())
    if total > 0 and told["low"] is not None:
        index = 10_000 * sum(v * v for v in by.values()) / total**2
        assert told["low"] - 0.01 <= index <= told["high"] + 0.01


# --- when a party is listed ---


def test_blast_radius_tells_owned_selling_buying_and_unknown():
    text = """from,to,type,pct,item
X,Sub,owns,60,
X,Half,owns,,
Sub,Deep,owns,50,
Maker,X,supplies,,chip
Mine,Maker,supplies,,ore
Sub,Shop,supplies,,camera
Fund,Sub,owns,10,
Far,Away,supplies,,tea
"""
    told = blast_radius(
        graph_of(text), "X", ["X", "Sub", "Deep", "Half", "Maker", "Mine", "Shop", "Fund", "Far", "Ghost"]
    )
    ties = {r["party"]: {t["tie"] for t in r["ties"]} for r in told["portfolio"]}
    assert ties == {
        "X": {"listed"}, "Sub": {"owned"}, "Deep": {"owned"}, "Half": {"may_be_owned"}, "Maker": {"sells_to"},
        "Mine": {"sells_to"}, "Shop": {"buys_from"}, "Fund": {"owns_part"}, "Ghost": {"unknown"},
    }  # fmt: skip
    assert told["untouched"] == 1
    assert [p["id"] for p in told["newly_caught"]] == ["Sub", "Deep"]
    words = "\n".join(told["words"])
    assert "Mine sells ore to Maker; Maker sells chip to X (tier 2)." in words


def test_what_was_caught_before_is_not_told_again():
    text = "from,to,type,pct\nX,A,owns,50\nY,A,owns,50\nY,B,owns,30\nX,B,owns,20\n"
    told = blast_radius(graph_of(text), "X", ["A", "B"], restricted={"Y"})
    assert [p["id"] for p in told["newly_caught"]] == ["B"]
