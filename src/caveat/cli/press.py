"""The command on the press: read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from caveat.cli import paper
from caveat.cli.context import Context, Form, of
from caveat.errors import CaveatError, InputError
from caveat.model.answer import SCHEMA_VERSION

_STYLES = {"confirmed": "green", "imprecise": "yellow", "contradicted": "bold red", "not_yet": "yellow"}


def register(app: typer.Typer) -> None:
    """Hang the command on the program."""
    app.command()(read)


def read(
    ctx: typer.Context,
    articles: Annotated[
        list[Path] | None, typer.Argument(metavar="[ARTICLE]...", help="Text, Markdown, HTML or PDF, or -.")
    ] = None,
    reconcile: Annotated[bool, typer.Option(help="Hold each claim against the record.")] = False,
    published: Annotated[str | None, typer.Option(help="The article's day, where it has none.")] = None,
    feed: Annotated[str | None, typer.Option(help="An RSS or Atom feed (file or address), or a folder.")] = None,
) -> int:
    """What an article claims, word for word with places; with --reconcile how the record differs."""
    context = of(ctx)
    if feed is not None:
        return _read_feed(context, feed)
    if not articles:
        raise InputError("no article given", do="name files, or give --feed")
    day = context.app.as_of(published).in_force if published else None
    found: list[dict[str, Any]] = []
    refused = 0
    for path in articles:
        try:
            answer = context.app.read(_bytes(path), reconciled=reconcile, published=day).to_dict()
        except CaveatError as error:
            paper.note(f"{path}: {error}")
            refused += 1
            if len(articles) == 1:
                raise
            continue
        found.append({"file": str(path), **answer} if len(articles) > 1 else answer)
    if context.is_text:
        for answer in found:
            _tell(answer)
    elif context.form is Form.json:
        one = found[0] if len(articles) == 1 else {"schema_version": SCHEMA_VERSION, "articles": found}
        context.put(one)
    else:
        context.put({}, found)
    return 3 if refused else 0


def _read_feed(context: Context, feed: str) -> int:
    answer = context.app.read_feed(feed)
    if context.is_text:
        for number, story in enumerate(answer["stories"], start=1):
            paper.say(f"story {number}: {len(story['articles'])} articles, {len(story['earlier'])} corrected since")
            for article in story["articles"]:
                _tell(article)
    else:
        context.put(answer.to_dict(), answer["stories"])
    paper.note(*(f"{r['where']}: {r['why']}" for r in answer["refused"]))
    return 3 if answer["refused"] else 0


def _bytes(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), do="check the path") from None


def _tell(answer: dict[str, Any]) -> None:
    out = paper.console()
    out.print(Text.assemble((answer["title"] or "(no title)", "bold"), f"  {answer['published'] or 'undated'}"))
    for event in answer["events"]:
        names = "; ".join(event["entities"])
        count = f", {event['count_claimed']} claimed" if event["count_claimed"] else ""
        out.print(
            Text.assemble("  ", (f"{event['action']} {event['list']}", "cyan"), f" {event['date'] or 'undated'}{count}")
        )
        out.print(Text(f"      by {event['authority'] or '?'}: {names}"))
    for said in answer["statements"]:
        out.print(Text(f"  {said['speaker']} ({said['affiliation'] or '?'}) {said['stance']}", style="dim"))
    for tie in answer["relations"]:
        out.print(Text(f"  {tie['from']} → {tie['to']}: {tie['type']}", style="dim"))
    for claim in answer.get("claims", ()):
        verdict = (claim["record"], _STYLES.get(claim["record"], "dim"))
        out.print(Text.assemble("  ", verdict, f"  {claim['kind']}: {claim['claim'][:100]}"))
        if claim["difference"]:
            out.print(Text(f"      {claim['difference']}" + (f" ({claim['citation']})" if claim["citation"] else "")))
