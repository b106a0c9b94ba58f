"""Every file that leaves is whole, safe and the same each time."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from siting.errors import ExistingOutputError, InputError, OutputError
from siting.export import save_csv, save_layers, save_workbook

LAYER = gpd.GeoDataFrame(
    {"名称": ["甲", "乙"], "members": [("a", "b"), ("a",)]},
    index=pd.Index(["310101", "310104"], name="place_id"),
    geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
    crs="EPSG:4326",
)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_geopackage_has_all_layers_and_gives_the_same_bytes_later(tmp_path: Path) -> None:
    layers = {"地区": LAYER, "two": LAYER.to_crs(4490)}
    first = save_layers(layers, tmp_path / "a.gpkg")
    time.sleep(1.1)
    second = save_layers(layers, tmp_path / "b.gpkg")
    assert digest(first) == digest(second)
    assert [name for name, _ in pyogrio.list_layers(first)] == ["地区", "two"]
    back = gpd.read_file(first, layer="地区")
    assert back["place_id"].to_list() == ["310101", "310104"]
    assert back["members"].to_list() == ["a、b", "a"]
    assert back.geometry.geom_equals(LAYER.geometry.reset_index(drop=True)).all()


def test_the_clock_of_gdal_is_left_as_it_was(tmp_path: Path) -> None:
    save_layers({"a": LAYER}, tmp_path / "a.gpkg")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_a_layer_without_crs_is_refused_and_an_old_file_kept(tmp_path: Path) -> None:
    path = save_layers({"a": LAYER}, tmp_path / "a.gpkg")
    before = digest(path)
    with pytest.raises(InputError, match="E-LAYER-01"):
        save_layers({"b": LAYER.set_crs(None, allow_override=True)}, path)
    with pytest.raises(ExistingOutputError):
        save_layers({"b": LAYER}, path, overwrite=False)
    assert digest(path) == before


def test_an_unwritable_place_is_an_output_error_for_every_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(OutputError):
        save_layers({"a": LAYER}, tmp_path / "file" / "a.gpkg")
    with pytest.raises(OutputError):
        save_workbook({"a": frame}, tmp_path / "file" / "a.xlsx")
    with pytest.raises(OutputError):
        save_csv(frame, tmp_path / "file" / "a.csv")


def test_csv_opens_as_chinese_text_and_holds_no_formula(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"=名": ["=1+1", "-2", "@x", "甲"], "code": ["013", "1", "2", "3"], "n": [-1, 2, 3, 4]}
    )
    raw = save_csv(frame, tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\n")
    # Only texts are guarded; the number -1 stays a number, the code 013 keeps its zero.
    assert lines == ["'=名,code,n", "'=1+1,013,-1", "'-2,1,2", "'@x,2,3", "甲,3,4", ""]


def test_numbers_in_a_workbook_keep_their_format(tmp_path: Path) -> None:
    path = save_workbook(
        {"a": pd.DataFrame({"p": [0.25], "t": ["x"]})}, tmp_path / "a.xlsx", formats={"p": "0.0000"}
    )
    book = openpyxl.load_workbook(path)
    assert (book["a"]["A2"].value, book["a"]["A2"].number_format) == (0.25, "0.0000")
    book.close()


def test_a_name_that_promises_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(InputError, match="E-OUT-03"):
        save_workbook({"a": frame}, tmp_path / "a.csv")
    with pytest.raises(InputError, match="E-OUT-03"):
        save_csv(frame, tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="E-OUT-03"):
        save_layers({"a": LAYER}, tmp_path / "a.geojson")
    assert list(tmp_path.iterdir()) == []


def test_layers_that_a_geopackage_cannot_hold_are_the_input_s_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E-LAYER-02"):
        save_layers({}, tmp_path / "a.gpkg")
    with pytest.raises(InputError, match="E-LAYER-03"):
        save_layers({"a": LAYER.assign(fid=1)}, tmp_path / "a.gpkg")


def test_ids_that_are_numbers_can_be_members(tmp_path: Path) -> None:
    layer = LAYER.assign(members=[(1, 2), (1,)])
    back = gpd.read_file(save_layers({"a": layer}, tmp_path / "a.gpkg"))
    assert back["members"].to_list() == ["1、2", "1"]


def test_what_has_no_end_is_shown_and_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    path = save_workbook(
        {"a": pd.DataFrame({"x": [float("inf"), -float("inf"), 1.0]})}, tmp_path / "a.xlsx"
    )
    book = openpyxl.load_workbook(path)
    assert [row[0].value for row in book["a"].iter_rows(min_row=2)] == ["∞", "-∞", 1]
    book.close()
    frame = pd.DataFrame({"x": [1]})
    with pytest.raises(InputError, match="case apart"):
        save_workbook({"A": frame, "a": frame}, tmp_path / "b.xlsx")
