"""What the cells of the Commerce lists mean: citation chains, footnote marks, aliases and addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from caveat.model import Address, Citation, Kind, unique
from caveat.sources.text import country_code, read_date

_FR = re.compile(
    r"(?:\b(?P<volume>\d{1,3})\s*\.?\s*)?\bF\.?\s?R\.?(?![A-Za-z])\s*"
    r"(?:(?P<issue>No\.?\s*\d+)\s*,?\s*)?(?:pg?\.?\s*)?(?P<page>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?![\d/]))?",
    re.IGNORECASE,
)
_FR_GLUED = re.compile(r"(?<=\d)(?=F\.?R\b)", re.IGNORECASE)
_VOLUME = re.compile(r"(?:Notice\s+\d+,?\s*)?Vol\.?\s*\d+,?\s*No\.?\s*\d+", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{1,4}\b")
_SECOND_PAGE = re.compile(r"^\s*,\s*(\d{3,6})(?=\s+\(?\d{1,2}/)")

_MARK_AFTER_SECTION = re.compile(r"(734\.\d+\([a-z]\)(?:\(\d\))*)(,?)\s?([1-9])(?=[\s,.;)]|$)")
_MARK_AFTER_EAR = re.compile(r"(of the EAR\.?\)?)\s?([1-9])(?=[\s.,;)]|$)")
_SUPERSCRIPT = re.compile("[¹²³⁴⁵⁶⁷⁸⁹]")
_SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")

_ALIAS_LEAD = re.compile(
    r",?\s*\(?\b(?:a\.?k\.?a|also known as|f\.?k\.?a|formerly known as)\.?,?"
    r"(?:\s*the\s+following\s+(?:[\w-]+\s+)?(?:alias(?:es)?|names?|companies)?\s*[:,]?)?\s*",
    re.IGNORECASE,
)
_ALIAS_LIST = re.compile(
    r",?\s*(?:\b(?:a\.?k\.?a|f\.?k\.?a)\.?,?\s*(?=—)"
    r"|(?:\b(?:(?:a\.?k\.?a|f\.?k\.?a)\.?,?|and)\s*)?"
    r"\bthe\s+following\s+(?:[\w-]+\s+){0,3}?(?:alias(?:es)?|names?)\b[^:—]{0,40}:?)\s*",
    re.IGNORECASE,
)
_BETWEEN_ALIASES = re.compile(r"\s*;\s*(?:(?:and|or)\b[\s;,]*)?|(?:\s*,?\s+and)?(?:^|(?<=[\s;:]))\s*—\s*")
_ALIAS_NOTE = re.compile(r"\(\s*all of (?:the )?preceding[^)]{0,200}\)", re.IGNORECASE)
_ABBREVIATED = frozenset({
    "ltd", "co", "corp", "inc", "bhd", "sdn", "pte", "pty", "st", "no", "dr", "mr", "mrs", "im", "int",
    "intl", "assn", "bros", "mfg", "dept", "univ", "inst", "ind", "bldg", "rd", "ave", "blvd", "jr", "sr",
    "tech", "pvt", "tic", "san", "sti", "ul",
})  # fmt: skip

_COMPANY_FORM = frozenset({
    "ltd", "limited", "co", "company", "corp", "inc", "llc", "llp", "lp", "plc", "pte", "pty", "gmbh", "bhd",
    "sdn", "jsc", "pjsc", "ojsc", "cjsc", "ooo", "oao", "zao", "ao", "pao", "fze", "fzco", "fzc", "sti", "tic", "as",
    "a.s", "s.a", "b.v", "s.a.l", "s.r.l", "l.l.c", "kg", "ag", "oy", "fz-llc", "dmcc", "sa", "srl", "sarl",
    "ltda", "pvt",
})  # fmt: skip
US_STATES = frozenset({
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC",
    "ND", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI",
    "WY",
})  # fmt: skip

_SEE_ALSO = re.compile(
    r"\(?\s*\bsee (?:also )?(?:the )?(?:alternate|additional|also)?[^().;]{0,60}address[^().;]{0,120}\.?\)?\.?", re.I
)
_BETWEEN_ADDRESSES = re.compile(r"\s*;\s*(?:and\b[\s,:]*)?(?=\S)")
_AND_AFTER_COUNTRY = re.compile(r",\s*([A-Z][\w.' ]+?)(?:,?\s+\d{4,6})?,?\s+and\s+(?=[\d#A-Z])")
_DIGITS = re.compile(r"[\s,]*\b[\d-]{3,}\b[\s.]*$")
_ADDRESS_START = re.compile(
    r"(?:#|\d|No[.s]?\s?\d|Nos?\b\.?|Room|Rm\b|Unit|Suite|Ste\b|Flat|Floor|Building|Bldg|Block|Apt|Office|P\.?\s?O\.?\s?Box"
    r"|Lot\b|Plot|House|Shop|Level|Villa|Str\b|Ul\b|ul\.|Street|Tower|Postal|Zone|Sector|Phase|Area\b|Gate)",
)
_NAME_GOES_ON = re.compile(
    r"^\(?(?:a\.?k\.?a|f\.?k\.?a)\b"
    r"|\b(?:Institut\w*|Academy|University(?! City)|Universitet|College|School|Laborator\w+"
    r"|Department|Bureau|Branch|Division|Company|Corporation|Ministry|Agency|Group|Factory|Association|Limited|Sciences)\b"
)


def read_fr_chain(text: str | None) -> tuple[Citation, ...]:
    """The Federal Register citations of a cell, in order, each with its date where printed.

    `cite` is brought to one form (`84 FR 54004`) so that two prints of one page are equal; a
    text without any citation comes back whole as one citation: nothing is dropped.

    >>> [c.cite for c in read_fr_chain("84 FR 54002; 85 FR 44159")]
    ['84 FR 54002', '85 FR 44159']
    >>> read_fr_chain("84 FR 54004, 10/9/19.")[0].date
    datetime.date(2019, 10, 9)
    """
    text = _FR_GLUED.sub(" ", " ".join((text or "").split()))
    if not text:
        return ()
    heads = [m for m in _FR.finditer(text) if m["volume"] or m["page"]] or list(_VOLUME.finditer(text))
    chain = []
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        tail = text[head.end() : following.start() if following else len(text)]
        cite = _name_citation(head)
        if second := _SECOND_PAGE.match(tail):
            cite += f", {second[1]}"
        day = _DAY.search(tail)
        date = read_date(day[0]) if day else None
        chain.append(Citation(f"{cite} {day[0]}" if day and not date else cite, date))
    return tuple(dict.fromkeys(chain)) or (Citation(text),)


def _name_citation(head: re.Match[str]) -> str:
    parts = head.groupdict()
    if not parts:
        return head[0]
    page = (parts["page"] or "").replace(",", "")
    return " ".join(part for part in (parts["volume"], "FR", page or parts["issue"]) if part)


def split_footnotes(text: str | None) -> tuple[str, tuple[str, ...]]:
    """The text without footnote marks flattened into it, and the marks in order.

    >>> split_footnotes("see §§ 734.9(e)1 and 744.11 of the EAR2")
    ('see §§ 734.9(e) and 744.11 of the EAR', ('1', '2'))
    """
    text = " ".join((text or "").split())
    marks: dict[int, str] = {}

    def take(found: re.Match[str], kept: str, mark: str) -> str:
        marks[found.start()] = mark
        return kept

    # Each pass pads what it removes, so that the marks keep the order in which they are printed.
    text = _SUPERSCRIPT.sub(lambda m: take(m, "\x00", m[0].translate(_SUPERSCRIPTS)), text)
    text = _MARK_AFTER_SECTION.sub(lambda m: take(m, (m[1] + m[2]).ljust(len(m[0]), "\x00"), m[3]), text)
    text = _MARK_AFTER_EAR.sub(lambda m: take(m, m[1].ljust(len(m[0]), "\x00"), m[2]), text)
    clean = re.sub(r"\s+([.,;)])", r"\1", text.replace("\x00", "")) if marks else text
    return clean, unique(marks[at] for at in sorted(marks))


def split_aliases(text: str | None) -> tuple[str, ...]:
    """The aliases in one cell, verbatim, without list marks, the closing `and` and the closing stop.

    >>> split_aliases("a.k.a., the following two aliases: —CETC 24; and —CETC 44.")
    ('CETC 24', 'CETC 44')
    """
    text = " ".join((text or "").split())
    if lead := _ALIAS_LEAD.match(text):
        text = text[lead.end() :]
    text = _ALIAS_NOTE.sub(";", text)
    return unique(_trim_alias(part) for part in _BETWEEN_ALIASES.split(text))


def read_alias_notes(text: str | None) -> tuple[str, ...]:
    """What stands among the aliases but is none: `(all of preceding located in …)`."""
    return unique(_ALIAS_NOTE.findall(" ".join((text or "").split())))


def _trim_alias(part: str) -> str:
    part = part.strip().lstrip("—–- ").rstrip(" ,;—–")
    part = re.sub(r"^(?:and|or)\s+", "", part)
    part = "" if part in ("and", "or") else re.sub(r"[\s;,]+and$", "", part)
    return part[:-1].rstrip() if part.endswith(".") and not _is_abbreviated(part) else part


def _is_abbreviated(text: str) -> bool:
    """Whether the last word keeps its stop: `Ltd.`, `S.A.`, `J.`."""
    word = text.rstrip(".").rsplit(" ", 1)[-1].strip("(),\"“”'")
    return len(word) == 1 or "." in word or word.casefold() in _ABBREVIATED


def split_addresses(text: str | None) -> tuple[Address, ...]:
    """The addresses in one cell, each verbatim with its country where it can be told.

    >>> [a.country for a in split_addresses("Garden Road, Changsha, China; and Kowloon, Hong Kong.")]
    ['CN', 'HK']
    """
    text = _SEE_ALSO.sub("", " ".join((text or "").split()))
    text = re.sub(r"^\s*(?:and\s+)?", "", text)
    parts: list[str] = []
    for part in _BETWEEN_ADDRESSES.split(text):
        parts.extend(_split_at_country(part))
    texts = unique(_trim_end(part) for part in parts)
    return tuple(Address(t, country=read_country(t)) for t in texts)


def read_see_also(text: str | None) -> str | None:
    """`(See alternate addresses under Pakistan)`, where a cell says so."""
    found = _SEE_ALSO.search(" ".join((text or "").split()))
    return found[0].strip() if found else None


def _split_at_country(part: str) -> list[str]:
    """`…, Beijing, China and No. 6 …` is two addresses."""
    parts, start = [], 0
    for found in _AND_AFTER_COUNTRY.finditer(part):
        if country_code(found[1]):
            parts.append(re.sub(r" and $", "", part[start : found.end()].rstrip() + " "))
            start = found.end()
    return [*parts, part[start:]]


def _trim_end(part: str) -> str:
    part = part.strip(" ,;")
    if part.endswith(")") and part.count("(") < part.count(")"):
        part = part[:-1].rstrip(" ,;")
    return part[:-1].rstrip(" ,") if part.endswith(".") and not _is_abbreviated(part) else part


def read_country(address: str) -> str | None:
    """ISO alpha-2 of the country at the end of an address, postal codes set aside.

    >>> read_country("20 East Street, Beijing, China 100071"), read_country("Xian, CN")
    ('CN', 'CN')
    """
    rest = address[-200:].rstrip(" .;,")
    for numbers in range(2):
        last = rest.rsplit(",", 1)[-1].strip()
        if numbers and last in US_STATES:  # `CA, 94022` is no address in Canada
            return "US"
        if code := country_code(last):
            return code
        shorter = _DIGITS.sub("", rest).rstrip(" .;,")
        if shorter == rest:
            return None
        rest = shorter
    return None


@dataclass(frozen=True, slots=True)
class Cell:
    """An entity cell of Supplement No. 4, 6 or 7, taken apart; texts verbatim."""

    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    notes: tuple[str, ...] = ()


def read_cell(text: str) -> Cell:
    """Name, aliases and addresses of a cell such as `X, a.k.a., the following one alias: —Y. Address.`

    Where the cell names no alias the name ends before the first comma after which an address begins.
    """
    text = " ".join(text.split())
    notes = unique([*read_alias_notes(text), read_see_also(text) or ""])
    if lead := _ALIAS_LIST.search(text):
        name = text[: lead.start()]
        aliases, rest = _split_alias_list(text[lead.end() :])
    else:
        name, rest = _split_name(text)
        aliases = ()
    return Cell(_trim_end(name), aliases, split_addresses(rest), notes)


_STOP = re.compile(r"(?<=[\w)\"”’'])[.;]\s+(?=\S)")
_FORM_THEN_ADDRESS = re.compile(r"(?<=\bLtd|\bInc|\bLLC|\bJSC)\s+(?=No\.?\s*\d|\d)")
_NO_STOP = re.compile(r"\s+(?=(?:No\.?\s*\d|#\d|\d[\d/-]*\s+[A-Z]\w+\s+\w+))")
_LOWER_START = re.compile(r"(?!(?:d|ul|pr|str|pl|per|der|pos)\.)[a-z]")


def _split_alias_list(text: str) -> tuple[tuple[str, ...], str]:
    """The aliases, and the addresses after them: the last alias ends at a stop before an address."""
    start = max((m.end() for m in re.finditer(r"(?:^|(?<=[\s;:]))—\s*", text)), default=0)
    last = text[start:]
    stops = (m for m in islice(_STOP.finditer(last), 200) if _ends_alias(last[: m.start()], last[m.end() :]))
    found = next(stops, None) or _FORM_THEN_ADDRESS.search(last)
    if found is None and "," in last:  # printed without the stop
        found = _NO_STOP.search(last)
    if found is None:
        return split_aliases(text), ""
    return split_aliases(text[:start] + last[: found.start() + 1]), last[found.end() :]


def _ends_alias(before: str, after: str) -> bool:
    """Whether the stop between the two ends the alias rather than abbreviates its last word."""
    if not _is_abbreviated(before + "."):
        return True
    if " " not in before or after.startswith("("):
        return False
    form = before.rsplit(" ", 1)[-1].strip("(),").casefold()
    following = re.split(r"[\s,]", after, maxsplit=1)[0].strip(".,()").casefold()
    if form == "tech":
        return bool(_ADDRESS_START.match(after))
    return form in _COMPANY_FORM and following not in _COMPANY_FORM and not _LOWER_START.match(after)


def _split_name(text: str) -> tuple[str, str]:
    """Name and addresses of a cell without aliases: a later part is the name's where it names an organization."""
    parts = text.split(", ")
    ends = 1
    for at in range(1, len(parts)):
        part = parts[at]
        if re.split(r"[\s(]", part)[0].strip(" .)").casefold() in _COMPANY_FORM or part.startswith("and "):
            ends = at + 1
        elif _ADDRESS_START.match(part) or any(c.isdigit() for c in part):
            break
        elif at == ends and _NAME_GOES_ON.search(part) and _names_organization(parts[0]):
            ends = at + 1
    return ", ".join(parts[:ends]), ", ".join(parts[ends:])


