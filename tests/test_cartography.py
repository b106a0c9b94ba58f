"""What maps on the screen and in print have in common is made once, and both show it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting import crs
from siting.cartography import (
    WORDS,
    Held,
    chosen_zones,
    label_points,
    measured,
    names,
    reasons,
    simplified,
    small_places,
    source_notes,
    stack_lines,
    unknown_places,
)
from siting.errors import InputError
from siting.figures import layout_figure
from siting.figures import words as print_words
from siting.maps import layout_map
from siting.maps import words as screen_words
from siting.schema import Lang
from tests.drawn import texts
from tests.small_maps import row_of_squares, small_plan


def test_screen_and_print_say_the_shared_words_alike() -> None:
    for key in WORDS:
        assert screen_words._WORDS[key] is print_words._WORDS[key] is WORDS[key], key


@pytest.mark.parametrize(
    "words", [screen_words._WORDS, print_words._WORDS], ids=["screen", "print"]
)
def test_every_text_is_in_both_languages_and_the_english_asks_for_no_other_part(
    words: dict,
) -> None:
    for key, both in words.items():
        assert all(both), key
        zh, en = ({part.split("}")[0] for part in text.split("{")[1:]} for text in both)
        assert en <= zh, key


def test_a_part_that_looks_like_a_blank_is_only_text() -> None:
    assert screen_words.word("counted", "zh", text="{count}", count=2) == "{count}（2）"


@pytest.mark.parametrize(("lang", "said"), [("zh", "缺数"), ("en", "no figures")])
def test_a_reason_may_be_given_in_both_languages(lang: Lang, said: str) -> None:
    values = pd.Series({"310001": np.nan, "310002": 1.0})
    values.attrs["undefined"] = {"310001": ("缺数", "no figures")}
    assert reasons(values, values.index, lang)[0] == said
    found = measured(
        values, row_of_squares(["甲", "乙"]), title="份额", unit="", classes=5, scheme="quantile",
        lang=lang,
    )  # fmt: skip
    assert found.texts == [said, "1"]
    assert found.undefined is not None
    assert found.undefined[1] == said


def test_small_places_close_together_are_enlarged_and_others_are_not() -> None:
    # a square of 100 km side and three of 5 km side: 25 of 10,075 km2 is 0.25 % each
    whole = shapely.box(0, 0, 100_000, 100_000)
    near = [shapely.box(110_000 + 6_000 * i, 0, 115_000 + 6_000 * i, 5_000) for i in range(3)]
    assert small_places([whole, *near]) == [1, 2, 3]
    assert small_places([whole, *near[:2]]) == []
    # 110 km to 195 km: 85 km wide, of 195 km in all, is more than 1 / 2.5
    far = [shapely.box(110_000 + 40_000 * i, 0, 115_000 + 40_000 * i, 5_000) for i in range(3)]
    assert small_places([whole, *far]) == []


def test_neighbours_keep_their_shared_border_when_it_is_simplified() -> None:
    # bends of some 120 m, drawn; a thousandth of 100 km is 100 m
    drawn = np.random.default_rng(0).normal(50_000, 120, 101)
    bend = [(x, y * 1_000.0) for y, x in enumerate(drawn)]
    left = shapely.Polygon([(0, 0), *bend, (0, 100_000)])
    right = shapely.Polygon([*bend[40:], (100_000, 100_000), (100_000, 0), *bend[:40]])
    frame = gpd.GeoDataFrame(geometry=[left, right], crs=crs.METRIC)
    one, other = simplified(frame, 1000)
    assert len(shapely.get_coordinates(one)) < len(bend)
    assert shapely.area(shapely.intersection(one, other)) == 0
    assert shapely.union(one, other).area == pytest.approx(1e10)


def test_a_name_goes_to_its_label_point_or_into_its_place() -> None:
    places = row_of_squares(["甲", "乙"])
    places["label_lon"], places["label_lat"] = [121.001, np.nan], [31.002, np.nan]
    given, inside = label_points(places)
    assert (given.x, given.y) == (121.001, 31.002)
    assert places.geometry.iloc[1].contains(inside)


def test_names_fall_back_to_chinese_where_there_is_no_other() -> None:
    assert names(row_of_squares(["甲", "乙"], english=["Jia", " "]), "en") == ["Jia", "乙"]


def test_the_source_of_the_numbers_stands_before_that_of_the_places() -> None:
    places = row_of_squares(["甲"])
    places.attrs["sources"] = ["我的边界.geojson"]
    assert source_notes(places, "zh", source="普查") == ["数据：普查", "资料来源：我的边界.geojson"]


def test_the_same_number_of_clusters_has_the_same_shade_on_every_map_of_a_plan() -> None:
    few, _ = stack_lines([1, 1], ["甲", "乙"], 5, "zh")
    many, _ = stack_lines([5, 1], ["甲", "乙"], 5, "zh")
    assert few == many


class _Layout:
    sites: tuple[tuple[str, str], ...] = (("a", "x"), ("310001", "y"))
    status = "optimal"


def test_a_zone_lies_in_the_place_that_the_table_of_sites_gives() -> None:
    sites = pd.DataFrame({"place_id": ["310002"], "lon": [121.0], "lat": [31.0]}, index=["a"])
    places, clusters = pd.Index(["310001", "310002"]), pd.Index(["x", "y"])
    held = chosen_zones(_Layout(), places, clusters, sites)
    assert held == [Held("a", "310002", "x"), Held("310001", "310001", "y")]
    assert [one.is_point(sites, places) for one in held] == [True, False]


def test_a_layout_of_unknown_places_and_clusters_is_stopped_with_every_case() -> None:
    with pytest.raises(InputError) as caught:
        chosen_zones(_Layout(), pd.Index(["310001"]), pd.Index(["x"]), None)
    assert [one.value for one in caught.value.findings] == ["a", "y"]


def test_each_unknown_place_is_told_once() -> None:
    assert len(unknown_places(["q", "q", "r"], pd.Index(["r"]), "values")) == 1


def test_a_point_that_leads_two_clusters_is_one_mark_on_the_screen_and_in_print() -> None:
    places, plan = row_of_squares(["甲", "乙", "丙"]), small_plan()
    sites = pd.DataFrame(
        {
            "name_zh": ["先导"],
            "name_en": ["Lead Park"],
            "place_id": ["310002"],
            "lon": [121.03],
            "lat": [31.005],
        },
        index=["z"],
    )
    layout = _Layout()
    layout.sites = (("z", "future-health"), ("z", "future-intelligence"))
    given = {"clusters": plan.clusters, "sites": sites}
    scene = layout_map(layout, places, **given).scene
    (spot,) = scene["zones"]
    assert scene["words"]["search"] == "查找地区或先导区"
    assert [row["text"] for row in spot["card"]["rows"]] == ["未来健康", "未来智能"]
    assert spot["keys"] == ["Lead Park", "z"]  # what else finds it
    written = texts(layout_figure(layout, places, **given))
    # one mark, and the letters of both clusters beside its name
    assert spot["label"] == "先导（健、智）"
    assert written.count("先导（健、智）") == 1
    assert [place["signs"] for place in scene["places"]] == [[], [], []]
    # the legend says what the diamond is
    assert "选中的先导区（点位）" in written
