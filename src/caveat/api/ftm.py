"""FollowTheMoney entities in and out: the form in which OpenSanctions' API and its clients speak of parties."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from caveat.app import Query as Party
from caveat.errors import InputError

SCHEMA_OF = {
    "person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane",
    "address": "Address",
}  # fmt: skip
#: Kinds that a schema stands for; none is any.
KINDS_OF: dict[str, tuple[str, ...]] = {
    "Thing": (), "LegalEntity": ("person", "organization", "unknown"), "Person": ("person",),
    "Organization": ("organization", "unknown"), "Company": ("organization", "unknown"),
    "PublicBody": ("organization", "unknown"), "Vessel": ("vessel",), "Airplane": ("aircraft",),
    "Vehicle": ("vessel", "aircraft"), "Asset": ("vessel", "aircraft", "organization"), "Address": ("address",),
}  # fmt: skip
_QUERY_KIND = {
    "Person": "person", "Organization": "organization", "Company": "organization", "PublicBody": "organization",
    "Vessel": "vessel", "Airplane": "aircraft", "Address": "address",
}  # fmt: skip
_NAMES = ("name", "alias", "weakAlias", "previousName", "abbreviation")
_COUNTRIES = ("country", "jurisdiction", "mainCountry", "nationality", "citizenship", "flag")
_NUMBERS = (
    "registrationNumber", "idNumber", "taxNumber", "innCode", "ogrnCode", "leiCode", "uscCode", "vatCode", "dunsCode",
    "swiftBic", "bicCode", "imoNumber", "mmsi", "passportNumber", "socialSecurityNumber", "isinCode", "ricCode",
    "cikCode", "cageCode", "uniqueEntityId", "serialNumber", "callSign", "permId", "ticker",
)  # fmt: skip
_PROPERTY_OF = {
    "uscc": "uscCode", "isin": "isinCode", "lei": "leiCode", "imo": "imoNumber", "mmsi": "mmsi", "swift": "swiftBic",
    "duns": "dunsCode", "inn": "innCode", "ogrn": "ogrnCode", "passport": "passportNumber", "tax": "taxNumber",
    "tax_id": "taxNumber", "registration": "registrationNumber", "cage": "cageCode", "uei": "uniqueEntityId",
    "ticker": "ticker", "national_id": "idNumber", "call_sign": "callSign", "vat": "vatCode",
}  # fmt: skip
_TYPE_OF = {
    **dict.fromkeys(_NAMES, "name"), **dict.fromkeys(_COUNTRIES, "country"), **dict.fromkeys(_NUMBERS, "identifier"),
    "address": "address", "full": "address", "topics": "topic", "birthDate": "date", "notes": "text",
}  # fmt: skip
#: What a schema may carry; a number elsewhere goes under the general name.
_ONLY = {
    "isinCode": ("Company",), "ticker": ("Company",), "passportNumber": ("Person",),
    "imoNumber": ("Vessel", "Organization"), "mmsi": ("Vessel",), "callSign": ("Vessel",),
    "cageCode": ("Organization",),
}  # fmt: skip
_TOPICS = (
    ("us.ofac.ns_cmic", "invest.ban"), ("us.ofac.", "sanction"), ("us.bis.denied_persons", "export.control"),
    ("us.bis.unverified", "export.risk"), ("us.bis.", "export.control"), ("us.state.debarred", "debarment"),
    ("us.state.visa", "sanction"), ("us.state.", "sanction"), ("us.dhs.uflpa", "forced.labor"),
    ("us.cbp.wro", "forced.labor"), ("us.dod.", "mil"), ("us.far.", "debarment"), ("us.fcc.", "reg.action"),
    ("un.", "sanction"), ("uk.", "sanction"), ("eu.", "sanction"), ("au.", "sanction"), ("ca.sema", "sanction"),
    ("cn.", "sanction.counter"), ("jp.", "export.risk"), ("ca.", "export.risk"),
)  # fmt: skip


def topic_of(list_id: str) -> str:
    """The topic under which FollowTheMoney would file a list's entries."""
    return next((topic for start, topic in _TOPICS if list_id.startswith(start)), "reg.warn")


