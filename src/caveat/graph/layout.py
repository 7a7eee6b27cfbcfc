"""Where things stand in a picture: layers from owners down, boxes and labels that never overlap.

Labels stand in a band of their own above the box a link ends at, each over its own port; a box is as wide as the
labels over it, and boxes of one layer stand apart. So labels cannot meet, whatever the graph.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FONT = 13.0
LINE = 17.0
_PAD = 10.0
_GAP = 22.0
_BAND = 30.0
_BETWEEN = 92.0
_NARROW = frozenset("iljtfrI.,:;'|!()[]-/ ·")
_WIDE = frozenset("mwMWQO@%&→—")


def text_width(text: str, size: float = FONT) -> float:
    """The width of a text in pixels in a wide sans-serif font (DejaVu Sans); never under the true one for such."""
    total = 0.0
    for char in text:
        if ord(char) >= 0x2E80:
            total += 1.0
        elif char in _NARROW:
            total += 0.42
        elif char in _WIDE:
            total += 1.0
        else:
            total += 0.8 if char.isupper() else 0.66
    return total * size


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its left, top, width and height."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Rect) -> bool:
        """Whether the two overlap."""
        return (
            self.x < other.x + other.width and other.x < self.x + self.width
            and self.y < other.y + other.height and other.y < self.y + self.height
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two boxes, with its label. `loose` lines are dashed; `back` marks one that closes a circle."""

    start: str
    end: str
    label: str
    loose: bool = False
    back: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by id, the label and the corners of each link (in the order given), and the size of it all."""

    boxes: dict[str, Rect]
    labels: list[Rect]
    lines: list[list[tuple[float, float]]]
    links: list[Link]
    width: float
    height: float


@dataclass(slots=True)
class _Node:
    """A box, or a point where a long line passes a layer."""

    id: str
    layer: int
    width: float
    height: float
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    x: float = 0.0


def lay_out(
    boxes: Mapping[str, Sequence[str]], links: Sequence[Link], least: Mapping[str, float] | None = None
) -> Layout:
    """Place boxes (id -> lines of text) and links; the start of a link stands above its end where it can.

    `least` holds widths that the text of a box needs, where that is more than its lines in plain letters.
    """
    forward = _without_circles(list(boxes), links)
    layer = _layers(list(boxes), forward)
    need = least or {}
    widths = {
        b: max(max(map(text_width, lines), default=0.0), need.get(b, 0.0)) + 2 * _PAD for b, lines in boxes.items()
    }
    over: defaultdict[str, float] = defaultdict(float)
    for link in forward:
        over[link.end] += _label_width(link)
    widths = {b: max(width, over[b] + _PAD) for b, width in widths.items()}
    nodes = [_Node(b, layer[b], widths[b], len(lines) * LINE + 2 * _PAD) for b, lines in boxes.items()]
    number = {n.id: i for i, n in enumerate(nodes)}
    chains = [_chain(nodes, number[link.start], number[link.end]) for link in forward]
    rows = _rows(nodes)
    _order(nodes, rows)
    _spread(nodes, rows)
    return _draw(nodes, rows, forward, chains)


def _without_circles(boxes: list[str], links: Sequence[Link]) -> list[Link]:
    """The links with those that close a circle turned round and marked."""
    out: defaultdict[str, list[int]] = defaultdict(list)
    for n, link in enumerate(links):
        out[link.start].append(n)
    state: dict[str, int] = {}
    turned: set[int] = set()
    for root in boxes:
        stack: list[tuple[str, int]] = [(root, 0)] if root not in state else []
        while stack:
            box, at = stack.pop()
            state[box] = 1
            if at < len(out[box]):
                stack.append((box, at + 1))
                n = out[box][at]
                goal = links[n].end
                if state.get(goal) == 1:
                    turned.add(n)
                elif goal not in state:
                    stack.append((goal, 0))
            else:
                state[box] = 2
    return [Link(x.end, x.start, x.label, x.loose, True) if n in turned else x for n, x in enumerate(links)]


def _layers(boxes: list[str], links: Sequence[Link]) -> dict[str, int]:
    above: defaultdict[str, list[str]] = defaultdict(list)
    below: defaultdict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(boxes, 0)
    for link in links:
        above[link.end].append(link.start)
        below[link.start].append(link.end)
        waiting[link.end] += 1
    layer = dict.fromkeys(boxes, 0)
    ready = [b for b in boxes if not waiting[b]]
    order = []
    while ready:
        box = ready.pop(0)
        order.append(box)
        for under in below[box]:
            layer[under] = max(layer[under], layer[box] + 1)
            waiting[under] -= 1
            if not waiting[under]:
                ready.append(under)
    for box in reversed(order):  # a top box stands just above what it holds
        if not above[box] and below[box]:
            layer[box] = min(layer[b] for b in below[box]) - 1
    return layer


def _label_width(link: Link) -> float:
    return text_width(link.label, FONT - 1) + 14.0


def _chain(nodes: list[_Node], start: int, end: int) -> list[int]:
    """The nodes a link passes, with a point in each layer between."""
    chain = [start]
    for layer in range(nodes[start].layer + 1, nodes[end].layer):
        nodes.append(_Node("", layer, 10.0, 0.0))
        chain.append(len(nodes) - 1)
    chain.append(end)
    for one, other in itertools.pairwise(chain):
        nodes[one].below.append(other)
        nodes[other].above.append(one)
    return chain


def _rows(nodes: list[_Node]) -> list[list[int]]:
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for n, node in enumerate(nodes):
        rows[node.layer].append(n)
    return [rows[layer] for layer in sorted(rows)]


def _order(nodes: list[_Node], rows: list[list[int]]) -> None:
    """Few crossings: each box near the middle of its neighbors, swept down and up."""
    for sweep in range(8):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            place = {n: float(i) for r in rows for i, n in enumerate(r)}

            def middle(n: int, place: dict[int, float] = place, down: bool = down) -> float:
                near = nodes[n].above if down else nodes[n].below
                return sum(place[m] for m in near) / len(near) if near else place[n]

            row.sort(key=middle)


def _spread(nodes: list[_Node], rows: list[list[int]]) -> None:
    """Left edges: boxes of a row stand apart, near the middle of what they are joined to."""
    for row in rows:
        at = 0.0
        for n in row:
            nodes[n].x = at
            at += nodes[n].width + _GAP
        for n in row:
            nodes[n].x -= (at - _GAP) / 2
    for sweep in range(6):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            _settle(nodes, row, down)


def _settle(nodes: list[_Node], row: list[int], down: bool) -> None:
    wished = []
    for n in row:
        node = nodes[n]
        near = node.above if down else node.below
        center = sum(nodes[m].x + nodes[m].width / 2 for m in near) / len(near) if near else node.x + node.width / 2
        wished.append(center - node.width / 2)
    left: list[float] = []
    edge = float("-inf")
    for n, wish in zip(row, wished, strict=True):
        left.append(max(wish, edge))
        edge = left[-1] + nodes[n].width + _GAP
    right: list[float] = []
    edge = float("inf")
    for n, wish in zip(reversed(row), reversed(wished), strict=True):
        right.append(min(wish, edge - nodes[n].width - _GAP))
        edge = right[-1]
    # the mean of two placements that keep their distances keeps them too
    for n, one, other in zip(row, left, reversed(right), strict=True):
        nodes[n].x = (one + other) / 2


def _draw(
    nodes: list[_Node], rows: list[list[int]], links: list[Link], chains: list[list[int]]
) -> Layout:  # fmt: skip
    least = min((n.x for n in nodes), default=0.0) - _GAP
    tops, y = {}, _GAP
    for row in rows:
        tops[nodes[row[0]].layer] = y
        y += max((nodes[n].height for n in row), default=0.0) + _BETWEEN
    for node in nodes:
        node.x -= least
    placed = {n.id: Rect(n.x, tops[n.layer], n.width, n.height) for n in nodes if n.id}
    into: defaultdict[int, list[int]] = defaultdict(list)
    out: defaultdict[int, list[int]] = defaultdict(list)
    for k, chain in enumerate(chains):
        into[chain[-1]].append(k)
        out[chain[0]].append(k)
    ports: dict[int, float] = {}
    for box, found in into.items():
        found.sort(key=lambda k: nodes[chains[k][-2]].x + nodes[chains[k][-2]].width / 2)
        need = sum(_label_width(links[k]) for k in found)
        at = nodes[box].x + (nodes[box].width - need) / 2
        for k in found:
            ports[k] = at + _label_width(links[k]) / 2
            at += _label_width(links[k])
    labels, lines = [], []
    starts: dict[int, float] = {}
    for box, found in out.items():
        found.sort(key=lambda k: nodes[chains[k][1]].x)
        for i, k in enumerate(found):
            starts[k] = nodes[box].x + nodes[box].width * (i + 1) / (len(found) + 1)
    foot = {nodes[row[0]].layer: tops[nodes[row[0]].layer] + max(nodes[n].height for n in row) for row in rows}
    for k, (link, chain) in enumerate(zip(links, chains, strict=True)):
        top = tops[nodes[chain[-1]].layer]
        width = text_width(link.label, FONT - 1)
        labels.append(Rect(ports[k] - width / 2, top - _BAND + 4, width, LINE))
        first = nodes[chain[0]]
        line = [(starts[k], tops[first.layer] + first.height)]
        if first.height + tops[first.layer] < foot[first.layer]:  # past the taller boxes beside it
            line.append((starts[k], foot[first.layer]))
        for n in chain[1:-1]:
            x = nodes[n].x + nodes[n].width / 2
            line += [(x, tops[nodes[n].layer] - _BAND), (x, foot[nodes[n].layer])]
        line += [(ports[k], top - _BAND), (ports[k], top)]
        lines.append(line)
    width = max((r.x + r.width for r in placed.values()), default=0.0) + _GAP
    return Layout(placed, labels, lines, links, width, y - _BETWEEN + _GAP)
