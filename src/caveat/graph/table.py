"""Edges in a plain table (CSV): one tie a row, columns by name.

Columns (only `from` and `to` are required; any order; every other column is reported unread):

from, to              the party at each end: its id in this table, or simply its name
from_name, to_name    its name where from/to are ids
from_id, to_id        its identifiers, `scheme:value`, several between `;` (`lei:…`, `uscc:…`, `entry:<entry id>`)
from_country, to_country  ISO code of country or region (CN, CN-XJ); of a product: where it comes from
from_kind, to_kind    person organization product …
from_hts, to_hts      tariff number of a product
type                  owns (default) supplies makes contains directs pays other; `party` describes `from` alone
kind                  direct (default) indirect voting control
pct | pct_min, pct_max  share in percent: 60, 25-50, >50, unknown or empty
since, until          first day it holds; first day it no longer does
said                  the day on which the source said it
source, cite          who says so, and where
amount, currency, quantity, unit, item   what is supplied
documents             what proves it, `kind: reference` between `;`
record                the source's id of the fact: a later `said` of the same record replaces it
"""

from __future__ import annotations

import csv
import functools
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from caveat.errors import ShapeError
from caveat.graph.check import check_edges, note_sums
from caveat.graph.edge import KINDS, TYPES, Edge, EdgeReading, GraphParty, Notes
from caveat.graph.words import ShareRead, check_share, read_day, read_moment, read_number, read_share
from caveat.model import Identifier

COLUMNS: tuple[str, ...] = (
    "from", "from_name", "from_id", "from_country", "from_kind", "from_hts",
    "to", "to_name", "to_id", "to_country", "to_kind", "to_hts",
    "type", "kind", "pct", "pct_min", "pct_max", "since", "until", "said", "source", "cite",
    "amount", "currency", "quantity", "unit", "item", "documents", "record",
)  # fmt: skip
_READ = (
    "from", "to", "type", "kind", "since", "until", "said", "record", "source", "cite", "amount", "currency",
    "quantity", "unit", "item", "documents",
)  # fmt: skip
_ALSO = {"owner": "from", "owned": "to", "supplier": "from", "customer": "to", "start": "from", "end": "to"}
_PRODUCT_ENDS = {"makes": ("to",), "contains": ("from", "to")}

csv.field_size_limit(2**20)


