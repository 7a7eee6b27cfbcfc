"""Whether an act, a list and the parties around them make a mention, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.news.chunks import Chunk
from caveat.news.clauses import ANAPHORA, antecedent, is_filled, is_speaker
from caveat.news.context import Context, Mention
from caveat.news.naming import PERSON_LISTS, count_in, names_in
from caveat.news.resolving import authority_of, dates_for, is_background, resolve_list
from caveat.news.sentences import Sentence
from caveat.news.signals import Act, Cue, within

_THEM = re.compile(
    r"\b(?:the|these|those) (?:\w+ )?(?:companies|firms|entities|businesses|groups|"
    r"organi[sz]ations|subsidiaries)\b|\bthem\b",
    re.I,
)
OFFICIAL = re.compile(
    r"\b(?:Treasury|OFAC|Office of Foreign|State Department|Department of State|U\.S\.|US|United "
    r"States|EU|UK|Britain|United Kingdom|Council|Washington|Commerce|Pentagon|Defense Department|"
    r"FCC|Commission|Customs|Homeland|Beijing|China|Canada|Australia|Japan|government|UN|Security "
    r"Council|Committee|FLETF|Ottawa|London|Brussels|Ministry|ministry|Taiwan|Switzerland|"
    r"administration|Union|[Tt]he (?:department|agency|bureau|ministry)|Department|FCC)\b"
)
BE = re.compile(r"\b(?:was|were|been|being|be|is|are|gets?|got|getting)(?:\s+[\w-]+){0,3}?\s*$")
#: `X, which was blacklisted in 2019, …`: told in passing.
_ASIDE = re.compile(
    r"(?:,|\b(?:firm|company|maker|giant|group)) (?:which|who|that|whose [\w ]{1,30})(?: [\w']+){0,4} $|"
    r",(?: [\w-]+){0,2} $|"
    r"\b(?:since|after|before|despite|following)(?: [\w']+){0,6} $"
)
_FORMER = re.compile(
    r"\b(?:[Ff]ormer|[Pp]revious|[Pp]rior|[Pp]redecessor\w*|then-)\b[^.;]*(?:administration|President|president|"
    r"government)"
)
#: All that were ever listed, not those listed now.
_SO_FAR = re.compile(r"\b(?:has|have) (?:now|so far|to date) (?:sanctioned|listed|designated|blacklisted)\b")
#: Authorities that keep a list.
_KEEPERS = frozenset(("ofac", "treasury", "bis", "commerce", "eu", "uk", "ofsi", "un", "state"))
_NAMELESS = frozenset(("VISA", "WRO", "SECTION_889", "FCC_COVERED"))


def _aims(
    norm: str, sentence: Sentence, act: Act, authority: Cue | None, count: int | None, names: Sequence[Chunk]
) -> bool:
    """Whether `targeted` is itself the act: an authority that keeps a list, and those it counts or names."""
    if authority is None or authority.id not in _KEEPERS:
        return False
    near = 0 <= act.start - authority.end < 60 and sentence.start <= authority.start
    return near and bool((count or 0) > 1 or len(names) > 1)


def is_private(context: Context, sentence: Sentence, act: Act) -> bool:
    """Whether the one who sanctions is a club, a firm or a court: `FIFA sanctioned X`, `Moody's delisted Y`."""
    norm = context.norm
    before = norm[sentence.start : act.start]
    if BE.search(before) or norm[act.start : act.end].lower().endswith("ing") or sentence.kind == "head":
        return False
    here = [c for c in context.authorities if sentence.start <= c.start < act.start]
    if here or any(c.list not in (None, "ANY", "NONE") for c in within(context.lists, sentence.start, sentence.end)):
        return False
    agents = [c for c in context.chunks_between(sentence.start, act.start) if c.kind in ("party", "person", "media")]
    return bool(agents) and not OFFICIAL.search(before)


def make_mention(
    context: Context,
    sentence: Sentence,
    act: Act,
    action: str,
    cue: Cue | None,
    regions: Sequence[tuple[int, int, bool]],
) -> Mention | None:
    """The mention that an act makes of the names in `regions` (start, end, whether any may stand there), or None."""
    norm = context.norm
    start, end = sentence.start, sentence.end
    authority = authority_of(context, sentence, act)
    if not context.official:
        return None
    wanted = resolve_list(context, sentence, cue, authority, norm[act.start : act.end])
    if wanted is None:
        return None
    persons = wanted in PERSON_LISTS
    names: list[Chunk] = []
    count: int | None = None
    anaphora = False
    plural = False
    for begin, stop, free in regions:
        names += [c for c in names_in(norm, begin, stop, context.chunks, persons=persons, free=free) if c not in names]
        number = count_in(norm, begin, stop, new=action == "add")
        if number is not None:
            count = number if count is None else max(count, number)
        plural = plural or bool(
            re.search(
                r"\b(?:dozens|hundreds|several|companies|firms|entities|organi[sz]ations|individuals|persons|"
                r"vessels|affiliates|subsidiaries|officials)\b",
                norm[begin:stop],
                re.I,
            )
        )
        among = re.search(r"\b(?:one of|among)\b", norm[begin:stop])
        if not names and (not plural or among) and ANAPHORA.search(norm[begin:stop]):
            anaphora = True
    if plural and not names and count is None and any(_THEM.search(norm[b:e]) for b, e, _ in regions):
        names = names_in(norm, start, act.start, context.chunks, persons=persons, free=True)
        names = [c for c in names if not is_speaker(norm, c, act)]
    if not names and not anaphora and count is None:
        units = [c for b, e, _ in regions for c in context.chunks_between(b, e) if c.kind == "party" and not c.owns]
        names = [
            c
            for c in units
            if re.match(r" (?:unit|subsidiary|arm|plant|affiliate|division)\b", norm[c.end : c.end + 12])
        ]
    if anaphora and not names:
        chunk = antecedent(context, min([r[0] for r in regions] or [act.start]), persons=persons)
        if chunk:
            names = [chunk]
    if not anaphora:
        names = [c for c in names if not is_speaker(norm, c, act)] or names[:1]
    mention = Mention(
        wanted,
        action,
        start,
        end,
        (start, end),
        names,
        count,
        authority,
        dates_for(context, sentence, act),
        is_background(context, sentence, act),
        context.in_quote(act.start),
        sentence.kind == "head",
        act.kind == "soft" and not _aims(norm, sentence, act, authority, count, names),
        cue is not None and cue.list not in (None, "ANY"),
        plural,
        anaphora,
        norm[cue.start : cue.end].lower() if cue and cue.list == "OTHER" else "",
    )
    if act.kind == "phrase" and not names and count is None and wanted not in _NAMELESS:
        first = next((c for b, e, _ in regions for c in context.chunks_between(b, e)), None)
        if first is not None and first.kind == "place" and not plural and not is_filled(context, first.end, end):
            return None  # measures against a country list nobody
    if anaphora and act.kind == "phrase" and norm[act.start : act.start + 3].lower() in ("too", "tak"):
        return None  # `took similar action against the company`
    if action == "propose":
        mention.dates = [d for d in mention.dates if ";" not in norm[min(d.end, act.end) : max(d.start, act.start)]]
    if mention.soft and _FORMER.search(norm[start : act.start]):
        mention.soft, mention.background = False, True
    if mention.count and _SO_FAR.search(norm, start, end):
        mention.count = None
    mention.passing = mention.background and (act.kind == "state" or bool(_ASIDE.search(norm[start : act.start])))
    return mention
