"""One sentence, one listing act: which list, which act, who, when, by whom. No quote, no event."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from caveat.news.chunks import Chunk
from caveat.news.dates import Told, find_dates
from caveat.news.naming import PERSON_LISTS, count_in, names_in
from caveat.news.sentences import Sentence
from caveat.news.signals import Act, Cue, background, find_acts, modality, within

_PREPOSITION = re.compile(
    r"\b(to|onto|on|in|into|from|off|under|of|by|through|with)\s+(?:(?!to |from |on |by )[\w.'\"(),&/-]+\s+){0,9}?$"
)
_FITS = {
    "to": re.compile(r"^(?:add|adds|added|adding|name|named|naming|names|expand\w*|extended|recategori[sz]ed|subject\w*|join\w*)$", re.I),
    "on": re.compile(r"^(?:plac\w+|put\w*|list\w*|includ\w+|slap\w*|land\w*|name\w*|inscribed|appear\w*|identif\w+|designat\w+|impos\w+|enter\w*|modif\w+|revis\w+|amend\w+|correct\w+|chang\w+|updat\w+|renam\w+|join\w*|add\w*)$", re.I),
    "from": re.compile(r"^(?:remov\w+|drop\w*|str[iu]\w+|delet\w+|tak\w+|took|lift\w*|withdr\w+|rescind\w*|erased|cleared|come off|came off|exit)$", re.I),
    "of": re.compile(r"^(?:expan\w+|modif\w+|revis\w+|amend\w+|correct\w+|updat\w+|extend\w*)$", re.I),
}  # fmt: skip
_FITS["onto"] = _FITS["into"] = _FITS["in"] = _FITS["under"] = _FITS["on"]
_FITS["off"] = re.compile(_FITS["from"].pattern[:-2] + r"|come|came)$", re.I)
_BE = re.compile(r"\b(?:was|were|been|being|be|is|are|gets?|got|getting)(?:\s+[\w-]+){0,3}?\s*$")
_LISTING_TAIL = re.compile(
    r"^[\"',\s]*(?:[^.;:]{0,90}?\b(?:including|includes?|included|among them|namely|such as|they are|they include|they were|these are|those are)\b|"
    r"(?:[^.;:]{0,60}?)(?::|\s--?\s)|(?:[^.;:,]{0,50}?\b(?:are|were|is|was)\b(?! (?:added|placed|put|listed|barred|accused|based|located|subject|expected|also|not|a|an|the|under|in|on|effective|published|made))))"
)
_STATE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|remains?|remained|already|now|still|both|all|currently|company|companies|firms?|while|stay)\s+(?:already |now |still |also |currently |both |all |itself |themselves )*(?:on|subject to|under)\s+(?:[\w.'\"-]+\s+){0,6}?\"?$"
)
_REPORTED = re.compile(
    r"\b(?:said|says|announced|reported|reports|stated|confirmed|noted|added|announces|claims|claimed|showed|shows|wrote|told \w+)"
    r"(?: (?:on |in |late |earlier )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|today|yesterday|[A-Z][a-z]+ \d+)| in a (?:statement|notice|filing|release|post)[^,]{0,40})?,?(?: that)?\s"
)
_TURN = re.compile(
    r"(?:^|[,\s])(?:after|when|since|because|while|although|though|but|whereas|once|as(?! well)(?! part))\s|;\s"
)
_RELATIVE = re.compile(
    r",?\s(?:which|who|that|whose)\s(?:[\w'-]+\s){0,4}?$|,\s(?:[\w'-]+\s){0,2}$|\((?:[\w'-]+\s){0,3}$"
    r"|\s(?:it|they|Washington|Beijing|the (?:US|U\.S\.|United States|department|agency|government|administration|ministry|(?:Commerce|Treasury|Defense|State) Department|Treasury|Pentagon))\s(?:had |has |have )?$"
)
_CUT = re.compile(
    r"\b(?:for (?:[a-z]+ly )?(?:[a-z]+ing|their|its|his|her|alleged|reasons|human|violat\w+|role|support|involvement|ties)|for|over|after|because|due to|citing|accusing|accused|alleging|as part of|in response to|in connection with|"
    r"pursuant to|under (?:an? |the )?(?:executive|authorit|new|global|sanctions)|in an? (?:effort|attempt|bid|move|statement|notice|rule)|saying|said|on grounds|on suspicion|amid|while|when|where|"
    r"as (?:it|the|a|beijing|washington)|effective|according|to (?:prevent|stop|curb|protect|counter|ensure|help|end|protest|keep|block|cut)|from (?:exporting|receiving|entering|using|buying)|unless|until|since|that (?:has|have|was|were|are|is|would|will)|bringing|making|which would|who would)\b"
    r"|\b(?:on|last|this|next) (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|week|month|year)\b"
)
_ANAPHORA = re.compile(r"\b(?:the (?:company|firm|group|bank|institute|university|institution|chipmaker|drone maker|manufacturer|supplier|startup|start-up|maker|entity|conglomerate|business|school|refiner|shipper|airline)|it|itself|its inclusion|its addition|its listing|its removal|its designation|he|she)\b", re.I)  # fmt: skip
_ADJECTIVE = re.compile(
    r"\b(?:the|these|those|to|of|with|by|for|from|and|any|some|all|many|other|already|both|newly|\w+'s) (?:[\w-]+ )?$",
    re.I,
)
_NOUN_NEXT = re.compile(r"^\s+(?:[\w.'-]+\s){0,2}?(?:entity|entities|compan\w+|firms?|individuals?|persons?|people|parties|party|countr\w+|goods|vessels?|tankers?|banks?|oligarchs?|organi[sz]ations?|list)\b", re.I)  # fmt: skip
_OFFICIAL = re.compile(r"\b(?:Treasury|OFAC|Office of Foreign|State Department|Department of State|U\.S\.|US|United States|EU|UK|Britain|United Kingdom|Council|Washington|Commerce|Pentagon|Defense Department|FCC|Commission|Customs|Homeland|Beijing|China|Canada|Australia|Japan|government|UN|Security Council|Committee|FLETF|Ottawa|London|Brussels|Ministry|ministry|Taiwan|Switzerland|administration|Union)\b")  # fmt: skip


@dataclass
class Mention:
    """A listing act as one sentence (and what continues it) tells it."""

    list: str
    action: str
    start: int
    end: int
    core: tuple[int, int]
    names: list[Chunk] = field(default_factory=list)
    count: int | None = None
    authority: Cue | None = None
    dates: list[Told] = field(default_factory=list)
    background: bool = False
    quoted: bool = False
    head: bool = False
    soft: bool = False
    sure: bool = False
    plural: bool = False
    anaphora: bool = False
    named: str = ""


@dataclass
class Context:
    """What the whole article offers a sentence: its cues, names and day."""

    norm: str
    published: dt.date | None
    lists: Sequence[Cue]
    authorities: Sequence[Cue]
    chunks: Sequence[Chunk]
    quotes: Sequence[tuple[int, int]]
    dominant: str | None
    invests: bool
    blocks_assets: bool

    def in_quote(self, position: int) -> bool:
        """Whether a position lies within quotation marks."""
        return any(a < position < b for a, b in self.quotes)

    def chunks_between(self, start: int, end: int) -> list[Chunk]:
        """The names that lie between two offsets."""
        return [c for c in self.chunks if c.start >= start and c.end <= end]


def read_mentions(context: Context, sentence: Sentence) -> list[Mention]:
    """The listing acts of one sentence, at most one a list and action."""
    start, end, norm = sentence.start, sentence.end, context.norm
    lists = [c for c in within(context.lists, start, end) if c.id != "NONE"]
    acts = find_acts(norm, start, end)
    if not acts:
        return _read_states(context, sentence, lists)
    out: list[Mention] = []
    used: set[int] = set()
    for cue in lists:
        if cue.weak:
            continue
        act, where = _act_for(context, sentence, cue, acts)
        if act is None or act.start in used:
            continue
        used.add(act.start)
        mention = _build(context, sentence, act, cue, where, acts)
        if mention:
            out.append(mention)
    for act in acts:
        if act.start in used or act.kind in ("with_list", "noun"):
            if not (
                act.kind == "noun"
                and act.start not in used
                and re.match(r"\s+of\b", norm[act.end : act.end + 4])
                and norm[act.start : act.start + 9].lower() == "designati"
            ):
                continue
        if any(m.core[0] <= act.start < m.core[1] for m in out) and act.kind == "soft":
            continue
        mention = _build_direct(context, sentence, act, lists)
        if mention and not any(m.list == mention.list and m.action == mention.action for m in out):
            out.append(mention)
    return out or _read_states(context, sentence, lists)


def _act_for(context: Context, sentence: Sentence, cue: Cue, acts: Sequence[Act]) -> tuple[Act | None, str]:
    """The act that is done to a list named here, and how they stand to each other."""
    norm = context.norm
    before = norm[sentence.start : cue.start]
    found = _PREPOSITION.search(before[-110:])
    prior = [a for a in acts if a.end <= cue.start and a.kind in ("with_list", "direct", "noun")]
    if found:
        preposition = found[1].lower()
        at = cue.start - len(before[-110:]) + found.start()
        fits = _FITS.get(preposition)
        for act in reversed([a for a in prior if a.end <= at + 1]):
            word = norm[act.start : act.end]
            if act.kind == "noun":
                matching = {"to": "add", "on": "add", "from": "remove", "of": "modify", "in": "add"}.get(preposition)
                if (
                    act.action == matching or (act.action == "modify" and preposition in ("to", "on"))
                ) and not re.match(r"(?:listings?)$", word, re.I):
                    return act, "noun"
            elif fits and fits.match(word):
                return act, "to"
            elif preposition == "to" and re.match(r"(?:modif|revis|amend|correct|updat|chang)", word, re.I):
                return act, "to"
            elif preposition == "in" and re.match(r"(?:inclu|list|nam)", word, re.I):
                return act, "to"
    for act in reversed(prior):
        word = norm[act.start : act.end].lower()
        between = norm[act.end : cue.start]
        if len(between) > 60 or re.search(r"[,;]", between):
            continue
        if re.match(r"(?:expand|extend|updat|issu|impos|join|amend|revis|enter|exit|leav|left|lift|announc)", word):
            return act, "list_object"
        if re.match(r"(?:renew|modif|revok|rescind|terminat|vacat|withdr)", word) and cue.list in ("DPL", "WRO"):
            return act, "list_object"
    after = [a for a in acts if a.start >= cue.end and a.kind in ("with_list", "noun")]
    for act in after:
        between = norm[cue.end : act.start]
        word = norm[act.start : act.end].lower()
        if act.kind == "noun" and not between.strip(" \"'"):
            return act, "noun"
        if (
            len(between) < 25
            and re.match(r"(?:includ|nam|now includ|add|remov)", word)
            and not re.search(r"[,;.]", between)
        ):
            return act, "list_subject"
        if len(between) < 60 and re.search(r"\bto which|\bfrom which|\bwhich (?:now )?$", between):
            return act, "to"
    return None, ""


def _build(context: Context, sentence: Sentence, act: Act, cue: Cue, where: str, acts: Sequence[Act]) -> Mention | None:
    norm = context.norm
    start, end = sentence.start, sentence.end
    action = act.action
    shape = _shape(norm, start, act)
    if shape is None:
        return None
    if shape != "done":
        action = shape
    regions: list[tuple[int, int, bool]] = []
    stop = max(cue.end, act.end)
    if where == "to" and act.start < cue.start:
        at = (
            cue.start
            - len(norm[start : cue.start][-110:])
            + _PREPOSITION.search(norm[start : cue.start][-110:]).start()
        )  # type: ignore[union-attr]
        middle = (act.end, at, False)
        passive = bool(_BE.search(norm[start : act.start])) and not norm[act.start : act.end].lower().endswith("ing")
        filled = _is_filled(context, middle[0], middle[1])
        if filled and not (passive and not names_in(norm, *middle[:2], context.chunks)):
            regions.append(middle)
        else:
            regions.append((*_subject(context, start, act.start), False))
    elif where == "list_subject":
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
            else (*_subject(context, start, act.start), False)
        )
    else:
        regions.append((*_subject(context, start, min(act.start, cue.start)), False))
    tail = _LISTING_TAIL.match(norm[stop:end])
    if tail and where != "list_subject":
        regions.append((stop + tail.end(), _cut(norm, stop + tail.end(), end), True))
    return _mention(context, sentence, act, action, cue, regions)


def _build_direct(context: Context, sentence: Sentence, act: Act, lists: Sequence[Cue]) -> Mention | None:
    norm = context.norm
    start, end = sentence.start, sentence.end
    word = norm[act.start : act.end]
    if act.kind in ("with_list", "noun") and word.lower()[:9] != "designati":
        return None
    low = word.lower()
    if act.kind == "direct":
        if low == "blacklist" and not re.search(
            r"\b(?:to|will|would|could|should|not|and|also|may|or)(?: \w+ly)? $", norm[start : act.start]
        ):
            return None
        if low in ("sanctions", "blacklists") and not (
            sentence.kind == "head" or _OFFICIAL.search(norm[start : act.start][-40:])
        ):
            return None
        if low == "sanctions" and re.match(
            r"\s+(?:on|against|list|package|regime|target|are|were|have|will|and|by|in|over|that|for|imposed|evasion|risk|compliance|relief|program)",
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
            and not _BE.search(norm[start : act.start])
            and not re.search(r"\b(?:and|has|have|had|also) $", norm[start : act.start])
        ):
            return None
        if low.startswith("designat") and not _OFFICIAL.search(norm[start:end]):
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
    if act.kind == "noun":
        if not _OFFICIAL.search(norm[start:end]):
            return None
    shape = _shape(norm, start, act)
    if shape is None:
        return None
    action = act.action if shape == "done" else shape
    passive = bool(_BE.search(norm[start : act.start])) and act.kind == "direct"
    if act.kind == "phrase" and re.match(r"\s*(?:sanctions|restrictions|restrictive|export)", word, re.I) and passive:
        passive = False
    of = re.match(r"\s+of\s", norm[act.end : act.end + 4])
    regions: list[tuple[int, int, bool]] = []
    follows = act.end + (of.end() if of else 0)
    cut = _cut(norm, follows, end)
    if passive:
        regions.append((*_subject(context, start, act.start), False))
        tail = _LISTING_TAIL.match(norm[act.end : end])
        if tail:
            regions.append((act.end + tail.end(), _cut(norm, act.end + tail.end(), end), True))
    else:
        later = re.search(r"\b(?:including|among them|namely)\b|:", norm[cut:end])
        regions.append((follows, cut, act.action == "modify"))
        if later and not names_in(norm, follows, cut, context.chunks, persons=True):
            regions.append((cut + later.end(), _cut(norm, cut + later.end(), end), True))
        if not of and low.endswith("ed") and not _is_filled(context, follows, cut):
            regions = [(*_subject(context, start, act.start), False)]
    cue = next((c for c in lists if c.list not in (None, "ANY")), None) or (lists[0] if lists else None)
    if act.list:
        cue = Cue(act.start, act.end, act.list, act.list)
    return _mention(context, sentence, act, action, cue, regions)


def _mention(
    context: Context,
    sentence: Sentence,
    act: Act,
    action: str,
    cue: Cue | None,
    regions: Sequence[tuple[int, int, bool]],
) -> Mention | None:
    norm = context.norm
    start, end = sentence.start, sentence.end
    authority = authority_of(context, sentence, act)
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
        number = count_in(norm, begin, stop)
        if number is not None:
            count = number if count is None else max(count, number)
        plural = plural or bool(
            re.search(
                r"\b(?:dozens|hundreds|several|companies|firms|entities|organi[sz]ations|individuals|persons|vessels|affiliates|subsidiaries|officials)\b",
                norm[begin:stop],
                re.I,
            )
        )
        if not names and not plural and _ANAPHORA.search(norm[begin:stop]):
            anaphora = True
    if anaphora and not names and count is None:
        chunk = _antecedent(context, min([r[0] for r in regions] or [act.start]), persons=persons)
        if chunk:
            names = [chunk]
    if not anaphora:
        names = [c for c in names if not _is_speaker(norm, c, act)]
    mention = Mention(
        wanted, action, start, end, (start, end), names, count, authority,
        _dates_for(context, sentence, act), _is_background(context, sentence, act), context.in_quote(act.start),
        sentence.kind == "head", act.kind == "soft", cue is not None and cue.list not in (None, "ANY"), plural, anaphora,
        norm[cue.start : cue.end].lower() if cue and cue.list == "OTHER" else "",
    )  # fmt: skip
    return mention


def _read_states(context: Context, sentence: Sentence, lists: Sequence[Cue]) -> list[Mention]:
    """`is on the Entity List`: a listing told as a standing fact."""
    norm = context.norm
    for cue in lists:
        found = _STATE.search(norm[sentence.start : cue.start][-90:])
        if not found or cue.weak or cue.list in ("WRO", "VISA"):
            continue
        at = cue.start - len(norm[sentence.start : cue.start][-90:]) + found.start()
        act = Act(at, cue.start, "add", "state")
        if _shape(norm, sentence.start, act) != "done":
            continue
        mention = _mention(context, sentence, act, "add", cue, [(*_subject(context, sentence.start, at), False)])
        if mention and mention.names:
            return [mention]
    return []


def _shape(norm: str, start: int, act: Act) -> str | None:
    """`done`, `propose` or `announce_intent`; None where the act is denied or merely feared."""
    window = norm[max(start, act.start - 90) : act.start]
    window = re.split(r"[;]|, (?:but|and) ", window)[-1]
    near = window[-45:]
    if modality("intend").search(window):
        return "announce_intent"
    proposed = list(modality("propose").finditer(window))
    unreal = modality("unreal").search(near)
    if unreal and not re.search(r"\b(?:likely|any|if)\b", unreal[0], re.I):
        return None
    for found in proposed:
        word = found[0].lower()
        if word in ("may", "might", "could", "would"):
            if re.search(
                r"\b(?:bill|proposal|proposed|legislation|rule|amendment|act|draft|plan|consider\w*|weigh\w*)\b",
                norm[max(start, act.start - 140) : act.start],
                re.I,
            ):
                return "propose"
            if word != "would":
                return (
                    "propose"
                    if re.search(
                        r"\b(?:lawmakers|senators|congress|officials|government|administration|department|commission)\b",
                        window,
                        re.I,
                    )
                    else None
                )
            return None
        if word.startswith("press") and "release" in window:
            continue
        if word == "bill" or word == "draft" or word.startswith("ask") or True:
            return "propose"
    if unreal:
        return None
    return "done"


def _is_filled(context: Context, start: int, end: int) -> bool:
    """Whether a stretch holds someone: a name, a count or a noun of those listed."""
    text = context.norm[start:end]
    if count_in(context.norm, start, end) or names_in(context.norm, start, end, context.chunks, persons=True):
        return True
    return bool(
        re.search(
            r"\b(?:compan(?:y|ies)|firms?|entit(?:y|ies)|organi[sz]ations?|individuals?|persons?|people|dozens|names|it|them|him|her|affiliates?|subsidiar\w+|vessels?|officials?|more|others|entr(?:y|ies)|exporters|suppliers|makers?|units?)\b",
            text,
            re.I,
        )
    )


def _subject(context: Context, start: int, end: int) -> tuple[int, int]:
    """The stretch before a passive verb that holds who it is done to."""
    norm = context.norm
    begin = start
    for found in _REPORTED.finditer(norm, start, end):
        begin = found.end()
    for found in _TURN.finditer(norm, begin, end):
        if (
            names_in(norm, found.end(), end, context.chunks, persons=True)
            or count_in(norm, found.end(), end)
            or _ANAPHORA.search(norm[found.end() : end])
        ):
            begin = found.end()
    relative = _RELATIVE.search(norm[begin:end])
    if relative:
        stop = begin + relative.start()
        chunks = [c for c in context.chunks_between(begin, stop) if c.kind in ("party", "person")]
        if (
            chunks
            and stop - chunks[-1].end <= (80 if relative[0].strip()[:1] != "," else 28)
            and not re.search(r"\b(?:one of|among)\b", norm[begin:stop])
        ):
            first = chunks[-1].start
            for earlier in reversed(chunks[:-1]):
                if norm[earlier.end : first] in (" and ", ", "):
                    first = earlier.start
                else:
                    break
            return first, stop
    if (
        begin > start
        and not names_in(norm, begin, end, context.chunks, persons=True)
        and not _is_filled(context, begin, end)
    ):
        return start, end
    return begin, end


def _cut(norm: str, start: int, end: int) -> int:
    """Where the object of an act ends and its reasons begin."""
    depth_safe = start
    for found in _CUT.finditer(norm, start, end):
        before = norm[depth_safe : found.start()]
        if (
            re.search(
                r"\b(?:an?|the|its|maker|provider|supplier|developer|center|centre|institute|academy)\b[^,;]*$",
                before[-60:],
                re.I,
            )
            and found[0] == "for"
        ):
            continue
        return found.start()
    return end


def _antecedent(context: Context, position: int, *, persons: bool) -> Chunk | None:
    """The party that `the company` or `it` before a position speaks of: the nearest one named."""
    kinds = ("party", "person") if persons else ("party",)
    prior = [c for c in context.chunks if c.end <= position and position - c.end < 700 and c.kind in kinds]
    for chunk in reversed(prior[-6:]):
        if not re.match(r"\s*,? (?:spokes|analyst)", context.norm[chunk.end : chunk.end + 12]):
            return chunk
    return None


def _is_speaker(norm: str, chunk: Chunk, act: Act) -> bool:
    after = norm[chunk.end : chunk.end + 14]
    return bool(re.match(r",? (?:said|says|told|added|noted|wrote)\b", after)) and not re.match(
        r" added\b", norm[chunk.end : act.end + 1]
    )


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


def _dates_for(context: Context, sentence: Sentence, act: Act) -> list[Told]:
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


def _is_background(context: Context, sentence: Sentence, act: Act) -> bool:
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
