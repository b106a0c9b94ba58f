"""What a briefing was made from: bundled files, the user's own, and the manifest that says so."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from siting import __version__, geodata, tables
from siting.boundaries import read_boundaries, split_layer
from siting.briefing.folder import digest, listing
from siting.briefing.story import Story
from siting.errors import Findings, InputError
from siting.plan import Plan, bundled_ids
from siting.schema import Lang
from siting.study import Study, study_plan

_PACKAGES = (
    "folium",
    "geopandas",
    "highspy",
    "matplotlib",
    "numpy",
    "pandas",
    "pyproj",
    "scipy",
    "shapely",
    "XStatic-Leaflet",
)
SEED = 0  # of the draws where not every arrangement can be counted


# What the comparison of the two plans reads besides.
_BESIDE = (
    "tables/districts.csv",
    "tables/employment_by_section_2023.csv",
    "crosswalks/sections_clusters.csv",
)
TOWN_JOBS = "tables/jiading_employment_2023.csv"
_JIADING = "310114"  # the one district whose jobs by town are bundled


def bundled_files(studies: Sequence[Study], boundaries: object, fields: object = None) -> list[str]:
    """
    Return the registered files behind the studies of city and district, and their comparison.

    The district's outlines are the user's own where `boundaries` are given, and so is what is said
    of their fields where `fields` are.
    """
    named = [list(study.places.attrs.get("sources", ())) for study in studies]
    if boundaries is not None:
        named[-1] = named[-1][1:]  # its own file comes first, and may be called like one of ours
    whole, part = (study.plan.id for study in studies)
    judged = f"crosswalks/{whole}_{part}.csv"
    known = set(geodata.register()["file"])
    beside = [*_BESIDE, *([judged] if judged in known and fields is None else [])]
    if studies[-1].plan.parent_id == _JIADING:
        beside.append(TOWN_JOBS)
    return list(dict.fromkeys(name for names in (*named, beside) for name in names))


def sources_table(
    studies: list[Study],
    given: Sequence[str | Plan],
    boundaries: object,
    lang: Lang,
    *,
    fields: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """
    Return a row per source: the plans, the bundled files as registered, the user's own files.

    Parameters
    ----------
    studies
        Of the city and the district.
    given
        What their plans were read from.
    boundaries
        The user's own, or None.
    lang
        ``zh`` or ``en``.
    fields
        The user's own crosswalk of fields, or None.
    """
    bundled = {f"plans/{one}" for one in bundled_ids() if one in given}
    files = [*sorted(bundled), *bundled_files(studies, boundaries, fields)]
    table = tables.source_table(files, lang=lang)
    own = [
        (f"plans/{plan.id}", plan.title, plan.issuer, plan.document_no, "")
        for plan in (study.plan for study in studies)
        if f"plans/{plan.id}" not in bundled
    ]
    paths = own_files(boundaries)
    own += [(path.name, "", own_note(lang), "", digest(path)) for path in paths]
    if boundaries is not None and not paths:
        own.append(("GeoDataFrame", "", own_note(lang), "", ""))
    if fields is not None:
        note = "使用者自备的领域对照表" if lang == "zh" else "The user's own crosswalk of fields"
        own.append((Path(fields).name, "", note, "", digest(Path(fields))))
    if not own:
        return table
    more = pd.DataFrame("", index=range(len(own)), columns=table.columns)
    for column, cells in zip((0, 1, 2, 3, -1), zip(*own, strict=True), strict=False):
        more.iloc[:, column] = cells
    return pd.concat([table, more], ignore_index=True)


def attribution(
    studies: list[Study], boundaries: object, lang: Lang, *, fields: object = None
) -> str:
    """Return the line that credits all sources, the user's own file by its name."""
    credit = geodata.attribution(bundled_files(studies, boundaries, fields), lang=lang)
    form = "；{}（{}）" if lang == "zh" else "; {} ({})"
    own = [form.format(path.name, own_note(lang)) for path in own_files(boundaries)[:1]]
    return "".join([credit, *own])


def own_note(lang: Lang) -> str:
    """Return what is said of a boundary file that the user brought."""
    zh, en = "使用者自备的边界文件，许可由使用者负责", "The user's own boundary file and licence"
    return zh if lang == "zh" else en


def own_files(boundaries: Any) -> list[Path]:
    """Return the files of the user's boundaries: several for a shapefile, none for a frame."""
    if boundaries is None or isinstance(boundaries, gpd.GeoDataFrame):
        return []
    path = Path(split_layer(boundaries)[0])
    parts = [".shp", ".shx", ".dbf", ".prj", ".cpg"] if path.suffix.lower() == ".shp" else []
    return [path, *(p for p in map(path.with_suffix, parts) if p != path and p.is_file())]


def read_all(*readers: Callable[[], Any]) -> list[Any]:
    """Return what the readers give, or stop with what is wrong with any of them, all at once."""
    read, errors = [], []
    for reader in readers:
        try:
            read.append(reader())
        except InputError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]  # as it is: an unknown place is an error of its own kind
    Findings(finding for error in errors for finding in error.findings).stop()
    return read


def read_study(source: str | Plan, boundaries: Any, frame: str) -> Study:
    """Return the study of a district's plan, or stop with what is wrong with plan and boundaries, both."""
    try:
        return study_plan(source, boundaries=boundaries, frame=frame)
    except InputError as error:
        if boundaries is None:
            raise
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what only deserves a look can wait for the next run
            try:
                read_boundaries(boundaries, frame=frame)
            except InputError as other:
                more = [one for one in other.findings if one not in error.findings]
                if more:
                    raise InputError([*error.findings, *more]) from None
        raise


def making(
    studies: list[Study],
    sources: tuple[str | Plan, ...],
    *,
    boundaries: object,
    fields: str | os.PathLike[str] | None = None,
) -> dict[str, Any]:
    """Return what the manifest says of the making: plans, vintages, seed, checksums of all inputs."""
    files = bundled_files(studies, boundaries, fields)
    inputs = {name: digest(geodata.path(name)) for name in files}
    paths = [p for source in sources if not isinstance(source, Plan) for p in _plan_files(source)]
    paths += [*own_files(boundaries), *([] if fields is None else [Path(fields)])]
    inputs |= {f"{p.resolve().parent.name}/{p.name}": digest(p) for p in paths}
    return {
        "plans": [study.plan.id for study in studies],
        "vintages": {study.plan.id: study.places.attrs.get("vintage") for study in studies},
        "seed": SEED,
        "inputs": inputs,
    }


def manifest(story: Story, stage: Path) -> str:
    """Return manifest.json: checksums of what went in and came out, versions, vintages, seed."""
    facts = {
        **story.facts,
        "siting": __version__,
        "lang": story.lang,
        "packages": {name: version(name) for name in _PACKAGES},
        "outputs": listing(stage),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plan_files(source: str) -> list[Path]:
    """Return the files that a plan was read from."""
    where = geodata.path(f"plans/{source}") if source in bundled_ids() else Path(source)
    return sorted(where.glob("*.csv")) if where.is_dir() else [where]
