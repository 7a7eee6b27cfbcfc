"""A product's inputs back to their origin: the bill, the documents behind each link, Xinjiang, and what is missing."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from caveat.graph.edge import Edge, GraphParty
from caveat.graph.join import Joined
from caveat.graph.network import Graph
from caveat.graph.shares import aggregate
from caveat.model.answer import SCHEMA_VERSION

XINJIANG = "CN-XJ"
#: How files write Xinjiang where no code is given.
_XINJIANG_WORDS = re.compile(r"xinjiang|sinkiang|\bxuar\b|uygh?ur autonomous|新疆", re.IGNORECASE)
_LISTS = ("us.dhs.uflpa", "us.cbp.wro")
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the bill: an item, where it stands (`2.1`), who makes it, where it comes from, what proves it."""

    number: str
    item: GraphParty
    links: tuple[Edge, ...]
    makers: tuple[Edge, ...]
    circle: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """A product traced. `data` is the command's JSON; `words` tells it; `steps` is the bill in order."""

    product: str
    data: Mapping[str, Any]
    words: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def touched(self) -> bool:
        """Whether the chain touches Xinjiang or a listed producer."""
        return bool(self.data["touches"])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"schema_version": SCHEMA_VERSION, **self.data, "words": list(self.words)}

    def customs_file(self) -> str:
        """The numbered index of evidence an importer would hand to Customs, by limb, as plain text."""
        rules, product = _rules(), self.data["product"]
        lines = [f"Index of evidence: {product['name'] or self.product}"]
        if product.get("hts"):
            lines.append(f"HTS {product['hts']}")
        if as_of := self.data["as_of"]:
            lines.append(f"As of {as_of['in_force']}, as known on {as_of['known']}")
        lines += ["", "What the chain touches, in the data:"]
        lines += [f"  - {t['words']}" for t in self.data["touches"]] or ["  no tie found; that is no proof of absence"]
        lines += [f"  - {w['words']}" for w in self.data["sectors"]]
        lines.append("")
        for limb, told in rules["limbs"].items():
            lines.append(f"Limb {limb}: {told['title']} ({told['cite']})")
            found = [d for d in self.data["evidence"] if limb in d["limbs"]]
            lines += [f"  {_document(d)}" for d in found] or ["  no document"]
            lines.append("")
        lines.append("Links without evidence:")
        lines += [f"  - {gap['words']}" for gap in self.data["without_evidence"]] or ["  none"]
        lines += [
            "",
            "The index says which documents are held and for what. Whether they suffice is for Customs to say.",
        ]
        return "\n".join(lines)


def _document(told: Mapping[str, Any]) -> str:
    where = f"{told['file']}, {told['place']}"
    mark = "" if told["known_kind"] else "; a kind of document not known here"
    return f"{told['number']}. {told['document']}, for {told['link']} ({where}{mark})"


def trace(graph: Graph, product: str, joined: Joined, *, day: dt.date | None = None) -> Trace:
    """The bill of a product's inputs and what it shows; `joined` tells which producers are listed.

    `day` (default: the graph's) decides which sectors the program names. A product without inputs in the data is
    traced to itself, and says so.
    """
    day = day or (graph.as_of.in_force if graph.as_of else None)
    steps = tuple(_walk(graph, product, "0", (), ()))
    evidence = _evidence(graph, steps)
    touches = list({t["words"]: t for step in steps for t in _touches(graph, step, joined)}.values())
    gaps = [g for step in steps for g in _gaps(graph, step)]
    sectors = list({w["words"]: w for step in steps for w in _sectors(step.item, day)}.values())
    limbs = {
        limb: sum(limb in d["limbs"] for d in evidence) for limb in _rules()["limbs"]
    }  # fmt: skip
    data = {
        "product": graph.parties[product].to_dict() | {"hts": graph.parties[product].hts},
        "bill": [_line(graph, step, joined) for step in steps],
        "touches": touches,
        "without_evidence": gaps,
        "evidence": evidence,
        "limbs": {
            limb: {"title": told["title"], "cite": told["cite"], "documents": limbs[limb]}
            for limb, told in _rules()["limbs"].items()
        },
        "sectors": sectors,
        "as_of": graph.as_of.to_dict() if graph.as_of else None,
    }
    return Trace(product, data, tuple(_words(graph, product, steps, data)), steps)


def finished_products(graph: Graph) -> list[str]:
    """Every product of the graph that is an input of nothing."""
    made = dict.fromkeys(e.end for e in graph.edges if e.type in ("contains", "makes"))
    return [p for p in made if not any(True for _ in graph.out_of(p, "contains"))]


