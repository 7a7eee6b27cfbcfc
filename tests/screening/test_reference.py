"""What stands beside our score: OFAC's own, as published, and the evidence as a picture."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from caveat.screening import compare, ofac_score, to_svg


def test_ofac_score_of_the_same_name_is_full_whatever_the_order() -> None:
    assert ofac_score("Saddam HUSSEIN", "HUSSEIN, Saddam") == 100


def test_ofac_score_misses_a_first_letter_that_ours_finds() -> None:
    one, other = "Kaddafi", "Qaddafi"
    assert (ofac_score(one, other) or 0) < 95
    assert compare("Muammar Kaddafi", "Muammar Qaddafi").verdict == "match"


def test_ofac_score_counts_the_higher_of_whole_and_parts() -> None:
    parts = ofac_score("Aero-Caribbean Cuba", "CUBA AERO CARIBBEAN")
    assert parts == 100


@pytest.mark.parametrize("name", ["华为", "Газпром", "محمد"])
def test_ofac_score_has_no_native_script(name: str) -> None:
    assert ofac_score(name, name) is None


def test_the_picture_has_a_bar_for_each_piece_and_the_sum(tmp_path: Path) -> None:
    found = compare("Dahua <Technology>", "DAHUA ELECTRONICS & CO")
    svg = to_svg(found.evidence, "Dahua <Technology> / DAHUA ELECTRONICS & CO", found.score)
    root = ElementTree.fromstring(svg)
    bars = list(root.iter("{http://www.w3.org/2000/svg}rect"))[1:]
    assert len(bars) == len(found.evidence)
    assert f"{sum(p.points for p in found.evidence):+.2f}" in svg
