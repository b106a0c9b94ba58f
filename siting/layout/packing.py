"""The linear programme of whole loads: each demand in one, one for each open site, and cuts on triples."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from siting.layout.highs import highspy
from siting.layout.loading import Freight
from siting.layout.loads import Loads, Terms
from siting.layout.milp import add_rows, quiet
from siting.layout.rows import Floats, Ints, SiteRows
from siting.layout.watch import Watch

_AT_ONCE = 5  # loads of one site that are added together
_LEAST_OVER = 0.02  # by how much a cut is broken that is worth adding
_CUTS, _EACH = 30, 5  # cuts that are added together, and those of them with the same demand
_MORE = 1e-4
_GAIN = 1e-8  # of the unit: what a load must be worth above its site's price to be added


class Relaxed(NamedTuple):
    """
    The linear programme: how much of each load is `used`, and its `terms`.

    Of each site a load must be worth `asked` to be used; `worth` is that of each load in the pool.
    """

    used: Floats
    terms: Terms
    asked: Floats
    worth: Floats


class Packing:
    """
    Choose sites and for each open one a load, each demand in one load, at the least cost.

    Of three demands at most one load can hold two or more: these cuts, added where they are broken,
    are the subset-row cuts of Jepsen, Petersen, Spoorendonk and Pisinger (2008), Operations Research
    56:497-511, of size three.

    Parameters
    ----------
    freight
        Costs, sizes, capacities and conditions.
    dear
        What a demand without a load costs, so that there is a solution from the start.
    unit
        Of costs, so that most numbers are near 1.
    """

    def __init__(self, freight: Freight, dear: float, unit: float) -> None:
        self.rows, self.n, self.m = freight.rows, freight.size.size, freight.capacity.size
        self.unit = unit
        self.triple: Ints = np.zeros((0, 3), np.intp)
        self.loads = Loads.none(self.n)
        self.cells = 0
        self.solver: Any = quiet()
        self.solver.setOptionValue("presolve", "off")
        n, m = self.n, self.m
        self.solver.addVars(m, self.rows.least.astype(float), self.rows.most.astype(float))
        self.solver.addVars(n, np.zeros(n), np.ones(n))
        self.solver.changeColsCost(n, np.arange(m, m + n, dtype=np.int32), np.full(n, dear / unit))
        served = sparse.hstack([sparse.csr_array((n, m)), sparse.eye_array(n)], format="csr")
        opened = sparse.hstack([-sparse.eye_array(m), sparse.csr_array((m, n))], format="csr")
        given = sparse.hstack([self.rows.matrix, sparse.csr_array((self.rows.lower.size, n))])
        add_rows(self.solver, served, np.ones(n), np.full(n, np.inf))
        add_rows(self.solver, opened, np.full(m, -np.inf), np.zeros(m))
        add_rows(self.solver, sparse.csr_array(given), self.rows.lower, self.rows.upper)

    def add(self, loads: Loads) -> None:
        """Add loads that are not there yet."""
        k = loads.site.size
        own = sparse.csr_array((np.ones(k), (np.arange(k), loads.site)), (k, self.m))
        side = sparse.csr_array((k, self.rows.lower.size))
        cuts = loads.doubled(self.triple)
        new = sparse.csr_array(sparse.hstack([loads.holds, own, side, cuts], format="csr"))
        self.solver.addCols(
            k,
            loads.cost / self.unit,
            np.zeros(k),
            np.full(k, highspy.kHighsInf),
            new.nnz,
            new.indptr[:-1].astype(np.int32),
            new.indices.astype(np.int32),
            new.data,
        )
        self.cells += new.nnz
        self.loads = self.loads.with_more(loads)

    def cut(self, triple: Ints) -> None:
        """Add cuts."""
        doubled = sparse.csr_array(self.loads.doubled(triple).T)
        beside = sparse.csr_array((len(triple), self.m + self.n))
        matrix = sparse.csr_array(sparse.hstack([beside, doubled], format="csr"))
        ends = np.full(len(triple), -np.inf), np.ones(len(triple))
        add_rows(self.solver, matrix, *ends)
        self.cells += matrix.nnz
        self.triple = np.vstack([self.triple, triple])

    def climb(self, pool: Loads, watch: Watch) -> Relaxed | None:
        """Solve, and add loads of `pool` while some are worth more than asked; None without time."""
        doubled = pool.doubled(self.triple)
        fresh = np.ones(pool.site.size, np.bool_)
        while True:
            found = self._solved(watch)
            if found is None:
                return None
            used, terms, asked = found
            worth = pool.holds @ terms.price - pool.cost - doubled @ terms.fine
            more = worth - asked[pool.site]
            new = np.flatnonzero(fresh & (more > _GAIN * self.unit))
            if not new.size:
                return Relaxed(used, terms, asked, worth)
            new = new[np.lexsort((-more[new], pool.site[new]))]
            first = np.flatnonzero(np.diff(pool.site[new], prepend=-1))
            rank = np.arange(new.size) - np.repeat(first, np.diff(first, append=new.size))
            new = new[rank < _AT_ONCE]
            fresh[new] = False  # what rounding makes worth it is not added for ever
            self.add(pool.among(new))

    def _solved(self, watch: Watch) -> tuple[Floats, Terms, Floats] | None:
        """Solve with the loads there are."""
        if np.isfinite(watch.left):
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + watch.left)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.solver.getSolution()
        dual = np.array(solution.row_dual) * self.unit
        n, m = self.n, self.m
        fine = np.maximum(-dual[n + m + self.rows.lower.size :], 0.0)
        fine[fine < _GAIN * self.unit] = 0.0
        terms = Terms(np.maximum(dual[:n], 0.0), self.triple, fine)
        return np.array(solution.col_value)[n + m :], terms, np.maximum(-dual[n : n + m], 0.0)

    def broken(self, used: Floats) -> Ints:
        """
        Return triples of which the loads `used` break the cut, the worst first, none too alike.

        A load that holds members a, b, c as 0 or 1 counts ab + ac + bc - 2abc.
        """
        on = np.flatnonzero(used > 1e-9)
        holds, share = self.loads.holds[on].toarray(), used[on]
        two = holds.T @ (share[:, None] * holds)
        found = []
        for a in range(self.n):
            with_a = holds[:, a] > 0
            three = holds[with_a].T @ (share[with_a, None] * holds[with_a])
            count = two[a][:, None] + two[a] + two - 2 * three
            b, c = np.nonzero(np.triu(count > 1 + _LEAST_OVER, 1))
            after = b > a
            b, c = b[after], c[after]
            found.append(np.column_stack([count[b, c], np.full(b.size, a), b, c]))
        every = np.vstack(found)
        taken: list[Ints] = []
        often = np.zeros(self.n, np.intp)
        for triple in every[np.argsort(-every[:, 0], kind="stable"), 1:].astype(np.intp):
            if len(taken) == _CUTS:
                break
            if often[triple].max() < _EACH:
                often[triple] += 1
                taken.append(triple)
        return np.array(taken, np.intp).reshape(-1, 3)


def site_bound(rows: SiteRows, worth: Floats) -> tuple[float, Floats]:
    """
    Return a bound below all choices where each open site saves its `worth`, and so with each open.

    The prices of the conditions are cut to their valid signs, and the rest is a sum over sites: the
    bound holds whatever the solver did (Neumaier and Shcherbina 2004, Mathematical Programming
    99:283-296).

    Examples
    --------
    >>> site_bound(SiteRows.choosing(1, 2), np.array([3.0, 1]))
    (-3.0, array([-3., -1.]))
    """
    solver, m = quiet(), rows.n_sites
    unit = float(np.abs(worth).max(initial=0.0)) or 1.0
    # A little more than one of each site: of several price systems this takes the one in which the
    # least of the chosen sites sets the price, and the bounds of all others are highest.
    solver.addVars(m, rows.least.astype(float), (1 + _MORE) * rows.most)
    solver.changeColsCost(m, np.arange(m, dtype=np.int32), -worth / unit)
    add_rows(solver, rows.matrix, rows.lower, rows.upper)
    solver.run()
    dual = np.array(solver.getSolution().row_dual) * unit
    end = np.where(dual > 0, rows.lower, rows.upper)
    dual = np.where(np.isfinite(end), dual, 0.0)
    price = -worth - rows.matrix.T @ dual
    box = np.minimum(price * rows.least, price * rows.most)
    total = float(dual @ np.where(np.isfinite(end), end, 0.0)) + float(box.sum())
    return total, total + price - box
