"""OFAC's advanced XML (sdn_advanced, cons_advanced): the UN Advanced Sanctions Data Model."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from caveat.errors import ShapeError
from caveat.model import Moment
from caveat.sources.document import Document
from caveat.sources.ofac_draft import Draft, Unread, is_sdn_name
from caveat.sources.ofac_xml import (
    KINDS,
    bare,
    finish,
    listed_on,
    pair,
    quality_of,
    report,
    take_place,
    take_relation,
    text,
)
from caveat.sources.reading import Layout, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

_PARTS = ("ReferenceValueSets", "DateOfIssue", "Locations", "IDRegDocuments", "DistinctParties",
          "ProfileRelationships", "SanctionsEntries", "SanctionsEntryLinks")  # fmt: skip
#: Elements whose text is read, as `parent/child`.
_READ = frozenset({
    "LocationPartValue/Value", "IDRegDocument/IDRegistrationNo", "IDRegDocument/IssuingAuthority",
    "IDRegDocument/Comment", "DistinctParty/Comment", "FeatureVersion/Comment", "FeatureVersion/VersionDetail",
    "DocumentedNamePart/NamePartValue", "SanctionsMeasure/Comment",
    *(f"{parent}/{child}" for parent in ("Date", "From", "To") for child in ("Year", "Month", "Day")),
})  # fmt: skip
_LAST_NAMES = ("Last Name", "Entity Name", "Vessel Name", "Aircraft Name")
_NOT_SDN = re.compile(rb">(?:NS-PLC|CMIC-EO13959|561-Related|FSE-IR|FSE-SY)</")


@dataclass
class _Sheet:
    """The file's tables by id: reference values, places, numbers of an identity, ties, listings."""

    where: str
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)
    numbers: dict[str, list[_Element]] = field(default_factory=dict)
    ties: dict[str, list[_Element]] = field(default_factory=dict)
    listings: dict[str, list[_Element]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def value(self, kind: str, key: str | None) -> str:
        """A reference value's text; ShapeError where the file does not define it."""
        if key is None:
            return ""
        try:
            return self.values[kind, key]
        except KeyError:
            what = f"refers to {kind} {key}, which it does not define"
            raise ShapeError(what, where=self.where, do="the file is cut or changed: fetch it again") from None


def _read(is_sdn: bool, document: Document) -> Reading:
    root = bare(document, "Sanctions")
    sheet, unread = _tables(root, document.name), Unread()
    issued = _day(root.find("DateOfIssue"))
    if issued is None:
        raise ShapeError("states no date of issue", where=document.name, do="fetch the file again")
    for element in root:
        if element.tag not in _PARTS or (element.tag == "SanctionsEntryLinks" and len(element)):
            unread.add(str(element.tag)[:80])
        if element.tag not in ("ReferenceValueSets", "DateOfIssue"):
            report(element, _READ, unread)
    parties = root.findall("DistinctParties/DistinctParty")
    for party in parties:
        for profile in party.iterfind("Profile"):
            sheet.names[profile.get("ID", "")] = next((n for n, q in _names(profile, sheet) if q), "")
    drafts = [
        (_party(party, profile, sheet, unread, is_sdn), f"profile {profile.get('ID')}")
        for party in parties
        for profile in party.iterfind("Profile")
    ]
    return finish(document, drafts, Moment.parse(issued), unread, is_sdn)


def _tables(root: _Element, where: str) -> _Sheet:
    sheet = _Sheet(where)
    for values in root.iterfind("ReferenceValueSets/*"):
        for value in values:
            sheet.values[str(value.tag), value.get("ID", "")] = text(value)
    types = {e.get("ID", ""): text(e) for e in root.iterfind("ReferenceValueSets/PartyTypeValues/PartyType")}
    for sub in root.iterfind("ReferenceValueSets/PartySubTypeValues/PartySubType"):
        own = text(sub)
        sheet.kinds[sub.get("ID", "")] = types.get(sub.get("PartyTypeID", ""), "") if own == "Unknown" else own
    for place in root.iterfind("Locations/Location"):
        parts = {
            sheet.value("LocPartType", part.get("LocPartTypeID")): text(part, "LocationPartValue/Value")
            for part in place.iterfind("LocationPart")
        }
        country = place.find("LocationCountry")
        code = sheet.value("Country", country.get("CountryID")) if country is not None else ""
        sheet.places[place.get("ID", "")] = (parts, code)
    for number in root.iterfind("IDRegDocuments/IDRegDocument"):
        sheet.numbers.setdefault(number.get("IdentityID", ""), []).append(number)
    for tie in root.iterfind("ProfileRelationships/ProfileRelationship"):
        sheet.ties.setdefault(tie.get("From-ProfileID", ""), []).append(tie)
    for listing in root.iterfind("SanctionsEntries/SanctionsEntry"):
        sheet.listings.setdefault(listing.get("ProfileID", ""), []).append(listing)
    return sheet


def _names(profile: _Element, sheet: _Sheet) -> list[tuple[str, bool]]:
    """(name, whether primary) of every documented name, in the order of the file."""
    found = []
    for identity in profile.iterfind("Identity"):
        groups = {
            g.get("ID"): sheet.value("NamePartType", g.get("NamePartTypeID"))
            for g in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
        }
        for alias in identity.iterfind("Alias"):
            for name in alias.iterfind("DocumentedName"):
                is_latin = name.get("DocNameStatusID") == "1" or len(alias.findall("DocumentedName")) == 1
                is_first = alias.get("Primary") == "true" and is_latin
                found.append((_full_name(name, groups), is_first))
    return found


def _full_name(name: _Element, groups: dict[str | None, str]) -> str:
    last: list[str] = []
    rest: list[str] = []
    for part in name.iterfind("DocumentedNamePart/NamePartValue"):
        (last if groups.get(part.get("NamePartGroupID")) in _LAST_NAMES else rest).append(text(part))
    return ", ".join(t for t in (" ".join(last), " ".join(rest)) if t)


def _party(party: _Element, profile: _Element, sheet: _Sheet, unread: Unread, is_sdn: bool) -> Draft:
    key = profile.get("ID", "")
    draft = Draft(key, kind=KINDS.get(sheet.kinds.get(profile.get("PartySubTypeID", ""), "").casefold(), "unknown"))
    names = iter(_names(profile, sheet))
    for identity in profile.iterfind("Identity"):
        for alias in identity.iterfind("Alias"):
            kind = sheet.value("AliasType", alias.get("AliasTypeID"))
            quality = quality_of(kind, alias.get("LowQuality") == "true")
            for _ in alias.iterfind("DocumentedName"):
                name, is_first = next(names)
                draft.add_name(name, "primary" if is_first else quality)
        for number in sheet.numbers.get(identity.get("ID", ""), ()):
            _take_number(draft, number, sheet, unread)
    for feature in profile.iterfind("Feature"):
        _take_feature(draft, feature, sheet, unread)
    for tie in sheet.ties.get(key, ()):
        other = tie.get("To-ProfileID", "")
        kind = sheet.value("RelationType", tie.get("RelationTypeID"))
        kind = f"former {kind}" if tie.get("Former") == "true" else kind
        take_relation(draft, kind, sheet.names.get(other, ""), other)
    _take_listings(draft, sheet.listings.get(key, []), sheet, is_sdn)
    draft.remarks = text(party, "Comment") or None
    draft.take_remarks(draft.remarks or "", unread)
    return draft


def _take_number(draft: Draft, number: _Element, sheet: _Sheet, unread: Unread) -> None:
    label = sheet.value("IDRegDocType", number.get("IDRegDocTypeID"))
    country = sheet.value("Country", number.get("IssuedBy-CountryID"))
    notes = [text(number, "IssuingAuthority"), text(number, "Comment")]
    for date in number.iterfind("DocumentDate"):
        word = {"Issue Date": "issued", "Expiration Date": "expires"}.get(
            sheet.value("IDRegDocDateType", date.get("IDRegDocDateTypeID")), "dated"
        )
        if spelled := _spell(date.find("DatePeriod")):
            notes.append(f"{word} {spelled}")
    if sheet.value("Validity", number.get("ValidityID")) == "Fraudulent":
        notes.append("not valid")
    draft.take_or_report(label, text(number, "IDRegistrationNo"), unread, country, notes)


def _take_feature(draft: Draft, feature: _Element, sheet: _Sheet, unread: Unread) -> None:
    label = sheet.value("FeatureType", feature.get("FeatureTypeID"))
    for version in feature.iterfind("FeatureVersion"):
        values = [_spell(period) for period in version.iterfind("DatePeriod")]
        for detail in version.iterfind("VersionDetail"):
            values.append(text(detail) or sheet.value("DetailReference", detail.get("DetailReferenceID")))
        for location in version.iterfind("VersionLocation"):
            parts, country = sheet.places.get(location.get("LocationID", ""), ({}, ""))
            if label == "Location":
                take_place(draft, parts, country)
            else:
                spelled = [parts.get("CITY", ""), parts.get("STATE/PROVINCE", ""), country or parts.get("REGION", "")]
                values.append(", ".join(t for t in [*(v for k, v in parts.items() if k == "Unknown"), *spelled] if t))
        for value in values:
            if label == "Title" and value:
                draft.title = value if draft.title is None else f"{draft.title}; {value}"
            elif value:
                draft.take_or_report(label, value, unread)
        if note := text(version, "Comment"):
            draft.details.append(("remark", f"{label}: {note}"))


def _take_listings(draft: Draft, listings: list[_Element], sheet: _Sheet, is_sdn: bool) -> None:
    dates: dict[str, str] = {}
    for listing in listings:
        name = sheet.value("List", listing.get("ListID"))
        for event in listing.iterfind("EntryEvent"):
            if (day := _day(event.find("Date"))) and (name not in dates or day.isoformat() < dates[name]):
                dates[name] = day.isoformat()
            draft.details.append(("legal_authority", sheet.value("LegalBasis", event.get("LegalBasisID"))))
        for measure in listing.iterfind("SanctionsMeasure"):
            kind, comment = sheet.value("SanctionsType", measure.get("SanctionsTypeID")), text(measure, "Comment")
            if kind == "Program":
                draft.programs.append(comment)
            else:
                draft.details.append(("sanctions_type", f"{kind}: {comment}" if comment else kind))
    draft.details += [("on_list", f"{name} {day}") for name, day in dates.items()]
    draft.listed_on = listed_on(dates, is_sdn, "CMIC-EO13959" in draft.programs) or None


def _day(element: _Element | None) -> dt.date | None:
    """The day of Year, Month and Day elements; None where absent or impossible."""
    try:
        day = dt.date(int(text(element, "Year")), int(text(element, "Month")), int(text(element, "Day")))
        return day if day < dt.date(9999, 1, 1) else None
    except (ValueError, OverflowError):
        return None


def _spell(period: _Element | None) -> str:
    """A date period in the words of the delimited files (`1961`, `Mar 1961`, `circa 1961`, `1951 to 1955`)."""
    if period is None:
        return ""
    first = _day(period.find("Start/From")) or _day(period.find("Start"))
    last = _day(period.find("End/To")) or _day(period.find("End")) or first
    if first is None or last is None:
        return ""
    start = period.find("Start")
    circa = "circa " if start is not None and start.get("Approximate") == "true" else ""
    whole_end = last + dt.timedelta(days=1)
    if first == last:
        return f"{circa}{first:%d %b %Y}"
    if first.day == 1 and whole_end.day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{circa}{first:%b %Y}"
        if first.month == 1 and whole_end.month == 1:
            return f"{circa}{first.year}" if first.year == last.year else f"{circa}{first.year} to {last.year}"
        return f"{circa}{first:%b %Y} to {last:%b %Y}"
    return f"{circa}{first:%d %b %Y} to {last:%d %b %Y}"


def _is(is_sdn: bool, document: Document) -> bool:
    head = document.head
    if not re.search(rb"<(?:\w+:)?Sanctions[\s>]", head[:4096]) or b"DateOfIssue" not in head[:8192]:
        return False
    says = is_sdn_name(document.name)
    if says is None:  # a file of the SDN list defines many more programs
        start = document.data.find(b"SanctionsProgramValues>")
        programs = (
            document.data[start : document.data.find(b"SanctionsProgramValues>", start + 1)] if start > 0 else b""
        )
        says = not (_NOT_SDN.search(programs) and programs.count(b"SubsidiaryBodyID") < 30)
    return says is is_sdn


LAYOUTS: tuple[Layout, ...] = tuple(pair("advanced_xml", _is, _read))
