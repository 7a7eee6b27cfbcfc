"""What the graph gives determination: the owners of a party, the inputs of a product, and what both rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from caveat.graph.edge import EdgeReading
from caveat.graph.join import Joined
from caveat.graph.network import Graph
from caveat.model import InputGiven, OwnerGiven

_DEEPEST = 12


def owners_given(graph: Graph, party: str, joined: Joined | None = None) -> tuple[OwnerGiven, ...]:
    """The direct owners of a party as facts. `pct` is None where the share is unknown.

    A range counts as its least where that is half or more: the rest of it changes nothing. Any other range is
    unknown. An owner nobody names is left out; its share stands in nobody's name.
    """
    held, first, at = graph.holdings, graph.first_owner, graph.index[party]
    given = []
    for place in range(first[at], first[at + 1]):
        owner = graph.parties[graph.ids[int(held.owner[place])]]
        if owner.unnamed:
            continue
        low, high = 100 * float(held.low[place]), 100 * float(held.high[place])
        sure = high - low < 1e-6 or low >= 50
        given.append(
            OwnerGiven(
                owner.label, round(low, 9) if sure else None, _entry(joined, owner.id),
                country=owner.country.partition("-")[0] if owner.country else None,
            )
        )  # fmt: skip
    return tuple(given)


def owners_named(graph: Graph, name: str, country: str | None, joined: Joined | None = None) -> tuple[OwnerGiven, ...]:
    """The owners of the party a transaction names; a country that disagrees tells namesakes apart.

    Where several parties of the graph bear the name, each one's owners are given with an unknown share, so that the
    question is asked and not answered for the wrong one.
    """
    found = graph.find(name)
    agree = [p for p in found if not country or not p.country or p.country.partition("-")[0] == country]
    if len(agree) == 1:
        return owners_given(graph, agree[0].id, joined)
    given = [o for p in agree for o in owners_given(graph, p.id, joined)]
    return tuple(replace(o, pct=None) for o in {o.name: o for o in given}.values())


def inputs_given(graph: Graph, product: str, joined: Joined | None = None) -> tuple[InputGiven, ...]:
    """The inputs of a product as facts, nested; one a producer."""
    return _inputs(graph, product, joined, (product,))


def _inputs(graph: Graph, product: str, joined: Joined | None, above: tuple[str, ...]) -> tuple[InputGiven, ...]:
    given: list[InputGiven] = []
    if len(above) > _DEEPEST:
        return ()
    for part in dict.fromkeys(e.start for e in graph.into(product, "contains")):
        if part in above:
            continue
        told, nested = graph.parties[part], _inputs(graph, part, joined, (*above, part))
        makers: list[str | None] = [*dict.fromkeys(e.start for e in graph.into(part, "makes"))] or [None]
        for maker in makers:
            name = graph.label(maker) if maker else None
            given.append(
                InputGiven(told.label, name, told.country, _entry(joined, maker) if maker else None, (), nested)
            )
    return tuple(given)


def with_inputs(graph: Graph, transaction: Mapping[str, Any], joined: Joined | None = None) -> dict[str, Any]:
    """The transaction with the inputs the graph knows of its item, where it names none itself.

    The item is a product of the graph by id (`item.product`) or by its description in full; nothing is guessed.
    """
    item = transaction.get("item")
    if not isinstance(item, Mapping) or item.get("inputs"):
        return dict(transaction)
    found = [
        party
        for asked in (item.get("product"), item.get("description"))
        if isinstance(asked, str)
        for party in graph.find(asked)
        if party.kind == "product"
    ]
    if not found:
        return dict(transaction)
    told = [_plain(given) for given in inputs_given(graph, found[0].id, joined)]
    kept = {key: value for key, value in item.items() if key != "product"}
    origin = kept.get("origin") or found[0].country
    return {**transaction, "item": {**kept, "origin": origin, "inputs": told}}


def _plain(given: InputGiven) -> dict[str, Any]:
    out: dict[str, Any] = {"description": given.description, "producer": given.producer, "origin": given.origin}
    if given.entry_id:
        out["entry_id"] = given.entry_id
    if given.inputs:
        out["inputs"] = [_plain(inner) for inner in given.inputs]
    return out


def graph_basis(graph: Graph, readings: Sequence[EdgeReading]) -> dict[str, Any]:
    """What an answer of the graph rests on: each file by its hash, and the two clocks."""
    return {
        "files": [
            {
                "file": r.name, "layout": r.layout, "sha256": r.sha256, "edges": len(r.edges),
                "published": r.published.text if r.published else None, "complaints": len(r.complaints),
            }
            for r in readings
        ],
        "edges_in_force": len(graph.edges),
        "as_of": graph.as_of.to_dict() if graph.as_of else None,
    }  # fmt: skip


def _entry(joined: Joined | None, party: str) -> str | None:
    found = joined.listed.get(party, ()) if joined else ()
    return found[0].entry_id if found else None
