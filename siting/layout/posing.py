"""From tables and options to a question in arrays, with everything that is wrong said at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from siting.errors import Findings
from siting.layout import asking, conditions, distances, highs, limits, settings
from siting.layout.conditions import Condition
from siting.layout.labels import Names
from siting.layout.question import NO_PAIRS, Asked, Floor, Model, Options, Question
from siting.layout.rows import Flags, Floats
from siting.layout.world import Columns

OPTIONS = tuple(one.name for one in fields(Options))
PAIRS = 20_000  # pairs of demand and site that are spelled out to explain a radius


def options_of(asked: Asked) -> Options:
    """Return the options of a call; a keyword that is none of them is refused by name."""
    found = Findings()
    for name in sorted(asked.keys() - set(OPTIONS)):
        near = difflib.get_close_matches(name, OPTIONS, 1) or OPTIONS
        settings.refuse(
            found,
            "E-LAY-22",
            ("没有这个选项", f"是否要写 {'、'.join(near)}"),
            ("there is no such option", f"Do you mean {', '.join(near)}"),
            column=name,
        )
    found.stop()
    return Options(**asked)


def pose(
    model: Model, frame: object, options: Options, *, p: object = None, radius: object = None
) -> Question:
    """Return the question, or raise an InputError with everything that is wrong with it."""
    found = Findings()
    what = "cost" if model == "p_median" else "distance"
    table = asking.table(found, frame, what)
    assert isinstance(frame, pd.DataFrame)
    asking.reachable(found, table, what, options.unreachable)
    weights = asking.quantities(found, options.weights, frame.index, "weights")
    asking.total(found, weights, "weights")
    _countable(found, model, table, weights)
    reach = None
    if model in ("max_coverage", "set_coverage"):
        reach = settings.amount(found, radius, "radius")
    check_settings(found, options)
    posing = _Posing(found, model, frame, table, weights=weights, radius=reach, options=options)
    posing.choose(p)
    posing.sizes()
    found.stop()
    posing.gather()
    found.stop()
    found.warn(stacklevel=5)
    return posing.question()


def _countable(found: Findings, model: Model, table: pd.DataFrame, weights: Floats) -> None:
    """Refuse weights, or weighted costs, whose sum cannot be computed."""
    most = np.ones(len(weights))
    if model == "p_median":
        cost = table.to_numpy()
        most = np.where(np.isfinite(cost), cost, 0.0).max(axis=1)
    with np.errstate(over="ignore"):
        products = weights * most
    settings.summable(found, products, "weights" if model != "p_median" else "weights, cost")


def check_settings(found: Findings, options: Options) -> None:
    """Refuse what is no setting, and a machine without the solver."""
    highs.needed(found)
    settings.choice(found, options.ties, ("auto", True, False), "ties")
    if options.time_limit_s is not None:
        settings.amount(found, options.time_limit_s, "time_limit_s", positive=True)
    if options.memory_limit_mb is not None:
        settings.amount(found, options.memory_limit_mb, "memory_limit_mb", positive=True)
    if options.progress is not None and not callable(options.progress):
        settings.choice(found, options.progress, (None,), "progress")
    if options.names is not None and not isinstance(options.names, (Mapping, pd.Series)):
        settings.refuse(
            found,
            "E-LAY-06",
            ("应为按编号的 Series 或字典", "请给 编号 → 名称"),
            ("must be a Series or mapping by id", "Give id -> name"),
            column="names",
            value=type(options.names).__name__,
        )


class _Posing:
    """A question while it is put together."""

    def __init__(
        self,
        found: Findings,
        model: Model,
        frame: pd.DataFrame,
        table: pd.DataFrame,
        *,
        weights: Floats,
        radius: float | None,
        options: Options,
    ) -> None:
        self.found, self.model, self.frame, self.options = found, model, frame, options
        self.cost, self.index, self.demand = table.to_numpy(), table.columns, table.index
        self.weights, self.radius = weights, radius
        self.names = Names(options.names)
        self.columns = Columns(len(self.index))
        self.count: int | None = None
        self.capacity: Floats | None = None
        self.size: Floats | None = None
        self.floor: Floor | None = None
        self.pairs = NO_PAIRS
        self.parts: list[Condition] = []

    def choose(self, p: object) -> None:
        """Check how many are chosen, and which are fixed, forbidden or there already."""
        found, options = self.found, self.options
        self.fixed = asking.positions(found, options.fixed, self.index, "fixed")
        self.forbidden = asking.positions(found, options.forbidden, self.index, "forbidden")
        self.existing = asking.positions(found, options.existing, self.index, "existing")
        for a, b, zh, en in (
            (self.fixed, self.forbidden, "既固定又禁止", "both fixed and forbidden"),
            (self.existing, self.forbidden, "既已建成又禁止", "both existing and forbidden"),
            (self.existing, self.fixed, "既已建成又固定", "both existing and fixed"),
        ):
            for k in np.intersect1d(a, b):
                settings.refuse(
                    found,
                    "E-LAY-12",
                    (zh, "请只留其中一项"),
                    (en, "Keep one of the two"),
                    value=self.names.with_id(self.index[k]),
                )
        if self.model != "set_coverage":
            free = len(self.index) - self.existing.size
            self.count = settings.number_of_sites(found, p, "p", free, self.fixed.size)

    def sizes(self) -> None:
        """Check capacities, and the sizes that fill them."""
        found, options = self.found, self.options
        if options.capacity is None:
            if options.demand is not None:
                limits.needs(found, "demand", "capacity")
            return
        of = self.frame.columns
        self.capacity = asking.quantities(
            found, options.capacity, of, "capacity", default=None, spare=True
        )
        self.size = self.weights
        if options.demand is not None:
            self.size = asking.quantities(found, options.demand, self.frame.index, "demand")
            asking.total(found, self.size, "demand")

    def gather(self) -> None:
        """Gather the conditions; the columns that some of them need come first."""
        found, options = self.found, self.options
        self._serve()
        self._cover()
        width, index, names = self.columns.width, self.index, self.names
        if self.count is not None:
            free = np.setdiff1d(np.arange(len(index)), self.existing)
            self.parts.append(conditions.count(self.count, free, width, ("", "sites")))
        for kind, which in (
            (conditions.fixed, self.fixed),
            (conditions.forbidden, self.forbidden),
            (conditions.existing, self.existing),
        ):
            self.parts += [kind(np.array([k]), names(index[k]), index[k], width) for k in which]
        self.parts += limits.groups(found, options, index, names, width)
        self.between = between = distances.apart(
            found, options.site_distance, index, options.min_spacing_m, "site_distance"
        )
        if between is not None:
            near = distances.spacing(between[0], np.arange(len(index)), between[1], width)
            self.parts += [near] if near is not None else []

    def _serve(self) -> None:
        """Lay out who serves whom where a condition is about that: capacities, a radius, reach."""
        counts = self.weights > 0
        if self.size is not None:
            counts = counts | (self.size > 0)
        possible = np.isfinite(self.cost) & counts[:, None]
        if self.model == "max_coverage":
            possible &= self.cost <= (self.radius or 0.0)
            self._something_in_reach(possible)
        if self.capacity is not None or (self.model == "set_coverage" and possible.sum() <= PAIRS):
            self._serve_by_pairs(possible)
            return
        width = self.columns.width
        if self.model == "set_coverage":
            near = self.cost[counts] <= (self.radius or 0.0)
            self.parts.append(distances.radius_on_sites(near, self.radius or 0.0, width))
        elif self.model != "max_coverage":
            some = counts & ~np.isfinite(self.cost).all(axis=1)
            for reached, label in zip(possible[some], self.demand[some], strict=True):
                self.parts.append(conditions.reach(reached, self.names(label), label, width))

    def _serve_by_pairs(self, possible: Flags) -> None:
        """Lay out a column for each possible pair of demand and site."""
        rows, sites = np.nonzero(possible)
        kept, compact = np.unique(rows, return_inverse=True)
        served = self.columns.served(compact, sites, kept.size, all_rows=False)
        self.pairs = (rows, sites, self.columns.width - served.size)
        width = self.columns.width
        if self.capacity is not None and self.size is not None:
            self.parts.append(
                distances.within_capacity(served, sites, self.size[rows], self.capacity, width)
            )
        if self.model == "set_coverage":
            away, radius = self.cost[rows, sites], self.radius or 0.0
            self.parts.append(distances.radius_on_pairs(away, served, compact, radius, width))
        elif self.model != "max_coverage":
            self.parts.append(distances.all_served(served, compact, width))

    def _something_in_reach(self, possible: Flags) -> None:
        """Refuse a radius within which no site reaches any demand."""
        if possible.any():
            return
        nearest = float(self.cost[self.weights > 0].min(initial=np.inf))
        settings.refuse(
            self.found,
            "E-LAY-19",
            (f"半径内一个需求点也覆盖不到，最近的一对相距 {nearest:g}", "请增大半径，并核对单位"),
            (
                f"nothing lies within the radius: the nearest pair is {nearest:g} apart",
                "Take a larger radius, and check the units",
            ),
            column="radius",
            value=f"{self.radius:g}",
        )

    def _cover(self) -> None:
        """Lay out which demand counts as covered, where a share must be."""
        found, options = self.found, self.options
        if options.cover_share is None and options.cover_within is None:
            return
        if options.cover_share is None or options.cover_within is None:
            pair = ("cover_within", "cover_share")
            limits.needs(found, *(pair if options.cover_share is None else pair[::-1]))
            return
        share = settings.amount(found, options.cover_share, "cover_share", most=1.0)
        within = settings.amount(found, options.cover_within, "cover_within")
        covers = self.cost <= within
        columns = self.columns.covered(covers)
        self.floor = Floor(covers, share)
        self.parts.append(distances.coverage_floor(self.weights, covers, columns, share, within))

    def _apart(self) -> pd.DataFrame | None:
        """Return the distances between sites as a table."""
        if self.between is None:
            return None
        return pd.DataFrame(self.between[0], index=self.index, columns=self.index)

    def question(self) -> Question:
        """Return what was put together."""
        return Question(
            self.model,
            tuple(self.index),
            tuple(self.demand),
            self.cost,
            self.weights,
            None,
            self.radius,
            self.count,
            self.capacity,
            self.size,
            self.existing,
            self.floor,
            self.pairs,
            self._apart(),
            self.names,
            self.columns.world(self.parts),
            self.options,
        )
