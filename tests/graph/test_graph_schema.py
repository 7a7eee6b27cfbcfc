"""Every answer keeps the JSON Schema that ships with it."""

import datetime as dt
import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from shared_data import shared

from caveat.graph import (
    Asked,
    Graph,
    Joined,
    Listed,
    blast_radius,
    exposure,
    own,
    read_edges,
    sales_at_risk,
    trace,
)  # fmt: skip
from caveat.model import AsOf, Moment

EXAMPLES = Path(__file__).parent.parent / "examples" / "graph"
AS_OF = AsOf(dt.date(2024, 6, 1), Moment("2026-11-01"))


def check(name, answer):
    schema = json.loads(resources.files("caveat.graph").joinpath("schema", f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(answer)))


def joined(graph):
    def listed(party):
        ways = frozenset({"ofac", "bis"})
        return (Listed(f"e-{party}", "us.ofac.sdn", graph.label(party), "id", True, ways),)

    return Joined({p: listed(p) for p in graph.ids[::3]}, {p: listed(p) for p in graph.ids[1::3]})


@pytest.mark.parametrize(
    "name",
    [
        "bods_fermcat.json",
        "bods_tecido.json",
        "bods_mixed-direct-and-indirect-ownership.json",
        "ftm_zala_ownership.json",
    ],
)
def test_own(name):
    graph = Graph.of([read_edges(shared("data", "ownership", name))], AS_OF)
    for party in graph.ids:
        check("own", own(graph, party, joined(graph)).to_dict())


@pytest.mark.parametrize("name", ["bom.csv", "suppliers_2019.csv", "psc.jsonl", "gleif_rr.xml", "bods_02.json"])
def test_every_question_of_every_example(name):
    reading = read_edges(EXAMPLES / name)
    check("load_edges", {"schema_version": "1", **reading.to_dict()})
    graph = Graph.of([reading], AS_OF)
    for party in graph.ids:
        check("own", own(graph, party, joined(graph)).to_dict())
        risk = sales_at_risk(graph, [party])
        check("exposure", {**exposure(graph, party, Asked.of(["US"])).to_dict(), "sales_at_risk": risk})
        check("trace", trace(graph, party, joined(graph)).to_dict())
        check("blast", blast_radius(graph, party, [*graph.ids, "nobody"]))
