"""Read the starter record: YAML that a lawyer edits into dated, cited states of entries.

A file may hold `texts` (column texts by name), `citations` (each with its day of publication),
`parties` (what joins entries of several lists), `every_entry` (fields that stand in each block of
that file unless the block says otherwise) and `entries`. Names of texts, citations and parties
are shared by all files. Anything else, and any fact without a date or a citation, is refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml

from caveat.errors import LawError
from caveat.model import Address, Citation, Entry, Identifier, Moment, Name, unique

_FOLDER = Path(__file__).parent
_SECTIONS = {"texts", "citations", "parties", "every_entry", "entries"}
_DATES = ("announced_on", "published_on", "effective_on", "divest_by")
_LISTS = ("nationalities", "birth_dates", "birth_places", "genders", "programs", "unconfirmed", "corrects")
_FIELDS = {
    "list", "name", "kind", "country", "countries", "same_as", "aliases", "addresses", "identifiers", "source_id",
    "title", "remarks", "known", "citations", "details", "note", "terms", "removed", *_DATES, *_LISTS,
}  # fmt: skip
_SHAPES: dict[type, tuple[str, ...]] = {
    str: ("list", "name", "kind", "country", "same_as", "title", "remarks", "note"),
    list: ("countries", "aliases", "addresses", "identifiers", "citations", "terms", *_LISTS),
    dict: ("details", "removed"),
}
_SHAPE_WORDS: dict[type, str] = {str: "text", list: "list", dict: "block of fields"}
_COLUMNS = ("license_requirement", "license_review_policy", "footnotes")
_TERM = {"from", "known", "name", "cite", "confirmed", *_COLUMNS}
_KINDS = {"person", "organization", "vessel", "aircraft", "address", "unknown"}
_ENTRY_FIELDS = {f.name for f in dataclasses.fields(Entry)}
_DO = "correct the starter record"
_Part = TypeVar("_Part", Name, Address, Identifier)


@dataclass(frozen=True, slots=True)
class State:
    """What a list said of an entry from a day on.

    entry      the whole content as of then
    from_      the first day on which that content is in force
    known      the moment by which the publisher had said it
    citation   where it was said
    confirmed  False where the text or its day was not seen in an official publication
    """

    entry: Entry
    from_: dt.date
    known: Moment
    citation: Citation
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Removal:
    """The end of a listing: `on` is the first day it no longer stands."""

    on: dt.date
    known: Moment
    citation: Citation


@dataclass(frozen=True, slots=True)
class StarterEntry:
    """One listing of the record.

    party_key  joins the entries of one party across lists (a key of `Record.parties`), or None
    row        where it stands: `file.yaml#list/name`
    states     in order of `from_`; the first begins the listing
    removed    the end of the listing, or None while it stands
    """

    party_key: str | None
    row: str
    states: tuple[State, ...]
    removed: Removal | None = None

    @property
    def entry(self) -> Entry:
        """The content of the last state."""
        return self.states[-1].entry

    @property
    def list(self) -> str:
        """The list id."""
        return self.states[0].entry.list


@dataclass(frozen=True, slots=True)
class Record:
    """The whole starter record.

    parties  party key -> title
    reasons  party key -> why its entries are joined
    digest   SHA-256 (hex) over the files' names and bytes
    """

    entries: tuple[StarterEntry, ...]
    parties: Mapping[str, str]
    reasons: Mapping[str, str]
    digest: str


def read_record(folder: Path | None = None) -> Record:
    """Read every `*.yaml` of `folder` (default: the record that ships with Caveat).

    LawError, naming file and entry, for an unknown key, text, citation or party, a fact without
    date or citation, states out of order, or the same listing twice.
    """
    folder = folder or _FOLDER
    files = {path.name: _parse(path.read_bytes(), path.name) for path in sorted(folder.glob("*.yaml"))}
    if not files:
        raise LawError("no starter record here", where=str(folder), do="reinstall Caveat")
    shared = _Shared.gather(files)
    entries = [
        _read_entry({**file.get("every_entry", {}), **block}, shared, name)
        for name, file in files.items()
        for block in file.get("entries", ())
    ]
    _check_whole(entries, shared)
    titles = {key: str(party["title"]) for key, party in shared.parties.items()}
    reasons = {key: str(party["why"]) for key, party in shared.parties.items()}
    return Record(tuple(entries), titles, reasons, digest_record(folder))


def digest_record(folder: Path | None = None) -> str:
    """SHA-256 (hex) over the record's files, without reading what they say."""
    hashed = hashlib.sha256()
    for path in sorted((folder or _FOLDER).glob("*.yaml")):
        hashed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()


