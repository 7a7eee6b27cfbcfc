"""The graph's commands: what is loaded is kept, told in words, drawn, and heard by determination."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from shared_data import ROOT

from caveat.cli import run

SUPPLIERS = ROOT / "tests/examples/graph/suppliers_2019.csv"
OWNERS = """from,to,type,pct,kind,since,source,cite
"Hangzhou Hikvision Digital Technology Co., Ltd.",Quiet Lens Ltd,owns,60,direct,2020-01-01,register,extract 7
"""


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = str(tmp_path / "caveat.sqlite")
    owners = tmp_path / "owners.csv"
    owners.write_text(OWNERS, "utf-8")
    assert run(["--db", path, "load-edges", str(SUPPLIERS), str(owners)]) == 0
    return path


@pytest.mark.parametrize(
    ("name", "words"), [("exposure", ["exposure", "Hikvision"]), ("own", ["own", "Quiet Lens Ltd"])]
)
def test_an_answer_keeps_its_schema(db: str, name: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["--db", db, *words, "--format", "json"]) in (0, 1)
    schema = json.loads((files("caveat.graph") / "schema" / f"{name}.json").read_text("utf-8"))
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)


def test_the_suppliers_of_the_second_article_are_named(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    run(["--db", db, "exposure", "Hikvision"])
    told = capsys.readouterr().out
    for supplier in ("Intel", "Nvidia", "Ambarella", "Western Digital", "Seagate"):
        assert supplier in told
    assert "Unknown: How much" in told


def test_a_supply_picture_is_drawn(db: str, tmp_path: Path) -> None:
    assert run(["--db", db, "exposure", "Hikvision", "--picture", str(tmp_path / "supply.svg")]) == 0
    assert "Nvidia" in (tmp_path / "supply.svg").read_text("utf-8")


def test_determination_hears_of_owners_from_the_graph(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sale = tmp_path / "sale.yaml"
    sale.write_text(
        "date: 2025-10-15\nactivity: export\nitem: {eccn: EAR99, origin: US, location: US}\ndestination: CN\n"
        "parties: [{name: Quiet Lens Ltd, role: end_user, country: CN}]\n",
        "utf-8",
    )
    capsys.readouterr()
    assert run(["--db", db, "determine", str(sale), "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["outcome"] == "license_required", "the Affiliates Rule was in force that day"
    assert answer["basis"]["edges"]


def test_a_party_nobody_named_is_one_clear_line(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", db, "own", "Nobody At All"]) == 2
    assert "Nobody At All" in capsys.readouterr().err


def test_both_firms_are_told_and_drawn_together(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    picture = tmp_path / "both.svg"
    words = ["exposure", "Hikvision", "--also", "Zhejiang Dahua Technology", "--picture", str(picture)]
    assert run(["--db", db, "--format", "json", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((files("caveat.graph") / "schema" / "exposure.json").read_text("utf-8"))
    jsonschema.validate(told, schema)
    assert [a["party"]["name"] for a in told["also"]] == ["Zhejiang Dahua Technology"]
    assert picture.read_text("utf-8").count("LISTED") >= 2


def test_whom_of_a_portfolio_a_listing_touches(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    portfolio = tmp_path / "p.csv"
    portfolio.write_text("name\nIntel\nNobody Ltd\n", "utf-8")
    for words in (["exposure", "Hikvision", "--portfolio", str(portfolio)], ["blast", "Hikvision", str(portfolio)]):
        capsys.readouterr()
        assert run(["--db", db, *words]) == 0
        told = capsys.readouterr().out
        assert "1 of 2 parties of the portfolio are touched; of 1 the graph knows nothing." in told


def test_one_bad_file_among_several_is_said_and_the_others_are_kept(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("owner,owned,pct\nA,B,120\n", "utf-8")
    bad.write_text("name,pct\nA,1\n", "utf-8")
    capsys.readouterr()
    assert run(["--db", db, "load-edges", str(bad), str(good)]) == 3
    told = capsys.readouterr()
    assert "good.csv, line 2: 120 is no share" in told.out and "its columns are name, pct" in told.err
    assert run(["--db", db, "own", "B"]) == 0


def test_a_bill_is_traced_whole(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["--db", db, "trace"]) == 2
    assert "no product" in capsys.readouterr().err
    run(["--db", db, "load-edges", str(ROOT / "tests/examples/graph/bom.csv")])
    customs = tmp_path / "index.txt"
    assert run(["--db", db, "trace", "Solar", "panel", "--customs-file", str(customs)]) == 0
    index = customs.read_text("utf-8")
    assert "What the chain touches" in index and "Limb 3" in index and "isotopic_test: LAB-5" in index
    capsys.readouterr()
    assert run(["--db", db, "trace", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("Solar panel,True,")


def test_kept_edges_are_written_in_the_layout_of_the_ending(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "edges.json"
    capsys.readouterr()
    assert run(["--db", db, "write-edges", str(out)]) == 0
    assert "1 edges, bods; 10 of other types have no place in this layout" in capsys.readouterr().out
    assert json.loads(out.read_text("utf-8"))[0]["publicationDetails"]["bodsVersion"] == "0.4"
    capsys.readouterr()
    assert run(["--db", db, "write-edges", str(tmp_path / "edges.txt")]) == 2
    assert "bods, ftm, gleif, psc, csv" in capsys.readouterr().err


def test_a_file_that_takes_the_place_of_another_says_so(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "owners.csv"
    again.write_text("owner,owned,pct\nA,B,20\n", "utf-8")
    capsys.readouterr()
    assert run(["--db", db, "load-edges", str(again)]) == 0
    assert "takes the place of owners.csv kept before as owners; --dataset" in " ".join(capsys.readouterr().out.split())
    assert run(["--db", db, "load-edges", str(again), "--dataset", "mine"]) == 0
    assert "takes the place" not in capsys.readouterr().out
