"""OFAC's remarks read clause by clause, and the draft of an entry that every OFAC layout fills."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from caveat.model import Address, Entry, Identifier, Kind, Name, Quality, unique
from caveat.sources.text import country_code, read_date

SDN, CMIC, CONSOLIDATED = "us.ofac.sdn", "us.ofac.ns_cmic", "us.ofac.consolidated"
CMIC_PROGRAM = "CMIC-EO13959"
#: The primary files cut remarks at this many characters; the rest stands in the comments file.
REMARKS_WIDTH = 1000
_MOST_LABELS = 40

#: Identifier kinds whose name is not simply the publisher's label in lower_snake.
_KINDS = {
    "unified social credit code (uscc)": "uscc", "united social credit code certificate (usccc)": "uscc",
    "unified social credit code": "uscc", "isin": "isin", "equity ticker": "ticker", "swift/bic": "swift",
    "email address": "email", "website": "website", "phone number": "phone", "telephone": "phone",
    "telephone no.": "phone", "phone": "phone", "email": "email", "telex": "telex", "fax": "fax", "fax no.": "fax", "tax id no.": "tax_id", "mmsi": "mmsi",
    "national id no.": "national_id", "vessel registration identification": "vessel_registration",
    "bik (ru)": "bik", "d-u-n-s number": "duns", "ssn": "ssn", "us fein": "us_fein", "nit #": "nit",
    "ruc #": "ruc", "rif #": "rif", "c.r. no.": "cr_no", "v.a.t. number": "vat", "c.u.r.p.": "curp",
    "r.f.c.": "rfc", "rfc": "rfc", "d.n.i.": "dni", "n.i.e.": "nie", "c.i.f.": "cif", "c.i.n.": "cin",
    "c.u.i.t.": "cuit", "c.u.i.": "cui", "c.u.i.p.": "cuip", "n.i.f.": "nif", "i.f.e.": "ife",
    "digital currency address": "digital_currency_address",
    "aircraft manufacturer's serial number (msn)": "aircraft_msn",
    "aircraft construction number (also called l/n or s/n or f/n)": "aircraft_construction_number",
    "business registration document #": "business_registration_document",
    "economic register number (cbls)": "economic_register_number",
    "global intermediary identification number": "giin",
}  # fmt: skip

#: Further labels of numbers; most others end in No., Number or # and are told by that.
_NUMBERS = [
    "Passport", "Diplomatic Passport", "British National Overseas Passport", "Stateless Person Passport",
    "Driver's License No.", "Cedula No.", "Registration ID", "Registration Number", "Identification Number",
    "Personal ID Card", "Credencial electoral", "Italian Fiscal Code", "Fiscal Code", "LE Number", "License",
    "Trade License No.", "Travel Document Number", "Matricula Mercantil No", "Matricula Mercantil",
    "Folio Mercantil No.", "Cartilla de Servicio Militar Nacional", "Numero de Identidad", "RTN", "RSIN",
    "Chinese Commercial Code", "Tazkira National ID Card", "Stateless Person ID Card", "Refugee ID Card",
    "Seafarer's Identification Document", "Turkish Identification Number", "UAE Identification",
    "Romanian C.R.", "Romanian Tax Registration", "Romanian Permanent Resident", "Organization Code",
    "VisaNumberID", "Residency Number", "CNP (Personal Numerical Code)", "Aircraft Tail Number",
    "Aircraft Serial Identification", "Aircraft Mode S Transponder Code", "Legal Entity Number",
    "Company Number", "UK Company Number", "Government Gazette Number", "Central Registration System Number",
    "Istanbul Chamber of Comm. No.", "Dubai Chamber of Commerce Membership No.", "Permit Number",
    "Numero Unico de Identificacao Tributaria (NUIT)", "Registration Certificate Number (Dubai)",
    "Russian State Individual Business Registration Number Pattern (OGRNIP)", "Serial No.",
    "Moroccan Personal ID No.", "Bosnian Personal ID No.", "Kenyan ID No.", "Trademark number",
    "Paraguayan tax identification number", "Citizen's Card Number", "Registered Charity No.",
    "Certificate of Incorporation Number", "SRE Permit No.", "Public Security and Immigration No.",
    "Immigration No.", "Electoral Registry No.", "Tourism License No.", "National Foreign ID Number",
    "Commercial Registry Number", "Business Registration Number", "Tarjeta Profesional", "Public Registration Number", "Chamber of Commerce Number",
]  # fmt: skip

#: Labels of what is kept in `details` under the label in lower_snake.
_DETAILS = [
    "Linked To", "Additional Sanctions Information", "Secondary sanctions risk", "Target Type",
    "Organization Type", "Organization Established Date", "Nationality of Registration", "Former Vessel Flag",
    "Other Vessel Flag", "Other Vessel Type", "Other Vessel Call Sign", "Vessel Year of Build", "Vessel Type",
    "Vessel Flag", "Vessel Owner", "Vessel Call Sign", "Vessel Gross Tonnage", "Vessel Gross Registered Tonnage",
    "Aircraft Model", "Aircraft Operator", "Aircraft Manufacture Date", "Aircraft Type", "Bank Account Number",
    "Previous Aircraft Tail Number",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions",
    "For more information, please see", "For more information, please reference the following link",
    "For more information on directives, please visit the following link", "Effective Date", "Listing Date",
    "IFCA Determination", "PEESA Information", "Alternate Title", "Micex Code", "Position", "arrested", "U.S. Persons Must Continue to Block",
]  # fmt: skip

#: Labels read into fields of their own, as the files and the XML feature types spell them.
_FIELDS = {
    "dob": "birth", "birthdate": "birth", "pob": "place", "place of birth": "place", "gender": "gender",
    "nationality": "nationality", "nationality country": "nationality", "citizen": "citizen",
    "citizenship country": "citizen", "issuer name": "issuer", "listing date (cmic)": "published_on",
    "effective date (cmic)": "effective_on", "purchase/sales for divestment date (cmic)": "divest_by",
}  # fmt: skip

_SPELLED = {label.casefold(): label for label in [*_NUMBERS, *_DETAILS, *_KINDS, *_FIELDS]}
_DETAIL_NAMES = frozenset(label.casefold() for label in _DETAILS)
_NUMBER_NAMES = frozenset(label.casefold() for label in _NUMBERS) | frozenset(_KINDS)
_BY_FIRST: dict[str, list[str]] = {}
for _label in sorted(_SPELLED, key=len, reverse=True):
    _BY_FIRST.setdefault(_label.split(" ", 1)[0].rstrip(":"), []).append(_label)

_ORDER = re.compile(
    r"((?:Executive Order \d+[A-Z]?|[A-Z]{4,6} Section \d+|IFCA|PEESA|NDAA)(?: [A-Za-z0-9]+)*? "
    r"(?:Determination|[Ii]nformation|Sanctions)|(?:Listing|Effective) Date \([^()]+\))"
    r"\s*[:-]*\s+(.+)", re.S)  # fmt: skip
_OTHER_NUMBER = re.compile(
    r"([A-Z][A-Za-z.'/()& -]{0,70}?(?:\bNo\.?|[Nn]umber|#|\bID|\bCode|\bCard|\bLicense|\bCertificate|\bPassport))"
    r":?\s+(\S*\d.*)", re.S)  # fmt: skip
_ALIAS = re.compile(r"(?:alt\. )?([afn])\.k\.a\.,? [\"'](.+)[\"']", re.S)
_TAIL = re.compile(r"^(.*?)(?:\s+issued (?:on )?([^()]*?\d{4}))?(?:\s+expires? (?:on )?([^()]*?\d{4}))?$", re.S)
_PARENTHESES = re.compile(r"^(.*\S)\s+\(([^()]*)\)$", re.S)
_ABBREVIATED = re.compile(
    r"(?:\b[A-Za-z]\.)+[A-Za-z]?\.$|\b(?:Co|Ltd|Inc|Corp|Bros|No|St|Jr|Sr|Cia|Ltda|Cie|Lda|Pvt|Pty|SpA)\.$", re.I
)
#: A run of five digits or more may name a party: where no label was known it is reported as unread.
_NUMBERED = re.compile(r"\d(?:[ /.-]?\d){4,}")
_LEI = re.compile(r"[0-9A-Z]{18}\d\d")
_IMO = re.compile(r"IMO:?\s*(\d{7})")
_PART = r"(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4}"
_RANGE = re.compile(rf"(?:between |from )?(?:circa )?({_PART})\s*(?:-|to|and|/)\s*({_PART})")
_SHORT_RANGE = re.compile(r"(\d{4})\s*-\s*(\d{2})")
_DECADE = re.compile(r"(?:(?:early|mid|late)[ -](?:to[ -](?:mid|late)[ -])?)?(\d{3})0'?s")
_RANK = {"primary": 0, "strong": 1, "former": 2, "weak": 3}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def snake(label: str) -> str:
    """A label in lower_snake.

    >>> snake("Former Vessel Flag"), snake("Folio Mercantil No.")
    ('former_vessel_flag', 'folio_mercantil')
    """
    text = re.sub(r"[^a-z0-9]+", "_", label.casefold().replace("'", "")).strip("_")
    return text.removesuffix("_no") or text


def split_clauses(remarks: str) -> Iterator[str]:
    """The clauses of a remark, each without the full stop that ends the whole."""
    for part in re.split(r";\s+|;$", " ".join(remarks.split())):
        clause = _end(part.strip("; "))
        if clause:
            yield clause


def _end(clause: str) -> str:
    """The clause without the parentheses of the XML form and without a full stop that is no abbreviation's."""
    if clause.startswith("(Linked To: ") and clause.endswith(")"):
        clause = clause[1:-1]
    return clause if _ABBREVIATED.search(clause) else clause.rstrip(".")


