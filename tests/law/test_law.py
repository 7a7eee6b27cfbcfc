"""The law's data: dated, cited, read with two clocks; what is not is refused."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

import caveat.determination
from caveat.errors import LawError
from caveat.law import check, load
from caveat.law.files import FOLDER, law_files, read_yaml
from caveat.model import AsOf, Moment

LAW = load()
IDS = [p.id for p in LAW.parameters]
CODE = "\n".join(file.read_text("utf-8") for file in sorted(Path(caveat.determination.__file__).parent.rglob("*.py")))


def as_of(in_force: str, known: str = "2026-11-21") -> AsOf:
    return AsOf(dt.date.fromisoformat(in_force), Moment(known))


def write(folder: Path, block: Any, name: str = "ear/one.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block if isinstance(block, str) else yaml.safe_dump(block), "utf-8")
    return folder


def one_value(**changes: Any) -> dict[str, Any]:
    value = {
        "from": dt.date(2020, 1, 1),
        "known": dt.date(2020, 1, 1),
        "value": 1,
        "cite": "84 FR 1",
        "quote": "[One.]",
    }
    value.update(changes)
    return {"ear.one": {"title": "One", "unit": "share", "values": [{k: v for k, v in value.items() if v != "gone"}]}}


def test_the_law_shipped_has_no_fault() -> None:
    assert check() == []


@pytest.mark.parametrize("parameter", IDS)
def test_without_its_citation_a_parameter_is_refused(parameter: str, tmp_path: Path) -> None:
    """Each parameter by name: take its citation away and the law does not load."""
    file = FOLDER / LAW.show(parameter).file
    content = read_yaml(file)
    del content[parameter]["values"][0]["cite"]
    write(tmp_path, content, LAW.show(parameter).file)
    assert any(parameter in p.where and "uncited" in p.what for p in check(tmp_path))
    with pytest.raises(LawError, match="uncited"):
        load(tmp_path)


@pytest.mark.parametrize("parameter", IDS)
def test_each_parameter_is_read_by_a_rule(parameter: str) -> None:
    assert f'"{parameter}"' in CODE


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (one_value(cite="gone"), "uncited"),
        (one_value(cite=" "), "uncited"),
        (one_value(quote="gone"), "uncited"),
        (one_value(known="gone"), "undated"),
        (one_value(**{"from": "2020"}), "undated"),
        (one_value(value="gone"), "has no value"),
        (one_value(confirmed="perhaps"), "confirmed"),
        (one_value(colour="red"), "unknown key"),
        (one_value(quotes="words"), "`quotes` must give words"),
        (one_value(quotes={"1 CFR 9": "words"}), "names '1 CFR 9'"),
        ({"ear.one": {"unit": "x", "values": []}}, "has no title"),
        ({"ear.one": {"title": "t", "unit": "x", "values": []}}, "has no values"),
        ({"ear.one": 4}, "is not a block"),
        ({"ofac.one": one_value()["ear.one"]}, "another authority"),
        ("ear.one: {title: a, title: b}\n", "given twice"),
        ("ear.one: [\n", "cannot be read"),
        ("- a\n", "holds no parameters"),
    ],
)
def test_each_fault_is_told(block: Any, says: str, tmp_path: Path) -> None:
    problems = check(write(tmp_path, block))
    assert any(says in str(problem) for problem in problems), problems


def test_overlap_and_duplicate_are_told(tmp_path: Path) -> None:
    block = one_value()
    block["ear.one"]["values"] *= 2
    assert any("overlaps" in p.what for p in check(write(tmp_path / "a", block)))
    write(tmp_path / "b", one_value())
    write(tmp_path / "b", one_value(), "ear/two.yaml")
    assert any("duplicate" in p.what for p in check(tmp_path / "b"))
    assert "no law files" in check(tmp_path / "empty")[0].what


def test_before_the_first_value_is_an_error_that_says_from_when() -> None:
    with pytest.raises(LawError, match="its first is from 2025-09-29"):
        LAW.read("ear.affiliates.savings_until", as_of("2025-09-28"))
    assert LAW.begun("ear.affiliates.savings_until", as_of("2025-09-28")) is None


@pytest.mark.parametrize(
    ("in_force", "known", "share"),
    [
        ("2025-09-28", "2026-11-21", None),
        ("2025-09-29", "2026-11-21", 50),
        ("2025-09-29", "2025-09-29", None),  # published a day later
        ("2025-11-09", "2026-11-21", 50),
        ("2025-11-10", "2026-11-21", None),
        ("2025-11-10", "2025-11-11", 50),  # the suspension was published on the 12th
        ("2026-11-09", "2026-11-21", None),
        ("2026-11-10", "2026-11-21", 50),
    ],
)
def test_both_clocks_of_the_affiliates_rule(in_force: str, known: str, share: int | None) -> None:
    assert LAW.read("ear.affiliates.share", as_of(in_force, known)).value == share


def test_the_reimposed_share_is_unconfirmed() -> None:
    assert not LAW.read("ear.affiliates.share", as_of("2026-11-10")).confirmed


def test_the_digest_stands_still_when_later_law_is_added(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "law", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    before = load(tmp_path / "law").digest(Moment("2026-11-21"))
    assert before == LAW.digest(Moment("2026-11-21"))
    file = tmp_path / "law" / "ear" / "affiliates.yaml"
    content = read_yaml(file)
    content["ear.affiliates.share"]["values"].append(
        {
            "from": dt.date(2026, 11, 10),
            "known": dt.date(2026, 12, 1),
            "value": None,
            "cite": "91 FR 1",
            "quote": "[Extended.]",
        }
    )
    file.write_text(yaml.safe_dump(content), "utf-8")
    later = load(tmp_path / "law")
    assert later.digest(Moment("2026-11-21")) == before
    assert later.digest(Moment("2026-12-01")) != before
    assert later.read("ear.affiliates.share", as_of("2026-11-10", "2026-12-01")).value is None


def test_an_unknown_parameter_is_told_with_near_ones() -> None:
    with pytest.raises(LawError, match=r"no such parameter; try .*ear\.affiliates\.share"):
        LAW.show("ear.affiliate.share")


def test_every_law_file_lies_with_its_authority() -> None:
    assert {file.parent.name for file in law_files(FOLDER)} == {
        "ear", "ofac", "customs", "fcc", "procurement", "immigration",
    }  # fmt: skip
