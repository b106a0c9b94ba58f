"""A user's boundary file: every way in which it can be wrong is named, every good one is read."""

import json
import os
import sqlite3
import stat
import struct
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS, Geod
from shapely import affinity

from siting.boundaries import code_text, outline, read_boundaries
from siting.crs import convert, convert_geometry
from siting.errors import InputError, SitingWarning
from siting.places import read_places

# Four cells at sea, far from every bundled border: two by two, 0.02 degrees each.
LEFT, BOTTOM, SIDE = 122.1, 30.6, 0.02
NAMES = ["甲", "乙", "丙", "丁"]


def cell(i: int, j: int) -> shapely.Polygon:
    x, y = LEFT + i * SIDE, BOTTOM + j * SIDE
    return shapely.box(x, y, x + SIDE, y + SIDE)


def cells() -> gpd.GeoDataFrame:
    shapes = [cell(0, 0), cell(1, 0), cell(0, 1), cell(1, 1)]
    return gpd.GeoDataFrame(
        {"code": ["1", "2", "3", "4"], "name": NAMES}, geometry=shapes, crs=4326
    )


def with_shape(position: int, shape: Any) -> gpd.GeoDataFrame:
    frame = cells()
    shapes = list(frame.geometry)
    shapes[position] = shape
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=4326))


