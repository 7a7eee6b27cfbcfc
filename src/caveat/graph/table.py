"""Edges in a plain table (CSV): one tie a row, columns by name.

Two columns name the ends of a tie: `from` and `to`, or the words a file has for them (`owner` and `owned`, `supplier`
and `customer`, `product` and `input` …: `caveat.graph.columns`). All others may be absent, in any order; a column
nobody knows is reported unread.

from, to              the party at each end: its id in this table, or simply its name
from_name, to_name    its name where from/to are ids
from_id, to_id        its identifiers, `scheme:value`, several between `;` (`lei:…`, `uscc:…`, `entry:<entry id>`)
from_country, to_country  ISO code of country or region (CN, CN-XJ); of a product: where it comes from
from_kind, to_kind    person organization product …
from_hts, to_hts      tariff number of a product
type                  owns (default) supplies makes contains directs pays other; `party` describes `from` alone
kind                  direct (default) indirect voting control
pct | pct_min, pct_max  share in percent: 60, 25-50, >50, unknown or empty; `fraction` is of 1
since, until          first day it holds; first day it no longer does
said                  the day on which the source said it
source, cite          who says so, and where
amount, currency, quantity, unit, item   what is supplied
documents             what proves it, `kind: reference` between `;`
record                the source's id of the fact: a later `said` of the same record replaces it

A bill of materials may name the producer of the input in the same row: then the row tells two ties.
"""

from __future__ import annotations

import csv
import functools
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from caveat.errors import ShapeError
from caveat.graph.check import ROUNDING, check_edges, note_sums
from caveat.graph.columns import Header, read_header
from caveat.graph.edge import KINDS, TYPES, Edge, EdgeReading, GraphParty, Notes
from caveat.graph.words import ShareRead, check_share, read_day, read_moment, read_money, read_number, read_share
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
_ABOUT = ("name", "id", "country", "kind", "hts", "address")
_NUMBERS = (("lei", "lei"), ("uscc", "uscc"), ("imo", "imo"), ("number", "registration_number"), ("entry", "entry"))
_PRODUCT_ENDS = {"makes": ("to",), "contains": ("from", "to")}
#: How files call the types and kinds; a `-` before a type turns the row round.
_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("own", "owner", "owner of", "ownership", "shareholder", "shareholder of", "shareholding",
                     "holds", "holding", "equity", "parent", "parent of", "owns shares in", "invests in", "stake"),
                    "owns"),
    **dict.fromkeys(("owned by", "is owned by", "subsidiary of", "child of", "held by", "subsidiary"), "-owns"),
    **dict.fromkeys(("supplier", "supplier of", "supply", "sells", "sells to", "supplies to"), "supplies"),
    **dict.fromkeys(("supplied by", "buys from", "customer of", "buys", "purchases from"), "-supplies"),
    **dict.fromkeys(("producer", "produces", "producer of", "manufactures", "manufacturer", "made"), "makes"),
    **dict.fromkeys(("made by", "produced by", "manufactured by"), "-makes"),
    **dict.fromkeys(("input", "input of", "part of", "component of", "goes into", "ingredient of"), "contains"),
    **dict.fromkeys(("has input", "made of", "has component", "consists of"), "-contains"),
    **dict.fromkeys(("director", "director of", "officer", "board member"), "directs"),
    **dict.fromkeys(("payment", "paid", "pay"), "pays"),
}  # fmt: skip
_KINDS_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("shares", "share", "shareholding", "equity", "ownership", "capital", "ownership of shares",
                     "ordinary shares", "direct ownership", "direct shareholding", "beneficial"), "direct"),
    **dict.fromkeys(("votes", "vote", "voting rights", "votingrights", "voting right", "voting shares"), "voting"),
    **dict.fromkeys(("controls", "controlling", "influence", "significant influence or control",
                     "right to appoint directors"), "control"),
    **dict.fromkeys(("indirect ownership", "indirect shareholding", "ultimate"), "indirect"),
}  # fmt: skip
_PARTY_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("company", "corporation", "corporate", "legal entity", "legal_entity", "entity", "firm",
                     "business", "government", "organisation", "llc", "ltd"), "organization"),
    **dict.fromkeys(("individual", "natural person", "natural_person", "natural", "human"), "person"),
    **dict.fromkeys(("goods", "good", "item", "material", "component", "input"), "product"),
}  # fmt: skip

csv.field_size_limit(2**20)


