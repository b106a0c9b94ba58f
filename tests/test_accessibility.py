"""No serious barrier on any page, in the eyes of axe: index page, maps, comparisons, open and shut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from siting.export import save_html
from siting.maps import compare_maps, measure_map, point_map
from siting.places import read_places
from siting.schema import Lang
from tests.absent import absent
from tests.browser import chromium, resize, visit
from tests.made_briefings import made_briefing

pytestmark = pytest.mark.browser
BARRIERS = {"serious", "critical"}
MAPS = ["shanghai-2022", "jiading-2023", "census-quotient", "census-clusters", "alignment"]


@pytest.fixture(scope="module")
def axe() -> str:
    """Give the text of axe; SITING_AXE may name another axe.min.js than the one of the package."""
    if named := os.environ.get("SITING_AXE"):
        return Path(named).read_text("utf-8")
    package = find_spec("axe_core_python")
    if package is None or package.origin is None:
        absent("axe-core-python")
    return Path(package.origin).with_name("axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def window() -> Iterator[webdriver.Chrome]:
    with chromium() as opened:
        opened.set_script_timeout(180)  # axe reads each node of a long page; machines may be busy
        yield opened


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of the map pages that the briefing of the bundled plans does not have."""
    folder = tmp_path_factory.mktemp("drawn")
    places = read_places("district")
    draw = np.random.default_rng(0)
    firms = pd.DataFrame(
        {
            "lon": draw.normal(121.45, 0.1, 300),
            "lat": draw.normal(31.2, 0.1, 300),
            "行业": draw.choice(["甲", "乙"], 300),
        }
    )
    save_html(point_map(firms, places, title="企业", by="行业"), folder / "points.html")
    sizes = [
        measure_map(places["area_official_km2"], places, title="面积", classes=n) for n in (3, 5)
    ]
    for mode in ("side", "swipe", "switch"):
        both = compare_maps(dict(zip("甲乙", sizes, strict=True)), title="对比", mode=mode)
        save_html(both, folder / f"{mode}.html")
    return folder


def barriers(window: webdriver.Chrome, axe: str) -> list[str]:
    """Return what axe finds here and in the frames, each frame by itself: none sees into another."""
    # the page's own policy would stop a script tag; what a driver runs does not ask it
    window.execute_script(axe)
    found = window.execute_async_script(
        "const tell = arguments[0];"
        "axe.run(document, { iframes: false, resultTypes: ['violations'] })"
        ".then(tell, (e) => tell({ violations: [], error: String(e) }))"
    )
    assert "error" not in found, found["error"]
    assert found["passes"], "axe has looked at nothing"
    said = [
        f"{one['impact']} {one['id']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in BARRIERS
        for node in one["nodes"]
    ]
    for frame in window.find_elements("css selector", "iframe"):
        window.switch_to.frame(frame)
        said += barriers(window, axe)
        window.switch_to.parent_frame()
    return said


def test_axe_sees_a_barrier_where_there_is_one(
    window: webdriver.Chrome, axe: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<!DOCTYPE html><html lang='zh'><title>x</title><main><h1>x</h1>"
        "<img src='data:,'><p style='color:#aaa;background:#fff'>看不清的字</p></main>",
        "utf-8",
    )
    visit(window, bad)
    assert {line.split(":")[0] for line in barriers(window, axe)} == {
        "critical image-alt",
        "serious color-contrast",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_index_page_has_no_barrier_shut_or_open(
    window: webdriver.Chrome, axe: str, lang: Lang, width: int
) -> None:
    resize(window, width, 800)
    visit(window, made_briefing(lang) / "index.html")
    assert barriers(window, axe) == []
    window.execute_script(
        "document.querySelectorAll('details').forEach((one) => { one.open = true; });"
        "document.querySelector('.sort').click();"
        "document.querySelector('a.still[data-scene]').click()"
    )
    WebDriverWait(window, 20).until(lambda w: w.find_elements("css selector", "dialog iframe"))
    assert barriers(window, axe) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", MAPS)
def test_a_map_page_has_no_barrier_with_and_without_a_card(
    window: webdriver.Chrome, axe: str, name: str, lang: Lang
) -> None:
    for width in (1280, 390):
        resize(window, width, 800)
        visit(window, made_briefing(lang) / "maps" / f"{name}.html")
        assert barriers(window, axe) == []
        window.execute_script(
            "document.querySelector('path[role=button]')"
            ".dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))"
        )
        assert window.find_element("css selector", ".kept").is_displayed()
        assert barriers(window, axe) == []


@pytest.mark.parametrize("name", ["points", "side", "swipe", "switch"])
def test_points_and_comparisons_have_no_barrier(
    window: webdriver.Chrome, axe: str, drawn: Path, name: str
) -> None:
    for width in (1280, 390):
        resize(window, width, 800)
        visit(window, drawn / f"{name}.html")
        assert barriers(window, axe) == []
