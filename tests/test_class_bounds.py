"""What a legend prints of a class holds every value of the class, and no value of another."""

from __future__ import annotations

import math
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.cartography import Classed, measured
from siting.cartography.bounds import spans
from siting.colours import SCHEMES, Scheme
from siting.errors import InputError
from tests.small_maps import row_of_squares

NUMBERS = st.lists(
    st.one_of(
        st.floats(min_value=0.9, max_value=1.1),
        st.floats(min_value=-1e7, max_value=1e7, allow_subnormal=False),
        st.integers(min_value=0, max_value=12).map(float),
        st.sampled_from([1.0, 1.0008, 0.9996, 0.0, -0.004]),
    ),
    min_size=1,
    max_size=24,
)


def classed(values: pd.Series, scheme: Scheme = "quantile", classes: int = 5) -> Classed:
    places: gpd.GeoDataFrame = row_of_squares([f"地{i}" for i in range(len(values))])
    shown = values.set_axis(places.index)
    return measured(shown, places, title="数", unit="", classes=classes, scheme=scheme, lang="zh")


def printed(label: str) -> list[str]:
    """Return the one or two numbers that a line of the legend prints before its count."""
    return re.sub(r"（\d+）$", "", label).split(" – ")


def number(text: str) -> float:
    return float(text.replace(",", ""))


@given(
    numbers=NUMBERS,
    scheme=st.sampled_from(SCHEMES),
    classes=st.integers(min_value=1, max_value=9),
    neutral=st.sampled_from([None, 0, 1, 1.0]),
)
def test_every_value_lies_within_the_printed_bounds_of_its_class_and_of_no_other(
    numbers: list[float], scheme: Scheme, classes: int, neutral: float | None
) -> None:
    values = pd.Series(numbers)
    values.attrs["neutral"] = neutral
    found = classed(values, scheme, classes)
    bounds = [printed(label) for label in found.labels]
    assert [str(found.codes.count(i)) for i in range(len(bounds))] == [
        re.search(r"（(\d+)）$", label).group(1) for label in found.labels
    ]
    for value, code, text in zip(numbers, found.codes, found.texts, strict=True):
        if len(bounds[code]) == 1:  # one value alone, rounded to three digits: half of 0.01 in 1.00
            assert {v for v, c in zip(numbers, found.codes, strict=True) if c == code} == {value}
            assert number(bounds[code][0]) == pytest.approx(value, rel=5e-3, abs=0)
            continue
        low, high = map(number, bounds[code])
        assert low <= value <= high
        assert low <= number(text) <= high  # what the tooltip says agrees with the legend
        for other, ends in enumerate(bounds):
            if other != code and len(ends) == 2 and value != neutral:
                assert not number(ends[0]) <= value <= number(ends[1])
    starts = [number(ends[0]) for ends in bounds]
    assert starts == sorted(starts)


@given(numbers=NUMBERS, scheme=st.sampled_from(SCHEMES), neutral=st.sampled_from([0, 1]))
def test_no_class_reaches_over_the_neutral_value(
    numbers: list[float], scheme: Scheme, neutral: float
) -> None:
    values = pd.Series(numbers)
    values.attrs["neutral"] = neutral
    found = classed(values, scheme, classes=2)
    sides = {(code, value > neutral) for code, value in zip(found.codes, numbers, strict=True)}
    assert len(sides) == len(set(found.codes))


def test_location_quotients_break_at_exactly_one_and_the_legend_says_so() -> None:
    # three in each half by rank, but two of six are below 1: 1.0008 would be printed as 1
    values = pd.Series([0.868, 0.9, 1.0008, 1.13, 1.2, 1.3])
    values.attrs["neutral"] = 1
    found = classed(values, classes=2)
    assert found.codes == [0, 0, 1, 1, 1, 1]
    assert found.labels == ["0.868 – 1（2）", "1 – 1.3（4）"]
    assert found.rule.endswith("；以 1 分界，等于 1 的归较低一级")


def test_a_quotient_of_exactly_one_is_in_the_class_below() -> None:
    values = pd.Series([0.5, 0.6, 1.0, 1.5, 1.6, 2.0])
    values.attrs["neutral"] = 1
    assert classed(values, classes=2).codes == [0, 0, 0, 1, 1, 1]


def test_numbers_all_on_one_side_are_not_parted_and_the_legend_does_not_say_so() -> None:
    values = pd.Series([2.0, 3.0, 4.0, 5.0])
    plain = classed(values, classes=2)
    values.attrs["neutral"] = 1
    assert classed(values, classes=2) == plain
    assert "分界" not in plain.rule


def test_bounds_have_as_many_digits_as_keep_the_classes_apart() -> None:
    # outwards to three digits: 1 to 1.01, which would hold 1.0012 too; to four: both reach 1.001
    assert spans([(1.0008, 1.0009), (1.0012, 1.5)]) == [("1.0008", "1.0009"), ("1.0012", "1.5")]
    # whole units are never rounded away below 10^15
    assert spans([(12345.6, 98765.4)]) == [("12,345", "98,766")]
    assert spans([(-0.1234, -0.0567)]) == [("-0.124", "-0.0567")]
    assert spans([(1.5e20, 2.51e21)]) == [("1.5e+20", "2.51e+21")]


@pytest.mark.parametrize("bad", ["1", math.nan, math.inf])
def test_a_neutral_value_that_is_no_number_is_refused(bad: object) -> None:
    values = pd.Series(np.arange(4.0))
    values.attrs["neutral"] = bad
    with pytest.raises(InputError):
        classed(values)
