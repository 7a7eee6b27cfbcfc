"""Counts as of each file's own date equal the file's own (distinct numbers, or rows, counted beside the reader)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ledger.small_lists import Desk
from ledger.test_every_file import LISTS
from shared_data import shared

from caveat.model import AsOf
from caveat.sources import open_path

#: One of each layout, and of some lists several dates; the counts are those of `LISTS`.
TAKEN = (
    "au/dfat_2026-08-02.xlsx",
    "bis/dpl_2014-05.txt",
    "bis/dpl_2019-06.txt",
    "bis/dpl_2022-09.txt",
    "bis/dpl_2023-11.txt",
    "bis/dpl_2026-04-14.json",
    "bis/entity_list_2026-07-09.json.gz",
    "bis/meu_list_2026-07-09.json",
    "ca/sema-lmes_2020-04.xml.gz",
    "eu/fsd_global_2016-02-11.xml.gz",
    "jp/meti_end_user_list_2025-09-29.json.gz",
    "ofac-cons/CONS_ENHANCED_2025-01-10.ZIP",
    "ofac-cons/cons_advanced_2020-03-17.xml.gz",
    "ofac-cons/cons_prim_2018-04.pip.gz",
    "ofac-cons/cons_prim_2025-12.csv",
    "ofac-cons/consolidated_2018-04-06.xml.gz",
    "ofac-cons/nscmic_2026-07-09.json",
    "ofac-sdn/ofac-sdn_2026-08-22.json.gz",
    "ofac-sdn/sdn_2014-05.csv.gz",
    "ofac-sdn/sdn_2019-01.csv.gz",
    "ofac-sdn/sdn_2021-07.csv.gz",
    "ofac-sdn/sdn_2021-12-02_0142.csv.gz",
    "ofac-sdn/sdn_2024-05-03.csv.gz",
    "trade-csl/consolidated_2022-04-21.csv.gz",
    "trade-csl/screening-list_2026-07-31.json.gz",
    "uk/boe_sanctions_2016-02-12.csv",
    "uk/ofsi_conlist_2025-04-10.xlsx",
    "un/un_consolidated_2018-08-24.xml.gz",
    "un/un_consolidated_2020-03-20.xml.gz",
    "un/un_consolidated_2026-02-27.xml.gz",
    "un/un_consolidated_2026-08-01.xml.gz",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", TAKEN)
def test_as_many_in_force_on_its_day_as_the_file_holds(new_desk: Callable[..., Desk], name: str) -> None:
    desk = new_desk()
    reports = {r.list: r for r in desk.take(open_path(shared("data", *name.split("/"))))}
    assert set(reports) == set(LISTS[name])
    for list_id, count in LISTS[name].items():
        report = reports[list_id]
        assert (report.status, report.rows, report.added) == ("loaded", count, count)
        assert report.published is not None
        when = AsOf(report.published.day, report.published)
        assert len(desk.ledger.in_force(list_id, when)) == count
        assert desk.ledger.in_force(list_id, AsOf(report.published.day.replace(year=1900), report.published)) == []
