"""`caveat` and `python -m caveat`: run a command, turn errors into one line and an exit code."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 found something, 2 wrong use, 3 part not done."""
    gc.set_threshold(100_000, 20, 20)  # what is loaded at start stays; looking through it is a tenth of the start
    from caveat.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