def trace_all(graph: Graph, joined: Joined, *, day: dt.date | None = None) -> list[Trace]:
    """Every finished product of the graph (one that is an input of nothing) traced: a bill of materials at once."""
    return [trace(graph, product, joined, day=day) for product in finished_products(graph)]


def tell_bills(graph: Graph, traces: Sequence[Trace]) -> dict[str, Any]:
    """Several products in one answer: those that touch first, then those with most links without evidence."""
    rank = {"listed": 0, "xinjiang": 1, "owned": 2, "name": 3}
    rows = []
    for told in traces:
        touches = told.data["touches"]
        rows.append(
            {
                "product": told.data["product"], "touched": told.touched,
                "kinds": sorted({t["kind"] for t in touches}, key=rank.__getitem__),
                "inputs": sum(s.number != "0" for s in told.steps), "documents": len(told.data["evidence"]),
                "without_evidence": len(told.data["without_evidence"]),
                "sectors": sorted({s["sector"] for s in told.data["sectors"]}),
                "touches": touches, "words": list(told.words),
            }
        )  # fmt: skip
    rows.sort(key=lambda r: (min((rank[k] for k in r["kinds"]), default=9), -r["without_evidence"], r["product"]["id"]))
    struck = sum(r["touched"] for r in rows)
    words = [
        f"{len(rows)} product{'s' * (len(rows) != 1)} traced; {struck} touch{'es' * (struck == 1)} Xinjiang or a "
        "listed producer, or may."
    ]
    for row in rows:
        name = row["product"]["name"] or row["product"]["id"]
        gaps = row["without_evidence"]
        words.append(
            f"{name}: {row['inputs']} input{'s' * (row['inputs'] != 1)}, {row['documents']} documents, {gaps} "
            f"gap{'s' * (gaps != 1)}" + (f"; sectors: {', '.join(row['sectors'])}" if row["sectors"] else "")
        )
        words += [f"  {t['words']}" for t in row["touches"]]
        if not row["touches"]:
            words.append("  no tie found in the data; that is no proof of absence")
    return {"products": rows, "words": words, "as_of": graph.as_of.to_dict() if graph.as_of else None}


def _walk(graph: Graph, item: str, number: str, links: tuple[Edge, ...], above: tuple[str, ...]) -> Iterable[Step]:
    circle = item in above or len(above) >= _DEEPEST
    yield Step(number, graph.parties[item], links, tuple(graph.into(item, "makes")), circle)
    if circle:
        return
    by: dict[str, list[Edge]] = {}
    for edge in graph.into(item, "contains"):
        by.setdefault(edge.start, []).append(edge)
    for n, (part, edges) in enumerate(by.items(), start=1):
        yield from _walk(graph, part, f"{number}.{n}" if number != "0" else str(n), tuple(edges), (*above, item))


def _line(graph: Graph, step: Step, joined: Joined) -> dict[str, Any]:
    return {
        "number": step.number, "item": step.item.label, "id": step.item.id, "origin": step.item.country,
        "hts": step.item.hts,
        "quantity": [{"quantity": e.quantity, "unit": e.unit} for e in step.links if e.quantity is not None],
        "producers": [
            {
                **graph.parties[e.start].to_dict(), "documents": list(e.documents),
                "listed": [x.to_dict() for x in joined.listed.get(e.start, ())],
                "open": [x.to_dict() for x in joined.open.get(e.start, ())],
            }
            for e in step.makers
        ],
        "documents": [d for e in step.links for d in e.documents], "circle": step.circle,
    }  # fmt: skip


def _touches(graph: Graph, step: Step, joined: Joined) -> list[dict[str, Any]]:
    out = []

    def say(kind: str, words: str, party: str | None = None, entry: str | None = None) -> None:
        out.append({"number": step.number, "kind": kind, "party": party, "entry_id": entry, "words": words})

    where = f"{step.item.label} ({step.number})"
    if is_in_xinjiang(step.item):
        say("xinjiang", f"{where} comes from Xinjiang.")
    for edge in step.makers:
        maker = graph.parties[edge.start]
        if is_in_xinjiang(maker):
            say("xinjiang", f"{maker.label}, which makes {where}, is in Xinjiang.", maker.id)
        for hit in joined.listed.get(maker.id, ()):
            if hit.list in _LISTS:
                said = f"{maker.label}, which makes {where}, is {hit.name} on {hit.list} ({hit.why})."
                say("listed", said, maker.id, hit.entry_id)
        for hit in joined.open.get(maker.id, ()):
            if hit.list in _LISTS:
                said = f"{maker.label}, which makes {where}, may be {hit.name} on {hit.list} ({hit.why})"
                say("name", f"{said}: confirm or reject.", maker.id, hit.entry_id)
        listed = joined.on(*_LISTS)
        if maker.id not in listed and listed:
            share = aggregate(graph, listed).of(maker.id)
            if share.reached is not False:
                say(
                    "owned",
                    f'{maker.label}, which makes {where}: {share.words} A list may add "and subsidiaries".',
                    maker.id,
                )
    return out


