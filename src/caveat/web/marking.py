"""Spans of an article as pieces of text, each with the numbers of the claims that rest on it."""

from __future__ import annotations

import re
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


def claims_in(text: str, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The claims of a reading in the order of the text, numbered from 1, each with its narrowest place.

    A claim that stands word for word within its evidence is marked there, else over the whole of it.
    """
    found = []
    for claim in answer["claims"]:
        start, end = claim["evidence"]
        words = r"\s+".join(re.escape(w) for w in str(claim["claim"]).split())
        if words and (match := re.search(words, text[start:end])):
            start, end = start + match.start(), start + match.end()
        found.append({**claim, "start": start, "end": end})
    found.sort(key=lambda c: (c["start"], c["end"]))
    return [{**claim, "number": number} for number, claim in enumerate(found, start=1)]


def mark(text: str, claims: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The text cut at every beginning and end of a claim; claims may overlap."""
    cuts = sorted({0, len(text), *(min(max(c[k], 0), len(text)) for c in claims for k in ("start", "end"))})
    pieces = []
    for start, end in pairwise(cuts):
        over = tuple(c["number"] for c in claims if c["start"] <= start and end <= c["end"])
        begins = tuple(c["number"] for c in claims if c["start"] == start and c["end"] > start)
        pieces.append(Piece(text[start:end], over, begins))
    return pieces
