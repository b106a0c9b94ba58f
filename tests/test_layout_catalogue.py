"""Bad input to layouts, L01 to L21: each is refused in its own words, or answered honestly."""

from __future__ import annotations

import math
import subprocess
import sys
import time
import types
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from siting.errors import InfeasibleLayoutError, InputError, SitingWarning, SolverError
from siting.layout import (
    assign_zones,
    highs,
    max_coverage,
    p_center,
    p_median,
    set_coverage,
    solving,
)
from siting.layout.rows import Solved

KM = pd.Series([0.0, 1.0, 5.0, 6.0], index=list("abcd"))
ROAD = pd.DataFrame({j: (KM - KM[j]).abs() for j in KM.index})  # four towns on a road [km]
METRES = ROAD * 1000
SCORES = pd.DataFrame({"x": [3.0, 1.0], "y": [2.0, np.nan]}, index=["n", "s"])


def refused(call: Any, *codes: str) -> InputError:
    """Return the error of `call`, which must have exactly these codes, in Chinese and in English."""
    with pytest.raises(InputError) as caught:
        call()
    found = caught.value.findings
    assert sorted({one.code for one in found}) == sorted(set(codes))
    for one in found:
        assert one.reason
        assert one.fix
        assert one.reason_en.isascii()
        assert one.fix_en.isascii()
    return caught.value


def replaced(frame: pd.DataFrame, row: str, column: str, value: object) -> pd.DataFrame:
    changed = frame.astype(object)
    changed.loc[row, column] = value
    return changed


# --- L01 to L05: how many, and which -----------------------------------------------------------


def test_L01_more_sites_than_candidates_says_both_numbers() -> None:  # noqa: N802
    error = refused(lambda: p_median(ROAD, 5), "E-LAY-13")
    assert "p=5 > 候选 4" in error.text("zh")
    assert error.exit_code == 2
    refused(lambda: p_median(ROAD, 4, existing=["a"]), "E-LAY-13")
    refused(lambda: assign_zones(SCORES, 4), "E-LAY-13")  # three pairs have a score


@pytest.mark.parametrize("p", [0, -1, 2.5, 2.0, "2", None, True, math.nan, [1]])
def test_L02_a_number_of_sites_that_is_no_count_is_refused(p: Any) -> None:  # noqa: N802
    for call in (p_median, p_center):
        refused(lambda call=call: call(ROAD, p), "E-LAY-09")
    refused(lambda: max_coverage(ROAD, 1, p), "E-LAY-09")
    refused(lambda: assign_zones(SCORES, p), "E-LAY-09")


def test_L02_a_numpy_count_is_a_count() -> None:  # noqa: N802
    assert p_median(ROAD, np.int64(2)).objective == 2.0


def test_L03_a_radius_that_is_too_small_says_which_would_do() -> None:  # noqa: N802
    far = ROAD.drop(columns=["c", "d"])
    with pytest.raises(InfeasibleLayoutError) as caught:
        set_coverage(far, 1)
    error = caught.value
    assert error.exit_code == 3
    assert error.conflict == ("每个需求点都在半径 1 内",)
    # d lies 5 km from b, the nearer of the two sites that are left.
    assert [(one.kind, one.value) for one in error.relaxation] == [("radius", 5.0)]
    assert set_coverage(far, 5).sites == ["b"]


def test_L03_a_capacity_that_is_too_small_says_how_much_would_do() -> None:  # noqa: N802
    # Four demands of 1 on two sites of 1 each: both would need 2.
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(ROAD, 2, capacity=dict.fromkeys("abcd", 1))
    error = caught.value
    assert set(error.conflict) == {"恰好选 2 个", "各点不超过容量", "每个需求点都要有着落"}
    # Two more sites weigh 2; doubling all capacities weighs 10.
    assert [str(one) for one in error.relaxation] == ["恰好选 2 个 → 恰好选 4 个"]


