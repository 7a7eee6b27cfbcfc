"""Which list a clause means, who acts in it, when, and whether it tells of an earlier act."""

from __future__ import annotations

import re

from caveat.news.context import Context
from caveat.news.dates import Told, find_dates
from caveat.news.sentences import Sentence
from caveat.news.signals import STATES, Act, Cue, background, find_acts, within


def authority_of(context: Context, sentence: Sentence, act: Act) -> Cue | None:
    """Who acts: an authority named before the act, after `by`, or else anywhere in the sentence."""
    norm = context.norm
    here = within(context.authorities, sentence.start, sentence.end)
    bodies = [c for c in here if c.id not in ("us", "congress", "china_state", "other_state")]
    states = [c for c in here if c.id in ("us", "congress", "china_state", "other_state")]
    for cue in here:
        if cue.start > act.end and re.search(r"\bby (?:the )?$", norm[max(0, cue.start - 8) : cue.start]):
            return cue
    if re.search(r"\b(?:urg|call|press|ask|bill|propos|letter)", norm[sentence.start : act.start], re.I) and any(
        c.id == "congress" for c in here
    ):
        return next(c for c in here if c.id == "congress")
    before = [
        c
        for c in bodies
        if c.end <= act.start and not re.search(r"\b(?:behalf of|[Cc]hair of) $", norm[max(0, c.start - 11) : c.start])
    ]
    if before:
        return before[-1]
    spoken = [c for c in bodies if re.match(r" (?:said|announced|says)\b", norm[c.end : c.end + 12])]
    if spoken:
        return spoken[0]
    agents = [c for c in states if c.end <= act.start and (c.id in ("us", "congress") or _acts(norm, c, act))]
    if agents:
        return agents[-1]
    home = [c for c in states if c.id in ("us", "congress")]
    return bodies[0] if bodies else home[0] if home else None


def _acts(norm: str, cue: Cue, act: Act) -> bool:
    """Whether a country's name stands as the subject of the act: `Beijing on Monday added`."""
    return bool(
        re.match(
            r"\s+(?:(?:also|has|have|had|said|will|is|was|it|on [A-Z]\w+day|in response)\s+){0,5}(?:\w+ly\s+)?$",
            norm[cue.end : act.start],
        )
    )


def resolve_list(context: Context, sentence: Sentence, cue: Cue | None, authority: Cue | None, verb: str) -> str | None:
    """The list meant: the one named, the one of the authority that acts, or the one the article is about."""
    norm = context.norm
    if cue and cue.list == "VISA" and authority and authority.id in ("eu", "uk", "ofsi", "un", "other"):
        return authority.list  # a travel ban is part of their sanctions
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
    if body == "congress":  # lawmakers urge the one who keeps the list
        asked = [c for c in within(context.authorities, sentence.start, sentence.end) if c.list and c.id not in STATES]
        if asked:
            authority, body = asked[0], asked[0].id
    if cue and cue.weak and not (authority and authority.list) and context.current:
        return context.current
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
    if body is None and cue is None and context.current in ("EU", "UK", "UN") and re.search(r"sanction", verb, re.I):
        return context.current
    if (
        re.search(r"\bsanction|assets|property", verb, re.I)
        and (context.blocks_assets or _has(context, "treasury", "ofac"))
        and (
            not re.search(r"\bexport|\binvest", verb, re.I)
            and body in ("us", None)
            and context.dominant in (None, "SDN", "OTHER")
        )
    ):
        return "SDN"
    if re.search(r"\bexports\b", verb) and body == "us" and context.dominant in (None, "ENTITY_LIST"):
        return "ENTITY_LIST"
    if context.current and not (authority and authority.list) and (cue is None or cue.list == "ANY"):
        return context.current
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


def _has(context: Context, *ids: str) -> bool:
    """Whether the article names one of these authorities."""
    return any(c.id in ids for c in context.authorities)


