"""The starter record: what it holds, and that each fact agrees with the real lists."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import re
import time
from collections import Counter
from typing import Any

import pytest
from shared_data import shared

from caveat.model import Entry
from caveat.record import Record, StarterEntry, read_record

EL = "us.bis.entity_list"
DAY = dt.date.fromisoformat


@pytest.fixture(scope="module")
def record() -> Record:
    return read_record()


def listed(record: Record, list_id: str) -> list[StarterEntry]:
    return [entry for entry in record.entries if entry.list == list_id]


def find(record: Record, list_id: str, name: str) -> StarterEntry:
    (entry,) = [e for e in listed(record, list_id) if e.entry.name == name]
    return entry


def on(entry: StarterEntry, day: str) -> Entry:
    return [s for s in entry.states if s.from_ <= DAY(day)][-1].entry


def letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold().replace("uighur", "uyghur"))


# what stands there


def test_counts_per_list(record: Record) -> None:
    assert Counter(e.list for e in record.entries) == {
        EL: 98, "us.ofac.ns_cmic": 15, "us.ofac.sdn": 14, "us.dhs.uflpa": 16, "us.cbp.wro": 11, "us.state.visa": 1,
        "us.fcc.covered_list": 12, "us.fcc.section_214": 1, "us.far.section_889": 5, "us.dod.section_1260h": 16,
    }  # fmt: skip


def test_october_2019_holds_28(record: Record) -> None:
    of_that_day = [e for e in listed(record, EL) if e.entry.effective_on == DAY("2019-10-09")]
    assert len(of_that_day) == 28
    assert sum("Public Security Bureau" in e.entry.name for e in of_that_day) == 19
    assert not any(e.entry.corrects for e in of_that_day)
    assert {e.entry.announced_on for e in of_that_day} == {DAY("2019-10-07")}
    assert {e.states[0].known.text for e in of_that_day} == {"2019-10-09"}
    assert {e.states[0].citation.cite for e in of_that_day} == {"84 FR 54002"}


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2020-06-05", 33),
        ("2021-07-12", 14),
        ("2019-06-24", 1),
        ("2020-12-18", 10),
        ("2021-06-24", 1),
        ("2019-05-16", 8),
    ],
)
def test_entity_list_by_day(record: Record, day: str, count: int) -> None:
    assert sum(e.entry.effective_on == DAY(day) for e in listed(record, EL)) == count


def test_three_correct_the_consolidated_list(record: Record) -> None:
    for name in ("NetPosa", "SenseNets", "Nanjing FiberHome Starrysky Communication Development Co."):
        entry = find(record, EL, name).entry
        assert (entry.effective_on, entry.corrects, entry.citations[0].cite) == (
            DAY("2020-06-05"), ("effective_on",), "85 FR 34505",
        )  # fmt: skip


def test_infectious_disease_limb_begins_in_july_2020(record: Record) -> None:
    hikvision = find(record, EL, "Hangzhou Hikvision Digital Technology Co., Ltd.")
    limb = "items necessary to detect, identify and treat infectious disease"
    assert limb not in (on(hikvision, "2020-07-21").license_review_policy or "")
    assert limb in (on(hikvision, "2020-07-22").license_review_policy or "")
    assert hikvision.entry.footnotes == ()
    assert [c.cite for c in hikvision.states[0].entry.citations] == ["84 FR 54002"]


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("Dahua Technology", "Presumption of denial"),
        ("Sugon", "Presumption of denial"),
        ("IFLYTEK", "Case-by-case"),
        ("Megvii Technology", "Case-by-case"),
        ("Beijing Sensetime Technology Development Co., Ltd.", "Case-by-case"),
        ("Yitu Technologies", "Case-by-case"),
        ("Intellifusion", "Case-by-case"),
    ],
)
def test_footnote_4_from_21_october_2022(record: Record, name: str, policy: str) -> None:
    entry = find(record, EL, name)
    before, after = on(entry, "2022-10-20"), on(entry, "2022-10-21")
    assert before.footnotes == () and "734.9(e)" not in (before.license_requirement or "")
    assert after.footnotes == ("4",) and "734.9(e)" in (after.license_requirement or "")
    assert (after.license_review_policy or "").startswith(policy)
    if name == "Dahua Technology":
        assert (before.license_review_policy or "").startswith("Case-by-case")


def test_dji_exception_from_june_2021(record: Record) -> None:
    dji = find(record, EL, "DJI")
    assert "except for EAR99" not in (on(dji, "2021-05-31").license_requirement or "")
    assert "except for EAR99" in (on(dji, "2021-06-01").license_requirement or "")
    assert not dji.states[0].confirmed and "license_requirement" in dji.states[0].entry.unconfirmed
    assert dji.states[1].confirmed and dji.entry.unconfirmed == ()


def test_huawei_and_smic_footnotes(record: Record) -> None:
    huawei = find(record, EL, "Huawei Technologies Co., Ltd.")
    assert [(s.from_.isoformat(), s.entry.footnotes) for s in huawei.states] == [
        ("2019-05-16", ()), ("2020-08-17", ("1", "2")), ("2022-09-09", ("1", "2")),
    ]  # fmt: skip
    smic = find(record, EL, "Semiconductor Manufacturing International Corporation (SMIC)")
    assert [s.entry.footnotes for s in smic.states] == [(), ("5",)]


def test_sensetime_was_sense_time(record: Record) -> None:
    sensetime = find(record, EL, "Beijing Sensetime Technology Development Co., Ltd.")
    assert on(sensetime, "2020-06-04").name == "Sense Time"
    assert on(sensetime, "2020-06-05").name == "Beijing Sensetime Technology Development Co., Ltd."
    assert {n.text for n in on(sensetime, "2020-06-04").names} == {n.text for n in sensetime.entry.names}


def test_removals(record: Record) -> None:
    removed = {e.entry.name: e.removed for e in record.entries if e.removed}
    assert set(removed) == {
        "Ministry of Public Security's Institute of Forensic Science of China",
        "Beijing Megvii Technology Co., Ltd.",
        "China Telecommunications Corporation",
    }
    institute = removed["Ministry of Public Security's Institute of Forensic Science of China"]
    megvii = removed["Beijing Megvii Technology Co., Ltd."]
    assert institute and (institute.on, institute.citation.cite) == (DAY("2023-11-16"), "FR Doc. 2023-25557")
    assert megvii and megvii.on == DAY("2025-01-07")
    assert all(s.entry.removed_on is None for e in record.entries for s in e.states), "no state knows its end"


def test_ns_cmic_dates(record: Record) -> None:
    dates = Counter(
        (e.entry.announced_on, e.entry.effective_on, e.entry.divest_by) for e in listed(record, "us.ofac.ns_cmic")
    )
    assert dates == {
        (DAY("2021-12-16"), DAY("2022-02-14"), DAY("2022-12-16")): 8,
        (DAY("2021-12-10"), DAY("2022-02-08"), DAY("2022-12-10")): 1,
        (DAY("2021-06-03"), DAY("2021-08-02"), DAY("2022-06-03")): 6,
    }


def test_other_measures(record: Record) -> None:
    (order,) = listed(record, "us.fcc.section_214")
    assert (order.entry.announced_on, order.entry.published_on) == (DAY("2021-10-26"), DAY("2021-11-02"))
    assert find(record, "us.fcc.covered_list", "China Telecom (Americas) Corp.").entry.effective_on == DAY("2022-03-25")
    firms = {e.entry.name for e in listed(record, "us.far.section_889")}
    assert firms == {
        e.entry.name for e in listed(record, "us.fcc.covered_list") if e.entry.effective_on == DAY("2021-03-12")
    }
    (visa,) = listed(record, "us.state.visa")
    assert (visa.entry.kind, visa.entry.effective_on) == ("unknown", DAY("2019-10-08"))
    assert find(record, "us.cbp.wro", "Xinjiang Uyghur Autonomous Region (XUAR)").entry.effective_on == DAY(
        "2021-01-13"
    )


def test_sdn_days_are_not_confirmed(record: Record) -> None:
    for entry in listed(record, "us.ofac.sdn"):
        assert "effective_on" in entry.entry.unconfirmed
        assert not entry.states[0].confirmed and not entry.states[0].citation.confirmed


@pytest.mark.parametrize(
    ("list_id", "names"),
    [
        (
            EL,
            "Xinjiang Police College; Yixin Technology; Ecguard; Xiamen Meiya Pico Information Co. Ltd.; Dawning; DJI",
        ),
        (EL, "Aqsu District Public Security Bureau; Altay Municipality Public Security Bureau"),
        (EL, "Bayingolin Mongolian Autonomous Prefecture Public Security Bureau"),
        (EL, "Bortala Mongolian Autonomous Prefecture Public Security Bureau"),
        (EL, "Changji Hui Autonomous Prefecture Public Security Bureau; Kumul Municipality Public Security Bureau"),
        (EL, "Hotan Prefecture Public Security Bureau; Kashi Prefecture Public Security Bureau"),
        (EL, "Karamay Municipality Public Security Bureau; Kizilsu Autonomous Prefecture Public Security Bureau"),
        (EL, "Shihezi Municipality Public Security Bureau; Tacheng Prefecture Public Security Bureau"),
        (EL, "Tumxuk Municipal Public Security Bureau; Turpan Municipality Public Security Bureau"),
        (EL, "Urumqi Municipal Public Security Bureau; Wujiaqu Municipality Public Security Bureau"),
        (EL, "Xinjiang Production and Construction Corps (XPCC) Public Security Bureau"),
        (EL, "Ili Kazakh Autonomous Prefecture Public Security Bureau; Hikvision; Sense Time; IFLYTEK; LAJS"),
        (EL, "Urumqi Tianyao Weiye Information Technology Service Co., Ltd.; Xi Ling Information; Lion Technology"),
        (EL, "Xinjiang Sailing Information Technology Co., Ltd.; Leon Technology Co., Ltd.; Yun Cong Technology"),
        (EL, "Dongfang Wangli Technology; Zhongke Shuguang; Da-Jiang Innovations; SMIC Shanghai; Huawei Technology"),
        (EL, "Hesheng Silicon Industry (Shanshan) Co., Ltd.; Intellifusion; IS'Vision; SenseNets"),
        ("us.ofac.ns_cmic", "SZ DJI TECHNOLOGY CO., LTD.; SUGON; NETPOSA; LEON TECHNOLOGY CO., LTD.; YITU LIMITED"),
        ("us.ofac.sdn", "PUBLIC SECURITY DEPARTMENT OF XUAR; CHEN, Quanguo; ZHU, Hailun; WANG, Mingshan; HUO, Liujun"),
        ("us.ofac.sdn", "SUN, Jinlong; PENG, Jiarui; WANG, Junzheng; CHEN, Mingguo; ZAKIR, Shohrat; TUNIYAZ, Erken"),
        ("us.ofac.sdn", "HU, Lianhe; GAO, Qi; XINJIANG PRODUCTION AND CONSTRUCTION CORPS"),
        ("us.dhs.uflpa", "Hoshine Silicon Industry (Shanshan) Co., Ltd., and Subsidiaries; XPCC"),
    ],
)
def test_names_of_the_articles_and_rules(record: Record, list_id: str, names: str) -> None:
    held = {n.text for e in listed(record, list_id) for n in e.entry.names}
    assert set(names.split("; ")) <= held


def test_both_scripts(record: Record) -> None:
    names = {n.text: n.source for e in record.entries for n in e.entry.names if n.script == "Hani"}
    for text in (
        "海康威视",
        "大华",
        "科大讯飞",
        "旷视科技",
        "商汤",
        "依图科技",
        "颐信科技",
        "大疆创新",
        "云从科技",
        "曙光信息产业",
    ):
        assert names[text] == "as printed in the Chinese press"
    for text in ("乌鲁木齐天耀伟业", "新疆熙菱信息", "立昂技术", "东方网力", "中芯国际", "国投智能"):
        assert names[text] == "not confirmed"
    assert all(names.values()), "a name in Han script says where it comes from"


@pytest.mark.parametrize(
    ("key", "lists"),
    [
        ("hikvision", {EL, "us.ofac.ns_cmic", "us.fcc.covered_list", "us.far.section_889", "us.dod.section_1260h"}),
        ("dahua", {EL, "us.fcc.covered_list", "us.far.section_889", "us.dod.section_1260h"}),
        ("megvii", {EL, "us.ofac.ns_cmic", "us.dod.section_1260h"}),
        ("xuar_psb", {EL, "us.ofac.sdn"}),
        ("xpcc", {"us.ofac.sdn", "us.dhs.uflpa", "us.cbp.wro"}),
        ("hoshine", {EL, "us.dhs.uflpa", "us.cbp.wro"}),
        ("china_telecom_americas", {"us.fcc.covered_list", "us.fcc.section_214"}),
    ],
)
def test_parties_join_lists(record: Record, key: str, lists: set[str]) -> None:
    assert {e.list for e in record.entries if e.party_key == key} == lists
    assert record.parties[key] and record.reasons[key]


def test_every_state_is_whole(record: Record) -> None:
    for starter in record.entries:
        for state in starter.states:
            assert state.entry.name and state.citation.cite and state.entry.citations, starter.row
            assert Entry.from_dict(state.entry.to_dict()) == state.entry
            assert all(c.date is None or c.date <= state.known.day for c in state.entry.citations) or (
                state.entry.citations == (state.citation,)
            ), f"{starter.row}: a chain that knows the future"
        if starter.list == EL:
            assert all(s.entry.license_requirement and s.entry.license_review_policy for s in starter.states)


def test_loads_fast(record: Record) -> None:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        again = read_record()
        took.append(time.perf_counter() - start)
    assert again == record
    assert min(took) < 0.5, "about 0.03 s on a quiet machine; 0.12 s is the promise"


# against the real lists


def csl_2022() -> list[dict[str, str]]:
    path = shared("data", "trade-csl", "consolidated_2022-04-21.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["source"].startswith("Entity List")]


def bis_2026() -> list[dict[str, Any]]:
    with gzip.open(shared("data", "bis", "entity_list_2026-07-09.json.gz")) as file:
        entities: list[dict[str, Any]] = json.load(file)["entities"]
    return entities


def test_every_entity_list_name_is_on_the_real_list(record: Record) -> None:
    printed = {letters(row["name"]) for row in csl_2022()} | {letters(row["name"]) for row in bis_2026()}
    printed |= {letters(a) for row in bis_2026() for a in row["aliases"]}
    missing = [e.row for e in listed(record, EL) if letters(e.entry.name) not in printed]
    assert missing == []


def test_entity_list_days_agree_with_the_chains(record: Record) -> None:
    first: dict[str, dt.date] = {}
    for row in bis_2026():
        if found := re.search(r"(\d+)/(\d+)/(\d+)", row["federal_register"] or ""):
            month, day, year = map(int, found.groups())
            first.setdefault(letters(row["name"]), dt.date(2000 + year, month, day))
    checked = 0
    for starter in listed(record, EL):
        if printed := first.get(letters(starter.entry.name)):
            assert starter.entry.published_on == printed, starter.row
            checked += 1
    assert checked >= 95


def test_entity_list_texts_agree_with_the_list_of_2022(record: Record) -> None:
    rows: dict[str, list[dict[str, str]]] = {}  # a party may have a row per country, or per rule
    for row in csl_2022():
        rows.setdefault(letters(row["name"]), []).append(row)
    checked = 0
    for starter in listed(record, EL):
        printed = rows.get(letters(starter.entry.name), [])
        if not printed:
            continue
        said = on(starter, "2022-04-21")
        policies = {letters(row["license_policy"]) for row in printed}
        assert letters(said.license_review_policy or "") in policies, starter.row
        days = {row["start_date"] for row in printed}
        doubted = {*said.corrects, *said.unconfirmed}
        assert (str(said.effective_on) in days) == ("effective_on" not in doubted), starter.row
        checked += 1
    assert checked >= 90


def test_entity_list_texts_agree_with_the_list_of_2026(record: Record) -> None:
    with gzip.open(shared("data", "trade-csl", "screening-list_2026-07-31.json.gz")) as file:
        data = json.load(file)
    tables = data["tables"]
    rows: dict[str, list[tuple[str, str]]] = {}
    for row in data["entries"]:
        if tables["sources"][row["s"]].startswith("Entity List") and "lp" in row:
            said = tables["licenceRequirements"][row["lr"]], tables["licencePolicies"][row["lp"]]
            rows.setdefault(letters(row["n"]), []).append(said)
    checked = 0
    for starter in listed(record, EL):
        if starter.removed or not (printed := rows.get(letters(starter.entry.name))):
            continue
        checked += 1
        assert letters(starter.entry.license_review_policy or "") in {letters(policy) for _, policy in printed}, (
            starter.row
        )
        marks = set(re.findall(r"(?:\(e\)|EAR\)?) ?([1-5])(?!\d)", printed[0][0]))
        assert marks == set(starter.entry.footnotes), starter.row
    assert checked >= 90


def test_ns_cmic_agrees_with_ofac(record: Record) -> None:
    with shared("data", "ofac-cons", "cons_prim_2025-12.csv").open(encoding="utf-8") as file:
        rows = {row[0]: row for row in csv.reader(file) if len(row) > 11}
    for starter in listed(record, "us.ofac.ns_cmic"):
        entry, row = starter.entry, rows[str(starter.entry.source_id)]
        assert row[1] == entry.name
        for label, day in (
            ("Listing Date (CMIC)", entry.announced_on),
            ("Effective Date (CMIC)", entry.effective_on),
            ("Purchase/Sales For Divestment Date (CMIC)", entry.divest_by),
        ):
            assert f"{label} {day:%d %b %Y}" in row[11], starter.row
        assert all(i.value in row[11] for i in entry.identifiers)


def test_sdn_agrees_with_ofac(record: Record) -> None:
    files = [("2021-12-02_1850", "2021-12-02"), ("2021-12-10",) * 2, ("2023-11-16",) * 2, ("2024-05-03",) * 2]
    seen: dict[str, dict[str, list[str]]] = {}
    for name, day in files:
        raw = gzip.decompress(shared("data", "ofac-sdn", f"sdn_{name}.csv.gz").read_bytes()).decode("latin-1")
        seen[day] = {row[0]: row for row in csv.reader(io.StringIO(raw)) if len(row) > 11}
    for starter in listed(record, "us.ofac.sdn"):
        uid, entry = str(starter.entry.source_id), starter.entry
        assert seen["2024-05-03"][uid][1] == entry.name
        for day, rows in seen.items():
            assert (uid in rows) == (entry.effective_on <= DAY(day)), (starter.row, day)  # type: ignore[operator]


def test_imports_agree_with_the_publishers(record: Record) -> None:
    orders = json.loads(shared("data", "cbp", "wro_findings_2026-06-23.json").read_text())["entities"]
    dates = {(o["name"], o["effective_date"]) for o in orders}
    for starter in listed(record, "us.cbp.wro"):
        assert (starter.entry.name, starter.entry.effective_on.isoformat()) in dates  # type: ignore[union-attr]
    uflpa = json.loads(shared("data", "dhs-uflpa", "uflpa_2026-07-09.json").read_text())["entities"]
    first = {letters(u["name"]) for u in uflpa if u["effective_date"] == "June 21, 2022"}
    held = {letters(n.text) for e in listed(record, "us.dhs.uflpa") for n in e.entry.names}
    assert first <= held


def test_section_1260h_agrees_with_the_list_of_2026(record: Record) -> None:
    rows = json.loads(shared("data", "dod", "section_1260h_2026-06-10.json").read_text())["entities"]
    printed = letters(" ".join(f"{r['name']} {r['notes']}" for r in rows))
    for starter in listed(record, "us.dod.section_1260h"):
        assert (letters(starter.entry.name) in printed) == (starter.removed is None), starter.row
