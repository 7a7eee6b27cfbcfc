"""Days told in a text, resolved against the article's own day where it has one."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
_MONTH = (
    r"(?P<month{n}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAYS = {d: i for i, d in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])}
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_DATE = re.compile(
    r"(?<!\w)(?:(?P<iso>\b(?:19|20)\d\d-\d\d-\d\d\b)"
    r"|\b" + _MONTH.format(n=1) + r"\s+(?P<day1>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year1>(?:19|20)\d\d)\b)?"
    r"|\b(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?:\s+of\s+|\s+|[-./])" + _MONTH.format(n=2) + r"(?:(?:,?\s+|"
    r"[-./])(?P<year2>(?:19|20)\d\d)\b)?"
    r"|(?<=\bin )" + _MONTH.format(n=3) + r"(?:,?\s+(?:of\s+)?(?:(?P<year3>(?:19|20)\d\d)\b|"
    r"(?P<sameyear>(?:that|the same) year\b)))?"
    r"|(?<=\bsince )" + _MONTH.format(n=6) + r"(?:,?\s+(?P<year6>(?:19|20)\d\d)\b)?"
    r"|\b" + _MONTH.format(n=4) + r"\s+(?P<year4>(?:19|20)\d\d)\b"
    r"|\b(?P<lastmonth>last|next)\s+" + _MONTH.format(n=5) + r"(?!\w)"
    r"|\b(?P<rel>last|next|this|the previous|the following|the same)?\s*(?P<weekday>" + _WEEKDAY + r")\b"
    r"|\b(?P<near>today|yesterday|tomorrow)\b"
    r"|\b(?P<ago>a|an|one|two|three|four|five|six|ten|\d{1,2}) (?P<unit>day|week|month|year)s? "
    r"(?P<dir>ago|earlier|before|later|after)\b"
    r"|\b(?P<lastunit>last|next|this|earlier this|later this) (?P<unit2>week|month|year)\b"
    r"|(?:(?<=\bin )|(?<=\bsince ))(?P<year5>(?:19|20)\d\d)\b(?!-)"
    r"|\b(?P<dotted>\d{1,2}\.\d{1,2}\.(?:19|20)\d\d)\b"
    r"|\b(?P<us>\d{1,2}/\d{1,2}/(?:19|20)\d\d)\b)",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(
    r"\b(?:effective|takes? effect|took effect|tak(?:ing|en) effect|in(?:to)? (?:force|effect)|as "
    r"of|starting|beginning|from)\W*(?:on |from )?$",
    re.I,
)
_EFFECTIVE_AFTER = re.compile(r"^\W*(?:,? (?:is|was) the effective|effective date)", re.I)
_PUBLISHED = re.compile(
    r"\b(?:publish(?:es|ed)?|Federal Register|appear(?:s|ed)?|filed|notice dated|printed|gazetted)\b[^.;]{0,40}$", re.I
)

Role = Literal["announced", "published", "effective", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """A day as the text tells it. `value` is ISO: a day, a month (`2021-04`), a year, or None.

    exact   True where it names a day (or a weekday, `yesterday`), even one that could not be resolved
    role    whether the text says announced, published or effective, or just when it happened
    past    how the words place it before the article's day: `last Friday`, `a year ago`, an earlier year
    """

    start: int
    end: int
    value: str | None
    exact: bool
    role: Role = "told"
    past: bool = False


def find_dates(
    norm: str,
    start: int,
    end: int,
    published: dt.date | None,
    anchor: dt.date | None = None,
    last: dt.date | None = None,
) -> list[Told]:
    """Every date between two offsets, in order. Weekdays are the last before `published`, itself included.

    `anchor` is a day the text tells in full: a month without a year is read against it where the
    article has no day of its own.
    """
    out: list[Told] = []
    previous = last
    for found in _DATE.finditer(norm, start, end):
        part = found.groupdict()
        yearless = anchor and not published and any(part[k] for k in ("month3", "month6", "day1", "day2"))
        told = _read(found, anchor if yearless else published, previous)
        if told is None:
            continue
        value, exact, past = told
        if (
            value is None
            and anchor
            and not published
            and part["weekday"]
            and anchor.weekday() == _DAYS[part["weekday"].lower()]
            and not past
        ):
            value = anchor.isoformat()  # the one whole day the text tells falls on that weekday
        begin, stop = found.span()
        while norm[begin] == " ":
            begin += 1
        out.append(Told(begin, stop, value, exact, _role(norm, start, begin, stop, end), past))
        if value and len(value) == 10:
            previous = dt.date.fromisoformat(value)
    return out


def _role(norm: str, start: int, begin: int, stop: int, end: int) -> Role:
    before = norm[max(start, begin - 60) : begin].rstrip()
    before = re.sub(r"\bon$", "", before).rstrip()
    if _EFFECTIVE.search(before) or _EFFECTIVE_AFTER.search(norm[stop : min(end, stop + 30)]):
        return "effective"
    if _PUBLISHED.search(before[-45:]):
        return "published"
    if re.search(r"\bannounc\w*(?: \w+){0,2}$|\bsaid$|\bunveiled$", before):
        return "announced"
    return "told"


def _read(
    found: re.Match[str], published: dt.date | None, previous: dt.date | None
) -> tuple[str | None, bool, bool] | None:
    part = found.groupdict()
    try:
        if part["iso"]:
            day = dt.date.fromisoformat(part["iso"])
            return day.isoformat(), True, _is_past(day, published)
        if part["dotted"]:
            number, month, year = (int(x) for x in part["dotted"].split("."))
            day = dt.date(year, month, number)
            return day.isoformat(), True, _is_past(day, published)
        if part["us"]:
            month, number, year = (int(x) for x in part["us"].split("/"))
            if month > 12:
                month, number = number, month
            day = dt.date(year, month, number)
            return day.isoformat(), True, _is_past(day, published)
        for n in ("1", "2"):
            if part[f"day{n}"]:
                month = _MONTHS[part[f"month{n}"][:3].lower()]
                number = int(part[f"day{n}"])
                if part[f"year{n}"]:
                    day = dt.date(int(part[f"year{n}"]), month, number)
                elif published:
                    day = _nearest(month, number, published)
                else:
                    dt.date(2024, month, number)
                    return None, True, False
                return day.isoformat(), True, _is_past(day, published)
    except ValueError:
        return None
    for n in ("3", "4", "6"):
        name = part.get(f"month{n}")
        if name:
            month = _MONTHS[name[:3].lower()]
            told = part.get(f"year{n}")
            if n == "3" and part["sameyear"] and previous:
                told = str(previous.year)
            if not told and not name[0].isupper():
                return None
            if not told and published:
                told = str(published.year if month <= published.month else published.year - 1)
            past = bool(published and told and (int(told), month) < (published.year, published.month)) or not published
            return (f"{told}-{month:02d}" if told else None), False, past
    if part["lastmonth"]:
        month = _MONTHS[part["month5"][:3].lower()]
        if not published:
            return None, False, part["lastmonth"].lower() == "last"
        if part["lastmonth"].lower() == "last":
            year_no = published.year if month < published.month else published.year - 1
        else:
            year_no = published.year if month > published.month else published.year + 1
        return f"{year_no}-{month:02d}", False, part["lastmonth"].lower() == "last"
    if part["year5"]:
        year_no = int(part["year5"])
        return part["year5"], False, not published or year_no < published.year
    return _read_relative(part, published, previous)


def _read_relative(
    part: dict[str, str | None], published: dt.date | None, previous: dt.date | None
) -> tuple[str | None, bool, bool] | None:
    if part["weekday"]:
        weekday, relation = part["weekday"], (part["rel"] or "").lower()
        if not weekday[0].isupper():
            return None
        past = relation in ("last", "the previous")
        if not published:
            return None, True, past
        back = (published.weekday() - _DAYS[weekday.lower()]) % 7
        day = published - dt.timedelta(days=back)
        if relation == "next":
            day += dt.timedelta(days=7)
        elif past and back == 0:
            day -= dt.timedelta(days=7)
        return day.isoformat(), True, past
    if part["near"]:
        if not published:
            return None, True, False
        shift = {"today": 0, "yesterday": -1, "tomorrow": 1}[part["near"].lower()]
        return (published + dt.timedelta(days=shift)).isoformat(), True, False
    if part["ago"] and part["unit"]:
        word = part["ago"].lower()
        count = _COUNT.get(word) or (int(word) if word.isdigit() else 1)
        later = part["dir"] in ("later", "after")
        anchor = (
            previous
            if part["dir"] != "ago" and previous
            else published
            if part["dir"] in ("ago", "earlier", "before")
            else None
        )
        if not anchor:
            return None, False, not later
        sign = 1 if later else -1
        if part["unit"] == "day":
            return (anchor + dt.timedelta(days=sign * count)).isoformat(), True, not later and count > 3
        if part["unit"] == "week":
            return None, False, not later
        if part["unit"] == "month":
            months = anchor.year * 12 + anchor.month - 1 + sign * count
            return f"{months // 12}-{months % 12 + 1:02d}", False, not later
        return str(anchor.year + sign * count), False, not later
    if part["unit2"] and part["lastunit"]:
        unit, relation = part["unit2"].lower(), part["lastunit"].lower()
        past = relation == "last"
        if not published:
            return None, False, past
        if unit == "month":
            months = published.year * 12 + published.month - 1 + {"last": -1, "next": 1}.get(relation, 0)
            return f"{months // 12}-{months % 12 + 1:02d}", False, past
        if unit == "year":
            return str(published.year + {"last": -1, "next": 1}.get(relation, 0)), False, past
        return None, False, past
    return None


def _nearest(month: int, number: int, published: dt.date) -> dt.date:
    """The day of that month nearest before the article's day, or up to 120 days after it."""
    day = dt.date(published.year, month, number)
    if day > published + dt.timedelta(days=120):
        return dt.date(published.year - 1, month, number)
    if day < published - dt.timedelta(days=300):
        return dt.date(published.year + 1, month, number)
    return day


