"""How firm a layout is, held against every layout there is, counted one by one."""

from __future__ import annotations

from itertools import combinations
from math import fsum

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.errors import InfeasibleLayoutError, InputError
from siting.layout import Layout, assign_zones, max_coverage, p_center, p_median, set_coverage
from siting.robustness import difference, importance, near_optima, pareto, regret

SITES = list("abcdef")


def world(seed: int, n: int = 5) -> tuple[pd.DataFrame, pd.Series]:
    """Return whole costs and weights of a small world; ties are common."""
    draw = np.random.default_rng(seed)
    cost = pd.DataFrame(draw.integers(1, 12, (n, len(SITES))), columns=SITES).astype(float)
    return cost, pd.Series(draw.integers(1, 5, n), index=cost.index).astype(float)


def all_medians(cost: pd.DataFrame, weights: pd.Series, p: int) -> dict[tuple[str, ...], float]:
    """Return the objective of every choice of p sites."""
    return {
        chosen: fsum(weights * cost[list(chosen)].min(axis=1)) for chosen in combinations(SITES, p)
    }


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("within", [0.0, 0.05, 0.3])
def test_near_optima_are_exactly_those_that_counting_finds(seed: int, within: float) -> None:
    cost, weights = world(seed)
    every = all_medians(cost, weights, 3)
    best = min(every.values())
    expected = {chosen: v for chosen, v in every.items() if v <= best * (1 + within) + 1e-9}
    near = near_optima(p_median(cost, 3, weights=weights), within=within)
    assert near.complete
    assert {tuple(one) for one in near.layouts["sites"]} == set(expected)
    assert near.layouts["objective"].is_monotonic_increasing
    for site in SITES:
        share = sum(site in chosen for chosen in expected) / len(expected)
        assert near.frequency[site] == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_losses_and_kinds_are_those_that_counting_finds(seed: int) -> None:
    cost, weights = world(seed)
    every = all_medians(cost, weights, 2)
    layout = p_median(cost, 2, weights=weights)
    found = importance(layout, within=0.1)
    best, limit = min(every.values()), 1.1 * min(every.values()) + 1e-9
    for site in SITES:
        chosen = site in layout.sites
        other = min(v for key, v in every.items() if (site in key) != chosen)
        assert found.loc[site, "chosen"] == chosen
        assert found.loc[site, "loss"] == pytest.approx(other - best, abs=1e-9)
        near = [key for key, v in every.items() if v <= limit]
        held = sum(site in key for key in near)
        kind = "core" if held == len(near) else "never" if held == 0 else "swing"
        assert found.loc[site, "kind"] == kind


def test_a_fixed_site_and_a_forbidden_one_say_so_and_no_way_without_is_infinite() -> None:
    cost, weights = world(3)
    layout = p_median(cost, 2, weights=weights, fixed=["a"], forbidden=["b"])
    kinds = importance(layout)["kind"]
    assert (kinds["a"], kinds["b"]) == ("fixed", "forbidden")
    only = pd.DataFrame({"a": [1.0], "b": [2.0]}, index=["x"])
    both = importance(p_median(only, 2))
    assert both["loss"].tolist() == [np.inf, np.inf]
    assert both["kind"].tolist() == ["core", "core"]


def test_every_model_can_be_asked() -> None:
    cost, weights = world(5)
    scores = pd.DataFrame({"u": [3.0, 2.0, 1.0], "v": [1.0, 2.0, 2.5]}, index=list("xyz"))
    made: list[Layout] = [
        p_median(cost, 2, weights=weights),
        max_coverage(cost, 4, 2, weights=weights),
        set_coverage(cost, 6),
        p_center(cost, 2),
        assign_zones(scores, 2, per_cluster=1),
    ]
    for layout in made:
        near = near_optima(layout, within=0.2)
        assert near.layouts["sites"].iloc[0] == layout.sites
        assert near.layouts["gap"].iloc[0] == 0
        found = importance(layout, within=0.2)
        held = near.frequency.reindex(found.index)
        assert near.complete
        assert ((found["kind"] == "core") == (held == 1)).all()
        assert ((found["kind"] == "never") == (held == 0)).all()


