"""Which sites can be in no optimum, by the prices of demands: the search among ties leaves them out."""

from __future__ import annotations

import numpy as np

from siting.layout.question import Question
from siting.layout.rows import RELATIVE, Flags, Floats, Ints, SiteRows
from siting.layout.watch import Watch

STEPS = 150
ROUNDING = 1e-12  # of the sums from which a bound is made
PATIENCE = 5  # steps without a better bound before they are shortened


def as_median(question: Question) -> Floats | None:
    """Return the costs of which the objective is the sum of row minima, or the weight less that sum."""
    counted = question.weights > 0
    if question.capacity is not None:
        return None
    cost, weights = question.cost[counted], question.weights[counted, None]
    if question.model == "p_median":
        return None if np.isinf(cost).any() else cost * weights
    if question.model == "max_coverage":
        return np.where(cost <= (question.radius or 0.0), 0.0, weights)
    return None


def possible(question: Question, rows: SiteRows, best: Ints, deadline: float | None) -> Flags:
    """
    Tell which sites may be in a choice as good as the optimum `best`.

    A site of which the bound with it open lies above the optimum cannot (Beasley 1993, European
    Journal of Operational Research 65:383-399).
    """
    every: Flags = rows.most == 1
    cost = as_median(question)
    if cost is None or question.count is None:
        return every
    least = cost.min(axis=1)
    net = cost - least[:, None]
    near = np.sort(net[:, best], axis=1)
    level = near[:, min(1, near.shape[1] - 1)]
    optimum = float(near[:, 0].sum())
    if not level.any():
        return every
    count = question.count + question.existing.size
    opened = bounds_opened(net, count, level, optimum, Watch(deadline))
    size = optimum + float(least.sum())
    if question.model == "max_coverage":  # what counts as equal there is a share of what is covered
        size = float(question.weights.sum())
    slack = 3 * RELATIVE * size + ROUNDING * float(net.max(axis=1).sum())
    able: Flags = every & ((opened <= optimum + slack) | (rows.least == 1))
    able[best] = True
    return able


def bounds_opened(net: Floats, count: int, level: Floats, optimum: float, watch: Watch) -> Floats:
    """
    Return for each site a bound on the cost of all choices of `count` sites in which it is open.

    Parameters
    ----------
    net
        Demand x sites, least of each row 0.
    count
        Most sites that are chosen.
    level
        First price of each demand.
    optimum
        The least cost, towards which the prices climb.
    watch
        Stops between two steps.

    Examples
    --------
    One site of two; opening the second costs 3.

    >>> net = np.array([[0.0, 3.0]])
    >>> bounds_opened(net, 1, np.array([3.0]), 0.0, Watch()).tolist()
    [0.0, 3.0]
    """
    by_site = np.ascontiguousarray(net.T)
    opened = np.full(net.shape[1], -np.inf)
    length, best, idle = 1.0, -np.inf, 0
    for _ in range(STEPS):
        worth = np.maximum(level - by_site, 0).sum(axis=1)
        chosen = np.argsort(-worth, kind="stable")[:count]
        value = float(level.sum() - worth[chosen].sum())
        # Each step gives a valid bound: without the least worthy of the chosen, with this one.
        opened = np.maximum(opened, value + np.maximum(worth[chosen[-1]] - worth, 0.0))
        idle = 0 if value > best + 1e-5 * abs(best) else idle + 1
        best = max(best, value)
        if idle > PATIENCE:
            length, idle = length / 1.5, 0
        pull = 1.0 - (by_site[chosen] < level).sum(axis=0)
        size = float(pull @ pull)
        # A goal a little above the optimum keeps the steps from vanishing.
        if size == 0 or length < 0.005 or watch.over:
            break
        level = np.maximum(level + length * (1.002 * optimum - value) / size * pull, 0.0)
    return opened
