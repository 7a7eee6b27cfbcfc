"""The house keeps its rules, and each check proves itself: a planted fault is caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from house import faults

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "caveat"
CONTRACT = ROOT / ".importlinter"

Check = Callable[[Path], list[str]]
CHECKS: tuple[Check, ...] = (
    faults.long_files,
    faults.deep_folders,
    faults.empty_names,
    faults.untitled_files,
    faults.stray_drivers,
    faults.clock_reads,
    faults.side_doors,
    faults.full_faces,
    faults.stray_errors,
    faults.unfinished_work,
    faults.learned_words,
)

#: check, file, what is planted in it, what the fault says
PLANTS: tuple[tuple[Check, str, str, str], ...] = (
    (faults.long_files, "names/long.py", '"""Long."""\n' * 501, "501 lines"),
    (faults.deep_folders, "law/a/b/deep.py", '"""Deep."""\n', "law/a/b: deeper"),
    (faults.empty_names, "names/utils.py", '"""Anything."""\n', "names/utils.py"),
    (faults.empty_names, "names/date_helpers.py", '"""Anything."""\n', "names/date_helpers.py"),
    (faults.empty_names, "core/thing.py", '"""A thing."""\n', "core: an empty name"),
    (faults.untitled_files, "names/plain.py", "import re\n", "names/plain.py"),
    (faults.untitled_files, "names/late.py", '# a comment\n"""Late."""\n', "names/late.py"),
    (faults.untitled_files, "names/blank.py", '"""\n   \n"""\n', "names/blank.py"),
    (faults.stray_drivers, "names/loads.py", '"""N."""\nimport httpx\n', "names/loads.py:2: httpx"),
    (faults.stray_drivers, "sources/near.py", '"""N."""\nfrom httpx import get\n', "sources/near.py:2: httpx"),
    (faults.stray_drivers, "names/late.py", '"""N."""\ndef f():\n    import pyspark.sql\n', "late.py:3: pyspark"),
    (faults.stray_drivers, "law/net.py", '"""N."""\nfrom urllib import request\n', "law/net.py:2: urllib"),
    (faults.stray_drivers, "app.py", '"""N."""\nfrom sqlalchemy import text\n', "app.py:2: sqlalchemy"),
    (faults.clock_reads, "names/a.py", '"""N."""\nimport datetime as dt\nx = dt.datetime.now(dt.UTC)\n',
     "dt.datetime.now"),
    (faults.clock_reads, "names/b.py", '"""N."""\nfrom datetime import date\nx = date.today()\n', "date.today"),
    (faults.clock_reads, "names/c.py", '"""N."""\nimport time as t\nx = t.time()\n', "t.time"),
    (faults.clock_reads, "names/d.py", '"""N."""\nfrom time import time_ns\n', "time.time_ns"),
    (faults.clock_reads,
     "names/e.py", '"""N."""\nimport datetime\nf = g(h=datetime.datetime.utcnow)\n',
     "datetime.datetime.utcnow"),
    (faults.clock_reads, "ledger/f.py", '"""N."""\nimport sqlalchemy as sa\nx = sa.func.now()\n', "sa.func.now"),
    (faults.side_doors, "app.py", '"""N."""\nfrom caveat.names.inside import x\n', "names.inside past the face"),
    (faults.side_doors, "app.py", '"""N."""\nimport caveat.names.inside\n', "names.inside past the face"),
    (faults.side_doors, "app.py", '"""N."""\nfrom caveat.names import inside\n', "names.inside past the face"),
    (faults.side_doors, "ledger/g.py", '"""N."""\nfrom ..names.inside import x\n', "names.inside past the face"),
    (faults.full_faces, "names/__init__.py", '"""N."""\nfrom caveat.names.inside import x\ny = x()\n', ":3: a face"),
    (faults.full_faces, "law/__init__.py", '"""N."""\n\ndef work():\n    return 1\n', ":3: a face"),
    (faults.full_faces, "cli/__init__.py", '"""C."""\nfrom caveat.ledger import Ledger\n', ":2: a face"),
    (faults.stray_errors, "names/h.py", '"""N."""\nclass SpellingError(Exception):\n    "S."\n',
     "SpellingError belongs"),
    (faults.stray_errors, "names/i.py", '"""N."""\nclass Oddity(ValueError):\n    "S."\n', "Oddity belongs"),
    (faults.stray_errors, "errors.py", '"""The tree: nothing."""\nclass NewError(Exception):\n    "N."\n',
     "not in the tree"),
    (faults.stray_errors, "errors.py", '"""The tree: Oddity."""\nclass Oddity(Exception):\n    "N."\n', "does not end"),
    (faults.unfinished_work, "names/j.py", '"""N."""\n# TO' 'DO: later\n', ":2: TO" "DO"),
    (faults.unfinished_work, "names/k.py", '"""N."""\ndef f():\n    raise NotImplementedError\n', ":3: raises"),
    (faults.unfinished_work, "names/l.py", '"""N."""\nclass A:\n    def f(self):\n        """Later."""\n',
     "f has no body"),
    (faults.learned_words, "model/m.py", '"""N."""\nfrom caveat.errors import CaveatError\n', "imports caveat.errors"),
    (faults.learned_words, "model/n.py", '"""N."""\nimport pydantic\n', "imports pydantic"),
)  # fmt: skip

#: What a check must leave alone.
LAWFUL: tuple[tuple[Check, str, str], ...] = (
    (faults.deep_folders, "store/migrations/versions/0001_a.py", '"""N."""\n'),
    (faults.clock_reads, "app/desk.py", '"""N."""\nimport datetime\nx = datetime.date.today()\n'),
    (faults.clock_reads, "names/a.py", '"""N."""\nfrom time import monotonic, sleep\nx = order.now\n'),
    (faults.side_doors, "app.py", '"""N."""\nfrom caveat.names import shown\nfrom caveat.model.dates import AsOf\n'),
    (faults.side_doors, "names/o.py", '"""N."""\nfrom caveat.names.inside import x\n'),
    (faults.unfinished_work, "names/p.py", '"""N."""\nclass A(Protocol):\n    def f(self): ...\n'),
    (faults.unfinished_work, "names/r.py", '"""N."""\ntry:\n    f()\nexcept NotImplementedError:\n    x = 1\n'),
    (faults.learned_words, "model/q.py", '"""N."""\nimport datetime\nfrom caveat.model.r import x\n'),
)

#: file, what is planted in it, what import-linter says
CONTRACT_PLANTS = (
    ("names/up.py", "import caveat.ledger", "caveat.names is not allowed to import caveat.ledger"),
    ("store/up.py", "def f():\n    import caveat.sources", "caveat.store is not allowed to import caveat.sources"),
    ("model/beside.py", "import caveat.store", "caveat.model is not allowed to import caveat.store"),
    ("names/beside.py", "import caveat.law", "caveat.names is not allowed to import caveat.law"),
    ("ledger/up.py", "import caveat.config", "caveat.ledger is not allowed to import caveat.config"),
    ("screening/beside.py", "import caveat.determination", "is not allowed to import caveat.determination"),
    ("cli/past.py", "import caveat.ledger", "caveat.cli.past is not allowed to import caveat.ledger"),
    ("web/past.py", "import caveat.store", "caveat.web.past is not allowed to import caveat.store"),
    ("attic/box.py", "import re", "caveat.attic"),
    ("names/ring_a.py", "import caveat.names.ring_b", "No cycles are allowed in caveat.names"),
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_package_keeps_the_rule(check: Check) -> None:
    assert check(PACKAGE) == []


@pytest.mark.parametrize(("check", "at", "text", "says"), PLANTS, ids=lambda v: getattr(v, "__name__", None))
def test_a_planted_fault_is_caught(check: Check, at: str, text: str, says: str, tmp_path: Path) -> None:
    root = _sound_package(tmp_path)
    assert check(root) == []
    _plant(root / at, text)
    found = check(root)
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(("check", "at", "text"), LAWFUL, ids=lambda v: getattr(v, "__name__", None))
def test_what_is_lawful_is_left_alone(check: Check, at: str, text: str, tmp_path: Path) -> None:
    root = _sound_package(tmp_path)
    _plant(root / at, text)
    assert check(root) == []


def test_every_check_has_its_plant() -> None:
    assert {plant[0] for plant in PLANTS} == set(CHECKS)


@pytest.mark.parametrize("allowed", [*faults.SIDE_DOORS, *faults.SIGNALS, *faults.FACE_VERBS], ids=str)
def test_every_exception_is_still_needed(allowed: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    table, check = next(
        (table, check)
        for table, check in (
            (faults.SIDE_DOORS, faults.side_doors),
            (faults.SIGNALS, faults.stray_errors),
            (faults.FACE_VERBS, faults.full_faces),
        )
        if allowed in table
    )
    before = check(PACKAGE)
    monkeypatch.delitem(table, allowed)
    assert len(check(PACKAGE)) > len(before)


def test_the_floors_hold() -> None:
    done = _lint(ROOT / "src")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("at", "text", "says"), CONTRACT_PLANTS, ids=lambda v: v.split("\n")[0])
def test_a_planted_import_is_caught(at: str, text: str, says: str, tmp_path: Path) -> None:
    root = tmp_path / "caveat"
    shutil.copytree(PACKAGE, root, ignore=shutil.ignore_patterns("__pycache__"))
    _plant(root / at, f'"""Planted."""\n{text}\n')
    (root / at).parent.joinpath("__init__.py").touch()
    if "ring" in at:
        _plant(root / "names" / "ring_b.py", '"""Planted."""\nimport caveat.names.ring_a\n')
    done = _lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert says in done.stdout


def _plant(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _sound_package(folder: Path) -> Path:
    """A small package without a fault."""
    root = folder / "caveat"
    _plant(root / "__init__.py", '"""A package."""\n')
    _plant(root / "app.py", '"""The app."""\n')
    _plant(root / "errors.py", '"""The tree."""\n')
    _plant(root / "model" / "__init__.py", '"""Words."""\n')
    _plant(root / "names" / "__init__.py", '"""Names."""\nfrom caveat.names.inside import shown\n')
    _plant(root / "names" / "inside.py", '"""Inside."""\n')
    return root


def _lint(source: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the package in `source`."""
    # Our folder must come before the installed package on the path.
    code = f"import sys; sys.path.insert(0, {str(source)!r}); from importlinter.cli import lint_imports_command; "
    code += "lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--config", str(CONTRACT), "--no-cache", "--no-logo"],
        cwd=source, env={**os.environ, "COLUMNS": "300"}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