def _is_past(day: dt.date, published: dt.date | None) -> bool:
    return published is not None and (published - day).days > 21


_LINE = re.compile(
    r"^(?:[^\n]{0,60}?\b(?:published|posted|updated|date|dated|issued|release(?:d)?|last modified|"
    r"original[_ ]published|"
    r"for immediate release|press release|publication date)\b[^\n\d]{0,30}?)?",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\b(?:original[_ ]published|publication date|published(?: on| at)?|posted(?: on)?|date(?:d)?|"
    r"issued|updated|released?|for immediate release)\b\W{0,4}(?:\w{3,9}\.?,?\s+){0,3}?",
    re.I,
)
#: `April 16, 2025 (Agency) -`, `Jan. 3, 2024. …`: a report that opens with its day.
_OPENING = re.compile(
    r"\W{0,3}(?P<date>(?:[A-Z][a-z]+day,? )?(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+(?:19|20)\d\d|"
    r"\d{1,2}\s+[A-Z][a-z]{2,8}\.?,?\s+(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d))\)?\s*"
    r"(?:\([A-Z][\w .&]{1,30}\)\s*)?(?:--?|:|\||/|\.\s)"
)
_DATELINE = re.compile(
    r"^(?!On |In |By |Since |As |From |Effective |At |The |A )[A-Z][A-Za-z "
    r".,'/()&-]{2,60}?[,-]?\s*\(?(?P<date>[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s+(?:19|20)\d\d)?|"
    r"\d{1,2}\s+[A-Z][a-z]{2,8}\.?(?:\s+(?:19|20)\d\d)?)\)?\s*(?:\(|/|-|:)",
)


def find_published(text: str, blocks: list[tuple[int, int]]) -> dt.date | None:
    """The article's own day, where its head or dateline gives one with its year; else None.

    Looked for in the first lines and the last two: a stamped line (`Published: …`), a line that is
    little but a date, or an agency's dateline.
    """
    stamped: list[tuple[int, dt.date]] = []
    edges = blocks[:9] + (blocks[-2:] if len(blocks) > 11 else [])
    for number, (start, end) in enumerate(edges):
        line = text[start : min(end, start + 260)]
        for found in _DATE.finditer(line):
            told = _read(found, None, None)
            if not told or not told[0] or len(told[0]) != 10:
                continue
            day = dt.date.fromisoformat(told[0])
            before = line[: found.start()]
            rest = (before + line[found.end() :]).strip()
            dateline = _DATELINE.match(line) or _OPENING.match(line)
            if re.search(r"original[_ ]published", before, re.I):
                stamped.append((0, day))
            elif (
                re.match(r"\W*(?:[\w'|]+\W+){0,4}?" + _STAMP.pattern, before, re.I)
                and len(before) < 60
                and len(line) < 140
                and not re.search(r"\b(?:effective|in the federal register on)\b", before, re.I)
            ):
                stamped.append((1 + number, day))
            elif (
                len(rest) < 70
                and len(line) < 130
                and not re.search(r"[.!?]$", rest)
                and not re.search(r"effective|deadline|event", line, re.I)
            ):
                stamped.append((20 + number, day))
            elif re.search(r"\bby the [\w ,&']{4,80} on $", before) and len(line) < 200:
                stamped.append((10 + number, day))
            elif dateline and dateline.start("date") <= found.start() < dateline.end("date"):
                stamped.append((30 + number, day))
            break
    return min(stamped)[1] if stamped else None
