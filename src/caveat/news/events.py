"""The listing acts of an article: mentions gathered, continued, joined and dated."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from caveat.news.article import Event, key_of
from caveat.news.chunks import Chunk
from caveat.news.context import Context, Mention
from caveat.news.continuing import continue_mention, opens_list, take_item
from caveat.news.dates import Told, find_dates
from caveat.news.mentions import read_mentions
from caveat.news.naming import PERSON_LISTS, count_in
from caveat.news.parties import same_party
from caveat.news.ruling import read_pairs
from caveat.news.sentences import Sentence
from caveat.news.signals import Cue
from caveat.news.text import Flat

_HEADER = re.compile(
    r"\b(?:compan(?:y|ies)|entit(?:y|ies)|names?|firms?|organi[sz]ations?|part(?:y|ies)|vessels?|persons?)\b[^|]*\|",
    re.IGNORECASE,
)
_KEEPERS = {
    "NS_CMIC": ("ofac", "treasury"), "SDN": ("treasury",), "MEU": ("bis", "commerce"), "UVL": ("bis", "commerce"),
    "DPL": ("bis", "commerce"), "ENTITY_LIST": ("bis", "commerce"), "UFLPA": ("fletf", "dhs"),
}  # fmt: skip
_NAMELESS = frozenset(("VISA", "WRO", "SECTION_889"))
#: `The rule is effective September 27`: the day of the act just told.
_DATES_IT = re.compile(
    r"(?:The|This|Its|These|Both|All) (?:[\w'-]+ ){0,3}(?:orders?|rules?|measures?|designations?|listings?|actions?|"
    r"changes?|additions?|removals?|"
    r"notices?|decisions?|bans?|sanctions|restrictions|modifications?) (?:[\w'-]+ ){0,4}?(?:was|were|is|are|takes?|"
    r"took|becomes?|became|will|goes|went|"
    r"comes?|came|enter(?:s|ed)?)\b",
)
#: A rule that adds or removes parties it neither counts nor names.
_WHOLE = re.compile(
    r"\b(?:add|remov|delet|list|designat)\w*\s+(?:[\w-]+\s){0,4}?(?:entities|persons|parties|companies|individuals|"
    r"firms|organizations|vessels)\b"
)
_GROUNDS = re.compile(
    r"\b(?:for (?:(?:allegedly|their|its|his|her|alleged|an alleged) )?(?:role|involvement|"
    r"complicity|support|helping|supporting|engaging|enabling|acting|aiding|providing|supplying|"
    r"using|contributing|human rights|violat\w+|acquiring|attempting|participating|developing|"
    r"[a-z]+ing)\b"
    r"|(?:due to|because of|on the basis that|on the basis of|accused of|accusing (?:them|it) of|"
    r"implicated in|complicit in|over (?:their|its|alleged|concerns|human|allegations|ties|"
    r"treatment|fears)|citing|alleging|amid (?:allegations|concerns)|on (?:the )?grounds (?:of|"
    r"that)|in connection with|for reasons of|believed to|determined (?:by [^,.]{0,40} )?to be|"
    r"pose[sd]? an?|contrary to|who have|tied to|linked to|in response to|because)\b)",
    re.IGNORECASE,
)


def gather(  # noqa: PLR0915 - one case a line
    context: Context, flat: Flat, sentences: Sequence[Sentence]
) -> list[Mention]:
    """Every mention of a listing act, with the sentences, items and rows that continue it."""
    mentions: list[Mention] = []
    current: Mention | None = None
    since = 0
    listing = False
    for number, sentence in enumerate(sentences):
        if sentence.kind == "row" and current and _HEADER.search(context.norm, sentence.start, sentence.end):
            listing = True
            continue
        own = sentence.kind == "item" and any(m.sure and m.names for m in read_mentions(context, sentence))
        if (
            sentence.kind in ("item", "row")
            and not own
            and current
            and (listing or number - since <= 2)
            and take_item(context, sentence, current)
        ):
            since, listing = number, True
            continue
        if sentence.kind == "head" and current and _opens_section(context, sentence, sentences, number, current):
            since = number
            continue
        found = read_mentions(context, sentence)
        found += read_pairs(context, sentence, found)
        if current and found and _is_continuation(context, sentence, current, found):
            found = [m for m in found if m.list != current.list] or []
            since = number
            listing = opens_list(context.norm, sentence)
            mentions.extend(found)
            continue
        if found:
            mentions.extend(found)
            for mention in found:
                days = [d.value for d in mention.dates if d.value and len(d.value) == 10]
                months = [d.value for d in mention.dates if d.value and len(d.value) == 7]
                if days or months:
                    context.last_day = dt.date.fromisoformat(days[0] if days else f"{months[0]}-01")
                if mention.list not in _NAMELESS and not mention.soft:
                    context.current = mention.list
                if len(mention.names) > 1:
                    context.last_names = tuple(mention.names)
            ranked = sorted(found, key=lambda m: m.action == "modify")
            best = next((m for m in ranked if not m.quoted and not m.soft), None)
            if best and (not best.background or current is None or current.head) and not (best.head and current):
                current = best
                since = number
            listing = opens_list(context.norm, sentence)
            continue
        open_to_more = sentence.kind != "head" and number - since <= 30 and not context.in_quote(sentence.start + 1)
        if current and open_to_more and _goes_on(context, sentence, current, mentions, near=number - since <= 7):
            since = number
            listing = opens_list(context.norm, sentence)
            continue
        if current and number - since <= 6 and _DATES_IT.match(context.norm, sentence.start, sentence.end):
            told = find_dates(context.norm, sentence.start, sentence.end, context.published, context.anchor)
            current.dates += [d for d in told if d.value]
        if opens_list(context.norm, sentence) and current and number - since <= 4:
            listing = True
        elif sentence.kind not in ("item", "row", "head"):
            listing = listing and number - since <= 1
    return mentions


def _opens_section(
    context: Context, sentence: Sentence, sentences: Sequence[Sentence], number: int, current: Mention
) -> bool:
    """A heading that is a party's name, told of in the section below it: one of those the release is about."""
    if current.action not in ("add", "announce_intent") or current.background or number + 1 >= len(sentences):
        return False
    below = sentences[number + 1]
    kinds = ("party", "person") if current.list in PERSON_LISTS else ("party",)
    first = next((c for c in context.chunks_between(below.start, below.end) if c.kind in kinds), None)
    line = context.norm[sentence.start : sentence.end]
    if (
        first is None
        or first.start - below.start > 60
        or first.owns
        or not same_party(line.title(), first.text.title())
    ):
        return False
    current.names += [first] if first not in current.names else []
    current.end = max(current.end, below.end)
    return True


