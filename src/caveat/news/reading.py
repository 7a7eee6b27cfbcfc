"""An article read whole: from its bytes to events, statements and relations."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from caveat.errors import InputError
from caveat.news.article import Article, Event, key_of
from caveat.news.chunks import Chunk, find_chunks
from caveat.news.context import Context
from caveat.news.dates import find_dates, find_published
from caveat.news.events import build_event, gather, merge
from caveat.news.formats import Format, draft_of
from caveat.news.known import NameSet
from caveat.news.parties import same_party
from caveat.news.relations import find_relations
from caveat.news.sentences import Sentence, split_sentences
from caveat.news.signals import STATES, Cue, find_authorities, find_lists, within
from caveat.news.statements import find_statements
from caveat.news.text import Flat, check_text, flatten, set_aside

_QUOTE = re.compile(r"\"[^\"\n]{2,1500}\"|\"[^\"\n]{2,1500}(?=\n)|(?<![\w])'(?=[A-Z])[^'\n]{12,600}[.,!?]'")
#: `interim final rule (IFR)`: a short form of ordinary words names no party.
_SHORT_FOR = re.compile(r"(?<![\w'-])[a-z][a-z-]+ \(\"?([A-Z][A-Za-z/]{0,8}s?)\"?\)")
#: `QDi.431 Name: 1: HAFEZ 2: ABDUL 3: na`: a name as the United Nations prints it.
_UN_NAME = re.compile(
    r"\b[A-Z]{2}[ie]\.\d{3}\b[^\n]{0,20}?\bName: 1: (?P<name>(?!na\b)[^\n:]+?(?: [234]: (?!na\b)[^\n:]+?)*)"
    r"(?= [234]: na\b| (?:Title|Designation|DOB|Name|A\.k\.a|Good|POB)\b|\s*(?:\n|$))"
)
#: A line that says when and where the text appeared.
_STAMP = re.compile(
    r"\W*(?:original(?:ly)? )?(?:published|updated|posted|source|date|release date|released|last modified|agency|"
    r"docket|"
    r"document (?:number|citation)|by)\b.{0,70}$",
    re.I,
)
_GAZETTE = re.compile(
    r"\b(?:A (?:Rule|Notice|Proposed Rule) by|amends? the Export Administration Regulations|is "
    r"amending the Export Administration Regulations|this (?:final |interim )?rule|Federal "
    r"Register|\d+ FR \d+|Official Journal|final rule|implementing regulation)\b|\b(?:SUMMARY|"
    r"DATES|ACTION):",
    re.I,
)


def read_article(
    given: str | bytes,
    *,
    names: NameSet | None = None,
    published: dt.date | None = None,
    format: Format | None = None,  # noqa: A002 - the word the command uses
) -> Article:
    """What an article claims, each claim with its place in the file.

    given      the text, or the file's bytes; line ends stay as they are, for the offsets' sake
    names      names of listed parties to look for
    published  the article's day, where the caller knows it; else it is looked for in the text
    format     `plain`, `markdown`, `html` or `pdf`; told from the content where left out

    Raises InputError for an empty or binary input, a book, or a page without running text.

    >>> article = read_article("The Commerce Department added Leon Technology to the Entity List on July 12, 2021.")
    >>> article.events[0].entities, article.events[0].date
    (('Leon Technology',), '2021-07-12')
    """
    text, draft = draft_of(given, format)
    kept = set_aside(draft)
    flat = flatten(kept, draft)
    if not flat.text.strip() or not re.search(r"[^\W\d_]{2}", flat.text):
        raise InputError("holds no running text", do="give an article")
    check_text(flat.text)
    day = published or draft.published or find_published(flat.norm, [(b.start, b.end) for b in flat.blocks])
    gazette = bool(_GAZETTE.search(flat.norm[:6000]) or re.search(r"\bSource:\W{0,4}Federal Register", text[:3000]))
    flat = Flat(
        flat.text, flat.norm, flat.places, flat.blocks, draft.title or _title(flat), day, draft.address, gazette
    )
    sentences = split_sentences(flat)
    context, sentences = _context(flat, sentences, names or NameSet())
    mentions = gather(context, flat, sentences)
    groups = merge(context, mentions)
    if len(groups) == 1 and all(m.passing for m in groups[0]):
        groups = []  # ordinary news that recalls a listing in a clause reports none
    events = [e for e in (build_event(context, flat, group, sentences) for group in groups) if e]
    events = _settle(events)
    listed = [n for e in events for n in e.entities]
    statements = find_statements(context, flat, sentences, listed)
    relations = find_relations(context, flat, sentences)
    return Article(
        flat.title,
        flat.address,
        day.isoformat() if day else None,
        tuple(events),
        tuple(statements),
        tuple(relations),
        tuple(
            _unlisted(
                context,
                events,
                [s.speaker for s in statements],
                [(s.start, s.end) for s in sentences if s.kind == "head"],
            )
        ),
        text,
        tuple((flat.text[s.start : s.end], flat.place(s.start, s.end)) for s in sentences),
    )


def _title(flat: Flat) -> str | None:
    """The first heading, or a first line that reads like one."""
    for block in flat.blocks[:4]:
        line = flat.text[block.start : block.end]
        if block.kind == "head":
            return line
        if re.match(r"(?:published|posted|updated|by )\b|.{0,40}\| by ", line, re.I) or len(line) < 12:
            continue
        return line if len(line) < 200 and not re.search(r"[.!]$", line) else None
    return None


def _context(flat: Flat, sentences: Sequence[Sentence], names: NameSet) -> tuple[Context, list[Sentence]]:
    norm = flat.norm
    lists, bodies = find_lists(norm), find_authorities(norm)
    lower = frozenset(re.findall(r"(?<![\w-])[a-z][a-z'-]+", norm))
    raised = frozenset(re.findall(r"(?<=[a-z,;] )[A-Z][a-z]+(?![\w-])", norm))
    sightings = names.scan(norm)
    known = [
        Chunk(s.start, s.end, norm[s.start : s.end], "party", False, tuple(dict.fromkeys(n.entry_id for n in s.names)))
        for s in sightings
    ]
    spans = [(c.start, c.end) for c in bodies if c.id not in STATES]
    kept = [Sentence(s.start, s.end, s.block, _kind(norm, flat, s)) for s in sentences]
    short = frozenset(m[1] for m in _SHORT_FOR.finditer(norm))
    entries = [Chunk(m.start("name"), m.end("name"), m["name"], "person") for m in _UN_NAME.finditer(norm)]
    chunks: list[Chunk] = []
    listing = [(c.start, c.end) for c in lists if c.id not in ("ANY", "NONE")]
    at = 0
    by_sentence: list[list[Chunk]] = [[] for _ in kept]
    for chunk in known:
        while at < len(kept) - 1 and chunk.start >= kept[at].end:
            at += 1
        by_sentence[at].append(chunk)
    for number, sentence in enumerate(kept):
        if _STAMP.match(norm[sentence.start : sentence.end]):
            continue
        here = find_chunks(
            norm,
            sentence.start,
            sentence.end,
            lower=lower,
            raised=raised
            if sentence.kind == "text"
            else frozenset(re.findall(r"[A-Z][a-z]+", norm[sentence.start : sentence.end])),
            known=by_sentence[number],
            bodies=spans,
        )
        chunks += [c for c in here if not any(a < c.end and c.start < b for a, b in listing)]
    chunks = [replace(c, kind="body") if c.kind in ("party", "plain") and _is_body(c, bodies) else c for c in chunks]
    chunks = [replace(c, kind="plain") if c.text.strip("'\"") in short and c.kind == "party" else c for c in chunks]
    chunks = [c for c in chunks if not _in(c, entries) and not re.match(r"[A-Z]{2}[ie]\.\d{3}", c.text)]
    chunks = sorted([*chunks, *entries], key=lambda c: c.start)
    told = [d.value for d in find_dates(norm, 0, min(len(norm), 4000), None) if d.value and len(d.value) == 10]
    anchor = dt.date.fromisoformat(max(told)) if told else None
    quotes = [q.span() for q in _QUOTE.finditer(norm)]
    strong = Counter(c.list for c in lists if c.list not in (None, "ANY", "NONE", "VISA") and not c.weak)
    dominant = strong.most_common(1)[0][0] if strong else _by_authority(bodies)
    return Context(
        norm, flat.published, lists, bodies, chunks, quotes, dominant,
        bool(re.search(r"\binvestors?\b|\binvest(?:ing|ment)?\b|securities", norm)),
        bool(re.search(
        r"\bblock(?:s|ed|ing)?\b[^;\n]{0,40}\b(?:property|assets)|assets?\b[^;\n]{0,30}\b(?:frozen|"
        r"blocked|freez)|freez\w+ [^;\n]{0,30}assets|Specially Designated|\bSDN\b", norm)),
        anchor,
        _lead(norm, kept, flat.published),
        heads=[(s.start, s.end) for s in kept if s.kind == "head"],
        gazette=flat.gazette,
        official=bool(bodies) or any(c.list not in (None, "ANY", "NONE") and not c.weak for c in lists),
    ), kept  # fmt: skip


def _in(chunk: Chunk, wider: Sequence[Chunk]) -> bool:
    return any(w.start <= chunk.start < w.end for w in wider)


def _is_body(chunk: Chunk, bodies: Sequence[Cue]) -> bool:
    """Whether a name is an authority's, `the` aside."""
    return any(b.start <= chunk.start and chunk.end <= b.end for b in bodies)


