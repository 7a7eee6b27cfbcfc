"""Evidence beside the name: kind, country, birth date, identifiers, address, weak alias."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from caveat.screening import evidence as points
from caveat.screening.identifiers import is_well_formed, normal_identifier
from caveat.screening.index import Index
from caveat.screening.query import Evidence, Query

_YEAR = re.compile(r"\d{4}")


def has_beside(query: Query) -> bool:
    """Whether the query says more than a name."""
    return bool(query.kind or query.country or query.birth_date or query.address or query.city or query.identifiers)


_BESIDE = ("kind", "country", "birth_date", "address", "city", "identifiers")


def most_beside(query: Query) -> int:
    """The most points that what stands beside the name may add; a name that lacks more need not be looked at."""
    return most_of(tuple(name for name in _BESIDE if getattr(query, name)))


@lru_cache(maxsize=1000)
def most_of(given: tuple[str, ...]) -> int:
    """The same, by what is given."""
    if "identifiers" in given:
        return points.MOST_BESIDE
    most = points.SAME_KIND if "kind" in given else 0
    most += points.SAME_COUNTRY if "country" in given else 0
    most += points.SAME_BIRTH if "birth_date" in given else 0
    return most + max(points.SAME_ADDRESS if "address" in given else 0, points.SAME_CITY if "city" in given else 0)


def beside(query: Query, index: Index, entry: int, row: int, has_form: bool) -> tuple[Evidence, ...]:
    """What speaks for and against an entry beside its name. `has_form`: the query's name bears a legal form."""
    out: list[Evidence] = []
    if index.is_weak(row):
        out.append(_piece("weak_alias", None, index.name(row), points.WEAK_ALIAS, "the list calls this alias weak"))
    if has_form and not query.kind:
        kinds = [k for k in index.card(entry)[1]["kinds"] if k != "unknown"]
        if kinds and "organization" not in kinds:
            why = f"a legal form names a company; the list has a {kinds[0]}"
            out.append(_piece("kind", "organization", kinds[0], points.OTHER_KIND, why))
    if not has_beside(query):
        return tuple(out)
    card = index.card(entry)[1]
    for piece in (_kind(query, card), _country(query, card), _birth(query, card), _place(query, card)):
        if piece:
            out.append(piece)
    out.extend(_identifiers(query, card))
    return tuple(out)


def alone(query: Query, address: str | None, index: Index, entry: int) -> tuple[Evidence, ...]:
    """What speaks for an entry whose name was not found: a number or an address. Empty where neither agrees."""
    from caveat.screening.addresses import address_points

    card = index.card(entry)[1]
    strong = [piece for piece in _identifiers(query, card) if piece.points > 0]
    if address:
        share, listed = max(((address_points(address, text), text) for text, _ in card["addresses"]), default=(0, ""))
        if share:
            own = "address" in card["kinds"]
            why = "an address that is itself listed" if own else "the address of a listed party"
            value = (points.LISTED_ADDRESS if own else points.SHARED_ADDRESS) * share // 1000
            strong.append(_piece("address", address, listed, value, why))
    if not strong:
        return ()
    base = _piece("base", None, None, points.ALONE, "the name itself was not found on the list")
    return (base, *strong, *(piece for piece in (_country(query, card), _birth(query, card)) if piece))


def _piece(feature: str, query: str | None, entry: str | None, value: int, why: str) -> Evidence:
    return Evidence(feature, query, entry, value / 1000, why)


def _kind(query: Query, card: dict[str, Any]) -> Evidence | None:
    kinds = [k for k in card["kinds"] if k != "unknown"]
    if not query.kind or query.kind == "unknown" or not kinds:
        return None
    if query.kind in kinds:
        return _piece("kind", query.kind, query.kind, points.SAME_KIND, "both are of one kind")
    return _piece("kind", query.kind, kinds[0], points.OTHER_KIND, f"one is a {query.kind}, the other a {kinds[0]}")


def _country(query: Query, card: dict[str, Any]) -> Evidence | None:
    countries = card["countries"]
    if not query.country or not countries:
        return None
    code = query.country.strip().upper()
    if code in countries:
        return _piece("country", code, code, points.SAME_COUNTRY, "the list places it in the same country")
    told = " ".join(countries[:4])
    return _piece("country", code, told, points.OTHER_COUNTRY, "the list places it in another country")


