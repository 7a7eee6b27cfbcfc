"""People with significant control, as Companies House gives them out: one JSON object a line, the answers of its
interface (`items`), or the same flattened into a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from caveat.errors import ShapeError
from caveat.graph.check import check_edges, note_sums
from caveat.graph.edge import Edge, EdgeReading, GraphParty, Notes
from caveat.graph.jsons import ODD, read_records
from caveat.graph.words import ShareRead, read_day
from caveat.model import Identifier

_BAND = re.compile(r"(ownership-of-shares|voting-rights|right-to-share-surplus-assets)-(.+)")
#: The register's bands: more than the least; up to and including the greatest, but for the middle one.
_SHARES = {
    "25-to-50-percent": ShareRead(25, 50, above=True),
    "50-to-75-percent": ShareRead(50, 75, above=True, below=True),
    "75-to-100-percent": ShareRead(75, 100),
    "more-than-25-percent": ShareRead(25, 100, above=True),
}


#: Where a firm is registered when its number is one of Companies House.
_REGISTERS = re.compile(r"england|wales|scotland|northern ireland|united kingdom|\bu\.?k\b|\bgb\b|companies house")
_LINK = re.compile(r"/company/([A-Za-z0-9]{1,8})/")
_NESTED = {"identification", "address", "date_of_birth", "links", "name_elements"}


def read_psc(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read `{"company_number", "data"}` lines, records without the wrapping, or answers with `items`."""
    return _read(_unwrap(read_records(data, name)), name, sha256)


