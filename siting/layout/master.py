"""The linear programme that p-median grows row by row, and bounds from its prices alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.layout.highs import highspy
from siting.layout.milp import add_rows, quiet
from siting.layout.rows import Flags, Floats, Ints, SiteRows
from siting.layout.watch import CELL_MB, Watch

_CELLS = 4_000_000  # numbers of a dense block held at a time
_LEAST = 1e-9  # HiGHS drops smaller coefficients; they are raised, which only weakens a cut


@dataclass(frozen=True)
class Relaxed:
    """
    The relaxation at one node.

    `y` and `theta` solve it; `bound` holds for every choice within the bounds of the node, and
    `price` [sites] is by how much the bound rises where a site leaves the end it lies at.
    """

    y: Floats
    theta: Floats
    bound: float
    price: Floats
    feasible: bool


class Master:
    """
    Sites y and one cost theta for each demand, with the cuts found so far.

    A demand i that costs `level` or less at the sites nearer than `level` obeys
    ``theta_i + sum_j max(level - cost_ij, 0) y_j >= level``, whatever the level
    (Duran-Mateluna, Ales and Elloumi 2023, Computers & Operations Research 160:106388).

    Parameters
    ----------
    cost
        Demand x sites, least of each row 0; ``inf`` where a pair is not possible.
    rows
        Conditions on sites.
    scale
        Unit of each demand, so that cuts have coefficients near 1.
    """

    def __init__(self, cost: Floats, rows: SiteRows, scale: Floats) -> None:
        self.cost, self.rows, self.scale = cost, rows, scale
        self.n, self.m = cost.shape
        self.unit = float(scale.max(initial=0.0)) or 1.0
        self.which: Ints = np.full(rows.lower.size, -1, np.intp)  # below 0: a row of `rows`
        self.level: Floats = np.zeros(rows.lower.size)
        self.given = rows.lower.size  # rows of `rows` before those that branching adds
        self.kept = 0  # rows left when cuts were last dropped
        self.used_mb = 0.0
        self.runs = 0
        self.solver = quiet()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("solver", "simplex")
        # Each row is in the unit of its demand already; scaled once more it takes twice the steps.
        self.solver.setOptionValue("simplex_scale_strategy", 0)
        # The costs come first, so that sites can be added and taken away behind them.
        self.solver.addVars(self.n, np.zeros(self.n), np.full(self.n, highspy.kHighsInf))
        self.solver.addVars(self.m, rows.least.astype(float), rows.most.astype(float))
        places = np.arange(self.n, dtype=np.int32)
        self.solver.changeColsCost(self.n, places, scale / self.unit)
        self._given(rows)

    def add(self, which: Ints, level: Floats) -> None:
        """Add the cuts of the demands `which` at `level`."""
        step = max(1, _CELLS // self.m)
        for at in range(0, which.size, step):
            w, top = which[at : at + step], level[at : at + step]
            cuts = self._gains(w, top, self.cost)
            own = sparse.csr_array((np.ones(w.size), (np.arange(w.size), w)), (w.size, self.n))
            matrix = sparse.csr_array(sparse.hstack([own, cuts], format="csr"))
            ends = np.full(w.size, highspy.kHighsInf)
            add_rows(self.solver, matrix, top / self.scale[w], ends)
            self.used_mb += matrix.nnz * CELL_MB
        self.which = np.concatenate([self.which, which])
        self.level = np.concatenate([self.level, level])

    def _given(self, rows: SiteRows) -> None:
        """Put in `rows` as they are."""
        beside = sparse.csr_array((rows.lower.size, self.n))
        matrix = sparse.csr_array(sparse.hstack([beside, rows.matrix], format="csr"))
        add_rows(self.solver, matrix, rows.lower, rows.upper)

    def _gains(self, which: Ints, level: Floats, cost: Floats) -> sparse.csr_array:
        """Return the coefficients of sites of `cost` in the cuts of demands `which` at `level`."""
        gain = (level[:, None] - cost[which]) / self.scale[which, None]
        row, column = np.nonzero(gain > 0)
        value = np.maximum(gain[row, column], _LEAST)
        return sparse.csr_array((value, (row, column)), (which.size, cost.shape[1]))

    def widen(self, cost: Floats, rows: SiteRows) -> None:
        """Add the sites of `cost` [demand x new sites]; `rows` are the conditions on all sites."""
        cut = np.flatnonzero(self.which >= 0)
        k = cost.shape[1]
        parts = []
        step = max(1, _CELLS // k)
        for at in range(0, cut.size, step):
            part = cut[at : at + step]
            parts.append(sparse.coo_array(self._gains(self.which[part], self.level[part], cost)))
            parts[-1].coords = (part[parts[-1].coords[0]], parts[-1].coords[1])
        own = np.flatnonzero(self.which < 0)
        side = sparse.coo_array(rows.matrix[:, self.m :])
        value = np.concatenate([side.data, *(part.data for part in parts)])
        row = np.concatenate([own[side.coords[0]], *(part.coords[0] for part in parts)])
        column = np.concatenate([side.coords[1], *(part.coords[1] for part in parts)])
        new = sparse.csc_array((value, (row, column)), (self.which.size, k))
        self.solver.addCols(
            k,
            np.zeros(k),
            rows.least[self.m :].astype(float),
            rows.most[self.m :].astype(float),
            new.nnz,
            new.indptr[:-1].astype(np.int32),
            new.indices.astype(np.int32),
            new.data,
        )
        self.used_mb += new.nnz * CELL_MB
        self.cost = np.column_stack([self.cost, cost])
        self.rows, self.m = rows, self.m + k

    def separate(self, y: Floats, theta: Floats, tolerance: float) -> tuple[Ints, Floats, float]:
        """Return the demands whose cost at `y` lies above `theta`, with levels, and by how much."""
        open_ = np.flatnonzero(y > 1e-9)
        cost = self.cost[:, open_]
        order = np.argsort(cost, axis=1)
        ranked = np.take_along_axis(cost, order, axis=1)
        share = y[open_][order]
        last = (np.cumsum(share, axis=1) < 1 - 1e-9).sum(axis=1)
        last = np.minimum(last, np.maximum(np.isfinite(ranked).sum(axis=1) - 1, 0))
        level = ranked[np.arange(self.n), last]
        level = np.where(np.isfinite(level), level, 0.0)
        value = level - (np.maximum(level[:, None] - ranked, 0) * share).sum(axis=1)
        broken = value - theta * self.scale
        which = np.flatnonzero(broken > tolerance * self.scale)
        return which, level[which], float(broken[which].sum())

    def solve(self, least: Floats, most: Floats, watch: Watch) -> Relaxed | None:
        """Solve the relaxation between `least` and `most`; None where time is over."""
        places = np.arange(self.n, self.n + self.m, dtype=np.int32)
        self.solver.changeColsBounds(self.m, places, least, most)
        if np.isfinite(watch.left):
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + watch.left)
        self.solver.run()
        self.runs += 1
        status = self.solver.getModelStatus()
        nothing = np.zeros(0)
        if status == highspy.HighsModelStatus.kInfeasible:
            return Relaxed(nothing, nothing, np.inf, nothing, feasible=False)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.solver.getSolution()
        x = np.array(solution.col_value)
        bound, price = self.bound(np.array(solution.row_dual), least, most)
        return Relaxed(x[self.n :], x[: self.n], bound, price, feasible=True)

    def bound(self, dual: Floats, least: Floats, most: Floats) -> tuple[float, Floats]:
        """
        Return a bound that holds whatever the solver did, and the reduced price of each site.

        The row prices `dual` are cut to their valid signs and put into the Lagrangian, whose least
        value over the box of sites is a sum: no basis and no tolerance of the solver is trusted
        (Neumaier and Shcherbina 2004, Mathematical Programming 99:283-296).
        """
        own = self.which < 0
        rows = dual[own] * self.unit
        end = np.where(rows > 0, self.rows.lower, self.rows.upper)
        rows = np.where(np.isfinite(end), rows, 0.0)
        total = float(rows @ np.where(np.isfinite(end), end, 0.0))
        which, level = self.which[~own], self.level[~own]
        cuts = np.maximum(dual[~own] * self.unit, 0.0)
        paid = np.bincount(which, cuts, self.n)
        fit = np.divide(self.scale, paid, out=np.ones(self.n), where=paid > self.scale)
        cuts = cuts * fit[which] / self.scale[which]
        self.paying = rows, which, level, cuts
        price = self.prices(self.cost, self.rows)
        box = np.minimum(price * least, price * most).sum()
        return total + float(cuts @ level) + float(box), price

    def prices(self, cost: Floats, rows: SiteRows) -> Floats:
        """Return the reduced price of each site of `cost` and `rows` at the last row prices."""
        dual, which, level, cuts = self.paying
        price: Floats = -(rows.matrix.T @ dual)
        active = np.flatnonzero(cuts)
        step = max(1, _CELLS // max(1, cost.shape[1]))
        for part in np.split(active, range(step, active.size, step)):
            price = price - cuts[part] @ np.maximum(level[part, None] - cost[which[part]], 0)
        return price

    def demand(self, sites: Ints) -> int:
        """Add the row that one of `sites` is open, not in force yet, and return its number."""
        number = self.rows.lower.size
        row = sparse.csr_array(
            (np.ones(sites.size), (np.zeros(sites.size, int), sites)), (1, self.m)
        )
        ends = (np.full(1, -np.inf), np.full(1, np.inf))
        more = SiteRows(row, *ends, self.rows.least, self.rows.most)
        self.rows = self.rows.with_rows(row, *ends)
        self._given(more)
        self.which = np.append(self.which, -1)
        self.level = np.append(self.level, 0.0)
        return number

    def force(self, forced: frozenset[int]) -> None:
        """Put exactly the rows `forced` of `demand` in force."""
        places = np.flatnonzero(self.which < 0)
        for number in range(self.given, places.size):
            lower = 1.0 if number in forced else -np.inf
            if self.rows.lower[number] != lower:
                self.rows.lower[number] = lower
                self.solver.changeRowBounds(int(places[number]), lower, np.inf)

    def shrink(self, kept: Ints) -> None:
        """Keep only the sites `kept`; the others are closed for good."""
        gone = np.setdiff1d(np.arange(self.m), kept)
        self.solver.deleteVars(gone.size, (gone + self.n).astype(np.int32).tolist())
        self.cost = np.ascontiguousarray(self.cost[:, kept])
        self.rows = self.rows.among(kept)
        self.m = kept.size

    def forget(self, room: float = 0.0, *, tight: bool = False) -> None:
        """
        Drop the cuts that are slack and have no price, once there is a share `room` of new.

        With `tight` those go as well that have no price and are met exactly: at the end of the root
        that is a third of all, few come back, and every later relaxation is the quicker.
        """
        if self.which.size < (1 + room) * self.kept:
            return
        solution = self.solver.getSolution()
        cut = self.which >= 0
        value = np.array(solution.row_value) - self.level / self.scale[self.which]
        idle: Flags = cut & (np.abs(np.array(solution.row_dual)) < 1e-12)
        idle &= tight | (value > 1e-6)
        gone = np.flatnonzero(idle)
        if gone.size:
            self.solver.deleteRows(gone.size, gone.astype(np.int32))
            self.which, self.level = self.which[~idle], self.level[~idle]
        self.kept = self.which.size
