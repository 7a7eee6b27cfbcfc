"""An index opened: mapped arrays, the words of a row, and which rows share a word with a query."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from caveat.errors import StoreError
from caveat.names import Token, find_acronyms, may_be_acronym, split, words
from caveat.screening.addresses import address_codes
from caveat.screening.build import LAYOUT, name_code
from caveat.screening.compiled import MOST_WORDS, compiled
from caveat.screening.identifiers import normal_number
from caveat.screening.plain import Plain
from caveat.screening.scorer import Link, Score, pair, score, sum_up


class Index:
    """One published index, read only; several processes share its pages. See `open_index`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about = json.loads((folder / "about.json").read_text("utf-8"))
        if about["layout"] != LAYOUT:
            raise StoreError("the search index is of another version", where=str(folder), do="build it anew")
        self.arrays: dict[str, Any] = {n: np.load(folder / f"{n}.npy", mmap_mode="r") for n in about["arrays"]}
        for name, values in self.arrays.items():
            self.arrays[name] = np.asarray(values)
        a = self.arrays
        self.kernel = compiled(a)
        self.plain = Plain(a)
        self.rows = len(a["row_entry"])
        self.entries = len(a["card_start"]) - 1

    # what stands in the index

    def row_tokens(self, row: int) -> tuple[Token, ...]:
        """The tokens of a row, as they were read when it was built."""
        return self.plain.row_tokens(row)

    def name(self, row: int) -> str:
        """The name of a row, verbatim as listed."""
        a = self.arrays
        number = int(a["row_name"][row])
        data = a["names"][int(a["name_start"][number]) : int(a["name_start"][number + 1])]
        return str(data.tobytes().decode("utf-8", "surrogatepass"))

    def is_weak(self, row: int) -> bool:
        """Whether the name of a row is a weak alias."""
        return bool(self.arrays["name_weak"][int(self.arrays["row_name"][row])])

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def card(self, number: int) -> tuple[str, dict[str, Any]]:
        """The id of an entry, and its kinds, countries, birth dates, identifiers and addresses."""
        a = self.arrays
        data = a["cards"][int(a["card_start"][number]) : int(a["card_start"][number + 1])]
        entry_id, card = json.loads(data.tobytes().decode("utf-8", "surrogatepass"))
        return str(entry_id), card

    @cached_property
    def lone_names(self) -> frozenset[str]:
        """The keys of the listed names of one word that may be the first letters of a longer one."""
        return frozenset(name.decode() for name in self.arrays["lone"].astype(">u8").view("S8").tolist())

    @cached_property
    def lone_beginnings(self) -> frozenset[str]:
        """The first letters of the lone names, however many."""
        return frozenset(name[:size] for name in self.lone_names for size in range(1, len(name) + 1))

    # which rows come into question

    def same_name(self, name: str) -> list[int]:
        """The first rows of the listed names equal to `name` but for case, punctuation and word order."""
        return self._coded("code", "code_row", name_code(split(name)), np.uint64)

    def is_named(self, parts: Iterable[str]) -> bool:
        """Whether a listed name has the words `parts` (as `split` gives them), in any order."""
        return bool(self._coded("code", "code_row", name_code(parts), np.uint64))

    def numbered(self, number: str) -> list[int]:
        """The entries that may bear an identifier (to be compared in full)."""
        return sorted(set(self._coded("number", "number_entry", zlib.crc32(normal_number(number).encode()), np.uint32)))

    def shortened(self, tokens: Sequence[Token]) -> list[int]:
        """Rows that a name of first letters stands for, and rows of first letters that stand for the name."""
        word = may_be_acronym(tokens)
        rows = self._long(word.text) if word else []
        heads = find_acronyms(tokens, self.lone_beginnings) & self.lone_names if len(tokens) > 2 else ()
        return rows + [row for head in sorted(heads) for row in self._lone(head)]

    def _long(self, head: str) -> list[int]:
        """The first rows of the long names that these may be the first letters of."""
        return self._coded("short", "short_row", zlib.crc32(head.encode()), np.uint32)

    def _lone(self, head: str) -> list[int]:
        """Rows of these letters, but for entries that bear a name in full for them: what they stand for is told."""
        entry_of = self.arrays["row_entry"]
        told = {int(entry_of[row]) for row in self._long(head)}
        return [row for row in self.same_name(head) if int(entry_of[row]) not in told]

    def placed(self, address: str, most: int = 200) -> list[int]:
        """The entries whose addresses share most words with `address` (to be compared in full)."""
        count: dict[int, int] = {}
        for code in address_codes(address):
            found = self._coded("place", "place_entry", code, np.uint32)
            if len(found) < 5000:
                for entry in set(found):
                    count[entry] = count.get(entry, 0) + 1
        near = sorted((n for n in count.items() if n[1] > 1), key=lambda n: (-n[1], n[0]))
        return [entry for entry, _ in near[:most]]

    def first_row(self, entry: int) -> int | None:
        """The first row of an entry; None where none of its names can be read."""
        rows = self.arrays["row_entry"]
        row = int(np.searchsorted(rows, entry))
        return row if row < len(rows) and int(rows[row]) == entry else None

    def _coded(self, codes: str, values: str, code: int, kind: Any) -> list[int]:
        a = self.arrays
        wanted = kind(code)
        low, high = np.searchsorted(a[codes], wanted, "left"), np.searchsorted(a[codes], wanted, "right")
        return [int(value) for value in a[values][low:high]]

    def scored(self, tokens: tuple[Token, ...], least_points: int, choices: int = 1) -> list[tuple[int, int]]:
        """(row, points) of the rows that reach `least_points`, names in full aside; `choices` as in `Reading`.

        The compiled kernel does it where it is there, to the figures of the reference scorer that does it else.
        """
        if self.kernel is not None and len(tokens) <= MOST_WORDS:
            return self.kernel.find(tokens, least_points, choices)
        return self.plain.find(tokens, least_points, choices)

    def measured(self, tokens: tuple[Token, ...], row: int) -> Score:
        """The score of one row, first letters aside; without its links where the kernel gives it."""
        fathers = words().fathers
        if self.kernel is None or len(tokens) > MOST_WORDS or any(t.text in fathers for t in tokens):
            return score(tokens, self.row_tokens(row), may_shorten=False)
        total, whole, across = self.kernel.total(tokens, row)
        needed = min(sum(t.bits for t in tokens), int(self.arrays["row_self"][row]))
        return Score(total, needed, (), (), (), (), whole, bool(across))

    def aligned(self, tokens: tuple[Token, ...], row: int, *, may_shorten: bool = True) -> Score:
        """The score of one row with its links; `may_shorten` as in `Reading`."""
        entry = self.row_tokens(row)
        if self.kernel is None or len(tokens) > MOST_WORDS:
            return score(tokens, entry, may_shorten=may_shorten)
        links = []
        for points, i, end, j, last in self.kernel.links(tokens, row):
            why = pair(tokens[i], entry[j])[1] if end - i == last - j == 1 else "joined"
            links.append(Link((i, end), (j, last), points, why))
        return sum_up(tokens, entry, links, may_shorten=may_shorten)


def open_index(folder: Path) -> Index:
    """Open the index that `folder/current` points to. StoreError where there is none."""
    pointer = folder / "current"
    if not pointer.exists():
        raise StoreError("there is no search index", where=str(folder), do="it is made with the first question")
    return Index(folder / pointer.read_text("utf-8").strip())
