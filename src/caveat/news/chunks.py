"""Proper names in a sentence: where each begins and ends, and what kind of name it is."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from caveat.news.sentences import Token, tokens_of
from caveat.news.signals import read_number
from caveat.news.words import word_set

_LINKED = re.compile(
    r"-(?:based|linked|owned|backed|made|headquartered|listed|born|led|affiliated|controlled|registered|style|era|"
    r"designed|origin|aligned|run|related|built|tied|level|educated|flagged|funded|sponsored|supported|occupied)$",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "al",
        "el",
        "bin",
        "ibn",
        "van",
        "von",
        "und",
        "et",
        "da",
        "do",
        "dos",
        "y",
        "der",
        "den",
        "ul",
        "e",
        "di",
    ]
)
_OWNING_WORDS = frozenset(["People", "Women", "Workers", "Children", "Master", "Men", "Farmers", "Peoples", "Da'esh"])
_BODY = frozenset(
    ["Ministry", "Academy", "Bureau", "Department", "Institute", "Government", "Directorate", "Committee", "Region"]
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_NUMBERED = frozenset(
    [
        "Research",
        "Institute",
        "Academy",
        "Factory",
        "Bureau",
        "Design",
        "Department",
        "Plant",
        "Division",
        "Central",
        "Main",
        "Separate",
    ]
)
_MONTHS = frozenset(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
        "Sun",
    ]
)
_SPEAKS = re.compile(
    r",|\s(?:said|says|told|denied|denies|called|has|had|did|declined|makes|supplies|owns|and|was|"
    r"is|will|plans|opposed|strongly|also)\b"
)
_TICKER = re.compile(r"\((?:Nasdaq|NASDAQ|NYSE|HKEX|HKG|SSE|SZSE|SEHK|TSE|LSE|KRX|TWSE|[A-Z]{2,6}): ?$")
_COUNTRY_SHORT = frozenset(["US", "U.S.", "UK", "U.K.", "EU", "U.N.", "UN", "USA", "American", "Chinese"])


@dataclass(frozen=True, slots=True)
class Chunk:
    """A proper name. kind: party, person, place, media, law, body (an authority) or plain.

    `owns`: a possessive follows. `entries`: ids where it is a listed party's own name.
    """

    start: int
    end: int
    text: str
    kind: str
    owns: bool = False
    entries: tuple[str, ...] = ()


@functools.cache
def places() -> frozenset[str]:
    """Countries, cities and peoples, as they stand in a text."""
    return word_set("places", "countries") | word_set("places", "cities") | word_set("places", "demonyms")


def is_capital(text: str) -> bool:
    """Whether a word can be part of a name: an upper-case letter in it, or a script without case."""
    if _LINKED.search(text):
        return False
    first = text[0]
    if first.isupper():
        return True
    if first.isalpha() and not first.islower():
        return True
    return first.isalpha() and any(c.isupper() for c in text[1:]) and "-" not in text


def find_chunks(
    norm: str,
    start: int,
    end: int,
    *,
    lower: frozenset[str] = frozenset(),
    raised: frozenset[str] = frozenset(),
    known: Sequence[Chunk] = (),
    bodies: Sequence[tuple[int, int]] = (),
) -> list[Chunk]:
    """The names between two offsets of a folded text, in order, none overlapping.

    lower   words the article also writes in lower case: alone at a sentence's head they name nobody
    raised  words the article writes with a capital inside a sentence
    known   names of listed parties found by the scan: each stands whole
    bodies  spans of authorities
    """
    tokens = tokens_of(norm, start, end)
    whole = {k.start: k for k in known if k.start >= start and k.end <= end}
    out: list[Chunk] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.start in whole:
            chunk = whole[token.start]
            index, chunk = _run_on(norm, tokens, index, chunk)
            out.append(_with_acronym(norm, chunk))
            continue
        ordinal = bool(_ORDINAL.fullmatch(token.text)) and _next_is(tokens, index, _NUMBERED)
        if not (is_capital(token.text) or ordinal):
            index += 1
            continue
        last = _extend(norm, tokens, index, whole)
        out.extend(_with_acronym(norm, c) for c in _name(norm, tokens, index, last, start, lower, raised, bodies))
        while last + 1 < len(tokens) and tokens[last + 1].start < out[-1].end:
            last += 1
        index = last + 1
    return out


_ACRONYM = re.compile(r" \((?:or )?\"?([A-Z][A-Z0-9&-]{1,7})\"?\)")


def _with_acronym(norm: str, chunk: Chunk) -> Chunk:
    """A party's name with the acronym the text gives it: `Yangtze Memory Technologies (YMTC)`."""
    found = _ACRONYM.match(norm, chunk.end)
    if chunk.kind != "party" or chunk.owns or not found or found[1] in places() or found[1] in ("PRC", "SDN"):
        return chunk
    return replace(chunk, end=found.end(), text=norm[chunk.start : found.end()])


