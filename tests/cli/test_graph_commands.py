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
