"""The folder on a layout that a file of conditions asks for: page, map, tables, and the answer in the manifest."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from siting import figures, geodata, maps
from siting.briefing.chosen import (
    ZONES,
    firmness_blocks,
    names,
    reading,
    served_blocks,
    sites_table,
    word,
)
from siting.briefing.folder import digest
from siting.briefing.inputs import SEED
from siting.briefing.plans import short_name
from siting.briefing.publishing import publish
from siting.briefing.story import Block, Chapter, Heading, Items, Picture, Story, Table, Text
from siting.briefing.words import said
from siting.briefing.zones import zone_blocks
from siting.scenario import Answer, read_scenario, solve_scenario
from siting.schema import Lang, check_lang


def write_layout(
    out: str | os.PathLike[str],
    path: str | os.PathLike[str],
    *,
    office: bool = False,
    lang: Lang = "zh",
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """
    Solve what a file of conditions asks, and write the answer as a folder that opens offline.

    Parameters
    ----------
    out
        The folder: index.html, maps/, figures/ where there are any, tables.xlsx and manifest.json,
        which holds the layout too.
    path
        A .toml file; `siting.scenario` says what it may hold.
    office, lang, overwrite, progress
        As `siting.briefing.write_briefing`.

    Returns
    -------
    out

    Raises
    ------
    InputError
        If the conditions or a table are not right.
    InfeasibleLayoutError
        If the conditions clash: it carries the smallest clashing set and the least change.
    OutputError
        If the folder cannot be written; nothing in it has changed then.
    """
    check_lang(lang)

    def tell() -> Story:
        question = read_scenario(path)
        answer = solve_scenario(question, lang=lang, progress=listened(progress), steps=progress)
        return layout_story(answer, lang)

    return publish(out, tell, overwrite=overwrite, office=office, progress=progress)


def listened(told: Callable[[str], None] | None) -> Callable[[float, float, float], None] | None:
    """Return what turns seconds, best and bound into words for whoever listens."""
    if told is None:
        return None

    def listen(seconds: float, best: float, bound: float) -> None:
        shown = f"{best:.6g}, {bound:.6g}"
        told(
            f"已求解 {seconds:.0f} 秒，最好值和界：{shown} / {seconds:.0f} s, best and bound: {shown}"
        )

    return listen


def layout_story(answer: Answer, lang: Lang) -> Story:
    """Return the story of one layout: its chapter, sources, and facts for the manifest."""
    zh = lang == "zh"
    question = answer.question
    credit, inputs = sources_of([answer], lang)
    return Story(
        lang,
        question.title[not zh],
        f"按 {question.file.name} 的条件求解；不是规划内容。"
        if zh
        else f"What the conditions in {question.file.name} lead to; no part of any plan.",
        (layout_chapter(answer, lang),),
        credit,
        {
            "plans": [] if question.study is None else [question.study.plan.id],
            "vintages": {
                "places": None if question.places is None else question.places.attrs.get("vintage")
            },
            "seed": SEED,
            "inputs": inputs,
            "layout": layout_facts(answer, lang),
        },
    )


def sources_of(answers: Sequence[Answer], lang: Lang) -> tuple[str, dict[str, str]]:
    """Return the credit line of some layouts, and the sha256 of each file that they rest on."""
    zh = lang == "zh"
    own = {one.name: digest(one) for answer in answers for one in answer.question.files}
    known, bundled = set(geodata.register()["file"]), dict[str, None]()
    for answer in answers:
        places = answer.question.places
        named = [] if places is None else places.attrs.get("sources", ())
        bundled |= dict.fromkeys(one for one in named if one in known)
    credit = ("、" if zh else ", ").join(own)
    if bundled:
        credit += ("；" if zh else "; ") + geodata.attribution(list(bundled), lang=lang)
    return credit, own | {one: digest(geodata.path(one)) for one in bundled}


def layout_chapter(answer: Answer, lang: Lang) -> Chapter:
    """Return the chapter on a layout: of a bundled case all that is told there, else what is known."""
    zh = lang == "zh"
    question, layout = answer.question, answer.layout
    blocks: list[Block] = []
    if answer.zones is not None and question.study is not None:
        called = short_name(question.study.plan, lang)
        blocks += [Text(said("zones", lang), note=True)]
        blocks += zone_blocks(answer.zones, question.study, lang, name=called)
    else:
        blocks += [Text(reading(answer, lang))]
        if question.said:
            blocks += [
                Heading("假设" if zh else "Assumptions"),
                Items(tuple(one[not zh] for one in question.said)),
            ]
        blocks += [
            *layout_picture(answer, lang, "layout", question.title[not zh]),
            Table("layout_sites", sites_table(answer, lang)),
            *served_blocks(answer, lang),
            *firmness_blocks(answer, lang),
        ]
    blocks += [
        Heading("条件" if zh else "Conditions"),
        Items(tuple(word(one, lang) for one in layout.conditions)),
        Heading("起约束作用的条件" if zh else "Conditions that bind"),
        Items(
            tuple(word(one, lang) for one in layout.binding)
            or (
                (
                    "没有一条单独挡住更好的方案"
                    if zh
                    else "None alone stands in the way of a better layout"
                ),
            )
        ),
    ]
    return Chapter("layout", question.title[not zh], "布局" if zh else "Layout", tuple(blocks))


def layout_picture(answer: Answer, lang: Lang, name: str, title: str) -> list[Block]:
    """Return the map, where sites and demand are places or lie in them."""
    layout, question = answer.layout, answer.question
    if question.places is None:
        return []
    shown: dict[str, Any] = {"title": title, "lang": lang, "source": question.file.name}
    shown["firmness"] = None if answer.firmness is None else answer.firmness["kind"]
    shown |= drawn_with(answer)
    if "demand" in shown:
        shown["distance"] = question.table
        shown["radius_m"] = question.numbers[0] if layout.model.endswith("coverage") else None
    drawn = maps.layout_map(layout, question.places, **shown)
    printed = partial(figures.layout_figure, layout, question.places, **shown)
    return [Picture(name, title, map=drawn, figure=printed)]


def drawn_with(answer: Answer) -> dict[str, Any]:
    """Return what its map takes beside places: lead clusters and candidates of zones, or the demand."""
    question = answer.question
    if answer.layout.model == ZONES and question.clusters is not None:
        return {"clusters": question.clusters, "sites": question.sites}
    weights = question.options.get("weights")
    return {"demand": None if weights is None else pd.Series(weights, dtype="float64")}


def layout_facts(answer: Answer, lang: Lang) -> dict[str, Any]:
    """Return the layout for the manifest: plain values, names in the language of the page."""
    layout = answer.layout
    called = names(answer, lang)
    pairs = [one if isinstance(one, tuple) else (one,) for one in layout.sites]
    return {
        "model": layout.model,
        "status": layout.status,
        "objective": _plain(layout.objective),
        "bound": _plain(layout.bound),
        "gap": _plain(layout.gap),
        "sites": [list(map(str, one)) for one in pairs],
        "names": [[called(part) for part in one] for one in pairs],
        "reading": reading(answer, lang),
    }


def _plain(value: float) -> float | None:
    return float(value) if isfinite(value) else None