def dates_for(context: Context, sentence: Sentence, act: Act) -> list[Told]:
    """The date of the act in the sentence, and those the text calls announced, published or effective."""
    norm = context.norm
    found = find_dates(norm, sentence.start, sentence.end, context.published, context.anchor, context.last_day)
    gerund = re.match(r"\w+ing\b", norm[act.start : act.end]) and (
        re.match(r"\s+of\b", norm[act.end : act.end + 4])
        or re.search(r"\b(?:the|over|after|to|against|following) $", norm[sentence.start : act.start])
    )
    if act.kind == "noun" or gerund:
        found = [d for d in found if d.start >= act.start or d.role != "told" or _reports(norm, sentence.start, act)]
    acts = find_acts(norm, sentence.start, sentence.end)
    others = [a.start for a in acts if a.start != act.start and a.kind != "noun"]

    def rank(date: Told) -> tuple[int, int]:
        low, high = sorted((date.start, act.start))
        return min(1, sum(1 for o in others if low < o < high)), abs((date.start + date.end) // 2 - act.start)

    found = [
        d for d in found if not (d.end <= act.start and re.search(r"\b(?:after|since|when)\b", norm[d.end : act.start]))
    ]
    if act.kind not in ("state", "bare"):
        found = [d for d in found if not norm[: d.start].endswith("since ")]
    found = [d for d in found if not _EXPIRES.search(norm, max(sentence.start, d.start - 24), d.start)]
    found = [d for d in found if not _is_of_another(norm, sentence, act, d)]
    found = [d for d in found if not _is_of_speech(context, sentence, act, d)]
    told_by_party = [
        d
        for d in found
        if d.end <= act.start
        and re.search(r"\bthat\b", norm[d.end : act.start])
        and not within(context.authorities, sentence.start, d.start)
    ]
    found = [d for d in found if d not in told_by_party]
    ordered = sorted(found, key=rank)
    return [d for n, d in enumerate(ordered) if n == 0 or d.role != "told" or rank(d)[0] == 0]


#: `until 15 March`: when it ends, not when it was done.
_EXPIRES = re.compile(
    r"\b(?:until|till|through|expir\w+(?: on)?|ending|ends|end of|laps\w+(?: on)?|due (?:on|by)|up to)(?: the)? $"
)
_OTHER_ACT = re.compile(
    r"\b(?:issued|imposed|first (?:issued|listed|imposed|placed|added)|dated|signed|established|adopted|enacted|"
    r"passed|founded|"
    r"created|launched|published)(?: by [\w .]{3,40})?(?: on| in)? $"
)


def _is_of_another(norm: str, sentence: Sentence, act: Act, date: Told) -> bool:
    """`modified an order issued in March 2020`: the day of an earlier act."""
    if act.action == "add" or date.start < act.end:
        return False
    return bool(_OTHER_ACT.search(norm, max(act.end, date.start - 60), date.start))


def _is_of_speech(context: Context, sentence: Sentence, act: Act, date: Told) -> bool:
    """`opposes the decision to add X, a spokesman said Sunday`: the day of who speaks, not of who acts."""
    norm = context.norm
    said = re.search(
        r"\b(?:said|told reporters|told|says|added|reported)(?: late| early)?(?: on)? $",
        norm[sentence.start : date.start],
    )
    if not said or date.start < act.end or act.kind == "state":
        return False
    speaker = norm[sentence.start + max(0, said.start() - 60) : sentence.start + said.start()]
    begin = sentence.start + max(0, said.start() - 60)
    if within(context.authorities, begin, begin + len(speaker)) and not re.search(r"spokes|ministry|Ministry", speaker):
        return False
    return bool(re.search(r"spokes|ministry|Ministry|embassy|lawyer|company|analyst|executive", speaker))


def _reports(norm: str, start: int, act: Act) -> bool:
    """Whether the verb a date stands by is that of the announcement: `said on Friday it was adding`."""
    between = norm[start : act.start]
    return bool(
        re.search(r"\b(?:said|announced|published|issued|amend\w*|unveiled|is|was|are|were|has|have)\b", between)
    ) and not re.search(
        r"\b(?:hit back|criticiz\w+|criticis\w+|condemn\w+|oppos\w+|protest\w+|slam\w+|fell|rose|"
        r"respond\w+|react\w+|denounc\w+|object\w+|urged|accused|rejected|over|welcomed|sued|lodged)\b",
        between,
    )


def is_background(context: Context, sentence: Sentence, act: Act) -> bool:
    """Whether the sentence sets the act before what the article reports."""
    norm = context.norm
    near = norm[max(sentence.start, act.start - 70) : min(sentence.end, act.end + 110)]
    if re.search(
        r"\b(?:[Ll]ast (?:week|month|year|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|"
        r"[Pp]reviously|[Ii]n (?:19|20)\d\d)\b",
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
    if re.match(
        r"In (?:January|February|March|April|May|June|July|August|September|October|November|December)\b(?! \d{1,2}\b)",
        norm[sentence.start : sentence.start + 20],
    ):
        return True
    return bool(background().search(near)) or bool(
        definite and not re.search(r"\b(?:announc|said|decid)", norm[sentence.start : act.start])
    )
