"""The jurisdiction gate of 15 CFR part 734: is the item subject to the EAR, and by which road?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from caveat.determination.facts import Missing
from caveat.determination.gather import Case

_FDP = {"1": "ear.fdp.footnote_1", "4": "ear.fdp.footnote_4", "5": "ear.fdp.footnote_5"}


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the item is subject, why, the provisions that say so, and the footnote where a product rule does."""

    subject: bool
    why: str
    provisions: tuple[str, ...]
    footnote: str | None = None


def is_subject(case: Case, footnotes: Iterable[str] = (), in_chain: bool = True) -> Gate:
    """Whether the item is subject to the EAR; Missing where a fact decides it.

    footnotes  those of the listed party, for the Entity List's foreign-direct-product rules
    in_chain   the party buys, receives or uses the item (else the product rule asks for knowledge)
    """
    facts = case.facts
    told = facts.get("item.subject_to_ear")
    if told is not None:
        words = "is" if told else "is not"
        return Gate(told, f"the user states that the item {words} subject to the EAR", ("ear.jurisdiction.us_item",))
    if facts.get("item.published") or facts.get("item.fundamental_research"):
        return Gate(
            False, "published information and fundamental research are not subject", ("ear.jurisdiction.published",)
        )
    origin, location = facts.get("item.origin"), facts.get("item.location")
    if origin and origin[:2] == "US":
        return Gate(True, "the item is of US origin", ("ear.jurisdiction.us_item",))
    if location and location[:2] == "US":
        return Gate(True, "the item is in the United States", ("ear.jurisdiction.us_item",))
    if location is None and _leaves_the_us(case, origin):
        return Gate(True, "an export leaves the United States", ("ear.jurisdiction.us_item", "ear.jurisdiction.export"))
    if origin is None:
        raise Missing(
            "item.origin", "an item of US origin is subject to the EAR wherever it is; a foreign-made one may not be",
            (("US", "US"), ("another country", "foreign")),
        )  # fmt: skip
    return _foreign_made(case, footnotes, in_chain)


def _leaves_the_us(case: Case, origin: str | None) -> bool:
    activity, country = case.transaction.activity, case.facts.get("actor.country")
    if activity == "deemed_export":
        destination = case.facts.get("destination")
        return bool(destination == "US" or (destination is None and country in (None, "US")))
    return activity == "export" and (country == "US" or (country is None and origin is None))


def _foreign_made(case: Case, footnotes: Iterable[str], in_chain: bool) -> Gate:
    product: Missing | None = None
    for footnote in sorted(set(footnotes) & _FDP.keys()):
        try:
            if _is_direct_product(case, footnote, in_chain):
                return Gate(
                    True, f"a foreign-made direct product under the Entity List rule of footnote {footnote}",
                    (_FDP[footnote],), footnote,
                )  # fmt: skip
        except Missing as question:
            product = product or question
    try:
        if _has_controlled_content(case):
            return Gate(
                True, "the share of controlled US content is above the de minimis level",
                ("ear.jurisdiction.de_minimis", "ear.de_minimis.share"),
            )  # fmt: skip
    except Missing as question:
        raise product or question from None
    if product:
        raise product
    return Gate(
        False,
        "foreign-made, outside the United States, without controlled US content above the de minimis level, "
        "and not a direct product the Entity List rules reach",
        ("ear.jurisdiction.de_minimis", "ear.de_minimis.share"),
    )


def _has_controlled_content(case: Case) -> bool:
    facts = case.facts
    high = float(case.read("ear.de_minimis.share").value)
    low = float(case.read("ear.de_minimis.share_group_e").value)
    controlled, whole = facts.get("item.us_content.controlled_pct"), facts.get("item.us_content.pct")
    if facts.get("item.listed_in_734_4_a"):
        level = float(case.read("ear.de_minimis.share_734_4_a").value)
    else:
        destination = facts.get("destination")
        if destination is None and controlled is not None and low < controlled <= high:
            raise Missing(
                "destination", f"{controlled:g} percent of controlled content is above the level to some countries",
                (("Country Group E:1 or E:2", "IR"), ("another country", "CN")),
            )  # fmt: skip
        level = low if destination and destination[:2] in case.read("ear.country_groups.e").value else high
    if controlled is not None:
        return bool(controlled > level)
    if whole is not None and whole <= level:
        return False
    raise Missing(
        "item.us_content.controlled_pct",
        f"a foreign-made item is subject when controlled US content is above {level:g} percent by value",
        ((f"above {level:g}", min(level + 1, 100)), (f"{level:g} or less", level)),
    )


def _is_direct_product(case: Case, footnote: str, in_chain: bool) -> bool:
    reading = case.law.begun(_FDP[footnote], case.as_of)
    if reading is None:
        return False
    product = case.facts.get("item.direct_product_of")
    if product is None:
        raise _of_what(reading.value[0])
    codes, plant = product.get("eccns"), product.get("plant")
    if codes is None or (not codes and plant):
        raise _of_what(reading.value[0])
    if not any(code[:5] in reading.value for code in codes):
        return False
    if footnote == "5" and not _is_footnote_5_item(case):
        return False
    if not in_chain:
        return bool(
            case.facts.ask(
                "item.goes_into_product_of_listed_party",
                "the product rule also reaches an item known to go into anything the listed party makes, buys or "
                "orders",
            )
        )
    return True


def _is_footnote_5_item(case: Case) -> bool:
    listed = case.read("ear.fdp.footnote_5_items").value
    eccn = case.facts.get("item.eccn")
    if eccn and eccn[:5] in listed:
        return True
    contains = case.facts.get("item.contains_footnote_5_circuit")
    if contains is None and eccn in (None, "on_ccl"):
        raise Missing(
            "item.eccn", "the footnote 5 rule asks for an item in the listed 3B ECCNs, or with such a circuit",
            (("a listed 3B ECCN", listed[0]), ("EAR99", "EAR99")),
        )  # fmt: skip
    return bool(
        case.facts.ask(
            "item.contains_footnote_5_circuit",
            "the footnote 5 rule also reaches an item that contains a circuit made by such equipment",
        )
    )


def _of_what(example: str) -> Missing:
    return Missing(
        "item.direct_product_of",
        "a foreign-made direct product of listed US technology, software or plant is subject for this party",
        (
            ("of listed technology, software or plant", {"eccns": (example,), "plant": True}),
            ("of none", {"eccns": (), "plant": False}),
        ),
    )
