"""p-centre: the least largest distance, by halving the distances that are left."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from siting.layout.cover import reduce_cover, with_cover
from siting.layout.interchange import first_sites, interchange
from siting.layout.milp import site_program, solve_milp
from siting.layout.rows import RELATIVE, Floats, Ints, Progress, SiteRows, Solved, Stopped
from siting.layout.watch import Watch


def solve_centre(
    distance: Floats,
    rows: SiteRows,
    *,
    start: Ints | None = None,
    cutoff: float | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return the sites with the least largest distance from a demand to its nearest chosen site.

    Parameters
    ----------
    distance
        Demand x sites [m], >= 0; ``inf`` where the pair is not possible.
    rows
        Conditions on the choice, the number of sites among them.
    start, cutoff, deadline, memory_mb, progress
        As in `solve_median`.

    Returns
    -------
    Solved
        The objective is one of the distances given.

    Notes
    -----
    Whether all demand can be within a distance is a set cover (Minieka 1970, SIAM Review
    12:138-139). The relaxation of it rules out the short distances, exchanges find the long ones,
    and the programme itself decides between the two.

    Examples
    --------
    >>> distance = np.array([[0.0, 4, 9], [4.0, 0, 5], [9.0, 5, 0]])
    >>> solved = solve_centre(distance, SiteRows.choosing(1, 3))
    >>> solved.sites.tolist(), solved.objective
    ([1], 5.0)
    """
    watch = Watch(deadline, memory_mb, progress)
    search = _Centre(np.asarray(distance, float), rows, watch, cutoff)
    try:
        stopped = search.run(start)
    except KeyboardInterrupt:
        watch.interrupted = True
        stopped = "time"
    return search.solved(stopped)


