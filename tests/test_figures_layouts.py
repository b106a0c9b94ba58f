"""A layout on the screen and in print: the same marks and words for every model, and what both refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from siting import crs
from siting.cartography import LINK, SERVICE_FILLS, SIGNS, ZONE, ZONE_INK
from siting.errors import InputError
from siting.figures import layout_figure, scenario_figure
from siting.figures.page import PAPER
from siting.layout import (
    Layout,
    assign_zones,
    max_coverage,
    p_center,
    p_median,
    set_coverage,
)
from siting.maps import layout_map
from siting.maps.page import page
from siting.robustness import importance, near_optima
from siting.schema import Lang
from tests.drawn import boxes, fills, off_page, overlapping, texts
from tests.small_maps import row_of_squares

PLACES = row_of_squares(["甲", "乙", "丙", "丁"])
A, B, C, D = PLACES.index
ROAD = np.array([0.0, 1900, 3800, 5700])  # m from the first, about the side of a square each
FAR = pd.DataFrame(np.abs(ROAD[:, None] - ROAD), PLACES.index, PLACES.index)
PEOPLE = pd.Series([10.0, 20, 30, 40], PLACES.index)
MODELS: dict[str, tuple[Layout, dict[str, Any]]] = {
    "p_median": (p_median(FAR, 2, weights=PEOPLE), {}),
    "max_coverage": (max_coverage(FAR, 2000, 1, weights=PEOPLE), {"radius_m": 2000}),
    "set_coverage": (set_coverage(FAR, 2000), {"radius_m": 2000}),
    "p_center": (p_center(FAR, 1), {}),
    "capacitated": (p_median(FAR, 2, weights=PEOPLE, capacity=dict.fromkeys(FAR, 60.0)), {}),
    "existing": (p_median(FAR, 1, weights=PEOPLE, existing=[A]), {}),
}


def lines(figure: Figure) -> list[np.ndarray]:
    """Return the corners of each line that has the colour of links."""
    return [
        np.array(path.vertices)
        for made in figure.axes[0].collections
        if isinstance(made, LineCollection) and to_hex(made.get_color()[0]) == LINK
        for path in made.get_paths()
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("model", MODELS)
def test_a_layout_of_every_model_is_printed_with_all_that_a_map_says(
    model: str, lang: Lang
) -> None:
    layout, more = MODELS[model]
    figure = layout_figure(
        layout, PLACES, demand=PEOPLE, distance=FAR, lang=lang, source="X", **more
    )
    written = texts(figure)
    zh = lang == "zh"
    assert ("先导区布局（示意图）" if zh else "Layout of leading zones (sketch map)") in written
    assert any(("已证明最优" if zh else "Proven optimal") in one for one in written)
    assert any("审图号" in one for one in written)
    assert ("北" if zh else "N") in written
    assert any(("数据：X" if zh else "Figures: X") in one for one in written)
    assert any(("千米" if zh else " km") in one for one in written)
    assert overlapping(figure) == []
    assert off_page(figure) == []


@pytest.mark.parametrize("model", MODELS)
def test_print_and_screen_say_the_same_of_what_is_served(model: str) -> None:
    layout, more = MODELS[model]
    given: dict[str, Any] = {"demand": PEOPLE, "distance": FAR, **more}
    written = texts(layout_figure(layout, PLACES, **given))
    scene = layout_map(layout, PLACES, **given).scene
    (legend,) = scene["legends"]
    for item in legend["items"]:
        assert item["label"] in written
        assert item.get("detail", "") in ["", *written]
    shown = [one["name"] for one in scene["zones"]]
    assert shown == [PLACES.loc[one, "name_zh"] for one in (*layout.sites, *layout.existing)]


def test_demand_is_told_served_and_unserved_with_its_share() -> None:
    # One site within 2 km of the most people: 丙 or 丁 reach 70 and 90; with 丙 only 甲, 10, is left.
    layout, more = MODELS["max_coverage"]
    assert layout.sites == [C]
    written = texts(layout_figure(layout, PLACES, demand=PEOPLE, distance=FAR, **more))
    assert "选为先导区（1）" in written
    assert "需求 30（30%）" in written
    assert "由先导区服务（2）" in written
    assert "需求 60（60%）" in written
    assert "未被服务（1）" in written
    assert "需求 10（10%）" in written
    assert {"10", "20", "30", "40"} <= set(written)  # below the names


def test_what_lies_beyond_the_radius_is_not_served_without_a_table_of_distances_too() -> None:
    layout, _ = MODELS["max_coverage"]
    assert "未被服务（1）" in texts(layout_figure(layout, PLACES))
    kinds = [one["kind"] for one in layout_map(layout, PLACES).scene["places"]]
    assert kinds == [2, 1, 0, 1]


def test_a_line_leads_from_each_place_to_the_site_that_serves_it() -> None:
    layout, _ = MODELS["p_center"]
    (site,) = layout.sites
    drawn = lines(layout_figure(layout, PLACES))
    assert len(drawn) == len(PLACES) - 1
    ends = {tuple(np.round(line[1], 6)) for line in drawn}
    assert len(ends) == 1
    assert PLACES.index.get_loc(site) in (1, 2)


def test_the_circle_of_reach_has_the_radius_that_was_given() -> None:
    layout, _ = MODELS["p_center"]
    figure = layout_figure(layout, PLACES, radius_m=1500.0)
    dashes = np.vstack([line for line in lines(figure) if len(line) == 3])
    # against the side of a square in the same projection, as it is drawn: the land is four wide
    west, _, east, _ = crs.to_metric(PLACES).total_bounds
    land = np.vstack([p.get_path().vertices for p in figure.axes[0].patches if _square(p)])
    scale = np.ptp(land[:, 0]) / (east - west)
    assert np.ptp(dashes[:, 0]) / scale == pytest.approx(3000, rel=1e-9)


def _square(patch: Any) -> bool:
    """Tell whether a shape on the page is a place: filled as one that is chosen or served."""
    return isinstance(patch, PathPatch) and to_hex(patch.get_facecolor()) in SERVICE_FILLS[:2]


def test_core_swing_and_existing_sites_have_marks_of_their_own() -> None:
    layout = p_median(FAR, 2, weights=PEOPLE, existing=[A])
    first, second = layout.sites
    firmness = pd.Series({first: 1.0, second: 0.5})
    figure = layout_figure(layout, PLACES, firmness=firmness)
    # full: the core diamond and the existing square, on the map and in the legend
    assert fills(figure).count(ZONE) == 2 * 2
    written = texts(figure)
    for said in ("核心：接近最优的方案全都选它", "摇摆：接近最优的方案不全选它", "已建成"):
        assert said in written
    scene = layout_map(layout, PLACES, firmness=firmness).scene
    assert [one["mark"] for one in scene["zones"]] == ["chosen", "swing", "existing"]
    signs = [item["sign"] for item in scene["legends"][0]["items"] if "sign" in item]
    assert signs == [SIGNS["chosen"], SIGNS["swing"], SIGNS["existing"]]


def test_swing_zones_have_hollow_signs_on_the_screen_and_in_print() -> None:
    scores = pd.DataFrame({"x": [3.0, 2, 0, 0]}, PLACES.index)
    layout = assign_zones(scores, 2)
    firmness = pd.Series(
        [1.0, 0.5], pd.MultiIndex.from_tuples([(A, "x"), (B, "x")], names=["a", "b"])
    )
    drawn = layout_map(layout, PLACES, firmness=firmness).scene
    assert [place["swing"] for place in drawn["places"]] == [[], [0], [], []]
    note = "空心的集群符号为摇摆：接近最优的方案不全把先导区设在那里；实心的为核心"
    assert note in drawn["notes"]
    assert note in texts(layout_figure(layout, PLACES, firmness=firmness))
    certain = layout_map(layout, PLACES).scene
    assert [place["swing"] for place in certain["places"]] == [[], [], [], []]
    assert note not in certain["notes"]


def test_the_page_and_the_print_have_one_set_of_colours_for_marks() -> None:
    text = page(layout_map(MODELS["p_median"][0], PLACES))
    assert f".zone-sign {{ fill: {ZONE};" in text
    assert f"color: {ZONE_INK};" in text
    assert f".diamond {{ flex: none; width: 17px; color: {ZONE};" in text


def test_a_site_that_is_a_place_is_named_once() -> None:
    layout, _ = MODELS["p_median"]
    written = texts(layout_figure(layout, PLACES), rimmed=True)
    assert sorted(one for one in written if one in "甲乙丙丁") == ["丁", "丙", "乙", "甲"]
    assert {one["label"] for one in layout_map(layout, PLACES).scene["zones"]} == {""}


def test_sites_that_are_no_places_are_drawn_where_they_lie_with_their_names() -> None:
    parks = pd.DataFrame(
        {"name_zh": ["东园", "西园"], "lon": [121.07, 121.01], "lat": 31.01}, index=["e", "w"]
    )
    far = pd.DataFrame({"e": [3.0, 2, 1, 0], "w": [0.0, 1, 2, 3]}, PLACES.index)
    named = parks.assign(name_en=["East Park", None])
    spots = layout_map(p_median(far, 2), PLACES, sites=named).scene["zones"]
    assert [(one["name"], one["keys"]) for one in spots] == [  # by which they are found, too
        ("东园", ["East Park", "e"]),
        ("西园", ["w"]),
    ]
    figure = layout_figure(p_median(far, 2), PLACES, sites=parks)
    assert {"东园", "西园"} <= set(texts(figure, rimmed=True))
    assert fills(figure).count(ZONE) == 2 + 1  # two diamonds, and the one of the legend


POINTS = pd.DataFrame(
    {
        "name_zh": ["甲", "乙", "园"],
        "name_en": ["A", "B", "Park"],
        "place_id": [A, B, A],
        "lon": [121.005, 121.025, 121.012],
        "lat": 31.01,
        "clause": ["", "", "三（二）"],
    },
    index=[A, B, "park"],
)
# Four zones: 丑 and 寅 in 甲, 寅 in 乙, and the park, which lies in 甲, with 丑.
MARKED = assign_zones(
    pd.DataFrame({"x": [3.0, -9, 2], "y": [3.0, 2, -9]}, POINTS.index).where(lambda one: one > 0),
    4,
    per_place={A: 2, B: 1, "park": 1},
)
LEADS = pd.DataFrame({"name_zh": ["丑", "寅"], "name_en": ["Ox", "Tiger"]}, ["x", "y"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_zone_has_one_mark_a_sign_in_its_place_or_a_point(lang: Lang) -> None:
    more: dict[str, Any] = {"clusters": LEADS, "sites": POINTS, "lang": lang}
    scene = layout_map(MARKED, PLACES, **more).scene
    assert [place["kind"] for place in scene["places"]] == [3, 1, 0, 0]  # the park counts in 甲
    assert [place["signs"] for place in scene["places"]] == [[0, 1], [1], [], []]
    assert len(scene["zones"]) + sum(len(one["signs"]) for one in scene["places"]) == 4
    figure = layout_figure(MARKED, PLACES, **more)
    written = texts(figure)
    letters = ["丑", "寅"] if lang == "zh" else ["O", "T"]
    names = LEADS["name_zh" if lang == "zh" else "name_en"]
    legend = len(letters) + sum(name in letters for name in names)  # its signs, and short names
    signs = sum(one in letters for one in written) - legend
    points = fills(figure).count(ZONE) - 1  # without the one of the legend
    assert (signs, points) == (3, 1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_map_and_print_say_alike_what_the_points_of_zones_are(lang: Lang) -> None:
    def said(sites: pd.DataFrame) -> tuple[str, str, list[str], list[str]]:
        more: dict[str, Any] = {"clusters": LEADS, "sites": sites, "lang": lang}
        scene = layout_map(MARKED, PLACES, **more).scene
        (legend,), (zone,) = scene["legends"], scene["zones"]
        figure = layout_figure(MARKED, PLACES, **more)
        return scene["words"]["zones"], legend["rule"], texts(figure), [zone["label"]]

    zh = lang == "zh"
    mark, rule, written, labels = said(POINTS)
    named = "文件点名的先导区（固定，示意点位）"
    assert mark == (named if zh else "Zones that the document names (fixed, approximate points)")
    assert ("含点名的先导区" if zh else "named ones included") in rule
    assert labels == ["园（丑）" if zh else "Park (O)"]  # its lead cluster, as it has no sign
    joined = "".join("".join(written).split())  # lines end where they are full
    assert all("".join(one.split()) in joined for one in (mark, rule, *labels))
    # A point without a clause is no zone that a document names.
    mark, rule, written, _ = said(POINTS.assign(clause=""))
    assert mark == ("选中的先导区（点位）" if zh else "Chosen zones (points)")
    assert ("含点位" if zh else "points included") in rule
    assert mark in written


LAYOUT = MODELS["p_median"][0]
ZONES = assign_zones(pd.DataFrame({"x": [3.0, 2, 0, 0]}, PLACES.index), 2)
WRONG: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "layout": (3, PLACES, {}),
    "places": (LAYOUT, 3, {}),
    "places: no outlines": (LAYOUT, pd.DataFrame(PLACES.drop(columns="geometry")), {}),
    "clusters": (ZONES, PLACES, {"clusters": 3}),
    "clusters: no names": (ZONES, PLACES, {"clusters": pd.DataFrame({"a": [1]}, ["x"])}),
    "sites": (LAYOUT, PLACES, {"sites": [1, 2]}),
    "sites: no lon lat": (LAYOUT, PLACES, {"sites": pd.DataFrame({"name_zh": ["a"]})}),
    "demand": (LAYOUT, PLACES, {"demand": {A: 1.0}}),
    "demand: words": (LAYOUT, PLACES, {"demand": pd.Series({A: "much"})}),
    "distance": (LAYOUT, PLACES, {"distance": 3}),
    "firmness": (LAYOUT, PLACES, {"firmness": 0.5}),
    "firmness: words": (LAYOUT, PLACES, {"firmness": pd.Series({A: "maybe"})}),
    "radius_m": (LAYOUT, PLACES, {"radius_m": "far"}),
    "radius_m: below 0": (LAYOUT, PLACES, {"radius_m": -1.0}),
}


@pytest.mark.parametrize("draw", [layout_map, layout_figure])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_layout_table_or_number_is_refused_in_words(what: str, draw: Any) -> None:
    layout, places, given = WRONG[what]
    with pytest.raises(InputError) as caught:
        draw(layout, places, **given)
    (finding,) = caught.value.findings
    assert finding.code == "E-MAP-15"
    assert finding.column == what.split(":", maxsplit=1)[0]


@pytest.mark.parametrize("draw", [layout_map, layout_figure])
def test_all_that_is_wrong_is_told_at_once(draw: Any) -> None:
    with pytest.raises(InputError) as caught:
        draw(3, 4, sites=5, radius_m=0)
    assert [one.column for one in caught.value.findings] == [
        "layout",
        "places",
        "sites",
        "radius_m",
    ]


@pytest.mark.parametrize("draw", [layout_map, layout_figure])
def test_places_that_lack_a_chosen_site_or_a_demand_are_refused(draw: Any) -> None:
    some = PLACES.drop(index=[C])
    with pytest.raises(InputError) as caught:
        draw(MODELS["max_coverage"][0], some)
    assert [(one.code, one.value) for one in caught.value.findings] == [("E-MAP-03", C)]
    with pytest.raises(InputError) as caught:
        draw(MODELS["max_coverage"][0], PLACES.drop(index=[A]))
    assert [(one.code, one.value) for one in caught.value.findings] == [("E-MAP-03", A)]


@pytest.mark.parametrize("draw", [layout_map, layout_figure])
def test_distances_that_lack_a_chosen_site_are_refused(draw: Any) -> None:
    with pytest.raises(InputError) as caught:
        draw(MODELS["max_coverage"][0], PLACES, distance=FAR.drop(columns=[C]))
    assert {one.code for one in caught.value.findings} == {"E-MAP-16"}
    assert len(caught.value.findings) == len(PLACES)


def test_certainty_may_be_given_as_shares_or_as_what_importance_says_of_a_site() -> None:
    layout = p_median(FAR, 2, weights=PEOPLE)
    shares, kinds = near_optima(layout, within=0.2).frequency, importance(layout, within=0.2)
    assert set(kinds.loc[layout.sites, "kind"]) == {"core", "swing"}
    by_share = layout_map(layout, PLACES, firmness=shares).scene
    by_kind = layout_map(layout, PLACES, firmness=kinds["kind"]).scene
    assert [one["mark"] for one in by_share["zones"]] == [one["mark"] for one in by_kind["zones"]]
    assert by_share["legends"] == by_kind["legends"]
    printed = texts(layout_figure(layout, PLACES, firmness=kinds["kind"]))
    assert printed == texts(layout_figure(layout, PLACES, firmness=shares))


SITED = {"四公里": p_median(FAR, 1, weights=PEOPLE), "两处": p_median(FAR, 2, weights=PEOPLE)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_scenarios_stand_side_by_side_with_what_only_one_has(lang: Lang) -> None:
    figure = scenario_figure(SITED, PLACES, demand=PEOPLE, lang=lang, source="X")
    written = texts(figure)
    # One site for all: 丙, for 20 x 1 + 30 x 0 + 40 x 1 + 10 x 2 squares; two: 乙 and 丁 as above.
    assert [one.sites for one in SITED.values()] == [[C], [B, D]]
    only = (
        ["只在此情景：丙", "只在此情景：乙、丁"]
        if lang == "zh"
        else [f"Only in this scenario: {one}" for one in ("Place 3", "Place 2, Place 4")]
    )
    for said in (*SITED, *only):
        assert said in written
    assert sum("审图号" in one for one in written) == 1
    assert written.count("北" if lang == "zh" else "N") == 2
    assert overlapping(figure) == []
    assert off_page(figure) == []


def test_as_many_zones_have_the_same_shade_in_every_scenario() -> None:
    scores = pd.DataFrame({"x": [3.0, 2, 0, 0], "y": [3.0, 1, 0, 0]}, PLACES.index)
    two = assign_zones(scores, 2, per_place=2)  # both in 甲
    one = assign_zones(scores, 2, per_cluster=1)  # one in 甲, one in 乙
    alone = fills(layout_figure(one, PLACES))
    both = fills(scenario_figure({"one": one, "two": two}, PLACES))
    assert "#9abfdc" in alone  # the only shade of `ramp(1)`
    assert "#9abfdc" not in both
    light, dark = "#d6e6f2", "#5b91bd"  # of `ramp(2)`: 2 places and its line; 1 place and its line
    assert (both.count(light), both.count(dark)) == (2 + 1 + 1, 1 + 1)
    names = texts(scenario_figure({"one": one, "two": two}, PLACES))
    assert "只在此情景：乙·x" in names or "只在此情景：乙·y" in names


def test_the_maps_are_as_large_whatever_is_said_above_them() -> None:
    # a line has room for some 50 hanzi: 丙 alone takes one, 乙 and 丁 take two
    long = PLACES.assign(name_zh=[f"{one}{'很长的地名' * 6}" for one in "甲乙丙丁"])
    figure = scenario_figure(SITED, long)
    one, two = [round(box[3] - box[1], 3) for box in boxes(figure, PAPER) if box[3] - box[1] > 99]
    assert one == two


@pytest.mark.parametrize("layouts", [{"A": LAYOUT}, dict.fromkeys("ABCD", LAYOUT), [LAYOUT] * 2])
def test_a_page_takes_two_or_three_scenarios(layouts: Any) -> None:
    with pytest.raises(InputError) as caught:
        scenario_figure(layouts, PLACES)
    assert [one.code for one in caught.value.findings] == ["E-FIG-16"]