def test_L04_a_site_both_fixed_and_forbidden_is_named() -> None:  # noqa: N802
    error = refused(lambda: p_median(ROAD, 2, fixed=["a", "b"], forbidden=["b", "c"]), "E-LAY-12")
    assert [one.value for one in error.findings] == ["b"]
    refused(lambda: p_median(ROAD, 2, existing=["a"], forbidden=["a"]), "E-LAY-12")
    refused(lambda: assign_zones(SCORES, 1, fixed=[("n", "x")], forbidden=["n"]), "E-LAY-12")
    refused(lambda: assign_zones(SCORES, 1, fixed=["n"], forbidden=["n"]), "E-LAY-12")


def test_L05_more_fixed_than_asked_for_or_fixed_outside_the_candidates() -> None:  # noqa: N802
    refused(lambda: p_median(ROAD, 1, fixed=["a", "b"]), "E-LAY-14")
    error = refused(lambda: p_median(ROAD, 2, fixed=["a", "z"], forbidden=["y"]), "E-LAY-11")
    assert [(one.column, one.value) for one in error.findings] == [
        ("fixed", "z"),
        ("forbidden", "y"),
    ]
    refused(lambda: p_median(ROAD, 2, fixed="ab"), "E-LAY-11")
    refused(lambda: assign_zones(SCORES, 1, fixed=[("n", "z")]), "E-LAY-11")
    refused(lambda: assign_zones(SCORES, 1, fixed=[("s", "y")]), "E-LAY-11")  # not allowed there


# --- L06 to L10: numbers that are missing, impossible or double ---------------------------------


def test_L06_demand_that_no_site_reaches_is_listed() -> None:  # noqa: N802
    cut = ROAD.copy()
    cut.loc[["b", "d"]] = np.inf
    error = refused(lambda: p_median(cut, 2), "E-LAY-05")
    assert [one.value for one in error.findings] == ["b", "d"]
    refused(lambda: p_median(cut, 2, unreachable="allow pairs"), "E-LAY-05")
    refused(lambda: p_median(ROAD, 2, unreachable="penalty"), "E-LAY-06")


def test_L06_single_unreachable_pairs_are_kept_apart_on_request() -> None:  # noqa: N802
    island = ROAD.copy()
    island.loc["d", ["a", "b", "c"]] = np.inf
    refused(lambda: p_median(island, 1), "E-LAY-05")
    assert p_median(island, 1, unreachable="allow pairs").sites == ["d"]
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(island, 1, unreachable="allow pairs", forbidden=["d"])
    assert set(caught.value.conflict) == {"d 须有可达的点", "d 不得入选"}


def test_L07_no_demand_at_all_is_refused() -> None:  # noqa: N802
    refused(lambda: p_median(ROAD, 2, weights=[0, 0, 0, 0]), "E-LAY-08")
    refused(lambda: max_coverage(ROAD, 1, 2, weights=dict.fromkeys("abcd", 0)), "E-LAY-08")


def test_L08_numbers_below_zero_are_refused_with_their_cells() -> None:  # noqa: N802
    error = refused(lambda: p_median(replaced(ROAD, "b", "c", -5), 2), "E-LAY-04")
    (one,) = error.findings
    assert (one.sheet, one.row, one.column, one.value) == ("cost", 3, "c", "b: -5")
    refused(lambda: p_median(ROAD, 2, weights=[1, 1, -1, 1]), "E-LAY-07")
    refused(lambda: p_median(ROAD, 2, capacity=[1, 1, -1, 1]), "E-LAY-07")
    assert assign_zones(SCORES * -1, 1).objective == -1.0  # scores may be below 0


def test_L09_missing_numbers_are_refused_with_their_cells() -> None:  # noqa: N802
    for bad in (np.nan, None, "far"):
        error = refused(lambda bad=bad: p_median(replaced(ROAD, "d", "a", bad), 2), "E-LAY-04")
        assert (error.findings[0].row, error.findings[0].column) == (5, "a")
    error = refused(lambda: p_median(ROAD, 2, weights={"a": 1, "b": np.nan, "c": 2}), "E-LAY-07")
    assert [one.value for one in error.findings] == ["b: nan", "d: None"]
    refused(lambda: assign_zones(replaced(SCORES, "n", "x", np.inf), 1), "E-LAY-04")


