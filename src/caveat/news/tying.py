"""How an act is tied to a list: `added … to`, `removed … from`, `the list includes`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.news.context import Context
from caveat.news.sentences import Sentence
from caveat.news.signals import Act, Cue

_PREPOSITION = re.compile(r"\b(to|onto|on|in|into|from|off|under|of|by|through|with|as)\s", re.I)
_ARTICLE = re.compile(r"\b(?:the|an?|its|annual|latest|first|new|this|major|largest|single)\s$")
_FITS = {
    "to": re.compile(
        r"^(?:add|adds|added|adding|name|named|naming|names|expand\w*|extended|recategori[sz]ed|"
        r"subject\w*|join\w*|mov\w+|transfer\w*|shift\w*)$", re.I),
    "on": re.compile(
        r"^(?:plac\w+|put\w*|list\w*|includ\w+|slap\w*|land\w*|name\w*|inscribed|appear\w*|identif\w+|"
        r"designat\w+|impos\w+|enter\w*|modif\w+|revis\w+|amend\w+|correct\w+|chang\w+|updat\w+|"
        r"renam\w+|join\w*|add\w*)$", re.I),
    "from": re.compile(
        r"^(?:remov\w+|drop\w*|cuts?|cutting|axed|str[iu]\w+|delet\w+|tak\w+|took|lift\w*|withdr\w+|rescind\w*|erased|"
        r"cleared|come off|came off|exit)$", re.I),
    "of": re.compile(r"^(?:expan\w+|modif\w+|revis\w+|amend\w+|correct\w+|updat\w+|extend\w*)$", re.I),
}  # fmt: skip
_FITS["onto"] = _FITS["into"] = _FITS["in"] = _FITS["under"] = _FITS["on"]
_FITS["off"] = re.compile(_FITS["from"].pattern[:-2] + r"|come|came)$", re.I)
_NEVER = re.compile(r"(?!)")
_ALSO_FITS = {
    "to": re.compile(r"modif|revis|amend|correct|updat|chang", re.I),
    "in": re.compile(r"inclu|list|nam", re.I),
    "as": re.compile(r"nam|designat|list|label|identif|declar|brand", re.I),
    "onto": re.compile(r"mov|transfer", re.I),
    "off": re.compile(r"mov|tak|took", re.I),
    "from": re.compile(r"mov(?!ed? away)|transfer|shift", re.I),
}


def _prepositions(norm: str, start: int, cue: Cue) -> list[tuple[str, int]]:
    """(word, offset) of the prepositions that may lead to a list, the nearest first."""
    found = list(_PREPOSITION.finditer(norm, max(start, cue.start - 110), cue.start))
    near = [m for m in found if norm.count(" ", m.end(), cue.start) <= 9]
    return [(m[1].lower(), m.start()) for m in reversed(near)][:4]


def _act_before(norm: str, preposition: str, at: int, prior: Sequence[Act]) -> tuple[Act, str] | None:
    """The act that leads by this preposition to the list: `added … to`, `the removal of … from`."""
    for act in reversed([a for a in prior if a.end <= at + 1]):
        word = norm[act.start : act.end]
        if act.kind == "noun":
            matching = {"to": "add", "on": "add", "from": "remove", "of": "modify", "in": "add"}.get(preposition)
            fits = act.action == matching or (act.action == "modify" and preposition in ("to", "on"))
            if fits and not re.match(r"(?:listings?)$", word, re.I):
                return act, "noun"
        elif preposition == "of" and _ARTICLE.search(norm[: act.start][-12:]):
            continue
        elif _FITS.get(preposition, _NEVER).match(word) or _ALSO_FITS.get(preposition, _NEVER).match(word):
            return act, "to"
    return None


def act_for(context: Context, sentence: Sentence, cue: Cue, acts: Sequence[Act]) -> tuple[Act | None, str, int]:
    """The act that is done to a list named here, how they stand to each other, and where the preposition is."""
    norm = context.norm
    by = next((a for a in acts if a.start >= cue.end and norm[a.start - 3 : a.start] == "by "), None)
    amends = any(a.action == "modify" and a.end <= cue.start for a in acts)
    if by and amends and by.kind == "with_list" and norm[by.start : by.end].endswith("ing"):
        return by, "after", cue.start  # `revises the list by removing …`
    prior = [a for a in acts if a.end <= cue.start and a.kind in ("with_list", "direct", "noun")]
    prepositions = _prepositions(norm, sentence.start, cue)
    for preposition, at in prepositions:
        led = _act_before(norm, preposition, at, prior)
        if led:
            return *led, at
    act, where = _act_beside(context, sentence, cue, acts, prior, led_to=bool(prepositions))
    return act, where, prepositions[0][1] if prepositions else cue.start


def _act_beside(
    context: Context, sentence: Sentence, cue: Cue, acts: Sequence[Act], prior: Sequence[Act], *, led_to: bool
) -> tuple[Act | None, str]:
    """An act that takes the list as its object or subject, or follows it."""
    norm = context.norm
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
        clause = re.sub(r",\s[^,]{3,80},", "", between)
        if (
            len(clause) < 25
            and re.match(r"(?:includ|nam|now includ|add|remov)", word)
            and not re.search(r"[,;.]", clause)
        ):
            return act, "list_subject"
        if len(between) < 60 and re.search(r"\bto which|\bfrom which|\bwhich (?:now )?$", between):
            return act, "to"
    for act in prior:
        if act.start == sentence.start and re.fullmatch(r"\s*\((?:the )?", norm[act.end : cue.start]):
            return act, "heading"
    for act in after:
        word = norm[act.start : act.end].lower()
        lead = norm[cue.end : act.start]
        if word in (
            "adding",
            "removing",
            "naming",
            "listing",
            "designating",
            "adds",
            "names",
            "deleting",
            "identifying",
        ) and re.search(r"(?:,|\band|\bby)\s(?:\w+\s)?$", lead):
            return act, "after"
    for act in reversed(prior):
        if (
            norm[act.start : act.end].lower() in ("adding", "naming", "removing")
            and len(norm[act.end : cue.start]) < 120
        ):
            return act, "to" if led_to else "after"
    return None, ""
