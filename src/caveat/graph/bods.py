"""The Beneficial Ownership Data Standard: 0.4 records, and the statements of 0.2 and 0.3.

One edge an interest; a relationship without interests is one edge of an unknown share. An interested party
that is declared unknown (`reason`) stands as an unnamed end, never as a person.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Mapping
from typing import Any

from caveat.graph.check import check_edges, note_sums
from caveat.graph.edge import Edge, EdgeReading, GraphParty, Notes
from caveat.graph.jsons import ODD, read_records
from caveat.graph.words import ShareRead, check_share, read_day, read_moment
from caveat.model import Identifier, Moment

_OLD_TYPES = {"entityStatement": "entity", "personStatement": "person", "ownershipOrControlStatement": "relationship"}
_OWNING = frozenset({"shareholding", "unknownInterest", "unpublishedInterest", ""})
_DIRECTING = frozenset({"boardMember", "boardChair", "seniorManagingOfficial"})
_KEYS = {
    "owns": "shareholding",
    "voting": "votingRights",
    "control": "otherInfluenceOrControl",
    "directs": "boardMember",
}


def read_bods(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read a BODS file, an array or a statement a line. ShapeError where the JSON is broken."""
    notes = Notes(name)
    statements = [(line, s) for line, s in read_records(data, name) if _is_statement(s, line, notes)]
    roots = _roots([s for _, s in statements])
    parties: list[GraphParty] = []
    edges: list[Edge] = []
    kept: list[tuple[int, Mapping[str, Any]]] = []
    for order, (line, statement) in enumerate(statements):
        kind = statement.get("recordType") or _OLD_TYPES.get(str(statement.get("statementType")))
        try:
            if kind in ("entity", "person"):
                parties.append(_party(statement, kind, name, line, order, roots))
                continue
            if kind == "relationship":
                told, unnamed = _relationship(statement, name, line, order, roots, notes)
                edges += told
                parties += unnamed
                continue
            what = f"is a statement of no known type ({kind!r})"
        except ODD as error:
            what = f"holds a value of an unexpected type ({error})"
        notes.say(f"line {line}", what, "it is kept as it stands, and joins nothing")
        kept.append((order, statement))
    described = {p.id for p in parties}
    sound = tuple(check_edges(edges, notes, described))
    note_sums(sound, notes)
    said = [m for m in [p.said for p in parties] + [e.said for e in sound] if m]
    return EdgeReading(
        name, "bods", sha256, sound, tuple(parties), notes.all(), tuple(kept), published=max(said, default=None)
    )


def _is_statement(record: Any, line: int, notes: Notes) -> bool:
    if isinstance(record, dict):
        return True
    notes.say(f"line {line}", "is no statement (no JSON object)", "it is left out")
    return False


def _roots(statements: list[dict[str, Any]]) -> dict[str, str]:
    """Statement id -> the id of the record it tells: before 0.4 a statement names those it replaces."""
    roots: dict[str, str] = {}
    for statement in statements:
        if "recordId" in statement:
            continue
        own = str(statement.get("statementID") or statement.get("statementId") or "")
        told = statement.get("replacesStatements")
        replaced = [str(r) for r in told] if isinstance(told, list) else []
        roots[own] = next((roots.get(r, r) for r in replaced), own)
    return roots


def _record(statement: Mapping[str, Any], roots: Mapping[str, str], line: int) -> str:
    if statement.get("recordId"):
        return str(statement["recordId"])
    own = str(statement.get("statementID") or statement.get("statementId") or "")
    return roots.get(own) or f"line {line}"


