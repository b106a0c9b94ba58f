"""The catalogue of bad firm tables, T01 to T31: each case generated, each with its outcome."""

from __future__ import annotations

import datetime as dt
import itertools
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import siting.points.opening
from siting import crs
from siting.errors import InputError, SitingWarning
from siting.places import read_places
from siting.points import (
    Points,
    assign,
    frame_doubts,
    left_out,
    read_points,
    scan_points,
    tabulate,
)

HEAD = "企业名称,统一社会信用代码,行业,从业人数,经度,纬度"
GOOD = "甲公司,91310114000000001A,汽车,120,121.25,31.38"


def read(source: Path, **options: object) -> Points:
    """Read and hold the account to its identity; the warnings are in the report too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SitingWarning)
        points = read_points(source, **options)
    report = points.report
    assert report.rows_in == report.used + report.repaired + report.rejected
    assert len(points.frame) == report.used + report.repaired
    assert len(report.rejects) == report.rejected == sum(report.reasons.values())
    return points


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "企业.csv"
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return path


def firm(**given: str) -> str:
    cells = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | given
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


def book(folder: Path, *rows: tuple[object, ...]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    path = folder / "企业.xlsx"
    made.save(path)
    return path


def at(lon: object, lat: object) -> str:
    return firm(经度=str(lon), 纬度=str(lat))


def codes(points: Points) -> set[str]:
    return {finding.code for finding in points.report.findings}


# Rows that are rejected: (catalogue, row, reason).
REJECTED = [
    ("T01-nan", at("NaN", 31.2), "missing"),
    ("T01-blank", at("", 31.2), "missing"),
    ("T01-both", at("", ""), "missing"),
    ("T02", at(0, 0), "null_island"),
    ("T02-float", at("0.000000", "0.0"), "null_island"),
    ("T02-half", at(121.5, 0), "outside"),
    ("T03", at(31.2, 121.5), "swapped"),
    ("T03-letters", at("31.2N", "121.5E"), "swapped"),
    ("T04-words", at("嘉定区", "31.2"), "unreadable"),
    ("T04-minutes", at("121°61′", "31.2"), "unreadable"),
    ("T05-micro", at(121470000, 31230000), "scaled"),
    ("T05-e7", at(1214700000, 312300000), "scaled"),
    ("T05-radians", at(2.1200514, 0.5450663), "radians"),
    # EPSG:4549 (central meridian 120 E, false easting 500 km): 121.47 E, 31.23 N, by pyproj.
    ("T05-metres", at(640060, 3457406), "metres"),
    ("T05-beyond", at(181, 31.2), "out_of_range"),
    ("T07-Suzhou", at(120.585, 31.299), "outside"),
    ("T07-Beijing", at(116.4, 39.9), "outside"),
    ("T12", firm(从业人数="-5"), "weight_negative"),
    ("T13", firm(从业人数=""), "weight_missing"),
    ("T14-1e400", firm(从业人数="1e400"), "weight_not_finite"),
    ("T14-huge", firm(从业人数="1e16"), "weight_not_finite"),
    ("T14-inf", firm(从业人数="inf"), "weight_not_finite"),
    ("T14-lon", at("inf", 31.2), "not_finite"),
    ("T16-brackets", firm(从业人数="(5)"), "weight_unreadable"),
    ("T16-range", firm(从业人数="50-99人"), "weight_unreadable"),
    ("T16-groups", firm(从业人数="1,20"), "weight_unreadable"),
    ("T18", firm(统一社会信用代码="3.10115E+11"), "id_lost"),
    ("T23-weight", firm(从业人数="#N/A"), "error_cell"),
    ("T23-lon", at("#DIV/0!", 31.2), "error_cell"),
]


@pytest.mark.parametrize(("row", "reason"), [c[1:] for c in REJECTED], ids=[c[0] for c in REJECTED])
def test_a_bad_row_is_rejected_under_its_own_reason_and_the_good_one_stays(
    tmp_path: Path, row: str, reason: str
) -> None:
    points = read(table(tmp_path, GOOD, row))
    assert points.report.reasons == {reason: 1}
    assert (points.report.used, points.report.repaired) == (1, 0)
    rejects = points.report.rejects
    assert rejects["source_row"].tolist() == [3]
    assert rejects["reason"].tolist() == [reason]
    assert rejects["企业名称"].tolist() == ["甲公司"]
    told = [f for f in points.report.findings if f.severity == "warning" and f.row == 3]
    assert len(told) == 1
    assert told[0].file == "企业.csv"
    assert told[0].reason
    assert told[0].fix_en


# Rows that are repaired: (catalogue, row, column of the answer, value, note).
REPAIRED = [
    ("T04-minutes", at("121°28′E", "31.2"), "lon", 121 + 28 / 60, "度分秒"),
    ("T04-seconds", at("121.4", "31°13'48\"N"), "lat", 31.23, "度分秒"),
    ("T04-letter", at("E121.47", "31.2"), "lon", 121.47, "方向字母或度号"),
    ("T04-zh", at("东经121度28分12秒", "31.2"), "lon", 121.47, "度分秒"),
    ("T04-comma", at("121,47", "31.2"), "lon", 121.47, "逗号作小数点"),
    ("T16-thousands", firm(从业人数="1,200"), "weight", 1200, "千位分隔符"),
    ("T16-about", firm(从业人数="约50"), "weight", 50, "约数按其数取用"),
    ("T16-percent", firm(从业人数="12%"), "weight", 0.12, "百分数化为小数"),
    ("T16-wan", firm(从业人数="1.2万"), "weight", 12000, "万、亿已乘开"),
    ("T16-yi", firm(从业人数="0.3亿"), "weight", 30_000_000, "万、亿已乘开"),
    ("T16-unit", firm(从业人数="50人"), "weight", 50, "数后的单位已去掉"),
    ("T17", firm(从业人数="１２"), "weight", 12, "全角字符"),
    ("T17-lon", at("１２１.２５", "31.2"), "lon", 121.25, "全角字符"),
]


@pytest.mark.parametrize(
    ("row", "column", "value", "note"), [c[1:] for c in REPAIRED], ids=[c[0] for c in REPAIRED]
)
def test_a_declared_form_is_repaired_with_a_note(
    tmp_path: Path, row: str, column: str, value: float, note: str
) -> None:
    points = read(table(tmp_path, row, firm(统一社会信用代码="")))
    assert (points.report.used, points.report.repaired, points.report.rejected) == (1, 1, 0)
    assert points.frame[column].iloc[0] == value
    assert points.frame["repairs"].tolist() == [note, ""]
    assert points.frame["is_repaired"].tolist() == [True, False]
    assert [f.severity for f in points.report.findings if f.row == 2] == ["repaired"]


def test_t03_swapped_axes_are_swapped_back_on_request_only(tmp_path: Path) -> None:
    path = table(tmp_path, at(31.2, 121.5), GOOD)
    points = read(path, swap="fix")
    assert points.report.repairs == {"swapped": 1}
    assert points.frame[["lon", "lat"]].iloc[0].tolist() == [121.5, 31.2]
    refused = read(path).report
    proof = next(f for f in refused.findings if f.code == "W-PNT-28")
    assert "交换后落入研究区" in proof.reason
    assert proof.value == "31.2, 121.5"


def test_t05_the_guessed_unit_is_named(tmp_path: Path) -> None:
    report = read(table(tmp_path, at(121470000, 31230000), at(640060, 3457406))).report
    said = " ".join(f.reason for f in report.findings)
    assert "除以 1e+06" in said
    assert "EPSG:4549" in said


@pytest.mark.parametrize("frame", ["gcj02", "bd09", "cgcs2000"])
def test_t06_points_in_a_declared_frame_come_back_to_wgs84(tmp_path: Path, frame: str) -> None:
    lon, lat = crs.convert(121.4737, 31.2304, source="wgs84", target=frame)
    points = read(table(tmp_path, at(repr(lon), repr(lat))), frame=frame)
    # 1e-11 degree is a thousandth of a millimetre.
    assert abs(points.frame["lon"].iloc[0] - 121.4737) < 1e-11
    assert abs(points.frame["lat"].iloc[0] - 31.2304) < 1e-11


def test_t06_headings_that_name_another_frame_are_told(tmp_path: Path) -> None:
    head = HEAD.replace("经度", "高德经度").replace("纬度", "高德纬度")
    path = table(tmp_path, GOOD, head=head)
    assert "W-PNT-03" in codes(read(path))
    assert "W-PNT-03" not in codes(read(path, frame="gcj02"))


def test_t06_many_points_outside_make_the_frame_doubtful(tmp_path: Path) -> None:
    assert "W-PNT-08" in codes(read(table(tmp_path, GOOD, at(110, 30), at(111, 30))))


def test_t07_the_study_area_may_be_another(tmp_path: Path) -> None:
    suzhou = at(120.585, 31.299)
    assert read(table(tmp_path, suzhou), within=(120.4, 31.0, 120.9, 31.5)).report.used == 1


def sea(folder: Path, inside: int, outside: int) -> Points:
    """So many firms in the middle of 浦东, and so many in the open sea east of it."""
    rows = [at(121.55 + i / 1e4, 31.22) for i in range(inside)]
    return read(table(folder, *rows, *(at(122.25 + i / 1e4, 31.0) for i in range(outside))))


@pytest.mark.parametrize(
    ("inside", "outside", "told"), [(40, 300, True), (44, 5, True), (36, 4, False), (45, 5, False)]
)
def test_t06_t07_many_points_in_no_place_are_told_with_both_counts(
    tmp_path: Path, inside: int, outside: int, told: bool
) -> None:
    # 5 of 50 are a tenth and no more; 4 of 40 are too few, too
    points = sea(tmp_path, inside, outside)
    found = [f for f in frame_doubts(points, read_places("district")) if f.code == "W-PNT-16"]
    assert [f.value for f in found] == ([f"{outside} / {inside + outside}"] if told else [])
    for one in found:
        assert (one.file, one.row, one.severity) == ("企业.csv", 2 + inside, "warning")
        assert f"{inside + outside} 行中有 {outside} 行" in one.reason
        assert f"{outside} of {inside + outside} rows" in one.reason_en


def test_t07_t30_rows_in_no_place_or_no_category_are_listed_like_the_rejected_ones(
    tmp_path: Path,
) -> None:
    head = HEAD.replace("经度", "lon").replace("纬度", "lat")
    rows = [GOOD, at(122.3, 31.0), firm(行业=" "), firm(经度="122.3", 纬度="31.0", 行业="")]
    points = read(table(tmp_path, *rows, at("", ""), GOOD + ",more", head=head))
    frame = points.frame
    place_id = assign(frame["lon"], frame["lat"], read_places("district"))
    out = left_out(points, place_id, by="行业")
    assert out[["source_row", "reason", "lon"]].values.tolist() == [
        [3, "no_place", "122.3"],
        [4, "no_category", "121.25"],
        [5, "no_place", "122.3"],
    ]
    assert out["reason_zh"].tolist() == ["不在任何所给地区内", "没有分类", "不在任何所给地区内"]
    rejects = points.report.rejects
    assert (out.columns.tolist(), out.dtypes.tolist()) == (
        rejects.columns.tolist(),
        rejects.dtypes.tolist(),
    )
    # with the rejected rows these are all that the table of counts leaves out
    table_of = tabulate(frame, read_places("district"), by="行业")
    lost = table_of.attrs["unassigned"], table_of.attrs["missing_category"]
    assert lost == ((out["reason"] == "no_place").sum(), (out["reason"] == "no_category").sum())
    assert len(left_out(points, place_id)) == 2
    assert len(out) + len(rejects) + table_of.attrs["used"] == points.report.rows_in


def test_t07_places_of_other_rows_and_unknown_columns_are_refused(tmp_path: Path) -> None:
    points = read(table(tmp_path, GOOD))
    for wrong in (["310114"], pd.Series(["310114", "310115"])):
        with pytest.raises(InputError, match="E-PNT-21"):
            left_out(points, wrong)
    with pytest.raises(InputError, match="E-COL-01"):
        left_out(points, pd.Series(["310114"]), by="产业链")


def test_t09_equal_rows_stay_with_a_warning_or_go_on_request(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD, GOOD, firm(企业名称="乙", 统一社会信用代码=""))
    kept = read(path)
    assert kept.report.used == 3
    assert "W-PNT-10" in codes(kept)
    assert read(path, dedupe=True).report.reasons == {"duplicate": 1}


def test_t10_one_credit_code_at_two_places_is_told(tmp_path: Path) -> None:
    points = read(table(tmp_path, GOOD, firm(企业名称="乙公司", 经度="121.3")))
    told = next(f for f in points.report.findings if f.code == "W-PNT-11")
    assert told.value == "91310114000000001A"
    assert "第 2、3 行" in told.reason
    assert points.report.used == 2


@pytest.mark.parametrize("same", ["91310114000000001a", "９１３１０１１４００００００００１Ａ"])
def test_t10_an_id_in_other_letters_is_the_same_id(tmp_path: Path, same: str) -> None:
    points = read(table(tmp_path, GOOD, firm(企业名称="乙公司", 统一社会信用代码=same)))
    assert "W-PNT-11" in codes(points)
    assert points.frame["统一社会信用代码"].iloc[1] == same


@pytest.mark.parametrize("none", ["无", "NA", "-", "——", "不详", "ＮＡ", ""])
def test_t10_a_word_for_no_id_is_no_doubled_id(tmp_path: Path, none: str) -> None:
    rows = [firm(企业名称=name, 统一社会信用代码=none, 经度="121.3") for name in ("NA", "乙")]
    points = read(table(tmp_path, *rows))
    assert "W-PNT-11" not in codes(points)
    assert points.frame["企业名称"].tolist() == ["NA", "乙"]


def test_t11_points_piled_up_at_one_place_are_told(tmp_path: Path) -> None:
    pile = [firm(企业名称=f"企业{i}", 统一社会信用代码="") for i in range(500)]
    told = [f for f in read(table(tmp_path, *pile)).report.findings if f.code == "W-PNT-12"]
    assert [f.value for f in told] == ["121.250000, 31.380000"]
    assert told[0].reason.startswith("500 行")


@pytest.mark.parametrize(("choice", "weight"), [("zero", 0.0), ("keep", None)])
def test_t13_a_missing_weight_is_zero_or_kept_only_if_declared(
    tmp_path: Path, choice: str, weight: float | None
) -> None:
    points = read(table(tmp_path, firm(从业人数="")), missing_weight=choice)
    found = points.frame["weight"].iloc[0]
    assert found == weight if weight is not None else found != found  # noqa: PLR0124
    assert points.report.repaired == (choice == "zero")


def test_t15_sums_go_beyond_32_bits(tmp_path: Path) -> None:
    rows = [firm(从业人数="2000000000", 统一社会信用代码="", 企业名称=n) for n in "甲乙"]
    assert read(table(tmp_path, *rows)).report.weight_used == 4_000_000_000


@pytest.mark.parametrize(
    ("ids", "lost"),
    [
        (["3E12"], []),  # a code; nothing says that digits are gone
        (["3E12", "9131E5"], []),
        (["3.1E12"], [2]),
        (["3E+12"], [2]),
        (["3E12", "3.10E+17"], [2, 3]),
    ],
)
def test_t18_a_code_with_an_e_is_lost_only_beside_others_that_are(
    tmp_path: Path, ids: list[str], lost: list[int]
) -> None:
    points = read(table(tmp_path, *(firm(统一社会信用代码=one) for one in ids)))
    assert points.report.rejects["source_row"].tolist() == lost
    assert set(points.report.reasons) <= {"id_lost"}


def test_t19_ids_that_differ_in_the_last_digit_stay_two(tmp_path: Path) -> None:
    ids = ["913101140000000011", "913101140000000012", ""]
    points = read(table(tmp_path, *(firm(统一社会信用代码=one) for one in ids)))
    assert points.frame["统一社会信用代码"].tolist() == ids


def test_t20_leading_zeros_stay(tmp_path: Path) -> None:
    assert read(table(tmp_path, firm(行业="0021"))).frame["行业"].tolist() == ["0021"]


def test_t21_dates_among_names_are_told(tmp_path: Path) -> None:
    head = ("企业名称", "行业", "经度", "纬度")
    day = dt.datetime(2024, 3, 5)  # noqa: DTZ001
    path = book(tmp_path, head, ("甲", day, 121.25, 31.38), ("乙", "汽车", 121.3, 31.3))
    told = [f for f in read(path).report.findings if f.code == "W-PNT-13"]
    assert [(f.row, f.column, f.value) for f in told] == [(2, "行业", "2024-03-05")]


def test_t22_firms_called_na_null_and_none_stay(tmp_path: Path) -> None:
    names = ["NA", "null", "None", "nan", "N/A"]
    points = read(table(tmp_path, *(firm(企业名称=n, 统一社会信用代码="") for n in names)))
    assert points.frame["企业名称"].tolist() == names


def test_t23_t24_error_cells_and_formulas_without_result_of_a_workbook(tmp_path: Path) -> None:
    head = ("企业名称", "经度", "纬度", "备注")
    path = book(
        tmp_path,
        head,
        ("甲", "#N/A", 31.38, ""),
        ("乙", "=B2*2", 31.38, ""),
        ("丙", 121.25, 31.38, "=A1*2"),
        ("丁", 121.26, 31.38, "#REF!"),
    )
    points = read(path)
    assert points.report.reasons == {"error_cell": 1, "formula": 1}
    assert points.frame["企业名称"].tolist() == ["丙", "丁"]
    assert [(f.row, f.column) for f in points.report.findings if f.code == "W-PNT-14"] == [
        (4, "备注")
    ]
    assert "公式没有保存结果" in next(f.reason for f in points.report.findings if f.row == 3)


ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("heading", ["企业名称", "统一社会信用代码", "行业", "从业人数", "纬度"])
def test_t23_error_texts_cost_the_row_in_a_csv_as_in_a_workbook(
    tmp_path: Path, heading: str, suffix: str
) -> None:
    bad = [firm(**{heading: text}).split(",") for text in ERRORS]
    if suffix == "csv":
        points = read(table(tmp_path, GOOD, *map(",".join, bad)))
    else:
        points = read(book(tmp_path, HEAD.split(","), GOOD.split(","), *bad))
    assert points.report.reasons == {"error_cell": len(ERRORS)}
    (told,) = [f for f in points.report.findings if f.code == "W-PNT-25"]
    assert (told.row, told.column, told.value) == (3, heading, "#N/A")


def test_t23_only_whole_cells_are_errors_and_other_columns_cost_no_row(tmp_path: Path) -> None:
    names = ["#1 工厂", "见 #N/A 说明", "# N/A"]
    rows = [firm(企业名称=name, 统一社会信用代码="") + ",#REF!" for name in names]
    points = read(table(tmp_path, *rows, head=HEAD + ",备注"))
    assert points.frame["企业名称"].tolist() == names
    (told,) = [f for f in points.report.findings if f.code == "W-PNT-14"]
    assert (told.row, told.column) == (2, "备注")


# Headings in two rows that are not merged: 坐标 over both axes, the others in the upper row.
TWO_ROWS = (
    ("企业名称", "坐标", "", "人数"),
    ("", "经度", "纬度", ""),
    ("甲", "121.4", "31.2", "5"),
)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_t25_headings_in_two_rows_are_one(tmp_path: Path, suffix: str) -> None:
    head, *rows = [",".join(row) for row in TWO_ROWS]
    path = table(tmp_path, *rows, head=head) if suffix == "csv" else book(tmp_path, *TWO_ROWS)
    points = read(path)
    assert (points.report.rows_in, points.report.used) == (1, 1)
    assert points.frame[["企业名称", "人数", "lon", "lat", "weight"]].values.tolist() == [
        ["甲", "5", 121.4, 31.2, 5.0]
    ]
    assert "W-PNT-05" not in codes(points)  # no row is a title that was passed over


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_t25_rows_of_which_none_fits_the_headings_are_an_error(tmp_path: Path, suffix: str) -> None:
    rows = [("名称", "经度", "纬度"), ("甲", "121.4", "31.2", "5"), ("乙", "121.4", "31.2", "6")]
    head, *below = [",".join(row) for row in rows]
    path = table(tmp_path, *below, head=head) if suffix == "csv" else book(tmp_path, *rows)
    with pytest.raises(InputError) as caught:
        read(path)
    (told,) = caught.value.findings
    assert (told.code, told.row, told.value) == ("E-PNT-20", 2, "4 / 3")
    assert "第 1 行作为表头有 3 列，其下 2 行" in told.reason


def totals(folder: Path, *rows: tuple[str, str]) -> tuple[str, str]:
    """Return what is said of the totals of a table of names and headcounts."""
    lines = (firm(企业名称=name, 从业人数=jobs, 统一社会信用代码="") for name, jobs in rows)
    found = read(table(folder, *lines)).report.findings
    (told,) = [f for f in found if f.code == "W-PNT-21"]
    return told.reason, told.reason_en


@pytest.mark.parametrize(
    "rows",
    [
        [("甲", "10"), ("乙", "2.5"), ("合计", "12.5")],
        [("总计", "12"), ("甲", "10"), ("乙", "2")],
        [("甲", "1"), ("小计", "1"), ("乙", "2"), ("丙", "3"), ("小计", "5"), ("合计", "6")],
        [("甲", "0.1"), ("乙", "0.2"), ("合计", "0.3")],
    ],
)
def test_p31_t25_a_total_that_the_rows_add_up_to_is_said_to_be_right(tmp_path, rows) -> None:
    zh, en = totals(tmp_path, *rows)
    assert "与各行相加之和相符" in zh
    assert "as the rows add up" in en


def test_p31_t25_every_wrong_total_is_told_each_with_the_sum_of_its_own_rows(tmp_path) -> None:
    # 4 x 10 = 40 is right; 4 x 20 = 80, not 81; in all 120, not 100
    parts = [[(f"企业{n}{k}", str(k)) for n in range(4)] for k in (10, 20)]
    rows = [*parts[0], ("南翔镇小计", "40"), *parts[1], ("小計", "81"), ("總計", "100")]
    zh, _ = totals(tmp_path, *rows)
    assert "第 11 行写 81，各行相加为 80" in zh
    assert "第 12 行写 100，各行相加为 120" in zh
    assert "写 40" not in zh


def test_p31_t25_a_total_that_differs_from_its_rows_is_told_with_both_figures(tmp_path) -> None:
    # 10 + 2 = 12; a row of 3 is missing
    zh, en = totals(tmp_path, ("甲", "10"), ("乙", "2"), ("合计", "15"))
    assert "且与各行之和不符：第 4 行写 15，各行相加为 12" in zh
    assert "row 4 says 15, the rows add up to 12" in en


def test_p31_a_total_without_a_figure_or_in_a_piece_of_a_table_is_not_checked(tmp_path) -> None:
    assert totals(tmp_path, ("甲", "10"), ("合计", ""))[0].startswith("合计行，不是企业，拒绝")
    path = table(
        tmp_path, firm(从业人数="10"), firm(从业人数="2"), firm(企业名称="合计", 从业人数="12")
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SitingWarning)
        parts = list(scan_points(path, chunk_rows=1))
    (told,) = [f for f in parts[2].report.findings if f.code == "W-PNT-21"]
    assert "相加" not in told.reason


def test_t25_headings_below_a_title_or_in_two_rows_are_found(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        ("嘉定区企业表", None, None, None),
        ("企业名称", "行业", "坐标", None),
        (None, None, "经度", "纬度"),
        ("甲", "汽车", 121.25, 31.38),
    )
    points = read(path)
    assert points.report.used == 1
    assert points.frame[["企业名称", "行业", "lon", "lat"]].values.tolist() == [
        ["甲", "汽车", 121.25, 31.38]
    ]
    assert {"W-PNT-04", "W-PNT-05"} <= codes(points)
    assert points.frame["source_row"].tolist() == [4]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"<html><table></table></html>", "网页或 XML"),
        ("a.xlsx", "企业名称,经度,纬度\n".encode(), "文本"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧式 .xls"),
        ("a.csv", b"PK\x03\x04rest", "压缩包或 .xlsx"),
        ("a.csv", b"<!DOCTYPE html><html>", "网页或 XML"),
        ("a.csv", b"\xd0\xcf\x11\xe0", "旧式 .xls"),
        ("a.gpkg", b"lon,lat\n1,2\n", "文本"),
        ("a.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", "XML"),
        ("a.csv", b"<OGRVRTDataSource></OGRVRTDataSource>", "XML"),
        ("a.parquet", b"lon,lat", "文本"),
        ("a.shp", b"<OGRVRTDataSource/>", "XML"),
    ],
)
def test_t26_the_real_type_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_points(tmp_path / name)
    assert said in caught.value.findings[0].reason


def test_t27_a_file_with_exactly_as_many_rows_as_a_sheet_holds_is_told(tmp_path: Path) -> None:
    for rows, told in ((65_535, True), (65_534, False)):
        lines = (f"{121 + i / 1e6:.6f},31.3" for i in range(rows))  # one row more is the headings
        points = read(table(tmp_path, *lines, head="lon,lat"))
        assert ("W-PNT-06" in codes(points)) == told, rows


def test_t27_the_limit_of_an_xlsx_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert siting.points.opening._ROW_LIMITS == (65_536, 1_048_576)
    monkeypatch.setattr(siting.points.opening, "_ROW_LIMITS", (3,))
    path = book(tmp_path, ("经度", "纬度"), (121.25, 31.38), (121.26, 31.38))
    assert "W-PNT-06" in codes(read(path))


def test_t28_a_sector_that_the_declared_list_lacks_is_rejected(tmp_path: Path) -> None:
    path = table(tmp_path, firm(行业="C36"), firm(行业="C99", 统一社会信用代码=""))
    assert read(path, sectors={"C36", "C37"}).report.reasons == {"unknown_sector": 1}
    assert read(path).report.used == 2


def test_t29_codes_are_text_whatever_the_file_made_of_them(tmp_path: Path) -> None:
    path = book(tmp_path, ("街镇代码", "经度", "纬度"), (310114001, 121.25, 31.38))
    assert read(path).frame["街镇代码"].tolist() == ["310114001"]


def test_t31_pieces_of_any_size_give_the_same_rows_and_account(tmp_path: Path) -> None:
    rows = [at(121 + i / 1000, 31.3) if i % 7 else at("", "") for i in range(100)]
    path = table(tmp_path, *rows)
    whole = read(path)
    for size in (1, 9, 100, 1000):  # tests/benchmarks/bench_points.py reads and assigns 1e7
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SitingWarning)
            parts = list(scan_points(path, chunk_rows=size))
        assert all(len(p.frame) + p.report.rejected <= size for p in parts)
        rows_of = [p.frame["source_row"].tolist() for p in parts]
        assert list(itertools.chain(*rows_of)) == whole.frame["source_row"].tolist()
        assert sum(p.report.rows_in for p in parts) == whole.report.rows_in
        assert sum(p.report.rejected for p in parts) == whole.report.rejected
