"""Maps of plans and measures: what they show, by hand; and in a browser, as a reader sees it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting.colours import (
    NEUTRAL,
    classify,
    cluster_colours,
    glyphs,
    ink,
    ramp,
    written,
)
from siting.errors import InputError
from siting.maps import measure_map, plan_map
from siting.maps.outlines import inset, outlines
from siting.maps.page import page
from siting.maps.scene import plan_scene
from siting.maps.words import word
from tests.browser import chromium, complaints, requests, resize, visit
from tests.small_maps import row_of_squares, small_plan

THREE = ["甲区", "乙区", "丙区"]


def measure(values: pd.Series, places: gpd.GeoDataFrame, **options: object) -> dict:
    return measure_map(values, places, **{"title": "份额", **options}).scene


def points(steps: list[int]) -> list[tuple[int, int]]:
    x, y, found = 0, 0, []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


# --- a plan ---------------------------------------------------------------------------------


def test_a_place_has_the_clusters_that_the_plan_gives_it() -> None:
    scene = plan_scene(small_plan(), row_of_squares(THREE), lang="zh")
    assert [place["clusters"] for place in scene["places"]] == [[0], [0, 1], []]
    assert [cluster["members"] for cluster in scene["clusters"]] == [[0, 1], [1]]


def test_the_shade_is_the_number_of_clusters_and_the_legend_says_so() -> None:
    scene = plan_scene(small_plan(), row_of_squares(THREE), lang="zh")
    assert [place["kind"] for place in scene["places"]] == [1, 2, 0]
    (legend,) = scene["legends"]
    assert [item["label"] for item in legend["items"]] == [
        "2 个（1）",
        "1 个（1）",
        "未列入任何集群（1）",
    ]
    assert [item["fill"] for item in legend["items"]] == [*ramp(2)[::-1], NEUTRAL]
    assert "每级为一个集群数" in legend["rule"]


def test_places_without_a_cluster_are_named_in_the_legend() -> None:
    scene = plan_scene(small_plan(), row_of_squares([*THREE, "丁区"]), lang="zh")
    assert scene["legends"][0]["items"][-1]["detail"] == "丙区、丁区"
    assert scene["places"][3]["card"]["rows"] == []


def test_the_same_number_has_the_same_shade_on_both_plans() -> None:
    # two clusters exist, but one place has at most one of them: still the first of two shades
    plan = small_plan()
    plan.assignments = plan.assignments.iloc[:1]
    scene = plan_scene(plan, row_of_squares(THREE), lang="zh")
    assert scene["classes"][1]["fill"] == ramp(2)[0]


def test_the_tooltip_says_clause_fields_name_as_written_and_open_list() -> None:
    card = plan_scene(small_plan(), row_of_squares(THREE), lang="zh")["places"][1]["card"]
    assert (card["head"], card["sub"]) == ("乙区", "列入 2 个集群")
    health, chips = card["rows"]
    # 健 names the place as it is called and its list is closed; 智 writes 乙 and leaves it open
    assert health["lines"] == ["条款 二（一）", "领域：合成生物（二（一）1）"]
    assert chips["lines"] == [
        "条款 二（二）；原文写作“乙”；名单未穷尽（等）",
        "领域：智能芯片（二（二）1）",
    ]


def test_open_lists_are_told_below_the_map_and_closed_ones_are_not() -> None:
    places, plan = row_of_squares(THREE), small_plan()
    note = word("open_note", "zh")
    assert note in plan_scene(plan, places, lang="zh")["notes"]
    plan.assignments["is_exhaustive"] = True
    assert note not in plan_scene(plan, places, lang="zh")["notes"]


def test_a_zone_is_an_approximate_point_or_is_told_to_have_none() -> None:
    scene = plan_scene(small_plan(), row_of_squares(THREE), lang="zh")
    (zone,) = scene["zones"]
    assert zone["at"] == [31.005, 121.03]
    assert zone["card"]["rows"][0]["text"] == "示意点位，非法定范围"
    assert "远方：未标位置" in scene["notes"]


def test_the_map_says_what_it_is() -> None:
    places = row_of_squares(THREE)
    places.attrs |= {"generalised": True, "notes_zh": ["边界由本项目绘制"]}
    scene = plan_scene(small_plan(), places, lang="zh")
    assert scene["title"] == "小方案：集群布局示意图"
    assert scene["subtitles"] == ["某区 · 某府发〔2023〕1号 · 2023-01-01 · 区划口径：2023"]
    assert scene["review"].startswith("审图号：____")
    assert not any(c.isdigit() for c in scene["review"])
    assert scene["internal"] == "仅供内部研究，未经审核不得公开"
    assert {"边界由本项目绘制", "边界经概化，仅为示意"} <= set(scene["notes"])


def test_bundled_sources_are_attributed_and_others_are_named() -> None:
    places = row_of_squares(THREE)
    places.attrs["sources"] = ["districts.geojson", "我的边界.gpkg"]
    notes = " ".join(plan_scene(small_plan(), places, lang="zh")["notes"])
    assert "OpenStreetMap" in notes
    assert "我的边界.gpkg" in notes


def test_english_maps_use_english_names_and_fall_back_to_chinese() -> None:
    places = row_of_squares(THREE, english=["Jia", "", "Bing"])
    scene = plan_scene(small_plan(), places, lang="en")
    assert [place["name"] for place in scene["places"]] == ["Jia", "乙区", "Bing"]
    assert [cluster["glyph"] for cluster in scene["clusters"]] == ["H", "I"]


def test_a_plan_that_names_what_is_not_there_is_stopped_with_every_case() -> None:
    plan = small_plan()
    plan.assignments.loc[0, "place_id"] = "999999"
    plan.assignments.loc[2, "cluster_id"] = "future-x"
    with pytest.raises(InputError) as caught:
        plan_map(plan, row_of_squares(THREE), layers=["future-y"])
    values = {finding.value.split()[0] for finding in caught.value.findings}
    assert values == {"999999", "future-x", "future-y"}


def test_a_place_without_a_polygon_is_named() -> None:
    places = row_of_squares(THREE)
    places.loc["310003", "geometry"] = shapely.Point(121, 31)
    with pytest.raises(InputError) as caught:
        plan_map(small_plan(), places)
    assert [finding.value for finding in caught.value.findings] == ["310003"]


def test_neither_plan_nor_places_are_changed() -> None:
    plan, places = small_plan(), row_of_squares(THREE)
    frames = [getattr(plan, n).copy() for n in ("clusters", "fields", "assignments", "zones")]
    before = places.copy()
    page(plan_map(plan, places))
    for name, frame in zip(("clusters", "fields", "assignments", "zones"), frames, strict=True):
        pd.testing.assert_frame_equal(getattr(plan, name), frame)
    assert before.equals(places)
    assert before.attrs == places.attrs


# --- outlines -------------------------------------------------------------------------------


def test_an_outline_is_the_first_vertex_and_steps_of_a_hundred_thousandth_degree() -> None:
    (square,) = outlines(row_of_squares(["甲"]))
    ((ring,),) = square
    corners = {(12100000, 3100000), (12102000, 3100000), (12102000, 3102000), (12100000, 3102000)}
    assert set(points(ring)) == corners
    assert len(ring) == 8  # the closing vertex is left out


def test_neighbours_keep_their_border_when_it_is_simplified() -> None:
    # two halves of a square share a border that wiggles by 0.00001 degrees, finer than shown
    wiggle = [(121.5 + 0.00001 * (i % 2), 31 + i / 1000) for i in range(1001)]
    left = shapely.Polygon([(121, 32), (121, 31), *wiggle])
    right = shapely.Polygon([(122, 31), (122, 32), *wiggle[::-1]])
    places = gpd.GeoDataFrame(geometry=[left, right], index=["a", "b"], crs=4326)
    a, b = ({*points(shape[0][0])} for shape in outlines(places))
    on_border = {(x, y) for x, y in a if abs(x - 12150000) < 100}
    assert on_border == {(x, y) for x, y in b if abs(x - 12150000) < 100}
    assert len(on_border) < 100


def test_places_that_overlap_are_drawn_all_the_same() -> None:
    shapes = [shapely.box(121, 31, 121.2, 31.2), shapely.box(121.1, 31, 121.3, 31.2)]
    drawn = outlines(gpd.GeoDataFrame(geometry=shapes, index=["a", "b"], crs=4326))
    assert [len(shape[0][0]) for shape in drawn] == [8, 8]


def test_holes_and_islands_are_kept() -> None:
    ring = shapely.box(121, 31, 121.2, 31.2).difference(shapely.box(121.05, 31.05, 121.1, 31.1))
    island = shapely.box(121.3, 31, 121.31, 31.01)
    frame = gpd.GeoDataFrame(geometry=[ring.union(island)], index=["a"], crs=4326)
    (place,) = outlines(frame)
    assert [len(polygon) for polygon in place] == [2, 1]


def test_only_small_places_that_lie_together_are_enlarged() -> None:
    # nine big squares and, in the corner of the first, three small ones
    big = [shapely.box(121 + 0.1 * i, 31, 121.1 + 0.1 * i, 31.5) for i in range(9)]
    small = [shapely.box(121 + 0.005 * i, 31.5, 121.005 + 0.005 * i, 31.51) for i in range(3)]
    frame = gpd.GeoDataFrame(geometry=[*big, *small], crs=4326)
    assert inset(frame) == [[31.5, 121.0], [31.51, 121.015]]
    assert inset(frame.iloc[:11]) is None
    far = frame.copy()
    far.loc[11, "geometry"] = shapely.box(121.89, 31.5, 121.9, 31.51)
    assert inset(far) is None


# --- classes and colours --------------------------------------------------------------------


def test_quantile_classes_hold_equally_many() -> None:
    # 1..10 in five classes: (1,2) (3,4) (5,6) (7,8) (9,10)
    found = classify(pd.Series(np.arange(1.0, 11)), classes=5)
    assert found.codes == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert found.ranges[0] == (1.0, 2.0)
    assert found.counts == [2] * 5


def test_equal_classes_are_equally_wide_and_empty_ones_are_left_out() -> None:
    # 0..10 in five intervals of 2: 0 to 1 in the first, 3 in the second, 10 in the last
    found = classify(pd.Series([0.0, 1, 3, 10, 10, 0.5, 0.2]), classes=5, scheme="equal")
    assert found.codes == [0, 0, 1, 2, 2, 0, 0]
    assert found.ranges == [(0.0, 1.0), (3.0, 3.0), (10.0, 10.0)]


def test_few_different_values_are_classes_of_their_own() -> None:
    found = classify(pd.Series([7.0, 7, 9, np.nan]), classes=5)
    assert (found.codes, found.rule) == ([0, 0, 1, -1], "unique")


def test_equal_values_share_a_class_whatever_the_scheme() -> None:
    values = pd.Series([0.0] * 12 + [1, 2, 3, 4, 5, 6])
    for scheme in ("quantile", "equal"):
        codes = classify(values, classes=5, scheme=scheme).codes
        assert len(set(codes[:12])) == 1


def test_numbers_are_written_with_the_digits_that_tell_them_apart() -> None:
    assert written([0.0, 0.1234, 0.1235]) == ["0", "0.1234", "0.1235"]
    assert written([1e9, 1.0]) == ["1,000,000,000", "1"]
    assert written([-2.5]) == ["-2.5"]


# Machado, Oliveira, Fernandes (2009), table 1, severity 1.0: linear RGB as seen with each sight
SIGHTS = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
FIVE = ["future-health", "future-intelligence", "future-energy", "future-space", "future-materials"]


def linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    low, high = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sight", SIGHTS)
def test_cluster_colours_stay_apart_for_every_kind_of_sight(sight: str) -> None:
    seen = [lab(np.array(SIGHTS[sight]) @ linear(c)) for c in cluster_colours(FIVE)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 35


def test_text_on_colours_has_enough_contrast() -> None:
    for colour in cluster_colours(FIVE):
        assert contrast(colour, ink(colour)) >= 4.5, colour
    for colour in (*ramp(5), NEUTRAL, "#f2f5f7"):
        assert contrast(colour, "#111a22") >= 4.5, colour


def test_a_cluster_has_one_colour_whatever_the_order_or_the_plan() -> None:
    by_name = dict(zip(FIVE, cluster_colours(FIVE), strict=True))
    assert cluster_colours(FIVE[::-1]) == [by_name[key] for key in FIVE[::-1]]
    assert cluster_colours(["other", "future-space"])[1] == by_name["future-space"]
    many = cluster_colours([f"c{i}" for i in range(12)])
    assert len(set(many)) == 12


def test_signs_tell_clusters_apart_even_when_names_do_not_help() -> None:
    assert glyphs(["同名", "同名"]) == ["同", "名"]
    assert glyphs(["{{}}", "", "甲"]) == ["1", "2", "甲"]
    assert glyphs(["未来"]) == ["未"]


# --- a measure ------------------------------------------------------------------------------


def test_values_are_matched_by_label_and_not_by_position() -> None:
    places = row_of_squares(THREE)
    values = pd.Series([3.0, 1.0, 2.0], index=["310003", "310001", "310002"])
    assert [place["note"] for place in measure(values, places)["places"]] == ["1", "2", "3"]


def test_undefined_places_are_hatched_and_say_why() -> None:
    places = row_of_squares([*THREE, "丁区"])
    values = pd.Series([1.0, np.nan, 2.0], index=places.index[:3])
    values.attrs["undefined"] = {"310002": "合计为零"}
    scene = measure(values, places)
    assert [scene["classes"][p["kind"]]["hatch"] for p in scene["places"]] == [
        False,
        True,
        False,
        True,
    ]
    said = [place["card"]["rows"][0]["text"] for place in scene["places"]]
    assert said == ["1", "合计为零", "2", "无数据"]
    last = scene["legends"][0]["items"][-1]
    assert (last["label"], last["detail"]) == ("无定义或无数据（2）", "合计为零；无数据")


def test_the_legend_of_a_measure_gives_rule_ranges_and_counts() -> None:
    places = row_of_squares([str(i) for i in range(10)])
    values = pd.Series(np.arange(1.0, 11), index=places.index)
    legend = measure(values, places, unit="家")["legends"][0]
    assert legend["title"] == "份额（家）"
    assert legend["rule"].startswith("分级：分位数，5 级")
    assert [item["label"] for item in legend["items"]][::4] == ["9 – 10（2）", "1 – 2（2）"]


def test_the_title_of_a_measure_says_that_it_is_a_sketch_once() -> None:
    places = row_of_squares(THREE)
    values = pd.Series([1.0, 2, 3], index=places.index)
    assert measure(values, places)["title"] == "份额（示意图）"
    assert measure(values, places, title="份额示意图")["title"] == "份额示意图"
    assert measure(values, places, lang="en", title="Shares")["title"] == "Shares (sketch map)"


def test_a_measure_with_no_value_at_all_is_still_a_map() -> None:
    places = row_of_squares(THREE)
    scene = measure(pd.Series(np.nan, index=places.index), places)
    assert {place["kind"] for place in scene["places"]} == {0}
    assert scene["legends"][0]["items"][0]["hatch"]


@pytest.mark.parametrize(
    ("values", "bad"),
    [
        ({"310001": np.inf}, "310001: inf"),
        ({"310001": "多"}, "310001: 多"),
        ({"999999": 1.0}, "999999"),
    ],
)
def test_values_that_cannot_be_drawn_are_named(values: dict, bad: str) -> None:
    with pytest.raises(InputError) as caught:
        measure_map(pd.Series(values), row_of_squares(THREE), title="x")
    assert [finding.value for finding in caught.value.findings] == [bad]


@pytest.mark.parametrize("options", [{"classes": 0}, {"classes": 2.5}, {"scheme": "jenks"}])
def test_options_out_of_range_are_refused(options: dict) -> None:
    places = row_of_squares(THREE)
    values = pd.Series([1.0, 2, 3], index=places.index)
    with pytest.raises(InputError):
        measure_map(values, places, title="x", **options)


# --- in a browser ---------------------------------------------------------------------------

OVERLAPS = """
const boxes = [...document.querySelectorAll('.map > .leaflet-map-pane .name')]
  .filter((n) => n.dataset.variant !== 'none' && n.offsetWidth)
  .map((n) => n.getBoundingClientRect());
