"""Commands that ask who a party is: screen, compare, confirm, reject."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from caveat.app import Query, SparkWishes
from caveat.cli import paper
from caveat.cli.context import Context, Form, as_csv, of
from caveat.errors import InputError
from caveat.model.answer import SCHEMA_VERSION

_FILES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet", ".jsonl", ".ndjson")


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    for command in (screen, compare, confirm, reject):
        app.command()(command)


def screen(
    ctx: typer.Context,
    asked: Annotated[list[str], typer.Argument(metavar="NAME | FILE...", help="One name, or files of counterparties.")],
    lists: Annotated[str | None, typer.Option(help="List ids, separated by commas; default all.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many hits a query.")] = 10,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="Least score of a hit.")] = None,
    kind: Annotated[str | None, typer.Option(help="person, organization, vessel, aircraft or address.")] = None,
    country: Annotated[str | None, typer.Option(help="Two-letter country of the party.")] = None,
    address: Annotated[str | None, typer.Option(help="Address of the party.")] = None,
    birth_date: Annotated[str | None, typer.Option(help="Birth date of a person, as precise as known.")] = None,
    identifier: Annotated[list[str] | None, typer.Option(help="A number that names the party; repeatable.")] = None,
    near: Annotated[bool, typer.Option(help="Also what came near and was dropped, and why.")] = False,
    out: Annotated[str | None, typer.Option(help="Write to a file (.jsonl, .csv, .parquet); resumable.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="Write a dated receipt (.json or .pdf) of the answer.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes for --out; default one a core.")] = None,
    engine: Annotated[str, typer.Option(help="Who does the work of --out: local or spark.")] = "local",
    master: Annotated[str | None, typer.Option(help="Spark's master: spark://HOST:7077, yarn, k8s://…")] = None,
    setting: Annotated[list[str] | None, typer.Option(help="NAME=VALUE for Spark; repeatable.")] = None,
    stage: Annotated[str | None, typer.Option(help="Folder or URI that every Spark worker sees.")] = None,
    in_place: Annotated[bool, typer.Option(help="Spark's workers see the index; send them no copy.")] = False,
) -> int:
    """Screen one name, or files of counterparties, against the entries in force."""
    context = of(ctx)
    _check_kind(kind)
    options: dict[str, Any] = {
        "lists": tuple(x.strip() for x in (lists or "").split(",") if x.strip()),
        "limit": limit, "threshold": threshold, "kind": kind, "as_of": context.clocks,
    }  # fmt: skip
    wishes = SparkWishes(master, _settings(setting or []), stage, in_place)
    if engine not in ("local", "spark"):
        raise InputError(f"{engine!r} is no engine", where="--engine", do="local or spark")
    if engine == "local" and wishes != SparkWishes():
        raise InputError("--master, --setting, --stage and --in-place are for Spark", do="add --engine spark")
    many = {**options, "workers": workers, "engine": engine, "spark": wishes}
    if engine == "spark" and ("://" in asked[0] or Path(asked[0]).is_dir()):
        return _screen_folder(context, asked, out, {**options, "spark": wishes})
    if any(_is_file(word) for word in asked):
        return _screen_files(context, [Path(word) for word in asked], Path(out) if out else None, many)
    if engine == "spark":
        raise InputError(
            "Spark screens files, not one name", where=" ".join(asked), do="name a file, or leave --engine"
        )
    query = Query(
        " ".join(asked), country=country.upper() if country else None, address=address, birth_date=birth_date,
        identifiers=tuple(identifier or ()),
    )  # fmt: skip
    answer = context.app.screen(query, near=near, **options)
    if receipt is not None:
        context.app.receipt(answer, receipt)
    if context.is_text:
        paper.hits(answer.data)
    else:
        context.put(answer.to_dict(), _hit_rows(answer.to_dict()) if context.form is Form.csv else [answer.to_dict()])
    return 1 if answer.hits else 0


def compare(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME NAME]")] = None,
    pairs: Annotated[Path | None, typer.Option(help="CSV with the columns kind,name1,name2.")] = None,
    kind: Annotated[str | None, typer.Option(help="person or organization.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the evidence into this .svg or .png file.")] = None,
) -> int:
    """One name against another, with the evidence."""
    context = of(ctx)
    _check_kind(kind)
    if pairs is not None:
        rows = list(context.app.compare_pairs(pairs))
        if context.form is Form.json:
            context.put({"schema_version": SCHEMA_VERSION, "pairs": rows})
        elif context.form is Form.jsonl:
            context.put({}, rows)
        else:
            sys.stdout.write(as_csv(rows))
        return 3 if any(row["verdict"] == "error" for row in rows) else 0
    if names is None or len(names) != 2:
        raise InputError("compare takes two names", do='quote each: caveat compare "NAME" "NAME", or give --pairs FILE')
    answer = context.app.compare(names[0], names[1], kind)
    if picture is not None:
        context.app.draw_comparison(names[0], names[1], picture, kind)
    if context.is_text:
        paper.comparison(answer.data)
    else:
        context.put(answer.to_dict(), [answer.to_dict()])
    return 0


def confirm(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="The name as screened.")],
    entry: Annotated[str, typer.Argument(help="The hit's entry id.")],
    why: Annotated[str, typer.Option(help="The reason.")],
    who: Annotated[str | None, typer.Option(help="Who says so; default CAVEAT_WHO.")] = None,
    country: Annotated[str | None, typer.Option(help="Two-letter country given with the query.")] = None,
) -> int:
    """Keep a person's word that a hit is this party."""
    return _keep(ctx, "confirm", query, entry, why, who, country)


