"""The least change that works: applied as it was told, it does work, whatever the numbers."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from siting.errors import InfeasibleLayoutError, SitingWarning
from siting.layout import assign_zones, p_median, set_coverage

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
