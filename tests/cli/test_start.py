"""A first answer comes fast: a command loads what it needs and leaves the rest alone."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from caveat.cli import app
from caveat.cli.run import _FILES, run

#: What a screened name has no use for; each costs a tenth of a second or more.
IDLE = (
    "caveat.api", "caveat.determination", "caveat.graph", "caveat.law", "caveat.news", "caveat.web", "alembic",
    "fastapi", "httpx", "jinja2", "lxml", "pandas", "polars", "pyarrow", "pydantic", "pypinyin", "pyspark",
    "python_calamine", "typst", "uvicorn",
)  # fmt: skip


def test_screening_one_name_loads_nothing_else(tmp_path: Path) -> None:
    code = "import sys; from caveat.cli import run; run(sys.argv[1:]); print(*sorted(sys.modules), file=sys.stderr)"
    run(["--db", str(tmp_path / "a.sqlite"), "screen", "Dahua"])  # lays the database and the index
    words = ["--db", str(tmp_path / "a.sqlite"), "--format", "json", "screen", "Hikvison Digital"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120)
    assert '"status": "hits"' in done.stdout
    assert set(done.stderr.split()) & set(IDLE) == set()


@pytest.mark.parametrize("file", _FILES)
def test_every_command_is_found_in_its_file(file: str) -> None:
    part = typer.Typer()
    import_module(f"caveat.cli.{file}").register(part)
    assert set(typer.main.get_group(part).commands) == set(_FILES[file])
    program = typer.main.get_command(app)
    assert all(program.get_command(None, name) for name in _FILES[file])  # type: ignore[attr-defined]


def test_a_misspelled_command_is_told_its_neighbor(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scren", "Dahua"]) == 2
    assert "Did you mean 'screen'?" in capsys.readouterr().err
