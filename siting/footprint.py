"""Plan and places together: each cluster, or field, on the ground it is planned for, in metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import pandas as pd

from siting.crs import to_metric
from siting.errors import Finding, Findings
from siting.schema import check_assigned, check_choice, require_columns, require_unique

if TYPE_CHECKING:
    from siting.plan import Plan


def trace(
    plan: Plan, places: gpd.GeoDataFrame, *, by: Literal["cluster", "field"] = "cluster"
) -> gpd.GeoDataFrame:
    """
    Return the ground of each cluster (or field) of a plan, one row for each place of it.

    Parameters
    ----------
    plan
        A plan; its `clusters`, `fields` and `assignments` are used.
    places
        Places of the plan's level with a geometry and a CRS, index place_id.
    by
        ``cluster``, or ``field``: a place then has every field of its clusters, because the
        documents assign clusters to places, never single fields.

    Returns
    -------
    GeoDataFrame
        ``cluster_id place_id geometry``, with ``field_id`` first where `by` is field; in
        `siting.crs.METRIC` [m], whose areas are true. In the order of the plan's clusters (or
        fields), then of its assignments; index 0, 1, 2, ... A cluster without a place has no row.

    Raises
    ------
    InputError
        If the plan names a place that is not among `places`, or one whose geometry is missing or
        empty: each is named, with its clause; or if `places` has no CRS.

    Notes
    -----
    A place assigned twice to a cluster has one row. Places that share a border share it afterwards:
    equal coordinates are projected to equal coordinates.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from shapely import box
    >>> plan = SimpleNamespace(
    ...     title="Plan",
    ...     clusters=pd.DataFrame(index=pd.Index(["space"], name="cluster_id")),
    ...     fields=pd.DataFrame({"cluster_id": ["space"], "clause": ["二（四）1"]}),
    ...     assignments=pd.DataFrame({"cluster_id": ["space"], "place_id": ["310115"],
    ...                               "place_as_written": ["浦东"], "clause": ["二（四）"]}))
    >>> index = pd.Index(["310115"], name="place_id")
    >>> places = gpd.GeoDataFrame(index=index, geometry=[box(121.5, 31.2, 121.6, 31.3)], crs=4326)
    >>> traced = trace(plan, places)
    >>> traced[["cluster_id", "place_id"]].values.tolist(), traced.area.round(-6).tolist()
    ([['space', '310115']], [106000000.0])
    """
    check_choice(by, ("cluster", "field"), "by")
    geometry = places.active_geometry_name or "geometry"
    require_columns(places, [geometry], "places")
    require_unique(places.index, "places")
    assignments = plan.assignments
    check_assigned(plan, places)
    _check_borders(plan, assignments, places)
    of = assignments[["cluster_id", "place_id"]].drop_duplicates()
    units = plan.clusters.index.to_frame(name="cluster_id", index=False)
    if by == "field":
        units = plan.fields["cluster_id"].rename_axis("field_id").reset_index()
    rows = units.merge(of, on="cluster_id", how="inner")
    named = places.loc[places.index.isin(of["place_id"]), [geometry]]
    ground = to_metric(named).geometry
    return gpd.GeoDataFrame(rows, geometry=ground.loc[rows["place_id"]].to_numpy(), crs=ground.crs)


def _check_borders(plan: Plan, assignments: pd.DataFrame, places: gpd.GeoDataFrame) -> None:
    """Stop with every assignment whose place has no border."""
    bare = places.index[places.geometry.isna() | places.geometry.is_empty]
    findings = Findings(
        Finding(
            code="E-FOOT-01",
            file=plan.title,
            sheet="assignments",
            column="place_id",
            value=f"{row.place_id} {row.place_as_written} {row.clause}",
            reason="这个地区没有边界",
            reason_en="this place has no border",
            fix="请补上它的边界",
            fix_en="Give its border",
        )
        for row in assignments[assignments["place_id"].isin(bare)].itertuples(index=False)
    )
    findings.stop()
