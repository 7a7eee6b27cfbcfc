"""Run the site: bind the address, build it once, serve in this process or in several forked from it, stop."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from caveat.api.log import complain
from caveat.api.settings import Settings
from caveat.errors import MissingPartError, RefusedError

_GRACE = 10
#: A worker that ends within so many seconds would end again.
_TOO_SOON = 5.0


def run(settings: Settings, build: Callable[[Settings], Any]) -> None:
    """Serve until stopped. `build` makes the site (`build_site`)."""
    try:
        import uvicorn  # noqa: F401 - missing parts are told before anything is made
    except ModuleNotFoundError:
        raise MissingPartError("the service needs FastAPI and uvicorn", do="pip install 'caveat[serve]'") from None
    folder = tempfile.mkdtemp(prefix="caveat-serve-")
    settings = replace(settings, folder=folder)
    if settings.workers > 1:
        gauges = Path(folder) / "metrics"
        gauges.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(gauges)
    try:
        bound = _bind(settings)
        site = build(settings)
        if settings.workers > 1:
            site.desk.app.close()  # a connection must not be shared; each worker opens its own
            _Workers(site, settings, bound).stay()
        else:
            _serve(site, settings, bound[0])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bind(settings: Settings) -> list[socket.socket]:
    """A socket on the address for each worker; the kernel spreads the callers over them."""
    bound: list[socket.socket] = []
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        many = settings.workers > 1
        if many:
            with socket.create_server(address, family=family):
                pass  # refused where another listens already, which sockets that share an address are not
        for _ in range(settings.workers):
            bound.append(socket.create_server(address, family=family, backlog=2048, reuse_port=many))
    except OSError as error:
        raise RefusedError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror})", do="choose another --port"
        ) from None
    return bound


def _serve(site: Any, settings: Settings, bound: socket.socket, lifeline: int | None = None) -> None:
    """Serve on a socket until a signal comes, or the process at the other end of `lifeline` is gone."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            site, access_log=False, log_level="warning", server_header=False, date_header=True,
            proxy_headers=settings.https, timeout_keep_alive=30, limit_concurrency=1000,
            h11_max_incomplete_event_size=32 * 1024, timeout_graceful_shutdown=_GRACE,
        )
    )  # fmt: skip

    def watch(end: int) -> None:
        os.read(end, 1)
        server.should_exit = True

    if lifeline is not None:
        threading.Thread(target=watch, args=(lifeline,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run([bound])


class _Workers:
    """Processes forked from this one, which has loaded everything once; one that dies is replaced.

    They hold the reading end of a pipe: when its other end closes, by our will or by our death, they stop.
    """

    def __init__(self, site: Any, settings: Settings, bound: list[socket.socket]) -> None:
        self.site, self.settings, self.bound = site, settings, bound
        self.reading, self.writing = os.pipe()
        self.begun: dict[int, tuple[int, float]] = {}

    def stay(self) -> None:
        """Keep the workers until a signal comes."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, _stop)
        try:
            for place in range(len(self.bound)):
                self._begin(place)
            while True:
                pid, status = os.wait()
                self._replace(pid, os.waitstatus_to_exitcode(status))
        except KeyboardInterrupt:
            pass
        finally:
            self._end()

    def _begin(self, place: int) -> None:
        pid = os.fork()
        if pid:
            self.begun[pid] = (place, time.monotonic())
            return
        code = 1
        try:
            os.close(self.writing)
            _serve(self.site, self.settings, self.bound[place], self.reading)
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)  # what follows in the callers is the first process's to do

    def _replace(self, pid: int, code: int) -> None:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
        place, begun = self.begun.pop(pid)
        complain("worker ended", code=code)
        if time.monotonic() - begun < _TOO_SOON:
            raise RefusedError("a worker ends as soon as it begins", do="the lines above say why")
        self._begin(place)

    def _end(self) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        os.close(self.writing)
        end = time.monotonic() + _GRACE + 2
        while self.begun and time.monotonic() < end:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            self.begun.pop(pid, None)
            if not pid:
                time.sleep(0.02)
        for pid in self.begun:
            os.kill(pid, signal.SIGKILL)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
