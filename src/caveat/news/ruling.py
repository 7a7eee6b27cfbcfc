"""The pairs a gazette's rule is made of: `removes one entity`, `revises eleven existing entries`."""

from __future__ import annotations

import re

from caveat.news.context import Context, Mention
from caveat.news.naming import PERSON_LISTS, count_in, names_in
from caveat.news.resolving import authority_of
from caveat.news.sentences import Sentence
from caveat.news.signals import Act, within

_PAIR = re.compile(
    r"\b(?P<verb>add(?:s|ing)|remov(?:es|ing)|delet(?:es|ing)|revis(?:es|ing)|modif(?:ies|ying)|correct(?:s|ing)|"
    r"amends|chang(?:es|ing))\s(?P<what>(?:the (?:names?|address|spelling|aliases) of )?(?:(?:the|this|an?|one|"
    r"a total of|typographical|errors|in|these|those|"
    r"certain|(?!(?:by|to|that|for|of|with|and|or|which|under|as|its|their)\b)[\w-]+)(?: \(\d+\))?\s){1,5}?"
    r"(?P<noun>entit(?:y|ies)|persons?|entr(?:y|ies)|part(?:y|ies)|aliases|alias|address(?:es)?))\b"
)
_PAST = re.compile(r"\b(?:amended|revised|added|removed|previous|prior|[Tt]hat final rule|would|may|might|could)\b")


def read_pairs(context: Context, sentence: Sentence, told: list[Mention]) -> list[Mention]:
    """What a rule does in this sentence beside the acts already told; nothing outside a gazette."""
    norm = context.norm
    if not context.gazette or sentence.kind != "text" or context.dominant is None:
        return []
    pairs = list(_PAIR.finditer(norm, sentence.start, sentence.end))
    out: list[Mention] = []
    for number, pair in enumerate(pairs):
        if _PAST.search(norm, sentence.start, pair.start()) or context.in_quote(pair.start()):
            continue
        stop = pairs[number + 1].start() if number + 1 < len(pairs) else sentence.end
        cue = next((c for c in within(context.lists, pair.end(), stop) if _is_list(c.list) and not c.weak), None)
        wanted = (cue.list if cue else None) or context.current or context.dominant
        action = {"add": "add", "rem": "remove", "del": "remove"}.get(pair["verb"][:3], "modify")
        if re.search(r"alias|address", pair["noun"]):
            action = "modify"
        count = None if pair["noun"].startswith(("alias", "address")) else count_in(norm, *pair.span("what"))
        if count is None and re.match(r"(?:this|an?|the) (?:[\w-]+ ){0,2}(?:entity|person|entry|party)$", pair["what"]):
            count = 1
        if any((m.list, m.action) == (wanted, action) and not m.head for m in told):
            twin = next(m for m in told if (m.list, m.action) == (wanted, action) and not m.head)
            twin.count = max(filter(None, (twin.count, count)), default=None)
            continue
        act = Act(pair.start("verb"), pair.end("verb"), action, "with_list")
        free = action == "modify"
        names = names_in(norm, pair.end(), stop, context.chunks, persons=wanted in PERSON_LISTS, free=free)
        if not names and count is None and action != "modify":
            continue
        out.append(
            Mention(
                str(wanted), action, sentence.start, sentence.end, (sentence.start, sentence.end), names, count,
                authority_of(context, sentence, act), sure=True, plural=True,
            )
        )  # fmt: skip
    return out


def _is_list(name: str | None) -> bool:
    return name not in (None, "ANY", "NONE", "VISA")
