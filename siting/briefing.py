"""The page and the folder that a reader gets: every number looked up in a table, every file hashed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import geopandas as gpd
import jinja2
import pandas as pd

from siting import __version__, export, geodata, maps, tables
from siting.errors import ExistingOutputError, stop
from siting.escape import safe_filename
from siting.files import output_error
from siting.places import read_places
from siting.plan import Plan, bundled_ids
from siting.schema import Lang, check_lang, label
from siting.study import Study, study_plan

_PACKAGES = ("folium", "geopandas", "numpy", "pandas", "pyproj", "shapely", "XStatic-Leaflet")
_CITY = "310000"
_STAGE = ".siting-"  # a dead run may leave such a folder; it is never taken for a result
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
    stage = _stage(folder, overwrite=overwrite)
    try:
        say("1/5 读规划和边界，计算重叠 / reading plans and places, measuring overlap")
        used: set[str] = set()
        chapters = [_chapter(study_plan(source), lang, used) for source in (city, district)]
        say("2/5 画地图 / drawing maps")
        for chapter in chapters:
            _write_maps(chapter, stage, lang)
        say("3/5 写表格和图层 / writing tables and layers")
        export.save_workbook(_sheets(chapters, lang), stage / "tables.xlsx", formats=_FORMATS)
        export.save_layers(_layers(chapters), stage / "layers.gpkg")
        say("4/5 写简报页 / writing the page")
        (stage / "index.html").write_text(_page(chapters, lang), "utf-8", newline="\n")
        say("5/5 核对并放到位 / hashing and putting in place")
        manifest = _manifest(chapters, (city, district), stage, lang)
        (stage / "manifest.json").write_text(manifest, "utf-8", newline="\n")
        _put_in_place(stage, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not was_there and not any(folder.iterdir()):
            folder.rmdir()
    say(f"完成 / done: {folder / 'index.html'}")
    return folder


def _stage(folder: Path, *, overwrite: bool) -> Path:
    """Return a new folder beside `folder`, or raise before any work is done."""
    try:
        taken = folder.exists() and (
            not folder.is_dir() or any(not p.name.startswith(_STAGE) for p in folder.iterdir())
        )
        if taken and not overwrite:
            stop(
                ExistingOutputError,
                code="E-OUT-01",
                value=str(folder),
                reason="输出位置已有内容",
                reason_en="there is something at the output already",
                fix="请换一个文件夹，或加 --overwrite",
                fix_en="Choose another folder, or add --overwrite",
            )
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_STAGE, dir=folder))
    except OSError as error:
        raise output_error(folder, error) from error


def _put_in_place(stage: Path, folder: Path) -> None:
    """Move each staged file over its place, the manifest last, and drop what only the old one had."""
    new = _listing(stage)
    try:
        before = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
    except (OSError, ValueError, KeyError):
        before = {}
    try:
        for name in sorted(new, key=lambda name: (name == "manifest.json", name)):
            (folder / name).parent.mkdir(exist_ok=True)
            (stage / name).replace(folder / name)
        for name in set(before) - set(new):
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error


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


def _sheets(chapters: list[Chapter], lang: Lang) -> dict[str, pd.DataFrame]:
    sheets: dict[str, pd.DataFrame] = {}
    for chapter in chapters:
        filled = ((key, frame) for key, frame in chapter.tables.items() if len(frame))
        for key, frame in filled:
            sheets[f"{chapter.name}-{tables.table_title(key, lang=lang)}"[:31]] = frame
    sheets[tables.table_title("sources", lang=lang)] = _sources(chapters, lang)
    contents = pd.DataFrame(
        {
            "表" if lang == "zh" else "Sheet": list(sheets),
            "行数" if lang == "zh" else "Rows": [len(frame) for frame in sheets.values()],
        }
    )
    return {tables.table_title("contents", lang=lang): contents, **sheets}


def _sources(chapters: list[Chapter], lang: Lang) -> pd.DataFrame:
    return tables.source_table(_source_files(chapters), lang=lang)


def _source_files(chapters: list[Chapter]) -> list[str]:
    named = [name for c in chapters for name in c.study.places.attrs.get("sources", ())]
    return list(dict.fromkeys(named))


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


def _page(chapters: list[Chapter], lang: Lang) -> str:
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
        sources=_sources(chapters, lang),
        title=tables.table_title,
        attribution=geodata.attribution(_source_files(chapters), lang=lang),
        version=__version__,
    )


def _manifest(
    chapters: list[Chapter], sources: tuple[str | Plan, ...], stage: Path, lang: Lang
) -> str:
    inputs = {name: _digest(geodata.path(name)) for name in _source_files(chapters)}
    for source in sources:
        if not isinstance(source, Plan):
            inputs |= {f"{p.parent.name}/{p.name}": _digest(p) for p in _plan_files(source)}
    manifest = {
        "siting": __version__,
        "lang": lang,
        "plans": [c.study.plan.id for c in chapters],
        "vintages": {c.study.plan.id: c.study.places.attrs.get("vintage") for c in chapters},
        "seed": None,  # nothing here is drawn at random: p-values are exact
        "packages": {name: version(name) for name in _PACKAGES},
        "inputs": inputs,
        "outputs": _listing(stage),
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plan_files(source: str) -> list[Path]:
    """Return the files that a plan was read from."""
    where = geodata.path(f"plans/{source}") if source in bundled_ids() else Path(source)
    return sorted(where.glob("*.csv")) if where.is_dir() else [where]


def _listing(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file below `folder` by its path with forward slashes."""
    return {
        p.relative_to(folder).as_posix(): _digest(p)
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
