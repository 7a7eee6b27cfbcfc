"""OFAC's real files: counts as the manifest states them, known facts, agreement of layouts, time."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from shared_data import shared

from caveat.model import Entry, Identifier, Name
from caveat.sources.document import open_path
from caveat.sources.ofac import LAYOUTS
from caveat.sources.reading import Reading

FOLDERS = ("ofac-sdn", "ofac-cons")
#: What gives a list in another form than OFAC's own, or no list.
OTHERS = re.compile(r"\.json(\.gz)?$|dat_spec|\.xsd$")


def _manifest() -> list[tuple[str, int]]:
    try:
        text = shared("data", "MANIFEST.md").read_text("utf-8")
    except pytest.skip.Exception:
        return []
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `ofac-")]
    found = [(cells[1].strip(" `"), cells[4].strip().replace(",", "")) for cells in rows]
    return [(name, int(count)) for name, count in found if count.isdigit() and not OTHERS.search(name)]


@cache
def read(name: str) -> tuple[str, Reading]:
    (document,) = open_path(shared("data", *name.split("/")))
    (layout,) = [layout for layout in LAYOUTS if layout.recognizes(document)]
    return layout.id, layout.read(document)


def entries(name: str) -> dict[str, Entry]:
    return {row.entry.source_id or "": row.entry for rows in read(name)[1].lists.values() for row in rows}


def test_the_manifest_names_the_files() -> None:
    shared("data", "MANIFEST.md")
    assert len(_manifest()) > 35


@pytest.mark.parametrize(("name", "count"), _manifest())
def test_counts_are_the_manifests(name: str, count: int) -> None:
    layout, reading = read(name)
    assert sum(reading.unread.values()) < 12, reading.unread
    rows = [row for listed in reading.lists.values() for row in listed]
    if layout == "ofac.sdn_text":  # the manifest counts other things than parties there
        assert len(rows) > 1200
    elif "_companion" in layout:
        (document,) = open_path(shared("data", *name.split("/")))
        assert sum(line[:1].isdigit() for line in document.data.splitlines()) == count
        numbers = {line.split(b",")[0].decode() for line in document.data.splitlines() if line[:1].isdigit()}
        assert {row.entry.source_id for row in rows} == numbers
    else:
        assert len(rows) == len({row.entry.source_id for row in rows}) == count
        assert all(row.entry.name and row.entry.kind != "unknown" and row.entry.programs for row in rows)


def test_hikvision_and_sensetime() -> None:
    for name in ("ofac-cons/cons_prim_2025-03.csv", "ofac-cons/cons_prim_2025-12.csv",
                 "ofac-cons/CONS_ENHANCED_2025-01-10.ZIP"):  # fmt: skip
        rows = {row.entry.source_id: row.entry for row in read(name)[1].lists["us.ofac.ns_cmic"]}
        assert len(rows) == 68
        entry = rows["30946"]
        assert (entry.published_on, entry.effective_on, entry.divest_by) == (
            dt.date(2021, 6, 3), dt.date(2021, 8, 2), dt.date(2022, 6, 3),
        )  # fmt: skip
        assert Identifier("uscc", "91330000733796106P", "CN") in entry.identifiers
        assert Identifier("isin", "CNE100000PM8") in entry.identifiers
        assert Name("Hangzhou Hikvision Digital Technology") in entry.names
        assert rows["33114"].name == "SENSETIME GROUP LIMITED"
        assert rows["33114"].published_on == dt.date(2021, 12, 10)
        assert all(e.published_on and e.effective_on and e.divest_by for e in rows.values())


def test_the_bureau_and_the_secretary() -> None:
    found = entries("ofac-sdn/sdn_2021-07.csv.gz")
    bureau, chen = found["29159"], found["29220"]
    assert bureau.name == "XINJIANG PUBLIC SECURITY BUREAU" and bureau.kind == "organization"
    assert bureau.programs == chen.programs == ("GLOMAG",)
    assert "PUBLIC SECURITY DEPARTMENT OF XUAR" in {n.text for n in bureau.names}
    assert (chen.name, chen.kind, chen.birth_dates) == ("CHEN, Quanguo", "person", ("1955",))
    assert chen.birth_places == ("Pingyu, Henan, China",)


@pytest.mark.parametrize("ext", ["del", "pip", "ff"])
def test_the_delimited_layouts_of_one_day_agree(ext: str) -> None:
    other, ours = entries(f"ofac-cons/cons_prim_2018-04.{ext}.gz"), entries("ofac-cons/cons_prim_2018-04.csv.gz")
    assert other.keys() == ours.keys()
    for key, read_entry in other.items():  # only the CSV has alias and address files beside it
        entry = read_entry
        if ext == "ff":  # the one delimited form that keeps double quotation marks
            assert (entry.remarks or "").replace('"', "'") == (ours[key].remarks or "")
            entry = replace(entry, remarks=ours[key].remarks)
        assert entry == replace(ours[key], names=entry.names, addresses=())
        assert set(entry.names) <= set(ours[key].names)


def test_the_xml_of_the_same_day_agrees() -> None:
    ours, theirs = entries("ofac-cons/cons_prim_2018-04.csv.gz"), entries("ofac-cons/consolidated_2018-04-06.xml.gz")
    assert ours.keys() == theirs.keys()
    unlike: Counter[str] = Counter()
    for key, entry in ours.items():
        mine, other = entry.to_dict(), theirs[key].to_dict()
        for side in (mine, other):  # the delimited files fold city, region and postal code into one column
            side["addresses"] = [(a["text"], a.get("country")) for a in side.get("addresses", [])]
        unlike.update(f for f in mine.keys() | other.keys() if mine.get(f) != other.get(f) and f != "remarks")
    assert unlike == {"names": 1, "addresses": 1}, "double quotation marks are single ones in the delimited files"


def test_nearly_every_clause_of_the_remarks_is_understood() -> None:
    for name in ("ofac-sdn/sdn_2021-07.csv.gz", "ofac-sdn/sdn_2024-05-03.csv.gz", "ofac-cons/cons_prim_2025-12.csv"):
        clauses = prose = 0
        for entry in entries(name).values():
            clauses += (entry.remarks or "").count("; ") + bool(entry.remarks)
            prose += sum(kind == "remark" for kind, _ in entry.details)
        assert prose / clauses < 0.05
        assert sum(read(name)[1].unread.values()) / clauses < 0.001


def test_comments_are_joined() -> None:
    entry = entries("ofac-cons/cons_prim_2025-12.csv")["17014"]
    assert Identifier("registration_number", "1027700342890", "RU") in entry.identifiers
    assert Name("RUSAG", "weak") in entry.names


def test_speed() -> None:
    for name, limit in (("ofac-sdn/sdn_2021-07.csv.gz", 4.0), ("ofac-cons/CONS_ENHANCED_2025-01-10.ZIP", 2.0)):
        (document,) = open_path(Path(shared("data", *name.split("/"))))
        begun = time.process_time()
        (layout,) = [layout for layout in LAYOUTS if layout.recognizes(document)]
        layout.read(document)
        assert time.process_time() - begun < limit  # about three times what it takes on an idle machine
