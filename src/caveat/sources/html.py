"""A publisher's web page as tables of text: no network, no scripts, told by structure and not by classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from caveat.errors import ShapeError
from caveat.sources.document import Document
from caveat.sources.text import decode

_MAX_BYTES = 32 * 2**20
_MAX_SPAN = 100
_MAX_COLUMNS = 200
_BLOCKS = {"p", "br", "div", "li", "tr", "td", "th"}
_HIDDEN = {"script", "style", "noscript", "template", "svg"}


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table: its rows of cell texts (line breaks kept), and the text that stands before it since the last table."""

    before: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def heading(self) -> tuple[str, ...]:
        """The first row, single blanks, lower case."""
        return tuple(one_line(cell).casefold() for cell in self.rows[0]) if self.rows else ()


def one_line(text: str) -> str:
    """The text with single blanks.

    >>> one_line(" a\\n  b ")
    'a b'
    """
    return " ".join(text.split())


def looks_like_html(document: Document) -> bool:
    """Whether the file begins as a page or a table does."""
    head = document.head.lstrip(b"\xef\xbb\xbf \r\n\t")[:400].lower()
    return head.startswith(b"<") and not head.startswith(b"<?xml") and any(
        mark in document.head.lower() for mark in (b"<html", b"<table", b"<body", b"<!doctype html")
    )  # fmt: skip


def read_tables(document: Document) -> tuple[HtmlTable, ...]:
    """Every table of the page in order; ShapeError for a page that cannot be read or is cut."""
    where = document.name
    if len(document.data) > _MAX_BYTES:
        raise ShapeError("is a page of more than 32 MiB", where=where, do="this is no official list")
    text, _ = decode(document.data, where)
    if text.casefold().count("<table") > text.casefold().count("</table"):
        raise ShapeError("stops inside a table", where=where, do="the page is cut: fetch it again")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise ShapeError(f"cannot be read as a page ({str(error)[:80]})", where=where, do="fetch it again") from None
    tables: list[HtmlTable] = []
    before: list[str] = []
    _walk(root, tables, before, where)
    return tuple(tables)


def _walk(root: etree._Element, tables: list[HtmlTable], before: list[str], where: str) -> None:
    """Document order without recursion: a page may nest as deep as it likes."""
    inside: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if not inside and tag == "table":
                tables.append(HtmlTable(one_line(" ".join(before)), tuple(_rows(element, where))))
                before.clear()
            if tag == "table" or tag in _HIDDEN:
                inside.append(element)
            elif not inside and element.text:
                before.append(element.text)
        else:
            if inside and inside[-1] is element:
                inside.pop()
            if not inside and element.tail:
                before.append(element.tail)


def _rows(table: etree._Element, where: str) -> Iterator[tuple[str, ...]]:
    """The rows, cells that span several rows or columns repeated in each."""
    held: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        given = iter([c for c in row if c.tag in ("td", "th")])
        while True:
            if len(cells) > _MAX_COLUMNS:
                raise ShapeError(f"has a row of more than {_MAX_COLUMNS} columns", where=where, do="fetch it again")
            rest, text = held.get(len(cells), (0, ""))
            if rest > 0:
                held[len(cells)] = (rest - 1, text)
                cells.append(text)
                continue
            cell = next(given, None)
            if cell is None:
                break
            text, down = _text(cell), _span(cell, "rowspan") - 1
            for _ in range(_span(cell, "colspan")):
                held[len(cells)] = (down, text)
                cells.append(text)
        if any(cells):
            yield tuple(cells)


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _text(cell: etree._Element) -> str:
    """Text of a cell: blocks and breaks become line breaks."""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            hidden += tag in _HIDDEN
            if tag in _BLOCKS:
                parts.append("\n")
            if element.text and not hidden:
                parts.append(element.text.replace("\n", " "))
        else:
            hidden -= tag in _HIDDEN
            if tag in _BLOCKS:
                parts.append("\n")
            if element is not cell and element.tail and not hidden:
                parts.append(element.tail.replace("\n", " "))
    lines = (one_line(line) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