@dataclass
class _Centre:
    """One run of `solve_centre`: the steps of distance `low` .. `high` are undecided."""

    distance: Floats
    rows: SiteRows
    watch: Watch
    cutoff: float | None
    sites: Ints | None = None
    best: float = math.inf
    low: int = 0
    high: int = 0
    notes: dict[str, int] = field(default_factory=lambda: {"relaxations": 0, "programmes": 0})

    def __post_init__(self) -> None:
        self.rows = self.rows.with_some()
        able = self.rows.most == 1
        finite = self.distance[np.isfinite(self.distance)]
        self.floor = self.distance[:, able].min(axis=1, initial=np.inf).max(initial=0.0)
        self.steps = np.unique(finite[finite >= self.floor]) if finite.size else finite
        if self.steps.size == 0:
            self.steps = np.zeros(1)
        self.high = self.steps.size  # one past the end: no choice known

    def offer(self, sites: Ints) -> bool:
        """Keep `sites` where they are better; tell whether they are."""
        value = float(self.distance[:, sites].min(axis=1, initial=np.inf).max(initial=0.0))
        wanted = value <= self.steps[-1] and value < self.best
        if not wanted or not self.rows.hold(sites):
            return False
        self.best, self.sites = value, np.sort(sites)
        self.high = min(self.high, int(np.searchsorted(self.steps, value)))
        self.watch.tell(self.best, float(self.steps[min(self.low, self.high)]))
        return True

    def run(self, start: Ints | None) -> Stopped:
        """Search until one distance is left."""
        if not np.isfinite(self.floor):
            return "infeasible"
        self.high = self.steps.size
        if self.cutoff is not None:
            wanted = self.cutoff + RELATIVE * abs(self.cutoff)
            self.high = int(np.searchsorted(self.steps, wanted, side="right"))
            if not self.high:
                return "cutoff"
            self.steps = self.steps[: self.high]
        why = self.begin(start)
        if why is None:
            self.relax()
            why = self.halve()
        return why

    def halve(self) -> Stopped:
        """Decide the distance in the middle of those left, until none is."""
        while self.low < self.high:
            at = (self.low + self.high) // 2
            answer = None if self.watch.over else self.decide(at)
            if answer is None:
                return self.watch.over or "time"
            if not answer:
                self.low = at + 1
        if self.sites is None:
            return "cutoff" if self.cutoff is not None else "infeasible"
        return "optimal"

    def begin(self, start: Ints | None) -> Stopped | None:
        """Find a first choice and improve it by exchanges; a word where that settles it."""
        possible_pair = np.isfinite(self.distance)
        rows = self.rows
        if not possible_pair.all():
            some = np.flatnonzero(~possible_pair.all(axis=1))
            rows = with_cover(rows, possible_pair[some])
        first, why = first_sites(self.distance, rows, self.watch, start=start)
        if first is None:
            return why
        self.offer(first)
        self.descend(first, rows)
        return None

    def descend(self, sites: Ints, rows: SiteRows) -> None:
        """Exchange sites for those that shorten what lies beyond a distance, ever shorter."""
        low, high = self.low, min(self.high, self.steps.size - 1)
        while low < high and not self.watch.over:
            at = (low + high) // 2
            excess = np.maximum(self.distance - self.steps[at], 0)
            sites = interchange(excess, rows, sites, self.watch)
            if self.offer(sites) and self.high <= at:
                high = self.high
            else:
                low = at + 1

    def relax(self) -> None:
        """Raise `low` past the distances at which even parts of sites do not suffice."""
        low, high = self.low, self.high
        while low < high and not self.watch.over:
            at = (low + high) // 2
            self.notes["relaxations"] += 1
            if self.possible(at, whole=False) is False:
                low = at + 1
            else:
                high = at
        self.low = low

    def decide(self, at: int) -> bool | None:
        """Tell whether all demand can be within the distance number `at`; None: not known."""
        self.notes["programmes"] += 1
        return self.possible(at, whole=True)

    def possible(self, at: int, *, whole: bool) -> bool | None:
        """Solve the set cover at one distance, in whole sites or in parts."""
        reach = self.distance <= self.steps[at]
        rows = _most_only(self.rows)
        count = np.ones(self.rows.n_sites)
        demand, kept = reduce_cover(reach, count, rows)
        small = with_cover(rows.among(kept), reach[np.ix_(demand, kept)])
        self.watch.count(small.matrix.nnz)
        if self.watch.over:
            return None
        program = site_program(small, np.ones(kept.size))
        if not whole:
            program.whole[:] = False
        answer = solve_milp(program, self.watch, first_found=True)
        if answer.x is None:
            return False if answer.stopped == "infeasible" else None
        if not whole:
            return True
        chosen = _padded(kept[np.flatnonzero(answer.x > 0.5)], self.rows)
        if self.offer(chosen) and self.high <= at:
            return True
        return None

    def solved(self, stopped: Stopped) -> Solved:
        """Return the record of the search."""
        proven = stopped in ("optimal", "infeasible", "cutoff")
        bound = float(self.steps[min(self.low, self.steps.size - 1)])
        if stopped == "infeasible":
            bound = math.inf
        elif stopped == "optimal":
            bound = self.best
        elif stopped == "cutoff" and self.cutoff is not None:
            bound = self.cutoff
        value = math.nan if self.sites is None else self.best
        notes = {**self.notes, "interrupted": self.watch.interrupted}
        return Solved(self.sites, value, bound, proven, stopped, self.watch.seconds, None, notes)


def _most_only(rows: SiteRows) -> SiteRows:
    """Return `rows` without lower ends where they only count sites: one more site never harms."""
    if not rows.counting.all():
        return rows
    return SiteRows(
        rows.matrix, np.full(rows.lower.size, -np.inf), rows.upper, rows.least, rows.most
    )


def _padded(sites: Ints, rows: SiteRows) -> Ints:
    """Return `sites` and the first other allowed ones, up to the number that `rows` count."""
    if rows.hold(sites) or not rows.counting.all():
        return sites
    more = np.setdiff1d(np.flatnonzero(rows.most), sites)
    return np.sort(np.concatenate([sites, more[: max(0, rows.at_most - sites.size)]]))
