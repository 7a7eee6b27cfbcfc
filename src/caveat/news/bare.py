"""Acts told without naming a list: `had been listed in 2020`, `Global Affairs Canada listed four officials`."""

from __future__ import annotations

import re

from caveat.news.chunks import Chunk
from caveat.news.clauses import ANAPHORA, antecedent, subject_of
from caveat.news.context import Context, Mention
from caveat.news.dates import find_dates
from caveat.news.naming import PERSON_LISTS, count_in, names_in
from caveat.news.resolving import dates_for
from caveat.news.sentences import Sentence
from caveat.news.signals import Act, within

_BARE = re.compile(
    r"\b(?:was|were|had been|has been|have been|been)\s+(?:first |also |itself |already |originally )*"
    r"(?P<verb>listed|added|designated|blacklisted|sanctioned|included|placed on it|put on it|"
    r"removed|delisted|dropped|taken off)\s+"
    r"(?=(?:(?:to|on|from) (?:it|the list) )?(?:in|on|last|two|three|a|earlier)\b)"
)
_AMENDS = re.compile(
    r"\b(?:amends?|amending) (?:the )?Export Administration Regulations(?: \(EAR\))? by "
    r"(?P<verb>adding|removing|revising|modifying|correcting)\b"
)
_OFF = re.compile(
    r"(?P<who>[^.;]{3,90}?)\s(?:also )?(?P<verb>came off|(?:were|was|have been|has been) (?:also "
    r")?(?:taken off|dropped|removed|struck off|deleted|delisted))"
    r"(?= too\b| as well\b|[,.]|$)"
)
_BY = re.compile(
    r"\b(?P<verb>added|listed|placed|named|designated|sanctioned|blacklisted|removed)\b(?: [\w-]+){0,5}? by (?:the )?$"
)
_ISSUED = re.compile(
    r"[^.;]{0,12}?\b(?:against|on|for)\s(?P<who>[^.;]{3,160}?)\s(?:had been|has been|was|were)\s(?:first |originally )?"
    r"(?P<verb>issued|imposed|placed|lifted|revoked|renewed|extended)\b"
)
_THOSE = re.compile(
    r"^(?:The (?:two|three|four|five|six|seven|eight|companies|firms|entities|pair|trio|group)|"
    r"They|Both|All (?:two|three|four|five)?)\b"
)
_SANCTIONS = re.compile(
    r"\bsanction|blacklist|asset freeze|Magnitsky|Economic Measures|penali[sz]|restrictive "
    r"measures|entity list|measures against|export (?:rules|controls|curbs)",
    re.I,
)
_VERBS = re.compile(
    r"(?:list|add|name|remove|listed|lists|listing|named|names|naming|added|adds|adding|"
    r"designated|designates|removed|removes|identified|put|puts|placed|places|place|designate|remove)$",
    re.I,
)


def read_bare(context: Context, sentence: Sentence) -> list[Mention]:
    """`The three had been designated in April 2018`: an earlier act on the list the article is about."""
    norm = context.norm
    wanted = context.current or context.dominant
    told = (
        _read_when(context, sentence, wanted)
        or _read_order(context, sentence)
        or _read_off(context, sentence, wanted)
        or _read_amended(context, sentence)
        or _read_issued(context, sentence)
        or _read_by(context, sentence, wanted)
    )
    if told:
        return told
    found = _BARE.search(norm, sentence.start, sentence.end)
    if not found or wanted is None or context.in_quote(found.start()):
        return []
    if not re.search(
        r"\b(?:19|20)\d\d\b|\b[A-Z][a-z]+day\b|\b(?:January|February|March|April|May|June|July|August|"
        r"September|October|November|December)\b|\b(?:last|ago|earlier)\b",
        norm[found.end() : min(sentence.end, found.end() + 45)],
    ):
        return []
    removal = found["verb"] in ("removed", "delisted", "dropped", "taken off")
    act = Act(found.start("verb"), found.end("verb"), "remove" if removal else "add", "bare")
    names: list[Chunk] = []
    if _THOSE.match(norm[sentence.start : sentence.end]):
        names = list(context.last_names)
    if not names:
        begin, stop = subject_of(context, sentence.start, found.start())
        names = names_in(norm, begin, stop, context.chunks, persons=wanted in PERSON_LISTS)
        if not names and (ANAPHORA.search(norm[begin:stop]) or re.match(r"The \w+ $", norm[begin:stop])):
            noun = re.match(r"The (\w+) $", norm[begin:stop])
            chunk = antecedent(context, sentence.start, persons=wanted in PERSON_LISTS, noun=noun[1] if noun else "")
            names = [chunk] if chunk else []
    if not names:
        return []
    return [
        Mention(
            wanted, act.action, sentence.start, sentence.end, (sentence.start, sentence.end), names,
            count_in(norm, sentence.start, found.start()), None, dates_for(context, sentence, act), True,
        )
    ]  # fmt: skip


