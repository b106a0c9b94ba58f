"""Two aims at once: every layout that cannot be better in one without being worse in the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from siting.errors import Finding, Findings
from siting.layout import Layout
from siting.layout.labels import Label
from siting.layout.rows import RELATIVE, Floats, SiteRows, Solved
from siting.layout.solving import MAXIMISED
from siting.robustness.asking import Again, check_count, one_row

STEP = 1e-6  # of the sum of all scores: ten times the slack that a solver has in a row


@dataclass(frozen=True, eq=False)
class Front:
    """
    The Pareto front of a layout's objective and a score of sites.

    Parameters
    ----------
    points
        A row per layout: ``objective``, ``score`` (sum over its sites), ``sites`` (list); the best
        objective first, and from row to row the objective worse and the score better.
    complete
        True: these are all the points there are. False: the limit came first.
    """

    points: pd.DataFrame
    complete: bool


def pareto(
    layout: Layout,
    scores: pd.Series | Mapping[Any, float],
    *,
    limit: int = 100,
    time_limit_s: float | None = None,
) -> Front:
    """
    Return every layout that no other beats both in the layout's objective and in a score of its sites.

    Parameters
    ----------
    layout
        A layout proven optimal: its question is the first aim, and its conditions hold throughout.
    scores
        By site (for zones by pair (place, cluster)): the second aim is the greatest sum of these.
    limit
        Most points.
    time_limit_s
        Seconds in all, or None.

    Returns
    -------
    Front

    Raises
    ------
    InputError
        If the layout is not proven optimal, a site has no finite score, or an option is out of range.

    Notes
    -----
    The epsilon constraint: the first aim is optimised again and again while the score has to rise by
    at least a millionth of the sum of all scores. Sums that differ by less are the same. Unlike a weighted sum
    of the two aims this finds the points in the hollows of the front too.

    References
    ----------
    Haimes, Y., Lasdon, L. and Wismer, D. (1971). On a Bicriterion Formulation of the Problems of
    Integrated System Identification and System Optimization. IEEE Transactions on Systems, Man, and
    Cybernetics 1(3), 296-297.

    Examples
    --------
    a is cheap, c scores high, b lies between, and d is worse than b both ways.

    >>> from siting.layout import p_median
    >>> cost = pd.DataFrame({"a": [1.0], "b": [3.0], "c": [9.0], "d": [4.0]}, index=["x"])
    >>> front = pareto(p_median(cost, 1), {"a": 0, "b": 1, "c": 5, "d": 0.5})
    >>> front.points["sites"].tolist(), front.complete
    ([['a'], ['b'], ['c']], True)
    """
    most = check_count(limit, "limit")
    again = Again(layout, time_limit_s)
    score = _scores(again, scores)
    reach = float(np.abs(score).sum()) or 1.0
    score /= reach  # so that the solver's own slack is far below the step
    found: list[tuple[float, float, list[Label]]] = []
    rows, complete = again.rows, False
    while len(found) < most and not again.over:
        solved = again.solve(rows)
        if solved.sites is None or not solved.proven:
            complete = solved.proven
            break
        objective = again.objective(solved)
        best = _best_score(again, rows, score, solved)
        found.append((objective, _total(again, scores, best[1]), best[1]))
        rows = one_row(again.rows, score, best[0] + STEP, np.inf)
    points = pd.DataFrame(found, columns=["objective", "score", "sites"])
    return Front(points.astype({"sites": "object"}), complete)


def _best_score(
    again: Again, rows: SiteRows, score: Floats, held: Solved
) -> tuple[float, list[Label]]:
    """Return the greatest score at this objective: raise the score while the objective stays as good."""
    objective = again.objective(held)
    while True:
        assert held.sites is not None
        reached = float(score[held.sites].sum())
        more = again.solve(one_row(rows, score, reached + STEP, np.inf), cutoff=objective)
        if more.sites is None or not _as_good(again, more, objective):
            chosen = np.setdiff1d(held.sites, again.question.existing)
            return reached, [again.sites[k] for k in chosen]
        held = more


def _total(again: Again, scores: pd.Series | Mapping[Any, float], sites: list[Label]) -> float:
    """Return the sum of the scores as they were given, those of existing sites too."""
    given = dict(scores.items())
    open_ = [again.sites[k] for k in again.question.existing]
    return fsum(float(given[site]) for site in {*sites, *open_})


def _as_good(again: Again, solved: Solved, objective: float) -> bool:
    worse = again.objective(solved) - objective
    worse = -worse if again.question.model in MAXIMISED else worse
    return worse <= max(again.slack, RELATIVE * abs(objective))


def _scores(again: Again, scores: pd.Series | Mapping[Any, float]) -> Floats:
    """Return the score of each candidate, in their order; one that may never be chosen needs none."""
    given = dict(scores.items())
    numbers = np.array([_number(given.get(site)) for site in again.sites])
    numbers[(again.rows.most == 0) & ~np.isfinite(numbers)] = 0.0
    Findings(
        Finding(
            code="E-ROB-06",
            column="scores",
            value=str(again.sites[k]),
            reason="候选点没有得分，或得分不是有限的数",
            reason_en="a candidate has no score, or one that is not finite",
            fix="请为每个候选点给出得分",
            fix_en="Give every candidate a score",
        )
        for k in np.flatnonzero(~np.isfinite(numbers))
    ).stop()
    return numbers


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return np.nan
