"""The grammar of a listing clause: who it is done to, where its reasons begin, whether it is done at all."""

from __future__ import annotations

import re

from caveat.news.chunks import Chunk
from caveat.news.context import Context
from caveat.news.naming import count_in, names_in
from caveat.news.signals import Act, modality

_REPORTED = re.compile(
    r"\b(?:said|says|announced|reported|reports|stated|confirmed|noted|added|announces|claims|"
    r"claimed|showed|shows|wrote|told \w+)"
    r"(?: (?:on |in |late |earlier )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    r"today|yesterday|[A-Z][a-z]+ \d+)| in a (?:statement|notice|filing|release|"
    r"post)[^,]{0,40})?,?(?: that)?\s"
)
_TURN = re.compile(
    r"(?:^|[,\s])(?:after|when|since|because|while|although|though|but|whereas|once|"
    r"(?<!known )as(?! well)(?! part))\s|;\s"
)
_RELATIVE = re.compile(
    r",?\s(?:which|who|that|whose)\s(?:[\w'-]+\s){0,4}?$|,\s(?:(?!had|has|have|was|were|is|are|"
    r"will|would)[\w'-]+\s){0,2}$|\((?:[\w'-]+\s){0,3}$"
    r"|\s(?:it|they|Washington|Beijing|the (?:US|U\.S\.|United States|department|agency|"
    r"government|administration|ministry|(?:Commerce|Treasury|Defense|State) Department|Treasury|"
    r"Pentagon))\s(?:had |has |have )?$"
)
_ASIDE = re.compile(
    r",\s(?:where|which|whose|who|in which|to which|for which)\s[^,;]{3,120},\s*(?:(?:was|were|has|have|had|is|are|"
    r"been|also)\s*)*$"
)
_CUT = re.compile(
    r"\b(?:for (?:[a-z]+ly )?(?:[a-z]+ing|their|its|his|her|alleged|reasons|human|violat\w+|role|"
    r"support|involvement|ties)|for|over|after|because|due to|citing|accusing|accused|alleging|as "
    r"part of|in response to|in connection with|"
    r"pursuant to|under (?:an? |the )?(?:executive|authorit|new|global|sanctions)|in an? "
    r"(?:effort|attempt|bid|move|statement|notice|rule)|saying|said|on grounds|on suspicion|amid|"
    r"while|when|where|"
    r"(?<!well )as (?:it|the|a|beijing|washington)|effective|according|to (?:prevent|stop|curb|protect|"
    r"counter|ensure|help|end|protest|keep|block|cut)|from (?:exporting|receiving|entering|using|"
    r"buying)|unless|until|since|that (?:has|have|was|were|are|is|would|will)|bringing|making|"
    r"which would|who would)\b"
    r"|\b(?:on|last|this|next) (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|week|month|year)\b"
)
ANAPHORA = re.compile(
    r"\b(?:the (?:company|firm|group|bank|institute|university|institution|chipmaker|drone maker|"
    r"manufacturer|supplier|startup|start-up|maker|entity|conglomerate|business|school|refiner|"
    r"shipper|airline)|its (?:shares|securities|stock|assets|owner|parent)|it|itself|its "
    r"inclusion|its addition|its listing|its removal|its designation|he|she)\b(?!'s)",
    re.I,
)


#: `asked a federal court to take it off the list`: what a party wants, no act.
_PLEA = re.compile(
    r"\b(?:court|judge|tribunal|lawsuit|suit|complaint|appeal|petition)\b[^.;]{0,50}\b(?:to|that would|seeking|"
    r"demanding)\b"
    r"(?: \w+){0,3} $|\b(?:sued?|suing|sues|petitioned|appealed|applied|apply|applies|applying|fight|fights|fought|"
    r"fighting|campaign\w*|"
    r"push\w*|hopes?|hoped|hoping|wants?|seeks?|sought|seeking|asks?|asked|asking)(?: \w+){0,2} (?:to (?:be|get|"
    r"have|win|come)|for)(?: \w+){0,3} $"
)