def party_of(schema: str, properties: Mapping[str, Any]) -> tuple[Party, list[str]]:
    """The party an example entity stands for, and the properties that play no part in finding it.

    InputError where it has no name (an Address: no address).
    """
    texts = {name: _texts(values) for name, values in properties.items()}
    names = [text for name in _NAMES for text in texts.get(name, ())]
    if schema == "Address":
        names = texts.get("full", []) + names
    if not names and texts.get("lastName"):
        names = [" ".join([*texts.get("firstName", [])[:1], *texts.get("middleName", [])[:1], texts["lastName"][0]])]
    if not names:
        raise InputError("the example has no name", where=f"{schema}.properties", do="give properties.name")
    countries = [c for name in _COUNTRIES for c in texts.get(name, ()) if len(c) == 2 and c.isalpha()]
    numbers = [n for name in _NUMBERS for n in texts.get(name, ())]
    births = texts.get("birthDate") or []
    used = {*_NAMES, *_COUNTRIES, *_NUMBERS, "full", "firstName", "middleName", "lastName", "birthDate", "address"}
    party = Party(
        names[0][:1000], kind=_QUERY_KIND.get(schema), country=countries[0].upper() if countries else None,
        address=next(iter(texts.get("address", ())), None), birth_date=births[0] if births else None,
        identifiers=tuple(numbers[:50]), aliases=tuple(n[:1000] for n in names[1:50]),
    )  # fmt: skip
    return party, sorted(set(properties) - used)


def _texts(values: Any) -> list[str]:
    many = values if isinstance(values, list | tuple) else [values]
    return [str(v).strip() for v in many if v is not None and not isinstance(v, dict | list) and str(v).strip()]


def entity_of(told: Mapping[str, Any], *, nested: bool = False, titles: Mapping[str, str]) -> dict[str, Any]:
    """An entry as `show` tells it, as an entity. With `nested`, a Sanction for each list that names the party."""
    schema = SCHEMA_OF.get(told["kind"], "LegalEntity")
    more = told["more"]
    others = told["same_party"]
    lists = list(dict.fromkeys([told["list"], *(o["list"] for o in others)]))
    properties: dict[str, list[Any]] = {
        "name": [n["text"] for n in told["names"] if n["quality"] == "primary"] or [told["name"] or told["entry_id"]],
        "alias": [n["text"] for n in told["names"] if n["quality"] == "strong"],
        "weakAlias": [n["text"] for n in told["names"] if n["quality"] == "weak"],
        "country": [c.lower() for c in more.get("countries", ())],
        "address": [a["text"] for a in told["addresses"] if a.get("text")],
        "topics": list(dict.fromkeys(topic_of(i) for i in lists)),
        "program": _texts(more.get("programs") or []),
        "notes": [t for t in (more.get("remarks"), told["license_requirement"], told["license_review_policy"]) if t],
    }
    if schema == "Person":
        properties["birthDate"] = _texts(more.get("birth_dates") or [])
        properties["nationality"] = [c.lower() for c in _texts(more.get("nationalities") or [])]
        properties["position"] = _texts(more.get("title") or [])
    if schema == "Address":
        properties["full"] = properties.pop("address") or properties["name"]
    for number in told["identifiers"]:
        name = _PROPERTY_OF.get(number["kind"], "idNumber")
        if schema not in _ONLY.get(name, (schema,)):
            name = "registrationNumber" if schema != "Person" else "idNumber"
        properties.setdefault(name, []).append(number["value"])
    if nested:
        properties["sanctions"] = sanctions_of(told, titles)
    seen = told["source"]["published"]
    return {
        "id": told["entry_id"], "caption": told["name"] or told["entry_id"], "schema": schema,
        "properties": {k: list(dict.fromkeys(v)) if k != "sanctions" else v for k, v in properties.items() if v},
        "datasets": lists, "referents": [o["entry_id"] for o in others], "target": True,
        "first_seen": _instant(told["in_force"]["since"]), "last_seen": _instant(seen), "last_change": _instant(seen),
    }  # fmt: skip