class _Loader(yaml.CSafeLoader):
    """The safe loader: only true and false are booleans (`on` is a word), no key twice in one block."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the shape PyYAML asks for
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            raise yaml.MarkedYAMLError(problem="a key is given twice", problem_mark=node.start_mark)
        return mapping


def _parse(raw: bytes, file: str) -> dict[str, Any]:
    try:
        data = yaml.load(raw, Loader=_Loader)  # noqa: S506 - a SafeLoader by descent
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that does not exist
        mark = getattr(error, "problem_mark", None)
        where = f"{file}, line {mark.line + 1}" if mark else file
        raise LawError(
            f"not readable as YAML: {getattr(error, 'problem', None) or error}", where=where, do=_DO
        ) from None
    if not isinstance(data, dict):
        raise LawError("expected the sections " + ", ".join(sorted(_SECTIONS)), where=file, do=_DO)
    _refuse_unknown(data, _SECTIONS, file)
    for section, kind in (
        ("entries", list),
        ("every_entry", dict),
        ("texts", dict),
        ("citations", dict),
        ("parties", dict),
    ):
        if not isinstance(data.get(section, kind()), kind):
            raise LawError(f"{section} has another shape than expected", where=file, do=_DO)
    for number, block in enumerate(data.get("entries", ()), start=1):
        if not isinstance(block, dict):
            raise LawError(f"entry {number} is not a block of fields", where=file, do=_DO)
    return data


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the files share: texts, citations and parties by name."""

    texts: dict[str, str]
    citations: dict[str, Citation]
    parties: dict[str, dict[str, str]]

    @classmethod
    def gather(cls, files: Mapping[str, Mapping[str, Any]]) -> _Shared:
        texts: dict[str, str] = {}
        citations: dict[str, Citation] = {}
        parties: dict[str, dict[str, str]] = {}
        for file, data in files.items():
            for key, text in data.get("texts", {}).items():
                if key in texts or not isinstance(text, str):
                    raise LawError(f"text {key!r} is not a text or is given twice", where=file, do=_DO)
                texts[key] = " ".join(text.split())
            for key, day in data.get("citations", {}).items():
                if key in citations:
                    raise LawError(f"citation {key!r} is given twice", where=file, do=_DO)
                citations[key] = _read_citation(str(key), day, file)
            for key, party in data.get("parties", {}).items():
                if key in parties or not isinstance(party, dict) or set(party) != {"title", "why"}:
                    raise LawError(f"party {key!r} needs a title and a why, once", where=file, do=_DO)
                parties[key] = party
        return cls(texts, citations, parties)


def _read_entry(block: Mapping[str, Any], shared: _Shared, file: str) -> StarterEntry:
    row = f"{file}#{block.get('list')}/{block.get('name')}"
    _refuse_unknown(block, _FIELDS, row)
    for key in ("list", "name", "effective_on"):
        if not block.get(key):
            raise LawError(f"{key} is missing", where=row, do=_DO)
    for shape, keys in _SHAPES.items():
        for key in keys:
            if not isinstance(block.get(key), (shape, type(None))):
                raise LawError(f"{key} is a {_SHAPE_WORDS[shape]}, not {block[key]!r}", where=row, do=_DO)
    if block.get("kind") not in _KINDS:
        raise LawError(f"kind {block.get('kind')!r} is none of {', '.join(sorted(_KINDS))}", where=row, do=_DO)
    citations = tuple(_find_citation(cite, shared, row) for cite in block.get("citations") or ())
    if not citations:
        raise LawError("a listing needs a citation", where=row, do=_DO)
    party = block.get("same_as")
    if party is not None and party not in shared.parties:
        raise LawError(f"same_as names the unknown party {party!r}", where=row, do=_DO)
    fields: dict[str, Any] = {key: tuple(str(item) for item in block.get(key) or ()) for key in _LISTS}
    fields |= {key: _read_day(block[key], key, row) for key in _DATES if block.get(key) is not None}
    plain = Entry(
        list=str(block["list"]),
        kind=block["kind"],
        source_id=None if block.get("source_id") is None else str(block["source_id"]),
        names=_read_names(block, row),
        addresses=tuple(_read_address(item, block, row) for item in block.get("addresses") or ()),
        identifiers=tuple(_read_part(Identifier, item, row) for item in block.get("identifiers") or ()),
        countries=tuple(block.get("countries") or filter(None, (block.get("country"),))),
        title=block.get("title"),
        remarks=block.get("remarks"),
        details=_read_details(block, row),
        **fields,
    )
    unknown = {*plain.unconfirmed, *plain.corrects} - _ENTRY_FIELDS
    if unknown:
        raise LawError(
            f"unconfirmed or corrects names no field of an entry: {', '.join(sorted(unknown))}", where=row, do=_DO
        )
    states = _read_states(block, plain, citations, shared, row)
    return StarterEntry(party, row, states, _read_removal(block, states, shared, row))


