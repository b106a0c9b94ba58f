"""What maps and figures refuse, as findings in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from siting.errors import Finding, Findings


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


def unknown_places(keys: Iterable[Any], known: pd.Index, what: str) -> Findings:
    """
    Return a finding for each of `keys` that is not `known`; `what` is the table that names them.

    Examples
    --------
    >>> [one.value for one in unknown_places(["a", "x", "x"], pd.Index(["a"]), "values")]
    ['x']
    """
    return Findings(
        Finding(
            code="E-MAP-03",
            sheet=what,
            column="place_id",
            value=str(key),
            reason="要画的地区里没有这个代码",
            reason_en="none of the places to draw has this code",
            fix="请核对代码、层级与区划年份，或补上这个地区",
            fix_en="Check code, level and vintage, or add the place",
        )
        for key in dict.fromkeys(keys)
        if key not in known
    )
