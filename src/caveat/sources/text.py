"""Bytes to text, cells, days and countries: the small trades every reader shares."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from caveat.errors import ShapeError

_MONTHS = {m: i for i, m in enumerate(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}  # fmt: skip
_WORDED = re.compile(r"(?:(\d{1,2})[\s-])?([A-Za-z]{3,9})\.?[\s-](?:(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+)?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
#: NUL as JSON escapes it; a backslash before it would make it five plain letters.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_MAX_CELL = 2**20

csv.field_size_limit(_MAX_CELL)


def decode(data: bytes, where: str, *, legacy: str = "cp1252") -> tuple[str, str]:
    """Text and the encoding found: UTF-8 or UTF-16 by mark, UTF-8, else `legacy`.

    NUL bytes in what should be text are refused: the file is binary or cut.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif data[:3] == b"\xef\xbb\xbf":
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", legacy]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if "\x00" in text:
            raise ShapeError("holds NUL bytes: not a text file", where=where, do="fetch it again")
        return text, encoding
    raise ShapeError(f"is neither UTF-8 nor {legacy}", where=where, do="fetch it again")


def load_json(text: str, where: str) -> Any:
    """The value of a JSON text; NaN and infinity are None.

    ShapeError where it is broken, nested too deep, or holds what is no text: NUL, half a surrogate pair.
    """
    try:
        whole = json.loads(text, parse_constant=lambda _: None)
        if "\\u" in text:
            json.dumps(whole, ensure_ascii=False).encode()
    except RecursionError:
        raise ShapeError("is nested too deep", where=where, do="this is no list") from None
    except ValueError as error:
        raise ShapeError(f"broken JSON ({str(error)[:120]})", where=where, do="fetch the file again") from None
    if _NUL.search(text):
        raise ShapeError("holds NUL characters", where=where, do="fetch the file again")
    return whole


def rows(text: str, where: str, *, delimiter: str = ",", most_columns: int = 200) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of a delimited text; blank lines are skipped.

    A row of more than `most_columns` cells, a cell over 1 MiB or an open quote is a ShapeError.
    """
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if len(cells) > most_columns:
                raise ShapeError(f"line {reader.line_num} has {len(cells)} columns", where=where, do="fetch it again")
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise ShapeError(f"line {reader.line_num}: {error}", where=where, do="fetch it again") from None


def read_date(text: str | None, *, day_first: bool = False) -> dt.date | None:
    """A whole day from `2019-10-09`, `10/9/19`, `09 Oct 2019`, `October 9, 2019`; else None.

    A year of two digits, also where nulls were put before it, is one from 1970 to 2069.

    >>> read_date("June 21, 2022"), read_date("7/22/20"), read_date("2019")
    (datetime.date(2022, 6, 21), datetime.date(2020, 7, 22), None)
    >>> read_date("0097-06-30")
    datetime.date(1997, 6, 30)
    """
    text = " ".join((text or "").split())
    try:
        if found := _ISO.fullmatch(text):
            if text.startswith("0001-01-01"):  # what some programs write for no date
                return None
            return dt.date(_year(found[1]), int(found[2]), int(found[3]))
        if found := _SLASHED.fullmatch(text):
            first, second = int(found[1]), int(found[2])
            month, day = (second, first) if day_first else (first, second)
            return dt.date(_year(found[3]), month, day)
        if found := _WORDED.fullmatch(text):
            number = found[1] or found[3]
            month = _MONTHS.get(found[2][:3].lower(), 0)
            return dt.date(int(found[4]), month, int(number)) if number and month else None
    except ValueError:
        return None
    return None


def _year(digits: str) -> int:
    year = int(digits)
    return year if year >= 100 else year + (2000 if year < 70 else 1900)


#: Names publishers use that the ISO register does not.
_COUNTRY_NAMES = {
    "burma": "MM", "russia": "RU", "iran": "IR", "syria": "SY", "north korea": "KP",
    "korea, north": "KP", "south korea": "KR", "korea, south": "KR", "korea": "KR",
    "republic of korea": "KR", "turkey": "TR", "türkiye": "TR", "turkiye": "TR", "uae": "AE",
    "u.a.e.": "AE", "hong kong": "HK", "macau": "MO", "macao": "MO", "taiwan": "TW",
    "vietnam": "VN", "laos": "LA", "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ",
    "moldova": "MD", "ivory coast": "CI", "cote d ivoire": "CI", "cote d'ivoire": "CI",
    "congo, democratic republic of the": "CD", "democratic republic of the congo": "CD",
    "congo, republic of the": "CG", "czech republic": "CZ", "the gambia": "GM", "the bahamas": "BS",
    "west bank": "PS", "palestinian": "PS", "palestine": "PS", "gaza": "PS",
    "region: gaza": "PS", "kosovo": "XK", "xk": "XK", "gaza strip": "PS", "usa": "US", "u.s.a.": "US", "u.s.": "US",
    "united states of america": "US", "uk": "GB", "england": "GB", "scotland": "GB",
    "great britain": "GB", "prc": "CN", "people's republic of china": "CN", "p.r. china": "CN",
    "china, people's republic of": "CN", "brunei": "BN", "cape verde": "CV", "swaziland": "SZ",
    "macedonia": "MK", "the republic of north macedonia": "MK", "sint maarten": "SX",
    "virgin islands, british": "VG", "british virgin islands": "VG", "micronesia": "FM",
    "st. kitts and nevis": "KN", "st. vincent and the grenadines": "VC", "st. lucia": "LC",
    "netherlands antilles": "AN", "crimea": "UA", "region: crimea": "UA", "east timor": "TL",
    "holy see": "VA", "reunion": "RE", "curacao": "CW", "serbia and montenegro": "RS",
}  # fmt: skip


@functools.lru_cache(maxsize=4096)
def country_code(text: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country as a publisher prints it; None where it cannot be told.

    >>> country_code("Korea, North"), country_code("CN"), country_code("Atlantis")
    ('KP', 'CN', None)
    """
    name = " ".join((text or "").split()).strip(" .,;").casefold()
    if not name:
        return None
    if found := _COUNTRY_NAMES.get(name) or _COUNTRY_NAMES.get(name + "."):
        return found
    import pycountry  # 20 ms: only where a name is met that the table above lacks

    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        pass
    if "," in name:  # "congo, republic of" -> "republic of congo"
        tail, head = name.split(",", 1)
        try:
            return str(pycountry.countries.lookup(f"{head.strip()} {tail.strip()}").alpha_2)
        except LookupError:
            return None
    return None


def split_outside(text: str, marks: str = ";") -> list[str]:
    """The parts of a cell between `marks`, brackets kept whole; linear in the length of the text.

    >>> split_outside("Ann (a; b); Bea")
    ['Ann (a; b)', 'Bea']
    """
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "(（":
            depth += 1
        elif char in ")）":
            depth = max(0, depth - 1)
        elif char in marks and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]
