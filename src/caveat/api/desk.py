"""The desk: one open ledger for all requests of a worker, and an index that is swapped behind their backs."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from caveat.api.cards import write_apart
from caveat.api.encoding import Shared
from caveat.api.log import complain, note
from caveat.app import App, Query
from caveat.config import Config
from caveat.errors import CaveatError, InputError, MissingPartError
from caveat.model import AsOf

_T = TypeVar("_T")
#: Days kept ready at once; the day nobody asked for longest goes first.
_DAYS = 6
_THREADS = 4
#: Answers kept at once; the largest, a year of changes, takes some megabytes.
_ANSWERS = 24
#: Entries kept at once, of about 10 kB each.
_ENTRIES = 2000
#: Bases kept at once.
_BASES = 200
#: "Trade" or the like in scripts that are read with tables of their own.
_SCRIPTS = ("贸易", "торговля", "تجارة", "무역", "ボウエキ", "การค้า", "व्यापार", "εμπόριο", "סחר")
#: Seconds for which the names with words are taken as they were read.
_FRESH = 1.0
#: Characters of a name that is searched for in about a millisecond.
_SHORT = 100


class Served(App):
    """An app whose index changes only when `renew` says so, never within a request."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._ready: OrderedDict[AsOf, Any] = OrderedDict()
        self._making = threading.Lock()
        self.generation = self.ledger.generation()
        self._bases: dict[tuple[str, AsOf, tuple[str, ...]], Shared] = {}
        self._words: tuple[float, Set[str]] | None = None
        self._writing: SpawnProcess | None = None
        self._tried: tuple[str, AsOf] | None = None

    def _screener(self, as_of: AsOf) -> Any:
        found = self._ready.get(as_of)
        if found is None:
            with self._making:
                found = self._ready.get(as_of)
                if found is None:
                    found = self._ready[as_of] = super()._screener(as_of)
                    while len(self._ready) > _DAYS:
                        self._ready.popitem(last=False)
        return found

    def basis(self, as_of: AsOf, lists: Sequence[str] = ()) -> dict[str, Any]:
        """What an answer rests on; kept until the ledger changes, and never written to."""
        key = (self.generation, as_of, tuple(lists))
        found = self._bases.get(key)
        if found is None:
            if len(self._bases) >= _BASES:
                self._bases.clear()
            found = self._bases[key] = Shared(super().basis(as_of, lists))
        return found

    def _worded(self) -> Set[str]:
        """The names with words, as they stood at most a second ago; words kept here are seen at once."""
        now = time.monotonic()
        if self._words is None or now - self._words[0] > _FRESH:
            self._words = (now, super()._worded())
        return self._words[1]

    def _keep_word(self, *args: Any) -> Any:
        try:
            return super()._keep_word(*args)
        finally:
            self._words = None

    def is_at_hand(self, method: str, args: Sequence[Any], options: Mapping[str, Any]) -> bool:
        """Whether an answer takes about a millisecond and asks no database (a name with words aside).

        The way to a thread and back then costs more than it is worth.
        """
        if method != "screen" or options.get("near") or options.get("lists"):
            return False
        query, as_of = Query(args[0]) if isinstance(args[0], str) else args[0], options.get("as_of") or self.as_of()
        if len(query.name) > _SHORT or query.aliases or query.address or query.identifiers:
            return False
        screener = self._ready.get(as_of)
        if screener is None or not screener.is_settled or (self.generation, as_of, ()) not in self._bases:
            return False
        return self._words is not None and time.monotonic() - self._words[0] <= _FRESH

    def renew(self) -> bool:
        """Open the index of the ledger's present state, then put it in the place of the former. True if it changed."""
        present = self.ledger.generation()
        if present == self.generation and self._ready:
            return False
        as_of = self.as_of()
        with self._making:
            fresh = super()._screener(as_of)
            fresh.screen(Query("Caveat Trading Company Limited"))  # the first question reads words and pages in
        self._ready = OrderedDict({as_of: fresh})
        self.generation = present
        return True

    def warm(self) -> None:
        """Ask in many scripts, which loads what reads them."""
        screener = self._screener(self.as_of())
        for name in _SCRIPTS:
            screener.screen(Query(name))

    def keep_settled(self) -> str | None:
        """Answer today's questions from what stands in force, written down by a process beside this one.

        Until then they are answered from the ledger, which takes longer. Returns what there is to log.
        """
        today = self._screener(self.as_of())
        if self._writing is not None:
            if self._writing.is_alive():
                return None
            code, self._writing = self._writing.exitcode, None
            if code:
                return "cards not written"
        if today.settle() or self._tried == (self.generation, today.as_of):
            return None
        self._tried = (self.generation, today.as_of)
        self._writing = write_apart(self.config)
        return None

    def close(self) -> None:
        """Give the database back; whoever writes cards stops."""
        if self._writing is not None:
            self._writing.terminate()
        super().close()


