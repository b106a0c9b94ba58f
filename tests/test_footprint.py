"""A plan on the ground: each cluster where it is planned, in metres, nothing left out."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from siting.crs import METRIC, area_km2
from siting.errors import InputError
from siting.footprint import trace


def make_plan(pairs: list[tuple[str, str]], clusters: str = "xyz") -> SimpleNamespace:
    """A plan of clusters x y z, of which x has the fields x1 x2, y has y1, and z has none."""
    rows = [(c, p, f"{p}写法", f"二（{c}）") for c, p in pairs]
    columns = ["cluster_id", "place_id", "place_as_written", "clause"]
    return SimpleNamespace(
        title="试验规划",
        clusters=pd.DataFrame(index=pd.Index(list(clusters), name="cluster_id")),
        fields=pd.DataFrame(
            {"cluster_id": ["x", "x", "y"], "clause": ["1", "2", "3"]},
            index=pd.Index(["x1", "x2", "y1"], name="field_id"),
        ),
        assignments=pd.DataFrame(rows, columns=columns, dtype=object),
    )


def make_places(n: int = 4) -> gpd.GeoDataFrame:
    """Boxes of 0.1 degrees in a row, each sharing a border with the next: p0, p1, ..."""
    boxes = [box(121 + i / 10, 31, 121 + (i + 1) / 10, 31.1) for i in range(n)]
    index = pd.Index([f"p{i}" for i in range(n)], name="place_id")
    places = gpd.GeoDataFrame({"name_zh": list(index)}, geometry=boxes, index=index, crs=4326)
    places.attrs = {"level": "district", "vintage": 2023}
    return places


def test_one_row_for_each_cluster_and_place_in_the_order_of_the_plan() -> None:
    traced = trace(make_plan([("y", "p0"), ("x", "p2"), ("x", "p0")]), make_places())
    assert list(traced.columns) == ["cluster_id", "place_id", "geometry"]
    rows = traced[["cluster_id", "place_id"]].to_numpy().tolist()
    assert rows == [["x", "p2"], ["x", "p0"], ["y", "p0"]]
    assert list(traced.index) == [0, 1, 2]
    assert traced.crs == METRIC
    assert isinstance(traced, gpd.GeoDataFrame)


def test_a_place_has_every_field_of_its_clusters() -> None:
    traced = trace(make_plan([("y", "p0"), ("x", "p1"), ("z", "p2")]), make_places(), by="field")
    assert list(traced.columns) == ["field_id", "cluster_id", "place_id", "geometry"]
    rows = traced[["field_id", "cluster_id", "place_id"]].to_numpy().tolist()
    assert rows == [["x1", "x", "p1"], ["x2", "x", "p1"], ["y1", "y", "p0"]]


def test_the_area_is_that_of_the_ellipsoid() -> None:
    # An equal-area projection changes no area; what is left, under 1 in 100 000, is that an edge
    # along a parallel is a straight line on one map and a geodesic on the other.
    places = make_places()
    traced = trace(make_plan([("x", "p0"), ("x", "p3")]), places)
    true = area_km2(places.geometry)[["p0", "p3"]].to_numpy()
    assert traced.area.to_numpy() / 1e6 == pytest.approx(true, rel=1e-5)


def test_neighbours_still_share_their_border_exactly() -> None:
    one, two = trace(make_plan([("x", "p0"), ("x", "p1")]), make_places()).geometry
    assert one.touches(two)
    assert one.union(two).area == pytest.approx(one.area + two.area, rel=1e-14)


def test_the_frames_that_were_given_stay_as_they_were() -> None:
    plan, places = make_plan([("x", "p0")]), make_places()
    before, kept = places.copy(), plan.assignments.copy()
    trace(plan, places, by="field")
    pd.testing.assert_frame_equal(pd.DataFrame(places), pd.DataFrame(before))
    pd.testing.assert_frame_equal(plan.assignments, kept)
    assert places.crs == before.crs


def test_a_plan_without_assignments_has_no_ground() -> None:
    traced = trace(make_plan([]), make_places())
    assert list(traced.columns) == ["cluster_id", "place_id", "geometry"]
    assert len(traced) == 0
    assert traced.crs == METRIC


def test_an_assignment_said_twice_counts_once() -> None:
    assert len(trace(make_plan([("x", "p0"), ("x", "p0")]), make_places())) == 1


def test_the_geometry_may_have_another_name() -> None:
    places = make_places().rename_geometry("border")
    assert trace(make_plan([("x", "p0")]), places).active_geometry_name == "geometry"


def test_every_place_that_is_not_there_is_named_with_its_clause_and_the_vintage() -> None:
    plan = make_plan([("x", "p0"), ("x", "q8"), ("y", "q9")])
    with pytest.raises(InputError) as caught:
        trace(plan, make_places())
    found = caught.value.findings
    assert [f.value for f in found] == ["q8 q8写法 二（x）", "q9 q9写法 二（y）"]
    assert all("2023" in f.fix and "crosswalk" in f.fix_en for f in found)
    assert {f.file for f in found} == {"试验规划"}


@pytest.mark.parametrize("geometry", [None, MultiPolygon()])
def test_a_place_without_ground_is_refused_when_it_is_needed(geometry: object) -> None:
    places = make_places()
    places.loc["p1", "geometry"] = geometry
    assert len(trace(make_plan([("x", "p0")]), places)) == 1
    with pytest.raises(InputError, match="no border"):
        trace(make_plan([("x", "p1")]), places)


def test_a_cluster_that_the_plan_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="no such cluster"):
        trace(make_plan([("w", "p0")]), make_places())


def test_places_without_a_crs_or_with_two_of_a_kind_are_refused() -> None:
    plan = make_plan([("x", "p0")])
    with pytest.raises(InputError, match="CRS"):
        trace(plan, make_places().set_crs(None, allow_override=True))
    with pytest.raises(InputError, match="more than once"):
        trace(plan, pd.concat([make_places(), make_places()]))
    with pytest.raises(InputError, match="choices"):
        trace(plan, make_places(), by="place")


@settings(deadline=None)
@given(st.sets(st.tuples(st.sampled_from("xy"), st.sampled_from(["p0", "p1", "p2", "p3"]))))
def test_each_pair_of_the_plan_has_its_ground_once(pairs: set[tuple[str, str]]) -> None:
    places = make_places()
    traced = trace(make_plan(sorted(pairs)), places)
    assert set(zip(traced["cluster_id"], traced["place_id"], strict=True)) == pairs
    assert len(traced) == len(pairs)
    by_field = trace(make_plan(sorted(pairs)), places, by="field")
    assert len(by_field) == sum(2 if c == "x" else 1 for c, _ in pairs)
