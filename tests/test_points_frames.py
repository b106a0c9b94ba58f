"""A frame that was not declared: told by the places that the rows name, and never on good data."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting import geodata
from siting.crs import convert
from siting.places import read_places
from siting.points import read_points
from siting.points.frames import PLACES, ROWS, frame_doubts
from siting.points.locating import Locator

SAMPLE = geodata.path("tables/synthetic_firms.csv")
TOWNS = read_places("town", within="310114")


def written(path: Path, lon: np.ndarray, lat: np.ndarray, names: list[str], heading: str) -> Path:
    frame = pd.DataFrame({heading: names, "经度": lon, "纬度": lat})
    file = path / "firms.csv"
    frame.to_csv(file, index=False)
    return file


def sample(path: Path, frame: str) -> Path:
    """The synthetic sample with its coordinates in another frame."""
    rows = pd.read_csv(SAMPLE)
    lon, lat = convert(rows["经度"], rows["纬度"], source="wgs84", target=frame)
    return written(path, lon.to_numpy(), lat.to_numpy(), rows["街镇"].tolist(), "街镇")


def strips(count: int) -> gpd.GeoDataFrame:
    """Strips 0.01 degrees wide, some 950 m, from west to east: a, b, c, ..."""
    west = 121.2 + 0.01 * np.arange(count)
    return gpd.GeoDataFrame(
        index=[chr(97 + i) for i in range(count)],
        geometry=[shapely.box(w, 31.2, w + 0.01, 31.4) for w in west],
        crs=4326,
    )


def on_strips(path: Path, counts: list[int]) -> Path:
    """
    So many firms in each strip, in its eastern half; given in GCJ-02.

    GCJ-02 lies about 0.0045 degrees east of WGS-84 here, so those 0.0035 from the eastern side are
    written in the next strip, 0.001 behind the border.
    """
    names = [chr(97 + i) for i, n in enumerate(counts) for _ in range(n)]
    lon = np.repeat(121.2 + 0.01 * np.arange(len(counts)) + 0.0065, counts)
    lat = np.linspace(31.25, 31.35, lon.size)  # no two firms in one spot
    lon, lat = convert(lon, lat, source="wgs84", target="gcj02")
    return written(path, lon, lat, names, "所属街镇")


def test_the_sample_as_it_is_gives_no_doubt() -> None:
    assert frame_doubts(read_points(SAMPLE), TOWNS) == []
    assert frame_doubts(read_points(SAMPLE), read_places("district")) == []


@pytest.mark.parametrize("true", ["gcj02", "bd09"])
def test_a_frame_that_was_not_declared_is_named_with_both_figures(true, tmp_path) -> None:
    points = read_points(sample(tmp_path, true))
    (found,) = [one for one in frame_doubts(points, TOWNS) if one.code == "W-PNT-15"]
    ids = dict(zip(TOWNS["name_zh"], TOWNS.index, strict=True))
    off = [
        not TOWNS.geometry[ids[name]].intersects(shapely.Point(x, y))
        for name, x, y in points.frame[["街镇", "lon", "lat"]].itertuples(index=False)
    ]
    # Each firm of the sample was drawn inside its town, so none is off in the true frame.
    assert found.value == f"wgs84 {sum(off)}, {true} 0 / 600"
    assert (found.code, found.severity, found.column) == ("W-PNT-15", "warning", "街镇")
    assert found.row == 2 + off.index(True)
    assert f'frame="{true}"' in found.fix
    assert f"{sum(off)} 行" in found.reason
    assert f"{sum(off)} of 600" in found.reason_en


@pytest.mark.parametrize("true", ["gcj02", "bd09", "cgcs2000"])
def test_a_frame_that_was_declared_gives_no_doubt(true, tmp_path) -> None:
    assert frame_doubts(read_points(sample(tmp_path, true), frame=true), TOWNS) == []


def test_a_wrong_declaration_is_doubted_the_other_way_too() -> None:
    (found,) = frame_doubts(read_points(SAMPLE, frame="gcj02"), TOWNS)
    assert 'frame="wgs84"' in found.fix


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_firms_registered_elsewhere_are_no_sign_of_another_frame(seed, share, tmp_path) -> None:
    random = np.random.default_rng(seed)
    rows = pd.read_csv(SAMPLE)
    names = rows["街镇"].to_numpy()
    names = np.where(random.random(len(names)) < share, random.permutation(names), names)
    file = written(tmp_path, rows["经度"], rows["纬度"], names, "街镇")
    assert frame_doubts(read_points(file), TOWNS) == []


def test_rows_over_real_borders_give_no_doubt_with_generalised_ones(reference, tmp_path) -> None:
    real = gpd.read_file(reference / "geodata" / "shanghai_districts_osm_wgs84.geojson")
    places = real.set_index("adcode")[["geometry"]]
    west, south, east, north = 120.9, 30.7, 122.0, 31.8
    random = np.random.default_rng(0)
    lon, lat = random.uniform(west, east, 6000), random.uniform(south, north, 6000)
    locator = Locator.of(places)
    rank = locator.ranks(lon, lat)[0]
    lon, lat, ids = lon[rank >= 0], lat[rank >= 0], locator.ids[rank[rank >= 0]]
    bundled = read_places("district")
    good = read_points(written(tmp_path, lon, lat, list(ids), "所在区"))
    assert frame_doubts(good, bundled) == []
    moved = convert(lon, lat, source="wgs84", target="gcj02")
    (found,) = frame_doubts(read_points(written(tmp_path, *moved, list(ids), "所在区")), bundled)
    assert 'frame="gcj02"' in found.fix


def test_rows_are_told_only_where_they_are_enough_and_of_enough_places(tmp_path) -> None:
    assert (ROWS, PLACES) == (10, 3)
    for counts, told in (
        ([4, 3, 3, 0], True),  # 10 rows of 3 places come home
        ([3, 3, 3, 0], False),  # 9 rows
        ([5, 5, 0, 0], False),  # 2 places
        ([100, 0, 0, 0], False),  # one crowd at one border
    ):
        points = read_points(on_strips(tmp_path, counts))
        assert bool(frame_doubts(points, strips(4))) is told, counts


def test_names_that_no_place_has_say_nothing(tmp_path) -> None:
    points = read_points(sample(tmp_path, "gcj02"))
    assert frame_doubts(points, read_places("district")) == []
    assert frame_doubts(points, TOWNS.drop(columns=["name_zh", "name_en"])) == []
    assert frame_doubts(points, Locator.of(TOWNS)) == []


def test_a_name_that_two_places_share_says_nothing(tmp_path) -> None:
    points = read_points(on_strips(tmp_path, [4, 3, 3, 0]))
    places = strips(4).set_index(pd.Index(["w", "x", "y", "z"]))
    assert len(frame_doubts(points, places.assign(name_zh=["a", "b", "c", "d"]))) == 1
    # The rows named a say nothing now, and 6 are too few.
    assert frame_doubts(points, places.assign(name_zh=["a", "b", "c", "a"])) == []


def test_a_table_without_a_column_of_places_cannot_tell(tmp_path) -> None:
    file = sample(tmp_path, "gcj02")
    assert frame_doubts(read_points(file, columns={"place": None}), TOWNS) == []


def test_no_rows_give_no_doubt(tmp_path) -> None:
    points = read_points(written(tmp_path, [121.3], [31.3], [""], "街镇"))
    assert frame_doubts(points, TOWNS) == []


def test_ids_and_english_names_name_a_place_too(tmp_path) -> None:
    rows = pd.read_csv(SAMPLE)
    lon, lat = convert(rows["经度"], rows["纬度"], source="wgs84", target="gcj02")
    for column in ("name_en", "place_id"):
        name = dict(zip(TOWNS["name_zh"], TOWNS.reset_index()[column], strict=True))
        file = written(tmp_path, lon, lat, [name[one] for one in rows["街镇"]], "街镇")
        assert len(frame_doubts(read_points(file), TOWNS)) == 1
