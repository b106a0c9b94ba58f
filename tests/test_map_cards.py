"""What a reader sees of a map: the card of a place, what the search finds, a map on a small screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from siting.escape import safe_json
from siting.export import save_html
from siting.maps import compare_maps, dots, measure_map, plan_map, point_map
from siting.places import read_places
from siting.plan import read_plan
from siting.schema import Lang
from tests.browser import chromium, complaints, requests, resize, visit

DISTRICTS = read_places("district")
# left, top, right, bottom of an element [pixels]
_BOX = """
const found = document.querySelector(arguments[0]).getBoundingClientRect();
return [found.left, found.top, found.right, found.bottom];
"""


def city_map(folder: Path, lang: Lang = "zh") -> Path:
    drawn = plan_map(read_plan("shanghai-2022"), DISTRICTS, lang=lang)
    return save_html(drawn, folder / f"{lang}.html")


def box(window: Chrome, what: str) -> list[float]:
    return list(window.execute_script(_BOX, what))


def place(window: Chrome, name: str) -> object:
    return window.find_element("css selector", f".map path[aria-label^='{name}']")


def press(window: Chrome, name: str) -> None:
    """Click a place with the mouse, where its name stands."""
    ActionChains(window).move_to_element(place(window, name)).click().perform()


def card(window: Chrome) -> str:
    """Return what the card says, nothing while it is shut."""
    shown = window.find_element("css selector", ".kept")
    return str(shown.text) if shown.is_displayed() else ""


def search(window: Chrome, text: str) -> str:
    """Type a text and press Enter; return what the card says then."""
    line = window.find_element("css selector", ".search input")
    line.clear()
    line.send_keys(text + Keys.ENTER)
    return card(window)


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (640, 400)])
def test_the_card_of_a_clicked_place_is_in_view_and_does_not_hide_the_place(
    size: tuple[int, int], tmp_path: Path
) -> None:
    with chromium(*size) as window:
        visit(window, city_map(tmp_path))
        assert card(window) == ""
        # wherever the legend was scrolled to
        window.execute_script("document.querySelector('aside').scrollTop = 9999")
        press(window, "松江区")
        assert card(window).startswith("×\n松江区\n列入 1 个集群")
        left, top, right, bottom = box(window, ".kept")
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
        head = box(window, ".kept .card b")
        assert head[1] >= 0
        assert head[3] <= size[1]
        # the middle of the place is beside the card
        x0, y0, x1, y1 = box(window, ".map path[aria-label^='松江区']")
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        assert not (left < x < right and top < y < bottom)
        assert requests(window) == []
        assert complaints(window) == []


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 800), (640, 800)])
def test_in_compared_maps_a_card_is_in_view_in_its_own_panel(
    size: tuple[int, int], tmp_path: Path
) -> None:
    area = measure_map(DISTRICTS["area_official_km2"], DISTRICTS, title="面积")
    both = compare_maps({"甲": area, "乙": area}, title="对比", mode="swipe")
    with chromium(*size) as window:
        visit(window, save_html(both, tmp_path / "both.html"))
        for frame in window.find_elements("css selector", "iframe"):
            window.switch_to.frame(frame)
            WebDriverWait(window, 30).until(
                lambda w: w.find_elements("css selector", ".panel .kept"), "no panel"
            )
            place(window, "松江区").send_keys(Keys.ENTER)
            assert "松江区" in card(window)
            over, panel = box(window, ".kept .card b"), box(window, ".panel")
            assert panel[0] <= over[0] < over[2] <= panel[2]
            assert panel[1] <= over[1] < over[3] <= panel[3]
            window.switch_to.default_content()
        assert complaints(window) == []


@pytest.mark.browser
def test_a_card_is_shut_by_escape_or_its_button_and_the_focus_goes_back_to_its_place(
    tmp_path: Path,
) -> None:
    with chromium() as window:
        visit(window, city_map(tmp_path))
        active = "return document.activeElement.getAttribute('aria-label') || ''"
        where = place(window, "青浦区")
        window.execute_script("arguments[0].focus()", where)
        where.send_keys(Keys.ENTER)
        assert "青浦区" in card(window)
        assert window.execute_script(active) == "选中的地区"
        ActionChains(window).send_keys(Keys.ESCAPE).perform()
        assert card(window) == ""
        assert window.execute_script(active).startswith("青浦区")
        press(window, "松江区")
        assert "松江区" in card(window)
        window.find_element("css selector", ".kept button").click()
        assert card(window) == ""
        assert window.execute_script(active).startswith("松江区")
        # a zone opens by key too, and another card takes the place of the first
        zone = window.find_element("css selector", ".zone[aria-label='临港']")
        window.execute_script("arguments[0].focus()", zone)
        zone.send_keys(Keys.ENTER)
        assert "示意点位，非法定范围" in card(window)
        assert complaints(window) == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_search_knows_places_and_zones_in_both_languages_and_by_code(
    lang: Lang, tmp_path: Path
) -> None:
    called = {"紫竹": "Zizhu", "临港": "Lin-gang", "张江": "Zhangjiang", "嘉定区": "Jiading"}
    with chromium() as window:
        visit(window, city_map(tmp_path, lang))
        for zh, en in called.items():
            for wanted in (zh, en, en.upper().replace("-", "")):
                assert (zh if lang == "zh" else en) in search(window, wanted).split("\n"), wanted
        assert ("嘉定区" if lang == "zh" else "Jiading") in search(window, "310114")
        assert ("静安区" if lang == "zh" else "Jing'an") in search(window, "jingan")
        # what is found is on the map: its zone too, where the layer of zones was switched off
        window.find_elements("css selector", ".leaflet-control-layers-selector")[-1].click()
        assert window.find_elements("css selector", ".map > .leaflet-map-pane .zone") == []
        search(window, "紫竹")
        assert len(window.find_elements("css selector", ".map > .leaflet-map-pane .zone")) == 3
        search(window, "不存在")
        said = window.find_element("css selector", ".search output").text
        assert said == {"zh": "没有找到", "en": "not found"}[lang]
        assert complaints(window) == []


def firms(count: int) -> pd.DataFrame:
    draw = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "lon": draw.normal(121.45, 0.05, count),
            "lat": draw.normal(31.2, 0.05, count),
            "firm": [f"上海第{i}未来产业有限公司" for i in range(count)],
        }
    )


@pytest.mark.browser
def test_of_a_hundred_thousand_firms_each_is_found_by_its_name_within_the_limit_of_a_page(
    tmp_path: Path,
) -> None:
    drawn = point_map(firms(100_000), DISTRICTS, title="企业", name="firm")
    target = save_html(drawn, tmp_path / "map.html")
    assert target.stat().st_size < 10_000_000
    with chromium() as window:
        visit(window, target)
        line = window.find_element("css selector", ".search input")
        assert line.get_attribute("placeholder") == "查找地区或点的名称"
        line.send_keys("第77777未来" + Keys.ENTER)
        told = window.find_element("css selector", ".leaflet-tooltip b").text
        assert told == "上海第77777未来产业有限公司"
        assert complaints(window) == []


def test_names_that_would_make_the_page_too_large_are_left_out_and_the_search_says_so() -> None:
    few = firms(3).assign(firm="甲" * (dots.ROOM // 9))  # three bytes each, three rows: too large
    assert len(safe_json(list(few["firm"])).encode()) >= dots.ROOM
    scene = point_map(few, DISTRICTS, title="企业", name="firm").scene
    assert scene["dots"]["names"] == []
    assert scene["words"]["search"] == "查找地区（点太多，不含点名）"


@pytest.mark.browser
def test_the_legend_of_the_grid_gives_numbers_per_cell_that_hold_every_cell(tmp_path: Path) -> None:
    # 20,000 points on one spot, 30 on another, 1 on a third
    spots = [(121.4, 31.2)] * 20_000 + [(121.6, 31.1)] * 30 + [(121.2, 31.4)]
    points = pd.DataFrame(spots, columns=["lon", "lat"])
    target = save_html(point_map(points, DISTRICTS, title="企业"), tmp_path / "map.html")
    with chromium() as window:
        visit(window, target)
        lines = window.find_elements("css selector", ".grid .legend li")
        # 1, 2, 5, ... 20,000 are 14 numbers: every third from the greatest ends a class
        assert [line.text for line in lines] == [
            "2,001 – 20,000", "201 – 2,000", "21 – 200", "3 – 20", "1 – 2",
        ]  # fmt: skip
        assert "见方" in window.find_element("css selector", ".grid .rule").text
        # a smaller part of the ground has few enough points for dots, and no legend of a grid
        assert search(window, "金山") != ""
        assert not window.find_element("css selector", ".grid").is_displayed()
        assert requests(window) == []
        assert complaints(window) == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_at_200_percent_the_map_has_most_of_the_window_and_all_words_are_in_reach(
    lang: Lang, tmp_path: Path
) -> None:
    with chromium(640, 400) as window:
        visit(window, city_map(tmp_path, lang))
        _, top, _, bottom = box(window, ".map")
        assert bottom - top >= 0.6 * 400
        assert box(window, ".review")[3] <= 400  # the number of the review stays in view
        window.find_element("css selector", "summary").click()
        assert window.find_element("css selector", ".fold .notes").is_displayed()
        assert window.execute_script("return document.documentElement.scrollWidth") <= 640
        resize(window, 1280, 800)
        WebDriverWait(window, 20).until(
            lambda w: w.find_elements("css selector", "footer .notes"), "the notes stay away"
        )


@pytest.mark.browser
def test_numbers_on_the_darkest_class_are_dark_and_ringed_with_white(tmp_path: Path) -> None:
    drawn = measure_map(DISTRICTS["area_official_km2"], DISTRICTS, title="面积")
    with chromium() as window:
        visit(window, save_html(drawn, tmp_path / "map.html"))
        style = window.execute_script(
            "const s = getComputedStyle(document.querySelector('.name .signs'));"
            "return [s.color, s.textShadow, Number(s.fontWeight)]"
        )
        assert style[0] == "rgb(17, 26, 34)"  # 4.9 on the darkest class, 17 on the white ring
        assert style[1].count("rgb(255, 255, 255)") == 9  # eight sides and a soft edge
        assert style[2] >= 600
