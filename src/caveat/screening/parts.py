"""Words cut into parts, so that those within a few edits of another are found without reading all of them.

A word within `k` edits of another, cut into `k + 1` parts, has a part that stands in the other unharmed. So each
word is kept under its parts, for each number of edits it may come into question with; the compiled kernel
(`probe`) looks the parts of a query's word up. A bucket holds pairs (term, half of its letter bag): the bag turns
most of a bucket away before the term is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from caveat.names import Mode

#: Terms are cut from 3 letters to this many (the kernel's MOST_PARTED); the others are few, and read through.
LONGEST = 100
#: The class of sounds; 0 to 2 are those of terms.
SOUND = 3
_SEED, _STEP = 2166136261, 16777619


def is_heard(modes: Any) -> Any:
    """Which of many modes are `Mode.is_heard`; such words are not kept under their parts."""
    import numpy as np

    return np.isin(modes, (Mode.SOUNDED, Mode.BARE))


def part_arrays(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """`part`: (term, sign) pairs in the order of their buckets; `part_start`: where each bucket begins."""
    import numpy as np

    written = ~is_heard(arrays["term_mode"])
    codes, pairs = [np.zeros(0, np.uint32)], [np.zeros((0, 2), np.uint32)]
    for name, classes in (("term", (0, 1, 2)), ("sound", (SOUND,))):
        starts, units = arrays[f"{name}_start"], arrays[f"{name}_units"].astype(np.uint32)
        lengths = np.diff(starts)
        bags = arrays[f"{name}_bag"]
        halves = (bags ^ (bags >> np.uint64(32))).astype(np.uint32)
        for code in classes:
            mine = np.flatnonzero(written & (arrays["term_span"] == (0 if code == SOUND else code)))
            least = 4 if code == SOUND else 3
            for length in range(least, LONGEST + 1):
                places = mine[lengths[mine] == length]
                if not len(places):
                    continue
                letters = units[np.arange(length)[:, None] + starts[places]]
                pair = np.stack([places.astype(np.uint32), halves[places]], 1)
                for found in _cut(letters, code, length):
                    codes.append(found)
                    pairs.append(pair)
    hashes, both = np.concatenate(codes), np.concatenate(pairs).view(np.uint64)[:, 0]
    size = 1 << max(10, len(hashes).bit_length())
    bucket = (hashes ^ (hashes >> np.uint32(15))) & np.uint32(size - 1)
    order = np.sort(bucket.astype(np.uint64) << np.uint64(32) | np.arange(len(bucket), dtype=np.uint64))
    counts = np.bincount(bucket, minlength=size)
    return {
        "part": both[order & np.uint64(2**32 - 1)].view("<u4").reshape(-1, 2),
        "part_start": np.concatenate([[0], np.cumsum(counts)]).astype("<u4"),
    }


def cuts_of(length: int, edits: int) -> Iterator[tuple[int, int]]:
    """(start, size) of the parts of a word of `length` that may bear so many edits: the longer ones last."""
    count = edits + 1
    base, longer = length // count, count - length % count
    at = 0
    for i in range(count):
        size = base + (i >= longer)
        yield at, size
        at += size


def _cut(letters: Any, code: int, length: int) -> Iterator[Any]:
    """The hashes of the parts of words of one length; `letters` has a row for each place in them."""
    import numpy as np

    most = 1 if code == SOUND else 3 if length >= 6 else 2
    for edits in range(1, most + 1):
        for i, (at, size) in enumerate(cuts_of(length, edits)):
            value = np.full(letters.shape[1], _seed(code, length, edits, i), np.uint32)
            for column in range(at, at + size):
                value = (value ^ letters[column]) * np.uint32(_STEP)
            yield value


def _seed(code: int, length: int, edits: int, i: int) -> int:
    return _SEED ^ (((code * 128 + length) * 4 + edits) * 4 + i)


#: The class asked, the shortest length asked, and the most edits of terms of that length and the next ones.
Limits = tuple[int, int, tuple[int, ...]]


def probe(arrays: Mapping[str, Any], text: str, sign: int, limits: tuple[Limits, ...]) -> Any:
    """Numbers of the terms that may lie within so few edits of `text`; one may come more than once.

    `sign` is the half of the text's bag; where `limits` has a number below 0 none is looked for. A swap across the
    end of a part harms the next one only: the part is looked up, too, with its last letter exchanged for the
    letter that follows.
    """
    import numpy as np

    seeds, columns, most = _plan(len(text), limits)
    letters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    value = seeds.copy()
    for places in columns:
        some = value[: len(places)]
        some ^= letters[places]
        some *= np.uint32(_STEP)
    starts, part = arrays["part_start"], arrays["part"]
    bucket = (value ^ (value >> np.uint32(15))) & np.uint32(len(starts) - 2)
    start = starts[bucket].astype(np.int64)
    count = starts[bucket + np.uint32(1)] - start
    found = part[np.repeat(start - (np.cumsum(count) - count), count) + np.arange(count.sum())]
    return found[np.bitwise_count(found[:, 1] ^ np.uint32(sign)) <= 2 * np.repeat(most, count), 0]


@lru_cache(maxsize=4096)
def _plan(size: int, limits: tuple[Limits, ...]) -> tuple[Any, list[Any], Any]:
    """Where the parts of terms may stand in a text of that size: seeds, the places of their letters, edits."""
    import numpy as np

    out: list[tuple[list[int], int, int]] = []
    for code, shortest, of_class in limits:
        for length, limit in enumerate(of_class, shortest):
            if 3 <= length <= LONGEST and abs(size - length) <= limit:
                out += _places(code, size, length, limit)
    out.sort(key=lambda each: -len(each[0]))
    columns = [
        np.array([places[column] for places, _, _ in out if len(places) > column], np.int64)
        for column in range(len(out[0][0]) if out else 0)
    ]
    return np.array([seed for _, seed, _ in out], np.uint32), columns, np.array([most for _, _, most in out], np.int64)


def _places(code: int, size: int, length: int, limit: int) -> Iterator[tuple[list[int], int, int]]:
    off, cuts = size - length, max(limit, 1)
    for i, (at, wide) in enumerate(cuts_of(length, cuts)):
        low, high = max(at - i, at + off - (limit - i), 0), min(at + i, at + off + limit - i, size - wide)
        for start in range(low, high + 1):
            places = list(range(start, start + wide))
            yield places, _seed(code, length, cuts, i), limit
            if limit and i < cuts and start + wide < size:
                yield [*places[:-1], start + wide], _seed(code, length, cuts, i), limit
        if not limit:
            return
