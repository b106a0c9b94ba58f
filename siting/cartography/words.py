"""The words that every map needs besides its data, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from siting.schema import Lang

WORDS: dict[str, tuple[str, str]] = {
    "plan_title": ("{title}：集群布局示意图", "Where the plan puts its clusters: sketch map"),
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
    "clusters": ("集群", "Clusters"),
    "cluster_places": ("{count} 地", "{count} places"),
    "cluster_open": ("{count} 地（等）", "{count} places, open list"),
    "counted": ("{text}（{count}）", "{text} ({count})"),
    "open_note": (
        "原文以“等”收尾的名单未穷尽，图上只示出点名的地区",
        "The plan's lists are open ('and others'): only the places it names are shown",
    ),
    "joint": ("、", ", "),
    "pause": ("；", "; "),
    "zones": (
        "先导区（示意点位，非法定范围）",
        "Leading zones (approximate points, no boundaries)",
    ),
    "zone_lost": ("{name}：未标位置", "{name}: no position given"),
    "clause": ("条款 {clause}", "clause {clause}"),
    "value_rule": (
        "分级：{scheme}，{count} 级；各级为实际值域（界值向外舍入），括号内为地区数",
        "Classes: {scheme}, {count}; range found in each (rounded outwards), places in brackets",
    ),
    "neutral_rule": (
        "；以 {neutral} 分界，等于 {neutral} 的归较低一级",
        "; split at {neutral}, itself in the lower class",
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
    "sources": ("资料来源：{sources}", "Sources: {sources}"),
    "numbers": ("数据：{sources}", "Figures: {sources}"),
    "no_source": ("未注明", "not stated"),
    "generalised": ("边界经概化，仅为示意", "Boundaries are generalised and only indicative"),
    "review": ("审图号：________________", "Map review no. (审图号): ________________"),
    "internal": (
        "仅供内部研究，未经审核不得公开",
        "For internal research only; not to be published without review",
    ),
    "north": ("北", "N"),
    "layout_title": ("先导区布局", "Layout of leading zones"),
    "zone_count": ("各地先导区个数", "Zones per place"),
    "zone_rule": (
        "分级：每级为一个先导区个数，括号内为地区数",
        "Classes: one per number of zones, places in brackets",
    ),
    "zone_rule_points": (
        "分级：每级为一个先导区个数（含点位），括号内为地区数；每个先导区一个符号：圆或点位",
        "Classes: one per number of zones, points included, places in brackets; one mark a zone: circle or point",
    ),
    "zone_rule_named": (
        "分级：每级为一个先导区个数（含点名的先导区），括号内为地区数；每个先导区一个符号：圆或菱形",
        "Classes: one per number of zones, named ones included, places in brackets; one mark a zone: circle or diamond",
    ),
    "named_layer": (
        "文件点名的先导区（固定，示意点位）",
        "Zones that the document names (fixed, approximate points)",
    ),
    "zone_lead": ("{name}（{sign}）", "{name} ({sign})"),
    "zones_here": ("{count} 个先导区", "zones: {count}"),
    "site_layer": ("选中的先导区（点位）", "Chosen zones (points)"),
    "core": ("核心：接近最优的方案全都选它", "core: in all near-best layouts"),
    "swing": (
        "摇摆：接近最优的方案中 {share}% 选它",
        "swing: in {share}% of the near-best layouts",
    ),
    "mark_core": ("核心：接近最优的方案全都选它", "Core: in all near-best layouts"),
    "mark_swing": ("摇摆：接近最优的方案不全选它", "Swing: in some of the near-best layouts"),
    "mark_existing": ("已建成", "There already"),
    "swing_note": (
        "空心的集群符号为摇摆：接近最优的方案不全把先导区设在那里；实心的为核心",
        "Hollow cluster signs are swing: not all near-best layouts have the zone there; full ones are core",
    ),
    "site_chosen": ("选为先导区", "chosen"),
    "served": ("由先导区服务", "served"),
    "unserved": ("未被服务", "not served"),
    "outside": ("不在本次布局范围", "outside this layout"),
    "demand_here": ("需求 {demand}", "demand {demand}"),
    "demand_part": ("需求 {demand}（{share}%）", "demand {demand} ({share}%)"),
    "demand_note": ("地名下的数为需求", "Numbers below the names are demand"),
    "reach_note": ("圆圈：{radius} 公里服务半径", "Circles: reach of {radius} km"),
    "link_note": (
        "直线连接各地与服务它的先导区",
        "Lines lead from a place to the zone that serves it",
    ),
    "service": ("服务情况", "What is served"),
    "proven": ("已证明最优", "Proven optimal"),
    "gap": ("可行方案，与最优的差距不超过 {gap}%", "Feasible, within {gap}% of the optimum"),
}


def filled(
    words: Mapping[str, tuple[str, str]], key: str, lang: Lang, parts: Mapping[str, object]
) -> str:
    """
    Return the words for `key` out of a table of Chinese and English, with `parts` put in as they are.

    Examples
    --------
    >>> filled({"size": ("{n} 个", "{n}")}, "size", "zh", {"n": 3})
    '3 个'
    """
    # in one pass: a part that looks like a place for another part is only text
    text = words[key][lang == "en"]
    return re.sub(r"\{(\w+)\}", lambda found: str(parts[found.group(1)]), text)


def word(key: str, lang: Lang, **parts: object) -> str:
    """
    Return the words for `key` that every map has.

    Examples
    --------
    >>> word("stack_class", "zh", count=3), word("clause", "en", clause="二（一）")
    ('3 个', 'clause 二（一）')
    """
    return filled(WORDS, key, lang, parts)