def _is_office_of(tokens: Sequence[Token], index: int, last: int) -> bool:
    """`Ministry of Defense` + `and Armed Forces Logistics`: an office may be of two things."""
    return (
        tokens[index].text in ("Ministry", "Department", "Office", "Committee", "Directorate", "Bureau")
        and 2 <= last - index <= 4
        and tokens[index + 1].text in ("of", "for")
    )


def _next_is(tokens: Sequence[Token], index: int, words: frozenset[str]) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].text in words


def _run_on(norm: str, tokens: Sequence[Token], index: int, chunk: Chunk) -> tuple[int, Chunk]:
    """A known name with what the text adds to it: `Megvii` + `Technology Limited`."""
    while index < len(tokens) and tokens[index].start < chunk.end:
        index += 1
    last = index - 1
    tail = _extend(norm, tokens, last, {}) if last >= 0 and not tokens[last].owns else last
    if tail > last and is_capital(tokens[last].text) and _adds(tokens, last, tail):
        end = _with_stop(norm, tokens[tail])
        chunk = replace(chunk, end=end, text=norm[chunk.start : end], owns=tokens[tail].owns)
        return tail + 1, chunk
    end = max(chunk.end, _with_stop(norm, tokens[last]) if last >= 0 and tokens[last].end == chunk.end else chunk.end)
    owns = last >= 0 and tokens[last].owns
    return index, replace(chunk, end=end, text=norm[chunk.start : end], owns=owns)


def _adds(tokens: Sequence[Token], last: int, tail: int) -> bool:
    """Whether what follows a known name is only legal form or generic words."""
    suffixes, generic = word_set("names", "suffixes"), word_set("names", "generic")
    for token in tokens[last + 1 : tail + 1]:
        word = token.text
        if word in (",", "and", "&", "of", "(", ")") or word in suffixes or word in generic or word in places():
            continue
        return False
    return True


def _extend(norm: str, tokens: Sequence[Token], index: int, whole: dict[int, Chunk]) -> int:  # noqa: PLR0915 - one case a line
    """The last token of the name that begins at `index`."""
    suffixes, generic = word_set("names", "suffixes"), word_set("names", "generic")
    institutions = word_set("names", "institutions")
    last = index
    while last + 1 < len(tokens):
        here, after = tokens[last], tokens[last + 1]
        gap = norm[here.end : after.start]
        if here.owns:
            head = tokens[index].text
            fits = here.text in _OWNING_WORDS or (head in _BODY and after.text in institutions)
            if not (fits and gap in ("'s ", "' ") and is_capital(after.text)):
                break
            last += 1
            continue
        if after.start in whole and after.start > tokens[index].start:
            break
        dotted = gap == ". " and (here.text + "." in suffixes or len(here.text) == 1 or here.text == "No")
        if gap not in (" ", "", ". ", ".") or (gap == ". " and not dotted):
            break
        third = tokens[last + 2] if last + 2 < len(tokens) else None
        if is_capital(after.text) and after.text not in ("&",):
            if after.text in _MONTHS or gap == "":
                break
            last += 1
        elif (
            (after.text == "," and third and _suffix(third, norm, suffixes) and norm[after.end : third.start] == " ")
            or (after.text == "&" and third and is_capital(third.text))
            or (after.text == "and" and third and here.text in word_set("names", "pairing") and third.text in generic)
            or (after.text == "and" and third and is_capital(third.text) and _is_office_of(tokens, index, last))
        ):
            last += 2
        elif after.text in ("of", "for") and third and (here.text in institutions or here.text.endswith("s")):
            skip = 2
            if third.text == "the" and last + 3 < len(tokens):
                third, skip = tokens[last + 3], 3
            if not is_capital(third.text) or (here.text not in institutions):
                break
            last += skip
        elif after.text in _PARTICLES and third and is_capital(third.text) and here.text not in places():
            last += 2
        elif after.text == "(":
            close = next((n for n in range(last + 2, min(last + 6, len(tokens))) if tokens[n].text == ")"), None)
            if close is None or close + 1 >= len(tokens) or not is_capital(tokens[close + 1].text):
                break
            inside = tokens[last + 2 : close]
            joined = norm[tokens[close].end : tokens[close + 1].start] in (" ", "")
            if not joined or not all(is_capital(t.text) for t in inside):
                break
            follow = tokens[close + 1].text
            ahead = [t.text for t in tokens[close + 1 : close + 4]]
            formed = any(w in suffixes for w in ahead) and all(is_capital(w) for w in ahead[:2])
            if follow not in suffixes and follow not in generic and follow not in institutions and not formed:
                break
            last = close + 1
        elif (
            after.text.isdigit() and (here.text in institutions or here.text in ("No", "Unit")) and len(after.text) < 6
        ):
            last += 1
        elif _ORDINAL.fullmatch(after.text) and third and third.text in _NUMBERED:
            last += 2
        elif after.text in suffixes and here.text not in places():
            last += 1
        else:
            break
    return last


