"""The one helper that finds the real lists; a test that needs them is skipped, with a reason, without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """The path of a file in the shared folder; skips the test where it is absent."""
    base = Path(os.environ.get("CAVEAT_SHARED") or ROOT.parent / "shared")
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} of the shared data (set CAVEAT_SHARED)")
    return path
