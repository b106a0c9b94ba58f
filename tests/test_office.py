"""Word and slides say what the page says, can be edited, and keep no hour."""

from __future__ import annotations

import builtins
import hashlib
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pptx
import pytest
from docx.enum.section import WD_ORIENT
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from siting.briefing.fitting import pages, pieces, unbroken, width, wrap
from siting.briefing.office import write_document, write_slides
from siting.briefing.story import (
    Cards,
    Chapter,
    Heading,
    Items,
    Picture,
    Story,
    Table,
    Text,
)
from siting.errors import InputError
from tests.letters import broken, measured, rows_of_slide, too_tall

WRITERS = {"docx": write_document, "pptx": write_slides}
EVIL = "=1+1 {{7*7}} <b>${x}</b> \x00\x1b\ud800\ufffe _x0041_ 甲"
SHOWN = "=1+1 {{7*7}} <b>${x}</b> \ufffd\ufffd\ufffd\ufffd _x0041_ 甲"


def story(frame: pd.DataFrame | None = None, *, text: str = "三句话。", lang: str = "zh") -> Story:
    if frame is None:
        frame = pd.DataFrame({"甲": ["未来智能", None], "精确 p 值": [0.01, float("nan")]})
    blocks = (
        Text(text),
        Heading("小标题"),
        Text("注。", note=True),
        Items(("第一。", "第二。")),
        Cards(pd.DataFrame([("地区", "16", "表：集群与地区")], columns=["指标", "数值", "依据"])),
        Picture("map", "一张图"),
        Table("pairs", frame),
        Table("facts", pd.DataFrame({"条款": ["一（二）"]}), "folded"),
        Table("field_pairs", pd.DataFrame({"x": ["workbook only"]}), "workbook"),
    )
    chapter = Chapter("p1", "第一章", "上海市", blocks, colours={"未来智能": "#0b3a8f"})
    return Story(lang, "标题", "导语", (chapter,), "来源：甲")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    Image.new("RGB", (300, 200), "white").save(tmp_path / "figures" / "map.png")
    return tmp_path


def words_of_document(path: Path) -> str:
    made = docx.Document(str(path))
    cells = [c.text for t in made.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in made.paragraphs), *cells])


def words_of_slides(path: Path) -> str:
    said = []
    for slide in pptx.Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                said.append(shape.text_frame.text)
            if shape.has_table:
                said += [c.text for row in shape.table.rows for c in row.cells]
    return "\n".join(said)


READERS = {"docx": words_of_document, "pptx": words_of_slides}


@pytest.mark.parametrize("kind", WRITERS)
def test_all_that_the_page_says_is_there_but_what_is_for_the_workbook(
    folder: Path, kind: str
) -> None:
    said = READERS[kind](WRITERS[kind](story(), folder, folder / f"a.{kind}"))
    for word in ("标题", "导语", "第一章", "三句话。", "小标题", "注。", "第一。", "16", "一张图"):
        assert word in said, word
    assert "0.0100" in said
    assert "来源：甲" in said
    assert "nan" not in said
    assert "workbook only" not in said
    assert ("一（二）" in said) == (kind == "docx")  # the page folds it, slides leave it out


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_story_gives_the_same_bytes_later(folder: Path, kind: str) -> None:
    made = []
    for name in ("a", "b"):
        path = WRITERS[kind](story(), folder, folder / f"{name}.{kind}")
        made.append(hashlib.sha256(path.read_bytes()).hexdigest())
        time.sleep(2.1)  # a zip keeps time in steps of two seconds
    assert made[0] == made[1]


@pytest.mark.parametrize("kind", WRITERS)
def test_hostile_text_is_shown_and_what_xml_cannot_hold_is_marked(folder: Path, kind: str) -> None:
    told = story(pd.DataFrame({EVIL: [EVIL]}), text=EVIL)
    said = READERS[kind](WRITERS[kind](told, folder, folder / f"a.{kind}"))
    assert said.count(SHOWN) == 3  # the sentence, the heading and the cell


