"""The evidence on two names as a picture: one bar for each piece, each beginning where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from caveat.screening.query import Evidence

_WIDTH, _LEFT, _ROW = 300.0, 300.0, 24


def to_svg(evidence: Sequence[Evidence], title: str, score: float) -> str:
    """An SVG of the pieces; their points add up to the log-odds of the score.

    >>> from caveat.screening import compare
    >>> answer = compare("Dahua Technology", "Dahua Electronics")
    >>> to_svg(answer.evidence, "Dahua", answer.score).startswith("<svg")
    True
    """
    ends = [0.0]
    for piece in evidence:
        ends.append(ends[-1] + piece.points)
    low, high = min(ends), max(ends)
    unit = _WIDTH / max(high - low, 0.01)
    height = 64 + _ROW * (len(evidence) + 1)
    zero = _LEFT + (0.0 - low) * unit
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {height}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="700" height="{height}" fill="white"/>',
        f'<text x="12" y="22" font-weight="bold">{escape(_short(title, 90))}</text>',
        f'<path d="M{zero:.1f} 34V{height - 20}" stroke="#888" stroke-dasharray="3"/>',
        f'<text x="{zero:.1f}" y="{height - 6}" text-anchor="middle" fill="#555">even odds</text>',
    ]
    for row, (piece, start, end) in enumerate(zip(evidence, ends, ends[1:], strict=False)):
        top = 40 + _ROW * row
        words = " ~ ".join(dict.fromkeys(w for w in (piece.query, piece.entry) if w))
        label = f"{piece.feature.replace('_', ' ')}: {words}" if words else piece.feature.replace("_", " ")
        left, width = _LEFT + (min(start, end) - low) * unit, max(abs(end - start) * unit, 1.0)
        color = "#1a7f37" if piece.points >= 0 else "#b42318"
        out.append(
            f'<g><title>{escape(piece.why)}</title><text x="{_LEFT - 10:.0f}" y="{top + 13}" text-anchor="end">'
            f'{escape(_short(label, 44))}</text><rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="16" '
            f'fill="{color}"/><text x="{_LEFT + _WIDTH + 12:.0f}" y="{top + 13}">{piece.points:+.2f}</text></g>'
        )
    top = 40 + _ROW * len(evidence)
    told = f"log-odds {ends[-1]:+.2f}, score {score:.3f}"
    out.append(f'<text x="{_LEFT + _WIDTH + 12:.0f}" y="{top + 13}" font-weight="bold">{ends[-1]:+.2f}</text>')
    out.append(f'<text x="{_LEFT - 10:.0f}" y="{top + 13}" text-anchor="end" font-weight="bold">{told}</text></svg>\n')
    return "".join(out)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
