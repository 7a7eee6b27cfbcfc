"""Build an index: every name an entry ever bore, as rows of words, in arrays that are mapped, not loaded."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from caveat.model import Entry
from caveat.names import (
    Mode,
    Reading,
    Token,
    TokenKind,
    acronyms,
    fold_all,
    read_parts,
    run_skeleton,
    split,
    token,
    words,
)
from caveat.screening.addresses import address_codes
from caveat.screening.parts import part_arrays

#: Grows when the arrays change, or the rarity and the kinds of words in them: an index of another is built anew.
LAYOUT = 9

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


def name_code(parts: Iterable[str]) -> int:
    """A 64-bit number equal for names that differ only in case, punctuation or word order; `parts` as `split` gives."""
    return int.from_bytes(hashlib.blake2b(" ".join(sorted(parts)).encode(), digest_size=8).digest(), "little")


def row_tokens(reading: Reading) -> tuple[Token, ...]:
    """The tokens of a reading as they stand in an index (at most MOST_WORDS)."""
    return reading.tokens[:MOST_WORDS]


def spans(tokens: tuple[Token, ...]) -> dict[str, tuple[int, int]]:
    """Neighboring words written together: pairs, threes, and a short name as a whole; which words they are."""
    texts = [t.text for t in tokens]
    bare = [t.kind is TokenKind.FORM or t.kind is TokenKind.STOP for t in tokens]
    out: dict[str, tuple[int, int]] = {}
    for i in range(len(texts) - 1):
        two = texts[i] + texts[i + 1]
        if len(two) > 32:
            continue
        idle = bare[i] and bare[i + 1]
        if not idle:
            out.setdefault(two, (i, i + 2))
        if i + 2 < len(texts) and not (idle and bare[i + 2]) and len(two) + len(texts[i + 2]) <= 32:
            out.setdefault(two + texts[i + 2], (i, i + 3))
    if len(texts) == 4:
        whole = "".join(texts)
        if len(whole) <= 32:
            out.setdefault(whole, (0, 4))
    return out


class _Blob:
    """Texts one after another, with where each begins."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.starts = array("q", [0])

    def add(self, data: bytes) -> None:
        self.data += data
        self.starts.append(len(self.data))


class _Terms(dict[str, int]):
    """The terms of one class and mode; one that is asked for the first time gets the next number of all."""

    def __init__(self, rows: _Rows, is_run: bool, mode: int) -> None:
        self._rows, self._about = rows, (is_run, mode)

    def __missing__(self, text: str) -> int:
        rows = self._rows
        place = self[text] = len(rows.texts)
        rows.texts.append(text)
        rows.classes.append(self._about[0])
        rows.modes.append(self._about[1])
        rows.sizes.append(0)
        return place