def read_table(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read a CSV or TSV of edges. ShapeError where it is no table or lacks `from` and `to`."""
    text = _text(data, name)
    header, _, _ = text.partition("\n")
    delimiter = max(",\t;", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    notes = Notes(name)
    try:
        columns = [_ALSO.get(_slug(c), _slug(c)) for c in next(reader)]
    except (StopIteration, csv.Error):
        raise ShapeError("is empty or no table", where=name, do="give a CSV with the columns from and to") from None
    if "from" not in columns or "to" not in columns:
        raise ShapeError("has no columns from and to", where=name, do="see docs/explanation/ownership.md")
    rows = _Rows(columns, notes, name)
    edges = tuple(check_edges(rows.edges(reader), notes))
    shares = [e.high for e in edges if e.high]
    if len(shares) > 1 and max(shares) <= 1:
        notes.say("column pct", "every share is 1 or less", "they are read as percent: write 60, not 0.6")
    note_sums(edges, notes)
    return EdgeReading(
        name, "caveat.edges_csv", sha256, edges, tuple(rows.parties.values()), notes.all(), unread=dict(rows.unread)
    )


class _Rows:
    """The rows of one table, read by column."""

    def __init__(self, columns: list[str], notes: Notes, name: str) -> None:
        self._notes, self._name, self._columns = notes, name, columns
        self._at = {c: i for i, c in enumerate(columns) if c in COLUMNS}
        self._other = [(i, c) for i, c in enumerate(columns) if c not in COLUMNS]
        self._rich = [c for c in COLUMNS if c.startswith(("from_", "to_")) and c in self._at]
        self._places = [self._at.get(c, len(columns)) for c in _READ]
        self._share_places = [self._at.get(c, len(columns)) for c in ("pct", "pct_min", "pct_max")]
        self.parties: dict[str, GraphParty] = {}
        self.unread: Counter[str] = Counter()

    def edges(self, reader: Any) -> Iterator[Edge]:
        width = len(self._columns)
        try:
            for cells in reader:
                if not cells or not any(cells):
                    continue
                place = f"line {reader.line_num}"
                if any(cells[width:]):
                    self._notes.say(place, f"has {len(cells)} cells for {width} columns", "the row is left out")
                    continue
                edge = self._edge((cells + [""] * width)[:width] if len(cells) != width else cells, place)
                if edge is not None:
                    yield edge
        except csv.Error as error:
            raise ShapeError(f"line {reader.line_num}: {error}", where=self._name, do="mend the quotes") from None

    def _edge(self, cells: list[str], place: str) -> Edge | None:
        cells.append("")  # an absent column reads this one
        for at, column in self._other:
            if cells[at].strip():
                self.unread[column] += 1
        (
            start, end, word, kind, since, until, said, record, source, cite, amount, currency, quantity, unit, item,
            documents,
        ) = (cells[at].strip() for at in self._places)  # fmt: skip
        word = word.casefold() or "owns"
        start, end = _id(start), _id(end)
        if not start or (not end and word != "party"):
            self._notes.say(place, "lacks a party at one end", "the row is left out")
            return None
        if self._rich or start not in self.parties or word in _PRODUCT_ENDS:
            self._party("from", start, cells, place, word)
        if word == "party":
            return None
        if self._rich or end not in self.parties or word in _PRODUCT_ENDS:
            self._party("to", end, cells, place, word)
        if word not in TYPES:
            self._notes.say(place, f"type {word!r} is none of {', '.join(TYPES)}", "it is read as other")
            word = "other"
        kind = kind.casefold() or "direct"
        if kind not in KINDS:
            self._notes.say(place, f"kind {kind!r} is none of {', '.join(KINDS)}", "it is read as control")
            kind = "control"
        share = self._share(cells, place)
        return Edge(
            start, end, sys.intern(word), sys.intern(kind), share.low, share.high, share.above, share.below,
            self._day(since, "since", place) if since else None, self._day(until, "until", place) if until else None,
            read_moment(said) if said else None, record or None, False, sys.intern(source) or None, cite or None,
            self._number(amount, "amount", place) if amount else None, sys.intern(currency.upper()) or None,
            self._number(quantity, "quantity", place) if quantity else None, sys.intern(unit) or None, item or None,
            tuple(d.strip() for d in documents.split(";") if d.strip()) if documents else (), None, self._name, place,
        )  # fmt: skip

    def _party(self, end: str, party: str, cells: list[str], place: str, row: str) -> None:
        product = end in _PRODUCT_ENDS.get(row, ())
        old = self.parties.get(party)
        name, numbers, country, kind, hts = (
            cells[self._at.get(f"{end}_{c}", -1)].strip() for c in ("name", "id", "country", "kind", "hts")
        )
        told = old or GraphParty(party, party, file=self._name, place=place)
        kind = kind.casefold() or ("product" if product and told.kind == "unknown" else told.kind)
        self.parties[party] = GraphParty(
            party, name or told.name, kind, country.upper() or told.country,
            tuple(dict.fromkeys((*told.identifiers, *_identifiers(numbers)))), hts=hts or told.hts,
            file=told.file, place=told.place,
        )  # fmt: skip

    def _share(self, cells: list[str], place: str) -> ShareRead:
        exact, low, high = (cells[at] for at in self._share_places)
        if low.strip() or high.strip():
            read = check_share(_float(low), _float(high), printed=f"{low or '…'}-{high or '…'}")
        else:
            read = read_share(exact)
        if read.wrong:
            self._notes.say(place, read.wrong, "the share is read as unknown")
        return read

    def _day(self, text: str, column: str, place: str) -> Any:
        if not text:
            return None
        day = read_day(text)
        if day is None:
            self._notes.say(place, f"{column} {text!r} is no day (YYYY-MM-DD)", "the day is read as unknown")
        return day

    def _number(self, text: str, column: str, place: str) -> float | None:
        if not text:
            return None
        number = read_number(text)
        if number is None:
            self._notes.say(place, f"{column} {text!r} is no number of 0 or more", "it is read as unknown")
        return number


def write_table(edges: Iterable[Edge], parties: Mapping[str, GraphParty] | None = None) -> str:
    """The edges as the CSV that `read_table` reads."""
    parties = parties or {}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    told: set[str] = set()
    for edge in edges:
        told.update((edge.start, edge.end))
        writer.writerow(
            [
                *_cells(parties.get(edge.start), edge.start), *_cells(parties.get(edge.end), edge.end),
                edge.type, edge.kind, *_share_cells(edge), edge.since or "", edge.until or "", edge.said or "",
                edge.source or "", edge.cite or "", _plain(edge.amount), edge.currency or "",
                _plain(edge.quantity), edge.unit or "", edge.item or "", "; ".join(edge.documents), edge.record or "",
            ]
        )  # fmt: skip
    for party in parties.values():
        if party.id not in told:
            writer.writerow([*_cells(party, party.id), *[""] * 6, "party", *[""] * 16])
    return out.getvalue()


def _cells(party: GraphParty | None, party_id: str) -> list[str]:
    if party is None:
        return [party_id, "", "", "", "", ""]
    numbers = "; ".join(f"{i.kind}:{i.value}" for i in party.identifiers)
    kind = party.kind if party.kind != "unknown" else ""
    return [party_id, party.name if party.name != party_id else "", numbers, party.country or "", kind, party.hts or ""]


def _share_cells(edge: Edge) -> list[str]:
    if edge.low is None or edge.exact is not None:
        return [_plain(edge.exact), "", ""]
    if edge.above and edge.high == 100:
        return [f">{edge.low!r}", "", ""]
    if edge.below and edge.low == 0:
        return [f"<{edge.high!r}", "", ""]
    return ["", _plain(edge.low), _plain(edge.high)]


def _plain(value: float | None) -> str:
    return "" if value is None else repr(value).removesuffix(".0")


@functools.lru_cache(maxsize=1 << 20)
def _id(text: str) -> str:
    return text if text.isascii() and "  " not in text and "\t" not in text else " ".join(text.split())


def _identifiers(text: str) -> Iterator[Identifier]:
    for part in text.split(";"):
        kind, mark, value = part.strip().partition(":")
        if value.strip() and mark:
            yield Identifier(kind.strip().casefold(), value.strip())
        elif kind.strip():
            yield Identifier("unknown", kind.strip())


def _float(text: str) -> float | None:
    return read_share(text).low if text else None


def _slug(text: str) -> str:
    return text.strip().strip("\ufeff").casefold().replace(" ", "_")


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ShapeError("is not text", where=name, do="save it as CSV in UTF-8")
