"""What follows a listing act and goes on naming: `The others are …`, list items, table rows."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from caveat.news.chunks import Chunk
from caveat.news.clauses import cut_reasons
from caveat.news.context import Context, Mention
from caveat.news.dates import find_dates
from caveat.news.naming import PERSON_LISTS, count_in, names_in
from caveat.news.sentences import Sentence
from caveat.news.signals import find_acts
from caveat.news.trailing import find_trailing
from caveat.news.words import word_set

_VERB = (
    r"(?:are|were|is|was|includes?|included|including|names?|named|covers?|covered|comprises?|"
    r"target(?:s|ed)?|hits?|(?:will |would |could |may |might )?(?:also )?(?:includes?|covers?|targets?|names?|"
    r"takes? in|took in|"
    r"extends? to|"
    r"affects?|reach(?:es)?|hit|sweeps? in|number))"
)
_THEY = re.compile(
    rf"\W*(?:(?:The )?(?:[Nn]ewcomers|[Nn]ew names|[Nn]ew entries|[Nn]ew additions|[Nn]ewly listed)(?: [\w-]+){{0,4}}?|"
    rf"(?:The|All|These) (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|pair|trio|\d+)"
    rf"(?: [\w-]+){{0,3}}?|They|These|Those(?: [\w-]+){{0,6}}|Among (?:them|those|the)\b[^.:]{{0,110}}?|(?:The|"
    rf"Its|That|This|These|Those|Today's|\w+day's|The latest) (?:(?:[\w'-]+ ){{0,3}})(?:list|blacklist|additions?|"
    rf"entries|names|group|batch|"
    rf"designations?|targets|order|action|move|measures?|package|restrictions|sanctions|rule|"
    rf"listing|listings|update|tranche|round|announcement|notice|release|filing|statement)(?:, [^,.;:]{{3,40}},)?(?: "
    rf"[\w-]+){{0,5}}?|(?:The )?(?:[Oo]thers?)(?: "
    rf"[\w'-]+){{0,9}}?|Also (?:newly |freshly |recently |being )?(?:added|on the (?:\w+ )?list|named|targeted|"
    rf"listed|included|hit|"
    rf"blacklisted|designated|sanctioned|placed|put|affected|removed)\b[^,.:]{{0,80}}?|(?:Newly|"
    rf"Freshly) (?:added|listed|sanctioned|designated|blacklisted)\b[^,.:]{{0,60}}?)(?: now| "
    rf"also)?\s*(?:\b{_VERB}\b:?|:)",
)
_ALSO_PASSIVE = re.compile(
    r"\b(?:was|were|is|are)\s+(?:also |being |likewise |similarly |both |all |separately )*(?:added|"
    r"included|listed|named|targeted|put on|placed on|designated|identified as|sanctioned|blacklisted|hit|among "
    r"(?:those|the (?:\w+ ){0,4}(?:companies|firms|entities|targets|organi[sz]ations|individuals|"
    r"persons|names|additions|new entries|others)))\b"
)
_ALSO_ACTIVE = re.compile(
    r"\b(?:also|additionally|separately|further)\s+(?:(?:is|are|was|were) )?(?:added|adds|adding|"
    r"named|targeted|targets|listed|lists|designated|designates|identified|sanctioned|hit|hits|"
    r"blacklisted|includes?|included|covers?|covered)\b(?! (?:a|the) (?:statement|that))"
)
_IN_ADDITION = re.compile(r"^(?:In addition(?: to [^,]+)?,|Besides [^,]+,)")
_OTHERS = re.compile(
    r"(?:'s?|\bits|\btheir|\bwhose) (?:[\w-]+ ){0,3}(?:customers|clients|suppliers|partners|"
    r"rivals|competitors|peers|investors|backers|shareholders|owners|products|brands|goods|buyers|"
    r"users|directors)\b"
)
_INCLUDING = re.compile(
    r"\b(?:companies|firms|entities|organi[sz]ations|institutions|businesses|enterprises|"
    r"individuals|persons|people|vessels|targets|names|manufacturers|producers|universities|"
    r"institutes|banks|officials|listed|added|removed|sanctioned|targeted|designations|"
    r"additions)\b[^.;:]{0,90}?(?:,? among them|,? including|,? such as|,? namely|:)\s(?!those\b)"
)
_APPROVED = re.compile(
    r"\b(?:entries|additions|designations|listings|removals|delistings|entry|addition|listing|"
    r"designation) (?:for|of) (?P<who>[^.;]{4,200}?) (?:was|were|are|is|has|have)\b"
)
#: What listing does to a party: told of it, it is one of those listed.
_FACES = re.compile(
    r"\b(?:will (?:now )?(?:be|have)|are now|is now|now) (?:also )?(?:barred|banned|blocked|"
    r"prohibited|subject to|their assets|its assets|unable)\b|"
    r"\b(?:faces?|will face|had (?:its|their|his|her)) (?:an? )?(?:asset freezes?|travel bans?|"
    r"sanctions|assets frozen)\b"
)
_BESIDES = re.compile(r"(?:Besides|In addition to|Apart from|Along with|Alongside|As well as|Together with)\s")
_EXCEPTED = re.compile(
    r"\b(?:(?:early|earlier|first) draft|did not|was not|were not|not included|not on|left off|spared|excluded|"
    r"escaped|omitted)\b"
)
#: Verbs of removal that mostly mean something else.
_EVERYDAY = re.compile(r"c[oa]m(?:es?|ing)\b(?! off)|t(?:ake|akes|ook|aken|aking)\b|left\b|leav|chang|exit|lift", re.I)
_ENUMERATES = re.compile(
    r":\s*$|\b(?:specified|listed|named|set out) below\b|\bfollowing (?:entr(?:y|ies)|persons?|names?|individuals?|"
    r"entit)\b|\b(?:following|below|are|namely|include|includes|as follows)\b[^.]{0,60}[:.]?\s*$",
    re.IGNORECASE,
)


@functools.cache
def _are() -> re.Pattern[str]:
    nouns = "|".join(sorted(word_set("names", "entity_nouns"), key=len, reverse=True))
    return re.compile(
        rf"\W*(?:Of (?:the|those) [^,]{{1,50}}, )?(?:The|These|Those|Its|Their|Both|All|Three|Two|Four|"
        rf"Five|Six|Seven|Eight|Nine|Ten|Twelve|\d+)?\s*(?:[\w'\".-]+,? "
        rf"){{0,7}}?(?:{nouns})\b(?:,)?(?:(?! said| says| which| who)[^.;:]){{0,110}}?(?:,? (?:including|among "
        rf"them|such as|namely)\b|\b{_VERB}\b)(?! (?:not|also not|accused|barred|expected|believed|"
        rf"required|subject|based|located|owned|involved|being|now|still|already|all|both|under|in|on|"
        rf"from|used|said|once|run|alleged|suspected|blocked|prohibited|able|allowed|an?)\b(?!-[A-Z]))",
        re.IGNORECASE,
    )


def continue_mention(  # noqa: PLR0915 - one case a line
    context: Context, sentence: Sentence, mention: Mention, *, near: bool = True
) -> bool:
    """Take further names of the same act from a sentence that tells no act of its own; False where none."""
    norm = context.norm
    start, end = sentence.start, sentence.end
    persons = mention.list in PERSON_LISTS
    if _EXCEPTED.search(norm, start, end):
        return False
    lead = _BESIDES.match(norm, start, end)
    if lead and re.search(rf"\b(?:the|those|others?|it|they)\b[^,]{{0,40}}\b{_VERB}\b", norm[lead.end() : end]):
        names = names_in(norm, lead.end(), end, context.chunks, persons=persons)
        if names:
            _take(mention, names, count_in(norm, start, end), sentence)
            return True
    if near:
        including = _INCLUDING.search(norm, start, end)
        if including:
            names = names_in(norm, including.end(), end, context.chunks, persons=persons)
            if names:
                _take(mention, names, None, sentence)
                return True
    for pattern in (_THEY, _are()):
        found = pattern.match(norm, start, end)
        if not found:
            continue
        if _OTHERS.search(found[0]):
            continue
        if any(c.kind in ("party", "person") and not c.owns for c in context.chunks_between(start, found.end())):
            continue
        stop = cut_reasons(norm, found.end(), end) if norm[end - 1] == ":" else end
        names = names_in(norm, found.end(), stop, context.chunks, persons=persons, free=False)
        number = count_in(norm, start, end)
        if names:
            _take(mention, names, number, sentence)
            return True
    if not near:
        return False
    approved = _APPROVED.search(norm, start, end)
    if approved:
        names = names_in(norm, approved.start("who"), approved.end("who"), context.chunks, persons=persons)
        if names:
            _take(mention, names, None, sentence)
            mention.dates += [d for d in find_dates(norm, start, end, context.published, context.anchor) if d.value]
            return True
    faces = _FACES.search(norm, start, end)
    if faces and ("add" in mention.action):
        names = names_in(norm, start, faces.start(), context.chunks, persons=persons)
        if names and names[0].start - start < 25:
            _take(mention, names, None, sentence)
            return True
    passive = _ALSO_PASSIVE.search(norm, start, end)
    if passive:
        names = names_in(norm, start, passive.start(), context.chunks, persons=persons)
        if names:
            _take(mention, names, None, sentence)
            return True
    active = _ALSO_ACTIVE.search(norm, start, end)
    if active:
        names = names_in(norm, active.end(), end, context.chunks, persons=persons)
        if names:
            _take(mention, names, None, sentence)
            return True
    opposed = any(
        a.action != mention.action and a.kind in ("with_list", "direct") and not _EVERYDAY.match(norm, a.start)
        for a in find_acts(norm, start, end)
    )
    names = (
        []
        if opposed
        else find_trailing(
            context,
            sentence,
            persons=persons,
            short=bool(mention.count) and len(mention.names) < (mention.count or 0) // 2,
        )
    )
    if names:
        _take(mention, names, None, sentence)
    return bool(names)


def _take(mention: Mention, names: Sequence[Chunk], number: int | None, sentence: Sentence) -> None:
    mention.names += [c for c in names if c not in mention.names]
    if number is not None and (mention.count is None or number > mention.count):
        mention.count = number
    mention.start = min(mention.start, sentence.start)
    mention.end = max(mention.end, sentence.end)


def opens_list(norm: str, sentence: Sentence) -> bool:
    """Whether a sentence announces the items that follow it."""
    return bool(_ENUMERATES.search(norm, sentence.start, sentence.end))


def take_item(context: Context, sentence: Sentence, mention: Mention) -> bool:
    """Take the name an item or a table row begins with; False where it begins with none."""
    norm = context.norm
    persons = mention.list in PERSON_LISTS
    chunks = [
        c
        for c in context.chunks_between(sentence.start, sentence.end)
        if c.kind in ("party", *(("person",) if persons else ()))
    ]
    if not chunks:
        return False
    if sentence.kind == "row":
        cells = _cells(norm, sentence)
        for begin, stop in cells:
            first = next((c for c in chunks if c.start >= begin and c.end <= stop), None)
            if first and first.end - first.start >= 0.5 * (stop - begin):
                _take(mention, [first], None, sentence)
                return True
        return False
    lead = _LABELS.sub("", norm[sentence.start : chunks[0].start])
    if len(lead) > 40 or re.search(r"[.;:]", lead):
        return False
    whole = _whole_line(context, sentence, chunks[0]) if sentence.kind == "item" else None
    if whole:
        _take(mention, [whole], None, sentence)
        return True
    names = names_in(norm, sentence.start, sentence.end, context.chunks, persons=persons)
    if not names or names[0].start - sentence.start > 60:
        return False
    ends = re.search(r"[.;]\s|:\s| --? | (?:is|was|has|had|for|said|which|who) ", norm[names[0].end : sentence.end])
    limit = names[0].end + ends.start() if ends else sentence.end
    _take(mention, [n for n in names if n.end <= limit][:4], None, sentence)
    return True


#: `QDe.044 Name:`, `Company:`: what an item's name is called.
_LABELS = re.compile(
    r"^(?:[A-Z]{2}[ie]\.\d{3}\b[^:]{0,12}:\s*(?:1:\s*)?|(?:Name|Company|Entity|Vessel|Individual)s?:\s*)"
)


_LINE = re.compile(
    r"(?P<name>(?:[A-Z\d][\w.'&/-]*)(?:,? (?:[A-Z\d(][\w.'&/()-]*|of|and|for|the|de|&))*)(?=$|[.;]?$| \([A-Z]|"
    r", (?:an? |the |in |of |based|also)| - )"
)


def _whole_line(context: Context, sentence: Sentence, first: Chunk) -> Chunk | None:
    """The name an item wholly is, where the grammar took a part of it: `Design and Manufacturing of Engines`."""
    norm = context.norm
    found = _LINE.match(norm, sentence.start, sentence.end)
    if not found or not found["name"].startswith(norm[sentence.start : first.start]) or found.end("name") <= first.end:
        return None
    name = found["name"].rstrip(" ,")
    head = norm[sentence.start : first.start].strip()
    suffixes, generic = word_set("names", "suffixes"), word_set("names", "generic") | word_set("names", "institutions")
    joined = re.split(r" and ", name)
    if (
        len(joined) > 2
        or re.search(r",(?! (?:Ltd|Inc|LLC|Co|Limited|S\.A))", name)
        or name.endswith((" and", " of", " the", " for"))
    ):
        return None
    if len(joined) == 2 and (
        joined[0].split()[-1] in suffixes
        or (joined[1].split()[0] not in generic and " of " not in joined[1] and joined[1].split()[-1] not in generic)
    ):
        return None
    if head and head not in suffixes and not head[0].isupper():
        return None
    return Chunk(sentence.start, sentence.start + len(name), name, "party", False, first.entries)


def _cells(norm: str, sentence: Sentence) -> list[tuple[int, int]]:
    cells: list[tuple[int, int]] = []
    begin = sentence.start
    for mark in re.finditer(r"\s\|\s|$", norm[sentence.start : sentence.end]):
        cells.append((begin, sentence.start + mark.start()))
        begin = sentence.start + mark.end()
    return cells
