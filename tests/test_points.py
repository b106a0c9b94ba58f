"""Reading points: every row accounted for, whatever the encoding, the separator, the file or the bytes."""

from __future__ import annotations

import csv
import importlib.util
import io
import struct
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import siting.points
import siting.points.delimited
from siting import crs, geodata
from siting.errors import InputError, SitingError, SitingWarning
from siting.places import read_places
from siting.points import Points, assign, read_points, scan_points, write_template
from siting.points.cellular import letter
from siting.points.judging import SHANGHAI
from siting.points.numbers import angle, figure
from siting.points.record import REASONS, REPAIRS, Report
from siting.sheets import decode

HEAD = ["企业名称", "编号", "行业", "从业人数", "经度", "纬度"]
ROWS = [
    ["甲公司", "0001", "汽车", "120", "121.25", "31.38"],
    ["乙公司", "0002", "软件", "约35", "121.3", "31.3"],
    ["丙公司", "0003", "软件", "8", "", "31.3"],
]
PLAIN = st.characters(codec="utf-8", exclude_characters="\0\ufeff\r\n")
CELLS = st.one_of(
    st.text(PLAIN, max_size=6),
    st.sampled_from(
        [
            "",
            "121.4",
            "31.2",
            "0",
            "-5",
            "1e400",
            "NaN",
            "合计",
            "约5",
            "1.2万",
            "１２",
            "#N/A",
            "(5)",
        ]
    ),
    st.floats().map(repr),
    st.sampled_from(["121°28′E", "31°13'48\"N", "121470000", "3.1E+11", '"', "a,b", ";", "，"]),
)
NUMBERS = st.one_of(CELLS, st.floats(121, 122).map(repr), st.floats(31, 31.5).map(repr))


def read(source: Path | str, **options: object) -> Points:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SitingWarning)
        points = read_points(source, **options)
    report = points.report
    assert report.rows_in == report.used + report.repaired + report.rejected
    assert len(points) == report.used + report.repaired
    assert len(report.rejects) == report.rejected == sum(report.reasons.values())
    return points


def text_of(rows: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def saved(rows: list[list[str]], encoding: str = "utf-8", separator: str = ",") -> Points:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "企业.csv")
        path.write_bytes(text_of(rows, separator).encode(encoding))
        return read(path)


def csv_file(folder: Path, content: str | bytes, name: str = "企业.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def layer(**more: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"名称": ["甲", "乙"], "编号": ["0021", "0022"], "人数": [120, 35]},
        geometry=[shapely.Point(121.25, 31.38), shapely.Point(121.3, 31.3)],
        crs=4326,
        **more,
    )


# Laws.