def test_all_that_is_wrong_is_said_at_once() -> None:
    refused(
        lambda: p_median(
            replaced(ROAD, "b", "c", -5), 9, fixed=["z"], weights=[0, 0, 0, 0], ties="maybe"
        ),
        *("E-LAY-04", "E-LAY-13", "E-LAY-11", "E-LAY-08", "E-LAY-06"),
    )


def test_an_amount_for_a_demand_that_is_not_there_is_refused() -> None:
    known = dict.fromkeys("abcd", 1)
    for given in (known | {"z": 50}, pd.Series(known | {"z": 50})):
        error = refused(lambda given=given: p_median(ROAD, 2, weights=given), "E-LAY-21")
        assert [(one.sheet, one.value) for one in error.findings] == [("weights", "z")]
    error = refused(
        lambda: p_median(ROAD, 2, capacity=dict.fromkeys("abcd", 9), demand=known | {"y": 1, 7: 1}),
        "E-LAY-21",
    )
    assert [(one.sheet, one.value) for one in error.findings] == [("demand", "y、7")]


def test_what_is_given_for_sites_that_are_no_candidates_is_warned_of() -> None:
    # A table of all sites may well be held against some of them: nothing is lost, but it is said.
    near = ROAD[["a", "b"]]
    for options in (
        {"capacity": dict.fromkeys("abz", 9)},
        {"groups": pd.Series({"a": 1, "b": 2, "z": 3}), "group_max": 1},
        {"site_distance": pd.DataFrame(5000.0, list("abz"), list("abz")), "min_spacing_m": 10},
    ):
        with pytest.warns(SitingWarning, match="W-LAY-03") as caught:
            assert len(p_median(near, 1, **options).sites) == 1
        assert "“z”" in str(caught[0].message)
    groups = {"n": 1, "s": 1, "w": 2}
    with pytest.warns(SitingWarning, match="W-LAY-03"):
        assign_zones(SCORES, 1, groups=groups, group_max=1)
    # ... but a limit of something that is not there is a limit that nobody keeps.
    refused(lambda: assign_zones(SCORES, 1, per_place={"n": 1, "s": 1, "w": 2}), "E-LAY-16")
    refused(lambda: assign_zones(SCORES, 1, per_cluster={"x": 1, "z": 1}), "E-LAY-16")
    refused(lambda: p_median(ROAD, 1, existing=["z"]), "E-LAY-11")


def test_an_option_that_there_is_not_is_refused_with_the_nearest() -> None:
    error = refused(lambda: p_median(ROAD, 1, wieghts=[1, 1, 1, 1]), "E-LAY-22")
    assert (error.findings[0].column, error.findings[0].fix) == ("wieghts", "是否要写 weights")


def test_L10_an_id_that_occurs_twice_is_refused() -> None:  # noqa: N802
    refused(lambda: p_median(ROAD.iloc[:, [0, 1, 1]], 2), "E-LAY-03")
    refused(lambda: p_median(ROAD.iloc[[0, 1, 1]], 2), "E-LAY-03")
    twice = pd.Series([1, 2], index=["a", "a"])
    refused(lambda: p_median(ROAD, 2, weights=twice), "E-LAY-03")


def test_L10_of_two_sites_at_one_point_only_one_is_chosen_unless_both_may_be() -> None:  # noqa: N802
    km = pd.Series([0.0, 0.0, 9.0], index=list("abc"))
    cost = pd.DataFrame({j: (km - km[j]).abs() for j in km.index})
    heavy = {"a": 5, "b": 5, "c": 1}
    with pytest.warns(SitingWarning, match="a, b"):
        near = p_median(cost, 2, weights=heavy, site_distance=cost * 1000)
    assert near.sites == ["a", "c"]
    assert "同一地点只设一处" in near.conditions
    with pytest.warns(SitingWarning), pytest.raises(InfeasibleLayoutError) as caught:
        p_median(cost, 2, fixed=["a", "b"], site_distance=cost * 1000)
    assert set(caught.value.conflict) == {"a 固定入选", "b 固定入选", "同一地点只设一处"}
    both = p_median(cost, 2, fixed=["a", "b"], site_distance=cost * 1000, min_spacing_m=0)
    assert both.sites == ["a", "b"]