_OFFICE = frozenset(
    ["Secretary", "Undersecretary", "Minister", "Commissioner", "Administrator", "Director", "Envoy", "Representative"]
)


def _after_title(norm: str, tokens: Sequence[Token], first: int) -> bool:
    """Whether an office runs up to the name: `Secretary of State NAME`, `Under Secretary for X and Y NAME`."""
    for back in range(first - 1, max(-1, first - 10), -1):
        word = tokens[back].text
        if word in _OFFICE:
            return tokens[back + 1].text in ("of", "for")
        if not (word in ("of", "for", "the", "and", "&") or word[0].isupper()):
            return False
    return False


def _is_republic(text: str) -> bool:
    """`Republic of Korea`, `Kingdom of Bahrain`, `China & Hong Kong`: countries, in full or in a row."""
    parts = re.split(r" (?:&|and) ", text)
    if len(parts) > 1 and all(p in places() for p in parts):
        return True
    found = re.fullmatch(
        r"(?:[A-Z]\w+ ){0,2}(?:Republic|Kingdom|State|Government|Federation|Commonwealth) of (.+)", text
    )
    return bool(found) and found[1] in places() if found else False


def _suffix(token: Token, norm: str, suffixes: frozenset[str]) -> bool:
    return token.text in suffixes or token.text + norm[token.end : token.end + 1] in suffixes


def _with_stop(norm: str, token: Token) -> int:
    """The end of a name, with the stop of its legal form (`Ltd.`)."""
    suffixes = word_set("names", "suffixes")
    stopped = norm[token.end : token.end + 1] == "." and token.text + "." in suffixes
    return token.end + 1 if stopped and not token.owns else token.end


