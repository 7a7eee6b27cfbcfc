"""Spans of an article as pieces of text, each with the numbers of the claims that rest on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and the numbers of the claims that cover it (none: plain text)."""

    text: str
    claims: tuple[int, ...]
    begins: tuple[int, ...]


def claims_in(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Events, statements and relations with a place in the text, in the order of the text, numbered from 1."""
    found = []
    for sort in ("events", "statements", "relations"):
        for claim in answer.get(sort) or ():
            if (span := _span(claim)) is not None:
                found.append({**claim, "sort": sort, "start": span[0], "end": span[1]})
    found.sort(key=lambda c: (c["start"], c["end"]))
    return [{**claim, "number": number} for number, claim in enumerate(found, start=1)]


def _span(claim: Mapping[str, Any]) -> tuple[int, int] | None:
    place = claim.get("evidence")
    if isinstance(place, list | tuple) and len(place) == 2 and all(isinstance(x, int) for x in place):
        return int(place[0]), int(place[1])
    return None


def mark(text: str, claims: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The text cut at every beginning and end of a claim; claims may overlap."""
    cuts = sorted({0, len(text), *(min(max(c[k], 0), len(text)) for c in claims for k in ("start", "end"))})
    pieces = []
    for start, end in pairwise(cuts):
        over = tuple(c["number"] for c in claims if c["start"] <= start and end <= c["end"])
        begins = tuple(c["number"] for c in claims if c["start"] == start and c["end"] > start)
        pieces.append(Piece(text[start:end], over, begins))
    return pieces
