"""Delimited text of any encoding, separator and size, as columns of text in pieces."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from siting.errors import Finding, Findings, InputError, stop
from siting.points.cellular import Cells, collector_held, gather, tidy_headings
from siting.points.headings import SEARCHED, finds_axes, header_row
from siting.schema import check_choice
from siting.sheets import BIG5, decode

MAX_BYTES = 768 * 2**20
ENCODINGS = (
    *("utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", *BIG5, "utf-16", "utf-16-le", "utf-16-be"),
)
_SEPARATORS = {
    ",": "逗号",
    "\t": "制表符",
    ";": "分号",
    "，": "中文逗号",
    "、": "顿号",
    "|": "竖线",
}
_HEAD_BYTES = 2**23
_PIECE = 20_000  # rows held as lists at a time
_FIELD = 131_072


def read_delimited(
    path: Path, columns: Mapping[str, str | None], *, encoding: str | None, chunk: int | None
) -> Iterator[Cells]:
    """
    Yield the rows of a text file, all at once or `chunk` rows at a time.

    Parameters
    ----------
    path
        An existing local file.
    columns
        Headings that the user named, by role: they tell which row holds the headings.
    encoding
        One of `ENCODINGS`, or None to find out.
    chunk
        Rows in a piece, or None for one piece.

    Raises
    ------
    InputError
        If it is too large for one piece, empty, in no encoding or a mixture, a quote is never
        closed, or headings are doubled.
    """
    coded, findings = _encoding(path, encoding, whole=chunk is None)
    separator = _separator(path, coded, columns, findings)
    with path.open(encoding=coded, newline="") as text:
        rows = _rows(text, separator, path.name, coded)
        head = list(islice(rows, SEARCHED))
        solid = [(n, row) for n, row in head if any(map(str.strip, row))]
        if not solid:
            _empty(path.name)
        at = header_row([row for _, row in solid], columns) or 0
        numbers = [n for n, _ in solid]
        spot = {"file": path.name, "sheet": ""}
        headings, at, said = tidy_headings([row for _, row in solid], at, numbers, spot)
        findings.extend(said)
        rest = chain((one for one in head if one[0] > numbers[at]), rows)
        first = True
        while True:
            with collector_held():
                cells = _piece(rest, headings, path.name, numbers[at], chunk)
            done = not (cells.numbers or cells.odd)
            if done and not first:
                return
            cells.findings.extend(findings if first else ())
            first = False
            yield cells
            if done or chunk is None:
                return


def _piece(
    rows: Iterator[tuple[int, list[str]]],
    headings: list[str],
    file: str,
    header: int,
    chunk: int | None,
) -> Cells:
    """Return the next rows: all, or so many that are not blank."""
    cells = Cells(file, "", headings, [[] for _ in headings], [], row_of_headings=header)
    cells.is_whole = chunk is None
    while chunk is None or len(cells.numbers) + len(cells.odd) < chunk:
        room = _PIECE if chunk is None else min(_PIECE, chunk - len(cells.numbers) - len(cells.odd))
        taken = list(islice(rows, room))
        if not taken:
            break
        columns, numbers, odd = gather(taken, len(headings), padded=False)
        for whole, part in zip(cells.texts, columns, strict=True):
            whole.extend(part)
        cells.numbers.extend(numbers)
        cells.odd.extend(odd)
    return cells


def _rows(
    text: io.TextIOBase, separator: str, file: str, coded: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its number; a quoted cell may hold line breaks."""
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            yield number, row
    except csv.Error as error:
        stop(
            code="E-TAB-04",
            file=file,
            row=number + 1,
            value=str(error),
            reason="这一行起引号没有成对，或单元格过长",
            reason_en="from this row on a quote is not closed, or a cell is too long",
            fix="请补上引号，或用表格软件重新另存为 CSV",
            fix_en="Close the quote, or save the table as CSV again",
        )
    except UnicodeError as error:
        stop(
            code="E-PNT-08",
            file=file,
            row=number + 1,
            value=str(getattr(error, "reason", error)),
            reason=f"此行附近无法按 {coded.removesuffix('-sig')} 读入",
            reason_en=f"near this row the text is not {coded.removesuffix('-sig')}",
            fix="请用 encoding= 指明编码，或重新另存为 UTF-8",
            fix_en="Name the encoding with encoding=, or save it as UTF-8",
        )