def feature(coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(tmp_path: Path, *features: Any, name: str = "区.geojson", **members: Any) -> Path:
    file = tmp_path / name
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def good(name: str = "甲") -> dict[str, Any]:
    ring = [list(point) for point in cell(0, 0).exterior.coords]
    return feature([ring], name=name)


def refused(source: Any, *says: str, **asked: Any) -> InputError:
    """Read what must be refused; the message names the file and the fix, in both languages."""
    with pytest.raises(InputError) as caught:
        read_boundaries(source, **asked)
    text = str(caught.value)
    for word in says:
        assert word in text
    for finding in caught.value.findings:
        assert finding.fix
        assert finding.fix_en
        if isinstance(source, Path) and finding.code != "E-FILE-01":
            assert finding.file == source.name
    return caught.value


def shapefile(tmp_path: Path, frame: gpd.GeoDataFrame, encoding: str = "UTF-8") -> Path:
    folder = tmp_path / "shp"
    folder.mkdir()
    file = folder / "区界.shp"
    frame.to_file(file, encoding=encoding)
    return file


def zipped(tmp_path: Path, members: dict[str, bytes], name: str = "区.zip") -> Path:
    file = tmp_path / name
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return file


def parts(shp: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(shp.parent.iterdir())}


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
GDALG = json.dumps({"type": "gdal_streamed_alg", "command_line": "gdal vector read x.csv"}).encode()


class TestGoodFiles:
    @pytest.mark.parametrize("epsg", [4326, 4490, 4549, 4528, 4550, 32651, 3857])
    @pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp", "zip"])
    def test_every_format_and_system_gives_the_same_boundaries(
        self, kind: str, epsg: int, tmp_path: Path
    ) -> None:
        frame = cells().to_crs(epsg)
        if kind == "geojson":
            file = tmp_path / "区.geojson"
            crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
            file.write_text(json.dumps({**json.loads(frame.to_json()), "crs": crs}))
        elif kind == "gpkg":
            file = tmp_path / "区.gpkg"
            frame.to_file(file)
        else:
            file = shapefile(tmp_path, frame)
            if kind == "zip":
                file = zipped(tmp_path, parts(file))
        found = read_boundaries(file)
        assert found["name"].tolist() == NAMES
        assert found["code"].tolist() == ["1", "2", "3", "4"]
        assert found.crs.to_epsg() == 4326
        assert found.attrs["file"] == file.name
        # Shapefiles may turn rings; projecting there and back keeps 1e-9 degrees, 0.1 mm.
        for one, other in zip(found.geometry, cells().geometry, strict=True):
            assert one.normalize().equals_exact(other.normalize(), 1e-9)

    def test_a_frame_is_read_like_a_file_and_stays_as_it_was(self) -> None:
        frame = cells().rename_geometry("边界").set_index("code")
        found = read_boundaries(frame)
        assert found.columns.tolist() == ["code", "name", "geometry"]
        assert frame.columns.tolist() == ["name", "边界"]

    def test_the_old_crs_member_and_a_lone_feature_are_read(self, tmp_path: Path) -> None:
        named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
        assert len(read_boundaries(geojson(tmp_path, good(), crs=named))) == 1
        lone = tmp_path / "一.json"
        lone.write_text(json.dumps(good()), encoding="utf-8")
        assert read_boundaries(lone)["name"].tolist() == ["甲"]

    def test_heights_are_dropped_with_a_note(self, tmp_path: Path) -> None:
        ring = [[x, y, 5.0] for x, y in cell(0, 0).exterior.coords]
        found = read_boundaries(geojson(tmp_path, feature([ring], name="甲")))
        assert not found.geometry.has_z.any()
        assert [f.code for f in found.attrs["findings"]] == ["N-BND-02"]
        solid = cells().set_geometry(shapely.force_3d(cells().geometry.to_numpy(), 3.0))
        solid = solid.set_crs(4326)
        file = tmp_path / "区.gpkg"
        solid.to_file(file)
        assert not read_boundaries(file).geometry.has_z.any()

    def test_an_open_ring_is_closed_and_said_so(self, tmp_path: Path) -> None:
        ring = [list(point) for point in cell(0, 0).exterior.coords][:-1]
        with pytest.warns(SitingWarning, match="未闭合"):
            found = read_boundaries(geojson(tmp_path, feature([ring])))
        assert found.geometry[0].equals(cell(0, 0))

    def test_nested_properties_are_kept_as_text(self, tmp_path: Path) -> None:
        one = good()
        one["properties"] |= {"center": [121.4, 31.2], "parent": {"adcode": 310000}}
        found = read_boundaries(geojson(tmp_path, one))
        assert found["center"][0] == "[121.4, 31.2]"

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
    def test_geojson_in_other_encodings_is_read(self, encoding: str, tmp_path: Path) -> None:
        file = geojson(tmp_path, good("嘉定区"))
        file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
        found = read_boundaries(file)
        assert found["name"].tolist() == ["嘉定区"]
        assert bool(found.attrs["findings"]) == (encoding != "utf-8-sig")

    def test_a_shapefile_in_gbk_without_its_cpg_is_read(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells(), encoding="GBK")
        file.with_suffix(".cpg").unlink(missing_ok=True)
        found = read_boundaries(file)
        assert found["name"].tolist() == NAMES
        assert any("gb18030" in f.reason for f in found.attrs["findings"])

    @pytest.mark.parametrize("name", ["GBK", "936", "cp936", "GB18030", "gb2312"])
    def test_a_cpg_is_understood_by_any_of_its_names(self, name: str, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells(), encoding="GBK")
        file.with_suffix(".cpg").write_text(name)
        found = read_boundaries(file)
        assert found["name"].tolist() == NAMES
        assert found.attrs["findings"] == []

    def test_a_cpg_that_lies_is_overruled_with_a_warning(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells(), encoding="GBK")
        file.with_suffix(".cpg").write_text("UTF-8")
        with pytest.warns(SitingWarning, match="UTF-8"):
            found = read_boundaries(file)
        assert found["name"].tolist() == NAMES

    def test_an_archive_may_hold_its_set_in_a_folder_with_companions(self, tmp_path: Path) -> None:
        members = parts(shapefile(tmp_path, cells()))
        inside = {f"边界/{name}": content for name, content in members.items()}
        inside |= {"__MACOSX/._x": b"", "边界/区界.shp.xml": b"<metadata/>"}
        assert len(read_boundaries(zipped(tmp_path, inside))) == 4


class TestDisguise:
    @pytest.mark.parametrize("content", [VRT, GDALG, b"", b"\x80\x04K\x01.", b"code,name\n1,x\n"])
    @pytest.mark.parametrize("ending", [".geojson", ".json", ".gpkg", ".shp", ".zip"])
    def test_another_thing_under_a_good_ending_is_refused(
        self, ending: str, content: bytes, tmp_path: Path
    ) -> None:
        file = tmp_path / f"parks{ending}"
        file.write_bytes(content)
        error = refused(file)
        assert "passwd" not in str(error)

    def test_a_disguised_shp_with_all_companions_is_refused(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells())
        for content in (VRT, GDALG):
            file.write_bytes(content.ljust(200))
            refused(file, ".shp")

    @pytest.mark.parametrize(
        "path",
        [
            "/vsicurl/http://127.0.0.1:9/x.geojson",
            "/vsizip//vsicurl/http://127.0.0.1:9/x.zip",
            "http://127.0.0.1:9/x.geojson",
            "https://127.0.0.1:9/x.zip",
            "WFS:http://127.0.0.1:9/x.gpkg",
            "PG:dbname=x.gpkg",
            '{"type":"FeatureCollection","features":[]}.geojson',
            "<OGRVRTDataSource/>.geojson",
        ],
    )
    def test_a_remote_or_virtual_path_is_refused(self, path: str) -> None:
        refused(path, "E-FILE-01")

    def test_a_missing_file_a_folder_and_another_ending_are_refused(self, tmp_path: Path) -> None:
        refused(tmp_path / "没有.geojson", "E-FILE-02")
        (tmp_path / "夹.gpkg").mkdir()
        refused(tmp_path / "夹.gpkg", "E-FILE-02")
        (tmp_path / "x.kml").write_text("<kml/>")
        refused(tmp_path / "x.kml", "E-FILE-03")

    @pytest.mark.parametrize("source", [None, 5, [1], gpd.pd.DataFrame({"a": [1]})])
    def test_what_is_no_file_and_no_frame_is_refused(self, source: Any) -> None:
        refused(source, "E-BND-01")

    def test_an_empty_frame_is_refused(self) -> None:
        refused(cells().iloc[:0], "没有任何要素")

    def test_a_frame_without_geometry_is_refused(self) -> None:
        refused(gpd.GeoDataFrame({"name": ["甲"]}), "GeoDataFrame")

    def test_an_unknown_frame_of_coordinates_is_refused(self) -> None:
        refused(cells(), "gcj02", frame="amap")


class TestGeojson:
    def test_other_kinds_of_json_are_named(self, tmp_path: Path) -> None:
        file = tmp_path / "区.json"
        file.write_text('{"type":"Topology","objects":{}}')
        refused(file, "TopoJSON")
        file.write_text('{"geometryType":"esriGeometryPolygon","features":[]}')
        refused(file, "FeatureCollection")
        file.write_text("[1, 2]")
        refused(file, "FeatureCollection")
        file.write_bytes(GDALG)
        refused(file, "GDAL 的指令文件")
        file.write_bytes(VRT)
        refused(file, "VRT")

    def test_a_file_cut_off_half_way_says_so(self, tmp_path: Path) -> None:
        file = geojson(tmp_path, *(good(name) for name in NAMES))
        text = file.read_text(encoding="utf-8")
        for end in range(len(text) // 2, len(text) // 2 + 60):
            file.write_text(text[:end], encoding="utf-8")
            refused(file, "文件不完整")

    @pytest.mark.parametrize("depth", [5_000, 200_000])
    def test_a_bomb_of_brackets_is_refused_within_a_second(
        self, depth: int, tmp_path: Path
    ) -> None:
        file = tmp_path / "深.geojson"
        file.write_text('{"type":"FeatureCollection","features":' + "[" * depth)
        start = time.perf_counter()
        refused(file)
        assert time.perf_counter() - start < 1

    @pytest.mark.parametrize(
        ("shape", "says"),
        [
            (feature([[[122.1, 30.6], [122.2, 30.6], [122.1, 30.6]]], name="甲"), "少于 4 个点"),
            (feature([[[122.1], [122.2], [122.3], [122.1]]], name="甲"), "成对的数字"),
            (feature([[["122", "30"]] * 4], name="甲"), "成对的数字"),
            (
                feature([[[122.1, 30.6], [122.2, None], [122.2, 30.7], [122.1, 30.6]]], name="甲"),
                "",
            ),
            (feature([[[122.1, 30.6], "x", [122.2, 30.7], [122.1, 30.6]]], name="甲"), "成对"),
            (feature([[1, 2, 3, 4]], name="甲"), "成对的数字"),
            (feature([], name="甲"), "没有图形"),
            (feature("x", name="甲"), "层次"),
            (feature([[122.1, 30.6], [122.2, 30.6]], "LineString", name="甲"), "LineString"),
            (feature([122.1, 30.6], "Point", name="甲"), "应为面"),
            ({"type": "Feature", "properties": {"name": "甲"}, "geometry": None}, "没有图形"),
            ({"type": "Feature", "properties": {"name": "甲"}, "geometry": {}}, "应为面"),
            ({"name": "甲"}, "不是 GeoJSON 要素"),
            ({"type": "Feature", "properties": [1], "geometry": None}, "键值对"),
        ],
    )
    def test_a_bad_feature_is_named_by_its_number(
        self, shape: dict[str, Any], says: str, tmp_path: Path
    ) -> None:
        error = refused(geojson(tmp_path, good(), shape, good(), shape), says, "第 2 个要素")
        assert [f.row for f in error.findings] == [2, 4]
        if isinstance(shape.get("properties"), dict):
            assert {f.value for f in error.findings} == {"甲"}

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400])
    def test_numbers_that_are_not_finite_are_refused(self, number: str, tmp_path: Path) -> None:
        file = geojson(tmp_path, good())
        text = file.read_text(encoding="utf-8").replace("30.62", number, 1)
        assert number in text
        file.write_text(text, encoding="utf-8")
        error = refused(file)
        if number[0].isdigit():  # the others are no JSON to begin with
            assert (error.findings[0].row, error.findings[0].value) == (1, "甲")

    def test_a_file_without_features_is_refused(self, tmp_path: Path) -> None:
        refused(geojson(tmp_path), "没有任何要素")

    def test_a_crs_member_that_is_null_or_a_link_is_refused(self, tmp_path: Path) -> None:
        refused(geojson(tmp_path, good(), crs=None), "缺少坐标系", "EPSG:4326")
        link = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}
        refused(geojson(tmp_path, good(), crs=link), "EPSG 代码")
        odd = {"type": "name", "properties": {"name": "EPSG:99999999"}}
        refused(geojson(tmp_path, good(), crs=odd), "EPSG:99999999")


