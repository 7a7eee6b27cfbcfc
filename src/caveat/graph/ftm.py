"""FollowTheMoney JSON lines: parties, ties, and everything else kept as it stands; delta files too."""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from caveat.graph.check import check_edges, note_sums
from caveat.graph.edge import Edge, EdgeReading, GraphParty, Notes
from caveat.graph.jsons import ODD, read_records
from caveat.graph.words import ShareRead, read_day, read_moment, read_number, read_share
from caveat.model import Identifier, Moment

if TYPE_CHECKING:
    from caveat.graph.network import Graph

#: Schema -> (the property at the start, at the end, type of edge, kind).
TIES: Mapping[str, tuple[str, str, str, str]] = {
    "Ownership": ("owner", "asset", "owns", "direct"),
    "Directorship": ("director", "organization", "directs", "control"),
    "Membership": ("member", "organization", "other", "control"),
    "Employment": ("employee", "employer", "other", "control"),
    "Family": ("person", "relative", "other", "control"),
    "Associate": ("person", "associate", "other", "control"),
    "Representation": ("agent", "client", "other", "control"),
    "Succession": ("predecessor", "successor", "other", "control"),
    "UnknownLink": ("subject", "object", "other", "control"),
    "Payment": ("payer", "beneficiary", "pays", "direct"),
}
KINDS: Mapping[str, str] = {
    "Person": "person", "Company": "organization", "Organization": "organization", "PublicBody": "organization",
    "LegalEntity": "unknown", "Vessel": "vessel", "Airplane": "aircraft", "Asset": "unknown", "Security": "product",
}  # fmt: skip
_IDENTIFIERS = (
    "leiCode", "innCode", "ogrnCode", "registrationNumber", "taxNumber", "idNumber", "imoNumber", "uscCode", "isin",
    "dunsCode", "uniqueEntityId", "swiftBic", "permId", "jibCode", "vatCode", "passportNumber",
)  # fmt: skip
_NEW_TIES = {"owns": "Ownership", "directs": "Directorship", "pays": "Payment"}


