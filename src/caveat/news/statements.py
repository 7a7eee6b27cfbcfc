"""Who says what: speaker, affiliation, stance and words, one statement a speaker."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from caveat.news.article import Statement, key_of
from caveat.news.context import Context
from caveat.news.sentences import Sentence
from caveat.news.signals import find_acts, within
from caveat.news.speakers import (
    ROLE,
    authority_name,
    clean_name,
    find_affiliation,
    find_ministry,
    is_person,
    name_before,
    plain_name,
)
from caveat.news.text import Flat
from caveat.news.words import load, patterns

_SAY = (
    r"(?:said|says|told|added|adds|stated|states|asserted|asserts|argued|argues|"
    r"insisted|insists|claimed|accused|accuses|denied|denies|"
    r"condemned|criticized|criticised|called|urged|urges|objected|opposes|opposed|wrote|noted|"
    r"notes|commented|declared|complained|"
    r"protested|rejected|rejects|responded|replied|maintained|maintains|warned|warns|explained|"
    r"vowed|pledged|slammed|disputed|disputes|welcomed|praised|protested|countered|tweeted|"
    r"emphasized|stressed|believes|affirmed|reiterated|remarked|lodged|expressed|hailed|ruled|"
    r"concluded|determined|dismissed|dismisses|denounced|denounces|blasted|decried|deplored|shrugged off|lashed out)"
)
_SPEECH = re.compile(rf"\b{_SAY}\b")
_NAMELESS = re.compile(
    r"\b(?:(?P<who>(?:[A-Z][\w.'-]+ ){0,4}?)(?:spokes(?:man|woman|person))\b(?P<rest>(?: for| of| "
    r"at| from) (?:the )?(?P<org>(?:[A-Z][\w.'&-]+|of|the|and)(?: (?:[A-Z][\w.'&-]+|of|the|"
    r"and|in|embassy|ministry|government|mission|foreign|commerce|trade|defen[cs]e|finance))*))?)"
)


@dataclass
class _Speech:
    speaker: str
    affiliation: str | None
    spans: list[tuple[int, int]] = field(default_factory=list)
    official: bool = False
    mute: bool = False  # a spokesman of whom the sentence does not say


def find_statements(
    context: Context, flat: Flat, sentences: Sequence[Sentence], listed: Sequence[str]
) -> list[Statement]:
    """One statement a speaker, in the order they first speak. Listing acts told as `said it added` are no statement."""
    norm = context.norm
    found: list[_Speech] = []
    last: _Speech | None = None
    issuer = _issuer(context)
    for sentence in sentences:
        if sentence.kind in ("head", "row"):
            continue
        speech = _speaker(context, sentence, found, last, listed) or _own_word(context, sentence, issuer)
        if speech is None:
            if last and _is_speech_only(context, sentence):
                last.spans.append((sentence.start, sentence.end))
            elif not _quoted(context, sentence):
                last = None
            continue
        span = (sentence.start, sentence.end)
        known = next((s for s in found if _same_speaker(s.speaker, speech.speaker) or _same_office(s, speech)), None)
        if known:
            known.spans.append(span)
            known.affiliation = known.affiliation or speech.affiliation
            if len(speech.speaker) > len(known.speaker) and key_of(known.speaker) in key_of(speech.speaker):
                known.speaker = speech.speaker
            last = known
        else:
            speech.spans.append(span)
            found.append(speech)
            last = speech
    out = []
    for speech in [s for s in found if not _is_institution_of(s, found)]:
        start, end = min(a for a, _ in speech.spans), max(b for _, b in speech.spans)
        words = " ".join(norm[a:b] for a, b in speech.spans)
        quotes = tuple(
            flat.text[a + 1 : b - 1].replace("\n", " ")
            for a, b in context.quotes
            if any(x <= a < y for x, y in speech.spans)
        )
        stance = stance_of(words, official=speech.official)
        if (
            stance is None
            and not quotes
            and re.search(r"[Mm]inistry|[Dd]epartment|[Gg]overnment|Commission", speech.speaker)
        ):
            continue  # an authority that reports a fact states no view
        out.append(Statement(speech.speaker, speech.affiliation, stance or "explains", flat.place(start, end), quotes))
    return out


_ISSUER = re.compile(
    r"\(\s*\"?(?:[^()]{1,30}\"? (?:or|and) )?\"?(?:the |together[^)]{0,40} the )?\"?(?:Company|Group|Corporation|"
    r"Bank|University)\"?[^)]{0,40}\)"
)
_OWN = re.compile(r"(?:The Company|We|Our (?:company|group|products|technology)|The Group)\b")


def _issuer(context: Context) -> str | None:
    """The firm whose own statement the text is: `NAME ("the Company")`."""
    found = _ISSUER.search(context.norm)
    prior = [c for c in context.chunks if found and c.kind == "party" and 0 <= found.start() - c.end < 3]
    return prior[-1].text if prior else None


def _own_word(context: Context, sentence: Sentence, issuer: str | None) -> _Speech | None:
    """What a firm says of itself in its own statement, where it denies or objects."""
    if issuer is None or not _OWN.match(context.norm, sentence.start, sentence.end):
        return None
    told = stance_of(context.norm[sentence.start : sentence.end])
    return _Speech(issuer, issuer) if told in ("denies", "objects") else None


def _is_institution_of(speech: _Speech, found: Sequence[_Speech]) -> bool:
    """A ministry whose spokesman speaks for it in the same breath: one statement, the person's."""
    if not re.search(r"[Mm]inistry|[Ee]mbassy", speech.speaker):
        return False
    words = {w[:7].lower() for w in re.findall(r"[A-Za-z]{5,}", speech.speaker)} - {"ministr", "embassy", "chinese"}
    last = max(b for _, b in speech.spans)
    for other in found:
        if other is speech or "inistry" in other.speaker:
            continue
        office = {w[:7].lower() for w in re.findall(r"[A-Za-z]{5,}", other.affiliation or "")}
        follows = 0 <= min(a for a, _ in other.spans) - last <= 3
        if (words & office) or (follows and other.mute):
            return True
    return False


