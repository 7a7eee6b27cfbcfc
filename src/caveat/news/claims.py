"""Single claims held against the law: what a measure does, whom it binds, on what standard."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from caveat.news.article import Article
from caveat.news.lookup import LIST_IDS, Measure, RecordLookup
from caveat.news.text import fold
from caveat.news.words import load

Verdict = Literal["confirmed", "imprecise", "contradicted", "not_yet", "unverified", "party_statement", "opinion"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of an article and how the record stands to it.

    kind        `name`, `count`, `date`, `authority`, `grounds`, `scope`, `law`, `description`,
                `relation` or `statement`
    text        the words that claim, as the article has them
    evidence    their offsets in the file
    record      the verdict; a statement of a party is never true or false
    entry_id    the listing it speaks of, where there is one
    citation    what the verdict rests on
    difference  one sentence: how the record differs, or what it adds
    """

    kind: str
    text: str
    evidence: tuple[int, int]
    record: Verdict
    entry_id: str | None = None
    citation: str | None = None
    difference: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "kind": self.kind, "claim": self.text, "evidence": list(self.evidence), "record": self.record,
            "entry_id": self.entry_id, "citation": self.citation, "difference": self.difference,
        }  # fmt: skip


@functools.cache
def _rules() -> tuple[tuple[Mapping[str, Any], re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (c, re.compile(c["text"], re.IGNORECASE), re.compile(c["unless"], re.IGNORECASE) if "unless" in c else None)
        for c in load("claims")["claims"]
    )


def check_law(article: Article) -> list[Claim]:
    """What the article says of the measures themselves, where the law says otherwise; each rule at most once.

    Words within quotation marks are their speaker's and are left to the statements.
    """
    lists = {e.list for e in article.events if not e.background} or {e.list for e in article.events}
    if not article.events:
        return []
    whole = fold(" ".join(text for text, _ in article.claims))
    out: list[Claim] = []
    for rule, pattern, unless in _rules():
        wanted = set(rule.get("lists", ()))
        if wanted and not wanted & lists:
            continue
        if rule.get("only") and lists & {"SDN", "NS_CMIC", "EU", "UK", "UN"}:
            continue
        if "needs" in rule and not re.search(rule["needs"], whole, re.IGNORECASE):
            continue
        for text, span in article.claims:
            folded = fold(text)
            found = pattern.search(folded)
            if (
                not found
                or (unless and unless.search(folded))
                or (_is_quoted(folded, found.start()) and _is_quoted(folded, found.end()))
            ):
                continue
            out.append(
                Claim("law", text, span, rule["verdict"], None, rule["cite"], " ".join(rule["difference"].split()))
            )
            break
    return out


def _is_quoted(text: str, position: int) -> bool:
    return text[:position].count('"') % 2 == 1


def check_revocations(article: Article, lookup: RecordLookup) -> list[Claim]:
    """Authorizations told of as if they were listings, held against the record's own entry."""
    out: list[Claim] = []
    for rule in load("claims")["revocations"]:
        for text, span in article.claims:
            if not re.search(rule["text"], fold(text), re.IGNORECASE):
                continue
            entry = next((x for x in lookup.find(rule["name"]) if x.entry.list == rule["list"]), None)
            if entry:
                details = dict(entry.entry.details)
                cite = entry.entry.citations[0].cite if entry.entry.citations else None
                words = rule["difference"].format_map({k.replace(" ", "_"): v for k, v in details.items()})
                out.append(Claim("law", text, span, "imprecise", entry.entry_id, cite, words))
    return out


def check_grounds(
    article: Article, list_name: str, measure: Measure, core: Sequence[tuple[str, tuple[int, int]]]
) -> list[Claim]:
    """The grounds the article gives, against those of the act."""
    out: list[Claim] = []
    for fact in load("claims")["grounds"]:
        same = fact["list"] == measure.list and (
            fact.get("cite") == measure.citation or ("announced" in fact and fact["announced"] == measure.announced_on)
        )
        if not same:
            continue
        for text, span in core:
            folded = fold(text).lower()
            wrong = next((w for w in fact.get("not", ()) if w in folded), None)
            if wrong and re.search(r"\bfor\b|\bover\b|because|accus", folded):
                words = f"The act was for {fact['says']}. {fact['other']}"
                return [*out, Claim("grounds", text, span, "contradicted", None, fact["cite"], words)]
        for text, span in article.claims:
            folded = fold(text).lower()
            told = re.search(
                r"\b(?:according to (?:the|a) [\w' ]{0,40}|it believes|believes|commerce|bureau|department)\b", folded
            )
            if not told or not re.search(r"\b(?:enabl|implicat|complicit|violat|engag)", folded) or '"' in folded:
                continue
            missing = [w for w in fact["words"] if w not in folded]
            if missing and len(missing) < len(fact["words"]) + 1 and any(w in folded for w in fact["words"]):
                words = f"The authority named {fact['says']}; the text leaves out {' and '.join(missing)}."
                return [*out, Claim("grounds", text, span, "imprecise", None, fact["cite"], words)]
    return out


def check_authority(
    article: Article, list_name: str, authority: str | None, core: tuple[str, tuple[int, int]]
) -> list[Claim]:
    """Who is told to have acted, against who keeps the list."""
    list_id = LIST_IDS.get(list_name, "")
    keeper = load("claims")["keepers"].get(list_id)
    if not keeper or not authority or re.search(keeper["names"], authority):
        return []
    words = f"The listing is an act of {keeper['title']}; others commented."
    return [Claim("authority", core[0], core[1], "imprecise", None, keeper["cite"], words)]
