"""Build an index: every name an entry ever bore, as rows of words, in arrays that are mapped, not loaded."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import shutil
import zlib
from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from caveat.model import Address, Entry
from caveat.names import Mode, find_acronyms, read_parts, split
from caveat.screening.addresses import address_codes
from caveat.screening.identifiers import normal_identifier
from caveat.screening.parts import part_arrays
from caveat.screening.rows import MOST_WORDS, Rows

#: Grows when the arrays change, or the rarity and the kinds of words in them: an index of another is built anew.
LAYOUT = 22


def name_code(parts: Iterable[str]) -> int:
    """A 64-bit number equal for names that differ only in case, punctuation or word order; `parts` as `split` gives."""
    return sum(map(word_code, parts)) % 2**64


@lru_cache(maxsize=100_000)
def word_code(word: str) -> int:
    """A 64-bit number of a word; those of its words make that of a name."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


class _Blob:
    """Texts one after another, with where each begins."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.starts = array("q", [0])

    def add(self, data: bytes) -> None:
        self.data += data
        self.starts.append(len(self.data))


class _Codes:
    """Numbers, each with what bears it."""

    def __init__(self) -> None:
        self.codes, self.owners = array("Q"), array("i")

    def add(self, code: int, owner: int) -> None:
        self.codes.append(code)
        self.owners.append(owner)


def write_index(pairs: Iterable[tuple[str, Entry]], folder: Path) -> Path:
    """Write an index of every name of every entry under `folder` and point `folder/current` to it.

    An entry id may come several times, once for each wording it ever had; its names are joined.
    A reader that has the former index open keeps it. Returns the folder of the new index.
    """
    is_collecting = gc.isenabled()
    gc.disable()  # nothing here goes in circles, and looking for circles costs a seventh of the time
    try:
        return _publish(_arrays(_gather(pairs)), folder)
    finally:
        if is_collecting:
            gc.enable()


def _arrays(entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The arrays of an index; `entries` is used up."""
    import numpy as np

    rows, cards, names = Rows(), _Blob(), _Blob()
    name_weak = array("b")
    code, numbers, short, places = _Codes(), _Codes(), _Codes(), _Codes()
    lone: set[str] = set()
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for number, entry_id in enumerate(list(entries)):
        card = entries.pop(entry_id)  # memory is given back as the index grows
        is_body = any(kind != "person" for kind in card["kinds"])
        for text, quality in card["names"].items():
            parts = split(text)
            readings = read_parts(parts, text)
            if not readings:
                continue
            first_row = len(rows.entry)
            for reading in readings:
                tokens = reading.tokens[:MOST_WORDS]
                if text.isascii() or all(t.mode is not _BARE for t in tokens) or not _has_latin(card["names"]):
                    rows.add(number, len(name_weak), tokens)
                # else the list gives its own Latin spelling, better than a guess at the vowels
            names.add(text.encode("utf-8", "surrogatepass"))
            name_weak.append(quality == "weak")
            code.add(name_code(parts), first_row)
            if len(parts) == 1 and 4 <= len(parts[0]) <= 8 and parts[0].isascii():
                lone.add(parts[0])
            if is_body:
                for head in find_acronyms(readings[0].tokens):
                    short.add(zlib.crc32(head.encode()), first_row)
        for identifier in card["identifiers"]:
            numbers.add(zlib.crc32(identifier[1].encode()), number)
        for address, _ in card["addresses"]:
            for word in address_codes(address):
                places.add(word, number)
        card["names"] = list(card["names"].items())
        cards.add(encode([entry_id, card]).encode("utf-8", "surrogatepass"))
    arrays = rows.arrays() | {
        "name_weak": np.asarray(name_weak, "i1"),
        "names": np.frombuffer(bytes(names.data), "u1"),
        "name_start": np.asarray(names.starts, "<i8"),
        "cards": np.frombuffer(bytes(cards.data), "u1"),
        "card_start": np.asarray(cards.starts, "<i8"),
        "lone": np.array(sorted(lone), "S8").view(">u8").astype("<u8"),
    }
    for what, owner, found in (
        ("code", "row", code),
        ("number", "entry", numbers),
        ("short", "row", short),
        ("place", "entry", places),
    ):
        codes, owners = np.asarray(found.codes), np.asarray(found.owners)
        order = np.lexsort((owners, codes))
        arrays[what] = codes[order].astype("<u8" if what == "code" else "<u4")
        arrays[f"{what}_{owner}"] = owners[order].astype("<i4")
    return arrays | part_arrays(arrays)


_BARE = Mode.BARE
_LATIN = re.compile("[A-Za-z]")


def _has_latin(names: Iterable[str]) -> bool:
    return any(map(_LATIN.search, names))


def _gather(pairs: Iterable[tuple[str, Entry]]) -> dict[str, dict[str, Any]]:
    """One card an entry: all its names with their best quality, and what else is compared."""
    out: dict[str, dict[str, Any]] = {}
    for entry_id, entry in pairs:
        card = out.get(entry_id)
        if card is None:
            card = out[entry_id] = {
                "names": {}, "kinds": [], "lists": [], "countries": [], "births": [], "identifiers": [],
                "addresses": [],
            }  # fmt: skip
        names = card["names"]
        for name in entry.names:
            if name.text and (name.quality != "weak" or name.text not in names):
                names[name.text] = name.quality
        _extend(card["kinds"], (entry.kind,))
        _extend(card["lists"], (entry.list,))
        _extend(card["countries"], entry.countries)
        _extend(card["countries"], entry.nationalities)
        _extend(card["countries"], [a.country for a in entry.addresses if a.country])
        _extend(card["births"], entry.birth_dates)
        _extend(card["identifiers"], map(normal_identifier, entry.identifiers))
        _extend(card["addresses"], map(_address, entry.addresses))
    return out


def _address(address: Address) -> tuple[str, str | None]:
    text = address.text
    for part in (address.city, address.region, address.postal_code):
        if part and part.casefold() not in text.casefold():
            text = f"{text}, {part}"
    return text, address.country


def _extend(known: list[Any], more: Iterable[Any]) -> None:
    for item in more:
        if item not in known:
            known.append(item)


def _publish(arrays: dict[str, Any], folder: Path) -> Path:
    """Write the arrays beside the old ones, then turn the pointer: a reader sees the old or the new, never half."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(f"layout {LAYOUT}".encode())
    for name, values in arrays.items():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    stamp = digest.hexdigest()[:16]
    target = folder / stamp
    if not target.exists():
        draft = folder / f".{stamp}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, values in arrays.items():
            np.save(draft / f"{name}.npy", values)
        (draft / "about.json").write_text(json.dumps({"layout": LAYOUT, "arrays": sorted(arrays)}), "utf-8")
        try:
            draft.rename(target)
        except OSError:  # another process published the same index first
            shutil.rmtree(draft, ignore_errors=True)
    pointer = folder / f".current.{os.getpid()}"
    pointer.write_text(stamp, "utf-8")
    former = folder / "current"
    before = former.read_text("utf-8") if former.exists() else stamp
    pointer.replace(former)
    for old in folder.iterdir():
        if old.is_dir() and not old.name.startswith(".") and old.name not in (stamp, before):
            shutil.rmtree(old, ignore_errors=True)
    return target
