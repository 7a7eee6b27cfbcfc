"""Commands on acts: determine, check, replay."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from caveat.cli import paper, verdict
from caveat.cli.context import Context, of
from caveat.errors import InputError
from caveat.model.answer import SCHEMA_VERSION

_MILD = ("no_restriction_found", "not_subject")
_MOST_BYTES = 5 * 2**20


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    for command in (determine, check, replay):
        app.command()(command)
    app.add_typer(law, name="law")


def determine(
    ctx: typer.Context,
    transaction: Annotated[Path, typer.Argument(metavar="TRANSACTION", help="A YAML or JSON file, or -.")],
    vary: Annotated[
        list[str] | None, typer.Option(help="PATH=FROM:TO[:STEP] or PATH=A,B: where the outcome changes; repeatable.")
    ] = None,
    chart: Annotated[Path | None, typer.Option(help="With --vary: draw it into this .svg or .png file.")] = None,
) -> int:
    """What the lists and the law mean for one transaction on its day."""
    context = of(ctx)
    given = read_document(transaction)
    if not vary:
        return _tell(context, given)
    found = [context.app.vary(given, change, known=context.known) for change in vary]
    if chart is not None:
        context.app.draw_variation(found[0], chart)
    if context.is_text:
        paper.say(*(text for v in found for text in (*v.to_text().splitlines(), "")))
    else:
        rows = [v.to_dict() for v in found]
        context.put({"schema_version": SCHEMA_VERSION, "varied": rows}, rows)
    return 0


def check(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(help="The party.")],
    eccn: Annotated[str | None, typer.Option(help="EAR99, or an ECCN; left out is unknown.")] = None,
    date: Annotated[str | None, typer.Option(help="The day of the act; default today.")] = None,
    destination: Annotated[str | None, typer.Option(help="Two-letter country.")] = None,
    activity: Annotated[str, typer.Option(help="export, reexport, import, buy_security …")] = "export",
    role: Annotated[str, typer.Option(help="The party's role.")] = "end_user",
    origin: Annotated[str | None, typer.Option(help="Country of origin of the item.")] = None,
    location: Annotated[str | None, typer.Option(help="Where the item is.")] = None,
    country: Annotated[str | None, typer.Option(help="Country of the party.")] = None,
    us_person: Annotated[bool | None, typer.Option(help="Whether the actor is a US person.")] = None,
    entry_id: Annotated[str | None, typer.Option(help="The entry a person confirmed.")] = None,
) -> int:
    """The one-line form of `determine`."""
    context = of(ctx)
    item = {"eccn": eccn, "origin": origin, "location": location}
    party = {"name": " ".join(name), "role": role, "country": country, "entry_id": entry_id}
    given: dict[str, Any] = {
        "date": date or context.clocks.in_force.isoformat(),
        "activity": activity,
        "item": {k: v for k, v in item.items() if v is not None},
        "parties": [{k: v for k, v in party.items() if v is not None}],
    }
    if destination:
        given["destination"] = destination
    if us_person is not None:
        given["actor"] = {"us_person": us_person}
    return _tell(context, given)


def replay(ctx: typer.Context, stored: Annotated[Path, typer.Argument(help="A determination stored as JSON.")]) -> int:
    """Run a stored determination again on its own basis and say whether it is the same to the byte."""
    context = of(ctx)
    found = context.app.replay(read_document(stored), known=context.known)
    if context.is_text:
        paper.say("the same to the byte" if found.is_same else "not the same")
        paper.say(*(f"  {path}: {before} → {after}" for path, before, after in found.differences))
    else:
        context.put(found.to_dict())
    return 0 if found.is_same else 1


law = typer.Typer(help="The law as data: its parameters, dated and cited.", no_args_is_help=True)


@law.command("show")
def law_show(
    ctx: typer.Context, parameter: Annotated[str, typer.Argument(help="Such as ear.affiliates.share.")]
) -> int:
    """The history of one parameter."""
    context = of(ctx)
    answer = context.app.law_show(parameter)
    if context.is_text:
        verdict.parameter(answer.data)
    else:
        context.put(answer.to_dict(), answer["values"])
    return 0


@law.command("check")
def law_check(ctx: typer.Context) -> int:
    """Refuse what is uncited, undated, overlapping or said twice."""
    context = of(ctx)
    answer = context.app.law_check()
    if context.is_text:
        paper.say(*answer["problems"], f"{answer['parameters']} parameters, {len(answer['problems'])} problems")
    else:
        context.put(answer.to_dict())
    return 3 if answer["problems"] else 0


def _tell(context: Context, given: dict[str, Any]) -> int:
    answer = context.app.determine(given, known=context.known).to_dict()
    if context.is_text:
        verdict.determination(answer)
    else:
        context.put(answer, answer["findings"])
    return 0 if answer["outcome"] in _MILD else 1


def write_text(path: Path, text: str) -> None:
    """Write a small file; one clear line where it cannot be."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(path), do="check the folder") from None


def _read_text(text: str) -> Any:
    """JSON, or YAML: a YAML mapping may also begin with a brace. Days stay text, so that a bad one is named."""
    import yaml

    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text)
        except ValueError:
            pass

    class Plain(yaml.SafeLoader):
        """YAML without timestamps."""

    Plain.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=Plain)  # noqa: S506 - a SafeLoader


def read_document(path: Path) -> dict[str, Any]:
    """A mapping from a YAML or JSON file, or from standard input for `-`."""
    import yaml

    try:
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1) if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), do="check the path") from None
    if len(raw) > _MOST_BYTES:
        raise InputError("is larger than 5 MiB", where=str(path), do="one transaction a file")
    try:
        text = raw.decode("utf-8-sig")
        data = _read_text(text)
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", where=str(path), do="save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise InputError(f"broken YAML ({getattr(error, 'problem', error)})", where=f"{path}{line}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path)) from None
    if not isinstance(data, dict):
        raise InputError("holds no mapping", where=str(path), do="needed: date, activity, parties")
    return data
