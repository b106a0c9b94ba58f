"""One question put into arrays: sites and demand in the order of their ids, and the world of conditions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from siting.layout.labels import Label, Names
from siting.layout.rows import Flags, Floats, Ints
from siting.layout.world import World

Model = Literal["p_median", "max_coverage", "set_coverage", "p_center", "assign_zones"]
Numbers = pd.Series | Mapping[Any, float] | Iterable[float]
Groups = pd.Series | Mapping[Any, Hashable]
Limit = int | Mapping[Any, int]
Listener = Callable[[float, float, float], None]


@dataclass(frozen=True)
class Options:
    """What a caller asked, as it was given; `siting.layout.p_median` says what each means."""

    weights: Any = None
    fixed: Any = ()
    forbidden: Any = ()
    existing: Any = ()
    groups: Any = None
    group_min: Any = None
    group_max: Any = None
    capacity: Any = None
    demand: Any = None
    site_distance: Any = None
    min_spacing_m: Any = None
    cover_within: Any = None
    cover_share: Any = None
    unreachable: Any = "refuse"
    ties: Any = "auto"
    names: Any = None
    time_limit_s: Any = None
    progress: Any = None


@dataclass(frozen=True)
class Floor:
    """The share of the weight that must lie within reach, and which site reaches which demand."""

    covers: Flags
    share: float


@dataclass(frozen=True)
class Question:
    """
    A question in arrays, whatever the order of the tables it came from.

    Parameters
    ----------
    model
        Which of the five.
    sites, demand
        Ids in their order.
    cost
        Demand x sites; zones have no demand.
    weights
        By demand row; 1 where none were given.
    value
        By site: what choosing it is worth (zones), or None.
    radius, count
        Where the model has them.
    capacity, size
        By site and by demand row, or None.
    existing
        Columns of sites that are open already.
    floor
        Coverage asked of the layout, or None.
    pairs
        Demand row and site of each serving column of the world, and the first such column.
    apart
        Distances between sites, or between the places of zones [m], or None.
    names
        Names of ids in words.
    world
        The conditions.
    options
        As they were given.
    """

    model: Model
    sites: tuple[Label, ...]
    demand: tuple[Label, ...]
    cost: Floats
    weights: Floats
    value: Floats | None
    radius: float | None
    count: int | None
    capacity: Floats | None
    size: Floats | None
    existing: Ints
    floor: Floor | None
    pairs: tuple[Ints, Ints, int]
    apart: pd.DataFrame | None
    names: Names
    world: World
    options: Options

    @staticmethod
    def place(key: Label) -> Label:
        """Return the place of a zone, or the site itself."""
        return key[0] if isinstance(key, tuple) else key

    def between(self, a: Label, b: Label) -> float:
        """Return the distance between two sites, or between the places of two zones [m]."""
        assert self.apart is not None
        one, other = self.place(a), self.place(b)
        values, index = self.apart.to_numpy(), self.apart.index
        a_at, b_at = index.get_indexer(pd.Index([one, other]))
        return float(min(values[a_at, b_at], values[b_at, a_at]))


NO_PAIRS = (np.zeros(0, np.intp), np.zeros(0, np.intp), 0)
