"""What a person sees on a terminal: tables, colours, a progress bar. Words come from the answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

_T = TypeVar("_T")
_STYLES = {
    "listed": "bold red", "announced": "yellow", "removed": "dim", "added": "green", "amended": "yellow",
    "refused": "bold red", "loaded": "green", "unchanged": "dim", "prohibited": "bold red",
    "presumed_prohibited_unless_evidence": "bold red", "license_required": "bold yellow",
    "insufficient_information": "bold magenta", "caution_red_flag": "yellow", "no_restriction_found": "cyan",
    "not_subject": "dim",
}  # fmt: skip
#: Rows up to which a table is fitted to the page.
_MANY = 400
_STARTER = "starter record: facts written with Caveat; no official file of this list is loaded"


class _Page(Console):
    """A console whose reader may leave early: the program ends as it does for any other output."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(*, error: bool = False) -> Console:
    """The terminal, or a wide page where the output goes elsewhere."""
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else 160
    return _Page(file=stream, width=width, highlight=False, markup=False, emoji=False)  # names stand as listed


def say(*lines: str) -> None:
    """Plain lines."""
    out = console()
    for line in lines:
        out.print(line)


def note(*lines: str) -> None:
    """Lines beside the answer, on standard error."""
    out = console(error=True)
    for line in lines:
        out.print(line, style="dim")


def word(text: str) -> Text:
    """An outcome or status word in its color."""
    return Text("not yet in force" if text == "announced" else text, style=_STYLES.get(text, ""))


def watch(items: Iterable[_T], is_text: bool) -> list[_T]:
    """Collect items while a spinner turns on a terminal."""
    if not (is_text and sys.stderr.isatty()):
        return list(items)
    out = []
    with console(error=True).status("reading …") as status:
        for item in items:
            out.append(item)
            status.update(f"{getattr(item, 'list', '')} {getattr(item, 'status', '')} …")
    return out


def busy(title: str, work: Callable[[], object]) -> None:
    """Do something that takes a while, saying so on a terminal."""
    if sys.stderr.isatty():
        with console(error=True).status(title):
            work()
    else:
        work()


def progress(steps: Iterator[Any], title: str) -> Any:
    """Show how far a job got and what is left; return its last step."""
    if not sys.stderr.isatty():
        return list(steps)[-1]
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        task = bar.add_task(escape(title), total=1.0, told="")
        for step in steps:
            told = f"{step.rows:,} rows, {step.with_hits:,} with hits, {step.rejected:,} not readable"
            if step.seconds:
                told += f", about {_span(step.seconds)} to go"
            bar.update(task, completed=step.share or 0.0, told=told)
    return step


def _span(seconds: float) -> str:
    """A time no more exact than an estimate is."""
    if seconds < 90:
        return f"{max(1, round(seconds / 5) * 5)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def refreshed(reports: Iterable[Any]) -> None:
    """What became of each list of each file."""
    table = _table("list", "status", "rows", "added", "amended", "removed", "as of", "snapshot", "file")
    for r in reports:
        table.add_row(
            r.list, word(r.status), f"{r.rows:,}", f"{r.added:,}", f"{r.amended:,}", f"{r.removed:,}",
            f"{r.published or ''}" + (f" ({r.dated_by})" if r.dated_by not in (None, "file") else ""),
            (r.snapshot or "")[:19], r.file,
        )  # fmt: skip
    out = console()
    out.print(table)
    for r in reports:
        if r.why:
            out.print(Text.assemble(("refused: ", "bold red"), r.why))
    for text in dict.fromkeys(f"{r.file}: {text}" for r in reports for text in r.notes[:5]):
        out.print(Text(f"note: {text}", style="dim"))
    for text in dict.fromkeys(f"{r.file}: unread field {k} ({v} rows)" for r in reports for k, v in r.unread.items()):
        out.print(Text(text, style="yellow"))


def lists(answer: Mapping[str, Any]) -> None:
    """Coverage as a table, then what is not loaded."""
    table = _table("list", "entries", "as of", "age", "snapshot", "")
    for row in answer["lists"]:
        told = {"starter": "starter record", "overdue": "overdue", "cross_check": "counted on its lists too"}
        notes = [words for mark, words in told.items() if row[mark]]
        if row["elsewhere"]:
            notes.append(f"{row['elsewhere']:,} more by another source")
        state = ", ".join(notes)
        table.add_row(
            row["list"], f"{row['entries']:,}", row["as_of"], f"{row['age_days']:,} d", row["snapshot"][:19],
            Text(state, style="yellow" if state else ""),
        )  # fmt: skip
    out = console()
    out.print(table)
    if answer["not_loaded"]:
        out.print(Text("not loaded (no official file):", style="bold"))
        for row in answer["not_loaded"]:
            out.print(Text(f"  {row['list']}: {row['why']}", style="dim"))
    out.print(_clocks(answer["as_of"]))


