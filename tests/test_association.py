"""Neighbours, and what happens to inputs that a test cannot be made of."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting.association import (
    contiguity,
    geary,
    getis_ord,
    join_counts,
    local_moran,
    moran,
    nearest,
    within,
)
from siting.crs import METRIC
from siting.errors import InputError, SitingWarning
from siting.places import read_places
from tests.absent import brought
from tests.test_association_oracles import lattice, series, some_graph


def frame(shapes: dict[str, shapely.Geometry], crs=METRIC) -> gpd.GeoDataFrame:
    index = pd.Index(list(shapes), name="place_id")
    return gpd.GeoDataFrame(geometry=list(shapes.values()), index=index, crs=crs)


def squares(rows: int, columns: int, gap: float = 0.0, side: float = 1000.0) -> gpd.GeoDataFrame:
    """Squares named by row and column, `gap` metres apart."""
    return frame(
        {
            f"{i}{j}": shapely.box(j * side, i * side, (j + 1) * side - gap, (i + 1) * side - gap)
            for i in range(rows)
            for j in range(columns)
        }
    )


def beside(graph) -> dict[str, set[str]]:
    """The neighbours of each place by name."""
    dense = graph.sparse.toarray()
    ids = np.array(graph.unique_ids)
    return {place: set(ids[row > 0]) for place, row in zip(ids, dense, strict=True)}


def codes(error: pytest.ExceptionInfo) -> list[tuple[str, str, str]]:
    return [(f.code, f.column, f.value) for f in error.value.findings]


# --- neighbours ------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [0.0, 0.001, 0.7])
@pytest.mark.parametrize("crs", [METRIC, 4326, 4490, 32651])
def test_small_gaps_do_not_part_neighbours_in_any_crs(gap: float, crs) -> None:
    places = squares(3, 3, gap).to_crs(crs)
    queen, rook = beside(contiguity(places)), beside(contiguity(places, rule="rook"))
    assert queen["11"] == set(queen) - {"11"}
    assert queen["00"] == {"01", "10", "11"}
    assert rook["11"] == {"01", "10", "12", "21"}
    assert rook["00"] == {"01", "10"}


def test_a_wide_gap_parts_and_a_wider_snap_joins() -> None:
    places = squares(1, 2, gap=1.5)
    assert contiguity(places).islands.tolist() == ["00", "01"]
    assert contiguity(places, snap_m=2).islands.empty
    assert contiguity(squares(1, 2, gap=0.001), snap_m=0).islands.tolist() == ["00", "01"]


def test_overlapping_and_nested_places_are_neighbours() -> None:
    places = frame({"a": shapely.box(0, 0, 900, 900), "b": shapely.box(100, 100, 200, 200)})
    assert beside(contiguity(places)) == {"a": {"b"}, "b": {"a"}}
    crossing = frame({"a": shapely.box(0, 0, 900, 900), "b": shapely.box(500, 500, 2000, 2000)})
    assert beside(contiguity(crossing, rule="rook")) == {"a": {"b"}, "b": {"a"}}


def test_a_border_with_more_points_on_one_side_is_not_torn_by_the_projection() -> None:
    # A parallel of 0.6 degrees lies up to 40 m to the south of the straight line between its ends;
    # so in metres the side of the northern place, which has no vertex there, leaves the middle one.
    places = frame(
        {
            "long": shapely.box(121.0, 31.2, 121.6, 31.4),
            "left": shapely.box(121.0, 31.1, 121.2, 31.2),
            "middle": shapely.box(121.2, 31.1, 121.4, 31.2),
            "right": shapely.box(121.4, 31.1, 121.6, 31.2),
        },
        crs=4326,
    )
    for rule in ("queen", "rook"):
        assert beside(contiguity(places, rule=rule))["long"] == {"left", "middle", "right"}


def test_neighbours_are_the_same_in_any_order_of_rows() -> None:
    places = squares(3, 4, 0.3)
    turned = places.sample(frac=1, random_state=4)
    graph = contiguity(turned)
    assert list(graph.unique_ids) == list(turned.index)
    assert beside(graph) == beside(contiguity(places))
    assert (graph.sparse != graph.sparse.T).nnz == 0
    assert set(graph.sparse.data) == {1.0}
    assert graph.sparse.diagonal().sum() == 0
    assert graph.counts.to_dict() == {k: len(v) for k, v in beside(graph).items()}


def test_the_districts_of_shanghai_touch_as_they_do_on_any_map() -> None:
    places = read_places("district")
    found = beside(contiguity(places))
    name = places["name_zh"]
    # 虹口: 浦东 over the river, 黄浦, 静安, 宝山, 杨浦; 金山: 松江, 奉贤, 青浦.
    assert {name[i] for i in found["310109"]} == {
        "浦东新区",
        "黄浦区",
        "静安区",
        "宝山区",
        "杨浦区",
    }
    assert {name[i] for i in found["310116"]} == {"松江区", "奉贤区", "青浦区"}
    assert found["310151"] == set()  # 崇明 lies in the mouth of the Yangtze
    joined = beside(contiguity(places, islands="nearest"))
    # 长兴 and 横沙 lie beside 浦东.
    assert {name[i] for i in joined["310151"]} == {"浦东新区"}
    assert joined["310115"] == found["310115"] | {"310151"}


def test_two_islands_are_each_others_nearest() -> None:
    places = frame({"a": shapely.box(0, 0, 9, 9), "b": shapely.box(50, 0, 59, 9)})
    graph = contiguity(places, snap_m=0.5, islands="nearest")
    assert graph.sparse.toarray().tolist() == [[0, 1], [1, 0]]
    assert contiguity(places[:1], snap_m=0.5, islands="nearest").islands.tolist() == ["a"]


def test_a_snap_as_wide_as_a_place_is_said() -> None:
    with pytest.warns(SitingWarning, match="W-ASC-13"):
        contiguity(squares(2, 2, side=5.0))


def test_nearest_and_within_are_measured_in_metres() -> None:
    # In degrees the eastern point is nearer: 0.0095 against 0.009; in metres 904 against 998.
    points = frame(
        {
            "a": shapely.Point(121.4, 31.2),
            "east": shapely.Point(121.4095, 31.2),
            "north": shapely.Point(121.4, 31.209),
        },
        crs=4326,
    )
    assert beside(nearest(points, 1))["a"] == {"east"}
    assert beside(within(points, 950))["a"] == {"east"}
    assert beside(within(points, 1050))["a"] == {"east", "north"}


def test_of_places_at_one_distance_the_lowest_id_is_the_nearest() -> None:
    cross = {"d": (0, 0), "c": (1, 0), "b": (-1, 0), "a": (0, 1)}
    points = frame({k: shapely.Point(1000 * x, 1000 * y) for k, (x, y) in cross.items()})
    for seed in range(4):
        shuffled = points.sample(frac=1, random_state=seed)
        assert beside(nearest(shuffled, 2))["d"] == {"a", "b"}
    assert set(nearest(points, 2).counts) == {2}


def test_points_in_one_spot_are_neighbours_and_never_their_own() -> None:
    points = frame({k: shapely.Point(5, 5) for k in "abc"})
    assert beside(nearest(points, 1)) == {"a": {"b"}, "b": {"a"}, "c": {"a"}}
    assert beside(within(points, 1))["c"] == {"a", "b"}


def test_neighbours_turn_into_a_graph_of_libpysal_islands_and_all() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        brought("libpysal")
        places = squares(2, 2)
        places.loc["far", "geometry"] = shapely.box(9e3, 9e3, 9.9e3, 9.9e3)
        graph = contiguity(places)
        peer = graph.to_libpysal()
        assert list(peer.unique_ids) == list(places.index)
        assert (peer.sparse != graph.sparse).nnz == 0
        assert peer.isolates.tolist() == ["far"]
        x = pd.Series([1, 5, 2, 2, 9], places.index)
        pd.testing.assert_frame_equal(local_moran(x, peer), local_moran(x, graph))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (lambda p: contiguity(p.set_geometry(p.centroid)), ("E-ASC-10", "geometry", "00")),
        (lambda p: contiguity(pd.concat([p, p[:1]])), ("E-ASC-10", "place_id", "00")),
        (lambda p: contiguity(p, snap_m=-1), ("E-ASC-11", "snap_m", "-1")),
        (lambda p: contiguity(p, snap_m="1 m"), ("E-ASC-11", "snap_m", "1 m")),
        (lambda p: contiguity(p, rule="bishop"), ("E-ARG-01", "rule", "bishop")),
        (lambda p: contiguity(p, islands="drop"), ("E-ARG-01", "islands", "drop")),
        (lambda p: contiguity(p.set_crs(None, allow_override=True)), ("E-CRS-04", "", "")),
        (lambda p: contiguity([1, 2]), ("E-ASC-11", "places", "list")),
        # C19: as many neighbours as there are places, or more
        (lambda p: nearest(p, 4), ("E-ASC-11", "k", "4")),
        (lambda p: nearest(p, 0), ("E-ASC-11", "k", "0")),
        (lambda p: nearest(p, 1.5), ("E-ASC-11", "k", "1.5")),
        (lambda p: within(p, 0), ("E-ASC-11", "distance_m", "0")),
        (lambda p: within(p, float("nan")), ("E-ASC-11", "distance_m", "nan")),
    ],
)
def test_impossible_neighbours_are_refused_by_name(case, expected) -> None:
    with pytest.raises(InputError) as error:
        case(squares(2, 2))
    assert codes(error)[0] == expected


def test_every_place_without_a_shape_is_named() -> None:
    places = squares(2, 2)
    places.loc["01", "geometry"] = None
    places.loc["10", "geometry"] = shapely.Polygon()
    with pytest.raises(InputError) as error:
        contiguity(places)
    assert codes(error) == [("E-ASC-10", "geometry", "01"), ("E-ASC-10", "geometry", "10")]


# --- values and neighbours together ----------------------------------------------------------

MEASURES = [moran, geary, local_moran, getis_ord]


@pytest.mark.parametrize("measure", MEASURES)
def test_c18_values_are_matched_by_id_and_never_by_position(measure) -> None:
    graph = some_graph(1, 9, 0.3)
    values = series([3, 1, 4, 1, 5, 9, 2, 6, 5], graph)
    turned = values.sample(frac=1, random_state=2)
    found, again = measure(values, graph), measure(turned, graph)
    if isinstance(found, pd.DataFrame):
        assert list(again.index) == list(turned.index)
        pd.testing.assert_frame_equal(again.loc[values.index], found)
    else:
        assert again == found


@pytest.mark.parametrize("measure", [*MEASURES, join_counts])
def test_c18_ids_that_do_not_match_are_named_both_ways(measure) -> None:
    graph = some_graph(1, 5, 0.5)
    values = pd.Series([1, 0, 1, 0, 0], index=["000", "001", "002", "x", 4])
    with pytest.raises(InputError) as error:
        measure(values, graph)
    assert codes(error) == [
        ("E-ASC-04", "values", "x"),
        ("E-ASC-04", "values", "4"),
        ("E-ASC-04", "graph", "003"),
        ("E-ASC-04", "graph", "004"),
    ]
    assert "int" in error.value.findings[1].reason_en


def test_c18_fifteen_values_for_sixteen_places_are_refused() -> None:
    graph = lattice(4, 4)
    with pytest.raises(InputError) as error:
        moran(series(range(16), graph).iloc[:-1], graph)
    assert codes(error) == [("E-ASC-04", "graph", "015")]


@pytest.mark.parametrize("measure", [*MEASURES, join_counts])
@pytest.mark.parametrize(
    ("bad", "value"),
    [
        pytest.param(np.nan, "001: nan", id="C05"),
        pytest.param(np.inf, "001: inf", id="C06"),
        pytest.param("7", "001: 7", id="text"),
        pytest.param(None, "001: None", id="none"),
        pytest.param(pd.NA, "001: <NA>", id="NA"),
    ],
)
def test_c05_c06_what_is_no_number_is_an_error_with_its_place(measure, bad, value: str) -> None:
    graph = some_graph(1, 5, 0.5)
    values = series([1, 0, 1, 0, 0], graph).astype(object)
    values["001"] = bad
    values["003"] = bad
    with pytest.raises(InputError) as error:
        measure(values.rename("jobs"), graph)
    assert codes(error) == [
        ("E-ASC-02", "jobs", value),
        ("E-ASC-02", "jobs", value.replace("001", "003")),
    ]


def test_nullable_numbers_and_booleans_are_numbers() -> None:
    graph = lattice(3, 3)
    held = series([1, 1, 0, 1, 0, 0, 0, 0, 0], graph)
    same = join_counts(held, graph)
    for kind in ("Int64", "boolean", bool, float, object):
        other = join_counts(held.astype(kind), graph)
        assert (other.bb, other.p) == (same.bb, same.p)


@pytest.mark.parametrize(
    ("values", "graph", "expected"),
    [
        ([1, 2, 3], None, ("E-ASC-01", "values", "list")),
        (np.arange(16.0), None, ("E-ASC-01", "values", "ndarray")),
        (None, "queen", ("E-ASC-05", "graph", "str")),
        (
            None,
            SimpleNamespace(sparse=np.ones((2, 2)), unique_ids=["a"]),
            ("E-ASC-05", "graph", "SimpleNamespace"),
        ),
        (
            None,
            SimpleNamespace(sparse=np.zeros((2, 2)), unique_ids=["a", "a"]),
            ("E-ASC-05", "graph", "SimpleNamespace"),
        ),
    ],
)
def test_what_has_no_ids_is_refused(values, graph, expected) -> None:
    right = lattice(4, 4)
    with pytest.raises(InputError) as error:
        moran(
            series(range(16), right) if values is None else values,
            right if graph is None else graph,
        )
    assert codes(error) == [expected]


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_impossible_weights_are_named_by_place(weight: float) -> None:
    graph = lattice(3, 3)
    graph.sparse[4, 1] = weight
    with pytest.raises(InputError) as error:
        moran(series(range(9), graph), graph)
    assert codes(error) == [("E-ASC-06", "graph", "004")]


def test_only_gi_star_lets_a_place_be_its_own_neighbour() -> None:
    graph = lattice(3, 3)
    values = series([1, 5, 2, 2, 9, 9, 0, 4, 4], graph)
    plain = getis_ord(values, graph)
    np.fill_diagonal(graph.sparse, 1)
    pd.testing.assert_frame_equal(getis_ord(values, graph), plain)
    for measure in (moran, geary, local_moran):
        with pytest.raises(InputError) as error:
            measure(values, graph)
        assert {f.code for f in error.value.findings} == {"E-ASC-07"}
        assert len(error.value.findings) == 9
    with pytest.raises(InputError, match="E-ASC-07"):
        getis_ord(values, graph, star=False)


def test_ids_that_occur_twice_are_refused() -> None:
    graph = lattice(3, 3)
    with pytest.raises(InputError) as error:
        moran(pd.concat([series(range(9), graph), pd.Series([1], ["004"])]), graph)
    assert codes(error) == [("E-ASC-03", "place_id", "004")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({"permutations": -5}, ("E-ASC-08", "permutations", "-5"), id="C11"),
        ({"permutations": 9.5}, ("E-ASC-08", "permutations", "9.5")),
        ({"permutations": "many"}, ("E-ASC-08", "permutations", "many")),
        ({"permutations": True}, ("E-ASC-08", "permutations", "True")),
        ({"seed": None}, ("E-ASC-08", "seed", "None")),
        ({"seed": -1}, ("E-ASC-08", "seed", "-1")),
        ({"alternative": "directed"}, ("E-ARG-01", "alternative", "directed")),
        ({"transform": "V"}, ("E-ARG-01", "transform", "V")),
    ],
)
@pytest.mark.parametrize("measure", [*MEASURES, join_counts])
def test_impossible_options_are_refused(measure, options, expected) -> None:
    graph = lattice(3, 3)
    with pytest.raises(InputError) as error:
        measure(series([0, 1, 0, 1, 1, 0, 1, 0, 0], graph), graph, **options)
    assert codes(error) == [expected]


def test_impossible_variants_are_refused() -> None:
    graph = lattice(3, 3)
    values = series(range(9), graph)
    for call in (
        lambda: moran(values, graph, assumption="free"),
        lambda: geary(values, graph, assumption="free"),
        lambda: local_moran(values, graph, divisor="n+1"),
        lambda: getis_ord(values, graph, variance="n+1"),
        lambda: getis_ord(values, graph, star="yes"),
    ):
        with pytest.raises(InputError, match="E-ARG-01"):
            call()


def test_joins_are_counted_of_zeros_and_ones_alone() -> None:
    graph = lattice(3, 3)
    with pytest.raises(InputError) as error:
        join_counts(series([0, 1, 2, 0, 0, -1, 0, 1, 0.5], graph), graph)
    assert codes(error) == [
        ("E-ASC-09", "values", "002: 2"),
        ("E-ASC-09", "values", "005: -1"),
        ("E-ASC-09", "values", "008: 0.5"),
    ]
