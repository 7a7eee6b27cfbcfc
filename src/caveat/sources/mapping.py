"""The grammar of a mapping file: which column says what; every error names the key and what it may be.

    list: my.list                       # or lists: {column: Which, values: {a: my.first, b: my.second}}
    published: 2031-01-02               # or {key: …, pattern: …, format: …}, or {newest: [Since]}
    records: data.parties               # JSON only: where the array of records stands
    fields:
      names: [Company, {from: Also, split: ';', quality: weak}]
      kind: {from: Type, values: {P: person}, else: organization}
      countries: Country
      identifiers: {from: Number, kind: tax_number, parts: {country: Country}}
      effective_on: {from: Since, day_first: true}
      details: {name: note, from: Remarks, when: {Type: '^P$'}}
    ignore: [Internal]                  # any other column with a value is reported as unread

`fields` are those of `caveat.model.Entry`; a rule's keys are the attributes of `Rule`. The mappings
that ship (`mappings/*.yaml`) are examples. Files: CSV, TSV, XLSX, JSON (nested keys by dots), JSON lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from caveat.errors import InputError
from caveat.model import ENTRY_FIELDS, Kind, Quality
from caveat.sources.records import FORMATS, Format, column_name

#: Parsers by field; the first is the default.
PARSERS: Mapping[str, tuple[str, ...]] = {
    "names": ("text", "aliases", "after_country", "before_address"),
    "addresses": ("text", "addresses", "behind_name"),
    "countries": ("country", "country_first"),
    "nationalities": ("country",),
    "citations": ("fr_chain", "text"),
    "license_requirement": ("text", "footnotes"),
    "birth_dates": ("birth_date", "text"),
    "kind": ("kind",),
} | dict.fromkeys(("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by"), ("date",))
#: Whose word a file is: the publisher's, the consolidated list's, or a third party's merge of several lists.
STREAMS = ("origin", "us.trade.csl", "kr.kaist")
FIELDS = tuple(sorted(ENTRY_FIELDS - {"unconfirmed", "corrects"}))
SCALARS = frozenset(
    {"kind", "source_id", "title", "license_requirement", "license_review_policy", "remarks"}
    | {field for field, parsers in PARSERS.items() if parsers == ("date",)}
)
_LIST_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_TOP = (
    "id", "list", "lists", "title", "stream", "format", "records", "sheet", "header", "recognize", "published", "count",
    "fields", "ignore", "one_entry_per", "only_newest", "adds_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field gets values from a record. Applied in the order of the attributes.

    when      columns and the pattern each must match (an empty cell is the empty text)
    columns   where the values stand (`from` in the file); `join` makes one text of them
    constant  a value stated by the mapping itself
    split     separators within one cell
    pattern   every match counts; its group 1, or the whole match
    values    publisher's word -> ours; `otherwise` for the words not named
    parse     see PARSERS;  `day_first`, `format` (strptime) for dates
    quality, source, kind, name  of a name; of an identifier; of a detail
    parts     columns of an address's city, region, postal_code, country; a citation's date
    optional  the column may be absent from the file
    """

    columns: tuple[str, ...] = ()
    constant: str | None = None
    when: tuple[tuple[str, re.Pattern[str]], ...] = ()
    join: str | None = None
    split: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    parse: str = "text"
    format: str | None = None
    day_first: bool = False
    quality: Quality | None = None
    source: str | None = None
    kind: str | None = None
    name: str | None = None
    parts: tuple[tuple[str, str], ...] = ()
    optional: bool = False

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column the rule looks at."""
        return (*self.columns, *(c for c, _ in self.when), *(c for _, c in self.parts))


@dataclass(frozen=True, slots=True)
class Published:
    """Where the file's own date stands: a day, a key above the records (with pattern and format), or the newest row."""

    day: str | None = None
    key: str | None = None
    pattern: re.Pattern[str] | None = None
    format: str | None = None
    newest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grammar:
    """A mapping, checked. `tables.Mapping` reads files by it."""

    where: str
    id: str
    lists: Mapping[str, str]
    list_column: str | None
    rules: Mapping[str, tuple[Rule, ...]]
    title: str = ""
    stream: str = "origin"
    format: Format | None = None
    records: str = ""
    sheet: str | int = 1
    header: int = 1
    columns: tuple[str, ...] = ()
    values: tuple[tuple[str, re.Pattern[str]], ...] = ()
    published: Published = Published()
    count: str | None = None
    ignore: tuple[str, ...] = ()
    one_entry_per: tuple[str, ...] = ()
    only_newest: str | None = None
    adds_only: bool = False


