"""`caveat` and `python -m caveat`: run a command, turn errors into one line and an exit code."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 found something, 2 wrong use, 3 part not done."""
    from caveat.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