def read_psc_table(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read the flattened form: `company_number`, `name`, `natures_of_control` (or `natures_of_control.1` …)."""
    text = data.decode("utf-8-sig", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)

    def records() -> Iterator[tuple[int, dict[str, Any]]]:
        for row in reader:
            yield reader.line_num, _from_row({k: v for k, v in row.items() if k and isinstance(v, str)})

    try:
        return _read(records(), name, sha256)
    except csv.Error as error:
        raise ShapeError(f"line {reader.line_num}: {error}", where=name, do="mend the quotes") from None


def _from_row(row: Mapping[str, str]) -> dict[str, Any]:
    """A row as the record it was flattened from."""
    told: dict[str, Any] = {}
    company = ""
    for column, text in row.items():
        path = [part.strip().casefold() for part in re.split(r"[./]", column.removeprefix("data."))]
        value = text.strip()
        if not value:
            continue
        if path[0] == "company_number":
            company = value
        elif path[0].startswith(("natures_of_control", "nature_of_control")):
            told.setdefault("natures_of_control", []).extend(n.strip() for n in re.split(r"[;|,]", value) if n.strip())
        elif len(path) > 1 and path[0] in _NESTED:
            told.setdefault(path[0], {})["_".join(path[1:])] = value
        elif path[0] in ("registration_number", "country_registered", "place_registered"):
            told.setdefault("identification", {})[path[0]] = value
        else:
            told[path[0]] = value
    return {"company_number": company, "data": told}


def _unwrap(records: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    for line, record in records:
        if isinstance(record, dict) and isinstance(record.get("items"), list):
            for item in record["items"]:
                yield line, _wrapped(item, record)
        else:
            yield line, _wrapped(record, {})


def _wrapped(record: Any, outer: Mapping[str, Any]) -> Any:
    """The record as `{"company_number", "data"}`; the number from its own link where it does not say it."""
    if not isinstance(record, dict) or "data" in record or not ("natures_of_control" in record or "kind" in record):
        return record
    number = record.get("company_number") or outer.get("company_number")
    for holder in (record, outer):
        links = holder.get("links")
        told = str(links.get("self") or "") if isinstance(links, dict) else ""
        if not number and (found := _LINK.search(told)):
            number = found[1]
    return {"company_number": number or "", "data": record}


def _read(records: Iterator[tuple[int, Any]], name: str, sha256: str) -> EdgeReading:
    notes = Notes(name)
    parties: dict[str, GraphParty] = {}
    edges: list[Edge] = []
    kept: list[tuple[int, Mapping[str, Any]]] = []
    for order, (line, record) in enumerate(records):
        told = record.get("data") if isinstance(record, dict) else None
        if not isinstance(told, dict):
            notes.say(f"line {line}", "is no record with data", "it is left out")
            continue
        company = _number(str(record.get("company_number") or ""))
        if not company:
            if not str(told.get("kind") or "").startswith("totals"):  # the totals at the end of a bulk file
                notes.say(f"line {line}", "names no company", "it is kept as it stands, and joins nothing")
            kept.append((order, record))
            continue
        owned = f"gb-coh-{company.casefold()}"
        try:
            owner = _owner(told, company, line, name, {"psc": record, "order": order})
            found = list(_edges(told, owner, owned, name, line, order, notes))
        except ODD as error:
            what = f"holds a value of an unexpected type ({error})"
            notes.say(f"line {line}", what, "it is kept as it stands, and joins nothing")
            kept.append((order, record))
            continue
        label = record.get("company_name") or told.get("company_name") or ""
        number = Identifier("gb_coh", company)
        old = parties.get(owned)
        if old is None or (label and not old.name):
            parties[owned] = GraphParty(owned, str(label), "organization", "GB", (number,), file=name)
        if owner.id not in parties or not parties[owner.id].name:
            parties[owner.id] = owner
        edges += found
    sound = tuple(check_edges(edges, notes))
    note_sums(sound, notes)
    return EdgeReading(name, "companies_house.psc", sha256, sound, tuple(parties.values()), notes.all(), tuple(kept))


def _number(text: str) -> str:
    """A company number as the register writes it: eight places.

    >>> _number("123456"), _number("sc123456")
    ('00123456', 'SC123456')
    """
    plain = "".join(c for c in text.upper() if c.isalnum())
    return plain.zfill(8) if plain.isdigit() else plain


def _owner(told: Mapping[str, Any], company: str, line: int, name: str, more: Mapping[str, Any]) -> GraphParty:
    kind = str(told.get("kind") or "")
    known = told.get("identification") or {}
    number = known.get("registration_number")
    links = told.get("links") or {}
    own = str(links.get("self") or told.get("etag") or f"{company} line {line}")
    if told.get("statement") or "super-secure" in kind:
        why = str(told.get("statement") or "super-secure person: nothing may be published")
        return GraphParty(own, unnamed=why, file=name, place=f"line {line}", more=more)
    person = "individual" in kind
    identifiers: tuple[Identifier, ...] = ()
    country = None
    if number and not person:
        register = f"{known.get('country_registered') or ''} {known.get('place_registered') or ''}".casefold()
        if _REGISTERS.search(register) and len(found := _number(str(number))) == 8:
            own, country = f"gb-coh-{found.casefold()}", "GB"  # a firm of the same register: chains go on through it
            identifiers = (Identifier("gb_coh", found),)
        else:
            identifiers = (Identifier("registration_number", str(number)),)
    address = told.get("address")
    return GraphParty(
        own, str(told.get("name") or ""), "person" if person else "organization", country, identifiers,
        address=", ".join(str(v) for v in address.values()) if isinstance(address, dict) else None,
        file=name, place=f"line {line}", more=more,
    )  # fmt: skip


def _edges(
    told: Mapping[str, Any], owner: GraphParty, owned: str, name: str, line: int, order: int, notes: Notes
) -> Iterator[Edge]:
    place = f"line {line}"
    days = []
    for key in ("notified_on", "ceased_on"):
        text = told.get(key)
        day = read_day(str(text)) if text else None
        if text and day is None:
            notes.say(place, f"{key} {text!r} is no day", "the day is read as unknown")
        days.append(day)
    said = told.get("natures_of_control") or ()
    natures = [str(n) for n in ([said] if isinstance(said, str) else said)] or [""]
    links = told.get("links") or {}
    record = str(links.get("self") or told.get("etag") or f"{owner.id} {owned} {told.get('notified_on') or ''}")
    for nature in natures:
        kind, share = "control", ShareRead()
        plain = re.sub(r"[\s_]+", "-", nature.strip().casefold())
        if found := _BAND.match(plain):
            kind = "voting" if found[1] == "voting-rights" else "direct" if found[1].startswith("own") else "control"
            band = next((b for b in _SHARES if found[2].startswith(b)), None)
            if band is None:
                notes.say(place, f"the band of {nature!r} is not known", "the share is read as unknown")
            else:
                share = _SHARES[band]
        yield Edge(
            owner.id, owned, "owns", kind, share.low, share.high, share.above, share.below, days[0], days[1],
            record=f"{record} {nature}", source="Companies House, people with significant control",
            cite=nature or None, file=name, place=place, more={"psc": owner.more["psc"], "order": order},
        )  # fmt: skip


def write_psc(reading: EdgeReading) -> list[dict[str, Any]]:
    """The lines: those that came as such as they came; other shares and votes anew, in the register's bands.

    A share under the register's least band (25 percent), or a range over several, has no band: it is left out of
    `natures_of_control`, and said in `note`.
    """
    out: dict[int, dict[str, Any]] = {order: dict(record) for order, record in reading.kept}
    named = {p.id: p for p in reading.parties}
    new: dict[tuple[str, str, Any], dict[str, Any]] = {}
    for edge in reading.edges:
        if "psc" in edge.more:
            out.setdefault(edge.more["order"], dict(edge.more["psc"]))
        elif edge.type == "owns":
            _add_line(new, edge, named)
    return [*(out[order] for order in sorted(out)), *new.values()]


def _add_line(new: dict[tuple[str, str, Any], dict[str, Any]], edge: Edge, named: Mapping[str, GraphParty]) -> None:
    owner, owned = named.get(edge.start), named.get(edge.end)
    number = next((i.value for i in owned.identifiers if i.kind == "gb_coh"), edge.end) if owned else edge.end
    person = owner is not None and owner.kind == "person"
    kind = "individual" if person else "corporate-entity"
    data: dict[str, Any] = {
        "kind": f"{kind}-person-with-significant-control", "name": owner.label if owner else edge.start,
        "natures_of_control": [],
    }  # fmt: skip
    if owner is not None and owner.unnamed:
        data = {"kind": "persons-with-significant-control-statement", "statement": owner.unnamed}
    for key, day in (("notified_on", edge.since), ("ceased_on", edge.until)):
        if day is not None:
            data[key] = day.isoformat()
    own = next((i for i in owner.identifiers if i.kind in ("gb_coh", "registration_number")), None) if owner else None
    if own is not None and not person:
        data["identification"] = {"registration_number": own.value}
        if own.kind == "gb_coh":
            data["identification"]["country_registered"] = "United Kingdom"
    line = new.setdefault(
        (edge.start, edge.end, (edge.since, edge.until)),
        {"company_number": number, "company_name": owned.name or None if owned else None, "data": data},
    )
    natures = line["data"].get("natures_of_control")
    if natures is None:
        return
    word = {"direct": "ownership-of-shares-", "voting": "voting-rights-"}.get(edge.kind)
    if word is None:
        natures.append("significant-influence-or-control")
    elif band := _band_of(edge):
        natures.append(word + band)
    else:
        line["data"]["note"] = f"{edge.kind} share: {edge.share_words}"


def _band_of(edge: Edge) -> str | None:
    if edge.low is None or edge.high is None:
        return None
    if edge.low >= 75:
        return "75-to-100-percent"
    if (edge.low > 50 or (edge.low == 50 and edge.above)) and (edge.high < 75 or edge.below):
        return "50-to-75-percent"
    if (edge.low > 25 or (edge.low == 25 and edge.above)) and edge.high <= 50:
        return "25-to-50-percent"
    return None
