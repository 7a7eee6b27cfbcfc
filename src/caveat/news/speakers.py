"""Who a speaker is: a person by the words around, the office or firm spoken for."""

from __future__ import annotations

import re

from caveat.news.chunks import Chunk
from caveat.news.context import Context
from caveat.news.sentences import Sentence

ROLE = re.compile(
    r"(?:spokes(?:man|woman|person|people)|president|vice-president|chairman|chairwoman|chief "
    r"executive(?: officer)?|ceo|cfo|founder|co-founder|director|"
    r"manager|sales manager|secretary(?: of [A-Z]?\w+)?|undersecretary[\w ,]*|under secretary[\w "
    r",]*|assistant secretary[\w ,]*|minister|analyst|lawyer|partner|professor|researcher|fellow|"
    r"head|ambassador|"
    r"senator|representative|official|economist|attorney|expert|general counsel|counsel|"
    r"commissioner|administrator|deputy[\w ]*|chief|executive|consultant|strategist|adviser|"
    r"advisor|scholar|activist|chair|leader)",
    re.IGNORECASE,
)


def plain_name(norm: str, chunk: Chunk) -> str:
    """A name as the text has it, on one line."""
    return norm[chunk.start : chunk.end].replace("\n", " ").strip()


def clean_name(text: str) -> str:
    """A name without the small words around it."""
    text = re.sub(r"^(?:the|The|A|An|US|U\.S\.|In|On|Reuters|that|and)\s+", "", text.strip())
    return re.sub(r"\s+(?:the|of|and)$", "", text)


def find_ministry(text: str) -> str | None:
    """The last ministry, embassy or department named in a stretch."""
    found = re.findall(
        r"(?:[A-Z][\w.'-]+ )*(?:[Ff]oreign [Mm]inistry|[Cc]ommerce [Mm]inistry|Ministry of "
        r"[A-Z]\w+(?: [A-Z]\w+)?|[Ee]mbassy(?: in [A-Z]\w+)?|State Department|Commerce Department|"
        r"Treasury Department|White House|Pentagon|regional government)",
        text,
    )
    return found[-1].strip() if found else None


def is_person(norm: str, chunk: Chunk, start: int, end: int) -> bool:
    """A human by the words around: a title, a role in apposition; two or three plain words with no company's word."""
    if chunk.kind == "person":
        return True
    words = chunk.text.split()
    before = norm[max(start, chunk.start - 60) : chunk.start]
    after = norm[chunk.end : min(end, chunk.end + 70)]
    if not 1 <= len(words) <= 4 or any(c.isdigit() for c in chunk.text):
        return False
    if re.search(ROLE.pattern + r",? $", before, re.I):
        return True
    return bool(
        len(words) >= 2
        and re.match(
            r",\s+(?:(?:an?|the|its|their|then|former|who|whose)\s+)?(?:[\w'&.-]+\s+){0,5}?" + ROLE.pattern,
            after,
            re.I,
        )
    )


def find_affiliation(context: Context, sentence: Sentence, chunk: Chunk) -> str | None:
    """Who the speaker speaks for: `president of X`, `X spokesman NAME`, `the Chinese foreign ministry`."""
    norm = context.norm
    after = norm[chunk.end : min(sentence.end, chunk.end + 130)]
    if re.match(r"\s*,", after):
        stop = chunk.end + len(after)
        inside = [c for c in context.chunks_between(chunk.end, stop) if c.kind in ("party", "body", "media")]
        role = ROLE.search(after)
        if inside and role and inside[0].start - chunk.end < 100:
            return plain_name(norm, inside[0])
        if role:
            title = re.match(r"\s*,\s*((?:an? |the )?[^,]{3,80})", after)
            return find_ministry(after) or (re.sub(r"^.*?\b(?:of|for) (?:the )?", "", title[1]) if title else None)
    before = norm[max(sentence.start, chunk.start - 110) : chunk.start]
    close = [
        c
        for c in context.chunks_between(max(sentence.start, chunk.start - 110), chunk.start)
        if c.kind in ("party", "body", "media")
    ]
    if close and ROLE.search(norm[close[-1].end : chunk.start] + " "):
        return plain_name(norm, close[-1])
    return find_ministry(before)


def name_before(context: Context, sentence: Sentence, spoken: re.Match[str]) -> str | None:
    """The name right before `spokesman`: `Ministry of Foreign Affairs spokesperson`."""
    word = re.search(r"spokes(?:man|woman|person|people)", spoken[0])
    at = sentence.start + spoken.start() + (word.start() if word else 0)
    for chunk in context.chunks_between(sentence.start, at):
        if context.norm[chunk.end : at] in (" ", "'s ") and chunk.kind in ("party", "body"):
            return chunk.text
    return None


def authority_name(context: Context, chunk: Chunk) -> str:
    """The authority's whole name, of which the chunk may be a part."""
    cue = next((c for c in context.authorities if c.start <= chunk.start and chunk.end <= c.end), None)
    text = context.norm[cue.start : cue.end] if cue else chunk.text
    return text.removeprefix("the ").removeprefix("The ")