_ADDRESS_ONLY = re.compile(r"Address\s+\d+", re.IGNORECASE)
_IN_CUSTODY = re.compile(
    r"\b(?:INMATE|USM NO|REGISTER NUMBER|REG\. NO|INCARCERATED|CORRECTIONAL|F\.?C\.?I\b)", re.IGNORECASE
)
_PERSON_TITLE = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Haji|Hajji|Mullah|Engineer|Sheikh)\b\.?\s", re.IGNORECASE)
_ORGANIZATION_WORDS = frozenset({
    "co", "corp", "corporation", "company", "inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "pte",
    "pty", "gmbh", "bhd", "sdn", "sarl", "srl", "spa", "ooo", "oao", "zao", "pao", "jsc", "ojsc", "cjsc", "pjsc",
    "fze", "fzco", "fzc", "kft", "oü", "sti", "institute", "institut", "institution", "university", "universitet",
    "academy", "college", "school", "laboratory", "laboratories", "centre", "center", "bureau", "ministry",
    "department", "agency", "directorate", "administration", "committee", "commission", "government", "republic",
    "organization", "organisation", "association", "foundation", "group", "holding", "holdings", "industry",
    "industries", "industrial", "enterprise", "enterprises", "factory", "plant", "works", "zavod", "shipyard",
    "bank", "trading", "trade", "import", "export", "imports", "exports", "logistics", "shipping", "airline",
    "airlines", "airways", "aviation", "aerospace", "freight", "cargo", "technology", "technologies", "technical",
    "engineering", "electronic", "electronics", "systems", "solutions", "services", "service", "supply",
    "supplies", "international", "global", "research", "scientific", "manufacturing", "construction", "equipment",
    "machinery", "instruments", "components", "consulting", "partnership", "venture", "ventures", "development",
    "products", "materials", "energy", "power", "nuclear", "petroleum", "oil", "gas", "chemical", "pharma",
    "pharmaceutical", "pharmaceuticals", "medical", "telecom", "telecommunications", "communication",
    "communications", "network", "networks", "software", "digital", "computer", "computers", "semiconductor",
    "semiconductors", "optics", "optical", "security", "police", "battalion", "brigade", "regiment", "forces",
    "army", "navy", "command", "unit", "port", "railway", "club", "union", "museum", "hospital", "station",
    "studio", "project", "impex", "motors", "aircraft", "marine", "space", "defense", "defence", "military",
    "missile", "division",
})  # fmt: skip
#: Forms that are also parts of names (`As Saleh`): told by their stops, or last in a mixed-case name.
_DOTTED_FORM = re.compile(
    r"\b(?:S\.A\.|A\.S\.|B\.V\.|N\.V\.|S\.R\.L\.|S\.p\.A\.|L\.L\.C\.)|\b(?:SA|AS|AG|BV|NV|AB|Oy|AO)$|^AO\b"
)