class TestGeopackage:
    def test_a_database_that_is_no_geopackage_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "库.gpkg"
        with sqlite3.connect(file) as db:
            db.execute("CREATE TABLE t (a)")
        db.close()
        refused(file, "不是 GeoPackage")

    def test_several_layers_are_named(self, tmp_path: Path) -> None:
        file = tmp_path / "两层.gpkg"
        cells().to_file(file, layer="甲层")
        cells().to_file(file, layer="乙层", mode="a")
        refused(file, "2 个图层", "甲层", "乙层", "两层.gpkg|layername=乙层")

    def test_a_layer_is_named_as_qgis_names_it(self, tmp_path: Path) -> None:
        file = tmp_path / "两层.gpkg"
        cells().to_file(file, layer="甲层")
        cells().iloc[:2].to_file(file, layer="乙层", mode="a")
        assert len(read_boundaries(f"{file}|layername=乙层")) == 2
        assert len(read_boundaries(f"{file}|layername=甲层")) == 4
        with pytest.raises(InputError, match="没有这个图层"):
            read_boundaries(f"{file}|layername=丙层")

    def test_the_only_layer_of_polygons_is_taken_and_told(self, tmp_path: Path) -> None:
        file = tmp_path / "混合.gpkg"
        cells().to_file(file, layer="街镇")
        cells().set_geometry(cells().representative_point()).to_file(file, layer="企业", mode="a")
        with pytest.warns(SitingWarning, match="W-BND-17"):
            read = read_boundaries(file)
        assert read.geom_type.unique().tolist() == ["Polygon"]

    @pytest.mark.parametrize(
        ("statement", "says"),
        [
            ("CREATE VIEW v AS SELECT 1", "视图"),
            (
                "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN SELECT 1; END",
                "触发器",
            ),
        ],
    )
    def test_views_and_triggers_are_refused(
        self, statement: str, says: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "区.gpkg"
        cells().to_file(file, layer="区")
        with sqlite3.connect(file) as db:
            db.execute(statement)
        db.close()
        refused(file, says)

    def test_a_view_in_place_of_the_layer_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "区.gpkg"
        cells().to_file(file, layer="区", SPATIAL_INDEX="NO")
        with sqlite3.connect(file) as db:
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                db.execute(f'DROP TRIGGER "{name}"')
            db.execute('ALTER TABLE "区" RENAME TO "真"')
            db.execute('CREATE VIEW "区" AS SELECT * FROM "真"')
        db.close()
        refused(file, "视图")

    def test_unsaved_changes_beside_the_file_stop(self, tmp_path: Path) -> None:
        file = tmp_path / "区.gpkg"
        cells().to_file(file)
        (tmp_path / "区.gpkg-wal").write_bytes(b"x" * 100)
        refused(file, "QGIS")

    def test_a_damaged_database_and_a_damaged_geometry_are_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "区.gpkg"
        cells().to_file(file, layer="区")
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        refused(file)
        file.write_bytes(whole)
        with sqlite3.connect(file) as db:
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                db.execute(f'DROP TRIGGER "{name}"')
            db.execute("UPDATE \"区\" SET geom = x'4750' WHERE fid = 2")
        db.close()
        error = refused(file, "第 2 个要素")
        assert error.findings[0].row == 2

    def test_an_undefined_system_counts_as_none(self, tmp_path: Path) -> None:
        file = tmp_path / "区.gpkg"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cells().set_crs(None, allow_override=True).to_file(file)
        refused(file, "缺少坐标系")

    def test_reading_leaves_the_file_and_its_folder_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "区.gpkg"
        cells().to_file(file)
        before = file.read_bytes()
        read_boundaries(file)
        assert file.read_bytes() == before
        assert [one.name for one in tmp_path.iterdir()] == ["区.gpkg"]


class TestShapefile:
    @pytest.mark.parametrize("missing", [".dbf", ".shx"])
    @pytest.mark.parametrize("kind", ["shp", "zip"])
    def test_a_missing_part_is_named(self, missing: str, kind: str, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells())
        file.with_suffix(missing).unlink()
        refused(file if kind == "shp" else zipped(tmp_path, parts(file)), f"缺少 {missing}")

    def test_without_its_prj_the_range_and_the_fitting_systems_are_told(
        self, tmp_path: Path
    ) -> None:
        file = shapefile(tmp_path, cells().to_crs(4549))
        file.with_suffix(".prj").unlink()
        error = refused(file, "缺少坐标系", "EPSG:4549")
        # By hand: 2.1 to 2.14 degrees east of 120 E at 30.6 N, 95.8 km each, plus 500 km.
        assert "x 70" in error.findings[0].reason
        assert "EPSG:4528" not in error.findings[0].fix

    @pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
    @pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.95])
    def test_a_part_that_is_cut_off_is_refused(
        self, part: str, share: float, tmp_path: Path
    ) -> None:
        file = shapefile(tmp_path, cells())
        whole = file.with_suffix(part).read_bytes()
        file.with_suffix(part).write_bytes(whole[: int(len(whole) * share)])
        refused(file, part)

    def test_rows_and_shapes_of_different_number_are_refused(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells())
        table = bytearray(file.with_suffix(".dbf").read_bytes())
        table[4:8] = struct.pack("<I", 3)
        file.with_suffix(".dbf").write_bytes(table)
        refused(file, "图形 4 个，属性 3 行")

    def test_records_marked_as_deleted_are_not_lost_in_silence(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells())
        table = bytearray(file.with_suffix(".dbf").read_bytes())
        head, width = struct.unpack("<HH", table[8:12])
        table[head + width] = ord("*")  # the mark of deletion, on the second record
        file.with_suffix(".dbf").write_bytes(table)
        with pytest.warns(SitingWarning, match="1 条记录"):
            assert read_boundaries(file)["name"].tolist() == ["甲", "丙", "丁"]
        for i in range(4):
            table[head + i * width] = ord("*")
        file.with_suffix(".dbf").write_bytes(table)
        refused(file, "没有任何要素")

    def test_points_are_refused(self, tmp_path: Path) -> None:
        frame = cells()
        refused(shapefile(tmp_path, frame.set_geometry(frame.representative_point())), "应为面图层")

    def test_a_prj_that_means_nothing_is_refused(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells())
        file.with_suffix(".prj").write_text('GEOGCS["x",DATUM["y"')
        refused(file, ".prj")

    def test_text_in_no_known_encoding_is_refused(self, tmp_path: Path) -> None:
        file = shapefile(tmp_path, cells())
        table = file.with_suffix(".dbf").read_bytes()
        bad = table.replace("甲".encode(), b"\xff\xff\xff")
        assert bad != table
        file.with_suffix(".dbf").write_bytes(bad)
        refused(file, "编码")


