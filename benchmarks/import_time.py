"""How long `import caveat` takes, beside a Python that imports nothing; the goal is under 150 ms."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

GOAL_MS = 150
ROUNDS = 15


def main() -> int:
    """Print the median of both, their difference and their ratio; 1 where the goal is missed."""
    bare = _median_ms("pass")
    with_caveat = _median_ms("import caveat")
    added = with_caveat - bare
    print(
        f"import caveat: {added:.0f} ms (python alone {bare:.0f} ms, with it {with_caveat:.0f} ms, "
        f"ratio {with_caveat / bare:.2f}; goal under {GOAL_MS} ms)"
    )
    return int(added >= GOAL_MS)


def _median_ms(code: str) -> float:
    def run_once() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return (time.perf_counter() - start) * 1000

    run_once()  # compiles what was not compiled before
    return statistics.median(run_once() for _ in range(ROUNDS))


if __name__ == "__main__":
    sys.exit(main())
