"""A picture painted: boxes with badges, curved lines, labels, a legend; light, dark, or as the reader's screen is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from caveat.errors import InputError
from caveat.graph.layout import FONT, LINE, Layout, Link, Rect, lay_out, text_width

_WRAP = 190.0
_SMALL = FONT - 2
_BOLD = 1.14  # how much wider bold text is
_MARGIN = 22.0
#: Colors by theme: of the page, and of each style of box (fill, edge).
THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#ffffff", "ink": "#1c2024", "muted": "#60646c", "line": "#6b7280", "chip": "#ffffff",
        "on": "#ffffff", "listed": "#fdecea", "listed-edge": "#b3261e", "touch": "#fbeaf4", "touch-edge": "#8f2f6b",
        "open": "#fff6dd", "open-edge": "#8a6100",
        "asked": "#e8f0fe", "asked-edge": "#1f4e9c", "plain": "#f7f8fa", "plain-edge": "#9aa0a8",
        "more": "#ffffff", "more-edge": "#c3c7ce",
    },
    "dark": {
        "paper": "#14171a", "ink": "#eceef1", "muted": "#a3abb5", "line": "#8b95a1", "chip": "#14171a",
        "on": "#14171a", "listed": "#3d1714", "listed-edge": "#ff8a80", "touch": "#381529", "touch-edge": "#f29ac9",
        "open": "#362b0d", "open-edge": "#f2c14e",
        "asked": "#14274a", "asked-edge": "#8ab4f8", "plain": "#1f2429", "plain-edge": "#6d7680",
        "more": "#14171a", "more-edge": "#4b535c",
    },
}  # fmt: skip
_LEGEND = (
    ("listed", "on a list"), ("touch", "of Xinjiang"), ("open", "a name that may be a listed party: open"),
    ("asked", "asked about"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its names (wrapped where long), its style, small lines under them, badges, and whether it stands out."""

    id: str
    names: tuple[str, ...]
    style: str = "plain"
    small: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    is_center: bool = False

    def lines(self) -> list[tuple[str, str]]:
        """(kind, text) of each line: `bold` or `name`, `small`, `badge`."""
        kind = "bold" if self.is_center else "name"
        most = _WRAP / (_BOLD if self.is_center else 1.0)
        named = [(kind, part) for name in self.names for part in wrap(name, most)]
        return [*named, *(("small", s) for s in self.small), *(("badge", b) for b in self.badges)]


def paint(
    boxes: Sequence[Box], links: Sequence[Link], title: str, under: Sequence[str], foot: Sequence[str], theme: str
) -> str:
    """The picture as SVG. `boxes` stand from the top down; InputError for a theme nobody knows."""
    if theme not in (*THEMES, "auto"):
        raise InputError(f"{theme!r} is no theme", do="give light, dark or auto")
    colors = THEMES["light" if theme == "auto" else theme]
    placed = lay_out(
        {b.id: [text for _, text in b.lines()] for b in boxes}, links,
        {b.id: max(_line_width(kind, text) for kind, text in b.lines()) for b in boxes},
    )  # fmt: skip
    legend = _legend(boxes, links)
    inside = max(placed.width, 640.0, sum(w for *_, w in legend) + _MARGIN) - 2 * _MARGIN
    heads = wrap(title, inside / _BOLD, FONT + 4)
    subs = [part for line in under if line for part in wrap(line, inside, FONT)]
    feet = [part for line in foot for part in wrap(line, inside, _SMALL)]
    head = 30.0 + 22.0 * (len(heads) - 1) + LINE * len(subs) + 14.0
    width, height = inside + 2 * _MARGIN, head + placed.height + 26.0 + 15.0 * len(feet) + 16.0
    pen = _Pen(colors)
    pen.put(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" font-family="DejaVu Sans, Noto Sans, Noto Sans CJK SC, '
        f'Arial, sans-serif" font-size="{FONT:g}">',
        f"<title>{escape(title)}</title>",
        *_style(theme),
        f'<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0,0.6 L10,5 L0,9.4 z" class="f-line" fill="{colors["line"]}"/></marker>'
        "</defs>",
    )
    pen.rect(Rect(0, 0, width, height), "paper")
    for n, line in enumerate(heads):
        pen.text(_MARGIN, 30 + 22 * n, line, "ink", size=FONT + 4, bold=True)
    for n, line in enumerate(subs):
        pen.text(_MARGIN, 30 + 22 * (len(heads) - 1) + LINE * (n + 1.2), line, "muted")
    pen.put(f'<g transform="translate({(width - placed.width) / 2:.1f},{head:.1f})">')
    _paint_lines(pen, placed)
    for box in boxes:
        _paint_box(pen, placed.boxes[box.id], box)
    pen.put("</g>")
    y = head + placed.height + 12.0
    _paint_legend(pen, legend, y)
    for n, line in enumerate(feet):
        pen.text(_MARGIN, y + 18 + 15 * n, line, "muted", size=_SMALL)
    return "\n".join([*pen.parts, "</svg>"]) + "\n"


