"""The checks that every frame goes through name each thing that is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from siting.errors import InputError
from siting.schema import (
    LABELS,
    check_choice,
    check_incidence,
    check_lang,
    check_weights,
    label,
    require_columns,
    require_unique,
)


def test_every_label_stands_in_both_languages_and_no_two_columns_share_one() -> None:
    for lang in (0, 1):
        shown = [pair[lang] for pair in LABELS.values()]
        assert all(shown)
    assert label("no_such_column") == "no_such_column"


def test_a_wrong_choice_lists_the_right_ones() -> None:
    assert check_lang("en") == "en"
    with pytest.raises(InputError, match="zh, en"):
        check_lang("fr")
    with pytest.raises(InputError, match="cluster, field"):
        check_choice(7, ("cluster", "field"), "by")


def test_all_missing_columns_are_named_at_once() -> None:
    with pytest.raises(InputError) as raised:
        require_columns(pd.DataFrame({"a": [1]}), ["a", "b", "c"], "table")
    assert [f.column for f in raised.value.findings] == ["b", "c"]


def test_repeated_ids_are_named_once_each() -> None:
    with pytest.raises(InputError) as raised:
        require_unique(pd.Index(["x", "y", "x", "x"]), "table")
    assert [f.value for f in raised.value.findings] == ["x"]


@pytest.mark.parametrize("wrong", [2, -1, 0.5, np.nan])
def test_an_incidence_table_holds_zeros_and_ones_only(wrong: float) -> None:
    with pytest.raises(InputError, match="E-INC-01"):
        check_incidence(pd.DataFrame({"a": [0, wrong]}))
    good = pd.DataFrame({"a": [0.0, 1.0], "b": [True, False]})
    assert check_incidence(good).dtypes.eq("int64").all()


def test_weights_are_aligned_by_label_and_every_bad_one_is_named() -> None:
    index = pd.Index(["p", "q"])
    aligned = check_weights(pd.Series({"q": 2, "p": 1, "other": -5}), index)
    assert aligned.to_list() == [1.0, 2.0]
    for bad in ({"p": 1}, {"p": 1, "q": -1}, {"p": 1, "q": np.inf}, {"p": 1, "q": "x"}):
        with pytest.raises(InputError) as raised:
            check_weights(pd.Series(bad), index)
        assert raised.value.findings[0].value.startswith("q")
