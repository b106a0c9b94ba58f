"""`points.assign` against `geopandas.sjoin` and SedonaDB; a firm table from file to workbook and map."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.concentration import gini, hhi, location_quotient
from siting.export import save_html, save_workbook
from siting.maps import measure_map
from siting.places import read_places
from siting.points import assign, read_points, tabulate
from tests.benchmarks.bench_briefing import spawn
from tests.benchmarks.measure import Row

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "geodata"
TIMES_SJOIN, TIMES_SEDONA, MOST_MB = 40, 5, 600
PIPELINE_S, PIPELINE_MB = 30, 1500

# Told by a process of its own: the most memory [MB] that an engine takes above what it was given.
_MEMORY = """
import sys
from pathlib import Path
from tests.benchmarks import bench_points as bench

def held(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith(what)) / 1e3

engine, level, n = sys.argv[1:]
places = bench.places_of(level)
lon, lat = bench.uniform(places, int(n))
question = bench.question(engine, lon, lat, places)
bench.ENGINES[engine](*bench.question(engine, lon[:1000], lat[:1000], places))  # what is loaded once
before = held("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
answer = bench.ENGINES[engine](*question)
print(held("VmHWM") - before)
"""


def places_of(level: str) -> gpd.GeoDataFrame:
    """Return full borders where the reference data are at hand, else the bundled ones."""
    file, code = {
        "districts": ("shanghai_districts_osm_wgs84.geojson", "adcode"),
        "towns": ("shanghai_towns229_mit_wgs84.geojson", "code"),
    }[level]
    if not (REFERENCE / file).is_file():
        return read_places(level.removesuffix("s"))[["geometry"]]
    read = gpd.read_file(REFERENCE / file)
    return read.set_index(read[code].rename("place_id"))[["geometry"]]


def uniform(places: gpd.GeoDataFrame, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points all over the box of the places."""
    west, south, east, north = places.total_bounds
    rng = np.random.default_rng(1)
    return rng.uniform(west, east, n), rng.uniform(south, north, n)


def clustered(places: gpd.GeoDataFrame, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points about 400 centres, one kilometre wide: firms in towns."""
    rng = np.random.default_rng(2)
    inside = places.sample_points(400 // len(places) + 1, rng=rng).explode()
    centre = rng.integers(0, len(inside), n)
    lon, lat = inside.x.to_numpy()[centre], inside.y.to_numpy()[centre]
    return lon + rng.normal(0, 0.01, n), lat + rng.normal(0, 0.01, n)


def ask_siting(lon: np.ndarray, lat: np.ndarray, places: gpd.GeoDataFrame) -> pd.Series:
    """Assign, preparation and texts of ids included."""
    return assign(lon, lat, places)


def ask_sjoin(points: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join points that are built already."""
    return gpd.sjoin(points, places, predicate="within", how="left")


def ask_sedona(context: Any) -> Any:
    """Join columns that are registered already; the answer is an Arrow table of row and id."""
    import pyarrow as pa  # only where it is installed

    return pa.table(
        context.sql(
            "SELECT p.row, q.place_id FROM points p JOIN places q "
            "ON ST_Intersects(ST_SetSRID(ST_Point(p.lon, p.lat), 4326), q.geometry)"
        )
    )


ENGINES = {"siting": ask_siting, "sjoin": ask_sjoin, "sedona": ask_sedona}


def question(
    engine: str, lon: np.ndarray, lat: np.ndarray, places: gpd.GeoDataFrame
) -> tuple[Any, ...]:
    """Return what an engine is given, built beforehand."""
    if engine == "siting":
        return lon, lat, places
    if engine == "sjoin":
        return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat, crs=4326)), places
    import pyarrow as pa
    import sedonadb

    context = sedonadb.connect()
    table = pa.table({"row": np.arange(lon.size), "lon": lon, "lat": lat})
    context.create_data_frame(table).to_view("points", overwrite=True)
    context.create_data_frame(places.reset_index()).to_view("places", overwrite=True)
    return (context,)


def codes(engine: str, answer: Any, ids: pd.Index, n: int) -> np.ndarray:
    """
    Return the answer of an engine as the position in `ids` for each point, -1 for none.

    Where the full borders overlap a peer names several places: then the lowest is taken.
    """
    if engine == "siting":
        return ids.get_indexer(answer)
    if engine == "sjoin":
        row, position = answer.index.to_numpy(), ids.get_indexer(answer["place_id"])
    else:
        names = answer["place_id"].combine_chunks().dictionary_encode()
        known = ids.get_indexer(pd.Index(names.dictionary.to_pylist()))
        row, position = answer["row"].to_numpy(), known[names.indices.to_numpy()]
    found = np.full(n, len(ids))
    np.minimum.at(found, row[position >= 0], position[position >= 0])
    return np.where(found == len(ids), -1, found)


