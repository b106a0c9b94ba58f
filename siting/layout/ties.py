"""Of several optima the one with the smallest ids, found by asking for a better one until there is none."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from siting.errors import SolverError, stop
from siting.layout.labels import Words
from siting.layout.pruning import possible
from siting.layout.record import Tie
from siting.layout.rows import RELATIVE, Floats, Ints, SiteRows, Solved
from siting.layout.solving import MAXIMISED, Solver
from siting.layout.value import scale, smaller_equal, value

AUTO = 300  # sites up to which ties are broken unless the caller says otherwise
LEAST_S = 5.0  # [s] for ties of a capacitated question by default, or what its answer took

UNSETTLED = Words(
    "求解停下前没有查完编号最小的一组",
    "the smallest ids were not settled before the search stopped",
)
SHORT = Words(
    "并列没有查到底：默认用时不超过求解本身；要查完请给 ties=True",
    "ties were not searched to the end: by default no longer than the answer itself took; "
    "pass ties=True for all of them",
)


def left_alone(ties: object, n_sites: int, *, proven: bool) -> Words | None:
    """Return why ties are not looked at, or None where they are."""
    if not proven:
        return Words("没有证明最优，未查并列", "not proven optimal, so ties were not looked at")
    if ties == "auto" and n_sites > AUTO:
        return Words(
            f"候选点 {n_sites} 个，超过 {AUTO} 个，未查并列；要查请给 ties=True",
            f"{n_sites} sites, more than {AUTO}: ties were not looked at; pass ties=True for that",
        )
    if not ties:
        return Words("按要求未查并列", "ties were not looked at, as asked")
    return None


@dataclass
class _Walk:
    """The search for the smallest ids among the optima of one question."""

    solver: Solver
    best: Solved
    asked: int = 0
    late: Words = UNSETTLED  # what is said where time comes first

    def as_good(self, rows: SiteRows) -> Solved | None:
        """Return an optimum under `rows`, or None where there is none; TimeoutError if unsettled."""
        self.asked += 1
        found = self.solver.solve(more=rows, cutoff=self.best.objective, start=self.best.sites)
        if not found.proven and found.sites is None:
            raise TimeoutError
        if found.sites is None:
            return None
        question = self.solver.question
        reached = value(question, found.sites, found.assignment)
        worse = reached - self.best.objective
        worse = -worse if question.model in MAXIMISED else worse
        size = max(abs(reached), abs(self.best.objective))
        if abs(worse) <= 3 * RELATIVE * scale(question, found.sites, size):
            return replace(found, objective=reached)
        if worse > 0:  # weights too far apart to tell: the optimum stands, its ties are not settled
            raise TimeoutError
        stop(
            SolverError,
            code="E-LAY-70",
            reason=f"求解器称 {self.best.objective!r} 为最优，却另得到 {reached!r}",
            fix="结果不可信，请把输入报告给我们",
            reason_en=f"the solver proved {self.best.objective!r} and then gave {reached!r}",
            fix_en="The result is not to be trusted; report the input to us",
        )

    def run(self) -> tuple[Solved, Tie]:
        """Return the optimum with the smallest ids and what is known of the others."""
        rows, question = self.solver.rows, self.solver.question
        chosen = self.best.sites
        assert chosen is not None
        able = possible(question, rows, chosen, self.solver.deadline)
        rows = SiteRows(rows.matrix, rows.lower, rows.upper, rows.least, able.astype(np.int8))
        free = chosen[rows.least[chosen] == 0]
        unique: bool | None = None
        try:
            other = (
                self.as_good(_one_row(rows, free, -np.inf, free.size - 1.0)) if free.size else None
            )
            unique = other is None
            if other is None:
                return self.best, Tie(unique=True, broken=True, solves=self.asked)
            first = min((self.best, other), key=lambda one: _listed(one.sites))
            return self.walk(rows, self.slide(first)), Tie(
                unique=False, broken=True, solves=self.asked
            )
        except (TimeoutError, KeyboardInterrupt):
            return self.best, Tie(unique=unique, broken=False, solves=self.asked, left=self.late)

    def slide(self, found: Solved) -> Solved:
        """Return the optimum with the smallest ids that single exchanges lead to from `found`."""
        question = self.solver.question
        while found.sites is not None:
            other = smaller_equal(question, found.sites, self.best.objective)
            if other is None:
                break
            found = replace(found, sites=other, objective=value(question, other, None))
        return found

    def walk(self, rows: SiteRows, found: Solved) -> Solved:
        """Settle the places of the sorted list of ids one after the other."""
        least, most = rows.least.copy(), rows.most.copy()
        settled, before = 0, -1
        while found.sites is not None and settled < found.sites.size:
            site = int(found.sites[settled])
            earlier = np.arange(before + 1, site)
            earlier = earlier[most[earlier] == 1]
            if earlier.size:
                held = SiteRows(rows.matrix, rows.lower, rows.upper, least, most)
                other = self.as_good(_one_row(held, earlier, 1.0, np.inf))
                if other is not None:
                    found = self.slide(other)
                    continue
                most[earlier] = 0
            least[site] = 1
            settled, before = settled + 1, site
        return found


def smallest(solver: Solver, best: Solved) -> tuple[Solved, Tie]:
    """Return the optimum with the smallest ids, where ties are looked at, and the record of it."""
    left = left_alone(solver.question.options.ties, solver.rows.n_sites, proven=best.proven)
    if left is not None:
        return best, Tie(None, broken=False, left=left)
    options = solver.question.options
    if solver.question.capacity is None or options.ties != "auto":
        return _Walk(solver, best).run()
    # who serves whom makes each question of a tie as hard as the first: the answer must not wait
    given = solver.deadline
    most = time.monotonic() + max(LEAST_S, best.seconds)
    sooner = given is None or most < given
    solver.deadline = most if sooner else given
    try:
        return _Walk(solver, best, late=SHORT if sooner else UNSETTLED).run()
    finally:
        solver.deadline = given


def _listed(sites: Ints | None) -> list[int]:
    return [] if sites is None else [int(site) for site in sites]


def _one_row(rows: SiteRows, sites: Ints, least: float, most: float) -> SiteRows:
    """Return `rows` with one more: how many of `sites` are chosen."""
    row: Floats = np.zeros((1, rows.n_sites))
    row[0, sites] = 1.0
    return rows.with_rows(sparse.csr_array(row), np.array([least]), np.array([most]))
