"""Who is named in a stretch of text: enumerations with their appositions, read name by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.news.chunks import Chunk
from caveat.news.signals import count_pattern, read_number
from caveat.news.words import word_set

_SEPARATOR = re.compile(
    r"[,;:]|\s--?\s|\bas well as\b|\balong with\b|\btogether with\b|\band\b|\bor\b|\bplus\b|"
    r"\bbut\b|\(|\)|\s\|\s|\bin addition to\b"
)
_APPOSITION = re.compile(
    r"\s*\"?(?:an?|one of|both|all|which|who|whose|whom|where|that|based|headquartered|located|"
    r"owned|formerly|also known|known|owners? of|operators? of|managers? of|"
    r"part of|home to|maker of|makers of|according|with|when|while|after|because|citing|saying|"
    r"accused|said|says|backed|controlled|"
    r"run by|but not|not|except|excluding|founded|established|operating|including those|"
    r"part-owned|listed on|under the)\b"
)
_PEER = re.compile(
    r"\s*(?:(?:and )?(?:its|their|his|her|the|a|an|two|three|four) (?:[\w-]+,? ){0,3}?(?:peers?|"
    r"rivals?|units?|subsidiar(?:y|ies)|affiliates?|parents?|arms?|"
    r"sister compan(?:y|ies)|spin-?offs?|competitors?|branch(?:es)?|divisions?|parent compan(?:y|"
    r"ies))(?: (?:called|named|known as))?),? $"
)
_BEFORE = re.compile(
    r"\b(?:of|in|from|by|with|to|for|at|on|under|near|via|through|than|about|against|into|across|between|owns|"
    r"known as|business as|trading as|operating as|formerly|called by|per|outside|within|around|"
    r"off)(?: the| an?| its| their)?(?: [A-Z][a-z]+(?:an|ese|ish|ch|i))?\s*\"?$"
)
_ALLOWED_BEFORE = re.compile(
    r"\b(?:such as|as well as|including|like|namely|led by|headed by|(?:made|produced|manufactured) by)(?: the)?\s*\"?$"
)
#: `three companies tied to NAME`: whose they are, not one of them.
_TIED = re.compile(
    r"\b(?:(?:tied|linked|connected|close|related|belonging|loyal|subordinate|affiliated) (?:to|with)|"
    r"(?:owned|controlled|run|led|founded|headed|backed|managed|chaired) by)(?: the)? (?:[\w-]+ ){0,4}$"
)
#: `…, and of the broadcaster NAME`: a further object of the same act.
_FURTHER = re.compile(r"\s*(?:of|against|on)(?: the| an?)? (?:[a-z-]+ ){0,3}$")
_GOVERNED = re.compile(r"\b(?:of|from|by|with|for|against)\s(?:the |its )?[\w' -]{1,40}\s*$")
_MEMBERS = re.compile(
    r"\b(?:subsidiaries|affiliates|units|branches|officials|members|employees|executives|"
    r"suppliers|institutes|arms|divisions|shareholders|customers) (?:of|at|in)\b"
)
_ROLE_AFTER = re.compile(r"(?:\s|-)([a-z][\w-]*)(?:\s+([a-z][\w-]*))?")
PERSON_LISTS = frozenset(("SDN", "VISA", "EU", "UK", "UN", "DPL", "OTHER"))
_PERSON_WORD = re.compile(
    r"^\s*,? (?:an? |the |its |then |former )?(?:[\w'-]+ ){0,4}?(?:spokes(?:man|woman|person)|"
    r"founder|analyst|lawyer|partner at|"
    r"economist|professor|fellow|researcher|secretary of|minister|ambassador)\b"
)


def names_in(
    norm: str, start: int, end: int, chunks: Sequence[Chunk], *, persons: bool = False, free: bool = False
) -> list[Chunk]:
    """The parties enumerated between two offsets; appositions, possessors and places left out.

    persons  people count too
    free     the stretch is known to be an enumeration: a name after a preposition counts as well
    """
    inside = [c for c in chunks if c.start >= start and c.end <= end]
    out: list[Chunk] = []
    apposed = governed = members = False
    depth = 0
    for begin, stop, before in _segments(norm, start, end, inside):
        piece = [c for c in inside if c.start >= begin and c.end <= stop]
        if before == "(":
            numbered = re.fullmatch(r"\s*\(?[\divx]{1,4}\s*", norm[begin:stop])
            depth = 0 if numbered else 1
        elif before == ")":
            depth = 0
        if depth:
            continue
        text = norm[begin:stop]
        if before in (",", ";", ":", "") or before.strip() in ("--", "-", "|", "as well as", "along with", ")", "plus"):
            apposed = False
        if _APPOSITION.match(text) and not _peer_of(norm, begin, piece) and not (free and not before):
            apposed = True
        if apposed:
            inner = re.search(r"\b(?:including|such as|namely|called|named)\s", text)
            if not inner:
                continue
            piece = [c for c in piece if c.start >= begin + inner.end() - 1]
            apposed = False
        if (before in ("and", "or") and governed and piece and not norm[begin : piece[0].start].strip(' "the')) or (
            before == "and" and members
        ):
            piece = []
        size = len(out)
        for chunk in piece:
            if _counts(norm, begin, chunk, persons=persons, free=free) and not _follows_name(out, chunk, norm):
                out.append(chunk)
        members = len(out) == size and bool(_MEMBERS.search(text))
        governed = len(out) == size and bool(_GOVERNED.search(text)) and not free
    return out


def _segments(norm: str, start: int, end: int, inside: Sequence[Chunk]) -> list[tuple[int, int, str]]:
    """(start, end, separator before) of each piece; separators inside a name do not part."""
    out: list[tuple[int, int, str]] = []
    begin, before = start, ""
    for mark in _SEPARATOR.finditer(norm, start, end):
        if any(c.start < mark.end() and mark.start() < c.end for c in inside):
            continue
        out.append((begin, mark.start(), before))
        begin, before = mark.end(), mark[0]
    out.append((begin, end, before))
    return out


def _peer_of(norm: str, begin: int, piece: Sequence[Chunk]) -> bool:
    """`its peer NAME`, `a unit called NAME`: an apposition that brings in a name of its own."""
    return (
        bool(piece)
        and bool(_PEER.match(norm[begin : piece[0].start]))
        and not norm[begin:].lstrip().startswith(("a ", "an "))
    )


def _follows_name(out: Sequence[Chunk], chunk: Chunk, norm: str) -> bool:
    return bool(out) and out[-1].end >= chunk.start


def _counts(norm: str, begin: int, chunk: Chunk, *, persons: bool, free: bool) -> bool:
    """Whether a name in an enumeration names a member of it."""
    if chunk.kind not in ("party", "person") or (chunk.kind == "person" and not persons):
        return False
    if chunk.owns:
        return False
    before = norm[begin : chunk.start]
    if _TIED.search(before) and not chunk.entries:
        return False
    if not free and _BEFORE.search(before) and not _ALLOWED_BEFORE.search(before) and not _FURTHER.fullmatch(before):
        return False
    if not chunk.entries or not free:
        after = _ROLE_AFTER.match(norm, chunk.end)
        roles = word_set("names", "role_nouns")
        if after and (
            after[1] in roles
            or (
                after[2] in roles
                and after[1]
                not in (
                    "and",
                    "to",
                    "of",
                    "in",
                    "for",
                    "on",
                    "the",
                    "was",
                    "were",
                    "is",
                    "are",
                    "with",
                    "from",
                    "by",
                    "as",
                    "at",
                    "after",
                    "over",
                )
            )
        ):
            return False
    if norm[chunk.end : chunk.end + 1] == "-" and norm[chunk.end + 1 : chunk.end + 2].islower():
        return False
    return persons or not _PERSON_WORD.match(norm[chunk.end : chunk.end + 60])


_IN_DATE = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.? $")
_ONE = re.compile(
    r"\b(?:an|one) (?:existing |additional |new |more |other |inadvertently omitted )*(?:entity|individual|"
    r"entry)\b(?! of|'s)"
)


def count_in(norm: str, start: int, end: int, *, new: bool = False) -> int | None:
    """The largest number of parties counted between two offsets; None where none is.

    new  those listed anew: `ten existing entries` are not among them
    """
    best: int | None = None
    for found in count_pattern().finditer(norm, start, end):
        number = read_number(found["number"])
        if number is None or (1900 <= number <= 2100) or number == 0:
            continue
        if _IN_DATE.search(norm, max(0, found.start() - 12), found.start()):
            continue
        if re.search(r"\b(?:one|two|\d+) (?:of|in)\b", found[0][:8], re.I) and number == 1:
            continue
        if re.match(r"\s*or (?:more|fewer|less)\b", norm[found.start("number") + len(found["number"]) :]):
            continue
        if number == 1 and re.match(r"\s*of\b", norm[found.start("number") + len(found["number"]) :]):
            continue
        if found["noun"].lower() in ("entry", "entries") and best is not None:
            continue
        if new and re.search(r"\bexisting\b", found[0]):
            continue
        best = number if best is None else max(best, number)
    if best is None and _ONE.search(norm, start, end):
        return 1
    return best
