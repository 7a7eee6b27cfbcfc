"""Acts from the command line: determine, check, replay, what-if and the law, on a ledger of each test alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caveat.cli import run

Call = Callable[..., tuple[int, str, str]]
SALE = """\
date: 2021-03-01
activity: export
actor: {us_person: true, country: US}
item: {description: tripods, kind: goods, eccn: EAR99, origin: US}
destination: CN
parties:
  - {name: "Hangzhou Hikvision Digital Technology Co., Ltd.", role: end_user, country: CN}
"""


@pytest.fixture
def caveat(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("CAVEAT_DB", str(tmp_path / "ledger.sqlite"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sale.yaml").write_text(SALE, "utf-8")

    def call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([str(w) for w in words])
        out, error = capsys.readouterr()
        return code, out, error

    return call


def test_a_determination_in_text_and_json_and_its_replay(caveat: Call, tmp_path: Path) -> None:
    code, out, _ = caveat("determine", "sale.yaml")
    assert code == 1 and "license_required" in out and "84 FR 54002" in out
    assert "no party taken as an entry there" in " ".join(out.split())
    code, out, _ = caveat("determine", "sale.yaml", "--format", "json")
    answer = json.loads(out)
    assert code == 1 and answer["outcome"] == "license_required"
    assert all(c["quote"] for f in answer["findings"] for c in f["citations"])
    (tmp_path / "stored.json").write_text(out, "utf-8")
    assert caveat("replay", "stored.json")[:2] == (0, "the same to the byte\n")
    (tmp_path / "stored.json").write_text(out.replace("license_required", "prohibited", 1), "utf-8")
    code, out, _ = caveat("replay", "stored.json")
    assert code == 1 and "not the same" in out


def test_every_program_consulted_has_a_finding_where_a_party_is_listed(caveat: Call) -> None:
    answer: dict[str, Any] = json.loads(caveat("determine", "sale.yaml", "--format", "json")[1])
    found = {f["program"] for f in answer["findings"]}
    silent = {p for p in answer["coverage"]["programs"] if p not in found}
    assert silent <= set(answer["coverage"]["lists_not_loaded"]) and "us.ofac.sdn" in found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("date: 2021-03-01/date: 2021-13-01", "date: '2021-13-01' is not a day"),
        ("date: 2021-03-01/date: 2021-02-30", "date: '2021-02-30' is not a day"),
        ("role: end_user/role: boss", "parties.0.role: 'boss' is not known; allowed: purchaser"),
        ("eccn: EAR99/eccn: 33", "item.eccn: 33 is not an ECCN"),
        ("destination: CN/colour: red", "colour: unknown field; allowed: activity"),
        ("role: end_user/owners: [{name: B, pct: -1}]", "owners.0.pct: -1 is out of bounds; allowed: 0 to 100"),
        ("role: end_user/owners: [{name: B, pct: 101}]", "parties.0.owners.0.pct: 101 is out of bounds"),
        ("activity: export/activity: [", "broken YAML"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_that_names_the_field(caveat: Call, tmp_path: Path, change: str, says: str) -> None:
    (tmp_path / "bad.yaml").write_text(SALE.replace(*change.split("/", 1)), "utf-8")
    code, out, error = caveat("determine", "bad.yaml")
    assert code == 2 and out == "" and len(error.strip().splitlines()) == 1 and says in error


def test_a_mapping_in_braces_is_yaml_too(caveat: Call, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "{date: 2021-03-01, activity: pay, parties: [{name: Li Na, role: other}]}", "utf-8"
    )
    assert caveat("determine", "one.yaml", "--format", "json")[0] == 0


def test_check_is_the_one_line_form(caveat: Call) -> None:
    words = ("check", "IFLYTEK", "--eccn", "EAR99", "--destination", "CN", "--format", "json", "--date")
    assert json.loads(caveat(*words, "2019-10-08")[1])["outcome"] == "no_restriction_found"
    code, out, _ = caveat(*words, "2019-10-09")
    assert code == 1 and json.loads(out)["findings"][0]["rule"] == "EL1"


def test_a_what_if_as_table_and_picture(caveat: Call, tmp_path: Path) -> None:
    code, out, _ = caveat("determine", "sale.yaml", "--vary", "date=2019-10-01:2019-10-31", "--chart", "when.svg")
    assert code == 0 and "2019-10-09  2019-10-31  license_required" in out
    assert ">2019-10-09<" in (tmp_path / "when.svg").read_text("utf-8")


def test_the_law_is_shown_and_checked(caveat: Call) -> None:
    code, out, _ = caveat("law", "show", "ear.affiliates.share", "--format", "json")
    assert code == 0 and [v["from"] for v in json.loads(out)["values"]][-1] == "2026-11-10"
    assert caveat("law", "check")[0] == 0
    code, _, error = caveat("law", "show", "ear.nothing")
    assert code == 2 and "no such parameter" in error