@pytest.mark.parametrize("kind", WRITERS)
def test_a_long_table_is_cut_and_says_where_the_rest_is(folder: Path, kind: str) -> None:
    frame = pd.DataFrame({"n": range(1001, 1401)})
    most = {"docx": 300, "pptx": 36}[kind]
    said = READERS[kind](WRITERS[kind](story(frame), folder, folder / f"a.{kind}"))
    assert f"前 {most} 行" in said
    assert "共 400 行" in said
    assert "列）" not in said  # the one column is all there is
    assert "tables.xlsx" in said
    assert f"{1000 + most:,}" in said
    assert f"{1001 + most:,}" not in said


@pytest.mark.parametrize("kind", WRITERS)
def test_fields_only_count_no_link_leaves_the_file_and_the_font_is_chinese(
    folder: Path, kind: str
) -> None:
    path = WRITERS[kind](story(), folder, folder / f"a.{kind}")
    with zipfile.ZipFile(path) as inside:
        texts = {n: inside.read(n) for n in inside.namelist() if n.endswith((".xml", ".rels"))}
        assert {entry.date_time for entry in inside.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    main = b"".join(
        v for n, v in texts.items() if n.startswith(("word/document", "word/footer", "ppt/slides/"))
    )
    for mark in (b"w:fldSimple", b'TargetMode="External"', b"hlink", b"w:dirty"):
        assert mark not in main, mark
    fields = set(re.findall(rb'<w:instrText[^>]*> (\w+)|<a:fld [^>]*type="(\w+)"', main))
    wanted = (
        {(b"TOC", b""), (b"SEQ", b""), (b"PAGE", b"")} if kind == "docx" else {(b"", b"slidenum")}
    )
    assert fields == wanted  # none tells an hour, a path or a name
    styles = texts["word/styles.xml" if kind == "docx" else "ppt/theme/theme1.xml"]
    assert b"Microsoft YaHei" in styles


def test_colours_of_clusters_and_of_a_small_p_are_those_of_the_workbook(folder: Path) -> None:
    path = write_document(story(), folder, folder / "a.docx")
    table = docx.Document(str(path)).tables[1]
    assert 'w:fill="0b3a8f"' in table.cell(1, 0)._tc.xml
    assert 'w:fill="fde3b5"' in table.cell(1, 1)._tc.xml
    assert "w:shd" not in table.cell(2, 0)._tc.xml


def test_pictures_are_in_the_file_with_their_caption_as_alternative_text(folder: Path) -> None:
    show = pptx.Presentation(str(write_slides(story(), folder, folder / "a.pptx")))
    (picture,) = [s for slide in show.slides for s in slide.shapes if s.shape_type == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr") == "一张图"
    # 300 x 200 keeps its proportions and lies on the slide
    assert picture.width / picture.height == pytest.approx(1.5, rel=1e-5)
    assert picture.top + picture.height <= show.slide_height
    document = docx.Document(str(write_document(story(), folder, folder / "a.docx")))
    assert document.inline_shapes[0]._inline.docPr.get("descr") == "一张图"


@pytest.mark.parametrize(("kind", "package"), [("docx", "docx"), ("pptx", "pptx")])
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    folder: Path, kind: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == package:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"E-OFF-01.*python-") as caught:
        WRITERS[kind](story(), folder, folder / f"a.{kind}")
    assert "pip install 'siting[office]'" in caught.value.text("zh")


LONG = "Reasons of many words stand here, one after the other, and take more than a line. " * 9


def tall_table(count: int = 12) -> pd.DataFrame:
    rows = [(f"Field {i}", 1000.5 + i, LONG[: 600 + i]) for i in range(count)]
    return pd.DataFrame(rows, columns=["Field", "Value", "Reason"])


def wide_table() -> pd.DataFrame:
    """Twelve columns of words and numbers that do not fit beside each other on an upright page."""
    heads = [f"Evenness {i}" for i in range(12)]
    return pd.DataFrame([[1_234_567.25 + i for i in range(12)]] * 3, columns=heads)


def slides_of(folder: Path, told: Story) -> list[Any]:
    return list(pptx.Presentation(str(write_slides(told, folder, folder / "a.pptx"))).slides)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_of_tall_rows_goes_on_over_slides_and_nothing_leaves_a_slide(
    folder: Path, lang: str
) -> None:
    made = slides_of(folder, story(tall_table(), lang=lang))
    found = [(one, rows_of_slide(one)) for one in made]
    found = [(one, rows) for one, rows in found if rows and rows[0][0] == "Field"]
    assert len(found) > 1
    told = [row[0] for _, (_, *body) in found for row in body]
    assert told == [f"Field {i}" for i in range(12)]  # each once, in order, below the headings
    again = [
        "续 2/" if lang == "zh" else "(continued, 2/" in one.shapes.title.text for one, _ in found
    ]
    assert bool(again[1])
    assert [too_tall(one) for one, _ in found] == [[]] * len(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_letter_of_a_slide_is_smaller_than_nine_points(folder: Path, lang: str) -> None:
    for frame in (tall_table(), wide_table()):
        for one in slides_of(folder, story(frame, text="话。" * 2000, lang=lang)):
            sizes = [
                float(n) / 100 for n in re.findall(r'<a:rPr[^>]* sz="(\d+)"', one._element.xml)
            ]
            assert min(sizes) >= 9
            assert too_tall(one) == []


def test_a_cell_that_no_slide_holds_is_cut_with_a_mark_and_the_slide_says_so(folder: Path) -> None:
    made = slides_of(folder, story(pd.DataFrame({"甲": ["字" * 20_000, "短"], "乙": ["1", "2"]})))
    (found,) = [one for one in made if rows_of_slide(one) and rows_of_slide(one)[0] == ["甲", "乙"]]
    long, short = (row[0] for row in rows_of_slide(found)[1:])
    assert (long[-1], short) == ("…", "短")
    assert "全文见 tables.xlsx" in words_of_slides(folder / "a.pptx")
    assert too_tall(found) == []


def test_slides_have_the_answer_as_a_title_and_a_number_line_and_source_of_their_own(
    folder: Path,
) -> None:
    chapter = Chapter(
        "p1",
        "哪里重叠得最多？",
        "重叠",
        (Heading("检验"), Text("没有一对明显重叠。其余见表。"), Table("pairs", tall_table(2))),
        answer="健康与材料重叠最多。",
    )
    made = slides_of(folder, Story("zh", "标题", "导语", (chapter,), "来源：甲"))
    titles = [one.shapes.title.text for one in made]
    assert titles[:4] == ["标题", "主要结论", "健康与材料重叠最多。", "没有一对明显重叠。"]
    assert made[2].placeholders[1].text_frame.text == "哪里重叠得最多？"
    said = [shape.text_frame.text for shape in made[3].placeholders]
    assert "重叠 · 检验" in said
    assert "其余见表。\n来源：甲" in said  # the credit stands under the last heading
    for i, one in enumerate(made[1:], 2):
        fields = re.findall(r'type="slidenum".*?<a:t>(\d+)</a:t>', one._element.xml, re.DOTALL)
        assert fields == [str(i)]
        assert all(shape.text_frame.text for shape in one.placeholders)  # none asks to be filled
        numbers = [shape.shape_id for shape in one.shapes]
        assert len(set(numbers)) == len(numbers)
    (table,) = [shape for shape in made[4].shapes if shape.has_table]
    assert table._element.nvGraphicFramePr.cNvPr.get("descr").startswith("重叠 · ")


def test_a_wide_table_lies_and_the_next_heading_stands_again(folder: Path) -> None:
    blocks = (Table("pairs", wide_table()), Heading("下一节"), Table("facts", tall_table(2)))
    told = Story("en", "T", "L", (Chapter("p1", "C", "C", blocks),), "S")
    made = docx.Document(str(write_document(told, folder, folder / "a.docx")))
    turned = [one.orientation == WD_ORIENT.LANDSCAPE for one in made.sections]
    assert turned == [False, True, False]
    for page, lies in zip(made.sections, turned, strict=True):
        assert (page.page_width > page.page_height) == lies
    for table, lies in zip(made.tables, (True, False), strict=True):
        room = made.sections[int(lies)].page_width - 2 * made.sections[0].left_margin
        assert sum(one.width for one in table.columns) <= room * 1.001
        assert broken(table) == []


def test_headings_of_a_table_stand_on_each_page_and_no_row_is_split(folder: Path) -> None:
    made = docx.Document(str(write_document(story(tall_table(60)), folder, folder / "a.docx")))
    for table in made.tables:
        marks = [one._tr.trPr.xml for one in table.rows]
        assert ["w:tblHeader" in one for one in marks] == [i == 0 for i in range(len(marks))]
        assert all("w:cantSplit" in one for one in marks)


def test_the_contents_of_the_document_are_its_headings_and_lead_to_them(folder: Path) -> None:
    body = docx.Document(str(write_document(story(), folder, folder / "a.docx")))
    links = [(link.fragment, link.text) for one in body.paragraphs for link in one.hyperlinks]
    marked = [
        (found[0], one.text)
        for one in body.paragraphs
        if (found := re.findall(r'w:bookmarkStart[^>]*w:name="(\w+)"', one._p.xml))
    ]
    assert [text for _, text in links] == ["第一章", "小标题"]
    assert links == marked
    assert [one.style.name for one in body.paragraphs if one._p.xml.count("bookmarkStart")] == [
        "Heading 1",
        "Heading 2",
    ]
    kinds = re.findall(r'w:fldCharType="(\w+)"', body.element.xml)
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_captions_of_tables_and_pictures_are_counted(folder: Path) -> None:
    body = docx.Document(str(write_document(story(), folder, folder / "a.docx"))).paragraphs
    said = [one.text.split("  ")[0] for one in body if one.style.name == "Caption"]
    assert said == ["表 1", "表 2", "表 3"]
    assert [one.text for one in body if one.style.name == "Figure caption"] == ["图 1  一张图"]


@given(st.text(max_size=120), st.floats(0.5, 40), st.integers(1, 5))
def test_the_pieces_of_a_text_are_the_text_and_take_so_many_lines(
    text: str, room: float, most: int
) -> None:
    text = text.replace("\n", " ")
    made = pieces(text, room, most)
    assert "".join(made) == text
    for line in wrap(text, room):
        assert width(line.rstrip()) <= room or len(line.strip()) == 1


@given(st.lists(st.floats(1, 60), min_size=2, max_size=30))
def test_the_rows_of_the_pages_are_all_rows_in_order_and_fit_if_they_can(
    heights: list[float],
) -> None:
    made = pages(heights, 130.0)
    assert [i for one in made for i in one[1:]] == list(range(1, len(heights)))
    for one in made:
        assert one[0] == 0
        assert sum(heights[i] for i in one) <= 130.0 or len(one) == 2


def test_a_clause_and_a_word_stay_on_one_line_and_a_longer_text_may_break() -> None:
    for whole in ("二（二）2（3）", "九个汉字都在一行上"):
        assert unbroken(whole) == width(whole)
    assert unbroken("十个汉字就可以分成两行") == 4.0


def test_letters_are_taken_at_least_as_wide_as_those_of_a_wide_font() -> None:
    for text in ("1,447.12", "Specialisation", "Future intelligence", "p = 0.0179", "WWF Mali"):
        assert width(text) >= measured(text, 1.0) * 0.99