def _read_states(
    block: Mapping[str, Any], plain: Entry, citations: tuple[Citation, ...], shared: _Shared, row: str
) -> tuple[State, ...]:
    terms = block.get("terms")
    if terms is None:
        # Where a publisher states one day only, it is taken for both the beginning and the saying.
        said = (block.get("known"), plain.published_on, plain.announced_on, plain.effective_on)
        terms = [{"from": plain.effective_on, "known": next(filter(None, said)), "cite": citations[0].cite}]
    states: list[State] = []
    for term in terms:
        where = f"{row}, term {len(states) + 1}"
        if not isinstance(term, dict):
            raise LawError("a term is a block of fields", where=where, do=_DO)
        _refuse_unknown(term, _TERM, where)
        from_, known = (
            _read_day(term.get("from"), "from", where),
            Moment.parse(_read_day(term.get("known"), "known", where)),
        )
        citation, confirmed = _find_citation(term.get("cite"), shared, where), _read_flag(term, where)
        columns = {key: _find_text(term[key], shared, where) for key in _COLUMNS[:2] if term.get(key) is not None}
        footnotes = _read_marks(term, where)
        doubtful = () if confirmed else (*columns, *(("footnotes",) if footnotes else ()))
        entry = dataclasses.replace(
            plain,
            **columns,  # type: ignore[arg-type]
            footnotes=footnotes,
            names=_rename(plain.names, term.get("name")),
            citations=tuple(c for c in citations if c.date is None or c.date <= known.day) or (citation,),
            unconfirmed=unique((*plain.unconfirmed, *doubtful)),
        )
        begins_surely = bool(states) or "effective_on" not in plain.unconfirmed
        states.append(State(entry, from_, known, citation, confirmed and begins_surely))
    if not states or states[0].from_ != plain.effective_on:
        raise LawError("the first term begins on effective_on", where=row, do=_DO)
    if any(a.from_ >= b.from_ or b.known < a.known for a, b in pairwise(states)):
        raise LawError("terms stand in the order of their days", where=row, do=_DO)
    return tuple(states)


def _read_marks(term: Mapping[str, Any], where: str) -> tuple[str, ...]:
    marks = term.get("footnotes") or []
    if not isinstance(marks, list) or not isinstance(term.get("name"), (str, type(None))):
        raise LawError("footnotes is a list and name a text", where=where, do=_DO)
    return tuple(str(mark) for mark in marks)


def _read_removal(block: Mapping[str, Any], states: tuple[State, ...], shared: _Shared, row: str) -> Removal | None:
    removed = block.get("removed")
    if removed is None:
        return None
    where = f"{row}, removed"
    _refuse_unknown(removed, {"on", "known", "cite"}, where)
    removal = Removal(
        _read_day(removed.get("on"), "on", where),
        Moment.parse(_read_day(removed.get("known"), "known", where)),
        _find_citation(removed.get("cite"), shared, where),
    )
    if removal.on <= states[-1].from_:
        raise LawError("a listing ends after its last term began", where=where, do=_DO)
    return removal


def _read_names(block: Mapping[str, Any], row: str) -> tuple[Name, ...]:
    names = [Name(str(block["name"]), "primary")]
    for alias in block.get("aliases") or ():
        names.append(Name(alias) if isinstance(alias, str) else _read_part(Name, alias, row))
    if len({(n.text, n.quality) for n in names}) != len(names):
        raise LawError("a name is given twice", where=row, do=_DO)
    return tuple(names)


