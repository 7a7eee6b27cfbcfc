"""Take a publisher's file into the ledger: read, check, append what differs. All of it, or none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from caveat.errors import CaveatError, GuardError, InputError, RefusedError, ShapeError
from caveat.ledger.changes import counts
from caveat.ledger.draw import draw, set_generation
from caveat.ledger.sayings import sayings
from caveat.ledger.snapshot import STREAMS, Given, Snapshot, append, keep_file, snapshots
from caveat.ledger.tables import saying
from caveat.ledger.view import Timeline
from caveat.model import Moment
from caveat.sources import (
    Catalog,
    Document,
    Layout,
    ListInfo,
    Reading,
    date_in_name,
    open_path,
    read,
    recognize,
)
from caveat.store import Store

#: What a wrongly decoded name looks like: UTF-8 read as something else, or the reverse.
_MOJIBAKE = re.compile("[\ufffd\x80-\x9f]|Ã[\u00a0-\u00bf]|â€|Ð[\u0080-\u00bf]")
#: A handful of entries may always go.
_SLACK = 5


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one list of one file. `status`: loaded, unchanged or refused."""

    list: str
    file: str
    status: str
    layout: str | None = None
    rows: int = 0
    added: int = 0
    amended: int = 0
    removed: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    snapshot: str | None = None
    published: Moment | None = None
    dated_by: str | None = None
    notes: tuple[str, ...] = ()
    why: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The row of `caveat refresh --format json`."""
        return {
            "list": self.list, "file": self.file, "status": self.status, "layout": self.layout, "rows": self.rows,
            "added": self.added, "amended": self.amended, "removed": self.removed, "unread": self.unread,
            "snapshot": self.snapshot, "as_of": self.published.text if self.published else None,
            "dated_by": self.dated_by, "notes": list(self.notes), "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller says of the files.

    lists      only these lists are taken; empty takes all
    published  the date of a file that has none
    accept     a reason for taking a list that shrank beyond its bound
    extract    the file is a part of the list: what it lacks is not removed
    layout     read it so, instead of recognizing it
    fallback   the date of a file that has none anywhere (a fetch: its moment)
    live       fetched from the publisher: the catalog's counts bind
    """

    lists: tuple[str, ...] = ()
    published: Moment | None = None
    accept: bool = False
    extract: bool = False
    layout: Layout | None = None
    fallback: Moment | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be unpacked; the files beside it are still taken."""

    name: str
    error: CaveatError


def documents_at(path: Path) -> Iterator[Document | Broken]:
    """The documents in a file or a folder (its files alone, by date in the name, then by name).

    InputError where there is nothing that can be opened.
    """
    try:
        is_there, is_folder = path.exists(), path.is_dir()
        files = [p for p in path.iterdir() if p.is_file() and not p.name.startswith(".")] if is_folder else []
    except OSError as error:
        raise InputError(f"cannot be opened ({error.strerror})", where=str(path)[:200], do="check the path") from None
    if not is_there:
        raise InputError("there is no such file or folder", where=str(path), do="check the path")
    if not is_folder:
        return _each([path])
    if not files:
        raise InputError("the folder holds no file", where=str(path), do="name a file or another folder")
    return _each(sorted(files, key=lambda p: ((date_in_name(p.name) or Moment("9999-12-31")).key, p.name)))


def _each(files: Sequence[Path]) -> Iterator[Document | Broken]:
    for path in files:
        try:
            yield from open_path(path)
        except CaveatError as error:
            if isinstance(error, InputError) and len(files) == 1:
                raise
            yield Broken(error.where or path.name, error)


class Refresher:
    """Takes documents into a store. `now` is the moment of loading (UTC, ISO)."""

    def __init__(self, store: Store, catalog: Catalog, now: str) -> None:
        self.store = store
        self.catalog = catalog
        self.now = now

    def take_all(self, documents: Iterable[Document | Broken], wishes: Wishes) -> Iterator[Refreshed]:
        """Take each document; a companion read together with its main file is not taken twice."""
        used: set[str] = set()
        waiting: list[tuple[Document, Layout, Reading]] = []
        for document in documents:
            if isinstance(document, Broken):
                yield _refused(document.name, document.error)
                continue
            if document.name in used:
                continue
            try:
                layout = wishes.layout or recognize(document, _only(wishes))
                if known := self._known(document, layout, wishes):
                    yield from known
                    continue
                reading = read(document, layout)
                used.update(reading.used)
                used.update(name.removesuffix(".gz") for name in reading.used)
                if not reading.states_presence:
                    waiting.append((document, layout, reading))
                    continue
                yield from self._take(document, layout, reading, wishes)
            except CaveatError as error:
                yield _refused(document.name, error)
        for document, layout, reading in waiting:
            if document.name not in used:
                try:
                    yield from self._take(document, layout, reading, wishes)
                except CaveatError as error:
                    yield _refused(document.name, error)

    def _known(self, document: Document, layout: Layout, wishes: Wishes) -> list[Refreshed]:
        """Reports for a file that was read before, told from its bytes alone; empty where it must be read."""
        if layout.has_companions or wishes.extract:
            return []
        with self.store.read() as connection:
            same = [
                s
                for s in snapshots(connection, sha256=document.sha256)
                if s.layout == layout.id and s.reach == "whole" and _is_same_day(s, document, wishes)
            ]
        return [
            Refreshed(
                list=s.list, file=document.name, status="unchanged", layout=s.layout, rows=s.row_count,
                snapshot=f"sha256:{s.sha256}", published=s.published, dated_by=s.dated_by,
            )
            for s in same
            if not wishes.lists or s.list in wishes.lists or s.stream in wishes.lists
        ]  # fmt: skip

    def _take(self, document: Document, layout: Layout, reading: Reading, wishes: Wishes) -> list[Refreshed]:
        published, dated_by = _dated(document, reading, wishes)
        files = [document, *_companions(document, reading)]
        sha256 = _name_of(files)
        takes_all = not wishes.lists or layout.stream in wishes.lists  # `us.trade.csl` names the whole file
        wanted = [x for x in dict.fromkeys((*layout.lists, *reading.lists)) if takes_all or x in wishes.lists]
        if not any(reading.lists.get(x) for x in wanted):
            raise ShapeError(
                f"holds nothing of {', '.join(wishes.lists)}", where=document.name, do="leave the list out to take all"
            )
        if wishes.live and layout.stream in self.catalog:
            check_count(layout.stream, sum(map(len, reading.lists.values())), self.catalog[layout.stream])
        out = []
        with self.store.write() as connection:
            for list_id in wanted:
                rows = reading.lists.get(list_id, ())
                reach = "fields" if not reading.states_presence else "extract" if wishes.extract else "whole"
                given = Given(
                    list=list_id, stream=layout.stream, published=published, sha256=sha256, layout=layout.id,
                    file_name=document.name, dated_by=dated_by, holds=reading.holds, reach=reach,
                    rows=[(row.entry, row.place) for row in rows], unread=reading.unread, notes=reading.notes,
                    files=[f.sha256 for f in files],
                )  # fmt: skip
                report = self._take_list(connection, given, wishes)
                if report:
                    out.append(report)
            if any(r.status == "loaded" for r in out):
                for each in files:
                    keep_file(connection, each.sha256, each.data)
                set_generation(connection)
        return out

    def _take_list(self, connection: sa.Connection, given: Given, wishes: Wishes) -> Refreshed | None:
        earlier = [s for s in snapshots(connection, given.list) if s.stream == given.stream]
        before = _preceding(earlier, given)
        if not given.rows and (before is None or not before.row_count):
            return None
        info = self._info(given.list)
        notes = list(given.notes)
        if given.published.text[:10] > self.now[:10]:
            notes.insert(0, f"its date, {given.published} ({given.dated_by}), is still to come: until then it is "
                            "not counted as known; state another with --published")  # fmt: skip
        if before is None and given.reach == "whole" and len(given.rows) < info.expected_min // 10:
            notes.insert(0, f"{len(given.rows)} rows where {info.expected_min:,} or more are usual: "
                            "if the file is only a part of the list, load it with --extract")  # fmt: skip
        shown = {
            "list": given.list, "file": given.file_name, "layout": given.layout, "rows": len(given.rows),
            "unread": dict(given.unread), "snapshot": f"sha256:{given.sha256}", "published": given.published,
            "dated_by": given.dated_by, "notes": tuple(notes),
        }  # fmt: skip
        same = (given.sha256, given.published, given.layout, given.reach)
        if any((s.sha256, s.published, s.layout, s.reach) == same for s in earlier):
            return Refreshed(status="unchanged", **shown)  # type: ignore[arg-type]
        try:
            check(given, before, info, wishes)
        except RefusedError as error:
            return Refreshed(status="refused", why=str(error), **shown)  # type: ignore[arg-type]
        snapshot_id = append(connection, given, self.now)
        draw(connection, given.list)
        timeline = Timeline(snapshots(connection, given.list))
        groups = sayings(connection, saying.c.list == given.list)
        added, amended, removed = counts(connection, groups, timeline, timeline.by_id[snapshot_id])
        return Refreshed(status="loaded", added=added, amended=amended, removed=removed, **shown)  # type: ignore[arg-type]

    def _info(self, list_id: str) -> ListInfo:
        if list_id in self.catalog:
            return self.catalog[list_id]
        return ListInfo(list_id, list_id, "", "", 365, 0, 10**9, shrink=0.25)


def check(given: Given, before: Snapshot | None, info: ListInfo, wishes: Wishes) -> None:
    """GuardError where the list is smaller or worse written than it can lawfully have become."""
    rows = len(given.rows)
    if wishes.live and given.stream == "origin":
        check_count(given.list, rows, info)
    if given.reach != "whole":
        return
    if before is not None and not wishes.accept:
        years = max(1.0, (given.published.day - before.published.day).days / 365.25)
        slack = min(_SLACK, max(1, before.row_count // 2))
        least = before.row_count * (1 - info.shrink) ** years - slack
        if rows < least or (before.row_count and not rows):
            raise GuardError(
                f"shrank from {before.row_count} entries ({before.published}) to {rows}",
                where=f"{given.list} in {given.file_name}",
                do="the last good list stays; if this is lawful give --accept, if it is a part of the list --extract",
            )
    bad = sum(bool(_MOJIBAKE.search(entry.name)) for entry, _ in given.rows)
    if bad > max(3, rows // 50):
        raise GuardError(
            f"{bad} of {rows} names are wrongly encoded",
            where=f"{given.list} in {given.file_name}",
            do="fetch it again",
        )


def check_count(list_id: str, rows: int, info: ListInfo) -> None:
    """GuardError where a fetched list holds fewer or more entries than the catalog expects."""
    if not info.expected_min <= rows <= info.expected_max:
        raise GuardError(
            f"{rows} entries, where {info.expected_min} to {info.expected_max} are expected",
            where=list_id,
            do="the last good list stays; look at the publisher's page",
        )


def _is_same_day(snap: Snapshot, document: Document, wishes: Wishes) -> bool:
    """Whether the file, loaded now, would be given the date it was given then."""
    if wishes.published is not None:
        return wishes.published == snap.published
    return snap.dated_by in ("file", "newest row") or (snap.dated_by == "file name" and document.name == snap.file_name)


def _only(wishes: Wishes) -> str | None:
    """The one list asked for; a stream's name asks for whatever the file holds."""
    return wishes.lists[0] if len(wishes.lists) == 1 and wishes.lists[0] not in STREAMS else None