class TestArchive:
    @pytest.fixture
    def members(self, tmp_path: Path) -> dict[str, bytes]:
        return parts(shapefile(tmp_path, cells()))

    @pytest.mark.parametrize(
        "name", ["x.vrt", "x.geojson", "x.zip", "x.gpkg", "x.py", "x", "x.shp.gz"]
    )
    def test_anything_beside_the_set_is_refused(
        self, name: str, members: dict[str, bytes], tmp_path: Path
    ) -> None:
        refused(zipped(tmp_path, {**members, name: VRT}), name)

    def test_a_vrt_alone_is_refused(self, tmp_path: Path) -> None:
        refused(zipped(tmp_path, {"parks.vrt": VRT}), "parks.vrt")
        refused(zipped(tmp_path, {"parks.shp": VRT}), ".shx")

    @pytest.mark.parametrize(
        "name", ["../x.shp", "/x.shp", "a/../../x.shp", "..\\x.shp", "C:/x.shp"]
    )
    def test_a_member_that_points_elsewhere_is_refused(
        self, name: str, members: dict[str, bytes], tmp_path: Path
    ) -> None:
        refused(zipped(tmp_path, {**members, name: b""}), "不安全")
        assert not (tmp_path.parent / "x.shp").exists()

    def test_two_sets_and_a_part_twice_are_refused(
        self, members: dict[str, bytes], tmp_path: Path
    ) -> None:
        second = {name.replace("区界", "别的"): content for name, content in members.items()}
        refused(zipped(tmp_path, {**members, **second}), "不止一套")
        file = tmp_path / "双.zip"
        with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
            warnings.simplefilter("ignore")  # zipfile itself warns of the double name
            for name, content in [*members.items(), *members.items()]:
                archive.writestr(name, content)
        refused(file, "不止一套")

    def test_a_symbolic_link_and_an_encrypted_member_are_refused(
        self, members: dict[str, bytes], tmp_path: Path
    ) -> None:
        file = tmp_path / "链.zip"
        link = zipfile.ZipInfo("区界.shp")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(link, "/etc/passwd")
        refused(file, "符号链接")
        raw = bytearray(zipped(tmp_path, members).read_bytes())
        at = raw.index(b"PK\x01\x02")
        raw[at + 8] |= 1  # the flag of encryption, in the central directory
        (tmp_path / "密.zip").write_bytes(raw)
        refused(tmp_path / "密.zip", "加密")

    def test_a_bomb_is_stopped_by_the_bytes_that_come_out(self, tmp_path: Path) -> None:
        bomb = zipped(tmp_path, {"x.shp": b"\0" * 60_000_000})
        assert bomb.stat().st_size < 100_000
        start = time.perf_counter()
        refused(bomb, "解压后过大")
        assert time.perf_counter() - start < 2

    def test_a_header_that_understates_the_size_does_not_help(self, tmp_path: Path) -> None:
        raw = bytearray(zipped(tmp_path, {"x.shp": b"\0" * 60_000_000}).read_bytes())
        at = raw.index(b"PK\x01\x02")
        raw[at + 24 : at + 28] = struct.pack("<I", 1000)
        (tmp_path / "谎.zip").write_bytes(raw)
        refused(tmp_path / "谎.zip")

    def test_many_members_overlapping_members_and_damage_are_refused(
        self, members: dict[str, bytes], tmp_path: Path
    ) -> None:
        many = {f"{i}.txt": b"" for i in range(200)}
        refused(zipped(tmp_path, many), "过多")
        whole = zipped(tmp_path, members).read_bytes()
        (tmp_path / "断.zip").write_bytes(whole[: len(whole) // 2])
        refused(tmp_path / "断.zip", "压缩包")
        spoiled = bytearray(whole)
        spoiled[60:120] = b"\xaa" * 60
        (tmp_path / "坏.zip").write_bytes(spoiled)
        refused(tmp_path / "坏.zip")

    def test_nothing_is_left_behind(
        self, members: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scratch = tmp_path / "临时"
        scratch.mkdir()
        monkeypatch.setattr("tempfile.tempdir", os.fspath(scratch))
        read_boundaries(zipped(tmp_path, members))
        refused(zipped(tmp_path, {"x.shp": VRT}, name="坏.zip"))
        assert list(scratch.iterdir()) == []


class TestWhereabouts:
    def test_a_frame_without_crs_is_refused_with_what_would_fit(self) -> None:
        bare = cells().set_crs(None, allow_override=True)
        error = refused(bare, "缺少坐标系", "EPSG:4326")
        assert "122.1" in error.findings[0].reason

    @pytest.mark.parametrize("epsg", [4549, 4528, 4550, 4529, 4509, 4498, 32651, 3857])
    def test_metres_without_crs_get_their_system_offered(self, epsg: int) -> None:
        bare = cells().to_crs(epsg).set_crs(None, allow_override=True)
        assert f"EPSG:{epsg}" in refused(bare, "缺少坐标系").findings[0].fix

    def test_metres_labelled_as_degrees_are_refused(self) -> None:
        wrong = cells().to_crs(4549).set_crs(4326, allow_override=True)
        refused(wrong, "坐标却是米", "EPSG:4549")

    def test_degrees_labelled_as_projected_are_refused(self) -> None:
        wrong = cells().set_crs(4549, allow_override=True)
        refused(wrong, "坐标却是经纬度", "EPSG:4326")

    def test_the_wrong_zone_is_refused_with_the_right_one(self) -> None:
        wrong = cells().to_crs(4528).set_crs(4549, allow_override=True)
        refused(wrong, "不在上海", "EPSG:4528")

    def test_a_local_grid_is_not_guessed(self) -> None:
        local = cells().to_crs(4549)
        local = local.set_geometry(local.translate(-700_000, -3_380_000))
        bare = local.set_crs(None, allow_override=True)
        assert "上海城市坐标系" in refused(bare, "缺少坐标系").findings[0].fix

    def test_swapped_axes_are_refused_with_the_proof(self, tmp_path: Path) -> None:
        swapped = cells().set_geometry(shapely.transform(cells().geometry, lambda c: c[:, ::-1]))
        refused(swapped, "交换后 4/4 个单元落入上海", "4 of 4 units fall in Shanghai")
        districts = read_places("district")
        turned = districts.set_geometry(shapely.transform(districts.geometry, lambda c: c[:, ::-1]))
        file = tmp_path / "反.geojson"
        file.write_text(turned[["name_zh", "geometry"]].to_json(), encoding="utf-8")
        refused(file, "16/16")

    def test_a_unit_outside_shanghai_is_named(self) -> None:
        error = refused(with_shape(2, shapely.box(116.3, 39.9, 116.4, 40.0)), "超出上海")
        assert [(f.row, f.value) for f in error.findings] == [(3, "丙")]
        antimeridian = shapely.Polygon([(179, 30), (-179, 30), (-179, 31), (179, 31)])
        assert refused(with_shape(0, antimeridian), "超出上海").findings[0].row == 1

    @pytest.mark.parametrize("epsg", [4610, 4214, 2385, 4555])
    def test_old_datums_are_refused(self, epsg: int) -> None:
        assert CRS.from_epsg(epsg)
        old = cells().set_crs(epsg, allow_override=True)
        refused(old, "E-BND-04")

    def test_declared_frames_are_converted_and_exact(self) -> None:
        true = cells()
        for frame in ("gcj02", "bd09"):
            moved = convert_geometry(true.geometry.to_numpy(), source="wgs84", target=frame)
            found = read_boundaries(true.set_geometry(moved).set_crs(4326), frame=frame)
            gap = shapely.get_coordinates(found.geometry) - shapely.get_coordinates(true.geometry)
            assert np.abs(gap).max() < 1e-10  # 1e-5 m; the inverse promises 1e-6 m
        assert read_boundaries(true, frame="cgcs2000").geometry.equals(true.geometry)


class TestShapes:
    def test_a_border_that_crosses_itself_is_named_with_the_place(self) -> None:
        bow = shapely.Polygon([(122.1, 30.6), (122.12, 30.62), (122.12, 30.6), (122.1, 30.62)])
        error = refused(with_shape(1, bow), "自相交", "Self-intersection")
        (finding,) = error.findings
        assert (finding.row, finding.value) == (2, "乙")
        # The diagonals of a square of 0.02 degrees cross in its middle.
        assert "122.11, 30.61" in finding.reason

    def test_empty_missing_and_wrong_geometry_are_all_named_at_once(self) -> None:
        frame = cells()
        shapes = [shapely.Polygon(), None, shapely.LineString([(122.1, 30.6), (122.2, 30.7)])]
        frame = frame.set_geometry(gpd.GeoSeries([*shapes, frame.geometry[3]], crs=4326))
        error = refused(frame, "没有图形", "应为面，实为 LineString")
        assert [(f.row, f.value) for f in error.findings] == [(1, "甲"), (2, "乙"), (3, "丙")]

    def test_coordinates_that_are_not_finite_are_refused(self) -> None:
        with np.errstate(invalid="ignore"):
            odd = shapely.Polygon([(122.1, 30.6), (122.2, float("nan")), (122.2, 30.7)])
        refused(with_shape(0, odd))

    def test_units_that_overlap_are_refused_by_name_and_area(self) -> None:
        # The second cell is widened by 5 % of a side over the first: 0.001 x 0.02 degrees,
        # 95.9 m by 2217 m at 30.61 N, 0.2125 km2.
        wide = shapely.box(LEFT + SIDE - 0.001, BOTTOM, LEFT + 2 * SIDE, BOTTOM + SIDE)
        error = refused(with_shape(1, wide), "甲", "乙", "0.212")
        assert [f.row for f in error.findings] == [1]

    def test_small_overlaps_and_gaps_are_told_with_their_area(self) -> None:
        # A strip of 1e-5 degrees: 0.05 % of the cell, below the limit of 0.5 %.
        strip = shapely.box(LEFT + SIDE - 1e-5, BOTTOM, LEFT + 2 * SIDE, BOTTOM + SIDE)
        with pytest.warns(SitingWarning, match="1 处细小重叠，共 0.0021"):
            read_boundaries(with_shape(1, strip))
        # A hole of 0.001 x 0.001 degrees in one cell, filled by nobody: 95.9 m x 110.9 m.
        hole = cell(0, 0).difference(shapely.box(122.105, 30.605, 122.106, 30.606))
        with pytest.warns(SitingWarning, match="1 处缝隙，共 0.0106"):
            read_boundaries(with_shape(0, hole))

    def test_a_code_that_occurs_twice_is_named_with_both_rows(self) -> None:
        frame = cells().assign(code=[310101, 310104, 310101.0, 310105])
        error = refused(frame, "310101")
        (finding,) = error.findings
        assert (finding.row, finding.value, finding.column) == (3, "丙", "code")
        assert "第 1 个单元“甲”" in finding.reason

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (310115, "310115"),
            (310115.0, "310115"),
            (np.int64(310115), "310115"),
            ("310115.0", "310115"),
            (" ３１０１１５", "310115"),
            ("156310115", "310115"),
            ("310115000000", "310115"),
            ("310114501000", "310114501"),
            (float("nan"), ""),
            (None, ""),
            ("", ""),
        ],
    )
    def test_codes_become_text_of_six_or_nine_digits(self, value: Any, text: str) -> None:
        assert code_text(value) == text


def mean_shift(frame: str, borders: np.ndarray) -> tuple[float, float]:
    """Mean shift of a frame over border points, east and north [m], by pyproj's geodesics."""
    lon, lat = borders.T
    to_lon, to_lat = convert(lon, lat, source="wgs84", target=frame)
    azimuth, _, distance = Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)
    east, north = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
    return float((distance * east).mean()), float((distance * north).mean())


