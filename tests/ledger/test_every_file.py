"""Every real file at hand: the lists it holds and how many entries, or why it is none. The table is the claim."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_data import shared

from caveat.errors import ShapeError
from caveat.sources import open_path, read, recognize

#: file -> entries by list, as the file counts parties. Where rows and parties differ, the comment says how.
LISTS: dict[str, dict[str, int]] = {
    "au/dfat_2026-08-02.xlsx": {"au.dfat": 3846},  # 11,068 rows: a name a row
    "bis/dpl_2014-05.txt": {"us.bis.denied_persons": 474},
    "bis/dpl_2019-06.txt": {"us.bis.denied_persons": 546},
    "bis/dpl_2022-09.txt": {"us.bis.denied_persons": 581},
    "bis/dpl_2023-11.txt": {"us.bis.denied_persons": 665},
    "bis/dpl_2026-04-14.json": {"us.bis.denied_persons": 564},
    "bis/entity_list_2026-07-09.json.gz": {"us.bis.entity_list": 3409},
    "bis/meu_list_2026-07-09.json": {"us.bis.military_end_user": 70},
    "bis/mieu_2026-07.csv": {"us.bis.military_intelligence_end_user": 13},
    "bis/restricted_parties_kaist_2026-08-18.json.gz": {
        "us.bis.entity_list": 3420,
        "us.bis.military_end_user": 56,
        "us.dhs.uflpa": 144,
        "us.dod.section_1260h": 188,
        "us.dod.section_1286": 130,
        "us.ofac.ns_cmic": 64,
        "jp.meti": 835,
        "ca.ised.named_research": 103,
    },
    "ca/sema-lmes_2020-04.xml.gz": {"ca.sema": 1369},
    "cbp/wro_findings_2026-06-23.json": {"us.cbp.wro": 67},
    "cn/mofcom_lists_2026-07-19.json.gz": {"cn.mofcom": 240},
    "dhs-uflpa/uflpa-entity-list_2026-07-09.html.gz": {"us.dhs.uflpa": 160},  # 163 rows with three headings
    "dhs-uflpa/uflpa_2026-07-09.json": {"us.dhs.uflpa": 148},
    "dod/chinese_military_companies_history.csv": {  # 397 rows: a party stands once an edition
        "us.dod.section_1260h": 229,
    },
    "dod/section_1260h_2026-06-10.json": {"us.dod.section_1260h": 189},  # 80 parents, their subsidiaries in notes
    "dod/section_1286_fy24.json": {"us.dod.section_1286": 134},
    "eu/fsd_global_2016-02-11.xml.gz": {"eu.fsf": 595},
    "eu/journal_32002R0881_2026-08.csv.gz": {"eu.journal.2002_881": 350},
    "eu/journal_32005R1183_2026-08.csv.gz": {"eu.journal.2005_1183": 86},
    "eu/journal_32006R0765_2026-08.csv.gz": {"eu.journal.2006_765": 408},
    "eu/journal_32011R0359_2026-08.csv.gz": {"eu.journal.2011_359": 321},
    "eu/journal_32012R0267_2026-08.csv.gz": {"eu.journal.2012_267": 339},
    "eu/journal_32014R0269_2026-08.csv.gz": {"eu.journal.2014_269": 2802},
    "eu/journal_32014R0833_2026-08.csv.gz": {"eu.journal.2014_833": 1746},
    "eu/journal_32017R1509_2026-08.csv.gz": {"eu.journal.2017_1509": 326},
    "eu/journal_32019R0796_2026-08.csv.gz": {"eu.journal.2019_796": 38},
    "eu/journal_32020R1998_2026-08.csv.gz": {"eu.journal.2020_1998": 177},
    "fcc/covered_list_2026-08.csv": {"us.fcc.covered_list": 17},  # 16 rows, one names two firms
    "fcc/covered_list_table_2026-05.html": {"us.fcc.covered_list": 14},
    "fcc/fcc_covered_2026-07-09.json": {"us.fcc.covered_list": 15},
    "jp/meti_end_user_list_2025-09-29.json.gz": {"jp.meti": 835},
    "jp/meti_russia_designated_2025-09-12.txt.gz": {"jp.meti_russia": 561},  # 3,593 lines of text
    "ofac-cons/CONS_ENHANCED_2025-01-10.ZIP": {"us.ofac.ns_cmic": 68, "us.ofac.consolidated": 375},
    "ofac-cons/cons_add_2018-04.csv": {"us.ofac.ns_cmic": 639, "us.ofac.consolidated": 639},
    "ofac-cons/cons_add_2025-12.csv": {"us.ofac.ns_cmic": 442, "us.ofac.consolidated": 442},
    "ofac-cons/cons_advanced_2020-03-17.xml.gz": {"us.ofac.consolidated": 375},
    "ofac-cons/cons_alt_2018-04.csv": {"us.ofac.ns_cmic": 495, "us.ofac.consolidated": 495},
    "ofac-cons/cons_alt_2025-12.csv": {"us.ofac.ns_cmic": 395, "us.ofac.consolidated": 395},
    "ofac-cons/cons_comments_2025-12.csv": {"us.ofac.ns_cmic": 10, "us.ofac.consolidated": 10},
    "ofac-cons/cons_prim_2018-04.csv.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/cons_prim_2018-04.del.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/cons_prim_2018-04.ff.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/cons_prim_2018-04.pip.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/cons_prim_2025-03.csv": {"us.ofac.ns_cmic": 68, "us.ofac.consolidated": 375},
    "ofac-cons/cons_prim_2025-12.csv": {"us.ofac.ns_cmic": 68, "us.ofac.consolidated": 374},
    "ofac-cons/consolidated_2018-04-06.xml.gz": {"us.ofac.consolidated": 639},
    "ofac-cons/eo14032_annex.json": {"us.ofac.ns_cmic": 59},
    "ofac-cons/nscmic_2026-07-09.json": {"us.ofac.ns_cmic": 68},
    "ofac-sdn/add_2014-05.csv.gz": {"us.ofac.sdn": 5928},
    "ofac-sdn/add_2019-01.csv.gz": {"us.ofac.sdn": 7379},
    "ofac-sdn/add_2021-07.csv.gz": {"us.ofac.sdn": 8976},
    "ofac-sdn/add_2026-08-02.csv.gz": {"us.ofac.sdn": 19181},
    "ofac-sdn/alt_2014-05.csv.gz": {"us.ofac.sdn": 2400},
    "ofac-sdn/alt_2019-01.csv.gz": {"us.ofac.sdn": 3196},
    "ofac-sdn/alt_2021-07.csv.gz": {"us.ofac.sdn": 4139},
    "ofac-sdn/alt_2026-08-02.csv.gz": {"us.ofac.sdn": 8787},
    "ofac-sdn/ofac-sdn_2026-07-25.json.gz": {"us.ofac.sdn": 19254},
    "ofac-sdn/ofac-sdn_2026-08-22.json.gz": {"us.ofac.sdn": 19249},
    "ofac-sdn/sdn_2014-05.csv.gz": {"us.ofac.sdn": 5928},
    "ofac-sdn/sdn_2019-01.csv.gz": {"us.ofac.sdn": 7379},
    "ofac-sdn/sdn_2021-07.csv.gz": {"us.ofac.sdn": 8976},
    "ofac-sdn/sdn_2021-08-18.csv.gz": {"us.ofac.sdn": 9083},
    "ofac-sdn/sdn_2021-11-23.csv.gz": {"us.ofac.sdn": 9107},
    "ofac-sdn/sdn_2021-12-02_0142.csv.gz": {"us.ofac.sdn": 9000},
    "ofac-sdn/sdn_2021-12-02_1850.csv.gz": {"us.ofac.sdn": 9035},
    "ofac-sdn/sdn_2021-12-10.csv.gz": {"us.ofac.sdn": 9146},
    "ofac-sdn/sdn_2022-02-17.csv.gz": {"us.ofac.sdn": 9056},
    "ofac-sdn/sdn_2022-02-23.csv.gz": {"us.ofac.sdn": 9121},
    "ofac-sdn/sdn_2022-02-25.csv.gz": {"us.ofac.sdn": 9214},
    "ofac-sdn/sdn_2022-04-20.csv.gz": {"us.ofac.sdn": 10033},
    "ofac-sdn/sdn_2022-12-21.csv.gz": {"us.ofac.sdn": 11422},
    "ofac-sdn/sdn_2023-06-29.csv.gz": {"us.ofac.sdn": 12631},
    "ofac-sdn/sdn_2023-11-16.csv.gz": {"us.ofac.sdn": 13382},
    "ofac-sdn/sdn_2024-05-03.csv.gz": {"us.ofac.sdn": 14965},
    "ofac-sdn/sdn_comments_2021-07.csv.gz": {"us.ofac.sdn": 5},
    "ofac-sdn/sdn_comments_2026-08-02.csv.gz": {"us.ofac.sdn": 33},
    "ofac-sdn/sdnlist_2016-02.txt.gz": {"us.ofac.sdn": 1283},  # 21,936 lines: a paragraph a name
    "state/debarred_admin_2026-07-09.json": {"us.state.debarred_administrative": 8},
    "state/debarred_statutory_2026-07-09.json": {"us.state.debarred": 779},
    "state/isn_2021.csv": {"us.state.nonproliferation": 213},
    "state/itar_debarred_2018-01-24.csv": {"us.state.debarred": 515},
    "state/nonproliferation_2025-05.json": {"us.state.nonproliferation": 528},
    "state/nonproliferation_page_2016-02.html.gz": {"us.state.nonproliferation": 528},
    "trade-csl/consolidated_2022-04-21.csv.gz": {  # 14,160 rows, 47 twice on one of OFAC's lists
        "us.ofac.sdn": 10026,
        "us.ofac.ns_cmic": 68,
        "us.bis.entity_list": 2001,
        "us.bis.denied_persons": 462,
        "us.bis.unverified": 201,
        "us.bis.military_end_user": 71,
        "us.state.nonproliferation": 163,
        "us.state.debarred": 727,
        "us.ofac.consolidated": 394,
    },
    "trade-csl/consolidated_2025-06_sample12.csv": {
        "us.ofac.sdn": 1,
        "us.bis.entity_list": 1,
        "us.bis.denied_persons": 1,
        "us.bis.unverified": 1,
        "us.bis.military_end_user": 1,
        "us.state.nonproliferation": 1,
        "us.state.debarred": 1,
        "us.ofac.consolidated": 6,
    },
    "trade-csl/csl_2019-12_sample.csv": {
        "us.ofac.sdn": 28,
        "us.bis.entity_list": 22,
        "us.bis.denied_persons": 8,
        "us.bis.unverified": 4,
        "us.state.nonproliferation": 3,
        "us.state.debarred": 10,
        "us.ofac.consolidated": 40,
    },
    "trade-csl/screening-list_2026-07-31.json.gz": {  # 25,921 rows, 3 twice on one of OFAC's lists
        "us.ofac.sdn": 19181,
        "us.ofac.ns_cmic": 68,
        "us.bis.entity_list": 3420,
        "us.bis.denied_persons": 1596,
        "us.bis.unverified": 222,
        "us.bis.military_end_user": 70,
        "us.state.nonproliferation": 161,
        "us.state.debarred": 787,
        "us.ofac.consolidated": 413,
    },
    "uk/boe_sanctions_2016-02-12.csv": {"uk.ofsi": 463},  # 800 rows: a name a row
    "uk/ofsi_conlist_2025-04-10.xlsx": {"uk.ofsi": 4686},  # 18,796 rows: a name a row
    "un/un_consolidated_2018-08-24.xml.gz": {"un.sc": 1098},
    "un/un_consolidated_2020-03-20.xml.gz": {"un.sc": 1014},
    "un/un_consolidated_2026-02-27.xml.gz": {"un.sc": 1003},
    "un/un_consolidated_2026-08-01.xml.gz": {"un.sc": 1011},
    "us-legislation/inksna.csv": {"us.state.inksna": 28},
    "us-legislation/section_1286.csv": {"us.dod.section_1286": 156},  # 443 rows of four editions, the newest taken
    "us-legislation/section_154.csv": {"us.dod.section_154": 6},
    "us-legislation/section_353.csv": {"us.state.section_353": 167},
    "us-legislation/section_5949.csv": {"us.far.section_5949": 3},
    "us-legislation/section_889.csv": {"us.far.section_889": 5},
}  # fmt: skip
#: file or folder -> why it is no list that can be read. A folder speaks for every file in it.
NO_LISTS = {
    "bis/china_university_entity_list_rawcells_2026-03-30.json": "raw cells: tried in test_bis_text",
    "ear-reference": "law, classifications and tariffs: no parties",
    "federal-register": "summaries of rules",
    "names": "names for tests, listed nowhere",
    "ofac-cons/cons_dat_spec.txt": "a description of the layout",
    "ofac-cons/consolidated.xsd": "a schema",
    "ofac-sdn/dat_spec.txt": "a description of the layout",
    "ownership": "owners, read with load-edges",
    "trade-csl/csl_2023-11_PARTIAL_truncated.csv.gz": "cut off: refused, and the list before it stays",
    "us-legislation/fr_notices.csv": "notices with their addresses: no parties",
}  # fmt: skip


def _why_not(name: str) -> str | None:
    return NO_LISTS.get(name) or NO_LISTS.get(name.split("/", 1)[0])


def test_the_table_speaks_of_every_file() -> None:
    folder = shared("data", "MANIFEST.md").parent
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"MANIFEST.md"}
    assert {name for name in there if name not in LISTS and not _why_not(name)} == set()
    assert set(LISTS) - there == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_it_holds_what_the_table_says(name: str) -> None:
    (document,) = open_path(shared("data", *name.split("/")))
    reading = read(document, recognize(document))
    assert {list_id: len(rows) for list_id, rows in reading.lists.items()} == LISTS[name]


def test_what_is_no_list_is_refused_in_one_line() -> None:
    folder = shared("data", "MANIFEST.md").parent
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and _why_not(p.relative_to(folder).as_posix())]
    assert len(files) > 40
    for path in files:
        try:
            documents = list(open_path(path))
        except ShapeError as error:
            assert Path(path).name.removesuffix(".gz") in str(error)
            continue
        for document in documents:
            with pytest.raises(ShapeError) as caught:
                read(document, recognize(document))
            assert document.name in str(caught.value) and "\n" not in str(caught.value)
