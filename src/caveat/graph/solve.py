"""The arithmetic of shares on arrays: the linear system, its bounds, and the tiers of the 50 percent rules.

Shares are fractions, 0 to 1. An edge e says that party `owner[e]` holds between `low[e]` and `high[e]` of party
`owned[e]`; all shares of one party add up to at most 1. Each party's shares stand in one row only, so the rows can
be chosen apart: the greatest value is that of a Markov decision process, which policy iteration finds exactly, and
the least takes every share at its least. The bounds are therefore the tightest there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_DENSE = 1200  # cores up to this size are solved directly
_STRICT = 1e-12  # a policy changes only where it gains more than this
#: A sum this little under the threshold is rounding, not a lesser share.
EPSILON = 1e-9


@dataclass(frozen=True, eq=False)
class Holdings:
    """Direct shares between `n` parties as arrays, one place an edge.

    room  what each party's least shares leave open; stated where edges that take of it are left out
    """

    n: int
    owner: Ints
    owned: Ints
    low: Floats
    high: Floats
    stated_room: Floats | None = None
    room: Floats = field(init=False)
    _down: tuple[Ints, Ints] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        room = self.stated_room
        if room is None:
            room = np.maximum(0.0, 1.0 - np.bincount(self.owned, self.low, minlength=self.n))
        object.__setattr__(self, "room", room)
        object.__setattr__(self, "_down", _index(self.owner, self.n))

    def below(self, parties: Ints) -> Ints:
        """The edges by which `parties` own others."""
        return _gather(self._down, parties)


def _index(key: Ints, n: int) -> tuple[Ints, Ints]:
    order = np.argsort(key, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(key, minlength=n)))).astype(np.int64), order


def _gather(index: tuple[Ints, Ints], keys: Ints) -> Ints:
    start, order = index
    counts = start[keys + 1] - start[keys]
    total = int(counts.sum())
    if not total:
        return np.empty(0, np.int64)
    first = np.repeat(start[keys] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    found: Ints = order[first + np.arange(total)]
    return found


def _add(at: Ints, values: Floats, n: int) -> Floats:
    return np.bincount(at, values, minlength=n).astype(np.float64, copy=False)


def integrated(held: Holdings, restricted: Bools, may_be: Bools | None = None) -> tuple[Floats, Floats]:
    """Least and greatest share of each party that restricted parties hold, through any number of others.

    `may_be` holds the restricted parties and those that may be so: the greatest share counts them all.

    The value x of the linear system x = Σ share · (1 for a restricted owner, else the owner's x): with a cycle its
    least solution, so that a circle that nobody outside owns adds nothing.
    """
    low = _solve(held, held.low, restricted)
    if may_be is not None and (may_be & ~restricted).any():
        return low, np.maximum(low, integrated(held, may_be)[1])
    flexible = held.high > held.low
    if not flexible.any():
        return low, low
    weights = _first_policy(held, low, restricted)
    value = _solve(held, weights, restricted)
    for _ in range(10_000):
        better = _best(held, value, restricted)
        credit = np.where(restricted, 1.0, value)[held.owner]
        gained = np.bincount(held.owned, better * credit, minlength=held.n)
        current = np.bincount(held.owned, weights * credit, minlength=held.n)
        improved = gained > current + _STRICT
        if not improved.any():
            break
        weights = np.where(improved[held.owned], better, weights)
        value = _solve(held, weights, restricted)
    return low, np.maximum(low, np.minimum(value, 1.0))


def _first_policy(held: Holdings, low: Floats, restricted: Bools) -> Floats:
    value: Floats = low
    for _ in range(30):
        weights = _best(held, value, restricted)
        new: Floats = _add(held.owned, weights * np.where(restricted, 1.0, value)[held.owner], held.n)
        if np.abs(new - value).max(initial=0.0) < _STRICT:
            break
        value = new
    return _best(held, value, restricted)


def _best(held: Holdings, value: Floats, restricted: Bools) -> Floats:
    """The shares that give each party its greatest value: room goes to the owners of greatest value first."""
    credit = np.where(restricted, 1.0, value)[held.owner]
    at = np.flatnonzero((held.high > held.low) & (credit > 0))
    weights = held.low.copy()
    if not len(at):
        return weights
    at = at[np.lexsort((-credit[at], held.owned[at]))]
    row, more = held.owned[at], (held.high - held.low)[at]
    total = np.cumsum(more)
    first = np.concatenate(([True], row[1:] != row[:-1]))
    before = total - more
    before -= np.maximum.accumulate(np.where(first, before, -1.0))
    weights[at] += np.clip(held.room[row] - before, 0.0, more)
    return weights


def held_in(held: Holdings, party: int) -> Floats:
    """The least share of one party that each party above it holds, through any chains and circles."""
    turned = Holdings(held.n, held.owned, held.owner, held.low, held.low)
    at = np.zeros(held.n, np.bool_)
    at[party] = True
    first = _solve(turned, held.low, at)
    back = min(first[party], 1.0 - _STRICT)  # what the party holds of itself comes round again
    found: Floats = np.minimum(1.0, first / (1.0 - back))
    return found


def tiers(
    held: Holdings, restricted: Bools, threshold: float, may_be: Bools | None = None
) -> tuple[Floats, Floats, Bools, Bools]:
    """The shares by tiers: an owner counts whole once counted owners hold `threshold` of it, else not at all.

    Returns least and greatest share held by owners that count, and who surely and who possibly counts. The circle
    of counting owners starts at the restricted ones: firms that own each other do not count by themselves.
    """
    low, surely = _spread(held, restricted, threshold, possible=False)
    high, possibly = _spread(held, restricted if may_be is None else may_be, threshold, possible=True)
    return low, high, surely, possibly


def _spread(held: Holdings, restricted: Bools, threshold: float, *, possible: bool) -> tuple[Floats, Bools]:
    counts = restricted.copy()
    sure, open_ = np.zeros(held.n), np.zeros(held.n)
    front = np.flatnonzero(restricted)
    while len(front):
        edges = held.below(front)
        touched = held.owned[edges]
        if len(edges) > held.n // 16:
            sure += np.bincount(touched, held.low[edges], minlength=held.n)
            if possible:
                open_ += np.bincount(touched, (held.high - held.low)[edges], minlength=held.n)
        else:
            np.add.at(sure, touched, held.low[edges])
            if possible:
                np.add.at(open_, touched, (held.high - held.low)[edges])
        near = np.unique(touched)
        total = sure[near] + np.minimum(open_[near], held.room[near])
        front = near[(total >= threshold - EPSILON) & ~counts[near]]
        counts[front] = True
    return np.minimum(1.0, sure + np.minimum(open_, held.room)), counts


def _solve(held: Holdings, weights: Floats, restricted: Bools) -> Floats:
    """The least solution of x = c + A x for one choice of shares."""
    used = weights > 0
    from_listed = used & restricted[held.owner]
    value: Floats = _add(held.owned[from_listed], weights[from_listed], held.n)
    inner = used & ~restricted[held.owner]
    owner, owned, weight = held.owner[inner], held.owned[inner], weights[inner]
    down = _index(owner, held.n)
    reached = _reach(down, owned, value > 0)
    keep = reached[owner]
    if not keep.any():
        return value
    owner, owned, weight = owner[keep], owned[keep], weight[keep]
    down, up = _index(owner, held.n), _index(owned, held.n)
    waiting = np.bincount(owned, minlength=held.n)
    done = np.zeros(held.n, np.bool_)
    _peel(value, waiting, done, np.flatnonzero(reached & (waiting == 0)), down, owned, weight)
    rest = reached & ~done
    if rest.any():
        core = _core(rest, owner, owned, up)
        _solve_core(value, core, owner, owned, weight)
        done |= core
        inside = core[owner] & core[owned]
        waiting -= np.bincount(owned[inside], minlength=held.n)
        ready = _push(value, waiting, done, np.flatnonzero(core), down, owned, weight)
        _peel(value, waiting, done, ready, down, owned, weight)
    return value


def _reach(down: tuple[Ints, Ints], owned: Ints, start: Bools) -> Bools:
    seen = start.copy()
    front = np.flatnonzero(start)
    while len(front):
        ends = owned[_gather(down, front)]
        front = np.unique(ends[~seen[ends]])
        seen[front] = True
    return seen


def _peel(
    value: Floats, waiting: Ints, done: Bools, front: Ints, down: tuple[Ints, Ints], owned: Ints, weight: Floats
) -> None:
    """Hand down the values of parties whose owners are all known, level by level."""
    while len(front):
        done[front] = True
        front = _push(value, waiting, done, front, down, owned, weight)


def _push(
    value: Floats, waiting: Ints, done: Bools, front: Ints, down: tuple[Ints, Ints], owned: Ints, weight: Floats
) -> Ints:
    edges = _gather(down, front)
    counts = down[0][front + 1] - down[0][front]
    ends = owned[edges]
    open_ = ~done[ends]
    edges, ends, source = edges[open_], ends[open_], np.repeat(front, counts)[open_]
    np.add.at(value, ends, weight[edges] * value[source])
    np.subtract.at(waiting, ends, 1)
    near = np.unique(ends)
    ready: Ints = near[waiting[near] == 0]
    return ready


def _core(rest: Bools, owner: Ints, owned: Ints, up: tuple[Ints, Ints]) -> Bools:
    """The unsolved parties without those that stand below every cycle."""
    core = rest.copy()
    inside = rest[owner] & rest[owned]
    holds = np.bincount(owner[inside], minlength=len(rest))
    front = np.flatnonzero(rest & (holds == 0))
    while len(front):
        core[front] = False
        above = owner[_gather(up, front)]
        above = above[core[above]]
        np.subtract.at(holds, above, 1)
        near = np.unique(above)
        front = near[(holds[near] == 0) & core[near]]
    return core


def _solve_core(value: Floats, core: Bools, owner: Ints, owned: Ints, weight: Floats) -> None:
    """Solve the parties that own each other in circles, in place."""
    parties = np.flatnonzero(core)
    number = np.full(len(core), -1, np.int64)
    number[parties] = np.arange(len(parties))
    inside = core[owner] & core[owned]
    o, t, w = number[owner[inside]], number[owned[inside]], weight[inside]
    m = len(parties)
    leaks = np.bincount(t, w, minlength=m) < 1.0 - 1e-13
    open_ = _reach(_index(o, m), t, leaks)
    constant = np.where(open_, value[parties], 0.0)
    sound = open_[o] & open_[t]
    o, t, w = o[sound], t[sound], w[sound]
    if m <= _DENSE:
        matrix = np.eye(m)
        np.subtract.at(matrix, (t, o), w)
        matrix[~open_] = 0.0
        matrix[~open_, ~open_] = 1.0
        found = np.linalg.solve(matrix, constant)
    else:
        found = _iterate(m, o, t, w, constant)
    value[parties] = np.clip(found, 0.0, 1.0)


def _iterate(m: int, o: Ints, t: Ints, w: Floats, constant: Floats) -> Floats:
    """BiCGSTAB, then plain sweeps until nothing moves any more; the residual is under 1e-12 at the end."""

    def apply(x: Floats) -> Floats:
        return x - np.bincount(t, w * x[o], minlength=m)

    x = constant.copy()
    r = constant - apply(x)
    shadow, p, rho = r.copy(), r.copy(), float(r @ r)
    for _ in range(500):
        if np.abs(r).max(initial=0.0) < 1e-13 or rho == 0.0:
            break
        v = apply(p)
        slope = float(shadow @ v)
        if slope == 0.0:
            break
        alpha = rho / slope
        s = r - alpha * v
        u = apply(s)
        length = float(u @ u)
        omega = float(u @ s) / length if length else 0.0
        x = x + alpha * p + omega * s
        r = s - omega * u
        if omega == 0.0:
            break
        new = float(shadow @ r)
        p = r + (new / rho) * (alpha / omega) * (p - omega * v)
        rho = new
    if not np.isfinite(x).all() or np.abs(constant - apply(x)).max() > 1e-9:
        x = constant.copy()
    for _ in range(20_000):
        step = constant - apply(x)
        x = x + step
        if np.abs(step).max(initial=0.0) < 1e-13:
            break
    return x