def _lead(norm: str, sentences: Sequence[Sentence], published: dt.date | None) -> str | None:
    """The day the opening tells of: the first whole day in its first sentences, unless it is set apart."""
    opening = [s for s in sentences if s.kind in ("text", "item") and s.end - s.start > 60][:3]
    for sentence in opening:
        for told in find_dates(norm, sentence.start, sentence.end, published):
            if told.value and len(told.value) == 10 and told.role != "effective" and not told.past:
                return told.value
    return None


def _by_authority(bodies: Sequence[Cue]) -> str | None:
    count = Counter(c.list for c in bodies if c.list and c.id in ("bis", "commerce"))
    return count.most_common(1)[0][0] if count else None


def _kind(norm: str, flat: Flat, sentence: Sentence) -> str:
    """`head` also for a line in title case or capitals that ends no sentence."""
    if sentence.kind in ("head", "item", "row"):
        return sentence.kind
    if re.match(r"[A-Z]{2}[ie]\.\d{3}\b", norm[sentence.start : sentence.start + 8]):
        return "item"
    block = flat.blocks[sentence.block]
    line = norm[sentence.start : sentence.end]
    if (
        (block.start, block.end) != (sentence.start, sentence.end)
        or re.search(r"(?<!Ltd)(?<!LTD)(?<!Co)(?<!CO)(?<!Inc)(?<!INC)(?<!Corp)(?<!CORP)[.!?:;\",]$", line)
        or len(line) > 170
    ):
        return sentence.kind
    words = re.findall(r"[A-Za-z][\w'-]+", line)
    raised = sum(1 for w in words if w[0].isupper())
    if len(words) >= 3 and (raised >= 0.6 * len(words) or sentence.block <= 4):
        return "head"
    return sentence.kind