@pytest.mark.parametrize("separator", [",", "\t", ";", "，", "、", "|"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_the_encoding_and_the_separator_change_nothing(encoding: str, separator: str) -> None:
    plain = saved([HEAD, *ROWS])
    other = saved([HEAD, *ROWS], encoding, separator)
    assert other.frame.equals(plain.frame)
    assert other.report.rejects.equals(plain.report.rejects)
    assert (plain.report.used, plain.report.repaired, plain.report.rejected) == (1, 1, 1)


@settings(max_examples=80)
@given(
    st.lists(st.lists(NUMBERS, min_size=1, max_size=8), max_size=12),
    st.sampled_from(["reject", "zero", "keep"]),
    st.sampled_from(["refuse", "fix"]),
    st.booleans(),
)
def test_each_row_of_any_table_is_used_repaired_or_rejected(
    rows: list[list[str]], missing: str, swap: str, dedupe: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = csv_file(Path(folder), text_of([HEAD, ROWS[0], *rows]))
        points = read(path, missing_weight=missing, swap=swap, dedupe=dedupe)
    solid = sum(any(cell.strip() for cell in row) for row in rows)
    assert points.report.rows_in == 1 + solid
    lon, lat = points.frame["lon"], points.frame["lat"]
    west, south, east, north = SHANGHAI
    assert (lon.between(west, east) & lat.between(south, north)).all()
    assert points.frame["weight"].dropna().ge(0).all()
    numbers = [*points.frame["source_row"], *points.report.rejects["source_row"]]
    assert len(set(numbers)) == len(numbers)


@settings(max_examples=60)
@given(st.lists(st.lists(NUMBERS, min_size=6, max_size=6), min_size=1, max_size=8))
def test_reading_what_was_read_repairs_nothing_more(rows: list[list[str]]) -> None:
    first = saved([HEAD, ROWS[0], *rows]).frame
    again = [
        [*(str(row[name]) for name in HEAD[:3]), *(repr(row[c]) for c in ("weight", "lon", "lat"))]
        for row in first.to_dict("records")
    ]
    second = saved([HEAD, *again])
    # A total, a lost id or a control character is not made by reading; the rest is plain by now.
    assert second.report.rejected == 0
    assert set(second.report.repairs) <= {"scientific"}  # repr of a number below 1e-4
    for column in ("lon", "lat", "weight"):
        assert second.frame[column].tolist() == first[column].tolist()


@settings(max_examples=60)
@given(st.lists(st.integers(10**17, 10**18 - 1), min_size=1, max_size=20, unique=True))
def test_ids_of_18_digits_stay_distinct(ids: list[int]) -> None:
    rows = [["甲", str(one), "", "1", "121.25", "31.38"] for one in ids]
    assert saved([HEAD, *rows]).frame["编号"].tolist() == [str(one) for one in ids]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_count(which: list[int], random: object) -> None:
    rows = [ROWS[i] for i in which]
    mixed = rows.copy()
    random.shuffle(mixed)
    one, two = saved([HEAD, *rows]).report, saved([HEAD, *mixed]).report
    assert (one.used, one.repaired, one.rejected) == (two.used, two.repaired, two.rejected)
    assert (one.reasons, one.repairs) == (two.reasons, two.repairs)


@settings(max_examples=60)
@given(st.permutations(range(6)))
def test_the_order_of_columns_changes_no_row(order: list[int]) -> None:
    moved = saved([[row[i] for i in order] for row in [HEAD, *ROWS]]).frame
    plain = saved([HEAD, *ROWS]).frame
    assert moved[plain.columns].equals(plain)


@settings(max_examples=60)
@given(st.text(PLAIN, min_size=1).filter(lambda t: t.strip() == t and t.isprintable()))
def test_any_visible_name_comes_back_as_it_was(name: str) -> None:
    points = saved([["经度", "纬度", "企业名称"], ["121.25", "31.38", name]])
    assert points.frame["企业名称"].tolist() == [name]


@settings(max_examples=200)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_to_its_last_bit(value: float) -> None:
    assert figure(repr(value)).value == value
    assert angle(repr(value)).value == value


@settings(max_examples=100)
@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59), st.sampled_from("EWew"))
def test_degrees_minutes_and_seconds_are_what_they_say(d: int, m: int, s: int, side: str) -> None:
    seconds = d * 3600 + m * 60 + s
    value = -seconds / 3600 if side in "Ww" else seconds / 3600
    for form in (f"{d}°{m}′{s}″{side}", f"{side}{d}度{m}分{s}秒", f"{d} {m} {s} {side}"):
        assert angle(form).value == value
        assert angle(form).axis == "lon"


@settings(max_examples=100)
@given(st.integers(0, 10**12))
def test_declared_forms_of_a_count_all_mean_it(count: int) -> None:
    wide = str(count).translate({ord("0") + i: ord("０") + i for i in range(10)})
    for form in (f"{count:,}", f"约{count}", f"{count}人", f"{count}左右", wide, f" {count} "):
        assert figure(form).value == count
    assert figure(f"{count}万").value == count * 10_000


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=30), CELLS))
def test_a_text_is_a_finite_number_or_has_a_reason(text: str) -> None:
    for reader in (figure, angle):
        one = reader(text)
        assert np.isfinite(one.value) == (not one.reason)


@settings(max_examples=60)
@given(
    st.floats(120.9, 122.2), st.floats(30.7, 31.8), st.sampled_from(["gcj02", "bd09", "cgcs2000"])
)
def test_a_declared_frame_is_undone_to_a_millionth_of_a_metre(
    lon: float, lat: float, frame: str
) -> None:
    there = crs.convert(lon, lat, source="wgs84", target=frame)
    with tempfile.TemporaryDirectory() as folder:
        path = csv_file(Path(folder), text_of([["lon", "lat"], [repr(float(v)) for v in there]]))
        back = read(path, frame=frame).frame
    # 1e-11 degree is 1.1e-6 m.
    assert abs(back["lon"][0] - lon) <= 1e-11
    assert abs(back["lat"][0] - lat) <= 1e-11


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(siting.points.opening.SUFFIXES), st.booleans())
def test_any_bytes_under_any_ending_give_points_or_an_input_error(
    raw: bytes, suffix: str, headed: bool
) -> None:
    starts = {".xlsx": b"PK\x03\x04", ".zip": b"PK\x03\x04", ".gpkg": b"SQLite format 3\0"}
    start = starts.get(suffix, "经度,纬度\n".encode()) if headed else b""
    with tempfile.TemporaryDirectory() as folder:
        path = csv_file(Path(folder), start + raw, f"a{suffix}")
        try:
            read(path)
        except SitingError as error:
            said = error
        else:
            return
    assert said.findings[0].reason
    assert said.exit_code == 2


