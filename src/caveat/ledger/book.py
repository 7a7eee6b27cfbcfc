"""The ledger to be read: listings, histories and changes, each as of two clocks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from caveat.errors import UnknownEntryError
from caveat.ledger.changes import Change, between, life
from caveat.ledger.sayings import alike, sayings, sayings_of
from caveat.ledger.snapshot import CROSS_CHECK, Snapshot, entries_of, snapshots
from caveat.ledger.tables import handle, mark, saying, statement
from caveat.ledger.traits import Traits, address_key, bounded, name_key, number_key
from caveat.ledger.view import Presences, Said, Timeline, covers, merge
from caveat.model import AsOf, Disagreement, Entry, Identifier, Listing, Moment
from caveat.store import Store

_CHUNK = 500
_MOST_IN_PART = 1000
#: What joins two entries, the surest first, and how it is told.
_JOINS = {"party": "the starter record joins them", "number": "same number", "name": "same name"}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the ledger holds of one list as of a moment.

    entries    entries in force, as the last official snapshot by that day has them
    elsewhere  entries in force that only another source of the list states
    snapshot   the last official snapshot known by then, or the starter record's
    starter    True where no official file of the list was published by then
    is_cross_check  a list of lists: its entries are counted on those lists too
    """

    list: str
    entries: int
    elsewhere: int
    snapshot: Snapshot
    starter: bool
    is_cross_check: bool = False


@dataclass(frozen=True, slots=True)
class Relative:
    """Another entry of the same party, on this list or another, and why the two are joined.

    is_by_record  whether the starter record says so, rather than a number or name in common
    """

    entry_id: str
    why: str
    is_by_record: bool = False


