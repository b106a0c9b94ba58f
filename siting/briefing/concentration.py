"""The chapter on where things really concentrate: the bundled census, and the user's own firms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from siting import figures, maps, tables
from siting.briefing.story import Block, Chapter, Picture, Table, Text
from siting.briefing.words import first_sentence, said
from siting.schema import Lang
from siting.study import Concentration, census_table, study_table
from siting.study.concentration import REST
from siting.study.plans import Study

CENSUS = "tables/employment_by_section_2023.csv"
_COLOURS = {"hot": "#c8553d", "cold": "#4a7fb5", "mixed": "#efa74f", "none": "#e9ecef"}


def census_chapter(city: Study, lang: Lang) -> Chapter | None:
    """Return the chapter on the bundled census; None where its districts are not the city's places."""
    table = census_table()
    if not table.index.isin(city.places.index).all() or len(table) != len(city.places):
        return None
    study = study_table(table, city.places)
    zh = lang == "zh"
    read = tables.concentration_reading(study, lang=lang)
    blocks: list[Block] = [
        Text(read, basis=("sectors", "specialisation", "cluster_tests")),
        Text(said("cannot", lang), basis=(CENSUS,)),
        Text(said("how", lang), note=True),
        *concentration_blocks(
            study, lang, slug="census", basis=CENSUS, note=said("no_interval", lang).rstrip("。.")
        ),
    ]
    title = "就业真正集中在哪里" if zh else "Where jobs really concentrate"
    return Chapter(
        "concentration",
        title,
        "集中程度" if zh else "Concentration",
        tuple(blocks),
        answer=first_sentence(read),
    )


def concentration_blocks(
    study: Concentration, lang: Lang, *, slug: str, basis: str, note: str = ""
) -> list[Block]:
    """Return pictures and tables of a studied table, which stands in the file `basis`; `note` on bars."""
    focus = _focus(study)
    return [
        _quotient_picture(study, focus, slug, lang),
        _bars(study, focus, slug, lang, note=note),
        Table("sectors", tables.sector_table(study, lang=lang), basis=(basis,)),
        Table("specialisation", tables.specialisation_table(study, lang=lang), basis=(basis,)),
        _cluster_picture(study, focus, slug, lang),
        Table("quotients", tables.quotient_table(study, lang=lang), basis=(basis,)),
        Table(
            "cluster_tests",
            tables.cluster_test_table(study, lang=lang),
            "folded",
            basis=("quotients",),
        ),
    ]


def _focus(study: Concentration) -> str:
    """Return the sector to draw: the one whose hot or cold spots are surest; what is left over never."""
    rows = study.clusters[study.clusters["sector"] != REST]
    known = rows.dropna(subset=["q"]).sort_values(["q", "p"], kind="stable")
    return str(known["sector"].iloc[0] if len(known) else study.table.columns[0])


def _said(study: Concentration, focus: str, lang: Lang) -> tuple[str, str]:
    source = str(study.table.attrs.get(f"source_{lang}", ""))
    return str(tables.sector_names(study, lang=lang)[focus]), source


def _of(frame: pd.DataFrame, undefined: object, focus: str, column: str) -> pd.Series:
    """Return one column by place, with why a place has no value."""
    values = frame[column].copy()
    values.attrs["undefined"] = undefined
    if isinstance(undefined, Mapping):
        values.attrs["undefined"] = {
            place: why for (place, sector), why in undefined.items() if sector == focus
        }
    return values


def _quotient_of(study: Concentration, focus: str) -> pd.Series:
    return _of(study.quotient, study.quotient.attrs["undefined"], focus, focus)


def _quotient_picture(study: Concentration, focus: str, slug: str, lang: Lang) -> Picture:
    name, source = _said(study, focus, lang)
    title = f"{name}：区位商" if lang == "zh" else f"{name}: location quotient"
    values = _quotient_of(study, focus)
    return Picture(
        f"{slug}-quotient",
        title,
        map=maps.measure_map(values, study.places, title=title, source=source, lang=lang),
        figure=partial(
            figures.measure_figure, values, study.places, title=title, source=source, lang=lang
        ),
        basis=("quotients",),
    )


def _bars(study: Concentration, focus: str, slug: str, lang: Lang, *, note: str) -> Picture:
    name, source = _said(study, focus, lang)
    sure = study.lower[focus].notna().any()
    if lang == "zh":
        title = f"{name}：各地区的区位商{'与 95% 区间' if sure else ''}"
    else:
        title = f"{name}: location quotients{' with 95 % intervals' if sure else ''}"
    return Picture(
        f"{slug}-bars",
        title,
        figure=partial(
            figures.quotient_figure,
            _quotient_of(study, focus),
            study.lower[focus] if sure else None,
            study.upper[focus] if sure else None,
            names=tables.place_names(study.places, lang=lang),
            title=title,
            note=note,
            source=source,
            lang=lang,
        ),
        basis=("quotients",),
    )


def _cluster_picture(study: Concentration, focus: str, slug: str, lang: Lang) -> Picture:
    name, source = _said(study, focus, lang)
    rows = study.clusters[study.clusters["sector"] == focus].set_index("place_id")
    rows["kind"] = rows["kind"].where(rows["kind"] != "undefined")
    kinds = _of(rows, study.clusters.attrs["undefined"], focus, "kind")
    tested = rows[rows["p"].notna()]
    tests = list(tested[["z", "p", "q"]].itertuples(index=False, name=None))
    notes, short = (
        pd.Series([form.format(*test) for test in tests], index=tested.index, dtype="object")
        for form in ("z {:.2f}, p {:.4f}, q {:.4f}", "p {1:.2g} · q {2:.2g}")
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
            notes=short,
            source=source,
            lang=lang,
        ),
        basis=("cluster_tests",),
    )
