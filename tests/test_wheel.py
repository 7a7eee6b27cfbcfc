"""The wheel has everything, installs from wheels alone in an empty environment, and answers there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13")
#: The core, installed, in bytes; a promise of the design.
LARGEST_INSTALL = 200_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git knows, so that nothing is left in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "src", "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "tree" / name).write_bytes((ROOT / name).read_bytes())
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(folder / "tree"))
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    tree = wheel.parent / "tree" / "src"
    wanted = {path.relative_to(tree).as_posix() for path in (tree / "caveat").rglob("*") if path.is_file()}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("caveat/")}
    compiled = {name for name in packed if name.endswith(".so")}
    assert packed - compiled == wanted
    assert len(compiled) <= 1, "the optional kernel, and nothing else"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_answers_in_an_empty_environment(wheel: Path, version: str, tmp_path: Path) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"needs Python {version}")
    _run(python, "-m", "venv", str(tmp_path / "venv"))
    tools = tmp_path / "venv" / "bin"
    before = _size(tmp_path / "venv")
    _run(str(tools / "python"), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(wheel))
    assert _size(tmp_path / "venv") - before < LARGEST_INSTALL
    _run(str(tools / "python"), "-m", "pip", "check")

    assert re.match(r"caveat \d", _run(str(tools / "caveat"), "--version"))
    database = str(tmp_path / "new.sqlite")
    answer = _run(str(tools / "caveat"), "--db", database, "--format", "json", "screen", "Hikvison Digital", code=1)
    names = {hit["name"] for hit in json.loads(answer)["hits"]}
    assert "Hangzhou Hikvision Digital Technology Co., Ltd." in names


def find_python(version: str) -> str | None:
    """An interpreter of that version on the path, or behind the shims of pyenv."""
    for folder in map(Path, os.environ.get("PATH", "").split(os.pathsep)):
        found = [folder / f"python{version}"]
        if folder.name == "shims":
            found = sorted(folder.parent.glob(f"versions/{version}.*/bin/python{version}"))
        for path in found:
            if path.exists() and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
                return str(path)
    return None


def _run(*command: str, code: int = 0) -> str:
    """Run a command outside the checkout, with nothing of our own environment, and give its output."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CAVEAT", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd="/", env=kept, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == code, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
