"""GeoJSON that ECharts registers as it is, in the frame that was asked for."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape

from siting.crs import convert
from siting.errors import InputError
from siting.export import save_geojson
from siting.places import read_places

HOLED = Polygon(
    [(121, 31), (121, 32), (122, 32), (122, 31)],
    [[(121.2, 31.2), (121.8, 31.2), (121.8, 31.8), (121.2, 31.8)]],
)


def layer(**columns: Any) -> gpd.GeoDataFrame:
    frame = {
        "name_zh": ["甲", "乙"],
        "name_en": ["A", ""],
        "level": "town",
        "parent_id": "310114",
        **columns,
    }
    shapes = [HOLED, MultiPolygon([box(120, 30, 121, 31), box(118, 30, 119, 31)])]
    index = ["310114001", "310114002"]
    made = gpd.GeoDataFrame(frame, index=index, geometry=shapes, crs="EPSG:4326")
    return made.rename_axis("place_id")


def saved(places: gpd.GeoDataFrame, folder: Path, **options: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        save_geojson(places, folder / "a.geojson", **options).read_text("utf-8")
    )
    return read


def area(ring: list[list[float]]) -> float:
    """Twice the signed area: positive is counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def test_the_properties_are_those_of_datav(tmp_path: Path) -> None:
    features = saved(layer(), tmp_path)["features"]
    assert features[1]["properties"] == {
        "adcode": 310114002,
        "name": "乙",
        "center": features[1]["properties"]["center"],
        # of two squares of a degree at 118-119 and 120-121: halfway
        "centroid": [119.5, 30.5],
        "childrenNum": 0,
        "level": "town",
        "subFeatureIndex": 1,
        "acroutes": [100000, 310000, 310114],
        "parent": {"adcode": 310114},
    }
    assert shape(features[1]["geometry"]).contains(Point(features[1]["properties"]["center"]))
    assert [f["properties"]["name"] for f in saved(layer(), tmp_path, lang="en")["features"]] == [
        "A",
        "乙",
    ]


def test_outer_rings_run_counter_clockwise_and_holes_the_other_way(tmp_path: Path) -> None:
    outer, hole = saved(layer(), tmp_path)["features"][0]["geometry"]["coordinates"]
    assert area(outer) > 0 > area(hole)
    assert outer[0] == outer[-1]


def test_gcj02_is_said_and_is_where_the_formula_puts_it(tmp_path: Path) -> None:
    made = saved(layer(), tmp_path, frame="gcj02")
    assert made["frame"] == "gcj02"
    lon, lat = convert(121.0, 31.0, source="wgs84", target="gcj02")
    corner = [round(lon, 6), round(lat, 6)]
    assert corner in made["features"][0]["geometry"]["coordinates"][0]
    assert saved(layer(), tmp_path)["frame"] == "wgs84"


def test_neighbours_still_share_every_border_point_after_rounding(tmp_path: Path) -> None:
    towns = read_places("town", within="310114")
    back = [shape(f["geometry"]) for f in saved(towns, tmp_path, frame="gcj02")["features"]]
    assert len(back) == len(towns)
    assert all(one.is_valid for one in back)
    assert shapely.coverage_is_valid(back)  # no gap, no overlap between neighbours
    written = (tmp_path / "a.geojson").read_text("utf-8")
    assert max(len(n.rsplit(".", 1)[-1]) for n in _numbers(written)) <= 6


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+\.\d+", text)


def test_the_plain_style_keeps_all_columns_and_any_geometry(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"名": ["</script>{{7*7}}"], "x": [float("nan")], "n": [3], "members": [("a", "b")]},
        geometry=[Point(121.47, 31.23)],
        crs="EPSG:4326",
    )
    (feature,) = saved(frame, tmp_path, style="plain")["features"]
    assert feature["properties"] == {
        "名": "</script>{{7*7}}",
        "x": None,
        "n": 3,
        "members": ["a", "b"],
    }
    assert feature["geometry"] == {"type": "Point", "coordinates": [121.47, 31.23]}
    assert "</script" not in (tmp_path / "a.geojson").read_text("utf-8")
    assert "place_id" in saved(layer(), tmp_path, style="plain")["features"][0]["properties"]


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    bad = layer(name_zh=["甲", "甲"], parent_id=["x", "310114"])
    bad.geometry = [Point(0, 0), None]
    with pytest.raises(InputError) as caught:
        save_geojson(bad.set_crs(None, allow_override=True), tmp_path / "a.geojson")
    assert [f.code for f in caught.value.findings] == [f"E-GEOJSON-0{i}" for i in (1, 3, 2, 4, 5)]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="E-ARG-01"):
        save_geojson(layer(), tmp_path / "a.geojson", frame="bd09")
    with pytest.raises(InputError, match="E-COL-01"):
        save_geojson(layer().drop(columns="name_zh"), tmp_path / "a.geojson")
    with pytest.raises(InputError, match="E-OUT-03"):
        save_geojson(layer(), tmp_path / "a.shp")


def test_the_same_places_give_the_same_bytes(tmp_path: Path) -> None:
    one = save_geojson(layer(), tmp_path / "a.geojson").read_bytes()
    assert one == save_geojson(layer(), tmp_path / "b.json").read_bytes()
