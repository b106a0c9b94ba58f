"""Any choice that meets the conditions, where time, memory or a hand ended the search without one."""

from __future__ import annotations

import time

import numpy as np

from siting.errors import SolverError, stop
from siting.layout.explaining import Rows, refuse_infeasible
from siting.layout.milp import solve_milp
from siting.layout.question import Question
from siting.layout.rows import Floats, Solved
from siting.layout.spelled import assignment
from siting.layout.value import value
from siting.layout.watch import Watch

FIRST_S = 10.0  # time that a first choice may take where the search found none


def first_choice(question: Question, solved: Solved, deadline: float | None) -> Solved:
    """
    Return any choice that meets the conditions, where the search ended without one.

    Raises
    ------
    SitingError
        Where none was found in a further moment either.
    """
    world = question.world
    watch = Watch(time.monotonic() + FIRST_S)
    rows = Rows(world, 0)
    for one in world.conditions:
        rows.add(*(one.tight or (one.matrix, one.lower, one.upper)))
    price = _rough_price(question)
    program = rows.program(price, world, np.zeros(0), np.zeros(0))
    answer = solve_milp(program, watch, gap=float(np.abs(price).sum()))
    if answer.stopped == "infeasible":
        refuse_infeasible(question, deadline)
    if answer.x is None:
        stop(
            SolverError,
            code="E-LAY-72",
            reason="时限内没有找到任何可行的方案",
            fix="请增大 time_limit_s，或减少条件",
            reason_en="no feasible layout was found within the time",
            fix_en="Raise time_limit_s, or drop conditions",
        )
    sites = np.flatnonzero(answer.x[: world.n_sites] > 0.5)
    of = None if question.capacity is None else assignment(question, answer.x)
    reached = value(question, sites, of)
    return Solved(
        sites,
        reached,
        solved.bound,
        proven=False,
        stopped=solved.stopped,
        seconds=solved.seconds,
        assignment=of,
        notes={**solved.notes, "first": True},
    )


def _rough_price(question: Question) -> Floats:
    """Return a price by which a site that is near to much demand is cheap."""
    price = np.zeros(question.world.width)
    if question.value is not None:
        price[: question.world.n_sites] = -question.value
    elif question.cost.size:
        far = np.where(np.isfinite(question.cost), question.cost, 0.0)
        price[: question.world.n_sites] = question.weights @ far
    return price