def _goes_on(context: Context, sentence: Sentence, current: Mention, told: list[Mention], *, near: bool) -> bool:
    """Whether a sentence adds names to the current act; where it tells another day, they make an act of their own."""
    before, span, count, days = list(current.names), (current.start, current.end), current.count, list(current.dates)
    if not continue_mention(context, sentence, current, near=near):
        return False
    dates = find_dates(context.norm, sentence.start, sentence.end, context.published, context.anchor, context.last_day)
    dates = [d for d in dates if d.value and len(d.value) >= 7 and d.role != "effective"]
    when = _value(current) or (context.published.isoformat() if context.published else None)
    if not dates or when is None or _close(str(dates[0].value), when) or not before:
        return True
    added = [c for c in current.names if c not in before]
    current.names, (current.start, current.end), current.count, current.dates = before, span, count, days
    core = (sentence.start, sentence.end)
    other = Mention(current.list, current.action, *core, core, added, count_in(context.norm, *core), dates=dates)
    other.background = True
    told.append(other)
    return True


def _is_continuation(context: Context, sentence: Sentence, current: Mention, found: Sequence[Mention]) -> bool:
    """A sentence such as `The list includes …` whose own act adds nothing but names to the current one."""
    first = found[0]
    if first.names or first.count is not None or first.action != current.action:
        return False
    return continue_mention(context, sentence, current)


def merge(context: Context, mentions: Sequence[Mention]) -> list[list[Mention]]:
    """The mentions of one act together, in the order the text tells the acts."""
    groups: list[list[Mention]] = []
    clear = {m.list for m in mentions if not m.loose and not m.head and (m.names or m.count)}
    mentions = [m for m in mentions if not m.loose or m.list not in clear]
    ordered = (
        [m for m in mentions if not (m.head or m.quoted or m.soft)]
        + [m for m in mentions if m.quoted or m.soft]
        + [m for m in mentions if m.head]
    )
    for mention in ordered:
        home = _soft_home(groups) if mention.soft else next((g for g in groups if _belongs(context, mention, g)), None)
        if home is not None:
            home.append(mention)
        elif not _adds_nothing(mention, groups):
            groups.append([mention])
    return groups


def _adds_nothing(mention: Mention, groups: Sequence[list[Mention]]) -> bool:
    """Whether a mention that belongs to no act told so far is too little to be one itself."""
    if mention.soft or (mention.quoted and not mention.names and mention.list not in _NAMELESS):
        return True
    return mention.head and any(g[0].action == mention.action for g in groups)


def _soft_home(groups: Sequence[list[Mention]]) -> list[Mention] | None:
    """The act that `punishing X` speaks of: the greatest addition told so far."""
    fits = [g for g in groups if g[0].action == "add" and g[0].list != "VISA" and not g[0].background]
    return max(fits, key=lambda g: max((m.count or len(m.names)) for m in g), default=None)