def read_birth(text: str) -> str | None:
    """A date of birth as `Entry.birth_dates` has it; None where it is not one.

    >>> [read_birth(t) for t in ("10 Dec 1948", "Mar 1945", "circa 1951", "1951 to 1955", "1960s", "soon")]
    ['1948-12-10', '1945-03', 'c. 1951', '1951/1955', '1960/1969', None]
    """
    text = " ".join(text.split()).strip(" .,")
    if found := _RANGE.fullmatch(text):
        first, last = _birth_part(found[1]), _birth_part(found[2])
        return f"{first}/{last}" if first and last else None
    if found := _SHORT_RANGE.fullmatch(text):
        return f"{found[1]}/{found[1][:2]}{found[2]}"
    if found := _DECADE.fullmatch(text.removeprefix("circa ").removeprefix("in the ")):
        return f"{found[1]}0/{found[1]}9"
    for word in ("circa ", "approximately ", "c. ", "about "):
        if text.casefold().startswith(word):
            part = read_birth(text[len(word) :])
            return part if part is None or "/" in part or part.startswith("c.") else f"c. {part}"
    return _birth_part(text)


def _birth_part(text: str) -> str | None:
    if day := read_date(text):
        return day.isoformat()
    if re.fullmatch(r"\d{4}", text):
        return text
    month, _, year = text.partition(" ")
    if month[:3].title() in _MONTHS and re.fullmatch(r"\d{4}", year):
        return f"{year}-{_MONTHS.index(month[:3].title()) + 1:02d}"
    return None


