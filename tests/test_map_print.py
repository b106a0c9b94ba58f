"""Every kind of map prints on one sheet of A4 across, with title, legend and sources, nothing on another."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pandas as pd
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from siting.export import save_html
from siting.layout import assign_zones
from siting.maps import compare_maps, layout_map, measure_map, plan_map, point_map
from siting.places import read_places
from siting.plan import read_plan
from siting.schema import Lang
from tests.browser import chromium, visit

DISTRICTS = read_places("district")
# What is on the sheet: each part's box, and whether anything in it is cut.
_PARTS = """
window.dispatchEvent(new Event("beforeprint"));
const box = (node) => {
  const { left, top, right, bottom } = node.getBoundingClientRect();
  return [left, top, right, bottom];
};
const all = (what) => [...document.querySelectorAll(what)].filter((node) => node.offsetWidth);
const found = {
  parts: ["header", ".map", "footer"].flatMap((what) => all(what).map(box)),
  words: all("aside h2, aside li, aside label, aside .notes").map(box),
  panel: all("aside").map(box),
};
window.dispatchEvent(new Event("afterprint"));
return found;
"""


def made(kind: str, lang: Lang) -> object:
    """Return a map of a kind; the plan's legend is the longest."""
    plan = read_plan("shanghai-2022")
    size = DISTRICTS["area_official_km2"]
    if kind == "plan":
        return plan_map(plan, DISTRICTS, lang=lang)
    if kind == "layout":
        scores = pd.DataFrame(1.0, index=DISTRICTS.index, columns=plan.clusters.index)
        zones = assign_zones(scores, 15)
        return layout_map(zones, DISTRICTS, clusters=plan.clusters, lang=lang)
    if kind == "points":
        at = DISTRICTS.geometry.representative_point()
        points = pd.DataFrame({"lon": at.x, "lat": at.y, "kind": DISTRICTS["name_zh"]})
        return point_map(points, DISTRICTS, title="点", by="kind", lang=lang)
    return measure_map(size, DISTRICTS, title="面积", lang=lang)


def sheets(window: Chrome) -> tuple[int, float, float]:
    """Return how many sheets the page prints on, and their width and height [points]."""
    printed = window.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    text = base64.b64decode(printed["data"]).decode("latin-1")
    width, height = re.search(r"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", text).groups()
    return len(re.findall(r"/Type /Page\b", text)), float(width), float(height)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_a_map_prints_on_one_sheet_and_nothing_lies_on_anything(
    lang: Lang, size: tuple[int, int], tmp_path: Path
) -> None:
    with chromium(*size) as window:
        for kind in ("plan", "layout", "points", "measure"):
            visit(window, save_html(made(kind, lang), tmp_path / f"{kind}.html"))
            count, width, height = sheets(window)
            assert (count, round(width), round(height)) == (1, 842, 595), kind  # A4 across
            found = window.execute_script(_PARTS)
            (header, land, footer), (panel,) = found["parts"], found["panel"]
            assert header[3] <= land[1] + 1
            assert land[3] <= footer[1] + 1
            assert land[2] <= panel[0] + 1
            # within the margins of 8 mm: 281 x 194 mm are 1062 x 733 pixels
            assert footer[3] <= 733
            assert panel[2] <= 1062
            # no word of the legend is cut or lies on the notes below
            assert all(word[3] <= panel[3] + 1 <= footer[1] + 2 for word in found["words"]), kind


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["side", "swipe", "switch"])
def test_compared_maps_print_on_one_sheet_with_both_legends(mode: str, tmp_path: Path) -> None:
    pair = {"规划": made("plan", "zh"), "面积": made("measure", "zh")}
    target = save_html(compare_maps(pair, title="对比", mode=mode), tmp_path / "both.html")
    with chromium() as window:
        visit(window, target)
        WebDriverWait(window, 30).until(
            lambda w: len(w.find_elements("css selector", "iframe")) == 2
        )
        time.sleep(1)  # the frames are told of the sheet when they are there
        count, width, height = sheets(window)
        assert (count, round(width), round(height)) == (1, 842, 595)
        for frame in window.find_elements("css selector", "iframe"):
            window.switch_to.frame(frame)
            found = window.execute_script(_PARTS)
            window.switch_to.default_content()
            words, footer = found["words"], found["parts"][-1]
            assert words
            assert all(word[3] <= footer[1] + 1 for word in words)
            assert footer[3] <= 631  # what of the sheet the title of the page leaves
