"""A table of firms on its places: each row to its place, each sector through every measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from siting import points as reading
from siting.errors import stop
from siting.points import Points
from siting.schema import require_columns
from siting.study.concentration import Concentration, study_table


@dataclass(frozen=True, eq=False)
class FirmStudy:
    """
    What a table of firms says.

    Parameters
    ----------
    points
        The rows that stand, and the account of all.
    placed
        ``points.frame`` with ``place_id``; None outside all places.
    by, weight
        Column of the sector, and of the weight or None where each row counts as one.
    concentration
        The table of places by sectors and its measures, Ellison-Glaeser from the firms too.
    account
        Rows that stand: ``rows`` = ``used`` (in the table) + ``outside`` (in none of the places) +
        ``no_category`` (in a place, without a category).
    """

    points: Points
    placed: pd.DataFrame
    by: str
    weight: str | None
    concentration: Concentration
    account: Mapping[str, int]


def study_points(
    points: Points,
    places: gpd.GeoDataFrame,
    *,
    by: str,
    weight: str | None = None,
    seed: int = 0,
) -> FirmStudy:
    """
    Put each firm in its place, and measure how each sector is concentrated.

    Parameters
    ----------
    points
        What `siting.points.read_points` gives.
    places
        Outlines in EPSG:4326 by ``place_id``.
    by
        Column of the sector.
    weight
        Column of the size, such as ``weight``; each firm counts as one without it.
    seed
        Of the draws where not every arrangement can be counted.

    Returns
    -------
    FirmStudy

    Raises
    ------
    InputError
        If a column is missing, a weight is none, or places are not right.

    Examples
    --------
    >>> from siting import geodata
    >>> from siting.places import read_places
    >>> from siting.points import read_points
    >>> firms = read_points(geodata.path("tables/synthetic_firms.csv"))
    >>> towns = read_places("town", within="310114")
    >>> study = study_points(firms, towns, by="所属集群（合成）", weight="weight")
    >>> int(study.concentration.by_sector["n_plants"].sum()) == len(firms)
    True
    """
    wanted = [by] if weight is None else [by, weight]
    require_columns(points.frame, wanted, points.report.file)
    frame = points.frame
    placed = frame.assign(place_id=reading.assign(frame["lon"], frame["lat"], places))
    table = reading.tabulate(placed, places, by=by, weight=weight)
    inside = placed[placed["place_id"].notna() & placed[by].notna()]
    inside = inside[inside[by].astype(str).str.strip() != ""]
    if inside.empty:
        stop(
            code="E-STUDY-03",
            file=points.report.file,
            column=by,
            value=str(len(placed)),
            reason="没有一行既落在所给地区内、又有分类",
            reason_en="no row lies in the places and has a category",
            fix=f"落在地区外的 {table.attrs['unassigned']} 行，没有分类的 {table.attrs['missing_category']} 行；请核对坐标系、地区和分类列",
            fix_en=f"{table.attrs['unassigned']} rows lie outside, {table.attrs['missing_category']} have no category: check the frame, the places and the column",
        )
    plants = pd.DataFrame(
        {
            "place_id": inside["place_id"],
            "sector": inside[by].astype(str),
            "size": 1.0 if weight is None else inside[weight].astype("float64"),
        }
    )
    outside = {
        "rows": len(placed),
        "used": len(inside),
        "outside": int(placed["place_id"].isna().sum()),
        "no_category": int(placed["place_id"].notna().sum()) - len(inside),
    }
    table.attrs |= {"source_zh": points.report.file, "source_en": points.report.file}
    measured = study_table(table, places, plants=plants, seed=seed)
    return FirmStudy(points, placed, by, weight, measured, outside)
