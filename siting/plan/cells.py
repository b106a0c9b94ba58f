"""One cell after the other: what each column of a plan must hold, read from text."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from siting.errors import Finding, Findings
from siting.plan.model import SHEETS
from siting.schema import QUALIFIERS
from siting.sheets import Table

_QUALIFIERS = {
    "左右": "about", "约": "about", "大约": "about",
    "以上": "at_least", "不少于": "at_least", "不低于": "at_least", "至少": "at_least",
    "超过": "more_than", "多于": "more_than", "突破": "more_than",
    "等于": "exactly", "正好": "exactly", "无": "exactly",
}  # fmt: skip
_FLAGS = {"true": True, "1": True, "是": True, "yes": True}
_FLAGS |= {"false": False, "0": False, "否": False, "no": False, "": False}
_LEVELS = {"district": "district", "区": "district", "区级": "district", "town": "town"}
_LEVELS |= {"街镇": "town", "街道": "town", "镇": "town", "镇级": "town"}
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?")
_DATE = re.compile(r"(\d{4})(?:[-年/.](\d{1,2})(?:[-月/.](\d{1,2})日?|月)?|年)?")
_RANGES = {"lon": 180.0, "lat": 90.0}


@dataclass
class Entry:
    """One sheet as read: its table, its rows as text under the columns, and the findings of all."""

    table: Table
    rows: pd.DataFrame
    findings: Findings

    def report(self, code: str, row: int | None, column: str, said: tuple[str, str],
               fix: tuple[str, str], *, value: str = "", **more: Any) -> Finding:  # fmt: skip
        """Add a finding about a row of this sheet and return it; texts are (Chinese, English)."""
        made = self.table.finding(
            code, *said, fix=fix[0], fix_en=fix[1], row=row, column=column, value=value, **more
        )
        self.findings.append(made)
        return made


def row_number(row: Any) -> int:
    """Return the label of a row of `Entry.rows`: the number that a spreadsheet shows."""
    return int(row)


def parse_cells(sheet: str, entry: Entry) -> pd.DataFrame:
    """
    Return the rows of a sheet with each cell as what its column holds, and report what is not.

    Parameters
    ----------
    sheet
        One of `SHEETS`.
    entry
        The sheet as read.

    Returns
    -------
    DataFrame
        The columns of the sheet; a cell that could not be read is None.
    """
    absent = entry.rows.attrs.get("absent", ())
    parsed: dict[str, list[Any]] = {}
    for name, column in SHEETS[sheet].items():
        parsed[name] = []
        for row, text in entry.rows[name].items():
            value: Any = None
            if text == "" and column.required:
                if name not in absent:  # a missing column was reported once
                    said = ("必填，却是空的", "required, but blank")
                    fix = ("请填写", "Fill it in")
                    if column.kind == "place":
                        fix = ("请填写地名或代码", "Give a name or a code")
                    entry.report("E-PLAN-03", row_number(row), name, said, fix)
            else:
                value, wrong = _PARSERS[column.kind](text)
                if wrong:
                    entry.report("E-PLAN-12", row_number(row), name, wrong[0], wrong[1], value=text)
            parsed[name].append(value)
    return pd.DataFrame(parsed, index=entry.rows.index, dtype="object")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


_Parsed = tuple[Any, tuple[tuple[str, str], tuple[str, str]] | None]


def _parse_text(text: str) -> _Parsed:
    return text, None


def _parse_number(text: str) -> _Parsed:
    folded = _fold(text)
    if _NUMBER.fullmatch(folded):
        number = float(folded.replace(",", ""))
        if math.isfinite(number) and number >= 0:
            return number, None
    return None, (
        ("不是 0 以上的数", "not a number of at least 0"),
        (
            "请只写数字；单位和“左右”等另有一列",
            "Put the number alone; unit and qualifier have their columns",
        ),
    )


def _parse_degrees(limit: float) -> Callable[[str], _Parsed]:
    def parse(text: str) -> _Parsed:
        folded = _fold(text)
        if not folded:
            return math.nan, None
        if _NUMBER.fullmatch(folded) and abs(float(folded.replace(",", ""))) <= limit:
            return float(folded.replace(",", "")), None
        return None, (
            (
                f"不是 -{limit:.0f} 到 {limit:.0f} 之间的度数",
                f"not degrees between -{limit:.0f} and {limit:.0f}",
            ),
            (
                "请写十进制度数，经度在前一列",
                "Give decimal degrees; the longitude has its own column",
            ),
        )

    return parse


def _parse_year(text: str) -> _Parsed:
    folded = _fold(text).removesuffix("年")
    if re.fullmatch(r"[0-9]{4}", folded):
        return int(folded), None
    return None, (("不是四位年份", "not a year of four digits"), ("如 2030", "Such as 2030"))


def _parse_flag(text: str) -> _Parsed:
    folded = _fold(text).casefold()
    if folded in _FLAGS:
        return _FLAGS[folded], None
    return None, (("应为是或否", "must be yes or no"), ("请写 TRUE 或 FALSE", "Put TRUE or FALSE"))


def _parse_qualifier(text: str) -> _Parsed:
    folded = _fold(text).casefold()
    word = _QUALIFIERS.get(folded, folded.replace(" ", "_"))
    if word in QUALIFIERS:
        return word, None
    listed = "、".join(QUALIFIERS)
    return None, (
        ("不认识这种限定", "not a known qualifier"),
        (f"可用：{listed}", f"Use one of {listed}"),
    )


def _parse_level(text: str) -> _Parsed:
    word = _LEVELS.get(_fold(text).casefold())
    if word:
        return word, None
    return None, (
        ("层级应为 district 或 town", "the level must be district or town"),
        ("区写 district，街镇写 town", "Put district or town"),
    )


def _parse_date(text: str) -> _Parsed:
    if not text:
        return "", None
    match = _DATE.fullmatch(_fold(text))
    if match:
        parts = [int(part) for part in match.groups() if part is not None]
        try:
            dt.date(*[*parts, 1, 1][:3])
        except ValueError:
            pass
        else:
            return "-".join([f"{parts[0]:04d}", *(f"{p:02d}" for p in parts[1:])]), None
    return None, (("不是日期", "not a date"), ("如 2022-09-24", "Such as 2022-09-24"))


_PARSERS: dict[str, Callable[[str], _Parsed]] = {
    "text": _parse_text,
    "id": _parse_text,
    "place": _parse_text,
    "number": _parse_number,
    "year": _parse_year,
    "flag": _parse_flag,
    "qualifier": _parse_qualifier,
    "level": _parse_level,
    "date": _parse_date,
    "lon": _parse_degrees(_RANGES["lon"]),
    "lat": _parse_degrees(_RANGES["lat"]),
}