class Desk:
    """Takes questions from the doors and asks the app in threads, so that a slow one stops no other."""

    def __init__(self, config: Config) -> None:
        self.app = Served(config)
        self._threads = ThreadPoolExecutor(_THREADS, "caveat-desk")
        self._watch: asyncio.Task[None] | None = None
        self._kept: dict[tuple[Any, ...], asyncio.Future[Any]] = {}
        self._entries: dict[tuple[str, str], dict[str, Any]] = {}
        self.is_ready = False

    def has(self, method: str) -> bool:
        """Whether the app can do this."""
        return callable(getattr(self.app, method, None))

    @property
    def tag(self) -> str:
        """Names everything an answer from the ledger rests on: its state, the day, the version."""
        from caveat import __version__

        return f"{self.app.generation[:16]}.{self.app.today():%Y%m%d}.{__version__}"

    async def do(self, work: Callable[[], _T]) -> _T:
        """Run work in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def ask(self, method: str, /, *args: Any, **options: Any) -> Any:
        """The answer of one method of the app."""
        if not self.has(method):
            raise MissingPartError(f"this Caveat cannot {method}", do="install a newer version")
        work = partial(getattr(self.app, method), *args, **options)
        try:
            return work() if self.app.is_at_hand(method, args, options) else await self.do(work)
        except UnicodeEncodeError:
            raise InputError("holds half a character (a lone surrogate)", do="send text in UTF-8") from None

    async def recall(self, method: str, /, *args: Any) -> Any:
        """As `ask`, for answers that rest on nothing but the ledger and the day: kept until one of them changes.

        Whoever asks while the answer is made waits for the same.
        """
        key = (self.tag, method, args)
        found = self._kept.get(key)
        if found is None:
            while len(self._kept) >= _ANSWERS:
                self._kept.pop(next(iter(self._kept)))
            found = self._kept[key] = asyncio.ensure_future(self.ask(method, *args))
        try:
            return await asyncio.shield(found)
        except Exception:
            self._kept.pop(key, None)
            raise

    async def entry(self, entry_id: str) -> dict[str, Any]:
        """One entry as `show` tells it today, kept as long as the ledger and the day stand."""
        tag = self.tag
        found = self._entries.get((tag, entry_id))
        if found is None:
            found = (await self.ask("show", entry_id)).to_dict()
            if len(self._entries) >= _ENTRIES:
                self._entries.clear()
            self._entries[(tag, entry_id)] = found
        return dict(found)

    async def each(self, items: Callable[[], Iterator[_T]]) -> AsyncIterator[_T]:
        """The items of a slow iterator, made in a thread one by one, as the client takes them."""
        iterator = await self.do(items)
        done = object()
        while (item := await self.do(lambda: next(iterator, done))) is not done:
            yield item  # type: ignore[misc]

    async def open(self) -> None:
        """Make ready: open the index, then watch for refreshes by other processes."""
        self._watch = asyncio.create_task(self._keep_fresh())

    async def close(self) -> None:
        """Stop watching and give the database back."""
        if self._watch:
            self._watch.cancel()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.app.close()

    async def _keep_fresh(self) -> None:
        is_warm = True
        while True:
            try:
                was_ready = self.is_ready
                if renewed := await asyncio.to_thread(self.app.renew):
                    note("index opened", generation=self.app.generation[:16])
                    self.is_ready, is_warm = True, False
                elif not is_warm:  # what takes longer comes when the first questions are answered
                    is_warm = True
                    await self.do(self.app.warm)
                    await self.recall("lists", self.app.as_of())
                _tidy(everything=renewed and was_ready)
                if complaint := await asyncio.to_thread(self.app.keep_settled):
                    complain(complaint)
            except Exception as error:  # the last good index stays; the log says why, readiness too
                why = str(error) if isinstance(error, CaveatError) else type(error).__name__
                complain("index not renewed", error=why)
            await asyncio.sleep(1.0)


def _tidy(*, everything: bool) -> None:
    """Free what refers to itself, and set apart what lives on, so that no request waits while it is looked through.

    Done each second there is little to look at. What was set apart is looked through when another index is opened.
    """
    if everything:
        gc.unfreeze()
    gc.collect(2 if everything else 0)
    gc.freeze()
