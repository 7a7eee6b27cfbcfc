"""The compiled search (`_kernel.c`), built where a compiler was present at install."""

from typing import Any

class Kernel:
    """The arrays of one index, and the words queries are made of; see `compiled` for the order of both tuples."""

    def __init__(self, arrays: tuple[Any, ...], costs: tuple[int, ...], /) -> None: ...
    def word(
        self,
        text: str,
        sound: str,
        bare: str,
        bits: int,
        loss: int,
        kind: int,
        group: int,
        seen: int,
        father: int,
        mode: int,
        /,
    ) -> int:
        """The number of a word, by which queries name it."""

    def part(self, word: int, code: int, role: int, short: int, /) -> int:
        """The number of a word as it stands in names; of which word, its `word_code`, its `Role`, its CRC-32."""

    def forget(self) -> None:
        """Forget all words: no number counts any more."""

    def find(self, words: list[int], least: int, weights: tuple[int, ...], /) -> list[tuple[int, int]]:
        """(row, points) of the rows whose points reach `least`."""

    def meets(self, names: list[list[int]], least: list[int], weights: tuple[int, ...], /) -> bytes:
        """For each of many queries a byte, 1 where a row reaches its line."""

    def glance(
        self, parts: dict[str, int], names: list[list[str]], least: list[int], weights: tuple[int, ...], /
    ) -> bytes:
        """For each of many names, by its words, 0 where no row reaches its line, 1 where one does, 2 to be read."""

    def total(self, words: list[int], row: int, /) -> tuple[int, int, int]:
        """The total of one row, hundredths of a bit; 1 where it is whole, and where it crosses scripts."""

    def links(self, words: list[int], row: int, /) -> list[tuple[int, int, int, int, int]]:
        """The links that count: points, and from where to where in the query and in the row."""
