"""OFAC's XML lists: the classic sdnList schema and the Enhanced XML of the Sanctions List Service.

Namespaces are not compared: OFAC has renamed them unannounced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from caveat.errors import ShapeError
from caveat.model import ENTRY_FIELDS, Kind, Moment, Quality
from caveat.sources.document import Document
from caveat.sources.ofac_draft import CMIC, CONSOLIDATED, SDN, Draft, Unread, is_sdn_content, is_sdn_name, sort_out
from caveat.sources.reading import Layout, Reading
from caveat.sources.text import read_date

if TYPE_CHECKING:
    from lxml.etree import _Element

KINDS: dict[str, Kind] = {
    "entity": "organization", "individual": "person", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip
_UNHELD = {"list", "countries", "citations", "announced_on", "removed_on", "expires_on", "license_requirement",
           "license_review_policy", "footnotes", "unconfirmed", "corrects"}  # fmt: skip
#: What the XML layouts hold. Their remarks are only the free text, not the whole of the delimited files.
XML_HOLDS = ENTRY_FIELDS - _UNHELD - {"remarks"}
_VESSEL = {
    "callSign": "call_sign", "vesselType": "vessel_type", "vesselFlag": "vessel_flag", "vesselOwner": "vessel_owner",
    "tonnage": "tonnage", "grossRegisteredTonnage": "grt",
}  # fmt: skip
#: Elements of one entry that are read or carry nothing but keys, as `parent/child`.
_CLASSIC_READ = frozenset(f"{parent}/{child}" for parent, children in {
    "sdnEntry": "uid firstName lastName title sdnType remarks programList idList akaList addressList nationalityList "
                "citizenshipList dateOfBirthList placeOfBirthList vesselInfo",
    "programList": "program", "idList": "id", "akaList": "aka", "addressList": "address",
    "nationalityList": "nationality", "citizenshipList": "citizenship", "dateOfBirthList": "dateOfBirthItem",
    "placeOfBirthList": "placeOfBirthItem", "id": "uid idType idNumber idCountry issueDate expirationDate",
    "aka": "uid type category lastName firstName",
    "address": "uid address1 address2 address3 city stateOrProvince postalCode country",
    "nationality": "uid country mainEntry", "citizenship": "uid country mainEntry",
    "dateOfBirthItem": "uid dateOfBirth mainEntry", "placeOfBirthItem": "uid placeOfBirth mainEntry",
    "vesselInfo": " ".join(_VESSEL),
}.items() for child in children.split())  # fmt: skip
_ENHANCED_READ = frozenset(f"{parent}/{child}" for parent, children in {
    "entity": "generalInfo sanctionsLists sanctionsPrograms sanctionsTypes legalAuthorities names addresses features "
              "relationships identityDocuments",
    "generalInfo": "identityId entityType remarks title", "sanctionsLists": "sanctionsList",
    "sanctionsPrograms": "sanctionsProgram", "sanctionsTypes": "sanctionsType", "legalAuthorities": "legalAuthority",
    "names": "name", "name": "isPrimary isLowQuality aliasType translations", "translations": "translation",
    "translation": "isPrimary script formattedFirstName formattedLastName formattedFullName nameParts addressParts",
    "nameParts": "namePart", "namePart": "type value", "addresses": "address", "address": "country translations",
    "addressParts": "addressPart", "addressPart": "type value", "features": "feature",
    "feature": "type versionId value valueDate valueRefId isPrimary reliability comments",
    "valueDate": "fromDateBegin fromDateEnd toDateBegin toDateEnd isApproximate isDateRange",
    "relationships": "relationship", "relationship": "type relatedEntity quality",
    "identityDocuments": "identityDocument",
    "identityDocument": "type name documentNumber isValid issuingLocation issuingCountry issuingAuthority issueDate "
                        "expirationDate comments",
}.items() for child in children.split())  # fmt: skip


def bare(document: Document, root_name: str) -> _Element:
    """The root element, every name in the tree without its namespace; ShapeError where it is another root."""
    from caveat.sources.xml import parse_xml

    root = parse_xml(document.data, document.name)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    if root.tag != root_name:
        raise ShapeError(f"begins with <{root.tag}>, not <{root_name}>", where=document.name, do="fetch it again")
    return root


def text(element: _Element | None, path: str = "") -> str:
    """The text of the element or of the one at `path` below it, blanks folded; "" where none."""
    if element is not None and path:
        element = element.find(path)
    return " ".join((element.text or "").split()) if element is not None else ""


def report(entry: _Element, read: frozenset[str], unread: Unread) -> None:
    """Count the elements of an entry that hold text and stand at no place the reader knows."""
    for parent in entry.iter():
        for child in parent:
            place = f"{parent.tag}/{child.tag}"
            if place not in read and (child.text or "").strip():
                unread.add(place[:80])


def finish(
    document: Document, drafts: list[tuple[Draft, str]], published: Moment | None, unread: Unread, is_sdn: bool
) -> Reading:
    """The reading; ShapeError where the file holds no party, or one number twice."""
    if not drafts:
        raise ShapeError("holds no party", where=document.name, do="fetch the file again")
    seen: dict[str, str] = {}
    for draft, place in drafts:
        key = draft.source_id or ""
        if not (key.isascii() and key.isdigit()) or key in seen:
            what = f"{place}: number {key!r} is missing, odd or used twice"
            raise ShapeError(what, where=document.name, do="fetch the file again")
        if not any(name.quality == "primary" for name in draft.names):
            raise ShapeError(f"{place} has no primary name", where=document.name, do="fetch the file again")
        seen[key] = place
    lists = sort_out(drafts, is_sdn)
    return Reading(lists, published=published, holds=XML_HOLDS, unread=unread.labels)


def name_of(last: str, first: str) -> str:
    """`LAST, First` as OFAC prints a person's name."""
    return f"{last}, {first}" if first and last else last or first