def sanctions_of(told: Mapping[str, Any], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One Sanction for the entry and one for each other list that names the same party."""
    own = {
        "entry_id": told["entry_id"], "list": told["list"], "effective_on": told["effective_on"],
        "until": told["in_force"]["until"], "citations": [c["cite"] for c in told["citations"]],
        "status": told["status"], "listed": told["published_on"],
    }  # fmt: skip
    found = []
    for row in [own, *told["same_party"]]:
        values: dict[str, list[Any]] = {
            "entity": [told["entry_id"]],
            "program": [titles.get(row["list"], row["list"])],
            "programId": [row["list"]],
            "startDate": [row["effective_on"]],
            "endDate": [row["until"]],
            "listingDate": [row.get("listed")],
            "reason": list(row["citations"]),
            "status": [row["status"]],
        }
        found.append(
            {
                "id": f"{row['entry_id']}.sanction", "caption": titles.get(row["list"], row["list"]),
                "schema": "Sanction", "datasets": [row["list"]], "referents": [], "target": False,
                "properties": {k: [x for x in v if x] for k, v in values.items() if any(v)},
            }
        )  # fmt: skip
    return found


#: The party's end of each tie -> the ends of the tie: its own, the other.
SIDES = {
    "ownershipOwner": ("owner", "asset"), "ownershipAsset": ("asset", "owner"),
    "directorshipDirector": ("director", "organization"), "directorshipOrganization": ("organization", "director"),
    "paymentPayer": ("payer", "beneficiary"), "paymentBeneficiary": ("beneficiary", "payer"),
    "unknownLinkFrom": ("subject", "object"), "unknownLinkTo": ("object", "subject"),
}  # fmt: skip


def tie_of(tie: Mapping[str, Any], side: str, entry_id: str, other: Mapping[str, Any]) -> dict[str, Any]:
    """A tie of an entry as an entity: the entry by its id, the other end whole."""
    own, far = SIDES[side]
    return whole({**tie, "properties": {**tie["properties"], own: [entry_id], far: [dict(other)]}})


def whole(entity: Mapping[str, Any]) -> dict[str, Any]:
    """An entity of the loaded edges, with all that an entity has."""
    named = entity["properties"].get("name") or [entity["schema"]]
    bare = {"caption": named[0], "datasets": ["edges"], "referents": [], "target": False}
    return {**bare, "first_seen": None, "last_seen": None, "last_change": None, **entity}


def statements_of(entity: Mapping[str, Any], entry_id: str, canonical_id: str) -> list[dict[str, Any]]:
    """Each value of one entry's entity as a statement of its list."""
    own = entity["datasets"][0]
    return [
        {
            "id": hashlib.sha256(f"{entry_id}|{name}|{value}".encode("utf-8", "replace")).hexdigest()[:40],
            "entity_id": entry_id, "canonical_id": canonical_id, "prop": name,
            "prop_type": _TYPE_OF.get(name, "string"), "schema": entity["schema"], "value": value,
            "dataset": own, "lang": None, "original_value": None, "origin": None,
            "first_seen": entity["first_seen"] or entity["last_seen"],
            "last_seen": entity["last_seen"],
        }
        for name, values in entity["properties"].items()
        for value in values
        if isinstance(value, str)
    ]  # fmt: skip


def explanations_of(evidence: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each piece of evidence under a name of its own; the scores are log-odds and add up to the logit."""
    out: dict[str, dict[str, Any]] = {}
    for piece in evidence:
        name, number = piece["feature"], 2
        while name in out:
            name, number = f"{piece['feature']}_{number}", number + 1
        out[name] = {
            "score": piece["points"], "weight": 1.0, "detail": piece["why"], "query": piece["query"],
            "candidate": piece["entry"],
        }  # fmt: skip
    return out


def fits(entity: Mapping[str, Any], *, schema: str | None = None, without: Sequence[str] = ()) -> bool:
    """Whether an entity is of a schema, and of none of others."""
    kinds = {v: k for k, v in SCHEMA_OF.items()}
    kind = kinds.get(entity["schema"], "unknown")
    wanted = KINDS_OF.get(schema or "Thing", ())
    return (not wanted or kind in wanted) and not any(kind in KINDS_OF.get(s, ()) for s in without)


def _instant(text: str | None) -> str | None:
    return f"{text}T00:00:00" if text and len(text) == 10 else text
