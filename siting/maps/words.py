"""The words that a map needs besides its data, in Chinese and in English."""

from __future__ import annotations

import re

from siting.schema import Lang

_WORDS: dict[str, tuple[str, str]] = {
    "map": ("地图", "Map"),
    "plan_title": ("{title} · 集群布局示意图", "Where the plan puts its clusters: sketch map"),
    "sketch": ("示意图", "sketch map"),
    "basis": ("依据：{title}", "Plan: {title}"),
    "vintage": ("区划口径：{vintage}", "Units as of {vintage}"),
    "stack": ("各地列入的集群数", "Clusters planned per place"),
    "stack_rule": (
        "分级：每级为一个集群数，括号内为地区数",
        "Classes: one per number of clusters, places in brackets",
    ),
    "stack_class": ("{count} 个", "{count}"),
    "stack_none": ("未列入任何集群", "In no cluster"),
    "clusters": ("集群图层（可勾选）", "Cluster layers (tick to show)"),
    "cluster_places": ("{count} 地", "{count} places"),
    "cluster_open": ("{count} 地（等）", "{count} places, open list"),
    "counted": ("{text}（{count}）", "{text} ({count})"),
    "open_list": ("名单未穷尽（等）", "open list"),
    "open_note": (
        "原文以“等”收尾的名单未穷尽，图上只示出点名的地区",
        "The plan's lists are open (“and others”): only the places it names are shown",
    ),
    "as_written": ("原文写作“{name}”", "written as “{name}”"),
    "fields": ("领域：", "Fields: "),
    "joint": ("、", ", "),
    "pause": ("；", "; "),
    "count_line": ("列入 {count} 个集群", "In {count} clusters"),
    "count_one": ("列入 1 个集群", "In 1 cluster"),
    "count_none": ("未列入任何集群", "In no cluster of this plan"),
    "zones": ("先导区（示意点位）", "Leading zones (approximate points)"),
    "zone_point": ("示意点位，非法定范围", "approximate point, not a legal boundary"),
    "zone_lost": ("未标位置", "no position given"),
    "clause": ("条款 {clause}", "clause {clause}"),
    "value_rule": (
        "分级：{scheme}，{count} 级；各级为实际值域，括号内为地区数",
        "Classes: {scheme}, {count}; observed range of each, places in brackets",
    ),
    "category_rule": (
        "每类一色，颜色没有高低之分，括号内为地区数",
        "One colour per category, in no order; places in brackets",
    ),
    "quantile": ("分位数", "quantiles"),
    "equal": ("等距", "equal intervals"),
    "unique": ("每值一级", "one class per value"),
    "undefined": ("无定义或无数据", "Undefined or no data"),
    "no_value": ("无数据", "no data"),
    "unit": ("单位：{unit}", "Unit: {unit}"),
    "sources": ("资料来源：{sources}", "Sources: {sources}"),
    "numbers": ("数据：{sources}", "Figures: {sources}"),
    "no_source": ("未注明", "not stated"),
    "generalised": ("边界经概化，仅为示意", "Boundaries are generalised and only indicative"),
    "review": ("审图号：________________", "Map review no. (审图号): ________________"),
    "internal": (
        "仅供内部研究，未经审核不得公开",
        "For internal research only; not to be published without review",
    ),
    "inset": ("中心城区放大", "Centre enlarged"),
    "north": ("北", "N"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "dots_rule": (
        "每点一行；视野内超过 2 万点时改为网格，颜色越深点越多；括号内为点数",
        "One dot per row; above 20,000 in view a grid, darker for more; points in brackets",
    ),
    "dots": ("点", "Points"),
    "no_kind": ("未分类", "no category"),
    "swipe": ("左右滑动对比", "Slide to compare"),
    "layout_title": ("先导区布局", "Layout of leading zones"),
    "zone_count": ("各地先导区个数", "Zones per place"),
    "zone_rule": (
        "分级：每级为一个先导区个数，括号内为地区数",
        "Classes: one per number of zones, places in brackets",
    ),
    "zones_here": ("{count} 个先导区", "zones: {count}"),
    "proven": ("已证明最优", "Proven optimal"),
    "gap": ("可行方案，与最优的差距不超过 {gap}%", "Feasible, within {gap}% of the optimum"),
    "site_layer": ("选中的先导区", "Chosen zones"),
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
    >>> word("stack_class", "zh", count=3), word("clause", "en", clause="二（一）")
    ('3 个', 'clause 二（一）')
    """
    # in one pass: a part that looks like a place for another part is only text
    text = _WORDS[key][lang == "en"]
    return re.sub(r"\{(\w+)\}", lambda found: str(parts[found.group(1)]), text)
