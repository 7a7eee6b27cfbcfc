"""The draft of an entry that every OFAC layout fills, and the sorting of drafts into OFAC's lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caveat.model import Address, Entry, Identifier, Kind, Name, Quality, unique
from caveat.sources.ofac_remarks import (
    detail_of,
    end_clause,
    field_of,
    read_birth,
    read_number,
    read_weak_alias,
    split_clause,
    split_clauses,
    split_number,
)
from caveat.sources.reading import Row
from caveat.sources.text import country_code, read_date

SDN, CMIC, CONSOLIDATED = "us.ofac.sdn", "us.ofac.ns_cmic", "us.ofac.consolidated"
CMIC_PROGRAM = "CMIC-EO13959"
#: Programs met only on the non-SDN lists, but for a few parties that are on both.
_NOT_SDN = re.compile(r"\b(?:NS-PLC|CMIC-EO13959|561List|561-Related|FSE-IR|FSE-SY|NS-ISA)\b")
_MOST_LABELS = 40
#: A run of five digits or more may name a party: where no label was known it is reported as unread.
_NUMBERED = re.compile(r"\d(?:[ /.-]?\d){4,}")
_RANK = {"primary": 0, "strong": 1, "former": 2, "weak": 3}


@dataclass
class Unread:
    """What no field took up: publisher's label -> rows, with a bound on the number of labels."""

    labels: Counter[str] = field(default_factory=Counter)

    def add(self, label: str) -> None:
        """Count one value nobody read."""
        if label not in self.labels and len(self.labels) >= _MOST_LABELS:
            label = "remarks: (other)"
        self.labels[label] += 1


