"""HTML to blocks, offsets kept: what an extractor that returns clean text cannot give back."""

from __future__ import annotations

import datetime as dt
import html
import re
from array import array

from caveat.errors import InputError
from caveat.news.text import Draft

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|noscript|template|svg|iframe|textarea|select|"
    r"title)\b(?P<rawattrs>[^>]*)>(?P<rawtext>.*?)(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<close>/)?(?P<tag>[a-zA-Z][\w:-]*)(?P<attrs>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|<[!?][^>]*>|(?P<text>[^<]+)|<",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});?")
_BLOCK = frozenset(
    (
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "br",
        "hr",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "header",
        "footer",
        "nav",
        "aside",
        "form",
        "body",
        "head",
        "html",
        "address",
        "details",
        "summary",
        "button",
        "center",
        "time",
        "tbody",
        "thead",
    )
)
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "source", "area", "base", "col", "embed", "param", "track", "wbr")
)
_DROPPED = frozenset(("nav", "aside", "footer", "form", "button", "figcaption", "head", "dialog", "menu"))
_KEPT = frozenset(("body", "html", "main", "article", "p", "a", "span", "em", "strong", "b", "i"))
_KINDS = {"li": "item", "dd": "item", "dt": "item", "tr": "row", **{f"h{n}": "head" for n in range(1, 7)}}
_HINT = re.compile(
    r"\b(?:nav(?:bar|igation)?|menu|footer|side-?bar|related|recommend\w*|comments?(?:-\w+)?|"
    r"share(?:-\w+)?|social\w*|promo\w*|newsletter|cookie\w*|"
    r"breadcrumbs?|widget\w*|tags?(?:-list)?|advert\w*|ad-\w+|ads|subscribe\w*|popular|trending|"
    r"byline-share|caption|sponsored|modal|popup|paywall|masthead|more-stories|read-more|"
    r"skip-link|screen-reader-text|sr-only)\b",
    re.IGNORECASE,
)
_ATTR = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_DATED = re.compile(
    r"published_time|datepublished|publishdate|pubdate|^date$|dc\.date|article:published|"
    r"parsely-pub-date|sailthru\.date",
    re.I,
)


