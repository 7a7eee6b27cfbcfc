"""Names that trail a listing act without naming it again: `So is X`, `Six others, among them Y`, `Z are cut off`."""

from __future__ import annotations

import re

from caveat.news.chunks import Chunk
from caveat.news.context import Context
from caveat.news.naming import names_in
from caveat.news.sentences import Sentence

_SO = re.compile(
    r"\W*(?:So,? too,? (?:is|was|are|were|did|does|will|has|have)|So (?:is|was|are|were|did|does|will|has|have)|"
    r"The same (?:goes|is true|applies|holds|fate)[^,.]{0,20} (?:for|to|of|befell)|Likewise(?: for)?|Ditto(?: for)?|"
    r"Nor (?:is|was|are|were)|"
    r"Joining (?:them|it|him|her|the (?:list|two|three|four|five|companies|firms))[^,.]{0,40}? (?:are|is|were|was)|"
    r"(?:Caught|Swept|Hit|Listed|Named|Blacklisted|Sanctioned|Targeted|Designated|Added|Placed|Included)"
    r"(?: up)?(?: too| as well| alongside| with (?:them|it))?(?: in the [\w-]+)? (?:were|was|are|is))\s"
)
_NUMBER = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|"
    r"several|some|many|dozens|most|others?|another|a (?:further|handful|number|dozen))"
)
_PART = re.compile(
    rf"\W*(?:(?:The )?{_NUMBER}(?:-\w+)? ?(?:(?:of (?:them|those|these|the \w+))|more|others?|further|additional)?"
    rf"[^.;:]{{0,60}}?),? (?:among them|including|such as|namely|like|they are|- )[,:]?\s",
    re.IGNORECASE,
)
#: What a listing does to a party; the party is the sentence's subject.
_HIT = re.compile(
    r"\s(?:(?:are|is|were|was|will be|have been|has been|found (?:itself|themselves)|now|are now|is now|will now|"
    r"would be) "
    r"(?:also |now |all |both |likewise |too |thus |effectively |thereby |in effect )*"
    r"(?:cut off|shut out|locked out|barred|banned|blocked|frozen|hit|on it|on the list|targeted|affected|"
    r"off limits|off-limits|"
    r"added|listed|named|included|placed|put|sanctioned|designated|blacklisted|penali[sz]ed|subject(?:ed)? to|"
    r"restricted)"
    r"|(?:now |also |will |must now |will now )*(?:needs? (?:a |special )?licen[sc]|faces? (?:an?|the|similar|new|"
    r"licen[sc]\w+|restrictions|curbs|sanctions|asset)\b|join(?:s|ed)? (?:it|them|the list|\w+ on the)|"
    r"made the list|suffered the same|met the same|learned of (?:the|its|their)|woke up to|got the same|came next|"
    r"find (?:itself|themselves)|lose access|lost access|can no longer|may no longer"
    r"|followed(?= in | on | last | a | two | soon|[,.])))\b"
)
_ACCUSED = re.compile(
    r"\s(?:(?:are|were|is|was|have been|stand) (?:all |both |also )?(?:accused|alleged|said|believed|suspected|"
    r"thought|among|based|located|"
    r"involved|part)|allegedly|helped|supplied|provided|worked|make|produce|build|develop|operate)\b"
)
_COLON = re.compile(r"[^:.\"]{3,140}:\s(?=\S)")
_AMONG = re.compile(r",\s(?P<who>[^.;]{3,200}?)\samong (?:them|those)\b")
_AWAY = re.compile(
    r"\b(?:rivals?|competitors?|suppliers?|customers?|clients?|investors?|backers?|shareholders?|lawyers?|analysts?|"
    r"lawmakers?|senators?|peers|exempt\w*|spared|escaped|not (?:on|among|listed|added|affected|named|included)|"
    r"unlisted|shares?|stocks?|ministry|ministries|embass|allies|critics|groups such as|spokes\w+)\b",
    re.IGNORECASE,
)


_TELLS = re.compile(
    r",? (?:has |have |also )?(?:said|says|told|urged|warned|called|denied|declined|did not|objected|sued|asked|want)\b"
)


def find_trailing(context: Context, sentence: Sentence, *, persons: bool, short: bool) -> list[Chunk]:
    """The names a sentence adds to the act told shortly before it; none where it tells of others.

    short  the act has counted those listed and named fewer
    """
    norm = context.norm
    start, end = sentence.start, sentence.end
    for pattern in (_SO, _PART):
        found = pattern.match(norm, start, end)
        if found and not _AWAY.search(found[0]):
            names = names_in(norm, found.end(), _clause_end(context, found.end(), end), context.chunks, persons=persons)
            told = norm[names[-1].end : names[-1].end + 24] if names else ""
            if names and names[0].start - found.end() < 60 and not _TELLS.match(told):
                return names
    colon = _COLON.match(norm, start, end)
    if colon and not _AWAY.search(colon[0]) and not _TELLS.search(colon[0]):
        names = names_in(norm, colon.end(), end, context.chunks, persons=persons, free=False)
        if len(names) > 1 and names[0].start - colon.end() < 50:
            return names
    accused = _ACCUSED.search(norm, start, end) if short else None
    if accused and not _AWAY.search(norm, start, accused.start()):
        names = names_in(norm, start, accused.start(), context.chunks, persons=persons)
        if len(names) > 1 and names[0].start - start < 40:
            return names
    hit = _HIT.search(norm, start, end)
    if hit and not _AWAY.search(norm, start, hit.start()) and not re.search(r"[\"]", norm[start : hit.start()]):
        names = names_in(norm, start, hit.start(), context.chunks, persons=persons)
        if names and names[0].start - start < 60:
            return names
    if short and not re.search(r"[\"]", norm[start:end]) and not _AWAY.search(norm, start, end):
        names = names_in(norm, start, end, context.chunks, persons=persons)
        if len(names) > 2 and not _TELLS.search(norm, names[-1].end, min(end, names[-1].end + 24)):
            return names
    among = _AMONG.search(norm, start, end)
    if among and not _AWAY.search(norm, start, among.end()):
        return names_in(norm, among.start("who"), among.end("who"), context.chunks, persons=persons)
    return []


def _clause_end(context: Context, start: int, end: int) -> int:
    """Where a new clause begins that tells of something else: `…, all of which the bureau …`."""
    found = re.compile(
        r",? (?:all|both|some|most|none) of (?:which|whom)\b|;|,? (?:for|over|because|after|which|who|"
        r"whom) (?!the )\w+ing\b"
    ).search(context.norm, start, end)
    return found.start() if found else end
