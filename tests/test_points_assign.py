"""Each point to one place, against one exact test per place and point; each row counted, against hand and law."""

from __future__ import annotations

import json
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, affinity, box

from siting.crs import METRIC
from siting.errors import InputError, SitingWarning
from siting.places import read_places
from siting.points import cells as cells_room
from siting.points.assigning import NAMED, assign
from siting.points.cells import CHUNK, Grid, Raster, crossed, touched
from siting.points.locating import Locator
from siting.points.tabulating import exact_sums, tabulate

WEST, SOUTH = 121.0, 31.0


def make_places(shapes: dict[str, object], crs: object = 4326) -> gpd.GeoDataFrame:
    """Places by id, in the order given."""
    return gpd.GeoDataFrame(index=list(shapes), geometry=list(shapes.values()), crs=crs)


def brute(lon: np.ndarray, lat: np.ndarray, places: gpd.GeoDataFrame) -> list[str | None]:
    """Ask every place about every point, the last id first, so that the lowest has the last word."""
    found = np.full(len(lon), None, dtype=object)
    for one in sorted(places.index, reverse=True):
        found[shapely.intersects_xy(places.geometry[one], lon, lat)] = one
    return found.tolist()


def listed(found: pd.Series) -> list[str | None]:
    return [None if pd.isna(one) else one for one in found]


def squares() -> gpd.GeoDataFrame:
    """Two squares of one degree; b lies west of a, and they share the meridian 122."""
    return make_places({"b": box(121, 31, 122, 32), "a": box(122, 31, 123, 32)})


# --- assign: by hand ---------------------------------------------------------------------------


def test_a_point_on_a_shared_border_has_the_lowest_id_and_is_counted() -> None:
    """T08: `intersects` would count it twice, `within` not at all."""
    found = assign([122.0, 122.0, 122.0, 121.5], [31.5, 31.0, 32.0, 31.5], squares())
    assert listed(found) == ["a", "a", "a", "b"]
    assert found.attrs == {"assigned": 4, "outside": 0, "missing": 0, "on_border": 3}


def test_four_corners_meet_in_the_lowest_of_four() -> None:
    around = {"4": (0, 0), "3": (1, 0), "2": (0, 1), "1": (1, 1)}
    places = make_places({k: box(x, y, x + 1, y + 1) for k, (x, y) in around.items()})
    assert listed(assign([1.0], [1.0], places)) == ["1"]
    assert listed(assign([1.0], [1.0], places.drop(index="1"))) == ["2"]


def test_ids_are_compared_as_text() -> None:
    places = make_places({"9": box(0, 0, 1, 1), "10": box(1, 0, 2, 1)})
    assert listed(assign([1.0], [0.5], places)) == ["10"]  # "10" < "9"


def test_missing_infinite_and_far_coordinates_have_no_place_and_their_own_count() -> None:
    lon = [math.nan, math.inf, -math.inf, 121.5, 1e308, 0.0, 121.5]
    lat = [31.5, 31.5, 31.5, math.nan, -1e308, 0.0, 31.5]
    found = assign(lon, lat, squares())
    assert listed(found) == [None] * 6 + ["b"]
    assert found.attrs == {"assigned": 1, "outside": 2, "missing": 4, "on_border": 0}


def test_the_index_of_the_answer_is_that_of_the_longitudes() -> None:
    lon = pd.Series([121.5, 122.5], index=["x", "y"])
    lat = pd.Series([31.5, 31.5], index=["x", "y"])
    found = assign(lon, lat, squares())
    assert found.to_dict() == {"x": "b", "y": "a"}
    assert found.name == "place_id"
    assert found.dtype == squares().index.dtype
    assert isinstance(assign(lon.to_numpy(), lat.to_list(), squares()).index, pd.RangeIndex)
    assert list(assign(lon.to_list(), lat, squares()).index) == ["x", "y"]


def test_one_point_is_a_column_of_one_and_none_a_column_of_none() -> None:
    assert listed(assign(121.5, 31.5, squares())) == ["b"]
    empty = assign([], [], squares())
    assert len(empty) == 0
    assert empty.attrs == {"assigned": 0, "outside": 0, "missing": 0, "on_border": 0}


