"""The docs hold: links lead somewhere, commands and options exist, the reference is the program's own."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from caveat.cli import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
PROGRAM: Any = typer.main.get_command(app)
COMMANDS = {name: PROGRAM.get_command(None, name) for name in PROGRAM.list_commands(None)}
GENERAL = {option for p in PROGRAM.params for option in p.opts}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page.read_text("utf-8"), page.parent) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_shown_exist(page: Path) -> None:
    assert unknown_commands(page.read_text("utf-8")) == []


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    pages = {p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").rglob("*.md")} - {"index.md"}
    assert pages - set(re.findall(r"\]\(([^)#]+)", index)) == set()


def test_the_reference_is_the_programs_own() -> None:
    spec = importlib.util.spec_from_file_location("write_reference", ROOT / "docs" / "write_reference.py")
    assert spec and spec.loader
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert writer.PAGE.read_text("utf-8") == writer.tell_commands(), "run: make docs"


def test_planted_faults_are_caught(tmp_path: Path) -> None:
    assert dead_links("[a](nowhere.md) [b](https://example.org/) [c](#here)", tmp_path) == ["nowhere.md"]
    assert unknown_commands("```\ncaveat conjure NAME\ncaveat lists --loud\ncaveat --as-of X lists\n```") == [
        "caveat conjure",
        "caveat lists --loud",
    ]


def dead_links(text: str, folder: Path) -> list[str]:
    """Links to files that are not there."""
    links = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)
    return [link for link in links if "://" not in link and not (folder / link).exists()]


def unknown_commands(text: str) -> list[str]:
    """Commands and options in code blocks that the program does not have."""
    found = []
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in re.findall(r"^(?:\$ |.*/bin/)?caveat (.+)$", block, re.MULTILINE):
            words = re.sub(r'"[^"]*"|#.*', "", line).split()
            named = [w for w in words if w in COMMANDS]
            if not named:
                found += [] if set(words) & {"--version", "--help"} else [f"caveat {words[0]}"]
                continue
            command = COMMANDS[named[0]]
            inner = next((command.commands[w] for w in words if w in getattr(command, "commands", {})), command)
            known = GENERAL | {o for p in inner.params for o in p.opts} | {"--help"}
            found += [f"caveat {named[0]} {w}" for w in words if w.startswith("--") and w not in known]
    return found
