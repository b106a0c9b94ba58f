"""The words that an interactive map needs besides those of every map, in Chinese and in English."""

from __future__ import annotations

from siting.cartography import WORDS, filled
from siting.schema import Lang

_WORDS: dict[str, tuple[str, str]] = {
    **WORDS,
    "map": ("地图", "Map"),
    "cluster_layers": ("集群图层（可勾选）", "Cluster layers (tick to show)"),
    "open_list": ("名单未穷尽（等）", "open list"),
    "as_written": ("原文写作“{name}”", "written as “{name}”"),
    "fields": ("领域：", "Fields: "),
    "count_line": ("列入 {count} 个集群", "In {count} clusters"),
    "count_one": ("列入 1 个集群", "In 1 cluster"),
    "count_none": ("未列入任何集群", "In no cluster of this plan"),
    "zone_point": ("示意点位，非法定范围", "approximate point, not a legal boundary"),
    "inset": ("中心城区放大", "Centre enlarged"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "dots_rule": (
        "每点一行；视野内超过 2 万点时改为网格；括号内为点数",
        "One dot per row; above 20,000 in view a grid; points in brackets",
    ),
    "grid": ("网格：每格点数", "Grid: points per cell"),
    "grid_rule": (
        "每格约 {size} 见方；级限取自 1、2、5、10、20……，随视野而变",
        "Cells of about {size} by {size}; classes end at numbers of the series 1, 2, 5, 10, 20, ...",
    ),
    "dots": ("点", "Points"),
    "no_kind": ("未分类", "no category"),
    "m": ("米", "m"),
    "km": ("千米", "km"),
    "swipe": ("左右滑动对比", "Slide to compare"),
    "served_by": ("由{site}服务", "served by {site}"),
    "away": ("距离 {distance} 公里", "{distance} km away"),
    "search": ("查找地区：名称或代码", "Find a place: name or code"),
    "search_zones": ("查找地区或先导区", "Find a place or a zone"),
    "search_points": ("查找地区或点的名称", "Find a place or a point"),
    "search_crowd": ("查找地区（点太多，不含点名）", "Find a place (too many points to search)"),
    "not_found": ("没有找到", "not found"),
    "picked": ("选中的地区", "Chosen place"),
    "pick": ("点击图上的地区，可看它的内容", "Click a place on the map to see its facts here"),
    "full_screen": ("全屏", "Full screen"),
    "close": ("关闭", "Close"),
    "panel": ("图例与说明", "Legend and notes"),
    "no_script": (
        "此图需要浏览器运行页内脚本；页面不访问任何网络",
        "This map needs the script inside the page; the page uses no network",
    ),
}


def word(key: str, lang: Lang, **parts: object) -> str:
    """
    Return the words for `key`, with `parts` put in as they are.

    Examples
    --------
    >>> word("zoom_in", "zh"), word("clause", "en", clause="二（一）")
    ('放大', 'clause 二（一）')
    """
    return filled(_WORDS, key, lang, parts)
