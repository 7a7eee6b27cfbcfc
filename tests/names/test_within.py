"""Two names of one party in one text."""

import pytest

from caveat.names import split
from caveat.names.within import names_within
from caveat.screening import compare


@pytest.mark.parametrize(
    "text",
    [
        "Acme Trading LLC d/b/a Zorvexa Tools",
        "Acme Trading LLC dba Zorvexa Tools",
        "ACME TRADING LLC (FORMERLY ZORVEXA TOOLS)",
        "Acme Trading, formerly known as Zorvexa Tools",
        "Acme Trading t/a Zorvexa Tools",
        "Acme Trading a.k.a. Zorvexa Tools",
        "Zorvexa Tools f/k/a Acme Trading",
        "Acme Trading alias Zorvexa Tools",
    ],
)
def test_each_name_of_a_party_is_met(text: str) -> None:
    assert compare(text, "Zorvexa Tools").verdict == "match"
    assert compare(text, "Acme Trading").verdict == "match"
    assert compare(text, "Belgranoff Tools").verdict == "no_match"


@pytest.mark.parametrize("text", ["Jean Aka Kouassi", "DBA Systems", "Alias Research", "Formerly", "Nakamura dba"])
def test_a_word_that_may_be_a_name_stays(text: str) -> None:
    assert names_within(text, split(text)) == []


def test_a_registration_mark_is_one_word_too() -> None:
    assert names_within("EP-ITI", ["ep", "iti"]) == [["ep-iti"]]
    for slip in ("EPITI", "EP ITI", "Ed-ITI", "P-ITI", "EP-IYI"):
        assert compare(slip, "EP-ITI").verdict == "match", slip
    assert compare("HB-JXA", "EP-ITI").verdict == "no_match"
    assert names_within("AL-QAIDA", ["al", "qaida"]) == []