def _birth(query: Query, card: dict[str, Any]) -> Evidence | None:
    if not query.birth_date or not card["births"]:
        return None
    best: tuple[int, str, str] | None = None
    for listed in card["births"]:
        value, why = compare_births(query.birth_date, listed)
        if best is None or value > best[0]:
            best = (value, listed, why)
    assert best is not None
    return _piece("birth_date", query.birth_date, best[1], best[0], best[2])


def compare_births(one: str, other: str) -> tuple[int, str]:
    """Points (thousandths) and words for two birth dates, each as precise as it is."""
    if one == other:
        return points.SAME_BIRTH, "the same date of birth"
    years = [int(y) for y in _YEAR.findall(one)][:1]
    listed = [int(y) for y in _YEAR.findall(other)]
    if not years or not listed:
        return 0, "a date of birth that cannot be read"
    year, low, high = years[0], min(listed), max(listed)
    exact_one, exact_other = (
        re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", one),
        re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", other),
    )
    if exact_one and exact_other:
        if exact_one[1] == exact_other[1] and (exact_one[2], exact_one[3]) == (exact_other[3], exact_other[2]):
            return points.NEAR_BIRTH, "day and month exchanged"
        slips = sum(a != b for a, b in zip(one, other, strict=True))
        if slips == 1:
            return points.NEAR_BIRTH, "one digit of the date of birth differs"
    if low <= year <= high:
        loose = not (exact_one and exact_other)
        return (points.NEAR_BIRTH, "born in the same year") if loose else (0, "born in the same year on another day")
    if low - 1 <= year <= high + 1 or (("c." in other or "c." in one) and low - 3 <= year <= high + 3):
        return points.YEAR_SLIP, "born a year apart or about then"
    if any(sum(a != b for a, b in zip(str(year), str(y), strict=True)) == 1 for y in listed) or any(
        sorted(str(year)) == sorted(str(y)) for y in listed
    ):
        return points.YEAR_SLIP // 2 - 600, "a slip of one digit in the birth year would explain it"
    return points.OTHER_BIRTH, "another date of birth"


def _place(query: Query, card: dict[str, Any]) -> Evidence | None:
    from caveat.screening.addresses import address_points

    if query.address:
        best = max(
            ((address_points(query.address, text), text) for text, _ in card["addresses"]),
            default=(0, ""),
            key=lambda p: p[0],
        )
        if best[0] > 0:
            value = points.SAME_ADDRESS * best[0] // 1000
            return _piece("address", query.address, best[1], value, "the listed address")
    if query.city:
        city = query.city.casefold()
        for text, _ in card["addresses"]:
            if city in text.casefold():
                return _piece("city", query.city, text, points.SAME_CITY, "the list gives an address in that city")
    return None


def _identifiers(query: Query, card: dict[str, Any]) -> list[Evidence]:
    out = []
    listed = [tuple(item) for item in card["identifiers"]]
    for asked in query.identifiers:
        kind, number, country = normal_identifier(asked)
        if not number:
            continue
        same = [item for item in listed if item[1] == number and (not kind or not item[0] or _kin(kind, item[0]))]
        if same and (not country or not same[0][2] or country == same[0][2]):
            formed = is_well_formed(kind or same[0][0], number)
            why = "the same number" + ("; its check digits are right" if formed else "")
            out.append(_piece("identifier", number, f"{same[0][0]} {number}".strip(), points.SAME_IDENTIFIER, why))
            continue
        others = [item for item in listed if kind and item[0] == kind and (not country or country == item[2])]
        if others and kind in ("lei", "uscc", "imo", "isin"):
            out.append(
                _piece(
                    "identifier", number, others[0][1], points.OTHER_IDENTIFIER, f"another {kind}: a party bears one"
                )
            )
    return out


def _kin(one: str, other: str) -> bool:
    """Whether two kinds of number may be one: the same word in both, or one says nothing certain."""
    vague = {
        "",
        "other",
        "id",
        "identification",
        "registration_number",
        "registration",
        "national_id",
        "tax_id",
        "unknown",
    }
    return (
        one == other or one in vague or other in vague or bool(set(one.split("_")) & set(other.split("_")) - {"number"})
    )