_WHEN = re.compile(
    r",? when (?P<who>[^.;]{3,160}?) (?:was|were) (?:also |first |itself )*(?P<verb>added|listed|placed|put|named|"
    r"blacklisted|sanctioned|"
    r"designated|removed|delisted|dropped)\b"
)


def _read_when(context: Context, sentence: Sentence, wanted: str | None) -> list[Mention]:
    """`… since June, when X and eight of its affiliates were added`: an earlier act on the same list."""
    norm = context.norm
    found = _WHEN.search(norm, sentence.start, sentence.end)
    if not found or wanted is None or context.in_quote(found.start()):
        return []
    dates = find_dates(norm, sentence.start, found.start(), context.published, context.anchor, context.last_day)
    dates = [d for d in dates if d.end >= found.start() - 2]
    names = names_in(norm, *found.span("who"), context.chunks, persons=wanted in PERSON_LISTS)
    if not dates or not names:
        return []
    action = "remove" if found["verb"] in ("removed", "delisted", "dropped") else "add"
    mention = _earlier(context, sentence, Act(found.start("verb"), found.end("verb"), action, "bare"), wanted, names)
    mention.dates = dates
    return [mention]


_ORDER = re.compile(
    r"\b(?:its|an?|the|another|one|that|issued|imposed|signed)(?: [a-z-]+){0,3}? orders? (?:against|on|covering|"
    r"for) (?P<who>[^.;]{3,200})",
    re.I,
)
_DONE = re.compile(
    r"\b(?:(?P<modify>renew\w*|extend\w*|prolong\w*|modif\w*|amend\w*)|(?P<remove>lift\w*|revok\w*|rescind\w*|"
    r"terminat\w*|vacat\w*|"
    r"withdr\w+)|(?P<add>issued|imposed|in force|in place|signed|entered|put))\b"
)


def _read_order(context: Context, sentence: Sentence) -> list[Mention]:
    """`BIS also renewed its order against X`: in an article about denial or withhold-release orders."""
    norm = context.norm
    wanted = context.dominant
    found = _ORDER.search(norm, sentence.start, sentence.end)
    if wanted not in ("DPL", "WRO") or not found or context.in_quote(found.start()):
        return []
    done = _DONE.search(norm, sentence.start, found.start("who")) or _DONE.search(
        norm, found.start("who"), sentence.end
    )
    stop = re.compile(r"; |,? (?:which|that|who|first|issued|because|after|since|saying) ").search(
        norm, found.start("who"), sentence.end
    )
    end = stop.start() if stop else sentence.end
    names = names_in(norm, found.start("who"), end, context.chunks, persons=True, free=True)
    if not done or not names:
        return []
    action = str(done.lastgroup)
    act = Act(done.start(), done.end(), action, "bare")
    mention = _earlier(context, sentence, act, wanted, names)
    mention.background = action == "add"
    if action != "add":  # a day after the name is that of the order, not of what is done to it now
        mention.dates = [d for d in mention.dates if d.start < found.start()]
    return [mention]


def _read_off(context: Context, sentence: Sentence, wanted: str | None) -> list[Mention]:
    """`Six companies came off, including X`: a removal from the list last spoken of."""
    norm = context.norm
    found = _OFF.match(norm, sentence.start, sentence.end)
    if not found or context.current is None or wanted is None or context.in_quote(found.start("verb")):
        return []
    act = Act(found.start("verb"), found.end("verb"), "remove", "bare")
    count = count_in(norm, sentence.start, found.start("verb"))
    persons = wanted in PERSON_LISTS
    names = names_in(norm, sentence.start, found.start("verb"), context.chunks, persons=persons)
    names += names_in(norm, found.end(), sentence.end, context.chunks, persons=persons)
    if not names and count is None:
        return []
    mention = _earlier(context, sentence, act, wanted, names)
    mention.background, mention.count = False, count
    return [mention]


