"""What Commerce cells mean: citation chains, footnote marks, aliases, addresses, whole entity cells."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import shared

from caveat.sources.bis_text import (
    find_newest,
    read_alias_notes,
    read_cell,
    read_country,
    read_fr_chain,
    read_see_also,
    split_addresses,
    split_aliases,
    split_footnotes,
    tell_kind,
)


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("84 FR 54004, 10/9/19.\n85 FR 34505, 6/5/20.", [("84 FR 54004", "2019-10-09"), ("85 FR 34505", "2020-06-05")]),
        ("84 FR 54002; 85 FR 44159", [("84 FR 54002", None), ("85 FR 44159", None)]),
        ("68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06", [("68 FR 38290", "2003-06-27"), ("71 FR 38843", "2006-07-10")]),
        ("83F.R. 65340 12/20/2018", [("83 FR 65340", "2018-12-20")]),
        ("99.F.R. 9030 2/17/2022", [("99 FR 9030", "2022-02-17")]),
        ("76 FR 71869 (11/21/2011), 77 FR 25055 (no. 81)", [("76 FR 71869", "2011-11-21"), ("77 FR 25055", None)]),
        ("76 FR  71869 No. 224", [("76 FR 71869", None)]),
        ("73 FR no. 185 pg. 54503", [("73 FR 54503", None)]),
        ("76 FR No. 210 (10/31/2011)", [("76 FR No. 210", "2011-10-31")]),
        ("83 F.R. 44259, 44261 8/30/2018", [("83 FR 44259, 44261", "2018-08-30")]),
        ("76 FR 71869 preview citation details, 11/21/11", [("76 FR 71869", "2011-11-21")]),
        ("84 FR 54,002", [("84 FR 54002", None)]),
        ("88FR 123; 74 fr 12", [("88 FR 123", None), ("74 FR 12", None)]),
        ("Vol. 83, No. 91, 05/10/2018", [("Vol. 83, No. 91", "2018-05-10")]),
        ("Notice 5678, Vol. 70, No. 1, 1/3/05", [("Notice 5678, Vol. 70, No. 1", "2005-01-03")]),
        ("71 F.R. 38843 7/10/6", [("71 FR 38843 7/10/6", None)]),
        ("see the order", [("see the order", None)]),
        ("", []),
    ],
)
def test_chains(text: str, chain: list[tuple[str, str | None]]) -> None:
    assert [(c.cite, c.date and c.date.isoformat()) for c in read_fr_chain(text)] == chain


@pytest.mark.parametrize(
    ("text", "clean", "marks"),
    [
        ("(See §§ 734.9(e) and 744.11 of the EAR)4", "(See §§ 734.9(e) and 744.11 of the EAR)", ("4",)),
        ("(See §§ 734.9(e) and 744.11 of the EAR) 4", "(See §§ 734.9(e) and 744.11 of the EAR)", ("4",)),
        ("see §§ 734.9(e)1 and 744.11 of the EAR2", "see §§ 734.9(e) and 744.11 of the EAR", ("1", "2")),
        ("see §§ 734.9(e) 1, and 744.11 of the EAR 2.", "see §§ 734.9(e), and 744.11 of the EAR.", ("1", "2")),
        ("(See §§734.9(g),3 746.8(a)(3), and 744.21(b))", "(See §§734.9(g), 746.8(a)(3), and 744.21(b))", ("3",)),
        ("(See §734.9(g), 3 §746.8(a)(3) of the EAR).", "(See §734.9(g), §746.8(a)(3) of the EAR).", ("3",)),
        ("744.11 of the EAR)⁴", "744.11 of the EAR)", ("4",)),
        ("items designated as EAR99", "items designated as EAR99", ()),
        ("(See §§ 734.9(e)(2) and 744.11 of the EAR)", "(See §§ 734.9(e)(2) and 744.11 of the EAR)", ()),
        ("§§ 734.9(g), 746.8(a)(3)", "§§ 734.9(g), 746.8(a)(3)", ()),
    ],
)
def test_footnotes(text: str, clean: str, marks: tuple[str, ...]) -> None:
    assert split_footnotes(text) == (clean, marks)


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("a.k.a., the following two aliases: —Boreal; and —BLW.", ("Boreal", "BLW")),
        ("CETC 24;Sichuan Institute;CETC 44", ("CETC 24", "Sichuan Institute", "CETC 44")),
        ("HPSTAR; and; Beijing Center", ("HPSTAR", "Beijing Center")),
        ("Boreal and", ("Boreal",)),
        ("One, Rugao Institute and —One, Yantai Institute.", ("One, Rugao Institute", "One, Yantai Institute")),
        ("Boreal Co., Ltd.; and Boreal Works.", ("Boreal Co., Ltd.", "Boreal Works")),
        ("Boreal LLC.", ("Boreal LLC",)),
        ("-NPO Works; Tekhnologii—Gazprom", ("NPO Works", "Tekhnologii—Gazprom")),
        ("Ninth; (all of preceding located in or near Mianyang, Sichuan Province) and Tenth", ("Ninth", "Tenth")),
        (" ; and ;", ()),
    ],
)
def test_aliases(text: str, aliases: tuple[str, ...]) -> None:
    assert split_aliases(text) == aliases


def test_what_stands_among_aliases_and_is_none_is_kept() -> None:
    assert read_alias_notes("Ninth; (all of preceding located in Mianyang)") == (
        "(all of preceding located in Mianyang)",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "1 A Road, Beijing, China; and 2 B Road, Hong Kong.",
            [("1 A Road, Beijing, China", "CN"), ("2 B Road, Hong Kong", "HK")],
        ),
        (
            "1 A Road, Beijing, China and No. 6 B Road, China",
            [("1 A Road, Beijing, China", "CN"), ("No. 6 B Road, China", "CN")],
        ),
        ("20 East Street, Beijing, China 100071.", [("20 East Street, Beijing, China 100071", "CN")]),
        ("Kabul, Afghanistan. (See alternate addresses under Pakistan).", [("Kabul, Afghanistan", "AF")]),
        ("11 Park, Beijing, China. )", [("11 Park, Beijing, China", "CN")]),
        ("12 Street, Chengdu, 610054.", [("12 Street, Chengdu, 610054", None)]),
        ("", []),
    ],
)
def test_addresses(text: str, found: list[tuple[str, str | None]]) -> None:
    assert [(a.text, a.country) for a in split_addresses(text)] == found


def test_countries_of_american_addresses() -> None:
    assert read_country("P.O. BOX 1, LOS ANGELES, CA, 94022") == "US"
    assert read_country("INDIANA, PA, 16866-1234") == "US"
    assert read_country("Ottawa, CA") == "CA"


def test_pointers_to_other_addresses() -> None:
    assert read_see_also("Kabul. (See alternate address under Iran.)") == "(See alternate address under Iran.)"
    assert read_see_also("Kabul") is None


@pytest.mark.parametrize(
    ("text", "name", "aliases", "addresses"),
    [
        ("Borealis, a.k.a., the following one alias: —BLW. 27 Taiping Road, Beijing, China.", "Borealis", ("BLW",), 1),
        (
            "Borealis LLC, a.k.a., the following one alias: —BLW LLC. Vanak Sq, Tehran, Iran.",
            "Borealis LLC",
            ("BLW LLC",),
            1,
        ),
        (
            "Borealis, and the following one alias: —BLW Ltd No. 1 East Road, Beijing 100094",
            "Borealis",
            ("BLW Ltd",),
            1,
        ),
        (
            "Borealis (BISE), a.k.a. the following two aliases: —A; and —12th Works 51 Yong Road, Beijing, China.",
            "Borealis (BISE)",
            ("A", "12th Works"),
            1,
        ),
        (
            "Academy of Sciences, Field Institution, 27 Taiping Road, China.",
            "Academy of Sciences, Field Institution",
            (),
            1,
        ),
        ("Borealis Co., Ltd. (BLW), 1 A Road, Beijing, China; and 2 B Road, China.", "Borealis Co., Ltd. (BLW)", (), 2),
        ("Jane Roe, Nuclear Research Institute, Tehran, Iran.", "Jane Roe", (), 1),
        ("Address 01, Unit 5, Kowloon, Hong Kong.", "Address 01", (), 1),
        ("Borealis Factory.", "Borealis Factory", (), 0),
    ],
)
def test_cells(text: str, name: str, aliases: tuple[str, ...], addresses: int) -> None:
    cell = read_cell(text)
    assert (cell.name, cell.aliases, len(cell.addresses)) == (name, aliases, addresses)


def test_kinds_need_evidence() -> None:
    assert tell_kind("Address 07") == "address"
    assert tell_kind("Hangzhou Optics Institute") == "organization"
    assert tell_kind("Sam Sample", split_addresses("INMATE NUMBER: 1, FCI NOWHERE, TX")) == "person"
    assert tell_kind("Sam Sample", (), ("Engineer Idris",)) == "person"
    assert tell_kind("Borealis", (), ("Borealis Works Ltd.",)) == "organization"
    assert (
        tell_kind("Lerma Trading S.A.")
        == tell_kind("Fast GmbH")
        == tell_kind("Huawei Switzerland AG")
        == "organization"
    )
    assert tell_kind("Ahmad As Saleh") == tell_kind("Sam Sample") == "unknown"


def test_slips_of_the_pen_do_not_date_a_file() -> None:
    days = {dt.date(2022, 1, day): 3 for day in range(1, 10)} | {dt.date(3017, 8, 22): 1, dt.date(3033, 9, 30): 2}
    assert find_newest(days) == dt.date(2022, 1, 9)
    assert find_newest({}) is None


_CELL = st.text(alphabet="aBé,.;:—()0123 /'“-\n\u00a0", max_size=200) | st.lists(
    st.sampled_from(["a.k.a., the following two aliases:", "—", "; and ", "China", "No. 5", "Ltd.", "84 FR", "10/9/19",
                     "of the EAR)4", "See alternate address", ", ", " ", "734.9(e)1", "¹"]), max_size=40,
).map(" ".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_CELL)
def test_any_text_is_read(text: str) -> None:
    read_fr_chain(text)
    clean, marks = split_footnotes(text)
    assert "\x00" not in clean and set(marks) <= set("123456789")
    assert all(split_aliases(text)) and all(a.text for a in split_addresses(text))
    read_cell(text)


def test_long_cells_are_read_quickly() -> None:
    start = time.process_time()
    for filler in ("see ", "Ltd. ", "— ", "a.k.a. ", "a.k.a. the following ", "(all of preceding ", ", China and No 1 ",
                   "84 FR ", "1-", ";", "of the EAR ", "and ", ", "):  # fmt: skip
        text = filler * (100_000 // len(filler))
        for function in (read_fr_chain, split_footnotes, split_aliases, split_addresses, read_cell, tell_kind):
            function(text)
    assert time.process_time() - start < 10


# --- measured on real cells -----------------------------------------------------------------------


def test_raw_cells_of_chinese_universities() -> None:
    whole = json.loads(
        shared("data", "bis", "china_university_entity_list_rawcells_2026-03-30.json").read_text("utf-8")
    )
    entries = whole["entries"]
    right = [e for e in entries if read_cell(e["raw"]).name == e["name"]]
    # The two others are cells with `and the following … aliases`, which the file itself read as part of the name.
    wrong = [e for e in entries if e not in right]
    assert len(entries) == 60 and len(right) == 58
    assert all("and the following" in e["name"] for e in wrong)
    words = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
    told = agreeing = 0
    for entry in entries:
        if found := re.search(r"following (\w+) alias", entry["raw"]):
            number = words.index(found[1]) if found[1] in words else int(found[1]) if found[1].isdigit() else 17
            told += 1
            agreeing += len(read_cell(entry["raw"]).aliases) == number
    assert agreeing >= told - 3  # one cell miscounts itself, one counts a note, one nests a second institution


def test_cells_put_together_from_the_parsed_entity_list() -> None:
    with gzip.open(shared("data", "bis", "entity_list_2026-07-09.json.gz")) as stream:
        entities = json.load(stream)["entities"]
    plain = [e for e in entities if e["address"] and not e["aliases"]]
    right = 0
    for entity in plain:
        name = entity["name"].strip(" ,;")
        right += read_cell(f"{name}, {entity['address']}").name in (name, name.rstrip("."))
    assert right / len(plain) > 0.985
    chains = [c for e in entities for c in read_fr_chain(e["federal_register"])]
    assert sum(c.volume_and_page is None for c in chains) <= 2
    assert sum(c.date is None for c in chains) / len(chains) < 0.01