def is_in_xinjiang(party: GraphParty) -> bool:
    """Whether a party's code, or a Chinese party's address or name, says Xinjiang; of a product only its code."""
    if party.country == XINJIANG:
        return True
    if party.country not in (None, "CN"):
        return False
    return bool(_XINJIANG_WORDS.search(" ".join((party.address or "", party.name if party.kind != "product" else ""))))


def _gaps(graph: Graph, step: Step) -> list[dict[str, Any]]:
    out = []

    def say(kind: str, words: str) -> None:
        out.append({"number": step.number, "kind": kind, "words": words})

    where = f"{step.item.label} ({step.number})"
    if step.circle:
        say("circle", f"{where} is told to be an input of itself: the data contradicts itself there.")
        return out
    for edge in step.links:
        if not edge.documents:
            say(
                "link", f"No document shows that {where} goes into {graph.label(edge.end)} ({edge.file}, {edge.place})."
            )
    for edge in step.makers:
        if not edge.documents:
            say(
                "producer",
                f"No document shows that {graph.label(edge.start)} makes {where} ({edge.file}, {edge.place}).",
            )
    if not step.makers:
        say("no_producer", f"The data names no producer of {where}.")
    if step.item.country is None:
        say("no_origin", f"The data states no origin of {where}.")
    if not any(True for _ in graph.into(step.item.id, "contains")):
        say("end", f"The data ends at {where}: it is a raw material, or its own inputs are not told.")
    return out


def _evidence(graph: Graph, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Each document once a link, numbered in the order of the bill."""
    known: Mapping[str, list[str]] = _rules()["documents"]
    out: list[dict[str, Any]] = []
    told: set[tuple[str, str]] = set()
    for step in steps:
        for edge in (*step.makers, *step.links):
            verb = "makes" if edge.type == "makes" else "goes into"
            link = f"{graph.label(edge.start)} {verb} {graph.label(edge.end)}"
            for document in edge.documents:
                if (document, link) in told:
                    continue
                told.add((document, link))
                kind, mark, reference = document.partition(":")
                word = re.sub(r"[\s-]+", "_", kind.strip().casefold())
                out.append(
                    {
                        "number": len(out) + 1, "document": document, "kind": word if mark else "document",
                        "reference": reference.strip() or kind.strip(), "link": link,
                        "limbs": list(known.get(word, ["1"])), "known_kind": word in known,
                        "file": edge.file, "place": edge.place,
                    }
                )  # fmt: skip
    return out


def _sectors(item: GraphParty, day: dt.date | None) -> list[dict[str, Any]]:
    if not item.hts:
        return []
    digits = re.sub(r"\D", "", item.hts)
    out = []
    for sector in _rules()["sectors"]:
        if day is not None and sector["from"] > day:
            continue
        if any(digits.startswith(re.sub(r"\D", "", prefix)) for prefix in sector["hts"]):
            words = f"{item.label} (HTS {item.hts}) is of a sector the program names first: {sector['name']}"
            out.append(
                {
                    "item": item.id,
                    "hts": item.hts,
                    "sector": sector["name"],
                    "cite": sector["cite"],
                    "words": f"{words}.",
                }
            )
    return out


@functools.cache
def _rules() -> Mapping[str, Any]:
    import yaml

    text = resources.files("caveat.graph").joinpath("origin.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _words(graph: Graph, product: str, steps: Sequence[Step], data: Mapping[str, Any]) -> list[str]:
    name = graph.label(product)
    inputs = [s for s in steps if s.number != "0"]
    words = [f"{name}: {len(inputs)} input{'s' * (len(inputs) != 1)} in the data, {len(data['evidence'])} documents."]
    words += [t["words"] for t in data["touches"]]
    if not data["touches"]:
        words.append(
            "The data shows no tie to Xinjiang and no listed producer; that is no proof of absence "
            f"({len(data['without_evidence'])} gaps below)."
        )
    words += [w["words"] for w in data["sectors"]]
    words += [g["words"] for g in data["without_evidence"]]
    words += [
        f"Limb {limb}, {told['title']} ({told['cite']}): {told['documents'] or 'no'} "
        f"document{'s' * (told['documents'] != 1)}."
        for limb, told in data["limbs"].items()
    ]
    return words