# Headings and columns.


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("经度", "纬度"),
        ("lng", "lat"),
        ("Lon", "Lat"),
        ("longitude", "latitude"),
        ("x", "y"),
        ("经度（度）", "纬度（度）"),
        ("lng_wgs84", "lat_wgs84"),
        ("经度/lon", "纬度/lat"),
    ],
)
def test_usual_headings_are_known(tmp_path: Path, lon: str, lat: str) -> None:
    path = csv_file(tmp_path, f"name,{lon},{lat}\n甲,121.25,31.38\n")
    points = read(path)
    assert points.report.columns == {"lon": lon, "lat": lat, "name": "name"}
    assert points.frame[["lon", "lat"]].values.tolist() == [[121.25, 31.38]]


def test_columns_may_be_named_in_both_directions_and_dropped(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b,从业人数\n121.25,31.38,-1\n")
    for columns in ({"lon": "a", "lat": "b"}, {"a": "lon", "b": "lat"}):
        assert read(path, columns=columns).report.reasons == {"weight_negative": 1}
    assert read(path, columns={"lon": "a", "lat": "b", "weight": None}).report.used == 1


def test_a_column_called_like_one_of_ours_keeps_its_text(tmp_path: Path) -> None:
    frame = read(csv_file(tmp_path, "lon,lat,source_row\n121.250,31.38,x\n")).frame
    assert frame["lon_as_written"].tolist() == ["121.250"]
    assert frame["source_row_as_written"].tolist() == ["x"]
    assert frame["source_row"].tolist() == [2]


@pytest.mark.parametrize(
    "text", ["121.25,31.38", "121.25，31.38", "POINT (121.25 31.38)", "[121.25, 31.38]"]
)
def test_both_coordinates_may_stand_in_one_cell(tmp_path: Path, text: str) -> None:
    points = read(csv_file(tmp_path, f'企业名称;经纬度\n甲;"{text}"\n'))
    assert points.frame[["lon", "lat"]].values.tolist() == [[121.25, 31.38]]


def test_amap_gives_both_coordinates_in_location(tmp_path: Path) -> None:
    points = read(csv_file(tmp_path, 'name,location\n甲,"121.25,31.38"\n'))
    assert points.frame[["lon", "lat"]].values.tolist() == [[121.25, 31.38]]


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        ("", {}, "E-PNT-10"),
        ("\n , \n", {}, "E-PNT-10"),
        ("经度,纬度\n", {}, "E-PNT-11"),
        ("经度,纬度\n,\n\n", {}, "E-PNT-11"),
        ("名称,地址\n甲,乙路\n", {}, "E-PNT-04"),
        ("经度,lng,纬度\n121,121,31\n", {}, "E-PNT-06"),
        ("经度,纬度,从业人数,员工人数\n121.25,31.38,1,2\n", {}, "E-PNT-06"),
        ("经度,纬度,经度\n121,31,121\n", {}, "E-PNT-07"),
        ("经度,纬度\n121.25,31.38\n", {"columns": {"lon": "东"}}, "E-PNT-05"),
        ("经度,纬度\n121.25,31.38\n", {"columns": {"place_x": "经度"}}, "E-PNT-01"),
        ("经度,纬度\n121.25,31.38\n", {"columns": ["经度"]}, "E-PNT-01"),
        ("经度,纬度\n121.25,31.38\n", {"columns": {"lon": 3}}, "E-PNT-01"),
        ("经度,纬度\n121.25,31.38\n", {"frame": "wgs"}, "E-ARG-01"),
        ("经度,纬度\n121.25,31.38\n", {"encoding": "latin-9"}, "E-ARG-01"),
        ("经度,纬度\n121.25,31.38\n", {"encoding": 5}, "E-ARG-01"),
        ("经度,纬度\n121.25,31.38\n", {"encoding": "utf-16"}, "E-PNT-08"),
        ("经度,纬度\n121.25,31.38\n", {"swap": True}, "E-ARG-01"),
        ("经度,纬度\n121.25,31.38\n", {"missing_weight": None}, "E-ARG-01"),
        ("经度,纬度\n121.25,31.38\n", {"dedupe": "yes"}, "E-ARG-01"),
        ("经度,纬度\n121.25,31.38\n", {"within": "上海"}, "E-PNT-16"),
        ("经度,纬度\n121.25,31.38\n", {"within": (122, 31, 121, 32)}, "E-PNT-16"),
        ("经度,纬度\n121.25,31.38\n", {"sectors": "C36"}, "E-PNT-16"),
        ('经度,纬度\n121.25,31.38\n"121.3,31.3\n', {}, "E-TAB-04"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    tmp_path: Path, content: str, options: dict[str, object], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(csv_file(tmp_path, content), **options)
    assert code in {finding.code for finding in caught.value.findings}


def test_paths_that_are_none_are_refused(tmp_path: Path) -> None:
    for bad in (
        "https://example.org/a.csv",
        "/vsizip/a.zip",
        5,
        None,
        tmp_path,
        tmp_path / "no.csv",
    ):
        with pytest.raises(InputError):
            read_points(bad)
    with pytest.raises(InputError, match="E-FILE-03"):
        read_points(csv_file(tmp_path, "x", "a.xls"))
    with pytest.raises(InputError, match="E-FILE-03"):
        list(scan_points(csv_file(tmp_path, "x", "a.xlsx")))
    for rows in (0, 2.5, True):
        with pytest.raises(InputError, match="E-PNT-15"):
            list(scan_points(csv_file(tmp_path, "lon,lat\n"), chunk_rows=rows))


# Rows.


def test_rows_that_do_not_fit_the_headings_are_rejected_and_not_shifted(tmp_path: Path) -> None:
    content = "企业名称,经度,纬度\n甲,121.25,31.38\n乙,121.25,31.38,多\n丙,121.3\n丁,121.3,31.3,,\n"
    points = read(csv_file(tmp_path, content))
    assert points.frame["企业名称"].tolist() == ["甲", "丁"]
    assert points.report.reasons == {"ragged": 2}
    assert points.report.rejects["source_row"].tolist() == [3, 4]
    assert points.report.rejects["多出的格4"].tolist() == ["多", ""]


def test_rows_have_the_number_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    content = '企业名称,经度,纬度\n\n"甲\n乙",121.25,31.38\r\n,,\n丙,121.3,31.3\n'
    assert read(csv_file(tmp_path, content)).frame["source_row"].tolist() == [3, 5]


def test_total_rows_are_no_firms(tmp_path: Path) -> None:
    content = "企业名称,从业人数,经度,纬度\n甲,5,121.25,31.38\n合计,5,,\n"
    points = read(csv_file(tmp_path, content))
    assert points.report.reasons == {"total_row": 1}
    assert (points.report.weight_used, points.report.weight_rejected) == (5.0, 5.0)


def test_invisible_characters_go_with_a_note(tmp_path: Path) -> None:
    zero_width = chr(0x200B)
    content = f"企业名称,行业,经度,纬度\n甲,汽车{zero_width},121.25,31.38\n乙,汽车,121.3,31.3\n"
    points = read(csv_file(tmp_path, content))
    assert points.frame["行业"].tolist() == ["汽车", "汽车"]
    assert points.report.repairs == {"invisible": 1}


def test_warnings_are_given_and_all_are_in_the_report(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "经度,纬度\n0,0\n121°15′,31.38\n")
    with pytest.warns(SitingWarning) as said:
        points = read_points(path)
    told = [f for f in points.report.findings if f.severity in ("warning", "repaired")]
    assert [one.message.args[0].split()[0] for one in said] == [f.code for f in told]
    assert {f.code for f in told} == {"W-PNT-27", "R-PNT-02"}


def test_a_study_area_may_be_a_polygon_with_its_border(tmp_path: Path) -> None:
    content = "经度,纬度\n121.5,31.5\n121.25,31.25\n121.75,31.25\n121.75,31.75\n"
    triangle = shapely.Polygon([(121, 31), (122, 31), (121, 32)])  # lon + lat <= 153
    points = read(csv_file(tmp_path, content), within=triangle)
    assert points.frame["source_row"].tolist() == [2, 3, 4]
    places = gpd.GeoDataFrame(geometry=[triangle], crs=4326)
    assert read(csv_file(tmp_path, content), within=places).report.used == 3


def test_the_report_speaks_both_languages_and_refuses_a_wrong_sum() -> None:
    report = saved([HEAD, *ROWS]).report
    assert "共 3 行 = 使用 1 + 修正后使用 1 + 拒绝 1" in report.text()
    assert "3 rows = 1 used + 1 repaired + 1 rejected" in report.text("en")
    with pytest.raises(AssertionError):
        Report(**{**vars(report), "used": 2})


def test_each_reason_has_a_code_of_its_own_and_words_in_two_languages() -> None:
    assert len({code for code, *_ in REASONS.values()}) == len(REASONS)
    assert all(all(words) for words in (*REASONS.values(), *REPAIRS.values()))


def test_column_letters_go_on_after_z() -> None:
    assert [letter(i) for i in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_only_points_outside_are_swapped_back(tmp_path: Path) -> None:
    # The first lies in the area either way round, the second only when swapped.
    path = csv_file(tmp_path, "经度,纬度\n12,20\n25,14\n")
    points = read(path, swap="fix", within=(10, 10, 20, 30))
    assert points.frame[["lon", "lat"]].values.tolist() == [[12, 20], [14, 25]]
    assert points.report.repairs == {"swapped": 1}


def test_a_sign_before_degrees_holds_for_minutes_too() -> None:
    assert angle("-121°30′").value == -121.5
    assert angle("-121°30′W").reason == "unreadable"


# Encodings beyond one piece.


def test_a_mixture_of_encodings_is_refused(tmp_path: Path) -> None:
    raw = "企业名称,经度,纬度\n甲公司,121.25,31.38\n".encode() + "嘉定厂,121.3,31.3\n".encode("gbk")
    with pytest.raises(InputError, match="E-TAB-03"):
        read(csv_file(tmp_path, raw))


TRADITIONAL = """企業名稱,行業,經度,緯度
嘉定半導體設計有限公司,積體電路,121.25,31.38
張江生物醫藥股份有限公司,生物醫藥,121.6,31.2
"""


@pytest.mark.parametrize("coded", ["big5", "cp950"])
def test_big5_is_not_read_as_gb18030_in_silence(tmp_path: Path, coded: str) -> None:
    path = csv_file(tmp_path, TRADITIONAL.encode(coded))
    path.read_bytes().decode("gb18030")  # it can be: that is the trap
    with pytest.raises(InputError) as caught:
        read(path)
    (told,) = caught.value.findings
    assert (told.code, told.value) == ("E-TAB-20", "企業名稱,行業,經度,緯度")
    for said in (told.fix, told.fix_en):
        assert 'encoding="big5"' in said
        assert 'encoding="gb18030"' in said
    with pytest.raises(InputError, match="E-TAB-20"):
        next(siting.points.scan_points(path))
    names = {"columns": {"name": "企業名稱", "lon": "經度", "lat": "緯度"}}
    assert read(path, encoding=coded, **names).frame["企業名稱"].tolist()[0][:2] == "嘉定"


def test_text_in_gbk_is_never_taken_for_big5(tmp_path: Path) -> None:
    tables = geodata.path("tables/towns.csv").parent.glob("*.csv")
    texts = [path.read_text("utf-8-sig") for path in tables]
    towns = read_places("town")["name_zh"].tolist()
    rare = "㙍喆堃垚镕珺玥翀赟昇晟骉犇淼".encode("gb18030").decode("gb18030")
    for text in [*texts, "\n".join(towns), *towns, TRADITIONAL, rare + "有限公司"]:
        assert decode(text.encode("gb18030"), "企业.csv")[0] == text


@pytest.mark.parametrize("size", range(60, 68))
@pytest.mark.parametrize(
    "encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_pieces_are_read_in_the_encoding_of_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, size: int
) -> None:
    monkeypatch.setattr(siting.points.delimited, "_HEAD_BYTES", size)
    firms = [f"{i}号企业" for i in range(9)]
    rows = [["企业名称", "经度", "纬度"], *([firm, "121.25", "31.3"] for firm in firms)]
    path = csv_file(tmp_path, text_of(rows).encode(encoding))
    assert [n for p in scan_points(path, chunk_rows=2) for n in p.frame["企业名称"]] == firms


def test_a_piece_in_another_encoding_than_the_start_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siting.points.delimited, "_HEAD_BYTES", 61)
    late = (
        text_of([["name", "lon", "lat"], *[["x", "121.2", "31.3"]] * 20]).encode() + b"\xff,1,2\n"
    )
    path = csv_file(tmp_path, late)
    warnings.simplefilter("ignore", SitingWarning)  # pytest takes it back after the test
    with pytest.raises(InputError, match="E-PNT-08"):
        list(scan_points(path, chunk_rows=5))


def test_a_file_too_large_for_one_piece_is_sent_to_scan_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siting.points.delimited, "MAX_BYTES", 10)
    with pytest.raises(InputError, match="scan_points"):
        read(csv_file(tmp_path, "经度,纬度\n121.25,31.38\n"))


# Workbooks and layers.


def test_a_workbook_gives_what_its_csv_gives(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "企业.xlsx")
    plain, other = saved([HEAD, *ROWS]), read(tmp_path / "企业.xlsx")
    assert other.frame.equals(plain.frame)
    assert other.report.reasons == plain.report.reasons


def test_the_sheet_with_coordinates_is_found_and_two_must_be_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["列名", "怎么填"])
    book.active.append(["甲", "乙"])
    for name in ("一", "二"):
        page = book.create_sheet(name)
        page.append(["经度", "纬度"])
        page.append([121.25, 31.38])
        book.save(tmp_path / f"{name}.xlsx")
    assert read(tmp_path / "一.xlsx").report.sheet == "一"
    with pytest.raises(InputError, match="E-PNT-13"):
        read(tmp_path / "二.xlsx")
    assert read(tmp_path / "二.xlsx", sheet="二").report.used == 1
    with pytest.raises(InputError, match="E-PNT-13"):
        read(tmp_path / "二.xlsx", sheet="三")
    with pytest.raises(InputError, match="E-PNT-04"):
        read(tmp_path / "二.xlsx", sheet="说明")


