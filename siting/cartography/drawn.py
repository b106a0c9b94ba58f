"""What a map of a layout is drawn from, checked before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.cartography.ground import check_ground
from siting.cartography.refusal import wrong
from siting.errors import Findings
from siting.schema import Lang, check_lang, numbers, require_unique


@dataclass(frozen=True, eq=False)
class Drawn:
    """
    A layout and what its map shows beside it; see `siting.maps.layout_map` for each.

    Raises
    ------
    InputError
        Where something is not what it should be, with all that is wrong.
    """

    layout: Any
    places: gpd.GeoDataFrame
    lang: Lang
    clusters: pd.DataFrame | None = None
    sites: pd.DataFrame | None = None
    demand: pd.Series | None = None
    distance: pd.DataFrame | None = None
    radius_m: float | None = None
    firmness: pd.Series | None = None

    def __post_init__(self) -> None:
        check_lang(self.lang)
        _check_kinds(self)
        check_ground(self.places)
        tables = ("clusters", "sites", "demand", "distance", "firmness")
        for name, one in ((name, getattr(self, name)) for name in tables):
            if one is not None:
                require_unique(one.index, name)
        if self.distance is not None:
            require_unique(self.distance.columns, "distance")

    @property
    def of_zones(self) -> bool:
        """Whether the sites are pairs of a place and its lead cluster."""
        return all(isinstance(site, tuple) for site in self.layout.sites)

    @property
    def leads(self) -> pd.DataFrame:
        """The lead clusters with their names: those given, or the ids."""
        if self.clusters is not None:
            return self.clusters
        ids = sorted({cluster for _, cluster in self.layout.sites}, key=str)
        return pd.DataFrame({"name_zh": [str(one) for one in ids]}, index=ids)


def _check_kinds(given: Drawn) -> None:
    table = ("一张表（DataFrame）", "a DataFrame")
    column = ("按编号的一列数（Series）", "a Series of numbers by id")
    asked: tuple[tuple[str, object, bool, tuple[str, str]], ...] = (
        (
            "layout",
            given.layout,
            isinstance(getattr(given.layout, "sites", None), (list, tuple)),
            ("siting.layout 得出的布局", "a layout of siting.layout"),
        ),
        (
            "places",
            given.places,
            isinstance(given.places, gpd.GeoDataFrame),
            ("有边界的表（GeoDataFrame）", "a GeoDataFrame of places"),
        ),
        (
            "clusters",
            given.clusters,
            _table(given.clusters, "name_zh"),
            (f"{table[0]}，有列 name_zh", f"{table[1]} with name_zh"),
        ),
        (
            "sites",
            given.sites,
            _table(given.sites, "lon", "lat"),
            (f"{table[0]}，有列 lon、lat", f"{table[1]} with lon and lat"),
        ),
        ("distance", given.distance, _table(given.distance), table),
        ("demand", given.demand, _numbers(given.demand), column),
        (
            "firmness",
            given.firmness,
            _numbers(given.firmness) or _kinds(given.firmness),
            ("按编号的份额，或 importance 的 kind 列", "shares by id, or the kinds of importance"),
        ),
        (
            "radius_m",
            given.radius_m,
            _positive(given.radius_m),
            ("大于 0 的米数", "a number of metres above 0"),
        ),
    )
    findings = Findings(
        wrong(
            "E-MAP-15",
            name,
            value if isinstance(value, (int, float, str)) else type(value).__name__,
            (f"应为{needed[0]}", f"must be {needed[1]}"),
            ("请改正", "Correct it"),
        )
        for name, value, fits, needed in asked
        if not fits and (value is not None or name in ("layout", "places"))
    )
    findings.stop()


def _table(value: object, *columns: str) -> bool:
    return isinstance(value, pd.DataFrame) and set(columns) <= set(value.columns)


def _numbers(value: object) -> bool:
    """Tell whether a value is a column of numbers; some may be missing."""
    return isinstance(value, pd.Series) and not (numbers(value).isna() & value.notna()).any()


def _kinds(value: object) -> bool:
    """Tell whether a value is what `siting.robustness.importance` says of each site."""
    known = {"core", "swing", "never", "fixed", "forbidden", "unknown"}
    return isinstance(value, pd.Series) and set(value.map(str)) <= known


def _positive(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and 0 < float(value) < np.inf
