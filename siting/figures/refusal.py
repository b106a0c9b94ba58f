"""What a figure refuses because there is nothing on it, or too much."""

from __future__ import annotations

from typing import NoReturn

from siting.errors import stop


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
