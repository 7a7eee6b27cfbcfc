"""Worked cases C05, C07 and C12 through the graph: owners and inputs come from edges, none from the transaction."""

import datetime as dt

import pytest

from caveat.app import App
from caveat.config import read_config
from caveat.determination import determine
from caveat.graph import Graph, owners_named, read_edges, with_inputs
from caveat.model import AsOf, Moment

EDGES = b"""from,from_country,to,to_country,type,pct,source,cite,documents
"Hangzhou Hikvision Digital Technology Co., Ltd.",CN,Jiangnan Camera Parts Co.,CN,owns,60,company register,extract 1,
"Hangzhou Hikvision Digital Technology Co., Ltd.",CN,Jiangnan Holding,CN,owns,75,company register,extract 2,
Jiangnan Holding,CN,Jiangnan Lens Co.,CN,owns,50,company register,extract 3,
Ann Other,CN,Jiangnan Lens Co.,CN,owns,50,company register,extract 3,
Xinjiang Public Security Bureau,CN,Tianshan Supplies Co.,CN,owns,50,company register,extract 4,
"Hangzhou Hikvision Digital Technology Co., Ltd.",CN,Jiangnan Unknown Co.,CN,owns,,press,article,
Metallurgical silicon,CN-XJ,Solar panel,VN,contains,,importer,,invoice: 7
"Hoshine Silicon Industry (Shanshan) Co., Ltd.",CN,Metallurgical silicon,CN-XJ,makes,,importer,,invoice: 8
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    with App(read_config(db=str(folder / "caveat.db"))) as opened:
        yield opened


class FromGraph:
    """The app's look-ups, with the owners of the graph."""

    def __init__(self, who, graph):
        self._who, self._graph = who, graph

    def __getattr__(self, name):
        return getattr(self._who, name)

    def owners(self, party, as_of):
        return owners_named(self._graph, party.name, party.country)


def judge(app, transaction):
    as_of = AsOf(dt.date.fromisoformat(transaction["date"]), Moment(app.today().isoformat()))
    graph = Graph.of([read_edges(EDGES, "cases.csv")], as_of)
    lookup = FromGraph(app.who(as_of), graph)
    return determine(with_inputs(graph, transaction), lookup, app.law, app.today())


def sale(date, party):
    return {
        "date": date, "activity": "export", "actor": {"us_person": True, "country": "US"},
        "item": {"description": "part", "kind": "goods", "eccn": "EAR99", "origin": "US"}, "destination": "CN",
        "parties": [{"name": party, "role": "end_user", "country": "CN"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("date", "party", "outcome"),
    [
        ("2025-08-01", "Jiangnan Camera Parts Co.", "caution_red_flag"),  # C05 (a)
        ("2025-10-15", "Jiangnan Camera Parts Co.", "license_required"),  # C05 (b)
        ("2025-10-15", "Jiangnan Lens Co.", "license_required"),  # through a holding
        ("2025-10-15", "Jiangnan Unknown Co.", "insufficient_information"),  # the share is unknown
        ("2025-12-01", "Jiangnan Camera Parts Co.", "caution_red_flag"),  # suspended
    ],
)
def test_c05_an_affiliate_told_by_the_graph(app, date, party, outcome):
    answer = judge(app, sale(date, party))
    assert answer.outcome_of("us.bis.entity_list") == outcome
    if outcome == "license_required":
        finding = next(f for f in answer.findings if f.outcome == outcome)
        assert finding.policy and finding.policy.kind == "presumption_of_denial"
        assert any("90 FR 47201" in c.cite for c in finding.citations)


@pytest.mark.parametrize(
    ("date", "program", "outcome"),
    [
        ("2021-08-01", "us.cbp.wro", "presumed_prohibited_unless_evidence"),
        ("2021-08-01", "us.dhs.uflpa", "no_restriction_found"),
        ("2022-08-01", "us.dhs.uflpa", "presumed_prohibited_unless_evidence"),
    ],
)
def test_c07_a_panel_whose_silica_the_graph_tells(app, date, program, outcome):
    answer = judge(
        app,
        {
            "date": date, "activity": "import", "actor": {"us_person": True, "country": "US"}, "destination": "US",
            "item": {"description": "Solar panel", "kind": "goods"},
            "parties": [{"name": "Hanoi Panels", "role": "seller", "country": "VN"}],
        },
    )  # fmt: skip
    assert answer.outcome_of(program) == outcome
    assert answer.outcome == "presumed_prohibited_unless_evidence"


def test_c12_a_firm_half_owned_by_the_bureau(app):
    payment = {
        "date": "2024-06-01", "activity": "pay", "actor": {"name": "First Bank", "us_person": True, "country": "US"},
        "parties": [{"name": "Tianshan Supplies Co.", "role": "other", "country": "CN"}],
    }  # fmt: skip
    answer = judge(app, payment)
    assert answer.outcome == "prohibited" and answer.outcome_of("us.ofac.sdn") == "prohibited"
    finding = next(f for f in answer.findings if f.outcome == "prohibited")
    assert any("583.411" in c.cite for c in finding.citations)


def test_namesakes_of_the_graph_are_asked_about_and_not_mixed_up():
    rows = b"""from,from_country,to,to_name,to_country,pct
H,CN,one,Jiangnan Trading,CN,60
Ann,DE,two,Jiangnan Trading,DE,100
Bob,CN,three,Jiangnan Trading,CN,30
"""
    graph = Graph.of([read_edges(rows, "n.csv")])
    assert [(o.name, o.pct) for o in owners_named(graph, "Jiangnan Trading", "DE")] == [("Ann", 100.0)]
    assert [(o.name, o.pct) for o in owners_named(graph, "Jiangnan Trading", "CN")] == [("H", None), ("Bob", None)]
    assert owners_named(graph, "Nobody", "CN") == ()