# --- L11 to L14, L18: ties, time, and solvers that are wrong -------------------------------------

SQUARE = pd.DataFrame(
    [[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]],
    index=list("wxyz"),
    columns=list("wxyz"),
)


@pytest.mark.parametrize("order", ["wxyz", "zyxw", "ywzx", "xzwy"])
def test_L11_of_equal_optima_the_smallest_ids_whatever_the_order(order: str) -> None:  # noqa: N802
    # Any two corners of the square leave two towns one step away: all six choices cost 2.
    shuffled = SQUARE.loc[list(order), list(reversed(order))]
    found = p_median(shuffled, 2)
    assert (found.sites, found.objective) == (["w", "x"], 2.0)
    assert (found.tie.unique, found.tie.broken) == (False, True)
    assert list(found.assignment.index) == list(order)
    # w serves itself and z, x itself and y; nothing is as near to both.
    assert found.assignment.to_dict() == {"w": "w", "x": "x", "y": "x", "z": "w"}


def test_L11_ties_are_left_alone_on_request_and_the_result_says_so() -> None:  # noqa: N802
    found = p_median(SQUARE, 2, ties=False)
    assert (found.tie.unique, found.tie.broken, found.tie.solves) == (None, False, 0)
    assert found.objective == 2.0


def test_L11_a_single_optimum_is_called_unique() -> None:  # noqa: N802
    found = p_median(ROAD, 1, weights={"a": 5, "b": 1, "c": 1, "d": 1})
    assert (found.sites, found.tie.unique) == (["a"], True)


def hard(n: int = 160) -> tuple[pd.DataFrame, pd.Series]:
    """Return towns at random, and sizes that make packing them hard."""
    rng = np.random.default_rng(7)
    xy = rng.random((n, 2)) * 100
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    ids = [f"t{k:03d}" for k in range(n)]
    return pd.DataFrame(far, ids, ids), pd.Series(rng.integers(3, 40, n).astype(float), ids)


def test_L12_when_time_is_over_the_best_so_far_comes_with_bound_and_gap() -> None:  # noqa: N802
    cost, size = hard()
    room = pd.Series(size.sum() / 20 * 1.03, index=cost.columns)
    found = p_median(cost, 20, capacity=room, demand=size, weights=size, time_limit_s=1.5)
    assert found.status == "feasible"
    assert 0 < found.bound < found.objective
    assert found.gap == (found.objective - found.bound) / found.objective
    assert len(found.sites) == 20
    assert (found.tie.unique, found.tie.broken) == (None, False)


@pytest.mark.parametrize("model", ["p_median", "max_coverage", "set_coverage", "p_center", "zones"])
def test_L13_when_time_is_over_before_a_first_choice_there_is_still_one(model: str) -> None:  # noqa: N802
    cost, size = hard(60)
    calls: dict[str, Any] = {
        "p_median": lambda: p_median(cost, 6, weights=size, time_limit_s=1e-9),
        "max_coverage": lambda: max_coverage(cost, 9, 6, weights=size, time_limit_s=1e-9),
        "set_coverage": lambda: set_coverage(cost, 20, time_limit_s=1e-9),
        "p_center": lambda: p_center(cost, 6, time_limit_s=1e-9),
        "zones": lambda: assign_zones(cost.iloc[:, :5], 9, per_cluster=1, time_limit_s=1e-9),
    }
    found = calls[model]()
    assert found.sites
    assert math.isfinite(found.bound)
    assert found.gap >= 0
    if found.status == "feasible":
        assert found.gap == abs(found.objective - found.bound) / abs(found.objective)


