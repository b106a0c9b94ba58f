"""The chapter of one plan: what is planned where, what overlaps, which targets; each with its clause."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd

from siting import figures, maps, tables
from siting.briefing.story import Block, Cards, Chapter, Heading, Picture, Table, Text
from siting.briefing.words import said, titled
from siting.colours import plan_signs, shared_colours
from siting.escape import safe_filename
from siting.places import read_places
from siting.plan import Plan
from siting.schema import Lang, label
from siting.study import Study

if TYPE_CHECKING:
    import folium

_CITY = "310000"


def colour_alike(*studies: Study) -> list[Study]:
    """
    Return the studies with one choice of colours for the clusters of all their plans.

    Clusters with the same id or the same Chinese name share a colour, the others have colours of
    their own; every map, figure and sheet of the studies draws them so.

    Examples
    --------
    >>> from siting.study import study_plan
    >>> city, district = colour_alike(study_plan("shanghai-2022"), study_plan("jiading-2023"))
    >>> city.plan.clusters.attrs["colours"]["future-space"]
    '#b697ed'
    """
    colours = shared_colours(*(one.plan.clusters for one in studies))
    made = []
    for one in studies:
        clusters = one.plan.clusters
        clusters.attrs["colours"] = colours
        made.append(replace(one, plan=replace(one.plan, clusters=clusters)))
    return made


def plan_chapter(study: Study, lang: Lang, used: set[str], *, number: int) -> Chapter:
    """Return the chapter of a plan; `used` are the file names that are taken."""
    zh = lang == "zh"
    plan, places = study.plan, study.places
    name = short_name(plan, lang)
    slug = safe_filename(plan.id, used=used)
    title = titled(plan, lang)
    sized = _sources(study)
    blocks: list[Block] = [
        Text(_issued(plan, lang), note=True, basis=(f"plans/{plan.id}",)),
        Cards(tables.key_figures(plan, places, study.by_cluster, lang=lang)),
        Heading("规划了什么，落在哪里" if zh else "What is planned, and where"),
        _plan_picture(study, name, slug, lang),
        _table("clusters", tables.cluster_table(plan, places, lang=lang), plan, lang),
        _table(
            "places",
            tables.place_table(plan, places, study.by_cluster, lang=lang),
            plan,
            lang,
            basis=sized,
        ),
        Picture(
            f"{slug}-clusters",
            f"{name}：各集群一图" if zh else f"{name}: a map for each cluster",
            figure=partial(figures.small_multiples, plan, places, lang=lang),
            basis=("clusters", *sized[:1]),
        ),
        _fields_picture(study, name, slug, lang),
        _table("zones", tables.zone_table(plan, places, lang=lang), plan, lang),
        *_overlap(study, name, slug, lang),
        Heading("目标与计划" if zh else "Targets and programmes"),
        _table("targets", tables.target_table(plan, lang=lang), plan, lang),
        _table("programmes", tables.programme_table(plan, lang=lang), plan, lang),
        _table(
            "facts",
            tables.fact_table(plan, places, lang=lang),
            plan,
            lang,
            shown="folded",
            basis=(f"plans/{plan.id}",),
        ),
    ]
    blocks = [one for one in blocks if not (isinstance(one, Table) and one.frame.empty)]
    heading = f"{name}：{title}" if zh else f"{name}: {title}"
    called = tables.place_names(plan.clusters, lang)
    drawn = [sign.colour for sign in plan_signs(plan.clusters, list(called))]
    colours = dict(zip([*plan.clusters.index, *called], drawn * 2, strict=True))
    return Chapter(
        f"p{number}",
        heading,
        name,
        tuple(blocks),
        _layers(study, name, lang),
        colours,
        tables.plan_reading(plan, places, study.by_cluster, lang=lang),
    )


def _issued(plan: Plan, lang: Lang) -> str:
    """Return issuer, number and date of the document; in English what they are called in both languages."""
    if lang == "zh":
        return "，".join(one for one in (plan.issuer, plan.document_no, plan.published) if one)
    issuer = f"{plan.issuer_en} ({plan.issuer})" if plan.issuer_en else plan.issuer
    known = ", ".join(one for one in (issuer, plan.document_no, plan.published) if one)
    return f"{known}{'. ' if known else ''}{said('clauses', lang)}"


def short_name(plan: Plan, lang: Lang) -> str:
    """Return the name of the place that a plan is for, or its id where that is not known."""
    if plan.parent_id == _CITY:
        return "上海市" if lang == "zh" else "Shanghai"
    districts = read_places("district")
    if plan.parent_id not in districts.index:
        return plan.id
    return str(districts.loc[plan.parent_id, "name_zh" if lang == "zh" else "name_en"])


def _table(
    key: str,
    frame: pd.DataFrame,
    plan: Plan,
    lang: Lang,
    *,
    shown: Literal["page", "folded"] = "page",
    basis: tuple[str, ...] = (),
) -> Table:
    """Return a table whose column of clauses is the plan's."""
    return Table(key, frame, shown, {label("clause", lang): plan.id}, basis)


