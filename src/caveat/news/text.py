"""An article's bytes as flat text: menus and filler set aside, each kept character with its place in the file."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from caveat.errors import InputError
from caveat.news.words import patterns

#: No article is longer; a book is refused rather than read for minutes.
MAX_CHARACTERS = 400_000
#: A page may be mostly markup.
MAX_PAGE = 8_000_000
_FOLD = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "＇": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "″": '"',
        "–": "-",
        "—": "-",
        "‒": "-",
        "―": "-",
        "‐": "-",
        "‑": "-",
        "，": ",",
        "、": ",",
        "；": ";",
        "：": ":",
    }
)
_BULLET = re.compile(r"\s*(?:[-*•·▪◦‣●○–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")
#: A line that is a day and nothing more.
_DATE_LINE = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|"
    r"\d{1,2}\.? [A-Z][a-z]{2,8} \d{4}|\d{4}-\d\d-\d\d)\.?"
)
#: `Published: 8 November 2023`: a line of its own wherever it stands.
_LABELED = re.compile(
    r"\s*(?:(?:first |last )?(?:published|updated|posted|modified)|release date|released|date|issued|dated)\b(?: on|"
    r" at)?:?"
    r"\s[^.]{0,50}\d{4}[^.]{0,24}$",
    re.I,
)
_WORD = re.compile(r"\S+")
_ENDS = re.compile(r"[.!?:;]['\"’”)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or table row: `start` to `end` in the flat text.

    kind is `text`, `head`, `item` or `row`.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Flat:
    """The kept text: one line a block, blanks collapsed, quotes and dashes folded in `norm`.

    `text` and `norm` have the same length; `places[i]` is the offset of character i in the file.
    """

    text: str
    norm: str
    places: array[int]
    blocks: tuple[Block, ...]
    title: str | None = None
    published: dt.date | None = None
    address: str | None = None
    gazette: bool = False

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The span in the file of `start` to `end` in the flat text."""
        if not self.places:
            return (0, 0)
        first = self.places[min(start, len(self.places) - 1)]
        last = self.places[min(max(end, start + 1), len(self.places)) - 1]
        return (first, last + 1)

    def block_at(self, position: int) -> Block:
        """The block that holds a position of the flat text."""
        index = bisect.bisect_right([b.start for b in self.blocks], position) - 1
        return self.blocks[max(index, 0)]


#: Characters and the offset of each in the file.
Run: TypeAlias = "tuple[str, array[int]]"


@dataclass
class Draft:
    """Blocks as they are found: text with offsets, kind, and what the file says of itself."""

    runs: list[tuple[Run, str]] = field(default_factory=list)
    title: str | None = None
    published: dt.date | None = None
    address: str | None = None

    def add(self, text: str, places: array[int], kind: str = "text") -> None:
        """Add one block, its blanks collapsed; an empty one is left out."""
        words: list[str] = []
        kept: array[int] = array("q")
        for found in _WORD.finditer(text):
            start, end = found.span()
            if words:
                kept.append(places[start - 1])
            words.append(found[0])
            kept.extend(places[start:end])
        if words:
            self.runs.append(((" ".join(words), kept), kind))


def decode_article(data: bytes) -> str:
    """The text of the bytes, line ends untouched; InputError for an empty or a binary file."""
    if not data.strip():
        raise InputError("is empty", do="give an article")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError("is not text", do="give an article as text, HTML or PDF") from None
    if b"\x00" in data[:65536] or b"\x00" in data:
        raise InputError("is binary, not text", do="give an article as text, HTML or PDF")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return check_text(text, most=MAX_PAGE)


def check_text(text: str, *, most: int = MAX_CHARACTERS) -> str:
    """The text itself; InputError where it is empty, binary or far longer than any article."""
    if not text.strip():
        raise InputError("is empty", do="give an article")
    if len(text) > most:
        raise InputError(
            f"has {len(text):,} characters, more than any article ({most:,})", do="give one article at a time"
        )
    head = text[:20000]
    strange = sum(1 for c in head if (c < " " and c not in "\t\r\n\f\v") or c == "�" or "\x7f" <= c <= "\x9f")
    if strange > 0.02 * len(head) + 2:
        raise InputError("is binary, not text", do="give an article as text, HTML or PDF")
    return text


