"""Layouts: answers by hand, laws, the words of a refusal, and the two ways to the same answer."""

from __future__ import annotations

import dataclasses
import itertools
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.errors import InfeasibleLayoutError
from siting.layout import (
    Words,
    assign_zones,
    max_coverage,
    p_center,
    p_median,
    set_coverage,
)
from siting.layout.posing import pose
from siting.layout.question import Options
from siting.layout.spelled import solve_spelled
from siting.robustness import near_optima

KM = pd.Series([0.0, 1.0, 5.0, 6.0, 20.0], index=list("abcde"))
ROAD = pd.DataFrame({j: (KM - KM[j]).abs() for j in KM.index})


# --- by hand ------------------------------------------------------------------------------------


def test_one_park_goes_to_the_weighted_middle() -> None:
    # At a: 1 + 5 + 6 + 20 = 32; b: 1 + 4 + 5 + 19 = 29; c: 5 + 4 + 1 + 15 = 25; d: 6 + 5 + 1 + 14 = 26.
    found = p_median(ROAD, 1)
    assert (found.sites, found.objective, found.bound, found.gap) == (["c"], 25.0, 25.0, 0.0)
    assert found.assignment.to_dict() == dict.fromkeys("abcde", "c")
    # With 40 people at e: c costs 10 + 15 x 40 = 610, e costs 20 + 19 + 15 + 14 = 68.
    assert p_median(ROAD, 1, weights=pd.Series([40, 1, 1, 1, 1], index=list("edcba"))).sites == [
        "e"
    ]


def test_weights_are_matched_by_id_and_lists_by_position() -> None:
    weights = {"e": 40, "a": 1, "b": 1, "c": 1, "d": 1}
    by_list = p_median(ROAD.loc[list("edcba")], 1, weights=[40, 1, 1, 1, 1])
    assert by_list.objective == p_median(ROAD, 1, weights=weights).objective == 68.0


def test_existing_sites_serve_and_do_not_count() -> None:
    # c is there; the one new park goes to e: a 5, b 4, d 1.
    found = p_median(ROAD, 1, existing=["c"])
    assert (found.sites, found.existing, found.objective) == (["e"], ("c",), 10.0)
    assert found.assignment.to_dict() == {"a": "c", "b": "c", "c": "c", "d": "c", "e": "e"}
    assert set_coverage(ROAD, 5, existing=["c"]).sites == ["e"]


def test_capacity_sends_demand_farther_than_its_nearest_site() -> None:
    # Each park takes 3 of the five: without room for four at c, no park goes to e. Parks at b and d:
    # 1 + 0 for a and b, 1 + 0 + 14 for c, d and e. All other pairs are tried here one by one.
    found = p_median(ROAD, 2, capacity=dict.fromkeys("abcde", 3))
    best = min(
        sum(ROAD.loc[i, pair[side]] for i, side in zip("abcde", sides, strict=True))
        for pair in itertools.combinations("abcde", 2)
        for sides in itertools.product((0, 1), repeat=5)
        if 2 <= sum(sides) <= 3
    )
    assert found.objective == best == 16.0
    assert found.assignment.value_counts().max() <= 3


def test_binding_names_what_alone_stands_in_the_way() -> None:
    groups = {"a": "west", "b": "west", "c": "east", "d": "east", "e": "east"}
    # b and e cost 1 + 4 + 5 = 10, as do c and e: one in the west costs nothing. Two in the west do.
    assert p_median(ROAD, 2, groups=groups, group_min={"west": 1}).binding == ()
    held = p_median(ROAD, 2, groups=groups, group_min={"west": 2})
    assert held.sites == ["a", "b"]
    assert held.binding == ("west 至少 2 个",)
    assert held.binding[0].en == "west: at least 2"


def test_a_center_by_hand() -> None:
    # Two parks: one for e (20 km), one for 0..6 km: from b or c the farthest is 5 km away.
    found = p_center(ROAD, 2)
    assert (found.sites, found.objective) == (["b", "e"], 5.0)
    assert p_center(ROAD, 1, weights={"a": 1, "b": 1, "c": 1, "d": 1, "e": 0}).objective == 5.0


def test_coverage_by_hand() -> None:
    found = max_coverage(ROAD, 1, 2)
    assert (found.sites, found.objective) == (["a", "c"], 4.0)
    assert found.served.to_dict() == {"a": True, "b": True, "c": True, "d": True, "e": False}
    assert set_coverage(ROAD, 1).sites == ["a", "c", "e"]
    assert set_coverage(ROAD, 1, weights={"a": 1, "b": 1, "c": 1, "d": 1, "e": 0}).sites == [
        "a",
        "c",
    ]


