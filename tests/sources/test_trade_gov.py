"""The Consolidated Screening List: every layout, every real file, every way it breaks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared_data import ROOT, shared

from caveat.errors import ShapeError
from caveat.model import Entry, Identifier
from caveat.sources import trade_gov
from caveat.sources.csl_entry import restore
from caveat.sources.document import open_path, unpack
from caveat.sources.reading import Reading

EXAMPLES = ROOT / "tests" / "examples" / "trade_gov"
NAMES = ("csl_29.csv", "csl_27.csv", "csl.json", "csl_compact.json")
EXPECTED = {
    "us.bis.entity_list": 4, "us.ofac.sdn": 2, "us.ofac.ns_cmic": 1, "us.ofac.consolidated": 1,
    "us.bis.denied_persons": 1, "us.bis.unverified": 1, "us.bis.military_end_user": 1,
    "us.state.nonproliferation": 1, "us.state.debarred": 1, "us.trade.csl": 1,
}  # fmt: skip


def read(path: Path) -> Reading:
    document = next(iter(open_path(path)))
    (layout,) = [layout for layout in trade_gov.LAYOUTS if layout.recognizes(document)]
    assert layout.stream == "us.trade.csl"
    return layout.read(document)


def read_bytes(data: bytes, name: str = "list.csv") -> Reading:
    document = next(iter(unpack(name, data)))
    reader = {"csv": trade_gov.read_csv, "json": trade_gov.read_json, "compact": trade_gov.read_compact}
    return reader[name.rsplit(".", 1)[1]](document)


def by_name(reading: Reading, list_id: str) -> dict[str, Entry]:
    return {row.entry.name: row.entry for row in reading.lists[list_id]}


@pytest.fixture(scope="module")
def of_2022() -> Reading:
    return read(shared("data", "trade-csl", "consolidated_2022-04-21.csv.gz"))


@pytest.fixture(scope="module")
def of_2026() -> Reading:
    return read(shared("data", "trade-csl", "screening-list_2026-07-31.json.gz"))


# --- the hand-made examples -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_layout_gives_the_same_parties(name: str) -> None:
    reading = read(EXAMPLES / name)
    assert {k: len(v) for k, v in reading.lists.items()} == EXPECTED
    assert not reading.unread
    names = [n.text for n in by_name(reading, "us.bis.entity_list")["Borealis Lens Works Co., Ltd."].names]
    assert names[1:] == ["Borealis", "BLW 24", "Lens Research Institute", "BLW 44", "Boreal Optics"]


@pytest.mark.parametrize("name", NAMES)
def test_footnotes_and_citations_in_every_layout(name: str) -> None:
    entities = by_name(read(EXAMPLES / name), "us.bis.entity_list")
    lens = entities["Borealis Lens Works Co., Ltd."]
    assert lens.footnotes == ("4",)
    assert lens.license_requirement == "For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)"
    assert [c.cite for c in lens.citations] == ["84 FR 54002", "85 FR 44159"]
    bureau = entities["Snow County People?s Government Public Security Bureau"]
    assert bureau.footnotes == ("1", "2")
    assert bureau.license_requirement == "see §§ 734.9(e) and 744.11 of the EAR"


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_source_is_kept_and_told(name: str) -> None:
    reading = read(EXAMPLES / name)
    assert by_name(reading, "us.trade.csl").keys() == {"Crater Trading LLC"}
    assert any("Moon Dealers List" in note for note in reading.notes)


@pytest.mark.parametrize("name", NAMES)
def test_one_party_on_two_ofac_sublists_is_one_entry(name: str) -> None:
    (row,) = read(EXAMPLES / name).lists["us.ofac.consolidated"]
    assert row.entry.source_id == "900"
    assert set(row.entry.programs) == {"UKRAINE-EO13662", "RUSSIA-EO14024"}
    assert [n.quality for n in row.entry.names].count("primary") == 1


@pytest.mark.parametrize("name", NAMES)
def test_kinds(name: str) -> None:
    reading = read(EXAMPLES / name)
    assert by_name(reading, "us.bis.entity_list")["Address 01"].kind == "address"
    assert {e.kind for e in by_name(reading, "us.ofac.sdn").values()} == {"person", "vessel"}
    assert by_name(reading, "us.state.debarred")["Jane Roe"].kind == "unknown"


def test_published_is_stated_in_json_and_inferred_from_csv() -> None:
    stated, inferred = read(EXAMPLES / "csl.json"), read(EXAMPLES / "csl_29.csv")
    assert (str(stated.published), stated.inferred) == ("2024-07-01T13:15:00", False)
    assert (str(inferred.published), inferred.inferred) == ("2024-06-18", True)


def test_csv_and_json_agree_on_entries() -> None:
    one, two = read(EXAMPLES / "csl_29.csv"), read(EXAMPLES / "csl.json")
    for list_id, found in one.lists.items():
        for row, other in zip(found, two.lists[list_id], strict=True):
            if row.entry.source_id != "700":  # the JSON alone has a passport's date of issue
                assert row.entry == other.entry
    passport = two.lists["us.ofac.sdn"][0].entry.identifiers[0]
    assert passport == Identifier("passport", "X0906223", "FR", "issue date 2001-02-03")


def test_a_person_of_the_sdn_list() -> None:
    john = by_name(read(EXAMPLES / "csl_29.csv"), "us.ofac.sdn")["DOE, John"]
    assert john.source_id == "700" and john.kind == "person"
    assert john.birth_dates == ("1960-05-01", "c. 1961", "1962/1964", "1965")
    assert john.nationalities == ("CN", "FR") and john.genders == ("male",)
    assert [(a.text, a.country) for a in john.addresses] == [("Xi'an, CN", "CN"), ("IR", "IR")]
    assert john.programs == ("GLOMAG", "SDGT") and john.title == "Director"


def test_the_dates_of_ns_cmic_stand_among_the_ids() -> None:
    (row,) = read(EXAMPLES / "csl_29.csv").lists["us.ofac.ns_cmic"]
    entry = row.entry
    assert (entry.published_on, entry.effective_on, entry.divest_by) == (
        dt.date(2021, 6, 3), dt.date(2021, 8, 2), dt.date(2022, 6, 3),
    )  # fmt: skip
    assert entry.identifiers == (Identifier("uscc", "91330000733796106P", "CN"),)


def test_names_with_lost_marks_keep_their_text_and_gain_a_form_that_meets_queries() -> None:
    reading = read(EXAMPLES / "csl_29.csv")
    bureau = by_name(reading, "us.bis.entity_list")["Snow County People?s Government Public Security Bureau"]
    assert (bureau.names[1].text, bureau.names[1].source) == (
        "Snow County People's Government Public Security Bureau", "apostrophe restored",
    )  # fmt: skip
    (row,) = reading.lists["us.bis.military_end_user"]
    assert [n.text for n in row.entry.names] == ["CAST Xi\x92an Engine Factory", "CAST Xi’an Engine Factory"]
    assert restore("Plain Name") == ("Plain Name", None)
    assert restore("OJSC ?Uranis?") == ('OJSC "Uranis"', "punctuation restored")


def test_affiliates_and_successors_are_found_by_their_own_name() -> None:
    reading = read(EXAMPLES / "csl_29.csv")
    lantern = reading.lists["us.bis.entity_list"][3].entry
    assert lantern.name.startswith("Paper Lantern Holdings. Affiliated Entity:")
    assert "Paper Lantern (Suzhou) Co., Ltd." in [n.text for n in lantern.names]
    assert ("affiliate_of", "Paper Lantern Holdings.") in lantern.details
    comet = reading.lists["us.state.nonproliferation"][0].entry
    assert comet.names[1].text == "Comet Import Company"
    assert (comet.published_on, comet.effective_on) == (dt.date(2023, 8, 8), dt.date(2023, 7, 19))


def test_a_denied_person() -> None:
    (row,) = read(EXAMPLES / "csl_29.csv").lists["us.bis.denied_persons"]
    sam = row.entry
    assert sam.kind == "person" and sam.countries == ("US",)  # `CA, 94022` is not Canada
    assert sam.expires_on == dt.date(2056, 6, 29) and sam.effective_on == dt.date(2003, 6, 19)
    assert ("action", "F.R. NOTICE ADDED") in sam.details and ("standard_order", "Y") in sam.details
    assert sam.citations[0].date == sam.published_on == dt.date(2003, 6, 27)


def test_the_row_hash_leaves_no_trace() -> None:
    """`_id` changes with every amendment of a row: an entry that carried it would always seem amended."""
    text = (EXAMPLES / "csl_29.csv").read_text("utf-8")
    other = text.replace('"a1"', '"ffff"')
    assert other != text
    assert read_bytes(other.encode()).lists == read_bytes(text.encode()).lists


# --- what breaks ----------------------------------------------------------------------------------


def broken(data: bytes, name: str = "list.csv") -> str:
    with pytest.raises(ShapeError) as caught:
        read_bytes(data, name)
    return str(caught.value)


def test_a_cut_file_names_its_line() -> None:
    data = (EXAMPLES / "csl_27.csv").read_bytes()
    lines = data.splitlines(keepends=True)
    assert "line 6 has" in broken(b"".join(lines[:5]) + lines[5][:40])


def test_a_repeated_header_names_its_line() -> None:
    lines = (EXAMPLES / "csl_29.csv").read_bytes().splitlines(keepends=True)
    assert "line 3 repeats the header" in broken(b"".join([*lines[:2], lines[0], *lines[2:]]))


def test_missing_and_renamed_columns_are_named() -> None:
    data = (EXAMPLES / "csl_29.csv").read_bytes()
    message = broken(data.replace(b'"license_policy"', b'"review_policy"', 1))
    assert "license_policy" in message and "review_policy" in message


def test_an_added_column_is_reported_unread() -> None:
    table = list(csv.reader(io.StringIO((EXAMPLES / "csl_29.csv").read_text("utf-8"))))
    table = [[*row, "score" if at == 0 else "7" if at < 3 else ""] for at, row in enumerate(table)]
    out = io.StringIO()
    csv.writer(out).writerows(table)
    assert read_bytes(out.getvalue().encode()).unread == {"score": 2}


def test_an_added_key_is_reported_unread() -> None:
    whole = json.loads((EXAMPLES / "csl.json").read_text("utf-8"))
    whole["results"][0]["mood"] = "grim"
    assert read_bytes(json.dumps(whole).encode(), "x.json").unread == {"mood": 1}


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.compact"])
def test_no_list_at_all(name: str) -> None:
    for data in (b"", b"\n\n", b"<!DOCTYPE html><html><body>Sorry</body></html>", b"{}", b"[]", b"null", b"\x00\x01"):
        broken(data, name)
    assert "web page" in broken(b"<html>", name)


def test_a_header_alone_is_no_list() -> None:
    assert "no party" in broken((EXAMPLES / "csl_29.csv").read_bytes().splitlines(keepends=True)[0])


def test_json_with_fewer_results_than_it_says() -> None:
    whole = json.loads((EXAMPLES / "csl.json").read_text("utf-8"))
    whole["results"].pop()
    assert "14 of 15" in broken(json.dumps(whole).encode(), "x.json")
    whole = json.loads((EXAMPLES / "csl_compact.json").read_text("utf-8"))
    whole["entries"].pop()
    assert "says 15 entries and holds 14" in broken(json.dumps(whole).encode(), "x.compact")


def test_compact_pointers_outside_their_table() -> None:
    whole = json.loads((EXAMPLES / "csl_compact.json").read_text("utf-8"))
    whole["entries"][2]["s"] = 99
    assert "entry 3" in broken(json.dumps(whole).encode(), "x.compact")


def test_damaged_encodings_are_refused() -> None:
    text = (EXAMPLES / "csl_29.csv").read_text("utf-8")
    assert "not UTF-8" in broken(text.encode("cp1252", "replace"))
    many = text + "".join(line for line in text.splitlines(keepends=True)[1:] for _ in range(60))
    assert "encoded twice" in broken(many.encode().decode("latin-1").encode())
    assert read_bytes(text.encode("utf-16")).lists == read_bytes(text.encode()).lists


def test_half_a_surrogate_is_refused() -> None:
    data = (EXAMPLES / "csl.json").read_bytes().replace(b"Crater", b"Cra\\ud800ter")
    assert "broken JSON" in broken(data, "x.json")


def test_absurd_files_end_quickly() -> None:
    start = time.process_time()
    header = (EXAMPLES / "csl_29.csv").read_bytes().splitlines(keepends=True)[0]
    broken(header + b"," * 1_000_000 + b"\n")
    broken(b",".join([b"source"] * 1_000_000))
    broken(b"[" * 1_000_000, "x.json")
    broken(b'{"results":' * 200_000, "x.json")
    for filler in ("see ", "Ltd. ", "— ", "a.k.a. the following ", "(all of preceding ", ", China and No 1 ", "84 FR "):
        cells = dict.fromkeys(header.decode().strip().replace('"', "").split(","), "")
        cells |= dict.fromkeys(
            ("name", "alt_names", "addresses", "federal_register_notice", "ids", "license_policy"), filler * 3000
        )
        cells["source"] = "Entity List (EL) - Bureau of Industry and Security"
        out = io.StringIO()
        csv.writer(out).writerow(cells.values())
        read_bytes(header + out.getvalue().encode())
    assert time.process_time() - start < 10


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(["csl_29.csv", "csl_27.csv", "csl.json", "csl_compact.json"]))
def test_damaged_files_are_read_or_refused(data: st.DataObject, name: str) -> None:
    from sources.mutations import damaged

    kind = "compact" if "compact" in name else name.rsplit(".", 1)[1]
    try:
        reading = read_bytes(data.draw(damaged((EXAMPLES / name).read_bytes())), f"x.{kind}")
    except ShapeError:
        return
    for found in reading.lists.values():
        for row in found:
            assert row.entry.digest() and Entry.from_dict(row.entry.to_dict()) == row.entry


# --- the real files -------------------------------------------------------------------------------


def test_2022_counts_equal_the_files_own(of_2022: Reading) -> None:
    path = shared("data", "trade-csl", "consolidated_2022-04-21.csv.gz")
    text = next(iter(open_path(path))).data.decode()
    table = list(csv.DictReader(io.StringIO(text)))
    counts: dict[str, int] = {}
    consolidated = set()
    for row in table:
        list_id = trade_gov.tell_list(row["source"])
        counts[list_id] = counts.get(list_id, 0) + 1
        if list_id == "us.ofac.consolidated":
            consolidated.add(row["entity_number"])
    counts["us.ofac.consolidated"] = len(consolidated)
    assert {k: len(v) for k, v in of_2022.lists.items()} == counts
    assert (counts["us.bis.entity_list"], counts["us.ofac.sdn"], counts["us.state.debarred"]) == (2001, 10026, 727)
    assert (counts["us.bis.denied_persons"], counts["us.bis.unverified"], counts["us.bis.military_end_user"]) == (
        462,
        201,
        71,
    )
    assert (counts["us.state.nonproliferation"], counts["us.ofac.ns_cmic"]) == (163, 68)
    assert (str(of_2022.published), of_2022.inferred, dict(of_2022.unread)) == ("2022-04-21", True, {})


def test_2022_facts(of_2022: Reading) -> None:
    entities = by_name(of_2022, "us.bis.entity_list")
    hik = entities["Hangzhou Hikvision Digital Technology Co., Ltd."]
    assert [n.text for n in hik.names[1:]] == ["Hikvision"] and hik.countries == ("CN",)
    assert len(hik.addresses) == 3 and hik.effective_on == dt.date(2019, 10, 9) and hik.published_on is None
    assert [c.volume_and_page for c in hik.citations] == [(84, 54002), (85, 44159)]
    assert hik.license_requirement == "For all items subject to the EAR. (See §744.11 of the EAR)"
    assert (hik.license_review_policy or "").startswith("Case-by-case review for ECCNs 1A004.c")
    smic = entities["Semiconductor Manufacturing International (Beijing) Corporation"]
    assert smic.effective_on == dt.date(2020, 12, 18)
    dji = by_name(of_2022, "us.ofac.ns_cmic")["SZ DJI TECHNOLOGY CO., LTD."]
    assert (dji.published_on, dji.effective_on, dji.divest_by) == (
        dt.date(2021, 12, 16), dt.date(2022, 2, 14), dt.date(2022, 12, 16),
    )  # fmt: skip
    assert Identifier("uscc", "914403007954257495", "CN") in dji.identifiers
    netposa = entities["NetPosa"]
    assert netposa.effective_on == dt.date(2019, 10, 9)
    assert (85, 34505) in [c.volume_and_page for c in netposa.citations]
    assert sum(e.footnotes == ("3",) for e in entities.values()) > 100
    listed = [
        e for e in (r.entry for r in of_2022.lists["us.bis.entity_list"]) if e.effective_on == dt.date(2019, 10, 9)
    ]
    assert len(listed) == 31
    assert entities["All-Russian Scientific Research Institute of Experimental Physics (VNIIEF)"].effective_on == (
        dt.date(1997, 6, 30)
    ), "printed as 0097-06-30"
    people = [n.text for e in entities.values() for n in e.names if n.source == "apostrophe restored"]
    assert any("People's Government" in name or "People's Republic" in name for name in people)


def test_2022_affiliates_of_huawei(of_2022: Reading) -> None:
    found = [r.entry for r in of_2022.lists["us.bis.entity_list"] if "Affiliated Entity:" in r.entry.name]
    assert len(found) == 23
    assert all(any(k == "affiliate_of" and "Huawei" in v for k, v in e.details) for e in found)


def test_2026_counts_equal_the_files_own(of_2026: Reading) -> None:
    whole = json.loads(next(iter(open_path(shared("data", "trade-csl", "screening-list_2026-07-31.json.gz")))).data)
    own: dict[str, int] = {}
    for source, count in whole["countsBySource"].items():
        own[trade_gov.tell_list(source)] = own.get(trade_gov.tell_list(source), 0) + count
    ours = {k: len(v) for k, v in of_2026.lists.items()}
    # Three parties stand on two of OFAC's sub-lists.
    assert own.pop("us.ofac.consolidated") == ours.pop("us.ofac.consolidated") + 3
    assert ours == own and ours["us.bis.entity_list"] == 3420 and ours["us.ofac.sdn"] == 19181
    assert (str(of_2026.published), of_2026.inferred) == ("2026-07-31T13:15:00", False)
    assert "addresses" not in of_2026.holds and "effective_on" not in of_2026.holds


def test_2026_facts(of_2026: Reading) -> None:
    entries = [r.entry for r in of_2026.lists["us.bis.entity_list"]]
    entities = {e.name: e for e in entries}
    assert entities["Dahua Technology"].footnotes == ("4",)
    assert entities["Huawei Technologies Co., Ltd. (Huawei)"].footnotes == ("1", "2")
    assert sum(e.kind == "address" for e in entries) == 19
    assert {frozenset(e.countries) for e in entries if e.kind == "address"} == {
        frozenset({"CN", "HK"}),
        frozenset({"TR"}),
    }
    cetc = [n.text for n in entities["CETC Chip Technology Co., Ltd."].names]
    assert {"CETC 24", "CETC 44", "CETC 26", "Sichuan Solid Circuit Research Institute"} <= set(cetc)
    assert {n.text for n in entities["Center for High Pressure Science and Technology Advanced Research"].names} >= {
        "HPSTAR"
    }
    names = {n.text for rows in of_2026.lists.values() for r in rows for n in r.entry.names}
    assert {"Murat B\x81key", "Murat Bükey"} <= names
    assert not any(";" in n.text and n.source is None and n.quality == "strong" for e in entries for n in e.names)


def test_the_truncated_file_of_2023_is_refused() -> None:
    with pytest.raises(ShapeError, match="line 2 repeats the header"):
        read(shared("data", "trade-csl", "csl_2023-11_PARTIAL_truncated.csv.gz"))


def test_without_its_repeated_header_it_is_refused_at_the_cut() -> None:
    whole = next(iter(open_path(shared("data", "trade-csl", "csl_2023-11_PARTIAL_truncated.csv.gz")))).data
    message = broken(whole.split(b"\n", 1)[1])
    assert "line" in message and ("of 29 columns" in message or "end of data" in message or "repeats" in message)


def test_the_samples_of_2019_and_2025() -> None:
    old = read(shared("data", "trade-csl", "csl_2019-12_sample.csv"))
    assert sum(len(v) for v in old.lists.values()) == 115 and len(old.lists["us.bis.entity_list"]) == 22
    assert str(old.published) == "2019-08-13" and not old.unread
    new = read(shared("data", "trade-csl", "consolidated_2025-06_sample12.csv"))
    assert sum(len(v) for v in new.lists.values()) == 13 and not new.unread


@pytest.mark.slow
def test_speed() -> None:
    for name, seconds in (("consolidated_2022-04-21.csv.gz", 4), ("screening-list_2026-07-31.json.gz", 5)):
        document = next(iter(open_path(shared("data", "trade-csl", name))))
        (layout,) = [layout for layout in trade_gov.LAYOUTS if layout.recognizes(document)]
        start = time.process_time()
        layout.read(document)
        assert time.process_time() - start < seconds
