"""Suitability: scores open to their parts, directions and weights are declared, rank reversal is known."""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.errors import InputError
from siting.suitability import rank_reversals, suitability

TABLE = pd.DataFrame({"jobs": [0.0, 50.0, 100.0], "km": [2.0, 10.0, 6.0]}, index=["a", "b", "c"])
WAYS = {"jobs": "more", "km": "less"}


def test_a_score_is_the_sum_of_its_parts_by_hand() -> None:
    made = suitability(TABLE, directions=WAYS, weights={"jobs": 3, "km": 1})
    # jobs 0, 0.5, 1 times 3/4; km 2 -> 1, 10 -> 0, 6 -> 0.5 times 1/4
    assert made.parts["jobs"].tolist() == [0.0, 0.375, 0.75]
    assert made.parts["km"].tolist() == [0.25, 0.0, 0.125]
    assert made.score.tolist() == [0.25, 0.375, 0.875]
    assert made.weights.tolist() == [0.75, 0.25]
    assert made.weighing == "given"
    assert made.scales.loc["km"].tolist() == ["less", 2.0, 10.0]


def test_ranked_weights_are_the_centroid_of_the_order() -> None:
    three = TABLE.assign(x=[1.0, 2.0, 3.0])
    made = suitability(three, directions=WAYS | {"x": "more"}, weights="ranked")
    # Barron and Barrett: 1/3 (1 + 1/2 + 1/3), 1/3 (1/2 + 1/3), 1/3 (1/3)
    assert made.weights.tolist() == pytest.approx([11 / 18, 5 / 18, 2 / 18], abs=1e-15)


def test_entropy_weights_favour_what_tells_alternatives_apart() -> None:
    table = pd.DataFrame({"one": [1.0, 0.0, 0.0], "even": [1.0, 1.0, 0.0]})
    made = suitability(table, directions={"one": "more", "even": "more"}, weights="entropy")
    # entropies over ln 3: 0 for all in one place, ln 2 / ln 3 for two equal halves
    spread = [1.0, 1 - log(2) / log(3)]
    assert made.weights.tolist() == pytest.approx([w / sum(spread) for w in spread], rel=1e-12)


def test_what_does_not_differ_tells_nothing_apart() -> None:
    made = suitability(
        pd.DataFrame({"same": [4.0, 4.0], "x": [1.0, 2.0]}),
        directions={"same": "less", "x": "more"},
    )
    assert made.scaled["same"].tolist() == [0.5, 0.5]
    assert made.score.tolist() == [0.25, 0.75]


def test_a_missing_value_leaves_the_score_undefined_and_says_which() -> None:
    made = suitability(TABLE.where(TABLE != 50.0), directions=WAYS)
    assert made.score.isna().tolist() == [False, True, False]
    assert made.score.attrs["undefined"] == {"b": ("缺少：jobs", "missing: jobs")}


def test_ends_taken_from_the_alternatives_can_turn_an_order_round_and_fixed_ends_cannot() -> None:
    ways = {"x": "more", "y": "more"}
    stretched = pd.DataFrame({"x": [0.0, 2.0, 100.0], "y": [8.0, 6.0, 7.0]}, index=list("abc"))
    # weights 6 : 5. With c, x of b is 2/100: a = 5/11, b = 0.12/11, a leads.
    # Without c, x of b is 1: a = 5/11, b = 6/11, b leads.
    found = rank_reversals(stretched, directions=ways, weights={"x": 6, "y": 5})
    assert ("c", "a", "b") in {tuple(row) for row in found.itertuples(index=False)}
    fixed = {"x": (0, 100), "y": (0, 10)}
    assert rank_reversals(stretched, directions=ways, weights={"x": 6, "y": 5}, bounds=fixed).empty


tables = st.integers(2, 6).flatmap(
    lambda n: st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)), min_size=n, max_size=n
    )
)
THREE = {"0": "more", "1": "less", "2": "more"}


