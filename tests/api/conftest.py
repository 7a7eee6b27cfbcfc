"""One service over the starter record for all tests of the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import Service, serve


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("api")
    with serve(folder / "caveat.sqlite", folder / "private") as found:
        yield found


@pytest.fixture
def client(service: Service):
    import httpx

    with httpx.Client(base_url=service.url, headers=service.headers, timeout=60) as found:
        yield found
