"""A GeoPackage opens in QGIS in its colours; a shapefile loses nothing without a word."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Point, box

from siting.briefing.layers import write_layers
from siting.briefing.story import Chapter, Story
from siting.errors import ExistingOutputError, InputError
from siting.export import save_layers, save_shapefile
from siting.export.styles import categorised, graduated
from siting.places import read_places

LAYER = gpd.GeoDataFrame(
    {"cluster_id": ["a", "b"], "cluster": ['甲 <&">', "乙"]},
    geometry=[box(121, 31, 122, 32), box(120, 31, 121, 32)],
    crs="EPSG:4326",
)


def qml(path: Path, layer: str) -> ET.Element:
    with sqlite3.connect(path) as db:
        ((text, default),) = db.execute(
            "SELECT styleQML, useAsDefault FROM layer_styles WHERE f_table_catalog = '' AND "
            "f_table_schema = '' AND f_table_name = ? AND f_geometry_column = "
            "(SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?)",
            (layer, layer),
        )
    assert default == 1
    return ET.fromstring(text)


def test_styles_stand_where_qgis_looks_for_them_and_the_bytes_stay_the_same(tmp_path: Path) -> None:
    style = categorised("cluster_id", {"a": "#8a1538", "b": "#0b3a8f"}, labels={"a": '甲 <&">'})
    made = []
    for name in ("a", "b"):
        path = save_layers(
            {"集群": LAYER, "别的": LAYER}, tmp_path / f"{name}.gpkg", styles={"集群": style}
        )
        made.append(hashlib.sha256(path.read_bytes()).hexdigest())
        time.sleep(1.1)
    assert made[0] == made[1]
    renderer = qml(path, "集群").find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "cluster_id")
    listed = [(c.get("value"), c.get("label"), c.get("symbol")) for c in renderer.iter("category")]
    assert listed == [("a", '甲 <&">', "0"), ("b", "b", "1")]
    colours = [p.get("v") for p in renderer.iter("prop") if p.get("k") == "color"]
    assert colours == ["138,21,56,255", "11,58,143,255"]  # 8a 15 38 and 0b 3a 8f
    with_geometry = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    assert with_geometry == ["集群", "别的"]
    assert len(pyogrio.read_dataframe(path, layer="集群")) == 2


def test_classes_of_a_graduated_style_keep_their_bounds_and_say_them() -> None:
    root = ET.fromstring(graduated("n", [(0, 0), (1, 2)], ["#ffffff", "#000000"], unit=" 个"))
    listed = [
        (float(r.get("lower")), float(r.get("upper")), r.get("label")) for r in root.iter("range")
    ]
    assert listed == [(0.0, 0.0, "0 个"), (1.0, 2.0, "1–2 个")]


def test_a_style_for_no_layer_and_a_layer_called_like_the_styles_are_refused(
    tmp_path: Path,
) -> None:
    for layers, styles in (({"a": LAYER}, {"b": "x"}), ({"layer_styles": LAYER}, {})):
        with pytest.raises(InputError, match="E-LAYER-04"):
            save_layers(layers, tmp_path / "a.gpkg", styles=styles)


def test_the_layers_of_a_story_are_drawn_in_the_colours_of_its_clusters(tmp_path: Path) -> None:
    places = LAYER.assign(clusters=[0, 3])[["clusters", "geometry"]]
    zones = gpd.GeoDataFrame(
        {"zone_id": ["z"], "name_zh": ["临港"]}, geometry=[Point(121.9, 30.9)], crs="EPSG:4326"
    )
    layers = {"地区": places, "范围": LAYER, "先导区": zones}
    colours = {"a": "#8a1538", "b": "#0b3a8f", "乙": "#0b3a8f"}
    chapter = Chapter("p1", "x", "x", (), layers, colours)
    path = write_layers(Story("zh", "t", "l", (chapter,), "c"), tmp_path / "a.gpkg")
    assert path is not None
    categories = {c.get("value"): c.get("label") for c in qml(path, "范围").iter("category")}
    assert categories == {"a": '甲 <&">', "b": "乙"}
    assert [r.get("label") for r in qml(path, "地区").iter("range")] == [
        f"{one} 个集群" for one in range(4)
    ]
    assert [s.get("type") for s in qml(path, "先导区").iter("symbol")] == ["marker"]
    assert write_layers(Story("zh", "t", "l", (), "c"), tmp_path / "b.gpkg") is None


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_a_shapefile_gives_back_all_texts_and_says_what_its_names_mean(
    tmp_path: Path, encoding: str
) -> None:
    most = 254 // len("字".encode(encoding))
    frame = LAYER.assign(area_official_km2=[1.25, 2.5], 集群=["字" * most, "x"], 集群数=[1, 2])
    path = save_shapefile(frame, tmp_path / "嘉定.shp", encoding=encoding)
    back = pyogrio.read_dataframe(path)
    names = pd.read_csv(tmp_path / "嘉定_字段说明.csv").set_index("原名")["字段"]
    assert back[names["集群"]].to_list() == ["字" * most, "x"]
    assert back[names["area_official_km2"]].to_list() == [1.25, 2.5]
    assert back[names["集群数"]].to_list() == [1, 2]
    assert all(name.isascii() and len(name) <= 10 for name in names)
    assert back.crs == frame.crs
    assert (tmp_path / "嘉定.cpg").read_text() == encoding


@pytest.mark.parametrize("level", ["district", "town"])
def test_the_table_beside_a_shapefile_of_places_explains_every_field_in_both_languages(
    tmp_path: Path, level: str
) -> None:
    path = save_shapefile(read_places(level), tmp_path / "places.shp")
    notes = pd.read_csv(tmp_path / "places_字段说明.csv")
    fields = list(pyogrio.read_info(path)["fields"])
    assert notes["字段"].to_list() == fields
    chinese, english = notes["含义"], notes["Meaning"]
    assert chinese.str.contains("[一-鿿]").all()  # in words, no name of a column
    assert not english.str.contains("[一-鿿]|_").any()


def test_what_a_shapefile_would_lose_is_refused_and_named(tmp_path: Path) -> None:
    frame = LAYER.assign(t=["𠮷野", "字" * 128], w=pd.Timestamp("2026-01-01 12:00"))
    with pytest.raises(InputError) as caught:
        save_shapefile(frame, tmp_path / "a.shp", encoding="GBK")
    found = [(f.code, f.column) for f in caught.value.findings]
    assert found == [("E-SHP-02", "t"), ("E-SHP-03", "t"), ("E-SHP-05", "w")]
    assert "𠮷" in caught.value.text("zh")
    mixed = gpd.GeoDataFrame(geometry=[Point(0, 0), box(0, 0, 1, 1)])
    with pytest.raises(InputError, match=r"(?s)E-SHP-01.*E-SHP-04"):
        save_shapefile(mixed, tmp_path / "a.shp")
    assert list(tmp_path.iterdir()) == []


def test_an_old_shapefile_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = save_shapefile(LAYER, tmp_path / "a.shp")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(ExistingOutputError):
        save_shapefile(LAYER.head(1), path, overwrite=False)
    save_shapefile(LAYER, path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
