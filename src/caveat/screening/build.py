"""Build an index: every name an entry ever bore, as rows of words, in arrays that are mapped, not loaded."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from array import array
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from caveat.model import Entry
from caveat.names import Mode, Reading, Token, TokenKind, acronyms, fold, key, read_name, skeleton, token, words
from caveat.screening.addresses import address_codes
from caveat.screening.parts import part_arrays

#: Grows when the arrays change: an index of another layout is built anew.
LAYOUT = 6

#: A listed name is compared by its first words, at most this many.
MOST_WORDS = 32


def bag(text: str) -> int:
    """Which letters a word has, as 64 bits: two for each of 26 letters (once, twice), the rest shared.

    An edit changes at most two bits, so words `n` edits apart differ in at most `2 n` bits.
    """
    bits = 0
    for char in text:
        code = ord(char) - 97
        place = code * 2 if 0 <= code < 26 else 52 + (ord(char) % 6) * 2
        if bits >> place & 1:
            place += 1
        bits |= 1 << place
    return bits


def name_code(text: str) -> int:
    """A 64-bit number equal for names that differ only in case, punctuation or word order."""
    return int.from_bytes(hashlib.blake2b(key(text).encode(), digest_size=8).digest(), "little")


def row_tokens(reading: Reading) -> tuple[Token, ...]:
    """The tokens of a reading as they stand in an index (at most MOST_WORDS)."""
    return reading.tokens[:MOST_WORDS]


def spans(tokens: tuple[Token, ...]) -> set[str]:
    """Neighboring words written together: pairs, threes, and a short name as a whole."""
    out: set[str] = set()
    for size in (2, 3):
        for i in range(len(tokens) - size + 1):
            some = tokens[i : i + size]
            if all(t.kind in (TokenKind.FORM, TokenKind.STOP) for t in some):
                continue
            out.add("".join(t.text for t in some))
    if len(tokens) == 4:
        out.add("".join(t.text for t in tokens))
    return {text for text in out if len(text) <= 32}


class _Blob:
    """Texts one after another, with where each begins."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.starts = array("q", [0])

    def add(self, data: bytes) -> None:
        self.data += data
        self.starts.append(len(self.data))


