"""The least change that works: applied as it was told, it does work, whatever the numbers."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from siting.errors import InfeasibleLayoutError, SitingWarning
from siting.layout import (
    assign_zones,
    explaining,
    max_coverage,
    p_center,
    p_median,
    set_coverage,
)
from siting.layout.distances import within_capacity
from siting.layout.milp import Answer

LINE = pd.DataFrame(
    [[0, 1, 5, 6], [1, 0, 4, 5], [5, 4, 0, 1], [6, 5, 1, 0]],
    index=list("wxyz"),
    columns=list("abcd"),
    dtype=float,
)


@pytest.mark.parametrize(
    ("distance", "radius", "needed"),
    [
        # too far by one step of rounding: 0.1 * 3 is more than 0.3
        ({"a": [0.1 * 3]}, 0.3, 0.1 * 3),
        ({"a": [0.1 * 3]}, 0.2, 0.1 * 3),
        ({"a": [1.1 * 3, 1.0], "b": [4.0, 1.0]}, 3.3, 1.1 * 3),
        # nothing to enlarge by a share: from 0 to 1
        ({"a": [1.0, 2.0], "b": [5.0, 0.0]}, 0.0, 1.0),
    ],
)
def test_the_radius_that_is_told_is_the_least_that_covers_all(
    distance: dict[str, list[float]], radius: float, needed: float
) -> None:
    table = pd.DataFrame(distance, index=[f"r{i}" for i in range(len(distance["a"]))])
    with pytest.raises(InfeasibleLayoutError) as caught:
        set_coverage(table, radius)
    (change,) = caught.value.relaxation
    assert change.value == needed
    assert set_coverage(table, change.value).status == "optimal"


def test_a_full_site_does_not_hide_what_else_must_give() -> None:
    table = pd.DataFrame({"a": [6.0, 4.0, 9.0], "b": [6.5, 5.0, 1.0]}, index=list("xyz"))
    options = {"fixed": ["a", "b"], "demand": {"x": 0, "y": 2, "z": 3}}
    with pytest.raises(InfeasibleLayoutError) as caught:
        set_coverage(table, 4.3, capacity={"a": 2, "b": 0}, **options)
    changes = {one.kind: one.value for one in caught.value.relaxation}
    # b takes nothing however often its 0 is multiplied: a must take all 5, and reach z at 9
    assert changes == {"capacity": 2.5, "radius": 9.0}
    made = set_coverage(table, 9.0, capacity={"a": 5, "b": 0}, **options)
    assert made.status == "optimal"


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"forbidden": list("abcd")}, "forbidden"),
        ({"groups": dict.fromkeys("abcd", "G"), "group_max": 0}, "group_max"),
    ],
)
def test_no_change_asks_for_a_layout_of_no_site(options: dict, kind: str) -> None:
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(LINE, 1, **options)
    assert [one.kind for one in caught.value.relaxation] == [kind]
    scores = pd.DataFrame({"u": [1.0, 2.0]}, index=["x", "y"])
    with pytest.raises(InfeasibleLayoutError) as caught:
        assign_zones(scores, 1, per_place=0)
    assert [one.kind for one in caught.value.relaxation] == ["place_max"]


def test_weights_too_far_apart_to_tell_give_the_optimum_and_leave_ties_open() -> None:
    with pytest.warns(SitingWarning, match="W-LAY-01"):
        layout = p_median(LINE, 2, weights=[1e12, 1e-6, 3e-6, 1e-6])
    # w must be served at 0, by a; of the rest y weighs most: c serves it at 0, x and z at 1
    assert layout.sites == ["a", "c"]
    assert layout.objective == pytest.approx(2e-6, rel=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert p_median(LINE, 2, weights=[4, 1, 3, 1]).tie.unique is not None


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("model", ["p_median", "p_center", "max_coverage", "set_coverage"])
def test_forbidden_sites_alone_clash_where_nothing_else_is_needed(model: str, p: int) -> None:
    # However many are asked for: a layout of no site serves nobody. (Two of four clash with any
    # three forbidden ones as well; of these equally small sets the one without the number is told.)
    # Where nobody counts sites, no site at all would do if demand need not be within the radius.
    more = {"max_coverage": (9, p), "set_coverage": (9,)}.get(model, (p,))
    solve = {
        "p_median": p_median,
        "p_center": p_center,
        "max_coverage": max_coverage,
        "set_coverage": set_coverage,
    }[model]
    with pytest.raises(InfeasibleLayoutError) as caught:
        solve(LINE, *more, forbidden=list("abcd"))
    need = {"每个需求点都在半径 9 内"} if model == "set_coverage" else set()
    assert set(caught.value.conflict) == need | {f"{one} 不得入选" for one in "abcd"}
    with pytest.raises(InfeasibleLayoutError) as caught:
        solve(LINE, *more, groups=dict.fromkeys("abcd", "G"), group_max=0)
    assert set(caught.value.conflict) == need | {"每组最多 0 个"}


def test_the_number_is_named_where_forbidden_sites_leave_too_few() -> None:
    # One site is left: two clash with any three that are forbidden, one does not.
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(LINE, 2, forbidden=list("bcd"))
    assert set(caught.value.conflict) == {"恰好选 2 个", *(f"{one} 不得入选" for one in "bcd")}
    assert p_median(LINE, 1, forbidden=list("bcd")).sites == ["a"]
    # An existing site is a site: only the number asks for another.
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(LINE, 1, existing=["a"], forbidden=list("bcd"))
    assert "恰好选 1 个" in caught.value.conflict
    assert set_coverage(LINE, 9, existing=["a"], forbidden=list("bcd")).sites == []


def test_zones_clash_with_what_is_forbidden_alone() -> None:
    scores = pd.DataFrame({"u": [1.0, 2.0]}, index=["x", "y"])
    with pytest.raises(InfeasibleLayoutError) as caught:
        assign_zones(scores, 1, forbidden=["x", "y"])
    assert set(caught.value.conflict) == {"x 不得入选", "y 不得入选"}


FAR = float("inf")
APART = pd.DataFrame({"s": [1, FAR], "t": [FAR, 1]}, index=["d", "e"])  # each reaches one of two
TWO = pd.DataFrame({"s": [1.0, 2], "t": [2.0, 1], "u": [3.0, 3]}, index=["d", "e"])


@pytest.mark.parametrize("solve", [p_median, p_center])
def test_that_demand_is_served_is_one_of_the_conditions_that_clash(solve: Any) -> None:
    # One site has room for both, but d reaches s alone and e reaches t alone.
    room = {"unreachable": "allow pairs", "capacity": {"s": 9, "t": 9}}
    with pytest.raises(InfeasibleLayoutError) as caught:
        solve(APART, 1, **room)
    assert set(caught.value.conflict) == {"恰好选 1 个", "每个需求点都要有着落"}
    made = solve(APART, 2, **room)
    assert made.sites == ["s", "t"]
    assert "每个需求点都要有着落" in made.conditions


def test_that_demand_is_covered_is_one_of_the_conditions_that_clash() -> None:
    with pytest.raises(InfeasibleLayoutError) as caught:
        set_coverage(APART, 5, unreachable="allow pairs", forbidden=["s"])
    assert set(caught.value.conflict) == {"s 不得入选", "每个需求点都在半径 5 内"}
    assert [(one.kind, one.key) for one in caught.value.relaxation] == [("forbidden", "s")]


def test_no_change_asks_for_no_new_site_beside_those_there() -> None:
    # s is there already; choosing 0 more would do, but 0 is no number of sites.
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(TWO, 1, existing=["s"], forbidden=["t", "u"])
    (change,) = caught.value.relaxation
    assert (change.kind, change.key) == ("forbidden", "t")
    assert p_median(TWO, 1, existing=["s"], forbidden=["u"]).sites == ["t"]


def test_a_share_of_nothing_may_be_asked_for_since_it_is_told_as_a_change() -> None:
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(TWO, 1, cover_within=0.5, cover_share=0.5)
    (change,) = caught.value.relaxation
    assert (change.kind, change.value) == ("floor", 0.0)
    assert p_median(TWO, 1, cover_within=0.5, cover_share=change.value).objective == 3.0


def test_two_fixed_sites_at_one_point_are_called_so() -> None:
    here = pd.DataFrame(0.0, index=list("stu"), columns=list("stu"))
    with (
        pytest.warns(SitingWarning, match="W-LAY-02"),
        pytest.raises(InfeasibleLayoutError) as caught,
    ):
        p_median(TWO, 2, fixed=["s", "t"], site_distance=here)
    near = caught.value.findings[1]
    assert (near.code, near.value) == ("E-LAY-20", "s, t")
    assert near.reason == "固定的两点在同一地点"
    assert near.reason_en == "two fixed sites are at one point"
    assert "min_spacing_m=0" in near.fix


@pytest.mark.parametrize("stopped", ["optimal", "time"])
def test_a_change_is_called_the_least_only_where_that_is_proven(
    monkeypatch: pytest.MonkeyPatch, stopped: Any
) -> None:
    solve = explaining.solve_milp

    def late(*asked: Any, **options: Any) -> Answer:
        answer = solve(*asked, **options)
        return answer if "gap" in options else replace(answer, stopped=stopped)  # of the change

    monkeypatch.setattr(explaining, "solve_milp", late)
    with pytest.raises(InfeasibleLayoutError) as caught:
        p_median(LINE, 1, capacity=dict.fromkeys("abcd", 2))
    proven = stopped == "optimal"
    assert caught.value.relaxation_proven is proven
    (finding,) = caught.value.findings
    assert ("最小的改动：" in finding.fix) is proven
    assert ("未证明最小" in finding.fix) is not proven
    assert ("The least change" in finding.fix_en) is proven
    assert ("not proven least" in finding.fix_en) is not proven


def test_a_clash_that_takes_all_its_time_leaves_time_for_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(_: Any, watch: Any) -> None:
        while watch.left > 0:
            pass
        raise TimeoutError

    monkeypatch.setattr(explaining, "clash", endless)
    monkeypatch.setattr(explaining, "EXPLAIN_S", 1.0)
    with pytest.raises(InfeasibleLayoutError) as caught:
        assign_zones(pd.DataFrame({"x": [1.0, 2.0]}, index=["n", "s"]), 2, forbidden=["n"])
    (finding,) = caught.value.findings
    assert "未能找出最小的一组" in finding.reason
    assert "the smallest set was not found in time" in finding.reason_en
    assert [one.kind for one in caught.value.relaxation] == ["count"]


def test_a_closed_site_has_no_capacity_even_in_fractions() -> None:
    # columns: two sites, then who is served by each; two demands of 3 at the first, one at the second
    rule = within_capacity(
        np.array([2, 3, 4]), np.array([0, 0, 1]), np.full(3, 3.0), np.array([4.0, 9.0]), 5
    )
    # the first takes 4 if it is open; the second 3, for no more could ever come; all in eighths, as
    # the largest number, 4, is half of 8
    assert (8 * rule.matrix).toarray().tolist() == [[-4, 0, 3, 3, 0], [0, -3, 0, 0, 3]]
    assert rule.upper.tolist() == [0, 0]
