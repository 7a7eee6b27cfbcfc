"""Rows answered on all cores of this machine, in constant memory, in the order they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from caveat.batch.files import Row
from caveat.batch.work import Block, Work, Worker

#: Blocks that wait for each worker.
_AHEAD = 4

_kept: list[Worker] = []


def answer_blocks(work: Work, portions: Iterator[Sequence[Row]], workers: int) -> Iterator[Block]:
    """A block for each portion of rows, in order; at most `workers * _AHEAD` portions are in memory."""
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor

    waiting: deque[Future[Block]] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(work,)) as pool:
        try:
            for portion in portions:
                waiting.append(pool.submit(_answer, portion))
                if len(waiting) >= workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin(work: Work) -> None:
    import gc

    _kept[:] = [Worker(work)]
    gc.freeze()  # what is loaded stays


def _answer(rows: Sequence[Row]) -> Block:
    return _kept[0].block(rows)
