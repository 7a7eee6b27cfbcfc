"""Counts as of each file's own date equal the file's own (distinct numbers, or rows, counted beside the reader)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ledger.small_lists import Desk
from shared_data import shared

from caveat.model import AsOf
from caveat.sources import open_path

#: file -> entries by list. One row a party, but where the publisher gives one party many rows
#: (UK, Australia: groups; SDN of 2014 to 2024: numbers).
COUNTS = {
    "au/dfat_2026-08-02.xlsx": {"au.dfat": 3846},
    "bis/dpl_2014-05.txt": {"us.bis.denied_persons": 474},
    "bis/dpl_2019-06.txt": {"us.bis.denied_persons": 546},
    "bis/dpl_2022-09.txt": {"us.bis.denied_persons": 581},
    "bis/dpl_2023-11.txt": {"us.bis.denied_persons": 665},
    "bis/dpl_2026-04-14.json": {"us.bis.denied_persons": 564},
    "bis/entity_list_2026-07-09.json.gz": {"us.bis.entity_list": 3409},
    "bis/meu_list_2026-07-09.json": {"us.bis.military_end_user": 70},
    "ca/sema-lmes_2020-04.xml.gz": {"ca.sema": 1369},
    "eu/fsd_global_2016-02-11.xml.gz": {"eu.fsf": 595},
    "jp/meti_end_user_list_2025-09-29.json.gz": {"jp.meti": 835},
    "ofac-cons/CONS_ENHANCED_2025-01-10.ZIP": {"us.ofac.ns_cmic": 68, "us.ofac.consolidated": 375},
    "ofac-cons/cons_advanced_2020-03-17.xml.gz": {"us.ofac.consolidated": 375},
    "ofac-cons/cons_prim_2018-04.pip.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/cons_prim_2025-12.csv": {"us.ofac.ns_cmic": 68, "us.ofac.consolidated": 374},
    "ofac-cons/consolidated_2018-04-06.xml.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/nscmic_2026-07-09.json": {"us.ofac.ns_cmic": 68},
    "ofac-sdn/ofac-sdn_2026-08-22.json.gz": {"us.ofac.sdn": 19249},
    "ofac-sdn/sdn_2014-05.csv.gz": {"us.ofac.sdn": 5928},
    "ofac-sdn/sdn_2019-01.csv.gz": {"us.ofac.sdn": 7379},
    "ofac-sdn/sdn_2021-07.csv.gz": {"us.ofac.sdn": 8976},
    "ofac-sdn/sdn_2021-12-02_0142.csv.gz": {"us.ofac.sdn": 9000},
    "ofac-sdn/sdn_2024-05-03.csv.gz": {"us.ofac.sdn": 14965},
    "trade-csl/consolidated_2022-04-21.csv.gz": {
        "us.ofac.sdn": 10026, "us.bis.entity_list": 2001, "us.bis.military_end_user": 71, "us.bis.unverified": 201,
        "us.ofac.ns_cmic": 68, "us.state.debarred": 727, "us.bis.denied_persons": 462,
    },
    "trade-csl/screening-list_2026-07-31.json.gz": {"us.bis.entity_list": 3420},
    "uk/boe_sanctions_2016-02-12.csv": {"uk.ofsi": 463},
    "uk/ofsi_conlist_2025-04-10.xlsx": {"uk.ofsi": 4686},
    "un/un_consolidated_2018-08-24.xml.gz": {"un.sc": 1098},
    "un/un_consolidated_2020-03-20.xml.gz": {"un.sc": 1014},
    "un/un_consolidated_2026-02-27.xml.gz": {"un.sc": 1003},
    "un/un_consolidated_2026-08-01.xml.gz": {"un.sc": 1011},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_as_many_in_force_on_its_day_as_the_file_holds(new_desk: Callable[..., Desk], name: str) -> None:
    desk = new_desk()
    reports = {r.list: r for r in desk.take(open_path(shared("data", *name.split("/"))))}
    for list_id, count in COUNTS[name].items():
        report = reports[list_id]
        assert (report.status, report.rows, report.added) == ("loaded", count, count)
        assert report.published is not None
        when = AsOf(report.published.day, report.published)
        assert len(desk.ledger.in_force(list_id, when)) == count
        assert desk.ledger.in_force(list_id, AsOf(report.published.day.replace(year=1900), report.published)) == []
