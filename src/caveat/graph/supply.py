"""Reliance on suppliers, the suppliers' sales at risk, and who is touched when a party is listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caveat.graph.edge import Edge
from caveat.graph.network import Graph
from caveat.graph.reliance import Belongs, Part, concentration, part_of
from caveat.graph.shares import THRESHOLD, aggregate
from caveat.graph.words import stop
from caveat.model.answer import SCHEMA_VERSION

_MOST_TIERS = 6
#: What the data cannot tell, said in every answer.
CAVEAT = "Suppliers and customers that the data does not name are not counted; absence here is no proof of absence."


@dataclass(frozen=True, slots=True)
class Asked:
    """The suppliers asked about: of some countries (`US`, `CN-XJ`; a region belongs to its country), or named."""

    countries: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()

    @classmethod
    def of(cls, countries: Iterable[str] = (), parties: Iterable[str] = ()) -> Asked:
        """Country codes in any case, party ids as they are."""
        return cls(frozenset(c.upper() for c in countries), frozenset(parties))

    def holds(self, graph: Graph, party: str) -> bool | None:
        """Whether a party is one of them; None where its country is unknown and a country is asked for."""
        if party in self.parties:
            return True
        if not self.countries:
            return False
        country = graph.parties[party].country
        if country is None:
            return None
        return country in self.countries or country.partition("-")[0] in self.countries

    def words(self, graph: Graph) -> str:
        """Who is asked about, in words."""
        named = [graph.label(p) for p in sorted(self.parties)]
        of = [f"are from {', '.join(sorted(self.countries))}"] if self.countries else []
        return " or ".join([*of, *([f"are among {', '.join(named)}"] if named else [])]) or "are asked about"


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much of a party's inputs comes from the suppliers asked about. `to_dict()` is the command's JSON."""

    party: str
    data: Mapping[str, Any]
    words: tuple[str, ...]
    part: Part
    edges: tuple[Edge, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"schema_version": SCHEMA_VERSION, **self.data, "words": list(self.words)}


def exposure(
    graph: Graph, party: str, asked: Asked, *, rates: Mapping[str, float] | None = None, most_tiers: int = _MOST_TIERS
) -> Exposure:
    """The reliance of `party` on the suppliers asked about: overall, by item, by tier, with bounds.

    rates  units of one common currency for one unit of each (`{"USD": 1, "CNY": 0.14}`)
    """
    edges = list(graph.into(party, "supplies"))

    def belongs(edge: Edge) -> bool | None:
        return asked.holds(graph, edge.start)

    whole = part_of(edges, belongs, rates)
    inside = [e for e in edges if belongs(e)]
    items = _items(graph, edges, belongs, rates)
    tiers = _tiers(graph, party, asked, most_tiers)
    focus = concentration(edges, rates)
    unknown = _unknown(graph, edges, belongs)
    data = {
        "party": graph.parties[party].to_dict(),
        "asked": {"countries": sorted(asked.countries), "parties": sorted(asked.parties)},
        "part": whole.to_dict(),
        "part_of_all": {
            "low": whole.low if whole.basis == "pct" else 0.0,
            "high": whole.high if whole.basis == "pct" else 100.0,
            "words": _of_all(whole),
        },
        "suppliers": [_supplier(graph, e, belongs(e)) for e in edges],
        "items": items,
        "concentration": focus,
        "tiers": tiers,
        "no_other_source": [i["item"] for i in items if i["no_other_source"]],
        "unknown": unknown,
        "as_of": graph.as_of.to_dict() if graph.as_of else None,
    }
    words = _exposure_words(graph, party, asked, edges, inside, whole, items, tiers, focus, unknown)
    return Exposure(party, data, tuple(words), whole, tuple(edges))


def _supplier(graph: Graph, edge: Edge, inside: bool | None) -> dict[str, Any]:
    return {
        "party": graph.parties[edge.start].to_dict(), "asked_about": inside, "item": edge.item,
        "amount": edge.amount, "currency": edge.currency, "quantity": edge.quantity, "unit": edge.unit,
        "share": edge.share_words if edge.low is not None else None,
        "since": edge.since.isoformat() if edge.since else None, "source": edge.source, "cite": edge.cite,
        "file": edge.file, "place": edge.place,
    }  # fmt: skip


def _items(
    graph: Graph, edges: Sequence[Edge], belongs: Belongs, rates: Mapping[str, float] | None
) -> list[dict[str, Any]]:
    by: defaultdict[str | None, list[Edge]] = defaultdict(list)
    for edge in edges:
        by[edge.item].append(edge)
    out = []
    for item, found in sorted(by.items(), key=lambda p: (p[0] is None, p[0] or "")):
        suppliers = sorted({graph.label(e.start) for e in found})
        all_inside = item is not None and all(belongs(e) is True for e in found)
        out.append(
            {
                "item": item, "suppliers": suppliers, "part": part_of(found, belongs, rates).to_dict(),
                "concentration": concentration(found, rates), "no_other_source": all_inside,
                "single_supplier": item is not None and len(suppliers) == 1,
            }
        )  # fmt: skip
    return out