def frame(rows: list[tuple[float, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list("012"))


@given(tables, st.tuples(st.floats(0.01, 9), st.floats(0, 9), st.floats(0, 9)))
def test_scores_lie_between_0_and_1_and_are_the_sum_of_their_parts(
    rows: list[tuple[float, float, float]], weights: tuple[float, float, float]
) -> None:
    made = suitability(
        frame(rows), directions=THREE, weights=dict(zip("012", weights, strict=True))
    )
    assert ((made.score >= -1e-12) & (made.score <= 1 + 1e-12)).all()
    assert np.allclose(made.parts.sum(axis=1), made.score, atol=1e-12, rtol=0)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(
    rows: list[tuple[float, float, float]], random: object
) -> None:
    table = frame(rows)
    order = list(table.index)
    random.shuffle(order)
    one = suitability(table, directions=THREE).score
    other = suitability(table.loc[order], directions=THREE).score
    assert one.equals(other.reindex(one.index))


@given(tables)
def test_with_fixed_bounds_no_order_is_ever_turned(rows: list[tuple[float, float, float]]) -> None:
    bounds = dict.fromkeys("012", (0.0, 100.0))
    assert rank_reversals(frame(rows), directions=THREE, bounds=bounds).empty


@given(tables, st.floats(0.1, 50), st.floats(-50, 50))
def test_the_unit_of_a_criterion_changes_nothing(
    rows: list[tuple[float, float, float]], factor: float, shift: float
) -> None:
    table = frame(rows)
    if any(0 < np.ptp(table[c].to_numpy()) < 1e-3 for c in table):
        return  # a spread near the rounding of the shift is lost in it
    one = suitability(table, directions=THREE).score
    other = suitability(table * factor + shift, directions=THREE).score
    assert np.allclose(one, other, atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("table", "options"),
    [
        (TABLE, {"directions": {"jobs": "more"}}),
        (TABLE, {"directions": WAYS | {"gone": "more"}}),
        (TABLE, {"directions": WAYS, "weights": {"jobs": 1}}),
        (TABLE, {"directions": WAYS, "weights": {"jobs": -1, "km": 2}}),
        (TABLE, {"directions": WAYS, "weights": {"jobs": 0, "km": 0}}),
        (TABLE, {"directions": WAYS, "weights": "guess"}),
        (TABLE, {"directions": WAYS, "bounds": {"jobs": (0, 10)}}),
        (TABLE, {"directions": WAYS, "bounds": {"jobs": (9, 1)}}),
        (TABLE.replace(50.0, np.inf), {"directions": WAYS}),
        (TABLE.astype("object").replace(50.0, "many"), {"directions": WAYS}),
        (TABLE.iloc[:0], {"directions": WAYS}),
        (TABLE.set_axis(["a", "a", "b"]), {"directions": WAYS}),
    ],
)
def test_what_cannot_be_scored_is_refused_by_name(table: pd.DataFrame, options: dict) -> None:
    with pytest.raises(InputError):
        suitability(table, **options)


def test_weights_of_an_answer_can_be_given_back() -> None:
    first = suitability(TABLE, directions=WAYS, weights={"jobs": 3, "km": 1})
    again = suitability(TABLE, directions=pd.Series(WAYS), weights=first.weights)
    assert again.score.tolist() == first.score.tolist()
    with pytest.raises(InputError, match="km"):
        suitability(TABLE, directions=WAYS, weights=first.weights[["jobs"]])
    with pytest.raises(InputError, match="E-KEY-01"):
        suitability(TABLE, directions=WAYS, weights=pd.concat([first.weights, first.weights]))


def test_entropy_leaves_out_what_is_not_known() -> None:
    table = pd.DataFrame(
        {
            "one": [1.0, 0.0, np.nan, 0.0],
            "even": [1.0, 1.0, 0.0, 0.0],
            "single": [np.nan] * 3 + [5.0],
        }
    )
    ways = dict.fromkeys(table, "more")
    made = suitability(table, directions=ways, weights="entropy")
    # one: all in one place, entropy 0; even: two equal halves of four; single: nothing to compare.
    # A missing value that counted as the worst would not change "one", but would "half" below.
    assert made.weights.tolist() == pytest.approx([2 / 3, 1 / 3, 0.0], abs=1e-12)
    half = table.assign(half=[1.0, 1.0, 0.0, np.nan])
    made = suitability(half, directions=ways | {"half": "more"}, weights="entropy")
    spread = [1.0, 1 - log(2) / log(4), 0.0, 1 - log(2) / log(3)]  # half: three values are known
    assert made.weights.tolist() == pytest.approx([w / sum(spread) for w in spread], rel=1e-12)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"directions": None}, "E-SUI-03"),
        ({"directions": ["more", "less"]}, "E-SUI-03"),
        ({"bounds": {"jobs": 5}}, "E-SUI-04"),
        ({"bounds": {"jobs": ("a", "b")}}, "E-SUI-04"),
        ({"bounds": {"jobs": (0, 50, 100)}}, "E-SUI-04"),
        ({"bounds": [(0, 100)]}, "E-SUI-04"),
        ({"weights": {"jobs": "q", "km": 1}}, "E-SUI-05"),
        ({"weights": [1, 2]}, "E-SUI-05"),
        ({"weights": None}, "E-SUI-05"),
    ],
)
def test_an_option_of_an_odd_kind_is_refused(options: dict, code: str) -> None:
    with pytest.raises(InputError, match=code):
        suitability(TABLE, **({"directions": WAYS} | options))


@pytest.mark.parametrize("column", [pd.to_datetime(["2020-01-01"] * 3), [1 + 1j, 2, 3]])
def test_a_criterion_that_is_no_number_is_refused(column: object) -> None:
    with pytest.raises(InputError, match="E-SUI-02"):
        suitability(TABLE.assign(km=column), directions=WAYS)


def test_yes_and_no_are_one_and_zero() -> None:
    made = suitability(TABLE.assign(km=[True, False, True]), directions=WAYS)
    assert made.scaled["km"].tolist() == [0.0, 1.0, 0.0]
