"""Word and slides say what the page says, can be edited, and keep no hour."""

from __future__ import annotations

import builtins
import hashlib
import time
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pptx
import pytest
from PIL import Image

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
    most = {"docx": 300, "pptx": 12}[kind]
    said = READERS[kind](WRITERS[kind](story(frame), folder, folder / f"a.{kind}"))
    assert f"前 {most} 行" in said
    assert "共 400 行" in said
    assert "列）" not in said  # the one column is all there is
    assert "tables.xlsx" in said
    assert f"{1000 + most:,}" in said
    assert f"{1001 + most:,}" not in said


@pytest.mark.parametrize("kind", WRITERS)
def test_no_field_no_link_and_a_chinese_font(folder: Path, kind: str) -> None:
    path = WRITERS[kind](story(), folder, folder / f"a.{kind}")
    with zipfile.ZipFile(path) as inside:
        texts = {n: inside.read(n) for n in inside.namelist() if n.endswith((".xml", ".rels"))}
        assert {entry.date_time for entry in inside.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    main = b"".join(v for n, v in texts.items() if n.startswith(("word/document", "ppt/slides/")))
    for mark in (b"w:instrText", b"w:fldSimple", b"<a:fld", b'TargetMode="External"', b"hlink"):
        assert mark not in main, mark
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
