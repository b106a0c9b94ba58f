"""The chapter that lays the district's plan beside the city's: words, tables, a map of the towns."""

from __future__ import annotations

from functools import partial

import pandas as pd

from siting import alignment, figures, maps, tables
from siting.briefing.concentration import CENSUS
from siting.briefing.story import Block, Chapter, Heading, Items, Picture, Table, Text
from siting.briefing.words import first_sentence, said, titled
from siting.schema import Lang
from siting.study import Study

# A town without a cluster is no kind of its own: it stays pale.
_COLOURS = {"both": "#a383df", "asked": "#3f9f84", "own": "#efa74f", "none": "#e9ecef"}


def alignment_chapter(
    both: alignment.Comparison, city: Study, district: Study, lang: Lang, *, name: str
) -> Chapter:
    """Tell the comparison of two studies, and hold the city's plan against the employment figures."""
    zh = lang == "zh"
    doubts = tuple(one.text(lang) for one in both.findings if one.doubt)
    towns = alignment.by_town(city.plan, district.plan, district.places)
    shares = alignment.target_shares(city.plan, district.plan)
    ours, theirs = ("市条款", "区条款") if zh else ("City clause", "District clause")
    matches = {ours: city.plan.id, theirs: district.plan.id}
    compared = (
        {"市列入本区": city.plan.id, "区推进": district.plan.id}
        if zh
        else {"City lists the district": city.plan.id, "District pursues it": district.plan.id}
    )
    blocks: list[Block] = [
        Text(tables.alignment_reading(both, lang=lang), basis=("comparison", "agreement")),
        _picture(towns, city, district, name, lang),
        Table("comparison", tables.comparison_table(both, lang=lang), clauses=compared),
        Table(
            "towns",
            tables.town_table(towns, district.places, lang=lang),
            basis=("comparison", district.plan.id),
        ),
        Text(said("not_judged" if doubts else "judged", lang), note=True),
        *([Items(doubts)] if doubts else []),
        Table(
            "field_matches",
            tables.field_match_table(both, lang=lang),
            clauses=matches,
            basis=(both.source or said("equal_names", lang),),
        ),
        Text(said("chance", lang), note=True),
        Table(
            "agreement",
            tables.agreement_table(both, lang=lang),
            basis=("comparison", "field_matches"),
        ),
        Table(
            "target_shares",
            tables.target_share_table(shares, lang=lang),
            clauses=matches,
            basis=("tables/districts.csv", CENSUS),
        ),
        *_evidence(city, lang),
    ]
    title = "市区对照：区规划是否呼应市规划" if zh else "Does the district follow the city?"
    return Chapter(
        "alignment",
        title,
        "市区对照" if zh else "City and district",
        tuple(blocks),
        answer=first_sentence(tables.alignment_reading(both, lang=lang)),
    )


def _evidence(city: Study, lang: Lang) -> list[Block]:
    """Return where jobs concentrate beside where the plan puts clusters; nothing without evidence."""
    seen = alignment.section_evidence()
    quotient = seen.location_quotient.reindex(columns=city.by_cluster.columns).dropna(
        axis="columns", how="all"
    )
    if not len(quotient.columns):
        return []
    planned = city.by_cluster[quotient.columns]
    gap = alignment.evidence_gap(planned, quotient)  # a census is no sample: no interval
    test = alignment.evidence_test(planned, quotient)
    clusters = city.plan.clusters
    asked = "规划的地方，就业是否真的集中"
    return [
        Heading(asked if lang == "zh" else "Do jobs concentrate where the plan puts clusters?"),
        Text(said("evidence", lang), note=True),
        Table(
            "evidence_tests",
            tables.evidence_test_table(test, seen, clusters, lang=lang),
            basis=("evidence", "crosswalks/sections_clusters.csv"),
        ),
        Table(
            "evidence",
            tables.evidence_table(gap, city.places, clusters, lang=lang),
            "folded",
            basis=(CENSUS, city.plan.id),
        ),
    ]


def _picture(towns: pd.DataFrame, city: Study, district: Study, name: str, lang: Lang) -> Picture:
    """Return the map of the towns: what the city asks of the district, what only that wants."""
    suffix = "zh" if lang == "zh" else "en"
    asked, own = (
        ("市列入本区：", "区自定：") if lang == "zh" else ("asked by the city: ", "its own: ")
    )
    notes = pd.Series(
        [
            "；".join(f"{head}{text}" for head, text in ((asked, one), (own, other)) if text)
            for one, other in zip(towns[f"asked_{suffix}"], towns[f"own_{suffix}"], strict=True)
        ],
        index=towns.index,
    )
    said = f"{name}：市的要求与区的打算" if lang == "zh" else f"{name}: the city's wish and its own"
    labels = tables.town_labels(lang=lang)
    source = ("；" if lang == "zh" else "; ").join(
        titled(one.plan, lang) for one in (city, district)
    )
    status, places = towns["status"], district.places
    return Picture(
        "alignment",
        said,
        map=maps.category_map(
            status,
            places,
            title=said,
            labels=labels,
            colours=_COLOURS,
            notes=notes,
            lang=lang,
            source=source,
        ),
        figure=partial(
            figures.category_figure,
            status,
            places,
            title=said,
            labels=labels,
            colours=_COLOURS,
            lang=lang,
            source=source,
        ),
        basis=("towns",),
    )
