"""The traps that MANIFEST.md tells of, each with the tests that hold it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from ledger.small_lists import Desk, as_of
from shared_data import ROOT, shared

from caveat.model import Entry, Listing
from caveat.sources import open_path, read, recognize

EL, CMIC, ISN = "us.bis.entity_list", "us.ofac.ns_cmic", "us.state.nonproliferation"
CSL_2022 = "trade-csl/consolidated_2022-04-21.csv.gz"
CSL_2026 = "trade-csl/screening-list_2026-07-31.json.gz"
BIS = "bis/entity_list_2026-07-09.json.gz"
CHART = "state/nonproliferation_2025-05.json"

#: A word of each trap in MANIFEST.md -> the tests that hold it (`file: test`).
TRAPS: dict[str, Sequence[str]] = {
    "NetPosa": (
        "ledger/test_starter.py: test_three_firms_show_june_2020_beside_the_csl_date",
        "sources/test_trade_gov.py: test_2022_facts",
        "ledger/test_traps.py: test_28_cite_the_amendment_of_october_2019",
    ),
    "174 of 2,001": ("ledger/test_traps.py: test_days_that_the_list_of_2022_lacks",),
    "cites the first page": ("ledger/test_traps.py: test_the_28_are_one_entry_whichever_page_a_list_cites",),
    "DJI and SMIC": ("ledger/test_traps.py: test_effective_and_published_days_stand_apart",),
    "literal": (
        "sources/test_trade_gov.py: test_2022_facts",
        "ledger/test_traps.py: test_the_bureau_is_one_entry_in_both_spellings",
    ),
    "near-equal spellings": (
        "law/test_terms.py: test_every_real_text_is_understood",
        "ledger/test_traps.py: test_texts_apart_only_in_spacing_and_marks_are_one",
    ),
    "Affiliated Entity": (
        "sources/test_trade_gov.py: test_2022_affiliates_of_huawei",
        "ledger/test_traps.py: test_huawei_stands_in_136_entries",
    ),
    "vanished or were respelled": ("ledger/test_traps.py: test_a_respelled_name_is_no_removal",),
    "expired ISN": (
        "ledger/test_clocks.py: test_what_another_source_still_lists_stands_and_the_end_is_a_disagreement",
        "ledger/test_traps.py: test_what_the_chart_ended_and_the_consolidated_list_kept",
    ),
    "Feeds do break": (
        "ledger/test_refusals.py: test_the_truncated_list_of_november_2023_is_refused",
        "ledger/test_refusals.py: test_the_lawful_shrink_of_december_2021",
        "ledger/test_live.py: test_what_goes_wrong_is_told_and_the_last_good_list_stays",
    ),
}


def entries(file: str, list_id: str = EL) -> list[Entry]:
    """The entries of one list in a real file."""
    (document,) = open_path(shared("data", *file.split("/")))
    return [row.entry for row in read(document, recognize(document)).lists[list_id]]


def loaded(desk: Desk, list_id: str, *files: str) -> Desk:
    """The desk with one list of the files."""
    for file in files:
        (report,) = desk.take(open_path(shared("data", *file.split("/"))), lists=(list_id,))
        assert report.status == "loaded"
    return desk


def named(desk: Desk, name: str, day: str, list_id: str = EL) -> Listing:
    """The one entry of that name."""
    (found,) = (x for x in desk.ledger.listings(desk.ledger.named(name), as_of(day)).values())
    assert found.entry.list == list_id
    return found


def test_every_trap_of_the_manifest_has_a_test_that_exists() -> None:
    text = shared("data", "MANIFEST.md").read_text("utf-8")
    traps = text.partition("## Traps")[2].partition("\n## ")[0]
    lines = [line for line in traps.splitlines() if line.startswith("- ")]
    held = [[word for word in TRAPS if word in line] for line in lines]
    assert all(held) and len({w for words in held for w in words}) == len(TRAPS), held
    for test in (test for tests in TRAPS.values() for test in tests):
        file, _, name = test.partition(": ")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8"), test


@pytest.mark.slow
def test_28_cite_the_amendment_of_october_2019() -> None:
    first = [e for e in entries(BIS) if (84, 54004) in [c.volume_and_page for c in e.citations]]
    assert len(first) == 28
    assert {e.published_on for e in first} == {dt.date(2019, 10, 9)}
    assert sum(e.effective_on == dt.date(2019, 10, 9) for e in entries(CSL_2022)) == 31


@pytest.mark.slow
def test_days_that_the_list_of_2022_lacks(new_desk: Callable[..., Desk]) -> None:
    assert sum(e.effective_on is None for e in entries(CSL_2022)) == 174
    firms = entries(CSL_2022, CMIC)
    assert len(firms) == 68 and all(e.published_on and e.effective_on and e.divest_by for e in firms)
    desk = loaded(new_desk(), EL, CSL_2022)
    assert len(desk.ledger.in_force(EL, as_of("2022-04-21"))) == 2001, "listed since some day not told"
    undated = next(e.name for e in entries(CSL_2022) if e.effective_on is None and e.published_on is None)
    found = named(desk, undated, "2022-04-21")
    assert (found.status, found.since) == ("listed", None)


@pytest.mark.slow
def test_the_28_are_one_entry_whichever_page_a_list_cites(new_desk: Callable[..., Desk]) -> None:
    desk = loaded(new_desk(), EL, CSL_2022, BIS)
    both = as_of("2026-07-10")
    names = [e.name for e in entries(BIS) if (84, 54004) in [c.volume_and_page for c in e.citations]]
    for name in names:
        found = [x for x in desk.ledger.listings(desk.ledger.named(name), both).values() if x.status == "listed"]
        assert len({x.entry.name for x in found}) == len(found), f"{name} stands twice"
        assert any(x.source.stream == "origin" for x in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["DJI", "Semiconductor Manufacturing International Corporation"])
def test_effective_and_published_days_stand_apart(new_desk: Callable[..., Desk], name: str) -> None:
    desk = loaded(new_desk(), EL, CSL_2022, BIS)
    (printed,) = (e.name for e in entries(BIS) if e.name.removesuffix(" (SMIC)") == name)
    found = named(desk, printed, "2026-07-10")
    assert found.entry.effective_on == dt.date(2020, 12, 18)
    assert found.entry.published_on == dt.date(2020, 12, 22)
    assert named(desk, printed, "2026-07-10").since == dt.date(2020, 12, 18)


@pytest.mark.slow
def test_the_bureau_is_one_entry_in_both_spellings(new_desk: Callable[..., Desk]) -> None:
    desk = loaded(new_desk(), EL, CSL_2022, CSL_2026)
    bureau = "Xinjiang {} Autonomous Region (XUAR) People's Government Public Security Bureau"
    ids = {i for spelling in ("Uighur", "Uyghur") for i in desk.ledger.named(bureau.format(spelling))}
    assert len(ids) == 1
    (found,) = desk.ledger.listings(list(ids), as_of("2026-08-01")).values()
    assert "?" not in found.entry.name and "Uyghur" in found.entry.name
    assert found.since == dt.date(2019, 10, 9)


@pytest.mark.slow
def test_texts_apart_only_in_spacing_and_marks_are_one() -> None:
    for file, requirements, policies in ((CSL_2022, 43, 36), (CSL_2026, 89, 78)):
        found = entries(file)
        assert 1 < len({e.license_requirement for e in found}) < requirements
        assert 1 < len({e.license_review_policy for e in found}) < policies


@pytest.mark.slow
def test_huawei_stands_in_136_entries() -> None:
    assert sum("huawei" in " ".join(n.text for n in e.names).casefold() for e in entries(CSL_2022)) == 136


@pytest.mark.slow
def test_a_respelled_name_is_no_removal(new_desk: Callable[..., Desk]) -> None:
    def letters(name: str) -> str:
        return "".join(c for c in name.casefold() if c.isalnum())

    before, after = ({letters(e.name) for e in entries(f)} for f in (CSL_2022, CSL_2026))
    assert (len(before - after), len(after - before)) == (65, 1436)
    desk = loaded(new_desk(), EL, CSL_2022)
    (report,) = desk.take(open_path(shared("data", *CSL_2026.split("/"))), lists=(EL,))
    assert (report.rows, report.added - report.removed) == (3420, 3420 - 2001)
    assert report.removed < 40, "the others go on under another spelling"


@pytest.mark.slow
def test_what_the_chart_ended_and_the_consolidated_list_kept(new_desk: Callable[..., Desk]) -> None:
    desk = loaded(new_desk(), ISN, CHART, CSL_2026)
    kept = named(desk, "Aerospace Industries Organization (AIO)", "2026-08-01", ISN)
    assert (kept.status, kept.entry.removed_on) == ("listed", None)
    assert ("removed_on", dt.date(2019, 3, 21)) in [(d.field, d.other) for d in kept.disagreements]
    ended = {e.name for e in entries(CHART, ISN) if e.removed_on} - {e.name for e in entries(CSL_2026, ISN)}
    assert len(ended) > 300
    assert not ended & set(desk.names("2026-08-01", None, ISN))
