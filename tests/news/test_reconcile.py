"""Claims held against the starter record and the law."""
# ruff: noqa: E501 - a table reads best one case a line

from __future__ import annotations

import pytest
from shared_data import shared

from caveat.model import Listing, Source
from caveat.news import Claim, Listings, read_article, reconcile
from caveat.record import read_record


@pytest.fixture(scope="module")
def record() -> Listings:
    listings = [
        Listing(
            f"{e.list}:{n}", e.entry, "removed" if e.removed else "listed", e.entry.effective_on or e.states[0].from_,
            e.removed.on if e.removed else None, Source("starter", e.row, e.states[0].known, "starter"), starter=True,
        )
        for n, e in enumerate(read_record().entries)
    ]  # fmt: skip
    return Listings(listings, whole=["84 FR 54002"])


def claims_of(text: str, record: Listings, kind: str) -> list[Claim]:
    return [c for c in reconcile(read_article(text), record) if c.kind == kind]


def test_a_listed_name_is_confirmed_with_its_entry_and_citation(record: Listings) -> None:
    text = (
        "October 10, 2019\n\nOn October 7, 2019 the Commerce Department said it added Hikvision and "
        "Nobody Chips to the Entity List."
    )
    names = claims_of(text, record, "name")
    assert [(c.text, c.record) for c in names] == [("Hikvision", "confirmed"), ("Nobody Chips", "unverified")]
    assert names[0].citation == "84 FR 54002"
    assert names[0].entry_id is not None


def test_a_listing_told_before_it_is_in_force_is_not_yet(record: Listings) -> None:
    text = "October 8, 2019\n\nThe Commerce Department on Monday added Hikvision to the Entity List."
    (name,) = claims_of(text, record, "name")
    assert name.record == "not_yet"
    assert name.difference is not None and "2019-10-09" in name.difference


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("October 7, 2019", "confirmed"),
        ("October 9, 2019", "confirmed"),
        ("October 10, 2019", "imprecise"),
        ("October 7, 2017", "contradicted"),
    ],
)
def test_the_day_told_against_the_days_of_the_act(day: str, verdict: str, record: Listings) -> None:
    text = f"The Commerce Department added Hikvision and Dahua Technology to the Entity List on {day}."
    assert [c.record for c in claims_of(text, record, "date")] == [verdict]


def test_a_wrong_count_is_found(record: Listings) -> None:
    text = (
        "The Commerce Department added 25 organizations, among them Hikvision and Dahua Technology, "
        "to the Entity List on October 7, 2019."
    )
    (count,) = claims_of(text, record, "count")
    assert (count.record, count.difference) == ("imprecise", "The record has 28 listings under 84 FR 54002.")


def test_no_statement_is_scored_true_or_false(record: Listings) -> None:
    text = (
        "The Commerce Department added Hikvision to the Entity List. Hikvision denied the "
        "accusations and said they were groundless. "
        "The impact would be limited, said Ann Lee, an analyst at Blue Research."
    )
    verdicts = {c.record for c in claims_of(text, record, "statement")}
    assert verdicts == {"party_statement", "opinion"}


def test_an_article_of_no_listing_has_no_claim_of_law(record: Listings) -> None:
    text = "It is practically impossible to buy proven records in the province, the shop said."
    assert claims_of(text, record, "law") == []


#: Rows of the table of claims that are wrong or imprecise and that the record and the law can show: a word of the
#: difference each is found by.
FOUND = {
    0: [("grounds", "imprecise", "repression"), ("law", "imprecise", "buying from the party"), ("law", "imprecise", "export control")],
    1: [("law", "imprecise", "nobody ruled"), ("scope", "imprecise", "Xinjiang Police College"), ("law", "imprecise", "goods and software"), ("law", "imprecise", "no province")],
    2: [("description", "unverified", "does not say"), ("law", "imprecise", "duty lies on the exporter")],
    3: [("scope", "contradicted", "part of it"), ("law", "contradicted", "reasonable cause"), ("scope", "contradicted", "first address there"),
        ("law", "imprecise", "foreign policy"), ("law", "contradicted", "applies for the license"), ("law", "imprecise", "White House")],
    4: [("grounds", "contradicted", "86 FR 71557"), ("authority", "imprecise", "Foreign Assets Control"), ("law", "imprecise", "publicly traded"),
        ("law", "imprecise", "United States subsidiary"), ("law", "imprecise", "importer rebuts")],
}  # fmt: skip


@pytest.mark.parametrize("number", sorted(FOUND))
def test_the_errors_of_the_five_articles_are_found(number: int, record: Listings) -> None:
    with shared("seeds", f"{number:03}.txt").open(encoding="utf-8", newline="") as stream:
        claims = reconcile(read_article(stream.read()), record)
    for kind, verdict, words in FOUND[number]:
        assert any((c.kind, c.record) == (kind, verdict) and words in (c.difference or "") for c in claims), words
    assert not any(c.record == "contradicted" for c in claims if c.kind in ("name", "count", "date", "statement"))
