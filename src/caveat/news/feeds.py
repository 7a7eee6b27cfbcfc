"""Feeds and folders of articles: RSS, Atom and files, read item by item."""

from __future__ import annotations

import datetime as dt
import email.utils
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from caveat.errors import CaveatError, InputError, ShapeError
from caveat.news.article import Article
from caveat.news.known import NameSet
from caveat.news.reading import read_article

if TYPE_CHECKING:
    from lxml import etree

_MAX_FEED = 32 * 2**20
_KINDS = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"}


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a feed. `body` is text or HTML; `address` names it in later versions of the feed."""

    title: str
    address: str | None
    published: dt.date | None
    body: str


@dataclass(frozen=True, slots=True)
class Read:
    """One item or file read: the article, or the error that says why not."""

    where: str
    article: Article | None
    error: CaveatError | None = None


def read_feed(data: bytes, where: str = "feed") -> tuple[Item, ...]:
    """The items of an RSS or Atom feed, in its order. ShapeError where it is neither, or broken."""
    if len(data) > _MAX_FEED:
        raise ShapeError("is larger than any feed (32 MiB)", where=where, do="give one feed")
    root = _parse(data, where)
    name = _local(root)
    if name == "rss":
        channel = _child(root, "channel")
        return tuple(_rss(e) for e in _children(channel, "item"))
    if name == "RDF":
        return tuple(_rss(e) for e in _children(root, "item"))
    if name == "feed":
        return tuple(_atom(e) for e in _children(root, "entry"))
    raise ShapeError(f"is neither RSS nor Atom (<{name}>)", where=where, do="give the address of a feed")


def _parse(data: bytes, where: str) -> etree._Element:
    """The root element; ShapeError for broken XML or any entity declaration."""
    from lxml import etree

    if b"<!ENTITY" in data:
        raise ShapeError("declares XML entities", where=where, do="no feed does: refuse it")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ShapeError(f"broken XML ({error})", where=where, do="give the address of a feed") from None


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((c for c in element if _local(c) == name), None)


def _children(element: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if element is None else [c for c in element if _local(c) == name]


def _text_of(element: etree._Element, name: str) -> str:
    found = _child(element, name)
    return "" if found is None or found.text is None else " ".join(found.text.split())


def _rss(element: etree._Element) -> Item:
    body = _text_of(element, "encoded") or _text_of(element, "description")
    address = _text_of(element, "link") or _text_of(element, "guid")
    stamp = _text_of(element, "pubDate") or _text_of(element, "date")
    return Item(_text_of(element, "title"), address or None, _day(stamp), body)


def _atom(element: etree._Element) -> Item:
    link = next(
        (e.get("href") for e in _children(element, "link") if e.get("rel", "alternate") == "alternate"),
        None,
    )
    content = _child(element, "content") if _child(element, "content") is not None else _child(element, "summary")
    body = "" if content is None else " ".join("".join(str(t) for t in content.itertext()).split())
    stamp = _text_of(element, "published") or _text_of(element, "updated")
    return Item(_text_of(element, "title"), link or _text_of(element, "id") or None, _day(stamp), body)


def _day(stamp: str) -> dt.date | None:
    iso = re.match(r"\d{4}-\d{2}-\d{2}", stamp)
    try:
        return (
            dt.date.fromisoformat(iso[0]) if iso else email.utils.parsedate_to_datetime(stamp).date() if stamp else None
        )
    except (ValueError, TypeError):
        return None


def read_items(items: tuple[Item, ...], *, names: NameSet | None = None) -> Iterator[Read]:
    """Each item read as an article: its title, then its body; what cannot be read keeps its error."""
    for item in items:
        where = item.address or item.title
        marked = bool(re.search(r"<\w+[\s/>]", item.body))
        body = f"<h1>{html.escape(item.title)}</h1>{item.body}" if marked else f"{item.title}\n\n{item.body}"
        try:
            article = read_article(body, names=names, published=item.published, format="html" if marked else None)
        except CaveatError as error:
            yield Read(where, None, error)
            continue
        yield Read(where, _addressed(article, item.address))


def _addressed(article: Article, address: str | None) -> Article:
    from dataclasses import replace

    return replace(article, source_address=article.source_address or address)


def read_folder(folder: Path, *, names: NameSet | None = None) -> Iterator[Read]:
    """Each text, Markdown, HTML or PDF file of a folder, by name. InputError where the folder holds none."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in _KINDS)
    if not files:
        raise InputError("holds no article (.txt, .md, .html, .pdf)", where=str(folder), do="give a folder of articles")
    for path in files:
        try:
            yield Read(path.name, read_article(path.read_bytes(), names=names))
        except CaveatError as error:
            yield Read(path.name, None, error)
        except OSError as error:
            refused = InputError(f"cannot be read ({error.strerror})", where=str(path), do="check its rights")
            yield Read(path.name, None, refused)