class Ledger:
    """Reads a store. Nothing here writes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._timelines: tuple[str, dict[str, Timeline]] | None = None

    def generation(self) -> str:
        """The name of the ledger's present state."""
        with self.store.read() as connection:
            return _generation(connection)

    def timelines(self) -> dict[str, Timeline]:
        """Every list's snapshots, by list id."""
        with self.store.read() as connection:
            return self._timelines_on(connection)

    def _timelines_on(self, connection: sa.Connection) -> dict[str, Timeline]:
        """The timelines of the state this connection reads, so that both clocks agree with the index."""
        generation = _generation(connection)
        known = self._timelines
        if known is None or known[0] != generation:
            by_list: dict[str, list[Snapshot]] = defaultdict(list)
            for snap in snapshots(connection):
                by_list[snap.list].append(snap)
            known = self._timelines = (generation, {i: Timeline(snaps) for i, snaps in by_list.items()})
        return known[1]

    # --- who ---

    def resolve(self, entry_id: str) -> str:
        """The present id of an entry, given that or an id it once bore; UnknownEntryError else."""
        with self.store.read() as connection:
            present = sa.select(handle.c.entry_id).where(handle.c.entry_id == entry_id)
            if connection.execute(present.limit(1)).first():
                return entry_id
            former = sa.select(handle.c.entry_id).where(handle.c.kind == "id", handle.c.value == entry_id)
            found = connection.execute(former.order_by(handle.c.entry_id)).scalar()
        if found is None:
            raise UnknownEntryError(f"there is no entry {entry_id!r}", do="`caveat screen NAME` gives the ids")
        return str(found)

    def named(self, name: str) -> list[str]:
        """Ids of the entries that ever bore this name in full (case, marks, order aside)."""
        return self._by_handle("name", [name_key(name)])

    def named_in_part(self, name: str) -> list[str]:
        """Ids of the entries with a name that has every word of this one, shortest names first; [] for one word."""
        words = name_key(name).split()
        if len(words) < 2:
            return []
        pattern = [handle.c.value.like(f"%{word}%") for word in words]
        query = sa.select(handle.c.entry_id, handle.c.value).where(handle.c.kind == "name", *pattern)
        with self.store.read() as connection:
            found = [(len(r.value), str(r.entry_id)) for r in connection.execute(query.limit(_MOST_IN_PART))
                     if set(words) <= set(r.value.split())]  # fmt: skip
        return list(dict.fromkeys(entry_id for _, entry_id in sorted(found)))

    def at_address(self, address: str) -> list[str]:
        """Ids of the entries that ever stood at this address (case and punctuation aside)."""
        return self._by_handle("address", [address_key(address)])

    def numbered(self, identifier: Identifier) -> list[str]:
        """Ids of the entries that ever bore this number."""
        return self._by_handle("number", [number_key(identifier.kind, identifier.value)])

    def addresses_like(self, address: str) -> list[tuple[str, str]]:
        """(entry id, address key) of the entries whose address shares this one's longest number or word."""
        words = sorted(address_key(address).split(), key=lambda w: (w.isdigit(), len(w)), reverse=True)
        found: list[tuple[str, str]] = []
        with self.store.read() as connection:
            for word in [w for w in words if len(w) > 1][:2]:
                pattern = word.replace("\\", "").replace("%", "").replace("_", "")
                query = sa.select(handle.c.entry_id, handle.c.value).where(
                    handle.c.kind == "address", handle.c.value.like(f"%{pattern}%")
                )
                found += [(str(r.entry_id), str(r.value)) for r in connection.execute(query)]
        return sorted(set(found))

    def _by_handle(self, kind: str, values: Sequence[str]) -> list[str]:
        values = [bounded(v) for v in values if v]
        query = sa.select(handle.c.entry_id).where(handle.c.kind == kind, handle.c.value.in_(values)).distinct()
        with self.store.read() as connection:
            return sorted(connection.execute(query).scalars())

    def ids(self, list_id: str) -> list[str]:
        """Ids of every entry that was ever on a list."""
        query = sa.select(saying.c.entry_id).where(saying.c.list == list_id).distinct()
        with self.store.read() as connection:
            return sorted(connection.execute(query).scalars())

    # --- what was said ---

    def listings(self, entry_ids: Sequence[str], as_of: AsOf) -> dict[str, Listing]:
        """The listings of entries as of a moment; an entry not known by then is left out."""
        out: dict[str, Listing] = {}
        with self.store.read() as connection:
            timelines = self._timelines_on(connection)
            for start in range(0, len(entry_ids), _CHUNK):
                groups = sayings_of(connection, entry_ids[start : start + _CHUNK])
                contents = entries_of(connection, [s.statement_id for group in groups.values() for s in group])
                for entry_id, group in groups.items():
                    list_id = contents[group[0].statement_id].list
                    found = merge(list_id, group, contents, timelines[list_id], as_of)
                    if found is not None:
                        out[entry_id] = found
        return out

    def listing(self, entry_id: str, as_of: AsOf) -> Listing | None:
        """One listing as of a moment, or None where the entry was not known by then."""
        entry_id = self.resolve(entry_id)
        return self.listings([entry_id], as_of).get(entry_id)

    def names_known(self, entry_id: str, known: Moment) -> frozenset[str]:
        """Keys of every name the entry had borne by then, in any wording."""
        return self.all_names_known([entry_id], known).get(entry_id, frozenset())

    def all_names_known(self, entry_ids: Sequence[str], known: Moment) -> dict[str, frozenset[str]]:
        """The same for many entries, by id; an entry with no dated name is left out."""
        out: dict[str, set[str]] = defaultdict(set)
        with self.store.read() as connection:
            for start in range(0, len(entry_ids), _CHUNK):
                query = (
                    sa.select(saying.c.entry_id, statement.c.traits)
                    .join(saying, saying.c.statement_id == statement.c.id)
                    .where(saying.c.entry_id.in_(entry_ids[start : start + _CHUNK]), saying.c.since <= known.key)
                )
                for row in connection.execute(query):
                    out[row.entry_id].update(Traits.from_json(row.traits).names)
        return {entry_id: frozenset(names) for entry_id, names in out.items()}

    def coverage(self, as_of: AsOf) -> list[Coverage]:
        """Each list with something in it by then, with the number of entries in force."""
        out = []
        crossed = 0
        with self.store.read() as connection:
            timelines = self._timelines_on(connection)
            for list_id, timeline in timelines.items():
                official = timeline.last_official(as_of.known)
                snap = official or timeline.starter
                if snap is None:
                    continue
                lead = timeline.last_official(min(as_of.known, Moment(as_of.in_force.isoformat())))
                check = timeline.last_official(as_of.known, CROSS_CHECK)
                stated = elsewhere = 0
                for group, ids in self._in_force(connection, list_id, as_of):
                    is_stated = lead is None or covers(group, lead)
                    stated += is_stated * len(ids)
                    elsewhere += (not is_stated) * len(ids)
                    crossed += (check is not None and covers(group, check)) * len(ids)
                if list_id != CROSS_CHECK:
                    out.append(Coverage(list_id, stated, elsewhere, snap, official is None))
        if checked := _cross_check(timelines, as_of.known):
            out.append(Coverage(CROSS_CHECK, crossed, 0, checked[0], starter=False, is_cross_check=True))
        return sorted(out, key=lambda c: c.list)

    def officially(self) -> frozenset[str]:
        """The lists of which an official file was ever loaded, the consolidated list among them."""
        whole = {i: t.streams for i, t in self.timelines().items() if t.streams}
        return frozenset(whole) | ({CROSS_CHECK} if any(CROSS_CHECK in s for s in whole.values()) else frozenset())

    def cross_check(self, known: Moment) -> tuple[Snapshot, int] | None:
        """The last file of the consolidated list by then, and its entries on all lists; None before there was one."""
        return _cross_check(self.timelines(), known)

    def cross_checked(self, known: Moment) -> list[str]:
        """The lists of which the consolidated list spoke by then."""
        return sorted(i for i, t in self.timelines().items() if t.last_official(known, CROSS_CHECK))

    def in_force(self, list_id: str, as_of: AsOf) -> list[str]:
        """Ids of the list's entries in force as of a moment."""
        with self.store.read() as connection:
            return sorted(i for _, ids in self._in_force(connection, list_id, as_of) for i in ids)

    def _in_force(self, connection: sa.Connection, list_id: str, as_of: AsOf) -> Iterator[tuple[list[Said], list[str]]]:
        """What was said of the entries in force, and of which of them."""
        timeline = self._timelines_on(connection).get(list_id)
        if timeline is None:
            return
        presences = Presences(timeline, as_of)
        for group, ids in alike(connection, list_id):
            found = presences.of(group)
            if found is not None and found.status == "listed":
                yield group, ids

    # --- what changed ---

    def history(self, entry_id: str, known: Moment) -> list[Change]:
        """The entry's life as each stream told it: added, amended with each difference, removed."""
        entry_id = self.resolve(entry_id)
        with self.store.read() as connection:
            group = sayings(connection, saying.c.entry_id == entry_id)[entry_id]
            contents = entries_of(connection, [s.statement_id for s in group])
            timeline = self._timelines_on(connection)[contents[group[0].statement_id].list]
        return [step for step in life(group, contents, timeline) if step.on <= known]

    def changes(self, start: Moment, end: Moment, list_id: str | None = None) -> list[Change]:
        """What was added, amended and removed on the lists between two moments (the second included)."""
        first, last = AsOf(start.day, start), AsOf(end.day, end)
        out: list[Change] = []
        with self.store.read() as connection:
            for each, timeline in sorted(self._timelines_on(connection).items()):
                if list_id in (None, each):
                    out += between(connection, sayings(connection, saying.c.list == each), timeline, first, last)
        return out

    # --- one party, several entries ---

    def relatives(self, entry_id: str) -> list[Relative]:
        """Other entries of the same party, each with the reason for joining them."""
        query = sa.select(handle.c.kind, handle.c.value).where(
            handle.c.entry_id == entry_id, handle.c.kind.in_(("party", "number", "name"))
        )
        why: dict[str, Relative] = {}
        with self.store.read() as connection:
            own = connection.execute(query).all()
            mine = self._traits(connection, entry_id)
            for kind, label in _JOINS.items():
                values = [v for k, v in own if k == kind and (kind != "name" or _is_telling(v))]
                others = sa.select(handle.c.entry_id, handle.c.value).where(
                    handle.c.kind == kind, handle.c.value.in_(values), handle.c.entry_id != entry_id
                )
                for other, value in connection.execute(others.order_by(handle.c.entry_id, handle.c.value)).all():
                    if other in why or (kind == "name" and _apart(mine, self._traits(connection, other))):
                        continue
                    why[other] = Relative(other, f"{label}: {value}", kind == "party")
        return [found for _, found in sorted(why.items())]

    def _traits(self, connection: sa.Connection, entry_id: str) -> Traits:
        query = (
            sa.select(statement.c.traits)
            .join(saying, saying.c.statement_id == statement.c.id)
            .where(saying.c.entry_id == entry_id)
            .order_by(saying.c.since.desc())
        )
        return Traits.from_json(connection.execute(query.limit(1)).scalar_one())

    # --- for the screening index ---

    def wordings(self) -> Iterator[tuple[str, Entry]]:
        """Every entry in every wording it ever had: (entry id, content)."""
        query = sa.select(saying.c.entry_id, statement.c.content).join(
            statement, saying.c.statement_id == statement.c.id
        )
        with self.store.read() as connection:
            for row in connection.execute(query.order_by(saying.c.entry_id, saying.c.since)):
                yield row.entry_id, Entry.from_dict(json.loads(row.content))

    def disagreements(self, list_id: str, as_of: AsOf) -> Iterator[tuple[Listing, Disagreement]]:
        """Where the origin and the consolidated list differ in substance about a list's entries."""
        found = self.listings(self.in_force(list_id, as_of), as_of)
        for _, listing in sorted(found.items()):
            for disagreement in listing.disagreements:
                yield listing, disagreement


def _cross_check(timelines: Mapping[str, Timeline], known: Moment) -> tuple[Snapshot, int] | None:
    files = [snap for t in timelines.values() if (snap := t.last_official(known, CROSS_CHECK))]
    if not files:
        return None
    last = max(files, key=lambda snap: snap.order)
    return last, sum(snap.row_count for snap in files if snap.sha256 == last.sha256)


_GENERATION = sa.select(mark.c.value).where(mark.c.name == "generation")


def _generation(connection: sa.Connection) -> str:
    return connection.execute(_GENERATION).scalar() or ""


def _is_telling(key: str) -> bool:
    """Whether a name says enough to join two entries by itself."""
    return len(key) >= 6 or (len(key) >= 2 and not key.isascii())


def _apart(one: Traits, other: Traits) -> bool:
    kinds = {one.kind, other.kind} - {"unknown"}
    countries = bool(one.countries and other.countries and not set(one.countries) & set(other.countries))
    births = bool(one.births and other.births and not set(one.births) & set(other.births))
    return len(kinds) == 2 or countries or births
