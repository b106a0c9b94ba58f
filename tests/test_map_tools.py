"""What a reader does with a map: finds, points, compares, puts it on a background, sees every firm."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

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
from tests.browser import chromium, complaints, requests, visit

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
def test_a_place_is_found_by_its_name_and_its_facts_stay_in_the_panel(tmp_path: Path) -> None:
    target = save_html(sizes(), tmp_path / "map.html")
    with chromium() as window:
        visit(window, target)
        js = window.execute_script
        assert js("return document.querySelectorAll('#place-names option').length") == 16
        js(
            "const i = document.querySelector('.search input'); i.value = '崇明';"
            "i.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))"
        )
        assert "崇明区" in js("return document.querySelector('.leaflet-popup-content').textContent")
        js("document.querySelector('.leaflet-popup-close-button').click()")
        assert "崇明区" in js("return document.querySelector('.kept').textContent")
        js(
            "const i = document.querySelector('.search input'); i.value = '不存在';"
            "i.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))"
        )
        assert js("return document.querySelector('.search output').textContent") == "没有找到"
        assert requests(window) == []
        assert complaints(window) == []


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


def test_a_slider_takes_two_maps_and_a_mode_must_be_known() -> None:
    three = {str(i): sizes() for i in range(3)}
    for maps, mode in ((three, "swipe"), ({"1": sizes()}, "side"), (three, "fade")):
        with pytest.raises(InputError):
            compare_maps(maps, title="对比", mode=mode)


def policy(html: str) -> str:
    return re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)  # type: ignore[union-attr]


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
        make()  # type: ignore[operator]


def test_an_intranet_server_is_taken_and_nothing_in_its_address_escapes_the_policy() -> None:
    server = tile_server("http://10.0.0.5:8080/{z}/{x}/{y}.png", name="内网")
    with pytest.warns(SitingWarning, match="取图"):
        text = page(on_background(sizes(), server))
    assert "img-src http://10.0.0.5:8080;" in policy(text)
    with pytest.raises(InputError):
        tile_server("http://a'; script-src *;/{z}/{x}/{y}", name="x")
