"""Coverage: the most demand within reach of a number of sites, and the least cost to reach all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from siting.layout.median import solve_median
from siting.layout.milp import cheapest_sites, site_program, solve_milp
from siting.layout.rows import RELATIVE, Flags, Floats, Ints, Progress, SiteRows, Solved, Stopped
from siting.layout.watch import Watch

Covers = Any  # sparse or dense, true or false


def solve_max_cover(
    covers: Covers,
    weights: Floats,
    rows: SiteRows,
    *,
    start: Ints | None = None,
    cutoff: float | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return the sites within whose reach the most demand lies.

    Parameters
    ----------
    covers
        Demand x sites, true where the site reaches the demand.
    weights
        Weight of each demand, >= 0.
    rows
        Conditions on the choice.
    start, deadline, memory_mb, progress
        As in `solve_median`; `progress` gets covered weight and a bound above it.
    cutoff
        Only choices that cover this much or more (to 1e-9 of it) are wanted.

    Returns
    -------
    Solved
        The objective is the covered weight, the bound lies above it.

    Notes
    -----
    A demand out of reach costs its weight, a demand in reach nothing: the weight left uncovered is
    a p-median (Church and ReVelle 1976, Geographical Analysis 8:406-415), and is proven as one.
    Demands with the same sites in reach are put together.

    Examples
    --------
    >>> covers = np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)
    >>> solved = solve_max_cover(covers, np.array([1.0, 2, 4]), SiteRows.choosing(1, 2))
    >>> solved.sites.tolist(), solved.objective
    ([1], 4.0)
    """
    reach = _dense(covers)
    weights = np.asarray(weights, float)
    total = float(weights.sum())
    kinds, merged = _merged(reach, weights)

    def told(best: float, bound: float) -> None:
        if progress is not None:
            progress(total - best, total - bound)

    solved = solve_median(
        np.where(kinds, 0.0, merged[:, None]),
        rows,
        start=start,
        cutoff=None if cutoff is None else total - cutoff + RELATIVE * abs(cutoff),
        deadline=deadline,
        memory_mb=memory_mb,
        progress=told,
    )
    value = math.nan
    nobody = np.empty(0, np.intp)
    if solved.stopped == "infeasible" and rows.hold(nobody):
        wanted = cutoff is None or cutoff <= 0
        return replace(
            solved,
            sites=nobody if wanted else None,
            objective=0.0 if wanted else math.nan,
            bound=0.0,
            stopped="optimal" if wanted else "cutoff",
        )
    if solved.sites is not None:
        value = float(weights[reach[:, solved.sites].any(axis=1)].sum())
    bound = value if solved.stopped == "optimal" else total - solved.bound
    return replace(solved, objective=value, bound=bound)


