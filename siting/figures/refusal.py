"""What figures refuse, as findings in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import pandas as pd

from siting.errors import Finding, Findings, stop


def wrong(
    code: str, column: str, value: Any, reason: tuple[str, str], fix: tuple[str, str]
) -> Finding:
    """Return a finding; `reason` and `fix` are Chinese and English."""
    return Finding(
        code=code,
        column=column,
        value=str(value),
        reason=reason[0],
        reason_en=reason[1],
        fix=fix[0],
        fix_en=fix[1],
    )


def unknown_places(keys: Iterable[Any], places: pd.DataFrame, what: str) -> Findings:
    """Return a finding for each of `keys` that no place has."""
    return Findings(
        Finding(
            code="E-FIG-05",
            sheet=what,
            column="place_id",
            value=str(key),
            reason="要画的地区里没有这个代码",
            reason_en="none of the places to draw has this code",
            fix="请核对代码、层级与区划年份，或补上这个地区",
            fix_en="Check code, level and vintage, or add the place",
        )
        for key in dict.fromkeys(keys)
        if key not in places.index
    )


def nothing(what: str) -> NoReturn:
    """Stop because there is nothing to draw."""
    stop(
        code="E-FIG-12",
        sheet=what,
        reason="没有可画的数据",
        reason_en="there is nothing to draw",
        fix="请给出至少一行，其中的数须为有限数",
        fix_en="Give at least one row whose numbers are finite",
    )


def too_many(count: int, most: int) -> NoReturn:
    """Stop because a page has not enough room for all rows."""
    stop(
        code="E-FIG-11",
        value=str(count),
        reason=f"行数太多，一页放不下（最多约 {most} 行）",
        reason_en=f"more rows than a page has room for (about {most})",
        fix="请合并，或分几张图",
        fix_en="Merge some, or draw several figures",
    )
