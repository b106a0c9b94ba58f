"""Frames, metres and areas: published values, another program's values, and laws."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from siting.crs import (
    CHINA_BOX,
    FRAMES,
    METRIC,
    area_km2,
    convert,
    convert_geometry,
    to_metric,
    to_wgs84,
)
from siting.errors import InputError

GEOD = Geod(ellps="WGS84")
WEST, SOUTH, EAST, NORTH = CHINA_BOX
RIM = 1e-8  # [deg] on the very edge of the box rounding decides which side a point is on
in_china = st.tuples(st.floats(WEST + RIM, EAST - RIM), st.floats(SOUTH + RIM, NORTH - RIM))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
frames = st.sampled_from(FRAMES)


def metres(a, b):
    return GEOD.inv(a[0], a[1], b[0], b[1])[2]


# Control values. The first point is the one in the README of npm's coordtransform (wandergis); the
# others were computed with prcoords 1.0.2 (PyPI), an independent program: lon lat, GCJ-02, BD-09.
CONTROL = [
    (
        116.404,
        39.915,
        116.41024449916938,
        39.91640428150164,
        116.41662724378733,
        39.922699552216216,
    ),
    (121.4737, 31.2304, 121.478223059, 31.228457738, 121.484781469, 31.234310594),
    (121.2654, 31.3755, 121.269845146, 31.373538409, 121.276433462, 31.379223539),
    (121.9737, 30.8869, 121.977877356, 30.884619666, 121.984483418, 30.890259529),
    (87.6177, 43.7928, 87.620549224, 43.794024555, 87.626981325, 43.800146634),
    (126.6424, 45.7567, 126.648369816, 45.758651102, 126.654999329, 45.764345564),
    (109.5083, 18.2479, 109.512394365, 18.246207235, 109.518944275, 18.251946536),
]


@pytest.mark.parametrize("row", CONTROL)
def test_control_points_agree_with_published_values_to_the_last_digit_given(row):
    lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat = row
    gcj = convert(lon, lat, source="wgs84", target="gcj02")
    assert gcj == pytest.approx((gcj_lon, gcj_lat), rel=0, abs=6e-10)
    bd = convert(lon, lat, source="wgs84", target="bd09")
    assert bd == pytest.approx((bd_lon, bd_lat), rel=0, abs=6e-10)
    assert convert(*gcj, source="gcj02", target="bd09") == pytest.approx(bd, rel=0, abs=1e-12)


@given(in_china, frames, frames)
def test_every_way_there_and_back_ends_within_a_micrometre(point, source, target):
    # The point is taken as WGS-84 first, so that it lies inside the box in that frame.
    start = convert(*point, source="wgs84", target=source)
    there = convert(*start, source=source, target=target)
    back = convert(*there, source=target, target=source)
    assert metres(start, back) < 1e-6


@given(anywhere, frames, frames)
def test_well_outside_the_box_all_frames_are_one(point, source, target):
    lon, lat = point
    if not (WEST - 0.1 <= lon <= EAST + 0.1 and SOUTH - 0.1 <= lat <= NORTH + 0.1):
        assert convert(lon, lat, source=source, target=target) == (lon, lat)


def test_the_shift_in_shanghai_is_between_457_and_498_metres():
    # Range measured by an independent study over points on Shanghai's land; the corners of this
    # box lie within the city, west (Qingpu), centre, Pudong airport, Jinshan, Chongming.
    lon = np.array([120.98, 121.47, 121.80, 121.34, 121.40])
    lat = np.array([31.10, 31.23, 31.14, 30.74, 31.62])
    shift = metres((lon, lat), convert(lon, lat, source="wgs84", target="gcj02"))
    assert shift.min() > 457
    assert shift.max() < 498


def test_cgcs2000_is_taken_as_wgs84():
    assert convert(121.4, 31.2, source="cgcs2000", target="wgs84") == (121.4, 31.2)
    to_gcj = [convert(121.4, 31.2, source=s, target="gcj02") for s in ("wgs84", "cgcs2000")]
    assert to_gcj[0] == to_gcj[1]


def test_the_answer_has_the_form_of_the_question():
    lon, lat = convert(121, 31, source="wgs84", target="gcj02")
    assert type(lon) is float
    assert type(lat) is float
    grid = np.full((2, 3), 121.0), np.full((2, 3), 31.0)
    lons, lats = convert(*grid, source="wgs84", target="gcj02")
    assert lons.shape == lats.shape == (2, 3)
    assert (lons == lon).all()
    frame = pd.DataFrame({"x": [121, 121], "y": [31, 31]}, index=["b", "a"])
    series = convert(frame["x"], frame["y"], source="wgs84", target="gcj02")
    assert [list(one.index) for one in series] == [["b", "a"], ["b", "a"]]
    assert [one.name for one in series] == ["x", "y"]
    assert series[0].tolist() == [lon, lon]
    assert frame["x"].tolist() == [121, 121]
    empty = convert([], [], source="gcj02", target="wgs84")
    assert [one.shape for one in empty] == [(0,), (0,)]


def test_inputs_are_not_changed():
    lon, lat = np.array([121.0, np.nan]), np.array([31.0, 31.0])
    convert(lon, lat, source="wgs84", target="bd09")
    assert lon[0] == 121.0
    assert lat.tolist() == [31.0, 31.0]


def test_a_missing_coordinate_gives_a_missing_pair_and_leaves_the_others():
    lon = pd.Series([121.0, None, 121.0], dtype="Float64")
    lat = pd.Series([31.0, 31.0, np.nan])
    x, y = convert(lon, lat, source="gcj02", target="wgs84")
    assert x.isna().tolist() == y.isna().tolist() == [False, True, True]
    assert np.isnan(convert(np.nan, 31.0, source="gcj02", target="wgs84")[1])


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (121.0, 91.0, "E-CRS-02"),
        (31.2, 121.5, "E-CRS-02"),  # swapped
        (np.inf, 31.0, "E-CRS-02"),
        (181.0, 31.0, "E-CRS-02"),
        ("东经121度", 31.0, "E-CRS-02"),
        ([121.0, 121.0], [31.0], "E-CRS-03"),
        (pd.Series([121.0], index=["a"]), pd.Series([31.0], index=["b"]), "E-CRS-03"),
    ],
)
def test_what_is_no_coordinate_is_refused(lon, lat, code):
    with pytest.raises(InputError) as caught:
        convert(lon, lat, source="wgs84", target="gcj02")
    assert caught.value.findings[0].code == code


@pytest.mark.parametrize("names", [("WGS-84", "gcj02"), ("wgs84", "mars"), (None, "wgs84")])
def test_an_unknown_frame_is_refused_with_the_choices(names):
    with pytest.raises(InputError, match="wgs84, cgcs2000, gcj02, bd09"):
        convert(121.0, 31.0, source=names[0], target=names[1])


def test_geometries_keep_their_kind_their_index_and_their_shared_borders():
    two = gpd.GeoSeries(
        [shapely.box(121.0, 31.0, 121.1, 31.1), shapely.box(121.1, 31.0, 121.2, 31.1)],
        index=["b", "a"],
        crs=4326,
    )
    moved = convert_geometry(two, source="gcj02", target="wgs84")
    assert list(moved.index) == ["b", "a"]
    assert moved.crs.to_epsg() == 4326
    assert shapely.coverage_is_valid(moved.to_numpy())
    corner = convert(121.0, 31.0, source="gcj02", target="wgs84")
    assert corner in list(moved.iloc[0].exterior.coords)
    back = convert_geometry(moved, source="wgs84", target="gcj02")
    assert back.crs is None
    assert shapely.equals_exact(back.to_numpy(), two.to_numpy(), tolerance=1e-11).all()
    array = convert_geometry(two.to_list(), source="gcj02", target="cgcs2000")
    assert shapely.equals_identical(array, moved.to_numpy()).all()
    assert convert_geometry(two, source="wgs84", target="cgcs2000").crs.to_epsg() == 4490


def test_projected_geometries_are_not_taken_for_degrees():
    with pytest.raises(InputError, match="E-CRS-06"):
        convert_geometry(
            gpd.GeoSeries([shapely.Point(0, 0)], crs=METRIC), source="gcj02", target="wgs84"
        )


# A box of 1 by 1 degree at the equator on WGS-84, after Karney (2013): between geodesics the area
# is 12308.778 km2; a ring of latitude 0..1 over all longitudes has 360 times nearly that much.
ONE = 12308.778361469


def test_the_area_of_a_degree_square_at_the_equator_is_karneys():
    assert area_km2([shapely.box(0, 0, 1, 1)])[0] == pytest.approx(ONE, rel=1e-11)


def ring(*corners, turned):
    return list(reversed(corners)) if turned else list(corners)


@pytest.mark.parametrize("outer", [True, False])
@pytest.mark.parametrize("inner", [True, False])
def test_holes_and_parts_count_right_whichever_way_their_rings_run(outer, inner):
    hole = shapely.box(0.25, 0.25, 0.75, 0.75)
    shell = ring((0, 0), (1, 0), (1, 1), (0, 1), turned=outer)
    inside = ring((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), turned=inner)
    holed = shapely.Polygon(shell, [inside])
    parts = shapely.MultiPolygon([holed, hole])
    alone = area_km2([hole])[0]
    got = area_km2([holed, parts, shapely.GeometryCollection([parts, shapely.Point(0, 0)])])
    assert got.tolist() == pytest.approx([ONE - alone, ONE, ONE], rel=1e-11)


def test_what_has_no_area_has_zero_and_what_is_missing_has_none():
    some = gpd.GeoSeries(
        [shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon(), None],
        index=list("dcba"),
    )
    got = area_km2(some)
    assert got.iloc[:3].tolist() == [0, 0, 0]
    assert np.isnan(got["a"])
    assert list(got.index) == list("dcba")


def test_a_projected_layer_has_the_area_of_the_degrees_it_came_from():
    # 0.1 degree square; the edges are straight in one and geodesic in the other, hence 1e-6.
    degrees = gpd.GeoSeries([shapely.box(121.4, 31.2, 121.5, 31.3)], index=["x"], crs=4326)
    true = area_km2(degrees)["x"]
    for crs in (METRIC, 32651, 3857):
        assert area_km2(degrees.to_crs(crs))["x"] == pytest.approx(true, rel=1e-9)
    assert to_metric(degrees).area["x"] / 1e6 == pytest.approx(true, rel=1e-6)
    assert degrees.to_crs(3857).area["x"] / 1e6 > 1.3 * true


def test_a_frame_and_a_geometry_have_areas_too():
    box = shapely.box(0, 0, 1, 1)
    frame = gpd.GeoDataFrame({"place_id": ["a"]}, geometry=[box], crs=4490)
    assert area_km2(frame)[0] == area_km2(box)[0] == pytest.approx(ONE, rel=1e-11)


def test_the_area_of_swapped_axes_is_refused():
    with pytest.raises(InputError, match="E-CRS-02"):
        area_km2([shapely.box(31, 121, 32, 122)])


def test_metric_is_true_to_area_at_the_edges_of_the_city_and_nearly_true_to_length():
    corners = gpd.GeoSeries(shapely.points([[120.86, 30.68], [122.2, 31.87]]), crs=4326)
    flat = to_metric(corners)
    true = metres((120.86, 30.68), (122.2, 31.87))
    assert flat.iloc[0].distance(flat.iloc[1]) == pytest.approx(true, rel=1e-4)


@given(st.floats(120.8, 122.3), st.floats(30.6, 32.0))
def test_metres_and_back_end_within_two_millimetres(lon, lat):
    # PROJ's series for the authalic latitude is what limits it.
    there = to_metric(gpd.GeoSeries([shapely.Point(lon, lat)], index=["k"], crs=4326))
    back = to_wgs84(there)
    assert back.index.tolist() == ["k"]
    assert metres((lon, lat), (back["k"].x, back["k"].y)) < 2e-3


def test_without_a_crs_nothing_is_projected():
    bare = gpd.GeoSeries([shapely.Point(121, 31)])
    for project in (to_metric, to_wgs84):
        with pytest.raises(InputError, match="E-CRS-04"):
            project(bare)


def test_a_coordinate_that_cannot_be_projected_is_refused():
    # Degrees labelled as a projection whose inverse does not reach so far.
    far = gpd.GeoSeries([shapely.Point(9e9, 9e9)], crs=METRIC)
    with pytest.raises(InputError, match="E-CRS-05"):
        to_wgs84(far)
