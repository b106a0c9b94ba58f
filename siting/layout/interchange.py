"""A good choice of sites quickly: greedy, then the best exchange of two sites, again and again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from siting.layout.milp import cheapest_sites
from siting.layout.rows import SLACK, Flags, Floats, Ints, SiteRows, Stopped
from siting.layout.watch import Watch

_BATCH = 256  # exchanges whose rows are checked at a time


def open_cost(cost: Floats, sites: Ints) -> float:
    """Return the sum over demand rows of the least cost among open `sites`."""
    return float(cost[:, sites].min(axis=1).sum()) if sites.size else float("inf")


class _Board:
    """
    The state of one choice: for each demand its two nearest open sites, and what moves would save.

    `saving[j]` is what opening j saves; `loss[k]` what closing the k-th open site costs;
    `relief[k, j]` what j takes off that loss where both are done (Whitaker's decomposition).
    """

    def __init__(self, cost: Floats, ceiling: Floats, sites: Ints) -> None:
        self.cost = cost
        self.ceiling = ceiling
        self.sites = sites.copy()
        self.open = cost[:, sites]
        self.reset()

    def reset(self) -> None:
        """Compute all sums afresh."""
        n, m = self.cost.shape
        self.saving = np.zeros(m)
        self.loss = np.zeros(self.sites.size)
        self.relief = np.zeros((self.sites.size, m))
        self.near, self.first, self.second = self._nearest()
        self._count(np.arange(n), 1.0)

    def _nearest(self) -> tuple[Ints, Floats, Floats]:
        near = self.open.argmin(axis=1)
        first = self.open[np.arange(near.size), near]
        if self.sites.size == 1:
            return near, first, self.ceiling
        second = np.partition(self.open, 1, axis=1)[:, 1]
        return near, first, np.minimum(second, self.ceiling)

    def _count(self, rows: Ints, sign: float) -> None:
        """Add or take off what the demand `rows` contribute to the sums."""
        step = max(1, 2_000_000 // self.cost.shape[1])
        ordered = rows[np.argsort(self.near[rows], kind="stable")]
        for part in np.split(ordered, range(step, rows.size, step)):
            at = self.near[part]
            c, first, second = self.cost[part], self.first[part], self.second[part]
            self.saving += sign * np.maximum(first[:, None] - c, 0).sum(axis=0)
            rest = np.maximum(second[:, None] - np.maximum(c, first[:, None]), 0)
            kinds, starts = np.unique(at, return_index=True)
            if kinds.size:
                self.relief[kinds] += sign * np.add.reduceat(rest, starts, axis=0)
                self.loss += sign * np.bincount(at, second - first, self.loss.size)

    def exchange(self, k: int, j: int) -> None:
        """Put site j in the place of the k-th open site."""
        before = (self.near, self.first, self.second)
        self.sites[k] = j
        self.open[:, k] = self.cost[:, j]
        after = self._nearest()
        changed = np.zeros(self.first.size, np.bool_)
        for old, new in zip(before, after, strict=True):
            changed |= old != new
        touched = np.flatnonzero(changed)
        self._count(touched, -1.0)
        self.near, self.first, self.second = after
        self._count(touched, 1.0)

    def extend(self, j: int) -> None:
        """Open site j as well."""
        self.sites = np.append(self.sites, j)
        self.open = np.column_stack([self.open, self.cost[:, j]])
        self.reset()

    @property
    def value(self) -> float:
        """The objective of the choice."""
        return float(self.first.sum())

    def change(self) -> Floats:
        """Return the change of the objective [open sites + 1, sites]; last row: open one more."""
        moves = np.empty((self.sites.size + 1, self.saving.size))
        np.subtract(self.loss[:, None], self.relief, out=moves[:-1])
        moves[-1] = 0.0
        moves -= self.saving
        moves[:, self.sites] = np.inf
        return moves


class _Referee:
    """Tells which moves keep the conditions, only looking at the rows that a move touches."""

    def __init__(self, rows: SiteRows) -> None:
        self.rows = rows
        self.columns = sparse.csc_array(rows.matrix)
        size = np.maximum(1.0, np.abs(rows.matrix).sum(axis=1)) * SLACK
        self.lower, self.upper = rows.lower - size, rows.upper + size
        counting = rows.counting
        self.only_counts = bool(counting.all())
        self.may_grow = not (counting & (rows.lower == rows.upper)).any()

    def allows(self, sites: Ints, out: Ints, into: Ints) -> Flags:
        """Tell for each move (close ``out[t]``, or nothing where it is -1; open ``into[t]``)."""
        gone = np.maximum(out, 0)
        fine: Flags = (self.rows.most[into] == 1) & ((out < 0) | (self.rows.least[gone] == 0))
        if self.only_counts and (out >= 0).all():
            return fine
        activity = self.columns[:, sites].sum(axis=1)
        leave = self.columns[:, gone] @ sparse.diags_array((out >= 0).astype(float))
        step = sparse.coo_array(self.columns[:, into] - leave)
        row, move = step.coords
        new = activity[row] + step.data
        bad = (new < self.lower[row]) | (new > self.upper[row])
        fine[move[bad]] = False
        return fine


def _improving(moves: Floats, limit: float) -> Iterator[Ints]:
    """Yield batches of flat move numbers below `limit`, best first; equal ones by number."""
    flat = moves.ravel()
    good = np.flatnonzero(flat < limit)
    if good.size > 4 * _BATCH:
        edge = np.partition(flat[good], _BATCH)[_BATCH]
        head = good[flat[good] <= edge]
        yield head[np.argsort(flat[head], kind="stable")]
        good = good[flat[good] > edge]
    good = good[np.argsort(flat[good], kind="stable")]
    yield from np.split(good, range(_BATCH, good.size, _BATCH))


def interchange(cost: Floats, rows: SiteRows, sites: Ints, watch: Watch) -> Ints:
    """
    Improve `sites` by the best exchange that `rows` allow, until none helps.

    Parameters
    ----------
    cost
        Demand x sites [weighted cost]; ``inf`` where a pair is not possible. That each demand
        keeps a possible site must be among the rows.
    rows
        Conditions; `sites` meets them.
    sites
        Columns to start from.
    watch
        Stops between two exchanges.

    References
    ----------
    Teitz and Bart (1968), Operations Research 16:955-961; Whitaker (1983), INFOR 21:95-108.
    """
    if not sites.size:
        return sites
    finite = np.where(np.isfinite(cost), cost, -np.inf).max(axis=1)
    board, referee = _Board(cost, finite, sites), _Referee(rows)
    while watch.over is None:
        before = board.value
        move = _best_move(board, referee, -1e-12 * max(before, 1e-300))
        if move is None:
            break
        previous = board.sites.copy()
        k, j = move
        if k == board.sites.size:
            board.extend(j)
        else:
            board.exchange(k, j)
        if not board.value < before:  # rounding made it look better than it is
            return np.sort(previous)
    return np.sort(board.sites)


def _best_move(board: _Board, referee: _Referee, limit: float) -> tuple[int, int] | None:
    moves = board.change()
    if not referee.may_grow:
        moves[-1] = np.inf
    n_sites = moves.shape[1]
    for batch in _improving(moves, limit):
        k, into = np.divmod(batch, n_sites)
        out = np.append(board.sites, -1)[k]
        fine = np.flatnonzero(referee.allows(board.sites, out, into))
        if fine.size:
            return int(k[fine[0]]), int(into[fine[0]])
    return None


def greedy(cost: Floats, rows: SiteRows, count: int) -> Ints:
    """Open the fixed sites, then the site that saves most, up to `count`; upper ends are kept."""
    finite = np.where(np.isfinite(cost), cost, -np.inf).max(axis=1)
    best = finite * 1.0
    sites = np.flatnonzero(rows.least)
    if sites.size:
        best = np.minimum(best, cost[:, sites].min(axis=1))
    saving = np.maximum(best[:, None] - cost, 0).sum(axis=0)
    columns = sparse.csc_array(rows.matrix)
    entries = sparse.coo_array(columns)
    row, column = entries.coords
    activity = columns[:, sites].sum(axis=1)
    room = rows.upper + SLACK * np.maximum(1.0, np.abs(rows.upper))
    while sites.size < count:
        able = rows.most.astype(np.bool_)
        able[sites] = False
        tight = (activity[row] + entries.data > room[row]) & (entries.data > 0)
        able[column[tight]] = False
        if not able.any():
            break
        j = int(np.argmax(np.where(able, saving, -np.inf)))
        sites = np.append(sites, j)
        own = np.s_[columns.indptr[j] : columns.indptr[j + 1]]
        activity[columns.indices[own]] += columns.data[own]
        nearer = np.flatnonzero(cost[:, j] < best)
        new = cost[nearer, j]
        saving -= np.maximum(best[nearer, None] - cost[nearer], 0).sum(axis=0)
        saving += np.maximum(new[:, None] - cost[nearer], 0).sum(axis=0)
        best[nearer] = new
    return np.sort(sites)


def first_sites(
    cost: Floats, rows: SiteRows, watch: Watch, *, start: Ints | None = None
) -> tuple[Ints | None, Stopped]:
    """
    Return a good choice that meets `rows`, or None and why there is none.

    The greedy choice and `start` are improved by exchanges, and the better one is taken.
    """
    count = rows.at_most
    found: list[Ints] = []
    if start is not None and rows.hold(start):
        found.append(interchange(cost, rows, np.sort(start), watch))
    sites = greedy(cost, rows, count)
    alone = np.where(np.isfinite(cost), cost, 0.0).sum(axis=0)
    if not rows.hold(sites) and not found:
        chosen, why = cheapest_sites(rows, alone / max(float(alone.max()), 1e-300), watch)
        if chosen is None:
            return None, why
        sites = chosen
    if rows.hold(sites):
        found.append(interchange(cost, rows, sites, watch))
    return min(found, key=lambda s: (open_cost(cost, s), s.tolist())), "optimal"
