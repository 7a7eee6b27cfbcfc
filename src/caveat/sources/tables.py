"""Any table or JSON as a list, by a short mapping: one's own list, or a list somebody already parsed."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import functools
import io
import re
import zipfile
from collections import Counter, abc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from caveat.errors import ShapeError
from caveat.model import Address, Citation, Entry, Identifier, Kind, Moment, Name, unique
from caveat.sources.bis_text import read_fr_chain, split_addresses, split_aliases, split_footnotes
from caveat.sources.document import Document
from caveat.sources.mapping import SCALARS, Grammar, Rule, read_grammar, read_yaml
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.records import Record, Table, column_name, read_table, told_format
from caveat.sources.text import country_code, decode, read_date
from caveat.sources.workbook import BROKEN_WORKBOOK

_STATE_OF = re.compile(r"^(?:the )?(?:[\w’']+ ){0,3}(?:republic|state|kingdom) of (?:the )?", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"([A-Za-z]{3,9})\.?,? (\d{4})")
_LEGAL = re.compile(r"(?:Ltd|LTD|LLC|Inc|Co|Corp|Limited)\b")
#: A name run into its address ends at a comma, or at a stop that ends no initial and no `St.`.
_NAME_ENDS = re.compile(r",\s+|(?<=[\w'’)]{3})\.['’]?\s+(?=[A-Z\d#])")
_SHORT = ("Ltd", "LTD", "LLC", "Inc", "Corp")
_MERGED = ("names", "addresses", "identifiers", "countries", "nationalities", "birth_dates", "birth_places", "genders",
           "programs", "citations", "footnotes", "details")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping in use. `read` turns a document into a Reading."""

    grammar: Grammar

    @property
    def lists(self) -> tuple[str, ...]:
        """Ids of the lists a file of this mapping speaks for."""
        return unique(self.grammar.lists.values())

    def recognizes(self, document: Document) -> bool:
        """Whether the head of the document has the mapping's columns and values; False where it names none."""
        grammar = self.grammar
        if not grammar.columns and not grammar.values:
            return False
        head = document.head
        if head[:4] == b"PK\x03\x04":
            return grammar.format == "xlsx" and _workbook_has(document, grammar.columns)
        if grammar.format == "xlsx":
            return False
        if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
            return grammar.format in ("json", "jsonl", None) and _json_has(head, grammar)
        return grammar.format in ("csv", "tsv", None) and _table_has(document, grammar)

    def read(self, document: Document) -> Reading:
        """What the document says by this mapping; ShapeError, with the place, where it does not fit."""
        grammar = self.grammar
        table = read_table(
            document, kind=grammar.format, path=grammar.records, sheet=grammar.sheet, header=grammar.header
        )
        _check_columns(grammar, table, document.name)
        if grammar.count and table.above.get(grammar.count) != str(len(table.records)):
            raise ShapeError(
                f"states {grammar.count} {table.above.get(grammar.count)} and holds {len(table.records)} records",
                where=document.name, do="the file is cut: fetch it again",
            )  # fmt: skip
        notes: Counter[str] = Counter()
        records = _newest(grammar, table, notes)
        lists = _entries(grammar, records, document.name, notes)
        published, inferred = _published(grammar, table, records, document.name)
        texts = [f"{text} ({count} rows)" if count > 1 else text for text, count in notes.items()]
        return Reading(
            lists={list_id: tuple(rows) for list_id, rows in lists.items()},
            published=published, inferred=inferred, holds=_holds(grammar, lists),
            states_presence=not grammar.adds_only, unread=_unread(grammar, table), notes=tuple(texts),
        )  # fmt: skip

    def layout(self) -> Layout:
        """The mapping as a layout among the others."""
        return Layout(self.grammar.id, self.lists, self.recognizes, self.read, self.grammar.stream)


