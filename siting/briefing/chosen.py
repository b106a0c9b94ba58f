"""A layout in words and tables: what it comes to, what each site serves, how firm each is."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from siting.briefing.story import Block, Table
from siting.layout.labels import number
from siting.scenario import Answer
from siting.schema import Lang

ZONES = "assign_zones"
_KINDS = {
    "core": ("核心", "core"),
    "swing": ("摇摆", "swing"),
    "never": ("从不入选", "never"),
    "fixed": ("固定", "fixed"),
    "forbidden": ("不许", "not allowed"),
    "unknown": ("未判定", "unknown"),
}
AIMS = {
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
    aim = AIMS[layout.model][not zh]
    count = len(layout.sites)
    head = (
        f"选定 {count} 个，{aim} {number(layout.objective)}"
        if zh
        else f"{count} chosen. {aim}: {number(layout.objective)}"
    )
    parts = [head, _proof(answer, lang), word(layout.tie.words, lang)]
    return ("；" if zh else "; ").join(part for part in parts if part) + ("。" if zh else ".")


def _proof(answer: Answer, lang: Lang) -> str:
    """Return why the search ended, and how far the layout may be from the best."""
    zh = lang == "zh"
    layout = answer.layout
    ending = word(layout.ending, lang)
    if layout.status == "optimal":
        return ending
    if not isfinite(layout.gap):
        return f"{ending}，差距未知" if zh else f"{ending}, gap unknown"
    gap = f"{100 * layout.gap:.2g}"
    return (
        f"{ending}，与最优的差距不超过 {gap}%" if zh else f"{ending}, within {gap} % of the optimum"
    )


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