@dataclass
class Draft:
    """One party while its statements are gathered from whatever files and elements hold them."""

    source_id: str | None
    kind: Kind = "organization"
    names: list[Name] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    genders: list[str] = field(default_factory=list)
    title: str | None = None
    programs: list[str] = field(default_factory=list)
    listed_on: str | None = None
    cmic_days: dict[str, str] = field(default_factory=dict)
    remarks: str | None = None
    details: list[tuple[str, str]] = field(default_factory=list)

    def add_name(self, text: str, quality: Quality) -> None:
        """A name, unless it is blank."""
        if text := " ".join(text.split()):
            self.names.append(Name(text, quality))

    def add_address(
        self, parts: Iterable[str], city: str, region: str, postal: str, country: str, *, place: str = ""
    ) -> None:
        """An address from its parts (`place` is city, region and postal code as printed together).

        Nothing is added where every part is blank or undetermined.
        """
        country = "" if country.casefold() == "undetermined" else country
        place = place or " ".join(t for t in (", ".join(t for t in (city, region) if t), postal) if t)
        text = " ".join(", ".join(t for t in (*parts, place, country) if t).split())
        if text:
            region_of = country.removeprefix("Region:").strip() if country.startswith("Region:") else ""
            self.addresses.append(
                Address(text, country_code(country), city or None, region or region_of or None, postal or None)
            )

    def take_remarks(self, text: str, unread: Unread, *, cut: bool = False) -> None:
        """Read every clause of a remark; the last one is left alone where the text is cut there."""
        clauses = list(split_clauses(text))
        for clause in clauses[: len(clauses) - cut]:
            if self._take_clause(clause):
                continue
            if clause not in (self.title or ""):  # the delimited files repeat the title among the remarks
                self.details.append(("remark", clause))
            if _NUMBERED.search(clause):
                unread.add("remarks: " + re.sub(r"\d+", "#", " ".join(clause.split()[:3])))

    def _take_clause(self, clause: str) -> bool:
        if alias := read_weak_alias(clause):
            self.add_name(alias, "weak")
            return True
        if (found := split_clause(clause)) is None:
            return False
        return self.take(*found)

    def take(self, label: str, value: str, country: str = "", notes: Iterable[str] = ()) -> bool:
        """One labelled statement; False where the value is not of the label's kind.

        Where `country` or `notes` are not given they are sought in the value, where the delimited files put them.
        """
        label, value = label.strip(" :-"), " ".join(value.split())
        if not value:
            return False
        if name := field_of(label):
            return self._take_field(name, value)
        if name := detail_of(label):
            self.details.append((name, end_clause(value)))
            return True
        value, inner, found = split_number(label, value)
        number = read_number(label, value, country or inner, [*found, *(n for n in notes if n)])
        if number:
            self.identifiers.append(number)
        return number is not None

    def take_or_report(
        self, label: str, value: str, unread: Unread, country: str = "", notes: Iterable[str] = ()
    ) -> None:
        """As `take`; what it does not know is kept as a remark and reported. `; ` in a value begins a new clause."""
        head, _, rest = value.partition("; ") if detail_of(label.strip(" :-")) else (value, "", "")
        if rest:
            self.take_remarks(rest, unread)
        if value.strip() and not self.take(label, head, country, notes):
            self.details.append(("remark", f"{label} {head}"))
            unread.add(label)

    def _take_field(self, name: str, value: str) -> bool:
        if name == "birth":
            if born := read_birth(value):
                self.birth_dates.append(born)
            return born is not None
        if name in ("published_on", "effective_on", "divest_by"):
            day = read_date(value)
            if day:
                self.cmic_days.setdefault(name, day.isoformat())
            return day is not None
        if name == "issuer":
            self.add_name(value, "strong")
        elif name == "place":
            self.birth_places.append(value)
        elif name == "gender":
            self.genders.append(value.casefold())
        else:
            self.nationalities.append(country_code(value) or value)
            if name == "citizen":
                self.details.append(("citizen", country_code(value) or value))
        return True

    def to_entry(self, list_id: str) -> Entry:
        """The entry, in an order that does not depend on the layout it was read from."""
        primary = [n for n in self.names if n.quality == "primary"][:1]
        taken = {n.text for n in primary}
        best: dict[str, Name] = {}
        for name in sorted(self.names, key=lambda n: (_RANK[n.quality], n.text)):
            if name.text not in taken:
                best.setdefault(name.text, name)
        days = self.cmic_days if list_id == CMIC else {}
        details = self.details if days else [*self.details, *((f"cmic_{k}", v) for k, v in self.cmic_days.items())]
        return Entry(
            list=list_id, kind=self.kind, source_id=self.source_id, names=(*primary, *best.values()),
            addresses=tuple(sorted(dict.fromkeys(self.addresses), key=lambda a: a.text)),
            identifiers=tuple(sorted(dict.fromkeys(self.identifiers), key=_number_key)),
            nationalities=unique(sorted(self.nationalities)), birth_dates=unique(sorted(self.birth_dates)),
            birth_places=unique(sorted(self.birth_places)), genders=unique(self.genders), title=self.title,
            programs=unique(sorted(self.programs)), published_on=read_date(days.get("published_on") or self.listed_on),
            effective_on=read_date(days.get("effective_on")), divest_by=read_date(days.get("divest_by")),
            remarks=self.remarks, details=tuple(sorted(dict.fromkeys(details))),
        )  # fmt: skip


def _number_key(number: Identifier) -> tuple[str, str, str, str]:
    return number.kind, number.value, number.country or "", number.note or ""


def is_sdn_name(name: str) -> bool | None:
    """Whether a file's name says SDN (True) or consolidated (False); None where it says neither."""
    name = name.casefold()
    if re.search(r"(?:^|[^a-z])cons(?:[^a-z]|olidated)|non[-_ ]?sdn|nscmic|ns-cmic", name):
        return False
    return True if re.search(r"(?:^|[^a-z])(?:sdn|alt|add)(?:[^a-z]|list)", name) else None


def is_sdn_content(lines: Sequence[str], says: bool | None) -> bool:
    """Whether primary rows are of the SDN list: by the file's name unless the programs gainsay it."""
    share = sum(bool(_NOT_SDN.search(line)) for line in lines) / max(len(lines), 1)
    return share < 0.03 if says is None else says and share < 0.5


def sort_out(drafts: Iterable[tuple[Draft, str]], is_sdn: bool) -> Mapping[str, tuple[Row, ...]]:
    """The rows by list id: SDN whole; else the NS-CMIC program apart from the other non-SDN lists."""
    lists: dict[str, list[Row]] = {}
    for draft, place in drafts:
        name = SDN if is_sdn else CMIC if CMIC_PROGRAM in draft.programs else CONSOLIDATED
        lists.setdefault(name, []).append(Row(draft.to_entry(name), place))
    return {name: tuple(rows_) for name, rows_ in lists.items()}
