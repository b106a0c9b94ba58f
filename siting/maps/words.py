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
        "每点一行；视野内超过 2 万点时改为网格，颜色越深点越多；括号内为点数",
        "One dot per row; above 20,000 in view a grid, darker for more; points in brackets",
    ),
    "dots": ("点", "Points"),
    "no_kind": ("未分类", "no category"),
    "swipe": ("左右滑动对比", "Slide to compare"),
    "site_chosen": ("选为先导区", "chosen"),
    "served": ("由先导区服务", "served"),
    "unserved": ("未被服务", "not served"),
    "outside": ("不在本次布局范围", "outside this layout"),
    "served_by": ("由{site}服务", "served by {site}"),
    "away": ("距离 {distance} 公里", "{distance} km away"),
    "demand_here": ("需求 {demand}", "demand {demand}"),
    "reach_note": ("圆圈：{radius} 公里服务半径", "Circles: reach of {radius} km"),
    "core": ("核心：接近最优的方案全都选它", "core: in all near-best layouts"),
    "swing": (
        "摇摆：接近最优的方案中 {share}% 选它",
        "swing: in {share}% of the near-best layouts",
    ),
    "search": ("查找地区", "Find a place"),
    "search_points": ("查找地区或点的名称", "Find a place or a point"),
    "not_found": ("没有找到", "not found"),
    "picked": ("选中的地区", "Chosen place"),
    "pick": ("点击图上的地区，这里显示它的内容", "Click a place on the map to keep its facts here"),
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
