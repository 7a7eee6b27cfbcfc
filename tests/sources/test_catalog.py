"""The catalog: every list of the contract is in it, and a wrong block is refused."""

from __future__ import annotations

import pytest

from caveat.errors import ConfigError, InputError
from caveat.sources import load_catalog

CONTRACT = """us.ofac.sdn us.ofac.ns_cmic us.ofac.consolidated us.bis.entity_list us.bis.denied_persons
us.bis.unverified us.bis.military_end_user us.state.nonproliferation us.state.debarred us.dhs.uflpa us.cbp.wro
us.fcc.covered_list us.dod.section_1260h us.far.section_889 us.trade.csl un.sc uk.ofsi eu.fsf au.dfat ca.sema
jp.meti us.fcc.section_214 us.state.visa""".split()

BLOCK = """
us.x:
  title: T
  publisher: P
  authority: A
  urls: [https://example.org/x]
  cadence_days: 7
  expected: {min: 1, max: 2}
"""


def test_every_list_of_the_contract_has_its_block() -> None:
    catalog = load_catalog()
    assert set(CONTRACT) <= set(catalog)
    for list_id in catalog:
        info = catalog[list_id]
        assert info.id == list_id
        assert bool(info.urls) != bool(info.no_fetch)
        assert info.expected_min <= info.expected_max


def test_an_unknown_list_names_the_near_ones() -> None:
    with pytest.raises(InputError, match=r"us\.ofac\.sdn"):
        load_catalog()["us.ofac.sdm"]
    assert "us.ofac.sdm" not in load_catalog()


def test_every_address_may_be_fetched_and_no_other() -> None:
    urls = load_catalog().urls()
    assert "https://scsanctions.un.org/resources/xml/en/consolidated.xml" in urls
    assert all(url.startswith("https://") for url in urls)


def test_shrink_is_a_tenth_unless_said() -> None:
    assert load_catalog(BLOCK)["us.x"].shrink == 0.10
    assert load_catalog(BLOCK + "  shrink: 0.5\n")["us.x"].shrink == 0.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BLOCK + "  colour: red\n", "unknown key 'colour'"),
        (BLOCK.replace("  title: T\n", ""), "has no title"),
        (BLOCK.replace("title: T", "title: ''"), "has no title"),
        (BLOCK + BLOCK, "stands twice"),
        (BLOCK + "  shrink: 0.1\n  shrink: 0.9\n", "stands twice"),
        (BLOCK + "  shrink: 1.5\n", "shrink"),
        (BLOCK + "  shrink: true\n", "shrink"),
        (BLOCK.replace("{min: 1, max: 2}", "{min: 3, max: 2}"), "expected"),
        (BLOCK.replace("{min: 1, max: 2}", "{min: 3}"), "expected"),
        (BLOCK.replace("cadence_days: 7", "cadence_days: weekly"), "cadence_days"),
        (BLOCK.replace("https:", "http:"), "https"),
        (BLOCK + "  no_fetch: because\n", "not both"),
        (BLOCK.replace("  urls: [https://example.org/x]\n", ""), "needs urls"),
        ("- a\n", "not a mapping"),
        ("us.x: 3\n", "not a mapping"),
        ("us.x: [\n", "broken YAML"),
        ("", "not a mapping"),
    ],
)
def test_a_wrong_block_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load_catalog(text)