def test_a_demand_at_the_radius_is_covered() -> None:
    assert max_coverage(ROAD, 5, 1, fixed=["c"]).objective == 4.0  # a is 5 km away
    assert max_coverage(ROAD, 4.999, 1, fixed=["c"]).objective == 3.0


def test_a_coverage_floor_moves_the_sites() -> None:
    # Without it one park goes to c (25); 80 % within 5 km as well; 40 % within 0 km needs two parks.
    assert p_median(ROAD, 1, cover_within=5, cover_share=0.8).sites == ["c"]
    assert p_median(ROAD, 1, cover_within=15, cover_share=1.0).sites == ["c"]
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(ROAD, 1, cover_within=5, cover_share=1.0)
    assert set(caught.value.conflict) == {"恰好选 1 个", "至少 100% 的需求在 5 内"}


# --- zones --------------------------------------------------------------------------------------


def test_zones_by_hand() -> None:
    scores = pd.DataFrame(
        {"energy": [9, 8, np.nan], "health": [7, 6, 1]}, index=["minhang", "pudong", "qingpu"]
    )
    found = assign_zones(scores, 2)
    # One zone per place: 9 + 6 against 8 + 7, both 15, and 9 + 8 is 17.
    assert found.sites == [("minhang", "energy"), ("pudong", "energy")]
    assert found.objective == 17.0
    assert found.assignment.to_dict() == {"minhang": "energy", "pudong": "energy"}
    both = assign_zones(scores, 2, per_cluster=1)
    # 9 + 6 and 7 + 8 are equal: the first pair of ids decides.
    assert both.sites == [("minhang", "energy"), ("pudong", "health")]
    assert both.tie.unique is False
    one = assign_zones(scores, 3, per_place=2, fixed=["qingpu"])
    assert one.sites == [("minhang", "energy"), ("pudong", "energy"), ("qingpu", "health")]


def test_zones_apart_from_each_other_and_capped_by_group() -> None:
    scores = pd.DataFrame({"x": [9, 8, 1], "y": [9, 8, 1]}, index=list("pqr"))
    metres = pd.DataFrame([[0, 500, 9e3], [500, 0, 9e3], [9e3, 9e3, 0]], list("pqr"), list("pqr"))
    near = assign_zones(scores, 2, distance=metres, min_spacing_m=501)
    assert near.sites == [("p", "x"), ("r", "x")]
    # Instead of r: x in q is only too near to p, y in p is only one too many there.
    assert near.binding == ("每个地区最多 1 个", "间距至少 501 米")
    assert assign_zones(scores, 2, distance=metres, min_spacing_m=500).objective == 17.0
    # Two zones in one place are not apart, and are the business of per_place.
    same = assign_zones(scores, 2, per_place=2, distance=metres, min_spacing_m=501)
    assert same.sites == [("p", "x"), ("p", "y")]
    capped = assign_zones(scores, 2, groups={"p": "g", "q": "g", "r": "h"}, group_max=1)
    assert capped.objective == 10.0
    assert capped.binding == ("每组最多 1 个",)


def test_the_planners_clash_is_said_in_words() -> None:
    # Energy is allowed in three districts and shall have three zones; Minhang is full with Zizhu.
    districts = ["浦东", "闵行", "嘉定", "青浦"]
    scores = pd.DataFrame(
        {"未来能源": [5, 5, 5, np.nan], "未来智能": [4, 4, 4, 4]}, index=districts
    )
    with pytest.raises(InfeasibleLayoutError) as caught:
        assign_zones(scores, 4, per_cluster={"未来能源": 3}, fixed=[("闵行", "未来智能")])
    error = caught.value
    assert set(error.conflict) == {
        "未来能源 至少 3 个",
        "未来能源 只能设在 3 个地区（嘉定、浦东、闵行）",
        "每个地区最多 1 个",
        "闵行·未来智能 固定入选",
    }
    assert len(error.relaxation) == 1  # any one of the four does
    assert error.exit_code == 3
    assert "E-LAY-30" in error.text("zh")
    assert "at least 3" in error.text("en")
    assert [one.en for one in error.conflict]


