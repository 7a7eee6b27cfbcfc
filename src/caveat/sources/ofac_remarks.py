"""OFAC's remarks: clauses, their labels, numbers and dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.model import Identifier
from caveat.sources.text import country_code, read_date

#: Identifier kinds whose name is not simply the publisher's label in lower_snake.
_KINDS = {
    "unified social credit code (uscc)": "uscc", "united social credit code certificate (usccc)": "uscc",
    "unified social credit code": "uscc", "isin": "isin", "equity ticker": "ticker", "swift/bic": "swift",
    "email address": "email", "website": "website", "phone number": "phone", "telephone": "phone",
    "telephone no.": "phone", "phone": "phone", "email": "email", "telex": "telex", "fax": "fax",
    "fax no.": "fax", "tax id no.": "tax_id", "mmsi": "mmsi",
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
    "Commercial Registry Number", "Business Registration Number", "Tarjeta Profesional",
    "Public Registration Number", "Chamber of Commerce Number",
]  # fmt: skip

#: Labels of what is kept in `details` under the label in lower_snake.
_DETAILS = [
    "Linked To", "Additional Sanctions Information", "Secondary sanctions risk", "Target Type",
    "Organization Type", "Organization Established Date", "Nationality of Registration", "Former Vessel Flag",
    "Other Vessel Flag", "Other Vessel Type", "Other Vessel Call Sign", "Vessel Year of Build", "Vessel Type",
    "Vessel Flag", "Vessel Owner", "Vessel Call Sign", "Vessel Tonnage", "Vessel Gross Tonnage",
    "Vessel Gross Registered Tonnage",
    "Aircraft Model", "Aircraft Operator", "Aircraft Manufacture Date", "Aircraft Type", "Bank Account Number",
    "Previous Aircraft Tail Number",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions",
    "For more information, please see", "For more information, please reference the following link",
    "For more information on directives, please visit the following link", "Effective Date", "Listing Date",
    "IFCA Determination", "PEESA Information", "Alternate Title", "Micex Code",
    "Position", "arrested", "U.S. Persons Must Continue to Block",
]  # fmt: skip

#: Labels read into fields of their own, as the files and the XML feature types spell them.
_FIELDS = {
    "dob": "birth", "birthdate": "birth", "pob": "place", "place of birth": "place", "gender": "gender",
    "nationality": "nationality", "nationality country": "nationality", "citizen": "citizen",
    "citizenship country": "citizen", "issuer name": "issuer", "listing date (cmic)": "published_on",
    "effective date (cmic)": "effective_on", "purchase/sales for divestment date (cmic)": "divest_by",
}  # fmt: skip

#: Where the XML layouts name a vessel's columns otherwise than the delimited files do.
_DETAIL_SPELLINGS = {
    "vessel_flag": "vessel_flag", "vessel_call_sign": "call_sign", "vessel_tonnage": "tonnage",
    "vessel_gross_tonnage": "tonnage", "vessel_gross_registered_tonnage": "grt",
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
_ALIAS = re.compile(r"(?:alt\. )?[afn]\.k\.a\.,? [\"'](.+)[\"']", re.S)
_DATED = re.compile(r" (issued|expires)(?: on)? ((?:\d{1,2} )?(?:[A-Z][a-z]{2,8} )?\d{4})$")
#: No clause of a real remark comes near this length; a longer one is not taken apart.
_LONGEST = 2000
_ABBREVIATED = re.compile(
    r"(?:\b[A-Za-z]\.)+[A-Za-z]?\.$|\b(?:Co|Ltd|Inc|Corp|Bros|No|St|Jr|Sr|Cia|Ltda|Cie|Lda|Pvt|Pty|SpA)\.$", re.I
)
#: Labels whose values bear no country, issuer or dates.
_PLAIN = frozenset({"website", "email address", "email", "equity ticker", "digital currency address"})
_LEI = re.compile(r"[0-9A-Z]{18}\d\d")
_IMO = re.compile(r"IMO:?\s*(\d{7})")
_PART = r"(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4}"
_RANGE = re.compile(rf"(?:between |from )?(?:circa )?({_PART})\s*(?:-|to|and|/)\s*({_PART})")
_SHORT_RANGE = re.compile(r"(\d{4})\s*-\s*(\d{2})")
_DECADE = re.compile(r"(?:(?:early|mid|late)[ -](?:to[ -](?:mid|late)[ -])?)?(\d{3})0'?s")
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
        clause = end_clause(part.strip("; "))
        if clause:
            yield clause


def end_clause(clause: str) -> str:
    """The clause without the parentheses of the XML form and without a full stop that is no abbreviation's."""
    clause = clause.removeprefix("(") if clause.startswith("(Linked To: ") else clause
    if clause.startswith("Linked To: ") and clause.endswith(")") and clause.count(")") > clause.count("("):
        clause = clause[:-1]
    return clause.rstrip(".") if clause.endswith(".") and not _ABBREVIATED.search(clause[-12:]) else clause


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


