"""The briefing from two plans: chapters to files, and the page over them, in one folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from siting.alignment import Comparison, compare, read_field_crosswalk
from siting.briefing.alignment import alignment_chapter
from siting.briefing.brought import Firms, Over, bring, brought_chapter, with_firms
from siting.briefing.concentration import census_chapter
from siting.briefing.inputs import attribution, making, read_all, read_study, sources_table
from siting.briefing.plans import colour_alike, plan_chapter, short_name
from siting.briefing.publishing import READING, publish
from siting.briefing.story import Block, Chapter, Items, Story, Table
from siting.briefing.words import LIMITS, said
from siting.briefing.zones import zones_chapter
from siting.plan import Plan
from siting.points import Points
from siting.schema import Lang, check_lang
from siting.study import Study, study_plan


def write_briefing(
    out: str | os.PathLike[str],
    *,
    city: str | Plan = "shanghai-2022",
    district: str | Plan = "jiading-2023",
    boundaries: str | os.PathLike[str] | gpd.GeoDataFrame | None = None,
    frame: str = "wgs84",
    fields: str | os.PathLike[str] | None = None,
    points: str | os.PathLike[str] | Points | None = None,
    points_by: str | None = None,
    points_weight: str | None = None,
    points_frame: str | None = None,
    points_options: Mapping[str, Any] | None = None,
    points_over: Over | None = None,
    office: bool = False,
    lang: Lang = "zh",
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """
    Write the briefing of a city's plan and a district's plan as one folder that opens offline.

    Parameters
    ----------
    out
        The folder: index.html, maps/, figures/, tables.xlsx, layers.gpkg and manifest.json are written
        in it.
    city, district
        What `siting.plan.read_plan` takes, or Plans.
    boundaries, frame
        Outlines of the district's towns, as `siting.places.read_places` takes them; needed for
        every district but 嘉定区.
    fields
        Which fields of the two plans answer each other: a .csv or .xlsx as
        `siting.alignment.read_field_crosswalk` takes it; without it the bundled judgement, or else
        equal names, and the page says that nobody has looked at those.
    points
        A table of firms: what `siting.points.read_points` takes or gives. Their chapter follows that
        on the census: by towns of the district if at least half of those in the city lie there, else
        by districts of the city. The chapter says which, and lists the rows that are left out.
    points_by
        Column of the sector; the one that is recognised by its heading without it.
    points_weight
        Column of the size; each firm counts as one without it.
    points_frame
        Frame of the coordinates in the file, ``wgs84`` without it.
    points_options
        What else `siting.points.read_points` shall know of the file: ``columns``, ``sheet``,
        ``encoding``, ``swap``, ``missing_weight``, ``dedupe``, by their names.
    points_over
        ``district`` or ``city``: whose places the firms are counted in, whatever most of them say.
    office
        Whether briefing.docx and briefing.pptx are written as well.
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
        If a plan, the crosswalk or the table of firms is not right, or the options are not.
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

    def tell() -> Story:
        firms, whole, part, judged = read_all(
            lambda: bring(
                points,
                by=points_by,
                weight=points_weight,
                frame=points_frame,
                options=points_options,
                over=points_over,
            ),
            lambda: study_plan(city),
            lambda: read_study(district, boundaries, frame),
            lambda: None if fields is None else read_field_crosswalk(fields),
        )
        both = compare(whole.plan, part.plan, fields=judged)
        say = None if progress is None else lambda line: progress(READING + line.partition(" ")[2])
        return _story(
            (whole, part),
            (city, district),
            both,
            boundaries=boundaries,
            fields=fields,
            lang=lang,
            firms=firms,
            progress=say,
        )

    return publish(out, tell, overwrite=overwrite, office=office, progress=progress)


def _story(
    studies: tuple[Study, Study],
    given: tuple[str | Plan, str | Plan],
    both: Comparison,
    *,
    boundaries: Any,
    fields: str | os.PathLike[str] | None,
    lang: Lang,
    firms: Firms | None,
    progress: Callable[[str], None] | None,
) -> Story:
    """Return what the briefing tells of a city's and a district's plan, chapter after chapter."""
    whole, part = colour_alike(*studies)
    used: set[str] = {"alignment", "alignment.html"}
    name = short_name(part.plan, lang)
    chapters = [
        plan_chapter(study, lang, used, number=i) for i, study in enumerate((whole, part), 1)
    ]
    chapters += [one for one in (census_chapter(whole, lang),) if one is not None]
    if firms is not None:
        chapters.append(brought_chapter(firms, whole, part, lang))
    chapters.append(alignment_chapter(both, whole, part, lang, name=name))
    leading = zones_chapter(whole, part, lang, name=name, progress=progress)
    chapters += [] if leading is None else [leading]
    listed = sources_table([whole, part], given, boundaries, lang, fields=fields)
    if firms is not None:
        listed = with_firms(listed, firms, lang)
    chapters.append(_sources(chapters, [whole, part], listed, lang))
    zh = lang == "zh"
    credit = attribution([whole, part], boundaries, lang, fields=fields)
    facts = making([whole, part], given, boundaries=boundaries, fields=fields)
    if firms is not None:
        credit = f"{credit}{'；' if zh else '; '}{firms.points.report.file}"
        facts["inputs"] |= firms.inputs
    return Story(
        lang,
        "未来产业集群布局简报" if zh else "Where the future-industry clusters are planned",
        "规划了什么，落在哪里，哪里重叠，区是否跟上市，先导区放在哪里。每个数字都能点到条款、来源或算法。"
        if zh
        else "What is planned, where, what overlaps, whether the district follows, and where leading "
        "zones could go. Each number leads to its clause, its source or its proof.",
        tuple(chapters),
        credit,
        facts,
    )


def _sources(
    chapters: list[Chapter], studies: list[Study], table: pd.DataFrame, lang: Lang
) -> Chapter:
    """Return the last chapter: what the numbers cannot say, and where they come from."""
    zh = lang == "zh"
    colon = "：" if zh else ": "
    notes = [
        f"{chapter.short}{colon}{note}"
        for chapter, study in zip(chapters, studies, strict=False)
        for note in study.places.attrs.get(f"notes_{lang}", ())
    ]
    blocks: tuple[Block, ...] = (
        Items((*(said(key, lang) for key in LIMITS), *notes)),
        # Notes and checksums are too wide for a page; the workbook and the manifest have them.
        Table("sources", table.iloc[:, :7], "page"),
        Table("sources_full", table, "workbook"),
    )
    title = "来源与限制" if zh else "Sources and limits"
    return Chapter("sources", title, title, blocks)
