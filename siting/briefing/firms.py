"""The chapter on the user's own firms, and the folder that it makes alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from siting import maps, points, tables
from siting.briefing.concentration import concentration_blocks
from siting.briefing.folder import digest
from siting.briefing.inputs import SEED, own_files, read_all
from siting.briefing.publishing import publish
from siting.briefing.story import Block, Chapter, Items, Picture, Story, Table, Text
from siting.briefing.words import first_sentence, said
from siting.places import read_places
from siting.plan import read_plan
from siting.schema import Lang, check_lang
from siting.study import FirmStudy, study_points


def write_concentration(
    out: str | os.PathLike[str],
    path: str | os.PathLike[str],
    *,
    by: str,
    weight: str | None = None,
    frame: str = "wgs84",
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    swap: Literal["refuse", "fix"] = "refuse",
    missing_weight: Literal["reject", "zero", "keep"] = "reject",
    dedupe: bool = False,
    level: str = "district",
    within: str | None = None,
    vintage: int | None = None,
    boundaries: Any = None,
    boundaries_frame: str = "wgs84",
    office: bool = False,
    lang: Lang = "zh",
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """
    Write what a table of firms says as a folder that opens offline: page, maps, tables, rejected rows.

    Parameters
    ----------
    out
        The folder.
    path
        The table, as `siting.points.read_points` takes it.
    by
        Column of the sector.
    weight
        Column of the size; each firm counts as one without it.
    frame, columns, encoding, sheet, swap, missing_weight, dedupe
        How to read the table, as `siting.points.read_points`.
    level, within, vintage, boundaries
        The places, as `siting.places.read_places` takes them.
    boundaries_frame
        What the coordinates of `boundaries` are in.
    office, lang, overwrite, progress
        As `siting.briefing.write_briefing`.

    Returns
    -------
    out

    Raises
    ------
    InputError
        If the table, a column or the places are not right.
    OutputError
        If the folder cannot be written; nothing in it has changed then.
    """
    check_lang(lang)

    def tell() -> Story:
        # what nobody asked for rejects no row; what is asked for has to be read
        roles = {"weight": weight, "sector": by, **(columns or {})}
        read, places = read_all(
            lambda: points.read_points(
                path,
                frame=frame,
                columns=roles,
                encoding=encoding,
                sheet=sheet,
                swap=swap,
                missing_weight=missing_weight,
                dedupe=dedupe,
            ),
            lambda: read_places(
                level,
                within=within,
                vintage=vintage,
                boundaries=boundaries,
                frame=boundaries_frame,
            ),
        )
        size = None if weight is None else "weight"
        # a table that names clusters shows them as the city's plan does
        clusters = read_plan("shanghai-2022").clusters
        study = study_points(read, places, by=by, weight=size, clusters=clusters, seed=SEED)
        chapter = firm_chapter(study, lang)
        zh = lang == "zh"
        source = Path(path)
        own = [source, *own_files(boundaries)]
        named = study.concentration.table.attrs[f"source_{lang}"]
        return Story(
            lang,
            f"{named}：集中在哪里" if zh else f"{named}: where things concentrate",
            study.points.report.text(lang).splitlines()[0],
            (chapter,),
            "；".join(one.name for one in own),
            {
                "plans": [],
                "vintages": {"places": places.attrs.get("vintage")},
                "seed": SEED,
                "inputs": {one.name: digest(one) for one in own},
            },
        )

    return publish(out, tell, overwrite=overwrite, office=office, progress=progress)


def firm_chapter(study: FirmStudy, lang: Lang) -> Chapter:
    """Return the chapter on a table of firms."""
    zh = lang == "zh"
    report = study.points.report
    measured = study.concentration
    counted = report.text(lang).splitlines()
    read = tables.concentration_reading(measured, lang=lang)
    name = report.columns.get("name")
    file = str(measured.table.attrs[f"source_{lang}"])
    title = f"{file}：{study.by}" if zh else f"{file}: {study.by}"
    blocks: list[Block] = [
        Items(
            (*(line.removeprefix("- ") for line in counted), _placed(study, lang)),
            basis=(report.file,),
        ),
        *_doubts(study, lang),
        Text(read, basis=("sectors", "specialisation", "cluster_tests")),
        Text(said("firms", lang), note=True),
        Picture(
            "firms-points",
            title,
            map=maps.point_map(
                study.points.frame,
                measured.places,
                title=title,
                by=study.by,
                clusters=study.clusters,
                name=name,
                lang=lang,
                source=file,
            ),
            basis=(report.file,),
        ),
        *concentration_blocks(measured, lang, slug="firms", basis=report.file),
        Table("firm_counts", _counts(study, lang), basis=(report.file,)),
        Table("rejects", _rejects(study, lang), "folded", basis=(report.file,)),
    ]
    blocks = [one for one in blocks if not (isinstance(one, Table) and one.frame.empty)]
    heading = "自备点表：集中在哪里" if zh else "Your table: where things concentrate"
    return Chapter(
        "firms",
        heading,
        "自备点表" if zh else "Your table",
        tuple(blocks),
        answer=first_sentence(read),
    )


def _doubts(study: FirmStudy, lang: Lang) -> list[Items]:
    """Return what makes the rows that count doubtful, as it was told when they were read."""
    found = [one for one in study.points.report.findings if one.doubt]
    small = study.concentration.small
    told = [one.text(lang) for one in (*found, *study.doubts)]
    if small:
        cells = study.concentration.table.size
        told.append(
            f"样本过小：{cells} 个地区与分类的组合中有 {small} 个，期望企业数不足 5 家；请看区间，不要只看区位商"
            if lang == "zh"
            else f"Small base: {small} of {cells} cells are expected to hold fewer than 5 firms; read the intervals"
        )
    return [Items(tuple(told))] if told else []


def _placed(study: FirmStudy, lang: Lang) -> str:
    """Return what became of the rows that stand, in words; the numbers add up."""
    rows = study.account
    if study.weight is None:
        by = "每行计 1" if lang == "zh" else "each row counts 1"
    else:
        column = study.points.report.columns.get("weight", study.weight)
        by = f"按“{column}”加权" if lang == "zh" else f"weighted by '{column}'"
    if lang == "zh":
        return (
            f"其中 {rows['rows']} 行有效：{rows['used']} 行计入下表，{rows['outside']} 行落在所给地区之外，"
            f"{rows['no_category']} 行没有分类；{by}"
        )
    return (
        f"Of these {rows['rows']} stand: {rows['used']} are in the tables below, {rows['outside']} lie outside "
        f"the places, {rows['no_category']} have no category; {by}"
    )


def _counts(study: FirmStudy, lang: Lang) -> pd.DataFrame:
    """Return the table of places by sectors."""
    table = study.concentration.table
    shown = table.rename(columns=str)
    shown.insert(
        0, "地区" if lang == "zh" else "Place", tables.place_names(study.concentration.places, lang)
    )
    return shown.reset_index(drop=True)


def _rejects(study: FirmStudy, lang: Lang) -> pd.DataFrame:
    """Return every row that is not in the tables, with its reason, in the order of the file."""
    left = points.left_out(study.points, study.placed["place_id"], by=study.by)
    rejects = pd.concat([study.points.report.rejects, left])
    rejects = rejects.sort_values("source_row", kind="stable")
    told = (
        {"source_row": "行号", "reason_zh": "原因"}
        if lang == "zh"
        else {"source_row": "Row", "reason_en": "Reason"}
    )
    hidden = {"reason", "reason_zh", "reason_en"} - set(told)
    kept = [column for column in rejects.columns if column not in hidden]
    return rejects[kept].rename(columns=told).astype(str)
