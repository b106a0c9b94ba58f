"""From a question to its layout: solve, break ties, check, and say which conditions stand in the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from siting.layout.checking import agree, fail
from siting.layout.explaining import refuse_infeasible
from siting.layout.first import first_choice
from siting.layout.labels import Label, Words
from siting.layout.question import Question
from siting.layout.record import Layout
from siting.layout.rows import RELATIVE, Ints, Solved
from siting.layout.solving import MAXIMISED, Solver
from siting.layout.ties import smallest
from siting.layout.value import better, broken, scale, value

QUIET_S = 2.0  # progress is told from this time on
Check = Callable[[list[Label], Mapping[Label, Label]], float]


class _Listener:
    """Passes progress on to the caller once a search takes longer than a moment."""

    def __init__(self, told: Callable[[float, float, float], None] | None) -> None:
        self.told, self.began = told, time.monotonic()

    @property
    def seconds(self) -> float:
        """Time since the start [s]."""
        return time.monotonic() - self.began

    def __call__(self, best: float, bound: float) -> None:
        """Tell the seconds, the best objective and the bound."""
        if self.told is not None and self.seconds >= QUIET_S:
            self.told(self.seconds, best, bound)


def decide(question: Question, check: Check) -> Layout:
    """
    Return the layout that answers `question`.

    `check` computes the objective of sites from the tables as they were given.
    """
    listener = _Listener(question.options.progress)
    limit = question.options.time_limit_s
    deadline = None if limit is None else time.monotonic() + limit
    solver = Solver(question, deadline, question.options.memory_limit_mb, listener)
    solved = solver.solve()
    if solved.sites is None and solved.proven:
        refuse_infeasible(question, deadline)
    if solved.sites is None:
        solved = first_choice(question, solved, deadline)
    solved, tie = smallest(solver, solved)
    sites = np.setdiff1d(solved.sites, question.existing)  # type: ignore[arg-type]
    chosen = [question.sites[k] for k in sites]
    assignment, served = _assignment(question, solved)
    objective = float(check(chosen, {i: s for i, s in assignment.items() if not pd.isna(s)}))
    assert solved.sites is not None
    size = scale(question, solved.sites, max(abs(objective), abs(solved.objective)))
    agree(objective, solved.objective, solved.stopped, size)
    binding = _binding(question, solved, objective)
    bound = objective if solved.proven else _honest(question, solved, objective)
    gap = abs(objective - bound) / abs(objective) if objective else abs(objective - bound)
    return Layout(
        question.model,
        "optimal" if solved.proven else "feasible",
        chosen,
        objective,
        bound,
        gap,
        assignment,
        served,
        binding,
        tuple(one.words for one in question.world.conditions),
        tuple(question.sites[k] for k in question.existing),
        tie,
        listener.seconds,
        {**solved.notes, "solves": solver.calls, "stopped": solved.stopped},
        question,
    )


def _honest(question: Question, solved: Solved, objective: float) -> float:
    """Return the bound, never on the wrong side of the objective, and never worse than what is plain."""
    bound = solved.bound
    if question.model in MAXIMISED:
        plain = float("inf")
        if question.model == "max_coverage":
            plain = float(question.weights.sum())
        elif question.value is not None:
            plain = float(np.sort(question.value)[::-1][: question.count].sum())
        bound = plain if not np.isfinite(bound) else min(bound, plain)
        return max(bound, objective)
    plain = 0.0
    if question.model in ("p_median", "p_center"):
        least = question.cost.min(axis=1)
        counted = question.weights > 0
        plain = (
            float(least[counted].max())
            if question.model == "p_center"
            else float(question.weights[counted] @ least[counted])
        )
    bound = plain if not np.isfinite(bound) else max(bound, plain)
    return min(bound, objective)


def _assignment(question: Question, solved: Solved) -> tuple[pd.Series, pd.Series]:
    """Return the site of each demand, in the order of its id, and whether it is served."""
    sites, demand = solved.sites, question.demand
    assert sites is not None
    if question.model == "assign_zones":
        places, clusters = zip(*(question.sites[k] for k in sites), strict=True)
        index = pd.Index(places, name="place")
        whole = pd.Series(np.ones(len(places), dtype=bool), index=index, name="served")
        return pd.Series(clusters, index=index, name="cluster"), whole
    of: Ints
    if solved.assignment is not None:
        of = solved.assignment
    else:
        of = sites[question.cost[:, sites].argmin(axis=1)]
    far = np.where(of >= 0, question.cost[np.arange(len(demand)), np.maximum(of, 0)], np.inf)
    limit = np.inf if question.radius is None else question.radius
    index = pd.Index(demand, name="demand")
    labels: list[Any] = [None if k < 0 else question.sites[k] for k in of]
    kind = object if any(label is None for label in labels) else None
    served = np.isfinite(far) & (far <= limit)
    return (
        pd.Series(labels, index=index, name="site", dtype=kind),
        pd.Series(served, index=index, name="served"),
    )


def _binding(question: Question, solved: Solved, objective: float) -> tuple[Words, ...]:
    """Return the conditions that alone keep out an exchange that is better; a free one is a fault."""
    if question.capacity is not None:
        return _full(question, solved)
    assert solved.sites is not None
    alone: dict[int, Words] = {}
    for sites in better(question, solved.sites, objective):
        lost = broken(question, sites)
        if not lost and solved.proven:
            found = value(question, sites, None)
            fail(
                [
                    (
                        f"有更好的方案：{found!r} 优于 {objective!r}",
                        f"there is a better layout: {found!r} against {objective!r}",
                    )
                ]
            )
        if len(lost) == 1:
            alone[id(lost[0])] = lost[0].words
    return tuple(one.words for one in question.world.conditions if id(one) in alone)


def _full(question: Question, solved: Solved) -> tuple[Words, ...]:
    """Return the capacities where they keep a demand from its nearest open site."""
    sites, of = solved.sites, solved.assignment
    assert sites is not None
    assert of is not None
    counted = question.weights > 0
    near = question.cost[np.ix_(counted, sites)].min(axis=1)
    rows = np.flatnonzero(counted)
    far = np.where(of[rows] >= 0, question.cost[rows, np.maximum(of[rows], 0)], np.inf)
    if not (far > near * (1 + RELATIVE)).any():
        return ()
    return tuple(one.words for one in question.world.conditions if one.kind == "capacity")
