"""Printed maps of plans, measures and categories: true, legible, complete, the same as on the screen."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from siting import crs
from siting.cartography import ZONE_INK, small_places
from siting.colours import NEUTRAL, cluster_colours, ramp
from siting.errors import InputError
from siting.figures import category_figure, measure_figure, plan_figure, small_multiples
from siting.figures.furniture import draw_scale, scale_length
from siting.figures.ground import ground, view
from siting.figures.page import A4, GREY, INK, PAPER, Box, Page, render
from siting.maps.scene import plan_scene
from siting.places import read_places
from siting.plan import read_plan
from tests.drawn import boxes, extents, fills, off_page, overlapping, sizes, texts
from tests.small_maps import row_of_squares, small_plan
from tests.test_colours import contrast

PLANS = ("shanghai-2022", "jiading-2023")


def case(plan_id: str):
    plan = read_plan(plan_id)
    within = plan.parent_id if plan.level == "town" else None
    return plan, read_places(plan.level, within=within)


@pytest.fixture(scope="module", params=[(p, lang) for p in PLANS for lang in ("zh", "en")], ids=str)
def drawn(request):
    plan_id, lang = request.param
    plan, places = case(plan_id)
    return plan, places, lang, plan_figure(plan, places, lang=lang)


def test_no_two_texts_of_a_plan_map_overlap(drawn) -> None:
    assert overlapping(drawn[3], least=0.3) == []


def test_every_place_and_zone_is_named_on_the_map_once(drawn) -> None:
    plan, places, lang, figure = drawn
    # a name in two lines is two texts, written one after the other
    written = "".join(texts(figure, rimmed=True)).replace(" ", "")
    for name in [*places[f"name_{lang}"], *plan.zones[f"name_{lang}"]]:
        assert written.count(name.replace(" ", "")) == 1, name
    assert not any("放不下" in text or "no room" in text for text in texts(figure))


def test_no_text_is_smaller_than_6_points_or_off_the_page(drawn) -> None:
    assert min(sizes(drawn[3])) >= 6
    assert off_page(drawn[3]) == []


def test_the_sheet_says_what_a_map_must_say(drawn) -> None:
    _, places, lang, figure = drawn
    said = "\n".join(texts(figure))
    words = {
        "zh": (
            "示意图",
            "审图号：____",
            "资料来源",
            "区划口径：2023",
            "分级：",
            "北",
            "千米",
            "不得公开",
        ),
        "en": (
            "sketch map",
            "审图号",
            "Sources:",
            "Units as of 2023",
            "Classes:",
            "N",
            "km",
            "review",
        ),
    }
    for word in words[lang]:
        assert word in said, word
    general = {"zh": "边界经概化", "en": "Boundaries are generalised"}[lang]
    assert (general in said) == places.attrs["generalised"]
    inset = {"zh": "在上海市的位置", "en": "lies in Shanghai"}[lang]
    assert (inset in said) == (places.attrs["level"] == "town")


def test_signs_and_shades_are_those_of_the_interactive_map(drawn) -> None:
    plan, places, lang, figure = drawn
    scene = plan_scene(plan, places, lang=lang)
    seen = fills(figure)
    for cluster in scene["clusters"]:
        # a sign at each of its places, and one in the legend
        assert seen.count(cluster["colour"]) == len(cluster["members"]) + 1, cluster["name"]
        assert texts(figure).count(cluster["glyph"]) == len(cluster["members"]) + 1
    for kind, colour in enumerate(one["fill"] for one in scene["classes"]):
        if any(place["kind"] == kind for place in scene["places"]):
            assert colour in seen


def test_the_district_of_the_towns_is_marked_in_the_inset() -> None:
    plan, towns = case("jiading-2023")
    # one marked outline; no legend item has its colour
    assert fills(plan_figure(plan, towns)).count("#c8553d") == 1
    elsewhere = towns.assign(parent_id="999999")
    elsewhere.attrs = towns.attrs
    assert "#c8553d" not in fills(plan_figure(plan, elsewhere))


def test_small_districts_are_enlarged_as_on_the_interactive_map() -> None:
    places = read_places("district")
    land = ground(places, lang="zh")
    small = [land.names[i] for i in small_places(land.shapes)]
    # the seven districts of the centre, 20 to 61 km2 each
    assert small == ["黄浦区", "徐汇区", "长宁区", "静安区", "普陀区", "虹口区", "杨浦区"]


def test_the_scale_bar_is_true_in_metres() -> None:
    land = ground(read_places("district"), lang="zh")
    seen = view(Box(0, 0, 500, 500), land.bounds)
    page = Page(A4)
    draw_scale(page, (100, 100), seen.scale, 120, "zh")
    halves = boxes(page.figure, INK) + boxes(page.figure, PAPER)[-1:]
    long = sum(box[2] - box[0] for box in halves)
    length = scale_length(seen.scale, 120)
    # two points that lie that far apart on the ellipsoid, east of each other
    lon, lat, _ = Geod(ellps="WGS84").fwd(121.47, 31.23, 90, length)
    spots = crs.to_metric(gpd.GeoSeries(gpd.points_from_xy([121.47, lon], [31.23, lat]), crs=4326))
    a, b = (seen.at((p.x, p.y)) for p in spots)
    assert math.dist(a, b) == pytest.approx(long, rel=1e-4)
    assert f"{length / 1000:g} 千米" in texts(page.figure)


@pytest.mark.parametrize(
    ("scale", "room", "expected"),
    # 120 points at 1 point per 30 m are 3600 m; at 1 per metre 120 m; at 1 per cm 1.2 m
    [(1 / 30, 120, 2000), (1.0, 120, 100), (100.0, 120, 1), (1 / 5000, 100, 500_000)],
)
def test_a_scale_bar_has_the_longest_round_length(scale, room, expected) -> None:
    assert scale_length(scale, room) == expected


def test_north_is_up_and_east_is_right() -> None:
    land = ground(row_of_squares(["甲", "乙"]), lang="zh")
    seen = view(Box(10, 20, 100, 300), land.bounds)
    first, second = (seen(shape).bounds for shape in land.shapes)
    # 47 km west of the centre of the projection, north leans by a quarter of a degree
    assert first[2] == pytest.approx(second[0], abs=60 * math.sin(math.radians(0.25)))
    assert first[0] >= 10 + 6 - 1e-9
    assert second[2] <= 110 - 6 + 1e-9
    corner = crs.to_metric(gpd.GeoSeries([shapely.Point(121.0, 31.02)], crs=4326))[0]
    assert seen.at((corner.x, corner.y))[1] > seen.at(land.points[0])[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("plan_id", PLANS)
def test_each_cluster_has_a_panel_with_its_places_in_its_colour(plan_id, lang) -> None:
    plan, places = case(plan_id)
    figure = small_multiples(plan, places, lang=lang)
    assert overlapping(figure, least=0.3) == []
    assert off_page(figure) == []
    seen, said = fills(figure), texts(figure)
    joint = "、" if lang == "zh" else ", "
    for key, colour in zip(
        plan.clusters.index, cluster_colours(list(plan.clusters.index)), strict=True
    ):
        mine = plan.assignments.loc[plan.assignments["cluster_id"] == key, "place_id"]
        assert seen.count(colour) == len(mine) + 1  # its places, and its sign
        assert joint.join(places.loc[places.index.isin(mine), f"name_{lang}"]) in said
        assert plan.clusters.loc[key, f"name_{lang}"] in said


def test_a_cluster_without_a_place_has_an_empty_panel_that_says_so() -> None:
    plan = small_plan()
    plan.assignments = plan.assignments[plan.assignments["cluster_id"] == "future-health"]
    assert "规划未点名任何地区" in texts(small_multiples(plan, row_of_squares(["甲", "乙", "丙"])))


def test_many_clusters_all_have_a_panel() -> None:
    plan = small_plan()
    ids = [f"c{i:02}" for i in range(14)]
    plan.clusters = pd.DataFrame(
        {"name_zh": [f"集群{i}" for i in range(14)], "name_en": "", "tier": "集群", "clause": "一"},
        index=pd.Index(ids, name="cluster_id"),
    )
    plan.fields = plan.fields.iloc[:0]
    plan.assignments = pd.DataFrame(
        {
            "cluster_id": ids,
            "place_id": "310001",
            "place_as_written": "甲",
            "clause": "一",
            "is_exhaustive": True,
        }
    )
    figure = small_multiples(plan, row_of_squares(["甲", "乙", "丙"]))
    assert {f"集群{i}" for i in range(14)} <= set(texts(figure))
    assert overlapping(figure) == []
    assert off_page(figure) == []


def test_a_plan_that_names_a_place_that_is_not_there_is_refused_with_its_clause() -> None:
    with pytest.raises(InputError, match="E-ASSIGN-01"):
        plan_figure(small_plan(), row_of_squares(["甲"]))


def test_a_zone_without_a_position_is_said() -> None:
    said = texts(plan_figure(small_plan(), row_of_squares(["甲", "乙", "丙"])))
    assert "远方：未标位置" in said
    assert "先导" in said


def squares(values: list[float]) -> tuple[pd.Series, gpd.GeoDataFrame]:
    places = row_of_squares([f"地{i}" for i in range(len(values))])
    return pd.Series(values, index=places.index), places


def test_a_measure_is_shown_in_classes_with_their_rule_and_counts() -> None:
    # four numbers in two quantile classes: {1, 2} and {3, 4}
    values, places = squares([1.0, 2.0, 3.0, 4.0])
    figure = measure_figure(values, places, title="强度", unit="人/公顷", classes=2)
    said = texts(figure)
    assert "强度（示意图）" in said
    assert "强度（人/公顷）" in said
    assert {"1 – 2（2）", "3 – 4（2）"} <= set(said)
    assert any("分位数，2 级" in text for text in said)
    low, high = ramp(2)
    assert fills(figure).count(low) == fills(figure).count(high) == 2 + 1  # places, legend
    assert [t for t in texts(figure, rimmed=True) if t in "1234"] == list("1234")


def test_an_undefined_place_is_hatched_and_the_legend_says_why() -> None:
    values, places = squares([1.0, math.nan, 3.0])
    values.attrs["undefined"] = {"310002": ("没有企业", "no firms")}
    zh = measure_figure(values, places, title="强度")
    assert {"无定义或无数据（1）", "没有企业"} <= set(texts(zh))
    en = measure_figure(values, places, title="Intensity", lang="en")
    assert {"Undefined or no data (1)", "no firms"} <= set(texts(en))
    assert fills(zh).count(NEUTRAL) == 0


def test_a_place_left_out_of_the_values_is_undefined_too() -> None:
    values, places = squares([1.0, 2.0, 3.0])
    said = texts(measure_figure(values.iloc[:2], places, title="强度"))
    assert {"无定义或无数据（1）", "无数据"} <= set(said)


def test_nothing_but_undefined_places_is_a_map_without_classes() -> None:
    values, places = squares([math.nan, math.nan])
    said = texts(measure_figure(values, places, title="强度"))
    assert "无定义或无数据（2）" in said


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda v: v.rename({"310001": "999999"}), "E-MAP-03"),
        (lambda v: v.replace(1.0, math.inf), "E-MAP-05"),
        (lambda v: v.astype(object).replace(1.0, "多"), "E-MAP-05"),
        (lambda v: pd.concat([v, v]), "E-KEY-01"),
    ],
    ids=["unknown place", "infinite", "text", "twice"],
)
def test_values_that_cannot_be_drawn_are_refused(change, code) -> None:
    values, places = squares([1.0, 2.0])
    with pytest.raises(InputError, match=code):
        measure_figure(change(values), places, title="强度")


@pytest.mark.parametrize(
    "options", [{"classes": 0}, {"classes": True}, {"scheme": "jenks"}, {"lang": "fr"}]
)
def test_unknown_options_are_refused(options) -> None:
    values, places = squares([1.0, 2.0])
    with pytest.raises(InputError):
        measure_figure(values, places, title="强度", **options)


def test_categories_have_the_colours_of_the_interactive_map_and_their_counts() -> None:
    kinds, places = squares([0.0, 0.0, 0.0])
    kinds = pd.Series(["a", "b", "a"], index=kinds.index)
    figure = category_figure(
        kinds, places, title="类型", labels={"a": "甲类", "b": "乙类", "c": "丙类"}
    )
    assert {"甲类（2）", "乙类（1）", "丙类（0）"} <= set(texts(figure))
    # the first three colours of categories, as test_category_map holds for the screen
    assert [fills(figure).count(c) for c in ("#efa74f", "#a383df", "#3f9f84")] == [3, 2, 1]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"labels": {"a": "甲"}}, "E-MAP-07"),
        ({"labels": {"a": "甲", "b": "乙"}, "colours": {"x": "#ffffff"}}, "E-MAP-07"),
        ({"labels": {"a": "甲", "b": "乙"}, "colours": {"a": "red"}}, "E-MAP-08"),
        ({"labels": {k: k for k in "abcdefghi"}}, "E-MAP-09"),
    ],
)
def test_categories_that_do_not_fit_are_refused(options, code) -> None:
    _, places = squares([0.0, 0.0])
    with pytest.raises(InputError, match=code):
        category_figure(pd.Series(["a", "b"], index=places.index), places, title="类型", **options)


def test_places_without_a_polygon_are_refused_by_name() -> None:
    values, places = squares([1.0, 2.0])
    places.loc["310002", "geometry"] = shapely.Point(121, 31)
    with pytest.raises(InputError, match="310002") as caught:
        measure_figure(values, places, title="强度")
    assert [f.code for f in caught.value.findings] == ["E-MAP-01"]
    with pytest.raises(InputError, match="E-MAP-02"):
        measure_figure(values.iloc[:0], places.iloc[:0], title="强度")


def test_the_inputs_stay_as_they_are() -> None:
    plan, places = case("jiading-2023")
    before = places.copy()
    plan_figure(plan, places)
    measure_figure(places["area_official_km2"], places, title="面积")
    pd.testing.assert_frame_equal(pd.DataFrame(places), pd.DataFrame(before))


def test_the_settings_of_matplotlib_neither_change_nor_matter() -> None:
    values, places = squares([1.0, 2.0, 3.0])
    plain = render(measure_figure(values, places, title="强度 $x$"), ".png", dpi=60)
    odd = {
        "text.usetex": True,
        "text.parse_math": True,
        "font.size": 40,
        "font.family": "serif",
        "axes.facecolor": "red",
        "patch.linewidth": 9,
        "lines.linewidth": 9,
        "savefig.bbox": "tight",
        "figure.autolayout": True,
    }
    with mpl.rc_context(odd):
        before = dict(mpl.rcParams)
        assert render(measure_figure(values, places, title="强度 $x$"), ".png", dpi=60) == plain
        assert dict(mpl.rcParams) == before


def test_nothing_but_the_figures_loads_matplotlib() -> None:
    code = (
        "import sys, siting, siting.export, siting.maps, siting.plan, siting.colours\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import siting.figures\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_a_label_point_that_is_given_is_where_the_name_goes() -> None:
    places = row_of_squares(["甲"]).assign(label_lon=121.004, label_lat=31.015)
    land = ground(places, lang="zh")
    spot = crs.to_metric(gpd.GeoSeries([shapely.Point(121.004, 31.015)], crs=4326))[0]
    assert land.points[0] == pytest.approx((spot.x, spot.y))
    bare = ground(places.assign(label_lon=np.nan), lang="zh")
    assert land.shapes[0].contains(shapely.Point(bare.points[0]))


def test_the_check_of_overlaps_finds_one() -> None:
    page = Page(A4)
    page.text((100, 100), "浦东新区", 9, where="test")
    page.text((110, 102), "闵行区", 9, where="test")
    page.text((100, 200), "嘉定区", 9, where="test")
    assert overlapping(page.figure) == [("浦东新区", "闵行区")]
    assert len(extents(page.figure)) == 3


@pytest.mark.parametrize("ground_", [NEUTRAL, PAPER, *ramp(9)])
def test_names_and_zones_read_on_every_shade(ground_) -> None:
    assert contrast(INK, ground_) >= 4.5
    assert contrast(ZONE_INK, ground_) >= 4.5
    assert contrast(GREY, PAPER) >= 4.5
