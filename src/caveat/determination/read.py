"""Reading a transaction, strictly: each bad input is one line that names the field and what is allowed there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from caveat.errors import InputError
from caveat.law import TERM_FACTS
from caveat.model import (
    ACTIVITIES,
    ITEM_KINDS,
    ROLES,
    Evidence,
    InputGiven,
    Moment,
    OwnerGiven,
    PartyGiven,
    Transaction,
)

#: Yes-or-no facts of the item that a rule may ask for, by the name its question uses.
ITEM_FACTS: tuple[str, ...] = tuple(
    path.removeprefix("item.")
    for path in (
        *TERM_FACTS,
        "item.subject_to_ear", "item.published", "item.fundamental_research", "item.publicly_traded",
        "item.listed_in_734_4_a", "item.contains_footnote_5_circuit", "item.goes_into_product_of_listed_party",
        "item.on_supplement_2_to_part_744", "item.military_end_use", "item.used_for_public_safety_or_security",
        "item.previously_authorized", "item.substantial_or_essential_component", "item.telecommunications_equipment",
        "item.within_withhold_release_order", "item.contains_cotton_or_tomato", "item.made_with_xinjiang_inputs",
    )
)  # fmt: skip
_ITEM_TEXTS = ("description", "name", "model", "unit", "currency", "end_use", "producer", "manufacturer", "issuer")
_ITEM_NUMBERS = ("quantity", "value")
_ITEM = {
    "kind", "eccn", "hts", "origin", "location", "us_content", "direct_product_of", "inputs",
    *ITEM_FACTS, *_ITEM_TEXTS, *_ITEM_NUMBERS,
}  # fmt: skip
_ACTOR_FACTS = (
    "us_person", "federal_contractor", "federal_agency", "department_of_defense", "federal_grantee",
    "importer_of_record",
)  # fmt: skip
_ACTOR = {"name", "country", "address", "kind", *_ACTOR_FACTS}
_PARTY_FACTS = ("military_end_user", "official", "family_of_official", "front_or_shell")
_RELATIONS = ("branch_of", "employer", "front_for", "affiliate_of")
_PARTY = {
    "name", "role", "roles", "country", "address", "owners", "entry_id", "not_entries", "kind", "title", "id",
    *_PARTY_FACTS, *_RELATIONS,
}  # fmt: skip
_OWNER = {"name", "pct", "entry_id", "not_entries", "country", "owners"}
_INPUT = {"description", "producer", "origin", "entry_id", "not_entries", "inputs", "hts"}
_TIMING_DAYS = ("ordered_on", "loaded_on_carrier_on", "security_bought_on")
_TIMING = {*_TIMING_DAYS, "purpose"}
_TOP = {
    "date", "known", "activity", "actor", "item", "destination", "parties", "license_exception", "timing", "evidence",
    "end_use", "purpose", "knowledge", "id", "title", "note",
}  # fmt: skip
_ECCN = re.compile(r"(?i)EAR99|[0-9][A-E][0-9]{3}(?:\.[a-z0-9]{1,3})*")
_COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_DEPTH = 20
_LARGEST = 1e18
_WASHINGTON = "America/New_York"


def read_transaction(given: Mapping[str, Any] | Transaction) -> Transaction:
    """The transaction as a frozen record. InputError, one line, where a field cannot be used."""
    if isinstance(given, Transaction):
        return given
    if not isinstance(given, Mapping):
        raise InputError("is not a mapping of fields", where="transaction", do=f"give {_names(_TOP)}")
    plain = _plain(given, "")
    _refuse_unknown(given, _TOP, "")
    for key in ("date", "activity", "parties"):
        if given.get(key) is None:
            raise InputError("is missing", where=key, do="give date, activity and parties")
    facts: dict[str, Any] = {}
    date, minute = _act(given["date"])
    activity = _one_of(given["activity"], ACTIVITIES, "activity")
    inputs = _read_item(_section(given, "item"), facts)
    _read_actor(_section(given, "actor"), facts)
    _read_timing(_section(given, "timing"), given.get("purpose"), facts)
    facts["destination"] = _country(given.get("destination"), "destination")
    facts["license_exception"] = _text(given.get("license_exception"), "license_exception")
    for name in ("end_use", "knowledge"):
        facts[name] = _text(given.get(name), name)
    parties = _read_parties(given["parties"], facts)
    evidence = _read_evidence(given.get("evidence"))
    for item in evidence:
        facts[f"evidence.{_slug(item.kind)}"] = True
    return Transaction(
        date=date, minute=minute, activity=activity, parties=parties, known=_known(given.get("known")),
        inputs=inputs, evidence=evidence, facts={k: v for k, v in facts.items() if v is not None}, given=plain,
    )  # fmt: skip


def _read_item(item: Mapping[str, Any], facts: dict[str, Any]) -> tuple[InputGiven, ...]:
    _refuse_unknown(item, _ITEM, "item")
    for name in ITEM_FACTS:
        facts[f"item.{name}"] = _truth(item.get(name), f"item.{name}")
    for name in _ITEM_TEXTS:
        facts[f"item.{name}"] = _text(item.get(name), f"item.{name}")
    for name in _ITEM_NUMBERS:
        facts[f"item.{name}"] = _number(item.get(name), f"item.{name}", None)
    if item.get("kind") is not None:
        facts["item.kind"] = _one_of(item["kind"], ITEM_KINDS, "item.kind")
    facts["item.eccn"] = _eccn(item.get("eccn"), "item.eccn")
    facts["item.hts"] = _text(item.get("hts"), "item.hts")
    for name in ("origin", "location"):
        facts[f"item.{name}"] = _country(item.get(name), f"item.{name}")
    content = _section(item, "us_content", "item.us_content")
    _refuse_unknown(content, {"pct", "controlled_pct"}, "item.us_content")
    for name in ("pct", "controlled_pct"):
        facts[f"item.us_content.{name}"] = _number(content.get(name), f"item.us_content.{name}", 100)
    whole, controlled = facts["item.us_content.pct"], facts["item.us_content.controlled_pct"]
    if whole is not None and controlled is not None and controlled > whole:
        raise InputError(f"{controlled:g} is more than pct {whole:g}", where="item.us_content.controlled_pct",
                         do="controlled content is a part of the US content")  # fmt: skip
    product = item.get("direct_product_of")
    if product is not None:
        product = _section(item, "direct_product_of", "item.direct_product_of")
        _refuse_unknown(product, {"eccns", "plant"}, "item.direct_product_of")
        codes = product.get("eccns")
        if codes is not None and not isinstance(codes, (list, tuple)):
            raise InputError(
                "is not a list", where="item.direct_product_of.eccns", do="give ECCNs, [3E001]; [] for none"
            )
        facts["item.direct_product_of"] = {
            "eccns": None if codes is None else tuple(
                str(_eccn(code, f"item.direct_product_of.eccns.{n}")) for n, code in enumerate(codes)
            ),
            "plant": _truth(product.get("plant"), "item.direct_product_of.plant"),
        }  # fmt: skip
    return _read_inputs(item.get("inputs"), "item.inputs", 0)


def _read_inputs(given: Any, where: str, depth: int) -> tuple[InputGiven, ...]:
    inputs = []
    for n, item in enumerate(_items(given, where, depth)):
        at = f"{where}.{n}"
        _refuse_unknown(item, _INPUT, at)
        inputs.append(
            InputGiven(
                _text(item.get("description"), f"{at}.description") or "",
                _text(item.get("producer"), f"{at}.producer"),
                _country(item.get("origin"), f"{at}.origin"), _entries(item.get("entry_id"), f"{at}.entry_id"),
                _texts(item.get("not_entries"), f"{at}.not_entries"),
                _read_inputs(item.get("inputs"), f"{at}.inputs", depth + 1),
            )
        )  # fmt: skip
    return tuple(inputs)


def _read_actor(actor: Mapping[str, Any], facts: dict[str, Any]) -> None:
    _refuse_unknown(actor, _ACTOR, "actor")
    for name in _ACTOR_FACTS:
        facts[f"actor.{name}"] = _truth(actor.get(name), f"actor.{name}")
    for name in ("name", "address", "kind"):
        facts[f"actor.{name}"] = _text(actor.get(name), f"actor.{name}")
    facts["actor.country"] = _country(actor.get("country"), "actor.country")


def _read_timing(timing: Mapping[str, Any], purpose: Any, facts: dict[str, Any]) -> None:
    _refuse_unknown(timing, _TIMING, "timing")
    for name in _TIMING_DAYS:
        value = timing.get(name)
        facts[f"timing.{name}"] = None if value is None else _day(value, f"timing.{name}")
    purpose = timing.get("purpose") if timing.get("purpose") is not None else purpose
    facts["timing.purpose"] = _text(purpose, "timing.purpose")


def _read_parties(given: Any, facts: dict[str, Any]) -> tuple[PartyGiven, ...]:
    if not isinstance(given, (list, tuple)):
        raise InputError("is not a list", where="parties", do="give `- {name: …, role: …}` for each party")
    parties = []
    for n, party in enumerate(_items(given, "parties", 0)):
        at = f"parties.{n}"
        _refuse_unknown(party, _PARTY, at)
        name = _text(party.get("name"), f"{at}.name") or ""
        address = _text(party.get("address"), f"{at}.address")
        if not name and not address and not party.get("entry_id"):
            raise InputError("has neither name, address nor entry_id", where=at, do="name the party")
        roles = _roles(party, at)
        owners = _read_owners(party.get("owners"), f"{at}.owners", (_folded(name),), facts, 0)
        country = _country(party.get("country"), f"{at}.country")
        own = {key: _truth(party.get(key), f"{at}.{key}") for key in _PARTY_FACTS}
        facts.update({f"{at}.{key}": value for key, value in own.items()})
        facts[f"{at}.role"] = roles or None
        facts[f"{at}.country"] = country
        related = tuple(
            (key, str(_text(party[key], f"{at}.{key}"))) for key in _RELATIONS if party.get(key) is not None
        )
        parties.append(
            PartyGiven(
                name, roles, country, address, owners, _entries(party.get("entry_id"), f"{at}.entry_id"),
                _texts(party.get("not_entries"), f"{at}.not_entries"), related,
                {key: value for key, value in own.items() if value is not None},
            )
        )  # fmt: skip
    return tuple(parties)


def _roles(party: Mapping[str, Any], at: str) -> tuple[str, ...]:
    roles = party.get("role") if party.get("role") is not None else party.get("roles")
    if roles is None:
        return ()
    if isinstance(roles, str):
        roles = [roles]
    if not isinstance(roles, (list, tuple)):
        raise InputError(f"{roles!r} is not a role", where=f"{at}.role", do=f"allowed: {', '.join(ROLES)}")
    return tuple(_one_of(role, ROLES, f"{at}.role") for role in roles)


def _read_owners(
    given: Any, where: str, above: tuple[str, ...], facts: dict[str, Any], depth: int
) -> tuple[OwnerGiven, ...]:
    owners = []
    for n, owner in enumerate(_items(given, where, depth)):
        at = f"{where}.{n}"
        _refuse_unknown(owner, _OWNER, at)
        name = _text(owner.get("name"), f"{at}.name") or ""
        if not name and not owner.get("entry_id"):
            raise InputError("has no name", where=at, do="name the owner, or give its entry_id")
        if name and _folded(name) in above:
            raise InputError(f"circular: {name!r} already stands above itself", where=at, do="cut the circle of owners")
        pct = _number(owner.get("pct"), f"{at}.pct", 100)
        facts[f"{at}.pct"] = pct
        owners.append(
            OwnerGiven(
                name, pct, _entries(owner.get("entry_id"), f"{at}.entry_id"),
                _texts(owner.get("not_entries"), f"{at}.not_entries"), _country(owner.get("country"), f"{at}.country"),
                _read_owners(owner.get("owners"), f"{at}.owners", (*above, _folded(name)), facts, depth + 1),
            )
        )  # fmt: skip
    return tuple(owners)


def _read_evidence(given: Any) -> tuple[Evidence, ...]:
    found = []
    for n, item in enumerate(_items(given, "evidence", 0)):
        _refuse_unknown(item, {"kind", "text"}, f"evidence.{n}")
        kind = _text(item.get("kind"), f"evidence.{n}.kind")
        if not kind:
            raise InputError(
                "is missing", where=f"evidence.{n}.kind", do="say what the document is, `supplier_affidavit`"
            )
        found.append(Evidence(kind, _text(item.get("text"), f"evidence.{n}.text") or ""))
    return tuple(found)


def _section(given: Mapping[str, Any], key: str, where: str | None = None) -> Mapping[str, Any]:
    value = given.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{value!r} is not a block of fields", where=where or key, do=f"write `{key}: {{…}}`")
    return value


def _items(given: Any, where: str, depth: int) -> list[Mapping[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, (list, tuple)):
        raise InputError("is not a list", where=where, do="give a list of blocks")
    if depth > _DEPTH:
        raise InputError(f"is nested deeper than {_DEPTH} levels", where=where, do="give fewer levels")
    for n, item in enumerate(given):
        if not isinstance(item, Mapping):
            raise InputError(f"{item!r} is not a block of fields", where=f"{where}.{n}", do="write `- {name: …}`")
    return list(given)


def _refuse_unknown(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for key in given:
        if key not in allowed:
            raise InputError(
                "unknown field", where=f"{where}.{key}" if where else str(key), do=f"allowed: {_names(allowed)}"
            )


def _names(allowed: set[str]) -> str:
    return ", ".join(sorted(allowed))


def _one_of(value: Any, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise InputError(f"{value!r} is not known", where=where, do=f"allowed: {', '.join(allowed)}")
    return str(value)


def _truth(value: Any, where: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise InputError(f"{value!r} is not a yes-or-no answer", where=where, do="allowed: true, false, null (unknown)")
    return value


def _text(value: Any, where: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise InputError(f"{value!r} is not text", where=where, do="give text")
    return str(value).strip() or None


def _entries(value: Any, where: str) -> str | tuple[str, ...] | None:
    """One entry id, or a list of them: a person may confirm one on each list."""
    return (_texts(value, where) or None) if isinstance(value, (list, tuple)) else _text(value, where)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise InputError(f"{value!r} is not a list", where=where, do="give a list of entry ids")
    return tuple(str(_text(item, where)) for item in value)


def _number(value: Any, where: str, top: float | None) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"{value!r} is not a number", where=where, do="give a number, or null where it is unknown")
    if value < 0 or (top is not None and value > top):
        raise InputError(
            f"{value:g} is out of bounds", where=where, do=f"allowed: 0 to {top:g}" if top else "allowed: 0 or more"
        )
    return float(value)


def _eccn(value: Any, where: str) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    if not _ECCN.fullmatch(text):
        raise InputError(f"{value!r} is not an ECCN", where=where, do="allowed: EAR99, or a form like 3A991 or 1A004.c")
    return text[:5].upper() + text[5:].lower()


def _country(value: Any, where: str) -> str | None:
    text = _text(value, where)
    if text is None:
        return None
    if not _COUNTRY.fullmatch(text.upper()):
        raise InputError(f"{value!r} is not a country", where=where, do="give ISO 3166, CN, or a region, CN-XJ")
    return {"UK": "GB", "CN-65": "CN-XJ"}.get(text.upper(), text.upper())


def _day(value: Any, where: str) -> dt.date:
    try:
        return Moment.parse(value).day
    except (ValueError, AttributeError, TypeError) as error:
        raise InputError(f"{value!r} is not a day", where=where, do="give YYYY-MM-DD") from error


def _act(value: Any) -> tuple[dt.date, dt.time | None]:
    """The day of the act and, of an instant, its minute in Washington; one without offset is Washington time."""
    text = value.isoformat() if isinstance(value, dt.date) else value
    if not isinstance(text, str):
        raise InputError(f"{value!r} is not a day", where="date", do="give YYYY-MM-DD, or YYYY-MM-DDTHH:MM")
    try:
        Moment.parse(text)
        if len(text.strip()) == 10:
            return dt.date.fromisoformat(text.strip()), None
        instant = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(f"{value!r} is not a day", where="date", do="give YYYY-MM-DD, or YYYY-MM-DDTHH:MM") from error
    if instant.tzinfo is not None:
        instant = instant.astimezone(ZoneInfo(_WASHINGTON))
    return instant.date(), instant.time().replace(tzinfo=None)


def _known(value: Any) -> Moment | None:
    if value is None:
        return None
    try:
        return Moment.parse(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise InputError(
            f"{value!r} is not a day", where="known", do="give YYYY-MM-DD, or null for all that is known"
        ) from error


def _folded(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _plain(value: Any, where: str) -> Any:
    """Plain JSON values of what the user wrote, so that it can be stored and read again."""
    at = f"{where}." if where else ""
    if at.count(".") > 5 * _DEPTH:
        raise InputError(f"is nested deeper than {_DEPTH} levels", where=where[:80] + "…", do="give fewer levels")
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{at}{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{at}{n}") for n, item in enumerate(value)]
    if isinstance(value, (dt.date, dt.datetime, Moment)):
        return value.text if isinstance(value, Moment) else value.isoformat()
    if isinstance(value, (int, float)) and not -_LARGEST <= value <= _LARGEST:
        what = f"{value if isinstance(value, float) else 'this'} is not a number within bounds"
        raise InputError(what, where=where, do="give a number, or null where it is unknown")
    return value
