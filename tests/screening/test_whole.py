"""What counts as a whole name: all its words, or all but an initial or a patronymic, or a word barely alike."""

import pytest

from caveat.screening import compare


@pytest.mark.parametrize(
    ("name", "listed", "why"),
    [
        ("Goran Z. Hadzic", "HADZIC, Goran", "initial"),
        ("Goran Hadzic", "HADZIC, Goran Z.", "initial"),
        ("Musah Taras", "TARAK, Musah", "alike"),  # one letter of a short word
        ("Viktor Bout", "BUT, Viktor Anatolijevitch", "patronymic"),
    ],
)
def test_a_name_is_met_that_lacks_little(name: str, listed: str, why: str) -> None:
    answer = compare(name, listed)
    assert answer.verdict == "match"
    whole, told = next((piece.points, piece.why) for piece in answer.evidence if piece.feature == "whole")
    assert why in told
    same = next(p.points for p in compare("Goran Hadzich", "HADZIC, Goran").evidence if p.feature == "whole")
    assert 0 < whole < same


def test_i_and_y_are_one_sound() -> None:
    assert compare("Sergey Shoigu", "SHOYGU, Sergei").verdict == "match"
    assert compare("Sergey Shoigu", "SHOHGU, Sergei").score < compare("Sergey Shoigu", "SHOYGU, Sergei").score


def test_initials_that_contradict_say_so() -> None:
    plain, other = compare("Goran Hadzic", "HADZIC, Goran Z."), compare("Goran P. Hadzic", "HADZIC, Goran Z.")
    assert other.score < plain.score
    assert any(piece.feature == "clash" for piece in other.evidence)


def test_a_common_name_in_another_spelling_proves_less_than_a_rare_one() -> None:
    common, rare = compare("Mohammed Hossain", "MUHAMMAD, Hussein"), compare("Goran Hadzich", "HADZIC, Goran")
    assert common.score < 0.5 < rare.score
