"""What every part of the app stands on: the wired parts, the two clocks, what an answer rests on."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caveat import __version__
from caveat.batch import Screener
from caveat.config import Config
from caveat.errors import InputError, UnknownEntryError
from caveat.ledger import CROSS_CHECK, Ledger, lay_starter
from caveat.model import AsOf, Moment
from caveat.screening import Query
from caveat.sources import Catalog, load_catalog
from caveat.store import Store, open_store

#: How many moments are kept ready.
_MOMENTS = 64


class Desk:
    """Wires the parts and reads the clock; nothing else in Caveat does."""

    def __init__(self, config: Config, *, as_of: str | None = None, known: str | None = None) -> None:
        self.config = config
        self._as_of, self._known = as_of, known
        self.catalog: Catalog = load_catalog()
        self.store: Store = open_store(config.db)
        lay_starter(self.store, self.now())
        self.ledger = Ledger(self.store)
        self._screeners: OrderedDict[tuple[str, AsOf], Screener] = OrderedDict()

    def close(self) -> None:
        """Give the database back."""
        self.store.close()

    def now(self) -> str:
        """The present moment (UTC, ISO, seconds)."""
        return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def today(self) -> dt.date:
        """The present day (UTC)."""
        return dt.datetime.now(dt.UTC).date()

    def as_of(self, in_force: str | None = None, known: str | None = None) -> AsOf:
        """The two clocks: the day given or today; what was known by then or is known now."""
        in_force, known = in_force or self._as_of, known or self._known
        day = read_moment(in_force, "--as-of").day if in_force else self.today()
        return AsOf(day, read_moment(known, "--known") if known else Moment(self.today().isoformat()))

    def basis(self, as_of: AsOf, lists: Sequence[str] = ()) -> dict[str, Any]:
        """What an answer rests on: lists with date, count and hash; lists not covered, and why."""
        rows, loaded, known = [], set(), set()
        stands = {i: t.last_official(as_of.known) or t.starter for i, t in self.ledger.timelines().items()}
        counts = {i: snap.row_count for i, snap in stands.items() if snap}
        if checked := self.ledger.cross_check(as_of.known):
            stands[CROSS_CHECK], counts[CROSS_CHECK] = checked
        for list_id, snap in sorted(stands.items()):
            if snap is None or (lists and list_id not in lists):
                continue
            is_starter = snap.stream == "starter"
            known.add(list_id)
            if not is_starter:
                loaded.add(list_id)
            rows.append(
                {
                    "list": list_id, "as_of": snap.published.text, "entries": counts[list_id],
                    "snapshot": f"sha256:{snap.sha256}", "starter": is_starter,
                }
            )  # fmt: skip
        missing = [m for m in self._not_loaded(loaded, known) if not lists or m["list"] in lists]
        return {"lists": rows, "not_covered": missing, "as_of": as_of.to_dict(), "version": __version__}

    def _not_loaded(self, loaded: set[str], known: set[str]) -> list[dict[str, str]]:
        ever = self.ledger.officially()
        out = []
        for list_id in self.catalog:
            if list_id in loaded:
                continue
            do = f": {self.catalog[list_id].no_fetch or 'run caveat refresh'}"
            if list_id in ever:
                why, do = "no file loaded of it is as old as that", ""
            elif list_id in known:
                why = "only the starter record speaks of it"
            else:
                why = "no file of it was ever loaded"
            out.append({"list": list_id, "why": f"{why}{do}"})
        return out

    def _lists(self, lists: Sequence[str], as_of: AsOf) -> tuple[str, ...]:
        """The lists asked for, each known; the consolidated list stands for those it speaks of."""
        for list_id in lists:
            self._check_list(list_id)
        more = self.ledger.cross_checked(as_of.known) if CROSS_CHECK in lists else ()
        return tuple(dict.fromkeys((*lists, *more)))

    def _check_list(self, list_id: str) -> None:
        if list_id not in self.ledger.timelines():
            self.catalog[list_id]  # InputError that names the near ones

    def _entry_ids(self, entry: str, as_of: AsOf) -> tuple[list[str], str | None]:
        """An entry by id, the entries that bear a listed name in full, or the nearest; and how it was found."""
        try:
            return [self.ledger.resolve(entry)], None
        except UnknownEntryError as unknown:
            if named := self.ledger.named(entry):
                return named, None
            try:
                near = self._screener(as_of).screen(Query(entry), limit=10)
            except InputError:
                near = []
            if not near:
                if part := self.ledger.named_in_part(entry):  # those no longer listed too
                    return part[:10], f"no list has {entry!r} in full; it is a part of a listed name"
                raise unknown from None
            candidate = near[0][0]
            how = f"no list has {entry!r} in full; the nearest is {candidate.matched_name!r} ({candidate.score:.3f})"
            return [listing.entry_id for _, listing in near], how

    def _screener(self, as_of: AsOf) -> Screener:
        """The screener of the ledger's present state as of a moment; the last few moments share one index."""
        generation = self.ledger.generation()
        key = (generation, as_of)
        if key not in self._screeners:
            for stale in [k for k in self._screeners if k[0] != generation]:
                del self._screeners[stale]
            near = next(iter(self._screeners.values()), None)
            self._screeners[key] = Screener(self.ledger, Path(self.config.index), as_of, beside=near)
            if len(self._screeners) > _MOMENTS:
                self._screeners.popitem(last=False)
        self._screeners.move_to_end(key)
        return self._screeners[key]


def read_moment(text: str, where: str) -> Moment:
    """A day or an instant that a person typed; InputError with the forms allowed."""
    try:
        return Moment.parse(text)
    except ValueError as error:
        raise InputError(str(error), where=where) from None
