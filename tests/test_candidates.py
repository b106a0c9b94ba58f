"""Candidates: grids that fit their places, parks in theirs, distances along the ellipsoid, reach."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from siting.candidates import distances, grid, parks, within_reach
from siting.crs import area_km2, to_metric
from siting.errors import InputError, SitingWarning
from siting.layout import max_coverage, p_median
from siting.places import read_places


def towns() -> gpd.GeoDataFrame:
    return read_places("town", within="310114")


def box(*ends: float) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        index=pd.Index(["p"], name="place_id"), geometry=[shapely.box(*ends)], crs=4326
    )


def test_distances_are_those_of_the_ellipsoid() -> None:
    # WGS-84: a degree of longitude on the equator is 6378137 m x pi / 180 = 111319.491 m
    points = pd.DataFrame({"lon": [0.0, 1.0], "lat": [0.0, 0.0]}, index=["a", "b"])
    assert distances(points).loc["a", "b"] == pytest.approx(111_319.491, abs=1e-3)
    found = distances(towns())
    assert np.allclose(found, found.T, rtol=1e-12)
    assert (np.diag(found) == 0).all()
    one, other = towns().loc["310114103"], towns().loc["310114102"]
    expected = Geod(ellps="WGS84").inv(
        one["label_lon"], one["label_lat"], other["label_lon"], other["label_lat"]
    )[2]
    assert found.loc["310114103", "310114102"] == pytest.approx(expected, rel=1e-12)


def test_a_geometry_without_columns_of_coordinates_gives_a_point_inside() -> None:
    shape = box(121.0, 31.0, 121.2, 31.1)
    assert distances(shape).to_numpy().tolist() == [[0.0]]
    with pytest.raises(InputError):
        distances(pd.DataFrame({"x": [1.0]}))
    with pytest.raises(InputError):
        distances(pd.DataFrame({"lon": [500.0], "lat": [31.0]}))


def test_demand_exactly_at_the_reach_counts() -> None:
    far = pd.DataFrame({"s": [0.0, 1000.0, 1000.1]}, index=list("abc"))
    amounts = pd.Series({"a": 1, "b": 2, "c": 4})
    assert within_reach(amounts, far, 1000)["s"] == 3
    with pytest.raises(InputError):
        within_reach(amounts.drop("c"), far, 1000)
    with pytest.raises(InputError):
        within_reach(amounts, far, -1)


@pytest.mark.parametrize(("shape", "share"), [("square", 1.0), ("hexagon", 3**0.5 / 2)])
def test_a_whole_cell_has_the_area_of_its_shape_and_all_cells_the_area_of_the_places(
    shape: str, share: float
) -> None:
    places = towns()
    cells = grid(places, spacing_m=1500, shape=shape, least_share=0)
    whole = 1.5**2 * share
    # an area in the metric frame is true to 1e-6 here; edges are straight in one and curved in other
    assert cells["area_km2"].max() == pytest.approx(whole, rel=1e-5)
    by_place = cells.groupby("place_id")["area_km2"].sum().reindex(places.index)
    assert np.allclose(by_place, area_km2(places), rtol=1e-6)
    metric = to_metric(cells[["geometry"]]).geometry.to_numpy()
    tree = shapely.STRtree(metric)
    pairs = tree.query(metric, predicate="overlaps")
    lapped = shapely.area(shapely.intersection(metric[pairs[0]], metric[pairs[1]]))
    assert lapped.sum() < 1.0  # square metres over some 460 km2


def test_scraps_at_borders_are_dropped_and_every_point_lies_in_its_cell_and_its_place() -> None:
    places = towns()
    cells = grid(places, spacing_m=2000)
    assert (cells["area_km2"] >= 0.5 * 4 * 3**0.5 / 2 - 1e-6).all()
    inside = shapely.contains_xy(cells.geometry.to_numpy(), cells["lon"], cells["lat"])
    assert inside.all()
    ground = places.geometry.reindex(cells["place_id"]).to_numpy()
    assert shapely.contains_xy(ground, cells["lon"], cells["lat"]).all()


def test_a_place_has_the_same_cells_alone_and_among_others() -> None:
    places = towns()
    alone = grid(places.loc[["310114103"]], spacing_m=2000)
    among = grid(places, spacing_m=2000)
    among = among[among["place_id"] == "310114103"]
    assert alone["area_km2"].round(9).tolist() == among["area_km2"].round(9).tolist()
    assert alone.index.tolist() == among.index.tolist()


@settings(max_examples=25)
@given(
    st.floats(120.9, 121.8),
    st.floats(30.8, 31.6),
    st.floats(0.02, 0.2),
    st.floats(500, 4000),
    st.sampled_from(["hexagon", "square"]),
)
def test_no_ground_is_lost_or_counted_twice(
    lon: float, lat: float, size: float, spacing: float, shape: str
) -> None:
    place = box(lon, lat, lon + size, lat + size)
    cells = grid(place, spacing_m=spacing, shape=shape, least_share=0)
    metric = to_metric(place[["geometry"]])
    drawn = to_metric(cells[["geometry"]])
    assert float(drawn.area.sum()) == pytest.approx(float(metric.area.sum()), rel=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"spacing_m": 0},
        {"spacing_m": float("nan")},
        {"spacing_m": "1000"},
        {"spacing_m": 1000, "least_share": 2},
        {"spacing_m": 1000, "shape": "triangle"},
        {"spacing_m": 10},
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(options: dict) -> None:
    with pytest.raises(InputError):
        grid(towns(), **options)


def test_a_park_lies_in_the_place_that_holds_most_of_it() -> None:
    places = gpd.GeoDataFrame(
        index=pd.Index(["w", "e"], name="place_id"),
        geometry=[shapely.box(121.1, 31.2, 121.2, 31.3), shapely.box(121.2, 31.2, 121.3, 31.3)],
        crs=4326,
    )
    own = gpd.GeoDataFrame(
        {"name": ["甲园", "乙园"]},
        geometry=[
            shapely.box(121.19, 31.21, 121.23, 31.22),
            shapely.box(121.15, 31.25, 121.16, 31.26),
        ],
        crs=4326,
    )
    made = parks(own, places)
    assert made["place_id"].tolist() == ["e", "w"]
    # 0.03 of 0.04 degrees lie in the east
    assert made["place_share"].tolist() == pytest.approx([0.75, 1.0], abs=1e-6)
    assert made["name_zh"].tolist() == ["甲园", "乙园"]
    lost = own.set_geometry([shapely.box(121.5, 31.2, 121.51, 31.21), own.geometry[1]])
    with pytest.raises(InputError, match="park-0001"):
        parks(lost, places)


def test_coverage_and_spacing_work_on_cells_of_a_grid() -> None:
    places = towns()
    jobs = pd.Series(1.0, index=places.index)
    cells = grid(places, spacing_m=4000)
    far, apart = distances(places, cells), distances(cells)
    covered = max_coverage(far, 5000, 3, weights=jobs)
    # brute force over single cells: no three cover more than the three best can at most
    assert covered.objective <= within_reach(jobs, far, 5000).nlargest(3).sum()
    spaced = p_median(far, 3, weights=jobs, site_distance=apart, min_spacing_m=8000)
    chosen = apart.loc[spaced.sites, spaced.sites].to_numpy()
    assert chosen[~np.eye(3, dtype=bool)].min() >= 8000


def test_numbers_of_numpy_are_numbers() -> None:
    place = box(121, 31, 121.1, 31.1)
    cells = grid(place, spacing_m=np.int64(3000), least_share=np.float32(0.5))
    assert cells.index.equals(grid(place, spacing_m=3000, least_share=0.5).index)
    far = pd.DataFrame({"s": [0.0, 900.0]}, index=["a", "b"])
    assert within_reach(pd.Series({"a": 1, "b": 2}), far, np.int64(900)).tolist() == [3.0]


def test_yes_is_no_distance() -> None:
    with pytest.raises(InputError, match="E-CAN-04"):
        grid(box(121, 31, 121.1, 31.1), spacing_m=True)
    with pytest.raises(InputError, match="E-CAN-03"):
        within_reach(pd.Series({"a": 1}), pd.DataFrame({"s": [0.0]}, index=["a"]), True)  # noqa: FBT003


def test_a_missing_distance_leaves_the_reach_undefined() -> None:
    far = pd.DataFrame({"s": [0.0, np.nan], "t": [np.inf, 5.0]}, index=["a", "b"])
    found = within_reach(pd.Series({"a": 1, "b": 2}), far, 10)
    assert found.isna().tolist() == [True, False]
    assert found["t"] == 2.0  # infinite: no way from a
    assert found.attrs["undefined"] == {"s": ("缺少 1 个距离", "1 distances are missing")}
    with pytest.raises(InputError, match="E-CAN-08"):
        within_reach(pd.Series({"a": 1, "b": 2}), far.astype(object).fillna("far"), 10)


def test_coordinates_that_are_text_are_refused_as_they_stand() -> None:
    points = pd.DataFrame({"lon": ["east", "121.5"], "lat": ["31", "31"]}, index=["a", "b"])
    with pytest.raises(InputError) as caught:
        distances(points)
    assert [one.value for one in caught.value.findings] == ["a: east, 31"]


def test_a_grid_of_no_place_is_refused() -> None:
    for places in (box(121, 31, 121.1, 31.1).iloc[:0], pd.DataFrame(), None):
        with pytest.raises(InputError, match="E-CAN-07"):
            grid(places, spacing_m=1000)


def test_cells_larger_than_the_place_are_told() -> None:
    with pytest.warns(SitingWarning, match="W-CAN-01"):
        assert grid(box(121, 31, 121.1, 31.1), spacing_m=90_000).empty
