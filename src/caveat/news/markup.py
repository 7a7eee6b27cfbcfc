"""HTML to blocks, offsets kept: what an extractor that returns clean text cannot give back."""

from __future__ import annotations

import datetime as dt
import html
import re
from array import array

from caveat.errors import InputError
from caveat.news.text import Draft

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|noscript|template|svg|iframe|textarea|select|title)\b(?P<rawattrs>[^>]*)>(?P<rawtext>.*?)(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<close>/)?(?P<tag>[a-zA-Z][\w:-]*)(?P<attrs>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|<[!?][^>]*>|(?P<text>[^<]+)|<",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});?")
_BLOCK = frozenset(
    """p div section article main h1 h2 h3 h4 h5 h6 ul ol li table tr td th br hr blockquote pre dl dt dd figure figcaption
    header footer nav aside form body head html address details summary button center time tbody thead""".split()
)
_VOID = frozenset("br hr img input meta link source area base col embed param track wbr".split())
_DROPPED = frozenset("nav aside footer form button figcaption head dialog menu".split())
_HINT = re.compile(
    r"\b(?:nav(?:bar|igation)?|menu|footer|side-?bar|related|recommend\w*|comments?(?:-\w+)?|share(?:-\w+)?|social\w*|promo\w*|newsletter|cookie\w*|"
    r"breadcrumbs?|widget\w*|tags?(?:-list)?|advert\w*|ad-\w+|ads|subscribe\w*|popular|trending|byline-share|caption|sponsored|modal|popup|paywall|masthead|more-stories|read-more|skip-link|screen-reader-text|sr-only)\b",
    re.IGNORECASE,
)
_ATTR = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_DATED = re.compile(
    r"published_time|datepublished|publishdate|pubdate|^date$|dc\.date|article:published|parsely-pub-date|sailthru\.date",
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
    draft = Draft()
    stack: list[tuple[str, bool]] = []
    buffer: list[str] = []
    places: array[int] = array("q")
    linked = [0, 0]
    state = {"kind": "text", "link": 0, "drop": 0, "links_here": 0}
    found_blocks: list[tuple[int, int]] = []

    def flush() -> None:
        body = "".join(buffer)
        words = len(body.strip())
        if words:
            dense = state["links_here"] > 0.7 * words
            linked[0] += words
            linked[1] += state["links_here"]
            found_blocks.append((words, state["links_here"]))
            if not (dense and (state["kind"] != "item" or words > 12) and words < 160 and state["kind"] != "row"):
                draft.add(body, places, str(state["kind"]))
        buffer.clear()
        del places[:]
        state["links_here"] = 0

    for token in _TOKEN.finditer(text):
        if token["raw"]:
            if token["raw"].lower() == "title" and not draft.title:
                draft.title = " ".join(html.unescape(token["rawtext"]).split()) or None
            elif token["raw"].lower() == "script" and "ld+json" in (token["rawattrs"] or "") and not draft.published:
                _read_day(draft, re.search(r"\"datePublished\"\s*:\s*\"([^\"]+)", token["rawtext"]))
            continue
        if token["text"] is not None:
            if not state["drop"]:
                _put(buffer, places, token["text"], token.start("text"))
                if state["link"]:
                    state["links_here"] += len(token["text"].strip())
            continue
        tag = (token["tag"] or "").lower()
        if not tag:
            continue
        if token["close"]:
            if tag in _BLOCK:
                if tag in ("td", "th"):
                    _put(buffer, places, " | ", token.start(), literal=False)
                else:
                    flush()
                    state["kind"] = "text"
            if tag == "a":
                state["link"] = max(0, state["link"] - 1)
            for depth in range(len(stack) - 1, max(-1, len(stack) - 40), -1):
                if stack[depth][0] == tag:
                    state["drop"] -= sum(1 for _, dropped in stack[depth:] if dropped)
                    del stack[depth:]
                    break
            continue
        attributes = token["attrs"] or ""
        if tag in ("meta", "time", "link"):
            _read_meta(draft, tag, attributes)
        if tag in _BLOCK and tag not in ("td", "th"):
            flush()
            state["kind"] = (
                "head"
                if re.fullmatch(r"h[1-6]", tag)
                else "item"
                if tag in ("li", "dd", "dt")
                else "row"
                if tag == "tr"
                else state["kind"]
                if tag == "p" and state["kind"] == "item"
                else "text"
            )
        if tag in _VOID or attributes.endswith("/"):
            continue
        if tag == "a":
            state["link"] += 1
        dropped = tag in _DROPPED or (
            tag not in ("body", "html", "main", "article", "p", "a", "span", "em", "strong", "b", "i")
            and _is_aside(attributes)
        )
        if len(stack) < 2000:
            stack.append((tag, dropped))
            state["drop"] += dropped
    flush()
    prose = sum(w for w, l in found_blocks if l < 0.5 * w and w > 60)
    if not draft.runs or (linked[1] > 0.6 * max(1, linked[0]) and prose < 300):
        raise InputError("is a page of links without running text", do="give the article itself")
    return draft


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
