"""A finding says where, what, why and how to mend it, in two languages, and never drives a terminal."""

from __future__ import annotations

import warnings

import pytest

from siting.errors import (
    ExistingOutputError,
    Finding,
    Findings,
    InputError,
    OutputError,
    SitingError,
    SitingWarning,
    stop,
    visible,
)

FOUND = Finding(
    "E-PLAN-05",
    "对应 2 个地点",
    "请写全称",
    "2 places have this name",
    "Write the full name",
    file="规划.xlsx",
    sheet="assignments",
    row=12,
    column="place",
    value="工业区",
)


def test_a_finding_names_file_sheet_row_column_value_reason_and_fix() -> None:
    assert FOUND.text() == (
        "E-PLAN-05 规划.xlsx 表「assignments」 第 12 行 列「place」：“工业区” 对应 2 个地点。请写全称。"
    )
    assert FOUND.text("en") == (
        "E-PLAN-05 规划.xlsx sheet 'assignments' row 12 column 'place': "
        '"工业区" 2 places have this name. Write the full name.'
    )


def test_an_error_says_chinese_first_and_keeps_all_its_findings() -> None:
    error = InputError([FOUND, FOUND])
    assert len(error.findings) == 2
    assert str(error).index("请写全称") < str(error).index("Write the full name")
    assert error.text("en").count("\n") == 1


def test_a_flood_of_findings_is_counted_not_printed() -> None:
    error = InputError([FOUND] * 1000)
    assert str(error).count("E-PLAN-05") == 100  # 50 in each language
    assert "950" in str(error)
    assert len(error.findings) == 1000


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError, 2), (ExistingOutputError, 2), (OutputError, 4), (SitingError, 70)],
)
def test_each_error_has_its_exit_code(error: type[SitingError], code: int) -> None:
    assert error(FOUND).exit_code == code


def test_only_errors_stop_and_the_rest_is_told_as_warnings() -> None:
    repaired = Finding("R-1", "已修正", "无", "repaired", "none", severity="repaired")
    note = Finding("N-1", "注意", "无", "noted", "none", severity="note")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Findings([repaired, note]).stop()
        Findings([repaired, note]).warn()
    assert [w.category for w in caught] == [SitingWarning]
    with pytest.raises(InputError) as raised:
        Findings([repaired, FOUND, FOUND]).stop()
    assert raised.value.findings == (FOUND, FOUND)


def test_stop_raises_what_it_is_told() -> None:
    with pytest.raises(OutputError, match="X-1"):
        stop(OutputError, code="X-1", reason="a", fix="b", reason_en="c", fix_en="d")


def test_control_characters_in_a_value_are_shown_not_sent_to_the_terminal() -> None:
    assert visible("a\x1b]0;x\x07b\u202ec") == "a<U+001B>]0;x<U+0007>b<U+202E>c"
    assert visible("字" * 100) == "字" * 59 + "…"