def _settle(events: list[Event]) -> list[Event]:
    """Drop a telling that adds nothing: no day, and all it names or counts in another event of the kind."""
    out: list[Event] = []
    for number, event in enumerate(events):
        others = [
            (n, e)
            for n, e in enumerate(events)
            if n != number
            and (e.list, e.action) == (event.list, event.action)
            and (event.background or not e.background)
        ]
        if event.date is None and event.count_claimed is None and event.entities:
            held = [(n, e) for n, e in others if all(any(same_party(x, o) for o in e.entities) for x in event.entities)]
            if any(len(e.entities) > len(event.entities) or n < number for n, e in held):
                continue
        empty = event.date is None and not event.entities and event.list != "VISA"
        if empty and any(e.entities or e.count_claimed == event.count_claimed for _, e in others):
            continue
        out.append(event)
    return out


def _unlisted(
    context: Context, events: Sequence[Event], speakers: Sequence[str], heads: Sequence[tuple[int, int]]
) -> list[str]:
    """Parties and media the text names that no event lists."""
    listed = {key_of(n) for e in events for n in e.entities} | {
        key_of(a) for e in events for v in e.aliases.values() for a in v
    }
    names = [n for e in events for n in e.entities]
    spoken = {key_of(s) for s in speakers}
    out: dict[str, str] = {}
    for chunk in context.chunks:
        if any(a <= chunk.start < b for a, b in heads):
            continue
        key = key_of(chunk.text)
        if chunk.kind not in ("party", "media") or key in listed or key in spoken or len(key) < 2 or key in out:
            continue
        if any(same_party(chunk.text, n) for n in names):
            continue
        if within(context.authorities, chunk.start, chunk.end):
            continue
        if any(key and key in s for s in spoken):
            continue
        out[key] = chunk.text
    return list(out.values())
