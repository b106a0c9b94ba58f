"""Parts of a loaded choice, a few neighbouring sites and all they serve, each solved anew by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from siting.layout.loading import Freight
from siting.layout.rows import Ints, SiteRows

if TYPE_CHECKING:
    from siting.layout.capacitated import Search

_CANDIDATES = 40  # sites that a part may choose from
_SMALLEST, _LARGEST = 3, 4  # sites of a part


@dataclass(frozen=True)
class Part:
    """
    The question of where `demand` goes if the sites `near` may move and all others stay.

    `freight` holds its arrays; `kept` are the sites it may choose from, numbered as in the whole.
    """

    freight: Freight
    near: Ints
    demand: Ints
    kept: Ints


def parts(freight: Freight, sites: Ints, to: Ints, count: int) -> Iterator[Part]:
    """
    Yield the part around each of `sites`: itself and its nearest, `count` together, none twice.

    Two sites are near where a demand of the one is cheaply served by the other.

    References
    ----------
    Taillard (2003), Journal of Heuristics 9:51-73, improves large choices part by part as well.
    """
    seen: set[tuple[int, ...]] = set()
    position = np.full(freight.capacity.size, -1)
    position[sites] = np.arange(sites.size)
    cost = np.where(np.isfinite(freight.cost), freight.cost, np.nan)[:, sites]
    for k in range(sites.size):
        mine = position[to] == k
        if not mine.any():
            continue
        away = np.nan_to_num(cost[mine], nan=1e300).min(axis=0)
        away[k] = -1.0
        near = np.sort(sites[np.argsort(away, kind="stable")[:count]])
        if tuple(near) not in seen:
            seen.add(tuple(near))
            yield _part(freight, sites, to, near)


def mend(search: Search) -> None:
    """Solve parts of the best choice anew, small ones first, until none makes it better."""
    tried: set[tuple[bytes, bytes]] = set()
    count = _SMALLEST
    while search.sites is not None and search.assignment is not None:
        if count > min(_LARGEST, search.sites.size // 2) or search.hopeless():
            break
        found = False
        for part in parts(search.freight, search.sites, search.assignment, count):
            key = (part.near.tobytes(), part.demand.tobytes())
            if search.watch.over:
                return
            if key not in tried:
                tried.add(key)
                found = search.renew(part)
            if found:
                break
        count = _SMALLEST if found else count + 1


def _part(freight: Freight, sites: Ints, to: Ints, near: Ints) -> Part:
    rows, n_sites = freight.rows, freight.capacity.size
    demand = np.flatnonzero(np.isin(to, near))
    stay = np.setdiff1d(sites, near)
    able = np.setdiff1d(np.flatnonzero(rows.most), stay)
    # A site that serves its share of this demand cheaply is a likely one; those in use stay.
    share = -(-demand.size // near.size)
    likely = np.partition(freight.cost[np.ix_(demand, able)], share - 1, axis=0)[:share].sum(axis=0)
    likely[np.isin(able, near)] = -1.0
    kept = np.sort(able[np.argsort(likely, kind="stable")[:_CANDIDATES]])
    closed = np.zeros(n_sites)
    closed[stay] = 1.0
    taken = rows.matrix @ closed
    inner = SiteRows(
        rows.among(kept).matrix,
        rows.lower - taken,
        rows.upper - taken,
        rows.least[kept],
        rows.most[kept],
    )
    cost = freight.cost[np.ix_(demand, kept)]
    return Part(
        Freight(cost, freight.size[demand], freight.capacity[kept], inner), near, demand, kept
    )
