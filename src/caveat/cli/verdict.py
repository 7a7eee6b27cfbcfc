"""A determination on paper: the outcome, each finding with its citation, what is missing, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from caveat.cli.paper import basis, console, word


def determination(answer: Mapping[str, Any]) -> None:
    """Print a determination for a person."""
    out = console()
    out.print(Text.assemble("outcome  ", word(answer["outcome"])))
    if answer["outcome"] in ("no_restriction_found", "not_subject"):
        out.print(Text("This is no clearance: it says what was consulted below, and no more.", style="dim"))
    unnamed = [f for f in answer["findings"] if f["rule"] == "NOT-NAMED"]
    for finding in answer["findings"]:
        if finding["rule"] != "NOT-NAMED":
            _finding(out, finding)
    if unnamed:
        programs = ", ".join(dict.fromkeys(f["program"] for f in unnamed))
        out.print(Text.assemble("\n", word("no_restriction_found"), f"  {programs}: no party taken as an entry there"))
    if answer["missing"]:
        out.print(Text("\nStill open", style="bold"))
        for asked in answer["missing"]:
            out.print(Text.assemble("  ", (asked["fact"], "bold magenta"), f": {asked['why']}"))
            for value, outcome in asked["would_change"].items():
                out.print(Text(f"      {value} → {outcome}", style="dim"))
    if answer["next_steps"]:
        out.print(Text("\nNext steps", style="bold"))
        for number, step in enumerate(answer["next_steps"], start=1):
            out.print(Text(f"  {number}. {step}"))
    out.print(Text(f"\nprograms consulted: {', '.join(answer['coverage']['programs'])}", style="dim"))
    for text in answer["coverage"]["not_modelled"]:
        out.print(Text(f"not modelled: {text}", style="dim"))
    basis(out, answer["basis"])


def parameter(answer: Mapping[str, Any]) -> None:
    """A parameter's history: each value with its days, citation and quote."""
    out = console()
    out.print(Text.assemble((answer["parameter"], "bold"), f"  {answer['title']} ({answer['unit']})"))
    for value in answer["values"]:
        mark = "" if value.get("confirmed", True) else "  unconfirmed"
        out.print(Text(f"  from {value['from']}, known {value['known']}: {value['value']}{mark}  {value['cite']}"))
        out.print(Text(f"      “{value['quote']}”", style="dim"))


def _finding(out: Console, finding: Mapping[str, Any]) -> None:
    out.print(
        Text.assemble("\n", word(finding["outcome"]), f"  {finding['program']} ({finding['rule']})",
                      "" if finding["confidence"] == "confirmed" else ("  unconfirmed", "yellow"))
    )  # fmt: skip
    out.print(Text(f"  {finding['reason']}"))
    policy = finding["license_review_policy"]
    if policy:
        out.print(Text.assemble("  review policy: ", (policy["kind"], "bold"), f": {policy['text']}"))
        for ask in policy["ask"]:
            out.print(Text(f"    {ask['fact']}? true → {ask['if_true']}, false → {ask['if_false']}", style="magenta"))
    for refused in finding["license_exceptions"]["refused"]:
        out.print(Text(f"  license exception {refused['name']} is not available ({refused['cite']})"))
    for available in finding["license_exceptions"]["available"]:
        out.print(Text(f"  license exception {available['name']} may be available ({available['cite']})"))
    for quote, cites in _by_words(finding["citations"]).items():
        out.print(Text(f"  {'; '.join(cites)}{f': “{quote}”' if quote else ''}", style="dim"))


def _by_words(citations: Sequence[Mapping[str, Any]]) -> dict[str | None, list[str]]:
    """The citations that rest on the same words, together."""
    found: dict[str | None, list[str]] = {}
    for citation in citations:
        mark = "" if citation["confirmed"] else " (unconfirmed)"
        found.setdefault(citation["quote"], []).append(f"{citation['cite']}{mark}")
    return found
