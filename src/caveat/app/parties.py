"""Who a party is: screen, compare, confirm, reject, receipts."""

from __future__ import annotations

import csv
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from caveat import __version__
from caveat.app.desk import Desk
from caveat.batch import (
    STEP,
    Block,
    Frame,
    Progress,
    Rejected,
    Row,
    Screener,
    SparkWishes,
    Work,
    answer_blocks,
    portioned,
    read_queries,
    screen_file,
    screen_folder_on_spark,
    screen_on_spark,
    tell_query,
    write_receipt,
)
from caveat.errors import InputError, UnknownEntryError
from caveat.ledger import keep_word, name_key, queries_with_words
from caveat.model import AsOf, canonical_json
from caveat.model.answer import Answer, Hit, ScreenAnswer
from caveat.screening import Comparison, Query, compare, ofac_score, to_svg

#: A file below this many bytes is screened in one process: starting others takes longer.
_SMALL = 200_000
#: Queries answered at a time where answers are given as they are made.
_PORTION = 32


class PartyDesk(Desk):
    """Who is this?"""

    def screen(
        self, query: Query | str, *, as_of: AsOf | None = None, lists: Sequence[str] = (), limit: int = 10,
        threshold: float | None = None, kind: str | None = None, near: bool = False,
    ) -> ScreenAnswer:  # fmt: skip
        """The entries in force that one party may be, best first, each with its evidence."""
        as_of = as_of or self.as_of()
        lists = self._lists(lists, as_of)
        query = Query(query) if isinstance(query, str) else query
        screener = self._screener(as_of)
        said = screener.said(query.name) if name_key(query.name) in self._worded() else {}
        options = _set({"threshold": threshold, "kind": kind})
        answer = _answer(screener.answer(query, said, lists=lists, limit=limit, **options), self.basis(as_of, lists))
        if near:
            return ScreenAnswer({**answer.data, "near": screener.near(query)}, answer.hits)
        return answer

    def prepare(self) -> None:
        """Build the search index of the ledger's present state, so that the next question is answered at once."""
        self._screener(self.as_of())

    def settle(self) -> None:
        """Write down what stands in force today, from which a service answers without asking the ledger."""
        self._screener(self.as_of()).write_cards()

    def screen_each(
        self, queries: Iterable[Query | Rejected], *, as_of: AsOf | None = None, **options: Any
    ) -> Iterator[ScreenAnswer]:
        """Screen many, in order; what cannot be read gives an answer of status `error` in its place."""
        as_of = as_of or self.as_of()
        basis, options = self._many(as_of, options)
        screener = self._screener(as_of)
        worker = screener.worker(screener.work(written=False, **options))
        rest = iter(queries)
        while some := list(itertools.islice(rest, _PORTION)):
            for told in worker.answers(some):
                yield _answer(told, basis)

    def _worded(self) -> Set[str]:
        """The names on which somebody's word is kept."""
        return queries_with_words(self.store)

    def _many(self, as_of: AsOf, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The basis of many answers, and the options of the search."""
        lists = self._lists(options.get("lists", ()), as_of)
        return self.basis(as_of, lists), {**_set(options), "lists": lists}

    def queries(self, path: Path | str) -> Iterator[Query | Rejected]:
        """The rows of a file of counterparties, in order."""
        return (query for _, query in read_queries(Path(path)))

    def screen_file(
        self, path: Path | str, out: Path | str, *, as_of: AsOf | None = None, workers: int | None = None,
        engine: str = "local", spark: SparkWishes | None = None, **options: Any,
    ) -> Iterator[Progress]:  # fmt: skip
        """Screen a file of counterparties into a file of answers, yielding progress; resumable.

        The ending of `out` says the form: `.csv` and `.parquet` give a table with one row a hit, anything else
        one JSON answer a line. `workers` processes search (None: one a core where the file is worth it); with
        `engine="spark"` those of an Apache Spark cluster do. The answers do not depend on it.
        """
        path, out, as_of = Path(path), Path(out), as_of or self.as_of()
        basis, options = self._many(as_of, options)
        screener = self._screener(as_of)
        if engine == "spark":
            work = screener.work(written=True, **options)
            yield from screen_on_spark(path, out, work, basis, spark or SparkWishes())
            return
        if engine != "local":
            raise InputError(f"{engine!r} is no engine", where="--engine", do="local or spark")
        size = path.stat().st_size if path.is_file() else 0
        count = workers or (os.cpu_count() or 1 if size > _SMALL else 1)
        work = screener.work(written=count > 1, **options)
        rests_on = f"{__version__} {screener.generation} {as_of} {sorted(options.items())} {canonical_json(work.said)}"
        yield from screen_file(path, out, _answerer(screener, work, count), basis, rests_on)

    def screen_frame(
        self, frame: Any, *, as_of: AsOf | None = None, workers: int | None = None, every_hit: bool = False,
        **options: Any,
    ) -> Any:  # fmt: skip
        """Screen a Polars or pandas frame with a column `name`; the same kind of frame comes back.

        Its rows stand in their order, with `status`, the number of `hits`, and the best hit beside each
        (`score`, `entry_id`, `list`, `listed_name`, `matched_name`, `effective_on`, `citation`, `evidence` as JSON),
        or `error`. `every_hit` gives a row for each hit.
        """
        asked, as_of = Frame(frame), as_of or self.as_of()
        _, options = self._many(as_of, options)
        screener = self._screener(as_of)
        count = workers or (os.cpu_count() or 1 if len(asked) > _SMALL // 40 else 1)
        work = screener.work(written=count > 1, **options)
        blocks = _answerer(screener, work, count)(portioned(asked.rows(), STEP))
        lines = (json.loads(line) for block in blocks for line in block.answers.splitlines())
        return asked.answered(lines, every_hit=every_hit)

    def screen_folder(
        self, source: str, out: str, *, spark: SparkWishes, as_of: AsOf | None = None, **options: Any
    ) -> Iterator[Progress]:
        """Screen Parquet that only a Spark cluster reads (a folder, `hdfs://`, `s3a://` …) into such a folder."""
        as_of = as_of or self.as_of()
        basis, options = self._many(as_of, options)
        work = self._screener(as_of).work(written=True, **options)
        yield from screen_folder_on_spark(source, out, work, basis, spark)

    def receipt(self, answer: Answer, path: Path | str) -> Path:
        """Write a dated receipt of an answer, with its evidence and the lists it rests on (.json or .pdf)."""
        return write_receipt(answer.to_dict(), Path(path), at=self.now(), version=__version__)

    def compare(self, one: str, other: str, kind: str | None = None) -> Answer:
        """One name against another, with the evidence."""
        found = tell_comparison(compare(one, other, kind))
        return Answer({"name1": one, "name2": other, "kind": kind, **found, "ofac_score": ofac_score(one, other)})

    def compare_pairs(self, path: Path | str) -> Iterator[dict[str, Any]]:
        """Each row of a CSV with the columns `kind,name1,name2`, in order, with its `score` and `verdict`.

        What cannot be compared has the verdict `error` and says why; the others are compared all the same.
        """
        path = Path(path)
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                if missing := {"name1", "name2"} - set(reader.fieldnames or ()):
                    what = f"has no column {sorted(missing)[0]!r}"
                    raise InputError(what, where=str(path), do="columns: kind,name1,name2")
                for row in reader:
                    given = {str(k): v for k, v in row.items()}
                    try:
                        answer = self.compare(row["name1"] or "", row["name2"] or "", row.get("kind") or None)
                    except InputError as error:
                        yield {**given, "score": None, "verdict": "error", "error": str(error)}
                    else:
                        yield {**given, "score": answer["score"], "verdict": answer["verdict"]}
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=str(path)) from None
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"is not CSV in UTF-8 ({error})", where=str(path)) from None

    def draw_comparison(self, one: str, other: str, path: Path | str, kind: str | None = None) -> Path:
        """The evidence on two names as a waterfall, in an .svg or .png file."""
        from caveat.graph import to_png

        path = Path(path)
        if path.suffix.casefold() not in (".svg", ".png"):
            raise InputError("is neither .svg nor .png", where=str(path), do="name the picture so")
        found = compare(one, other, kind)
        svg = to_svg(found.evidence, f"{one} / {other}", found.score)
        try:
            path.write_bytes(to_png(svg) if path.suffix.casefold() == ".png" else svg.encode())
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", where=str(path), do="check the folder") from None
        return path

    def confirm(self, query: Query | str, entry: str, why: str, who: str | None = None) -> Answer:
        """A person's word that a hit is the party asked for."""
        return self._keep_word("confirmed", query, entry, why, who)

    def reject(self, query: Query | str, entry: str, why: str, who: str | None = None) -> Answer:
        """A person's word that a hit is somebody else."""
        return self._keep_word("rejected", query, entry, why, who)

    def _keep_word(self, said: str, query: Query | str, entry: str, why: str, who: str | None) -> Answer:
        query = Query(query) if isinstance(query, str) else query
        who = who or self.config.who
        if not why.strip():
            raise InputError("a word on a hit needs its reason", do="give --why TEXT")
        if not who:
            raise InputError("nobody to keep the word under", do="give --who NAME, or set CAVEAT_WHO")
        listing = self.ledger.listing(entry, self.as_of())
        if listing is None:
            raise UnknownEntryError(f"entry {entry!r} is not known today", do="`caveat screen NAME` gives the ids")
        word = keep_word(self.store, said, tell_query(query), listing, why=why, who=who, at=self.now())
        return Answer({"query": tell_query(query), "entry_id": listing.entry_id, "word": word.to_dict()})


def _answerer(screener: Screener, work: Work, count: int) -> Callable[[Iterator[list[Row]]], Iterator[Block]]:
    """Answers portions of rows in `count` processes; in this one where that is 1."""

    def answer(portions: Iterator[list[Row]]) -> Iterator[Block]:
        if count > 1:
            return answer_blocks(work, portions, count)
        worker = screener.worker(work)
        return (worker.block(rows) for rows in portions)

    return answer


def _answer(told: Mapping[str, Any], basis: Mapping[str, Any]) -> ScreenAnswer:
    data = {k: v for k, v in told.items() if k != "schema_version"}
    return ScreenAnswer({**data, "basis": basis}, tuple(map(_hit, told["hits"])))


def _hit(told: Mapping[str, Any]) -> Hit:
    return Hit(**{**told, "evidence": tuple(told["evidence"]), "countries": tuple(told["countries"])})


def _set(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a search that were given."""
    return {name: value for name, value in options.items() if value is not None}


def tell_comparison(found: Comparison) -> dict[str, Any]:
    """A comparison in plain JSON values."""
    evidence = [e.to_dict() for e in found.evidence]
    return {"score": found.score, "verdict": found.verdict, "evidence": evidence}
