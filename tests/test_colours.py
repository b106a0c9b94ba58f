"""Colours are few, legible, and the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from siting import colours
from siting.briefing.plans import colour_alike, plan_chapter
from siting.briefing.story import Picture
from siting.colours import CATEGORIES, NEUTRAL, cluster_colours, ink, ramp, shared_colours
from siting.maps import plan_map, point_map
from siting.plan import Plan, read_plan
from siting.study import Study, study_plan
from tests.drawn import fills


def light(colour: str) -> float:
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_the_ratio_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("fill", [*CATEGORIES, NEUTRAL, *ramp(9)])
def test_dark_text_reads_on_every_fill(fill) -> None:
    assert contrast(fill, "#1b1b1b") >= 4.5


@pytest.mark.parametrize("colour", cluster_colours([f"c{i}" for i in range(12)]))
def test_the_letter_reads_on_the_colour_of_every_cluster(colour) -> None:
    assert contrast(colour, ink(colour)) >= 4.5


def test_the_sign_of_a_cluster_is_its_letter_on_its_fixed_colour() -> None:
    (sign,) = colours.cluster_signs(["future-energy"], ["未来能源"])
    assert (sign.letter, sign.colour) == ("未", cluster_colours(["future-energy"])[0])
    assert contrast(sign.colour, sign.ink) >= 4.5


def called(names: dict[str, str]) -> pd.DataFrame:
    """Return clusters as a plan has them."""
    return pd.DataFrame({"name_zh": list(names.values())}, index=list(names))


CITY = read_plan("shanghai-2022").clusters


def test_the_bundled_plans_have_together_the_colours_that_each_has_alone() -> None:
    for order in (CITY, CITY[::-1]):
        both = shared_colours(order, read_plan("jiading-2023").clusters)
        assert [both[key] for key in CITY.index] == cluster_colours(list(CITY.index))


def test_clusters_of_another_plan_have_colours_that_no_other_cluster_has() -> None:
    own = called({"lowalt": "低空经济", "bio": "生物制造", "ai": "人工智能"})
    for order in ((CITY, own), (own, CITY)):
        both = shared_colours(*order)
        assert len(set(both.values())) == 5 + 3
        assert [both[key] for key in CITY.index] == cluster_colours(list(CITY.index))
    two = shared_colours(own, called({"sea": "海洋", "ai2": "智能终端", "bio": "生物制造"}))
    assert len(two) == len(set(two.values())) == 5


def test_clusters_with_the_same_name_or_the_same_id_share_a_colour() -> None:
    own = called({"intelligence": "未来智能", "space": "低空", "future-energy": "新能源"})
    for order in ((CITY, own), (own, CITY)):
        both = shared_colours(*order)
        assert both["intelligence"] == both["future-intelligence"] == "#0b3a8f"
        assert both["future-energy"] == "#f4a02a"
        assert list(both.values()).count(both["space"]) == 1


def own_plan() -> Plan:
    """Return the plan of the district with clusters of another name and id."""
    plan = read_plan("jiading-2023")
    new = {"future-energy": "lowalt", "future-space": "bio"}
    named = {"lowalt": "低空经济", "bio": "生物制造"}
    clusters = plan.clusters.rename(index=new)
    clusters["name_zh"] = [named.get(key, name) for key, name in clusters["name_zh"].items()]
    frames: dict[str, Any] = {
        name: getattr(plan, name).replace({"cluster_id": new}) for name in ("fields", "assignments")
    }
    return replace(plan, id="own", clusters=clusters, **frames)


@pytest.fixture(scope="module")
def both() -> list[Study]:
    return colour_alike(study_plan("shanghai-2022"), study_plan(own_plan()))


def test_a_briefing_has_one_choice_of_colours_on_page_sheet_map_and_figure(
    both: list[Study],
) -> None:
    chapters = [plan_chapter(one, "zh", set(), number=i) for i, one in enumerate(both, 1)]
    said = [chapter.colours for chapter in chapters]
    shared = {"未来健康", "未来智能", "未来材料"}
    assert {key: said[0][key] for key in shared} == {key: said[1][key] for key in shared}
    for key in ("低空经济", "生物制造", "lowalt", "bio"):
        assert said[1][key] not in said[0].values()
    for chapter, study in zip(chapters, both, strict=True):
        drawn = [chapter.colours[key] for key in study.plan.clusters.index]
        scene = plan_map(study.plan, study.places).scene
        assert [one["colour"] for one in scene["clusters"]] == drawn
        for picture in chapter.blocks:
            if isinstance(picture, Picture) and picture.figure and "fields" not in picture.name:
                assert set(drawn) <= set(fills(picture.figure())), picture.name
    firms = pd.DataFrame({"lon": [121.2], "lat": [31.4], "kind": ["低空经济"]})
    own = both[1]
    dots = point_map(firms, own.places, title="企业", by="kind", clusters=own.plan.clusters).scene[
        "dots"
    ]
    (kind,) = dots["kinds"]
    assert dots["colours"][kind] == said[1]["低空经济"]


def test_the_choice_of_colours_changes_no_plan(both: list[Study]) -> None:
    assert both[1].plan == own_plan()
    assert own_plan().clusters.attrs == {}
