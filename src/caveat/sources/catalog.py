"""The catalog of lists: one frozen block per list, read from `catalog.yaml`."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from caveat.errors import ConfigError, InputError

_REQUIRED = {"title", "publisher", "authority", "cadence_days", "expected"}
_KNOWN = _REQUIRED | {"urls", "page", "no_fetch", "shrink"}


@dataclass(frozen=True, slots=True)
class ListInfo:
    """What is known of one list before any file of it is read.

    urls          public addresses to fetch, or empty with the reason in `no_fetch`
    cadence_days  the list is overdue when nobody looked for longer
    expected_min, expected_max  bounds of entries, binding live fetches only
    page          whether the publisher gives the list as a web page, not as a data file
    shrink        largest lawful shrink between two snapshots, as a share (0.10 = a tenth)
    """

    id: str
    title: str
    publisher: str
    authority: str
    cadence_days: int
    expected_min: int
    expected_max: int
    shrink: float = 0.10
    urls: tuple[str, ...] = ()
    no_fetch: str | None = None
    page: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """The lists by id, in the order of the file.

    >>> load_catalog()["un.sc"].publisher
    'United Nations Security Council'
    """

    lists: Mapping[str, ListInfo]

    def __getitem__(self, list_id: str) -> ListInfo:
        """The list's block; InputError that names the near ids for an unknown one."""
        try:
            return self.lists[list_id]
        except KeyError:
            near = difflib.get_close_matches(list_id, self.lists, n=3, cutoff=0.4)
            do = f"did you mean {' or '.join(near)}?" if near else "`caveat lists` names every list"
            raise InputError(f"there is no list {list_id!r}", do=do) from None

    def __contains__(self, list_id: object) -> bool:
        return list_id in self.lists

    def __iter__(self) -> Iterator[str]:
        return iter(self.lists)

    def __len__(self) -> int:
        return len(self.lists)

    def urls(self) -> frozenset[str]:
        """Every address that may be fetched."""
        return frozenset(url for info in self.lists.values() for url in info.urls)


def load_catalog(text: str | None = None) -> Catalog:
    """The catalog that comes with the package, or the one in `text` (YAML).

    ConfigError for an unknown or missing key, a duplicate list or a value out of its range.
    """
    return _load(text) if text is not None else _load_packaged()


@functools.cache
def _load_packaged() -> Catalog:
    return _load(resources.files("caveat.sources").joinpath("catalog.yaml").read_text("utf-8"))


def _load(text: str) -> Catalog:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        reader = loader(text)
        node = reader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError("is not a mapping of list ids to blocks", where="catalog.yaml")
        _refuse_duplicates(node)  # a plain load would let the second of two equal ids win
        data = reader.construct_document(node)
    except yaml.YAMLError as error:
        raise ConfigError(f"broken YAML ({error})", where="catalog.yaml") from None
    return Catalog({str(list_id): _read_block(str(list_id), block) for list_id, block in data.items()})


def _refuse_duplicates(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            raise ConfigError(f"{key.value!r} stands twice", where=f"catalog.yaml line {key.start_mark.line + 1}")
        seen.add(key.value)
        if isinstance(value, yaml.MappingNode):
            _refuse_duplicates(value)


def _read_block(list_id: str, block: Any) -> ListInfo:
    where = f"catalog.yaml {list_id}"
    if not isinstance(block, dict):
        raise ConfigError("is not a mapping", where=where)
    if unknown := sorted(set(block) - _KNOWN):
        raise ConfigError(f"unknown key {unknown[0]!r}", where=where, do=f"known: {', '.join(sorted(_KNOWN))}")
    if missing := sorted(key for key in _REQUIRED if not block.get(key)):
        raise ConfigError(f"has no {missing[0]}", where=where)
    if bool(block.get("urls")) == bool(block.get("no_fetch")):
        raise ConfigError("needs urls, or no_fetch with the reason, and not both", where=where)
    expected = block["expected"]
    urls = block.get("urls", [])
    shrink = block.get("shrink", 0.10)
    if not isinstance(expected, dict) or set(expected) != {"min", "max"}:
        raise ConfigError("expected must be {min, max}", where=where)
    if not all(type(n) is int for n in expected.values()) or not 0 <= expected["min"] <= expected["max"]:
        raise ConfigError("expected must be 0 <= min <= max", where=where)
    if type(block["cadence_days"]) is not int or block["cadence_days"] < 1:
        raise ConfigError("cadence_days must be a whole number of days", where=where)
    if not isinstance(shrink, int | float) or isinstance(shrink, bool) or not 0 <= shrink < 1:
        raise ConfigError("shrink must be a share from 0 to under 1", where=where)
    if not isinstance(urls, list) or not all(isinstance(url, str) and url.startswith("https://") for url in urls):
        raise ConfigError("urls must be https addresses", where=where)
    if not isinstance(block.get("page", False), bool):
        raise ConfigError("page must be true or false", where=where)
    return ListInfo(
        id=list_id,
        title=str(block["title"]),
        publisher=str(block["publisher"]),
        authority=str(block["authority"]),
        cadence_days=block["cadence_days"],
        expected_min=expected["min"],
        expected_max=expected["max"],
        shrink=float(shrink),
        urls=tuple(urls),
        no_fetch=block.get("no_fetch"),
        page=block.get("page", False),
    )