def _read_classic(is_sdn: bool, document: Document) -> Reading:
    root = bare(document, "sdnList")
    day = read_date(text(root, "publshInformation/Publish_Date"))
    if day is None:
        raise ShapeError("states no publication date", where=document.name, do="fetch the file again")
    unread = Unread()
    drafts = [(_classic_entry(e, unread), f"uid {text(e, 'uid')}") for e in root.iterfind("sdnEntry")]
    stated = text(root, "publshInformation/Record_Count")
    if stated and stated.replace(",", "") != str(len(drafts)):
        what = f"states {stated} records but holds {len(drafts)}"
        raise ShapeError(what, where=document.name, do="the file is cut: fetch it again")
    for element in root:
        if element.tag not in ("publshInformation", "sdnEntry"):
            unread.add(f"sdnList/{element.tag}"[:80])
    return finish(document, drafts, Moment.parse(day), unread, is_sdn)


def _classic_entry(entry: _Element, unread: Unread) -> Draft:
    draft = Draft(text(entry, "uid"), kind=KINDS.get(text(entry, "sdnType").casefold(), "unknown"))
    draft.add_name(name_of(text(entry, "lastName"), text(entry, "firstName")), "primary")
    draft.title = text(entry, "title") or None
    draft.programs = [text(p) for p in entry.iterfind("programList/program")]
    for aka in entry.iterfind("akaList/aka"):
        quality = quality_of(text(aka, "type"), text(aka, "category").casefold() == "weak")
        draft.add_name(name_of(text(aka, "lastName"), text(aka, "firstName")), quality)
    for address in entry.iterfind("addressList/address"):
        draft.add_address(
            [text(address, f"address{i}") for i in (1, 2, 3)],
            text(address, "city"), text(address, "stateOrProvince"), text(address, "postalCode"),
            text(address, "country"),
        )  # fmt: skip
    for label, path in (("DOB", "dateOfBirthList/dateOfBirthItem/dateOfBirth"),
                        ("POB", "placeOfBirthList/placeOfBirthItem/placeOfBirth"),
                        ("nationality", "nationalityList/nationality/country"),
                        ("citizen", "citizenshipList/citizenship/country")):  # fmt: skip
        for element in entry.iterfind(path):
            draft.take_or_report(label, text(element), unread)
    for number in entry.iterfind("idList/id"):
        dates = [f"{word} {day}" for word, tag in (("issued", "issueDate"), ("expires", "expirationDate"))
                 if (day := text(number, tag))]  # fmt: skip
        value = text(number, "idNumber")
        draft.take_or_report(text(number, "idType"), value, unread, text(number, "idCountry"), dates)
    for tag, name in _VESSEL.items():
        if value := text(entry, f"vesselInfo/{tag}"):
            draft.details.append((name, value))
    draft.remarks = text(entry, "remarks") or None
    draft.take_remarks(draft.remarks or "", unread)
    report(entry, _CLASSIC_READ, unread)
    return draft