class TestShift:
    @pytest.fixture
    def districts(self, reference: Path) -> gpd.GeoDataFrame:
        file = reference / "geodata" / "shanghai_districts_osm_wgs84.geojson"
        return gpd.read_file(file)[["name", "geometry"]]

    @pytest.fixture
    def mislabelled(self, districts: gpd.GeoDataFrame) -> Callable[[str], gpd.GeoDataFrame]:
        def move(frame: str) -> gpd.GeoDataFrame:
            moved = convert_geometry(districts.geometry.to_numpy(), source="wgs84", target=frame)
            return districts.set_geometry(gpd.GeoSeries(moved, crs=4326))

        return move

    @pytest.mark.parametrize("frame", ["gcj02", "bd09"])
    def test_a_shifted_frame_labelled_wgs84_is_measured_and_named(
        self,
        frame: str,
        districts: gpd.GeoDataFrame,
        mislabelled: Callable[[str], gpd.GeoDataFrame],
    ) -> None:
        wrong = mislabelled(frame)
        with pytest.warns(SitingWarning, match=f'frame="{frame}"') as warned:
            found = read_boundaries(wrong)
        assert len(warned) == 1
        assert [f.code for f in found.attrs["findings"]] == ["W-BND-01"]
        measured = outline.fit(wrong)
        assert measured is not None
        # One translation for a shift that varies over the city by up to 60 m, and outlines that
        # agree with each other to 5 m: 20 m.
        evenly = shapely.segmentize(districts.boundary.to_numpy(), 0.002)
        east, north = mean_shift(frame, shapely.get_coordinates(evenly))
        assert measured.east_m == pytest.approx(east, abs=20)
        assert measured.north_m == pytest.approx(north, abs=20)
        assert f"{measured.shift_m:.0f} 米" in found.attrs["findings"][0].reason
        assert measured.median_m > 150
        assert measured.left_m < 60

    def test_true_boundaries_raise_no_alarm(self, districts: gpd.GeoDataFrame) -> None:
        assert list(read_boundaries(districts).attrs["findings"]) == []
        measured = outline.fit(districts)
        assert measured is not None
        assert measured.median_m < 60
        assert measured.shift_m < 15

    def test_a_frame_declared_though_it_is_not_there_is_found_out(
        self, districts: gpd.GeoDataFrame
    ) -> None:
        with pytest.warns(SitingWarning, match='frame="wgs84"'):
            read_boundaries(districts, frame="gcj02")

    @pytest.mark.parametrize("name", ["jiading_units_2024_wgs84", "jiading_units_2026_wgs84"])
    def test_towns_are_measured_against_the_generalised_outlines(
        self, name: str, reference: Path
    ) -> None:
        towns = gpd.read_file(reference / "geodata" / f"{name}.geojson")[["name", "geometry"]]
        read_boundaries(towns)
        moved = convert_geometry(towns.geometry.to_numpy(), source="wgs84", target="gcj02")
        with pytest.warns(SitingWarning, match='frame="gcj02"'):
            read_boundaries(towns.set_geometry(gpd.GeoSeries(moved, crs=4326)))

    @pytest.mark.parametrize("district", ["崇明区", "静安区", "浦东新区"])
    def test_towns_without_bundled_outlines_are_measured_by_their_district(
        self, district: str, reference: Path
    ) -> None:
        towns = gpd.read_file(reference / "geodata" / "shanghai_towns229_mit_wgs84.geojson")
        own = towns[towns["district"] == district].reset_index(drop=True)
        assert outline.judge(own, declared="wgs84", file="x") == []
        moved = convert_geometry(own.geometry.to_numpy(), source="wgs84", target="gcj02")
        wrong = own.set_geometry(gpd.GeoSeries(moved, crs=4326))
        (finding,) = outline.judge(wrong, declared="wgs84", file="x")
        assert finding.fix_en == 'Read it again with frame="gcj02"'

    def test_a_shift_that_no_frame_explains_is_told_without_a_guess(
        self, districts: gpd.GeoDataFrame
    ) -> None:
        north = districts.set_geometry(
            gpd.GeoSeries([affinity.translate(s, 0, 0.004) for s in districts.geometry], crs=4326)
        )
        with pytest.warns(SitingWarning, match="W-BND-02") as warned:
            read_boundaries(north)
        # 0.004 degrees of latitude are 443 m; no frame moves anything straight north.
        assert "frame=" not in str(warned[0].message)
        measured = outline.fit(north)
        assert measured is not None
        assert measured.north_m == pytest.approx(443, abs=20)
        assert measured.east_m == pytest.approx(0, abs=20)

    def test_boundaries_like_nothing_bundled_are_not_judged(self) -> None:
        assert outline.fit(cells()) is None


