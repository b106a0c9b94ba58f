"""p-median under any conditions on sites: proven, by rows that are added only where they bind."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from siting.layout.interchange import first_sites, interchange, open_cost
from siting.layout.master import Master, Relaxed
from siting.layout.prices import demand_prices, first_prices
from siting.layout.rows import RELATIVE, Floats, Ints, Progress, SiteRows, Solved, Stopped
from siting.layout.tree import branch
from siting.layout.watch import Watch

_WHOLE = 1e-6  # a site this near to 0 or 1 counts as decided
_DRAWS = 6  # choices drawn from the relaxation before branching
_FEW = 300  # sites with which a relaxation begins, at least
_PER_SITE = 12  # and for each one to choose
_WORTH = 0.03  # share of the gap that broken cuts must promise for the relaxation to be asked again
_VIOLATED = 1e-6  # by how much of its own unit a demand must break a cut


def solve_median(
    cost: Floats,
    rows: SiteRows,
    *,
    start: Ints | None = None,
    cutoff: float | None = None,
    integral: bool | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return the sites with the least sum of costs from each demand to its nearest chosen site.

    Parameters
    ----------
    cost
        Demand x sites [weight x distance], >= 0; ``inf`` where the pair is not possible.
    rows
        Conditions on the choice, the number of sites among them.
    start
        A first choice; it is used where it meets the conditions.
    cutoff
        Only choices with an objective up to here (and 1e-9 of it) are wanted.
    integral
        All costs are whole numbers, which sharpens the bound; None: looked up in `cost`.
    deadline
        Value of `time.monotonic` at which to stop with the best choice and bound so far [s].
    memory_mb
        Memory of the rows added at which to stop [MB].
    progress
        Called with the best objective and the bound.

    Returns
    -------
    Solved
        With `notes` ``rounds`` (relaxations at the root), ``rows`` (cuts), ``nodes``, ``free``
        (sites that prices left undecided).

    Notes
    -----
    A start by exchanges; cuts until the relaxation has none; sites fixed by their prices; then a
    best-first tree over the others which goes on adding cuts. Bounds are computed from the prices
    of the rows alone, so no tolerance of the solver enters a proof.

    Examples
    --------
    >>> cost = np.array([[0.0, 4, 9], [4.0, 0, 5], [9.0, 5, 0]])
    >>> solved = solve_median(cost, SiteRows.choosing(1, 3))
    >>> solved.sites.tolist(), solved.objective, solved.proven
    ([1], 9.0, True)
    """
    watch = Watch(deadline, memory_mb, progress)
    search = Search(np.asarray(cost, float), rows, watch, cutoff, integral)
    try:
        stopped = search.run(start)
    except KeyboardInterrupt:
        watch.interrupted = True
        stopped = "time"
    return search.solved(stopped)


