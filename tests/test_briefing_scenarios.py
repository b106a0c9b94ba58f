"""Scenarios on one page to print: where they are drawn together, and where each stands alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from siting.briefing.scenarios import _side_by_side
from siting.briefing.story import Picture
from siting.scenario import Answer, read_scenario, solve_scenario
from siting.schema import Lang
from tests.drawn import off_page, overlapping, texts

SHORT = "需求,浦东,闵行\n徐汇,15000,8000\n浦东,0,20000\n宝山,25000,30000\n"
ELSEWHERE = "需求,安亭,南翔\n安亭,0,9000\n外冈,5000,12000\n"
SCORES = "place,a\nnorth,8\nsouth,5\n"
NEAR, FAR = (
    'model = "p_median"\np = 1\ndistance = "d.csv"',
    'model = "p_center"\np = 1\ndistance = ',
)


def answers(folder: Path, *asked: str) -> list[Answer]:
    tables = {"d": SHORT, "e": ELSEWHERE, "s": SCORES}
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table, "utf-8")
    found = []
    for k, text in enumerate(asked):
        file = folder / f"{k}.toml"
        file.write_text(f'title = "情景{k}"\n{text}', "utf-8")
        found.append(solve_scenario(read_scenario(file)))
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_scenarios_of_the_same_places_are_one_picture_that_says_what_only_one_has(
    tmp_path: Path, lang: Lang
) -> None:
    # now: 15 + 0 + 25 km to 浦东, 8 + 20 + 30 to 闵行; later 徐汇 counts nine times: 135 + 25, 72 + 50
    later = NEAR + '\nweights = { "徐汇" = 9, "浦东" = 1, "宝山" = 1 }'
    (picture,) = _side_by_side(answers(tmp_path, NEAR, later), "对照", lang)
    assert isinstance(picture, Picture)
    assert picture.figure is not None
    figure = picture.figure()
    written = texts(figure)
    only = ("浦东新区", "闵行区") if lang == "zh" else ("Pudong New Area", "Minhang")
    head = "只在此情景：" if lang == "zh" else "Only in this scenario: "
    assert [one for one in written if one.startswith(head)] == [f"{head}{one}" for one in only]
    # one demand cannot stand on a map of both, where the weights differ
    assert not any("需求 " in one or "demand" in one for one in written)
    assert overlapping(figure) == []
    assert off_page(figure) == []


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param([NEAR] * 4, id="four"),
        pytest.param([NEAR, FAR + '"e.csv"'], id="other places"),
        pytest.param(['scores = "s.csv"\nn_zones = 1'] * 2, id="no places"),
        pytest.param([NEAR, 'case = "city"\nn_zones = 15'], id="sites and zones"),
    ],
)
def test_what_does_not_lie_on_one_ground_or_page_is_drawn_one_by_one(
    tmp_path: Path, asked: list[str]
) -> None:
    assert _side_by_side(answers(tmp_path, *asked), "对照", "zh") == []
