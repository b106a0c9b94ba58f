"""The bundled data: registered, unchanged, where they should be, and adding up."""

import csv
import importlib.util
import subprocess
import sys
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting.crs import area_km2, convert_geometry, to_metric
from siting.errors import InputError
from siting.geodata import (
    COLUMNS,
    attribution,
    data_files,
    fingerprint,
    folder,
    path,
    register,
)
from tests.conftest import ROOT

ENTRIES = register().to_dict("records")
FILES = [entry["file"] for entry in ENTRIES]
CENTRAL = {"嘉定镇街道", "新成路街道", "真新街道"}
# Districts without coast: the outlines of Amap and of OpenStreetMap speak of the same line there.
INLAND = ["310101", "310104", "310105", "310106", "310107"]
INLAND += ["310109", "310112", "310114", "310117", "310118"]


def rows(name):
    with path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def layer(name):
    return gpd.read_file(path(name)).set_index("place_id").geometry


def total(name, column):
    return sum(Decimal(row[column]) for row in rows(name))


# --- the register ---------------------------------------------------------------------------------


def test_every_data_file_is_registered_and_every_entry_has_its_file():
    covered = [
        [one for one in FILES if name == one or name.startswith(f"{one}/")] for name in data_files()
    ]
    assert [len(entries) for entries in covered] == [1] * len(covered)
    assert {entries[0] for entries in covered} == set(FILES)


def test_entries_are_sorted_and_hold_all_columns():
    assert list(register().columns) == list(COLUMNS)
    assert sorted(FILES) == FILES


@pytest.mark.parametrize("entry", ENTRIES, ids=FILES)
def test_files_are_the_ones_that_were_registered(entry):
    now = fingerprint(path(entry["file"]))
    assert (now.sha256, now.bytes, now.rows) == (entry["sha256"], entry["bytes"], entry["rows"])


@pytest.mark.parametrize("entry", ENTRIES, ids=FILES)
def test_every_entry_says_whose_it_is_under_which_licence_and_since_when(entry):
    for column in set(COLUMNS) - {"crs", "bytes", "rows"}:
        assert entry[column].strip(), column
    assert entry["licence_url"].startswith("https://")
    assert pd.Timestamp(entry["accessed"]) >= pd.Timestamp("2026-01-01")
    if entry["published"] != "not stated":
        assert pd.Timestamp(entry["published"]) <= pd.Timestamp(entry["accessed"])


def test_what_derives_from_openstreetmap_is_under_odbl_and_names_it():
    for entry in ENTRIES:
        if entry["file"].endswith(".geojson") or entry["file"].startswith("jiading_"):
            assert entry["licence"] == "ODbL-1.0"
            assert "OpenStreetMap contributors" in entry["attribution_en"]
            assert "OpenStreetMap" in entry["attribution_zh"]