@dataclass
class Search:
    """One run of `solve_median`."""

    cost: Floats
    rows: SiteRows
    watch: Watch
    cutoff: float | None
    integral: bool | None
    best: float = np.inf
    sites: Ints | None = None
    bound: float = 0.0
    rounding: float = 0.0
    notes: dict[str, int] = field(default_factory=lambda: {"rounds": 0, "rows": 0, "nodes": 0})

    def __post_init__(self) -> None:
        reachable = np.isfinite(self.cost)
        self.rows = self.rows.with_some()
        if not reachable.all():
            self.rows = self.rows.with_reach(reachable)
        low = self.cost.min(axis=1, initial=np.inf)
        self.base = float(low.sum())
        self.bound = self.base
        if self.integral is None:
            finite = self.cost[reachable]
            self.integral = bool((finite == np.floor(finite)).all() and self.base < 2**52)
        if np.isfinite(self.base):
            spread = np.where(reachable, self.cost - low[:, None], 0.0).max(axis=1, initial=0.0)
            self.some = np.flatnonzero(spread > 0)
            self.net = self.cost[self.some] - low[self.some, None]
            self.rounding = 1e-13 * (self.base + float(spread.sum()))

    @property
    def limit(self) -> float:
        """Largest objective that is still wanted."""
        wanted = np.inf
        if self.cutoff is not None:
            wanted = self.cutoff + RELATIVE * abs(self.cutoff) + self.rounding
            wanted = float(np.floor(wanted)) if self.integral else wanted
        if self.sites is None:
            return wanted
        step = 1.0 if self.integral else RELATIVE * abs(self.best)
        return min(wanted, self.best - step)

    def hopeless(self, bound: float) -> bool:
        """Tell whether nothing that is wanted can be as good as `bound` says."""
        return bound > self.limit + self.rounding or (self.sites is not None and bound >= self.best)

    def offer(self, sites: Ints) -> None:
        """Keep `sites` where they are better than the best and wanted."""
        if not self.rows.hold(sites):
            return
        value = open_cost(self.cost, sites)
        if value < self.best and value <= self.limit + self.rounding:
            self.best, self.sites = value, np.sort(sites)
            self.watch.tell(self.best, self.bound)

    def run(self, start: Ints | None) -> Stopped:
        """Search until proven or stopped."""
        if not np.isfinite(self.base):
            return "infeasible"
        first: Ints | None = start
        if self.cutoff is None or start is None or not start.size or not self.some.size:
            first, why = first_sites(self.cost, self.rows, self.watch, start=start)
            if first is None:
                return why
        # With a cutoff the answer is mostly that there is none, so a start is not improved first.
        assert first is not None
        self.offer(first)
        if self.hopeless(self.base):
            return self.settled()
        return self.watch.over or self.price(first) or self.root()

    def price(self, first: Ints) -> Stopped | None:
        """Bound by prices, drop the sites that they rule out, and set up the relaxation."""
        level = first_prices(self.net, first)
        goal = min(self.limit, open_cost(self.cost, first)) - self.base
        prices = demand_prices(self.net, self.rows, goal, level, self.watch)
        self.bound = max(self.bound, self.base + prices.bound)
        if self.hopeless(self.bound):
            return self.settled()
        able = (self.rows.most == 1) & (self.base + prices.opened <= self.limit + self.rounding)
        self.kept = np.flatnonzero(able | (self.rows.least == 1))
        self.spare = np.zeros(0, np.intp)
        most = max(_FEW, _PER_SITE * self.rows.at_most, self.kept.size // 5)
        if 2 * most < self.kept.size:
            rank = np.where(self.rows.least == 1, -np.inf, prices.opened)
            rank[first] = -np.inf
            ranked = self.kept[np.argsort(rank[self.kept], kind="stable")]
            self.kept, self.spare = np.sort(ranked[:most]), np.sort(ranked[most:])
        scale = np.where(prices.level > 1e-3 * level, prices.level, level)
        net, rows = self.net[:, self.kept], self.rows.among(self.kept)
        self.master = Master(net, rows, scale)
        for cut in (prices.level, level):
            which = np.flatnonzero(cut > 0)
            self.master.add(which, cut[which])
        self.watch.used_mb = self.master.used_mb
        return self.watch.over

    def settled(self) -> Stopped:
        """Return the word for a finished search."""
        return "optimal" if self.sites is not None else "cutoff"

    def root(self) -> Stopped:
        """Add cuts and sites until there are none left to add, fix sites by price, then branch."""
        least = self.master.rows.least.astype(float)
        most = np.ones(least.size)
        while True:
            relaxed = self.relax(least, most)
            if relaxed is None:
                return self.watch.over or "time"
            if relaxed.feasible:
                self.take(relaxed)
                if self.hopeless(self.bound):
                    return self.settled()
                more = self.cut(relaxed) or self.widen(relaxed)
            elif self.spare.size:
                more = self.bring(self.spare)
            else:
                return self.settled()
            if not more:
                break
            if why := self.watch.over:
                return why
            new = self.kept.size - least.size
            least, most = np.append(least, np.zeros(new)), np.append(most, np.ones(new))
        self.draw(relaxed)
        if self.hopeless(self.bound):
            return self.settled()
        self.fix(relaxed, least, most)
        self.notes["free"] = int((least < most).sum())
        self.master.forget(tight=True)
        kept = np.flatnonzero(most)
        self.master.shrink(kept)
        self.kept, least, most = self.kept[kept], least[kept], most[kept]
        return branch(self, least, most)

    def take(self, relaxed: Relaxed) -> None:
        """Take the bound of a relaxation at the root, and the choice that it suggests."""
        self.notes["rounds"] += 1
        self.rest = self.master.prices(self.net[:, self.spare], self.rows.among(self.spare))
        bound = relaxed.bound + float(np.minimum(self.rest, 0).sum())
        self.bound = max(self.bound, self.base + bound)
        self.round(relaxed)
        self.watch.tell(self.best, self.bound)

    def widen(self, relaxed: Relaxed) -> bool:
        """Bring in sites left out: those that would better the relaxation, then all that may matter."""
        wanted = self.rest < 0
        if not wanted.any():
            wanted = self.rest <= self.limit + self.rounding - (self.base + relaxed.bound)
            if not wanted.any():  # the others are in nothing that is wanted
                self.spare = self.spare[:0]
        return self.bring(self.spare[wanted[: self.spare.size]])

    def bring(self, sites: Ints) -> bool:
        """Add `sites` of those left out to the relaxation; tell whether there were any."""
        if not sites.size:
            return False
        self.master.forget()  # rows that are slack now would each grow by the new sites
        self.kept = np.append(self.kept, sites)
        self.spare = np.setdiff1d(self.spare, sites)
        self.master.widen(self.net[:, sites], self.rows.among(self.kept))
        return True

    def relax(self, least: Floats, most: Floats) -> Relaxed | None:
        """Solve the relaxation between `least` and `most`; None where time is over."""
        return self.master.solve(least, most, self.watch)

    def cut(self, relaxed: Relaxed) -> bool:
        """Add the cuts that `relaxed` breaks, and tell whether it is worth asking again at once."""
        which, level, broken = self.master.separate(relaxed.y, relaxed.theta, _VIOLATED)
        self.master.add(which, level)
        self.watch.used_mb = self.master.used_mb
        room = self.limit - self.base - relaxed.bound
        whole = float(np.minimum(relaxed.y, 1 - relaxed.y).max(initial=0.0)) < _WHOLE
        worth = whole or not math.isfinite(room) or broken >= _WORTH * room
        return bool(which.size) and worth

    def round(self, relaxed: Relaxed) -> None:
        """Offer the sites that are most open in the relaxation, improved by exchanges."""
        chosen = np.flatnonzero(relaxed.y > 0.5)
        count = round(float(relaxed.y.sum()))
        if chosen.size != count:
            chosen = np.sort(np.argsort(-relaxed.y, kind="stable")[:count])
        chosen = self.kept[chosen]
        if not self.rows.hold(chosen) or not chosen.size:
            return
        if open_cost(self.cost, chosen) < self.best * (1 + 1e-2):
            chosen = interchange(self.cost, self.rows, chosen, self.watch)
        self.offer(chosen)

    def draw(self, relaxed: Relaxed) -> None:
        """Draw sites as likely as they are open in the relaxation, improve them, and offer them."""
        rng = np.random.default_rng(0)
        count = round(float(relaxed.y.sum()))
        some = np.flatnonzero(relaxed.y > _WHOLE)
        for _ in range(_DRAWS):
            rank = rng.exponential(size=some.size) / relaxed.y[some]
            chosen = np.sort(self.kept[some[np.argsort(rank)[:count]]])
            if self.watch.over or not self.rows.hold(chosen):
                continue
            self.offer(interchange(self.cost, self.rows, chosen, self.watch))

    def fix(self, relaxed: Relaxed, least: Floats, most: Floats) -> None:
        """Close or open in place the sites whose other value would be too dear."""
        room = self.limit + self.rounding - (self.base + relaxed.bound)
        free = least < most
        most[free & (relaxed.price > room)] = 0.0
        least[free & (-relaxed.price > room)] = 1.0

    def solved(self, stopped: Stopped) -> Solved:
        """Return the record of the search."""
        if hasattr(self, "master"):
            self.notes["rows"] = int(self.master.which.size)
        proven = stopped in ("optimal", "infeasible", "cutoff")
        bound = max(0.0, self.bound - self.rounding)
        if stopped == "optimal":
            bound = self.best
        elif stopped == "infeasible":
            bound = np.inf
        elif stopped == "cutoff" and self.cutoff is not None:
            bound = max(bound, self.cutoff)
        value = np.nan if self.sites is None else self.best
        notes = {**self.notes, "interrupted": self.watch.interrupted}
        return Solved(
            self.sites,
            value,
            min(bound, self.best),
            proven,
            stopped,
            self.watch.seconds,
            None,
            notes,
        )
