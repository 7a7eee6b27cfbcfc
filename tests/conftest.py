"""What every test can ask for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's own Chromium; one for all tests of a process, as Playwright wants it."""
    sync = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    with sync.sync_playwright() as found:
        chromium = found.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()