def test_the_readme_is_the_one_that_the_register_gives():
    script = folder() / "build_register.py"
    spec = importlib.util.spec_from_file_location("build_register", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (folder() / "register.toml").read_text(encoding="utf-8")
    assert module.filled(text) == text
    assert (folder() / "README.md").read_text(encoding="utf-8") == module.readme(text)


def test_text_files_have_unix_line_ends_and_no_byte_order_mark():
    for name in data_files():
        raw = path(name).read_bytes()
        assert b"\r" not in raw, name
        assert not raw.startswith(b"\xef\xbb\xbf"), name
        assert raw.endswith(b"\n"), name


def test_bundled_files_stay_small():
    assert path("districts.geojson").stat().st_size < 400_000
    assert sum(entry["bytes"] for entry in ENTRIES) < 1_000_000


@pytest.mark.parametrize(
    "name", ["nothing.csv", "register.toml", "../pyproject.toml", "plans/../README.md", "plans", ""]
)
def test_what_is_not_registered_has_no_path(name):
    with pytest.raises(InputError, match="E-GEO-01"):
        path(name)


def test_a_file_of_a_registered_folder_has_a_path():
    assert path("plans/shanghai-2022").is_dir()
    assert path("plans/shanghai-2022/clusters.csv").is_file()


def test_attribution_says_each_thing_once_in_the_order_of_the_files():
    units, districts = "jiading_units_2023.geojson", "districts.geojson"
    both = attribution([units, districts], "en").split("; ")
    assert len(set(both)) == len(both)
    assert set(attribution([districts], "en").split("; ")) < set(both)
    assert both[0].startswith("Town borders")
    assert "高德" in attribution([districts])
    assert attribution([]) == ""
    with pytest.raises(InputError):
        attribution(["nothing.csv"])
    with pytest.raises(InputError):
        attribution([districts], "fr")


def test_a_folder_changes_its_fingerprint_with_a_name_or_a_byte(tmp_path):
    (tmp_path / "a.csv").write_text('x,y\n1,"two\nlines"\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text("b", encoding="utf-8")
    first = fingerprint(tmp_path)
    assert (first.bytes, first.rows) == (19, 1)  # 4 + 14 + 1; one record of two lines
    (tmp_path / "b.txt").rename(tmp_path / "c.txt")
    second = fingerprint(tmp_path)
    (tmp_path / "c.txt").write_text("c", encoding="utf-8")
    assert len({first.sha256, second.sha256, fingerprint(tmp_path).sha256}) == 3


# --- boundaries -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["districts", "jiading_units_2023", "jiading_units_2026"])
def test_neighbours_share_their_borders_exactly(name):
    shapes = layer(f"{name}.geojson")
    assert shapes.is_valid.all()
    assert shapely.coverage_is_valid(shapes.to_numpy())
    assert list(shapes.index) == sorted(shapes.index)
    xy = shapely.get_coordinates(shapes.to_numpy())
    assert (np.round(xy, 6) == xy).all()


@pytest.mark.parametrize("vintage", ["2023", "2026"])
def test_units_tile_the_district_without_gap_or_overlap(vintage):
    units = layer(f"jiading_units_{vintage}.geojson")
    district = layer("districts.geojson")["310114"]
    whole = shapely.union_all(units.to_numpy())
    assert whole.symmetric_difference(district).area <= 1e-9 * district.area
    assert shapely.area(units.to_numpy()).sum() == pytest.approx(district.area, rel=1e-9)
    # the same outline, vertex by vertex, so that districts and units are one coverage
    joined = shapely.coverage_union_all(units.to_numpy())
    assert shapely.equals_identical(shapely.normalize(joined), shapely.normalize(district))


def test_districts_have_the_areas_that_their_land_has():
    # Expected within 0.1 percent: 6,997 km2 in all, 浦东 1,447, 崇明 1,536, 嘉定 462, measured by
    # another route from the same two sources (without the four islets, 0.5 km2).
    areas = area_km2(layer("districts.geojson"))
    assert areas.sum() == pytest.approx(6997, rel=1e-3)
    assert areas["310115"] == pytest.approx(1447, rel=1e-3)
    assert areas["310151"] == pytest.approx(1536, rel=1e-3)
    assert areas["310114"] == pytest.approx(462, rel=1e-3)


def test_gcj02_is_undone_in_the_district_outlines(reference):
    ours = layer("districts.geojson")[INLAND]
    raw = convert_geometry(ours, source="wgs84", target="gcj02").set_crs(4326)  # as Amap has it
    osm = gpd.read_file(reference / "geodata/shanghai_districts_osm_wgs84.geojson")
    osm = to_metric(osm.set_index("adcode").geometry[INLAND])
    ours, raw = to_metric(ours), to_metric(raw)
    for one in INLAND:
        apart = shapely.distance(
            shapely.points(shapely.get_coordinates(shapely.segmentize(ours[one].boundary, 50))),
            osm[one].boundary,
        )
        assert np.median(apart) < 30
        # The shift as a vector: how far the centroid of one outline is from that of the other.
        assert ours[one].centroid.distance(osm[one].centroid) < 60
        assert raw[one].centroid.distance(osm[one].centroid) == pytest.approx(475, abs=60)
    shift = ours.centroid.distance(osm.centroid)
    assert shift.median() < 30


@pytest.mark.parametrize(("vintage", "file"), [("2023", "2024"), ("2026", "2026")])
def test_units_agree_with_the_reference(reference, vintage, file):
    towns = {row["place_id"]: row for row in rows("tables/towns.csv") if row["vintage"] == vintage}
    ours = to_metric(layer(f"jiading_units_{vintage}.geojson"))
    ours.index = ours.index.map(lambda one: towns[one]["name_zh"])
    theirs = gpd.read_file(reference / f"geodata/jiading_units_{file}_wgs84.geojson")
    theirs = to_metric(theirs.set_index("name").geometry)
    assert set(ours.index) == set(theirs.index)
    for name, shape in ours.items():
        other = theirs[name]
        iou = shape.intersection(other).area / shape.union(other).area
        assert iou >= (0.95 if other.area > 30e6 else 0.90), name


@pytest.mark.parametrize("vintage", ["2023", "2026"])
def test_units_have_the_official_areas_within_three_percent_or_six(vintage):
    areas = area_km2(layer(f"jiading_units_{vintage}.geojson"))
    for row in rows("tables/towns.csv"):
        if row["vintage"] == vintage and row["area_official_km2"]:
            tolerance = 0.06 if row["name_zh"] in CENTRAL else 0.03
            official = float(row["area_official_km2"])
            assert areas[row["place_id"]] == pytest.approx(official, rel=tolerance), row["name_zh"]


def test_the_units_of_2026_are_those_of_2023_but_for_the_industrial_zone():
    old, new = layer("jiading_units_2023.geojson"), layer("jiading_units_2026.geojson")
    same = sorted(set(old.index) & set(new.index) - {"310114106"})
    assert len(same) == 9
    assert shapely.equals_identical(old[same].to_numpy(), new[same].to_numpy()).all()
    assert shapely.equals(old["310114401"], new["310114005"])  # 菊园新区, 菊园街道
    zone = shapely.union(new["310114990"], new["310114106"]).difference(old["310114106"])
    assert zone.symmetric_difference(old["310114501"]).area < 1e-12


@pytest.mark.parametrize(
    ("script", "made"),
    [("build_units.py", ["jiading_units_2023.geojson", "jiading_units_2026.geojson"])],
)
def test_building_again_gives_the_same_bytes(tmp_path, script, made):
    command = [sys.executable, str(folder() / script), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    for name in made:
        assert (tmp_path / name).read_bytes() == path(name).read_bytes()


# --- tables ---------------------------------------------------------------------------------------


def test_districts_add_up_to_the_published_totals():
    assert len(rows("tables/districts.csv")) == 16
    assert total("tables/districts.csv", "area_official_km2") == Decimal("6340.50")
    assert total("tables/districts.csv", "population_2020") == 24_870_895
    # The press conference on the census gave three sums: the seven central districts, 浦东, the rest.
    population = {r["place_id"]: int(r["population_2020"]) for r in rows("tables/districts.csv")}
    assert sum(n for key, n in population.items() if key < "310112") == 6_683_712
    assert population["310115"] == 5_681_512
    assert sum(n for key, n in population.items() if key >= "310112") == 5_681_512 + 12_505_671


def test_districts_of_the_table_are_those_of_the_layer():
    table = {row["place_id"]: row for row in rows("tables/districts.csv")}
    frame = gpd.read_file(path("districts.geojson"))
    for row in frame.itertuples():
        assert row.name_zh == table[row.place_id]["name_zh"]
        assert row.name_en == table[row.place_id]["name_en"]
    assert len(frame) == len(table)


def test_employment_adds_up_to_the_published_city_totals():
    # Totals of Shanghai Economic Census Yearbook 2023, tables A1-02 (total) and A1-09.
    published = {
        "total": 13_099_795,
        "I": 1_058_551,
        "J": 546_845,
        "K": 601_432,
        "L72": 1_904_322,
        "M": 872_189,
        "P": 478_200,
        "Q": 428_065,
        "R": 150_609,
        "S": 334_334,
    }
    sums = dict.fromkeys(published, 0)
    for row in rows("tables/employment_by_section_2023.csv"):
        sums[row["section"]] += int(row["employment"])
    assert sums == published
    assert len(rows("tables/employment_by_section_2023.csv")) == 16 * len(published)


def test_jiading_employment_is_the_district_less_what_was_not_allotted():
    # 873,958 in the census for the district; 9,871 are in no unit; shares sum to 99.9.
    district = [
        int(row["employment"])
        for row in rows("tables/employment_by_section_2023.csv")
        if (row["place_id"], row["section"]) == ("310114", "total")
    ]
    assert total("tables/jiading_employment_2023.csv", "employment") == 873_958 - 9_871
    assert district == [873_958]
    assert total("tables/jiading_employment_2023.csv", "share_published_percent") == Decimal("99.9")
    for row in rows("tables/jiading_employment_2023.csv"):
        count, share = int(row["employment"]), float(row["share_published_percent"])
        assert count / 864_087 * 100 == pytest.approx(share, abs=0.051)


def test_towns_have_one_row_per_unit_and_vintage():
    towns = rows("tables/towns.csv")
    for vintage in ("2023", "2026"):
        ids = [row["place_id"] for row in towns if row["vintage"] == vintage]
        assert ids == sorted(layer(f"jiading_units_{vintage}.geojson").index)
    old = [Decimal(r["area_official_km2"]) for r in towns if r["vintage"] == "2023"]
    assert sum(old) == Decimal("463.86")  # 464.20 is the district's own figure


def test_codes_that_nobody_confirmed_say_so():
    notes = {row["place_id"]: row["note"] for row in rows("tables/towns.csv")}
    assert "未经证实" in notes["310114005"]
    assert "本项目自编" in notes["310114990"]


def test_label_points_lie_well_inside_their_places():
    layers = {
        "": layer("districts.geojson"),
        "2023": layer("jiading_units_2023.geojson"),
        "2026": layer("jiading_units_2026.geojson"),
    }
    for row in rows("tables/districts.csv") + rows("tables/towns.csv"):
        shape = layers[row.get("vintage", "")][row["place_id"]]
        point = shapely.Point(float(row["label_lon"]), float(row["label_lat"]))
        assert shape.contains(point), row["name_zh"]
        assert shape.boundary.distance(point) > 0.003, row["name_zh"]  # [deg] some 300 m


def test_the_gazetteer_has_every_town_of_2023_once_in_a_known_district():
    towns = rows("gazetteer.csv")
    codes = [row["place_id"] for row in towns]
    assert codes == sorted(set(codes))
    districts = {row["place_id"] for row in rows("tables/districts.csv")}
    assert {row["parent_id"] for row in towns} == districts
    assert all(row["place_id"].startswith(row["parent_id"]) for row in towns)
    assert all(len(row["place_id"]) == 9 for row in towns)
    # The city counted 107 subdistricts, 106 towns and 2 townships at the end of 2022.
    kinds = pd.Series([row["kind"] for row in towns]).value_counts()
    assert kinds[["subdistrict", "town", "township"]].tolist() == [107, 106, 2]


def test_the_gazetteer_and_the_table_of_units_have_the_same_codes_for_jiading():
    listed = {r["place_id"]: r["name_zh"] for r in rows("gazetteer.csv")}
    units = [row for row in rows("tables/towns.csv") if row["vintage"] == "2023"]
    assert {r["place_id"]: r["name_zh"] for r in units} == {
        key: name for key, name in listed.items() if key.startswith("310114")
    }