def _same_speaker(a: str, b: str) -> bool:
    if "foreign ministry spokes" in b.lower() and "foreign ministry spokes" in a.lower():
        return True
    one, two = key_of(a), key_of(b)
    if one == two:
        return True
    short, long = sorted((a, b), key=len)
    words = [w.lower() for w in re.findall(r"\w+", long)]
    return len(short) > 1 and all(w.lower() in words for w in re.findall(r"\w+", short))


def _same_office(a: _Speech, b: _Speech) -> bool:
    """A nameless spokesman of the office a named one speaks for."""
    if "spokes" not in b.speaker and "spokes" not in a.speaker:
        return False
    if b.affiliation in ("ministry", "government", "department", "embassy", "commission", "administration"):
        return b.affiliation in a.speaker.lower()
    one, two = (
        set(re.findall(r"[a-z]{5,}", (s.affiliation or "").lower())) - {"ministry", "chinese", "department"}
        for s in (a, b)
    )
    return bool({w[:7] for w in one} & {w[:7] for w in two})


def _quoted(context: Context, sentence: Sentence) -> bool:
    return any(a < sentence.end and sentence.start < b for a, b in context.quotes)


def _is_speech_only(context: Context, sentence: Sentence) -> bool:
    """A sentence wholly within quotation marks goes on with the last speaker."""
    return any(a <= sentence.start + 1 and sentence.end - 2 <= b for a, b in context.quotes)


