"""Commands on the ledger: refresh, lists, show, history, changes, disagreements, verify, backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from caveat.cli import paper
from caveat.cli.context import of
from caveat.model.answer import SCHEMA_VERSION


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    for command in (refresh, lists, show, history, changes, disagreements, verify, backup):
        app.command()(command)


def refresh(
    ctx: typer.Context,
    lists: Annotated[list[str] | None, typer.Argument(metavar="[LIST]...", help="List ids; default all.")] = None,
    from_: Annotated[Path | None, typer.Option("--from", help="A publisher's file, or a folder of them.")] = None,
    published: Annotated[str | None, typer.Option(help="The date of a file that has none (a day or a moment).")] = None,
    accept: Annotated[bool, typer.Option(help="Take a list although it shrank beyond its bound.")] = False,
    extract: Annotated[bool, typer.Option(help="The file is a part of the list: it removes nothing.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="Read any table or JSON as a list by this mapping.")] = None,
) -> int:
    """Fetch lists from their publishers, or read a publisher's file; append what differs."""
    context = of(ctx)
    reports = context.app.refresh(
        lists or (), path=from_, published=published, accept=accept, extract=extract, mapping=mapping
    )
    taken = paper.watch(reports, context.is_text)
    refused = [r for r in taken if r.status == "refused"]
    rows = [r.to_dict() for r in taken]
    if context.is_text:
        paper.refreshed(taken)
    else:
        context.put({"schema_version": SCHEMA_VERSION, "lists": rows}, rows)
    if any(r.status == "loaded" for r in taken):
        paper.busy("drawing the search index …", context.app.prepare)
    return 3 if refused else 0


def lists(ctx: typer.Context) -> int:
    """Every list known: entries in force, date, age; and which lists are not loaded."""
    context = of(ctx)
    answer = context.app.lists(context.clocks)
    if context.is_text:
        paper.lists(answer.data)
    else:
        context.put(answer.to_dict(), answer["lists"])
    return 0


def show(
    ctx: typer.Context, entry: Annotated[str, typer.Argument(help="An entry id, or a listed name in full.")]
) -> int:
    """One entry: names, dates, requirement, policy, citations, and what each list calls the party."""
    context = of(ctx)
    answer = context.app.show(entry, context.clocks)
    if context.is_text:
        paper.entry(answer.data)
    else:
        context.put(answer.to_dict(), [answer.to_dict()])
    return 0


def history(ctx: typer.Context, entry: Annotated[str, typer.Argument(help="An entry id, or a listed name.")]) -> int:
    """An entry's life: added, amended with each difference, removed."""
    context = of(ctx)
    answer = context.app.history(entry, context.known)
    if context.is_text:
        paper.history(answer.data)
    else:
        context.put(answer.to_dict(), answer["changes"])
    return 0


def changes(
    ctx: typer.Context,
    start: Annotated[str, typer.Argument(metavar="FROM", help="A day (its end) or a moment.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="A day (its end) or a moment, included.")],
    list_: Annotated[str | None, typer.Option("--list", help="Only this list.")] = None,
) -> int:
    """What was added, amended and removed on the lists between two moments."""
    context = of(ctx)
    answer = context.app.changes(start, end, list_)
    if context.is_text:
        paper.changes(answer.data)
    else:
        context.put(answer.to_dict(), answer["changes"])
    return 1 if answer["changes"] else 0


def disagreements(ctx: typer.Context, list_: Annotated[str, typer.Argument(metavar="LIST")]) -> int:
    """Where a list's own publisher and the consolidated list state one entry differently."""
    context = of(ctx)
    answer = context.app.disagreements(list_, context.clocks)
    if context.is_text:
        paper.disagreements(answer.data)
    else:
        context.put(answer.to_dict(), answer["disagreements"])
    return 1 if answer["disagreements"] else 0


def verify(ctx: typer.Context) -> int:
    """Hold every kept file against its hash and print the ledger's digest."""
    context = of(ctx)
    answer = context.app.verify()
    if context.is_text:
        paper.say(f"{answer['status']}: digest {answer['digest']}", *answer["broken"])
    else:
        context.put(answer.to_dict())
    return 3 if answer["broken"] else 0


def backup(ctx: typer.Context, target: Annotated[Path, typer.Argument(help="The new file.")]) -> int:
    """Copy the database into a new file, while others go on using it."""
    context = of(ctx)
    answer = context.app.back_up(target)
    if context.is_text:
        paper.say(f"backed up to {answer['backup']}")
    else:
        context.put(answer.to_dict())
    return 0