def lie(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """Let the solver give another answer than it found."""
    honest = solving.Solver.solve

    def lying(self: Any, **options: Any) -> Solved:
        return change(honest(self, **options))

    monkeypatch.setattr(solving.Solver, "solve", lying)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: replace(one, sites=np.array([0, 1]), objective=4.0 + 5.0), "better layout"),
        (lambda one: replace(one, objective=1.0), "the objective is 2.0"),
        (lambda one: replace(one, sites=np.array([0, 1, 2]), objective=1.0), "wrong number"),
        (lambda one: replace(one, sites=None, stopped="infeasible"), "can all hold"),
    ],
)
def test_L14_a_wrong_answer_of_the_solver_is_caught(  # noqa: N802
    monkeypatch: pytest.MonkeyPatch, change: Any, said: str
) -> None:
    lie(monkeypatch, change)
    with pytest.raises(SolverError, match=said) as caught:
        p_median(ROAD, 2, ties=False)
    assert caught.value.exit_code == 70


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fixed": ["d"]}, "fixed site is missing"),
        ({"forbidden": ["a"]}, "forbidden site is chosen"),
        (
            {"groups": dict.fromkeys("abcd", "g") | {"d": "h"}, "group_min": {"h": 1}},
            "breaks its limit",
        ),
        ({"groups": dict.fromkeys("abcd", "g") | {"c": "h"}, "group_max": 1}, None),
        ({"site_distance": METRES, "min_spacing_m": 5500}, "too near"),
        ({"cover_within": 0, "cover_share": 0.75}, "too little demand"),
    ],
)
def test_L14_each_condition_is_checked_once_more(  # noqa: N802
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], said: str | None
) -> None:
    # The solver always says a and c, the answer to the question without conditions.
    lie(monkeypatch, lambda one: replace(one, sites=np.array([0, 2]), objective=2.0, proven=False))
    if said is None:
        assert p_median(ROAD, 2, ties=False, **options).sites == ["a", "c"]
        return
    with pytest.raises(SolverError, match=said):
        p_median(ROAD, 2, ties=False, **options)


def test_L18_where_all_candidates_are_equal_the_first_ids_are_taken() -> None:  # noqa: N802
    same = pd.DataFrame(7.0, index=range(5), columns=[30, 4, 100, 21])
    found = p_median(same, 2)
    assert found.sites == [4, 21]  # numbers by value, not as text
    assert found.objective == 35.0


# --- L15 to L17: units ----------------------------------------------------------------------------


def test_L15_degrees_are_not_taken_for_metres() -> None:  # noqa: N802
    degrees = ROAD / 100
    refused(lambda: p_median(ROAD, 2, site_distance=degrees, min_spacing_m=3000), "E-LAY-18")
    places = gpd.GeoDataFrame({"a": [1.0]}, geometry=gpd.points_from_xy([121.4], [31.2]), crs=4326)
    error = refused(lambda: p_median(places, 1), "E-LAY-01")
    assert "siting.crs" in error.text("en")


def test_L16_a_radius_that_reaches_nothing_is_refused() -> None:  # noqa: N802
    error = refused(lambda: max_coverage(ROAD + 1, 1e-9, 2), "E-LAY-19")
    assert "最近的一对相距 1" in error.text("zh")
    refused(lambda: max_coverage(ROAD, -1, 2), "E-LAY-10")
    refused(lambda: max_coverage(ROAD, np.nan, 2), "E-LAY-10")


def test_L17_weights_far_apart_are_warned_of_and_summed_exactly() -> None:  # noqa: N802
    weights = {"a": 1e12, "b": 1e-6, "c": 1e12, "d": 1e-6}
    with pytest.warns(SitingWarning, match=r"1e\+18"):
        found = p_median(ROAD, 2, weights=weights)
    assert found.sites == ["a", "c"]
    assert found.objective == 2e-6


