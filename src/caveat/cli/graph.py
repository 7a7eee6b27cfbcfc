"""Commands on the graph: load-edges, write-edges, own, exposure, trace, blast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from caveat.cli import paper
from caveat.cli.acts import write_text
from caveat.cli.context import Context, Form, of
from caveat.errors import CaveatError, InputError
from caveat.model.answer import SCHEMA_VERSION, Answer


class Theme(StrEnum):
    """The colors of a picture."""

    light = "light"
    dark = "dark"
    auto = "auto"


Picture = Annotated[Path | None, typer.Option(help="Draw it into this .svg or .png file.")]
Colors = Annotated[Theme, typer.Option(help="Colors of the picture; auto follows the reader's (SVG).")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command("load-edges")(load_edges)
    app.command("write-edges")(write_edges)
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
    answers: list[dict[str, Any]] = []
    refused: list[CaveatError] = []
    for file in files:
        try:
            answers.append(context.app.load_edges(file, dataset=dataset, published=published).to_dict())
        except CaveatError as error:  # the other files are read all the same
            if len(files) == 1:
                raise
            refused.append(error)
    if context.is_text:
        for a in answers:
            kinds = ", ".join(f"{n} {k}" for k, n in a["edges_by_type"].items()) or "none"
            paper.say(
                f"{a['file']}: {a['edges']} edges ({kinds}), {a['parties']} parties, {a['layout']}"
                f"{'' if a['new'] else '; already kept'}"
            )
            if a["replaces"]:
                names = ", ".join(a["replaces"])
                paper.say(f"  takes the place of {names} kept before as {a['dataset']}; --dataset NAME keeps both")
            paper.say(*(f"  {a['file']}, {c['place']}: {c['what']}; {c['done']}" for c in a["complaints"]))
            paper.say(*(f"  column {name} was not read ({n} rows)" for name, n in a["unread"].items()))
    elif answers:
        context.put(answers[0] if len(files) == 1 else {"schema_version": SCHEMA_VERSION, "files": answers}, answers)
    paper.note(*(str(error) for error in refused))
    return 3 if refused else 0


def write_edges(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    layout: Annotated[str | None, typer.Option(help="bods, ftm, gleif, psc or csv; default by the ending.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Only of this running file.")] = None,
) -> int:
    """Write the kept edges as BODS 0.4 (.json), FollowTheMoney (.jsonl), CSV, GLEIF or PSC."""
    context = of(ctx)
    answer = context.app.write_edges(file, layout, dataset=dataset)
    if context.is_text:
        more = f"; {answer['left_out']} of other types have no place in this layout" if answer["left_out"] else ""
        paper.say(f"{answer['file']}: {answer['edges']} edges, {answer['layout']}{more}")
    else:
        context.put(answer.to_dict())
    return 0


def own(
    ctx: typer.Context,
    party: Annotated[list[str], typer.Argument(help="Name, id or scheme:number.")],
    if_listed: Annotated[list[str] | None, typer.Option(help="As if this party were listed; repeatable.")] = None,
    picture: Picture = None,
    theme: Colors = Theme.light,
) -> int:
    """Ownership up and down, aggregate shares with ranges, the paths told in words."""
    context, name = of(ctx), " ".join(party)
    answer = context.app.own(name, if_listed=if_listed or (), as_of=context.clocks)
    flat = ("way", "low", "high", "exact", "threshold", "reached", "listed", "cite", "words")
    rows = [{"party": answer["party"]["name"], **{k: s[k] for k in flat}} for s in answer["shares"].values()]
    return _tell(context, answer, rows, ("own", name, picture, theme))


def exposure(
    ctx: typer.Context,
    party: Annotated[list[str], typer.Argument(help="Name, id or scheme:number.")],
    country: Annotated[
        list[str] | None, typer.Option(help="Suppliers of this country; default US; repeatable.")
    ] = None,
    supplier: Annotated[list[str] | None, typer.Option(help="Of this supplier; repeatable.")] = None,
    rate: Annotated[list[str] | None, typer.Option(help="CUR=VALUE in one common currency; repeatable.")] = None,
    portfolio: Annotated[
        Path | None, typer.Option(help="Counterparties, as for screen: whom a listing of PARTY would touch.")
    ] = None,
    also: Annotated[list[str] | None, typer.Option(help="A further party, told and drawn beside; repeatable.")] = None,
    picture: Picture = None,
    theme: Colors = Theme.light,
) -> int:
    """Reliance of a party on suppliers, with error bars, and the sales at risk."""
    context, name = of(ctx), " ".join(party)
    rates, names = _rates(rate or ()), _names(context, portfolio) if portfolio else ()
    answers = [
        context.app.exposure(
            each, countries=country or (), suppliers=supplier or (), rates=rates, portfolio=names,
            as_of=context.clocks,
        )
        for each in (name, *(also or ()))
    ]  # fmt: skip
    rows = [
        {"customer": a["party"]["name"], **s, "party": s["party"]["name"], "country": s["party"]["country"]}
        for a in answers
        for s in a["suppliers"]
    ]
    told = answers[0]
    if also:
        words = [line for a in answers for line in ("", *a["words"])][1:]
        told = Answer({**_plain(told), "words": words, "also": [_plain(a) for a in answers[1:]]})
    return _tell(context, told, rows, ("exposure", "; ".join((name, *(also or ()))), picture, theme))


def _plain(answer: Answer) -> dict[str, Any]:
    return {k: v for k, v in answer.to_dict().items() if k != "schema_version"}


def trace(
    ctx: typer.Context,
    product: Annotated[list[str] | None, typer.Argument(help="The product; none for every finished one.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every finished product of the kept edges.")] = False,
    products: Annotated[Path | None, typer.Option(help="A file with a column name: several products.")] = None,
    customs_file: Annotated[Path | None, typer.Option(help="Write the index of evidence for Customs.")] = None,
    picture: Picture = None,
    theme: Colors = Theme.light,
) -> int:
    """A product's inputs back to origin, and what is not evidenced; or a whole bill of materials."""
    context = of(ctx)
    if product and not every and products is None:
        name = " ".join(product)
        answer = context.app.trace(name, as_of=context.clocks)
        if customs_file is not None:
            write_text(customs_file, answer["customs_file"])
        rows = [{**b, "producers": "; ".join(p["name"] or p["id"] for p in b["producers"])} for b in answer["bill"]]
        return _tell(context, answer, rows, ("trace", name, picture, theme))
    if customs_file is not None or picture is not None:
        raise InputError("a file for Customs and a picture are of one product", do="name the product")
    named = [*(product or ()), *(_names(context, products) if products else ())]
    answer = context.app.trace_all([] if every else named, as_of=context.clocks)
    rows = [{**r, "product": r["product"]["name"]} for r in answer["products"]]
    return _tell(context, answer, rows, None, lines=answer["products"])


