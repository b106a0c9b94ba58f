"""Capacitated p-median: each demand wholly at one chosen site, no site beyond its capacity."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from siting.layout.interchange import first_sites
from siting.layout.knapsack import Packed, packing_bound
from siting.layout.loading import Freight, pair_program, settle
from siting.layout.milp import Answer, Program, cheapest_sites, solve_milp
from siting.layout.proving import Proof
from siting.layout.regional import Part, mend
from siting.layout.rows import RELATIVE, Flags, Floats, Ints, Progress, SiteRows, Solved, Stopped
from siting.layout.watch import GRACE_S, Watch

_FEW = 250  # pairs that one programme settles in a moment
_MOMENT_S = 5.0  # time for more pairs than that before whole loads are tried
_LOADS_S = 120.0  # most time for whole loads


def solve_capacitated(
    cost: Floats,
    size: Floats,
    capacity: Floats,
    rows: SiteRows,
    *,
    start: Ints | None = None,
    cutoff: float | None = None,
    integral: bool | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return sites and an assignment with the least sum of costs within the capacities.

    Parameters
    ----------
    cost
        Demand x sites [weight x distance], >= 0; ``inf`` where the pair is not possible.
    size
        What each demand takes of a capacity, >= 0.
    capacity
        Capacity of each site, >= 0; ``inf`` where there is none.
    rows
        Conditions on the choice.
    start, cutoff, integral, deadline, memory_mb, progress
        As in `solve_median`.

    Returns
    -------
    Solved
        With `assignment`, the column of each demand; not always the nearest site.

    Notes
    -----
    Prices of demands bound each pair of demand and site by a knapsack; pairs that no better choice
    can hold are dropped, and one programme settles the rest. Where many are left, the best choice is
    first solved anew part by part, as a better one drops more; then whole loads of sites take the
    place of pairs (`Proof`), as long as they are not too many. Loads may exceed a capacity by 1e-9
    of it, which is rounding.

    Examples
    --------
    >>> cost = np.array([[0.0, 4], [1, 3], [2, 0]])
    >>> solved = solve_capacitated(cost, np.ones(3), np.array([1.0, 2]), SiteRows.choosing(2, 2))
    >>> solved.assignment.tolist(), solved.objective
    ([0, 1, 1], 3.0)
    """
    watch = Watch(deadline, memory_mb, progress)
    search = Search(
        np.asarray(cost, float),
        np.asarray(size, float),
        np.asarray(capacity, float),
        rows,
        watch,
        cutoff,
        integral,
    )
    try:
        stopped = search.run(start)
    except KeyboardInterrupt:
        watch.interrupted = True
        stopped = "time"
    return search.solved(stopped)


