"""Markdown to blocks: marks and link addresses taken out, each kept character with its place."""

from __future__ import annotations

import datetime as dt
import re
from array import array

from caveat.news.text import Draft

_FRONT = re.compile(r"\A\s*---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)
_HEAD = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_MARK = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|\[(?P<link>[^\]]+)\](?:\([^)]*\)|\[[^\]]*\])|\[\^[^\]]*\]|"
    r"(?P<marks>\*{1,3}|__|~~|`{1,3}|(?<!\w)_(?=\w)|(?<=\w)_(?!\w))|<(?P<auto>https?://[^>]+)>|"
    r"</?[a-zA-Z][^>]*>|\\(?P<plain>[\\`*_{}\[\]()#+.!|-])"
)
_SEPARATOR_ROW = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


def is_markdown(text: str) -> bool:
    """Whether a text bears Markdown's marks: front matter, headings, links, a table or bold."""
    head = text[:20000]
    if _FRONT.match(head):
        return True
    signs = len(re.findall(r"^#{1,6} \S", head, re.M)) * 2 + len(re.findall(r"\]\(https?://", head))
    signs += len(re.findall(r"^\s*\|.*\|\s*$", head, re.M)) + len(re.findall(r"\*\*[^*\n]{2,80}\*\*", head))
    signs += len(re.findall(r"^> \S", head, re.M)) + len(re.findall(r"^\* \S", head, re.M))
    return signs >= 2


def read_markdown(text: str) -> Draft:
    """The blocks of a Markdown text; title and day from its front matter where it has one."""
    draft = Draft()
    position = 0
    front = _FRONT.match(text)
    if front:
        _read_front(front[1], draft)
        position = front.end()
    group: list[tuple[str, array[int]]] = []
    fenced = False
    for line in text[position:].splitlines(keepends=True):
        start = position
        position += len(line)
        body = line.rstrip("\r\n")
        if body.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        if not body.strip() or fenced or re.fullmatch(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*", body):
            _flush(draft, group)
            continue
        head = _HEAD.match(body)
        if head:
            _flush(draft, group)
            clean = _strip(head[1], start + head.start(1))
            draft.title = draft.title or clean[0].strip()
            draft.add(*clean, "head")
            continue
        if body.count("|") >= 2 and (body.lstrip().startswith("|") or body.count("|") >= 3):
            _flush(draft, group)
            if not _SEPARATOR_ROW.match(body):
                _add_row(draft, body, start)
            continue
        quote = re.match(r"^\s*(?:>\s?)+", body)
        shift = quote.end() if quote else 0
        bullet = re.match(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", body[shift:])
        if bullet:
            _flush(draft, group)
            clean = _strip(body[shift + bullet.end() :], start + shift + bullet.end())
            group.append(clean)
            draft_kind = "item"
            group_kinds[id(group)] = draft_kind
            continue
        if _LABEL.match(body, shift):
            _flush(draft, group)
            group.append(_strip(body[shift:], start + shift))
            _flush(draft, group)
            continue
        group.append(_strip(body[shift:], start + shift))
    _flush(draft, group)
    return draft


#: `**Published:** …`: a line of its own, whatever stands below it.
_LABEL = re.compile(r"\*\*[A-Z][\w ]{2,30}:?\*\*:?\s+\S.{0,120}$")
group_kinds: dict[int, str] = {}


def _flush(draft: Draft, group: list[tuple[str, array[int]]]) -> None:
    kind = group_kinds.pop(id(group), "text")
    if not group:
        return
    chars = " ".join(text for text, _ in group)
    places: array[int] = array("q")
    for number, (_, at) in enumerate(group):
        if number:
            places.append((places[-1] + 1) if places else (at[0] if at else 0))
        places.extend(at)
    if chars.strip():
        draft.add(chars, places, kind)
    group.clear()


def _strip(text: str, start: int) -> tuple[str, array[int]]:
    """A line without its marks, each kept character with its place."""
    out: list[str] = []
    places: array[int] = array("q")

    def keep(a: int, b: int) -> None:
        out.append(text[a:b])
        places.extend(range(start + a, start + b))

    at = 0
    for found in _MARK.finditer(text):
        keep(at, found.start())
        if found["link"]:
            inner, inner_places = _strip(found["link"], start + found.start("link"))
            out.append(inner)
            places.extend(inner_places)
        elif found["plain"]:
            keep(found.start("plain"), found.end("plain"))
        at = found.end()
    keep(at, len(text))
    return "".join(out), places


def _add_row(draft: Draft, body: str, start: int) -> None:
    out: list[str] = []
    places: array[int] = array("q")
    for cell in re.finditer(r"(?:[^|\\]|\\.)+", body):
        if not cell[0].strip():
            continue
        text, at = _strip(cell[0], start + cell.start())
        if out:
            out.append(" | ")
            places.extend([places[-1]] * 3)
        lead = len(text) - len(text.lstrip())
        out.append(text.strip())
        places.extend(at[lead : lead + len(text.strip())])
    if out:
        draft.add("".join(out), places, "row")


def _read_front(front: str, draft: Draft) -> None:
    """Title, day and address from front matter; the day of the original outranks the post's own."""
    fields = {m[1].lower(): m[2].strip().strip("\"'") for m in re.finditer(r"^(\w[\w-]*):\s*(.+?)\s*$", front, re.M)}
    draft.title = fields.get("title")
    draft.address = next(
        (fields[k] for k in ("source_url", "url", "link", "canonical_url") if fields.get(k, "").startswith("http")),
        None,
    )
    for name in ("original_published", "published", "date", "pubdate", "published_at", "publication_date"):
        found = re.match(r"\d{4}-\d{2}-\d{2}", fields.get(name, ""))
        if found:
            try:
                draft.published = dt.date.fromisoformat(found[0])
            except ValueError:
                continue
            break