def memory_mb(engine: str, level: str, n: int) -> float:
    """Return the most memory above what was given, or NaN where the system does not tell."""
    if not Path("/proc/self/clear_refs").exists():
        return float("nan")
    words = [sys.executable, "-c", _MEMORY, engine, level, str(n)]
    told = subprocess.run(words, check=True, capture_output=True, text=True)
    return float(told.stdout)


def against(peer: str, level: str, scatter: Any, n: int, *, rounds: int, times: int) -> Row:
    """Put one question to siting and to a peer by turns, and compare the answers point by point."""
    places = places_of(level)
    lon, lat = scatter(places, n)
    asked = {engine: question(engine, lon, lat, places) for engine in ("siting", peer)}
    took: dict[str, list[float]] = {"siting": [], peer: []}
    answers = {}
    for engine in ["siting", peer, "siting"] * rounds:
        start = time.perf_counter()
        answer = ENGINES[engine](*asked[engine])
        took[engine].append(time.perf_counter() - start)
        answers[engine] = codes(engine, answer, places.index.sort_values(), n)
    mine, theirs = statistics.median(took["siting"]), statistics.median(took[peer])
    same = np.array_equal(answers["siting"], answers[peer])
    what = f"assign, {n:.0e} {scatter.__name__} to {len(places)} {level}"
    target = f"x{times}, same" if same else "ANSWERS DIFFER"
    return Row(what, mine, "s", theirs, peer, target, same and theirs >= times * mine)


def write_firms(path: Path, n: int) -> None:
    """Write a table of firms that do not exist: name, coordinates, one of 20 sectors, jobs."""
    rng = np.random.default_rng(3)
    lon, lat = clustered(places_of("districts"), n)
    frame = pd.DataFrame(
        {
            "企业名称": [f"虚构企业{i:07}" for i in range(n)],
            "经度": lon.round(6),
            "纬度": lat.round(6),
            "行业": rng.choice([f"C{i}" for i in range(13, 33)], n),
            "从业人数": rng.lognormal(2.5, 1.2, n).astype(int) + 1,
        }
    )
    frame.to_csv(path, index=False)


def pipeline(folder: str) -> None:
    """Take ``firms.csv`` in the folder to a workbook and a map there; write down what took how long."""
    took: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        done = work()
        took[step] = time.perf_counter() - start
        return done

    home = Path(folder)
    points = timed("read", lambda: read_points(home / "firms.csv"))
    places = timed("places", lambda: read_places("district"))
    table = timed("tabulate", lambda: tabulate(points, places, by="行业"))
    quotient = timed("indices", lambda: location_quotient(table))
    indices = timed(
        "indices",
        lambda: pd.DataFrame({"HHI": hhi(table, over="places"), "Gini": table.apply(gini)}),
    )
    sheets = {"counts": table.reset_index(), "LQ": quotient.reset_index(), "indices": indices}
    timed("workbook", lambda: save_workbook(sheets, home / "tables.xlsx"))
    drawn = timed("map", lambda: measure_map(quotient["C13"], places, title="区位商 C13"))
    timed("map file", lambda: save_html(drawn, home / "map.html"))
    (home / "took.json").write_text(json.dumps(took))


def pipeline_rows(n: int = 10**6) -> list[Row]:
    """Measure the whole way of a table of firms in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        write_firms(Path(folder) / "firms.csv", n)
        words = f"from tests.benchmarks.bench_points import pipeline; pipeline({folder!r})"
        took, memory = spawn("-W", "ignore", "-c", words)
        steps = json.loads((Path(folder) / "took.json").read_text())
    nan = float("nan")
    what = f"{n:.0e} firms, CSV to workbook and map"
    found = [
        Row(what, took, "s", nan, "no peer", f"<= {PIPELINE_S} s", took <= PIPELINE_S),
        Row(f"{what}: memory", memory, "MB", nan, "no peer", f"<= {PIPELINE_MB} MB", memory <= PIPELINE_MB),
    ]  # fmt: skip
    found += [Row(f"    of which {step}", s, "s", nan, "a part", "", reached=True) for step, s in steps.items()]  # fmt: skip
    return found


def rows() -> list[Row]:
    """Measure ten million points, uniform and clustered, to districts and to towns."""
    found = pipeline_rows()
    sedona = importlib.util.find_spec("sedonadb") and importlib.util.find_spec("pyarrow")
    for level in ("districts", "towns"):
        for n, scatter in ((10**7, uniform), (10**7, clustered)):
            found.append(against("sjoin", level, scatter, n, rounds=1, times=TIMES_SJOIN))
            if sedona:
                found.append(against("sedona", level, scatter, n, rounds=3, times=TIMES_SEDONA))
        mine, theirs = (memory_mb(engine, level, 10**7) for engine in ("siting", "sjoin"))
        what = f"assign, 1e+07 to {level}, memory above points"
        found.append(Row(what, mine, "MB", theirs, "sjoin", f"<= {MOST_MB} MB", mine <= MOST_MB))
    if not sedona:
        nan = float("nan")
        found.append(
            Row("assign, against SedonaDB", nan, "s", nan, "absent", "not installed", reached=False)
        )
    return found
