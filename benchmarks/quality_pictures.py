"""The pictures of the quality page, as plain SVG."""

from __future__ import annotations

LOWEST = 0.8  # where the scale of what is found begins


def _picture(body: str, x: str, y: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" font-family="sans-serif" font-size="12">'
        '<rect width="480" height="320" fill="white"/>'
        '<path d="M60 20V270H460" fill="none" stroke="black"/>'
        f'<text x="260" y="305" text-anchor="middle">{x}</text>'
        f'<text x="18" y="145" text-anchor="middle" transform="rotate(-90 18 145)">{y}</text>{body}</svg>\n'
    )


def frontier(frontier: list[tuple[float, list[float]]]) -> str:
    most = max(max(r[3:]) for _, r in frontier) or 0.01
    body = ""
    for which, color, label in ((1, "#0b5", "one edit"), (2, "#a40", "two edits")):
        spots = [
            (60 + 400 * (r[3] + r[4]) / 2 / most, 270 - 250 * (r[which] - LOWEST) / (1 - LOWEST)) for _, r in frontier
        ]
        body += (
            f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
            + " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
            + '"/>'
        )
        body += "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>' for a, b in spots)
        body += (
            f'<text x="{spots[0][0]:.0f}" y="{spots[0][1] + 18:.0f}" text-anchor="end" fill="{color}">{label}</text>'
        )
    body += f'<text x="55" y="24" text-anchor="end">1.0</text><text x="55" y="274" text-anchor="end">{LOWEST}</text>'
    body += f'<text x="460" y="285" text-anchor="end">{most:.3f}</text><text x="60" y="285">0</text>'
    return _picture(body, "share of strangers alerted", "share found")


def calibration(bands: list[tuple[float, float, int, float, float]]) -> str:
    body = '<path d="M60 270L460 20" stroke="#999" stroke-dasharray="4"/>'
    body += "".join(
        f'<circle cx="{60 + 400 * b[3]:.1f}" cy="{270 - 250 * b[4]:.1f}" r="5" fill="#05a"/>' for b in bands
    )
    return _picture(body, "score", "share that is the party asked for")


def bars(rows: list[tuple[str, float, str]], title: str, *, most: float = 1.0) -> str:
    """One bar for each row: its label, its value and the value in words."""
    height = 40 + 22 * len(rows)
    body = ""
    for place, (label, value, told) in enumerate(rows):
        top = 34 + 22 * place
        width = 330 * min(value, most) / most
        body += f'<text x="150" y="{top + 13}" text-anchor="end">{label}</text>'
        body += f'<rect x="158" y="{top}" width="{width:.1f}" height="16" fill="#27d"/>'
        body += f'<text x="{164 + width:.1f}" y="{top + 13}">{told}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="560" height="{height}" fill="white"/>'
        f'<text x="12" y="20" font-weight="bold">{title}</text>{body}</svg>\n'
    )