@pytest.mark.parametrize("dtype", ["float64", "Float64", "float32", "object"])
def test_columns_of_any_numeric_kind_are_taken(dtype: str) -> None:
    values = pd.Series([121.5, None, 122.5], dtype=dtype)
    found = assign(values, pd.Series([31.5, 31.5, 31.5]), squares())
    assert listed(found) == ["b", None, "a"]


def test_a_hole_is_outside_but_its_rim_is_not_and_an_island_in_it_is_its_own() -> None:
    ring = Polygon(box(0, 0, 9, 9).exterior.coords, [box(3, 3, 6, 6).exterior.coords])
    places = make_places({"ring": ring, "island": box(4, 4, 5, 5)})
    found = assign([3.5, 3.0, 4.5, 1.0], [3.5, 4.0, 4.5, 1.0], places)
    assert listed(found) == [None, "ring", "island", "ring"]


def test_where_places_overlap_the_lowest_id_has_the_point() -> None:
    """Cells that the border of the smaller one touches lie wholly in the larger one."""
    small, large = Point(5, 5).buffer(2), box(0, 0, 10, 10)
    lon, lat = np.meshgrid(np.linspace(2, 8, 301), np.linspace(2, 8, 301))
    lon, lat = lon.ravel(), lat.ravel()
    for ids in (("a", "b"), ("b", "a")):
        places = make_places(dict(zip(ids, (small, large), strict=True)))
        assert listed(assign(lon, lat, places)) == brute(lon, lat, places)
    assert set(assign(lon, lat, make_places({"b": small, "a": large}))) == {"a"}


def test_a_place_thinner_than_a_cell_is_found() -> None:
    sliver = Polygon([(0, 0), (100, 1e-9), (100, 2e-9), (0, 1e-9)])
    places = make_places({"sliver": sliver, "far": box(0, 80, 100, 89)})
    lon = np.linspace(0, 100, 1001)
    lat = 1e-9 * (0.5 + lon / 100)
    assert set(assign(lon, lat, places)) == {"sliver"}
    assert assign(lon, lat + 2e-9, places).isna().all()


def test_a_place_of_a_millimetre_is_found() -> None:
    tiny = box(121.47, 31.23, 121.47 + 1e-8, 31.23 + 1e-8)
    found = assign([121.47 + 5e-9, 121.47 + 2e-8], [31.23 + 5e-9] * 2, make_places({"a": tiny}))
    assert listed(found) == ["a", None]


def test_places_in_another_crs_are_turned_into_degrees() -> None:
    places = squares().to_crs(METRIC)
    assert listed(assign([121.5, 122.5, 120.5], [31.5] * 3, places)) == ["b", "a", None]


def test_a_locator_answers_as_the_places_do_and_is_made_once() -> None:
    locator = Locator.of(squares())
    assert Locator.of(locator) is locator
    lon, lat = np.linspace(120.9, 123.1, 50), np.full(50, 31.5)
    pd.testing.assert_series_equal(assign(lon, lat, locator), assign(lon, lat, squares()))


def test_what_was_given_is_not_touched() -> None:
    places = squares()
    shapes, before = list(places.geometry), places.copy()
    lon = pd.Series([121.5, None], dtype=object)
    assign(lon, [31.5, 31.5], places)
    assert not shapely.is_prepared(shapes).any()
    assert lon.tolist() == [121.5, None]
    pd.testing.assert_frame_equal(places, before)


# --- assign: bad input -------------------------------------------------------------------------


