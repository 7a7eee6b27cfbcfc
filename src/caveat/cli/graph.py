"""Commands on the graph: load-edges, own, exposure, trace, blast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from caveat.cli import paper
from caveat.cli.acts import write_text
from caveat.cli.context import Context, of
from caveat.errors import InputError
from caveat.model.answer import SCHEMA_VERSION, Answer

Picture = Annotated[Path | None, typer.Option(help="Draw it into this .svg or .png file.")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command("load-edges")(load_edges)
    for command in (own, exposure, trace, blast):
        app.command()(command)


def load_edges(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="CSV, BODS, FollowTheMoney, GLEIF level 2 or PSC files.")],
    dataset: Annotated[str | None, typer.Option(help="The running file these are of; default the file's name.")] = None,
    published: Annotated[str | None, typer.Option(help="When it was published, where the file does not say.")] = None,
) -> int:
    """Read files of edges (who owns, supplies, makes) and keep them."""
    context = of(ctx)
    answers = [context.app.load_edges(f, dataset=dataset, published=published).to_dict() for f in files]
    if context.is_text:
        for a in answers:
            kinds = ", ".join(f"{n} {k}" for k, n in a["edges_by_type"].items())
            paper.say(
                f"{a['file']}: {a['edges']} edges ({kinds}), {a['parties']} parties, {a['layout']}"
                f"{'' if a['new'] else '; already kept'}"
            )
            paper.say(*(f"  {c['place']}: {c['what']}; {c['done']}" for c in a["complaints"]))
            paper.say(*(f"  column {name} was not read ({n} rows)" for name, n in a["unread"].items()))
    else:
        context.put(answers[0] if len(answers) == 1 else {"schema_version": SCHEMA_VERSION, "files": answers}, answers)
    return 0


def own(
    ctx: typer.Context,
    party: Annotated[list[str], typer.Argument(help="Name, id or scheme:number.")],
    picture: Picture = None,
) -> int:
    """Ownership up and down, aggregate shares with ranges, the paths told in words."""
    context = of(ctx)
    name = " ".join(party)
    return _tell(context, context.app.own(name, as_of=context.clocks), "own", name, picture)


def exposure(
    ctx: typer.Context,
    party: Annotated[list[str], typer.Argument(help="Name, id or scheme:number.")],
    country: Annotated[
        list[str] | None, typer.Option(help="Suppliers of this country; default US; repeatable.")
    ] = None,
    supplier: Annotated[list[str] | None, typer.Option(help="Of this supplier; repeatable.")] = None,
    rate: Annotated[list[str] | None, typer.Option(help="CUR=VALUE in one common currency; repeatable.")] = None,
    picture: Picture = None,
) -> int:
    """Reliance of a party on suppliers, with error bars, and the sales at risk."""
    context, name = of(ctx), " ".join(party)
    try:
        rates = {c.upper(): float(v) for c, v in (r.split("=", 1) for r in rate or ())} or None
    except ValueError:
        raise InputError("is no rate", where="--rate", do="give CUR=VALUE, as in CNY=0.14") from None
    answer = context.app.exposure(
        name, countries=country or (), suppliers=supplier or (), rates=rates, as_of=context.clocks
    )
    code = _tell(context, answer, "exposure", name, picture)
    if context.is_text:
        paper.say(*(r["words"] for r in answer["sales_at_risk"]))
    return code


def trace(
    ctx: typer.Context,
    product: Annotated[list[str], typer.Argument(help="The product.")],
    customs_file: Annotated[Path | None, typer.Option(help="Write the index of evidence for Customs.")] = None,
    picture: Picture = None,
) -> int:
    """A product's inputs back to origin, and what is not evidenced."""
    context, name = of(ctx), " ".join(product)
    answer = context.app.trace(name, as_of=context.clocks)
    if customs_file is not None:
        write_text(customs_file, answer["customs_file"])
    return _tell(context, answer, "trace", name, picture)


def blast(
    ctx: typer.Context,
    party: Annotated[str, typer.Argument(help="The party that might be listed.")],
    portfolio: Annotated[Path, typer.Argument(help="A file of counterparties, as for screen.")],
) -> int:
    """What a listing of PARTY would mean for a portfolio."""
    context = of(ctx)
    names = [q.name for q in context.app.queries(portfolio) if hasattr(q, "name")]
    return _tell(context, context.app.blast(party, names, as_of=context.clocks), "exposure", party, None)


def _tell(context: Context, answer: Answer, kind: str, party: str, picture: Path | None) -> int:
    if picture is not None:
        context.app.picture(kind, party, picture, as_of=context.clocks)
    if context.is_text:
        paper.say(*answer["words"])
    else:
        context.put(answer.to_dict())
    return 0
