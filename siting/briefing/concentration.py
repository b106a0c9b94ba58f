"""The chapter on where things really concentrate: the bundled census, and the user's own firms."""

from __future__ import annotations

from functools import partial

import pandas as pd

from siting import figures, maps, tables
from siting.briefing.story import Block, Chapter, Picture, Table, Text
from siting.briefing.words import said
from siting.schema import Lang
from siting.study import Concentration, census_table, study_table
from siting.study.concentration import REST
from siting.study.plans import Study

_COLOURS = {"hot": "#c8553d", "cold": "#4a7fb5", "mixed": "#efa74f", "none": "#e9ecef"}


def census_chapter(city: Study, lang: Lang) -> Chapter | None:
    """Return the chapter on the bundled census; None where its districts are not the city's places."""
    table = census_table()
    if not table.index.isin(city.places.index).all() or len(table) != len(city.places):
        return None
    study = study_table(table, city.places)
    zh = lang == "zh"
    blocks: list[Block] = [
        Text(tables.concentration_reading(study, lang=lang)),
        Text(said("cannot", lang)),
        Text(said("how", lang), note=True),
        *concentration_blocks(study, lang, slug="census"),
    ]
    title = "就业真正集中在哪里" if zh else "Where jobs really concentrate"
    return Chapter("concentration", title, "集中程度" if zh else "Concentration", tuple(blocks))


def concentration_blocks(study: Concentration, lang: Lang, *, slug: str) -> list[Block]:
    """Return pictures and tables of a studied table."""
    focus = _focus(study)
    return [
        _quotient_picture(study, focus, slug, lang),
        _bars(study, focus, slug, lang),
        Table("sectors", tables.sector_table(study, lang=lang)),
        Table("specialisation", tables.specialisation_table(study, lang=lang)),
        _cluster_picture(study, focus, slug, lang),
        Table("quotients", tables.quotient_table(study, lang=lang)),
        Table("cluster_tests", tables.cluster_test_table(study, lang=lang), "folded"),
    ]


def _focus(study: Concentration) -> str:
    """Return the sector to draw: the one whose hot or cold spots are surest; what is left over never."""
    rows = study.clusters[study.clusters["sector"] != REST]
    known = rows.dropna(subset=["q"]).sort_values(["q", "p"], kind="stable")
    return str(known["sector"].iloc[0] if len(known) else study.table.columns[0])


def _said(study: Concentration, focus: str, lang: Lang) -> tuple[str, str]:
    source = str(study.table.attrs.get(f"source_{lang}", ""))
    return str(tables.sector_names(study, lang=lang)[focus]), source


def _quotient_picture(study: Concentration, focus: str, slug: str, lang: Lang) -> Picture:
    name, source = _said(study, focus, lang)
    title = f"{name}：区位商" if lang == "zh" else f"{name}: location quotient"
    values = study.quotient[focus]
    undefined = study.quotient.attrs.get("undefined", {})
    values.attrs["undefined"] = {
        key[0]: why for key, why in undefined.items() if isinstance(key, tuple) and key[-1] == focus
    }
    return Picture(
        f"{slug}-quotient",
        title,
        map=maps.measure_map(values, study.places, title=title, source=source, lang=lang),
        figure=partial(
            figures.measure_figure, values, study.places, title=title, source=source, lang=lang
        ),
    )


def _bars(study: Concentration, focus: str, slug: str, lang: Lang) -> Picture:
    name, source = _said(study, focus, lang)
    title = f"{name}：各区区位商与 95% 区间" if lang == "zh" else f"{name}: LQ with 95 % intervals"
    return Picture(
        f"{slug}-bars",
        title,
        figure=partial(
            figures.quotient_figure,
            study.quotient[focus],
            study.lower[focus],
            study.upper[focus],
            names=tables.place_names(study.places, lang=lang),
            title=title,
            source=source,
            lang=lang,
        ),
    )


def _cluster_picture(study: Concentration, focus: str, slug: str, lang: Lang) -> Picture:
    name, source = _said(study, focus, lang)
    rows = study.clusters[study.clusters["sector"] == focus].set_index("place_id")
    kinds = rows["kind"].where(rows["kind"] != "undefined")
    notes = pd.Series(
        [f"z {row.z:.2f}, p {row.p:.4f}, q {row.q:.4f}" for row in rows.itertuples()],
        index=rows.index,
    )
    title = f"{name}：热点与冷点（Gi*）" if lang == "zh" else f"{name}: hot and cold spots (Gi*)"
    labels = tables.cluster_labels(lang=lang)
    return Picture(
        f"{slug}-clusters",
        title,
        map=maps.category_map(
            kinds,
            study.places,
            title=title,
            labels=labels,
            colours=_COLOURS,
            notes=notes,
            source=source,
            lang=lang,
        ),
        figure=partial(
            figures.category_figure,
            kinds,
            study.places,
            title=title,
            labels=labels,
            colours=_COLOURS,
            source=source,
            lang=lang,
        ),
    )
