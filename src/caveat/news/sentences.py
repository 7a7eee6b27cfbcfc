"""Sentences of an article, and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caveat.news.text import Flat

_SHORT = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sen",
        "rep",
        "gov",
        "gen",
        "col",
        "lt",
        "maj",
        "sgt",
        "st",
        "no",
        "nos",
        "vs",
        "inc",
        "co",
        "corp",
        "ltd",
        "llc",
        "jr",
        "sr",
        "etc",
        "al",
        "fig",
        "art",
        "sec",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "u.n",
        "d.c",
        "e.o",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "approx",
        "dept",
        "pte",
        "pvt",
        "bhd",
        "sdn",
        "reps",
        "sens",
        "hon",
        "rev",
        "cos",
        "bros",
        "mt",
        "ft",
        "s.p.a",
        "a.s",
        "fed",
        "reg",
        "cf",
        "pp",
    ]
)
_LEGAL = frozenset(["inc", "co", "corp", "ltd", "llc", "pte", "pvt", "bhd"])
_STOP = re.compile(r"[.!?]+[\"')\]]*\s+(?=[\"'(\[]?[^\W_a-z])|[.!?]\"(?=[A-Z])|[.!?]+\"\s+(?=[a-z])")
#: `WASHINGTON, Oct. 7 (Agency) -`: where an agency's report was written, no part of its first sentence.
_DATELINE = re.compile(
    r"(?=[^a-z]{4,}|[^-]{0,60}\((?:[A-Z][\w. ]{1,20})\)|[A-Z][a-z]+(?: [A-Z][a-z]+)?,? \(?\d{1,2} "
    r"[A-Z][a-z]{2,8}(?: \d{4})?|[A-Z][a-z]+(?: [A-Z][a-z]+)?, [A-Z][a-z]{2,8}\.? \d{1,2})"
    r"[A-Z][A-Za-z.]*(?:[ ,/&.'-]+(?:[A-Z][A-Za-z.]*|\d{1,4}))*,?\s*(?:\([^)]{2,40}\)(?:, "
    r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?|/[A-Z][\w -]{2,30}/)?\s*(?:--?|:)\s+(?=\S)"
)
_OPENERS = frozenset(
    [
        "The",
        "This",
        "That",
        "These",
        "Those",
        "It",
        "They",
        "He",
        "She",
        "We",
        "In",
        "On",
        "At",
        "By",
        "But",
        "And",
        "For",
        "From",
        "If",
        "As",
        "A",
        "An",
        "Its",
        "Their",
        "His",
        "Her",
        "There",
        "Both",
        "Some",
        "All",
        "Many",
        "Most",
        "Other",
        "Others",
        "Also",
        "After",
        "Before",
        "When",
        "While",
        "Since",
        "Under",
        "Among",
        "Another",
        "BIS",
        "OFAC",
    ]
)
TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_](?:[\w]|[-'/.&+](?=[^\W_]))*(?:\+(?!\w))?|&|[(),;:\"]|--?")
WORDS_JOINED = re.compile(r"\w+")


#: `… Ltd. CBP issued …`: words that begin a sentence of their own after a legal form.
_BEGINS = re.compile(
    r"[\"'(]?(?:[A-Z][\w.'-]*)(?: [A-Z][\w.'-]*){0,3},? (?:said|says|told|is|was|were|are|has|have|had|did|does|"
    r"will|would|may|can|"
    r"also|issued|announced|added|called|declined|denied|makes|made|put|puts|names|named|and other|of the|on [A-Z])\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its span in the flat text, its block and the block's kind."""

    start: int
    end: int
    block: int
    kind: str


def split_sentences(flat: Flat) -> list[Sentence]:
    """The sentences of the kept blocks, in order; a heading, an item or a row is at least one."""
    found: list[Sentence] = []
    for number, block in enumerate(flat.blocks):
        dateline = (
            _DATELINE.match(flat.norm, block.start, min(block.end, block.start + 110)) if block.kind == "text" else None
        )
        start = dateline.end() if dateline else block.start
        for stop in _STOP.finditer(flat.norm, start, block.end):
            end = stop.end()
            if flat.norm[stop.start()] == "." and _is_short(flat.norm, block.start, stop.start(), end):
                continue
            if flat.norm[end : end + 1].islower():  # a question or an exclamation inside a sentence of speech
                continue
            found.append(Sentence(start, len(flat.norm[:end].rstrip()), number, block.kind))
            start = end
        if flat.norm[start : block.end].strip():
            found.append(Sentence(start, block.end, number, block.kind))
    return [piece for sentence in found for piece in _cut_long(flat.norm, sentence)]


#: No sentence is longer: what is longer is a table, a list of words or noise, and is read in pieces.
_LONGEST = 3000


def _cut_long(norm: str, sentence: Sentence) -> list[Sentence]:
    if sentence.end - sentence.start <= _LONGEST:
        return [sentence]
    out: list[Sentence] = []
    start = sentence.start
    while start < sentence.end:
        end = min(start + _LONGEST, sentence.end)
        if end < sentence.end:
            blank = norm.rfind(" ", start + 1, end)
            end = blank if blank > start else end
        out.append(Sentence(start, end, sentence.block, sentence.kind))
        start = end
    return out


def _is_short(norm: str, start: int, stop: int, after: int) -> bool:
    """Whether the stop belongs to an abbreviation, an initial or a number rather than to the sentence."""
    word = re.search(r"[\w.]+$", norm[max(start, stop - 12) : stop])
    if not word:
        return False
    text = word[0].lower().strip(".")
    following = re.match(r"[\"'(\[]?([^\W_][\w']*)", norm[after : after + 40])
    next_word = following[1] if following else ""
    if text in _LEGAL and _BEGINS.match(norm, after):
        return False
    if text in _LEGAL or text in ("u.s", "u.k", "u.n", "d.c", "a.m", "p.m", "etc", "al"):
        return next_word not in _OPENERS
    if text == "no" and not norm[after : after + 1].isdigit():
        return False
    if text in _SHORT:
        return True
    return len(text) == 1 and word[0].isupper() and next_word not in _OPENERS


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark; `owns` where a possessive follows, `end` being before it."""

    text: str
    start: int
    end: int
    owns: bool = False


def tokens_of(norm: str, start: int, end: int) -> list[Token]:
    """The words and marks between two offsets."""
    out: list[Token] = []
    for found in TOKEN.finditer(norm, start, end):
        text = found[0]
        first, last = found.span()
        if text.endswith("'s") and len(text) > 2:
            out.append(Token(text[:-2], first, last - 2, True))
        elif norm[last : last + 1] == "'" and text.endswith("s") and norm[last + 1 : last + 2] in " ,":
            out.append(Token(text, first, last, True))
        else:
            out.append(Token(text, first, last))
    return out
