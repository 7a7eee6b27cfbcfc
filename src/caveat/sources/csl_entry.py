"""A row of the Consolidated Screening List, in whatever layout it came, as an entry."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from caveat.model import ENTRY_FIELDS, Address, Entry, Identifier, Kind, Name, unique
from caveat.sources.bis_text import read_alias_notes, read_fr_chain, split_aliases, split_footnotes, tell_kind
from caveat.sources.ofac_remarks import detail_of, end_clause, field_of, read_birth, read_number, snake
from caveat.sources.text import country_code, read_date

_KINDS: Mapping[str, Kind] = {
    "individual": "person", "entity": "organization", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip
_DETAIL_FIELDS = (
    "source", "standard_order", "vessel_type", "gross_tonnage", "gross_registered_tonnage", "vessel_flag",
    "vessel_owner",
)  # fmt: skip
_SUCCESSORS = re.compile(r"[;,]?\s+and any successor.*$", re.IGNORECASE)
_AFFILIATE = re.compile(r"(.+?)[;,]?\s+Affiliated Entity:\s*(.+)", re.IGNORECASE)
_C1 = re.compile("[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class PublishedId:
    """One item of the ids column: `Passport`, `U00242309`, issuing country, dates of issue and expiry."""

    kind: str
    value: str
    country: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of any layout: single texts and plural ones by column name, addresses and ids taken apart."""

    place: str
    text: Mapping[str, str]
    plural: Mapping[str, tuple[str, ...]]
    addresses: tuple[Address, ...] = ()
    ids: tuple[PublishedId, ...] = ()
    countries: tuple[str, ...] = ()


def make_entry(record: Record, list_id: str) -> Entry:
    """The entry a row states on `list_id`; `names` is empty where the row has none."""
    text, plural = record.text, record.plural
    treasury, denied = list_id.startswith("us.ofac."), list_id == "us.bis.denied_persons"
    ids = _read_ids(record.ids)
    if call_sign := text.get("call_sign"):
        ids.identifiers.append(Identifier("call_sign", call_sign))
    name = text.get("name", "")
    names, details = read_names(name, plural.get("alt_names", ()))
    if denied and text.get("remarks"):  # the order's last action stands in the remarks column
        details.append(("action", text["remarks"]))
    details += [(column, text[column]) for column in _DETAIL_FIELDS if text.get(column)]
    codes = (*plural.get("nationalities", ()), *plural.get("citizenships", ()))
    requirement, marks = split_footnotes(text.get("license_requirement"))
    policy, policy_marks = split_footnotes(text.get("license_policy"))
    chain = read_fr_chain(text.get("federal_register_notice"))
    published = chain[0].date if chain and not treasury else None
    return Entry(
        list=list_id,
        kind=_KINDS.get(text.get("type", "").casefold())
        or tell_kind(name, record.addresses, tuple(n.text for n in names[1:])),
        # The `_id` column is a hash of the row outside Treasury: every amendment would change it.
        source_id=text.get("entity_number") or None if treasury else None,
        names=tuple({n.text: n for n in reversed((*names, *ids.names))}.values())[::-1],
        addresses=record.addresses,
        identifiers=tuple(dict.fromkeys(ids.identifiers)),
        countries=record.countries,
        nationalities=unique(country_code(code) or code for code in codes),
        birth_dates=unique(read_birth(d) or d for d in plural.get("dates_of_birth", ())),
        birth_places=plural.get("places_of_birth", ()),
        genders=unique(ids.genders),
        title=text.get("title") or None,
        programs=plural.get("programs", ()),
        citations=chain,
        published_on=ids.days.get("published_on", published),
        effective_on=ids.days.get("effective_on") if treasury else read_date(text.get("start_date")),
        expires_on=read_date(text.get("end_date")),
        divest_by=ids.days.get("divest_by"),
        license_requirement=requirement or None,
        license_review_policy=policy or None,
        footnotes=unique((*marks, *policy_marks)),
        remarks=None if denied else text.get("remarks") or None,
        details=tuple(dict.fromkeys((*details, *ids.details))),
    )