def _tiers(graph: Graph, party: str, asked: Asked, most: int) -> list[dict[str, Any]]:
    """Who supplies the suppliers: by tier, each supplier once, at the tier nearest to the party."""
    came: dict[str, str] = {party: ""}
    front, out = [party], []
    for tier in range(1, most + 1):
        found: dict[str, str] = {}
        for buyer in front:
            for edge in graph.into(buyer, "supplies"):
                if edge.start not in came and edge.start not in found:
                    found[edge.start] = buyer
        if not found:
            break
        came |= found
        sides = {p: asked.holds(graph, p) for p in found}
        touched = [p for p, side in sides.items() if side]
        out.append(
            {
                "tier": tier, "suppliers": len(found), "asked_about": len(touched),
                "country_unknown": sum(side is None for side in sides.values()),
                "paths": [_chain(graph, p, came) for p in touched[:20]],
            }
        )  # fmt: skip
        front = list(found)
    return out


def _chain(graph: Graph, party: str, came: Mapping[str, str]) -> str:
    words = graph.label(party)
    while came[party]:
        party = came[party]
        words += (
            f", which supplies {graph.label(party)}" if " supplies " in words else f" supplies {graph.label(party)}"
        )
    return stop(words)


def _unknown(graph: Graph, edges: Sequence[Edge], belongs: Belongs) -> list[str]:
    out = []

    def names(found: Iterable[Edge]) -> str:
        return ", ".join(dict.fromkeys(graph.label(e.start) for e in found))

    if bare := [e for e in edges if e.amount is None and e.quantity is None and e.low is None]:
        out.append(f"How much {names(bare)} supply: the data tells only that they do.")
    if bare := [e for e in edges if e.item is None]:
        out.append(f"What {names(bare)} supply.")
    if bare := [e for e in edges if belongs(e) is None]:
        out.append(f"The country of {names(bare)}.")
    if bare := [e for e in edges if e.since is None]:
        out.append(f"Since when {names(bare)} supply.")
    out.append(CAVEAT)
    return out


def _exposure_words(
    graph: Graph, party: str, asked: Asked, edges: Sequence[Edge], inside: Sequence[Edge], whole: Part,
    items: Sequence[Mapping[str, Any]], tiers: Sequence[Mapping[str, Any]], focus: Mapping[str, Any],
    unknown: Sequence[str],
) -> list[str]:  # fmt: skip
    name, who = graph.label(party), asked.words(graph)
    if not edges:
        return [f"The data names no supplier of {name}.", *unknown]
    names = list(dict.fromkeys(graph.label(e.start) for e in inside))
    dim = {e.start for e in edges if asked.holds(graph, e.start) is None}
    words = [
        f"{len(names)} of the {len({e.start for e in edges})} suppliers the data names for {name} {who}"
        + (f", and {len(dim)} of unknown country may be" if dim else "")
        + f": {stop(', '.join(names) or 'none')}",
        f"Their part of what {name} buys from the suppliers named: {whole.words}.",
        f"Their part of everything it buys, from suppliers named or not: {_of_all(whole)}.",
    ]
    if alone := [str(i["item"]) for i in items if i["no_other_source"]]:
        words.append(f"No other source in the data for: {', '.join(alone)}.")
    if focus["low"] is not None:
        low, high = focus["low"], focus["high"]
        span = f"{low:,.0f}" if high - low < 0.5 else f"between {low:,.0f} and {high:,.0f}"
        words.append(f"Concentration of its suppliers (Herfindahl-Hirschman, 10,000 is one supplier): {span}.")
    words += [
        f"Tier {t['tier']}: {t['asked_about']} of {t['suppliers']} suppliers. {' '.join(t['paths'][:3])}"
        for t in tiers[1:] if t["asked_about"]
    ]  # fmt: skip
    cites = sorted({f"{e.source or e.file}{f' ({e.cite})' if e.cite else ''}" for e in edges})
    words.append(f"As stated by: {'; '.join(cites[:5])}.")
    return [*words, *(f"Unknown: {u}" if u != CAVEAT else u for u in unknown)]


def _of_all(whole: Part) -> str:
    """The data names suppliers, not all of them: only stated shares of the whole bound the whole."""
    if whole.basis == "pct":
        return whole.words
    return "unknown (0 to 100 %): no source states what they all supply together"