def _read_amended(context: Context, sentence: Sentence) -> list[Mention]:
    """A rule that amends the regulations by adding or removing parties, the list named in its title alone."""
    norm = context.norm
    found = _AMENDS.search(norm, sentence.start, sentence.end)
    wanted = context.dominant
    if not found or wanted is None:
        return []
    action = {"adding": "add", "removing": "remove"}.get(found["verb"], "modify")
    act = Act(found.start("verb"), found.end("verb"), action, "with_list")
    count = count_in(norm, found.end(), min(sentence.end, found.end() + 60))
    if count is None or not any(c.list == wanted for c in context.lists):
        return []
    mention = _earlier(context, sentence, act, wanted, names_in(norm, found.end(), sentence.end, context.chunks))
    mention.background, mention.count, mention.sure = False, count, True
    return [mention]


def _read_issued(context: Context, sentence: Sentence) -> list[Mention]:
    """`The withhold release order against X had been issued in July`."""
    norm = context.norm
    for cue in within(context.lists, sentence.start, sentence.end):
        found = _ISSUED.match(norm, cue.end, sentence.end)
        if not found or cue.list in (None, "ANY", "NONE") or cue.weak:
            continue
        verb = found["verb"]
        action = "remove" if verb in ("lifted", "revoked") else "modify" if verb in ("renewed", "extended") else "add"
        act = Act(found.start("verb"), found.end("verb"), action, "bare")
        persons = cue.list in PERSON_LISTS
        names = names_in(norm, found.start("who"), found.end("who"), context.chunks, persons=persons, free=True)
        if names:
            return [_earlier(context, sentence, act, str(cue.list), names)]
    return []


def _read_by(context: Context, sentence: Sentence, wanted: str | None) -> list[Mention]:
    """`X, a maker of testers, added by the Commerce Department`: no list named, but who keeps it."""
    norm = context.norm
    for cue in within(context.authorities, sentence.start, sentence.end):
        begin = max(sentence.start, cue.start - 60)
        found = _BY.search(norm, begin, cue.start)
        if not found or wanted is None or cue.list not in (None, wanted) or context.in_quote(found.start()):
            continue
        action = "remove" if found["verb"] == "removed" else "add"
        act = Act(found.start("verb"), found.end("verb"), action, "bare")
        chunks = [c for c in context.chunks_between(sentence.start, found.start()) if c.kind == "party" and not c.owns]
        if chunks:
            mention = _earlier(context, sentence, act, wanted, chunks[-1:])
            mention.background, mention.authority = False, cue
            return [mention]
    return []


def _earlier(context: Context, sentence: Sentence, act: Act, wanted: str, names: list[Chunk]) -> Mention:
    span = (sentence.start, sentence.end)
    dates = dates_for(context, sentence, act)
    return Mention(wanted, act.action, *span, span, names, None, None, dates, background=True)


def is_agent_act(context: Context, sentence: Sentence, act: Act) -> bool:
    """Whether an authority stands right before a verb of listing: `Global Affairs Canada listed four officials`."""
    norm = context.norm
    if not _VERBS.match(norm[act.start : act.end]) or not (
        _SANCTIONS.search(norm) or any(c.list not in (None, "ANY", "NONE") and not c.weak for c in context.lists)
    ):
        return False
    if any(c.id == "NONE" for c in within(context.lists, act.end, sentence.end)):
        return False
    agents = [
        c
        for c in within(context.authorities, sentence.start, act.start)
        if c.id not in ("us", "china_state", "congress")
    ]
    nameless = re.search(
        r"(?:\b[Tt]he (?:department|agency|ministry|commission|bureau|government|council|bloc|committee|board)|"
        r"(?:^|, |[.;] |and )(?:[Ii]t|[Tt]hey))\s(?:also |has |have |later |then )*$",
        norm[max(sentence.start, act.start - 40) : act.start],
    )
    ends = [c.end for c in agents] + ([act.start - 1] if nameless else [])
    for end in ends:
        between = norm[end : act.start]
        if re.fullmatch(
            r"\s(?:(?:also|has|have|on \w+day|today|newly|further|said|it|had|was|separately|in turn|measure|proposed|"
            r"wants?|plans?|intends?|agreed|voted|decided|unanimously|moved|to|will|formally|jointly)\s){0,5}",
            between,
        ):
            tail = norm[act.end : min(sentence.end, act.end + 90)]
            return bool(
                count_in(norm, act.end, min(sentence.end, act.end + 90))
                or names_in(norm, act.end, min(sentence.end, act.end + 120), context.chunks, persons=True)
            ) and not re.match(r"\s(?:that|as|in a|it|its|the (?:need|reasons|conditions)|priorities)\b", tail)
    return False