def read_mapping(path_or_text: Path | str) -> Mapping:
    """A mapping from its file, or from YAML text; InputError names the file, the key and the allowed values.

    >>> read_mapping("list: my.list\\nfields: {names: Company}").lists
    ('my.list',)
    """
    given, where = read_yaml(path_or_text)
    return Mapping(read_grammar(given, where))


def _json_has(head: bytes, grammar: Grammar) -> bool:
    text = head.decode("utf-8", "replace")
    keys = (rf'"{re.escape(column)}"\s*:' for column in grammar.columns)
    if not all(re.search(key, text) for key in keys):
        return False
    for column, pattern in grammar.values:
        found = re.search(rf'"{re.escape(column)}"\s*:\s*"((?:[^"\\]|\\.){{0,400}})"', text)
        if not found or not pattern.search(found[1]):
            return False
    return True


def _table_has(document: Document, grammar: Grammar) -> bool:
    try:
        text, _ = decode(document.head[: document.head.rfind(b"\n") + 1], document.name)
        delimiter = "\t" if told_format(document) == "tsv" else ","
        lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
        filled = (line for line in lines if any(cell.strip() for cell in line))
        head = [next(filled, []) for _ in range(grammar.header)][-1]
        first = next(filled, [])
    except (ShapeError, csv.Error):
        return False
    columns = [column_name(cell) for cell in head]
    row = dict(zip(columns, first, strict=False))
    return set(grammar.columns) <= set(columns) and all(p.search(row.get(c, "")) for c, p in grammar.values)


def _workbook_has(document: Document, columns: tuple[str, ...]) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive, archive.open("xl/sharedStrings.xml") as stream:
            words = " ".join(re.sub(r"<[^>]+>", " ", stream.read(2**18).decode("utf-8", "replace")).split())
    except BROKEN_WORKBOOK:
        return False
    return all(column in words for column in columns)


def _check_columns(grammar: Grammar, table: Table, where: str) -> None:
    """Every column the mapping reads must be there: a renamed column is no empty column."""
    wanted = {c: f"fields.{f}" for f, rules in grammar.rules.items() for r in rules if not r.optional for c in r.reads}
    if grammar.list_column:
        wanted[grammar.list_column] = "lists.column"
    wanted |= dict.fromkeys(grammar.one_entry_per, "one_entry_per")
    for column, key in wanted.items():
        if column not in table.columns:
            raise ShapeError(
                f"has no column `{column}` (it has {', '.join(table.columns[:30])})",
                where=where, do=f"`{key}` of {grammar.where} reads it",
            )  # fmt: skip


def _newest(grammar: Grammar, table: Table, notes: Counter[str]) -> tuple[Record, ...]:
    """The records of the newest edition where one file holds several; the others are counted in a note."""
    column = grammar.only_newest
    if not column:
        return table.records
    newest = max((_text(record, column) for record in table.records), default="")
    kept = tuple(record for record in table.records if _text(record, column) == newest)
    for edition, count in sorted(Counter(_text(record, column) for record in table.records).items()):
        if edition != newest:
            notes[f"{count} rows of the earlier edition {edition} ({column}) are no part of the list of {newest}"] += 1
    return kept


def _entries(grammar: Grammar, records: tuple[Record, ...], where: str, notes: Counter[str]) -> dict[str, list[Row]]:
    lists: dict[str, list[Row]] = {}
    merged: dict[tuple[str, ...], int] = {}
    for record in records:
        list_id = _list_of(grammar, record, where)
        entry = _entry(grammar, record, list_id, where, notes)
        rows = lists.setdefault(list_id, [])
        if grammar.one_entry_per:
            key = (list_id, *(_letters(_text(record, c)) for c in grammar.one_entry_per))
            at = merged.get(key)
            if at is not None and not _came_back(rows[at].entry, entry):
                rows[at] = Row(_join(rows[at].entry, entry), rows[at].place)
                notes["a party on several rows is one entry"] += 1
                continue
            merged[key] = len(rows)
        rows.append(Row(entry, record.place))
    return lists


