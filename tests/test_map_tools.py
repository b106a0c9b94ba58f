"""What a reader does with a map: finds, points, compares, puts it on a background, sees every firm."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from siting.colours import cluster_colours
from siting.crs import convert
from siting.errors import InputError, SitingWarning
from siting.export import save_html
from siting.maps import (
    compare_maps,
    gaode,
    measure_map,
    on_background,
    point_map,
    tianditu,
    tile_server,
)
from siting.maps.page import page
from siting.places import read_places
from siting.plan import read_plan
from tests.browser import chromium, complaints, requests, visit
from tests.pictures import gallery_code

KEY = "0123456789abcdef0123456789abcdef"


def sizes(**options: object) -> object:
    places = read_places("district")
    return measure_map(places["area_official_km2"], places, title="面积", **options)


def firms(count: int) -> pd.DataFrame:
    draw = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "lon": draw.uniform(121.2, 121.6, count),
            "lat": draw.uniform(31.0, 31.4, count),
            "kind": draw.choice(["甲", "乙"], count),
            "firm": [f"企业{i}<img src=x onerror=alert(1)>" for i in range(count)],
        }
    )


@pytest.mark.browser
def test_a_line_of_the_legend_leaves_only_its_places_in_full_colour(tmp_path: Path) -> None:
    target = save_html(sizes(classes=4), tmp_path / "map.html")
    with chromium() as window:
        visit(window, target)
        js = window.execute_script
        full = (
            "return [...document.querySelectorAll('.map > .leaflet-map-pane path[role=button]')]"
            ".filter((p) => p.getAttribute('fill-opacity') === '1').length"
        )
        # 16 districts in 4 quantiles: 4 in each
        assert js(full) == 16
        line = "document.querySelector('.legend li[data-kind=\"3\"]')"
        js(f"{line}.dispatchEvent(new MouseEvent('mouseenter'))")
        assert js(full) == 4
        js(f"{line}.dispatchEvent(new MouseEvent('mouseleave'))")
        assert js(full) == 16


@pytest.mark.browser
@pytest.mark.parametrize(("count", "how"), [(10_000, "dots"), (100_000, "grid")])
def test_points_by_the_thousand_are_dots_and_by_the_hundred_thousand_a_grid(
    count: int, how: str, tmp_path: Path
) -> None:
    drawn = point_map(firms(count), read_places("district"), title="企业", by="kind", name="firm")
    target = save_html(drawn, tmp_path / "map.html")
    assert target.stat().st_size < 10_000_000
    with chromium() as window:
        visit(window, target)
        js = window.execute_script
        assert js("return document.querySelector('canvas').dataset.drawn") == f"{count} {how}"
        # a category that is switched off is not drawn
        js("document.querySelector('.legend li[data-dot=\"0\"] input').click()")
        left = int(js("return document.querySelector('canvas').dataset.drawn").split()[0])
        assert (
            left == int((firms(count)["kind"] == firms(count)["kind"].mode()[0]).sum() * -1) + count
        )
        assert requests(window) == []
        assert complaints(window) == []


def test_the_same_points_give_the_same_bytes_and_keep_their_place_to_a_metre() -> None:
    drawn = point_map(firms(50), read_places("district"), title="企业")
    assert page(drawn) == page(point_map(firms(50), read_places("district"), title="企业"))
    steps = np.array(drawn.scene["dots"]["steps"]).reshape(-1, 2).cumsum(axis=0) / 1e5
    # half a unit of the fifth decimal
    assert np.abs(steps - firms(50)[["lon", "lat"]].to_numpy()).max() <= 0.5000001e-5


@pytest.mark.parametrize("said", ["id", "name_zh", "name_en"])
def test_firms_of_a_cluster_have_the_colour_that_it_has_everywhere(said: str) -> None:
    clusters = read_plan("shanghai-2022").clusters
    called = clusters.index if said == "id" else clusters[said]
    points = firms(7).assign(kind=[*called, "别的", None])
    drawn = point_map(points, read_places("district"), title="企业", by="kind", clusters=clusters)
    dots = drawn.scene["dots"]
    ids = [str(key) for key in clusters.index]
    grey = "#6b7680"
    assert [dots["colours"][kind] for kind in dots["kinds"]] == [*cluster_colours(ids), grey, grey]
    labels = [item["label"] for item in drawn.scene["legends"][0]["items"]]
    # in the order of the plan, then what is no cluster
    assert labels[:5] == [f"{name}（1）" for name in clusters["name_zh"]]
    assert set(labels[5:]) == {"别的（1）", "未分类（1）"}


def test_a_cluster_without_a_point_keeps_its_line_of_the_legend() -> None:
    clusters = read_plan("shanghai-2022").clusters
    points = firms(2).assign(kind=clusters.index[3])
    drawn = point_map(points, read_places("district"), title="企业", by="kind", clusters=clusters)
    assert [item["label"][-3:] for item in drawn.scene["legends"][0]["items"]] == [
        "（0）", "（0）", "（0）", "（2）", "（0）",
    ]  # fmt: skip


@pytest.mark.browser
def test_a_point_is_found_by_its_name_and_a_line_of_the_legend_shows_its_points_alone(
    tmp_path: Path,
) -> None:
    drawn = point_map(firms(300), read_places("district"), title="企业", by="kind", name="firm")
    with chromium() as window:
        visit(window, save_html(drawn, tmp_path / "map.html"))
        js = window.execute_script
        seen = "return Number(document.querySelector('canvas').dataset.drawn.split(' ')[0])"
        line = "document.querySelector('.legend li[data-dot=\"1\"]')"
        js(f"{line}.dispatchEvent(new MouseEvent('mouseenter'))")
        # the second line is the rarer kind
        assert js(seen) == firms(300)["kind"].value_counts().min()
        js(f"{line}.dispatchEvent(new MouseEvent('mouseleave'))")
        assert js(seen) == 300
        window.find_element("css selector", ".search input").send_keys("企业123" + Keys.ENTER)
        told = js("return document.querySelector('.leaflet-tooltip b').textContent")
        assert told == "企业123<img src=x onerror=alert(1)>"
        assert requests(window) == []
        assert complaints(window) == []


def test_points_that_are_not_in_degrees_are_named() -> None:
    bad = pd.DataFrame({"lon": [121.4, 300_000.0], "lat": [31.2, float("nan")]})
    with pytest.raises(InputError) as caught:
        point_map(bad, read_places("district"), title="企业")
    assert [f.column for f in caught.value.findings] == ["lon", "lat"]


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["side", "swipe", "switch"])
def test_compared_maps_show_the_same_ground(mode: str, tmp_path: Path) -> None:
    both = compare_maps({"甲": sizes(), "乙<b>": sizes(classes=3)}, title="对比", mode=mode)
    target = save_html(both, tmp_path / "both.html")
    with chromium() as window:
        visit(window, target)
        time.sleep(0.7)
        frames = window.find_elements("css selector", "iframe")
        assert [frame.get_attribute("title") for frame in frames] == ["甲", "乙<b>"]

        def scale(frame: object) -> str:
            window.switch_to.frame(frame)
            said = window.execute_script(
                "return document.querySelector('.leaflet-control-scale-line').textContent"
            )
            window.switch_to.default_content()
            return str(said)

        before = [scale(frame) for frame in frames]
        window.switch_to.frame(frames[0])
        window.execute_script(
            "document.querySelector('.map').dispatchEvent(new PointerEvent('pointerdown'));"
            "for (let i = 0; i < 4; i++) document.querySelector('.leaflet-control-zoom-in').click()"
        )
        window.switch_to.default_content()
        time.sleep(1.2)
        after = [scale(frame) for frame in frames]
        assert after[0] == after[1] != before[0]
        assert requests(window) == []
        assert complaints(window) == []


# Where the legend and the map lie on the whole page, and how wide the scale is, of each frame.
_BOXES = """
const box = (what) => {
  const found = document.querySelector(what);
  if (!found) return null;
  const { left, right, top, bottom } = found.getBoundingClientRect();
  return [left, right, top, bottom];
};
const scale = document.querySelector(".leaflet-control-scale-line");
return [box(".legend"), box(".map"), scale && scale.style.width];
"""


def stands(window: object) -> list[tuple[list[float], list[float], str]]:
    """Return legend, map and scale of each frame, in the pixels of the whole page."""
    found = []
    for frame in window.find_elements("css selector", "iframe"):
        left, top = frame.rect["x"], frame.rect["y"]
        window.switch_to.frame(frame)
        legend, land, scale = window.execute_script(_BOXES)
        window.switch_to.default_content()
        shift = np.array([left, left, top, top])
        if legend and land:
            found.append((list(legend + shift), list(land + shift), scale))
    return found


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_under_a_slider_both_legends_are_read_and_the_maps_lie_on_each_other(
    width: int, tmp_path: Path
) -> None:
    # other places, other words above the map: without a lead the two would not fit
    some = read_places("district").iloc[:9]
    one = measure_map(some["area_official_km2"], some, title="甲" * 40)
    both = compare_maps({"甲": one, "乙": sizes(classes=3)}, title="对比", mode="swipe")
    with chromium(width, 800) as window:
        visit(window, save_html(both, tmp_path / "both.html"))

        def settled(_: object) -> bool:
            now = stands(window)
            return len(now) == 2 and now[0][1:] == now[1][1:] and now[0][0][1] <= now[1][0][0]

        # the same ground at the same scale, and neither legend reaches into the other
        WebDriverWait(window, 30).until(settled)
        (left, _, _), (right, _, _) = stands(window)
        for x, y, i in ((left[1] - 20, left[2], 0), (right[0] + 20, right[2], 1)):
            top = "return [...document.querySelectorAll('iframe')].indexOf(document.elementFromPoint({}, {}))"
            assert window.execute_script(top.format(x, min(y + 8, 790))) == i
        assert complaints(window) == []


def test_a_slider_takes_two_maps_and_a_mode_must_be_known() -> None:
    three = {str(i): sizes() for i in range(3)}
    for maps, mode in ((three, "swipe"), ({"1": sizes()}, "side"), (three, "fade")):
        with pytest.raises(InputError):
            compare_maps(maps, title="对比", mode=mode)


def policy(html: str) -> str:
    return re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)


def test_no_map_has_a_background_unless_it_is_asked_for_by_name() -> None:
    text = page(sizes())
    assert "img-src" not in policy(text)
    assert "tianditu" not in text
    assert "https://" not in text.split("siting-scene")[1].split("</script>")[0]


def test_a_background_opens_the_page_to_its_servers_alone_and_says_so() -> None:
    with pytest.warns(SitingWarning, match="密钥"):
        drawn = on_background(sizes(), tianditu(KEY))
    text = page(drawn)
    hosts = policy(text).split("img-src ")[1].split(";")[0].split()
    assert hosts == [f"https://t{i}.tianditu.gov.cn" for i in range(8)]
    assert "default-src 'none'" in policy(text)
    assert KEY in text
    assert KEY not in page(sizes())
    assert "底图：天地图（联网取图）" in text


def test_on_gaode_every_coordinate_moves_into_gcj02() -> None:
    plain = sizes()
    with pytest.warns(SitingWarning, match="取图"):
        moved = on_background(plain, gaode())
    for one, other in zip(plain.scene["places"], moved.scene["places"], strict=True):
        lat, lon = one["at"]
        expected = convert(np.array([lon]), np.array([lat]), source="wgs84", target="gcj02")
        assert other["at"] == [
            pytest.approx(expected[1][0], abs=1e-6),
            pytest.approx(expected[0][0], abs=1e-6),
        ]
        ring, shifted = one["rings"][0][0], other["rings"][0][0]
        # Amap's frame lies some 0.0044 degrees east and 0.0020 degrees south here
        assert 400 < shifted[0] - ring[0] < 480
        assert -250 < shifted[1] - ring[1] < -160
    assert plain.scene == sizes().scene


@pytest.mark.parametrize(
    "make",
    [
        lambda: tianditu("short"),
        lambda: tianditu('"><script>'),
        lambda: tile_server("file:///etc/{z}/{x}/{y}", name="x"),
        lambda: tile_server("http://host/tiles.png", name="x"),
        lambda: tile_server("http://host/{z}/{x}/{y}", name="x", frame="bd09"),
    ],
)
def test_a_background_that_cannot_work_is_refused(make: object) -> None:
    with pytest.raises(InputError):
        make()


def test_an_intranet_server_is_taken_and_nothing_in_its_address_escapes_the_policy() -> None:
    server = tile_server("http://10.0.0.5:8080/{z}/{x}/{y}.png", name="内网")
    with pytest.warns(SitingWarning, match="取图"):
        text = page(on_background(sizes(), server))
    assert "img-src http://10.0.0.5:8080;" in policy(text)
    with pytest.raises(InputError):
        tile_server("http://a'; script-src *;/{z}/{x}/{y}", name="x")


def test_the_code_of_the_gallery_writes_its_two_pages_and_its_picture(tmp_path: Path) -> None:
    assert [one.name for one in gallery_code(tmp_path)] == ["comparison.html", "points.html"]
    assert (tmp_path / "scenarios.png").is_file()
