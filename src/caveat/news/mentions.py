"""One sentence, one listing act: which list, which act, who, when, by whom. No quote, no event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from caveat.news.bare import is_agent_act, read_bare
from caveat.news.clauses import cut_reasons, is_filled, shape_of, subject_of
from caveat.news.context import Context, Mention
from caveat.news.naming import names_in
from caveat.news.sentences import Sentence
from caveat.news.signals import STATES, Act, Cue, find_acts, within
from caveat.news.tying import act_for
from caveat.news.weighing import BE, OFFICIAL, is_private, make_mention

_LISTING_TAIL = re.compile(
    r"^[\"',\s]*(?:; (?:these|they|those|the (?:companies|firms|entities|names|targets))(?: now)? (?:include|are|"
    r"were)\b|[^.;:]{0,90}?\b(?:including|includes?|included|among them|naming|namely|such as|they "
    r"are|they include|they were|these are|those are)\b|"
    r"(?:[^.;:]{0,60}?)(?::|\s--?\s)|(?:[^.;:,]{0,50}?\b(?:are|were|is|was)\b(?! (?:added|placed|"
    r"put|listed|barred|accused|based|located|subject|expected|also|not|a|an|the|under|in|on|"
    r"effective|published|made))))"
)
#: `imposed sanctions on Thursday on …`: the day between the act and whom it is done to.
_DATED = re.compile(r"\s*(?:[A-Z][a-z]+day|today|yesterday)\b[^.;]{0,30}?\b(?:on|against)\s(?=\S)")
_STATE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|remains?|remained|already|now|still|both|all|currently|"
    r"company|companies|firms?|while|stay)\s+(?:already |now |still |also |currently |both |all |"
    r"itself |themselves )*(?:on|subject to|under)\s+(?:[\w.'\"-]+\s+){0,6}?\"?$"
)
_ADJECTIVE = re.compile(
    r"\b(?:the|these|those|to|of|with|by|for|from|and|any|some|all|many|other|already|both|newly|\w+'s) (?:[\w-]+ )?$",
    re.I,
)
_NOUN_NEXT = re.compile(
    r"^\s+(?:[\w.'-]+\s){0,2}?(?:entity|entities|compan\w+|firms?|individuals?|persons?|people|"
    r"parties|party|countr\w+|goods|vessels?|tankers?|banks?|oligarchs?|organi[sz]ations?|list)\b",
    re.I,
)


def read_mentions(context: Context, sentence: Sentence) -> list[Mention]:
    """The listing acts of one sentence, at most one a list and action."""
    start, end, norm = sentence.start, sentence.end, context.norm
    lists = [c for c in within(context.lists, start, end) if c.id != "NONE" and not context.in_title(c.start)]
    if sentence.kind == "text":
        lists = [c for c in lists if not _TITLED.match(norm, c.end)]
    acts = [a for a in find_acts(norm, start, end) if not context.in_title(a.start) and not _describes(norm, a)]
    acts = [a for a in acts if not any(c.start <= a.start and a.end <= c.end for c in lists) or a.kind == "phrase"]
    if sentence.kind == "text":  # `the rule Entity List Modification`: a title, no act
        acts = [a for a in acts if a.kind != "noun" or a.start == start or norm[a.start].islower()]
    if not acts:
        return _read_states(context, sentence, lists) or read_bare(context, sentence)
    out: list[Mention] = []
    used: set[int] = set()
    for cue in lists:
        if cue.weak:
            continue
        act, where, at = act_for(context, sentence, cue, acts)
        if act is None:
            continue
        moved = bool(_MOVE.match(norm, act.start))
        if act.start in used and not moved:
            continue
        used.add(act.start)
        if moved and norm[at : at + 4].lower() in ("from", "off "):
            act = replace(act, action="remove")
        mention = _build(context, sentence, act, cue, where, at)
        if mention:
            out.append(mention)
    for act in acts:
        if act.list == "WRO" and act.action == "add" and not any(c.list == "WRO" for c in context.lists):
            continue
        if act.list == "FCC_COVERED" and not any(c.id == "fcc" for c in context.authorities):
            continue
        if act.start in used or act.kind in ("with_list", "noun"):
            agent = act.start not in used and act.kind == "with_list" and is_agent_act(context, sentence, act)
            if not agent and not (
                act.kind == "noun"
                and act.start not in used
                and re.match(r"\s+of\b", norm[act.end : act.end + 4])
                and norm[act.start : act.start + 9].lower() == "designati"
            ):
                continue
        if any(m.core[0] <= act.start < m.core[1] for m in out) and act.kind == "soft":
            continue
        mention = _build_direct(context, sentence, act, lists)
        twin = next((m for m in out if mention and (m.list, m.action) == (mention.list, mention.action)), None)
        if mention and twin is None:
            out.append(mention)
        elif mention and twin and not twin.names and mention.names:
            twin.names, twin.count = mention.names, max(twin.count or 0, mention.count or 0) or None
    since = next((c for c in lists if _SINCE.match(norm, c.end, end)), None)
    if since and not any(m.names and m.list == since.list for m in out):
        return [m for m in out if m.list != since.list] + _read_states(context, sentence, [since])
    return (
        out
        or _read_states(context, sentence, lists)
        or read_bare(context, sentence)
        or _read_loosely(context, sentence, acts, lists)
    )


#: `the rule Entity List Modification`: a list named in a title.
_TITLED = re.compile(r" (?:Modifications?|Additions?|Removals?|Revisions?|Updates?|Requests)\b")
#: `added two firms to the list on Monday, X and Y`
_APPOSED = re.compile(
    r"[\"')]*(?: on \w+day| this week| today| yesterday)?(?:,| -+) (?=(?:the )?[A-Z][\w'-]+ (?:[A-Z(&]|and [A-Z]))"
)
#: `was placed on the list along with X`
_BESIDE = re.compile(
    r"(?:,? (?:along|together) with|,? alongside|,? as well as|,? in addition to|, as (?:was|were|is|are|did|has|have)|"
    r",? (?:joining|followed by))\s"
)
#: `moved from one list to another`: a removal and an addition.
_MOVE = re.compile(r"mov(?:e|es|ed|ing)\b|transfer|shift", re.I)
#: `all entities listed on …`: a participle that says which ones, no act.
_WHICH = re.compile(
    r"\b(?:entit(?:y|ies)|persons?|part(?:y|ies)|companies|firms|those|individuals|anyone|end[- ]users?|names|banks|"
    r"countries|organizations)(?: already| currently| previously)? $",
    re.I,
)


def _describes(norm: str, act: Act) -> bool:
    """Whether a participle only says which parties are meant: `entities listed on the Entity List`."""
    word = norm[act.start : act.end].lower()
    if word not in ("listed", "identified", "named", "included", "placed", "designated", "sanctioned", "blacklisted"):
        return False
    before = norm[max(0, act.start - 60) : act.start]
    return (
        bool(_WHICH.search(before))
        and bool(re.match(r" (?:on|in|under|by|as|to|pursuant)\b", norm[act.end : act.end + 12]))
        and not re.search(
            r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|other|new|newly)\b[^,.]{0,40}$", before
        )
    )


def _build(context: Context, sentence: Sentence, act: Act, cue: Cue, where: str, at: int) -> Mention | None:
    norm = context.norm
    start, end = sentence.start, sentence.end
    action = act.action
    shape = shape_of(norm, start, act)
    if shape is None:
        return None
    if shape != "done":
        action = shape
    regions: list[tuple[int, int, bool]] = []
    stop = max(cue.end, act.end)
    if where == "to" and act.start < cue.start:
        middle = (act.end, at, False)
        turned = not norm[act.end : at].strip() and norm[act.start : act.end].lower().endswith(("s", "ing"))
        if turned:  # `removes from the Entity List one entity`
            middle = (cue.end, cut_reasons(norm, cue.end, end), False)
        passive = bool(BE.search(norm[start : act.start])) and not norm[act.start : act.end].lower().endswith("ing")
        filled = is_filled(context, middle[0], middle[1])
        if filled and not (passive and not names_in(norm, *middle[:2], context.chunks)):
            regions.append(middle)
        else:
            regions.append((*subject_of(context, start, act.start), False))
    elif where == "heading":
        regions.append((cue.end, end, False))
    elif where in ("list_subject", "after"):
        regions.append((act.end, end, False))
    elif where == "list_object":
        inner = re.search(
            r"\b(?:to (?:include|add|cover)|by (?:adding|including)|with|adding|against|on|targeting|for|to cover)\s",
            norm[cue.end : end],
        )
        regions.append((cue.end + inner.end(), end, False) if inner else (cue.end, cue.end, False))
    elif where == "noun":
        of = re.match(r"\s+(?:of|for)\s", norm[act.end : end])
        regions.append(
            (act.end + of.end(), cue.start, False)
            if of and act.start < cue.start
            else (*subject_of(context, start, act.start), False)
        )
    else:
        regions.append((*subject_of(context, start, min(act.start, cue.start)), False))
    apposed = _APPOSED.match(norm, stop, end)
    if apposed and not any(names_in(norm, *r[:2], context.chunks, persons=True) for r in regions):
        regions.append((apposed.end(), cut_reasons(norm, apposed.end(), end), False))
    beside = _BESIDE.search(norm, stop, end)
    if beside and where not in ("list_subject", "after") and not re.search(r"[.;:]", norm[stop : beside.start()]):
        regions.append((beside.end(), cut_reasons(norm, beside.end(), end), False))
    tail = _LISTING_TAIL.match(norm[stop:end])
    if not tail and re.search(r"\b(?:the )?following\b", norm[max(start, stop - 160) : stop]):
        colon = norm.find(": ", stop, end)
        if 0 < colon - stop < 260:
            regions.append((colon + 2, end, True))
    if tail and where not in ("list_subject", "after"):
        regions.append((stop + tail.end(), cut_reasons(norm, stop + tail.end(), end), True))
    return make_mention(context, sentence, act, action, cue, regions)


def _build_direct(context: Context, sentence: Sentence, act: Act, lists: Sequence[Cue]) -> Mention | None:
    norm = context.norm
    start, end = sentence.start, sentence.end
    word = norm[act.start : act.end]
    low = word.lower()
    if act.kind == "direct":
        if low == "blacklist" and not re.search(
            r"\b(?:to|will|would|could|should|not|and|also|may|or)(?: \w+ly)? $", norm[start : act.start]
        ):
            return None
        if low in ("sanctions", "blacklists") and not (
            sentence.kind == "head" or OFFICIAL.search(norm[start : act.start][-40:])
        ):
            return None
        if low == "sanctions" and re.match(
            r"\s+(?:on|against|list|package|regime|target|are|were|have|will|and|by|in|over|that|for|"
            r"imposed|evasion|risk|compliance|relief|program)",
            norm[act.end : act.end + 14],
        ):
            return None
        if low == "sanctions" and (
            re.search(r"\b(?:new|more|further|of|the|under|to|by|and|its|[a-z]+) $", norm[start : act.start])
            or sentence.start == act.start
        ):
            return None
        if (
            low.endswith("ed")
            and _NOUN_NEXT.match(norm[act.end : act.end + 60])
            and _ADJECTIVE.search(norm[start : act.start][-30:])
            and not BE.search(norm[start : act.start])
            and not re.search(r"\b(?:and|has|have|had|also) $", norm[start : act.start])
        ):
            return None
        if low.startswith("designat") and not OFFICIAL.search(norm[start:end]):
            return None
        if low.startswith("designat") and _RANKED.search(norm, act.end, min(end, act.end + 160)):
            return None
        if is_private(context, sentence, act):
            return None
        if (
            low.startswith("designat")
            and re.match(r"\s+(?:as|to|for|areas?|by law)\b", norm[act.end : act.end + 12])
            and not re.search(r"sanction|terror|Magnitsky|SDN|blocked", norm[start:end], re.I)
        ):
            return None
        if low.startswith("delist") and re.search(
            r"exchange|NYSE|Nasdaq|shares|ADR|stock|bourse|depositary", norm[start:end], re.I
        ):
            return None
    if act.kind == "noun" and not OFFICIAL.search(norm[start:end]):
        return None
    shape = shape_of(norm, start, act)
    if shape is None:
        return None
    action = act.action if shape == "done" else shape
    been = bool(BE.search(norm[start : act.start])) and not low.endswith("ing")
    been = been or bool(re.search(r"\bbeing $", norm[start : act.start]))
    passive = act.passive or (been and act.kind == "direct")
    if act.kind == "phrase" and re.match(r"\s*(?:sanctions|restrictions|restrictive|export)", word, re.I) and passive:
        passive = False
    of = re.match(r"\s+of\s", norm[act.end : act.end + 4])
    regions: list[tuple[int, int, bool]] = []
    follows = act.end + (of.end() if of else 0)
    dated = _DATED.match(norm, follows, end) if act.kind == "phrase" else None
    follows = dated.end() if dated else follows
    cut = cut_reasons(norm, follows, end)
    if passive:
        regions.append((*subject_of(context, start, act.start), False))
        tail = _LISTING_TAIL.match(norm[act.end : end])
        if tail:
            regions.append((act.end + tail.end(), cut_reasons(norm, act.end + tail.end(), end), True))
    else:
        later = re.search(r"\b(?:including|among them|namely)\b|:", norm[cut:end])
        free = act.action == "modify" or act.list in ("SECTION_889", "WRO")
        turn = _NEXT_ACT.search(norm, follows, end) if act.action == "modify" else None
        stop = end if act.list == "SECTION_889" else min(cut, turn.start()) if turn else cut
        regions.append((follows, stop, free))
        if later and not names_in(norm, follows, cut, context.chunks, persons=True):
            regions.append((cut + later.end(), cut_reasons(norm, cut + later.end(), end), True))
        if not of and low.endswith("ed") and not is_filled(context, follows, cut):
            regions = [(*subject_of(context, start, act.start), False)]
    cue = next((c for c in lists if c.list not in (None, "ANY")), None) or (lists[0] if lists else None)
    if act.list:
        cue = Cue(act.start, act.end, act.list, act.list)
    return make_mention(context, sentence, act, action, cue, regions)


#: `prolonged the measures, and removed three`: where another act begins.
_NEXT_ACT = re.compile(
    r",? (?:and|but|while) (?:[a-z]+ly )?(?:decid|agree|remov|add|delist|lift|dropp|list|propos)\w*\b"
)
#: `the Entity List, on which X has been since 2019`
_SINCE = re.compile(r"\"?,? (?:on|to) which (?P<who>[^.;]{2,80}?) (?:has|have|had) (?:been|stood|sat|appeared)\b")
#: Verbs of removal that mostly mean something else.
_EVERYDAY = re.compile(
    r"c[oa]m(?:es?|ing)\b(?! off)|t(?:ake|akes|ook|aken|aking)\b(?! off)|left\b|leav|chang|exit|lift", re.I
)
#: Designated, but for what a market or a ministry needs, not as a restricted party.
_RANKED = re.compile(
    r"\bas (?:an? |the |its |their |one of )?(?:very large|gatekeeper|host|venue|home|official|preferred|key|"
    r"successor|national|"
    r"sponsor|partner|strategic|systemically|candidate|major|heritage|essential|critical|supplier|provider)\w*"
)


def _read_loosely(context: Context, sentence: Sentence, acts: Sequence[Act], lists: Sequence[Cue]) -> list[Mention]:
    """A sentence that names a list, an act and parties, though no rule says how they hang together.

    Kept only where the article tells of that list in no clearer way.
    """
    norm = context.norm
    named = [c for c in lists if c.list not in (None, "ANY", "NONE", "VISA", "WRO") and not c.weak]
    done = [
        a
        for a in acts
        if a.kind in ("with_list", "direct", "noun")
        and shape_of(norm, sentence.start, a) == "done"
        and not _EVERYDAY.match(norm, a.start)
    ]
    acting = any(c.id not in STATES for c in context.authorities)
    if not named or not done or not acting or sentence.kind == "head" or context.in_quote(named[0].start):
        return []
    if re.search(r"\b(?:different|distinct|separate|not the same|unlike)\b", norm[sentence.start : named[0].start]):
        return []
    act = min(done, key=lambda a: abs(a.start - named[0].start))
    if re.search(r"\b(?:may|might|could|can) (?:\w+ )?(?:lead|result|be)\b", norm[sentence.start : named[0].start]):
        return []
    begin, stop = subject_of(context, sentence.start, sentence.end)
    mention = make_mention(context, sentence, act, act.action, named[0], [(begin, stop, False)])
    if mention is None or not (mention.names or mention.count):
        return []
    mention.loose = True
    return [mention]


def _read_states(context: Context, sentence: Sentence, lists: Sequence[Cue]) -> list[Mention]:
    """`is on the Entity List`: a listing told as a standing fact."""
    norm = context.norm
    for cue in lists:
        since = _SINCE.match(norm, cue.end, sentence.end)
        if since and not cue.weak:
            act = Act(since.start(), since.end(), "add", "state")
            mention = make_mention(context, sentence, act, "add", cue, [(*since.span("who"), False)])
            if mention and mention.names:
                return [mention]
        found = _STATE.search(norm[sentence.start : cue.start][-90:])
        if not found or cue.weak or cue.list in ("WRO", "VISA"):
            continue
        at = cue.start - len(norm[sentence.start : cue.start][-90:]) + found.start()
        act = Act(at, cue.start, "add", "state")
        if shape_of(norm, sentence.start, act) != "done":
            continue
        mention = make_mention(context, sentence, act, "add", cue, [(*subject_of(context, sentence.start, at), False)])
        if mention and mention.names:
            return [mention]
    return []