def _list_of(grammar: Grammar, record: Record, where: str) -> str:
    if grammar.list_column is None:
        return grammar.lists[""]
    word = _text(record, grammar.list_column)
    if word not in grammar.lists:
        raise ShapeError(
            f"{record.place} belongs to `{word}`, which the mapping does not name",
            where=where, do=f"add it to `lists.values` of {grammar.where}",
        )  # fmt: skip
    return grammar.lists[word]


def _entry(grammar: Grammar, record: Record, list_id: str, where: str, notes: Counter[str]) -> Entry:
    given: dict[str, Any] = {}
    details: list[tuple[str, str]] = []
    for field, rules in grammar.rules.items():
        for rule in rules:
            if any(not pattern.search(_text(record, column)) for column, pattern in rule.when):
                continue
            values: list[Any] = []
            for text in _values(rule, record):
                for value in _parse(field, rule, text, record):
                    if value is None:  # told, but not in a form we can compute with: kept as printed
                        details.append((f"{field} as printed", text))
                        notes[f"{field}: a value that cannot be read is kept among the details"] += 1
                    else:
                        values.append(value)
            if field == "license_requirement" and rule.parse == "footnotes":
                given["footnotes"] = unique(mark for _, marks in values for mark in marks)
                values = [text for text, _ in values]
            if field in SCALARS:
                if values and given.get(field) is None:
                    given[field] = _one(field, values)
            elif field == "details":
                details.extend(values)
            else:
                given[field] = (*given.get(field, ()), *values)
    names = _names(given.pop("names", ()))
    if not names:
        raise ShapeError(f"{record.place} names nobody", where=where, do=f"see `fields.names` of {grammar.where}")
    given = {field: tuple(dict.fromkeys(v)) if isinstance(v, tuple) else v for field, v in given.items()}
    return Entry(list=list_id, names=names, details=tuple(dict.fromkeys(details)), **given)


def _one(field: str, values: list[Any]) -> Any:
    """One value of several: texts joined; the first day a measure begins, the last it ends."""
    if isinstance(values[0], dt.date):
        return max(values) if field in ("removed_on", "expires_on", "divest_by") else min(values)
    return values[0] if field == "kind" else "; ".join(values)