# --- L19 to L21: interrupts, spacing, crashes -----------------------------------------------------


def test_L19_an_interrupt_gives_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("siting.layout.deciding.QUIET_S", 0.0)
    cost, size = hard(80)
    found = p_median(cost, 8, weights=size, progress=interrupted)
    assert len(found.sites) == 8
    assert found.bound <= found.objective


def test_L19_an_interrupt_while_ties_are_looked_at_keeps_the_optimum(  # noqa: N802
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = solving.Solver.solve

    def solve(self: Any, **options: Any) -> Solved:
        if options.get("cutoff") is not None:
            raise KeyboardInterrupt
        return honest(self, **options)

    monkeypatch.setattr(solving.Solver, "solve", solve)
    found = p_median(SQUARE, 2)
    assert (found.status, found.tie.unique, found.tie.broken) == ("optimal", None, False)


def test_L20_fixed_sites_that_are_too_near_are_named_with_their_distance() -> None:  # noqa: N802
    names = {"c": "紫竹", "d": "吴泾"}
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(ROAD, 2, fixed=["c", "d"], site_distance=METRES, min_spacing_m=1500, names=names)
    error = caught.value
    assert set(error.conflict) == {"紫竹 固定入选", "吴泾 固定入选", "间距至少 1500 米"}
    assert "紫竹, 吴泾" in error.text("zh")
    assert "相距 1000 米" in error.text("zh")
    assert "1000 m apart" in error.text("en")


def test_L20_distances_that_lack_a_site_are_refused() -> None:  # noqa: N802
    few = METRES.drop(index="b")
    error = refused(lambda: p_median(ROAD, 2, site_distance=few, min_spacing_m=1), "E-LAY-17")
    assert [one.value for one in error.findings] == ["b"]
    refused(lambda: p_median(ROAD, 2, min_spacing_m=1), "E-LAY-06")


def test_L21_a_solver_that_crashes_is_a_named_error(monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802
    def crash(*_: Any, **__: Any) -> Solved:
        message = "no licence for the moon"
        raise RuntimeError(message)

    monkeypatch.setattr(solving, "solve_median", crash)
    with pytest.raises(SolverError, match="E-LAY-71") as caught:
        p_median(ROAD, 2)
    assert caught.value.exit_code == 70


class OldHighs:
    """A HiGHS of a release before those that are tested."""

    def version(self) -> str:
        return "1.14.0"


@pytest.mark.parametrize("there", [None, types.SimpleNamespace(Highs=OldHighs)])
@pytest.mark.parametrize("ask", [lambda: p_median(ROAD, 2), lambda: assign_zones(ROAD, 1)])
def test_L21_a_solver_that_is_missing_or_old_is_asked_for_by_name(  # noqa: N802
    there: Any, ask: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highs, "highspy", there)
    error = refused(ask, "E-LAY-73")
    assert "pip install 'highspy>=1.15'" in error.text("zh")
    assert "pip install 'highspy>=1.15'" in error.text("en")


def test_L21_the_room_can_be_entered_without_the_solver() -> None:  # noqa: N802
    program = "import sys; sys.modules['highspy'] = None; import siting.layout"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_L21_a_solver_that_dies_beside_the_main_thread_is_a_named_error(  # noqa: N802
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Dying(highs.highspy.Highs):
        def run(self) -> None:
            message = "out of ink"
            raise OSError(message)

    monkeypatch.setattr(highs.highspy, "Highs", Dying)
    with pytest.raises(SolverError, match="E-LAY-71"):
        p_center(ROAD, 2, capacity=[2, 2, 2, 2])


# --- the rest -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"group_max": 1}, "E-LAY-06"),
        ({"cover_within": 1}, "E-LAY-06"),
        ({"cover_share": 0.5}, "E-LAY-06"),
        ({"cover_share": 1.5, "cover_within": 1}, "E-LAY-10"),
        ({"demand": [1, 1, 1, 1]}, "E-LAY-06"),
        ({"groups": {"a": "g"}}, "E-LAY-15"),
        ({"groups": 3}, "E-LAY-15"),
        ({"groups": dict.fromkeys("abcd", "g"), "group_min": {"h": 1}}, "E-LAY-16"),
        ({"groups": dict.fromkeys("abcd", "g"), "group_min": -1}, "E-LAY-09"),
        ({"weights": [1, 2]}, "E-LAY-07"),
        ({"capacity": {"a": 1}}, "E-LAY-07"),
        ({"time_limit_s": 0}, "E-LAY-10"),
        ({"progress": 5}, "E-LAY-06"),
        ({"fixed": 5}, "E-LAY-11"),
        ({"existing": ["q"]}, "E-LAY-11"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: dict[str, Any], code: str) -> None:
    refused(lambda: p_median(ROAD, 2, **options), code)


@pytest.mark.parametrize("bad", [None, 3, [[1, 2]], np.eye(2), pd.Series([1.0])])
def test_what_is_no_table_is_refused(bad: Any) -> None:
    refused(lambda: p_median(bad, 1), "E-LAY-01")
    refused(lambda: assign_zones(bad, 1), "E-LAY-01")


def test_an_empty_table_and_odd_ids_are_refused() -> None:
    refused(lambda: p_median(ROAD.iloc[:0], 1), "E-LAY-01")
    refused(lambda: p_median(ROAD.set_axis([1.5, "b", None, "d"]), 1), "E-LAY-02")


def test_progress_is_told_and_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siting.layout.deciding.QUIET_S", 0.0)
    heard: list[tuple[float, float, float]] = []
    cost, size = hard(60)
    began = time.monotonic()
    found = p_median(cost, 6, weights=size, progress=lambda *told: heard.append(told))
    assert heard
    assert all(seconds >= 0 and bound <= best for seconds, best, bound in heard)
    assert 0 < found.time_s <= time.monotonic() - began


def test_nothing_is_warned_of_in_a_plain_question() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        p_median(ROAD, 2)


# --- what an independent reader tried ----------------------------------------------------------


def test_a_place_alone_and_a_pair_may_be_asked_for_together() -> None:
    scores = pd.DataFrame({"x": [1.0, 2, 3]}, index=list("abc"))
    assert assign_zones(scores, 1, forbidden=["a", ("b", "x")]).sites == [("c", "x")]
    assert assign_zones(scores, 2, fixed=["a", ("b", "x")]).sites == [("a", "x"), ("b", "x")]


def test_a_zone_that_is_fixed_meets_its_place_fixed_alone() -> None:
    scores = pd.DataFrame({"x": [1.0, 2], "y": [2.0, 3]}, index=list("ab"))
    assert assign_zones(scores, 1, fixed=["a", ("a", "x")]).sites == [("a", "x")]
    assert assign_zones(scores[["x"]], 1, fixed=["a", ("a", "x")]).sites == [("a", "x")]
    both = ["a", ("a", "x"), "b", ["b", "y"]]
    assert assign_zones(scores, 2, fixed=both).sites == [("a", "x"), ("b", "y")]
    refused(lambda: assign_zones(scores, 1, fixed=["a", ("b", "x")]), "E-LAY-14")
    refused(lambda: assign_zones(scores, 1, fixed=[("a", "x"), ("a", "y")]), "E-LAY-14")


def test_sites_without_a_way_between_them_are_far_apart() -> None:
    between = pd.DataFrame(np.inf, index=list("abcd"), columns=list("abcd"))
    free = p_median(ROAD, 2).sites
    assert p_median(ROAD, 2, site_distance=between, min_spacing_m=500).sites == free
    between = between.mask(np.eye(4, dtype=bool), 0.0)
    assert p_median(ROAD, 2, site_distance=between, min_spacing_m=500).sites == free
    between.loc["a", "b"] = 0.7  # as degrees would be
    refused(lambda: p_median(ROAD, 2, site_distance=between, min_spacing_m=500), "E-LAY-18")


def test_a_single_candidate_has_no_pair_to_be_far_apart() -> None:
    alone = pd.DataFrame([[0.0]], ["a"], ["a"])
    assert p_median(ROAD[["a"]], 1, site_distance=alone, min_spacing_m=500).sites == ["a"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"fixed": [{"a": 1}]}, "E-LAY-11"),
        ({"forbidden": [("a", ["b"])]}, "E-LAY-11"),
        ({"groups": {k: [1] for k in "abcd"}, "group_max": 1}, "E-LAY-15"),
        ({"names": ["a"]}, "E-LAY-06"),
        ({"weights": {1, 2, 3, 4}}, "E-LAY-07"),
        ({"weights": [True, 1, 1, 1]}, "E-LAY-07"),
        ({"weights": [1e308, 1e308, 1, 1]}, "E-LAY-23"),
    ],
)
def test_an_option_of_an_odd_kind_is_refused(options: dict[str, Any], code: str) -> None:
    refused(lambda: p_median(ROAD, 2, **options), code)


