"""Prices of demands that make a good bound before any programme is solved, and good first cuts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.layout.rows import Floats, Ints, SiteRows
from siting.layout.watch import Watch

_STEPS = 150
_PATIENCE = 5  # steps without a better bound before the step is shortened
_BLOCK = 200_000  # numbers of a dense block: what a processor's cache holds


@dataclass(frozen=True)
class Prices:
    """
    What each demand pays at most (`level`) and the `bound` that this proves.

    `opened` [sites] is the bound where that site has to be open.
    """

    level: Floats
    bound: float
    opened: Floats


def site_gain(cost: Floats, level: Floats) -> Floats:
    """Return for each site the sum over demands of ``max(level - cost, 0)``."""
    n, m = cost.shape
    step = max(1, _BLOCK // max(m, 1))
    total = np.zeros(m)
    for at in range(0, n, step):
        total += np.maximum(level[at : at + step, None] - cost[at : at + step], 0).sum(axis=0)
    return total


def demand_prices(cost: Floats, rows: SiteRows, best: float, level: Floats, watch: Watch) -> Prices:
    """
    Climb the Lagrangian bound of p-median by subgradients, from `level`.

    Parameters
    ----------
    cost
        Demand x sites, least of each row 0.
    rows
        Only their fixed and forbidden sites and the number to choose are used, which keeps the
        bound valid.
    best
        Objective of a known choice, in the same terms as `cost`.
    level
        First prices [demand].
    watch
        Stops between two steps.

    References
    ----------
    Beasley (1993), European Journal of Operational Research 65:383-399.
    """
    count = rows.at_most
    by_site = np.ascontiguousarray(cost.T)
    weight = np.maximum(level, level.mean() * 1e-6)
    found = Prices(level, -np.inf, np.full(rows.n_sites, -np.inf))
    length, idle, pull = 1.0, 0, np.zeros(level.size)
    for _ in range(_STEPS):
        worth = site_gain(cost, level)
        worth[rows.least == 1] += level.sum()  # comes first, and is taken off again
        worth[rows.most == 0] = -np.inf
        chosen = np.argpartition(-worth, count - 1)[:count]
        extra = level.sum() * (rows.least[chosen] == 1).sum()
        value = float(level.sum() - (worth[chosen].sum() - extra))
        idle += 1
        if value > found.bound:
            idle = 0 if value > found.bound + 1e-4 * abs(found.bound) else idle
            found = Prices(level, value, value + np.maximum(worth[chosen].min() - worth, 0.0))
        if idle > _PATIENCE:
            length, idle = length / 1.5, 0
        pull = 1.0 - (by_site[chosen] < level).sum(axis=0) + 0.3 * pull
        size = float(weight @ (pull * pull))
        if length < 0.01 or size == 0 or value >= best or watch.over:
            break
        level = np.maximum(level + length * (best - value) / size * pull * weight, 0.0)
    return found


def first_prices(net: Floats, sites: Ints) -> Floats:
    """Return the cost of each demand at its second nearest of `sites`: a first price."""
    near = np.sort(net[:, sites], axis=1)[:, :2]
    second = near[:, -1]
    top = np.where(np.isfinite(net), net, 0.0).max(axis=1, initial=0.0)
    return np.where(np.isfinite(second) & (second > 0), second, top)