def _preceding(earlier: Sequence[Snapshot], given: Given) -> Snapshot | None:
    """The whole snapshot of the same stream that precedes this file's own date."""
    return max(
        (s for s in earlier if s.reach == "whole" and s.published < given.published),
        key=lambda s: s.order,
        default=None,
    )


def _dated(document: Document, reading: Reading, wishes: Wishes) -> tuple[Moment, str]:
    if wishes.published is not None:
        return wishes.published, "stated"
    if reading.published is not None and not reading.inferred:
        return reading.published, "file"
    if not wishes.live and (named := date_in_name(document.name)) is not None:
        return named, "file name"
    if reading.published is not None and not wishes.live:
        return reading.published, "newest row"
    if wishes.fallback is not None:
        return wishes.fallback, "fetch"
    raise InputError("has no date in it", where=document.name, do="say when it was published: --published YYYY-MM-DD")


def _companions(document: Document, reading: Reading) -> list[Document]:
    """The files read together with this one."""
    found = (document.neighbor(name) or document.neighbor(f"{name}.gz") for name in reading.used)
    return [companion for companion in found if companion is not None]


def _name_of(files: Sequence[Document]) -> str:
    """The snapshot's hash: the file's, or one over the file's and its companions'."""
    if len(files) == 1:
        return files[0].sha256
    return hashlib.sha256(" ".join(f.sha256 for f in files).encode()).hexdigest()


def _refused(name: str, error: CaveatError) -> Refreshed:
    return Refreshed(list="", file=name, status="refused", why=str(error))
