"""The chapter on leading zones: where they go, how firm that is, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from siting import figures, geodata, maps, tables
from siting.briefing.concentration import CENSUS
from siting.briefing.inputs import TOWN_JOBS
from siting.briefing.story import Block, Chapter, Heading, Items, Picture, Table, Text
from siting.briefing.words import said, titled
from siting.cartography import vintage
from siting.errors import InputError
from siting.schema import Lang
from siting.study import Study, ZoneCase, ZoneStudy, city_zones, district_zones, study_zones

_FILES = {  # what the scores of a case are made from
    "city": (CENSUS, "tables/districts.csv"),
    "district": (TOWN_JOBS, "tables/towns.csv"),
}


def zones_chapter(
    city: Study,
    district: Study,
    lang: Lang,
    *,
    name: str,
    progress: Callable[[str], None] | None = None,
) -> Chapter | None:
    """
    Return the chapter on both cases; a case without bundled figures is left out, both: no chapter.

    Parameters
    ----------
    city, district, lang
        The studies, and the language.
    name
        Of the district.
    progress
        As `siting.study.study_zones`.
    """
    zh = lang == "zh"
    blocks: list[Block] = []
    answers: list[str] = []
    for make, study, called in (
        (city_zones, city, "上海市" if zh else "Shanghai"),
        (district_zones, district, name),
    ):
        told, answer = _told(make, study, lang, name=called, progress=progress)
        blocks += told
        answers += [answer] if answer else []
    if not blocks:
        return None
    title = "先导区放在哪里" if zh else "Where the leading zones could go"
    intro = Text(said("zones", lang), note=True)
    return Chapter(
        "zones",
        title,
        "先导区" if zh else "Leading zones",
        (intro, *blocks),
        answer=("" if zh else " ").join(answers),
    )


def _told(
    make: Callable[[Study], ZoneCase],
    study: Study,
    lang: Lang,
    *,
    name: str,
    progress: Callable[[str], None] | None,
) -> tuple[list[Block], str]:
    """Return what is told of one case; nothing without figures, and why where no layout is possible."""
    try:
        case = make(study)
    except InputError:
        return [], ""
    try:
        found = study_zones(case, progress=progress)
        answer = tables.layout_answer(found, lang=lang)
        return zone_blocks(found, study, lang, name=name), answer
    except InputError as error:  # conditions that clash, or do not fit a plan of the user's own
        zh = lang == "zh"
        heading = f"{name}：{case.title[0]}" if zh else f"{name}: {case.title[1]}"
        return [Heading(heading), Text(said("no_layout", lang)), Text(error.text(lang))], ""


def zone_blocks(found: ZoneStudy, study: Study, lang: Lang, *, name: str) -> list[Block]:
    """Return what is told of one case."""
    zh = lang == "zh"
    case = found.case
    clause = {("条款" if zh else "Clause"): study.plan.id}
    layout, scenarios = f"{case.id}_layout", f"{case.id}_scenarios"
    files = _FILES.get(case.id, ())
    return [
        Heading(f"{name}：{case.title[0]}" if zh else f"{name}: {case.title[1]}"),
        Text(tables.layout_reading(found, lang=lang), basis=(layout,)),
        Items(tuple(one[not zh] for one in case.assumptions), study.plan.id, files),
        _map(found, study, lang, name=name),
        Table(
            layout,
            tables.layout_table(found, lang=lang),
            clauses=clause,
            basis=files,
        ),
        Text(tables.adding_reading(found, lang=lang), basis=(layout,)),
        Table(scenarios, tables.scenario_table(found, lang=lang), basis=(layout,)),
        Table(
            f"{case.id}_regret", tables.regret_table(found, lang=lang), "folded", basis=(scenarios,)
        ),
        *_front(found, study, lang, name=name),
        Table(
            f"{case.id}_firmness",
            tables.firmness_table(found, lang=lang),
            "folded",
            basis=(layout,),
        ),
        Table(
            f"{case.id}_front", tables.front_table(found, lang=lang), "workbook", basis=(layout,)
        ),
    ]


def _map(found: ZoneStudy, study: Study, lang: Lang, *, name: str) -> Picture:
    """Return the map: a zone stands in its place, a named one in the place that it lies in."""
    case = found.case
    zh = lang == "zh"
    title = f"{name}：{case.title[0]}" if zh else f"{name}: {case.title[1]}"
    inside = maps.layout_map(
        found.layout,
        study.places,
        clusters=case.clusters,
        sites=case.candidates,
        firmness=found.near.frequency,
        title=title,
        lang=lang,
        source=titled(study.plan, lang),
    )
    return Picture(
        f"zones-{case.id}",
        title,
        map=inside,
        figure=partial(
            figures.layout_figure,
            found.layout,
            study.places,
            clusters=case.clusters,
            sites=case.candidates,
            firmness=found.near.frequency,
            title=title,
            lang=lang,
            source=titled(study.plan, lang),
        ),
        basis=(f"{case.id}_layout",),
    )


def _front(found: ZoneStudy, study: Study, lang: Lang, *, name: str) -> list[Block]:
    """Return the picture of the trade between the two criteria, where there is one."""
    if found.front is None or found.case.second is None or len(found.front.points) < 2:
        return []
    zh = lang == "zh"
    second = found.case.second[0][not zh]
    points = found.front.points
    table = pd.DataFrame(
        {
            "x": points["objective"],
            "y": points["score"],
            "label": [str(i + 1) for i in points.index],
        }
    )
    files = list(_FILES.get(found.case.id, ()))
    made_from = [titled(study.plan, lang), geodata.attribution(files, lang)]
    source = ("；" if zh else "; ").join([*filter(None, made_from), *vintage(study.places, lang)])
    title = f"{name}：总分与{second}的取舍" if zh else f"{name}: total traded against {second}"
    return [
        Picture(
            f"zones-{found.case.id}-front",
            title,
            figure=partial(
                figures.pareto_figure,
                table,
                title=title,
                x_title="总分" if zh else "Total",
                y_title=second,
                chosen=[0],
                better=("more", "more"),
                lang=lang,
                source=source,
            ),
            basis=(f"{found.case.id}_layout",),
        )
    ]
