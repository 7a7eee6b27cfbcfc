"""Spelling: what `normalize` and `key` take away, and what cannot be read."""

import pytest

from caveat.errors import InputError
from caveat.names import check_readable, key, normalize, read_name
from caveat.screening import compare


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HUSSEIN AL-TIKRITI, Saddam", "Saddam Hussein al-Tikriti"),
        ("People’s Bureau", "PEOPLE'S BUREAU"),
        ("Qurʾan", "Qur'an"),
        ("S.I.S. d.o.o.", "SIS DOO"),
        ("Ürümqi", "U\u0308RU\u0308MQI"),
        ("Hik\u200bvision", "hikvision"),
        ("\u202eHikvision\u202c", "Hikvision"),
        ("Ｈｉｋｖｉｓｉｏｎ", "Hikvision"),
        ("НikvisiоnТеch", "hikvisiontech"),  # Cyrillic Н, о, Т, е
    ],
)
def test_key_is_blind_to(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


def test_key_keeps_other_words_apart() -> None:
    assert key("Trust I") != key("Trust II")
    assert key("华为") != key("华微")


@pytest.mark.parametrize(
    "text", ["", "   ", "...", "🙂🙂", "\u200b\u200f", "\x00\x01", "a\ud800b", "\ufffd\ufffd", "x" * 10_000]
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(InputError):
        check_readable(text)


@pytest.mark.parametrize("text", ["A", "11420", "李", "+7 mm", "a" * 1000, "Ω", "٣"])
def test_what_can_be_read_has_a_reading(text: str) -> None:
    check_readable(text)
    assert read_name(text)[0].tokens


def test_marks_of_indic_and_thai_stay() -> None:
    assert normalize("नरेन्द्र मोदी") == "नरेन्द्र मोदी"
    assert normalize("ทักษิณ") == "ทักษิณ"


def test_a_russian_trading_house_is_met_as_exporter() -> None:
    assert compare("Rosoboronexport", "ROSOBORONEKSPORT OAO").verdict == "match"
    assert compare("Tekhmasheksport", "Rosoboronexport").verdict == "no_match"
