"""A service on an ephemeral loopback port, in a thread, for the tests of the doors."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TOKEN = "a-token-for-tests-only-0123456789"


@dataclass(frozen=True)
class Service:
    """Where it listens and how to get in."""

    url: str
    token: str
    folder: Path

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def serve(db: Path, folder: Path, **settings: Any) -> Iterator[Service]:
    """Serve a database; it stops when the block ends."""
    for needed in ("fastapi", "uvicorn", "jinja2", "limits"):
        pytest.importorskip(needed, reason="needs caveat[serve]")
    import httpx
    import uvicorn

    from caveat import web
    from caveat.api import Settings, build_site, log_lines
    from caveat.config import read_config

    folder.mkdir(parents=True, exist_ok=True)
    log_lines(sys.__stderr__)  # on standard output its log would stand among what a test reads of a command
    chosen = {"token": TOKEN, "keys": str(folder / "keys.json"), "folder": str(folder), **settings}
    config = read_config({}, db=str(db), index=str(folder / "index"), who="tester")
    site = build_site(config, Settings(**chosen), (web.mount,))
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    headers = {"Authorization": f"Bearer {chosen['token']}"}
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/readyz", headers=headers, timeout=30).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        else:
            raise AssertionError("the service did not become ready")
        yield Service(url, chosen["token"], folder)
    finally:
        server.should_exit = True
        thread.join(15)
        bound.close()
