"""The license a listing asks for: its review policy for this item, and the exceptions it refuses or allows."""

from __future__ import annotations

from caveat.determination.gather import Case
from caveat.law import Requirement, ReviewTerms, parse_policy, parse_requirement
from caveat.model import Ask, Listing, ReviewPolicy

_NOT_KNOWN = "[The lists consulted do not state this entry's review policy for that day: read the entry's text.]"


def review_policy(case: Case, listing: Listing) -> ReviewPolicy:
    """The strictest policy still possible for this item; `see_text`, unconfirmed, where no text is known."""
    text, confirmed = listing.entry.license_review_policy, listing.terms_from is not None
    if text is None:
        text, confirmed = _policy_of_rule(case, listing)
    if text is None:
        return ReviewPolicy("see_text", _NOT_KNOWN, (), False)
    terms: ReviewTerms = parse_policy(text)
    kind, asks = terms.review(case.facts.get)
    confirmed = confirmed and "license_review_policy" not in listing.entry.unconfirmed
    return ReviewPolicy(kind, text, tuple(Ask(*ask) for ask in asks), confirmed)


def _policy_of_rule(case: Case, listing: Listing) -> tuple[str | None, bool]:
    """The policy the rule that added the entry gave it, where that rule's is held; amended entries say null."""
    reading = case.law.begun("ear.entity_list.policy_of_rule", case.as_of)
    text: str | None = None
    for citation in listing.entry.citations if reading else ():
        place = citation.volume_and_page
        if place is None or (citation.date and citation.date > case.as_of.in_force):
            continue
        key = f"{place[0]} FR {place[1]}"
        if reading and key in reading.value:
            text = reading.value[key]
    return text, bool(reading and reading.confirmed)


_ADDRESS_ITEMS = "ear.entity_list.listed_address_items"


def requirement(case: Case, listing: Listing) -> Requirement:
    """The license requirement column, parsed; one that is not stated covers every item subject to the EAR.

    A listed address, where no list states its column for the day, covers what the rule on such addresses says.
    """
    text = listing.entry.license_requirement
    if not text and requirement_provisions(listing):
        reading = case.law.begun(_ADDRESS_ITEMS, case.as_of)
        text = str(reading.value) if reading else None
    return parse_requirement(text) if text else Requirement("", is_read=False)


def requirement_provisions(listing: Listing) -> tuple[str, ...]:
    """The provision that stands for the column of a listed address, where no list states it for the day."""
    is_bare = listing.entry.kind == "address" and not listing.entry.license_requirement
    return (_ADDRESS_ITEMS,) if is_bare else ()


def exceptions(case: Case, listing: Listing) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """(available, refused) license exceptions: those the entry allows, and the claimed one where it does not."""
    available = requirement(case, listing).exceptions
    claimed = case.facts.get("license_exception")
    allowed = {name for name, _ in available}
    refused = ((str(claimed).upper(), "15 CFR 744.16(b)"),) if claimed and str(claimed).upper() not in allowed else ()
    return available, refused