def quality_of(alias_type: str, is_weak: bool) -> Quality:
    """How far an alias names the party: a weak one stays weak whatever its type."""
    if is_weak:
        return "weak"
    return "former" if alias_type.casefold().startswith("f") else "strong"


def _read_enhanced(is_sdn: bool | None, document: Document) -> Reading:
    root = bare(document, "sanctionsData")
    try:
        published = Moment.parse(text(root, "publicationInfo/dataAsOf").removesuffix("T00:00:00"))
    except ValueError:
        raise ShapeError("states no date (dataAsOf)", where=document.name, do="fetch the file again") from None
    unread = Unread()
    for element in root:
        if element.tag not in ("publicationInfo", "referenceValues", "featureTypes", "entities"):
            unread.add(f"sanctionsData/{element.tag}"[:80])
    entities = root.findall("entities/entity")
    if is_sdn is not None:
        return finish(document, _enhanced_entries(entities, unread, is_sdn), published, unread, is_sdn)
    sdn = [e for e in entities if "SDN List" in _lists_of(e)]  # some parties are on both
    other = [e for e in entities if _lists_of(e).keys() - {"SDN List"}]
    readings = [
        finish(document, _enhanced_entries(some, unread, says), published, unread, says)
        for some, says in ((sdn, True), (other, False))
        if some or not entities
    ]
    return replace(readings[0], lists={name: rows for reading in readings for name, rows in reading.lists.items()})


def _enhanced_entries(entities: list[_Element], unread: Unread, is_sdn: bool) -> list[tuple[Draft, str]]:
    return [(_enhanced_entry(e, unread, is_sdn), f"entity {e.get('id')}") for e in entities]


def _lists_of(entity: _Element) -> dict[str, str]:
    """The day of publication by the name of each list the party is on."""
    return {text(e): e.get("datePublished") or "" for e in entity.iterfind("sanctionsLists/sanctionsList")}


def listed_on(dates: dict[str, str], is_sdn: bool, is_cmic: bool) -> str:
    """The day a party came on the list in question, among the days per list of the publisher; "" where none."""
    if is_sdn:
        return dates.get("SDN List", "")
    if is_cmic:
        return dates.get("Non-SDN CMIC List", "")
    return min(
        (day for name, day in dates.items() if day and name not in ("SDN List", "Consolidated List")), default=""
    )


def _enhanced_entry(entity: _Element, unread: Unread, is_sdn: bool) -> Draft:
    draft = Draft(entity.get("id"), kind=KINDS.get(text(entity, "generalInfo/entityType").casefold(), "unknown"))
    draft.title = text(entity, "generalInfo/title") or None
    draft.programs = [text(p) for p in entity.iterfind("sanctionsPrograms/sanctionsProgram")]
    for kind, path in (("sanctions_type", "sanctionsTypes/sanctionsType"),
                       ("legal_authority", "legalAuthorities/legalAuthority")):  # fmt: skip
        draft.details += [(kind, text(e)) for e in entity.iterfind(path) if text(e)]
    for name in entity.iterfind("names/name"):
        _take_name(draft, name)
    for address in entity.iterfind("addresses/address"):
        for translation in address.iterfind("translations/translation"):
            parts = {text(p, "type"): text(p, "value") for p in translation.iterfind("addressParts/addressPart")}
            take_place(draft, parts, text(address, "country"))
    for feature in entity.iterfind("features/feature"):
        draft.take_or_report(text(feature, "type"), text(feature, "value"), unread)
        if note := text(feature, "comments"):
            draft.details.append(("remark", f"{text(feature, 'type')}: {note}"))
    for number in entity.iterfind("identityDocuments/identityDocument"):
        notes = [text(number, "issuingAuthority"), text(number, "comments")]
        notes += [f"{word} {day}" for word, tag in (("issued", "issueDate"), ("expires", "expirationDate"))
                  if (day := text(number, tag))]  # fmt: skip
        if text(number, "isValid") == "false":
            notes.append("not valid")
        value = text(number, "documentNumber")
        draft.take_or_report(text(number, "type"), value, unread, text(number, "issuingCountry"), notes)
    for relation in entity.iterfind("relationships/relationship"):
        related = relation.find("relatedEntity")
        uid = related.get("entityId") if related is not None else None
        take_relation(draft, text(relation, "type"), text(related), uid)
    dates = _lists_of(entity)
    draft.details += [("on_list", f"{name} {day}".strip()) for name, day in dates.items()]
    draft.listed_on = listed_on(dates, is_sdn, "CMIC-EO13959" in draft.programs) or None
    draft.remarks = text(entity, "generalInfo/remarks") or None
    draft.take_remarks(draft.remarks or "", unread)
    report(entity, _ENHANCED_READ, unread)
    return draft