@dataclass(slots=True)
class _Ids:
    """What the ids column holds beside numbers: issuers' names, genders, the days of the NS-CMIC program."""

    identifiers: list[Identifier] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    genders: list[str] = field(default_factory=list)
    days: dict[str, dt.date] = field(default_factory=dict)
    details: list[tuple[str, str]] = field(default_factory=list)


def _read_ids(items: Sequence[PublishedId]) -> _Ids:
    """Each item under the word the OFAC reader has for it, so that the two streams agree."""
    ids = _Ids()
    for item in items:
        label, value = item.kind.strip(" :-"), item.value
        name = field_of(label)
        if name in ("published_on", "effective_on", "divest_by") and (day := read_date(value)):
            ids.days[name] = day
        elif name == "gender":
            ids.genders.append(value.casefold())
        elif name == "issuer":
            ids.names.append(Name(value))
        elif detail := detail_of(label):
            ids.details.append((detail, end_clause(value)))
        elif label and not name and (number := read_number(label, value, item.country, [n for n in [item.note] if n])):
            ids.identifiers.append(number)
        else:
            ids.details.append((snake(label) or "note", value))
    return ids


def read_names(name: str, aliases: Sequence[str]) -> tuple[tuple[Name, ...], list[tuple[str, str]]]:
    """The names as published, then the readings a search needs, each saying what was done; and details."""
    details = [("alias_note", note) for alias in aliases for note in read_alias_notes(alias)]
    split = unique(part for alias in aliases for part in split_aliases(alias))
    if not name and split:
        name, split = split[0], split[1:]
    names = [Name(name, "primary")] if name else []
    names += [Name(alias) for alias in split if alias != name]
    if found := _AFFILIATE.fullmatch(name):
        names.append(Name(found[2].strip(), source="affiliated entity named"))
        details.append(("affiliate_of", found[1].strip()))
    shorter = _SUCCESSORS.sub("", name)
    if shorter and shorter != name:
        names.append(Name(shorter, source="successor clause set aside"))
    for given in tuple(names):
        repaired, how = restore(given.text)
        if how:
            names.append(Name(repaired, source=how))
    return tuple(names), details


def restore(name: str) -> tuple[str, str | None]:
    """The name with a lost mark put back, and what was done; None where nothing was lost.

    A question mark stands for an apostrophe between letters and for a quotation mark elsewhere.

    >>> restore("People?s Government")
    ("People's Government", 'apostrophe restored')
    >>> restore("Murat B\\x81key")
    ('Murat Bükey', 'encoding repaired')
    """
    how = None
    if _C1.search(name):
        name, how = _C1.sub(lambda m: _repair_byte(m[0]), name), "encoding repaired"
    if "?" in name:
        fixed = re.sub(r"(?<=[^\W\d_])\?(?=[a-z])", "'", name)
        how = how or ("punctuation restored" if "?" in fixed else "apostrophe restored")
        name = " ".join(fixed.replace("?", '"').split())
    return name, how


def _repair_byte(char: str) -> str:
    """A C1 control stands for a byte read as Latin-1: Windows-1252, or DOS where that has a hole."""
    byte = char.encode("latin-1")
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("cp850")


def join_entries(first: Entry, second: Entry) -> Entry:
    """One party stated twice on one list (two of OFAC's sub-lists): what either row says."""
    both: dict[str, Any] = {}
    for name in ENTRY_FIELDS - {"kind", "source_id"}:
        ours, theirs = getattr(first, name), getattr(second, name)
        if isinstance(ours, tuple):
            both[name] = tuple(dict.fromkeys((*ours, *theirs)))
        elif ours is None:
            both[name] = theirs
    primary, *others = both["names"]
    both["names"] = (primary, *(replace(n, quality="strong") if n.quality == "primary" else n for n in others))
    return replace(first, **both)