@dataclass
class Unread:
    """What no field took up: publisher's label -> rows, with a bound on the number of labels."""

    labels: Counter[str] = field(default_factory=Counter)
    clauses: int = 0
    understood: int = 0
    prose: int = 0

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
    days: dict[str, str] = field(default_factory=dict)
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
        text = ", ".join(t for t in (*parts, place, country) if t)
        if text:
            region_of = country.removeprefix("Region:").strip() if country.startswith("Region:") else ""
            self.addresses.append(
                Address(text, country_code(country), city or None, region or region_of or None, postal or None)
            )

    def take_remarks(self, text: str, unread: Unread, *, cut: bool = False) -> None:
        """Read every clause of a remark; the last one is left alone where the text is cut there."""
        clauses = list(split_clauses(text))
        for clause in clauses[: len(clauses) - cut]:
            unread.clauses += 1
            if self._take_clause(clause):
                unread.understood += 1
                continue
            self.details.append(("remark", clause))
            if _NUMBERED.search(clause):
                unread.add("remarks: " + re.sub(r"\d+", "#", " ".join(clause.split()[:3])))
            else:
                unread.prose += 1

    def _take_clause(self, clause: str) -> bool:
        if found := _ALIAS.fullmatch(clause):
            self.add_name(found[2], "weak")
            return True
        text = clause[5:] if clause[:5].casefold() == "alt. " else clause
        first = text.split(" ", 1)[0].casefold().rstrip(":")
        folded = text.casefold()
        if not (found := _ORDER.fullmatch(text)) or "(cmic)" in folded:
            for label in _BY_FIRST.get(first, ()):
                rest = text[len(label) :]
                if folded.startswith(label) and (rest[:1] in (" ", ":") or label.endswith(":")):
                    return self.take(label, rest.lstrip(" :").removeprefix("- "), split=True)
            found = _OTHER_NUMBER.fullmatch(text)
        return bool(found) and self.take(found[1], found[2], split=True)

    def take(self, label: str, value: str, *, country: str = "", note: str = "", split: bool = False) -> bool:
        """One labelled statement; False where the value is not of the label's kind.

        `split` takes the country, issue and expiry out of `value`, where the delimited files put them.
        """
        label, value = label.strip(" :-"), " ".join(value.split())
        folded = label.casefold()
        if not value:
            return False
        if field_name := _FIELDS.get(folded):
            return self._take_field(field_name, value)
        if folded.startswith("digital currency address") and folded != "digital currency address":
            value, folded = f"{label[24:].strip(' -')} {value}", "digital currency address"
        if folded in _DETAIL_NAMES or _ORDER.fullmatch(f"{label} x"):
            self.details.append((snake(label), value.rstrip(".") if value.startswith("http") else value))
            return True
        if split:
            value, country, note = _split_number(value, folded)
        if not value or (folded not in _NUMBER_NAMES and not any(c.isdigit() for c in value)):
            return False
        self._add_number(folded, label, value, country, note)
        return True

    def _take_field(self, name: str, value: str) -> bool:
        if name == "birth":
            if born := read_birth(value):
                self.birth_dates.append(born)
            return born is not None
        if name in ("published_on", "effective_on", "divest_by"):
            day = read_date(value)
            if day:
                self.days.setdefault(name, day.isoformat())
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

    def _add_number(self, folded: str, label: str, value: str, country: str, note: str) -> None:
        kind = _KINDS.get(folded) or snake(label)
        if kind == "digital_currency_address" and " " in value:
            note, value = value.split(" ", 1)
        elif imo := _IMO.fullmatch(value):
            note = note if kind == "vessel_registration" else "; ".join(t for t in (label, note) if t)
            kind, value = "imo", imo[1]
        elif folded == "legal entity number" and _LEI.fullmatch(value):
            kind = "lei"
        self.identifiers.append(Identifier(kind, value, country_code(country), note or None))

    def to_entry(self, list_id: str) -> Entry:
        """The entry, in an order that does not depend on the layout it was read from."""
        primary = [n for n in self.names if n.quality == "primary"][:1]
        taken = {n.text for n in primary}
        best: dict[str, Name] = {}
        for name in sorted(self.names, key=lambda n: (_RANK[n.quality], n.text)):
            if name.text not in taken:
                best.setdefault(name.text, name)
        return Entry(
            list=list_id, kind=self.kind, source_id=self.source_id, names=(*primary, *best.values()),
            addresses=tuple(sorted(dict.fromkeys(self.addresses), key=lambda a: a.text)),
            identifiers=tuple(sorted(dict.fromkeys(self.identifiers), key=_number_key)),
            nationalities=unique(sorted(self.nationalities)), birth_dates=unique(sorted(self.birth_dates)),
            birth_places=unique(sorted(self.birth_places)), genders=unique(self.genders), title=self.title,
            programs=unique(self.programs), published_on=read_date(self.days.get("published_on")),
            effective_on=read_date(self.days.get("effective_on")), divest_by=read_date(self.days.get("divest_by")),
            remarks=self.remarks, details=tuple(sorted(dict.fromkeys(self.details))),
        )  # fmt: skip


def _number_key(number: Identifier) -> tuple[str, str, str, str]:
    return number.kind, number.value, number.country or "", number.note or ""


def _split_number(value: str, folded: str) -> tuple[str, str, str]:
    """Number, country and note of `1234 (Issuer) (Country) issued 1999 expires 2009`."""
    if folded in ("website", "email address", "equity ticker", "digital currency address"):
        return value, "", ""
    country, notes = "", []
    found = _TAIL.match(value)
    if found and found[1].strip():
        notes = [f"{word} {text}" for word, text in (("issued", found[2]), ("expires", found[3])) if text]
        value = found[1].strip()
    while inner := _PARENTHESES.match(value):
        if not country and country_code(inner[2]):
            country = inner[2]
        else:
            notes.insert(0, inner[2])
        value = inner[1].strip()
    return value.rstrip(","), country, "; ".join(notes)
