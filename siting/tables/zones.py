"""Leading zones for people: the layout, how firm it is, what changes it, and what adding up would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from siting.errors import InfeasibleLayoutError
from siting.schema import Lang, check_lang, label
from siting.tables.words import joined, names

if TYPE_CHECKING:
    from siting.study import ZoneCase, ZoneStudy

_KINDS = {
    "core": ("核心", "core"),
    "swing": ("摇摆", "swing"),
    "never": ("从不入选", "never"),
    "fixed": ("固定", "fixed"),
    "named": ("固定，集群可换", "fixed, cluster may change"),
    "forbidden": ("不许", "not allowed"),
    "unknown": ("未判定", "unknown"),
}
_PARTS = {
    "jobs": ("就业", "Jobs"),
    "evidence": ("就业证据", "Evidence"),
    "land": ("土地", "Land"),
}


def layout_table(study: ZoneStudy, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return one row per zone: place, lead cluster, score and its parts, how firm, what doing without costs."""
    zh = check_lang(lang) == "zh"
    case, made = study.case, study.case.suitability
    chosen = [tuple(site) for site in study.layout.sites]
    worth = study.sites.loc[chosen]
    table = _pairs(case, chosen, lang)
    table["得分" if zh else "Score"] = [float(made.score.loc[one]) for one in chosen]
    for column in made.parts.columns:
        head = _PARTS.get(str(column), (str(column), str(column)))[not zh]
        table[f"其中：{head}" if zh else f"of it: {head}"] = [
            float(made.parts.loc[one, column]) for one in chosen
        ]
    table["稳固" if zh else "Firm"] = _firm(study, chosen, lang)
    table["近优方案中的频率" if zh else "Share of near-best layouts"] = _frequency(study, chosen)
    table["替换代价" if zh else "Replacement cost"] = _losses(worth)
    table[label("clause", lang)] = [
        # what names the place comes before what puts the cluster there
        joined(
            filter(None, (case.candidates.loc[p, "clause"], case.clusters.loc[c, "clause"])), lang
        )
        for p, c in chosen
    ]
    return table


