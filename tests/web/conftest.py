"""A service over the starter record for the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from serving import Service, serve


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("web")
    with serve(folder / "caveat.sqlite", folder / "private") as found:
        yield found


@pytest.fixture
def page(browser: Any, service: Service) -> Iterator[Any]:
    """A page signed in; an error in its console or a request to another host fails the test."""
    context = browser.new_context(locale="en-US", base_url=service.url, viewport={"width": 1280, "height": 900})
    found = context.new_page()
    told: list[str] = []
    found.on("console", lambda m: told.append(m.text) if m.type in ("error", "warning") else None)
    found.on("pageerror", lambda e: told.append(str(e)))
    found.on("request", lambda r: None if r.url.startswith(service.url) else told.append(f"asked {r.url}"))
    found.goto(f"/?token={service.token}")
    yield found
    context.close()
    assert told == []
