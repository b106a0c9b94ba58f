"""The words that a print figure needs besides its data, in Chinese and in English."""

from __future__ import annotations

import re

from siting.schema import Lang

_WORDS: dict[str, tuple[str, str]] = {
    "sketch": ("示意图", "sketch map"),
    "plan_title": ("{title}·集群布局示意图", "Where the plan puts its clusters: sketch map"),
    "panels_title": ("{title}·分集群布局示意图", "The plan cluster by cluster: sketch maps"),
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
    "no_places": ("规划未点名任何地区", "The plan names no place"),
    "not_listed": ("该集群未点名", "Not named for the cluster"),
    "listed": ("该集群点名的地区", "Named for the cluster"),
    "how_to_read": ("读图", "How to read"),
    "panel_rule": (
        "每幅一个集群，比例尺相同，颜色与其他各图一致；着色的是规划点名的地区，图下列出",
        "One map per cluster, all of one scale, in its colour on every other figure; filled places are the ones the plan names, listed below",
    ),
    "counted": ("{text}（{count}）", "{text} ({count})"),
    "joint": ("、", ", "),
    "pause": ("；", "; "),
    "open_note": (
        "原文以“等”收尾的名单未穷尽，图上只示出点名的地区",
        "The plan's lists are open ('and others'): only the places it names are shown",
    ),
    "zones": (
        "先导区（示意点位，非法定范围）",
        "Leading zones (approximate points, no boundaries)",
    ),
    "zone_lost": ("{name}：未标位置", "{name}: no position given"),
    "unlabelled": ("图上放不下的地名：{names}", "Names that found no room on the map: {names}"),
    "clause": ("条款 {clause}", "clause {clause}"),
    "value_rule": (
        "分级：{scheme}，{count} 级；各级为实际值域，括号内为地区数",
        "Classes: {scheme}, {count}; observed range of each, places in brackets",
    ),
    "category_rule": (
        "每类一色，颜色没有高低之分，括号内为地区数",
        "One colour per category, in no order; places in brackets",
    ),
    "layout_title": ("先导区布局", "Layout of leading zones"),
    "zone_count": ("各地先导区个数", "Zones per place"),
    "zone_rule": (
        "分级：每级为一个先导区个数，括号内为地区数",
        "Classes: one per number of zones, places in brackets",
    ),
    "zones_here": ("{count} 个先导区", "zones: {count}"),
    "lead": ("主导集群", "Lead cluster"),
    "core_of": ("其中核心 {count} 个", "core: {count}"),
    "proven": ("已证明最优", "Proven optimal"),
    "gap": ("可行方案，与最优的差距不超过 {gap}%", "Feasible, within {gap}% of the optimum"),
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
    "enlarged": ("放大（图中方框）", "Enlarged (box on the map)"),
    "whereabouts": ("{name}在上海市的位置", "Where {name} lies in Shanghai"),
    "matrix_cluster": ("集群两两重叠", "What each two clusters share"),
    "matrix_field": ("领域两两重叠", "What each two fields share"),
    "matrix_shared": ("共有地区数", "Places shared"),
    "matrix_rule": (
        "左下：共有的数量（分级：{scheme}）；右上：杰卡德系数，q 为 FDR 校正的随机检验值",
        "Lower left: what the two share ({scheme}); upper right: Jaccard index, and q, the chance of as much after FDR",
    ),
    "matrix_note": (
        "— 表示无定义（一方或双方没有地区）；q 的零假设：各自的地区数不变，地区随机",
        "— means undefined (one or both have no place); q assumes that each keeps its number of places, placed at random",
    ),
    "upset_cluster": ("集群组合与地区", "Combinations of clusters, and the places that have them"),
    "upset_field": ("领域组合与地区", "Combinations of fields, and the places that have them"),
    "upset_bars": ("恰有这一组合的地区", "Places with exactly this combination"),
    "upset_note": (
        "每行一种组合，实点为所含各列，空行为哪一列都不在；上方为各列的地区总数",
        "One row per combination, filled dots are what it holds, a row without holds none; on top, all places of each column",
    ),
    "quotient_note": (
        "横轴为对数；竖线为 1，即与全域平均相当；细线为区间",
        "Logarithmic axis; the line at 1 is the average of the whole; thin lines are intervals",
    ),
    "quotient_over": ("高于 1", "Above 1"),
    "quotient_under": ("低于 1", "Below 1"),
    "quotient_crossing": ("区间含 1", "Interval includes 1"),
    "undefined_because": ("无定义：{reason}", "Undefined: {reason}"),
    "no_reason": ("未说明原因", "no reason given"),
    "front": ("前沿方案", "On the front"),
    "dominated": ("被支配的方案", "Dominated"),
    "chosen": ("选定方案", "Chosen"),
    "less": ("{title}（越小越好）", "{title} (less is better)"),
    "more": ("{title}（越大越好）", "{title} (more is better)"),
    "front_note": (
        "前沿：没有别的方案在两个方面都不差、且至少一方面更好",
        "The front: no other option is at least as good in both and better in one",
    ),
    "not_drawn": (
        "没有有限坐标、未画出：{names}",
        "Without finite coordinates, not drawn: {names}",
    ),
    "north": ("北", "N"),
    "metres": ("{length} 米", "{length} m"),
    "kilometres": ("{length} 千米", "{length} km"),
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


def numbers_note(source: str, lang: Lang) -> list[str]:
    """Return the line that says where the numbers come from, if that is known."""
    return [word("numbers", lang, sources=source)] if source else []