def test_a_radius_must_be_given() -> None:
    refused(lambda: set_coverage(ROAD, None), "E-LAY-10")
    refused(lambda: max_coverage(ROAD, None, 1), "E-LAY-10")


def test_what_can_be_read_once_is_read_once() -> None:
    weights = [1.0, 1, 10, 1]
    given = p_median(ROAD, 2, fixed=iter(["d"]), weights=iter(weights))
    assert given == p_median(ROAD, 2, fixed=["d"], weights=weights)


def test_groups_may_be_named_by_text_numbers_and_pairs_at_once() -> None:
    groups = {"a": ("g", 1), "b": ("g", 1), "c": "g", "d": 2}
    limit = {("g", 1): 0, "g": 0}
    assert p_median(ROAD, 1, groups=groups, group_max=limit).sites == ["d"]


@pytest.mark.parametrize(
    "column",
    [
        pd.to_datetime(["2020-01-01"] * 4),
        pd.to_timedelta([1, 2, 3, 4]),
        [1 + 1j, 2, 3, 4],
        [True, False, True, False],
        np.array([True, 1.0, 2.0, 3.0], dtype=object),
        np.array([pd.Timestamp("2020-01-01"), 1.0, 2.0, 3.0], dtype=object),
    ],
    ids=["date", "span", "complex", "yes or no", "one true", "one date"],
)
def test_a_cost_that_is_no_number_is_refused(column: Any) -> None:
    refused(lambda: p_median(ROAD.assign(b=column), 1), "E-LAY-04")


