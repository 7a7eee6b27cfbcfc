"""Relations that an article claims, as `caveat read --format json` tells them: ties with their place in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caveat.graph.check import check_edges
from caveat.graph.edge import Edge, EdgeReading, GraphParty, Notes
from caveat.graph.jsons import ODD, read_records
from caveat.graph.words import read_moment

#: Relation -> (type of edge, whether it runs the other way round).
_TIES: Mapping[str, tuple[str, bool]] = {
    "supplier": ("supplies", False), "customer": ("supplies", True), "owner": ("owns", False),
    "affiliate": ("other", False),
}  # fmt: skip


def read_relations(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read the relations of one article, or of several (a line each). An owner's share is unknown: it may only back."""
    notes = Notes(name)
    edges: list[Edge] = []
    for line, record in read_records(data, name):
        for n, article in enumerate(record if isinstance(record, list) else [record]):
            try:
                edges += _edges(article, name, f"line {line}" + (f", article {n + 1}" if n else ""), notes)
            except ODD as error:
                notes.say(f"line {line}", f"holds a value of an unexpected type ({error})", "it is left out")
    sound = tuple(check_edges(edges, notes))
    ends = dict.fromkeys(end for e in sound for end in (e.start, e.end))
    parties = tuple(GraphParty(end, end, file=name) for end in ends)
    said = max((e.said for e in sound if e.said), default=None)
    return EdgeReading(name, "caveat.article", sha256, sound, parties, notes.all(), published=said)


def _edges(article: Mapping[str, Any], name: str, line: str, notes: Notes) -> Iterator[Edge]:
    title = str(article.get("title") or name)
    published = article.get("published")
    for n, told in enumerate(article.get("relations") or (), start=1):
        place = f"{line}, relation {n}"
        start, end = str(told.get("from") or "").strip(), str(told.get("to") or "").strip()
        word, turned = _TIES.get(str(told.get("type")), ("other", False))
        if not start or not end:
            notes.say(place, "lacks a party at one end", "it is left out")
            continue
        if str(told.get("type")) not in _TIES:
            notes.say(place, f"relation {told.get('type')!r} is not known", "it is read as other")
        evidence = list(told.get("evidence") or ())
        where = f", characters {evidence[0]} to {evidence[1]}" if len(evidence) == 2 else ""
        yield Edge(
            end if turned else start, start if turned else end, word,
            said=read_moment(str(published)) if published else None,
            source=str(article.get("source_address") or "press"), cite=f'article "{title}"{where}', file=name,
            place=place,
        )  # fmt: skip
