"""What stands in force as of a moment: one card an entry, written once beside the index and mapped by every worker.

A worker, in this machine or another, answers from the index and these cards; it never asks the database.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from caveat.batch.telling import tell_listed
from caveat.ledger import Ledger, name_key
from caveat.model import AsOf
from caveat.screening import Index

#: Grows when the cards change.
LAYOUT = 1
_CHUNK = 2000
#: Seconds for which the cards of other moments are kept.
_KEPT = 7 * 86400
#: Cards remembered by a worker, of about 3 kB each.
_REMEMBERED = 20_000


class Cards(Protocol):
    """What an answer says of an entry; from the ledger, or from cards written down."""

    def is_in_force(self, entry_id: str, /) -> bool:
        """Whether the entry is listed on the day, by what was known."""

    def listed(self, entry_id: str, /) -> Mapping[str, Any]:
        """What the list states of an entry in force (`tell_listed`)."""

    def was_known(self, entry_id: str, name: str, /) -> bool:
        """Whether that name of an entry in force had been published by then."""


class Standing:
    """Cards written by `write_standing`, opened at once; processes share their pages."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self.folder = folder
        self._codes, self._starts, self._cards = (
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("code", "card_start", "cards")
        )
        self._read: dict[str, dict[str, Any] | None] = {}

    def is_in_force(self, entry_id: str) -> bool:
        """Whether there is a card."""
        return self._card(entry_id) is not None

    def listed(self, entry_id: str) -> Mapping[str, Any]:
        """The card's listing."""
        card = self._card(entry_id)
        assert card is not None
        found: Mapping[str, Any] = card["listed"]
        return found

    def was_known(self, entry_id: str, name: str) -> bool:
        """Whether the name is none of those that were published later."""
        card = self._card(entry_id)
        return card is not None and name not in card["later"]

    def _card(self, entry_id: str) -> dict[str, Any] | None:
        known = self._read  # another thread may begin a new one
        if entry_id in known:
            return known[entry_id]
        if len(known) >= _REMEMBERED:
            self._read = {}
        found = self._read[entry_id] = self._find(entry_id)
        return found

    def _find(self, entry_id: str) -> dict[str, Any] | None:
        import numpy as np

        code = np.uint64(_code(entry_id))
        for place in range(int(np.searchsorted(self._codes, code)), len(self._codes)):
            if self._codes[place] != code:
                break
            data = self._cards[int(self._starts[place]) : int(self._starts[place + 1])].tobytes()
            card: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
            if card["listed"]["entry_id"] == entry_id:
                return card
        return None


def standing_of(index: Index, as_of: AsOf, generation: str) -> Path:
    """Where the cards of a state and a moment stand, or would."""
    name = hashlib.sha256(f"{LAYOUT} {generation} {as_of}".encode()).hexdigest()[:16]
    return index.folder / f"standing-{name}"


def write_standing(ledger: Ledger, index: Index, as_of: AsOf, generation: str) -> Path:
    """The folder of the cards of every entry of the index in force; written where it is not there yet."""
    target = standing_of(index, as_of, generation)
    with (index.folder / ".standing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever wants the same cards waits for them
        if not target.exists():
            _write(target, sorted(_cards(ledger, index, as_of)))
    return target


def _write(target: Path, cards: Sequence[tuple[int, bytes]]) -> None:
    import numpy as np

    starts = np.cumsum([0, *(len(data) for _, data in cards)], dtype="<i8")
    draft = target.with_name(".standing.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    np.save(draft / "code.npy", np.array([code for code, _ in cards], "<u8"))
    np.save(draft / "card_start.npy", starts)
    np.save(draft / "cards.npy", np.frombuffer(b"".join(data for _, data in cards), "u1"))
    draft.rename(target)
    written = target.stat().st_mtime
    for other in target.parent.glob("standing-*"):
        if written - other.stat().st_mtime > _KEPT:
            shutil.rmtree(other, ignore_errors=True)


def _cards(ledger: Ledger, index: Index, as_of: AsOf) -> Iterator[tuple[int, bytes]]:
    for start in range(0, index.entries, _CHUNK):
        names: dict[str, list[str]] = {}
        for number in range(start, min(start + _CHUNK, index.entries)):
            entry_id, card = index.card(number)
            names[entry_id] = [text for text, _ in card["names"]]
        yield from _chunk(ledger, names, as_of)


def _chunk(ledger: Ledger, names: Mapping[str, Sequence[str]], as_of: AsOf) -> Iterator[tuple[int, bytes]]:
    known = ledger.all_names_known(list(names), as_of.known)
    for entry_id, listing in ledger.listings(list(names), as_of).items():
        if listing.status != "listed":
            continue
        own = {name_key(name.text) for name in listing.entry.names}
        before = known.get(entry_id, frozenset())
        later = [n for n in names[entry_id] if not is_known(name_key(n), own, before)]
        text = json.dumps({"listed": tell_listed(listing), "later": later}, ensure_ascii=False, separators=(",", ":"))
        yield _code(entry_id), text.encode("utf-8", "surrogatepass")


def is_known(key: str, own: set[str], known: frozenset[str]) -> bool:
    """Whether a name's key is one of the listing's, or had been borne by then; all are where nothing is dated."""
    return key in own or key in known or not known


def _code(entry_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(entry_id.encode(), digest_size=8).digest(), "little")