def sales_at_risk(
    graph: Graph, listed: Collection[str], *, suppliers: Asked | None = None, way: str = "bis",
    rates: Mapping[str, float] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The other side: each supplier of the listed parties, and of the firms they own by 50 percent, and its sales.

    The part is of the sales the data records, with bounds where amounts are missing. Greatest least part first.
    """
    caught = {*listed, *aggregate(graph, listed).caught()}
    out = []
    for supplier in dict.fromkeys(e.start for c in sorted(caught) for e in graph.into(c, "supplies")):
        if supplier in caught or (suppliers is not None and suppliers.holds(graph, supplier) is False):
            continue
        sales = list(graph.out_of(supplier, "supplies"))
        part = part_of(sales, lambda e: e.end in caught, rates)
        buyers = [graph.label(b) for b in dict.fromkeys(e.end for e in sales if e.end in caught)]
        out.append(
            {
                "supplier": graph.parties[supplier].to_dict(), "customers": buyers, "part": part.to_dict(), "way": way,
                "words": f"{graph.label(supplier)} sells to {', '.join(buyers)}: {part.words} of the sales recorded.",
            }
        )  # fmt: skip
    return sorted(out, key=lambda r: (-r["part"]["low"], -r["part"]["high"], r["supplier"]["id"]))


def blast_radius(
    graph: Graph, listed: str, portfolio: Collection[str], *, restricted: Collection[str] = (),
    threshold: float = THRESHOLD, most_tiers: int = 4, namesakes: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a listing of one party would mean for a portfolio: who is it, owned by it, sells to it, buys from it.

    restricted  parties restricted already; only what the new listing adds is told
    namesakes   names of the portfolio that several parties of the graph bear
    """
    before = set(aggregate(graph, restricted, threshold=threshold).caught()) | set(restricted)
    after = aggregate(graph, {*restricted, listed}, threshold=threshold)
    caught = [p for p in after.caught() if p not in before and p != listed]
    maybe = [p for p in after.open() if p not in before]
    struck = {listed, *caught}
    sells = _reached(graph, struck, "up", most_tiers)
    buys = _reached(graph, struck, "down", most_tiers)
    found: list[tuple[str, list[tuple[str, int, str]]]] = []
    for party in dict.fromkeys(portfolio):
        touched: list[tuple[str, int, str]] = []
        if party in (namesakes or {}):
            ids = ", ".join(list((namesakes or {})[party])[:5])
            touched.append(("unknown", 8, f"{party} is the name of several parties of the graph ({ids}): give an id."))
        elif party not in graph.index:
            touched.append(("unknown", 9, f"{party} is not in the graph: nothing is known of it."))
        if party == listed:
            touched.append(("listed", 0, f"{graph.label(party)} is the party itself."))
        elif party in caught:
            touched.append(("owned", 1, after.of(party).words))
        elif party in maybe:
            touched.append(("may_be_owned", 2, after.of(party).words))
        if party in sells:
            tier, words = sells[party]
            touched.append(("sells_to", 2 + tier, words))
        if party in buys:
            tier, words = buys[party]
            touched.append(("buys_from", 2 + tier, words))
        touched += [
            ("owns_part", 4, stop(f"{graph.label(party)} holds {e.share_words} of {graph.label(e.end)}"))
            for e in graph.out_of(party, "owns") if e.end in struck and party not in struck
        ]  # fmt: skip
        if touched:
            found.append((party, touched))
    found.sort(key=lambda f: (min(t[1] for t in f[1]), f[0]))
    rows = [
        {
            "party": party, "name": graph.label(party) if party in graph.index else party,
            "nearness": min(t[1] for t in touched), "ties": [{"tie": t[0], "words": t[2]} for t in touched],
        }
        for party, touched in found
    ]  # fmt: skip
    name = graph.label(listed)
    told = [words for row in found for _, _, words in row[1]]
    blank = sum(all(t[0] == "unknown" for t in touched) for _, touched in found)
    every = len(dict.fromkeys(portfolio))
    return {
        "schema_version": SCHEMA_VERSION,
        "if_listed": graph.parties[listed].to_dict(),
        "newly_caught": [graph.parties[p].to_dict() for p in caught],
        "newly_open": [graph.parties[p].to_dict() for p in maybe],
        "portfolio": rows,
        "untouched": every - len(rows), "unknown": blank,
        "words": [
            f"If {name} were listed, restricted owners would hold {threshold:g} % or more of {len(caught)} more "
            f"part{'y' if len(caught) == 1 else 'ies'} of the graph, and might of {len(maybe)}.",
            f"{len(rows) - blank} of {every} parties of the portfolio are touched"
            + (f"; of {blank} the graph knows nothing." if blank else "."),
            *told,
            CAVEAT,
        ],
    }  # fmt: skip


def _reached(graph: Graph, struck: Collection[str], way: str, most: int) -> dict[str, tuple[int, str]]:
    """Who sells to (`up`) or buys from (`down`) the struck parties, within some tiers; the chain in words."""
    came: dict[str, tuple[int, str]] = {}
    front = dict.fromkeys(sorted(struck), "")
    for tier in range(1, most + 1):
        new: dict[str, str] = {}
        for party, words in front.items():
            edges = graph.into(party, "supplies") if way == "up" else graph.out_of(party, "supplies")
            for edge in edges:
                other = edge.start if way == "up" else edge.end
                if other in came or other in struck or other in new:
                    continue
                item = f" {edge.item}" if edge.item else ""
                verb = "sells" if way == "up" else "buys"
                to = "to" if way == "up" else "from"
                new[other] = f"{graph.label(other)} {verb}{item} {to} {graph.label(party)}" + (
                    f"; {words}" if words else ""
                )
        for party, words in new.items():
            came[party] = (tier, f"{words} (tier {tier}).")
        front = new
    return came