def test_the_change_that_is_named_works() -> None:
    groups = {"a": "g", "b": "g", "c": "h", "d": "h", "e": "h"}
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(ROAD, 3, groups=groups, group_max=1)
    error = caught.value
    assert set(error.conflict) == {"恰好选 3 个", "每组最多 1 个"}
    (change,) = error.relaxation
    assert (change.kind, change.value) == ("count", 2.0)
    assert p_median(ROAD, 2, groups=groups, group_max=1).status == "optimal"


def test_the_least_spacing_that_works_is_named() -> None:
    # Of a..d any two are at most 6 km apart; with e far away three parks have two of a..d: 6 km.
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(ROAD, 3, site_distance=ROAD * 1000, min_spacing_m=6500)
    assert set(caught.value.conflict) == {"恰好选 3 个", "间距至少 6500 米"}
    # 500 m of 6500 are 7.7 %, which weigh less than one park.
    assert [(one.kind, one.value) for one in caught.value.relaxation] == [("spacing", 6000.0)]
    assert p_median(ROAD, 3, site_distance=ROAD * 1000, min_spacing_m=6000).sites == ["a", "d", "e"]


def test_names_are_used_in_words() -> None:
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(
            ROAD,
            2,
            groups=dict.fromkeys("abcde", "310112"),
            group_max={"310112": 1},
            names={"310112": "闵行区"},
        )
    assert set(caught.value.conflict) == {"恰好选 2 个", "闵行区 最多 1 个"}


# --- laws ---------------------------------------------------------------------------------------

towns = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 9)), min_size=2, max_size=8
)


def world(points: list[tuple[int, int, int]]) -> tuple[pd.DataFrame, pd.Series]:
    """Return distances by street blocks, and weights."""
    x, y, w = np.array(points, dtype=float).T
    far = np.abs(x[:, None] - x) + np.abs(y[:, None] - y)
    ids = [f"t{k}" for k in range(len(points))]
    return pd.DataFrame(far, ids, ids), pd.Series(w, ids)


@settings(max_examples=25)
@given(towns)
def test_more_sites_never_hurt(points: list[tuple[int, int, int]]) -> None:
    cost, weights = world(points)
    counts = range(1, len(cost) + 1)
    median = [p_median(cost, p, weights=weights, ties=False).objective for p in counts]
    center = [p_center(cost, p, ties=False).objective for p in counts]
    cover = [max_coverage(cost, 9, p, weights=weights, ties=False).objective for p in counts]
    assert median == sorted(median, reverse=True)
    assert center == sorted(center, reverse=True)
    assert cover == sorted(cover)
    assert (median[-1], center[-1], cover[-1]) == (0.0, 0.0, weights.sum())


@settings(max_examples=25)
@given(towns, st.integers(1, 3))
def test_one_more_candidate_never_hurts(points: list[tuple[int, int, int]], p: int) -> None:
    cost, weights = world(points)
    if p < len(cost):
        fewer = p_median(cost.iloc[:, 1:], p, weights=weights, ties=False).objective
        assert p_median(cost, p, weights=weights, ties=False).objective <= fewer