def _take_name(draft: Draft, name: _Element) -> None:
    quality = quality_of(text(name, "aliasType"), text(name, "isLowQuality") == "true")
    for translation in name.iterfind("translations/translation"):
        full = text(translation, "formattedFullName") or name_of(
            text(translation, "formattedLastName"), text(translation, "formattedFirstName")
        )
        is_first = text(name, "isPrimary") == "true" and text(translation, "isPrimary") == "true"
        draft.add_name(full, "primary" if is_first else quality)


def take_place(draft: Draft, parts: dict[str, str], country: str) -> None:
    """An address from parts by OFAC's names for them (ADDRESS1 … POSTAL CODE, REGION)."""
    region = parts.get("REGION", "")
    place = parts.get("STATE/PROVINCE", "")
    if region and country:
        place = ", ".join(t for t in (place, region) if t)
    draft.add_address(
        [parts.get(f"ADDRESS{i}", "") for i in (1, 2, 3)], parts.get("CITY", ""), place,
        parts.get("POSTAL CODE", ""), country or (f"Region: {region}" if region else ""),
    )  # fmt: skip


def take_relation(draft: Draft, kind: str, name: str, uid: str | None) -> None:
    """A tie to another party: `linked_to` as the delimited files have it, and its kind with the number."""
    if name:
        draft.details.append(("linked_to", name))
    draft.details.append(("relationship", f"{kind}: {name} ({uid})" if name else f"{kind}: ({uid})"))


def _is_classic(is_sdn: bool, document: Document) -> bool:
    head = document.head
    if not re.search(rb"<(?:\w+:)?sdnList[\s>]", head[:4096]):
        return False
    entries = re.split(rb"<(?:\w+:)?sdnEntry>", head)[1:] or [b""]
    return is_sdn_content([e.decode("utf-8", "replace") for e in entries], is_sdn_name(document.name)) is is_sdn


def _is_enhanced(is_sdn: bool | None, document: Document) -> bool:
    if not re.search(rb"<(?:\w+:)?sanctionsData[\s>]", document.head[:4096]):
        return False
    about = document.head.partition(b"publicationInfo>")[2].partition(b"publicationInfo>")[0]
    names = {n.strip() for n in re.findall(rb"sanctionsList\b[^>]*>([^<]+)<", about)}
    if b"SDN List" in names and len(names) > 1:  # the file says which lists were asked for
        says = None
    else:
        says = b"SDN List" in names if names else is_sdn_name(document.name)
    return says is is_sdn


def pair(
    kind: str, recognizes: Callable[[bool, Document], bool], read: Callable[[bool, Document], Reading]
) -> list[Layout]:
    """The two layouts of one XML form: of the SDN list and of the non-SDN lists."""
    return [
        Layout(f"ofac.{name}_{kind}", lists, partial(recognizes, is_sdn), partial(read, is_sdn))
        for name, lists, is_sdn in (("sdn", (SDN,), True), ("cons", (CMIC, CONSOLIDATED), False))
    ]


LAYOUTS: tuple[Layout, ...] = (
    *pair("xml", _is_classic, _read_classic),
    *pair("enhanced_xml", _is_enhanced, _read_enhanced),
    Layout(
        "ofac.all_enhanced_xml", (SDN, CMIC, CONSOLIDATED), partial(_is_enhanced, None), partial(_read_enhanced, None)
    ),
)