def blast(
    ctx: typer.Context,
    party: Annotated[str, typer.Argument(help="The party that might be listed.")],
    portfolio: Annotated[Path, typer.Argument(help="A file of counterparties, as for screen.")],
) -> int:
    """What a listing of PARTY would mean for a portfolio."""
    context = of(ctx)
    answer = context.app.blast(party, _names(context, portfolio), as_of=context.clocks)
    rows = [{"party": r["name"], "nearness": r["nearness"], **tie} for r in answer["portfolio"] for tie in r["ties"]]
    return _tell(context, answer, rows, None)


def _names(context: Context, file: Path) -> list[str]:
    """The names (or ids) of a file of counterparties; a row that cannot be read is an error with its line."""
    names = []
    for query in context.app.queries(file):
        if not hasattr(query, "name"):
            raise InputError(query.why, where=f"{file}, line {query.line}", do="mend the row")
        names.append(query.name)
    return names


def _rates(given: Sequence[str]) -> dict[str, float] | None:
    rates = {}
    for text in given:
        currency, mark, value = text.partition("=")
        try:
            rates[currency.strip().upper()] = float(value)
        except ValueError:
            mark = ""
        if not mark or not currency.strip() or not 0 < rates.get(currency.strip().upper(), 0.0) < float("inf"):
            raise InputError(f"{text!r} is no rate", where="--rate", do="give CUR=VALUE, as in CNY=0.14")
    return rates or None


def _tell(
    context: Context, answer: Answer, rows: Sequence[Mapping[str, Any]],
    drawn: tuple[str, str, Path | None, Theme] | None, lines: Sequence[Mapping[str, Any]] = (),
) -> int:  # fmt: skip
    if drawn is not None and drawn[2] is not None:
        context.app.picture(drawn[0], drawn[1], drawn[2], theme=drawn[3].value, as_of=context.clocks)
    if context.is_text:
        paper.say(*_spaced(answer["words"]))
    else:
        context.put(answer.to_dict(), rows if context.form is Form.csv else lines)
    return 0


def _spaced(words: Sequence[str]) -> Iterator[str]:
    """The lines, with a blank one before each heading."""
    for n, line in enumerate(words):
        if n and line.endswith(":") and not line.startswith(" "):
            yield ""
        yield line
