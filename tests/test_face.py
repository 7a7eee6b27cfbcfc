"""What `import caveat` gives: these names, documented, and nothing heavy on the way."""

from __future__ import annotations

import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import caveat

ROOT = Path(__file__).resolve().parent.parent

#: Libraries that would make the import slow, and doors nobody asked for.
HEAVY = ("sqlalchemy", "numpy", "alembic", "lxml", "yaml", "httpx", "rapidfuzz", "typer", "rich", "pycountry")


def test_the_public_names_are_exactly_these() -> None:
    assert sorted(caveat.__all__) == ["CaveatError", "__version__", "open"]
    seen = {name for name in vars(caveat) if not name.startswith("_")}
    parts = {path.stem for path in Path(caveat.__file__).parent.iterdir()}
    assert seen - parts - set(caveat.__all__) <= {"annotations", "TYPE_CHECKING"}


@pytest.mark.parametrize("name", [n for n in caveat.__all__ if not n.startswith("__")])
def test_every_public_name_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(caveat, name))


def test_the_version_is_said_once_and_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert caveat.__version__ == project["version"]


@pytest.mark.parametrize("statement", ["import caveat", "import caveat.__main__"])
def test_the_import_is_light(statement: str) -> None:
    assert _loaded_by(statement) == []


def test_the_check_of_lightness_can_fail() -> None:
    assert "numpy" in _loaded_by("import caveat, numpy")


def _loaded_by(statement: str) -> list[str]:
    code = f"{statement}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split()