def _encoding(path: Path, asked: str | None, *, whole: bool) -> tuple[str, Findings]:
    """Return the encoding that the bytes are in, and a note where it is not UTF-8."""
    size = path.stat().st_size
    if whole and size > MAX_BYTES:
        stop(
            code="E-PNT-09",
            file=path.name,
            value=f"{size} bytes",
            reason=f"文件超过 {MAX_BYTES} 字节，一次读不下",
            reason_en=f"more than {MAX_BYTES} bytes: too much at once",
            fix="请用 siting.points.scan_points 分块读取，或拆分文件",
            fix_en="Read it in pieces with siting.points.scan_points, or split it",
        )
    if asked is not None:
        name = asked.lower().replace("_", "-") if isinstance(asked, str) else asked
        check_choice(name, ENCODINGS, "encoding")
        return ("utf-8-sig" if name == "utf-8" else name), Findings()
    with path.open("rb") as file:
        raw = file.read() if whole else file.read(_HEAD_BYTES)
    if not whole and len(raw) < size:
        # Cut after a line end, and between characters where they have two or four bytes each.
        pairs = b"\0" in raw or raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        four = raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE))
        step = 4 if four else 2 if pairs else 1
        cut = raw.rfind(b"\n") + 1
        raw = raw[: cut + -cut % step] if cut else raw
    _, findings = decode(raw, path.name, nameable=True)
    coded = findings[0].value if findings else "utf-8-sig"
    marked = raw[:4].startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    wide = "utf-16" if marked and coded.startswith("utf-16") else coded
    return ("utf-32" if coded.startswith("utf-32") else wide), findings


def _separator(
    path: Path, coded: str, columns: Mapping[str, str | None], findings: Findings
) -> str:
    """Return the separator that lays the coordinates bare, or else cuts the first rows most evenly."""
    with path.open(encoding=coded, newline="") as text:
        try:
            lines = "".join(islice((line[:_FIELD] for line in text), SEARCHED))
        except UnicodeError:  # told with its row when the rows are read
            lines = ""
    best, most = ",", (False, 0.0, 1)
    for separator in _SEPARATORS:
        try:
            found = list(csv.reader(io.StringIO(lines, newline=""), delimiter=separator))
        except csv.Error:
            continue
        widths = [len(row) for row in found if row]
        several = set(widths) - {1}
        if several:
            usual = max(several, key=lambda w: (widths.count(w), w))
            named = any(finds_axes(row, columns) for row in found)
            score = (named, widths.count(usual) / len(widths), usual)
            if score > most:
                best, most = separator, score
    if best != ",":
        plain = best in "，、"
        findings.append(
            Finding(
                "N-PNT-03",
                f"按{_SEPARATORS[best]}分列",
                "如有不符，请另存为逗号分隔的 CSV",
                f"cells are separated by U+{ord(best):04X}",
                "If that is wrong, save it with commas",
                severity="repaired" if plain else "note",
                file=path.name,
            )
        )
    return best


def _empty(file: str) -> None:
    raise InputError(
        Finding(
            "E-PNT-10",
            "文件是空的",
            "请填写表头和内容",
            "there is nothing in it",
            "Give headings and rows",
            file=file,
        )
    )


def no_rows(spot: Mapping[str, Any], row: int) -> InputError:
    """Return the error for a table that has headings and nothing below."""
    return InputError(
        Finding(
            "E-PNT-11",
            "只有表头，没有内容",
            "请在表头下填写企业，一行一家",
            "headings and no rows",
            "Give a firm in each row below the headings",
            row=row,
            **spot,
        )
    )