BY_YEAR = [
    ["企业名称", "行业", "经度", "纬度", "人数", "", "备注"],
    ["", "", "", "", "2022年", "2023年", ""],
    ["甲", "汽车", "121.25", "31.38", "10", "20", ""],
    ["乙", "软件", "121.26", "31.37", "30", "40", ""],
]


def by_year(folder: Path, suffix: str) -> Path:
    path = folder / f"年份{suffix}"
    if suffix == ".csv":
        path.write_bytes(text_of(BY_YEAR).encode("gb18030"))
        return path
    book = openpyxl.Workbook()
    for row in BY_YEAR:
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("E1:F1")
    for letters in "ABCDG":
        book.active.merge_cells(f"{letters}1:{letters}2")
    book.save(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_headings_in_two_rows_by_year_are_joined_and_the_year_is_asked_for(
    tmp_path: Path, suffix: str
) -> None:
    path = by_year(tmp_path, suffix)
    with pytest.raises(InputError, match="E-PNT-06") as caught:
        read(path)
    (told,) = caught.value.findings
    assert "人数/2022年、人数/2023年" in told.reason
    assert 'columns={"weight": "人数/2022年"}' in told.fix
    with pytest.raises(InputError, match="E-PNT-06"):
        read(path, columns={"weight": "人数"})
    # The second row is no firm: two firms, and the year that was asked for, 20 + 40.
    points = read(path, columns={"weight": "人数/2023年"})
    assert points.frame["企业名称"].tolist() == ["甲", "乙"]
    assert points.frame["weight"].tolist() == [20.0, 40.0]
    assert points.frame["source_row"].tolist() == [3, 4]
    assert points.report.rejected == 0
    assert [one.row for one in points.report.findings if one.code == "W-PNT-17"] == [2]


@pytest.mark.parametrize(
    "below",
    [
        ["甲", "汽车", "121.25", "31.38", "10", "20", ""],  # a firm
        ["甲", "汽车", "", "", "2022", "", ""],  # a firm without coordinates, of 2022 persons
        ["", "", "", "", "10", "20", ""],  # a total without its word
        ["", "", "", "", "", "", ""],
    ],
)
def test_a_row_of_the_table_is_never_taken_for_headings(below: list[str]) -> None:
    points = saved([BY_YEAR[0], below, *BY_YEAR[2:]])
    assert points.report.columns["weight"] == "人数"
    assert points.report.rows_in == 2 + any(below)
    assert "W-PNT-17" not in {one.code for one in points.report.findings}


def merged(folder: Path, cells: str, *, weight: str | None = "人数") -> Points:
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "行业", "经度", "纬度", "人数"])
    for i, size in enumerate([100, None, 5]):
        book.active.append([f"企业{i}", "汽车" if i != 1 else None, 121.25, 31.38, size or None])
    book.active.merge_cells(cells)
    book.save(folder / "合并.xlsx")
    return read(folder / "合并.xlsx", columns={"weight": weight})