def test_numbers_too_large_to_add_up_are_refused() -> None:
    refused(lambda: p_median(ROAD * 1e300, 1, weights=[1e10] * 4), "E-LAY-23")
    refused(lambda: assign_zones(SCORES * 4e307, 1), "E-LAY-23")


@pytest.mark.parametrize(
    ("ask", "clash"),
    [
        (
            lambda: assign_zones(SCORES, 2, per_cluster={"x": (2, 1)}, per_place=2),
            ("x 至少 2 个", "x 最多 1 个"),
        ),
        (
            lambda: p_median(
                ROAD, 2, groups=dict.fromkeys("abcd", "g"), group_min=2, group_max={"g": 1}
            ),
            ("g 至少 2 个", "g 最多 1 个"),
        ),
    ],
    ids=["cluster", "group"],
)
def test_more_at_least_than_at_most_is_a_clash_of_the_two(ask: Any, clash: Any) -> None:
    with pytest.raises(InfeasibleLayoutError) as caught:
        ask()
    assert caught.value.conflict == clash
    # least: one of the two by one
    assert len(caught.value.relaxation) == 1


def test_a_site_both_fixed_and_forbidden_is_told_by_name_and_id() -> None:
    error = refused(
        lambda: p_median(ROAD, 2, fixed=["a"], forbidden=["a"], names={"a": "甲园"}), "E-LAY-12"
    )
    assert [one.value for one in error.findings] == ["甲园（a）"]
