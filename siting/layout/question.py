"""One question: what may be asked of every model, and sites, demand and conditions put into arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict, TypeVar, get_type_hints

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


class Asked(TypedDict, total=False):
    """What a caller may ask of each model of sites; `siting.layout.p_median` says what each means."""

    weights: Numbers | None
    fixed: Iterable[Any]
    forbidden: Iterable[Any]
    groups: Groups | None
    group_min: Limit | None
    group_max: Limit | None
    capacity: Numbers | None
    demand: Numbers | None
    existing: Iterable[Any]
    site_distance: pd.DataFrame | None
    min_spacing_m: float | None
    cover_within: float | None
    cover_share: float | None
    unreachable: str
    ties: bool | str
    names: Any
    time_limit_s: float | None
    memory_limit_mb: float | None
    progress: Listener | None


@dataclass(frozen=True)
class Options:
    """What was asked, as it was given, and what stands for the rest."""

    weights: Any = None
    fixed: Any = ()
    forbidden: Any = ()
    groups: Any = None
    group_min: Any = None
    group_max: Any = None
    capacity: Any = None
    demand: Any = None
    existing: Any = ()
    site_distance: Any = None
    min_spacing_m: Any = None
    cover_within: Any = None
    cover_share: Any = None
    unreachable: Any = "refuse"
    ties: Any = "auto"
    names: Any = None
    time_limit_s: Any = None
    memory_limit_mb: Any = None
    progress: Any = None

    def __post_init__(self) -> None:
        """Keep what can be read only once, so that the check reads the same as the question."""
        for one in fields(self):
            given = getattr(self, one.name)
            if isinstance(given, Iterator):
                object.__setattr__(self, one.name, list(given))

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy is made of: a listener has heard all that there is."""
        return {**self.__dict__, "progress": None}


Solves = TypeVar("Solves", bound=Callable[..., Any])


def spelled_out(function: Solves) -> Solves:
    """Let the signature of a function that takes `Asked` show each option with its default."""
    asked = inspect.signature(function)
    own = [one for one in asked.parameters.values() if one.kind is not one.VAR_KEYWORD]
    hints = get_type_hints(Asked)
    shared = [
        inspect.Parameter(
            one.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=one.default,
            annotation=hints[one.name],
        )
        for one in fields(Options)
    ]
    function.__signature__ = asked.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]
    return function


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
