"""Sheets: every encoding read or refused by name, every row with the number a spreadsheet shows."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import siting.sheets.workbook
from siting.errors import Findings, InputError
from siting.sheets import Table, decode, read_csv_text, read_text, read_workbook_text, records
from siting.sheets.encoding import suspected

NAMES = {"name": ["名称"], "code": ["代码"], "note": ["说明"]}


def csv_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "表.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder: Path, *rows: tuple[object, ...], name: str = "表") -> Path:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    path = folder / "表.xlsx"
    book.save(path)
    return path


def read(table: Table) -> tuple[dict[int, dict[str, str]], Findings]:
    findings = Findings()
    return records(table, NAMES, findings).to_dict("index"), findings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_every_encoding_and_delimiter_gives_the_same_table(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    content = "名称,代码\n浦东新区,310115\n嘉定区,310114\n".replace(",", delimiter)
    table = read_csv_text(csv_file(tmp_path, content.encode(encoding)))
    assert table.rows == (("名称", "代码"), ("浦东新区", "310115"), ("嘉定区", "310114"))
    assert table.numbers == (1, 2, 3)
    said = {f.value for f in table.findings if f.code == "N-TAB-02"}
    assert bool(said) == (not encoding.startswith("utf-8"))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_utf8_text_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(text.encode(), "a.txt")[0] == text
    assert decode(text.encode("utf-16"), "a.txt")[0] == text


def test_mixed_encodings_name_the_line_and_the_byte(tmp_path: Path) -> None:
    first = "名称,代码\n浦东新区,310115\n".encode()
    path = csv_file(tmp_path, first + "嘉定区,310114\n".encode("gbk"))
    with pytest.raises(InputError) as caught:
        read_csv_text(path)
    finding = caught.value.findings[0]
    # "嘉" in GBK is BC CE: BC cannot begin a character in UTF-8.
    assert (finding.row, finding.value) == (3, f"byte {len(first)}")
    assert finding.code == "E-TAB-03"


def test_mixed_encodings_are_seen_whichever_comes_first(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "嘉定区\n".encode("gbk") + "浦东新区\n".encode())
    with pytest.raises(InputError, match="第 2 行"):
        read_csv_text(path)


def test_big5_is_not_read_as_gb18030_in_silence(tmp_path: Path) -> None:
    text = "名稱,代碼\n半導體設計有限公司,310114\n張江生物醫藥股份有限公司,310115\n"
    raw = text.encode("big5")
    raw.decode("gb18030")  # it can be: that is the trap
    path = csv_file(tmp_path, raw)
    for reader in (read_csv_text, read_text):
        with pytest.raises(InputError) as caught:
            reader(path)
        (told,) = caught.value.findings
        assert (told.code, told.value) == ("E-TAB-20", "名稱,代碼")
        assert "UTF-8" in told.fix
        assert "encoding" not in told.fix + told.fix_en, "there is no way to name it here"
    path.write_bytes(text.encode())
    assert read_csv_text(path).rows[1][0] == "半導體設計有限公司"


@pytest.mark.parametrize("raw", [b"\x00\x01\x02\x03\xff\xfe\x00", b"\xff\xff\xff\xff", b"a\x00b"])
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match="E-TAB-03"):
        read_text(path)


def test_read_text_keeps_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("一、甲\r\n二、乙\n".encode("utf-8-sig"))
    assert read_text(path) == "一、甲\r\n二、乙\n"


def test_a_remote_path_is_refused() -> None:
    for reader in (read_text, read_csv_text, read_workbook_text):
        with pytest.raises(InputError):
            reader("https://example.org/a.csv")


def test_rows_have_the_number_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    # A blank line counts; a quoted cell with a line break is one row.
    path = csv_file(tmp_path, '名称,代码\n\n"浦东\n新区",310115\n嘉定区,310114\n')
    rows, findings = read(read_csv_text(path))
    assert list(rows) == [3, 4]
    assert rows[3]["name"] == "浦东\n新区"
    assert not findings


def test_an_unclosed_quote_is_an_error_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_csv_text(csv_file(tmp_path, '名称,代码\n甲,1\n"乙,2\n丙,3\n'))
    assert caught.value.findings[0].row == 3


def test_rows_longer_or_shorter_than_the_headings_are_errors_and_not_shifted(
    tmp_path: Path,
) -> None:
    path = csv_file(tmp_path, "名称,代码,说明\n甲,1,a,多\n乙,2\n丙,3,c,\n")
    rows, findings = read(read_csv_text(path))
    assert [(f.code, f.row) for f in findings] == [("E-TAB-12", 2), ("E-TAB-12", 3)]
    assert rows == {4: {"name": "丙", "code": "3", "note": "c"}}


def test_a_title_above_the_headings_is_passed_over_and_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "2030 年规划,,\n,,\n名称,代码,说明\n甲,1,\n合计,1,\n")
    rows, findings = read(read_csv_text(path))
    assert list(rows) == [4]
    assert [(f.code, f.row) for f in findings] == [("W-TAB-10", 3), ("W-TAB-06", 5)]


def test_headings_may_be_written_in_many_ways() -> None:
    for heading in ("名称", " Name ", "NAME", "名称\nname", "name / 名称", "名 称", "Ｎame*"):
        rows, findings = read(Table("a", "", ((heading, "code"), ("甲", "1")), (1, 2)))
        assert rows[2]["name"] == "甲", heading
        assert not findings


def test_doubled_missing_and_unknown_headings_are_told() -> None:
    findings = Findings()
    table = Table("a", "", (("名称", "name", "色"), ("甲", "乙", "红")), (1, 2))
    records(table, NAMES, findings, required=["name", "code"])
    assert [(f.code, f.severity) for f in findings] == [
        ("E-TAB-08", "error"), ("W-TAB-09", "warning"), ("E-TAB-11", "error"),
    ]  # fmt: skip
    assert findings[2].column == "code"


def test_a_missing_column_is_named_as_absent() -> None:
    frame = records(Table("a", "", (("名称",), ("甲",)), (1, 2)), NAMES, Findings())
    assert frame.attrs["absent"] == ("code", "note")
    assert frame["code"].tolist() == [""]


def test_an_empty_table_is_an_error() -> None:
    findings = Findings()
    assert records(Table("a", "", (), ()), NAMES, findings).empty
    assert findings[0].code == "E-TAB-07"


def test_invisible_characters_go_with_a_report() -> None:
    rows = (("名称", "代码"), ("浦东\u200b新区\u3000", "\ufeff1\x07"), (" 甲\t", "2"))
    answer, findings = read(Table("a", "", rows, (1, 2, 3)))
    assert answer[2] == {"name": "浦东新区", "code": "1", "note": ""}
    assert answer[3]["name"] == "甲"
    assert [(f.code, f.row, f.column) for f in findings] == [
        ("W-TAB-13", 2, "name"), ("W-TAB-13", 2, "code"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("garbled", "original"),
    [
        ("浦东新区".encode().decode("gb18030"), "浦东新区"),
        ("浦东".encode().decode("cp1252"), "浦东"),
        ("名称".encode("gbk").decode("latin-1"), "名称"),
        ("浦东\ufffd区", "?"),
        ("锟斤拷", "?"),
    ],
)
def test_garbled_text_is_suspected(garbled: str, original: str | None) -> None:
    assert suspected(garbled) == original


@pytest.mark.parametrize(
    "sound",
    ["浦东新区", "café", "Zürich", "未来健康", "6G 技术", "联通", "扩展现实（XR）", "naïve", "—"],
)
def test_sound_text_is_not_suspected(sound: str) -> None:
    assert suspected(sound) is None


def test_formula_like_text_stays_text(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "名称,代码\n=1+1,@x\n<b>,{{7*7}}\n")
    rows, findings = read(read_csv_text(path))
    assert (rows[2]["name"], rows[3]["code"]) == ("=1+1", "{{7*7}}")
    assert not findings


def test_cells_of_a_workbook_are_read_as_they_would_be_typed(tmp_path: Path) -> None:
    rows = (
        ("a", "b", "c", "d", "e"),
        (310115, 0.1, True, dt.datetime.fromisoformat("2023-07-18"), None),
        (5000.0, "007", False, dt.date(2022, 9, 24), " x "),
    )
    table = read_workbook_text(workbook(tmp_path, *rows))["表"]
    assert table.rows[1:] == (
        ("310115", "0.1", "TRUE", "2023-07-18", ""),
        ("5000", "007", "FALSE", "2022-09-24", " x "),
    )


def test_rows_of_a_workbook_keep_their_numbers(tmp_path: Path) -> None:
    table = read_workbook_text(workbook(tmp_path, ("a",), (), ("b",)))["表"]
    assert table.numbers == (1, 3)


def test_rows_keep_their_numbers_in_a_later_sheet_that_begins_below_the_top(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["=1+1"])  # a formula is why all sheets are opened a second time
    page = book.create_sheet("表")
    page["C3"], page["C4"] = "名称", "甲"
    book.save(tmp_path / "表.xlsx")
    assert read_workbook_text(tmp_path / "表.xlsx")["表"].numbers == (3, 4)


def test_error_cells_and_formulas_without_a_value_are_found(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("名称", "代码"), ("=1+1", "#REF!"))
    table = read_workbook_text(path)["表"]
    assert [(f.code, f.row, f.column) for f in table.findings] == [
        ("E-TAB-17", 2, "A"), ("E-TAB-18", 2, "B"),
    ]  # fmt: skip


def test_hidden_sheets_and_rows_are_read_with_a_warning(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("名称",), ("甲",), ("乙",))
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("里").append(("名称",))
    book["里"].sheet_state = "hidden"
    book.save(path)
    tables = read_workbook_text(path)
    assert [f.code for f in tables["表"].findings] == ["W-TAB-16"]
    assert [f.code for f in tables["里"].findings] == ["W-TAB-15"]
    assert len(tables["表"].rows) == 3


def test_cells_merged_downwards_hold_their_text_in_each_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("名称", "代码"), ("甲", "1"), (None, "2"), (None, "3"))
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A4")
    book.save(path)
    table = read_workbook_text(path)["表"]
    assert [row[0] for row in table.rows] == ["名称", "甲", "甲", "甲"]
    assert table.filled == {(3, 0), (4, 0)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><table></table></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
        ("名称,代码\n".encode(), "not a workbook"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"", "not a workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_workbook_text(path)
    assert said in caught.value.findings[0].reason_en


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(InputError, match="E-TAB-19"):
        read_workbook_text(path)


def test_a_zip_bomb_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, ("名称",))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", bytes(3_000_000))
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(siting.sheets.workbook, "MAX_INFLATED", 1_000_000)
    monkeypatch.setattr(siting.sheets.workbook, "_open", lambda *_, **__: pytest.fail("parsed"))
    with pytest.raises(InputError, match="unpacks"):
        read_workbook_text(path)


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
        )
    with pytest.raises(InputError, match="document type"):
        read_workbook_text(path)


def test_a_stray_cell_far_away_is_refused_in_words(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("名称",))
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    with pytest.raises(InputError, match="stray cell"):
        read_workbook_text(path)