class _Pen:
    """Puts shapes down in colors by name; the class of each lets a style sheet change them."""

    def __init__(self, colors: Mapping[str, str]) -> None:
        self.colors, self.parts = colors, list[str]()

    def put(self, *parts: str) -> None:
        """Ready markup."""
        self.parts += parts

    def rect(self, at: Rect, fill: str, edge: str | None = None, *, width: float = 1.2, round_: float = 0.0) -> None:
        """A rectangle."""
        line = f' stroke="{self.colors[edge]}" stroke-width="{width:g}"' if edge else ""
        corner = f' rx="{round_:g}"' if round_ else ""
        self.parts.append(
            f'<rect class="f-{fill}{f" s-{edge}" if edge else ""}" x="{at.x:.1f}" y="{at.y:.1f}" '
            f'width="{at.width:.1f}" height="{at.height:.1f}"{corner} fill="{self.colors[fill]}"{line}/>'
        )

    def text(
        self, x: float, y: float, text: str, fill: str, *, size: float = FONT, bold: bool = False, middle: bool = False
    ) -> None:
        """A line of text on its baseline."""
        more = (' font-weight="bold"' if bold else "") + (' text-anchor="middle"' if middle else "")
        self.parts.append(
            f'<text class="f-{fill}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{more} '
            f'fill="{self.colors[fill]}">{escape(text)}</text>'
        )


def _style(theme: str) -> list[str]:
    if theme != "auto":
        return []
    dark = "".join(f".f-{n}{{fill:{c}}}.s-{n}{{stroke:{c}}}" for n, c in THEMES["dark"].items())
    return [f"<style>@media (prefers-color-scheme: dark){{{dark}}}</style>"]


def _line_width(kind: str, text: str) -> float:
    if kind == "badge":
        return text_width(text, _SMALL) * _BOLD + 16
    return text_width(text, _SMALL) if kind == "small" else text_width(text) * (_BOLD if kind == "bold" else 1.0)


def _paint_lines(pen: _Pen, placed: Layout) -> None:
    for link, line in zip(placed.links, placed.lines, strict=True):
        dash = ' stroke-dasharray="5 4"' if link.loose else ""
        tip = "marker-start" if link.back else "marker-end"
        pen.put(
            f'<path class="tie s-line" d="{_curve(line)}" fill="none" stroke="{pen.colors["line"]}" '
            f'stroke-width="1.4"{dash} {tip}="url(#tip)"/>'
        )
    for link, at in zip(placed.links, placed.labels, strict=True):
        if link.label:
            pen.rect(Rect(at.x - 4, at.y, at.width + 8, at.height), "chip", round_=4)
            pen.text(at.x + at.width / 2, at.y + 13, link.label, "ink", size=FONT - 1, middle=True)


def _curve(line: Sequence[tuple[float, float]]) -> str:
    """Through the corners, straight where a piece is upright, else bent so that it leaves and comes in upright."""
    parts = [f"M{line[0][0]:.1f},{line[0][1]:.1f}"]
    for (x, y), (a, b) in itertools.pairwise(line):
        middle = (y + b) / 2
        bend = f"C{x:.1f},{middle:.1f} {a:.1f},{middle:.1f} "
        parts.append(f"L{a:.1f},{b:.1f}" if abs(x - a) < 0.5 else f"{bend}{a:.1f},{b:.1f}")
    return " ".join(parts)


def _paint_box(pen: _Pen, at: Rect, box: Box) -> None:
    edge = "asked-edge" if box.is_center and box.style == "plain" else f"{box.style}-edge"
    pen.rect(at, box.style, edge, width=2.6 if box.is_center or box.style in ("listed", "touch") else 1.2, round_=8)
    x, y = at.x + at.width / 2, at.y + 10
    for kind, text in box.lines():
        if kind == "badge":
            wide = _line_width(kind, text)
            pen.rect(Rect(x - wide / 2, y + 0.5, wide, LINE - 1.5), edge, round_=8)
            pen.text(x, y + 12.4, text, "on", size=_SMALL, bold=True, middle=True)
        elif kind == "small":
            pen.text(x, y + 12, text, "muted", size=_SMALL, middle=True)
        else:
            pen.text(x, y + 12.5, text, "muted" if box.style == "more" else "ink", bold=kind == "bold", middle=True)
        y += LINE


def _legend(boxes: Iterable[Box], links: Iterable[Link]) -> list[tuple[str, str, float]]:
    """(style, words, width) of each kind that is in the picture."""
    styles = {b.style for b in boxes}
    found = [(style, words) for style, words in _LEGEND if style in styles]
    if any(link.loose for link in links):
        found.append(("dash", "unknown, a range, or without evidence"))
    return [(style, words, 24 + text_width(words, _SMALL) + 18) for style, words in found]


def _paint_legend(pen: _Pen, legend: Sequence[tuple[str, str, float]], y: float) -> None:
    x = _MARGIN
    for style, words, width in legend:
        if style == "dash":
            pen.put(
                f'<path class="s-line" d="M{x:.1f},{y - 4:.1f} h18" fill="none" stroke="{pen.colors["line"]}" '
                'stroke-width="1.4" stroke-dasharray="5 4"/>'
            )
        else:
            pen.rect(Rect(x, y - 10, 18, 12), style, f"{style}-edge", round_=3)
        pen.text(x + 24, y, words, "muted", size=_SMALL)
        x += width


def wrap(text: str, most: float = _WRAP, size: float = FONT) -> list[str]:
    """Lines no wider than `most`; a word that is wider alone is cut between letters."""
    lines, line = [], ""
    for word in text.split():
        rest = word
        while text_width(rest, size) > most:
            cut = max(1, next((n for n in range(1, len(rest)) if text_width(rest[: n + 1], size) > most), len(rest)))
            if line:
                lines.append(line)
                line = ""
            lines.append(rest[:cut])
            rest = rest[cut:]
        if line and text_width(f"{line} {rest}", size) > most:
            lines.append(line)
            line = rest
        else:
            line = f"{line} {rest}".strip()
    return [*lines, line] if line or not lines else lines