@dataclass
class Search:
    """One run of `solve_capacitated`; a `part` of a larger one gives up where it is not small."""

    cost: Floats
    size: Floats
    capacity: Floats
    rows: SiteRows
    watch: Watch
    cutoff: float | None
    integral: bool | None
    part: bool = False
    best: float = math.inf
    sites: Ints | None = None
    assignment: Ints | None = None
    bound: float = 0.0
    notes: dict[str, int] = field(default_factory=lambda: {"pairs": 0, "nodes": 0})

    def __post_init__(self) -> None:
        total = float(self.size.sum())
        self.capacity = np.minimum(self.capacity, total)  # `inf` is more than all demand
        self.wide = self.rows.with_some()
        if total > 0:
            share = sparse.csr_array(self.capacity[None, :] / total)
            self.wide = self.wide.with_rows(share, np.ones(1), np.full(1, np.inf))
        alone = (self.size[:, None] <= self.capacity * (1 + RELATIVE)) & (self.rows.most == 1)
        self.cost = np.where(alone, self.cost, np.inf)
        self.bound = float(self.cost.min(axis=1, initial=np.inf).sum())
        if self.integral is None:
            finite = self.cost[np.isfinite(self.cost)]
            self.integral = bool((finite == np.floor(finite)).all())

        self.freight = Freight(self.cost, self.size, self.capacity, self.rows)

    @property
    def limit(self) -> float:
        """Largest objective that is still wanted."""
        wanted = math.inf
        if self.cutoff is not None:
            wanted = self.cutoff + RELATIVE * abs(self.cutoff)
            wanted = math.floor(wanted) if self.integral else wanted
        if self.sites is None:
            return wanted
        return min(wanted, self.best - (1.0 if self.integral else RELATIVE * self.best))

    def hopeless(self) -> bool:
        """Tell whether nothing wanted is left above the bound."""
        return self.bound > self.limit + 1e-11 * abs(self.bound) or self.bound >= self.best

    def offer(self, sites: Ints, assignment: Ints) -> None:
        """Keep a choice where it is better, wanted and meets every condition."""
        load = np.bincount(assignment, self.size, self.capacity.size)
        value = float(self.cost[np.arange(self.size.size), assignment].sum())
        fits = (load <= self.capacity * (1 + RELATIVE)).all() and self.rows.hold(sites)
        if fits and value < self.best and value <= self.limit * (1 + 1e-13):
            self.best, self.sites, self.assignment = value, np.sort(sites), assignment
            self.watch.tell(self.best, self.bound)

    def try_sites(self, sites: Ints) -> None:
        """Load `sites`, or near ones that meet the conditions, and keep what comes out."""
        if not self.wide.hold(sites):
            if self.sites is not None:
                return
            price = np.ones(self.rows.n_sites)
            price[sites] = 0.0
            found, _ = cheapest_sites(self.wide, price, self.watch)
            if found is None:
                return
            sites = found
        settled = settle(self.freight, sites, self.watch)
        if settled is not None:
            self.offer(*settled)

    def _relaxed(self, sites: Ints, bound: float) -> None:
        """Take what the relaxation shows: a bound, and sites to try."""
        self.bound = max(self.bound, bound)
        self.try_sites(sites)

    def run(self, start: Ints | None) -> Stopped:
        """Find a choice, bound, drop pairs, and settle the rest."""
        none: Stopped = "infeasible" if self.cutoff is None else "cutoff"
        if not np.isfinite(self.bound):
            return "infeasible"
        first, why = first_sites(self.cost, self._possible(), self.watch, start=start)
        if first is None:
            return why
        for sites in (start, first):
            if sites is not None:
                self.try_sites(np.sort(sites))
        packed = packing_bound(
            self.freight, lambda: min(self.best, self.limit), self._relaxed, self.watch
        )
        self.bound = max(self.bound, packed.bound)
        if self.hopeless():
            return "optimal" if self.sites is not None else "cutoff"
        keep = self.kept(packed.pair)
        if keep.sum() > _FEW and not self.part:
            mend(self)
            keep = self.kept(packed.pair)
        self.notes["pairs"] = int(keep.sum())
        stopped: Stopped = "infeasible"
        if keep.any(axis=1).all():
            stopped = self.finish(keep, packed)
        if stopped == "infeasible":
            return "optimal" if self.sites is not None else none
        return stopped

    def finish(self, keep: Flags, packed: Packed) -> Stopped:
        """Settle the pairs to `keep`: as pairs for a moment, as whole loads, as pairs to the end."""
        if keep.sum() <= _FEW:
            return self.settle_pairs(keep)
        if self.part:
            return "time"
        with self.watch.within(min(_MOMENT_S, self.watch.left / 8)):
            stopped = self.settle_pairs(keep)
        if stopped != "time" or self.watch.over:
            return stopped
        with self.watch.within(min(_LOADS_S, 0.7 * self.watch.left)):
            proven = self.prove(self.kept(packed.pair), packed.price)
        return "infeasible" if proven else self.settle_pairs(self.kept(packed.pair))

    def kept(self, bound: Floats) -> Flags:
        """Tell which pairs a wanted choice may hold, by the bound of each."""
        may: Flags = np.isfinite(self.cost) & (bound <= self.limit * (1 + 1e-11))
        return may

    def prove(self, keep: Flags, price: Floats) -> bool:
        """Search over whole loads of the pairs to `keep`; tell whether that settled it."""
        if not np.isfinite(self.limit):
            return False
        cost = np.where(keep, self.cost, np.inf)
        proof = Proof(self, replace(self.freight, cost=cost, rows=self.wide), price)
        settled = proof.run()
        self.bound = max(self.bound, min(proof.bound, self.best))
        return settled

    def renew(self, part: Part) -> bool:
        """Solve `part` of the best choice anew; tell whether that made it better."""
        assert self.sites is not None
        assert self.assignment is not None
        before, to = self.best, self.assignment.copy()
        now = float(self.cost[part.demand, to[part.demand]].sum())
        wanted = now - (before - self.limit)
        if wanted < 0:
            return False
        freight, watch = part.freight, replace(self.watch, progress=None)
        inner = Search(
            freight.cost,
            freight.size,
            freight.capacity,
            freight.rows,
            watch,
            wanted,
            self.integral,
            part=True,
        )
        inner.run(None)
        self.watch.interrupted |= watch.interrupted
        if inner.sites is None or inner.assignment is None:
            return False
        to[part.demand] = part.kept[inner.assignment]
        self.offer(np.union1d(np.setdiff1d(self.sites, part.near), part.kept[inner.sites]), to)
        return self.best < before

    def _possible(self) -> SiteRows:
        """Return the conditions and, for each demand with impossible pairs, a possible site."""
        return self.wide.with_reach(np.isfinite(self.cost))

    def settle_pairs(self, keep: Flags) -> Stopped:
        """Solve the programme of the pairs that are left."""
        demand, site = np.nonzero(keep)
        program = pair_program(replace(self.freight, rows=self.wide), demand, site)
        answer = self.solve(program, self.limit)
        if answer is None:
            return "memory"
        self.notes["nodes"] = answer.nodes
        if answer.x is not None:
            m = self.rows.n_sites
            taken = answer.x[m:] > 0.5
            assignment = np.full(self.size.size, -1)
            assignment[demand[taken]] = site[taken]
            if (assignment >= 0).all() and taken.sum() == assignment.size:
                self.offer(np.flatnonzero(answer.x[:m] > 0.5), assignment)
        if answer.stopped == "optimal" and self.sites is None:  # its word did not hold
            return "time"
        self.bound = max(self.bound, min(answer.bound, self.best))
        return answer.stopped

    def solve(self, program: Program, limit: float) -> Answer | None:
        """Solve `program` for an objective up to `limit`; None where it would take too much memory."""
        unit = 1.0 if self.integral else float(program.cost.max()) or 1.0
        step = 0.5 if self.integral else 0.0
        self.watch.count(program.matrix.nnz)
        if self.watch.over == "memory":
            return None
        answer = solve_milp(
            replace(program, cost=program.cost / unit),
            self.watch,
            gap=0.999 if self.integral else 0.0,
            limit=(limit + step) / unit * (1 + 1e-12),
            least_seconds=GRACE_S if self.sites is None else 0.0,
        )
        return replace(answer, bound=answer.bound * unit)

    def solved(self, stopped: Stopped) -> Solved:
        """Return the record of the search."""
        proven = stopped in ("optimal", "infeasible", "cutoff")
        bound = self.bound
        if self.integral and math.isfinite(bound):
            bound = math.ceil(bound - 1e-6)
        if stopped == "optimal":
            bound = self.best
        elif stopped == "infeasible":
            bound = math.inf
        elif stopped == "cutoff" and self.cutoff is not None:
            bound = self.cutoff
        value = math.nan if self.sites is None else self.best
        notes = {**self.notes, "interrupted": self.watch.interrupted}
        return Solved(
            self.sites,
            value,
            float(min(bound, self.best)),
            proven,
            stopped,
            self.watch.seconds,
            self.assignment,
            notes,
        )
