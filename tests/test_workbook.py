"""The workbook of a story: contents, field notes, colours, sources; nothing cut, nothing live."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.worksheet import Worksheet

from siting import tables
from siting.briefing.story import Cards, Chapter, Items, Story, Table, Text
from siting.briefing.workbook import painter, story_sheets, write_tables
from siting.errors import InputError
from siting.export import Sheet, save_workbook
from siting.overlap import incidence
from siting.places import read_places
from siting.plan import read_plan

P = "精确 p 值"


def told(*held: Table, short: str = "上海市", lang: str = "zh") -> Story:
    cards = Cards(pd.DataFrame([("地区", "16", "表")], columns=["指标", "数值", "依据"]))
    chapter = Chapter(
        "p1",
        "第一章",
        short,
        (Text("先读这里。"), Items(("其一。",)), cards, *held),
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


def rules(page: Worksheet, column: str) -> list[Rule]:
    """Give the rules that mark a column from its second row on."""
    return [
        rule
        for part in page.conditional_formatting
        if str(part.sqref).startswith(f"{column}2")
        for rule in part.rules
    ]


def test_a_cluster_has_its_colour_and_p_a_rule_that_follows_each_edit(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_tables(told(pairs()), tmp_path / "a.xlsx"))
    page = book["上海市-集群两两重叠"]
    assert page["A2"].fill.start_color.rgb == "FF0B3A8F"
    assert page["A2"].font.color.rgb == "FFFFFFFF"  # white reads on that blue
    (rule,) = rules(page, "B")
    assert rule.formula == ["AND(ISNUMBER(B2),B2<=0.05)"]  # an empty cell would count as 0
    assert rule.dxf.fill.bgColor.rgb == "FFFDE3B5"
    assert {page[c].fill.fill_type for c in ("B2", "B3", "C2")} == {None}  # no colour stays behind
    book.close()


def test_quotients_have_a_rule_above_one_and_a_mark_takes_the_colour_of_its_column(
    tmp_path: Path,
) -> None:
    quotients = pd.DataFrame({"地区": ["甲区", "乙区"], "金融业": [1.0, 1.01]})
    marks = pd.DataFrame({"地区": ["甲区", "乙区"], "未来智能": ["●", ""]})
    made = told(Table("quotients", quotients), Table("incidence", marks))
    book = openpyxl.load_workbook(write_tables(made, tmp_path / "a.xlsx"))
    page = book["上海市-区位商"]
    (rule,) = rules(page, "B")
    assert rule.formula == ["AND(ISNUMBER(B2),B2>1.0)"]
    assert rule.dxf.fill.bgColor.rgb == "FFD6E6F2"
    page = book["上海市-地区×集群"]
    assert [page[c].fill.fill_type for c in ("B1", "B2", "B3")] == ["solid", "solid", None]
    assert page["B2"].fill.start_color.rgb == page["B1"].fill.start_color.rgb == "FF0B3A8F"
    book.close()


@given(
    heading=st.sampled_from([P, "FDR 校正 q 值", "区位商", "杰卡德系数", "可能的最小 p 值"]),
    number=st.sampled_from([0.0, 0.05, 0.0500001, 1.0, 1.0000001, 3.0]),
)
def test_what_the_page_shades_the_workbook_shades_and_no_more(heading: str, number: float) -> None:
    table = Table("pairs", pd.DataFrame({heading: [number]}))
    on_page = painter(table, {})(heading, number)
    sheet = story_sheets(told(table))["上海市-集群两两重叠"]
    mark = sheet.marks.get(heading)
    shaded = mark.colour if mark is not None and mark.holds(number) else None
    assert shaded == (on_page[0] if on_page else None)


def test_a_share_has_a_bar_from_nought_to_one_and_a_count_to_the_largest(tmp_path: Path) -> None:
    shares = pd.DataFrame({"甲": ["未来智能"], "杰卡德系数": [0.6], "共有": [3]})
    counts = pd.DataFrame({"区划代码": ["310101"], "地区": ["甲区"], "集群数": [2]})
    made = told(Table("pairs", shares), Table("places", counts))
    book = openpyxl.load_workbook(write_tables(made, tmp_path / "a.xlsx"))
    page = book["上海市-集群两两重叠"]
    (bar,) = (rule.dataBar for rule in rules(page, "B"))
    assert [(one.type, one.val) for one in bar.cfvo] == [("num", 0.0), ("num", 1.0)]
    assert (bar.minLength, bar.maxLength) == (0, 100)  # 0 has no bar, 1 the whole cell
    assert rules(page, "C") == []  # shared and union side by side: two scales would mislead
    (bar,) = (rule.dataBar for rule in rules(book["上海市-各地区的集群"], "C"))
    assert [one.type for one in bar.cfvo] == ["num", "max"]
    book.close()


def test_key_figures_are_numbers_with_a_unit_and_a_format(tmp_path: Path) -> None:
    plan, places = read_plan("shanghai-2022"), read_places("district")
    figures = tables.key_figures(plan, places, incidence(plan, places), lang="en")
    chapter = Chapter("p1", "One", "Shanghai", (Cards(figures),))
    story = Story("en", "Title", "Lead", (chapter,), "Credit")
    book = openpyxl.load_workbook(write_tables(story, tmp_path / "a.xlsx"))
    head, *rows = book["Key figures"].iter_rows(max_col=5)
    assert [cell.value for cell in head] == ["Chapter", "Figure", "Value", "Unit", "As written"]
    assert {row[2].data_type for row in rows} == {"n"}
    told_of = {row[1].value: [cell.value for cell in row[2:]] for row in rows}
    assert told_of["Clusters"] == [5, "clusters", "5"]
    assert told_of["Places with a cluster"] == [11, "places of 16", "11 / 16"]
    # the plan says about 5,000 亿元: 5,000 x 10^8 = 500 x 10^9
    assert list(told_of.values())[-1] == [500, "CNY billion", "about CNY 500 billion"]
    formats = [row[2].number_format for row in rows]
    # five counts, the shares of area and people in percent, two counts, the target
    assert formats == ["#,##0"] * 5 + ["#,##0.00"] * 2 + ["#,##0"] * 3
    book.close()


def test_quantities_that_a_table_tells_in_words_stand_beside_it_as_numbers(tmp_path: Path) -> None:
    targets = tables.target_table(read_plan("shanghai-2022"))
    book = openpyxl.load_workbook(
        write_tables(told(Table("targets", targets)), tmp_path / "a.xlsx")
    )
    heads, first, *_ = book["上海市-定量目标"].iter_rows(values_only=True)
    assert heads == ("目标", "数量", "年份", "条款", "数量（数值）", "数量（单位）")
    assert first == ("未来产业产值", "约 5,000 亿元", "2030", "一（二）", 5000, "亿元")
    book.close()


def test_each_sheet_leads_back_and_keeps_in_view_what_names_its_rows(tmp_path: Path) -> None:
    made = told(
        pairs(),
        Table("places", pd.DataFrame({"区划代码": list("12"), "地区": list("甲乙"), "x": [1, 2]})),
    )
    book = openpyxl.load_workbook(write_tables(made, tmp_path / "a.xlsx"))
    for page in book.worksheets[1:]:
        assert page["A1"].hyperlink.location == "'目录'!A1"
    # one 甲 for both pairs and numbers beside it; a code is nothing without its name
    frozen = [book[f"上海市-{one}"].freeze_panes for one in ("集群两两重叠", "各地区的集群")]
    assert frozen == ["B2", "C2"]
    book.close()


def test_the_heading_says_unit_and_meaning_and_the_footer_sheet_and_page(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_tables(told(pairs()), tmp_path / "a.xlsx"))
    page = book["上海市-集群两两重叠"]
    assert page["B1"].comment.text.startswith("[0–1]\n")
    assert page["C1"].comment.text.startswith("[个地区]\n")
    assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("&A", "&P / &N")
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


@pytest.mark.parametrize(
    "short", ["Shanghai", "Pudong New Area", "Lin-gang Special Area of Shanghai"]
)
def test_no_name_of_a_sheet_ends_inside_a_word(short: str) -> None:
    keys = [
        "pairs_by_area_official_km2",
        "pairs_by_population_2020",
        "places",
        "field_pairs",
        "facts",
    ]
    frame = pd.DataFrame({"x": [1]})
    sheets = story_sheets(told(*(Table(key, frame) for key in keys), short=short, lang="en"))
    whole = {
        *re.findall(r"\w+", short),
        *("Overlap", "area", "people", "Places", "Field", "overlap", "Clauses"),
    }
    for key, (name, sheet) in zip(keys, list(sheets.items())[2:], strict=False):
        assert len(name) <= 31
        assert set(re.findall(r"\w+", name)) <= whole, name
        assert sheet.title == f"{short}: {tables.table_title(key, lang='en')}"


def test_hostile_text_stays_text_everywhere(tmp_path: Path) -> None:
    evil = ["=1+1", "+1", "@x", "http://a.b", "internal:'目录'!A1", "\x00\x1b", "\ud800", "_x0041_"]
    table = Table("pairs", pd.DataFrame({"=HYPERLINK(1)": evil}))
    path = write_tables(told(table, short="&D&[Date]=1"), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    page = book[book.sheetnames[3]]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink.location for cell in cells if cell.hyperlink] == ["'目录'!A1"]
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
