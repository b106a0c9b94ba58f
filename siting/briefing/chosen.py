"""A layout in words and tables: what it comes to, what each site serves, how firm each is."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from siting.briefing.story import Block, Table
from siting.layout.labels import number
from siting.schema import Lang
from siting.study.asked import Answer

ZONES = "assign_zones"
_KINDS = {
    "core": ("核心", "core"),
    "swing": ("摇摆", "swing"),
    "never": ("从不入选", "never"),
    "fixed": ("固定", "fixed"),
    "forbidden": ("不许", "not allowed"),
    "unknown": ("未判定", "unknown"),
}
_AIMS = {
    "p_median": ("加权距离之和", "Sum of weight x distance"),
    "max_coverage": ("服务到的需求", "Demand covered"),
    "set_coverage": ("点数", "Sites"),
    "p_center": ("最远的距离", "Farthest distance"),
    ZONES: ("总分", "Total score"),
}


def reading(answer: Answer, lang: Lang) -> str:
    """Return in words what the layout comes to, how sure that is, and whether others are as good."""
    zh = lang == "zh"
    layout = answer.layout
    aim = _AIMS[layout.model][not zh]
    count = len(layout.sites)
    head = (
        f"选定 {count} 个，{aim} {number(layout.objective)}"
        if zh
        else f"{count} chosen. {aim}: {number(layout.objective)}"
    )
    parts = [head, _proof(answer, lang), _tie(answer, lang)]
    return ("；" if zh else "; ").join(part for part in parts if part) + ("。" if zh else ".")


def _proof(answer: Answer, lang: Lang) -> str:
    zh = lang == "zh"
    layout = answer.layout
    if layout.status == "optimal":
        return "已证明最优" if zh else "proven optimal"
    if not isfinite(layout.gap):
        return "时间用完前找到的最好方案，差距未知" if zh else "the best found in time, gap unknown"
    gap = f"{100 * layout.gap:.2g}"
    return (
        f"时间用完前找到的最好方案，与最优的差距不超过 {gap}%"
        if zh
        else f"the best found in time, within {gap} % of the optimum"
    )


def _tie(answer: Answer, lang: Lang) -> str:
    zh = lang == "zh"
    tie = answer.layout.tie
    if tie.unique is None:
        return "未查是否有并列的最优" if zh else "whether others are as good was not looked at"
    if tie.unique:
        return "没有同样好的其他方案" if zh else "no other choice is as good"
    rule = ("，" if zh else ": ") + word(tie.rule, lang) if tie.broken else ""
    return f"有同样好的其他方案{rule}" if zh else f"others are as good{rule}"


def sites_table(answer: Answer, lang: Lang) -> pd.DataFrame:
    """Return one row per chosen site: for zones place, cluster and score; else what each site serves."""
    zh = lang == "zh"
    layout, question = answer.layout, answer.question
    called = names(answer, lang)
    made: list[tuple[object, ...]] = []
    if layout.model == ZONES:
        scores: Any = question.table
        made += [(called(p), called(c), float(scores.loc[p, c])) for p, c in layout.sites]
        return pd.DataFrame(
            made, columns=["地区", "集群", "得分"] if zh else ["Place", "Cluster", "Score"]
        )
    served = _served_table(answer)
    for site in (*layout.sites, *layout.existing):
        mine = served[(served["site"] == site) & served["served"]]
        old = site in layout.existing
        state = ("已有" if zh else "existing") if old else ("选定" if zh else "chosen")
        far = float(mine["distance"].max()) if len(mine) else np.nan
        made.append((called(site), state, len(mine), float(mine["weight"].sum()), far))
    heads = (
        ("点", "状态", "服务的需求点数", "服务的需求量", "最远距离")
        if zh
        else ("Site", "State", "Demand points served", "Demand served", "Farthest")
    )
    return pd.DataFrame(made, columns=list(heads))


def _served_table(answer: Answer) -> pd.DataFrame:
    """Return by demand its site, the distance, whether it is served, and its weight."""
    layout, question = answer.layout, answer.question
    weights = question.options.get("weights") or {}
    distance: Any = question.table
    rows = []
    for (one, site), reached in zip(layout.assignment.items(), layout.served, strict=True):
        known = site is not None and not pd.isna(site)
        far = float(distance.loc[one, site]) if known else np.nan
        rows.append(
            (
                one,
                site if known else None,
                far,
                bool(reached),
                float(weights.get(one, 1.0)),
            )
        )
    return pd.DataFrame(rows, columns=["demand", "site", "distance", "served", "weight"])


def served_blocks(answer: Answer, lang: Lang) -> list[Block]:
    """Return the table of demand and the site that serves it; zones serve none."""
    if answer.layout.model == ZONES:
        return []
    zh = lang == "zh"
    called = names(answer, lang)
    rows = _served_table(answer)
    heads = (
        ("需求点", "选点", "距离", "是否服务到", "需求量")
        if zh
        else ("Demand", "Site", "Distance", "Served", "Weight")
    )
    shown = pd.DataFrame(
        {
            heads[0]: [called(one) for one in rows["demand"]],
            heads[1]: ["" if one is None else called(one) for one in rows["site"]],
            heads[2]: rows["distance"],
            heads[3]: [
                ("是" if zh else "yes") if one else ("否" if zh else "no") for one in rows["served"]
            ],
            heads[4]: rows["weight"],
        }
    )
    return [Table("layout_served", shown, "page" if len(shown) <= 60 else "folded")]


def firmness_blocks(answer: Answer, lang: Lang) -> list[Block]:
    """Return the table of how firm each candidate is, where that was looked at."""
    if answer.firmness is None:
        return []
    zh = lang == "zh"
    called = names(answer, lang)
    rows = answer.firmness[answer.firmness["kind"] != "forbidden"]
    loss = [float(x) if isfinite(x) else np.nan for x in rows["loss"]]
    heads = (
        ("点", "入选", "稳固", "换掉或换上的代价")
        if zh
        else ("Site", "Chosen", "Firm", "Cost of leaving out or taking in")
    )
    values = (
        [
            "·".join(map(called, one)) if isinstance(one, tuple) else called(one)
            for one in rows.index
        ],
        ["●" if one else "" for one in rows["chosen"]],
        [_KINDS[str(one)][not zh] for one in rows["kind"]],
        loss,
    )
    return [Table("layout_firmness", pd.DataFrame(dict(zip(heads, values, strict=True))), "folded")]


def names(answer: Answer, lang: Lang) -> Callable[[object], str]:
    """Return what each id is called."""
    called = answer.question.names
    known = {} if called is None else called[f"name_{lang}"].to_dict()
    return lambda label: str(known.get(str(label), label))


def word(one: Any, lang: Lang) -> str:
    """Return words of a layout in one language."""
    return str(one) if lang == "zh" else str(getattr(one, "en", one))