def _names_organization(name: str) -> bool:
    if any(word.casefold() in _ORGANIZATION_WORDS for word in re.findall(r"\w+", name)):
        return True
    return bool(_DOTTED_FORM.search(name)) and not name.isupper()


def tell_kind(name: str, addresses: tuple[Address, ...] = (), aliases: tuple[str, ...] = ()) -> Kind:
    """What a party is, where a name or address shows it; `unknown` where none does.

    >>> tell_kind("Address 01"), tell_kind("Hikvision Co., Ltd."), tell_kind("Abdul Satar Ghoura")
    ('address', 'organization', 'unknown')
    """
    if _ADDRESS_ONLY.fullmatch(name.strip()):
        return "address"
    if _names_organization(name):
        return "organization"
    if any(_PERSON_TITLE.match(n) for n in (name, *aliases)) or any(_IN_CUSTODY.search(a.text) for a in addresses):
        return "person"
    return "organization" if any(_names_organization(alias) for alias in aliases) else "unknown"


def find_newest(days: Mapping[dt.date, int]) -> dt.date | None:
    """The newest day among the rows, slips of the pen set aside: the lists print years such as 3017.

    A day that one or two rows bear, over a year past the next one, is such a slip.
    """
    ordered = sorted(days, reverse=True)
    while len(ordered) > 5 and days[ordered[0]] <= 2 and (ordered[0] - ordered[1]).days > 366:
        ordered.pop(0)
    return ordered[0] if ordered else None
