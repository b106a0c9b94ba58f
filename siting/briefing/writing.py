"""The briefing from two plans: their chapters, maps, tables and layers, and the page over them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import jinja2
import pandas as pd

from siting import __version__, export, maps, tables
from siting.briefing.alignment import (
    MAP_FILE,
    AlignmentChapter,
    alignment_chapter,
    write_alignment_map,
)
from siting.briefing.folder import make_stage, put_in_place
from siting.briefing.inputs import attribution, manifest, sources_table
from siting.errors import stop
from siting.escape import safe_filename
from siting.places import read_places
from siting.plan import Plan
from siting.schema import Lang, check_lang, label
from siting.study import Study, study_plan

_CITY = "310000"
_FORMATS = {
    column: pattern
    for names, pattern in (
        (("jaccard", "overlap_coefficient", "p", "q"), "0.0000"),
        (("expected", "area_official_km2", "area_km2"), "#,##0.00"),
        (("population_2020",), "#,##0"),
    )
    for name in names
    for column in (label(name, "zh"), label(name, "en"))
}


@dataclass(frozen=True)
class Chapter:
    """One plan as the page tells it: its study, its files, its tables by key, overlap in words."""

    study: Study
    name: str
    map_file: str
    fields_file: str
    tables: dict[str, pd.DataFrame]
    reading: str


def write_briefing(
    out: str | os.PathLike[str],
    *,
    city: str | Plan = "shanghai-2022",
    district: str | Plan = "jiading-2023",
    boundaries: str | os.PathLike[str] | gpd.GeoDataFrame | None = None,
    frame: str = "wgs84",
    points: object = None,
    lang: Lang = "zh",
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """
    Write the briefing of a city's plan and a district's plan as one folder that opens offline.

    Parameters
    ----------
    out
        The folder: index.html, maps/, tables.xlsx, layers.gpkg and manifest.json are written in it.
    city, district
        What `siting.plan.read_plan` takes, or Plans.
    boundaries, frame
        Outlines of the district's towns, as `siting.places.read_places` takes them; needed for
        every district but 嘉定区.
    points
        A firm table; not part of the briefing yet, so anything but None is refused.
    lang
        ``zh`` or ``en``.
    overwrite
        Whether files of an earlier briefing in `out` may be replaced; other files there stay.
    progress
        Called with a line of text before each step.

    Returns
    -------
    out

    Raises
    ------
    InputError
        If a plan is not right, or the options are not.
    ExistingOutputError
        If `out` holds something already and `overwrite` is False.
    OutputError
        If the folder cannot be written; nothing in it has changed then.

    Notes
    -----
    All is made in a folder beside `out` first; then file by file takes its place, manifest.json
    last, so each path holds the old file or the new one. The same input gives the same bytes.
    """
    check_lang(lang)
    if points is not None:
        stop(
            code="E-BRIEF-01",
            column="points",
            reason="简报尚不支持企业点表",
            reason_en="the briefing does not take firm tables yet",
            fix="请去掉 points",
            fix_en="Leave out points",
        )
    say = progress or (lambda _: None)
    folder = Path(out)
    was_there = folder.exists()
    stage = make_stage(folder, overwrite=overwrite)
    try:
        say("1/5 读规划和边界，计算重叠 / reading plans and places, measuring overlap")
        used: set[str] = set()
        whole = study_plan(city)
        part = study_plan(district, boundaries=boundaries, frame=frame)
        studies = [whole, part]
        chapters = [_chapter(study, lang, used) for study in studies]
        beside = alignment_chapter(whole, part, lang)
        sources = sources_table(studies, boundaries, lang)
        credit = attribution(studies, boundaries, lang)
        say("2/5 画地图 / drawing maps")
        for chapter in chapters:
            _write_maps(chapter, stage, lang)
        write_alignment_map(beside, whole, part, stage, name=chapters[1].name, lang=lang)
        say("3/5 写表格和图层 / writing tables and layers")
        export.save_workbook(
            _sheets(chapters, beside, sources, lang), stage / "tables.xlsx", formats=_FORMATS
        )
        export.save_layers(_layers(chapters), stage / "layers.gpkg")
        say("4/5 写简报页 / writing the page")
        page = _page(chapters, beside, sources, credit, lang)
        (stage / "index.html").write_text(page, "utf-8", newline="\n")
        say("5/5 核对并放到位 / hashing and putting in place")
        facts = manifest(studies, (city, district), stage, lang=lang, boundaries=boundaries)
        (stage / "manifest.json").write_text(facts, "utf-8", newline="\n")
        put_in_place(stage, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not was_there and not any(folder.iterdir()):
            folder.rmdir()
    say(f"完成 / done: {folder / 'index.html'}")
    return folder


def _chapter(study: Study, lang: Lang, used: set[str]) -> Chapter:
    plan, places = study.plan, study.places
    made = {
        "key_figures": tables.key_figures(plan, places, study.by_cluster, lang=lang),
        "clusters": tables.cluster_table(plan, places, lang=lang),
        "places": tables.place_table(plan, places, study.by_cluster, lang=lang),
        "incidence": tables.incidence_table(plan, places, study.by_cluster, lang=lang),
        "pairs": tables.pair_table(study.cluster_pairs, plan, lang=lang),
        **{
            f"pairs_by_{weight}": tables.pair_table(pairs, plan, lang=lang)
            for weight, pairs in study.weighted_pairs.items()
        },
        "field_incidence": tables.incidence_table(
            plan, places, study.by_field, by="field", lang=lang
        ),
        "field_pairs": tables.pair_table(study.field_pairs, plan, by="field", lang=lang),
        "depth": tables.depth_table(study.depth, plan, lang=lang),
        "targets": tables.target_table(plan, lang=lang),
        "programmes": tables.programme_table(plan, lang=lang),
        "zones": tables.zone_table(plan, places, lang=lang),
    }
    slug = safe_filename(plan.id, used=used)
    return Chapter(
        study=study,
        name=_short_name(plan, lang),
        map_file=f"maps/{slug}.html",
        fields_file=f"maps/{slug}-fields.html",
        tables=made,
        reading=tables.overlap_reading(study.cluster_pairs, plan, lang=lang),
    )


def _short_name(plan: Plan, lang: Lang) -> str:
    """Return the name of the place that a plan is for, or its id where that is not known."""
    if plan.parent_id == _CITY:
        return "上海市" if lang == "zh" else "Shanghai"
    districts = read_places("district")
    if plan.parent_id not in districts.index:
        return plan.id
    return str(districts.loc[plan.parent_id, "name_zh" if lang == "zh" else "name_en"])


def _write_maps(chapter: Chapter, stage: Path, lang: Lang) -> None:
    plan, places = chapter.study.plan, chapter.study.places
    export.save_html(maps.plan_map(plan, places, lang=lang), stage / chapter.map_file, lang=lang)
    counts = chapter.study.by_field.sum(axis=1)
    title = (
        f"{chapter.name}：各地区规划领域数" if lang == "zh" else f"{chapter.name}: fields per place"
    )
    drawn = maps.measure_map(
        counts, places, title=title, unit="个" if lang == "zh" else "", source=plan.title, lang=lang
    )
    export.save_html(drawn, stage / chapter.fields_file, lang=lang)


def _sheets(
    chapters: list[Chapter], beside: AlignmentChapter, sources: pd.DataFrame, lang: Lang
) -> dict[str, pd.DataFrame]:
    sheets: dict[str, pd.DataFrame] = {}
    for chapter in chapters:
        filled = ((key, frame) for key, frame in chapter.tables.items() if len(frame))
        for key, frame in filled:
            sheets[f"{chapter.name}-{tables.table_title(key, lang=lang)}"[:31]] = frame
    for key, frame in {**beside.tables, "sources": sources}.items():
        sheets[tables.table_title(key, lang=lang)[:31]] = frame
    contents = pd.DataFrame(
        {
            "表" if lang == "zh" else "Sheet": list(sheets),
            "行数" if lang == "zh" else "Rows": [len(frame) for frame in sheets.values()],
        }
    )
    return {tables.table_title("contents", lang=lang): contents, **sheets}


def _layers(chapters: list[Chapter]) -> dict[str, gpd.GeoDataFrame]:
    layers: dict[str, gpd.GeoDataFrame] = {}
    for chapter in chapters:
        study, name = chapter.study, chapter.name
        layers[f"{name}-地区"] = study.places.join(study.stack).join(study.by_cluster)
        layers[f"{name}-集群范围"] = study.footprints
        layers[f"{name}-叠加"] = study.depth
        zones = study.plan.zones.dropna(subset=["lon", "lat"])  # a zone may have no known point
        if len(zones):
            points = gpd.points_from_xy(zones["lon"], zones["lat"], crs="EPSG:4326")
            layers[f"{name}-先导区"] = gpd.GeoDataFrame(zones, geometry=points)
    return layers


def _page(
    chapters: list[Chapter],
    beside: AlignmentChapter,
    sources: pd.DataFrame,
    credit: str,
    lang: Lang,
) -> str:
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("siting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return env.get_template("briefing.html").render(
        lang=lang,
        chapters=chapters,
        beside=beside,
        beside_map=MAP_FILE,
        # Notes and checksums are too wide for a page; the workbook and the manifest have them.
        sources=sources.iloc[:, :6],
        title=tables.table_title,
        attribution=credit,
        version=__version__,
    )
