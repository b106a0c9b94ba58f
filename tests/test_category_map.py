"""Maps of categories: one colour each, all of them in the legend, nothing ranked and nothing lost."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from siting.colours import CATEGORIES, NEUTRAL, ramp
from siting.errors import InputError
from siting.export import save_html
from siting.maps import category_map
from siting.places import read_places
from tests.browser import chromium, complaints, requests, visit
from tests.small_maps import row_of_squares
from tests.test_maps import SIGHTS, contrast, lab, linear

LABELS = {"both": "市、区都列", "city": "只有市级", "none": "都没有"}


def kinds() -> pd.Series:
    return pd.Series({"310003": "city", "310001": "both", "310002": "both"})


def places() -> gpd.GeoDataFrame:
    return row_of_squares(["甲区", "乙区", "丙区", "丁区"])


def scene(categories: pd.Series | None = None, **options: object) -> dict:
    given = {"title": "对照", "labels": LABELS, **options}
    drawn = category_map(kinds() if categories is None else categories, places(), **given)
    return next(c.scene for c in drawn._children.values() if hasattr(c, "scene"))


def test_each_place_has_the_colour_of_its_category_matched_by_code() -> None:
    found = scene()
    fills = [found["classes"][place["kind"]] for place in found["places"]]
    assert [one["fill"] for one in fills[:3]] == [CATEGORIES[0], CATEGORIES[0], CATEGORIES[1]]
    assert fills[3]["hatch"]
    said = [place["card"]["rows"][0]["text"] for place in found["places"]]
    assert said == ["市、区都列", "市、区都列", "只有市级", "无数据"]


def test_the_legend_has_every_category_in_the_order_given_with_its_places() -> None:
    (legend,) = scene()["legends"]
    assert [item["label"] for item in legend["items"]] == [
        "市、区都列（2）",
        "只有市级（1）",
        "都没有（0）",
        "无定义或无数据（1）",
    ]
    assert "没有高低之分" in legend["rule"]
    full = scene(pd.Series("both", index=places().index))
    assert not any(item.get("hatch") for item in full["legends"][0]["items"])


def test_a_place_without_a_category_says_why() -> None:
    categories = pd.Series({"310001": "both", "310004": None})
    categories.attrs["undefined"] = {"310004": "规划没有写到"}
    found = scene(categories)
    assert found["places"][3]["card"]["rows"][0]["text"] == "规划没有写到"
    assert found["legends"][0]["items"][-1]["detail"] == "无数据；规划没有写到"


def test_remarks_stand_in_the_tooltip_of_their_place_alone() -> None:
    found = scene(notes=pd.Series({"310002": "条款 二（一）1", "310003": None, "310001": ""}))
    assert [p["card"]["rows"][0]["lines"] for p in found["places"]] == [
        [], ["条款 二（一）1"], [], [],
    ]  # fmt: skip


def test_the_map_says_what_it_is_as_the_others_do() -> None:
    found = scene(source="两份规划")
    assert found["title"] == "对照（示意图）"
    assert found["subtitles"] == ["区划口径：2023"]
    assert found["notes"][0] == "数据：两份规划"
    assert found["review"].startswith("审图号")
    english = scene(lang="en", labels={"both": "both", "city": "city", "none": "none"})
    assert english["title"] == "对照 (sketch map)"
    assert english["places"][0]["name"] == "Place 1"


def test_given_colours_are_used_and_the_others_keep_clear_of_them() -> None:
    found = scene(colours={"city": CATEGORIES[0].upper()})
    assert [one["fill"] for one in found["classes"][:3]] == [
        CATEGORIES[1],
        CATEGORIES[0],
        CATEGORIES[2],
    ]


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_stay_apart_for_every_kind_of_sight(sight: str) -> None:
    seen = [lab(np.array(SIGHTS[sight]) @ linear(c)) for c in (*CATEGORIES, "#f4f4f4", NEUTRAL)]
    for count, least in ((5, 23), (len(CATEGORIES), 20)):
        apart = [np.linalg.norm(a - b) for a, b in combinations(seen[:count], 2)]
        assert min(apart) > least
    # and clear of the ground of the hatch and of what is in no class
    assert min(np.linalg.norm(a - b) for a in seen[:-2] for b in seen[-2:]) > 12


def test_names_can_be_read_on_every_colour() -> None:
    assert min(contrast(colour, "#1b1b1b") for colour in CATEGORIES) > 4.5
    assert not set(CATEGORIES) & set(ramp(5))


@pytest.mark.parametrize(
    ("options", "bad"),
    [
        ({"labels": {"both": "x"}}, ["city"]),
        ({"colours": {"both": "red;}"}}, ["both: red;}"]),
        ({"colours": {"gone": "#112233"}}, ["gone"]),
        ({"notes": pd.Series({"999999": "x"})}, ["999999"]),
        ({"labels": {**LABELS, **{str(i): str(i) for i in range(6)}}}, ["9"]),
    ],
)
def test_what_does_not_fit_together_is_named(options: dict, bad: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        scene(**options)
    assert [finding.value for finding in caught.value.findings] == bad


def test_places_that_are_not_there_or_twice_are_named() -> None:
    with pytest.raises(InputError, match="999999"):
        scene(pd.Series({"999999": "both"}))
    with pytest.raises(InputError, match="310001"):
        scene(pd.Series(["both", "city"], index=["310001", "310001"]))


def test_more_categories_than_colours_are_taken_if_all_have_one() -> None:
    labels = {**LABELS, **{str(i): str(i) for i in range(6)}}
    given = {key: f"#{40 + i}{40 + i}{40 + i}" for i, key in enumerate(labels)}
    assert len(scene(labels=labels, colours=given)["classes"]) == 10


def test_nothing_given_is_changed_and_the_same_map_has_the_same_bytes(tmp_path: Path) -> None:
    towns, labels = read_places("town"), dict(LABELS)
    categories = pd.Series("both", index=towns.index)
    kept = categories.copy()
    pages = [
        save_html(
            category_map(categories, towns, title="对照", labels=labels), tmp_path / f"{i}.html"
        ).read_bytes()
        for i in range(2)
    ]
    assert pages[0] == pages[1]
    assert categories.equals(kept)
    assert labels == LABELS


@pytest.mark.browser
def test_a_category_map_draws_and_speaks_in_a_browser(tmp_path: Path) -> None:
    drawn = category_map(
        kinds(), places(), title="对照", labels=LABELS, notes=pd.Series({"310002": "条款 二"})
    )
    target = save_html(drawn, tmp_path / "map.html")
    with chromium() as window:
        visit(window, target)
        js = window.execute_script
        assert js("return document.documentElement.dataset.drawn") == "yes"
        shown = "return [...document.querySelectorAll('.leaflet-interactive[role=button]')]"
        fills = js(f"{shown}.map((p) => p.getAttribute('fill'))")
        assert fills[:4] == [CATEGORIES[0], CATEGORIES[0], CATEGORIES[1], "url(#hatch)"]
        js(
            f"{shown.removeprefix('return ')}[1]"
            ".dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
        )
        said = js("return document.querySelector('.kept .card').textContent")
        assert "乙区" in said
        assert "市、区都列" in said
        assert "条款 二" in said
        legend = js("return document.querySelector('.legend').textContent")
        assert "都没有（0）" in legend
        assert requests(window) == []
        assert complaints(window) == []
