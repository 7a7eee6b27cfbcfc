"""GLEIF: level 2 relationship records (RR-CDF as XML, CSV and JSON) and, for names, level 1 (LEI-CDF as XML and CSV).

A relationship is by accounting consolidation: the parent is said to control, the share is not stated. The direct
parent is read as an owner of an unknown share; the ultimate parent restates the chain (`indirect`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caveat.errors import ShapeError
from caveat.graph.check import check_edges, note_sums
from caveat.graph.edge import Edge, EdgeReading, GraphParty, Notes
from caveat.graph.jsons import ODD, read_records
from caveat.graph.words import ShareRead, check_share, read_day, read_moment
from caveat.model import Identifier, Moment

if TYPE_CHECKING:
    from lxml import etree

#: Relationship -> (type of edge, kind); the start of a record is the child, so edges run from its end.
_TIES: Mapping[str, tuple[str, str]] = {
    "IS_DIRECTLY_CONSOLIDATED_BY": ("owns", "direct"),
    "IS_ULTIMATELY_CONSOLIDATED_BY": ("owns", "indirect"),
    "IS_INTERNATIONAL_BRANCH_OF": ("owns", "direct"),
    "IS_FUND-MANAGED_BY": ("directs", "control"),
    "IS_SUBFUND_OF": ("other", "control"),
    "IS_FEEDER_TO": ("other", "control"),
}


@dataclass(frozen=True, slots=True)
class _Record:
    """One relationship record, whatever the form it came in. `periods` are (type, start, end)."""

    child: str
    parent: str
    child_scheme: str
    parent_scheme: str
    relation: str
    status: str
    registration: str
    updated: str
    periods: tuple[tuple[str, str, str], ...]
    quantity: str
    unit: str
    reference: str


def read_gleif_xml(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read RR-CDF or LEI-CDF XML. ShapeError where it is broken or declares entities."""
    if b"<!ENTITY" in data:
        raise ShapeError("declares XML entities", where=name, do="GLEIF's files do not: refuse it")
    from lxml import etree

    notes = Notes(name)
    edges: list[Edge] = []
    parties: list[GraphParty] = []
    published: Moment | None = None
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}
    try:
        for _, element in etree.iterparse(io.BytesIO(data), events=("end",), remove_comments=True, **options):
            tag = etree.QName(element).localname
            if tag == "RelationshipRecord":
                edges += _edges(_from_xml(element), f"line {element.sourceline}", name, notes)
            elif tag == "LEIRecord":
                parties.append(_party(element, name))
            elif tag == "ContentDate" and published is None:
                published = read_moment((element.text or "").strip())
                continue
            else:
                continue
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ShapeError(f"broken XML ({error})", where=name, do="fetch the file again") from None
    return _reading(name, "gleif.xml", sha256, edges, parties, notes, published)


