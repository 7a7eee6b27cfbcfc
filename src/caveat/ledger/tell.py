"""A listing in plain JSON values, as `caveat show` gives it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from caveat.model import AsOf, Disagreement, Listing

_DATES = ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by")
_SHOWN = (
    "names", "addresses", "citations", "identifiers", "license_requirement", "license_review_policy", "footnotes",
)  # fmt: skip


def tell_disagreement(found: Disagreement) -> dict[str, Any]:
    """Both values and where each was said."""
    plain = [_iso(v) if isinstance(v, dt.date) else v for v in (found.used, found.other)]
    return {
        "field": found.field, "used": plain[0], "used_source": found.used_source.to_dict(),
        "other": plain[1], "other_source": found.other_source.to_dict(),
    }  # fmt: skip


def tell_listing(listing: Listing, as_of: AsOf) -> dict[str, Any]:
    """The whole entry: dates apart, terms, names, addresses, and where each field was said."""
    entry = listing.entry.to_dict()
    dates = {d: entry.get(d) for d in _DATES}
    terms = listing.terms_from
    return {
        "entry_id": listing.entry_id,
        "list": entry.pop("list"),
        "name": listing.entry.name,
        "kind": entry.pop("kind"),
        "status": listing.status,
        "in_force": {"since": _iso(listing.since), "until": _iso(listing.until)},
        **dates,
        "license_requirement": entry.get("license_requirement"),
        "license_review_policy": entry.get("license_review_policy"),
        "footnotes": entry.get("footnotes", []),
        "terms_said_on": terms.text if terms else None,
        "names": [
            {"text": n.text, "quality": n.quality, "script": n.script, "source": n.source} for n in listing.entry.names
        ],
        "addresses": entry.get("addresses", []),
        "citations": entry.get("citations", []),
        "identifiers": entry.get("identifiers", []),
        "more": {k: v for k, v in entry.items() if k not in dates and k not in _SHOWN},
        "source": listing.source.to_dict(),
        "said": {name: source.to_dict() for name, source in sorted(listing.said.items())},
        "disagreements": [tell_disagreement(d) for d in listing.disagreements],
        "starter": listing.starter,
        "as_of": as_of.to_dict(),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