@settings(max_examples=25)
@given(towns, st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_answer_depends_on_ids_alone(points, p, random) -> None:
    cost, weights = world(points)
    p = min(p, len(cost))
    first = p_median(cost, p, weights=weights)
    rows, columns = list(cost.index), list(cost.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    again = p_median(cost.loc[rows, columns], p, weights=weights.loc[rows])
    assert (again.sites, again.objective) == (first.sites, first.objective)
    assert again.assignment.to_dict() == first.assignment.to_dict()
    assert again.binding == first.binding
    # Names that keep the order give the same answer under the new names.
    named = {one: f"x{one}" for one in columns}
    renamed = p_median(cost.rename(index=named, columns=named), p, weights=weights.rename(named))
    assert renamed.sites == [named[one] for one in first.sites]


@settings(max_examples=25)
@given(towns, st.integers(1, 4))
def test_fixing_the_chosen_and_forbidding_the_others_changes_nothing(points, p) -> None:
    cost, weights = world(points)
    p = min(p, len(cost))
    first = p_median(cost, p, weights=weights)
    assert p_median(cost, p, weights=weights, fixed=first.sites[:1]).sites == first.sites
    others = [one for one in cost.columns if one not in first.sites]
    assert p_median(cost, p, weights=weights, forbidden=others[:2]).sites == first.sites


@settings(max_examples=25)
@given(towns, st.integers(1, 3), st.sampled_from([0.125, 3.0, 1e6, 2.0**40]))
def test_scaled_demand_scales_the_objective(points, p, factor) -> None:
    cost, weights = world(points)
    p = min(p, len(cost))
    first = p_median(cost, p, weights=weights)
    scaled = p_median(cost, p, weights=weights * factor)
    assert scaled.sites == first.sites
    assert scaled.objective == pytest.approx(first.objective * factor, rel=1e-12)


@settings(max_examples=25)
@given(towns, st.integers(1, 3))
def test_everyone_goes_to_the_nearest_open_site(points, p) -> None:
    cost, weights = world(points)
    found = p_median(cost, min(p, len(cost)), weights=weights)
    for i, site in found.assignment.items():
        least = cost.loc[i, found.sites].min()
        assert site == next(j for j in found.sites if cost.loc[i, j] == least)
    total = math.fsum(weights[i] * cost.loc[i, j] for i, j in found.assignment.items())
    assert found.objective == total
    assert found.bound <= found.objective


@settings(max_examples=25)
@given(towns, st.integers(1, 3))
def test_the_program_written_out_whole_has_the_same_optimum(points, p) -> None:
    # The second way: with capacities that never bind, the assignment itself is in the program.
    cost, weights = world(points)
    p = min(p, len(cost))
    room = pd.Series(1e9, index=cost.columns)
    question = pose("p_median", cost, Options(weights=weights, capacity=room), p=p)
    whole = solve_spelled(question, question.world.site_rows())
    assert whole.objective == pytest.approx(
        p_median(cost, p, weights=weights).objective, rel=1e-9, abs=1e-9
    )


# --- the record ---------------------------------------------------------------------------------


def test_a_layout_is_frozen_and_its_tables_follow_the_question() -> None:
    shuffled = ROAD.loc[list("dbeca")]
    found = p_median(shuffled, 2)
    assert list(found.assignment.index) == list("dbeca")
    assert list(found.served.index) == list("dbeca")
    assert found.conditions == ("恰好选 2 个",)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.status = "feasible"


def test_inputs_are_left_as_they_were() -> None:
    cost, weights = ROAD.copy(), pd.Series(1.0, index=KM.index)
    p_median(cost, 2, weights=weights, groups=pd.Series("g", index=KM.index), group_max=2)
    pd.testing.assert_frame_equal(cost, ROAD)
    assert (weights == 1.0).all()


def test_words_keep_their_english_in_a_copy() -> None:
    words = pickle.loads(pickle.dumps(Words("共选 2 个", "choose 2")))
    assert (words, words.en) == ("共选 2 个", "choose 2")


def test_scores_that_add_up_to_nothing_have_an_optimum() -> None:
    # 0.1 + 0.2 - 0.3 is 0 but for rounding, and any two sums differ by that rounding alone.
    scores = pd.DataFrame({"x": [0.1, 0.2, -0.3]}, index=list("abc"))
    made = assign_zones(scores, 3)
    assert made.status == "optimal"
    assert abs(made.objective) < 1e-15
    # 0.3 - 0.3 and (0.1 + 0.2) - 0.3 tie: the smallest ids are taken
    close = pd.DataFrame({"x": [0.3, 0.1 + 0.2, -1.0], "y": [-9.0, -9.0, -0.3]}, index=list("abc"))
    tied = assign_zones(close, 2, per_cluster=1)
    assert tied.sites == [("a", "x"), ("c", "y")]
    assert tied.tie.unique is False


def test_layouts_are_compared_by_their_answer() -> None:
    one, same, other = p_median(ROAD, 2), p_median(ROAD.iloc[:, ::-1], 2), p_median(ROAD, 1)
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != "a layout"
    assert len({one, same, other}) == 2


def test_a_layout_comes_back_from_a_pickle_and_can_be_asked_again() -> None:
    made = p_median(
        ROAD,
        2,
        fixed=["d"],
        forbidden=["c"],
        groups={"a": "g", "b": "g", "c": "h", "d": "h", "e": "k"},
        group_max=1,
        group_min={"g": 1},
        cover_within=5,
        cover_share=0.5,
        capacity=dict.fromkeys("abcde", 9),
        site_distance=ROAD * 1000,
        min_spacing_m=1500,
        progress=lambda *_: None,
    )
    back = pickle.loads(pickle.dumps(made))
    assert back == made
    assert back.conditions == made.conditions
    assert back.conditions[0].en == made.conditions[0].en
    assert near_optima(back, within=1).count == near_optima(made, within=1).count
