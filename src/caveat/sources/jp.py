"""Japan: the text of METI's PDF of organizations under export bans for Russia.

Entries are numbered from 1 without a gap; each has a Japanese name (with aliases in brackets), a
Latin name (with aliases in a following list) and an address behind `所在地：`. Where a page ends, the
text of the PDF runs a number on behind the last address, so numbers are looked for in order. One
numbered entry is one party. The file states the day of the last change (`最終更新日`).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from caveat.errors import ShapeError
from caveat.model import Address, Citation, Entry, Moment, Name, script_of
from caveat.sources.document import Document
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import country_code, decode

LIST = "jp.meti_russia"
_HOLDS = frozenset({"kind", "source_id", "names", "addresses", "citations", "programs"})
_DAY = r"\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_JAPANESE = r"[\u3040-\u30ff\u4e00-\u9fff\uff66-\uff9f]"
_ALSO = re.compile(
    r",?\s*\ba\.\s?k\.\s?a\b\.?,?\s*(?:(?:the\s+)?follow(?:ing)?\s+\w+?\s*alias(?:es)?)?\s*[:：]?\s*", re.IGNORECASE
)
_TITLE = "輸出等に係る禁止措置"


def read_text(document: Document) -> Reading:
    """Every numbered entry. ShapeError where the day or a number's name is missing."""
    where = document.name
    text, _ = decode(document.data, where, legacy="cp932")
    # Full-width digits become plain ones, one character for one, so that places stay true.
    text = "".join(unicodedata.normalize("NFKC", c) if "０" <= c <= "９" else c for c in text.replace("\r\n", "\n"))
    found = re.search(f"最終更新日：{_DAY}", text) or re.search(f"指定日：{_DAY}", text)
    if not found:
        raise ShapeError("states no day (最終更新日)", where=where, do="make the text from the PDF again")
    notice = re.search(r"（(令和[^（）]*告示[^（）]*)）", text[:1000])
    try:
        published = dt.date(*map(int, found.groups()))
    except ValueError:
        raise ShapeError(f"its day is {found[0]}", where=where) from None
    rows = []
    blocks = _blocks(text, found.end())
    for number, block in enumerate(blocks, start=1):
        entry = _entry(number, block, notice[1] if notice else None)
        if not entry.name:
            raise ShapeError("has no name", where=f"{where} entry {number}", do="make the text from the PDF again")
        rows.append(Row(entry, f"entry {number}"))
    if not rows:
        raise ShapeError("has no numbered entry", where=where, do="make the text from the PDF again")
    addresses = len(re.findall("所在地", text))
    notes = []
    if addresses > len(rows):
        raise ShapeError(
            f"has {addresses} addresses but {len(rows)} numbered entries",
            where=where,
            do="make the text from the PDF again",
        )
    if without := len([row for row in rows if not row.entry.addresses]):
        notes.append(f"{without} entries have no address")
    return Reading({LIST: tuple(rows)}, published=Moment.parse(published), holds=_HOLDS, notes=tuple(notes))


def _blocks(text: str, start: int) -> list[str]:
    """The text of entry 1, 2, 3 … each from behind its number to the next number."""
    starts: list[tuple[int, int]] = []
    at, number = start, 1
    while True:
        # At the start of a line, or run on behind a full stop; its first line holds Japanese.
        mark = re.compile(
            rf"(?:^[ \u3000]*|(?<=[^\d\s,]))({number})[ \u3000]+(?=[^\n]{{0,60}}?{_JAPANESE})", re.MULTILINE
        )
        found = mark.search(text, at)
        if not found:
            break
        starts.append((found.start(1), found.end()))
        at, number = found.end(), number + 1
    ends = [*(begin for begin, _ in starts), len(text)][1:]
    return [text[begin:end] for (_, begin), end in zip(starts, ends, strict=True)]


def _entry(number: int, block: str, notice: str | None) -> Entry:
    named, _, located = block.partition("所在地")
    named, _, other = named.partition("別称：")
    japanese: list[str] = []
    latin: list[str] = []
    is_japanese = True
    depth = 0
    for line in named.split("\n"):
        # The Japanese name may break within its brackets; the Latin name begins a line of its own.
        if is_japanese and (depth > 0 or not japanese or re.search(_JAPANESE, line)):
            japanese.append(line)
            depth += line.count("（") + line.count("(") - line.count("）") - line.count(")")
        else:
            is_japanese = False
            if line.strip():
                latin.append(line)
    joined = "\n".join(japanese).strip()
    run_on = re.sub(rf"^.*(?:{_JAPANESE}|[（）」])", "", joined, flags=re.DOTALL)
    # `…「プログレス」JSC Rocket`: the Latin name has no line of its own, or only its end has
    if run_on[:1].isalpha() and (not latin or re.match("[-—–―]", latin[0]) or "a.k.a" in run_on):
        japanese, latin = [joined.removesuffix(run_on)], [run_on, *latin]
    spaced = re.sub(r"(?<=[A-Za-z.])\n(?=[A-Za-z])", " ", "\n".join(line.strip() for line in japanese))
    native, native_aliases = _japanese_names(spaced.replace("\n", ""))
    main, aliases = _latin_names(latin)
    aliases += [part.strip() for line in other.split("\n") for part in line.split(";")]
    primary = main or native
    others = [text for text in (*aliases, native, *native_aliases) if text and text != primary]
    addresses = [part.strip(" .;\n") for part in re.split(r";\s*(?:and\b,?)?", _join(located.lstrip("： :")))]
    return Entry(
        list=LIST,
        kind="organization",
        source_id=str(number),
        names=(Name(primary, "primary"), *dict.fromkeys(Name(text) for text in others)) if primary else (),
        addresses=tuple(Address(text, country=_country(text)) for text in dict.fromkeys(addresses) if text),
        citations=(Citation(notice),) if notice else (),
        programs=("Russia",),
    )


def _japanese_names(text: str) -> tuple[str, list[str]]:
    found = re.search(r"[（(] ?別称[、：:]? ?", text)
    if not found or not text.rstrip().endswith(("）", ")")):
        return text.strip(), []
    inside = text[found.end() :].rstrip()[:-1]
    return text[: found.start()].strip(), [part.strip() for part in re.split(r"、|､|及び(?=.)", inside) if part.strip()]


def _latin_names(lines: list[str]) -> tuple[str, list[str]]:
    """The name and its aliases, each behind a dash on a line of its own."""
    text = "\n".join(line.strip() for line in lines)
    main, *listed = re.split(r"\n[-—–―]\s*|;\s*[-—–―]\s*", text)
    parts = _ALSO.split(_join(main), maxsplit=1)
    aliases = [*parts[1:], *map(_join, listed)]
    cleaned = [re.sub(r"(?:;\s*and|[;.]|\sand)\s*$", "", alias.strip()).strip(" ;:") for alias in aliases]
    return parts[0].strip(" ,:."), [alias for alias in cleaned if alias]


def _join(text: str) -> str:
    return " ".join(text.split())


def _country(text: str) -> str | None:
    last = text.rstrip("0123456789 ,-").rsplit(",", 1)[-1].strip(" .")
    return country_code(last) if script_of(last) == "Latn" else None


def _recognizes(document: Document) -> bool:
    head = document.head[:3000].decode("utf-8", "replace")
    return _TITLE in head and "ロシア" in head and "所在地" in head


LAYOUTS = (Layout("jp.meti_russia_text", (LIST,), _recognizes, read_text),)
