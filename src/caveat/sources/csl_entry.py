"""A row of the Consolidated Screening List, in whatever layout it came, as an entry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from caveat.model import ENTRY_FIELDS, Address, Entry, Kind, Name, unique
from caveat.sources.bis_text import read_alias_notes, read_fr_chain, split_aliases, split_footnotes, tell_kind
from caveat.sources.ofac_draft import Draft
from caveat.sources.ofac_remarks import read_birth, snake
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
    # The `_id` column is a hash of the row outside Treasury: every amendment would change it.
    draft = Draft(text.get("entity_number") or None if treasury else None)
    # The denied persons' last action stands in the remarks column.
    action = text.get("remarks") if denied else None
    draft.details = [("action", action)] if action else []
    draft.details += [(name, text[name]) for name in _DETAIL_FIELDS if text.get(name)]
    name = text.get("name", "")
    names, affiliate_of = read_names(name, plural.get("alt_names", ()))
    draft.details += affiliate_of
    _read_ids(draft, record.ids)
    if call_sign := text.get("call_sign"):
        draft.take("Call Sign", call_sign)
    for code in (*plural.get("nationalities", ()), *plural.get("citizenships", ())):
        draft.nationalities.append(country_code(code) or code)
    requirement, marks = split_footnotes(text.get("license_requirement"))
    policy, policy_marks = split_footnotes(text.get("license_policy"))
    chain = read_fr_chain(text.get("federal_register_notice"))
    announced = chain[0].date if chain and not treasury else None
    return Entry(
        list=list_id,
        kind=_KINDS.get(text.get("type", "").casefold())
        or tell_kind(name, record.addresses, tuple(n.text for n in names[1:])),
        source_id=draft.source_id,
        names=tuple({n.text: n for n in reversed((*names, *draft.names))}.values())[::-1],
        addresses=record.addresses,
        identifiers=tuple(dict.fromkeys(draft.identifiers)),
        countries=record.countries,
        nationalities=unique(draft.nationalities),
        birth_dates=unique(read_birth(d) or d for d in plural.get("dates_of_birth", ())),
        birth_places=plural.get("places_of_birth", ()),
        genders=unique(draft.genders),
        title=text.get("title") or None,
        programs=plural.get("programs", ()),
        citations=chain,
        published_on=read_date(draft.days.get("published_on")) or announced,
        effective_on=read_date(draft.days.get("effective_on") if treasury else text.get("start_date")),
        expires_on=read_date(text.get("end_date")),
        divest_by=read_date(draft.days.get("divest_by")),
        license_requirement=requirement or None,
        license_review_policy=policy or None,
        footnotes=unique((*marks, *policy_marks)),
        remarks=None if denied else text.get("remarks") or None,
        details=tuple(dict.fromkeys(draft.details)),
    )


def _read_ids(draft: Draft, ids: Sequence[PublishedId]) -> None:
    """Numbers, genders, and the dates of the NS-CMIC program, which hide among the ids."""
    for item in ids:
        before = len(draft.identifiers)
        if not draft.take(item.kind, item.value, country=item.country):
            draft.details.append((snake(item.kind) or "note", item.value))
        elif item.note and len(draft.identifiers) > before:
            draft.identifiers[-1] = replace(draft.identifiers[-1], note=item.note)


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