def _name(  # noqa: PLR0915 - one case a line
    norm: str,
    tokens: Sequence[Token],
    first: int,
    last: int,
    start: int,
    lower: frozenset[str],
    raised: frozenset[str],
    bodies: Sequence[tuple[int, int]],
) -> list[Chunk]:
    """The name in tokens first..last, without what merely opens a sentence or qualifies it."""
    ordinary, titles = word_set("names", "ordinary"), word_set("names", "titles")
    generic, suffixes = word_set("names", "generic"), word_set("names", "suffixes")
    institutions = word_set("names", "institutions")
    demonyms = word_set("places", "demonyms")
    begin, final = tokens[first].start, _with_stop(norm, tokens[last])
    for a, b in bodies:
        if a <= begin < b or begin <= a < final:
            if b >= final:
                return [Chunk(begin, b, norm[begin:b], "body", tokens[last].owns and b == final)]
            if a <= begin and b < final:  # an authority, then something else: cut it off
                cut = next((n for n in range(first, last + 1) if tokens[n].start >= b), last)
                rest = _name(norm, tokens, cut, last, start, lower, raised, bodies) if cut > first else []
                return [Chunk(begin, b, norm[begin:b], "body"), *rest]
    origin = first
    if _TICKER.search(norm, max(0, begin - 14), begin):
        return [Chunk(begin, final, norm[begin:final], "plain", tokens[last].owns)]
    if norm[begin:final] in places():
        return [Chunk(begin, final, norm[begin:final], "place", tokens[last].owns)]
    person = _after_title(norm, tokens, first)
    if person and first == last:
        return [Chunk(begin, final, norm[begin:final], "plain", tokens[last].owns)]
    if person:
        while first < last and (
            tokens[first].text in ordinary
            or tokens[first].text in ("and", "&", "of", "for")
            or tokens[first].text in word_set("names", "generic")
            or tokens[first].text in titles
        ):
            first += 1
        begin = tokens[first].start
        if first == last or not is_capital(tokens[first].text):
            return [Chunk(begin, final, norm[begin:final], "plain", tokens[last].owns)]
    office = next(
        (
            n
            for n in range(last - 1, first - 1, -1)
            if tokens[n].text in titles and tokens[n].text not in ("General", "Foreign", "Head", "Major", "King")
        ),
        None,
    )
    if (
        office is not None
        and last - office <= 3
        and not any(
            t.text in generic or t.text in institutions or t.text in suffixes or not t.text[0].isupper()
            for t in tokens[office + 1 : last + 1]
        )
    ):
        first, person = office + 1, True
        begin = tokens[first].start
    opens = tokens[first].start == start or norm[max(start, begin - 1) : begin] in ('"', "'")
    while first < last:
        word = tokens[first].text
        after = [t.text for t in tokens[first + 1 : last + 1]]
        if word in ("The", "A", "An") or (word in _COUNTRY_SHORT and word not in demonyms):
            first += 1
        elif word in titles and not any(w in institutions or w in generic or w in suffixes for w in after):
            person = word not in ("General", "Foreign", "Chief", "Leader") or person
            first += 1
        elif (word in demonyms and not any(w in institutions for w in after)) or (
            opens
            and word in ordinary
            and word not in institutions
            and not word.isupper()
            and not (after[-1] in suffixes and word[0].isupper() and word in word_set("names", "openers"))
        ):
            first += 1
        else:
            break
        opens = False
    words = [t.text for t in tokens[first : last + 1] if t.text[0].isalnum()]
    if person and last - first >= 2 and tokens[first].text in places() and tokens[first].text.isupper():
        first += 1  # `Secretary of XUAR Chen Quanguo`
        words = words[1:]
    begin = tokens[first].start
    text = norm[begin:final]
    alone = len(words) == 1
    if alone and read_number(words[0]) is not None:
        return [Chunk(begin, final, text, "plain", tokens[last].owns)]
    if last + 1 < len(tokens) and _LINKED.search(tokens[last + 1].text) and norm[final : tokens[last + 1].start] == " ":
        return [Chunk(begin, final, text, "plain", tokens[last].owns)]
    if "'" in words[0] and words[0].split("'")[0] in ordinary and alone:
        return [Chunk(begin, final, text, "plain", tokens[last].owns)]
    kind = "party"
    full = norm[tokens[origin].start : final]
    if full in word_set("names", "brands"):
        return [Chunk(tokens[origin].start, final, full, "party", tokens[last].owns)]
    if words[-1] in _OFFICE and not any(w in suffixes for w in words):
        return [Chunk(begin, final, text, "plain", tokens[last].owns)]
    if text in word_set("names", "organs"):
        return [Chunk(begin, final, text, "organ", tokens[last].owns)]
    if (
        text in places()
        or (text.isupper() and text.title() in places())
        or _is_republic(text)
        or (alone and words[0] in demonyms)
    ):
        kind = "place"
    elif text in word_set("places", "media"):
        kind = "media"
    elif words[-1] in word_set("names", "laws") and len(words) > 1 and words[-1] != "Group":
        kind = "law"
    elif (
        (
            alone
            and (
                words[0] in ordinary
                or (len(words[0]) > 4 and words[0].title() in ordinary)
                or words[0] in titles
                or words[0] in _MONTHS
                or len(words[0]) == 1
            )
        )
        or (
            alone
            and begin == start
            and (
                words[0].lower() in lower
                or (words[0].istitle() and words[0] not in raised and not _SPEAKS.match(norm, final))
            )
        )
        or (
            all(w in ordinary or w in demonyms or w in places() for w in words)
            and not (len(words) >= 3 and any(w in institutions for w in words))
        )
    ):
        kind = "plain"
    elif words[0] in ("Executive", "Section", "Annex", "Supplement", "Docket", "Public", "Title") and len(words) < 4:
        kind = "law" if any(c.isdigit() for c in text) or words[0] == "Executive" else "party"
    elif person:
        kind = "person"
    return [Chunk(begin, final, text, kind, tokens[last].owns)]