def read_ftm(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read entities a line (or an array), or a delta of `{"op", "entity"}`."""
    notes = Notes(name)
    parties: list[GraphParty] = []
    edges: list[Edge] = []
    kept: list[tuple[int, Mapping[str, Any]]] = []
    removed: list[str] = []
    is_delta = False
    for order, (line, record) in enumerate(read_records(data, name)):
        is_delta = is_delta or (isinstance(record, dict) and "op" in record)
        entity = record.get("entity") if isinstance(record, dict) and "op" in record else record
        if not isinstance(entity, dict) or not isinstance(entity.get("id"), str):
            notes.say(f"line {line}", "is no entity with an id", "it is left out")
            continue
        if record.get("op") == "DEL":
            removed.append(entity["id"])
            kept.append((order, record))
            continue
        joins = False
        for inner in _nested(entity):
            schema = str(inner.get("schema"))
            more = {"ftm": record, "order": order} | ({} if inner is entity else {"inside": True})
            try:
                if schema in TIES:
                    told = list(_ties(inner, schema, name, line, notes, more))
                    edges += told
                    joins = joins or bool(told and inner is entity)
                elif schema in KINDS:
                    parties.append(_party(inner, schema, name, line, more))
                    joins = joins or inner is entity
            except ODD as error:
                what = f"holds a value of an unexpected type ({error})"
                notes.say(f"line {line}", what, "it is kept as it stands, and joins nothing")
        if not joins:
            kept.append((order, record))
    described = {p.id for p in parties} | {str((r.get("entity") or r).get("id")) for _, r in kept}
    sound = tuple(check_edges(edges, notes, None if is_delta else described))
    note_sums(sound, notes)
    return EdgeReading(
        name, "ftm", sha256, sound, tuple(parties), notes.all(), tuple(kept), tuple(removed), is_delta,
        published=max((m for m in [p.said for p in parties] + [e.said for e in sound] if m), default=None),
    )  # fmt: skip


def _nested(entity: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The entity, and those written out inside its properties (the nested form of exports), each once.

    An inner tie that leaves out the end it hangs from (`ownershipOwner` of a company) is given it.
    """
    waiting: list[tuple[dict[str, Any], str | None]] = [(dict(entity), None)]
    first, seen = True, set()
    while waiting:
        at, outer = waiting.pop(0)
        if first:
            yield entity  # type: ignore[misc]
            first = False
        elif at["id"] not in seen:
            if (tie := TIES.get(str(at.get("schema")))) and outer is not None:
                given = dict(at.get("properties") or {})
                missing = [end for end in tie[:2] if not given.get(end)]
                if len(missing) == 1:
                    at = {**at, "properties": {**given, missing[0]: [outer]}}
            yield at
        seen.add(at["id"])
        properties = at.get("properties")
        for values in properties.values() if isinstance(properties, dict) else ():
            for value in values if isinstance(values, list) else ():
                if isinstance(value, dict) and isinstance(value.get("id"), str) and "schema" in value:
                    waiting.append((value, at["id"]))


def _values(entity: Mapping[str, Any], *names: str) -> list[str]:
    properties = entity.get("properties")
    if not isinstance(properties, dict):
        return []
    found = []
    for name in names:
        value = properties.get(name) or ()
        found += [
            str(v.get("id") if isinstance(v, dict) else v) for v in ([value] if isinstance(value, str) else value)
        ]
    return found


def _said(entity: Mapping[str, Any]) -> Moment | None:
    text = entity.get("last_change") or entity.get("first_seen")
    return read_moment(str(text)) if text else None


def _party(entity: Mapping[str, Any], schema: str, name: str, line: int, more: Mapping[str, Any]) -> GraphParty:
    names = _values(entity, "name")
    label = str(entity.get("caption") or (names[0] if names else ""))
    countries = _values(entity, "jurisdiction", "country", "mainCountry", "nationality", "citizenship")
    identifiers = dict.fromkeys(
        Identifier(_word(key), value) for key in _IDENTIFIERS for value in _values(entity, key) if value
    )
    return GraphParty(
        entity["id"], label, KINDS[schema], countries[0].upper() if countries else None, tuple(identifiers),
        tuple(n for n in dict.fromkeys([*names, *_values(entity, "alias", "previousName")]) if n != label),
        next(iter(_values(entity, "address")), None), said=_said(entity), file=name, place=f"line {line}",
        more=more,
    )  # fmt: skip


def _ties(
    entity: Mapping[str, Any], schema: str, name: str, line: int, notes: Notes, more: Mapping[str, Any]
) -> Iterator[Edge]:
    at_start, at_end, word, kind = TIES[schema]
    starts, ends = _values(entity, at_start), _values(entity, at_end)
    if not starts or not ends:
        notes.say(f"line {line}", f"{schema} {entity['id']} lacks a party at one end", "it is kept, and joins nothing")
        return
    place = f"line {line}"
    share = _share(entity, place, notes) if schema == "Ownership" else ShareRead()
    since = _day(entity, "startDate", place, notes) or _day(entity, "date", place, notes)
    amounts = [a for a in map(read_number, _values(entity, "amount", "amountEur", "amountUsd")) if a is not None]
    currency = next(iter(_values(entity, "currency")), None)
    currency = currency or next((c for c in ("EUR", "USD") if _values(entity, f"amount{c.title()}")), None)
    for start, end in itertools.product(starts, ends):
        yield Edge(
            start, end, word, kind, share.low, share.high, share.above, share.below, since,
            _day(entity, "endDate", place, notes), said=_said(entity), record=entity["id"],
            source=next(iter(entity.get("datasets") or _values(entity, "publisher", "sourceUrl")), None),
            amount=amounts[0] if amounts and word == "pays" else None, currency=currency if word == "pays" else None,
            file=name, place=place, more=more,
        )  # fmt: skip


def _share(entity: Mapping[str, Any], place: str, notes: Notes) -> ShareRead:
    """The share; the range over all values where several are given."""
    shares = [read_share(text) for text in _values(entity, "percentage")]
    for wrong in (s.wrong for s in shares if s.wrong):
        notes.say(place, wrong, "the share is read as unknown")
    sound = [s for s in shares if s.low is not None]
    if not sound:
        return ShareRead()
    if len({(s.low, s.high) for s in sound}) == 1:
        return sound[0]
    return ShareRead(min(s.low or 0 for s in sound), max(s.high or 0 for s in sound))


def _day(entity: Mapping[str, Any], key: str, place: str, notes: Notes) -> Any:
    days = []
    for text in _values(entity, key):
        day = read_day(text)
        if day is None:
            notes.say(place, f"{key} {text!r} is no day", "the day is read as unknown")
        else:
            days.append(day)
    return (min(days) if key != "endDate" else max(days)) if days else None


def write_ftm(reading: EdgeReading) -> list[dict[str, Any]]:
    """The lines: those that came as FollowTheMoney as they came, with what was changed since; the rest anew."""
    out: dict[int, dict[str, Any]] = {order: dict(record) for order, record in reading.kept}
    new = itertools.count(1_000_000_000)
    for party in reading.parties:
        if "inside" in party.more:
            out.setdefault(party.more["order"], dict(party.more["ftm"]))
        elif "ftm" in party.more:
            out[party.more["order"]] = _as_party(party.more["ftm"], party)
        elif party.unnamed is None:
            out[next(new)] = _new_party(party)
    reasons = {p.id: p.unnamed for p in reading.parties if p.unnamed}
    for edge in reading.edges:
        if "inside" in edge.more:
            out.setdefault(edge.more["order"], dict(edge.more["ftm"]))
        elif "ftm" in edge.more:
            out.setdefault(edge.more["order"], _as_tie(edge.more["ftm"], edge))
        else:
            out[next(new)] = _new_tie(edge, reasons)
    return [out[order] for order in sorted(out)]


#: What an end of a tie is called on the party's side, where it is not the schema and the end.
_SIDES = {("UnknownLink", "subject"): "unknownLinkFrom", ("UnknownLink", "object"): "unknownLinkTo"}


def write_ties(graph: Graph, party: str) -> list[tuple[str, dict[str, Any], str, dict[str, Any]]]:
    """Each tie of a party: the party's property for it, the tie, the id of the other end, and the other end."""
    out = []
    for edge in dict.fromkeys((*graph.into(party), *graph.out_of(party))):
        tie = _new_tie(edge, {edge.start: graph.parties[edge.start].unnamed})
        schema = tie["schema"]
        end = TIES[schema][0 if edge.start == party else 1]
        side = _SIDES.get((schema, end), f"{schema[0].lower()}{schema[1:]}{end[0].upper()}{end[1:]}")
        other = edge.end if edge.start == party else edge.start
        out.append((side, tie, other, _new_party(graph.parties[other])))
    return out


def _as_party(came: Mapping[str, Any], party: GraphParty) -> dict[str, Any]:
    record = copy.deepcopy(dict(came))
    entity = record["entity"] if "op" in record else record
    names = _values(entity, "name")
    if str(entity.get("caption") or (names[0] if names else "")) != party.name:
        entity["caption"] = party.name
        entity.setdefault("properties", {})["name"] = list(dict.fromkeys([party.name, *names]))
    return record


def _as_tie(came: Mapping[str, Any], edge: Edge) -> dict[str, Any]:
    record = copy.deepcopy(dict(came))
    entity = record["entity"] if "op" in record else record
    if entity.get("schema") == "Ownership":
        share = _share(entity, edge.place, Notes(edge.file))
        if (share.low, share.high) != (edge.low, edge.high):
            entity["properties"]["percentage"] = [_percent(edge)] if edge.low is not None else []
    return record


def _new_party(party: GraphParty) -> dict[str, Any]:
    schema = {
        "person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane",
    }.get(party.kind, "LegalEntity")  # fmt: skip
    properties: dict[str, list[str]] = {"name": [party.label]}
    if party.country:
        properties["country"] = [party.country.casefold()]
    for identifier in party.identifiers:
        key = next((k for k in _IDENTIFIERS if _word(k) == identifier.kind), "idNumber")
        properties.setdefault(key, []).append(identifier.value)
    return {"id": party.id, "schema": schema, "properties": properties}


def _new_tie(edge: Edge, reasons: Mapping[str, str | None]) -> dict[str, Any]:
    schema = _NEW_TIES.get(edge.type, "UnknownLink")
    start, end, _, _ = TIES[schema]
    properties: dict[str, list[str]] = {start: [edge.start], end: [edge.end]}
    if edge.low is not None and schema == "Ownership":
        properties["percentage"] = [_percent(edge)]
    if edge.since:
        properties["startDate"] = [edge.since.isoformat()]
    if edge.until:
        properties["endDate"] = [edge.until.isoformat()]
    if edge.type not in _NEW_TIES or edge.kind != "direct":
        properties["role"] = [" ".join(w for w in (edge.kind, edge.type) if w)]
    if reasons.get(edge.start):
        properties["summary"] = [f"declared unknown: {reasons[edge.start]}"]
    if edge.source or edge.cite:
        properties["publisher"] = ["; ".join(t for t in (edge.source, edge.cite) if t)]
    seed = edge.record or f"{edge.file} {edge.place} {edge.start} {edge.end} {edge.type}"
    digest = hashlib.sha256(f"{seed} {edge.type} {edge.kind}".encode()).hexdigest()
    return {"id": f"edge-{digest[:32]}", "schema": schema, "properties": properties}


def _percent(edge: Edge) -> str:
    return format(edge.exact, "g") if edge.exact is not None else f"{edge.low:g}-{edge.high:g}"


def _word(key: str) -> str:
    """`innCode` as `inn`, `registrationNumber` as `registration_number`."""
    known = {"leiCode": "lei", "uscCode": "uscc", "imoNumber": "imo", "innCode": "inn", "ogrnCode": "ogrn"}
    if key in known:
        return known[key]
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)