def reject(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="The name as screened.")],
    entry: Annotated[str, typer.Argument(help="The hit's entry id.")],
    why: Annotated[str, typer.Option(help="The reason.")],
    who: Annotated[str | None, typer.Option(help="Who says so; default CAVEAT_WHO.")] = None,
    country: Annotated[str | None, typer.Option(help="Two-letter country given with the query.")] = None,
) -> int:
    """Keep a person's word that a hit is somebody else."""
    return _keep(ctx, "reject", query, entry, why, who, country)


def _keep(ctx: typer.Context, verb: str, query: str, entry: str, why: str, who: str | None, country: str | None) -> int:
    context = of(ctx)
    asked = Query(query, country=country.upper() if country else None)
    answer = getattr(context.app, verb)(asked, entry, why, who)
    if context.is_text:
        word = answer["word"]
        paper.say(f"{word['said']}: {query} / {answer['entry_id']} by {word['who']} at {word['at']}: {word['why']}")
    else:
        context.put(answer.to_dict())
    return 0


def _screen_files(context: Context, files: list[Path], out: Path | None, many: dict[str, Any]) -> int:
    if out is not None:
        if len(files) != 1:
            raise InputError("--out takes one file at a time", do="run once for each file")
        last = paper.progress(context.app.screen_file(files[0], out, **many), files[0].name)
        paper.note(f"{last.rows} rows, {last.with_hits} with hits, {last.rejected} not readable; answers in {out}")
        return 3 if last.rejected else 1 if last.with_hits else 0
    found = failed = False
    first = True
    answers = (plain for path in files for plain in _answers(context, path, many))
    if context.form is Form.json:
        whole = list(answers)
        context.put({"schema_version": SCHEMA_VERSION, "answers": whole})
        return _code(whole)
    for plain in answers:
        found = found or plain["status"] == "hits"
        failed = failed or plain["status"] == "error"
        if context.form is Form.jsonl:
            context.put({}, [plain])
        elif context.form is Form.csv:
            text = as_csv(_hit_rows(plain))
            sys.stdout.write(text if first else text.partition("\n")[2])
        else:
            paper.hits(plain, brief=True)
        first = False
    return 3 if failed else 1 if found else 0


def _answers(context: Context, path: Path, many: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers to one file as they are made; Spark's when all are."""
    if many["engine"] == "local":
        options = {k: v for k, v in many.items() if k not in ("engine", "spark", "workers")}
        yield from (a.to_dict() for a in context.app.screen_each(context.app.queries(path), **options))
        return
    with tempfile.TemporaryDirectory(prefix="caveat-") as folder:
        out = Path(folder) / "answers.jsonl"
        paper.progress(context.app.screen_file(path, out, **many), path.name)
        with out.open("rb") as lines:
            yield from map(json.loads, lines)


def _screen_folder(context: Context, asked: list[str], out: str | None, options: dict[str, Any]) -> int:
    if len(asked) != 1 or out is None:
        raise InputError("a folder that Spark reads is screened into another", do="give one, and --out FOLDER")
    last = paper.progress(context.app.screen_folder(asked[0], out, **options), asked[0])
    paper.note(f"{last.rows} rows, {last.with_hits} with hits, {last.rejected} not readable; answers in {out}")
    return 3 if last.rejected else 1 if last.with_hits else 0


def _settings(given: list[str]) -> tuple[tuple[str, str], ...]:
    """NAME=VALUE pairs."""
    pairs = tuple(text.partition("=") for text in given)
    for name, mark, _ in pairs:
        if not (name and mark):
            raise InputError(f"{name!r} has no value", where="--setting", do="write NAME=VALUE")
    return tuple((name, value) for name, _, value in pairs)


def _code(answers: list[dict[str, Any]]) -> int:
    statuses = {a["status"] for a in answers}
    return 3 if "error" in statuses else 1 if "hits" in statuses else 0


def _hit_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a hit; a query without hits has one row too, so that none is lost."""
    query = answer["query"]
    left = {"query_id": query["id"], "query_name": query["name"], "status": answer["status"]}
    names = ("rank", "score", "entry_id", "list", "name", "matched_name", "effective_on", "citation")
    hits = answer["hits"] or [{}]
    return [{**left, **{n: h.get(n) for n in names}, "error": answer.get("error")} for h in hits]


def _is_file(word: str) -> bool:
    return word.lower().endswith(_FILES) and (Path(word).exists() or "/" in word or " " not in word)


def _check_kind(kind: str | None) -> None:
    kinds = ("person", "organization", "vessel", "aircraft", "address")
    if kind is not None and kind not in kinds:
        raise InputError(f"{kind!r} is no kind", where="--kind", do=f"one of {', '.join(kinds)}")
