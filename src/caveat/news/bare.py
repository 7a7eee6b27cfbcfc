"""Acts told without naming a list: `had been listed in 2020`, `Global Affairs Canada listed four officials`."""

from __future__ import annotations

import re

from caveat.news.chunks import Chunk
from caveat.news.clauses import ANAPHORA, antecedent, subject_of
from caveat.news.context import Context, Mention
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
_THOSE = re.compile(
    r"^(?:The (?:two|three|four|five|six|seven|eight|companies|firms|entities|pair|trio|group)|"
    r"They|Both|All (?:two|three|four|five)?)\b"
)
_SANCTIONS = re.compile(
    r"\bsanction|blacklist|asset freeze|Magnitsky|Economic Measures|penali[sz]|restrictive measures|entity list|measures against|export (?:rules|controls|curbs)",
    re.I,
)
_VERBS = re.compile(
    r"(?:list|add|name|remove|listed|lists|listing|named|names|naming|added|adds|adding|designated|designates|removed|removes|identified)$",
    re.I,
)


def read_bare(context: Context, sentence: Sentence) -> list[Mention]:
    """`The three had been designated in April 2018`: an earlier act on the list the article is about."""
    norm = context.norm
    wanted = context.current or context.dominant
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


def is_agent_act(context: Context, sentence: Sentence, act: Act) -> bool:
    """Whether an authority stands right before a verb of listing: `Global Affairs Canada listed four officials`."""
    norm = context.norm
    if not _VERBS.match(norm[act.start : act.end]) or not (
        _SANCTIONS.search(norm) or any(c.list not in (None, "ANY", "NONE") and not c.weak for c in context.lists)
    ):
        return False
    if re.search(r"\b(?:to|onto|on)\s(?:[\w.'-]+\s){0,4}$", norm[act.end : act.end]):
        return False
    agents = [
        c
        for c in within(context.authorities, sentence.start, act.start)
        if c.id not in ("us", "china_state", "congress")
    ]
    nameless = re.search(
        r"\b[Tt]he (?:department|agency|ministry|commission|bureau|government|council|bloc)\s(?:also |has )?$",
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
            ) and not re.match(r"\s(?:that|as|it|its|the (?:need|reasons|conditions)|priorities)\b", tail)
    return False
