"""An article's claims held against the record: how each stands, by which entry, and the difference in a sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from caveat.model import Listing
from caveat.news.article import Article, Event, Statement, day_of
from caveat.news.claims import Claim, Verdict, check_authority, check_grounds, check_law, check_revocations
from caveat.news.dates import find_dates
from caveat.news.lookup import LIST_IDS, Measure, RecordLookup
from caveat.news.parties import same_party
from caveat.news.signals import count_pattern, read_number
from caveat.news.text import fold

_BODY = re.compile(r"\b(?:Bureau|Police|College|Ministry|Government|Institute|University|Department|Corps)\b")
_FOLLOWS = re.compile(
    r"\bfollow(?:s|ed|ing)?\b[^.]{0,60}\b(?:announcement|decision|listing|crackdown|cracking|blacklisting|addition)\b"
)
_DESCRIBED = re.compile(r",\s+(?:an?|the|one of the)\s+(?P<what>[a-z][^,.;:]{12,110})")
_OPINION = re.compile(
    r"\b(?:analyst|founder|lawyer|partner|professor|researcher|fellow|economist|expert|consultant|"
    r"strategist|attorney|scholar)\b",
    re.I,
)


def reconcile(article: Article, lookup: RecordLookup) -> tuple[Claim, ...]:
    """Each claim of the article with how the record stands to it, in the order of the text.

    The record is asked as it is known now; a listing told before it was in force is `not_yet`.
    Statements are a party's word or an opinion: they are never scored true or false.
    """
    claims: list[Claim] = []
    for event in article.events:
        claims += _check_event(article, event, lookup)
    claims += check_law(article)
    claims += check_revocations(article, lookup)
    claims += [_check_statement(article, s) for s in article.statements]
    claims += [
        Claim("relation", f"{r.source} {r.type} {r.target}", r.evidence, "unverified", None, None,
              "The record holds no statement of this relation.")
        for r in article.relations
    ]  # fmt: skip
    claims += _check_descriptions(article)
    return tuple(sorted(_unique(claims), key=lambda c: (c.evidence, c.kind, c.text)))


def _unique(claims: Sequence[Claim]) -> list[Claim]:
    return list({(c.kind, c.text, c.evidence, c.difference): c for c in claims}.values())


def _quote(article: Article, span: tuple[int, int]) -> str:
    return " ".join(article.text[span[0] : span[1]].split())


def _check_event(article: Article, event: Event, lookup: RecordLookup) -> list[Claim]:
    list_id = LIST_IDS.get(event.list)
    core = (_quote(article, event.core), event.core)
    if list_id is None or not lookup.covers(list_id):
        return [
            Claim("name", name, event.evidence, "unverified", None, None, "The record holds no such list.")
            for name in event.entities
        ]
    if event.action in ("propose", "announce_intent"):
        return [_check_intent(event, name, list_id, lookup) for name in event.entities]
    measure = _measure_of(article, event, list_id, lookup)
    out = [_check_name(article, event, name, list_id, measure, lookup) for name in event.entities]
    if measure is None:
        return out
    if event.action == "add":
        out += _check_count(article, event, measure, core)
        out += _check_scope(article, event, measure)
    out += _check_date(event, measure, core)
    out += check_authority(article, event.list, event.authority, core)
    if not event.background:
        out += check_grounds(article, event.list, measure, [core])
    return out


def _measure_of(article: Article, event: Event, list_id: str, lookup: RecordLookup) -> Measure | None:
    """The official act the event tells of: the one most of its names came with, or the one of its day."""
    measures = lookup.measures(list_id)
    votes: Counter[str] = Counter()
    for name in event.entities:
        for listing in lookup.find(name):
            if listing.entry.list == list_id and listing.entry.citations:
                votes[listing.entry.citations[0].cite] += 1
    told = day_of(event.date) or (None if event.background else day_of(article.published))
    if votes:
        best = max(votes.values())
        tied = [m for m in measures if votes.get(m.citation) == best]
        return min(tied, key=lambda m: _distance(m, told)) if told else tied[0] if tied else None
    near = [m for m in measures if told and _distance(m, told) <= 10]
    return min(near, key=lambda m: _distance(m, told)) if near else None


def _distance(measure: Measure, day: dt.date | None) -> int:
    return min((abs((d - day).days) for d in measure.days), default=99999) if day else 0


def _check_name(
    article: Article, event: Event, name: str, list_id: str, measure: Measure | None, lookup: RecordLookup
) -> Claim:
    found = [x for x in lookup.find(name) if x.entry.list == list_id]
    if measure and found:
        found.sort(key=lambda x: x.entry_id not in {m.entry_id for m in measure.listings})
    if not found:
        elsewhere = sorted({x.entry.list for x in lookup.find(name)})
        words = f"The record at hand does not have {name} on {list_id}" + (
            f"; it has it on {', '.join(elsewhere)}." if elsewhere else "."
        )
        return Claim("name", name, event.evidence, "unverified", None, None, words)
    listing = found[0]
    entry = listing.entry
    cite = entry.citations[0].cite if entry.citations else None
    if event.action == "remove":
        return _check_removal(event, name, listing, cite)
    day = day_of(article.published) or day_of(event.date)
    begins = entry.effective_on or listing.since
    if day and begins and day < begins:
        told = f"announced on {entry.announced_on.isoformat()} and " if entry.announced_on else ""
        words = f"{entry.name}: {told}in force only from {begins.isoformat()}."
        return Claim("name", name, event.evidence, "not_yet", listing.entry_id, cite, words)
    exact = any(fold(n.text).casefold() == fold(name).casefold() for n in entry.names)
    listed_as = None if exact else _sentence(f"Listed as {entry.name}")
    return Claim("name", name, event.evidence, "confirmed", listing.entry_id, cite, listed_as)


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _check_removal(event: Event, name: str, listing: Listing, cite: str | None) -> Claim:
    ended = listing.entry.removed_on or listing.until
    if ended is None:
        words = f"The record has {listing.entry.name} as still listed."
        return Claim("name", name, event.evidence, "contradicted", listing.entry_id, cite, words)
    words = f"{listing.entry.name} is off the list from {ended.isoformat()}."
    return Claim("name", name, event.evidence, "confirmed", listing.entry_id, cite, words)


def _check_intent(event: Event, name: str, list_id: str, lookup: RecordLookup) -> Claim:
    found = next((x for x in lookup.find(name) if x.entry.list == list_id), None)
    if found is None or found.since is None:
        words = "A proposal or an intent is no listing; the record has none."
        return Claim("name", name, event.evidence, "unverified", None, None, words)
    words = f"{found.entry.name} is on the list from {found.since.isoformat()}."
    cite = found.entry.citations[0].cite if found.entry.citations else None
    return Claim("name", name, event.evidence, "unverified", found.entry_id, cite, words)


def _check_count(article: Article, event: Event, measure: Measure, core: tuple[str, tuple[int, int]]) -> list[Claim]:
    number = event.count_claimed
    if number is None:
        return []
    total = len(measure.listings)
    firms = sum(1 for x in measure.listings if not _BODY.search(x.entry.name))
    places = _places(measure)
    verdict: Verdict = "confirmed"
    words = None
    text, span = _counted(article, event, number) or core
    if number == total:
        pass
    elif number in places.values() and any(place in text for place, n in places.items() if n == number):
        place = next(p for p, n in places.items() if n == number and p in text)
        words = (
            f"{number} of the listings of {measure.citation} that the record holds have their first address in {place}."
        )
    elif number == firms:
        words = f"The act lists {total} parties; {firms} are firms."
    elif measure.whole or number < total:
        verdict, words = "imprecise", f"The record has {total} listings under {measure.citation}."
    else:
        verdict = "unverified"
        words = f"The record at hand holds {total} of the listings of {measure.citation}."
    return [Claim("count", text, span, verdict, None, measure.citation, words)]


def _counted(article: Article, event: Event, number: int) -> tuple[str, tuple[int, int]] | None:
    for text, span in article.claims:
        inside = event.evidence[0] <= span[0] < event.evidence[1]
        if inside and any(read_number(m["number"]) == number for m in count_pattern().finditer(fold(text))):
            return text, span
    return None


def _places(measure: Measure) -> dict[str, int]:
    """How many listings have their first address in the region, by the names the press uses for it."""
    inside = sum(
        1 for x in measure.listings if any(re.search(r"Xinjiang|XUAR|Urumqi", a.text) for a in x.entry.addresses[:1])
    )
    return {"Xinjiang": inside, "XUAR": inside} if inside else {}


def _check_scope(article: Article, event: Event, measure: Measure) -> list[Claim]:
    """Counts told as two acts, parties placed in one region, groups that leave a listed body out."""
    out: list[Claim] = []
    total = len(measure.listings)
    for text, span in article.claims:
        folded = fold(text)
        numbers = {read_number(m["number"]) for m in count_pattern().finditer(folded)}
        if total in numbers and _FOLLOWS.search(folded):
            words = f"One act lists all {total}: what is told as a later decision is part of it."
            out.append(Claim("scope", text, span, "contradicted", None, measure.citation, words))
        placed = re.search(r"\b(?:organi[sz]ations|entities|companies|firms) in (?:the )?(?:Xinjiang|XUAR)", folded)
        inside = next(iter(_places(measure).values()), 0)
        if total in numbers and placed and inside < total:
            words = f"Only {inside} of the {total} have their first address there in the record."
            out.append(Claim("scope", text, span, "contradicted", None, measure.citation, words))
        group = re.search(
            r"\b(?:municipal|county|local|regional|prefecture)[\w ,]{0,40}\bpublic security bureaus\b", folded
        )
        if group and event.evidence[0] <= span[0] < event.evidence[1] + 1:
            left = [
                x.entry.name
                for x in measure.listings
                if _BODY.search(x.entry.name)
                and "Public Security Bureau" not in x.entry.name
                and not any(same_party(n, x.entry.name) for n in event.entities)
                and x.entry.name not in article.text
            ]
            if left:
                words = f"The act also lists {', '.join(left)}, which is no such bureau."
                out.append(Claim("scope", text, span, "imprecise", None, measure.citation, words))
    return out


def _check_date(event: Event, measure: Measure, core: tuple[str, tuple[int, int]]) -> list[Claim]:
    day = day_of(event.date)
    if day is None and measure.days:
        told = find_dates(fold(core[0]), 0, len(core[0]), measure.days[-1])
        exact = [d for d in told if d.exact and d.value and re.search(r"[A-Z][a-z]+\.? \d", core[0][d.start : d.end])]
        day = day_of(exact[0].value) if exact else None
    if day is None or not measure.days:
        return []
    days = {
        "announced": measure.announced_on, "published": measure.published_on, "in force": measure.effective_on,
    }  # fmt: skip
    rest = "; ".join(f"{k} on {v.isoformat()}" for k, v in days.items() if v and v != day)
    if day in days.values():
        what = " and ".join(k for k, v in days.items() if v == day)
        words = f"That is the day it was {what}" + (f"; {rest}." if rest else ".")
        return [Claim("date", core[0], core[1], "confirmed", None, measure.citation, words)]
    near = min(abs((d - day).days) for d in measure.days) <= 3
    verdict: Verdict = "imprecise" if near else "contradicted"
    return [Claim("date", core[0], core[1], verdict, None, measure.citation, f"The record has it {rest}.")]


def _check_statement(article: Article, statement: Statement) -> Claim:
    words = _quote(article, statement.evidence)
    listed = {n for e in article.events for n in e.entities}
    party = any(same_party(n, x) for n in listed for x in (statement.speaker, statement.affiliation or "") if x)
    if not party and _OPINION.search(words[:160]) and statement.stance in ("explains", "supports"):
        return Claim("statement", words, statement.evidence, "opinion", None, None, f"{statement.speaker}'s view.")
    return Claim("statement", words, statement.evidence, "party_statement", None, None, None)


def _check_descriptions(article: Article) -> list[Claim]:
    """What the article says a listed party is or makes: the lists do not say."""
    out: list[Claim] = []
    for event in article.events:
        for name in event.entities:
            for text, span in article.claims:
                at = text.find(name)
                found = _DESCRIBED.match(text, at + len(name)) if at >= 0 else None
                if found and re.search(
                    r"\b(?:maker|supplier|manufacturer|provider|developer|producer|company|firm|unit|giant|seller)\b",
                    found["what"],
                ):
                    where = (span[0] + at, span[1])
                    words = "The list does not say what the party makes; nothing in the record supports or denies it."
                    out.append(Claim("description", text[at : found.end()], where, "unverified", None, None, words))
                    break
    return out