def is_html(text: str) -> bool:
    """Whether the text is a page: its head says so, or tags stand all over it."""
    head = text[:4000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html")) or re.search(r"<(?:html|body|head|article)[\s>]", head):
        return True
    return len(re.findall(r"</(?:p|div|li|a|span|h[1-6]|td|article)>", text[:20000], re.I)) >= 3


def read_html(text: str) -> Draft:
    """The blocks of a page's article. InputError for a page of links without running text."""
    page = _Page()
    for token in _TOKEN.finditer(text):
        tag = (token["tag"] or "").lower()
        if token["raw"]:
            page.read_raw(token)
        elif token["text"] is not None:
            page.put(token["text"], token.start("text"))
        elif tag and token["close"]:
            page.close(tag, token.start())
        elif tag:
            page.open(tag, token["attrs"] or "")
    page.flush()
    if not page.draft.runs or (page.linked > 0.6 * max(1, page.size) and page.prose < 300):
        raise InputError("is a page of links without running text", do="give the article itself")
    return page.draft


class _Page:
    """A page as it is walked: open elements, the block being filled, and how much of it is links."""

    def __init__(self) -> None:
        self.draft = Draft()
        self.size = self.linked = self.prose = 0
        self._stack: list[tuple[str, bool]] = []
        self._buffer: list[str] = []
        self._places: array[int] = array("q")
        self._kind = "text"
        self._in_link = self._dropping = self._links_here = 0

    def flush(self) -> None:
        """End the block: keep it, unless it is little but links."""
        body = "".join(self._buffer)
        size = len(body.strip())
        if size:
            self.size += size
            self.linked += self._links_here
            if self._links_here < 0.5 * size and size > 60:
                self.prose += size
            dense = self._links_here > 0.7 * size and size < 160 and self._kind != "row"
            if not (dense and (self._kind != "item" or size > 12)):
                self.draft.add(body, self._places, self._kind)
        self._buffer.clear()
        del self._places[:]
        self._links_here = 0

    def put(self, text: str, start: int) -> None:
        """Add running text to the block."""
        if not self._dropping:
            _put(self._buffer, self._places, text, start)
            if self._in_link:
                self._links_here += len(text.strip())

    def read_raw(self, token: re.Match[str]) -> None:
        """Take title and day from elements whose content is no text of the article."""
        name = token["raw"].lower()
        if name == "title" and not self.draft.title:
            self.draft.title = " ".join(html.unescape(token["rawtext"]).split()) or None
        elif name == "script" and "ld+json" in (token["rawattrs"] or "") and not self.draft.published:
            _read_day(self.draft, re.search(r"\"datePublished\"\s*:\s*\"([^\"]+)", token["rawtext"]))

    def open(self, tag: str, attributes: str) -> None:
        """Enter an element."""
        if tag in ("meta", "time", "link"):
            _read_meta(self.draft, tag, attributes)
        if tag in _BLOCK and tag not in ("td", "th"):
            self.flush()
            if not (tag == "p" and self._kind == "item"):
                self._kind = _KINDS.get(tag, "text")
        if tag in _VOID or attributes.endswith("/"):
            return
        self._in_link += tag == "a"
        dropped = tag in _DROPPED or (tag not in _KEPT and _is_aside(attributes))
        if len(self._stack) < 2000:
            self._stack.append((tag, dropped))
            self._dropping += dropped

    def close(self, tag: str, start: int) -> None:
        """Leave an element, and those left open within it."""
        if tag in ("td", "th"):
            _put(self._buffer, self._places, " | ", start, literal=False)
        elif tag in _BLOCK:
            self.flush()
            self._kind = "text"
        self._in_link -= tag == "a" and self._in_link > 0
        for depth in range(len(self._stack) - 1, max(-1, len(self._stack) - 40), -1):
            if self._stack[depth][0] == tag:
                self._dropping -= sum(1 for _, dropped in self._stack[depth:] if dropped)
                del self._stack[depth:]
                return


def _is_aside(attributes: str) -> bool:
    for name, *values in _ATTR.findall(attributes):
        value = next((v for v in values if v), "")
        if name.lower() in ("class", "id", "role", "aria-label") and _HINT.search(value.replace("_", "-")):
            return not re.search(r"\b(?:article|content|story|post|entry)-?(?:body|content|text)\b", value)
        if name.lower() in ("hidden",) or (name.lower() == "style" and re.search(r"display\s*:\s*none", value)):
            return True
    return bool(re.search(r"\shidden(?:\s|$)", attributes))


def _read_meta(draft: Draft, tag: str, attributes: str) -> None:
    given = {n.lower(): next((v for v in values if v), "") for n, *values in _ATTR.findall(attributes)}
    name = given.get("property") or given.get("name") or given.get("itemprop") or ""
    if tag == "meta" and name.lower() == "og:title":
        draft.title = html.unescape(given.get("content", "")) or draft.title
    elif tag == "meta" and name.lower() == "og:url":
        draft.address = given.get("content") or draft.address
    elif tag == "link" and given.get("rel", "").lower() == "canonical" and not draft.address:
        draft.address = given.get("href") or None
    elif not draft.published and (_DATED.search(name) or (tag == "time" and given.get("datetime"))):
        _read_day(draft, re.match(r"(.+)", given.get("content") or given.get("datetime") or ""))


def _read_day(draft: Draft, found: re.Match[str] | None) -> None:
    day = re.match(r"(\d{4}-\d{2}-\d{2})", found[1].strip()) if found else None
    if day:
        try:
            draft.published = dt.date.fromisoformat(day[1])
        except ValueError:
            return


def _put(buffer: list[str], places: array[int], text: str, start: int, *, literal: bool = True) -> None:
    """Add text with its places; an entity's character stands at the entity's begin."""
    if not literal:
        buffer.append(text)
        places.extend([start] * len(text))
        return
    at = 0
    for found in _ENTITY.finditer(text) if "&" in text else ():
        plain = html.unescape(found[0])
        if plain == found[0]:
            continue
        buffer.append(text[at : found.start()])
        places.extend(range(start + at, start + found.start()))
        buffer.append(plain)
        places.extend([start + found.start()] * len(plain))
        at = found.end()
    buffer.append(text[at:])
    places.extend(range(start + at, start + len(text)))
