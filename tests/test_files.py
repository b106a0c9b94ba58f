"""Files are opened only if they are local and regular, and replaced whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from siting.errors import ExistingOutputError, InputError, OutputError
from siting.files import Sheet, local_file, output_error, write_atomic, write_text, write_workbook

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "＝1",
    "https://x.y",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize(
    "path",
    [
        "http://x.y/a.csv",
        "https://x.y/a.csv",
        "/vsicurl/http://x.y/a.csv",
        "/vsizip//vsicurl/http://x.y/a.zip",
        "WFS:http://x.y",
        "PG:dbname=x",
        "CSV:/etc/passwd",
        "<OGRVRTDataSource>",
        '{"type":"Point"}',
        "file:///etc/passwd",
        "\\\\server\\share\\a.csv",
        "a\0b",
    ],
)
def test_what_is_not_the_path_of_a_local_file_is_refused(path: str) -> None:
    with pytest.raises(InputError, match="E-FILE-01"):
        local_file(path)


def test_missing_files_folders_and_other_endings_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        local_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="a folder or a device"):
        local_file(tmp_path)
    with pytest.raises(InputError, match="a folder or a device"):
        local_file("/dev/null")
    (tmp_path / "a.exe").write_text("x")
    with pytest.raises(InputError, match=r"\.csv, \.xlsx"):
        local_file(tmp_path / "a.exe", suffixes=(".csv", ".xlsx"))
    (tmp_path / "表.CSV").write_text("x")
    assert local_file(tmp_path / "表.CSV", suffixes=(".csv",)).name == "表.CSV"


def test_a_write_that_fails_leaves_the_old_file_and_no_debris(tmp_path: Path) -> None:
    target = write_text(tmp_path / "a.txt", "old")

    def half(part: Path) -> None:
        part.write_text("new but")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="磁盘空间不足"):
        write_atomic(target, half)
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_an_existing_file_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    target = write_text(tmp_path / "a.txt", "old")
    with pytest.raises(ExistingOutputError):
        write_text(target, "new", overwrite=False)
    assert target.read_text() == "old"
    assert write_text(target, "new").read_text() == "new"


def test_a_place_that_cannot_hold_a_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="E-OUT-02"):
        write_text(tmp_path / "file" / "a.txt", "x")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EACCES, "Excel"), (errno.EROFS, "Excel"), (errno.EIO, "无法写入")]
)
def test_the_reason_of_the_disk_becomes_a_fix_for_the_user(number: int, words: str) -> None:
    assert words in str(output_error(Path("a.xlsx"), OSError(number, "reason")))


def test_a_writer_killed_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "big.txt"
    code = (
        "import sys; from siting.files import write_text\n"
        "while True:\n"
        "    for c in 'ab': write_text(sys.argv[1], c * 400_000)\n"
    )
    for delay in (0.0, 0.003, 0.011, 0.05):
        run = subprocess.Popen([sys.executable, "-c", code, str(target)])
        while not target.exists():
            time.sleep(0.005)
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.wait()
        text = target.read_text()
        assert len(text) == 400_000
        assert len(set(text)) == 1
        target.unlink()


def test_no_text_in_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=A1": FORMULAS})
    path = write_workbook(tmp_path / "a.xlsx", {"表": Sheet(frame)})
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book["表"].iter_rows() for cell in row]
    assert [cell.value for cell in cells] == ["=A1", *FORMULAS]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    book.close()
    with zipfile.ZipFile(path) as inside:
        assert b"<f>" not in inside.read("xl/worksheets/sheet1.xml")


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"甲": ["a", None, "c"], "乙": [1.5, float("nan"), 2], "丙": [True, False, True]}
    )
    made = []
    for name in ("a.xlsx", "b.xlsx"):
        path = write_workbook(tmp_path / name, {"表": Sheet(frame, {"乙": "0.00"})})
        made.append(hashlib.sha256(path.read_bytes()).hexdigest())
        time.sleep(1.1)  # a second apart, so that a time stamp would show
    assert made[0] == made[1]


def test_what_excel_cannot_hold_is_refused_before_writing(tmp_path: Path) -> None:
    for name, frame in {
        "a/b": pd.DataFrame({"x": [1]}),
        "n" * 32: pd.DataFrame({"x": [1]}),
        "long": pd.DataFrame({"x": ["字" * 32_768]}),
    }.items():
        with pytest.raises(InputError, match="E-XLSX-01"):
            write_workbook(tmp_path / "a.xlsx", {name: Sheet(frame)})
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write_workbook(tmp_path / "file" / "a.xlsx", {"s": Sheet(pd.DataFrame({"x": [1]}))})
