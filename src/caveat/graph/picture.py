"""Pictures a person can read: the ownership tree and the supply graph, as SVG and PNG, offline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from caveat.errors import MissingPartError
from caveat.graph.edge import Edge
from caveat.graph.join import Joined
from caveat.graph.layout import FONT, LINE, Layout, Link, lay_out, text_width
from caveat.graph.network import Graph

_MOST = 40
_WRAP = 190.0
_FILL = {"listed": "#fde2e1", "open": "#fff4d6", "asked": "#e3edfb", "plain": "#ffffff"}
_EDGE = {"listed": "#b3261e", "open": "#8a6100", "asked": "#1f4e9c", "plain": "#5f6368"}


def draw_ownership(graph: Graph, party: str, joined: Joined, *, title: str | None = None) -> str:
    """The owners above and the firms below a party, as SVG. Listed parties are red and say so; shares on the lines."""
    names, left_out = _around(graph, party, "owns")
    edges = [e for n in names for e in graph.out_of(n, "owns") if e.end in names and e.kind != "indirect"]
    shown = _best(edges)
    links = [Link(e.start, e.end, _share(e), e.exact is None or e.kind != "direct") for e in shown]
    title = title or f"Who owns {graph.label(party)}, and what it owns"
    return _svg(graph, party, names, links, joined, title, _foot(graph, shown, left_out))


def draw_supply(graph: Graph, parties: Sequence[str], joined: Joined, *, title: str | None = None) -> str:
    """The suppliers above, and the customers below, one or several parties, as SVG."""
    names: dict[str, None] = {}
    left_out = 0
    for party in parties:
        found, more = _around(graph, party, "supplies", up=2, down=1)
        names |= dict.fromkeys(found)
        left_out += more
    edges = [e for n in names for e in graph.out_of(n, "supplies") if e.end in names]
    links = [Link(e.start, e.end, _flow(e), e.amount is None and e.low is None) for e in edges]
    title = title or f"Who supplies {' and '.join(graph.label(p) for p in parties)}"
    return _svg(graph, parties[0], list(names), links, joined, title, _foot(graph, edges, left_out))


def draw_origin(graph: Graph, product: str, joined: Joined, *, title: str | None = None) -> str:
    """A product with its inputs and their producers, as SVG; links without a document are dashed."""
    names, left_out = _around(graph, product, None, up=8, down=0)
    kinds = ("contains", "makes")
    edges = [e for n in names for e in graph.out_of(n) if e.end in names and e.type in kinds]
    links = [
        Link(e.start, e.end, f"{e.type}: {n or 'no'} document{'s' * (n != 1)}", n == 0)
        for e in edges
        for n in (len(e.documents),)
    ]
    title = title or f"What goes into {graph.label(product)}"
    return _svg(graph, product, names, links, joined, title, _foot(graph, edges, left_out))


def to_png(svg: str, *, zoom: float = 1.5) -> bytes:
    """The SVG as PNG. MissingPartError where the extra `charts` is not installed."""
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise MissingPartError("PNG pictures need resvg-py", do="pip install 'caveat[charts]'") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", zoom=zoom))


def _around(graph: Graph, party: str, type_: str | None, *, up: int = 4, down: int = 2) -> tuple[list[str], int]:
    """The nearest parties above and below, `_MOST` at most, and how many more there are."""
    found = {party: None}
    for way, most in (("up", up), ("down", down)):
        front = [party]
        for _ in range(most):
            nearer: dict[str, float] = {}
            for name in front:
                edges = graph.into(name, type_) if way == "up" else graph.out_of(name, type_)
                for edge in edges:
                    if type_ is None and edge.type not in ("contains", "makes"):
                        continue
                    other = edge.start if way == "up" else edge.end
                    if other not in found:
                        nearer[other] = max(nearer.get(other, 0.0), edge.high or 0.0)
            front = sorted(nearer, key=lambda n: (-nearer[n], n))
            found |= dict.fromkeys(front)
    names = list(found)
    return names[:_MOST], max(0, len(names) - _MOST)


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


def _flow(edge: Edge) -> str:
    words = [edge.item] if edge.item else []
    if edge.amount is not None:
        words.append(f"{edge.amount:,.0f} {edge.currency or ''}".strip())
    elif edge.low is not None:
        words.append(edge.share_words)
    elif edge.quantity is not None:
        words.append(f"{edge.quantity:g} {edge.unit or ''}".strip())
    return ", ".join(words) or "amount unknown"


def _foot(graph: Graph, edges: Iterable[Edge], left_out: int) -> list[str]:
    sources = sorted({f"{e.source or e.file}{f' ({e.cite})' if e.cite else ''}" for e in edges})
    lines = [f"Sources: {'; '.join(sources[:3])}" + (f"; {len(sources) - 3} more" if len(sources) > 3 else "")]
    if graph.as_of:
        lines.append(f"In force on {graph.as_of.in_force}, as known on {graph.as_of.known}.")
    if left_out:
        lines.append(f"{left_out} more parties are not drawn.")
    lines.append("Dashed: unknown, a range or without evidence. What is not drawn is not thereby absent.")
    return lines


def _svg(
    graph: Graph, center: str, names: Sequence[str], links: Sequence[Link], joined: Joined, title: str,
    foot: Sequence[str],
) -> str:  # fmt: skip
    boxes: dict[str, list[str]] = {}
    styles: dict[str, str] = {}
    for name in names:
        listed, open_ = joined.listed.get(name, ()), joined.open.get(name, ())
        styles[name] = "listed" if listed else "open" if open_ else "asked" if name == center else "plain"
        country = graph.parties[name].country
        lines = _wrap(graph.label(name)) + ([country] if country else [])
        lines += [f"LISTED {x}" for x in sorted({x.list for x in listed})]
        lines += ["name near a listed one"] if open_ and not listed else []
        boxes[name] = lines
    placed = lay_out(boxes, links)
    head = 40.0
    lines_under = [
        part for line in foot for part in _wrap(line, max(placed.width, text_width(title, FONT + 3), 360.0) - 44)
    ]
    width = max(placed.width, text_width(title, FONT + 3) + 44, 360.0)
    height = head + placed.height + LINE * len(lines_under) + 20
    shift = (width - placed.width) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" font-family="DejaVu Sans, Noto Sans, Arial, sans-serif" '
        f'font-size="{FONT:g}">',
        f"<title>{escape(title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0,0 L10,5 L0,10 z" fill="#3c4043"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<text x="22" y="28" font-size="{FONT + 3:g}" font-weight="bold" fill="#202124">{escape(title)}</text>',
        f'<g transform="translate({shift:.1f},{head:g})">',
        *_lines(placed),
        *(part for name in names for part in _box(placed, name, boxes[name], styles[name], name == center)),
        "</g>",
    ]
    for n, line in enumerate(lines_under):
        y = head + placed.height + LINE * (n + 0.9)
        parts.append(f'<text x="22" y="{y:.1f}" font-size="{FONT - 2:g}" fill="#5f6368">{escape(line)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _lines(placed: Layout) -> list[str]:
    parts = []
    for link, line in zip(placed.links, placed.lines, strict=True):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        dash = ' stroke-dasharray="5 4"' if link.loose else ""
        tip = "marker-start" if link.back else "marker-end"
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="#3c4043" stroke-width="1.2"{dash} {tip}="url(#tip)"/>'
        )
    for link, at in zip(placed.links, placed.labels, strict=True):
        parts.append(
            f'<rect x="{at.x - 3:.1f}" y="{at.y:.1f}" width="{at.width + 6:.1f}" height="{at.height:.1f}" '
            f'fill="#ffffff"/>'
            f'<text x="{at.x + at.width / 2:.1f}" y="{at.y + 13:.1f}" font-size="{FONT - 1:g}" text-anchor="middle" '
            f'fill="#202124">{escape(link.label)}</text>'
        )
    return parts


def _box(placed: Layout, name: str, lines: Sequence[str], style: str, center: bool) -> list[str]:
    at = placed.boxes[name]
    width = 2.6 if center or style == "listed" else 1.2
    parts = [
        f'<rect x="{at.x:.1f}" y="{at.y:.1f}" width="{at.width:.1f}" height="{at.height:.1f}" rx="5" '
        f'fill="{_FILL[style]}" stroke="{_EDGE[style]}" stroke-width="{width:g}"/>'
    ]
    for n, line in enumerate(lines):
        bold = ' font-weight="bold"' if line.startswith("LISTED ") else ""
        parts.append(
            f'<text x="{at.x + at.width / 2:.1f}" y="{at.y + 10 + LINE * n + 12.5:.1f}" text-anchor="middle" '
            f'fill="{_EDGE[style] if bold else "#202124"}"{bold}>{escape(line)}</text>'
        )
    return parts


def _wrap(text: str, most: float = _WRAP) -> list[str]:
    """Lines no wider than `most`; a word that is wider alone is cut between letters."""
    lines, line = [], ""
    for word in text.split():
        rest = word
        while text_width(rest) > most:
            cut = max(1, next((n for n in range(1, len(rest)) if text_width(rest[: n + 1]) > most), len(rest)))
            if line:
                lines.append(line)
                line = ""
            lines.append(rest[:cut])
            rest = rest[cut:]
        if line and text_width(f"{line} {rest}") > most:
            lines.append(line)
            line = rest
        else:
            line = f"{line} {rest}".strip()
    return [*lines, line] if line or not lines else lines
