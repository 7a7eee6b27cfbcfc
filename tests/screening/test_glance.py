"""A glance at many names passes over none that a search would have found."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.model import Entry, Name
from caveat.names import find_acronyms, read_name, split
from caveat.screening import Index, Query, may_hit, open_index, search, write_index
from caveat.screening.compiled import UNREAD

#: Short names, long names that others are the first letters of, and words that are read together.
LISTED = (
    "AVIC", "IRISL Benelux", "SMIC", "Norinco", "ZTCO", "Semiconductor Manufacturing International Corporation",
    "Islamic Republic of Iran Shipping Lines", "Yangtze Memory Technologies Company", "Trust No. 38", "Abdul Rahman",
    "Müller Trading I", "V.V. Putin", "Société Générale d'Armement", "Жемчужина", "NK Rosneft", "Golden Sun",
)  # fmt: skip
#: Words that names are made of, some of them in the listed ones.
WORDS = (
    *"aviation industry corporation of china north industries group zeta trading company tehran oil yangtze memory "
    "technologies co ltd abdul rahman abdurrahman ur trust no 38 i ii golden sun international manufacturing "
    "semiconductor shipping lines republic islamic iran j v.v. v.p. müller and smith&co avic's e.g. s.p.a. o'neil "
    "société générale john irisl benelux smic norinco".split(),
    "Жемчужина", "中国",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, Index]:
    """An index with the kernel, and without."""
    folder: Path = tmp_path_factory.mktemp("index")
    write_index(((str(n), Entry("t.list", "unknown", names=(Name(text),))) for n, text in enumerate(LISTED)), folder)
    one, other = open_index(folder), open_index(folder)
    if one.kernel is None:
        pytest.skip("the compiled kernel is not built here")
    other.kernel = None
    return one, other


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_the_kernel_passes_over_the_same_names(both: tuple[Index, Index], seed: int) -> None:
    rng = random.Random(seed)
    names = [" ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 7))) for _ in range(20)]
    queries = [Query(name) for name in names + [rng.choice(LISTED) for _ in range(3)]]
    met, without = (may_hit(index, queries) for index in both)
    assert met == without
    for query, may in zip(queries, met, strict=True):
        assert may or not search(both[0], query), query


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_a_name_that_may_be_shortened_is_read(both: tuple[Index, Index], seed: int) -> None:
    index, rng = both[0], random.Random(seed)
    parts = [rng.choice([w for w in WORDS if w.isalpha() and w.isascii()]) for _ in range(rng.randrange(1, 8))]
    tokens = read_name(" ".join(parts))[0].tokens
    seen = index.kernel.glance([parts], [10**6])[0]  # nothing reaches that line
    is_named = sorted(parts) in [sorted(split(name)) for name in LISTED]
    heads = find_acronyms(tokens) & {"avic", "smic", "ztco", "norinco"}
    if is_named or heads or index.shortened(tokens):
        assert seen == UNREAD


def test_the_order_of_words_does_not_count(both: tuple[Index, Index]) -> None:
    index = both[0]
    names = [["corporation", "international", "manufacturing", "semiconductor"], ["sun", "golden"], ["zeta", "tehran"]]
    assert index.kernel.glance(names, [10**6] * 3) == bytes([2, 2, 0])
    assert index.is_named(names[0])
    assert not index.is_named(["semiconductor", *names[0]])


def test_a_name_without_words_or_with_too_many_is_read(both: tuple[Index, Index]) -> None:
    assert both[0].kernel.glance([[], ["zeta"] * 61, ["zeta"] * 60], [10**6] * 3) == bytes([2, 2, 0])