def code_of(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [f.code for f in caught.value.findings]


def test_places_without_a_crs_are_refused() -> None:
    with pytest.raises(InputError, match="no CRS"):
        assign([0.0], [0.0], make_places({"a": box(0, 0, 1, 1)}, crs=None))


@pytest.mark.parametrize(
    "bad", [None, 5, "districts", [box(0, 0, 1, 1)], pd.DataFrame({"x": [1]}), gpd.GeoDataFrame()]
)
def test_what_is_no_frame_of_places_is_refused(bad: object) -> None:
    with pytest.raises(InputError) as caught:
        assign([0.0], [0.0], bad)
    assert code_of(caught) == ["E-ASG-01"]


def test_every_geometry_that_holds_no_ground_is_named_with_its_id() -> None:
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes = {
        "missing": None,
        "empty": Polygon(),
        "line": shapely.LineString([(0, 0), (1, 1)]),
        "bow": bow,
        "metres": box(3.5e6, 0, 3.6e6, 1),
        "good": box(0, 0, 1, 1),
    }
    with pytest.raises(InputError) as caught:
        assign([0.5], [0.5], make_places(shapes))
    named = [f.value.split(" ")[0] for f in caught.value.findings]
    assert named == ["missing", "empty", "line", "bow", "metres"]
    assert code_of(caught) == ["E-ASG-03"] * 5
    assert "Self-intersection" in caught.value.findings[3].value


@pytest.mark.parametrize("ids", [[0, 1], ["a", None], ["a", ""], ["a", " "]])
def test_an_id_that_is_no_text_is_refused_and_a_repeated_one_named(ids: list[object]) -> None:
    places = squares().set_axis(pd.Index(ids, dtype=object), axis=0)
    with pytest.raises(InputError) as caught:
        assign([0.0], [0.0], places)
    assert set(code_of(caught)) == {"E-ASG-02"}
    with pytest.raises(InputError, match="more than once"):
        assign([0.0], [0.0], squares().set_axis(["a", "a"], axis=0))


def test_no_place_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="no places"):
        assign([0.0], [0.0], squares().iloc[:0])


def test_text_among_coordinates_is_refused_row_by_row() -> None:
    lon = pd.Series([121.5, "121°28′E", None, "31,5"], index=list("wxyz"), dtype=object)
    with pytest.raises(InputError) as caught:
        assign(lon, pd.Series([31.5] * 4, index=list("wxyz")), squares())
    assert [f.value for f in caught.value.findings] == ["x: 121°28′E", "z: 31,5"]
    assert "read_points" in caught.value.findings[0].fix_en
    with pytest.raises(InputError, match="E-ASG-04"):
        assign(["121.5"], ["31.5"], squares())


def test_a_thousand_bad_rows_are_named_and_the_rest_counted() -> None:
    with pytest.raises(InputError) as caught:
        assign(["x"] * (NAMED + 7), [31.5] * (NAMED + 7), squares())
    assert len(caught.value.findings) == NAMED + 1
    assert caught.value.findings[-1].value == "… + 7"


def test_coordinates_that_do_not_pair_up_are_refused() -> None:
    for lon, lat in (([1.0, 2.0], [1.0]), (pd.Series([1.0]), pd.Series([1.0], index=[5]))):
        with pytest.raises(InputError, match="E-ASG-05"):
            assign(lon, lat, squares())
    with pytest.raises(InputError, match="E-ASG-04"):
        assign(np.zeros((2, 2)), np.zeros((2, 2)), squares())


# --- assign: laws ------------------------------------------------------------------------------

STEP = 1 / 8  # a lattice on which vertices, edges and points coincide again and again
lattice = st.tuples(st.integers(0, 24), st.integers(0, 24))


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Geometry:
    """Rings, slivers, holes and multiparts on the lattice, made valid; sometimes off it."""
    ring = draw(st.lists(lattice, min_size=3, max_size=9, unique=True))
    shape = shapely.make_valid(Polygon([(x * STEP, y * STEP) for x, y in ring]))
    if draw(st.booleans()):
        other = box(*(np.array(draw(lattice)) * STEP), *(np.array(draw(lattice)) * STEP + STEP))
        shape = shapely.symmetric_difference(shape, shapely.make_valid(other))
    if draw(st.booleans()):
        shape = affinity.rotate(shape, draw(st.floats(0, 360)), origin=(1.5, 1.5))
    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon"]
    whole = shapely.union_all(parts) if parts else box(0, 0, STEP, STEP)
    return whole if shapely.is_valid(whole) and whole.area > 0 else box(0, 0, STEP, STEP)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[gpd.GeoDataFrame, np.ndarray, np.ndarray]:
    """Places that overlap and touch as they like; points on vertices, edges, the lattice, anywhere."""
    shapes = draw(st.lists(polygons(), min_size=1, max_size=5))
    ids = draw(st.permutations([str(i) for i in range(len(shapes))]))
    corner = np.array(draw(st.sampled_from([(0.0, 0.0), (WEST, SOUTH)])))
    moved = [
        affinity.translate(shape, *corner) for shape in shapes
    ]  # which rounds: an arm may cross
    sound = [one if shapely.is_valid(one) else box(*corner, *(corner + STEP)) for one in moved]
    places = make_places(dict(zip(ids, sound, strict=True)))
    vertices = shapely.get_coordinates(list(places.geometry))
    middles = (vertices[:-1] + vertices[1:]) / 2
    free = draw(st.lists(st.tuples(st.floats(-1, 4), st.floats(-1, 4)), max_size=20))
    on_lattice = np.array(draw(st.lists(lattice, max_size=20))).reshape(-1, 2) * STEP
    points = np.vstack(
        [
            vertices,
            np.nextafter(vertices, 0),
            middles,
            np.array(free).reshape(-1, 2) + corner,
            on_lattice + corner,
        ]
    )
    return places, points[:, 0], points[:, 1]


