"""The workbook that a planner fills in: a guide, an example that says it is made up, and the sheets."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from siting.errors import stop
from siting.files import Sheet, write_workbook
from siting.plan.model import FRAMES, SHEET_NAMES, SHEETS, Plan, heading, make_frame
from siting.plan.reading import CHECK, GUIDE_SHEETS, read_plan
from siting.schema import label

# How to fill in each column: (Chinese, English). A column not listed explains itself.
_HOW: dict[str, tuple[str, str]] = {
    "id": ("英文小写短名，作文件名用，如 jiading-2023", "A short name in small letters, used for files"),
    "title": ("文件全称，不加书名号", "The full title of the document"),
    "published": ("日期写成 2023-07-18，也可只写年或年月", "As 2023-07-18; a year or month will do"),
    "level": ("落到区写 district，落到街镇写 town", "district or town: the places that clusters go to"),
    "parent_id": ("规划所属地区的 6 位代码：上海市 310000，嘉定区 310114", "Code of the place the plan is for"),
    "cluster_id": ("英文小写短名，各表用同一个写法，如 future-health", "A short id, the same in all sheets"),
    "field_id": ("英文小写短名，不可重复", "A short id, each once"),
    "target_id": ("英文小写短名，不可重复", "A short id, each once"),
    "programme_id": ("英文小写短名，不可重复", "A short id, each once"),
    "zone_id": ("英文小写短名，不可重复", "A short id, each once"),
    "name_zh": ("照抄原文的名称", "The name exactly as in the document"),
    "tier": ("原文对它的称呼：集群、领域、方向", "What the document calls it"),
    "clause": ("原文出处，各级标题连写：二（一）1；破折号段落写 一（二）—1", "Where it says so: headings joined"),
    "place_id": ("区 6 位、街镇 9 位代码", "Code of 6 digits (district) or 9 (town)"),
    "place_as_written": ("照抄原文的地名，一行一个", "The place as the document writes it, one in a row"),
    "is_exhaustive": ("原文写“等区域”填 FALSE；名单完整才填 TRUE", "FALSE where the document says 等"),
    "quantity": ("只写数字", "The number alone"),
    "unit": ("照抄原文的单位，如 亿元、家、个", "The unit as in the document"),
    "qualifier": (
        "左右 about，以上或不少于 at_least，超过 more_than，没有限定 exactly",
        "about, at_least, more_than or exactly",
    ),
    "year": ("四位年份", "Four digits"),
    "lon": ("WGS-84 十进制度数；没有就留空", "Decimal degrees, WGS-84; blank if unknown"),
    "lat": ("WGS-84 十进制度数；没有就留空", "Decimal degrees, WGS-84; blank if unknown"),
    "source": ("坐标从哪里来；有坐标必填", "Where the point comes from; needed with a point"),
    "note": ("需要说明的，如点位为近似值", "What a reader should know"),
}  # fmt: skip
# What holds for a column of one sheet alone.
_HOW_HERE: dict[tuple[str, str], tuple[str, str]] = {
    ("assignments", "place_id"): ("可留空，按地名查找", "may be blank: the place is found by its name"),
    ("zones", "place_id"): ("也可直接写地名", "a name will do"),
}  # fmt: skip
_MADE_UP = "示例（虚构）"
_EXAMPLE: dict[str, list[tuple[Any, ...]]] = {
    "clusters": [
        ("example-tea", f"茶饮{_MADE_UP}", "Tea drinks (made up)", "集群", "二（一）"),
        ("example-lanterns", f"花灯{_MADE_UP}", "Lanterns (made up)", "领域", "二（二）"),
    ],
    "fields": [
        ("example-cold-tea", "example-tea", "冷泡茶", "Cold-brewed tea", "二（一）1"),
        ("example-tea-sets", "example-tea", "茶具", "Tea sets", "二（一）2"),
        ("example-paper-lanterns", "example-lanterns", "纸灯", "Paper lanterns", "二（二）1"),
    ],
    "assignments": [
        ("example-tea", "310105", "长宁", "二（一）", False),
        ("example-tea", "310106", "静安", "二（一）", False),
        ("example-lanterns", "310106", "静安区", "二（二）", True),
        ("example-lanterns", "310109", "虹口区", "二（二）", True),
    ],
    "targets": [
        ("example-output", "茶饮产值", "Output of tea drinks", 3, "亿元", "about", 2030, "一（二）"),
        ("example-shops", "茶馆", "Tea houses", 20, "家", "at_least", 2030, "一（二）—1"),
        ("example-firms", "花灯企业总数", "Lantern makers", 50, "家", "more_than", 2030, "一（二）—1"),
        ("example-fairs", "灯会", "Lantern fairs", 2, "场", "exactly", 2030, "一（二）—2"),
    ],
    "programmes": [("example-craft", "手艺“传灯计划”", "Craft: pass-the-lantern programme", "三（一）")],
    "zones": [
        (
            "example-park",
            f"灯市{_MADE_UP}",
            "Lantern market (made up)",
            "310106",
            121.45,
            31.23,
            "三（一）",
            _MADE_UP,
            "点位随意取在静安区内 / a point anywhere in the district",
        )
    ],
}  # fmt: skip


def write_template(
    path: str | os.PathLike[str],
    *,
    plan: Plan | str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    beside: Sheet | None = None,
    checks: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """
    Write an .xlsx that a planner fills in, or one that holds a plan; `read_plan` reads it back.

    Parameters
    ----------
    path
        The file; must end in .xlsx.
    plan
        A Plan, or what `read_plan` takes. Without it the sheets hold a small example on real
        districts that says it is made up.
    overwrite
        Whether an existing file may be replaced.
    beside
        A sheet for people to check the plan by, which `read_plan` leaves alone.
    checks
        Remarks beside the rows of a sheet, in their order; `read_plan` leaves them alone too.

    Returns
    -------
    Path
        The file, in which the first sheet explains each column in Chinese and English.

    Raises
    ------
    InputError
        If the plan is not right, or a text is too long for a cell.
    ExistingOutputError
        If the file is there and may not be replaced.
    OutputError
        If it cannot be written.

    Notes
    -----
    The same plan gives the same bytes. Reading back gives an equal plan if its texts have no blanks
    around them and no invisible characters, which reading strips, and its frames no columns beyond
    those of a plan.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_template(Path(folder, "plan.xlsx"), plan="jiading-2023")
    ...     read_plan(file) == read_plan("jiading-2023")
    True
    """
    whole = example() if plan is None else plan if isinstance(plan, Plan) else read_plan(plan)
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        stop(
            code="E-PLAN-41",
            file=target.name,
            value=target.suffix,
            reason="模板只能是 .xlsx",
            reason_en="a template is an .xlsx",
            fix="请把文件名改为以 .xlsx 结尾",
            fix_en="Let the name end in .xlsx",
        )
    head = pd.DataFrame([{name: getattr(whole, name) for name in SHEETS["plan"]}])
    sheets = {GUIDE_SHEETS[0]: Sheet(guide()), "plan": _sheet("plan", head)}
    for name in FRAMES:
        frame: pd.DataFrame = getattr(whole, name)
        sheets[name] = _sheet(name, frame.reset_index(drop=name == "assignments"))
        if checks and name in checks:
            sheets[name].frame[f"核对\n{CHECK}"] = list(checks[name])
    if beside is not None:
        sheets[GUIDE_SHEETS[2]] = beside
    return write_workbook(target, sheets, overwrite=overwrite)


def example() -> Plan:
    """Return the made-up plan that an empty template shows."""
    frames: dict[str, Any] = {
        name: make_frame(name, pd.DataFrame(_EXAMPLE[name], columns=list(SHEETS[name])))
        for name in FRAMES
    }
    return Plan(
        id="example-2030",
        title=f"{_MADE_UP}：请把各表内容换成您的规划",
        title_en="Example (made up): put your plan in its place",
        level="district",
        parent_id="310000",
        **frames,
    )


def guide() -> pd.DataFrame:
    """Return the explanation of each sheet and column, in two languages."""
    rows = [
        {
            "表 Sheet": sheet,
            "中文表名": SHEET_NAMES[sheet][0],
            "列 Column": name,
            "中文列名": label(name),
            "必填 Required": "必填 yes" if column.required else "可空 no",
            "怎么填": "；".join(how[0] for how in _ways(sheet, name)),
            "How to fill in": "; ".join(how[1] for how in _ways(sheet, name)),
        }
        for sheet, columns in SHEETS.items()
        for name, column in columns.items()
    ]
    first = {
        "表 Sheet": "（全部 all）",
        "怎么填": "表中的例子是虚构的，请整行换掉；表头和表名不要改；没有的表（目标、专项、先导区）可留空",
        "How to fill in": "The rows are made up: replace them; keep headings and names of sheets; "
        "targets, programmes and zones may stay without rows",
    }
    return pd.DataFrame([first, *rows], columns=list(rows[0])).fillna("")


def _ways(sheet: str, name: str) -> list[tuple[str, str]]:
    """Return how to fill in a column of a sheet, in (Chinese, English)."""
    return [how for how in (_HOW.get(name), _HOW_HERE.get((sheet, name))) if how]


def _sheet(name: str, frame: pd.DataFrame) -> Sheet:
    """Return a frame under headings in two languages, every number such that it is read back exactly."""
    columns = list(SHEETS[name])
    shown = frame[columns].astype("object").map(_exact)
    return Sheet(shown.set_axis([heading(column) for column in columns], axis=1))


def _exact(value: Any) -> Any:
    """Return a number as text where a workbook, which keeps 16 digits, would change it."""
    if isinstance(value, float) and value == value and float(f"{value:.16G}") != value:  # noqa: PLR0124
        return repr(value)
    return value