def _keys(mentions: Sequence[Mention]) -> set[str]:
    return {key_of(c.text) for m in mentions for c in m.names}


def _overlap(mention: Mention, group: Sequence[Mention]) -> bool:
    theirs = [c.text for m in group for c in m.names]
    return any(same_party(c.text, other) for c in mention.names for other in theirs)


def _value(mention: Mention) -> str | None:
    return next((d.value for d in mention.dates if d.value and len(d.value) >= 7), None)


def _belongs(context: Context, mention: Mention, group: Sequence[Mention]) -> bool:
    first = group[0]
    if mention.list != first.list:
        loose = {mention.list, first.list}
        if not (mention.head or mention.soft or mention.quoted) or "OTHER" not in loose:
            return False
    if mention.named and first.named and not (mention.named in first.named or first.named in mention.named):
        return False
    if mention.action != first.action:
        promised = {mention.action, first.action} == {"add", "announce_intent"}
        if not (
            promised
            and (
                mention.head
                or mention.quoted
                or _overlap(mention, group)
                or (not mention.names and mention.count in (None, first.count))
            )
        ):
            return False
    mine, theirs = _value(mention), next((v for v in map(_value, group) if v), None)
    overlap = _overlap(mention, group)
    if mine and theirs and not (mine.startswith(theirs) or theirs.startswith(mine)):
        if not overlap:
            return not (mention.background or first.background) and _close(mine, theirs)
        return _close(mine, theirs)
    if not overlap and mention.names and any(m.names for m in group) and _is_long_ago(context, mine, theirs):
        return False
    if overlap:
        return mention.background == first.background or not (
            mine and theirs is None and mention.background and _is_old(mention)
        )
    if mention.names and mention.background and not first.background:
        return False
    if first.background and not mention.background:
        return False
    if mention.background and first.background and mention.names and any(m.names for m in group):
        return False
    if not mention.names and mention.background and _is_old(mention):
        return False
    if (
        mention.count is not None
        and mention.names
        and any(m.count is not None and m.names for m in group)
        and mention.action in ("remove", "modify")
    ):
        return True
    return True


def _is_long_ago(context: Context, mine: str | None, theirs: str | None) -> bool:
    """Whether one act has a day long before the article's and the other has none: two acts."""
    told = mine or theirs
    if context.published is None or (mine and theirs) or told is None or len(told) < 7:
        return False
    day = dt.date.fromisoformat(told if len(told) == 10 else f"{told}-28")
    return (context.published - day).days > 60


def _is_old(mention: Mention) -> bool:
    return any(d.past for d in mention.dates)


def _close(a: str, b: str) -> bool:
    """Whether two days can be the announcement, the publication and the effect of one act."""
    if len(a) < 10 or len(b) < 10:
        return a[:7] == b[:7]
    return abs((dt.date.fromisoformat(a) - dt.date.fromisoformat(b)).days) <= 8


def build_event(context: Context, flat: Flat, group: Sequence[Mention], sentences: Sequence[Sentence]) -> Event | None:
    """The event a group of mentions tells; None where it names and counts nobody."""
    first = next((m for m in group if not m.head and not m.quoted), group[0])
    heart = next((m for m in group if m.sure and not m.head and (m.names or m.count)), first)
    bodied = any(m.names for m in group if not m.head)
    named = [
        c for m in group for c in m.names if not m.head or (not bodied and not flat.gazette and _is_told(context, c, m))
    ]
    names, aliases, entries = _distinct(named)
    counts = [m.count for m in group if m.count is not None]
    count = max(counts) if counts else None
    if count is not None and count == 1 and len(names) != 1 and names:
        count = None
    bare = first.list in _NAMELESS and (first.sure or first.list == "VISA") and not flat.gazette
    told_whole = (
        flat.gazette
        and first.sure
        and not first.head
        and first.action != "modify"
        and bool(_WHOLE.search(context.norm, *first.core))
    )
    if not names and count is None and not bare and not told_whole:
        return None
    if not names and count is None and all(m.head for m in group):
        return None
    date, days = _choose_dates(context, flat, group)
    if flat.gazette and not first.background:
        days = _gazette_days(context, days)
        date = date or days.get("effective_on")
    acting = [m.authority for m in group if m.authority]
    authority = next((c for c in acting if c.id not in ("us", "congress")), acting[0] if acting else None)
    if authority is None:
        authority = next(
            (c for c in context.authorities if c.list == first.list or c.id in _KEEPERS.get(first.list, ())), None
        )
    told = [m for m in group if not m.head] or list(group)
    start, end = min(m.start for m in told), max(m.end for m in told)
    if names:
        start = min(start, min(c.start for m in told for c in m.names) if any(m.names for m in told) else start)
    action = "add" if any(m.action == "add" for m in group) else first.action
    return Event(
        first.list,
        action,
        _full(context, flat, authority) if authority else None,
        date,
        tuple(flat.text[c.start : c.end].replace("\n", " ") for c in names),
        count,
        _grounds(context, flat, group, sentences),
        flat.place(start, end),
        days,
        first.background,
        {flat.text[c.start : c.end]: tuple(a) for c, a in aliases.items() if a},
        {flat.text[c.start : c.end]: e for c, e in entries.items() if e},
        flat.place(*heart.core),
    )


