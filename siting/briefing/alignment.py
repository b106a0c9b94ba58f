"""The chapter that lays the district's plan beside the city's: tables, words and a map of the towns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from siting import alignment, export, maps, tables
from siting.schema import Lang
from siting.study import Study

MAP_FILE = "maps/alignment.html"
# A town without a cluster is no kind of its own: it stays pale.
_COLOURS = {"both": "#a383df", "asked": "#3f9f84", "own": "#efa74f", "none": "#e9ecef"}


@dataclass(frozen=True)
class AlignmentChapter:
    """City and district as the page tells it: tables by key, the result in words, the kinds of towns."""

    tables: dict[str, pd.DataFrame]
    reading: str
    towns: pd.DataFrame


def alignment_chapter(city: Study, district: Study, lang: Lang) -> AlignmentChapter:
    """Compare two studies, and hold the city's plan against the bundled employment figures."""
    both = alignment.compare(city.plan, district.plan)
    towns = alignment.by_town(city.plan, district.plan, district.places)
    shares = alignment.target_shares(city.plan, district.plan)
    seen = alignment.section_evidence()
    quotient = seen.location_quotient.reindex(columns=city.by_cluster.columns).dropna(
        axis="columns", how="all"
    )
    planned = city.by_cluster[quotient.columns]
    made = {
        "comparison": tables.comparison_table(both, lang=lang),
        "field_matches": tables.field_match_table(both, lang=lang),
        "agreement": tables.agreement_table(both, lang=lang),
        "target_shares": tables.target_share_table(shares, lang=lang),
        "towns": tables.town_table(towns, district.places, lang=lang),
    }
    if len(quotient.columns):
        gap = alignment.evidence_gap(
            planned, quotient, counts=seen.counts[quotient.columns], totals=seen.totals
        )
        test = alignment.evidence_test(planned, quotient)
        clusters = city.plan.clusters
        made |= {
            "evidence_tests": tables.evidence_test_table(test, seen, clusters, lang=lang),
            "evidence": tables.evidence_table(gap, city.places, clusters, lang=lang),
        }
    return AlignmentChapter(made, tables.alignment_reading(both, lang=lang), towns)


def write_alignment_map(
    chapter: AlignmentChapter, city: Study, district: Study, stage: Path, *, name: str, lang: Lang
) -> None:
    """Write the map of the towns: what the city asks of the district, what only the district wants."""
    towns = chapter.towns
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
    drawn = maps.category_map(
        towns["status"],
        district.places,
        title=said,
        labels=tables.town_labels(lang=lang),
        colours=_COLOURS,
        notes=notes,
        lang=lang,
        source=f"{city.plan.title}；{district.plan.title}",
    )
    export.save_html(drawn, stage / MAP_FILE, lang=lang)
