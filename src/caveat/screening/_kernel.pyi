"""The compiled search (`_kernel.c`), built where a compiler was present at install."""

from typing import Any

class Kernel:
    """The arrays of one index; see `index._kernel_of` for their order."""

    def __init__(self, arrays: tuple[Any, ...], costs: tuple[int, ...], /) -> None: ...
    def find(self, words: list[tuple[Any, ...]], least: int, weights: tuple[int, ...], /) -> list[tuple[int, int]]:
        """(row, points) of the rows whose points reach `least`."""

    def total(self, words: list[tuple[Any, ...]], row: int, /) -> tuple[int, int]:
        """The total of one row, hundredths of a bit, and 1 where it is whole."""