def read_gleif_csv(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read the CSV form of the relationship records. ShapeError where it is no such table."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""), strict=True)
    notes = Notes(name)
    edges: list[Edge] = []
    try:
        for row in reader:
            edges += _edges(_from_row(row), f"line {reader.line_num}", name, notes)
    except csv.Error as error:
        raise ShapeError(f"line {reader.line_num}: {error}", where=name, do="fetch the file again") from None
    return _reading(name, "gleif.rr_csv", sha256, edges, [], notes, None)


def read_gleif_json(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read the JSON form of the relationship records, where `$` holds the text of an element."""
    notes = Notes(name)
    edges: list[Edge] = []
    published: Moment | None = None
    for line, record in read_records(data, name):
        told = record.get("relations", [record]) if isinstance(record, dict) else []
        for n, item in enumerate(told if isinstance(told, list) else []):
            try:
                row = dict(_flat(item.get("RelationshipRecord", item)))
            except ODD:
                notes.say(f"line {line}, record {n + 1}", "is no relationship record", "it is left out")
                continue
            place = f"line {line}" if len(told) == 1 else f"record {n + 1}"
            edges += _edges(_from_row(row), place, name, notes)
    return _reading(name, "gleif.rr_json", sha256, edges, [], notes, published)


def _flat(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record under the column it has in the CSV form."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("$", "content"):
                yield from _flat(value, path)
            elif key in ("RelationshipPeriods", "RelationshipQuantifiers"):
                inner = next(iter(value.values()), ()) if isinstance(value, dict) else value
                word = "Period" if key.endswith("Periods") else "Quantifiers"
                for n, item in enumerate(inner if isinstance(inner, list) else [inner], start=1):
                    for name, text in _flat(item):
                        yield f"Relationship.{word}.{n}.{name[:1].lower()}{name[1:]}", text
            else:
                yield from _flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for item in node:
            yield from _flat(item, path)
    elif node is not None:
        yield path, str(node)


def read_gleif_names(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read the CSV form of level 1: who each LEI is."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""), strict=True)
    parties = []
    try:
        for row in reader:
            told = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
            lei = told.get("LEI", "")
            if not lei:
                continue
            said = told.get("Registration.LastUpdateDate")
            number = told.get("Entity.RegistrationAuthority.RegistrationAuthorityEntityID")
            identifiers = [Identifier("lei", lei), *([Identifier("registration_number", number)] if number else [])]
            parties.append(
                GraphParty(
                    lei, told.get("Entity.LegalName", ""), "organization",
                    told.get("Entity.LegalJurisdiction") or told.get("Entity.LegalAddress.Country") or None,
                    tuple(identifiers), said=read_moment(said) if said else None, file=name,
                    place=f"line {reader.line_num}",
                )
            )  # fmt: skip
    except csv.Error as error:
        raise ShapeError(f"line {reader.line_num}: {error}", where=name, do="fetch the file again") from None
    return _reading(name, "gleif.lei_csv", sha256, [], parties, Notes(name), None)


#: The columns of the CSV form of the relationship records that are written.
_COLUMNS = (
    "Relationship.StartNode.NodeID", "Relationship.StartNode.NodeIDType", "Relationship.EndNode.NodeID",
    "Relationship.EndNode.NodeIDType", "Relationship.RelationshipType", "Relationship.RelationshipStatus",
    "Relationship.Period.1.startDate", "Relationship.Period.1.endDate", "Relationship.Period.1.periodType",
    "Relationship.Quantifiers.1.measurementMethod", "Relationship.Quantifiers.1.quantifierAmount",
    "Relationship.Quantifiers.1.quantifierUnits", "Registration.LastUpdateDate", "Registration.RegistrationStatus",
    "Registration.ValidationReference",
)  # fmt: skip


def write_gleif(reading: EdgeReading) -> str:
    """The relationships as the CSV form of RR-CDF. A party goes by its LEI where it has one, else by its id.

    An exact share stands as a quantifier; a range has no place in this layout and is left out.
    """
    leis = {p.id: next((i.value for i in p.identifiers if i.kind in ("lei", "xi-lei")), "") for p in reading.parties}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    relations = {
        ("owns", "direct"): "IS_DIRECTLY_CONSOLIDATED_BY",
        ("owns", "indirect"): "IS_ULTIMATELY_CONSOLIDATED_BY",
    }
    for edge in reading.edges:
        relation = edge.more.get("gleif") or relations.get((edge.type, edge.kind))
        if relation is None:
            continue
        ends = [(leis.get(e) or e, "LEI" if leis.get(e) else "OTHER") for e in (edge.end, edge.start)]
        share = edge.exact if relation != "IS_INTERNATIONAL_BRANCH_OF" else None
        days = [d.isoformat() + "T00:00:00Z" if d else "" for d in (edge.since, edge.until)]
        writer.writerow(
            [
                *ends[0], *ends[1], relation, "INACTIVE" if edge.closed or edge.until else "ACTIVE", *days,
                "RELATIONSHIP_PERIOD" if any(days) else "",
                "ACCOUNTING_CONSOLIDATION" if share is not None else "", "" if share is None else f"{share:.2f}",
                "" if share is None else "PERCENTAGE", edge.said.text if edge.said else "", "PUBLISHED",
                edge.cite or "",
            ]
        )  # fmt: skip
    return out.getvalue()


def _reading(
    name: str, layout: str, sha256: str, edges: list[Edge], parties: list[GraphParty], notes: Notes,
    published: Moment | None,
) -> EdgeReading:  # fmt: skip
    sound = tuple(check_edges(edges, notes))
    note_sums(sound, notes)
    named = {p.id for p in parties}
    ends = dict.fromkeys(end for edge in sound for end in (edge.start, edge.end))
    bare = [
        GraphParty(e, "", "organization", identifiers=(Identifier("lei", e),), file=name)
        for e in ends
        if e not in named
    ]
    published = published or max((e.said for e in sound if e.said), default=None)
    return EdgeReading(name, layout, sha256, sound, (*parties, *bare), notes.all(), published=published)


def _edges(record: _Record, place: str, name: str, notes: Notes) -> Iterator[Edge]:
    if record.relation not in _TIES:
        notes.say(place, f"relationship {record.relation!r} is not known", "it is read as other")
    if not record.child or not record.parent:
        notes.say(place, "lacks a party at one end", "the record is left out")
        return
    for scheme in (record.child_scheme, record.parent_scheme):
        if scheme not in ("LEI", ""):
            notes.say(place, f"an end is named by {scheme}, not by LEI", "it is read by that id")
    word, kind = _TIES.get(record.relation, ("other", "control"))
    share = _share(record)
    if share.wrong:
        notes.say(place, share.wrong, "the share is read as unknown")
    period = next((p for p in record.periods if p[0] == "RELATIONSHIP_PERIOD"), ("", "", ""))
    ended = record.status == "INACTIVE" or record.registration in ("RETIRED", "ANNULLED", "DUPLICATE")
    until = read_day(period[2]) if period[2] else None
    said = read_moment(record.updated) if record.updated else None
    if ended and until is None:
        until = said.day if said else None
    yield Edge(
        record.parent, record.child, word, kind, share.low, share.high,
        since=read_day(period[1]) if period[1] else None, until=until, said=said,
        record=f"{record.child} {record.relation} {record.parent}",
        closed=ended and until is None, source="GLEIF level 2", cite=record.reference or None, file=name, place=place,
        more={"gleif": record.relation},
    )  # fmt: skip


def _share(record: _Record) -> ShareRead:
    if record.quantity and record.unit.upper() in ("PERCENTAGE", "%"):
        try:
            value = float(record.quantity)
        except ValueError:
            return ShareRead(wrong=f"{record.quantity!r} is not a share")
        return check_share(value, value)
    if record.relation == "IS_INTERNATIONAL_BRANCH_OF":
        return ShareRead(100.0, 100.0)  # a branch is the same legal person
    return ShareRead()


def _from_xml(element: etree._Element) -> _Record:
    def text(*path: str) -> str:
        at: Any = element
        for step in path:
            at = next((c for c in at if isinstance(c.tag, str) and c.tag.rpartition("}")[2] == step), None)
            if at is None:
                return ""
        return (at.text or "").strip()

    periods = []
    quantity = unit = ""
    for node in element.iter():
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if tag == "RelationshipPeriod":
            told = {c.tag.rpartition("}")[2]: (c.text or "").strip() for c in node if isinstance(c.tag, str)}
            periods.append((told.get("PeriodType", ""), told.get("StartDate", ""), told.get("EndDate", "")))
        elif tag == "QuantifierAmount" and not quantity:
            quantity = (node.text or "").strip()
        elif tag == "QuantifierUnits" and not unit:
            unit = (node.text or "").strip()
    return _Record(
        text("Relationship", "StartNode", "NodeID"), text("Relationship", "EndNode", "NodeID"),
        text("Relationship", "StartNode", "NodeIDType"), text("Relationship", "EndNode", "NodeIDType"),
        text("Relationship", "RelationshipType"), text("Relationship", "RelationshipStatus"),
        text("Registration", "RegistrationStatus"), text("Registration", "LastUpdateDate"), tuple(periods),
        quantity, unit, text("Registration", "ValidationReference"),
    )  # fmt: skip


def _from_row(row: Mapping[str, str | None]) -> _Record:
    def text(column: str) -> str:
        return (row.get(column) or "").strip()

    periods, quantity, unit = [], "", ""
    for n in range(1, 6):
        at = f"Relationship.Period.{n}"
        if text(f"{at}.periodType"):
            periods.append((text(f"{at}.periodType"), text(f"{at}.startDate"), text(f"{at}.endDate")))
        at = f"Relationship.Quantifiers.{n}"
        if not quantity and text(f"{at}.quantifierAmount"):
            quantity, unit = text(f"{at}.quantifierAmount"), text(f"{at}.quantifierUnits")
    return _Record(
        text("Relationship.StartNode.NodeID"), text("Relationship.EndNode.NodeID"),
        text("Relationship.StartNode.NodeIDType"), text("Relationship.EndNode.NodeIDType"),
        text("Relationship.RelationshipType"), text("Relationship.RelationshipStatus"),
        text("Registration.RegistrationStatus"), text("Registration.LastUpdateDate"), tuple(periods), quantity, unit,
        text("Registration.ValidationReference"),
    )  # fmt: skip


def _party(element: etree._Element, name: str) -> GraphParty:
    found: dict[str, str] = {}
    for node in element.iter():
        if isinstance(node.tag, str) and node.text and node.text.strip():
            found.setdefault(node.tag.rpartition("}")[2], node.text.strip())
    lei = found.get("LEI", "")
    identifiers = [Identifier("lei", lei)]
    if number := found.get("RegistrationAuthorityEntityID"):
        identifiers.append(Identifier("registration_number", number))
    said = found.get("LastUpdateDate")
    return GraphParty(
        lei, found.get("LegalName", ""), "organization", found.get("LegalJurisdiction") or found.get("Country"),
        tuple(identifiers), said=read_moment(said) if said else None, file=name, place=f"line {element.sourceline}",
    )  # fmt: skip