class _Rows:
    """The rows of an index as they are read: the words of each, and the rows of each word."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.classes, self.modes = array("b"), array("b")  # class: 0 a word, 1 words run together, 2 a whole name
        self.sizes, self.parts = array("b"), array("i")  # of how many words a run is made, and of which
        self._single, self._run = ([_Terms(self, is_run, m) for m in Mode] for is_run in (False, True))
        self.entry, self.name, self.mode, self.own = array("i"), array("i"), array("b"), array("i")
        self.words, self.start = array("i"), array("i", [0])
        self.met_term, self.met_row = array("i"), array("i")

    def add(self, entry: int, name: int, tokens: tuple[Token, ...]) -> None:
        """One reading of a name."""
        row = len(self.entry)
        mode = max([t.mode for t in tokens])
        self.entry.append(entry)
        self.name.append(name)
        self.mode.append(mode)
        self.own.append(sum([t.bits for t in tokens]))
        single, run = self._single, self._run[mode]
        met = [single[t.mode][t.text] for t in tokens]
        self.words.extend(met)
        self.start.append(len(self.words))
        for text, (start, stop) in spans(tokens).items():
            place = run.get(text, -1)
            if place < 0:
                place = run[text]
                self.sizes[place] = stop - start
                self.parts.extend(met[start:stop])
            met.append(place)
        if 1 < len(tokens) < 5:
            whole = run.get("".join([t.text for t in tokens]))
            if whole is not None:
                self.classes[whole] = 2
        places = set(met)
        self.met_term.extend(places)
        self.met_row.extend([row] * len(places))

    def arrays(self) -> dict[str, Any]:
        """All of it as arrays, the terms by class and length: the shortest and the longest are read in one stretch."""
        import numpy as np

        by_text = np.array(sorted(range(len(self.texts)), key=self.texts.__getitem__), np.int64)
        lengths = np.fromiter(map(len, self.texts), np.int64, len(self.texts))
        classes, modes = np.asarray(self.classes), np.asarray(self.modes)
        order = by_text[np.lexsort((np.minimum(lengths, 120)[by_text], classes[by_text]))]
        place_of = np.empty(len(order), np.int32)
        place_of[order] = np.arange(len(order), dtype=np.int32)
        met = place_of[np.asarray(self.met_term)]
        texts = [self.texts[place] for place in order]
        sounds, bare = self._heard()
        return {
            "row_entry": np.asarray(self.entry, "<i4"),
            "row_name": np.asarray(self.name, "<i4"),
            "row_mode": np.asarray(self.mode, "i1"),
            "row_self": np.asarray(self.own, "<i4"),
            "row_words": place_of[np.asarray(self.words)].astype("<i4"),
            "row_start": np.asarray(self.start, "<i4"),
            **_shapes(texts, "term"),
            **_shapes([sounds[place] for place in order], "sound"),
            **_shapes([bare[place] for place in order], "bare"),
            **_asked(texts, modes[order], classes[order]),
            "posting": np.asarray(self.met_row)[np.argsort(met, kind="stable")].astype("<i4"),
            "posting_start": np.concatenate([[0], np.cumsum(np.bincount(met, minlength=len(order)))]).astype("<i8"),
        }

    def _heard(self) -> tuple[list[str], list[str]]:
        """The sound of each single term, and the skeleton of each term."""
        single = [text for text, size in zip(self.texts, self.sizes, strict=True) if not size]
        folded, skeletons = map(iter, fold_all(single))
        sounds: list[str] = []
        bare: list[str] = []
        at = 0
        for size in self.sizes:
            sounds.append("" if size else next(folded))
            bare.append(run_skeleton([bare[part] for part in self.parts[at : at + size]]) if size else next(skeletons))
            at += size
        return sounds, bare


def write_index(pairs: Iterable[tuple[str, Entry]], folder: Path) -> Path:
    """Write an index of every name of every entry under `folder` and point `folder/current` to it.

    An entry id may come several times, once for each wording it ever had; its names are joined.
    A reader that has the former index open keeps it. Returns the folder of the new index.
    """
    import numpy as np

    entries = _gather(pairs)
    rows, cards, names = _Rows(), _Blob(), _Blob()
    name_weak = array("b")
    coded: dict[str, list[tuple[int, int]]] = {"code": [], "number": [], "short": [], "place": []}
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for number, entry_id in enumerate(list(entries)):
        card = entries.pop(entry_id)  # memory is given back as the index grows
        has_latin = any(_is_latin(text) for text in card["names"])
        is_body = bool(set(card["kinds"]) - {"person"})
        for text, quality in card["names"].items():
            parts = split(text)
            readings = read_parts(parts, text)
            if not readings:
                continue
            first_row = len(rows.entry)
            for reading in readings:
                tokens = row_tokens(reading)
                if not has_latin or all(t.mode is not Mode.BARE for t in tokens):
                    rows.add(number, len(name_weak), tokens)
                # else the list gives its own Latin spelling, better than a guess at the vowels
            names.add(text.encode("utf-8", "surrogatepass"))
            name_weak.append(quality == "weak")
            coded["code"].append((name_code(parts), first_row))
            if is_body:
                heads = acronyms(readings[0].tokens)
                coded["short"] += [(zlib.crc32(head.encode()), first_row) for head in heads]
        coded["number"] += [(zlib.crc32(value[1].encode()), number) for value in card["identifiers"]]
        coded["place"] += [(code, number) for address, _ in card["addresses"] for code in address_codes(address)]
        card["names"] = list(card["names"].items())
        cards.add(encode([entry_id, card]).encode("utf-8", "surrogatepass"))
    arrays = rows.arrays() | {
        "name_weak": np.asarray(name_weak, "i1"),
        "names": np.frombuffer(bytes(names.data), "u1"),
        "name_start": np.asarray(names.starts, "<i8"),
        "cards": np.frombuffer(bytes(cards.data), "u1"),
        "card_start": np.asarray(cards.starts, "<i8"),
    }
    for what, owner in (("code", "row"), ("number", "entry"), ("short", "row"), ("place", "entry")):
        pairs_of = sorted(coded[what])
        arrays[what] = np.array([code for code, _ in pairs_of], "<u8" if what == "code" else "<u4")
        arrays[f"{what}_{owner}"] = np.array([value for _, value in pairs_of], "<i4")
    arrays |= part_arrays(arrays)
    return _publish(arrays, folder)


def _asked(texts: list[str], modes: Any, classes: Any) -> dict[str, Any]:
    """What the scorer asks of single words, besides their letters; zero for words run together."""
    import numpy as np

    known = words()
    about = np.zeros((len(texts), 5), np.int64)
    for place in np.flatnonzero(classes == 0).tolist():
        one = token(texts[place], Mode(modes[place]))
        about[place] = (one.bits, one.loss, one.kind, one.group, (one.text in known.fathers) | one.seen << 1)
    bits, loss, kind, group, flags = about.T
    return {
        "term_mode": modes.astype("i1"),
        "term_span": classes.astype("i1"),
        "term_bits": bits.astype("<i4"),
        "term_loss": loss.astype("<i4"),
        "term_kind": kind.astype("i1"),
        "term_group": group.astype("<i4"),
        "term_flags": flags.astype("i1"),  # 1 a word between son and father, 2 a word that is known
    }


def _shapes(texts: list[str], what: str) -> dict[str, Any]:
    """The letters of the texts as code points one after another, where each begins, its length and its `bag`."""
    import numpy as np

    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4")
    owner = np.repeat(np.arange(len(texts)), lengths)
    code = letters.astype(np.int64) - 97
    place = np.where((code >= 0) & (code < 26), code * 2, 52 + (letters % 6) * 2)
    pairs, times = np.unique(owner * 64 + place, return_counts=True)
    bits = np.uint64(1) << (pairs % 64).astype(np.uint64)
    bits |= np.where(times > 1, bits << np.uint64(1), np.uint64(0))
    bags = np.zeros(len(texts), np.uint64)
    np.bitwise_or.at(bags, pairs // 64, bits)
    return {
        f"{what}_units": letters,
        f"{what}_start": np.concatenate([[0], np.cumsum(lengths)]).astype("<i8"),
        f"{what}_length": np.minimum(lengths, 120).astype("i1"),
        f"{what}_bag": bags.astype("<u8"),
    }


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