def test_a_cell_merged_downwards_is_a_repair_that_is_told(tmp_path: Path) -> None:
    points = merged(tmp_path, "B2:B3", weight=None)
    assert points.frame["行业"].tolist() == ["汽车"] * 3
    assert points.frame["is_repaired"].tolist() == [False, True, False]
    assert points.report.repairs == {"merged": 1}
    (told,) = [one for one in points.report.findings if one.severity == "repaired"]
    assert "合并" in told.reason
    assert told.row == 3


def test_a_headcount_merged_over_two_firms_counts_once(tmp_path: Path) -> None:
    points = merged(tmp_path, "E2:E3")
    # 100 for both together, and 5: never 205.
    assert points.report.weight_used == 105.0
    assert points.report.reasons == {"weight_missing": 1}
    (told,) = [one for one in points.report.findings if one.code == "W-PNT-18"]
    assert (told.row, told.column) == (3, "人数")


def test_a_number_of_18_digits_in_a_workbook_is_lost_and_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["统一社会信用代码", "经度", "纬度"])
    book.active.append([913101140000000011, 121.25, 31.38])
    book.save(tmp_path / "a.xlsx")
    # A workbook keeps 15 digits of a number; openpyxl writes it as it is, Excel as 9.13E+17.
    points = read(tmp_path / "a.xlsx")
    assert points.report.used + points.report.rejected == 1


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_layers_of_points_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    layer().to_file(path, encoding="utf-8") if suffix == ".shp" else layer().to_file(path)
    points = read(path)
    assert points.frame[["lon", "lat"]].values.tolist() == [[121.25, 31.38], [121.3, 31.3]]
    assert points.frame["编号"].tolist() == ["0021", "0022"]
    assert points.frame["weight"].tolist() == [120.0, 35.0]
    assert points.frame["source_row"].tolist() == [1, 2]


