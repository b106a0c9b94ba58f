"""The two real cases of leading zones: conditions held, proofs checked against another way, words true."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from siting import tables
from siting.briefing.story import Picture
from siting.briefing.zones import zone_blocks
from siting.cartography import ZONE
from siting.cli.telling import in_one
from siting.errors import InfeasibleLayoutError, InputError
from siting.figures import layout_figure
from siting.layout import Layout
from siting.maps import layout_map
from siting.maps.page import page
from siting.study import ZoneStudy, city_zones, district_zones, study_plan, study_zones
from tests.drawn import fills, texts


@pytest.fixture(scope="module")
def city() -> ZoneStudy:
    return study_zones(city_zones(study_plan("shanghai-2022")))


@pytest.fixture(scope="module")
def district() -> ZoneStudy:
    return study_zones(district_zones(study_plan("jiading-2023")))


def test_the_table_and_the_sentence_count_the_same_zones(city: ZoneStudy) -> None:
    kinds = Counter(tables.layout_table(city)["稳固"])
    said = tables.layout_reading(city)
    assert f"{kinds['核心']} 个每个方案都选（核心）" in said
    assert f"{kinds['摇摆']} 个可以换成别的" in said
    assert f"{kinds['固定'] + kinds['固定，集群可换']} 个的位置按规划固定" in said
    assert kinds["固定，集群可换"] + kinds["固定"] == 3  # the plan names three


def test_the_city_gets_fifteen_zones_that_keep_every_condition(city: ZoneStudy) -> None:
    sites, case = city.layout.sites, city.case
    plan = study_plan("shanghai-2022")
    assert len(sites) == 15
    assert min(Counter(cluster for _, cluster in sites).values()) >= 2
    places = Counter(case.candidates.loc[site, "place_id"] for site, _ in sites)
    assert max(places.values()) <= 3
    assert {"lingang", "zhangjiang", "zizhu"} <= {site for site, _ in sites}
    for site, cluster in sites:
        assert plan.by_cluster.loc[case.candidates.loc[site, "place_id"], cluster] == 1


def test_map_and_print_have_fifteen_marks_for_fifteen_zones(city: ZoneStudy) -> None:
    case, places = city.case, study_plan("shanghai-2022").places
    given = {"clusters": case.clusters, "sites": case.candidates}
    scene = layout_map(city.layout, places, **given).scene
    signs = sum(len(place["signs"]) for place in scene["places"])
    assert (signs, len(scene["zones"])) == (12, 3)
    assert sum(place["kind"] for place in scene["places"]) == 15  # the shade counts all of them
    figure = layout_figure(city.layout, places, **given)
    written = texts(figure)
    letters = [one["glyph"] for one in scene["clusters"]]
    assert sum(written.count(one) for one in letters) - len(letters) == 12  # without the legend's
    assert fills(figure).count(ZONE) - 1 == 3


def test_the_figure_of_the_trade_says_what_its_numbers_rest_on(city: ZoneStudy) -> None:
    study = study_plan("shanghai-2022")
    (front,) = [
        one
        for one in zone_blocks(city, study, "zh", name="上海市")
        if isinstance(one, Picture) and one.name == "zones-city-front"
    ]
    assert front.figure is not None
    said = "".join(texts(front.figure()))
    assert f"数据：{study.plan.title}" in said
    assert "经济普查" in said
    assert "区划口径：2023" in said


def test_each_step_of_a_study_is_told_before_it_begins(district: ZoneStudy) -> None:
    said: list[str] = []
    case = district.case
    again = study_zones(case, progress=said.append)
    # The base, three ways to weigh, three other settings; near-best, worth, regret and two aims.
    assert (len(case.weightings), len(case.settings)) == (3, 3)
    assert [one.split()[0] for one in said] == [f"{k}/10" for k in range(1, 11)]
    assert said[0] == "1/10 5 个特色园区：基准 / 5 parks: base"
    assert in_one(said[1], "zh") == "2/10 5 个特色园区：只看就业"
    assert in_one(said[1], "en") == "2/10 5 parks: jobs alone"
    assert again.layout.sites == district.layout.sites


def test_the_optimum_of_the_city_is_that_of_another_program(city: ZoneStudy) -> None:
    # the same question written out here for scipy's milp: nothing of siting.layout is used
    score, candidates = city.case.suitability.score, city.case.candidates
    pairs = list(score.index)
    rows, low, high = [np.ones(len(pairs))], [15.0], [15.0]

    def add(mask: list[bool], least: float, most: float) -> None:
        rows.append(np.array(mask, dtype=float))
        low.append(least)
        high.append(most)

    for cluster in city.case.clusters.index:
        add([c == cluster for _, c in pairs], 2, np.inf)
    for site in candidates.index:
        named = site in ("lingang", "zhangjiang", "zizhu")
        add([s == site for s, _ in pairs], 1 if named else 0, 1 if named else 3)
    for place in candidates["place_id"].unique():
        add([candidates.loc[s, "place_id"] == place for s, _ in pairs], 0, 3)
    solved = milp(
        -score.to_numpy(),
        constraints=LinearConstraint(np.array(rows), low, high),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(pairs)),
        options={"mip_rel_gap": 0},
    )
    assert city.layout.status == "optimal"
    assert city.layout.objective == pytest.approx(-solved.fun, abs=1e-9)


def test_the_district_gets_one_park_for_each_cluster_apart(district: ZoneStudy) -> None:
    sites = district.layout.sites
    assert sorted(cluster for _, cluster in sites) == sorted(district.case.clusters.index)
    towns = [town for town, _ in sites]
    assert len(set(towns)) == 5
    apart = district.case.options["distance"].loc[towns, towns].to_numpy()
    assert apart[~np.eye(5, dtype=bool)].min() >= 4000


def test_a_scenario_that_cannot_be_says_what_clashes_and_the_least_change(
    district: ZoneStudy,
) -> None:
    impossible = [
        one for one in district.scenarios.values() if isinstance(one, InfeasibleLayoutError)
    ]
    (error,) = impossible
    assert "间距至少 8000 米" in error.conflict
    (change,) = error.relaxation
    # the least change really works: the largest spacing at which five parks fit
    case = district.case
    spaced = {**case.options, "min_spacing_m": change.value}
    again = dataclasses.replace(case, options=spaced, weightings={}, settings={})
    assert study_zones(again).layout.status == "optimal"
    wider = {**case.options, "min_spacing_m": change.value + 1}
    with pytest.raises(InfeasibleLayoutError):
        study_zones(dataclasses.replace(case, options=wider, weightings={}, settings={}))


def test_core_and_never_are_those_of_the_counted_layouts(city: ZoneStudy) -> None:
    assert city.near.complete
    held = dict(city.near.frequency.items())
    for site, row in city.sites.iterrows():
        if row["kind"] == "core":
            assert held[site] == 1
        if row["kind"] == "never":
            assert held[site] == 0
        if row["kind"] == "swing":
            assert 0 < held[site] < 1


def test_adding_up_scores_breaks_conditions_and_the_page_says_which(city: ZoneStudy) -> None:
    best = city.case.suitability.score.nlargest(15).sum()
    assert city.added.total == pytest.approx(best)
    assert city.added.total >= city.layout.objective
    text = tables.adding_reading(city)
    assert "没有选临港" in text
    # Pudong holds five clusters, and so do Zhangjiang and Lin-gang in it: 5 + 5 of the best 15
    held = Counter(site for site, _ in city.added.sites)
    assert held["zhangjiang"] == 5
    assert "张江有 5 个先导区（至多 1 个）" in text
    assert "浦东新区连同区内点名的有 10 个先导区（至多 3 个）" in text
    assert f"{city.added.total:.3f}" in text


def test_a_named_zone_leads_to_the_clause_that_names_it(city: ZoneStudy) -> None:
    plan = study_plan("shanghai-2022").plan
    table = tables.layout_table(city).set_index("地区")
    for zone in ("临港", "张江", "紫竹"):
        row = table.loc[zone]
        of_cluster = plan.clusters.set_index("name_zh").loc[row["集群"], "clause"]
        assert row["条款"] == f"三（二）、{of_cluster}"
    others = table.drop(index=["临港", "张江", "紫竹"])
    assert set(others["条款"]) <= set(plan.clusters["clause"])


def test_the_district_s_parks_are_not_called_leading_zones(district: ZoneStudy) -> None:
    said = tables.layout_reading(district) + tables.adding_reading(district)
    assert "先导区" not in said
    assert "特色园区" in said
    assert "0 个" not in said.split("。")[1]  # none is fixed, so nothing is said of fixed ones
    assert "zones" not in tables.layout_reading(district, lang="en")
    assert list(tables.front_table(district).columns) == ["总分", "第二目标", "特色园区"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_hold_the_numbers_of_the_study(city: ZoneStudy, lang: str) -> None:
    table = tables.layout_table(city, lang=lang)
    assert len(table) == 15
    assert float(table.iloc[:, 2].sum()) == pytest.approx(city.layout.objective)
    parts = table.iloc[:, 3:6].sum(axis=1)
    assert parts.tolist() == pytest.approx(table.iloc[:, 2].tolist())
    scenarios = tables.scenario_table(city, lang=lang)
    solved = [one.objective for one in city.scenarios.values() if isinstance(one, Layout)]
    assert scenarios.iloc[:, 3].dropna().tolist() == pytest.approx(solved)
    counts = [len(one.sites) for one in city.scenarios.values() if isinstance(one, Layout)]
    assert scenarios.iloc[:, 2].dropna().tolist() == counts  # numbers, no texts
    assert len(tables.firmness_table(city, lang=lang)) == len(city.case.suitability.score)
    said = tables.layout_reading(city, lang=lang)
    assert f"{city.layout.objective:.3f}" in said
    assert f"{city.near.count:,}" in said


def test_the_map_shows_each_zone_in_its_place_and_named_ones_as_points(city: ZoneStudy) -> None:
    places = study_plan("shanghai-2022").places
    drawn = layout_map(
        city.layout,
        places,
        clusters=city.case.clusters,
        sites=city.case.candidates,
        firmness=city.near.frequency,
    )
    counts = pd.Series(
        [one["kind"] for one in drawn.scene["places"]], index=places["name_zh"], name="zones"
    )
    held = Counter(city.case.candidates.loc[site, "place_id"] for site, _ in city.layout.sites)
    assert counts.sum() == 15
    assert {places.loc[key, "name_zh"]: n for key, n in held.items()} == counts[
        counts > 0
    ].to_dict()
    assert [one["name"] for one in drawn.scene["zones"]] == ["临港", "张江", "紫竹"]
    assert "已证明最优" in page(drawn)


def test_a_map_of_sites_says_what_is_served_and_what_is_not() -> None:
    from siting.candidates import distances
    from siting.layout import max_coverage

    places = study_plan("jiading-2023").places
    far = distances(places)
    weights = pd.Series(1.0, index=places.index)
    layout = max_coverage(far, 3000, 2, weights=weights)
    drawn = layout_map(layout, places, distance=far, radius_m=3000, demand=weights)
    kinds = [one["kind"] for one in drawn.scene["places"]]
    near = far[layout.sites].min(axis=1)
    # chosen 0, served 1, not served 2
    expected = [0 if key in layout.sites else 1 if near[key] <= 3000 else 2 for key in places.index]
    assert kinds == expected
    assert len([s for s in drawn.scene["shapes"] if s["kind"] == "circle"]) == 2
    assert kinds.count(0) + kinds.count(1) == layout.objective


def test_places_without_bundled_jobs_are_refused() -> None:
    study = study_plan("jiading-2023")
    other = dataclasses.replace(study, places=study.places.rename(index={"310114103": "310114999"}))
    with pytest.raises(InputError):
        district_zones(other)
