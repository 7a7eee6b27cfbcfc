"""An index opened: mapped arrays, the words of a row, and which rows share a word with a query."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from caveat.errors import StoreError
from caveat.names import Mode, Token, TokenKind, find_acronyms, fold, key, may_be_acronym, run_skeleton, split, words
from caveat.screening.addresses import address_codes
from caveat.screening.build import LAYOUT, name_code
from caveat.screening.compiled import MOST_WORDS, compiled
from caveat.screening.evidence import most_points, name_points, weights
from caveat.screening.identifiers import normal_number
from caveat.screening.letters import bag
from caveat.screening.rows import read_term
from caveat.screening.runs import spans
from caveat.screening.scorer import LIGHT, Link, Score, most_edits, pair, score, spelling_cost, sum_up


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
        self._codes = memoryview(np.ascontiguousarray(a["code"]).data).cast("B").cast("Q")
        self.kernel = compiled(a)
        self._lists: dict[str, list[str]] = {}
        self._terms_of: dict[tuple[str, str, bool, bool, int], Any] = {}
        self.rows = len(a["row_entry"])
        self.entries = len(a["card_start"]) - 1

    # what stands in the index

    def term_text(self, place: int) -> str:
        """The word of a term."""
        start = self.arrays["term_start"]
        return str(self.arrays["term_units"][int(start[place]) : int(start[place + 1])].tobytes().decode("utf-32-le"))

    def row_tokens(self, row: int) -> tuple[Token, ...]:
        """The tokens of a row, as they were read when it was built."""
        a = self.arrays
        places = a["row_words"][int(a["row_start"][row]) : int(a["row_start"][row + 1])]
        return tuple(self._token(int(place)) for place in places)

    @lru_cache(maxsize=50_000)  # noqa: B019 - an index lives as long as the process that opened it
    def _token(self, place: int) -> Token:
        return read_term(self.term_text(place), int(self.arrays["term_mode"][place]))

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
        single = np.flatnonzero(np.diff(self.arrays["row_start"]) == 1).tolist()
        return frozenset(k for k in (key(self.name(row)) for row in single) if k.isascii() and 4 <= len(k) <= 8)

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
        code = name_code(parts)
        place = bisect_left(self._codes, code)
        return place < len(self._codes) and self._codes[place] == code

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

        The compiled kernel does it where it is there, to the figures of the reference scorer.
        """
        if self.kernel is not None and len(tokens) <= MOST_WORDS:
            return self.kernel.find(tokens, least_points, choices)
        out = []
        for row in self.rows_near(tokens, least_points):
            points = name_points(score(tokens, self.row_tokens(int(row))), False, choices)
            if points >= least_points:
                out.append((int(row), points))
        return out

    def measured(self, tokens: tuple[Token, ...], row: int) -> Score:
        """The score of one row, first letters aside; without its links where the kernel gives it."""
        fathers = words().fathers
        if self.kernel is None or len(tokens) > MOST_WORDS or any(t.text in fathers for t in tokens):
            return score(tokens, self.row_tokens(row))
        total, whole, across = self.kernel.total(tokens, row)
        needed = min(sum(t.bits for t in tokens), int(self.arrays["row_self"][row]))
        return Score(total, needed, (), (), (), (), bool(whole), bool(across))

    def aligned(self, tokens: tuple[Token, ...], row: int) -> Score:
        """The score of one row with its links."""
        entry = self.row_tokens(row)
        if self.kernel is None or len(tokens) > MOST_WORDS:
            return score(tokens, entry)
        links = []
        for points, i, end, j, last in self.kernel.links(tokens, row):
            why = pair(tokens[i], entry[j])[1] if end - i == last - j == 1 else "joined"
            links.append(Link((i, end), (j, last), points, why))
        return sum_up(tokens, entry, links)

    def rows_near(self, tokens: tuple[Token, ...], least_points: int) -> Any:
        """Rows that share, up to spelling, enough of the query's words to reach `least_points`.

        Returns an array of row numbers. A row that shares none of the chosen words of the query cannot reach
        the points: its remaining words earn too little. So only the rows of the chosen words are read.
        """
        order = sorted(range(len(tokens)), key=lambda i: (-tokens[i].bits, i))
        rest = sum(t.bits for t in tokens)
        own = rest
        weighty = own - sum(t.bits + t.loss for t in tokens if t.kind in LIGHT)
        chosen: list[int] = []
        for i in order:
            most = rest - sum(tokens[c].loss for c in chosen)
            if most_points(most, rest, may_be_whole=rest >= weighty) < least_points:
                break
            chosen.append(i)
            rest -= tokens[i].bits
        pieces = list(self._pieces(tokens))
        rows = self._touched(pieces, chosen)
        if rows is None:
            return np.zeros(0, np.int64)
        reach = np.zeros(self.rows, np.int32)
        for i in range(len(tokens)):
            met = self._met(pieces, i)
            if met is not None:
                reach[met] += tokens[i].bits + tokens[i].loss
        total = np.maximum(reach[rows].astype(np.int64) - sum(t.loss for t in tokens), 0)
        needed = np.minimum(self.arrays["row_self"][rows], own)
        w = weights()
        bound = (
            w["base"]
            + w["ratio"] * np.minimum(1000, total * 1000 // np.maximum(1, needed)) // 1000
            + w["rarity"] * np.minimum(total, w["rarity_cap"]) // 1000
            + np.where(total >= weighty, w["whole"], 0)
        )
        return rows[bound >= least_points]

    def _touched(self, pieces: list[tuple[tuple[Token, ...], range]], chosen: list[int]) -> Any:
        """The rows of the chosen words; None where there is none."""
        met = [rows for i in chosen for rows in (self._met(pieces, i),) if rows is not None]
        return np.unique(np.concatenate(met)) if met else None

    def _met(self, pieces: list[tuple[tuple[Token, ...], range]], i: int) -> Any:
        """The rows with a term near one word of the query, alone or run together; None where there is none."""
        found = [self.terms_near(some) for some, covered in pieces if i in covered]
        found = [places for places in found if len(places)]
        if not found:
            return None
        rows = self._rows_of(np.unique(np.concatenate(found)))
        return rows if len(rows) else None

    def _rows_of(self, places: Any) -> Any:
        a = self.arrays
        starts, posting = a["posting_start"], a["posting"]
        parts = [posting[int(starts[p]) : int(starts[p + 1])] for p in places.tolist()]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)

    @staticmethod
    def _pieces(tokens: tuple[Token, ...]) -> Iterable[tuple[tuple[Token, ...], range]]:
        for i in range(len(tokens)):
            yield tokens[i : i + 1], range(i, i + 1)
        for size in (2, 3):
            for i in range(len(tokens) - size + 1):
                if spans(tokens[i : i + size]):
                    yield tokens[i : i + size], range(i, i + size)
        if len(tokens) == 4 and spans(tokens):
            yield tokens, range(4)

    def terms_near(self, some: tuple[Token, ...]) -> Any:
        """The terms that agree, up to spelling, with words of the query run together."""
        text = "".join(t.text for t in some)
        bare = run_skeleton(t.skeleton for t in some)
        mode = max(int(t.mode) for t in some)
        seen = all(t.seen for t in some)
        cache_key = (text, bare, len(some) == 1, seen, mode)
        found = self._terms_of.get(cache_key)
        if found is None:
            if len(self._terms_of) > 200_000:
                self._terms_of.clear()
            found = self._find_terms(some, text, bare, mode, seen)
            self._terms_of[cache_key] = found
        return found

    def _find_terms(self, some: tuple[Token, ...], text: str, bare: str, mode: int, seen: bool) -> Any:
        a = self.arrays
        heard = self._within(bare, "bare", most_edits(len(bare) + 4))
        if mode != Mode.WRITTEN:
            out = heard
        else:
            out = {place for place in heard if a["term_mode"][place]}
            sound = fold(text) if len(some) == 1 else ""
            near = self._within(text, "term", most_edits(len(text) + 1))
            if len(sound) > 2:
                near |= self._within(sound, "sound", int(len(sound) > 5))
            for place in near:
                other = self.term_text(place)
                if spelling_cost(text, other, sound, fold(other) if sound else "", seen)[0] >= 0:
                    out.add(place)
        if len(some) == 1 and some[0].group:
            out |= set(np.flatnonzero((a["term_group"] == some[0].group) & (a["term_span"] == 0)).tolist())
        if len(some) == 1 and some[0].kind is TokenKind.INITIAL:
            out = {place for place in out if self.term_text(place) == text}
        return np.array(sorted(out), np.int64)

    def _within(self, text: str, which: str, most: int) -> set[int]:
        """The terms whose letters (`term`), sound or consonants (`bare`) are so many edits away at most."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = np.abs(self.arrays[f"{which}_length"] - np.int8(min(len(text), 120))) <= most
        near &= np.bitwise_count(self.arrays[f"{which}_bag"] ^ np.uint64(bag(text))) <= 2 * most
        places = np.flatnonzero(near)
        if not len(places):
            return set()
        if which not in self._lists:
            blob = self.arrays[f"{which}_units"].tobytes().decode("utf-32-le")
            self._lists[which] = [blob[i:j] for i, j in pairwise(self.arrays[f"{which}_start"].tolist())]
        texts = self._lists[which]
        far = process.cdist([text], [texts[p] for p in places.tolist()], scorer=OSA.distance, score_cutoff=most)[0]
        return set(places[far <= most].tolist())


def open_index(folder: Path) -> Index:
    """Open the index that `folder/current` points to. StoreError where there is none."""
    pointer = folder / "current"
    if not pointer.exists():
        raise StoreError("there is no search index", where=str(folder), do="it is made with the first question")
    return Index(folder / pointer.read_text("utf-8").strip())
