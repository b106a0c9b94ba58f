"""One file: a plan map until it stands in a browser, and points by the thousand under the hand."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
import warnings
from math import nan
from pathlib import Path

import folium
import numpy as np
import pandas as pd

from siting import export, maps
from siting.study import Study, study_plan
from tests.benchmarks.measure import Row
from tests.browser import chromium, complaints, requests, visit

# Runs in the page before anything else: notes when all polygons are there and a frame has passed.
_WATCH = """
window.__drawn = null;
const look = () => document.querySelectorAll("path.leaflet-interactive").length >= %d
  ? requestAnimationFrame(() => { window.__drawn = performance.now(); })
  : requestAnimationFrame(look);
requestAnimationFrame(look);
"""


def drawn_s(page: Path, polygons: int, runs: int = 5) -> tuple[float, list[str]]:
    """Return the median time [s] from opening to drawn, and all requests and complaints."""
    times, bad = [], []
    for _ in range(runs):
        with chromium() as window:
            script = {"source": _WATCH % polygons}
            window.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
            window.set_script_timeout(30)
            visit(window, page)
            wait = "const end = arguments[0]; const t = () => window.__drawn ? end(window.__drawn) : setTimeout(t, 20); t();"
            times.append(window.execute_async_script(wait) / 1000)
            bad += requests(window) + complaints(window)
    return statistics.median(times), bad


# Notes how long each frame takes [ms].
_FRAMES = """
window.__frames = [];
let last = performance.now();
const note = () => {
  const now = performance.now();
  window.__frames.push(now - last);
  last = now;
  requestAnimationFrame(note);
};
note();
"""


def dragged_ms(page: Path) -> float:
    """Return the time [ms] that 95 of 100 frames keep within while a hand drags the map."""
    with chromium() as window:
        visit(window, page)
        time.sleep(2)  # all is drawn

        def hand(kind: str, step: int) -> None:
            at = {"x": 400 + 3 * step, "y": 300 + step % 30, "button": "left", "buttons": 1}
            window.execute_cdp_cmd(
                "Input.dispatchMouseEvent", {"type": kind, "clickCount": 1, **at}
            )

        hand("mousePressed", 0)
        window.execute_script(_FRAMES)
        for step in range(100):
            hand("mouseMoved", step)
            time.sleep(0.012)
        frames = window.execute_script("return window.__frames")
        hand("mouseReleased", 100)
    return float(np.quantile(frames, 0.95))


def firms(count: int) -> pd.DataFrame:
    """Return made-up firms around the centre of Shanghai."""
    draw = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "lon": draw.normal(121.45, 0.15, count),
            "lat": draw.normal(31.2, 0.12, count),
            "name": [f"企业{i}" for i in range(count)],
        }
    )


def point_rows(folder: Path, *, browser: bool) -> list[Row]:
    """Measure 1e4 points under the hand and 1e5 points as a file; the peer is folium on a canvas."""
    study = study_plan("shanghai-2022")
    made = {}
    for count in (10_000, 100_000):
        drawn = maps.point_map(firms(count), study.places, title="企业", name="name")
        made[count] = export.save_html(drawn, folder / f"{count}.html")
    size = made[100_000].stat().st_size / 1000
    found = [
        Row("1e5 points: map, one file", size, "kB", nan, "no peer", "<= 10 MB", size <= 10_000)
    ]
    if browser:
        canvas = folium.Map([31.2, 121.45], zoom_start=9, prefer_canvas=True)
        for one in firms(10_000).itertuples():
            folium.CircleMarker([one.lat, one.lon], radius=2, tooltip=one.name).add_to(canvas)
        with warnings.catch_warnings():  # its tiles are left out
            warnings.simplefilter("ignore")
            peer = dragged_ms(export.save_html(canvas, folder / "canvas.html"))
        mine = dragged_ms(made[10_000])
        what, target = "1e4 points dragged: 95 of 100 frames within", "<= 33 ms"
        found.append(Row(what, mine, "ms", peer, "folium on a canvas", target, mine <= 33))
    return found


def plain(study: Study) -> folium.Map:
    """Return the map that folium alone makes of the same places: outlines in full, one colour."""
    drawn = folium.Map()
    folium.GeoJson(study.places[["name_zh", "geometry"]]).add_to(drawn)
    return drawn


def rows() -> list[Row]:
    """Measure the maps of both plans; the peer is a plain folium map of the same places."""
    found = []
    browser = shutil.which("chromium") and shutil.which("chromedriver")
    if not browser:
        print("no chromium: the time to polygons is not measured")
    for source in ("shanghai-2022", "jiading-2023"):
        study = study_plan(source)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mine = export.save_html(maps.plan_map(study.plan, study.places), folder / "m.html")
            plain(study).save(folder / "peer.html")
            size, other = (p.stat().st_size / 1000 for p in (mine, folder / "peer.html"))
            what, peer = f"{source}: map, one file", "folium, outlines only, libraries linked"
            found.append(Row(what, size, "kB", other, peer, "<= 400 kB", size <= 400))
            if browser:
                took, bad = drawn_s(mine, len(study.places))
                offline = export.save_html(plain(study), folder / "offline.html")
                theirs, _ = drawn_s(offline, len(study.places))
                what, peer = f"{source}: opened to drawn, no network", "outlines only, same page"
                target = f"{len(bad)} COMPLAINTS" if bad else "<= 1 s, quiet"
                found.append(Row(what, took, "s", theirs, peer, target, not bad and took <= 1))
    with tempfile.TemporaryDirectory() as name:
        found += point_rows(Path(name), browser=bool(browser))
    return found