def split_clause(clause: str, *, known_only: bool = False) -> tuple[str, str] | None:
    """Label and value of one clause; None for prose, and with `known_only` for labels met nowhere before.

    >>> split_clause("alt. Passport A123 (Iraq)"), split_clause("Minister of Tourism")
    (('Passport', 'A123 (Iraq)'), None)
    """
    text = clause[5:] if clause[:5].casefold() == "alt. " else clause
    if len(text) > _LONGEST:
        return None
    folded = text.casefold()
    found = _ORDER.fullmatch(text)
    if not found or "(cmic)" in folded:
        for label in _BY_FIRST.get(folded.split(" ", 1)[0].rstrip(":"), ()):
            rest = text[len(label) :]
            if folded.startswith(label) and rest[:1] in (" ", ":"):
                return _SPELLED[label], rest.lstrip(" :").removeprefix("- ")
        found = None if known_only else _OTHER_NUMBER.fullmatch(text)
    return (found[1], found[2]) if found else None


def read_weak_alias(clause: str) -> str | None:
    """The alias of `a.k.a. 'BNC'`: OFAC puts weak aliases into the remarks, in quotation marks."""
    found = _ALIAS.fullmatch(clause)
    return found[1] if found else None


def field_of(label: str) -> str | None:
    """The field a label is read into (`birth`, `place`, `gender`, `issuer`, `effective_on` …), or None."""
    return _FIELDS.get(label.casefold())


def detail_of(label: str) -> str | None:
    """The name under which `details` keeps what the label says, or None.

    >>> detail_of("Executive Order 13662 Directive Determination"), detail_of("Passport")
    ('executive_order_13662_directive_determination', None)
    """
    if label.casefold() in _DETAIL_NAMES or _ORDER.fullmatch(f"{label} x"):
        name = snake(label)
        return _DETAIL_SPELLINGS.get(name, name)
    return None


def split_number(label: str, value: str) -> tuple[str, str, list[str]]:
    """Number, country and notes of `1234 (Issuer) (Country) issued 1999 expires 2009`."""
    if label.casefold() in _PLAIN:
        return value, "", []
    country, notes = "", list[str]()
    while found := _DATED.search(value):
        notes.insert(0, f"{found[1]} {found[2]}")
        value = value[: found.start()]
    while value.endswith(")") and (at := value.rfind(" (")) > 0 and ")" not in (inner := value[at + 2 : -1]):
        if not country and not inner.isdigit() and country_code(inner):
            country = inner
        else:
            notes.insert(0, inner)
        value = value[:at].strip()
    return value.rstrip(","), country, notes


def read_number(label: str, value: str, country: str, notes: list[str]) -> Identifier | None:
    """An identifier; None where the label is unknown and the value holds no digit."""
    folded = label.casefold()
    if folded.startswith("digital currency address"):
        currency, _, address = f"{label[24:].strip(' -')} {value}".strip().partition(" ")
        return Identifier("digital_currency_address", address or currency, None, currency if address else None)
    if not value or (folded not in _NUMBER_NAMES and not any(c.isdigit() for c in value)):
        return None
    kind = _KINDS.get(folded) or snake(label)
    if imo := _IMO.fullmatch(value):
        notes = notes if kind == "vessel_registration" else [label, *notes]
        kind, value = "imo", imo[1]
    elif kind == "legal_entity_number" and _LEI.fullmatch(value):
        kind = "lei"
    return Identifier(kind, value, country_code(country), "; ".join(notes) or None)
