"""The Entity List's own words made computable."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import pytest
from shared_data import shared

from caveat.law import parse_policy, parse_requirement

XJ = (
    "Case-by-case review for ECCNs 1A004.c, 1A004.d, 1A995, 1A999.a, 1D003, 2A983, 2D983, and 2E983, and for EAR99 "
    "items described in the Note to ECCN 1A995; casa-by-case review for items necessary to detect, identify and treat "
    "infectious disease; and presumption of denial for all other items subject to the EAR."
)


def review(text: str, **facts: Any) -> str:
    return parse_policy(text).review(lambda path: facts.get(path.removeprefix("item.")))[0]


@pytest.mark.parametrize(
    ("text", "facts", "kind"),
    [
        ("Presumption for denial.", {}, "presumption_of_denial"),
        ("Policy of denial. See §§ 746.8(b) and 744.21(e).", {}, "policy_of_denial"),
        ("See §744.2(d) of the EAR.", {}, "see_text"),
        ("", {}, "see_text"),
        ("Case-by-case basis", {}, "case_by_case"),
        ("To be decided by the committee", {}, "see_text"),
        ("Presumption of denial unless the moon is full", {}, "see_text"),
        (XJ, {"eccn": "1A004.c"}, "case_by_case"),
        (XJ, {"eccn": "1A004.c.1"}, "case_by_case"),
        (XJ, {"eccn": "1A004.a", "necessary_to_treat_infectious_disease": False}, "presumption_of_denial"),
        (XJ, {"eccn": "EAR99", "described_in_note_to_1a995": True}, "case_by_case"),
        (XJ, {"eccn": "3A991", "described_in_note_to_1a995": True}, "presumption_of_denial"),
        (XJ, {"necessary_to_treat_infectious_disease": True}, "case_by_case"),
        (XJ, {}, "presumption_of_denial"),
        ("Presumption of approval for EAR99; case-by-case review for all items on the CCL", {"eccn": "EAR99"},
         "presumption_of_approval"),
        ("Presumption of approval for EAR99; case-by-case review for all items on the CCL", {"eccn": "3A991"},
         "case_by_case"),
        ("Presumption of denial except case-by-case for items not described in ECCN 3B001.a.4, .c, .d, f.1.b.2, .k to "
         ".p; 3B002.c, 3B993, or 3B994", {"eccn": "3B001.m"}, "presumption_of_denial"),
        ("Presumption of denial except case-by-case for items not described in ECCN 3B001.a.4, .c, .d, f.1.b.2, .k to "
         ".p; 3B002.c, 3B993, or 3B994", {"eccn": "3B001.e"}, "case_by_case"),
        ("Presumption of denial except case-by-case for items not described in ECCN 3B001.a.4, .c, .d, f.1.b.2, .k to "
         ".p; 3B002.c, 3B993, or 3B994", {"eccn": "EAR99"}, "case_by_case"),
        ("Presumption of denial for items uniquely required for production of semiconductors at advanced technology "
         "nodes (10 nanometers and below); Case by case for all other items", {}, "presumption_of_denial"),
        ("Presumption of denial for items uniquely required for production of semiconductors at advanced technology "
         "nodes (10 nanometers and below); Case by case for all other items",
         {"uniquely_required_for_advanced_nodes": False}, "case_by_case"),
    ],
)  # fmt: skip
def test_policy(text: str, facts: dict[str, Any], kind: str) -> None:
    assert review(text, **facts) == kind


def test_what_would_soften_a_policy_is_asked() -> None:
    _, asks = parse_policy(XJ).review(lambda path: {"item.eccn": "EAR99"}.get(path))
    assert asks == (
        ("item.described_in_note_to_1a995", "case_by_case", "presumption_of_denial"),
        ("item.necessary_to_treat_infectious_disease", "case_by_case", "presumption_of_denial"),
    )


def test_the_union_of_an_address_entry() -> None:
    text = parse_requirement("For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR")
    assert [c.ear99 for c in text.covers] == [False, True]
    assert (
        parse_requirement("For items on the CCL and listed in supplement no. 7 to part 746 of the EAR").covers
        == text.covers
    )


def test_a_requirement_that_is_not_understood_covers_everything_and_says_so() -> None:
    assert not parse_requirement("As the Secretary directs").is_read
    assert parse_requirement("For all items subject to the EAR (See §744.11 of the EAR)").is_read


def test_license_exception_gov_is_read() -> None:
    text = (
        "For all items subject to the EAR. This license requirement may be overcome by License Exception GOV under "
        "§ 740.11(b)(2) and (e)."
    )
    assert parse_requirement(text).exceptions == (("GOV", "15 CFR 740.11(b)"),)


def real_texts() -> tuple[set[str], set[str]]:
    csv.field_size_limit(10**7)
    requirements, policies = set(), set()
    with gzip.open(shared("data", "trade-csl", "consolidated_2022-04-21.csv.gz")) as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8")):
            if row["source"].startswith("Entity List"):
                requirements.add(row["license_requirement"])
                policies.add(row["license_policy"])
    with gzip.open(shared("data", "trade-csl", "screening-list_2026-07-31.json.gz")) as raw:
        content = json.load(raw)
    tables = content["tables"]
    for row in content["entries"]:
        if tables["sources"][row["s"]].startswith("Entity List"):
            requirements.update([tables["licenceRequirements"][row["lr"]]] if "lr" in row else [])
            policies.update([tables["licencePolicies"][row["lp"]]] if "lp" in row else [])
    return requirements, policies


def test_every_real_text_is_understood() -> None:
    """Every text of the lists of 2022 and 2026; only those that refer elsewhere are `see_text`."""
    requirements, policies = real_texts()
    assert len(requirements) > 100 and len(policies) > 80
    for text in requirements - {""}:
        read = parse_requirement(text)
        assert read.is_read or read.covers or text.startswith("For items on the CCL"), text
    for text in policies:
        words = text.lower()
        if "denial" in words or ("case" in words and "items listed on the ccl" not in words):
            assert parse_policy(text).default != "see_text" or words.startswith("presumption of approval"), text
