"""Run the site: bind the socket, start the workers, stop in good order."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from caveat.api.settings import Settings
from caveat.errors import MissingPartError, RefusedError


def run(settings: Settings, factory: str, ready: object = None) -> None:
    """Serve until stopped. `factory` names a function, `module:name`, that makes the site in each worker."""
    try:
        import uvicorn
    except ModuleNotFoundError:
        raise MissingPartError("the service needs FastAPI and uvicorn", do="pip install 'caveat[serve]'") from None
    folder = tempfile.mkdtemp(prefix="caveat-serve-")
    settings = replace(settings, folder=folder)
    settings.write()
    if settings.workers > 1:
        gauges = Path(folder) / "metrics"
        gauges.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(gauges)
    try:
        uvicorn.run(
            factory, factory=True, host=settings.host, port=settings.port, workers=settings.workers,
            access_log=False, log_level="warning", server_header=False, date_header=True, proxy_headers=settings.https,
            timeout_keep_alive=30, limit_concurrency=1000, h11_max_incomplete_event_size=32 * 1024,
            timeout_graceful_shutdown=10,
        )  # fmt: skip
    except OSError as error:
        raise RefusedError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror})", do="choose another --port"
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def log_lines() -> None:
    """Write one JSON line an event to standard error."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