class _Reader:
    """Checks a mapping key by key; `fail` names the file, the key and what it may be."""

    def __init__(self, where: str) -> None:
        self.where = where

    def fail(self, key: str, what: str, allowed: Iterable[str] = ()) -> InputError:
        named = ", ".join(allowed)
        return InputError(f"`{key}` {what}", where=self.where, do=f"allowed: {named}" if named else None)

    def table(self, key: str, value: Any, allowed: Iterable[str] | None = None) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(isinstance(k, str) for k in value):
            raise self.fail(key, "must be a block of keys and values", allowed or ())
        for name in value:
            if allowed is not None and name not in allowed:
                raise self.fail(f"{key}.{name}" if key else name, "is no key of a mapping", allowed)
        return value

    def text(self, key: str, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            if hasattr(value, "isoformat"):
                return str(value.isoformat())
            raise self.fail(key, "must be a text")
        return str(value)

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        return tuple(self.text(key, item) for item in items)

    def flag(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false", ("true", "false"))
        return value

    def one_of(self, key: str, value: Any, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            raise self.fail(key, f"cannot be {value!r}", allowed)
        return str(value)

    def regex(self, key: str, value: Any) -> re.Pattern[str]:
        try:
            return re.compile(self.text(key, value))
        except re.error as error:
            raise self.fail(key, f"is no regular expression ({error})") from None

    def column(self, key: str, value: Any) -> str:
        return column_name(self.text(key, value))

    def conditions(self, key: str, value: Any) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((column_name(k), self.regex(f"{key}.{k}", v)) for k, v in self.table(key, value).items())

    def number(self, key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10_000:
            raise self.fail(key, "must be a number from 1")
        return value


def read_grammar(given: Any, where: str) -> Grammar:
    """A mapping's YAML, checked; InputError names the file, the key and the allowed values."""
    read = _Reader(where)
    top = read.table("", given, _TOP) if isinstance(given, dict) else None
    if not top:
        raise InputError("holds no mapping", where=where, do=f"give the keys {', '.join(_TOP)}")
    lists, list_column = _read_lists(read, top)
    recognize = read.table("recognize", top.get("recognize") or {}, ("columns", "values"))
    rules = _read_rules(read, top.get("fields"))
    sheet = top.get("sheet", 1)
    return Grammar(
        where=where,
        id=read.text("id", top.get("id") or f"mapping.{next(iter(lists.values()))}"),
        lists=lists, list_column=list_column, rules=rules,
        title=read.text("title", top.get("title", "")),
        stream=read.one_of("stream", top.get("stream", "origin"), STREAMS),
        format=_format(read, top.get("format")),
        records=read.text("records", top.get("records", "")),
        sheet=read.number("sheet", sheet) if isinstance(sheet, int) else read.text("sheet", sheet),
        header=read.number("header", top.get("header", 1)),
        columns=tuple(column_name(c) for c in read.texts("recognize.columns", recognize.get("columns", []))),
        values=read.conditions("recognize.values", recognize.get("values") or {}),
        published=_read_published(read, top.get("published")),
        count=read.text("count", top["count"]) if "count" in top else None,
        ignore=tuple(column_name(c) for c in read.texts("ignore", top.get("ignore", []))),
        one_entry_per=tuple(column_name(c) for c in read.texts("one_entry_per", top.get("one_entry_per", []))),
        only_newest=read.column("only_newest", top["only_newest"]) if "only_newest" in top else None,
        adds_only=read.flag("adds_only", top.get("adds_only", False)),
    )  # fmt: skip


def _format(read: _Reader, value: Any) -> Format | None:
    if value is not None:
        read.one_of("format", value, FORMATS)
    return next((known for known in FORMATS if known == value), None)


def _read_lists(read: _Reader, top: Mapping[str, Any]) -> tuple[dict[str, str], str | None]:
    """Word in the column -> list id, and that column; one list needs neither."""
    if ("list" in top) == ("lists" in top):
        raise read.fail("list", "or `lists` must be given, and not both", ("list: my.list", "lists: {column, values}"))
    if "list" in top:
        lists, column = {"": read.text("list", top["list"])}, None
    else:
        block = read.table("lists", top["lists"], ("column", "values"))
        column = read.column("lists.column", block.get("column"))
        values = read.table("lists.values", block.get("values"))
        lists = {word: read.text(f"lists.values.{word}", value) for word, value in values.items()}
    for list_id in lists.values():
        if not _LIST_ID.fullmatch(list_id):
            raise read.fail("list", f"cannot be {list_id!r}", ("words of a-z, 0-9 and _ joined by dots: my.list",))
    if not lists:
        raise read.fail("lists.values", "names no list")
    return lists, column


def _read_published(read: _Reader, value: Any) -> Published:
    if value is None:
        return Published()
    if not isinstance(value, dict):
        return Published(day=read.text("published", value))
    block = read.table("published", value, ("key", "pattern", "format", "newest"))
    if ("key" in block) == ("newest" in block):
        raise read.fail("published", "needs `key` or `newest`", ("key", "newest"))
    return Published(
        key=read.text("published.key", block["key"]) if "key" in block else None,
        pattern=read.regex("published.pattern", block["pattern"]) if "pattern" in block else None,
        format=read.text("published.format", block["format"]) if "format" in block else None,
        newest=tuple(column_name(c) for c in read.texts("published.newest", block.get("newest", []))),
    )


def _read_rules(read: _Reader, value: Any) -> dict[str, tuple[Rule, ...]]:
    block = read.table("fields", value, FIELDS)
    rules = {}
    for field, given in block.items():
        items = given if isinstance(given, list) else [given]
        key = f"fields.{field}"
        rules[field] = tuple(_read_rule(read, field, f"{key}[{n}]", item) for n, item in enumerate(items, 1))
    if not rules.get("names"):
        raise read.fail("fields.names", "must say where the name stands", ("names: COLUMN",))
    return rules


_RULE_KEYS = (
    "from", "constant", "when", "join", "split", "pattern", "values", "else", "parse", "format", "day_first", "quality",
    "source", "kind", "name", "parts", "optional",
)  # fmt: skip
_PARTS = {
    "addresses": ("city", "region", "postal_code", "country"),
    "citations": ("date",),
    "identifiers": ("country",),
}


def _read_rule(read: _Reader, field: str, key: str, item: Any) -> Rule:
    if isinstance(item, str):
        item = {"from": item}
    given = read.table(key, item, _RULE_KEYS)
    if ("from" in given) == ("constant" in given):
        raise read.fail(key, "needs `from` or `constant`", ("from", "constant"))
    allowed = PARSERS.get(field, ("text",))
    parse = read.one_of(f"{key}.parse", given.get("parse", allowed[0]), allowed)
    quality = given.get("quality")
    if quality is not None:
        read.one_of(f"{key}.quality", quality, get_args(Quality))
    if field in ("identifiers", "details") and not given.get(named := "kind" if field == "identifiers" else "name"):
        raise read.fail(f"{key}.{named}", "must be given")
    values = given.get("values")
    if values is not None:
        values = {k: read.text(f"{key}.values.{k}", v) for k, v in read.table(f"{key}.values", values).items()}
    if field == "kind":
        for word in [*(values or {}).values(), *[given[k] for k in ("constant", "else") if k in given]]:
            read.one_of(key, word, get_args(Kind))
    parts = read.table(f"{key}.parts", given.get("parts") or {}, _PARTS.get(field, ()))
    rule = Rule(
        columns=tuple(column_name(c) for c in read.texts(f"{key}.from", given.get("from", []))),
        constant=read.text(f"{key}.constant", given["constant"]) if "constant" in given else None,
        when=read.conditions(f"{key}.when", given.get("when") or {}),
        join=read.text(f"{key}.join", given["join"]) if "join" in given else None,
        split=read.texts(f"{key}.split", given.get("split", [])),
        pattern=read.regex(f"{key}.pattern", given["pattern"]) if "pattern" in given else None,
        values=values,
        otherwise=read.text(f"{key}.else", given["else"]) if "else" in given else None,
        parse=parse,
        format=read.text(f"{key}.format", given["format"]) if "format" in given else None,
        day_first=read.flag(f"{key}.day_first", given.get("day_first", False)),
        quality=next((q for q in get_args(Quality) if q == quality), None),
        source=read.text(f"{key}.source", given["source"]) if "source" in given else None,
        kind=read.text(f"{key}.kind", given["kind"]) if "kind" in given else None,
        name=read.text(f"{key}.name", given["name"]) if "name" in given else None,
        parts=tuple((part, read.column(f"{key}.parts.{part}", column)) for part, column in parts.items()),
        optional=read.flag(f"{key}.optional", given.get("optional", False)),
    )  # fmt: skip
    if any(not s for s in rule.split):
        raise read.fail(f"{key}.split", "cannot be empty")
    return rule


def read_yaml(path_or_text: Path | str) -> tuple[Any, str]:
    """The YAML of a file or text, and its name for errors; InputError where it cannot be read.

    A text with a line break or a `:` is YAML; any other is a path.
    """
    import yaml

    text, where = str(path_or_text), "the mapping"
    if isinstance(path_or_text, Path) or not ("\n" in path_or_text or ": " in path_or_text):
        where = text
        try:
            text = Path(path_or_text).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
            raise InputError(f"cannot be read ({reason})", where=where, do="check the path") from None
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(text, Loader=loader), where  # noqa: S506 - a safe loader, compiled where it can be
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"broken YAML ({' '.join(str(error).split())[:160]})", where=where) from None