def _is_told(context: Context, chunk: Chunk, mention: Mention) -> bool:
    """Whether a name of a heading stands in the text below as well."""
    return any(
        c.text == chunk.text and not mention.start <= c.start < mention.end and not context.in_head(c.start)
        for c in context.chunks
        if c.kind in ("party", "person")
    )


def _distinct(chunks: Sequence[Chunk]) -> tuple[list[Chunk], dict[Chunk, list[str]], dict[Chunk, tuple[str, ...]]]:
    """One chunk a party, its fullest form kept; the other forms as aliases."""
    kept: list[Chunk] = []
    forms: dict[Chunk, list[str]] = {}
    for chunk in chunks:
        same = next((k for k in kept if same_party(k.text, chunk.text)), None)
        if same is None:
            kept.append(chunk)
            forms[chunk] = []
        elif key_of(same.text) != key_of(chunk.text):
            if len(chunk.text) > len(same.text):
                kept[kept.index(same)] = chunk
                forms[chunk] = [*forms.pop(same), same.text]
            elif chunk.text not in forms[same]:
                forms[same].append(chunk.text)
    return (
        kept,
        forms,
        {k: tuple(dict.fromkeys(e for c in chunks if same_party(c.text, k.text) for e in c.entries)) for k in kept},
    )


def _gazette_days(context: Context, days: dict[str, str]) -> dict[str, str]:
    """The days of a published rule: the one its DATES section calls effective as well."""
    for told in find_dates(context.norm, 0, min(len(context.norm), 8000), context.published):
        if told.role == "effective" and told.value and len(told.value) == 10:
            return {"effective_on": told.value, **days}
    return days


def _is_release(flat: Flat) -> bool:
    """An authority's own press release: what it tells it does that day."""
    return bool(
        re.search(r"\b(?:press release|for immediate release|release date|media release)\b", flat.norm[:700], re.I)
    )


def _full(context: Context, flat: Flat, authority: Cue) -> str:
    """The fullest form in which the text names the authority."""
    forms = [flat.text[c.start : c.end] for c in context.authorities if c.id == authority.id]
    return max(forms, key=len).replace("\n", " ").removeprefix("the ").removeprefix("The ")


def _choose_dates(context: Context, flat: Flat, group: Sequence[Mention]) -> tuple[str | None, dict[str, str]]:
    """The day of the act, and the days called announced, published and effective."""
    days: dict[str, str] = {}
    told: list[Told] = []
    for mention in sorted(group, key=lambda m: (m.quoted, m.head, not (m.sure and (m.names or m.count)))):
        for date in mention.dates:
            if date.value and date.role != "told" and len(date.value) == 10:
                days.setdefault(f"{date.role}_on", date.value)
            told.append(date)
    if flat.gazette and flat.published and not all(m.background for m in group):
        days["published_on"] = flat.published.isoformat()
        return flat.published.isoformat(), days
    ordered = [d for d in told if d.role in ("announced", "told") and d.value and len(d.value) == 10]
    if ordered:
        return ordered[0].value, days
    for role in ("announced_on", "published_on", "effective_on"):
        if role in days:
            return days[role], days
    month = next((d.value for d in told if d.value and len(d.value) == 7), None)
    if month:
        return month, days
    if told or all(m.background for m in group):
        return None, days
    if flat.published and (flat.gazette or _is_release(flat)):
        days["published_on"] = flat.published.isoformat()
        return flat.published.isoformat(), days
    return (context.lead if group[0].action != "propose" else None), days


def _grounds(context: Context, flat: Flat, group: Sequence[Mention], sentences: Sequence[Sentence]) -> str | None:
    """A short phrase of why, from the sentences that tell the act or those next to them."""
    spans = [m.core for m in group]
    for begin, end in spans + [
        (s.start, s.end) for s in sentences if any(0 <= s.start - m.core[1] < 500 for m in group)
    ]:
        found = _GROUNDS.search(context.norm, begin, end)
        if found:
            stop = re.search(r"[.;:]|,(?! (?:and|or)\b)| said\b", context.norm[found.end() : end])
            last = found.end() + (stop.start() if stop else end - found.end())
            phrase = flat.text[found.start() : min(last, found.start() + 140)].strip()
            if len(phrase) > len(found[0]) + 4:
                return phrase.replace("\n", " ")
    return None
