"""A bound for sites with capacities: demands have prices, and each site packs the best load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from siting.layout.loading import Freight
from siting.layout.rows import RELATIVE, Floats, Ints, SiteRows
from siting.layout.watch import Watch

_STEPS = 1000
_PATIENCE = 20
_CELLS = 2_000_000  # numbers of one pass over all sites
_LEAST_UNITS = 20


@dataclass(frozen=True)
class Packed:
    """
    The best `bound` found, and `pair` [demand x sites]: the bound where that pair is used.

    A pair whose bound is above a known choice is in no better one. `price` [demand] gave the bound.
    """

    bound: float
    pair: Floats
    price: Floats


def in_units(size: Floats, capacity: Floats, n_sites: int) -> tuple[Ints, Ints]:
    """
    Return sizes and capacities in whole units: exact where they are small whole numbers.

    Else both are rounded down to a unit, which only allows more.
    """
    total = float(size.sum())
    top = np.minimum(capacity, total)
    largest = float(top.max(initial=0.0))
    units = max(_LEAST_UNITS, int(_CELLS / max(size.size * n_sites, 1)))
    exact = bool((size == np.floor(size)).all()) and largest <= units
    scale = 1.0 if exact or largest == 0 else units / largest
    return (
        np.floor(size * scale * (1 - 1e-12)).astype(np.intp) if not exact else size.astype(np.intp),
        np.floor(top * scale * (1 + 1e-12)).astype(np.intp),
    )


def load_tables(gain: Floats, size: Ints, units: int) -> Floats:
    """Return the best gain [demands + 1, units + 1, sites] of the first i demands in c units."""
    n, m = gain.shape
    best = np.zeros((n + 1, units + 1, m))
    for i in range(n):
        w = int(size[i])
        best[i + 1, :w] = best[i, :w]
        if w <= units:
            np.add(best[i, : units + 1 - w], gain[i], out=best[i + 1, w:])
            np.maximum(best[i + 1, w:], best[i, w:], out=best[i + 1, w:])
    return best


def load_values(gain: Floats, size: Ints, capacity: Ints) -> Floats:
    """Return the best gain of each site."""
    units = int(capacity.max(initial=0))
    best = np.zeros((units + 1, gain.shape[1]))
    spare = np.empty_like(best)
    for i in np.flatnonzero((gain > 0).any(axis=1)):
        w = int(size[i])
        if w <= units:
            np.add(best[: units + 1 - w], gain[i], out=spare[w:])
            np.maximum(best[w:], spare[w:], out=best[w:])
    return best[capacity, np.arange(capacity.size)]


def _loads(gain: Floats, size: Ints, capacity: Ints) -> np.ndarray:
    """Return which demands [demand x sites] the best load of each site holds."""
    n, m = gain.shape
    best = load_tables(gain, size, int(capacity.max(initial=0)))
    taken = np.zeros((n, m), np.bool_)
    left, site = capacity.copy(), np.arange(m)
    for i in range(n - 1, -1, -1):
        taken[i] = best[i + 1, left, site] > best[i, left, site]
        left = left - taken[i] * int(size[i])
    return taken


def _forced(gain: Floats, size: Ints, capacity: Ints) -> Floats:
    """Return the best gain [demand x sites] of each site where it has to take that demand."""
    n, m = gain.shape
    units = int(capacity.max(initial=0))
    value = np.full((n, m), -np.inf)
    step = max(1, 4 * _CELLS // ((n + 1) * (units + 1)))
    for at in range(0, m, step):
        part = np.s_[at : at + step]
        before = load_tables(np.maximum(gain[:, part], 0), size, units)
        after = load_tables(np.maximum(gain[::-1, part], 0), size[::-1], units)
        room, site = capacity[part], np.arange(capacity[part].size)
        for i in range(n):
            left = room - int(size[i])
            used = np.arange(units + 1)[:, None]
            rest = np.clip(left - used, 0, units)
            both = before[i] + after[n - 1 - i][rest, site]
            value[i, part] = np.where(used <= left, both, -np.inf).max(axis=0) + gain[i, part]
    return value


def packing_bound(
    freight: Freight,
    best: Callable[[], float],
    offer: Callable[[Ints, float], None],
    watch: Watch,
) -> Packed:
    """
    Climb the Lagrangian bound in which each demand pays a price and each site packs a knapsack.

    Parameters
    ----------
    freight
        Of its conditions only fixed and forbidden sites and the number to choose are used, which
        keeps the bound valid.
    best
        Gives the objective of the best choice known.
    offer
        Is shown the sites of the relaxation, and the bound, now and then.
    watch
        Stops between two steps.

    References
    ----------
    Baldacci, Hadjiconstantinou, Maniezzo and Mingozzi (2002), Computers & Operations Research
    29:365-386, bound the same way by columns.
    """
    cost, rows, count = freight.cost, freight.rows, freight.rows.at_most
    unit, room = in_units(freight.size, freight.capacity, rows.n_sites)
    near = np.sort(np.where(np.isfinite(cost), cost, np.nan), axis=1)
    worst = float(np.nanmax(near, axis=1).sum()) * (1 + RELATIVE)  # above it there is no choice
    price = near[:, min(max(1, cost.shape[1] // (2 * count)), cost.shape[1] - 1)]
    price = np.where(np.isfinite(price), price, near[:, 0])
    weight = np.maximum(price, max(float(price.mean()) * 1e-6, 1e-300))
    bound, kept = -np.inf, price
    length, idle, pull = 1.0, 0, np.zeros(price.size)
    for turn in range(_STEPS):
        gain = np.maximum(price[:, None] - cost, 0)
        worth = load_values(gain, unit, room)
        chosen = _most_worth(worth, rows, count)
        value = float(price.sum() - worth[chosen].sum())
        idle += 1
        if value > bound:
            idle = 0 if value > bound + 1e-4 * abs(bound) else idle
            bound, kept = value, price
        if idle > _PATIENCE:
            length, idle = length / 1.5, 0
        if turn % 10 == 0:
            offer(chosen, bound)
        lack = 1.0 - _loads(gain[:, chosen], unit, room[chosen]).sum(axis=1)
        pull = lack + 0.3 * pull
        norm = float(weight @ (pull * pull))
        goal = best()
        done = length < 0.005 or norm == 0 or not lack.any() or value >= min(goal, worst)
        if done or watch.over:
            break
        asked = max(1.2 * bound, float(price.sum()))
        goal = 1.02 * goal if np.isfinite(goal) else min(asked, worst)
        price = np.maximum(price + length * (goal - value) / norm * pull * weight, 0.0)
    return Packed(bound, _pair_bounds(freight, kept, unit, room), kept)


def _most_worth(worth: Floats, rows: SiteRows, count: int) -> Ints:
    rank = np.where(rows.least == 1, np.inf, np.where(rows.most == 1, worth, -np.inf))
    count = min(count, int(rows.most.sum()))
    return np.sort(np.argpartition(-rank, count - 1)[:count])


def _pair_bounds(freight: Freight, price: Floats, unit: Ints, room: Ints) -> Floats:
    rows, count = freight.rows, freight.rows.at_most
    gain = price[:, None] - freight.cost
    worth = load_values(np.maximum(gain, 0), unit, room)
    chosen = _most_worth(worth, rows, count)
    value = float(price.sum() - worth[chosen].sum())
    instead = worth.copy()  # what the relaxation gives up to open a site it left closed
    free = chosen[rows.least[chosen] == 0]
    others = np.setdiff1d(np.arange(worth.size), chosen)
    spare = chosen.size < count
    instead[others] = 0.0 if spare else (worth[free].min() if free.size else np.inf)
    return value + instead - _forced(gain, unit, room)