def shape_of(norm: str, start: int, act: Act) -> str | None:
    """`done`, `propose` or `announce_intent`; None where the act is denied or merely feared."""
    window = norm[max(start, act.start - 90) : act.start]
    if _PLEA.search(window):
        return None
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
            if word == "would" and re.search(
                r"\b(?:said|says|announced|confirmed)(?: on \w+)?(?: that)? (?:it|they|he|she) $",
                window[: found.start()],
            ):
                return "announce_intent"
            if word != "would":
                return (
                    "propose"
                    if re.search(
                        r"\b(?:lawmakers|senators|congress|officials|government|administration|department|"
                        r"commission)\b",
                        window,
                        re.I,
                    )
                    else None
                )
            return None
        if word.startswith("press") and "release" in window:
            continue
        if word in {"bill", "draft"} or word.startswith("ask") or True:
            return "propose"
    if unreal:
        return None
    return "done"


def is_filled(context: Context, start: int, end: int) -> bool:
    """Whether a stretch holds someone: a name, a count or a noun of those listed."""
    text = context.norm[start:end]
    if count_in(context.norm, start, end) or names_in(context.norm, start, end, context.chunks, persons=True):
        return True
    return bool(
        re.search(
            r"\b(?:compan(?:y|ies)|firms?|entit(?:y|ies)|organi[sz]ations?|individuals?|persons?|people|"
            r"dozens|names|it|them|him|her|affiliates?|subsidiar\w+|vessels?|officials?|more|others|"
            r"entr(?:y|ies)|exporters|suppliers|makers?|units?)\b",
            text,
            re.I,
        )
    )


def subject_of(context: Context, start: int, end: int) -> tuple[int, int]:
    """The stretch before a passive verb that holds who it is done to."""
    norm = context.norm
    begin = start
    for found in _REPORTED.finditer(norm, start, end):
        begin = found.end()
    for found in _TURN.finditer(norm, begin, end):
        if (
            names_in(norm, found.end(), end, context.chunks, persons=True)
            or count_in(norm, found.end(), end)
            or ANAPHORA.search(norm[found.end() : end])
        ):
            begin = found.end()
    aside = _ASIDE.search(norm[begin:end])
    if aside:  # `X, where Lin took his degree, was added`
        stop = begin + aside.start()
        chunks = [c for c in context.chunks_between(begin, stop + 1) if c.kind in ("party", "person")]
        if chunks and stop - chunks[-1].end <= 1:
            return begin, stop
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
        and not is_filled(context, begin, end)
    ):
        return start, end
    return begin, end


def cut_reasons(norm: str, start: int, end: int) -> int:
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


def antecedent(context: Context, position: int, *, persons: bool, noun: str = "") -> Chunk | None:
    """The party that `the company` or `it` before a position speaks of: the nearest one named."""
    kinds = ("party", "person") if persons else ("party",)
    if persons and re.match(r"(?:He|She)\b", context.norm[position : position + 4]):
        first = _subject_before(context, position)
        if first:
            return first
    prior = [c for c in context.chunks if c.end <= position and position - c.end < 700 and c.kind in kinds]
    prior = [c for c in prior if not context.in_head(c.start) or c.entries or context.norm.count(c.text) > 1]
    fitting = [c for c in prior if noun and noun.lower() in c.text.lower()]
    if fitting:
        return fitting[-1]
    for chunk in reversed(prior[-6:]):
        if not re.match(r"\s*,? (?:spokes|analyst)", context.norm[chunk.end : chunk.end + 12]):
            return chunk
    return None


def _subject_before(context: Context, position: int) -> Chunk | None:
    """Whom `he` speaks of: the name the sentence before begins with."""
    begin = max(context.norm.rfind(". ", 0, position - 2) + 2, context.norm.rfind("\n", 0, position - 2) + 1)
    named = [c for c in context.chunks_between(begin, position) if c.kind in ("party", "person")]
    return named[0] if named and named[0].start - begin < 30 and not named[0].owns else None


def is_speaker(norm: str, chunk: Chunk, act: Act) -> bool:
    """Whether the name is who says so, not who is listed."""
    after = norm[chunk.end : chunk.end + 14]
    return bool(re.match(r",? (?:said|says|told|added|noted|wrote)\b", after)) and not re.match(
        r" added\b", norm[chunk.end : act.end + 1]
    )
