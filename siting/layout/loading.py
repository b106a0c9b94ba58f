"""Demand put onto chosen sites within their capacities: regret first, then shifts and swaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from siting.layout.milp import Program
from siting.layout.rows import Flags, Floats, Ints, SiteRows
from siting.layout.watch import Watch

_SWAPPED = 1000  # demands up to which all pairs are tried


@dataclass(frozen=True)
class Freight:
    """
    What has to be put where: cost [demand x sites], size of demands, capacity of sites, conditions.

    An impossible pair costs ``inf``; every capacity is finite.
    """

    cost: Floats
    size: Floats
    capacity: Floats
    rows: SiteRows


def load_sites(freight: Freight, sites: Ints) -> Ints | None:
    """
    Return a site for each demand within the capacities, or None where this way finds none.

    The demand that would lose most by not getting its best site goes first; then demands are
    shifted and swapped while that helps.
    """
    price, size, capacity = freight.cost[:, sites], freight.size, freight.capacity[sites]
    room = capacity.copy()
    to = np.full(size.size, -1)
    rows = np.arange(size.size)
    left = np.ones(size.size, np.bool_)
    for _ in rows:
        able = np.where(left[:, None] & (size[:, None] <= room), price, np.inf)
        k = able.argmin(axis=1)
        first = able[rows, k]
        if not np.isfinite(first[left]).all():
            return None
        able[rows, k] = np.inf
        with np.errstate(invalid="ignore"):
            regret = np.where(left, able.min(axis=1, initial=np.inf) - first, -np.inf)
        i = int(np.lexsort((-size, -regret))[0])
        to[i], left[i] = k[i], False
        room[k[i]] -= size[i]
    return sites[_improved(price, size, capacity, to)]


def _improved(price: Floats, size: Floats, capacity: Floats, to: Ints) -> Ints:
    """Shift one demand or swap two, the best first, until nothing helps."""
    rows = np.arange(size.size)
    to = to.copy()
    for _ in range(4 * size.size):
        room = capacity - np.bincount(to, size, capacity.size)
        now = price[rows, to]
        limit = -1e-12 * max(float(now.sum()), 1e-300)
        shift = np.where(size[:, None] <= room, price - now[:, None], np.inf)
        i, k = divmod(int(shift.argmin()), capacity.size)
        best = shift[i, k]
        pair = _best_swap(price, size, room, to, now) if size.size <= _SWAPPED else None
        if pair is not None and pair[0] < min(best, limit):
            a, b = pair[1], pair[2]
            to[a], to[b] = to[b], to[a]
        elif best < limit:
            to[i] = k
        else:
            break
    return to


def _best_swap(
    price: Floats, size: Floats, room: Floats, to: Ints, now: Floats
) -> tuple[float, int, int]:
    crossed = price[:, to]  # demand a at the site of demand b
    change = crossed + crossed.T - now[:, None] - now[None, :]
    more = size[None, :] - size[:, None]  # what the site of a takes on
    fits = (more <= room[to][:, None]) & (-more <= room[to][None, :])
    change = np.where(fits & (to[:, None] != to[None, :]), change, np.inf)
    a, b = divmod(int(change.argmin()), size.size)
    return float(change[a, b]), a, b


def settle(freight: Freight, sites: Ints, watch: Watch) -> tuple[Ints, Ints] | None:
    """Load `sites`, move each to the best place for its load, and again while that helps."""
    best: tuple[float, Ints, Ints] | None = None
    while True:
        to = load_sites(freight, sites)
        if to is None:
            break
        value = float(freight.cost[np.arange(to.size), to].sum())
        if best is not None and value >= best[0] * (1 - 1e-12):
            break
        best = value, sites, to
        moved = _moved(freight, sites, to)
        if np.array_equal(moved, sites) or watch.over:
            break
        sites = moved
    return None if best is None else (best[1], best[2])


def _moved(freight: Freight, sites: Ints, to: Ints) -> Ints:
    """Return `sites` with each put where the demand it serves costs least, where that is allowed."""
    cost, rows = freight.cost, freight.rows
    chosen = sites.copy()
    for k, j in enumerate(sites):
        mine: Flags = to == j
        if not mine.any() or rows.least[j]:
            continue
        total = cost[mine].sum(axis=0)
        total[(freight.capacity < freight.size[mine].sum()) | (rows.most == 0)] = np.inf
        total[chosen] = np.inf
        stay = float(cost[mine, j].sum())
        for other in np.argsort(total, kind="stable")[:5]:
            if total[other] >= stay:
                break
            trial = chosen.copy()
            trial[k] = other
            if rows.hold(trial):
                chosen = trial
                break
    return np.sort(chosen)


def pair_program(freight: Freight, demand: Ints, site: Ints) -> Program:
    """Return the programme of pairs: each demand once, no load above a capacity, only open sites."""
    rows, n, k = freight.rows, freight.size.size, demand.size
    m, pair, ones = rows.n_sites, np.arange(k), np.ones(k)
    once = sparse.coo_array((ones, (demand, m + pair)), (n, m + k))
    link = sparse.coo_array(
        (np.r_[ones, -ones], (np.r_[pair, pair], np.r_[m + pair, site])), (k, m + k)
    )
    weigh = float(freight.size.max(initial=0.0)) or 1.0
    load = sparse.coo_array(
        (
            np.r_[freight.size[demand], -freight.capacity] / weigh,
            (np.r_[site, np.arange(m)], np.r_[m + pair, np.arange(m)]),
        ),
        (m, m + k),
    )
    side = sparse.hstack([rows.matrix, sparse.coo_array((rows.lower.size, k))])
    return Program(
        np.r_[np.zeros(m), freight.cost[demand, site]],
        sparse.csr_array(sparse.vstack([once, link, load, side], format="csr")),
        np.r_[np.ones(n), np.full(k + m, -np.inf), rows.lower],
        np.r_[np.ones(n), np.zeros(k + m), rows.upper],
        np.r_[rows.least.astype(float), np.zeros(k)],
        np.r_[rows.most.astype(float), ones],
        np.ones(m + k, np.bool_),
    )
