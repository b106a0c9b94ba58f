"""Quantities in English: 万 and 亿 worked out, measure words left out, nothing rounded or lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.tables.amounts import amount

_WORDS = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        (5000, "亿元", "CNY 500 billion"),  # 5000 x 10^8
        (3075.6, "亿元", "CNY 307.56 billion"),
        (56468.79, "亿元", "CNY 5.646879 trillion"),
        (1.2, "万亿元", "CNY 1.2 trillion"),
        (100, "万元", "CNY 1 million"),
        (99, "万元", "CNY 990,000"),
        (5, "元", "CNY 5"),
        (0, "亿元", "CNY 0"),
        (2, "亿美元", "USD 200 million"),
        (3, "万人次", "30,000 person-times"),
        (24870895, "人", "24,870,895 persons"),
        (1.5, "万平方米", "15,000 m2"),
        (30, "%", "30%"),
        (2, "万家", "20,000"),
        (2, "大片", "2 大片"),
        (6340.5, "km2", "6,340.5 km2"),
    ],
)
def test_a_unit_is_worked_out_by_hand(quantity: float, unit: str, said: str) -> None:
    assert amount(quantity, unit, lang="en") == said


@given(st.integers(min_value=1, max_value=10**7), st.sampled_from(["元", "万元", "亿元"]))
def test_money_is_worth_the_same_in_both_languages(quantity: int, unit: str) -> None:
    whole = quantity * {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]
    number, word = re.fullmatch(
        r"CNY ([\d,.]+) ?([a-z]*)", amount(quantity, unit, lang="en")
    ).groups()
    assert float(number.replace(",", "")) * _WORDS[word] == pytest.approx(whole, rel=1e-11)


def test_a_qualifier_is_kept_around_the_worked_out_number() -> None:
    assert amount(5000, "亿元", "about", "en") == "about CNY 500 billion"
    assert amount(200, "家", "more_than", "en") == "more than 200"
    assert amount(200, "家", "more_than", "zh") == "超过 200 家"
