"""Which form the bytes have, and the draft each form gives: plain text, Markdown, HTML, PDF."""

from __future__ import annotations

import re
from typing import Literal

from caveat.errors import InputError, MissingPartError
from caveat.news.markdown import is_markdown, read_markdown
from caveat.news.markup import is_html, read_html
from caveat.news.text import MAX_PAGE, Draft, check_text, decode_article, read_plain

Format = Literal["plain", "markdown", "html", "pdf"]
_MAX_PDF = 32 * 2**20
_MAX_PAGES = 200


def draft_of(given: str | bytes, form: Format | None) -> tuple[str, Draft]:
    """The text the offsets count in, and its blocks. InputError for what is no article."""
    if isinstance(given, bytes):
        if form == "pdf" or (form is None and given[:1024].lstrip()[:5] == b"%PDF-"):
            text = read_pdf(given)
            return text, read_plain(check_text(text))
        text = decode_article(given)
    else:
        text = check_text(given, most=MAX_PAGE)
    if form is None:
        form = "html" if is_html(text) else "markdown" if is_markdown(text) else "plain"
    if form != "html":
        check_text(text)
    if form == "html":
        return text, read_html(text)
    if form == "markdown":
        return text, read_markdown(text)
    return text, read_plain(text)


def read_pdf(data: bytes) -> str:
    """The text of a PDF, page by page; InputError where it is broken, closed or only pictures."""
    try:
        import pypdf
    except ImportError:
        raise MissingPartError("reading PDF needs pypdf", do='pip install "caveat[news]"') from None
    import io
    import logging

    if len(data) > _MAX_PDF:
        raise InputError("is a PDF of more than 32 MiB", do="give one article at a time")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("is a locked PDF", do="give it without a password")
        if len(reader.pages) > _MAX_PAGES:
            raise InputError(f"is a PDF of {len(reader.pages)} pages, a book", do="give one article at a time")
        pages = [page.extract_text() or "" for page in reader.pages]
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"is a broken PDF ({type(error).__name__})", do="fetch it again") from None
    text = re.sub(r"[ \t]+\n", "\n", "\n\n".join(pages))
    if not text.strip():
        raise InputError("is a PDF of pictures without text", do="give one with text")
    return text