def _sources(study: Study) -> tuple[str, ...]:
    """Return the files that the places come from, the one with the borders first."""
    return tuple(study.places.attrs.get("sources", ()))


def _plan_picture(study: Study, name: str, slug: str, lang: Lang) -> Picture:
    plan, places = study.plan, study.places
    said = "集群布局示意图" if lang == "zh" else "sketch map of the clusters"
    return Picture(
        slug,
        f"{name}：{said}" if lang == "zh" else f"{name}: {said}",
        map=maps.plan_map(plan, places, lang=lang),
        figure=partial(figures.plan_figure, plan, places, lang=lang),
        basis=("clusters", *_sources(study)[:1]),
    )


def _fields_picture(study: Study, name: str, slug: str, lang: Lang) -> Picture:
    counts = study.by_field.sum(axis=1)
    title = f"{name}：各地区规划领域数" if lang == "zh" else f"{name}: fields per place"
    unit = "个" if lang == "zh" else ""
    source = titled(study.plan, lang)
    drawn: folium.Map = maps.measure_map(
        counts, study.places, title=title, unit=unit, source=source, lang=lang
    )
    return Picture(
        f"{slug}-fields",
        title,
        map=drawn,
        figure=partial(
            figures.measure_figure,
            counts,
            study.places,
            title=title,
            unit=unit,
            source=source,
            lang=lang,
        ),
        basis=("clusters", *_sources(study)[:1]),
    )


def _overlap(study: Study, name: str, slug: str, lang: Lang) -> list[Block]:
    zh = lang == "zh"
    plan, places = study.plan, study.places
    incidence = tables.incidence_table(plan, places, study.by_cluster, lang=lang)
    by_field = tables.incidence_table(plan, places, study.by_field, by="field", lang=lang)
    listed, drawn = ("incidence",), _sources(study)[:1]
    return [
        Heading("哪里重叠" if zh else "What overlaps"),
        *(_pairs(study, name, slug, lang) if len(plan.clusters) > 1 else [_alone(lang)]),
        Table("incidence", incidence, basis=("clusters",)),
        *(_pair_tables(study, lang) if len(plan.clusters) > 1 else []),
        Table("field_incidence", by_field, "workbook", basis=("clusters",)),
        Table(
            "field_pairs",
            tables.pair_table(study.field_pairs, plan, by="field", lang=lang),
            "workbook",
            basis=("clusters",),
        ),
        Table("depth", tables.depth_table(study.depth, plan, lang=lang), basis=(*listed, *drawn)),
    ]


def _alone(lang: Lang) -> Text:
    zh = "规划只有一个集群，没有重叠可言。"
    return Text(zh if lang == "zh" else "The plan has one cluster only, so that nothing overlaps.")


def _pairs(study: Study, name: str, slug: str, lang: Lang) -> list[Block]:
    zh = lang == "zh"
    plan = study.plan
    shared: dict[str, Any] = {
        "names": tables.place_names(plan.clusters, lang=lang),
        "lang": lang,
        "source": titled(plan, lang),
    }
    places = tables.place_names(study.places, lang=lang)
    return [
        Text(tables.overlap_reading(study.cluster_pairs, plan, lang=lang), basis=("pairs",)),
        Text(said("shared", lang), note=True),
        Picture(
            f"{slug}-overlap",
            f"{name}：集群两两共有的地区数" if zh else f"{name}: places that clusters share",
            figure=partial(figures.overlap_matrix_figure, study.cluster_pairs, **shared),
            basis=("pairs",),
        ),
        Picture(
            f"{slug}-combinations",
            f"{name}：集群的组合" if zh else f"{name}: combinations of clusters",
            figure=partial(figures.upset_figure, study.by_cluster, places=places, **shared),
            basis=("incidence",),
        ),
    ]


def _pair_tables(study: Study, lang: Lang) -> list[Block]:
    plan = study.plan
    pairs = tables.pair_table(study.cluster_pairs, plan, lang=lang)
    return [
        Table("pairs", pairs, basis=("incidence",)),
        *(
            Table(
                f"pairs_by_{weight}",
                tables.pair_table(weighted, plan, weight=weight, lang=lang),
                "folded",
                basis=("places",),
            )
            for weight, weighted in study.weighted_pairs.items()
        ),
    ]


def _layers(study: Study, name: str, lang: Lang) -> dict[str, gpd.GeoDataFrame]:
    called = tables.place_names(study.plan.clusters, lang)
    footprints = study.footprints
    words = ("地区", "集群范围", "叠加", "先导区")
    if lang == "en":
        words = ("places", "footprints", "overlay", "zones")
    layers = {
        f"{name}-{words[0]}": study.places.join(study.stack).join(study.by_cluster),
        f"{name}-{words[1]}": footprints.assign(cluster=footprints["cluster_id"].map(called)),
        f"{name}-{words[2]}": study.depth,
    }
    zones = study.plan.zones.dropna(subset=["lon", "lat"])  # a zone may have no known point
    if len(zones):
        points = gpd.points_from_xy(zones["lon"], zones["lat"], crs="EPSG:4326")
        layers[f"{name}-{words[3]}"] = gpd.GeoDataFrame(zones, geometry=points)
    return layers