def _details(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    details = statement.get("recordDetails")
    return details if isinstance(details, dict) else statement


def _inside(statement: dict[str, Any]) -> dict[str, Any]:
    details = statement.get("recordDetails")
    return details if isinstance(details, dict) else statement


def _said(statement: Mapping[str, Any]) -> Moment | None:
    details = statement.get("publicationDetails")
    published = details.get("publicationDate") if isinstance(details, dict) else None
    text = statement.get("statementDate") or published
    return read_moment(str(text)) if text else None


def _party(
    statement: Mapping[str, Any], kind: str, name: str, line: int, order: int, roots: Mapping[str, str]
) -> GraphParty:
    told = _details(statement)
    if kind == "entity":
        entity_type = told.get("entityType")
        word = entity_type.get("type") if isinstance(entity_type, dict) else entity_type
        party_kind = "arrangement" if word == "arrangement" else "organization"
        label = str(told.get("name") or "")
        place = told.get("jurisdiction") or told.get("incorporatedInJurisdiction") or {}
        country = place.get("code") if isinstance(place, dict) else None
    else:
        party_kind = "person"
        names = [n for n in told.get("names") or () if isinstance(n, dict)]
        label = next((str(n["fullName"]) for n in names if n.get("fullName")), "")
        nations = [n for n in told.get("nationalities") or () if isinstance(n, dict)]
        country = next((n.get("code") for n in nations if n.get("code")), None)
    others = [n.get("fullName") for n in told.get("names") or () if isinstance(n, dict)]
    aliases = tuple(str(n) for n in [*(told.get("alternateNames") or ()), *others] if n and n != label)
    identifiers = tuple(
        Identifier(str(i.get("scheme") or i.get("schemeName") or "unknown").casefold(), str(i["id"]))
        for i in told.get("identifiers") or ()
        if isinstance(i, dict) and i.get("id")
    )
    unnamed = told.get("unspecifiedEntityDetails") or told.get("unspecifiedPersonDetails") or {}
    return GraphParty(
        _record(statement, roots, line), label, party_kind, str(country).upper() if country else None, identifiers,
        aliases, unnamed=str(unnamed.get("reason")) if isinstance(unnamed, dict) and unnamed.get("reason") else None,
        said=_said(statement), file=name, place=f"line {line}", more={"bods": statement, "order": order},
    )  # fmt: skip


def _relationship(
    statement: Mapping[str, Any], name: str, line: int, order: int, roots: Mapping[str, str], notes: Notes
) -> tuple[list[Edge], list[GraphParty]]:
    told, place = _details(statement), f"line {line}"
    record = _record(statement, roots, line)
    owned, _ = _end(told.get("subject"), roots)
    owner, reason = _end(told.get("interestedParty"), roots)
    unnamed: list[GraphParty] = []
    if not owned:
        notes.say(place, "the relationship names no subject", "it is kept with an unnamed one")
        owned = f"{record}#subject"
        unnamed.append(GraphParty(owned, unnamed="no subject stated", file=name, place=place))
    if not owner:
        owner = f"{record}#interestedParty"
        said = reason or "no interested party stated"
        unnamed.append(GraphParty(owner, unnamed=said, said=_said(statement), file=name, place=place))
    interests = [i for i in told.get("interests") or () if isinstance(i, dict)]
    edges = []
    for n, interest in enumerate(interests or [{}]):
        word = str(interest.get("type") or "")
        level = interest.get("directOrIndirect") or interest.get("interestLevel")
        kind = "direct" if word in _OWNING else "voting" if "voting" in word.casefold() else "control"
        share = _share(interest.get("share"))
        if share.wrong:
            notes.say(place, share.wrong, "the share is read as unknown")
        since, until = (_day(interest, key, place, notes) for key in ("startDate", "endDate"))
        edges.append(
            Edge(
                owner, owned, "directs" if word in _DIRECTING else "owns",
                "indirect" if kind == "direct" and level == "indirect" else kind,
                share.low, share.high, share.above, share.below, since, until, said=_said(statement), record=record,
                closed=statement.get("recordStatus") == "closed", source=_source(statement), file=name, place=place,
                more={"bods": statement, "order": order, "interest": n if interests else None},
            )
        )  # fmt: skip
    return edges, unnamed


def _end(end: Any, roots: Mapping[str, str]) -> tuple[str, str | None]:
    """The id at one end, or the reason why there is none."""
    if isinstance(end, str):
        return roots.get(end, end), None
    if not isinstance(end, dict):
        return "", None
    for key in ("describedByEntityStatement", "describedByPersonStatement"):
        if end.get(key):
            return roots.get(str(end[key]), str(end[key])), None
    blank = end.get("unspecified") if isinstance(end.get("unspecified"), dict) else end
    return "", str(blank.get("reason")) if blank and blank.get("reason") else None


def _share(share: Any) -> ShareRead:
    if not isinstance(share, dict):
        return ShareRead()
    found: dict[str, float | None] = {}
    for key in ("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        value = share.get(key)
        if value is None or isinstance(value, bool):
            continue
        try:
            found[key] = float(value)
        except (TypeError, ValueError):
            return ShareRead(wrong=f"{value!r} is not a share")
    if "exact" in found:
        return check_share(found["exact"], found["exact"])
    above = "exclusiveMinimum" in found or share.get("exclusiveMinimum") is True
    below = "exclusiveMaximum" in found or share.get("exclusiveMaximum") is True
    low = found.get("exclusiveMinimum", found.get("minimum"))
    high = found.get("exclusiveMaximum", found.get("maximum"))
    read = check_share(low, high, above=above and low is not None, below=below and high is not None)
    return read if low is None or high is None or not math.isclose(low, high) else check_share(low, high)


def _day(interest: Mapping[str, Any], key: str, place: str, notes: Notes) -> Any:
    text = interest.get(key)
    if not text:
        return None
    day = read_day(str(text))
    if day is None:
        notes.say(place, f"{key} {text!r} is no day", "the day is read as unknown")
    return day


def _source(statement: Mapping[str, Any]) -> str | None:
    source = statement.get("source")
    if isinstance(source, dict):
        if source.get("url"):
            return str(source["url"])
        by = [str(a.get("name")) for a in source.get("assertedBy") or () if isinstance(a, dict) and a.get("name")]
        if by:
            return f"stated by {', '.join(by)}"
        if source.get("description"):
            return str(source["description"])
    details = statement.get("publicationDetails")
    publisher = details.get("publisher") if isinstance(details, dict) else None
    return str(publisher.get("name")) if isinstance(publisher, dict) and publisher.get("name") else None


def write_bods(reading: EdgeReading) -> list[dict[str, Any]]:
    """The statements: those that came as BODS as they came, with what was changed since; the rest as 0.4."""
    out: list[tuple[int, dict[str, Any]]] = [(order, dict(record)) for order, record in reading.kept]
    new = itertools.count(1_000_000_000)
    named = {p.id: p for p in reading.parties}
    for party in reading.parties:
        came = party.more.get("bods")
        if came is not None:
            out.append((party.more["order"], _as_party(came, party)))
        elif party.unnamed is None:
            out.append((next(new), _new_party(party)))
    groups: dict[object, list[Edge]] = {}
    for n, edge in enumerate(reading.edges):
        if edge.type in ("owns", "directs"):
            groups.setdefault(edge.more["order"] if "bods" in edge.more else ("new", edge.record or n), []).append(edge)
    for edges in groups.values():
        if "bods" in edges[0].more:
            out.append((edges[0].more["order"], _as_relationship(edges)))
        else:
            out.append((next(new), _new_relationship(edges, named)))
    return [statement for _, statement in sorted(out, key=lambda pair: pair[0])]


def _as_party(came: Mapping[str, Any], party: GraphParty) -> dict[str, Any]:
    statement = copy.deepcopy(dict(came))
    kind = "person" if party.kind == "person" else "entity"
    before = _party(came, kind, party.file, 0, 0, {})
    told = _inside(statement)
    if before.name != party.name:
        if kind == "entity":
            told["name"] = party.name
        else:
            told["names"] = [{"type": "legal", "fullName": party.name}]
    if before.identifiers != party.identifiers:
        told["identifiers"] = [{"scheme": i.kind.upper(), "id": i.value} for i in party.identifiers]
    return statement


def _as_relationship(edges: list[Edge]) -> dict[str, Any]:
    came = edges[0].more["bods"]
    statement = copy.deepcopy(dict(came))
    told = _inside(statement)
    if edges[0].more["interest"] is None:
        return statement
    interests = []
    for edge in edges:
        interest = copy.deepcopy(_details(came)["interests"][edge.more["interest"]])
        share = _share(interest.get("share"))
        if (share.low, share.high, share.above, share.below) != (edge.low, edge.high, edge.above, edge.below):
            interest.pop("share", None)
            if edge.low is not None:
                interest["share"] = _share_out(edge)
        for key, day in (("startDate", edge.since), ("endDate", edge.until)):
            if edge.doubtful is None and (read_day(str(interest[key])) if interest.get(key) else None) != day:
                interest.pop(key, None)
                if day is not None:
                    interest[key] = day.isoformat()
        interests.append(interest)
    told["interests"] = interests
    return statement


def _new_party(party: GraphParty) -> dict[str, Any]:
    details: dict[str, Any] = {"isComponent": False}
    if party.kind == "person":
        details |= {"personType": "knownPerson", "names": [{"type": "legal", "fullName": party.label}]}
        if party.country:
            details["nationalities"] = [{"code": party.country}]
    else:
        word = "arrangement" if party.kind == "arrangement" else "registeredEntity"
        details |= {"entityType": {"type": word}, "name": party.label}
        if party.country:
            details["jurisdiction"] = {"code": party.country}
    if party.identifiers:
        details["identifiers"] = [{"scheme": i.kind.upper(), "id": i.value} for i in party.identifiers]
    return _new(party.id, "person" if party.kind == "person" else "entity", details, party.said, f"party {party.id}")


def _new_relationship(edges: list[Edge], named: Mapping[str, GraphParty]) -> dict[str, Any]:
    first = edges[0]
    interests = []
    for edge in edges:
        word = "shareholding" if edge.kind in ("direct", "indirect") else _KEYS[edge.kind]
        interest: dict[str, Any] = {
            "type": _KEYS["directs"] if edge.type == "directs" else word,
            "directOrIndirect": "indirect" if edge.kind == "indirect" else "direct",
        }
        if edge.low is not None:
            interest["share"] = _share_out(edge)
        if edge.since:
            interest["startDate"] = edge.since.isoformat()
        if edge.until:
            interest["endDate"] = edge.until.isoformat()
        interests.append(interest)
    start: Any = first.start
    if (party := named.get(first.start)) and party.unnamed:
        start = {"reason": party.unnamed}
    details = {"isComponent": False, "subject": first.end, "interestedParty": start, "interests": interests}
    record = first.record or f"{first.start}->{first.end}@{first.place}"
    statement = _new(record, "relationship", details, first.said, f"{first.file} {first.place} {record}")
    if first.source or first.cite:
        statement["source"] = {"description": "; ".join(t for t in (first.source, first.cite) if t)}
    if first.closed:
        statement["recordStatus"] = "closed"
    return statement


def _new(record: str, kind: str, details: dict[str, Any], said: Moment | None, seed: str) -> dict[str, Any]:
    import hashlib

    statement: dict[str, Any] = {
        "statementId": hashlib.sha256(f"{kind} {seed}".encode()).hexdigest()[:32],
        "declarationSubject": details.get("subject", record),
    }
    if said is not None:
        statement["statementDate"] = said.text
    statement |= {
        "publicationDetails": {"bodsVersion": "0.4", "publisher": {"name": "Caveat"}},
        "recordId": record, "recordStatus": "new", "recordType": kind, "recordDetails": details,
    }  # fmt: skip
    return statement


def _share_out(edge: Edge) -> dict[str, float]:
    if edge.exact is not None:
        return {"exact": edge.exact}
    low, high = edge.low or 0.0, 100.0 if edge.high is None else edge.high
    return {
        "exclusiveMinimum" if edge.above else "minimum": low, "exclusiveMaximum" if edge.below else "maximum": high,
    }  # fmt: skip