def entry(answer: Mapping[str, Any]) -> None:
    """One entry, and what each list calls the party."""
    out = console()
    if answer["found_by"]:
        out.print(Text(answer["found_by"], style="yellow"))
    out.print(
        Text.assemble((answer["name"] or "(no name)", "bold"), "  ", word(answer["status"]), "  ", answer["list"])
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _entry_lines(answer):
        table.add_row(label, Text(value))
    out.print(table)
    if answer["starter"]:
        out.print(Text(_STARTER, style="yellow"))
    for d in answer["disagreements"]:
        out.print(
            Text(
                f"disagreement on {d['field']}: {_brief(d['used'])} ({d['used_source']['stream']}) against "
                f"{_brief(d['other'])} ({d['other_source']['stream']}, {d['other_source']['row']})",
                style="yellow",
            )
        )
    if answer["same_party"]:
        table = _table("the same party on", "called", "status", "effective", "citation", "why joined")
        for r in answer["same_party"]:
            table.add_row(
                r["list"], r["name"], word(r["status"]), r["effective_on"] or "", "; ".join(r["citations"]), r["why"]
            )
        out.print(table)
    if answer["near"]:
        table = _table("the name may also mean", "on", "status", "effective", "entry")
        for r in answer["near"]:
            table.add_row(r["name"], r["list"], word(r["status"]), r["effective_on"] or "", r["entry_id"])
        out.print(table)
    basis(out, answer["basis"])


def _entry_lines(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "entry", answer["entry_id"]
    yield "kind", answer["kind"]
    for name in ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by"):
        if answer[name]:
            yield name.replace("_", " "), answer[name]
    if answer["in_force"]["until"] and not answer["removed_on"]:
        yield "gone by", answer["in_force"]["until"]
    yield "citation", "; ".join(c["cite"] for c in answer["citations"])
    if answer["license_requirement"]:
        yield "license requirement", answer["license_requirement"]
    if answer["license_review_policy"]:
        yield "license review policy", answer["license_review_policy"]
    if answer["footnotes"]:
        yield "footnotes", ", ".join(answer["footnotes"])
    if answer["terms_said_on"]:
        yield "these words stand since", answer["terms_said_on"]
    names = [n for n in answer["names"] if n["quality"] != "primary"]
    yield (
        "also called",
        "; ".join(
            n["text"]
            + (f" ({n['quality']})" if n["quality"] != "strong" else "")
            + (f" [{n['source']}]" if n["source"] else "")
            for n in names
        ),
    )
    for address in answer["addresses"]:
        yield "address", address["text"]
    for number in answer["identifiers"]:
        yield number["kind"], number["value"]
    for name, value in answer["more"].items():
        if name in ("programs", "remarks", "title", "birth_dates", "nationalities", "unconfirmed"):
            yield name, "; ".join(value) if isinstance(value, list) else str(value)
    source = answer["source"]
    yield "source", f"{source['row']} of {source['snapshot'][:19]} ({source['stream']}, {source['published']})"


def history(answer: Mapping[str, Any]) -> None:
    """An entry's life, then that of the same party on other lists."""
    out = console()
    if answer["found_by"]:
        out.print(Text(answer["found_by"], style="yellow"))
    _steps(out, answer["changes"])
    for other in answer["same_party"]:
        out.print(Text(f"\n{other['entry_id']} ({other['why']})", style="bold"))
        _steps(out, other["changes"])
    out.print(_clocks(answer["as_of"]))


def changes(answer: Mapping[str, Any]) -> None:
    """What changed, list by list."""
    out = console()
    count = answer["counts"]
    out.print(
        Text(f"{answer['from']} to {answer['to']}: {count['added']} added, {count['amended']} amended, "
             f"{count['removed']} removed", style="bold")
    )  # fmt: skip
    _steps(out, answer["changes"], with_list=True)
    basis(out, answer["basis"])


def _steps(out: Console, steps: Iterable[Mapping[str, Any]], *, with_list: bool = False) -> None:
    rows = []
    for step in steps:
        difference = "\n".join(f"{f['field']}: {_brief(f['before'])} → {_brief(f['after'])}" for f in step["fields"])
        lead = [step["on"], step["kind"], *([step["list"]] if with_list else [])]
        rows.append((*lead, step["name"], f"{step['source']['stream']} {step['source']['row']}", difference))
    _print_rows(out, ("on", "", *(["list"] if with_list else []), "name", "said by", "difference"), rows)


def disagreements(answer: Mapping[str, Any]) -> None:
    """Where two sources state one entry differently."""
    rows = [
        (d["name"], d["field"], _brief(d["used"]), d["used_source"]["stream"], _brief(d["other"]),
         d["other_source"]["stream"])
        for d in answer["disagreements"]
    ]  # fmt: skip
    _print_rows(console(), ("name", "field", "used", "said by", "against", "said by"), rows)


def hits(answer: Mapping[str, Any], *, brief: bool = False) -> None:
    """The hits of one query with their evidence as a waterfall."""
    out = console()
    query = answer["query"]
    if answer["status"] == "error":
        out.print(Text.assemble((f"{query['name']}", "bold"), "  ", ("not screened: ", "bold red"), answer["error"]))
        return
    found = answer["hits"]
    count = f"{len(found)} hit{'s' if len(found) != 1 else ''}" if found else "no hit on the lists below"
    out.print(Text.assemble((f"{query['name']}", "bold"), f"  {count}"))
    for hit in found:
        out.print(
            Text.assemble(
                f"{hit['rank']:>3}. ", (f"{hit['score']:.3f} ", "bold"), hit["name"],
                "" if hit["matched_name"] == hit["name"] else f" as “{hit['matched_name']}”",
                (f"  {hit['list']}", "cyan"), f"  since {hit['effective_on'] or '?'}  {hit['citation'] or ''}",
                (f"  runs out {hit['expires_on']}" if hit["expires_on"] else "", "yellow"),
                ("  starter record" if hit["starter"] else "", "yellow"),
            )
        )  # fmt: skip
        if hit["word"]:
            w = hit["word"]
            state = "" if w["stands"] else " (fell: the record has changed since)"
            out.print(Text(f"      {w['said']} by {w['who']} at {w['at']}: {w['why']}{state}", style="green"))
        if not brief:
            out.print(Text(f"      {hit['entry_id']}", style="dim"))
            _waterfall(out, hit["evidence"])
            if hit.get("ofac_score") is not None:
                told = f"      OFAC's tool, by its published description: {hit['ofac_score']} of 100"
                out.print(Text(told, style="dim"))
    for near in answer.get("near", ()):
        out.print(Text(f"   near: {near['score']:.3f} {near['matched_name']}: {near['reason']}", style="dim"))
    if not brief:
        basis(out, answer["basis"])


def _waterfall(out: Console, evidence: Iterable[Mapping[str, Any]]) -> None:
    for piece in evidence:
        bar = ("▉" * min(24, round(abs(piece["points"]) * 2))) or "▏"
        out.print(
            Text.assemble(
                f"      {piece['points']:+6.2f} ", (bar, "green" if piece["points"] > 0 else "red"),
                f" {piece['feature']}: ", _pair(piece), piece["why"],
            )
        )  # fmt: skip


def _pair(piece: Mapping[str, Any]) -> str:
    """The words a piece of evidence rests on."""
    words = list(dict.fromkeys(str(w) for w in (piece["query"], piece["entry"]) if w))
    return f"{' ~ '.join(words)}, " if words else ""


def comparison(answer: Mapping[str, Any]) -> None:
    """Two names side by side with the evidence."""
    out = console()
    out.print(
        Text.assemble(
            (f"{answer['score']:.3f} {answer['verdict']}", "bold"), f"  {answer['name1']} / {answer['name2']}"
        )
    )
    _waterfall(out, answer["evidence"])
    if answer["ofac_score"] is not None:
        out.print(Text(f"      OFAC's tool, by its published description: {answer['ofac_score']} of 100", style="dim"))


def basis(out: Console, rests_on: Mapping[str, Any]) -> None:
    """What an answer rests on, and what it does not cover."""
    official = [x for x in rests_on["lists"] if not x["starter"]]
    starter = [x["list"] for x in rests_on["lists"] if x["starter"]]
    for x in official:
        out.print(
            Text(f"  {x['list']} as of {x['as_of']}: {x['entries']:,} entries, {x['snapshot'][:19]}", style="dim")
        )
    if starter:
        out.print(Text(f"  starter record only: {', '.join(starter)}", style="yellow"))
    missing = [x["list"] for x in rests_on["not_covered"] if x["list"] not in starter]
    if missing:
        out.print(Text(f"  not loaded: {', '.join(missing)}", style="yellow"))
    out.print(_clocks(rests_on["as_of"]))


def _clocks(as_of: Mapping[str, str]) -> Text:
    return Text(f"in force on {as_of['in_force']}, as known on {as_of['known']}", style="dim")


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    numbers = ("rows", "entries", "added", "amended", "removed", "age")
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in numbers else "left")
    return table


def _print_rows(out: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; beyond some hundred rows as plain columns, since fitting each to the page takes a millisecond."""
    if len(rows) <= _MANY:
        table = _table(*columns)
        for row in rows:
            table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
        out.print(table)
        return
    widths = [min(60, max(map(len, cells))) for cells in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = (cell.replace("\n", " | ").ljust(width) for cell, width in zip(row, widths, strict=True))
        out.file.write("  ".join(cells).rstrip() + "\n")


def _brief(value: Any) -> str:
    text = "nothing" if value is None else "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 160 else text[:157] + "…"