def firmness_table(study: ZoneStudy, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return every pair that the plan allows: chosen or not, core, swing or never, and what it costs."""
    zh = check_lang(lang) == "zh"
    rows = study.sites[study.sites["kind"] != "forbidden"].sort_values(
        ["chosen", "loss_share"], ascending=[False, True], kind="stable"
    )
    pairs = [tuple(one) for one in rows.index]
    table = _pairs(study.case, pairs, lang)
    table["入选" if zh else "Chosen"] = ["●" if one else "" for one in rows["chosen"]]
    table["稳固" if zh else "Firm"] = _firm(study, pairs, lang)
    table["近优方案中的频率" if zh else "Share of near-best layouts"] = _frequency(study, pairs)
    table["换掉或换上的代价" if zh else "Cost of leaving out or taking in"] = _losses(rows)
    return table


def scenario_table(study: ZoneStudy, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return one row per scenario: what it comes to, and which zones come and go; or why it cannot be."""
    zh = check_lang(lang) == "zh"
    base = [tuple(site) for site in study.layout.sites]
    rows: list[tuple[str, str, float, float, str, str]] = []
    for said, found in study.scenarios.items():
        head = said[not zh]
        if isinstance(found, InfeasibleLayoutError):
            clash = joined([_words(one, lang) for one in found.conflict], lang)
            change = joined([str(one) if zh else _change(one) for one in found.relaxation], lang)
            rows.append((head, "无解" if zh else "impossible", np.nan, np.nan, clash, change))
            continue
        now = [tuple(site) for site in found.sites]
        come = _listed(study.case, [one for one in now if one not in base], lang)
        gone = _listed(study.case, [one for one in base if one not in now], lang)
        status = (
            ("已证明最优", "proven optimal") if found.status == "optimal" else ("可行", "feasible")
        )
        rows.append((head, status[not zh], len(now), found.objective, come, gone))
    heads = (
        ("情景", "结果", "个数", "总分", "新增（或冲突）", "减少（或最小改动）")
        if zh
        else ("Scenario", "Result", "Zones", "Total", "Gained (or clash)", "Lost (or least change)")
    )
    return pd.DataFrame(rows, columns=list(heads)).astype(dict.fromkeys(heads[2:4], "float64"))


def regret_table(study: ZoneStudy, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return what each scenario's layout loses if another comes true [share of the best], worst last."""
    zh = check_lang(lang) == "zh"
    head = "按哪种看法布局" if zh else "Layout made for"
    if study.regret is None:
        return pd.DataFrame(columns=[head])
    called = {said[0]: said[not zh] for said in study.scenarios}
    table = study.regret.regret.rename(index=called, columns=called)
    table["最坏" if zh else "Worst"] = study.regret.worst.to_numpy()
    return table.rename_axis(head).reset_index()


def front_table(study: ZoneStudy, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return the layouts that no other beats in both aims."""
    zh = check_lang(lang) == "zh"
    kind = study.case.kind[not zh]
    heads = ("总分", "第二目标", kind) if zh else ("Total", "Second aim", kind.capitalize())
    if study.front is None:
        return pd.DataFrame(columns=list(heads))
    points = study.front.points
    listed = [_listed(study.case, [tuple(one) for one in sites], lang) for sites in points["sites"]]
    return pd.DataFrame(
        dict(zip(heads, (points["objective"], points["score"], listed), strict=True))
    )


def assumption_table(study: ZoneStudy, *, lang: Lang = "zh") -> pd.DataFrame:
    """Return what the documents do not give, a row each."""
    zh = check_lang(lang) == "zh"
    said = [one[not zh] for one in study.case.assumptions]
    return pd.DataFrame({"假设" if zh else "Assumption": said}, dtype="object")


def layout_reading(study: ZoneStudy, *, lang: Lang = "zh") -> str:
    """Return in words how good and how sure the layout is, and what it rests on."""
    zh = check_lang(lang) == "zh"
    layout, near = study.layout, study.near
    chosen = [tuple(site) for site in layout.sites]
    counts = _counts(study, chosen)
    listed = f"{near.count:,}"
    if not near.complete:
        listed = f"至少 {listed}" if zh else f"at least {listed}"
    share, kind = f"{100 * study.within:g}%", study.case.kind[not zh]
    if zh:
        proof = (
            "已证明最优"
            if layout.status == "optimal"
            else f"与最优的差距不超过 {100 * layout.gap:.2g}%"
        )
        tie = "（另有总分相同的方案，取编号最小的一组）" if layout.tie.unique is False else ""
        fixed = (
            f"，{counts['fixed']} 个的位置按规划固定（其中 {counts['open']} 个的主导集群可以换）"
        )
        return (
            f"{study.case.title[0]}：总分 {layout.objective:.3f}，{proof}{tie}。总分比它低 {share} 以内的方案"
            f"连同它共 {listed} 个：本方案的{kind}中，{counts['core']} 个每个方案都选（核心），"
            f"{counts['swing']} 个可以换成别的（摇摆）{fixed if counts['fixed'] else ''}。"
        )
    proof = (
        "proven optimal"
        if layout.status == "optimal"
        else f"within {100 * layout.gap:.2g} % of the best"
    )
    tie = (
        " (others reach the same total; the smallest ids are taken)"
        if layout.tie.unique is False
        else ""
    )
    fixed = (
        f", {counts['fixed']} are fixed in place by the plan ({counts['open']} of them could take "
        "another lead cluster)"
    )
    return (
        f"{study.case.title[1]}: total {layout.objective:.3f}, {proof}{tie}. Layouts within {share} of "
        f"that total, this one included: {listed}. Of its {kind}, {counts['core']} are in all of them "
        f"(core), {counts['swing']} can be exchanged (swing){fixed if counts['fixed'] else ''}."
    )


def layout_answer(study: ZoneStudy, *, lang: Lang = "zh") -> str:
    """Return in a sentence how many zones there are and how firm they are."""
    counts = _counts(study, [tuple(site) for site in study.layout.sites])
    words = {
        "core": ("{} 个为核心", "{} core"),
        "swing": ("{} 个可以互换", "{} that can be exchanged"),
        "fixed": ("{} 个位置固定", "{} fixed"),
    }
    en = check_lang(lang) == "en"
    said = joined([words[one][en].format(counts[one]) for one in words if counts[one]], lang)
    title = study.case.title[en]
    return f"{title[0].upper()}{title[1:]}: {said}." if en else f"{title}：{said}。"


def _counts(study: ZoneStudy, chosen: list[Any]) -> dict[str, int]:
    """Return how many zones are core, swing and fixed; a fixed place may still change its cluster."""
    kinds = _firmness(study, chosen)
    return {
        "core": kinds.count("core"),
        "swing": kinds.count("swing"),
        "fixed": kinds.count("fixed") + kinds.count("named"),
        "open": kinds.count("named"),
    }


def _firmness(study: ZoneStudy, pairs: list[Any]) -> list[str]:
    """Return how firm pairs are; a chosen place that is asked for is fixed, its cluster perhaps not."""
    asked = set(study.case.options.get("fixed", ()))
    rows = study.sites.loc[pairs]
    found = []
    for pair, kind, chosen in zip(pairs, rows["kind"], rows["chosen"], strict=True):
        is_asked = chosen and (pair in asked or pair[0] in asked)
        found.append(("named" if kind == "swing" else "fixed") if is_asked else str(kind))
    return found


def _firm(study: ZoneStudy, pairs: list[Any], lang: Lang) -> list[str]:
    return [_KINDS[one][lang == "en"] for one in _firmness(study, pairs)]


def adding_reading(study: ZoneStudy, *, lang: Lang = "zh") -> str:
    """Return in words why one optimises instead of adding up scores."""
    zh = check_lang(lang) == "zh"
    added, layout = study.added, study.layout
    broken = ("；" if zh else "; ").join(one[not zh] for one in added.broken)
    if not added.broken:
        return (
            "按得分从高到低取，恰好满足全部条件，与优化结果相同。"
            if zh
            else "Taking the highest scores happens to meet every condition: the same as the optimum."
        )
    loss = added.total - layout.objective
    if zh:
        return (
            f"为什么不直接按得分从高到低取？那样总分 {added.total:.3f}（高 {loss:.3f}），却不满足这些条件：{broken}。"
            "条件互相牵连，逐个替换难以知道何时已是最好；优化一次给出满足全部条件的最好方案，并证明没有更好的。"
        )
    return (
        f"Why not take the highest scores? Their total is {added.total:.3f} ({loss:.3f} more), but they break "
        f"these conditions: {broken}. Conditions hang together, and mending one after the other never says when to "
        "stop; one optimisation gives the best layout that meets them all, with proof that none is better."
    )


def _pairs(case: ZoneCase, pairs: list[Any], lang: Lang) -> pd.DataFrame:
    place, cluster = names(case.candidates, lang), names(case.clusters, lang)
    return pd.DataFrame(
        {
            label("place", lang): [place[one] for one, _ in pairs],
            label("cluster", lang): [cluster[one] for _, one in pairs],
        }
    )


def _listed(case: ZoneCase, pairs: list[Any], lang: Lang) -> str:
    place, cluster = names(case.candidates, lang), names(case.clusters, lang)
    return joined([f"{place[p]}·{cluster[c]}" for p, c in pairs], lang)


def _frequency(study: ZoneStudy, pairs: list[Any]) -> list[float]:
    known = dict(study.near.frequency.items())
    return [float(known[one]) for one in pairs]


def _losses(rows: pd.DataFrame) -> list[float]:
    """Return losses; what has no replacement at all, or is not in question, is empty."""
    open_ = rows["kind"].isin(["core", "swing", "never"])
    return [
        float(x) if ok and np.isfinite(x) else np.nan
        for x, ok in zip(rows["loss"], open_, strict=True)
    ]


def _words(one: Any, lang: Lang) -> str:
    return str(one) if lang == "zh" else str(getattr(one, "en", one))


def _change(one: Any) -> str:
    return f"{one.asked.en} → {one.words.en}"
