"""Pictures a person can read: the ownership tree and the supply graph, as SVG and PNG, offline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from caveat.errors import MissingPartError
from caveat.graph.edge import Edge
from caveat.graph.join import Joined
from caveat.graph.layout import Link
from caveat.graph.network import Graph
from caveat.graph.origin import is_in_xinjiang
from caveat.graph.shares import share_of
from caveat.graph.svg import Box, paint

_MOST = 40
_FAN = 8  # neighbors of one party drawn one by one; the rest stand together in a box
_SEARCHED = 5000
#: How the lists are called on a picture.
_CALLED = {
    "us.bis.entity_list": "Entity List", "us.bis.military_end_user": "MEU List", "us.bis.unverified": "UVL",
    "us.bis.denied_persons": "Denied Persons", "us.ofac.sdn": "SDN", "us.ofac.ns_cmic": "NS-CMIC",
    "us.dhs.uflpa": "UFLPA", "us.cbp.wro": "WRO", "us.dod.section_1260h": "1260H", "us.far.section_889": "889",
    "us.fcc.covered_list": "FCC Covered",
}  # fmt: skip


@dataclass(slots=True)
class _Chosen:
    """What is drawn: parties from the top down, and of whom some neighbors stand together: (party, way) -> edges."""

    names: list[str]
    more: dict[tuple[str, str], list[Edge]] = field(default_factory=dict)

    @property
    def left_out(self) -> int:
        """How many parties stand in boxes of several."""
        return len({e.start if way == "up" else e.end for (_, way), edges in self.more.items() for e in edges})


def draw_ownership(graph: Graph, party: str, joined: Joined, *, title: str | None = None, theme: str = "light") -> str:
    """The owners above and the firms below a party, as SVG. Listed parties are red and say so; shares on the lines.

    `theme` is light, dark, or auto (the reader's own, where the SVG is shown by a browser).
    """
    chosen = _around(graph, [party], "owns", joined)
    edges = [e for n in chosen.names for e in graph.out_of(n, "owns") if e.end in chosen.names and e.kind != "indirect"]
    shown = _best(edges)
    links = [Link(e.start, e.end, _share(e), e.exact is None or e.kind != "direct") for e in shown]
    boxes = _boxes(graph, [party], chosen.names, joined)
    for (name, way), rest in chosen.more.items():
        _add_more(boxes, links, name, way, len({e.start if way == "up" else e.end for e in rest}),
                  ("owner", "owners") if way == "up" else ("firm", "firms"), _together(rest))  # fmt: skip
    told = [share_of(graph, party, joined.restricted(way), way, may_be=joined.may_be(way)) for way in ("bis", "ofac")]
    under = [
        f"{'BIS' if s.way == 'bis' else 'OFAC'} way: "
        + ("listed itself" if s.listed else f"{_span(s.low, s.high)}, {_VERDICT[s.reached]}")
        for s in told
    ]
    title = title or f"Who owns {graph.label(party)}, and what it owns"
    return paint(
        boxes,
        links,
        title,
        [f"Held by restricted owners, {' · '.join(under)}"],
        _foot(graph, shown, chosen.left_out),
        theme,
    )


def draw_supply(
    graph: Graph, parties: Sequence[str], joined: Joined, *, title: str | None = None, theme: str = "light"
) -> str:
    """The suppliers above, and the customers below, one or several parties, as SVG."""
    chosen = _around(graph, parties, "supplies", joined, up=2, down=1)
    edges = [e for n in chosen.names for e in graph.out_of(n, "supplies") if e.end in chosen.names]
    links = [Link(e.start, e.end, _flow(e), e.amount is None and e.low is None) for e in edges]
    boxes = _boxes(graph, parties, chosen.names, joined)
    for (name, way), rest in chosen.more.items():
        _add_more(boxes, links, name, way, len({e.start if way == "up" else e.end for e in rest}),
                  ("supplier", "suppliers") if way == "up" else ("customer", "customers"), _sum(rest))  # fmt: skip
    title = title or f"Who supplies {' and '.join(graph.label(p) for p in parties)}"
    return paint(boxes, links, title, [], _foot(graph, edges, chosen.left_out), theme)


def draw_origin(graph: Graph, product: str, joined: Joined, *, title: str | None = None, theme: str = "light") -> str:
    """A product with its inputs and their producers, as SVG; links without a document are dashed."""
    chosen = _around(graph, [product], None, joined, up=8, down=0)
    kinds = ("contains", "makes")
    edges = [e for n in chosen.names for e in graph.out_of(n) if e.end in chosen.names and e.type in kinds]
    links = [
        Link(e.start, e.end, f"{e.type}: {n or 'no'} document{'s' * (n != 1)}", n == 0)
        for e in edges
        for n in (len(e.documents),)
    ]
    boxes = [
        replace(b, style="touch" if b.style != "listed" else b.style, badges=("XINJIANG", *b.badges))
        if is_in_xinjiang(graph.parties[b.id]) else b
        for b in _boxes(graph, [product], chosen.names, joined)
    ]  # fmt: skip
    for (name, way), rest in chosen.more.items():
        bare = sum(not e.documents for e in rest)
        _add_more(boxes, links, name, way, len({e.start for e in rest}), ("input", "inputs or producers"),
                  (f"{bare} without a document" if bare else "documents for each", bare > 0))  # fmt: skip
    title = title or f"What goes into {graph.label(product)}"
    return paint(boxes, links, title, [], _foot(graph, edges, chosen.left_out), theme)


def to_png(svg: str, *, zoom: float = 1.5) -> bytes:
    """The SVG as PNG. MissingPartError where the extra `charts` is not installed."""
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise MissingPartError("PNG pictures need resvg-py", do="pip install 'caveat[charts]'") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", zoom=zoom))


def _around(
    graph: Graph, parties: Sequence[str], type_: str | None, joined: Joined, *, up: int = 4, down: int = 2
) -> _Chosen:
    """The nearest parties above and below: of each one's neighbors those that lead to a listed party, then by share."""
    lead = _leading(graph, joined, type_)
    found = dict.fromkeys(parties)
    above: list[str] = []
    more: dict[tuple[str, str], list[Edge]] = {}
    for way, most in (("up", up), ("down", down)):
        front = list(parties)
        for _ in range(most):
            nearer: dict[str, None] = {}
            for name in front:
                edges = [
                    e for e in (graph.into(name, type_) if way == "up" else graph.out_of(name, type_))
                    if type_ is not None or e.type in ("contains", "makes")
                ]  # fmt: skip
                by: dict[str, list[Edge]] = {}
                for edge in edges:
                    by.setdefault(edge.start if way == "up" else edge.end, []).append(edge)
                order = sorted(by, key=lambda n: (n not in lead, -_weight(by[n]), n))
                fresh = [n for n in order if n not in found and n not in nearer]
                room = max(0, min(_FAN, _MOST - len(found) - len(nearer)))
                kept, rest = (fresh, []) if len(fresh) <= room + 1 and room else (fresh[:room], fresh[room:])
                nearer |= dict.fromkeys(kept)
                if rest:
                    more[name, way] = [e for n in rest for e in by[n]]
            front = list(nearer)
            found |= nearer
            if way == "up":
                above = [*nearer, *above]
    below = [n for n in found if n not in above and n not in parties]
    return _Chosen([*above, *dict.fromkeys(parties), *below], more)


def _leading(graph: Graph, joined: Joined, type_: str | None) -> Collection[str]:
    """The parties that are listed, may be, or stand below one that is."""
    found = dict.fromkeys(p for p in (*joined.listed, *joined.open) if p in graph.parties)
    waiting = list(found)
    for name in waiting:
        for edge in graph.out_of(name, type_):
            if edge.end not in found and len(found) < _SEARCHED:
                found[edge.end] = None
                waiting.append(edge.end)
    return found


def _weight(edges: Iterable[Edge]) -> float:
    return max((e.amount if e.amount is not None else e.high or 0.0) for e in edges)


def _add_more(
    boxes: list[Box], links: list[Link], name: str, way: str, count: int, called: tuple[str, str],
    label: tuple[str, bool],
) -> None:  # fmt: skip
    box = Box(f"more {way} {name}", (f"and {count} more {called[count != 1]}",), "more")
    if way == "up":
        boxes.insert(0, box)
        links.append(Link(box.id, name, *label))
    else:
        boxes.append(box)
        links.append(Link(name, box.id, *label))


def _together(edges: Sequence[Edge]) -> tuple[str, bool]:
    best = _best(edges)
    if len({e.end for e in best}) > 1:
        return "", False
    told = [e.exact for e in best if e.kind == "direct"]
    known = sum(s for s in told if s is not None)
    if len(told) == len(best) and None not in told:
        return f"together {known:.4g} %", False
    return (f"together {known:.4g} % and unknown shares" if known else "shares unknown or ranges"), True


def _sum(edges: Sequence[Edge]) -> tuple[str, bool]:
    coins = {e.currency for e in edges if e.amount is not None}
    if len(coins) == 1 and all(e.amount is not None for e in edges):
        return f"{sum(e.amount or 0.0 for e in edges):,.0f} {coins.pop() or ''}".strip(), False
    return "amounts partly unknown" if coins else "amounts unknown", True


def _best(edges: Iterable[Edge]) -> list[Edge]:
    """One line a pair and kind of tie; a stated share before an unknown one."""
    by: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        key = (edge.start, edge.end, edge.kind)
        if key not in by or (by[key].low is None and edge.low is not None):
            by[key] = edge
    held = {(start, end) for start, end, kind in by if kind == "direct"}
    return [e for (start, end, kind), e in by.items() if kind == "direct" or (start, end) not in held]


def _share(edge: Edge) -> str:
    if edge.kind == "control" and edge.low is None:
        return "control"
    share = "share unknown" if edge.low is None else edge.share_words
    return f"{share} of votes" if edge.kind == "voting" else share


def _span(low: float, high: float) -> str:
    return f"{low:.4g} %" if high - low < 1e-7 else f"{low:.4g} to {high:.4g} %"


_VERDICT = {True: "reaches 50 %", False: "under 50 %", None: "open whether it reaches 50 %"}


def _flow(edge: Edge) -> str:
    words = [edge.item] if edge.item else []
    if edge.amount is not None:
        words.append(f"{edge.amount:,.0f} {edge.currency or ''}".strip())
    elif edge.low is not None:
        words.append(edge.share_words)
    elif edge.quantity is not None:
        words.append(f"{edge.quantity:g} {edge.unit or ''}".strip())
    else:
        words.append("amount unknown")
    return ", ".join(words)


def _boxes(graph: Graph, centers: Collection[str], names: Sequence[str], joined: Joined) -> list[Box]:
    boxes = []
    for name in names:
        listed, open_ = joined.listed.get(name, ()), joined.open.get(name, ())
        style = "listed" if listed else "open" if open_ else "asked" if name in centers else "plain"
        badges = [f"LISTED {_CALLED.get(x, x)}" for x in sorted({x.list for x in listed})]
        badges += ["may be listed: name open"] if open_ and not listed else []
        country = graph.parties[name].country
        boxes.append(
            Box(name, (graph.label(name),), style, (country,) if country else (), tuple(badges), name in centers)
        )
    return boxes


def _foot(graph: Graph, edges: Iterable[Edge], left_out: int) -> list[str]:
    sources = sorted({f"{e.source or e.file}{f' ({e.cite})' if e.cite else ''}" for e in edges})
    lines = [f"Sources: {'; '.join(sources[:3])}" + (f"; {len(sources) - 3} more" if len(sources) > 3 else "")]
    if graph.as_of:
        lines.append(f"In force on {graph.as_of.in_force}, as known on {graph.as_of.known}.")
    if left_out:
        lines.append(f"{left_out} more parties stand together in boxes; those beyond them are not drawn.")
    lines.append("What is not drawn is not thereby absent.")
    return lines