let bad = 0;
boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
  if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) bad += 1;
}));
return [boxes.length, bad];
"""


@pytest.mark.browser
def test_a_plan_map_draws_switches_and_speaks_in_a_browser(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    target.write_text(page(plan_map(small_plan(), row_of_squares(THREE))), encoding="utf-8")
    with chromium() as window:
        visit(window, target)
        js = window.execute_script
        assert js("return document.documentElement.dataset.drawn") == "yes"
        assert (
            js("return document.querySelectorAll('.leaflet-interactive[role=button]').length") >= 3
        )
        # layer control: the shades, two clusters, the zones; text and signs as in the plan
        texts = js(
            "return [...document.querySelectorAll('.leaflet-control-layers label')]"
            ".map((l) => l.textContent)"
        )
        assert len(texts) == 4
        assert "健" in texts[1]
        assert "未来健康" in texts[1]
        # switching both clusters on paints three stripes: 健 on 甲 and 乙, 智 on 乙
        for i in (1, 2):
            js(f"document.querySelectorAll('.leaflet-control-layers-selector')[{i}].click()")
        fills = js(
            "return [...document.querySelectorAll('path[fill^=\"url(#stripe\"]')]"
            ".map((p) => p.getAttribute('fill'))"
        )
        assert sorted(fills) == ["url(#stripe-0-0-1)", "url(#stripe-0-0-2)", "url(#stripe-1-1-2)"]
        # the keyboard opens what the mouse shows
        js(
            "const p = document.querySelectorAll('.leaflet-interactive[role=button]')[1];"
            "p.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
        )
        said = js("return document.querySelector('.kept .card').textContent")
        assert "乙区" in said
        assert "名单未穷尽（等）" in said
        (scale,) = js(
            "return [...document.querySelectorAll('.leaflet-control-scale-line')]"
            ".map((line) => line.textContent)"
        )
        assert scale.endswith((" 米", " 千米"))
        assert js("return document.querySelector('.leaflet-attribution-flag')") is None
        assert js("return document.documentElement.lang") == "zh-CN"
        assert requests(window) == []
        assert complaints(window) == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("source", "level"), [("shanghai-2022", "district"), ("jiading-2023", "town")]
)
def test_the_bundled_plans_are_small_quick_and_legible(
    source: str, level: str, tmp_path: Path
) -> None:
    from siting.places import read_places
    from siting.plan import read_plan

    plan = read_plan(source)
    places = read_places(level, within=None if level == "district" else "嘉定区")
    for lang in ("zh", "en"):
        text = page(plan_map(plan, places, lang=lang))
        assert len(text.encode()) <= 400_000
        (tmp_path / f"{lang}.html").write_text(text, encoding="utf-8")
    with chromium() as window:
        for lang in ("zh", "en"):
            for width in (1280, 390):
                resize(window, width, 800)
                visit(window, tmp_path / f"{lang}.html")
                js = window.execute_script
                shown, overlapping = js(OVERLAPS)
                assert shown >= 5
                assert overlapping == 0
                drawn = js("return document.querySelectorAll('[role=button]').length")
                assert drawn >= len(places)
                # nothing sticks out sideways, and the title is whole
                assert js("return document.documentElement.scrollWidth") <= width
                assert requests(window) == []
                assert complaints(window) == []
        entry = "performance.getEntriesByType('navigation')[0]"
        assert js(f"return {entry}.domComplete") <= 1000