def _speaker(
    context: Context, sentence: Sentence, found: Sequence[_Speech], last: _Speech | None, listed: Sequence[str]
) -> _Speech | None:
    norm = context.norm
    start, end = sentence.start, sentence.end
    for verb in _SPEECH.finditer(norm, start, end):
        if context.in_quote(verb.start()) or not _is_speech(norm, verb):
            continue
        speech = _before(context, sentence, verb, listed) or _after(context, sentence, verb)
        if speech:
            return speech
    ministry = _MINISTRY_SAYS.search(norm, start, end)
    if ministry and not context.in_quote(ministry.start()):
        name = ministry["who"].removeprefix("the ").removeprefix("The ")
        return _Speech(name, name)
    if re.match(r"\W*According to", norm[start:end]):
        people = [c for c in context.chunks_between(start, min(end, start + 80)) if c.kind in ("party", "person")]
        named = people and people[0].start - start < 30 and is_person(norm, people[0], start, end)
        if not named or not any(start < a < end for a, _ in context.quotes):
            return None
        return _Speech(plain_name(norm, people[0]), find_affiliation(context, sentence, people[0]))
    for verb in _SPEECH.finditer(norm, start, end):
        if context.in_quote(verb.start()):
            continue
        pronoun = re.search(r"(?:^|[\s\"])(?:he|she)(?: also| further| then)? $", norm[start : verb.start()], re.I)
        if pronoun and last:
            return _Speech(last.speaker, last.affiliation, official=last.official)
        person = _person_before(context, sentence) if pronoun else None
        if person:
            return person
        nameless = re.search(
            r"\b(?:it|they|the company|the firm|the chinese telecommunications company|the [\w "
            r"]{0,30}(?:company|firm|maker|group|giant))(?: also| further| has| have| strongly)* $",
            norm[start : verb.start()],
            re.I,
        )
        inside = nameless and re.search(r"\w (?:it|they) $", norm[start : verb.start()], re.I)
        if nameless and not (inside and _authority_leads(context, sentence)):
            return _company(context, sentence, last, listed)
    quoted = re.search(r"\b(?:quoted|according to|cited)\b", norm[start:end])
    if quoted and not context.in_quote(start + quoted.start()):
        people = [c for c in context.chunks_between(start + quoted.end(), end) if c.kind in ("party", "person")]
        for chunk in people:
            if is_person(norm, chunk, start, end):
                return _Speech(plain_name(norm, chunk), find_affiliation(context, sentence, chunk))
    return None


def _authority_leads(context: Context, sentence: Sentence) -> bool:
    """`It also blacklisted vessels it said were …`: an authority speaks of others."""
    lead = context.norm[sentence.start : sentence.start + 40]
    return bool(re.match(r"It (?:also |has )?[a-z]+ed\b", lead)) or any(
        c.start - sentence.start < 30 for c in within(context.authorities, sentence.start, sentence.end)
    )


def _person_before(context: Context, sentence: Sentence) -> _Speech | None:
    """Whom `he says` speaks of: the person named last, a sentence or two before."""
    norm = context.norm
    prior = [c for c in context.chunks if c.end <= sentence.start and sentence.start - c.end < 300]
    for chunk in reversed([c for c in prior if c.kind in ("party", "person")]):
        begin = max(0, chunk.start - 80)
        if is_person(norm, chunk, begin, chunk.end + 80) or (
            re.match(r".{0,60}?, [A-Z]", norm[begin : chunk.start]) and ROLE.search(norm[begin : chunk.start][-20:])
        ):
            return _Speech(plain_name(norm, chunk), None)
    return None


def _is_speech(norm: str, verb: re.Match[str]) -> bool:
    """`added` and `called` speak only where words follow or went before."""
    if verb[0] in ("added", "adds"):
        return bool(re.match(r"[,.:]|\s*\"|\sthat\b|\sin a\b|$", norm[verb.end() : verb.end() + 8]))
    return True


_MINISTRY_SAYS = re.compile(
    r"\b(?P<who>(?:(?:[A-Z][a-z]+'s|[Tt]he) )?(?:[A-Z][a-z]+ )?[Ee]mbassy(?: in [A-Z][a-z]+)?|(?:(?:[A-Z][a-z]+'s|"
    r"the|The) )?(?:foreign|commerce|defen[cs]e|trade|finance|"
    r"industry) ministry)\s(?:(?:also|has|on \w+day|spokes\w+)\s){0,2}(?=" + _SAY + r"\b)"
)


def _company(context: Context, sentence: Sentence, last: _Speech | None, listed: Sequence[str]) -> _Speech | None:
    """`the company said`: the last listed party that was named."""
    prior = [
        c for c in context.chunks if c.end <= sentence.start and sentence.start - c.end < 900 and c.kind == "party"
    ]
    for chunk in reversed(prior[-5:]):
        if any(key_of(chunk.text) in key_of(n) or key_of(n) in key_of(chunk.text) for n in listed):
            return _Speech(chunk.text, chunk.text)
    return None


