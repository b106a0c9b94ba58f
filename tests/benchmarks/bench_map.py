"""One plan map: its size as one file, and the time until its polygons stand in a browser."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

import folium

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
    return found