def test_maximised_objectives_lose_downwards() -> None:
    # place x cluster: 5 and 4 in different places are best; without the first 4 + 1
    scores = pd.DataFrame({"u": [5.0, 1.0], "v": [2.0, 4.0]}, index=["x", "y"])
    layout = assign_zones(scores, 2)
    assert layout.objective == 9
    found = importance(layout)
    # without (x, u): (x, v) and (y, v) = 6; without (y, v): (x, u) and (y, u) = 6
    assert found.loc[[("x", "u")], "loss"].tolist() == [3.0]
    assert found.loc[[("y", "v")], "loss"].tolist() == [3.0]
    near = near_optima(layout, within=0.34)
    # 9 x 0.66 = 5.94: 9, 6 and 6 are in; (x, v) and (y, u) = 3 is not
    assert near.layouts["objective"].tolist() == [9, 6, 6]


@pytest.mark.parametrize("seed", range(10))
def test_the_front_is_the_one_that_counting_finds(seed: int) -> None:
    cost, weights = world(seed)
    draw = np.random.default_rng(100 + seed)
    scores = pd.Series(draw.integers(0, 6, len(SITES)).astype(float), index=SITES)
    every = {
        chosen: (v, float(scores[list(chosen)].sum()))
        for chosen, v in all_medians(cost, weights, 2).items()
    }
    front = {
        (v, s)
        for v, s in every.values()
        if not any((w <= v and t >= s and (w, t) != (v, s)) for w, t in every.values())
    }
    found = pareto(p_median(cost, 2, weights=weights), scores)
    assert found.complete
    pairs = list(zip(found.points["objective"], found.points["score"], strict=True))
    assert pairs == [(pytest.approx(v), pytest.approx(s)) for v, s in sorted(front)]


def test_regret_is_the_loss_in_the_scenario_that_comes_true() -> None:
    # one site for x (weights 1, 0), y (0, 1) or both: a 1, 9; b 4, 4; c 9, 1
    cost = pd.DataFrame({"a": [1.0, 9.0], "b": [4.0, 4.0], "c": [9.0, 1.0]}, index=["x", "y"])
    layouts = {
        "x": p_median(cost, 1, weights={"x": 1, "y": 0}),
        "y": p_median(cost, 1, weights={"x": 0, "y": 1}),
        "both": p_median(cost, 1, weights={"x": 1, "y": 1}),
    }
    assert [one.sites for one in layouts.values()] == [["a"], ["c"], ["b"]]
    found = regret(layouts)
    # a: 1 of 1, 9 of 1, 10 of 8; c the mirror; b: 4 of 1, 4 of 1, 8 of 8
    assert found.objective.loc["x"].tolist() == [1, 9, 10]
    assert found.regret.loc["x"].tolist() == [0, 8, 0.25]
    assert found.regret.loc["both"].tolist() == [3, 3, 0]
    assert found.worst.to_dict() == {"x": 8, "y": 8, "both": 3}
    assert found.choice == "both"
    laid = difference(layouts)
    assert laid.loc["a"].tolist() == [True, False, False, False]


def test_a_scenario_that_does_not_allow_a_layout_makes_its_regret_infinite() -> None:
    cost = pd.DataFrame({"a": [1.0], "b": [2.0]}, index=["x"])
    found = regret({"free": p_median(cost, 1), "without a": p_median(cost, 1, forbidden=["a"])})
    assert np.isnan(found.objective.loc["free", "without a"])
    assert found.worst["free"] == np.inf
    assert found.choice == "without a"


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1]))
def test_the_order_of_rows_and_columns_changes_nothing(seed: int, within: float) -> None:
    cost, weights = world(seed)
    order = np.random.default_rng(seed).permutation(len(SITES))
    turned = cost.iloc[::-1, order]
    one = near_optima(p_median(cost, 2, weights=weights), within=within)
    other = near_optima(p_median(turned, 2, weights=weights), within=within)
    assert one.layouts["sites"].tolist() == other.layouts["sites"].tolist()
    assert one.frequency.equals(other.frequency)


def test_a_limit_is_told_and_an_honest_gap_is_no_optimum() -> None:
    cost, weights = world(1)
    near = near_optima(p_median(cost, 3, weights=weights), within=5.0, limit=4)
    assert (len(near.layouts), near.complete) == (4, False)