def solve_set_cover(
    covers: Covers,
    site_cost: Floats,
    rows: SiteRows,
    *,
    start: Ints | None = None,
    cutoff: float | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return the cheapest sites that reach every demand.

    Parameters
    ----------
    covers
        Demand x sites, true where the site reaches the demand.
    site_cost
        Cost of each site, >= 0; ones count sites.
    rows
        Conditions on the choice.
    start, cutoff, deadline, memory_mb, progress
        As in `solve_median`.

    Returns
    -------
    Solved
        ``infeasible`` where a demand is in reach of no allowed site, or the conditions clash.

    Notes
    -----
    A demand whose sites include all sites of another is dropped. A site that reaches no more than
    a cheaper one is dropped where no condition could ask for it (Toregas et al. 1971, Operations
    Research 19:1363-1373, reduce so).

    Examples
    --------
    >>> covers = np.array([[1, 0, 1], [0, 1, 1]], dtype=bool)
    >>> solve_set_cover(covers, np.array([1.0, 1, 3]), SiteRows.choosing(None, 3)).sites.tolist()
    [0, 1]
    """
    watch = Watch(deadline, memory_mb, progress)
    search = _Cheapest(_dense(covers), np.asarray(site_cost, float), rows, watch, cutoff)
    try:
        stopped = search.run(start)
    except KeyboardInterrupt:
        watch.interrupted = True
        stopped = "time"
    if stopped == "infeasible" and cutoff is not None:
        stopped = "cutoff"
    value = math.nan if search.sites is None else search.best
    bound = value if stopped == "optimal" else search.bound
    if stopped == "cutoff" and cutoff is not None:
        bound = cutoff
    proven = stopped in ("optimal", "infeasible", "cutoff")
    notes = {"nodes": search.nodes, "interrupted": watch.interrupted}
    return Solved(search.sites, value, bound, proven, stopped, watch.seconds, None, notes)


@dataclass
class _Cheapest:
    """One run of `solve_set_cover`."""

    reach: Flags
    price: Floats
    rows: SiteRows
    watch: Watch
    cutoff: float | None
    sites: Ints | None = None
    best: float = math.inf
    nodes: int = 0

    def __post_init__(self) -> None:
        self.whole = bool((self.price == np.floor(self.price)).all() and self.price.sum() < 2**52)
        self.bound = float(self.price[self.rows.least == 1].sum())

    def run(self, start: Ints | None) -> Stopped:
        """
        Solve, and once more without the sites dearer than what was found.

        Prices of very different size would drown in the largest; each round has its own unit.
        """
        forced = self.rows.least == 1
        cap = math.inf if self.cutoff is None else self.cutoff + RELATIVE * abs(self.cutoff)
        while True:
            able = (self.rows.most == 1) & (forced | (self.price <= cap))
            most = able.astype(np.int8)
            stopped = self.solve(replace(self.rows, most=most), start)
            free = self.price[able & ~forced]
            if stopped != "optimal" or not (free > self.best).any():
                return stopped
            start, cap = self.sites, min(cap, self.best)

    def solve(self, rows: SiteRows, start: Ints | None) -> Stopped:
        """Reduce, solve and keep what is found."""
        demand, kept = reduce_cover(self.reach, self.price, rows)
        reach = self.reach[np.ix_(demand, kept)]
        if not reach.any(axis=1).all():
            return "infeasible"
        unit = 1.0 if self.whole else float(self.price[kept].max(initial=0.0)) or 1.0
        price = self.price[kept] / unit
        small = with_cover(rows.among(kept), reach)
        if self.cutoff is not None:
            top = self.cutoff + RELATIVE * abs(self.cutoff)
            small = small.with_rows(
                sparse.csr_array(price[None, :]), np.full(1, -np.inf), np.full(1, top / unit)
            )
        self.watch.count(small.matrix.nnz)
        if over := self.watch.over:
            sites, why = cheapest_sites(small, price, self.watch)
            self.offer(sites, kept)
            return why if why == "infeasible" else over
        first = None
        if start is not None and np.isin(start, kept).all():
            first = np.isin(kept, start).astype(float)
        program = site_program(small, price)
        answer = solve_milp(program, self.watch, start=first, gap=0.999 if self.whole else 0.0)
        self.nodes += answer.nodes
        self.offer(None if answer.x is None else np.flatnonzero(answer.x > 0.5), kept)
        self.bound = max(self.bound, answer.bound * unit)
        return "time" if answer.stopped == "optimal" and self.sites is None else answer.stopped

    def offer(self, sites: Ints | None, kept: Ints) -> None:
        """Keep the sites found where they really meet the conditions and reach everything."""
        if sites is None:
            return
        chosen = kept[sites]
        reached = self.reach[:, chosen].any(axis=1).all()
        value = float(self.price[chosen].sum())
        if reached and self.rows.hold(chosen) and value < self.best:
            self.sites, self.best = chosen, value
            self.watch.tell(self.best, self.bound)


def with_cover(rows: SiteRows, reach: Flags) -> SiteRows:
    """Return `rows` and one for each demand: some site that reaches it is open."""
    n = reach.shape[0]
    return rows.with_rows(sparse.csr_array(reach.astype(float)), np.ones(n), np.full(n, np.inf))


def reduce_cover(reach: Flags, price: Floats, rows: SiteRows) -> tuple[Ints, Ints]:
    """Return the demands and the sites that matter: no dominated ones, no forbidden sites."""
    demand, kept = np.arange(reach.shape[0]), np.flatnonzero(rows.most == 1)
    downward = bool(np.isinf(rows.lower).all()) and bool((rows.matrix.data >= 0).all())
    side = rows.matrix.toarray() if downward and rows.matrix.shape[0] <= 64 else None
    while True:
        before = demand.size, kept.size
        demand = demand[~_contains_another(reach[np.ix_(demand, kept)])]
        if side is not None:
            fixed = rows.least[kept] == 1
            dear = np.vstack([price[None, :], side])[:, kept]
            kept = kept[fixed | ~_within_another(reach[np.ix_(demand, kept)], dear)]
        if (demand.size, kept.size) == before:
            return demand, kept


def _contains_another(reach: Flags) -> Flags:
    """Tell for each row whether its set contains the set of another row (of equal ones: the first)."""
    shared, size = _shared(reach)
    inside = shared == size[None, :]  # column's set lies in the row's
    equal = inside & inside.T
    order = np.arange(size.size)
    np.fill_diagonal(inside, val=False)
    found: Flags = (inside & ~(equal & (order[:, None] < order[None, :]))).any(axis=1)
    return found


def _within_another(reach: Flags, dear: Floats) -> Flags:
    """Tell for each site whether another reaches as much and is nowhere dearer (first of equal)."""
    shared, size = _shared(reach.T)
    better = shared == size[:, None]  # the row's set lies in the column's
    for line in dear:
        better &= line[None, :] <= line[:, None]
    equal = better & better.T
    order = np.arange(size.size)
    np.fill_diagonal(better, val=False)
    found: Flags = (better & ~(equal & (order[:, None] < order[None, :]))).any(axis=1)
    return found


def _shared(reach: Flags) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return how many members each two rows share, and how many each has."""
    ones = reach.astype(np.float32)  # exact: counts stay far below 2**24
    return ones @ ones.T, ones.sum(axis=1)


def _merged(reach: Flags, weights: Floats) -> tuple[Flags, Floats]:
    """Return each different row of `reach` once, with the sum of its weights."""
    packed = np.packbits(reach, axis=1)
    _, first, where = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return reach[first], np.bincount(where.ravel(), weights, first.size).astype(float)


def _dense(covers: Covers) -> Flags:
    return np.asarray(covers.toarray() if sparse.issparse(covers) else covers, dtype=np.bool_)