def on_cell_lines(places: gpd.GeoDataFrame, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Points on the corners of the cells themselves, and the next numbers either side."""
    grid = Grid.over(places.total_bounds, cells)
    lon = grid.west + np.arange(grid.columns) / grid.per_degree
    lat = grid.south + np.arange(grid.rows) / grid.per_degree
    lon = np.concatenate([lon, np.nextafter(lon, -999), np.nextafter(lon, 999)])
    lat = np.concatenate([lat, np.nextafter(lat, -999), np.nextafter(lat, 999)])
    return tuple(v.ravel() for v in np.meshgrid(lon, lat))


@given(worlds(), st.sampled_from([1, 2, 3, 7, 16, 64]))
def test_any_raster_gives_what_asking_every_place_gives(world, cells: int) -> None:
    places, lon, lat = world
    shapes = np.array(list(places.sort_index().geometry), dtype=object)
    names = [*sorted(places.index), None]
    raster = Raster.of(shapes, cells=cells)
    assert [names[i] for i in raster.locate(lon, lat)[0]] == brute(lon, lat, places)
    lon, lat = on_cell_lines(places, cells)
    assert [names[i] for i in raster.locate(lon, lat)[0]] == brute(lon, lat, places)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_changes_nothing(threads: int, monkeypatch) -> None:
    monkeypatch.setattr(cells_room, "CHUNK", 1000)
    monkeypatch.setattr(cells_room, "_HANDY", 300)
    monkeypatch.setattr(cells_room.os, "cpu_count", lambda: threads)
    places = read_places("district")
    lon, lat = hard_points(places, 20_000)
    found = assign(lon, lat, places)
    assert listed(found) == brute(lon, lat, places)
    on_border = sum(  # of the place that has the point, found by another test
        int(shapely.touches(shape, shapely.points(lon[at], lat[at])).sum())
        for one, shape in places.geometry.items()
        if (at := (found == one).to_numpy()).any()
    )
    assert found.attrs["on_border"] == on_border > 1000


@given(worlds())
@settings(max_examples=50)
def test_assign_gives_what_asking_every_place_gives(world) -> None:
    places, lon, lat = world
    assert listed(assign(lon, lat, places)) == brute(lon, lat, places)


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_places_and_of_points_changes_nothing(world, random) -> None:
    places, lon, lat = world
    order, rows = list(range(len(places))), list(range(len(lon)))
    random.shuffle(order)
    random.shuffle(rows)
    once = assign(pd.Series(lon), pd.Series(lat), places)
    again = assign(pd.Series(lon)[rows], pd.Series(lat)[rows], places.iloc[order])
    pd.testing.assert_series_equal(once, again.sort_index())
    assert once.attrs == again.attrs


@given(worlds())
@settings(max_examples=30)
def test_a_point_of_a_place_stays_in_it_when_others_leave(world) -> None:
    places, lon, lat = world
    found = assign(lon, lat, places)
    for one in places.index:
        alone = assign(lon, lat, places.loc[[one]])
        assert alone[found == one].eq(one).all()
        left = found.isna()
        assert alone[left].isna().all()


@given(worlds(), st.data())
@settings(max_examples=30)
def test_a_part_of_the_points_has_the_places_it_has_among_all(world, data) -> None:
    places, lon, lat = world
    part = data.draw(st.lists(st.integers(0, len(lon) - 1), min_size=1, max_size=30))
    locator = Locator.of(places)
    whole, some = assign(lon, lat, locator), assign(lon[part], lat[part], locator)
    assert listed(some) == listed(whole.iloc[part])


@given(worlds())
@settings(max_examples=30)
def test_every_point_is_counted_once_and_border_points_are_those_not_inside(world) -> None:
    places, lon, lat = world
    found = assign(np.append(lon, np.nan), np.append(lat, 0.0), places)
    told = found.attrs
    assert told["assigned"] + told["outside"] + told["missing"] == len(lon) + 1
    assert told["assigned"] == found.notna().sum()
    assert told["missing"] == 1
    inside = [
        shapely.contains_xy(places.geometry[one], x, y)
        for one, x, y in zip(found.iloc[:-1], lon, lat, strict=True)
        if isinstance(one, str)
    ]
    assert told["on_border"] == len(inside) - sum(inside)


@given(worlds(), st.integers(-60, 60), st.integers(-40, 40))
@settings(max_examples=30)
def test_moving_places_and_points_together_moves_no_point_out_of_its_place(
    world, east: int, north: int
) -> None:
    """Coordinates on a grid of 2^-30 degrees move by whole degrees without rounding."""
    places, lon, lat = world
    shapes = shapely.set_precision(list(places.geometry), 2.0**-30)
    good = shapely.is_valid(shapes) & (shapely.area(shapes) > 0)
    places = places.assign(geometry=shapes)[good]
    lon, lat = (np.round(v * 2**30) / 2**30 for v in (lon, lat))
    if len(places):
        moved = places.set_geometry(places.translate(east, north))
        once, again = assign(lon, lat, places), assign(lon + east, lat + north, moved)
        assert listed(once) == listed(again)


@given(worlds(), st.lists(st.sampled_from(["x", "y", "z", None, ""]), min_size=1))
@settings(max_examples=50)
def test_no_row_is_lost_between_table_and_account(world, kinds: list[str | None]) -> None:
    places, lon, lat = world
    frame = pd.DataFrame({"lon": lon, "lat": lat, "kind": np.resize(kinds, len(lon))})
    table = tabulate(frame, places, by="kind")
    told = table.attrs
    assert (table.dtypes == "int64").all()
    assert table.to_numpy().sum() == told["used"]
    assert told["used"] + told["unassigned"] + told["missing_category"] == told["total"]
    assert told["total"] == len(frame)
    expected = Counter(
        (one, kind)
        for one, kind in zip(brute(lon, lat, places), frame["kind"], strict=True)
        if one is not None and isinstance(kind, str) and kind
    )
    counted = {(one, kind): table.loc[one, kind] for one in table.index for kind in table}
    assert {pair: n for pair, n in counted.items() if n} == dict(expected)


@given(worlds(), st.integers(1, 5))
@settings(max_examples=30)
def test_chunks_add_up_to_the_whole(world, n: int) -> None:
    places, lon, lat = world
    frame = pd.DataFrame({"lon": lon, "lat": lat, "kind": np.resize(["x", "y"], len(lon))})
    whole, locator = tabulate(frame, places, by="kind"), Locator.of(places)
    parts = [tabulate(frame.iloc[i::n], locator, by="kind") for i in range(n)]
    added = sum(part.reindex(columns=whole.columns, fill_value=0) for part in parts)
    assert added.eq(whole).all(axis=None)
    assert sum(p.attrs["total"] for p in parts) == whole.attrs["total"]


weights = st.one_of(
    st.floats(0, 1e6), st.floats(0, 1e200), st.integers(0, 2**53).map(float), st.just(5e-324)
)


@given(st.lists(st.tuples(st.integers(0, 2), weights), max_size=40), st.randoms())
def test_sums_are_those_of_fractions_and_do_not_know_the_order(rows, random) -> None:
    """Within two roundings of the true sum, which Python's fractions give."""
    cell = np.array([c for c, _ in rows], dtype=np.int64)
    weight = np.array([w for _, w in rows], dtype=float)
    got = exact_sums(cell, weight, 3)
    for i in range(3):
        true = sum((Fraction(w) for c, w in rows if c == i), Fraction(0))
        assert abs(Fraction(float(got[i])) - true) <= 2 * Fraction(math.ulp(float(true)))
    order = list(range(len(rows)))
    random.shuffle(order)
    assert exact_sums(cell[order], weight[order], 3).tobytes() == got.tobytes()


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=2, max_size=2))
def test_no_cell_that_an_edge_passes_is_left_unmarked(ends) -> None:
    """Points along an edge, rounded, lie in cells that the edge has marked."""
    start, end = np.array(ends[:1]) + 2, np.array(ends[1:]) + 2
    _, column, row = crossed(start, end)
    along = start + (end - start) * np.linspace(0, 1, 257)[:, None]
    marked = set(zip(column.tolist(), row.tolist(), strict=True))
    assert {(int(x), int(y)) for x, y in along} <= marked