def _rename(names: tuple[Name, ...], name: str | None) -> tuple[Name, ...]:
    """The names under an earlier or later primary name; the entry's own stays as an alias."""
    if name is None:
        return names
    other = "the entry's name on another day"
    rest = (dataclasses.replace(n, quality="strong", source=other) if n.quality == "primary" else n for n in names)
    return (Name(name, "primary"), *(n for n in rest if n.text != name))


def _read_address(item: Any, block: Mapping[str, Any], row: str) -> Address:
    if isinstance(item, str):
        return Address(item, country=block.get("country"))
    return _read_part(Address, item, row)


def _read_part(part: type[_Part], item: Any, row: str) -> _Part:
    names = {f.name for f in dataclasses.fields(part)}
    if not isinstance(item, dict):
        raise LawError(f"{item!r} is neither a text nor a block", where=row, do=_DO)
    _refuse_unknown(item, names, row)
    given: dict[str, Any] = {key: None if value is None else str(value) for key, value in item.items()}
    if given.get("quality", "strong") not in {"strong", "weak", "former"}:
        raise LawError(f"an alias is strong, weak or former, not {given['quality']!r}", where=row, do=_DO)
    try:
        return part(**given)
    except TypeError as error:
        raise LawError(f"{part.__name__.lower()} {item!r} is not whole ({error})", where=row, do=_DO) from None


def _read_details(block: Mapping[str, Any], row: str) -> tuple[tuple[str, str], ...]:
    pairs = [(str(key), str(value)) for key, value in (block.get("details") or {}).items()]
    if block.get("note"):
        pairs.append(("note", " ".join(str(block["note"]).split())))
    return tuple(pairs)


def _read_day(value: Any, key: str, where: str) -> dt.date:
    if type(value) is not dt.date:
        raise LawError(f"{key} is not a day (YYYY-MM-DD): {value!r}", where=where, do=_DO)
    return value


def _read_citation(cite: str, value: Any, file: str) -> Citation:
    """`cite: day`, or `cite: {date: day, confirmed: false}` where the day was not seen in print."""
    where = f"{file}, citation {cite!r}"
    block = value if isinstance(value, dict) else {"date": value}
    _refuse_unknown(block, {"date", "confirmed"}, where)
    return Citation(
        cite, _read_day(block.get("date"), "the day of publication", where), confirmed=_read_flag(block, where)
    )


def _read_flag(block: Mapping[str, Any], where: str) -> bool:
    confirmed = block.get("confirmed", True)
    if not isinstance(confirmed, bool):
        raise LawError("confirmed is true or false", where=where, do=_DO)
    return confirmed


def _find_citation(cite: Any, shared: _Shared, where: str) -> Citation:
    if cite is None:
        raise LawError("a citation is missing", where=where, do=_DO)
    if not isinstance(cite, str) or cite not in shared.citations:
        raise LawError(f"citation {cite!r} stands in no citations block", where=where, do=_DO)
    return shared.citations[cite]


def _find_text(key: Any, shared: _Shared, where: str) -> str:
    if not isinstance(key, str) or key not in shared.texts:
        raise LawError(f"text {key!r} stands in no texts block", where=where, do=_DO)
    return shared.texts[key]


def _refuse_unknown(block: Mapping[Any, Any], known: set[str], where: str) -> None:
    unknown = [str(key) for key in block if key not in known]
    if unknown:
        raise LawError(f"unknown key {', '.join(unknown)}", where=where, do=f"use {', '.join(sorted(known))}")


def _check_whole(entries: list[StarterEntry], shared: _Shared) -> None:
    seen: dict[tuple[str, str | None, str], str] = {}
    for entry in entries:
        first = entry.states[0].entry
        key = (first.list, first.source_id, entry.entry.name)
        if key in seen:
            raise LawError("the same listing stands twice", where=entry.row, do=f"see {seen[key]}")
        seen[key] = entry.row
    for party in shared.parties:
        if sum(entry.party_key == party for entry in entries) < 2:
            raise LawError(
                f"party {party!r} joins fewer than two entries", where="parties", do="drop it or add the entries"
            )