def test_a_geopackage_of_two_layers_is_refused_in_words_for_points(tmp_path: Path) -> None:
    for name in ("a", "b"):
        layer().to_file(tmp_path / "点.gpkg", layer=name)
    with pytest.raises(InputError) as caught:
        read(tmp_path / "点.gpkg")
    (told,) = caught.value.findings
    assert "有 2 个图层：a、b" in told.reason
    assert 'sheet="a"' in told.fix
    assert 'sheet="a"' in told.fix_en
    assert read(tmp_path / "点.gpkg", sheet="b").report.used == 2
    with pytest.raises(InputError, match="没有这个图层"):
        read(tmp_path / "点.gpkg", sheet="c")
    assert "边界" not in told.fix + told.reason
    assert "boundaries" not in told.fix_en + told.reason_en


def test_the_only_layer_of_points_is_taken_and_told(tmp_path: Path) -> None:
    layer().to_file(tmp_path / "点.gpkg", layer="企业")
    around = gpd.GeoSeries([shapely.box(121, 31, 121.1, 31.1)] * 2, crs=4326)
    layer().set_geometry(around).to_file(tmp_path / "点.gpkg", layer="街镇")
    points = read(tmp_path / "点.gpkg")
    assert points.report.used == 2
    (told,) = [one for one in points.report.findings if one.code == "W-BND-17"]
    assert told.sheet == "企业"


