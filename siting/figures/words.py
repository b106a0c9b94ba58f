"""The words that a figure needs besides those of every map, in Chinese and in English."""

from __future__ import annotations

from siting.cartography import WORDS, filled
from siting.schema import Lang

_WORDS: dict[str, tuple[str, str]] = {
    **WORDS,
    "panels_title": ("{title}：分集群布局示意图", "The plan cluster by cluster: sketch maps"),
    "no_places": ("规划未点名任何地区", "The plan names no place"),
    "panel_rule": (
        "每幅一个集群，比例尺相同，颜色与其他各图一致；着色的是规划点名的地区，图下列出",
        "One map per cluster, all of one scale, in its colour on every other figure; filled places are the ones the plan names, listed below",
    ),
    "unlabelled": ("图上放不下的地名：{names}", "Names that found no room on the map: {names}"),
    "lead": ("主导集群", "Lead cluster"),
    "core_of": ("其中核心 {count} 个", "core: {count}"),
    "enlarged": ("放大（图中方框）", "Enlarged (box on the map)"),
    "whereabouts": ("{name}在上海市的位置", "Where {name} lies in Shanghai"),
    "matrix_cluster": ("集群两两重叠", "What each two clusters share"),
    "matrix_field": ("领域两两重叠", "What each two fields share"),
    "matrix_shared": ("共有地区数", "Places shared"),
    "matrix_rule": (
        "左下：共有的数量（分级：{scheme}）；右上：杰卡德系数（共有 ÷ 并集）和 q 值",
        "Lower left: what the two share ({scheme}); upper right: Jaccard index (shared / union) and q",
    ),
    "matrix_note": (
        "q：各自的地区数不变、地区随机抽取时，共有数不少于实际的概率，已按组合数校正（FDR）；越小越不像巧合。— 表示无定义（一方或双方没有地区）",
        "q: probability of sharing at least so many places if each kept its number of places, drawn at random, corrected for the number of pairs (FDR); the smaller, the less like chance. — means undefined (one or both have no place)",
    ),
    "upset_cluster": ("集群组合与地区", "Combinations of clusters, and the places that have them"),
    "upset_field": ("领域组合与地区", "Combinations of fields, and the places that have them"),
    "upset_bars": ("恰有这一组合的地区", "Places with exactly this combination"),
    "upset_note": (
        "每行一种组合，实点为所含各列，空行为哪一列都不在；上方为各列的地区总数",
        "One row per combination, filled dots are what it holds, a row without holds none; on top, all places of each column",
    ),
    "quotient_note": (
        "横轴为对数；竖线为 1，即与全域平均相当",
        "Logarithmic axis; the line at 1 is the average of the whole",
    ),
    "quotient_interval": ("细线为区间", "Thin lines are intervals"),
    "quotient_over": ("高于 1", "Above 1"),
    "quotient_under": ("低于 1", "Below 1"),
    "quotient_crossing": ("区间含 1", "Interval includes 1"),
    "undefined_because": ("无定义：{reason}", "Undefined: {reason}"),
    "no_reason": ("未说明原因", "no reason given"),
    "front": ("前沿方案", "On the front"),
    "dominated": ("被支配的方案", "Dominated"),
    "chosen": ("选定方案", "Chosen"),
    "scenarios_title": ("先导区布局：情景对照", "Layouts of leading zones, scenario by scenario"),
    "only_here": ("只在此情景：{sites}", "Only in this scenario: {sites}"),
    "none": ("无", "none"),
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
    "metres": ("{length} 米", "{length} m"),
    "kilometres": ("{length} 千米", "{length} km"),
}


def word(key: str, lang: Lang, **parts: object) -> str:
    """
    Return the words for `key`, with `parts` put in as they are.

    Examples
    --------
    >>> word("front", "zh"), word("clause", "en", clause="二（一）")
    ('前沿方案', 'clause 二（一）')
    """
    return filled(_WORDS, key, lang, parts)


def numbers_note(source: str, lang: Lang) -> list[str]:
    """Return the line that says where the numbers come from, if that is known."""
    return [word("numbers", lang, sources=source)] if source else []