def read_plain(text: str) -> Draft:
    """Blocks of a plain text: paragraphs between blank lines, long single lines, list items."""
    draft = Draft()
    group: list[tuple[int, str]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        if body.strip():
            group.append((position, body))
        else:
            add_group(draft, group)
            group = []
        position += len(line)
    add_group(draft, group)
    return draft


def add_group(draft: Draft, group: list[tuple[int, str]]) -> None:
    """Add the lines between two blank lines: joined where they are wrapped, apart where they are not."""
    if not group:
        return
    width = max(len(line) for _, line in group)
    columns = _is_column(group)
    pending: list[tuple[int, str]] = []
    kind = "text"

    def flush() -> None:
        if pending:
            draft.add(*_join(pending), kind)
            pending.clear()

    for place, line in group:
        bullet = _BULLET.match(line)
        labeled = bool(_LABELED.match(line)) or bool(pending and _LABELED.match(pending[-1][1]))
        dated = (
            labeled
            or bool(_DATE_LINE.fullmatch(line.strip()))
            or bool(pending and _DATE_LINE.fullmatch(pending[-1][1].strip()))
        )
        if bullet or columns or width > 130 or dated or (pending and _stands_apart(pending[-1][1], line, width)):
            flush()
            kind = "item" if bullet or columns else "text"
        if bullet and not pending:
            pending.append((place + bullet.end(), line[bullet.end() :]))
        else:
            pending.append((place, line))
    flush()


def _join(lines: list[tuple[int, str]]) -> Run:
    parts: list[str] = []
    places: array[int] = array("q")
    for number, (place, line) in enumerate(lines):
        if number:
            broken = parts[-1].endswith("-") and line[:1].islower()
            if not broken:
                parts.append(" ")
                places.append(places[-1] + 1)
        parts.append(line)
        places.extend(range(place, place + len(line)))
    return "".join(parts), places


def _is_column(group: list[tuple[int, str]]) -> bool:
    """Whether the lines are a column of names: short, each begun in capitals, none ending a sentence."""
    lines = [line.strip() for _, line in group]
    if len(lines) < 3 or max(len(line) for line in lines) > 90:
        return False
    ended = sum(1 for line in lines if re.search(r"[.!?]$", line) and not re.search(r"(?:Ltd|Inc|Co|Corp)\.$", line))
    begun = sum(1 for line in lines if line[:1].isupper() or line[:1].isdigit())
    full = sum(1 for line in lines[:-1] if len(line) > 60)
    wordy = sum(1 for line in lines if re.search(r"\b(?:the|was|were|has|have|said|that|with|is|are|it)\b", line))
    return ended <= 1 and begun == len(lines) and full <= len(lines) // 3 and wordy <= len(lines) // 4


def _stands_apart(before: str, line: str, width: int) -> bool:
    """Whether a line begins a new block: the one before ended early, with a stop or as a short heading."""
    first = line.split(None, 1)[0]
    early = len(before) + 1 + len(first) < width - 14
    return early and bool(_ENDS.search(before)) and not line[:1].islower()


def set_aside(draft: Draft) -> list[tuple[Run, str]]:
    """The blocks without menus, widgets and filler; what follows a closing widget falls whole."""
    drop, tail = patterns("filler", "drop"), patterns("filler", "tail")
    kept: list[tuple[Run, str]] = []
    body = 0
    for (text, places), kind in draft.runs:
        norm = text.translate(_FOLD).strip()
        words = norm.count(" ") + 1
        if body and tail.match(norm):
            break
        if drop.match(norm):
            continue
        if words >= 12 and _ENDS.search(norm):
            body += 1
        kept.append(((text, places), kind))
    return kept


def flatten(runs: Iterable[tuple[Run, str]], draft: Draft, *, gazette: bool = False) -> Flat:
    """One text of the kept blocks, a line each, with the offset of every character."""
    texts: list[str] = []
    places: array[int] = array("q")
    blocks: list[Block] = []
    position = 0
    for (text, at), kind in runs:
        if texts:
            texts.append("\n")
            places.append(places[-1])
            position += 1
        texts.append(text)
        places.extend(at)
        blocks.append(Block(position, position + len(text), kind))
        position += len(text)
    whole = "".join(texts)
    return Flat(whole, fold(whole), places, tuple(blocks), draft.title, draft.published, draft.address, gazette)


def fold(text: str) -> str:
    """Quotes and dashes in one form, character for character.

    >>> fold("the department”s “list” — now")
    'the department\\'s "list" - now'
    """
    norm = text.translate(_FOLD)
    if '"s ' in norm:
        norm = re.sub(r"(?<=\w)\"s(?= )", "'s", norm)
    return norm