def _before(context: Context, sentence: Sentence, verb: re.Match[str], listed: Sequence[str]) -> _Speech | None:
    """The speaker named before the verb: `Jin, president of X, said`, `Hikvision said`, `a spokesman for X said`."""
    norm = context.norm
    head = norm[sentence.start : verb.start()]
    aside = re.search(r",\s(?!and |or )[^\",]{3,90},\s*(?:also |has |have )?$", head)
    if aside:
        stop = sentence.start + aside.start()
        opens = [c for c in context.chunks_between(sentence.start, stop + 1) if abs(c.end - stop) < 2 and not c.owns]
        alone = opens and opens[0].kind in ("party", "person") and opens[0].start - sentence.start < 30
        if alone and re.match(r",\s(?:which|who|whose|in which|reached|speaking|an?\s|the\s)", head[aside.start() :]):
            person = is_person(norm, opens[0], sentence.start, sentence.end)
            name = plain_name(norm, opens[0])
            return _Speech(name, find_affiliation(context, sentence, opens[0]) if person else name)
    nameless = list(_NAMELESS.finditer(head))
    if nameless and len(head) - nameless[-1].end() < 45:
        spoken = nameless[-1]
        people = [
            c
            for c in context.chunks_between(sentence.start + spoken.end(), verb.start())
            if c.kind in ("party", "person")
        ]
        if people and people[0].start - sentence.start - spoken.end() < 3:
            org = (
                name_before(context, sentence, spoken)
                or spoken["who"]
                or spoken["org"]
                or find_ministry(head[: spoken.start()])
                or ""
            ).strip()
            return _Speech(plain_name(norm, people[0]), clean_name(org) or None, mute=not clean_name(org))
        before = [
            c
            for c in context.chunks_between(sentence.start, sentence.start + spoken.end())
            if is_person(norm, c, sentence.start, sentence.end)
        ]
        if not before:
            org = clean_name((name_before(context, sentence, spoken) or spoken["org"] or spoken["who"] or "").strip())
            if org or find_ministry(head):
                name = org or find_ministry(head) or ""
                return _Speech(f"{name} {re.search(r'spokes(?:man|woman|person)', spoken[0])[0]}", name or None)  # type: ignore[index]
            return _mute(context, sentence, listed)
        return _Speech(plain_name(norm, before[-1]), find_affiliation(context, sentence, before[-1]))
    chunks = [
        c
        for c in context.chunks_between(sentence.start, verb.start())
        if c.kind in ("party", "person", "body") or c.text in ("Kremlin", "White House", "NATO")
    ]
    for chunk in chunks:
        between = norm[chunk.end : verb.start()]
        if (
            len(between) < 150
            and re.match(r"\s*,", between)
            and chunk.kind != "body"
            and re.search(r",\s*(?:also |has )?$", between)
            and is_person(norm, chunk, sentence.start, sentence.end)
        ):
            return _Speech(plain_name(norm, chunk), find_affiliation(context, sentence, chunk))
    pair = next(
        (
            c
            for a, c in itertools.pairwise(chunks)
            if norm[a.end : c.start] == " and " and "body" not in (a.kind, c.kind)
        ),
        None,
    )
    for chunk in reversed(chunks):
        between = norm[chunk.end : verb.start()]
        if chunk is pair and re.fullmatch(r"\s*(?:also )?", between):
            chunk = chunks[chunks.index(pair) - 1]  # noqa: PLW2901
            return _Speech(
                plain_name(norm, chunk), find_affiliation(context, sentence, chunk) or plain_name(norm, chunk)
            )
        if chunk.owns:
            continue
        if re.fullmatch(
            r",?\s*(?:(?:has|have|had|also|strongly|later|earlier|repeatedly|on \w+|in a statement|"
            r"further|again|who|which|meanwhile|then)\b,?\s*)*",
            between,
        ):
            if chunk.kind == "body":
                if not _speaks(norm, verb.start(), sentence.end) or _tells_listing(context, sentence):
                    return None
                name = authority_name(context, chunk)
                return _Speech(name, name, official=True)
            person = is_person(norm, chunk, sentence.start, sentence.end)
            return _Speech(
                plain_name(norm, chunk),
                find_affiliation(context, sentence, chunk) if person else plain_name(norm, chunk),
            )
        if (
            re.match(r"\s*,", between)
            and re.search(r",\s*(?:also |has )?$", between)
            and is_person(norm, chunk, sentence.start, sentence.end)
        ):
            return _Speech(plain_name(norm, chunk), find_affiliation(context, sentence, chunk))
    for chunk in chunks:
        between = norm[chunk.end : verb.start()]
        if (
            len(between) < 130
            and re.match(r"\s*,", between)
            and ROLE.search(between[:90])
            and chunk.kind != "body"
            and re.search(r",\s*(?:also |has |have |had )?$", between)
        ):
            return _Speech(plain_name(norm, chunk), find_affiliation(context, sentence, chunk))
        if (
            len(between) < 130
            and re.match(r"\s*,\s*(?:one of|which|a |an |the )", between)
            and re.search(r",\s*$", between)
            and chunk.kind == "party"
        ):
            return _Speech(plain_name(norm, chunk), plain_name(norm, chunk))
    return None