def test_a_layer_in_metres_comes_back_to_degrees(tmp_path: Path) -> None:
    for suffix in (".gpkg", ".shp"):
        layer().to_crs(4549).to_file(tmp_path / f"m{suffix}")
        frame = read(tmp_path / f"m{suffix}").frame
        # 1e-9 degree is 0.1 mm.
        assert np.allclose(
            frame[["lon", "lat"]], [[121.25, 31.38], [121.3, 31.3]], rtol=0, atol=1e-9
        )


def test_features_without_a_point_are_rejected_as_missing(tmp_path: Path) -> None:
    layer().to_file(tmp_path / "a.geojson")
    text = (tmp_path / "a.geojson").read_text("utf-8")
    for bad in ('{"type":"Point","coordinates":["a",1]}', "null", "7"):
        start = text.index('"geometry":') + len('"geometry":')
        end = text.index("}", text.index("coordinates", start)) + 1
        path = csv_file(tmp_path, text[:start] + bad + text[end:], "b.geojson")
        points = read(path)
        assert points.report.reasons == {"missing": 1}
        assert points.report.rejects["source_row"].tolist() == [1]


@pytest.mark.parametrize("kind", ["LineString", "Polygon", "MultiPoint"])
def test_features_that_are_no_points_are_refused_by_their_kind(kind: str, tmp_path: Path) -> None:
    layer().to_file(tmp_path / "a.geojson")
    text = (tmp_path / "a.geojson").read_text("utf-8")
    start = text.index('"geometry":') + len('"geometry":')
    end = text.index("}", text.index("coordinates", start)) + 1
    shape = f'{{"type":"{kind}","coordinates":[[121.3,31.3],[121.4,31.3]]}}'
    path = csv_file(tmp_path, text[:start] + shape + text[end:], "b.geojson")
    with pytest.raises(InputError, match=kind):
        read(path)


def test_a_multipoint_of_one_point_is_that_point(tmp_path: Path) -> None:
    frame = layer()
    whole = read(_written(frame, tmp_path / "points.gpkg"))
    single = frame.set_geometry([shapely.MultiPoint([one]) for one in frame.geometry])
    for name in ("multi.gpkg", "multi.geojson"):
        found = read(_written(single, tmp_path / name))
        assert found.frame[["lon", "lat"]].equals(whole.frame[["lon", "lat"]])


def _written(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path)
    return path


def shapefile(folder: Path, **more: object) -> Path:
    layer().to_file(folder / "a.shp", **more)
    return folder / "a.shp"


def test_a_zipped_shapefile_in_gbk_is_read(tmp_path: Path) -> None:
    shapefile(tmp_path, encoding="GBK")
    (tmp_path / "a.cpg").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(tmp_path / f"a{suffix}", f"点/a{suffix}")
    assert read(tmp_path / "a.zip").frame["名称"].tolist() == ["甲", "乙"]