def write_index(pairs: Iterable[tuple[str, Entry]], folder: Path) -> Path:  # noqa: PLR0915
    """Write an index of every name of every entry under `folder` and point `folder/current` to it.

    An entry id may come several times, once for each wording it ever had; its names are joined.
    A reader that has the former index open keeps it. Returns the folder of the new index.
    """
    import numpy as np

    entries = _gather(pairs)
    terms: dict[tuple[str, int, bool], int] = {}
    postings: list[array[int]] = []
    row_entry, row_name, row_mode = array("i"), array("i"), array("b")
    row_words, row_start = array("i"), array("i", [0])
    row_self = array("i")
    codes: list[tuple[int, int]] = []
    cards, names = _Blob(), _Blob()
    numbers: list[tuple[int, int]] = []
    short: list[tuple[int, int]] = []
    places: list[tuple[int, int]] = []
    name_weak = array("b")
    wholes: set[int] = set()

    def term(text: str, mode: int, is_span: bool) -> int:
        place = terms.setdefault((text, mode, is_span), len(postings))
        if place == len(postings):
            postings.append(array("i"))
        return place

    for number, entry_id in enumerate(list(entries)):
        card = entries.pop(entry_id)  # memory is given back as the index grows
        has_latin = any(_is_latin(text) for text in card["names"])
        for text, quality in card["names"].items():
            readings = read_name(text)
            if not readings:
                continue
            name_number = len(name_weak)
            names.add(text.encode("utf-8", "surrogatepass"))
            name_weak.append(quality == "weak")
            first_row = len(row_entry)
            for reading in readings:
                tokens = row_tokens(reading)
                if has_latin and any(t.mode is Mode.BARE for t in tokens):
                    continue  # the list gives its own Latin spelling, better than a guess at the vowels
                row = len(row_entry)
                mode = max(int(t.mode) for t in tokens)
                row_entry.append(number)
                row_name.append(name_number)
                row_mode.append(mode)
                row_self.append(sum(t.bits for t in tokens))
                own = [term(t.text, int(t.mode), False) for t in tokens]
                row_words.extend(own)
                row_start.append(len(row_words))
                for place in dict.fromkeys(own):
                    postings[place].append(row)
                whole = "".join(t.text for t in tokens) if 1 < len(tokens) < 5 else None
                for span in sorted(spans(tokens)):
                    place = term(span, mode, True)
                    postings[place].append(row)
                    if span == whole:
                        wholes.add(place)
            codes.append((name_code(text), first_row))
            if set(card["kinds"]) - {"person"}:
                short += [(zlib.crc32(head.encode()), first_row) for head in sorted(acronyms(readings[0].tokens))]
        for value in card["identifiers"]:
            numbers.append((zlib.crc32(value[1].encode()), number))
        for address, _ in card["addresses"]:
            places += [(code, number) for code in address_codes(address)]
        card["names"] = list(card["names"].items())
        cards.add(
            json.dumps([entry_id, card], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        )

    # terms by class and length: the shortest and the longest of a class are read in one stretch
    classes = {t: (t[2] and 1) + (place in wholes) for t, place in terms.items()}
    order = sorted(terms, key=lambda t: (classes[t], min(len(t[0]), 120), t))
    place_of = {terms[t]: place for place, t in enumerate(order)}
    row_words = array("i", (place_of[place] for place in row_words))
    postings = [postings[terms[t]] for t in order]
    terms = {t: place for place, t in enumerate(order)}
    flat = array("i")
    starts = array("q", [0])
    for rows in postings:
        flat.extend(rows)
        starts.append(len(flat))
    for some in (codes, numbers, short, places):
        some.sort()
    arrays: dict[str, Any] = {
        "row_entry": np.asarray(row_entry, "<i4"),
        "row_name": np.asarray(row_name, "<i4"),
        "row_mode": np.asarray(row_mode, "i1"),
        "row_self": np.asarray(row_self, "<i4"),
        "row_words": np.asarray(row_words, "<i4"),
        "row_start": np.asarray(row_start, "<i4"),
        "name_weak": np.asarray(name_weak, "i1"),
        "names": np.frombuffer(bytes(names.data), "u1"),
        "name_start": np.asarray(names.starts, "<i8"),
        "cards": np.frombuffer(bytes(cards.data), "u1"),
        "card_start": np.asarray(cards.starts, "<i8"),
        **_term_arrays(terms),
        "term_mode": np.array([k[1] for k in terms], "i1"),
        "term_span": np.array([classes[t] for t in terms], "i1"),
        "posting": np.asarray(flat, "<i4"),
        "posting_start": np.asarray(starts, "<i8"),
        "code": np.array([c for c, _ in codes], "<u8"),
        "code_row": np.array([r for _, r in codes], "<i4"),
        "number": np.array([c for c, _ in numbers], "<u4"),
        "number_entry": np.array([r for _, r in numbers], "<i4"),
        "short": np.array([c for c, _ in short], "<u4"),
        "short_row": np.array([r for _, r in short], "<i4"),
        "place": np.array([c for c, _ in places], "<u4"),
        "place_entry": np.array([r for _, r in places], "<i4"),
    }
    arrays |= part_arrays(arrays)
    return _publish(arrays, folder)


def _term_arrays(terms: Collection[tuple[str, int, bool]]) -> dict[str, Any]:
    """The letters and sounds of the terms as code points, and for single words what the scorer asks of them."""
    import numpy as np

    known = words()
    texts = [text for text, _, _ in terms]
    sounds_of = [fold(text) for text in texts]
    units, sounds = _Blob(), _Blob()
    rows = []
    for (text, mode, is_span), sound in zip(terms, sounds_of, strict=True):
        units.add(text.encode("utf-32-le"))
        sounds.add(sound.encode("utf-32-le"))
        if is_span:
            rows.append((0, 0, 0, 0, 0))
            continue
        one = token(text, Mode(mode))
        rows.append((one.bits, one.loss, int(one.kind), one.group, (text in known.fathers) | one.seen << 1))
    bits, loss, kind, group, flags = zip(*rows, strict=True) if rows else ((),) * 5
    return {
        **_shapes(texts, "term"),
        **_shapes(sounds_of, "sound"),
        **_shapes([skeleton(text) for text in texts], "bare"),
        "units": np.frombuffer(bytes(units.data), "<u4"),
        "unit_start": np.asarray(units.starts, "<i8") // 4,
        "sound_units": np.frombuffer(bytes(sounds.data), "<u4"),
        "sound_start": np.asarray(sounds.starts, "<i8") // 4,
        "term_bits": np.array(bits, "<i4"),
        "term_loss": np.array(loss, "<i4"),
        "term_kind": np.array(kind, "i1"),
        "term_group": np.array(group, "<i4"),
        "term_flags": np.array(flags, "i1"),  # 1 a word between son and father, 2 a word that is known
    }


def _shapes(texts: list[str], what: str) -> dict[str, Any]:
    """The length of each text and its `bag`, computed for all at once."""
    import numpy as np

    lengths = np.array([len(text) for text in texts], np.int64)
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4").astype(np.int64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    code = letters - 97
    place = np.where((code >= 0) & (code < 26), code * 2, 52 + (letters % 6) * 2)
    pairs, times = np.unique(owner * 64 + place, return_counts=True)
    bits = np.uint64(1) << (pairs % 64).astype(np.uint64)
    bits |= np.where(times > 1, bits << np.uint64(1), np.uint64(0))
    bags = np.zeros(len(texts), np.uint64)
    np.bitwise_or.at(bags, pairs // 64, bits)
    return {f"{what}_length": np.minimum(lengths, 120).astype("i1"), f"{what}_bag": bags.astype("<u8")}


def _gather(pairs: Iterable[tuple[str, Entry]]) -> dict[str, dict[str, Any]]:
    """One card an entry: all its names with their best quality, and what else is compared."""
    from caveat.screening.identifiers import normal_identifier

    out: dict[str, dict[str, Any]] = {}
    for entry_id, entry in pairs:
        card = out.setdefault(
            entry_id,
            {"names": {}, "kinds": [], "lists": [], "countries": [], "births": [], "identifiers": [], "addresses": []},
        )
        for name in entry.names:
            if name.text and (name.quality != "weak" or name.text not in card["names"]):
                card["names"][name.text] = name.quality
        _extend(card["kinds"], [entry.kind])
        _extend(card["lists"], [entry.list])
        _extend(card["countries"], [*entry.countries, *entry.nationalities])
        _extend(card["countries"], [a.country for a in entry.addresses if a.country])
        _extend(card["births"], entry.birth_dates)
        _extend(card["identifiers"], [normal_identifier(i) for i in entry.identifiers])
        _extend(card["addresses"], [_address(a) for a in entry.addresses])
    return out


def _address(address: Any) -> list[Any]:
    text = address.text
    for part in (address.city, address.region, address.postal_code):
        if part and part.casefold() not in text.casefold():
            text = f"{text}, {part}"
    return [text, address.country]


def _extend(known: list[Any], more: Iterable[Any]) -> None:
    known.extend(item for item in dict.fromkeys(map(_hashable, more)) if item not in known)


def _hashable(item: Any) -> Any:
    return tuple(item) if isinstance(item, list) else item


def _is_latin(text: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in text)


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