def _after(context: Context, sentence: Sentence, verb: re.Match[str]) -> _Speech | None:
    """`…,” said foreign ministry spokesman Geng Shuang.`"""
    norm = context.norm
    tail = norm[verb.end() : min(sentence.end, verb.end() + 130)]
    if not re.search(r"[\",]\s*$", norm[max(sentence.start, verb.start() - 3) : verb.start()]):
        return None
    chunks = context.chunks_between(verb.end(), min(sentence.end, verb.end() + 130))
    people = [c for c in chunks if c.kind in ("party", "person") and not c.owns]
    lead = re.match(r"\s+(?:[\w'.,-]+\s+){0,9}?", tail)
    if people and lead and people[0].start - verb.end() < 90:
        people.sort(key=lambda c: c.kind != "person")
        for chunk in people:
            if is_person(norm, chunk, sentence.start, sentence.end) or ROLE.search(norm[verb.end() : chunk.start]):
                return _Speech(
                    plain_name(norm, chunk),
                    find_affiliation(context, sentence, chunk) or find_ministry(norm[verb.end() : chunk.start]),
                )
        return _Speech(
            plain_name(norm, people[0]), find_affiliation(context, sentence, people[0]) or plain_name(norm, people[0])
        )
    return None


def _mute(context: Context, sentence: Sentence, listed: Sequence[str]) -> _Speech | None:
    """`a spokesperson said`, of nobody: of the listed party the sentence's block speaks of last."""
    office = re.search(
        r"\b(ministry|government|embassy|department|commission|administration) spokes(?:man|woman|person)",
        context.norm[sentence.start : sentence.end],
    )
    if office:
        return _Speech(office[0], office[1])
    near = [c for c in context.chunks if c.kind == "party" and sentence.start - 700 < c.start < sentence.end]
    for chunk in reversed(near):
        if any(key_of(chunk.text) in key_of(n) or key_of(n) in key_of(chunk.text) for n in listed):
            return _Speech(f"{chunk.text} spokesperson", chunk.text)
    return None


def _speaks(norm: str, start: int, end: int) -> bool:
    """Whether an authority says more than that it acts: it accuses, or objects to another's act."""
    return bool(patterns("stances", "accuses").search(norm, start, end)) or bool(
        re.match(r"(?:called|criticiz|criticis|condemn|denounc|oppose|reject|protest)", norm[start : start + 12])
        and patterns("stances", "objects").search(norm, start, end)
    )


def _tells_listing(context: Context, sentence: Sentence) -> bool:
    """Whether the sentence tells a listing: what an authority says there is the act, no statement."""
    if any(c.id != "NONE" for c in within(context.lists, sentence.start, sentence.end)):
        return True
    return any(a.kind in ("phrase", "soft") for a in find_acts(context.norm, sentence.start, sentence.end))


def stance_of(words: str, *, official: bool = False) -> str | None:
    """`denies`, `objects`, `accuses`, `supports`, `explains` by the words used; None where none tells.

    >>> stance_of("Such accusations are purely made up, Liu said.")
    'denies'
    """
    best: tuple[float, str] | None = None
    for _number, stance in enumerate(load("stances")["order"]):
        hits = len(patterns("stances", stance).findall(words))
        if hits and (best is None or hits > best[0]):
            best = (hits, stance)
    if best:
        return best[1]
    return "accuses" if official else None
