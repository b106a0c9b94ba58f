"""The solver that fits a question, asked again where coverage must be made up, and a second way if it fails."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from siting.layout.capacitated import solve_capacitated
from siting.layout.centre import solve_centre
from siting.layout.cover import solve_max_cover, solve_set_cover
from siting.layout.highs import faults_named
from siting.layout.median import solve_median
from siting.layout.question import Question
from siting.layout.rows import RELATIVE, Flags, Floats, Ints, Progress, SiteRows, Solved
from siting.layout.spelled import solve_spelled, solve_spelled_centre
from siting.layout.world import Columns

MAXIMISED = ("max_coverage", "assign_zones")
UNIT = 2.0**20  # weighted costs are scaled to this where weights span too far
PAIRS = 60_000  # pairs up to which a median with a coverage floor is written out whole
TOO_FAR = 1e9  # above this a solver's tolerances bite


@dataclass
class Solver:
    """
    Answers one question under any rows on sites.

    Parameters
    ----------
    question
        What was asked.
    deadline
        Value of `time.monotonic` at which to stop [s], or None.
    memory_mb
        Memory of the solver's rows at which to stop [MB], or None.
    listener
        Called with the best objective and the bound.
    rows
        The conditions on sites; coverage that turned out to be missing is added here.
    calls
        How often the solver was asked.
    short
        Whether a choice had too little coverage: a median is then written out whole.
    """

    question: Question
    deadline: float | None
    memory_mb: float | None
    listener: Progress | None
    rows: SiteRows = field(init=False)
    calls: int = 0
    short: bool = False

    def __post_init__(self) -> None:
        self.rows = self.question.world.site_rows()
        counted = self.question.weights > 0
        self.counted = counted
        self.weights = self.question.weights[counted]
        self.cost = self.question.cost[counted]
        self.cuts: list[tuple[Floats, float]] = []

    def solve(
        self,
        *,
        more: SiteRows | None = None,
        cutoff: float | None = None,
        start: Ints | None = None,
    ) -> Solved:
        """Return the best choice under `more` (or the conditions alone), or the first up to `cutoff`."""
        rows = more or self.rows
        while True:
            self.calls += 1
            solved = self._once(self._with_cuts(rows), cutoff, start)
            if solved.sites is None or not self._cut(solved.sites):
                return solved
            if not solved.proven:
                return replace(solved, sites=None, objective=math.nan)

    def _with_cuts(self, rows: SiteRows) -> SiteRows:
        """Return `rows` and the coverage rows found so far."""
        if not self.cuts or self._spelled:
            return rows
        return rows.with_rows(
            sparse.csr_array(np.array([gain for gain, _ in self.cuts])),
            np.array([lack for _, lack in self.cuts]),
            np.full(len(self.cuts), np.inf),
        )

    @property
    def _spelled(self) -> bool:
        """Whether the question is written out whole, coverage columns and all."""
        asked = self.question
        if asked.model == "p_median":
            return self.short and asked.capacity is None and asked.cost.size <= PAIRS
        return asked.model == "assign_zones" or asked.capacity is not None

    @cached_property
    def _whole(self) -> Question:
        """The question with columns for who serves whom, where its objective needs them."""
        asked = self.question
        if asked.model != "p_median":
            return asked
        rows, sites = np.nonzero(np.isfinite(asked.cost) & self.counted[:, None])
        kept, compact = np.unique(rows, return_inverse=True)
        columns = Columns(len(asked.sites), asked.world)
        served = columns.served(compact, sites, kept.size, all_rows=True, whole=False)
        pairs = (rows, sites, columns.width - served.size)
        return replace(asked, pairs=pairs, world=columns.world(asked.world.conditions))

    def _cut(self, sites: Ints) -> bool:
        """
        Add the row that `sites` break where too little is covered; tell whether there was one.

        Any good choice must gain at least the lack from sites that cover what these do not, and no
        site can count for more than the lack.
        """
        floor = self.question.floor
        if floor is None or self._spelled:
            return False
        weights = self.question.weights / self.question.weights.sum()
        lost = ~floor.covers[:, sites].any(axis=1)
        lack = floor.share * (1 - RELATIVE) - math.fsum(weights[~lost])
        if lack <= 0:
            return False
        self.short = True
        gain = np.minimum(floor.covers[lost].T @ weights[lost], lack) / lack
        self.cuts.append((gain, 1.0 - RELATIVE))
        return True

    def _once(self, rows: SiteRows, cutoff: float | None, start: Ints | None) -> Solved:
        """Ask the solver that fits."""
        with faults_named():
            return self._asked(rows, cutoff, start)

    def _asked(self, rows: SiteRows, cutoff: float | None, start: Ints | None) -> Solved:
        asked = self.question
        may: Any = {
            "deadline": self.deadline,
            "memory_mb": self.memory_mb,
            "progress": self.listener,
        }
        if self._spelled:
            spell = solve_spelled_centre if asked.model == "p_center" else solve_spelled
            return spell(self._whole, rows, cutoff=cutoff, **may)
        if asked.model == "p_median":
            return self._median(rows, cutoff, start)
        if asked.model == "p_center":
            if cutoff is None:
                return solve_centre(self.cost, rows, start=start, **may)
            near = self.cost <= cutoff * (1 + RELATIVE)
            return solve_set_cover(near, np.zeros(rows.n_sites), rows, **may)
        assert asked.radius is not None
        near = self.cost <= asked.radius
        if asked.model == "max_coverage":
            return solve_max_cover(near, self.weights, rows, start=start, cutoff=cutoff, **may)
        price = np.ones(rows.n_sites)
        price[asked.existing] = 0.0
        return solve_set_cover(near, price, rows, start=start, cutoff=cutoff, **may)

    @cached_property
    def _priced(self) -> tuple[Floats, float, Flags]:
        """Weighted costs in units in which the solver is at ease, the unit, and the rows that count."""
        asked = self.question
        counts = self.counted if asked.size is None else self.counted | (asked.size > 0)
        cost = asked.cost[counts]
        lost = np.isinf(cost)
        cost = asked.weights[counts, None] * np.where(lost, 0.0, cost)
        top = float(cost.max(initial=0.0))
        scale = 2.0 ** math.floor(math.log2(UNIT / top)) if top > TOO_FAR else 1.0
        cost *= scale
        cost[lost] = np.inf
        return cost, scale, counts

    def _median(self, rows: SiteRows, cutoff: float | None, start: Ints | None) -> Solved:
        """Ask for the least sum of weighted costs, over the sites that are allowed."""
        asked = self.question
        cost, scale, counts = self._priced
        kept = np.flatnonzero(rows.most)
        if kept.size < rows.n_sites:
            cost, rows = cost[:, kept], rows.among(kept)
            place = np.full(asked.cost.shape[1], -1, dtype=np.intp)
            place[kept] = np.arange(kept.size)
            start = None if start is None else place[start]
            start = None if start is None else start[start >= 0]
        may: Any = {
            "start": start,
            "cutoff": None if cutoff is None else cutoff * scale,
            "deadline": self.deadline,
            "memory_mb": self.memory_mb,
            "progress": self._tell(scale),
        }
        if asked.capacity is None or asked.size is None:
            solved = solve_median(cost, rows, **may)
        else:
            solved = solve_capacitated(cost, asked.size[counts], asked.capacity[kept], rows, **may)
        of = None
        if solved.assignment is not None:
            of = np.full(len(asked.demand), -1, dtype=np.intp)
            of[counts] = kept[solved.assignment]
        return replace(
            solved,
            sites=None if solved.sites is None else kept[solved.sites],
            objective=solved.objective / scale,
            bound=solved.bound / scale,
            assignment=of,
        )

    def _tell(self, scale: float) -> Progress | None:
        """Return the listener for sums in other units."""
        told = self.listener
        return None if told is None else lambda best, bound: told(best / scale, bound / scale)