def read_table(data: bytes, name: str, sha256: str) -> EdgeReading:
    """Read a CSV or TSV of edges. ShapeError where it is no table or no two columns name the ends."""
    text = _text(data, name)
    first, _, _ = text.partition("\n")
    delimiter = max(",\t;|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    notes = Notes(name)
    try:
        header = read_header(next(reader), name)
    except (StopIteration, csv.Error):
        raise ShapeError("is empty or no table", where=name, do="give a CSV with the columns from and to") from None
    rows = _Rows(header, len(next(csv.reader([first], delimiter=delimiter))), notes, name)
    edges = tuple(check_edges(_percent(list(rows.edges(reader)), notes, rows.has_sign), notes))
    note_sums(edges, notes)
    return EdgeReading(
        name, "caveat.edges_csv", sha256, edges, tuple(rows.parties.values()), notes.all(), unread=dict(rows.unread)
    )


def _percent(edges: list[Edge], notes: Notes, has_sign: bool) -> list[Edge]:
    """Shares of 1 and less throughout are fractions where they add up to 1, else of one meaning or the other."""
    told = [e for e in edges if e.high is not None]
    if has_sign or len(told) < 2 or max(e.high or 0.0 for e in told) > 1:
        return edges
    sums: defaultdict[str, float] = defaultdict(float)
    for edge in told:
        sums[edge.end] += edge.low or 0.0
    if any(abs(total - 1.0) <= ROUNDING / 100 and total != 1.0 for total in sums.values()) or any(
        total == 1.0 and sum(e.end == end for e in told) > 1 for end, total in sums.items()
    ):
        notes.say("column pct", "every share is 1 or less", "they add up to 1 and are read as fractions: 0.6 is 60 %")
        return [_times_hundred(e, e.low) for e in edges]
    notes.say(
        "column pct", "every share is 1 or less",
        "each is read as a range over both meanings, percent and fraction: write 60, 60 % or a column fraction",
    )  # fmt: skip
    return [_times_hundred(e, None if e.low is None else e.low / 100) for e in edges]


def _times_hundred(edge: Edge, low: float | None) -> Edge:
    if edge.high is None or low is None:
        return edge
    return replace(edge, low=100 * low, high=100 * edge.high)


class _Rows:
    """The rows of one table, read by column."""

    def __init__(self, header: Header, width: int, notes: Notes, name: str) -> None:
        self._notes, self._name, self._width = notes, name, width
        self._header = header
        self._at = at = header.at
        self._other = header.other
        self._rich = [c for c in at if c.startswith(("from_", "to_"))]
        self._places = [at.get(c, width) for c in _READ]
        self._share_places = [at.get(c, width) for c in ("pct", "pct_min", "pct_max", "fraction")]
        self.parties: dict[str, GraphParty] = {}
        self.unread: Counter[str] = Counter()
        self.has_sign = "fraction" in at
        #: The words for type and kind met so far that raised no complaint, and what they mean.
        self._said: dict[tuple[str, str], tuple[str, str, bool]] = {("", ""): (header.type, "direct", False)}

    def edges(self, reader: Any) -> Iterator[Edge]:
        width = self._width
        try:
            for cells in reader:
                if not cells or not any(cells):
                    continue
                place = f"line {reader.line_num}"
                if any(cells[width:]):
                    self._notes.say(place, f"has {len(cells)} cells for {width} columns", "the row is left out")
                    continue
                yield from self._row((cells + [""] * width)[:width] if len(cells) != width else cells, place)
        except csv.Error as error:
            raise ShapeError(f"line {reader.line_num}: {error}", where=self._name, do="mend the quotes") from None

    def _row(self, cells: list[str], place: str) -> Iterator[Edge]:
        cells.append("")  # an absent column reads this one
        for at, column in self._other:
            if cells[at].strip():
                self.unread[column] += 1
        (
            start, end, word, kind, since, until, said, record, source, cite, amount, currency, quantity, unit, item,
            documents,
        ) = (cells[at].strip() for at in self._places)  # fmt: skip
        words = self._said.get((word, kind))
        word, kind, turned = words or self._words(word, kind, place)
        start, end = _id(start), _id(end)
        sides = ("to", "from") if turned else ("from", "to")
        maker = _id(cells[self._at["maker"]].strip()) if "maker" in self._at else ""
        if maker and (start or end):
            yield from self._made(maker, start or end, "from" if start else "to", cells, place)
            if not start or not end:
                return
        if not start or (not end and word != "party"):
            self._notes.say(place, "lacks a party at one end", "the row is left out")
            return
        if self._rich or start not in self.parties or word in _PRODUCT_ENDS:
            start = self._party("from", start, cells, place, sides[0] in _PRODUCT_ENDS.get(word, ()))
        if word == "party":
            return
        if self._rich or end not in self.parties or word in _PRODUCT_ENDS:
            end = self._party("to", end, cells, place, sides[1] in _PRODUCT_ENDS.get(word, ()))
        if turned:
            start, end = end, start
        share = self._share(cells, place)
        if amount:
            money, coin = read_money(amount)
            currency = currency or coin or self._header.currency or ""
            if money is None:
                self._say_number(amount, "amount", place)
        else:
            money = None
        yield Edge(
            start, end, sys.intern(word), sys.intern(kind), share.low, share.high, share.above, share.below,
            self._day(since, "since", place) if since else None, self._day(until, "until", place) if until else None,
            self._moment(said, place) if said else None, record or None, False, sys.intern(source) or None,
            cite or None, money, sys.intern(currency.upper()) or None,
            self._number(quantity, "quantity", place) if quantity else None, sys.intern(unit) or None, item or None,
            _split(documents), None, self._name, place,
        )  # fmt: skip

    def _made(self, maker: str, item: str, side: str, cells: list[str], place: str) -> Iterator[Edge]:
        """The producer a row of a bill names for its input (or its product)."""
        made = self._party(side, item, cells, place, True)
        maker = self._party("maker", maker, cells, place, False)
        at = self._at
        said = cells[at.get("maker_documents", at.get("documents", -1))].strip()
        source, cite = (cells[at.get(c, -1)].strip() for c in ("source", "cite"))
        yield Edge(
            maker, made, "makes", source=source or None, cite=cite or None, documents=_split(said), file=self._name,
            place=place,
        )  # fmt: skip

    def _words(self, word: str, kind: str, place: str) -> tuple[str, str, bool]:
        """The type and kind a row states, and whether its ends stand the other way round."""
        said = (word, kind)
        sound = True
        word = " ".join(word.casefold().replace("_", " ").split())
        kind = " ".join(kind.casefold().replace("_", " ").split())
        if word in KINDS or (word in _KINDS_CALLED and word not in _CALLED):
            word, kind = "owns", kind or word
        if kind in TYPES and kind not in KINDS and not word:
            word, kind = kind, ""
        word = _CALLED.get(word, word) or self._header.type
        turned = word.startswith("-")
        word = word.lstrip("-")
        kind = _KINDS_CALLED.get(kind, kind) or "direct"
        if word not in TYPES and word != "party":
            self._notes.say(place, f"type {word!r} is none of {', '.join(TYPES)}", "it is read as other")
            word, sound = "other", False
        if kind not in KINDS:
            sound = sound and kind == "unknown"
            if kind != "unknown":
                self._notes.say(place, f"kind {kind!r} is none of {', '.join(KINDS)}", "it is read as direct")
            kind = "direct"
        if sound:
            self._said[said] = (word, kind, turned)
        return word, kind, turned

    def _party(self, end: str, called: str, cells: list[str], place: str, product: bool) -> str:
        """Note what the row says of one party; its id."""
        name, numbers, country, kind, hts, address = (
            cells[self._at.get(f"{end}_{c}", -1)].strip() for c in _ABOUT
        )  # fmt: skip
        party = called
        keyed = end in self._header.keyed
        if keyed and numbers and ":" not in numbers:
            party, name, numbers = _id(numbers), name or called, ""
        elif keyed and not numbers and ":" in called and f"{end}_id" not in self._at:
            numbers = called if called.partition(":")[0].isalnum() and " " not in called else ""
        old = self.parties.get(party)
        told = old or GraphParty(party, party, file=self._name, place=place)
        kind = _PARTY_KINDS.get(kind.casefold(), kind.casefold())
        kind = kind or ("product" if product and told.kind == "unknown" else told.kind)
        found = [*told.identifiers, *_identifiers(numbers)]
        for column, scheme in _NUMBERS:
            at = self._at.get(f"{end}_{column}", -1)
            if at >= 0 and (value := cells[at].strip()):
                found.append(Identifier(scheme, value))
        self.parties[party] = GraphParty(
            party, name or told.name, kind, country.upper() or told.country, tuple(dict.fromkeys(found)),
            address=address or told.address, hts=hts or told.hts, file=told.file, place=told.place,
        )  # fmt: skip
        return party

    def _share(self, cells: list[str], place: str) -> ShareRead:
        exact, low, high, fraction = (cells[at] for at in self._share_places)
        if low.strip() or high.strip():
            read = check_share(_float(low), _float(high), printed=f"{low or '…'}-{high or '…'}")
        elif fraction.strip():
            value = read_number(fraction)
            read = check_share(*(2 * (value * 100,))) if value is not None else ShareRead(wrong=f"{fraction!r} is none")
        else:
            read = read_share(exact)
            self.has_sign = self.has_sign or "%" in exact
        if read.wrong:
            self._notes.say(place, read.wrong, "the share is read as unknown")
        return read

    def _day(self, text: str, column: str, place: str) -> Any:
        day = read_day(text)
        if day is None:
            self._notes.say(place, f"{column} {text!r} is no day (YYYY-MM-DD)", "the day is read as unknown")
        return day

    def _moment(self, text: str, place: str) -> Any:
        moment = read_moment(text)
        if moment is None:
            self._notes.say(place, f"said {text!r} is no day (YYYY-MM-DD)", "it is read as said at an unknown time")
        return moment

    def _number(self, text: str, column: str, place: str) -> float | None:
        number = read_number(text)
        if number is None:
            self._say_number(text, column, place)
        return number

    def _say_number(self, text: str, column: str, place: str) -> None:
        self._notes.say(place, f"{column} {text!r} is no number of 0 or more", "it is read as unknown")


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


def _split(documents: str) -> tuple[str, ...]:
    return tuple(d.strip() for d in documents.split(";") if d.strip()) if documents else ()


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ShapeError("is not text", where=name, do="save it as CSV in UTF-8")