def test_gdal_never_sees_anything_but_four_files_of_fixed_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []
    real = pyogrio.read_dataframe

    def spy(path: Path, **asked: Any) -> Any:
        seen.extend(sorted(Path(path).parent.iterdir()))
        return real(path, **asked)

    monkeypatch.setattr("siting.boundaries.shapefile.pyogrio.read_dataframe", spy)
    file = shapefile(tmp_path, cells())
    file.with_suffix(".qix").write_bytes(VRT)
    file.with_suffix(".vrt").write_bytes(VRT)
    read_boundaries(file)
    assert [one.name for one in seen] == [
        f"layer{ending}" for ending in (".cpg", ".dbf", ".shp", ".shx")
    ]
    seen.clear()
    read_boundaries(geojson(tmp_path, good()))
    cells().to_file(tmp_path / "区.gpkg")
    read_boundaries(tmp_path / "区.gpkg")
    assert seen == []


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "zip", ".shp", ".shx", ".dbf", ".prj", ".cpg"])
def test_any_damage_gives_boundaries_or_a_named_error(kind: str, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    members: dict[str, bytes] = {}
    file = tmp_path / f"区.{kind}"
    if kind == "geojson":
        file.write_text(cells().to_json(), encoding="utf-8")
    elif kind == "gpkg":
        cells().to_file(file)
    else:
        members = parts(shapefile(tmp_path, cells()))
        file = zipped(tmp_path, members)
    for _ in range(40):
        whole = members[f"区界{kind}"] if kind.startswith(".") else file.read_bytes()
        spoiled = bytearray(whole)
        for at in random.integers(len(whole), size=random.integers(1, 6)):
            spoiled[at] = random.integers(256)
        if random.random() < 0.2:
            spoiled = spoiled[: random.integers(len(spoiled))]
        damaged = tmp_path / f"损{file.suffix}"
        damaged.write_bytes(bytes(spoiled))
        if kind.startswith("."):
            damaged = zipped(tmp_path, {**members, f"区界{kind}": bytes(spoiled)}, "损.zip")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SitingWarning)
            try:
                found = read_boundaries(damaged)
            except InputError:
                continue
        assert found.geometry.is_valid.all()
        assert len(found) > 0