def test_an_edge_along_a_line_of_cells_marks_the_whole_length_on_both_sides() -> None:
    """It climbs 2e-13 over five cells: rounding decides in which row a point on it falls."""
    start, end = np.array([[2.5, 4 - 1e-13]]), np.array([[7.5, 4 + 1e-13]])
    _, column, row = crossed(start, end)
    marked = set(zip(column.tolist(), row.tolist(), strict=True))
    assert marked == {(c, r) for c in range(2, 8) for r in (3, 4)}


def test_the_margin_is_never_marked() -> None:
    shapes = np.array([box(0, 0, 1, 1), box(0.3, 0.2, 0.7, 0.9)], dtype=object)
    for cells in (1, 2, 10, 1024):
        grid = Grid.over(shapely.total_bounds(shapes), cells)
        row, column = np.divmod(touched(shapes, grid)[0], grid.columns)
        assert 0 < row.min() <= row.max() < grid.rows - 1
        assert 0 < column.min() <= column.max() < grid.columns - 1


# --- assign: real borders ----------------------------------------------------------------------


def hard_points(places: gpd.GeoDataFrame, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points everywhere, on every 7th vertex and edge, and a rounding step beside them."""
    rng = np.random.default_rng(8)
    west, south, east, north = places.total_bounds
    vertices = shapely.get_coordinates(list(places.geometry))[::7]
    points = np.vstack(
        [
            rng.uniform([west - 0.01, south - 0.01], [east + 0.01, north + 0.01], (n, 2)),
            vertices,
            np.nextafter(vertices, [180, 90]),
            np.nextafter(vertices, [0, 90]),
            (vertices[:-1] + vertices[1:]) / 2,
            np.round(vertices, 3),
        ]
    )
    return points[:, 0], points[:, 1]


@pytest.mark.parametrize(
    ("level", "options"),
    [("district", {}), ("town", {"within": "310114"}), ("town", {"vintage": 2026})],
)
def test_bundled_places_have_the_points_that_one_test_each_gives_them(level, options) -> None:
    places = read_places(level, **options)
    lon, lat = hard_points(places, 4 * CHUNK if level == "district" else 20_000)
    found = assign(lon, lat, places.iloc[::-1])
    assert listed(found) == brute(lon, lat, places)
    assert found.attrs["on_border"] > 1000 or level == "town"


@pytest.mark.parametrize(
    "file", ["shanghai_districts_osm", "shanghai_towns229_mit", "jiading_units_2024"]
)
def test_real_places_have_the_points_that_one_test_each_gives_them(
    reference: Path, file: str
) -> None:
    found = gpd.read_file(reference / "geodata" / f"{file}_wgs84.geojson")
    code = "adcode" if "adcode" in found.columns else "code"
    places = found.set_index(found[code].astype(str))
    lon, lat = hard_points(places, 50_000)
    assert listed(assign(lon, lat, places)) == brute(lon, lat, places)


# --- tabulate ----------------------------------------------------------------------------------


def firms() -> pd.DataFrame:
    """Seven firms: three in b, one in a, one of no kind, one outside, one without a coordinate."""
    return pd.DataFrame(
        {
            "lon": [121.1, 121.2, 121.3, 122.5, 122.6, 120.0, None],
            "lat": 31.5,
            "kind": ["x", "y", "x", "x", None, "y", "z"],
            "jobs": [10, 20, 30, 40, 50, 60, 70],
        }
    )


def test_counts_by_hand_with_all_places_in_their_order_and_all_categories_sorted() -> None:
    places = pd.concat([squares(), make_places({"c": box(0, 0, 1, 1)})])
    table = tabulate(firms(), places, by="kind")
    assert table.to_dict("split")["data"] == [[2, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert list(table.index) == ["b", "a", "c"]
    assert list(table.columns) == ["x", "y", "z"]  # z: its one firm has no coordinate
    assert (table.index.name, table.columns.name) == ("place_id", "kind")
    told = table.attrs
    assert (told["used"], told["unassigned"], told["missing_category"], told["total"]) == (
        4,
        2,
        1,
        7,
    )
    assert (told["outside"], told["missing"]) == (1, 1)


def test_weights_are_summed_and_their_account_adds_up() -> None:
    table = tabulate(firms(), squares(), by="kind", weight="jobs")
    assert table.to_dict("split")["data"] == [[40.0, 20.0, 0.0], [40.0, 0.0, 0.0]]
    assert (table.dtypes == "float64").all()
    assert table.attrs["weights"] == {
        "used": 100.0,
        "unassigned": 130.0,
        "missing_category": 50.0,
        "total": 280.0,
    }
    assert table.attrs["used"] == 4


def test_points_and_tables_that_know_their_places_are_taken() -> None:
    points = SimpleNamespace(frame=firms(), report=None)
    direct = tabulate(firms(), squares(), by="kind")
    pd.testing.assert_frame_equal(tabulate(points, squares(), by="kind"), direct)
    placed = firms().assign(place_id=assign(firms()["lon"], firms()["lat"], squares()))
    known = tabulate(placed.drop(columns=["lon", "lat"]), squares(), by="kind")
    pd.testing.assert_frame_equal(known, direct)
    assert known.attrs["unassigned"] == 2


def test_codes_that_pandas_took_for_numbers_still_find_their_places() -> None:
    """T29: both sides of the join are text; 310114 and 310114.0 are "310114"."""
    places = make_places({"310114": box(0, 0, 1, 1), "310115": box(1, 0, 2, 1)})
    for ids in (
        [310114, 310115, 310114],
        [310114.0, 310115.0, 310114.0],
        ["310114", 310115, 310114],
        np.array([310114, 310115, 310114], dtype="float32"),
    ):
        frame = pd.DataFrame({"place_id": ids, "kind": [13, 14, 13]})
        table = tabulate(frame, places, by="kind")
        assert table.to_dict() == {
            "13": {"310114": 2, "310115": 0},
            "14": {"310114": 0, "310115": 1},
        }


def test_an_id_that_no_place_has_is_told_with_its_rows() -> None:
    """T29: what does not join is reported."""
    frame = pd.DataFrame({"place_id": ["a", "q", "q", None], "kind": "x"})
    with pytest.warns(SitingWarning, match="W-ASG-01") as caught:
        table = tabulate(frame, squares(), by="kind")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert "2 rows" in str(caught[0].message)
    assert table.attrs["unknown_places"] == {"q": 2}
    assert (table.attrs["used"], table.attrs["unassigned"]) == (1, 3)


@pytest.mark.parametrize("blank", [None, np.nan, pd.NA, "", "  ", "\u3000"])
def test_a_missing_category_is_counted_and_not_dropped(blank: object) -> None:
    """T30: `groupby` would drop the row."""
    frame = pd.DataFrame(
        {"place_id": ["a", "a", "b"], "kind": pd.Series(["x", blank, "x"], dtype=object)}
    )
    table = tabulate(frame, squares(), by="kind")
    assert list(table.columns) == ["x"]
    assert (table.attrs["missing_category"], table.attrs["used"]) == (1, 2)


def test_a_row_without_place_and_category_is_counted_once() -> None:
    frame = pd.DataFrame({"place_id": [None, "a"], "kind": [None, None]})
    table = tabulate(frame, squares(), by="kind")
    assert table.shape == (2, 0)
    assert (table.attrs["unassigned"], table.attrs["missing_category"]) == (1, 1)


def test_firms_called_na_and_null_are_categories_like_any_other() -> None:
    """T22: text is text."""
    frame = pd.DataFrame({"place_id": "a", "kind": ["NA", "null", "None", "nan"]})
    assert list(tabulate(frame, squares(), by="kind").columns) == ["NA", "None", "nan", "null"]


def test_no_rows_give_a_table_of_no_columns() -> None:
    table = tabulate(firms().iloc[:0], squares(), by="kind")
    assert table.shape == (2, 0)
    assert table.attrs["total"] == 0
    assert tabulate(firms().iloc[:0], squares(), by="kind", weight="jobs").shape == (2, 0)


def test_large_weights_of_a_narrow_type_do_not_wrap() -> None:
    """T15: 2e9 + 2e9 is beyond int32."""
    jobs = np.array([2_000_000_000] * 2, dtype=np.int32)
    frame = pd.DataFrame({"place_id": "a", "kind": "x", "jobs": jobs})
    assert tabulate(frame, squares(), by="kind", weight="jobs").loc["a", "x"] == 4e9


@pytest.mark.parametrize(
    "bad", [-5.0, np.nan, np.inf, -np.inf, 1e201], ids=["T12", "T13", "T14", "T14b", "T14c"]
)
def test_a_weight_that_cannot_be_added_is_refused_with_its_row(bad: float) -> None:
    frame = pd.DataFrame({"place_id": "a", "kind": "x", "jobs": [1.0, bad, 0.0, bad]})
    with pytest.raises(InputError) as caught:
        tabulate(frame, squares(), by="kind", weight="jobs")
    assert code_of(caught) == ["E-ASG-08"] * 2
    assert [f.value for f in caught.value.findings] == [f"1: {bad}", f"3: {bad}"]
    with pytest.raises(InputError) as caught:
        tabulate(frame.assign(source_row=[2, 3, 5, 6]), squares(), by="kind", weight="jobs")
    assert [f.row for f in caught.value.findings] == [3, 6]


def test_a_weight_that_is_text_is_refused_with_its_row() -> None:
    """T16: a sum of texts is a text."""
    frame = pd.DataFrame({"place_id": "a", "kind": "x", "jobs": ["1,200", "300"]})
    with pytest.raises(InputError) as caught:
        tabulate(frame, squares(), by="kind", weight="jobs")
    assert [(f.code, f.column) for f in caught.value.findings] == [("E-ASG-04", "jobs")] * 2


def test_columns_that_are_not_there_are_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match="E-COL-01") as caught:
        tabulate(firms().drop(columns="lat"), squares(), by="sector", weight="size")
    assert [f.column for f in caught.value.findings] == ["lat", "sector", "size"]
    twice = pd.concat([firms(), firms()[["kind"]]], axis=1)
    for frame, by in ((twice, "kind"), (firms(), ["kind"]), (firms(), None)):
        with pytest.raises(InputError, match="E-ASG-07"):
            tabulate(frame, squares(), by=by)
    with pytest.raises(InputError, match="E-ASG-06"):
        tabulate([1, 2], squares(), by="kind")


def test_a_column_of_ids_is_no_column_of_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siting.points.tabulating.MOST_CELLS", 9)
    frame = pd.DataFrame({"place_id": "a", "firm": [f"f{i}" for i in range(5)]})
    with pytest.raises(InputError, match="2 x 5"):
        tabulate(frame, squares(), by="firm")
    assert tabulate(frame.iloc[:4], squares(), by="firm").shape == (2, 4)


def test_the_order_of_rows_changes_no_byte_of_a_weighted_table() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "place_id": rng.choice(["a", "b"], 5000),
            "kind": rng.choice(["x", "y"], 5000),
            "jobs": rng.lognormal(3, 4, 5000),
        }
    )
    once = tabulate(frame, squares(), by="kind", weight="jobs")
    again = tabulate(frame.sample(frac=1, random_state=1), squares(), by="kind", weight="jobs")
    assert once.to_numpy().tobytes() == again.to_numpy().tobytes()
    for (place, kind), group in frame.groupby(["place_id", "kind"]):
        assert once.loc[place, kind] == pytest.approx(math.fsum(group["jobs"]), rel=1e-15)


def test_the_account_can_be_written_down() -> None:
    """Plain numbers and texts, as a manifest needs them."""
    table = tabulate(firms(), squares(), by="kind", weight="jobs")
    assert json.loads(json.dumps(table.attrs)) == table.attrs
