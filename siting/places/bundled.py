"""The places that come with siting: districts, Jiading's units in two vintages, codes and names."""

from __future__ import annotations

import json
from functools import cache

import geopandas as gpd
import pandas as pd
import shapely

from siting import geodata
from siting.places.gazetteer import Gazetteer

CITY, JIADING = "310000", "310114"
VINTAGES = (2023, 2026)
COLUMNS = (
    "name_zh",
    "name_en",
    "level",
    "parent_id",
    "area_official_km2",
    "population_2020",
    "label_lon",
    "label_lat",
)
DISTRICT_FILES = ("districts.geojson", "tables/districts.csv")


def unit_files(vintage: int) -> tuple[str, str]:
    """Return the registered files of Jiading's units: outlines, and the table."""
    return f"jiading_units_{vintage}.geojson", "tables/towns.csv"


@cache
def districts() -> pd.DataFrame:
    """Return the 16 districts without outlines: index ``place_id``, columns `COLUMNS`."""
    table = _table("tables/districts.csv")
    numbers = ("area_official_km2", "population_2020", "label_lon", "label_lat")
    table[list(numbers)] = table[list(numbers)].apply(pd.to_numeric)
    made = table.assign(level="district", parent_id=CITY).set_index("place_id").sort_index()
    return made[list(COLUMNS)].astype({"population_2020": "int64"})


@cache
def units(vintage: int) -> pd.DataFrame:
    """Return Jiading's units of `vintage` without outlines, and ``note``, what is doubtful."""
    table = _table("tables/towns.csv")
    table = table[table["vintage"] == str(vintage)]
    numbers = ["area_official_km2", "label_lon", "label_lat"]
    made = table.assign(**{one: pd.to_numeric(table[one]) for one in numbers}, level="town")
    columns = [one for one in COLUMNS if one != "population_2020"]
    return made.set_index("place_id").sort_index()[[*columns, "note"]]


@cache
def towns() -> pd.DataFrame:
    """Return all towns of Shanghai by code: the list of 2023 and what Jiading has had since."""
    listed = _table("gazetteer.csv").assign(level="town", name_en="").set_index("place_id")
    drawn = pd.concat([units(vintage) for vintage in VINTAGES])
    drawn = drawn[~drawn.index.duplicated()]
    drawn["kind"] = ""  # those of Jiading have outlines, whatever their kind
    columns = ["name_zh", "name_en", "level", "parent_id", "kind"]
    others = listed[~listed.index.isin(drawn.index)]
    return pd.concat([others[columns], drawn[columns]]).sort_index()


@cache
def gazetteer() -> Gazetteer:
    """Return the search over all districts and towns, with the dated aliases."""
    columns = ["name_zh", "name_en", "level", "parent_id"]
    return Gazetteer(pd.concat([districts()[columns], towns()[columns]]), aliases())


@cache
def aliases() -> pd.DataFrame:
    """Return the table of aliases, all text."""
    return _table("tables/aliases.csv")


@cache
def outlines(name: str) -> gpd.GeoSeries:
    """Return the outlines of a bundled GeoJSON file by ``place_id``, EPSG:4326."""
    features = json.loads(geodata.path(name).read_text("utf-8"))["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    ids = pd.Index([f["properties"]["place_id"] for f in features], name="place_id", dtype="str")
    return gpd.GeoSeries(shapes, index=ids, crs=4326, name="geometry")


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(geodata.path(name), dtype=str, keep_default_na=False)
