"""Cards of what stands in force, written by a process of its own, after everybody else."""

from __future__ import annotations

import contextlib
import fcntl
import os
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path

from caveat.config import Config


def write_apart(config: Config) -> SpawnProcess:
    """Begin to write today's cards; the process, which ends with this one."""
    process = get_context("spawn").Process(target=_write, args=(config,), daemon=True)
    process.start()
    return process


def _write(config: Config) -> None:
    with contextlib.suppress(OSError):
        os.nice(19)
    try:
        with (Path(config.index) / ".writing").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers' processes one writes, before it loads much
            from caveat.app import App

            app = App(config)
            app.settle()
            app.close()
    except Exception:  # the service goes on asking the ledger, and logs that
        os._exit(1)
