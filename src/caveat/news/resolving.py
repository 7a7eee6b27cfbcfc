"""Which list a clause means, who acts in it, when, and whether it tells of an earlier act."""

from __future__ import annotations

import re

from caveat.news.context import Context
from caveat.news.dates import Told, find_dates
from caveat.news.sentences import Sentence
from caveat.news.signals import Act, Cue, background, find_acts, within


def authority_of(context: Context, sentence: Sentence, act: Act) -> Cue | None:
    """Who acts: an authority named before the act, after `by`, or else anywhere in the sentence."""
    here = [
        c
        for c in within(context.authorities, sentence.start, sentence.end)
        if c.id not in ("china_state", "other_state")
    ]
    states = [
        c for c in within(context.authorities, sentence.start, sentence.end) if c.id in ("china_state", "other_state")
    ]
    norm = context.norm
    for cue in here:
        if re.search(r"\bby (?:the )?$", norm[max(0, cue.start - 8) : cue.start]) and cue.start > act.end:
            return cue
    before = [c for c in here if c.end <= act.start]
    named = [c for c in before if c.id not in ("us", "congress")]
    if named:
        return named[-1]
    if before:
        return before[-1]
    for cue in states:
        agent = re.match(
            r"\s+(?:(?:also|has|have|on \w+day|said|will|is|was)\s+){0,3}(?:on \w+day\s+)?(?:it\s+)?(?:\w+\s+)?$",
            norm[cue.end : act.start],
        )
        if cue.end <= act.start and agent:
            return cue
    named = [c for c in here if c.id not in ("us", "congress")]
    return named[0] if named else here[0] if here else None


def resolve_list(context: Context, sentence: Sentence, cue: Cue | None, authority: Cue | None, verb: str) -> str | None:
    """The list meant: the one named, the one of the authority that acts, or the one the article is about."""
    norm = context.norm
    if cue and cue.list not in (None, "ANY") and not cue.weak:
        if (
            cue.list == "OTHER"
            and authority
            and authority.id in ("bis", "commerce", "us")
            and re.match(r"export", norm[cue.start : cue.end], re.I)
        ):
            return "ENTITY_LIST"
        return cue.list
    body = authority.id if authority else None
    text = norm[sentence.start : sentence.end]
    if body in ("ofac", "treasury"):
        if re.search(r"\binvest\w*|securities|shares\b", text) or (
            context.invests
            and not context.blocks_assets
            and not re.search(r"\b(?:designat|assets|property|blocked)\w*", text)
        ):
            return "NS_CMIC"
        return "SDN"
    if (
        cue
        and cue.weak
        and cue.list
        and (cue.list in ("UFLPA", "DPL", "NS_CMIC") or not (authority and authority.list))
    ):
        return cue.list
    if body in ("bis", "commerce"):
        return context.dominant if context.dominant in ("UVL", "MEU", "DPL", "ENTITY_LIST") else "ENTITY_LIST"
    if body == "state" and not re.search(r"\bvisas?\b|entry into", text) and context.dominant in ("SDN", "OTHER"):
        return context.dominant
    if authority and authority.list and body not in ("china_state", "other_state"):
        return authority.list
    if body in ("china_state", "other_state"):
        return "OTHER"
    nearest = [
        c
        for c in context.lists
        if c.start < sentence.end and c.list not in (None, "ANY", "NONE", "VISA", "WRO") and not c.weak
    ]
    if nearest and sentence.start - nearest[-1].end < 900:
        return nearest[-1].list
    if context.dominant:
        return context.dominant
    if re.search(r"\bsanction", verb, re.I):
        return "SDN" if context.blocks_assets else "OTHER"
    if re.search(r"\binvest", text, re.I) or (context.invests and body in ("us", None)):
        return "NS_CMIC"
    if re.search(r"\bexport|suppliers|components|technology\b", norm, re.I) and (
        authority or re.search(r"\bU\.S\.|\bUS\b|United States|Washington", norm)
    ):
        return "ENTITY_LIST"
    return "OTHER" if authority or cue else None


def dates_for(context: Context, sentence: Sentence, act: Act) -> list[Told]:
    """The dates of the sentence that can be the act's, nearest to it first."""
    found = find_dates(context.norm, sentence.start, sentence.end, context.published)
    if (
        act.kind == "noun"
        or re.match(r"\w+ing\b", context.norm[act.start : act.end])
        and not re.search(r"\b(?:was|is|were|are|be|by)\s$", context.norm[: act.start][-8:])
    ):
        found = [
            d
            for d in found
            if d.start >= act.start or d.role != "told" or _reports(context.norm, sentence.start, d, act)
        ]
    others = [
        a.start
        for a in find_acts(context.norm, sentence.start, sentence.end)
        if a.start != act.start and a.kind != "noun"
    ]

    def crossing(date: Told) -> int:
        low, high = sorted((date.start, act.start))
        return sum(1 for o in others if low < o < high)

    return sorted(found, key=lambda d: (min(crossing(d), 1), abs((d.start + d.end) // 2 - act.start)))


def _reports(norm: str, start: int, date: Told, act: Act) -> bool:
    """Whether the verb a date stands by is that of the announcement: `said on Friday it was adding`."""
    between = norm[start : act.start]
    return bool(
        re.search(r"\b(?:said|announced|published|issued|amend\w*|unveiled|is|was|are|were|has|have)\b", between)
    ) and not re.search(
        r"\b(?:hit back|criticiz\w+|criticis\w+|condemn\w+|oppos\w+|protest\w+|slam\w+|fell|rose|respond\w+|react\w+|denounc\w+|object\w+|urged|accused|rejected|over|welcomed|sued|lodged)\b",
        between,
    )


def is_background(context: Context, sentence: Sentence, act: Act) -> bool:
    """Whether the sentence sets the act before what the article reports."""
    norm = context.norm
    near = norm[max(sentence.start, act.start - 70) : min(sentence.end, act.end + 110)]
    if re.search(
        r"\b(?:[Ll]ast (?:week|month|year|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|[Pp]reviously|[Ii]n (?:19|20)\d\d)\b",
        norm[sentence.start : act.start],
    ):
        return True
    definite = re.match(
        r"(?:blacklisting|addition|inclusion|designation|listing|removal)\b", norm[act.start : act.end], re.I
    ) and re.search(r"\b[Tt]he (?:\w+ )?$", norm[sentence.start : act.start])
    if act.kind == "state" and not re.search(r"\bsa(?:id|ys)\b", norm[sentence.start : act.start]):
        return True
    clear = (
        re.sub(
            r"\b(?:said|announced|confirmed|that)\b[^.;]{0,60}?\bhad\b",
            "",
            norm[max(sentence.start, act.start - 110) : act.start],
        )[-70:]
        + norm[act.start : min(sentence.end, act.end + 110)]
    )
    near = clear
    return bool(background().search(near)) or bool(
        definite and not re.search(r"\b(?:announc|said|decid)", norm[sentence.start : act.start])
    )