def _names(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """One primary name, first; no name twice."""
    first = next((n for n in names if n.quality == "primary"), names[0] if names else None)
    if first is None:
        return ()
    seen = {first.text: replace(first, quality="primary")}
    for name in names:
        quality = "strong" if name.quality == "primary" else name.quality
        seen.setdefault(name.text, replace(name, quality=quality))
    return tuple(seen.values())


def _text(record: Record, column: str) -> str:
    return "; ".join(record.values.get(column, ()))


def _values(rule: Rule, record: Record) -> Iterator[str]:
    """The texts of a rule: read, joined, split, matched and translated; blanks left out."""
    texts = (
        [rule.constant] if rule.constant is not None else [t for c in rule.columns for t in record.values.get(c, ())]
    )
    if rule.join is not None:
        texts = [rule.join.join(texts)]
    for separator in rule.split:
        texts = [part.strip() for text in texts for part in text.split(separator)]
    if rule.pattern:
        texts = [m[1] if m.re.groups else m[0] for text in texts for m in rule.pattern.finditer(text)]
    for text in texts:
        word = " ".join((text or "").split())
        if word and rule.values is not None:
            word = rule.values.get(word, word if rule.otherwise is None else rule.otherwise)
        if word:
            yield word


def _parse(field: str, rule: Rule, text: str, record: Record) -> Iterator[Any]:
    """The values of one text; None for one that cannot be read."""
    parts = {part: _text(record, column) for part, column in rule.parts}
    if field == "names":
        yield from _read_names(rule, text)
    elif field == "addresses":
        yield from _read_addresses(rule, text, parts)
    elif field == "identifiers":
        yield Identifier(rule.kind or "number", text, _country(parts.get("country")))
    elif field == "details":
        yield (rule.name, text)
    elif field == "citations":
        chain = read_fr_chain(text) if rule.parse == "fr_chain" else (Citation(text),)
        day = _day(parts.get("date", ""), rule)
        yield from (replace(c, date=day) if day and not c.date and n == 0 else c for n, c in enumerate(chain))
    elif rule.parse == "country":
        yield _country(text)
    elif rule.parse == "country_first":
        yield _country(text) or _leading_country(text)[0]
    elif rule.parse == "date":
        yield _day(text, rule)
    elif rule.parse == "birth_date":
        yield _birth_date(text)
    elif rule.parse == "kind":
        yield next((kind for kind in get_args(Kind) if kind == text), None)
    elif rule.parse == "footnotes":
        yield split_footnotes(text)
    else:
        yield text


def _read_names(rule: Rule, text: str) -> Iterator[Name]:
    quality = rule.quality or "strong"
    if rule.parse == "after_country":
        text = _leading_country(text)[1]
    if rule.parse == "before_address":
        text = part_address(text)[0]
    for name in split_aliases(text) if rule.parse in ("aliases", "before_address") else (text,):
        yield Name(name, quality, rule.source)


def _read_addresses(rule: Rule, text: str, parts: abc.Mapping[str, str]) -> Iterator[Address]:
    country = _country(parts.get("country"))
    if rule.parse == "behind_name":
        text = part_address(text)[1]
    if rule.parse in ("addresses", "behind_name"):
        yield from (a if a.country else replace(a, country=country) for a in split_addresses(text))
    else:
        more = {part: parts.get(part) or None for part in ("city", "region", "postal_code")}
        yield Address(text, country=country, **more)


def part_address(text: str) -> tuple[str, str]:
    """A name and the address run into it; the whole text and "" where no country ends it.

    >>> part_address("Acme Tech, 5 Rue Royale, Montreal, Canada")
    ('Acme Tech', '5 Rue Royale, Montreal, Canada')
    """
    first = text.split(";", maxsplit=1)[0].rstrip(" .")
    if "," not in first or not (any(a.country for a in split_addresses(text)) or _country(first.split()[-1])):
        return text, ""
    for found in _NAME_ENDS.finditer(text):
        head, rest = text[: found.start()], text[found.end() :]
        if len(head) > 3 and not _LEGAL.match(rest):
            return head.rstrip(" ,") + (found[0].strip() if head.endswith(_SHORT) else ""), rest
    return text, ""


def _country(text: str | None) -> str | None:
    """`country_code`, also for official long forms (`Republic of Lebanon`) and bracketed seconds."""
    text = re.sub(r"\s*\([^)]*\)", "", (text or "").replace("’", "'")).strip()
    return country_code(text) or country_code(_STATE_OF.sub("", text))


def _leading_country(text: str) -> tuple[str | None, str]:
    """The country a text begins with, and the rest; None and the whole text where it begins with none."""
    words = text.split()
    for count in range(min(len(words) - 1, 8), 0, -1):
        if code := _country(" ".join(words[:count])):
            return code, " ".join(words[count:])
    return None, text


def _day(text: str, rule: Rule) -> dt.date | None:
    return _stamp(text, rule.format) if rule.format else read_date(text, day_first=rule.day_first)


def _stamp(text: str, pattern: str) -> dt.date | None:
    """A day by a strptime pattern; the last day of the month, or year, where the pattern names none."""
    try:
        day = dt.datetime.strptime(text, pattern).date()
    except ValueError:
        return None
    if any(mark in pattern for mark in ("%d", "%j", "%x")):
        return day
    month = day.month if any(mark in pattern for mark in ("%m", "%B", "%b")) else 12
    return dt.date(day.year, month, calendar.monthrange(day.year, month)[1])


def _birth_date(text: str) -> str | None:
    """ISO, as precise as printed: `1960-05-01`, `1960-05`, `1960`."""
    if day := read_date(text):
        return day.isoformat()
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        return text
    if (found := _MONTH_YEAR.fullmatch(text)) and (day := read_date(f"{found[1]} 1, {found[2]}")):
        return day.isoformat()[:7]
    return None


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _came_back(first: Entry, second: Entry) -> bool:
    """Whether the first listing had ended when the second began: a new entry, not an amendment."""
    return bool(first.removed_on and second.effective_on and first.removed_on < second.effective_on)


def _join(first: Entry, second: Entry) -> Entry:
    """Two rows of one party: all that both say; in force from the earlier day, removed where the later row is."""
    changes: dict[str, Any] = {f: tuple(dict.fromkeys((*getattr(first, f), *getattr(second, f)))) for f in _MERGED}
    changes["names"] = _names(changes["names"])
    for field in SCALARS - {"kind"}:
        if getattr(first, field) is None:
            changes[field] = getattr(second, field)
    begins = [e.effective_on for e in (first, second) if e.effective_on]
    changes["effective_on"] = min(begins, default=None)
    later = second if (second.effective_on or dt.date.min) >= (first.effective_on or dt.date.min) else first
    changes["removed_on"] = later.removed_on
    return replace(first, **changes)


def _holds(grammar: Grammar, lists: abc.Mapping[str, list[Row]]) -> frozenset[str]:
    held = {"names", "kind", *grammar.rules}
    if any(rule.parse == "footnotes" for rule in grammar.rules.get("license_requirement", ())):
        held.add("footnotes")
    if any(row.entry.details for rows in lists.values() for row in rows):
        held.add("details")
    return frozenset(held)


def _published(grammar: Grammar, table: Table, records: tuple[Record, ...], where: str) -> tuple[Moment | None, bool]:
    """The file's date and whether it was inferred; ShapeError where the place named states none."""
    said = grammar.published
    if said.newest:
        texts = (_text(record, column) for record in records for column in said.newest)
        days = (_stamp(text, said.format) if said.format else read_date(text) for text in texts)
        newest = max((day for day in days if day), default=None)
        return (Moment.parse(newest), True) if newest else (None, False)
    text = said.day
    if said.key:
        text = table.above.get(said.key) or next((_text(r, said.key) for r in records), "")
        if said.pattern:
            found = said.pattern.search(text)
            text = found[found.re.groups and 1] if found else ""
    if text is None:
        return None, False
    day = _stamp(text, said.format) if said.format else read_date(text)
    if not day:
        raise ShapeError(
            f"states no date where `published` of {grammar.where} looks (`{text[:40]}`)",
            where=where, do="give it with --published",
        )  # fmt: skip
    return Moment.parse(day), False


def _unread(grammar: Grammar, table: Table) -> dict[str, int]:
    known = {c for rules in grammar.rules.values() for rule in rules for c in rule.reads}
    known |= {*grammar.ignore, *grammar.one_entry_per, *grammar.published.newest}
    known |= {c for c in (grammar.list_column, grammar.only_newest, grammar.published.key) if c}
    count: Counter[str] = Counter()
    for record in table.records:
        count.update(column for column, values in record.values.items() if values and column not in known)
    return dict(count)


@functools.cache
def shipped() -> tuple[Mapping, ...]:
    """The mappings that come with Caveat, in the order of their file names."""
    found = []
    for file in sorted(resources.files("caveat.sources").joinpath("mappings").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            given, _ = read_yaml(file.read_text(encoding="utf-8"))
            found.append(Mapping(read_grammar(given, f"mappings/{file.name}")))
    return tuple(found)


LAYOUTS: tuple[Layout, ...] = tuple(mapping.layout() for mapping in shipped())