@pytest.mark.parametrize(
    "ask",
    [
        lambda layout: near_optima(layout, within=-1),
        lambda layout: near_optima(layout, limit=0),
        lambda layout: near_optima("layout"),
        lambda layout: importance(layout, within="much"),
        lambda layout: regret({"one": layout}),
        lambda layout: pareto(layout, {"a": 1}),
        lambda layout: pareto(layout, pd.Series(np.nan, index=SITES)),
        lambda layout: regret({"one": layout, "two": p_median(world(1)[0].drop(columns="a"), 2)}),
        lambda layout: difference({}),
        lambda layout: difference({"one": layout, "two": "no layout"}),
        lambda layout: difference({"one": layout, "two": p_median(world(1)[0].add_suffix("2"), 2)}),
    ],
)
def test_what_makes_no_sense_is_refused(ask: object) -> None:
    with pytest.raises(InputError):
        ask(p_median(world(0)[0], 2))


def test_scenarios_of_other_models_and_candidates_lie_side_by_side() -> None:
    # One site for three demands: a is the cheapest in sum (0 + 0 + 9), c the nearest to the
    # farthest (5), and without a and c there is only b.
    cost = pd.DataFrame({"a": [0.0, 0.0, 9.0], "b": [6.0, 6.0, 6.0], "c": [5.0, 5.0, 5.0]})
    laid = difference(
        {
            "sum": p_median(cost, 1),
            "farthest": p_center(cost, 1),
            "only b": p_median(cost[["b"]], 1),
        }
    )
    assert laid.index.tolist() == ["a", "b", "c"]
    assert laid.to_numpy().tolist() == [
        [True, False, False, False],
        [False, False, True, False],
        [False, True, False, False],
    ]


def test_conditions_hold_in_every_near_optimum() -> None:
    cost, weights = world(7)
    groups = dict(zip(SITES, "uuuvvv", strict=True))
    layout = p_median(cost, 3, weights=weights, groups=groups, group_min=1, fixed=["b"])
    for sites in near_optima(layout, within=0.5).layouts["sites"]:
        assert "b" in sites
        assert {groups[site] for site in sites} == {"u", "v"}
    with pytest.raises(InfeasibleLayoutError):
        p_median(cost, 3, weights=weights, groups=groups, group_max={"u": 0, "v": 1})


@pytest.mark.parametrize("seconds", ["x", -1, 0, True, float("nan")])
def test_a_limit_of_time_is_a_number_above_0(seconds: object) -> None:
    layout = p_median(world(1)[0], 2)
    for ask in (near_optima, importance):
        with pytest.raises(InputError, match="time_limit_s"):
            ask(layout, time_limit_s=seconds)


def test_numbers_of_numpy_are_numbers() -> None:
    layout = p_median(world(1)[0], 2)
    found = near_optima(layout, within=np.float64(0.1), limit=np.int64(5))
    assert found.layouts.equals(near_optima(layout, within=0.1, limit=5).layouts)
    assert near_optima(layout, within=np.float32(0), time_limit_s=np.int64(60)).complete


@pytest.mark.parametrize("unit", [1e-12, 1e-9, 1e12])
@pytest.mark.parametrize("within", [0.0, 0.3])
def test_what_is_near_the_best_does_not_depend_on_the_unit(unit: float, within: float) -> None:
    cost, weights = world(0)
    scores = cost.T * 2 - 9.0  # some below 0

    def told(by: float) -> list[object]:
        layouts = (
            p_median(cost * by, 3, weights=weights),
            max_coverage(cost, 3, 2, weights=weights * by),
            p_center(cost * by, 2),
            assign_zones(scores * by, 3),
        )
        near = [near_optima(one, within=within) for one in layouts]
        kinds = [importance(one, within=within)["kind"].tolist() for one in layouts]
        fronts = [pareto(one, {s: k for k, s in enumerate(one.question.sites)}) for one in layouts]
        return [
            [one.layouts["sites"].tolist() for one in near],
            [one.count for one in near],
            kinds,
            [one.points["sites"].tolist() for one in fronts],
        ]

    assert told(unit) == told(1.0)


def test_near_optima_that_rounding_keeps_apart_stand_in_the_order_of_their_ids() -> None:
    # 0.1 + 0.2 is more than 0.3 by one step of rounding; a and b are equal all the same
    cost = pd.DataFrame({"a": [0.1, 0.2], "b": [0.3, 0.0], "c": [0.3, 0.01]})
    assert near_optima(p_median(cost * 1e-9, 1), within=0.5).layouts["sites"].tolist() == [
        ["a"],
        ["b"],
        ["c"],
    ]
