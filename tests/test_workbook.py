"""The workbook of a story: contents, field notes, colours, sources; nothing cut, nothing live."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from siting.briefing.story import Cards, Chapter, Items, Story, Table, Text
from siting.briefing.workbook import story_sheets, write_tables
from siting.errors import InputError
from siting.export import Sheet, save_workbook

P = "精确 p 值"


def told(*tables: Table, short: str = "上海市", lang: str = "zh") -> Story:
    cards = Cards(pd.DataFrame([("地区", "16", "表")], columns=["指标", "数值", "依据"]))
    chapter = Chapter(
        "p1",
        "第一章",
        short,
        (Text("先读这里。"), Items(("其一。",)), cards, *tables),
        colours={"未来智能": "#0b3a8f", "a": "#0b3a8f"},
    )
    return Story(lang, "标题", "导语", (chapter,), "来源：甲", {"inputs": {"x.csv": "abc"}})


def pairs() -> Table:
    frame = pd.DataFrame({"甲": ["未来智能", "未来智能"], P: [0.05, 0.051], "共有": [3, 1200]})
    return Table("pairs", frame, clauses={"甲": "plan-1"})


def test_contents_come_first_and_link_to_each_sheet_and_field_notes_come_last(
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(write_tables(told(pairs()), tmp_path / "a.xlsx"))
    assert book.sheetnames == [
        "目录",
        "要点",
        "阅读说明",
        "上海市-集群两两重叠",
        "数据来源",
        "字段说明",
    ]
    first = book["目录"]
    assert [row[0].value for row in first.iter_rows(min_row=2)] == book.sheetnames[1:]
    links = [row[0].hyperlink.location for row in first.iter_rows(min_row=2)]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert first["C4"].value == 2  # rows of the pairs
    assert "plan-1" in first["D4"].value
    notes = list(book["字段说明"].iter_rows(min_row=2, values_only=True))
    assert next(n[:3] for n in notes if n[1] == P) == ("上海市-集群两两重叠", P, "0–1")
    assert list(book["数据来源"].iter_rows(values_only=True))[1] == ("x.csv", "abc")
    said = [row[1].value for row in book["阅读说明"].iter_rows(min_row=2)]
    assert said == ["导语", "先读这里。", "其一。"]
    book.close()


def test_colours_say_cluster_and_a_p_of_at_most_five_in_a_hundred(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_tables(told(pairs()), tmp_path / "a.xlsx"))
    page = book["上海市-集群两两重叠"]
    assert page["A2"].fill.start_color.rgb == "FF0B3A8F"
    assert page["A2"].font.color.rgb == "FFFFFFFF"  # white reads on that blue
    assert page["B2"].fill.start_color.rgb == "FFFDE3B5"  # 0.05 itself is at most 0.05
    assert page["B3"].fill.fill_type is None
    assert page["C2"].fill.fill_type is None
    book.close()


def test_quotients_above_one_are_shaded_and_a_mark_takes_the_colour_of_its_column(
    tmp_path: Path,
) -> None:
    quotients = pd.DataFrame({"地区": ["甲区", "乙区"], "金融业": [1.0, 1.01]})
    marks = pd.DataFrame({"地区": ["甲区", "乙区"], "未来智能": ["●", ""]})
    made = told(Table("quotients", quotients), Table("incidence", marks))
    book = openpyxl.load_workbook(write_tables(made, tmp_path / "a.xlsx"))
    page = book["上海市-区位商"]
    assert [page[c].fill.fill_type for c in ("B2", "B3")] == [None, "solid"]
    page = book["上海市-地区×集群"]
    assert [page[c].fill.fill_type for c in ("B1", "B2", "B3")] == ["solid", "solid", None]
    assert page["B2"].fill.start_color.rgb == page["B1"].fill.start_color.rgb == "FF0B3A8F"
    book.close()


def test_each_kind_of_column_has_its_format(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "经度（度）": [121.5],
            "人": [12000],
            "小数": [0.25],
            "大数": [1447.1],
            "q": [0.00001],
            "整": [3.0],
        }
    )
    book = openpyxl.load_workbook(save_workbook({"a": frame}, tmp_path / "a.xlsx"))
    assert [cell.number_format for cell in book["a"][2]] == [
        "0.000000",
        "#,##0",
        "0.0000",
        "#,##0.00",
        "[<0.0001]0.0E+00;0.0000",  # never shown as 0.0000
        "#,##0",
    ]
    book.close()


def test_no_text_is_cut_and_each_page_prints_with_its_headings(tmp_path: Path) -> None:
    texts = ["短", "字" * 40, "字" * 700, "word " * 60, "a\nb\nc"]
    path = save_workbook({"表": pd.DataFrame({"说明": texts})}, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["表"]
    width = page.column_dimensions["A"].width
    for i, text in enumerate(texts, start=2):
        cell = page.cell(i, 1)
        assert cell.alignment.wrap_text
        # a hanzi of 10 pt is as wide as two digits, and a line 13.5 pt high at most
        lines = sum(
            -(-sum(2 if ord(c) > 255 else 1 for c in line) // (width - 2)) or 1
            for line in text.split("\n")
        )
        height = page.row_dimensions[i].height
        assert lines == 1 or (height is not None and height >= lines * 13.5), (text[:9], height)
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.page_setup.fitToHeight == 0
    book.close()


def test_names_of_sheets_come_from_any_text_and_none_is_lost(tmp_path: Path) -> None:
    one = Table("pairs", pd.DataFrame({"x": [1]}))
    two = Table("pairs", pd.DataFrame({"x": [2]}))
    made = told(one, two, short="[='*:?/\\]" + "\x07𠮷" * 20)
    names = list(story_sheets(made))
    assert len(names) == 5
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)
    assert not any(re.search(r"[\[\]:*?/\\\x00-\x1f]", name) for name in names)
    book = openpyxl.load_workbook(write_tables(made, tmp_path / "a.xlsx"))
    assert [book[names[2]]["A2"].value, book[names[3]]["A2"].value] == [1, 2]
    book.close()


def test_hostile_text_stays_text_everywhere(tmp_path: Path) -> None:
    evil = ["=1+1", "+1", "@x", "http://a.b", "internal:'目录'!A1", "\x00\x1b", "\ud800", "_x0041_"]
    table = Table("pairs", pd.DataFrame({"=HYPERLINK(1)": evil}))
    path = write_tables(told(table, short="&D&[Date]=1"), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    page = book[book.sheetnames[3]]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert [cell.value for cell in cells[1:6]] == evil[:5]
    assert cells[7].value == "\ufffd"
    book.close()
    with zipfile.ZipFile(path) as inside:
        sheet = inside.read("xl/worksheets/sheet4.xml").decode()
        assert not any(b"<f>" in inside.read(n) for n in inside.namelist())
        assert not any("sheet" in n and n.endswith(".rels") for n in inside.namelist())
    # && in a header is the sign itself, & alone a code for the date
    assert "&amp;&amp;D&amp;&amp;-Date-" in sheet or "&amp;&amp;D&amp;&amp;[Date]" in sheet


def test_a_sheet_called_like_the_contents_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1]})
    with pytest.raises(InputError, match="E-XLSX-01"):
        save_workbook({"目录": Sheet(frame), "a": frame, "A": frame}, tmp_path / "a.xlsx")


def test_two_columns_of_one_name_are_both_written(tmp_path: Path) -> None:
    frame = pd.DataFrame([[1, 2.5]], columns=["x", "x"])
    book = openpyxl.load_workbook(save_workbook({"a": frame}, tmp_path / "a.xlsx"))
    assert [cell.value for cell in book["a"][2]] == [1, 2.5]
    book.close()


def test_the_first_and_the_second_workbook_of_a_run_have_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_tables(told(pairs()), tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()
