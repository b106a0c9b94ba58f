"""A table of firms on its places: each row to its place, each sector through every measure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from siting import points as reading
from siting.errors import Finding, stop
from siting.names import canonical
from siting.points import Points
from siting.points.numbers import MISSING
from siting.schema import require_columns
from siting.study.concentration import Concentration, study_table

_MADE_UP = "合成数据|非真实企业|not a real firm"


@dataclass(frozen=True, eq=False)
class FirmStudy:
    """
    What a table of firms says.

    Parameters
    ----------
    points
        The rows that stand, their sectors in one spelling, and the account of all.
    placed
        ``points.frame`` with ``place_id``; None outside all places.
    by, weight
        Column of the sector, and of the weight or None where each row counts as one.
    concentration
        The table of places by sectors and its measures, Ellison-Glaeser from the firms too.
    account
        Rows that stand: ``rows`` = ``used`` (in the table) + ``outside`` (in none of the places) +
        ``no_category`` (in a place, without a category).
    clusters
        The clusters that `by` names, with ``name_zh name_en``; None where it names none.
    doubts
        What `siting.points.frame_doubts` warns of.
    synthetic
        Rows that say of themselves that they are made up; the names of the sectors say so then.
    """

    points: Points
    placed: pd.DataFrame
    by: str
    weight: str | None
    concentration: Concentration
    account: Mapping[str, int]
    clusters: pd.DataFrame | None = None
    synthetic: int = 0
    doubts: tuple[Finding, ...] = ()


def study_points(
    points: Points,
    places: gpd.GeoDataFrame,
    *,
    by: str,
    weight: str | None = None,
    clusters: pd.DataFrame | None = None,
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
    clusters
        What the sectors may be: ids with ``name_zh name_en``, as of a plan. They are called by
        their names then.
    seed
        Of the draws where not every arrangement can be counted.

    Returns
    -------
    FirmStudy

    Raises
    ------
    InputError
        If a column is missing, a weight is none, or places are not right.

    Warns
    -----
    SitingWarning
        As `siting.points.frame_doubts` and `siting.points.tabulate`.

    Examples
    --------
    >>> from siting import geodata
    >>> from siting.places import read_places
    >>> from siting.points import read_points
    >>> firms = read_points(geodata.path("tables/synthetic_firms.csv"))
    >>> study = study_points(firms, read_places("district"), by="所属集群（合成）", weight="weight")
    >>> int(study.concentration.by_sector["n_plants"].sum()) == len(firms)
    True
    """
    wanted = [by] if weight is None else [by, weight]
    require_columns(points.frame, wanted, points.report.file)
    points = replace(points, frame=points.frame.assign(**{by: _folded(points.frame[by], clusters)}))
    frame = points.frame
    placed = frame.assign(place_id=reading.assign(frame["lon"], frame["lat"], places))
    doubts = reading.frame_doubts(points, places)
    doubts.warn()
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
    known = None
    if clusters is not None and placed[by].isin(clusters.index).any():
        known = clusters
    synthetic = _synthetic_rows(frame)
    table.attrs |= _words(table, points.report.file, known, synthetic, len(frame))
    table.attrs |= {"unit": ("家", "firms")} if weight is None else {}
    measured = study_table(table, places, plants=plants, seed=seed)
    return FirmStudy(points, placed, by, weight, measured, outside, known, synthetic, tuple(doubts))


def _folded(sectors: pd.Series, clusters: pd.DataFrame | None) -> pd.Series:
    """
    Return sectors in one spelling (NFKC); words for nothing are missing.

    A cluster is its id, by whichever of its names it was written.
    """
    own: dict[str, object] = {}
    if clusters is not None:
        for said in (clusters.index, clusters["name_zh"], clusters["name_en"]):
            own |= {
                canonical(str(one)).lower(): key
                for one, key in zip(said, clusters.index, strict=True)
            }

    def fold(text: object) -> object:
        if not isinstance(text, str):
            return text
        plain = " ".join(unicodedata.normalize("NFKC", text).split())
        return None if plain.casefold() in MISSING else own.get(canonical(plain).lower(), plain)

    return sectors.astype("object").map(fold, na_action="ignore")


def _synthetic_rows(frame: pd.DataFrame) -> int:
    """Return how many rows say of themselves that they are made up."""
    texts = frame.select_dtypes(["object", "string"])
    said = [texts[one].astype(str).str.contains(_MADE_UP, case=False) for one in texts]
    return int(pd.concat(said, axis=1).any(axis=1).sum()) if said else 0


def _words(
    table: pd.DataFrame, file: str, clusters: pd.DataFrame | None, synthetic: int, rows: int
) -> dict[str, object]:
    """Return source and names of the sectors in both languages, as `study_table` takes them."""
    some = 0 < synthetic < rows
    said: dict[str, object] = {}
    for lang, mark, real in (
        ("zh", "（合成）", f"（{f'其中 {synthetic} 行为' if some else ''}合成数据，非真实企业）"),
        (
            "en",
            " (synthetic)",
            f" ({f'{synthetic} rows ' if some else ''}synthetic, no real firms)",
        ),
    ):
        called = {} if clusters is None else clusters[f"name_{lang}"].to_dict()
        names = {one: str(called.get(one, one)) for one in table.columns}
        said[f"names_{lang}"] = {k: f"{v}{mark if synthetic else ''}" for k, v in names.items()}
        said[f"source_{lang}"] = f"{file}{real if synthetic else ''}"
    return said
