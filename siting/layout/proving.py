"""Capacitated median over whole loads: list those that count, bound, cut, and settle the few left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from siting.layout.loading import Freight
from siting.layout.loads import Lister, Loads, Terms
from siting.layout.milp import Program
from siting.layout.packing import Packing, site_bound
from siting.layout.rows import RELATIVE, Floats

if TYPE_CHECKING:
    from siting.layout.capacitated import Search

_MOST = 30_000  # loads that are held at a time
_CELLS = 20_000_000  # numbers 0 or 1 that say what they hold
_FEW, _MANY = 4_000, 40_000  # loads of one programme, at first and at last
_TRIES = 20  # times that a listing is made narrower
_GAIN, _PATIENCE = 0.03, 3  # share of the gap that a round should close, and rounds that may not
_BACK = 0.3  # how far prices go back to the best ones where too many loads are worth theirs


class Proof:
    """
    One search over whole loads: what one site serves is a load.

    At any prices each load has a bound: what every choice costs that uses it. All loads with a bound
    up to a horizon are listed, so a choice below the horizon is made of these alone. Their linear
    programme gives better prices, and cuts on triples of demands raise its value; a better bound
    makes the horizon wider with no more loads, until it takes in all that is wanted and a small
    programme of whole loads is left.

    Parameters
    ----------
    search
        The search for the best choice; some choice or cutoff is known.
    freight
        Costs, ``inf`` for pairs that no wanted choice holds, and all conditions on sites.
    price
        First prices of demands.

    References
    ----------
    Baldacci, Hadjiconstantinou, Maniezzo and Mingozzi (2002), Computers & Operations Research
    29:365-386, choose among all loads within a bound; Contardo and Martinelli (2014), Discrete
    Optimization 12:129-146, list them once cuts have made the gap small.
    """

    def __init__(self, search: Search, freight: Freight, price: Floats) -> None:
        self.search, self.freight = search, freight
        self.lister = Lister(freight)
        self.packing = Packing(freight, 2 * search.limit, float(price.max()) or 1.0)
        self.terms, self.top = Terms.plain(price), self.lister.best(price)
        self.sure = self.terms, self.top  # those that gave the best bound
        self.loads, self.worth = Loads.none(price.size), np.zeros(0)
        self.used = np.zeros(0)
        self.bound, self.horizon = search.bound, -np.inf
        self.reach = np.inf  # of the horizon above the bound
        self.priced = False  # whether hardly any load that is not listed is worth its price

    @property
    def limit(self) -> float:
        """Largest objective that is still wanted, and what rounding may add."""
        return self.search.limit * (1 + RELATIVE)

    @property
    def whole(self) -> bool:
        """Whether every wanted choice is made of the loads that are listed."""
        return self.horizon >= self.limit

    def run(self) -> bool:
        """Search until it is settled (True), the time is over or nothing more is gained (False)."""
        few, idle = _FEW, 0
        while not self.search.watch.over and few <= _MANY:
            before = self.bound
            if not self.whole and not self._list():
                return False
            use = self._bounds()
            self.search.watch.tell(self.search.best, max(self.bound, self.search.bound))
            if self.whole and not use.size:
                return True
            cuts = self.packing.triple[:0]
            if self.priced:
                cuts = self.packing.broken(self.used)
            least = max(_GAIN * (self.limit - before), RELATIVE * abs(self.limit))
            idle = idle + 1 if self.bound < before + least else 0
            if idle > _PATIENCE or (self.whole and use.size <= few):
                if self._settle(use, few):
                    return True
                few += _FEW // 2
            self.packing.cut(cuts)
            relaxed = self.packing.climb(self.loads, self.search.watch)
            if relaxed is None:
                return False
            self.used, self.terms, self.top, self.worth = relaxed
            self.search.watch.count(self.packing.cells + self.loads.holds.nnz)
        return False

    def _list(self) -> bool:
        """List the loads with a bound up to a horizon, as far as they are not too many."""
        rows = self.freight.rows
        hope = self.terms.total + site_bound(rows, self.top)[0]
        most = min(_MOST, _CELLS // max(1, self.terms.price.size))
        self.reach *= 1.2
        for turn in range(_TRIES):
            if turn > 1:
                self.terms = self.terms.towards(self.sure[0], _BACK)
                self.top = (1 - _BACK) * self.top + _BACK * self.sure[1]
            best, opened = site_bound(rows, self.top)
            reach = min(self.reach, max(self.limit - self.terms.total - best, 0.0))
            need = self.top + opened - best - reach - RELATIVE * abs(self.limit)
            listed = self.lister.list(self.terms, need, most)
            if listed is not None or self.search.watch.over:
                break
            self.reach = 0.8 * reach
        if listed is None:
            return False
        self.loads, self.worth = listed
        self.top = np.maximum(need, 0.0)  # what is not listed is worth no more
        np.maximum.at(self.top, self.loads.site, self.worth)
        best, opened = site_bound(rows, self.top)
        total, able = self.terms.total, rows.most > 0
        self.horizon = float((total + opened + self.top - need)[able].min(initial=np.inf))
        if total + best > self.bound:
            self.bound, self.sure = total + best, (self.terms, self.top)
        self.priced = hope - total - best < _GAIN * (self.limit - hope)
        return True

    def _bounds(self) -> Floats:
        """Drop the loads that no wanted choice uses, and return the bounds of the others."""
        if self.whole:  # no other load matters
            self.top = np.zeros(self.top.size)
            np.maximum.at(self.top, self.loads.site, self.worth)
        best, opened = site_bound(self.freight.rows, self.top)
        total = self.terms.total
        self.bound = max(self.bound, min(total + best, self.horizon))
        use = (total + opened + self.top)[self.loads.site] - self.worth
        wanted = use <= self.limit
        self.loads, self.worth = self.loads.among(wanted), self.worth[wanted]
        return use[wanted]

    def _settle(self, use: Floats, few: int) -> bool:
        """Find the best choice of the `few` loads with the least bounds; tell if no better is left."""
        limit = min(self.search.limit, self.horizon)
        if use.size > few:
            limit = min(limit, float(np.partition(use, few)[few]))
        if self.search.integral:
            limit = math.floor(limit * (1 + RELATIVE))
        if limit < self.bound:
            return False
        loads = self.loads.among(use <= limit * (1 + RELATIVE))
        answer = self.search.solve(self._program(loads), limit)
        if answer is None:
            return False
        before = self.search.best
        if answer.x is not None:
            m = self.freight.capacity.size
            taken = np.flatnonzero(answer.x[m:] > 0.5)
            to = np.full(self.freight.size.size, -1)
            which, demand = loads.holds[taken].nonzero()
            to[demand] = loads.site[taken][which]
            if (to >= 0).all():
                self.search.offer(np.flatnonzero(answer.x[:m] > 0.5), to)
        self.bound = max(self.bound, min(answer.bound, self.search.best))
        kept_word = answer.stopped == "infeasible" or (
            answer.stopped == "optimal" and self.search.best < before
        )
        return kept_word and limit >= self.search.limit

    def _program(self, loads: Loads) -> Program:
        """Return the programme of `loads`, with the cuts there are."""
        rows, triple = self.freight.rows, self.packing.triple
        n, m, k = self.freight.size.size, rows.n_sites, loads.site.size
        at = sparse.csr_array((np.ones(k), (loads.site, np.arange(k))), (m, k))
        cuts = sparse.csr_array(loads.doubled(triple).T)
        blocks = [
            [sparse.csr_array((n, m)), loads.holds.T],
            [-sparse.eye_array(m), at],
            [rows.matrix, sparse.csr_array((rows.lower.size, k))],
            [sparse.csr_array((len(triple), m)), cuts],
        ]
        below, ones = np.full(m + len(triple), -np.inf), np.ones(k)
        return Program(
            np.r_[np.zeros(m), loads.cost],
            sparse.csr_array(sparse.vstack([sparse.hstack(pair) for pair in blocks])),
            np.r_[np.ones(n), below[:m], rows.lower, below[m:]],
            np.r_[np.ones(n), np.zeros(m), rows.upper, np.ones(len(triple))],
            np.r_[rows.least.astype(float), np.zeros(k)],
            np.r_[rows.most.astype(float), ones],
            np.ones(m + k, np.bool_),
        )
