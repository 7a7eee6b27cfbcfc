"""A transaction: who does what with which item, to whom, on which day. Whatever is None is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from caveat.model.dates import Moment

ACTIVITIES: tuple[str, ...] = (
    "export", "reexport", "transfer_in_country", "deemed_export", "import",
    "buy_security", "sell_security", "hold_security", "procure", "use_equipment", "pay",
    "enter_us", "authorize_equipment", "provide_telecom",
)  # fmt: skip
#: Acts the Export Administration Regulations speak of.
EXPORT_ACTIVITIES: frozenset[str] = frozenset({"export", "reexport", "transfer_in_country", "deemed_export"})
ROLES: tuple[str, ...] = (
    "purchaser", "purchasing_agent", "intermediate_consignee", "ultimate_consignee", "end_user", "forwarder",
    "seller", "producer", "issuer", "bank", "visa_applicant", "applicant", "other",
)  # fmt: skip
ITEM_KINDS: tuple[str, ...] = ("goods", "technology", "software", "security", "service")


@dataclass(frozen=True, slots=True)
class OwnerGiven:
    """An owner of a party. `pct` is the share in percent, 0 to 100; None is unknown.

    between   the least and the greatest the share can be, where `pct` is None and more than nothing is known
    is_whole  whether `owners` holds all that is known of this owner: nothing more is looked up
    """

    name: str
    pct: float | None = None
    entry_id: str | tuple[str, ...] | None = None
    not_entries: tuple[str, ...] = ()
    country: str | None = None
    owners: tuple[OwnerGiven, ...] = ()
    between: tuple[float, float] | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class InputGiven:
    """An input of the item: what it is, who made it, where it comes from (`CN`, `CN-XJ`)."""

    description: str = ""
    producer: str | None = None
    origin: str | None = None
    entry_id: str | tuple[str, ...] | None = None
    not_entries: tuple[str, ...] = ()
    inputs: tuple[InputGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyGiven:
    """A party to the transaction, as the user states it.

    entry_id     the entry a person confirmed this party to be, or several: one a list
    not_entries  the entries a person said this party is not
    related      other parties it stands for, as (relation, name): `branch_of`, `employer`,
                 `front_for`, `affiliate_of`
    facts        further facts by name (`military_end_user`, `official` …)
    """

    name: str
    roles: tuple[str, ...] = ()
    country: str | None = None
    address: str | None = None
    owners: tuple[OwnerGiven, ...] = ()
    entry_id: str | tuple[str, ...] | None = None
    not_entries: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document the user says to hold: its kind and what it says."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One act to be judged.

    date       the day of the act; `minute` the instant, Washington time, where one was given
    known      what was known then; None is all that is known now
    facts      every other fact given, by its path (`item.eccn`, `actor.us_person`, `destination`,
               `timing.ordered_on`, `parties.0.owners.0.pct` …); a path that is absent is unknown
    given      the transaction as the user wrote it, in plain JSON values
    """

    date: dt.date
    activity: str
    parties: tuple[PartyGiven, ...]
    known: Moment | None = None
    minute: dt.time | None = None
    inputs: tuple[InputGiven, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
