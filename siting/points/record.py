"""What reading a table of points gives: the rows that stand, and an account of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from siting.errors import Finding
from siting.schema import Lang, check_lang

# Why a row is rejected: reason: (code, Chinese, English, what to do, in English).
REASONS: dict[str, tuple[str, str, str, str, str]] = {
    "ragged": (
        "W-PNT-20",
        "格数与表头不符",
        "more or fewer cells than headings",
        "请检查多余或缺少的分隔符",
        "Look for a separator too many or too few",
    ),
    "total_row": (
        "W-PNT-21",
        "合计行，不是企业",
        "a row of totals, not a firm",
        "请删去此行",
        "Delete this row",
    ),
    "missing": (
        "W-PNT-22",
        "缺少坐标",
        "a coordinate is missing",
        "请补上经度和纬度",
        "Give longitude and latitude",
    ),
    "unreadable": (
        "W-PNT-23",
        "坐标无法识别",
        "a coordinate cannot be read",
        "请写成十进制度数，如 121.4737",
        "Write decimal degrees such as 121.4737",
    ),
    "not_finite": (
        "W-PNT-24",
        "坐标是无穷大",
        "a coordinate is infinite",
        "请填写度数",
        "Give degrees",
    ),
    "error_cell": (
        "W-PNT-25",
        "单元格是表格软件的错误值",
        "a cell holds a spreadsheet error",
        "请改正公式或填写数值",
        "Mend the formula or put the value",
    ),
    "formula": (
        "W-PNT-26",
        "公式没有保存结果",
        "a formula without a saved value",
        "请用 Excel 或 WPS 打开并保存一次",
        "Open and save it once in a spreadsheet program",
    ),
    "null_island": (
        "W-PNT-27",
        "坐标为 0,0",
        "the point is at 0,0",
        "多半是未填或解析失败，请补上坐标",
        "Most likely never filled in: give the coordinates",
    ),
    "swapped": (
        "W-PNT-28",
        "经纬度颠倒：交换后落入研究区",
        "the axes are swapped: swapped back, the point is in the study area",
        '请改正，或用 swap="fix" 交换',
        'Correct it, or read with swap="fix"',
    ),
    "scaled": (
        "W-PNT-29",
        "坐标像是度数乘以 10 的整数次方",
        "the numbers look like degrees times a power of ten",
        "请换算成度后再用",
        "Turn them into degrees",
    ),
    "radians": (
        "W-PNT-30",
        "坐标像是弧度",
        "the numbers look like radians",
        "请换算成度后再用",
        "Turn them into degrees",
    ),
    "metres": (
        "W-PNT-31",
        "坐标像是米（投影坐标）",
        "the numbers look like metres on a map projection",
        "请由测绘软件换算成经纬度后再用",
        "Turn them into degrees with a GIS",
    ),
    "out_of_range": (
        "W-PNT-32",
        "经度超出 ±180 或纬度超出 ±90",
        "a longitude beyond 180 or a latitude beyond 90 degrees",
        "请核对坐标",
        "Check the coordinates",
    ),
    "outside": (
        "W-PNT-33",
        "在研究区之外",
        "outside the study area",
        "请核对坐标和坐标系；没有另定时，研究区是上海及周边约 5 公里",
        "Check the coordinates and their frame; unless set, the area is Shanghai and some 5 km around",
    ),
    "weight_missing": (
        "W-PNT-34",
        "缺少权重（人数等）",
        "the weight is missing",
        '请补上；也可用 missing_weight="zero" 按 0 计，missing_weight="keep" 留空，或 columns={"weight": None} 不用权重',
        'Give it; or use missing_weight="zero", missing_weight="keep" or columns={"weight": None}',
    ),
    "weight_unreadable": (
        "W-PNT-35",
        "权重无法识别；可写 1200、1,200、1.2万、约50、12%、50人",
        "the weight cannot be read; 1200, 1,200, 1.2万, 约50, 12%, 50人 can",
        '请改成数字；不用权重可设 columns={"weight": None}',
        'Put a number; or use columns={"weight": None} for no weight',
    ),
    "weight_negative": (
        "W-PNT-36",
        "权重为负",
        "the weight is negative",
        "请改成不小于 0 的数",
        "Put a number of at least 0",
    ),
    "weight_not_finite": (
        "W-PNT-37",
        "权重是无穷大，或超过 1e15",
        "the weight is infinite, or above 1e15",
        "请填写数值",
        "Put a number",
    ),
    "id_lost": (
        "W-PNT-38",
        "编号成了科学计数，Excel 已丢失末位",
        "an id in scientific notation: the spreadsheet has lost its last digits",
        "请从原始来源重新取得，并把该列设为文本",
        "Get it from the source again and make the column text",
    ),
    "unknown_sector": (
        "W-PNT-39",
        "行业代码不在所给的代码表里",
        "the sector is not in the list that was given",
        "请核对代码和分类版本（如 GB/T 4754—2017）",
        "Check the code and the edition, such as GB/T 4754-2017",
    ),
    "duplicate": (
        "W-PNT-40",
        "与前面的行完全相同",
        "the same as a row before it",
        "按 dedupe=True 只保留第一行",
        "Only the first is kept, as dedupe=True asks",
    ),
}

# Why a row that stands is in no cell of a table of places by categories: reason: (Chinese, English).
LEFT_OUT: dict[str, tuple[str, str]] = {
    "no_place": ("不在任何所给地区内", "in none of the places"),
    "no_category": ("没有分类", "without a category"),
}

# What a repaired row had: note: (Chinese, English).
REPAIRS: dict[str, tuple[str, str]] = {
    "full_width": ("全角字符", "full-width characters"),
    "dms": ("度分秒", "degrees, minutes, seconds"),
    "hemisphere": ("方向字母或度号", "a letter or sign of direction"),
    "decimal_comma": ("逗号作小数点", "a decimal comma"),
    "scientific": ("科学计数法", "scientific notation"),
    "thousands": ("千位分隔符", "thousands separators"),
    "about": ("约数按其数取用", "an approximate figure, taken as it is"),
    "myriad": ("万、亿已乘开", "万 or 亿 multiplied out"),
    "percent": ("百分数化为小数", "percent as a share of one"),
    "unit": ("数后的单位已去掉", "a unit behind the number was dropped"),
    "weight_zero": ("缺少的权重按 0 计", "a missing weight counts as 0"),
    "swapped": ("经纬度已交换", "longitude and latitude were swapped back"),
    "invisible": ("删去看不见的字符", "invisible characters were removed"),
    "merged": (
        "单元格与上一行合并，取其内容",
        "a cell is merged with the one above, and holds the same",
    ),
}
BITS = {note: 1 << i for i, note in enumerate(REPAIRS)}


@dataclass(frozen=True, eq=False)
class Report:
    """
    The account of a table: what became of each row.

    Parameters
    ----------
    file, sheet
        What was read; `sheet` is empty where there are none.
    frame
        The frame that the coordinates were declared to be in.
    columns
        The heading that was taken for each role: lon, lat, name, id, weight, sector, place.
    rows_in, used, repaired, rejected
        Rows with something in them below the headings, and what became of them;
        ``rows_in == used + repaired + rejected``.
    reasons
        Rejected rows by reason; each row counts once.
    repairs
        Repaired rows by what was repaired; a row may count under several.
    findings
        Everything found, one for each reason, with the first rows concerned.
    rejects
        The rejected rows: ``source_row``, ``reason``, ``reason_zh``, ``reason_en`` and the cells as
        they were read.
    weight_used, weight_rejected
        Sums of the weights that could be read; None without a column of weights.
    """

    file: str
    sheet: str
    frame: str
    columns: Mapping[str, str]
    rows_in: int
    used: int
    repaired: int
    rejected: int
    reasons: Mapping[str, int]
    repairs: Mapping[str, int]
    findings: tuple[Finding, ...] = field(repr=False)
    rejects: pd.DataFrame = field(repr=False)
    weight_used: float | None = None
    weight_rejected: float | None = None

    def __post_init__(self) -> None:
        """Hold the account against itself."""
        if self.rows_in != self.used + self.repaired + self.rejected:
            msg = (
                f"{self.rows_in} rows came in, {self.used} + {self.repaired} + {self.rejected} out"
            )
            raise AssertionError(msg)

    def text(self, lang: Lang = "zh") -> str:
        """Return the account in a few lines of ``zh`` or ``en``."""
        en = check_lang(lang) == "en"
        head = (
            f"{self.file}：共 {self.rows_in} 行 = 使用 {self.used} + 修正后使用 {self.repaired} "
            f"+ 拒绝 {self.rejected}"
        )
        if en:
            head = (
                f"{self.file}: {self.rows_in} rows = {self.used} used + {self.repaired} repaired "
                f"+ {self.rejected} rejected"
            )
        lines = [head]
        for reason, count in self.reasons.items():
            lines.append(f"- {REASONS[reason][2 if en else 1]}: {count}")
        for note, count in self.repairs.items():
            lines.append(f"- {REPAIRS[note][1 if en else 0]}: {count}")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Points:
    """
    A table of points, and the account of its rows.

    Parameters
    ----------
    frame
        A row per used or repaired row, in their order, RangeIndex. All columns of the file as text
        under their own names; ``lon`` and ``lat`` [deg, WGS-84]; ``weight`` where there is a column
        of weights; ``source_row`` (the row that a spreadsheet shows, or the number of the feature);
        ``is_repaired``; ``repairs`` (what was repaired, in Chinese). A column of the file that is
        called like one of these has ``_as_written`` behind its name.
    report
        The account.
    """

    frame: pd.DataFrame = field(repr=False)
    report: Report

    def __len__(self) -> int:
        return len(self.frame)
