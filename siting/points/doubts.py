"""What looks odd in rows that stand: doubled ids, equal rows, piled-up points, dates among names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.errors import Finding
from siting.points.cellular import Cells
from siting.points.judging import Verdict, is_blank

PILE = 20  # rows at one and the same place that make it look like a geocoder's default
_SHOWN = 10
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?: [0-9:.]+)?|[01]?[0-9]月[0-3]?[0-9]日"
    r"|[0-3]?[0-9]-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    re.IGNORECASE,
)
_DATED = ("日期", "时间", "date", "time", "年月")


def listed(numbers: Any) -> str:
    """Return the first few of some row numbers."""
    shown = [int(one) for one in numbers[:_SHOWN]]
    return "、".join(map(str, shown)) + ("…" if len(numbers) > _SHOWN else "")


def equal_rows(cells: Cells) -> NDArray[np.bool_]:
    """Return which rows are the same in every cell as a row before them."""
    same = np.zeros(len(cells.numbers), dtype=bool)
    if not cells.numbers:
        return same
    columns: list[Any] = [*cells.texts]
    if cells.lonlat is not None:
        columns += [values.tolist() for values in cells.lonlat]
    hashes = np.fromiter(map(hash, zip(*columns, strict=True)), "int64", len(cells.numbers))
    likely = np.flatnonzero(pd.Series(hashes).duplicated(keep=False))
    seen: set[tuple[Any, ...]] = set()
    for i in likely:  # a hash may lie, so the rows themselves decide
        row: tuple[Any, ...] = tuple(column[i] for column in columns)
        same[i] = row in seen
        seen.add(row)
    return same


def doubts(
    cells: Cells, roles: Mapping[str, str], kept: NDArray[np.bool_], verdict: Verdict
) -> list[Finding]:
    """Return a warning for each thing that looks odd among the rows `kept`."""
    numbers = np.array(cells.numbers, dtype="int64")
    findings = [*_unused_faults(cells, roles), *_merged_weights(cells, roles)]
    where = {"lon": verdict.lon, "lat": verdict.lat}
    if "id" in roles:
        findings += _same_id(cells, roles, kept, where)
    findings += _piles(cells, numbers, kept, where)
    for role in ("name", "id", "sector", "place"):
        if role in roles:
            findings += _dates(cells, roles[role], numbers, kept)
    return findings


def equal_finding(cells: Cells, same: NDArray[np.bool_]) -> list[Finding]:
    """Return a warning about equal rows that stay."""
    numbers = np.array(cells.numbers)[same]
    if not len(numbers):
        return []
    zh, en = (
        f"{len(numbers)} 行与前面的行完全相同，仍保留",
        f"{len(numbers)} rows repeat a row before",
    )
    fix = "如是重复登记，请加 dedupe=True", "If they are meant once, add dedupe=True"
    return [
        _warning(cells, "W-PNT-10", (f"{zh}：第 {listed(numbers)} 行", en), fix, row=numbers[0])
    ]


def _unused_faults(cells: Cells, roles: Mapping[str, str]) -> list[Finding]:
    """Return a warning about error cells and formulas without result that cost no row."""
    spots = sorted(spot for spot in cells.faults if spot[1] not in roles.values())
    if not spots:
        return []
    named = "、".join(dict.fromkeys(heading for _, heading in spots))
    zh = f"未取用的列（{named}）中有 {len(spots)} 个错误值或没有保存结果的公式"
    en = f"{len(spots)} error cells or formulas without saved value in columns that are not used"
    fix = "如要用这些列，请先改正", "Mend them before these columns are used"
    row, heading = spots[0]
    return [_warning(cells, "W-PNT-14", (zh, en), fix, row=row, column=heading, doubt=False)]


def _merged_weights(cells: Cells, roles: Mapping[str, str]) -> list[Finding]:
    """Return a warning about rows that share one merged weight."""
    rows = sorted(row for row, heading in cells.filled if heading == roles.get("weight"))
    if not rows:
        return []
    zh = f"这一列有合并单元格，其数只计入第一行；以下 {len(rows)} 行按缺少权重处理：第 {listed(rows)} 行"
    en = f"merged cells: their number counts in the first row, and {len(rows)} rows below lack one"
    fix = "请取消合并，给每家自己的数", "Unmerge them and give each firm its own number"
    return [_warning(cells, "W-PNT-18", (zh, en), fix, row=rows[0], column=roles["weight"])]


def _same_id(
    cells: Cells, roles: Mapping[str, str], kept: NDArray[np.bool_], where: Mapping[str, Any]
) -> list[Finding]:
    """Return a warning about ids that stand in several rows, and whether the rows disagree."""
    ids = pd.Series(list(map(_id_key, cells.column(roles["id"]))), dtype="object")
    again = ids[kept]
    again = again[again.duplicated(keep=False)]
    again = again[[not is_blank(one) for one in again]]  # 无 and NA are no ids
    if again.empty:
        return []
    at = again.index.to_numpy()
    parts = {"id": again.to_numpy(), "lon": where["lon"][at], "lat": where["lat"][at]}
    if "name" in roles:
        names = cells.column(roles["name"])
        parts["name"] = [names[i] for i in at]
    frame = pd.DataFrame(parts)
    firms = frame["id"].nunique()
    differ = frame.drop_duplicates()["id"].duplicated(keep=False)
    odd = int(frame.drop_duplicates()["id"][differ].nunique())
    numbers = np.array(cells.numbers)[at]
    zh = f"{firms} 个编号在多行出现（共 {len(at)} 行），其中 {odd} 个的名称或坐标不一致：第 {listed(numbers)} 行"
    en = f"{firms} ids stand in several rows ({len(at)} in all); {odd} of them with other names or places"
    fix = "请核对是分支机构还是重复登记", "Check whether they are branches or one firm twice"
    return [
        _warning(
            cells,
            "W-PNT-11",
            (zh, en),
            fix,
            row=numbers[0],
            column=roles["id"],
            value=str(again.iloc[0]),
        )
    ]


def _id_key(text: str) -> str:
    """
    Return an id as it is compared: half-width, upper case, without blanks.

    Examples
    --------
    >>> _id_key("９１310114ma1gt00001")
    '91310114MA1GT00001'
    """
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).upper()


def _piles(
    cells: Cells, numbers: NDArray[np.int64], kept: NDArray[np.bool_], where: Mapping[str, Any]
) -> list[Finding]:
    """Return a warning for each of the largest piles of points at one place."""
    at = np.flatnonzero(kept)
    if len(at) < PILE:
        return []
    frame = pd.DataFrame({"lon": where["lon"][at], "lat": where["lat"][at]})
    sizes = frame.groupby(["lon", "lat"], sort=False).size()
    piles = sizes[sizes >= PILE].sort_values(ascending=False, kind="stable")
    findings = []
    for place, size in piles.iloc[:_SHOWN].items():
        lon, lat = np.asarray(place, dtype="float64").tolist()
        first = at[((frame["lon"] == lon) & (frame["lat"] == lat)).to_numpy().argmax()]
        zh = f"{size} 行在同一点，可能是地址解析的默认点（共 {len(piles)} 处这样的点）"
        en = f"{size} rows at one and the same point: perhaps a geocoder's default ({len(piles)} such points)"
        fix = "请核对这些企业的地址", "Check the addresses of these firms"
        value = f"{lon:.6f}, {lat:.6f}"
        findings.append(_warning(cells, "W-PNT-12", (zh, en), fix, row=numbers[first], value=value))
    return findings


def _dates(
    cells: Cells, heading: str, numbers: NDArray[np.int64], kept: NDArray[np.bool_]
) -> list[Finding]:
    """Return a warning about dates in a column of names or codes."""
    if any(word in heading.casefold() for word in _DATED):
        return []
    texts = cells.column(heading)
    different = set(texts)
    dated = {text for text in different if "0" <= text[:1] <= "9" and _DATE.fullmatch(text)}
    if not dated:
        return []
    rows = numbers[kept & np.fromiter((t in dated for t in texts), bool, len(texts))]
    if not len(rows):
        return []
    zh = f"{len(rows)} 个单元格像是被表格软件改成了日期：第 {listed(rows)} 行"
    en = f"{len(rows)} cells look like dates made by a spreadsheet program"
    fix = "请把该列设为文本后重新填写", "Make the column text and enter it again"
    value = min(dated)
    return [_warning(cells, "W-PNT-13", (zh, en), fix, row=rows[0], column=heading, value=value)]


def _warning(
    cells: Cells, code: str, said: tuple[str, str], fix: tuple[str, str], **more: Any
) -> Finding:
    more = {"severity": "warning", "doubt": True, **cells.spot, **more, "row": int(more["row"])}
    return Finding(code, said[0], fix[0], said[1], fix[1], **more)