def test_a_shapefile_without_prj_is_taken_as_degrees_with_a_warning(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    (tmp_path / "a.prj").unlink()
    assert "W-PNT-07" in {f.code for f in read(path).report.findings}
    layer().to_crs(4549).to_file(path)
    (tmp_path / "a.prj").unlink()
    with pytest.raises(InputError, match="E-BND-03"):
        read(path)


@pytest.mark.parametrize("part", [".shp", ".dbf"])
def test_a_shapefile_cut_off_or_in_part_is_refused(tmp_path: Path, part: str) -> None:
    path = shapefile(tmp_path)
    whole = (tmp_path / f"a{part}").read_bytes()
    (tmp_path / f"a{part}").write_bytes(whole[:-20])
    with pytest.raises(InputError, match="E-BND-01") as caught:
        read(path)
    (told,) = caught.value.findings
    assert f"{part} 文件不完整" in told.reason
    assert "重新下载或复制" in told.fix
    assert "copy all its files again" in told.fix_en
    if part == ".dbf":
        (tmp_path / "a.dbf").unlink()
        with pytest.raises(InputError, match="dbf"):
            read(path)


def test_a_shapefile_of_polygons_is_refused_and_deleted_rows_are_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    raw = bytearray((tmp_path / "a.dbf").read_bytes())
    (head,) = struct.unpack("<H", raw[8:10])
    raw[head : head + 1] = b"*"
    (tmp_path / "a.dbf").write_bytes(raw)
    points = read(path)
    assert points.frame["名称"].tolist() == ["乙"]
    assert "W-BND-05" in {f.code for f in points.report.findings}
    boxes = layer().set_geometry(shapely.buffer(layer().geometry.to_numpy(), 0.01)).set_crs(4326)
    boxes.to_file(tmp_path / "b.shp")
    with pytest.raises(InputError, match="应为点图层"):
        read(tmp_path / "b.shp")


def test_parquet_without_its_package_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InputError, match="pyarrow"):
        read(csv_file(tmp_path, b"PAR1....PAR1", "a.parquet"))


# The template and the bundled sample.


def test_the_template_filled_in_is_read(tmp_path: Path) -> None:
    path = write_template(tmp_path / "企业.xlsx")
    with pytest.raises(InputError, match="E-PNT-11"):
        read(path)
    book = openpyxl.load_workbook(path)
    page = book["企业表"]
    names = [cell.value for cell in page[1]]
    firm = {
        "企业名称": "某某公司",
        "统一社会信用代码": "913101140000000011",
        "行业": "汽车",
        "从业人数": 120,
        "经度": 121.2505,
        "纬度": 31.3803,
    }
    for name, value in firm.items():
        cell = page.cell(2, names.index(name) + 1)
        assert cell.number_format == ("@" if isinstance(value, str) else "General")
        cell.value = value
    book.save(path)
    points = read(path)
    assert points.report.used == points.report.rows_in == 1
    assert points.report.columns["sector"] == "行业"
    assert points.frame.loc[0, "统一社会信用代码"] == "913101140000000011"
    assert points.frame.loc[0, "weight"] == 120.0


def test_the_template_has_one_ending_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E-PNT-17"):
        write_template(tmp_path / "a.csv")
    write_template(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="E-OUT-01"):
        write_template(tmp_path / "a.xlsx")
    first = (tmp_path / "a.xlsx").read_bytes()
    assert write_template(tmp_path / "a.xlsx", overwrite=True).read_bytes() == first


SAMPLE = geodata.path("tables/synthetic_firms.csv")


def test_the_sample_says_on_each_row_that_it_is_made_up_and_reads_whole() -> None:
    points = read(SAMPLE)
    assert points.report.used == points.report.rows_in == 600
    assert not points.report.findings[1:]  # the note of the columns taken, nothing else
    assert points.frame["企业名称"].str.match(r"合成样本企业\d{4}（SYNTHETIC）").all()
    assert points.frame["说明"].str.startswith("合成数据，非真实企业").all()


def test_the_sample_adds_up_to_a_hundredth_of_the_employment_of_each_unit() -> None:
    frame = read(SAMPLE).frame
    table = pd.read_csv(geodata.path("tables/jiading_employment_2023.csv"), dtype=str)
    staff = frame["weight"].groupby(frame["街镇"].to_numpy()).sum()
    for unit in table.itertuples():
        assert abs(staff[unit.name_zh] - int(unit.employment) / 100) <= 0.5
    units = gpd.read_file(geodata.path("jiading_units_2023.geojson")).set_index("place_id")
    found = assign(frame["lon"], frame["lat"], units)
    assert units.loc[found, "name_zh"].tolist() == frame["街镇"].tolist()


def test_the_sample_is_what_its_script_draws() -> None:
    script = geodata.folder() / "build_synthetic_firms.py"
    spec = importlib.util.spec_from_file_location("build_synthetic_firms", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    drawn = pd.DataFrame(module.firms()).astype(str)
    assert drawn.equals(pd.read_csv(SAMPLE, dtype=str))
