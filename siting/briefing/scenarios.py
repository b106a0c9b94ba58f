"""The folder on several scenario files: a page that lays them side by side, and a folder for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from siting import figures
from siting.briefing.chosen import AIMS, names, reading
from siting.briefing.inputs import SEED
from siting.briefing.layout import (
    drawn_with,
    layout_facts,
    layout_picture,
    layout_story,
    listened,
    sources_of,
)
from siting.briefing.publishing import publish
from siting.briefing.story import Block, Chapter, Heading, Items, Picture, Story, Table, Text
from siting.errors import Findings, InputError
from siting.figures.scenarios import MOST
from siting.layout.labels import number
from siting.robustness import Regret
from siting.scenario import (
    Answer,
    Comparison,
    Question,
    compare_scenarios,
    read_scenario,
    solve_scenario,
)
from siting.scenario.comparing import check_names
from siting.schema import Lang, check_lang


def write_scenarios(
    out: str | os.PathLike[str],
    paths: Sequence[str | os.PathLike[str]],
    *,
    office: bool = False,
    lang: Lang = "zh",
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """
    Solve several scenario files, and write them side by side, each with a folder of its own as well.

    Parameters
    ----------
    out
        The folder: index.html and tables.xlsx hold the scenarios side by side and their difference;
        the folder named after each file holds what `siting.briefing.write_layout` writes of it.
    paths
        Two .toml files or more; `siting.scenario` says what they may hold.
    office, lang, overwrite, progress
        As `siting.briefing.write_briefing`.

    Returns
    -------
    out

    Raises
    ------
    InputError
        If a file or a table is not right: what is wrong with all of them is said at once.
    InfeasibleLayoutError
        If the conditions of one clash.
    OutputError
        If a folder cannot be written.
    """
    check_lang(lang)
    files = [Path(path) for path in paths]
    check_names([one.name for one in files])
    answers: list[Answer] = []

    def tell() -> Story:
        answers.extend(
            solve_scenario(question, lang=lang, progress=listened(progress), steps=progress)
            for question in _read(files)
        )
        return _story(answers, compare_scenarios(answers), lang)

    shared: dict[str, Any] = {"office": office, "overwrite": overwrite, "progress": progress}
    folder = publish(out, tell, **shared)
    for answer in answers:
        own = folder / answer.question.file.stem
        publish(own, partial(layout_story, answer, lang), **shared)
    return folder


def _read(files: Sequence[Path]) -> list[Question]:
    """Return what all files ask, or raise InputError with what is wrong with any."""
    found, asked = Findings(), []
    for file in files:
        try:
            asked.append(read_scenario(file))
        except InputError as error:
            found.extend(error.findings)
    found.stop()
    return asked


def _story(answers: Sequence[Answer], made: Comparison, lang: Lang) -> Story:
    zh = lang == "zh"
    title = "情景对照" if zh else "Scenarios side by side"
    credit, inputs = sources_of(answers, lang)
    called = _called(answers, lang)
    blocks: list[Block] = [
        Items(tuple(f"{_name(one, lang)}：{reading(one, lang)}" for one in answers)),
        Table("scenario_sides", _sides(made, lang)),
        Heading("差别" if zh else "The difference"),
        Text(_difference(made, lang)),
        Table("scenario_sites", _sites(made, called, lang)),
    ]
    if made.regret is not None:
        blocks.append(Table("scenario_regret", _regret(made.regret, lang)))
    blocks += _side_by_side(answers, title, lang)
    for k, one in enumerate(answers, 1):
        blocks += layout_picture(one, lang, f"scenario-{k}", _name(one, lang))
    return Story(
        lang,
        title,
        "每个情景的全部图表在以其文件命名的文件夹里；不是规划内容。"
        if zh
        else "All maps and tables of a scenario are in the folder named after its file; no part of any plan.",
        (Chapter("scenarios", title, "情景" if zh else "Scenarios", tuple(blocks)),),
        credit,
        {
            "plans": sorted({a.question.study.plan.id for a in answers if a.question.study}),
            "seed": SEED,
            "inputs": inputs,
            "scenarios": [
                {"scenario": one.question.file.stem, **layout_facts(one, lang)} for one in answers
            ],
            "difference": _difference(made, lang),
        },
    )


def _side_by_side(answers: Sequence[Answer], title: str, lang: Lang) -> list[Block]:
    """Return the printed maps of all on one page, where they fit there and are of the same ground."""
    given = [{"places": one.question.places, **drawn_with(one)} for one in answers]
    first, *others = given
    shared = {key: of for key, of in first.items() if all(_same(of, o.get(key)) for o in others)}
    fits = len(answers) <= MOST and all(one.keys() == first.keys() for one in others)
    if not fits or first["places"] is None or not first.keys() <= {*shared, "demand"}:
        return []
    printed = partial(
        figures.scenario_figure,
        {_name(one, lang): one.layout for one in answers},
        **shared,
        title=title,
        lang=lang,
        source=("、" if lang == "zh" else ", ").join(one.question.file.name for one in answers),
    )
    return [Picture("scenarios", title, figure=printed)]


def _same(one: Any, other: Any) -> bool:
    return one is other or (one is not None and bool(one.equals(other)))


def _name(answer: Answer, lang: Lang) -> str:
    file, title = answer.question.file.stem, answer.question.title[lang != "zh"]
    return f"{file}（{title}）" if lang == "zh" else f"{file} ({title})"


def _called(answers: Sequence[Answer], lang: Lang) -> Callable[[object], str]:
    """Return what an id is called by the first scenario that has a name for it."""

    def called(label: object) -> str:
        if isinstance(label, tuple):
            return "·".join(map(called, label))
        known = (names(one, lang)(label) for one in answers)
        return next((one for one in known if one != str(label)), str(label))

    return called


def _sides(made: Comparison, lang: Lang) -> pd.DataFrame:
    zh = lang == "zh"
    sides = made.sides
    heads = (
        ("情景", "标题", "目标", "目标值", "与第一个之差", "与最优的差距（%）", "选定个数")
        if zh
        else ("Scenario", "Title", "Aim", "Value", "Less the first", "Gap (%)", "Chosen")
    )
    columns: tuple[Any, ...] = (
        sides.index,
        sides["title_zh" if zh else "title_en"],
        [AIMS[model][not zh] for model in sides["model"]],
        sides["objective"],
        sides["change"],
        100 * sides["gap"],
        sides["n_sites"],
    )
    return pd.DataFrame({head: list(one) for head, one in zip(heads, columns, strict=True)})


def _difference(made: Comparison, lang: Lang) -> str:
    """Return in words how many sites the scenarios share, and what else differs."""
    shared, all_ = int(made.sites["everywhere"].sum()), len(made.sites)
    changes = made.sides["change"].iloc[1:].dropna()
    if lang == "zh":
        said = f"各情景共选了 {all_} 个不同的点，其中 {shared} 个每个情景都选"
        more = "；".join(f"{name} 的目标值{_by(one, lang)}" for name, one in changes.items())
        return f"{said}。{more}{'。' if more else ''}"
    said = f"The scenarios choose {all_} different sites; {shared} of them in every scenario"
    more = "; ".join(f"the value of {name} is {_by(one, lang)}" for name, one in changes.items())
    return f"{said}. {more[:1].upper()}{more[1:]}{'.' if more else ''}"


def _by(change: float, lang: Lang) -> str:
    zh = lang == "zh"
    if change == 0:
        return "与第一个情景相同" if zh else "that of the first"
    if zh:
        return f"比第一个情景{'大' if change > 0 else '小'} {number(abs(change))}"
    return f"{number(abs(change))} {'above' if change > 0 else 'below'} the first"


def _sites(made: Comparison, called: Callable[[object], str], lang: Lang) -> pd.DataFrame:
    """Return which site is in which scenario, those that are in all of them last."""
    laid = made.sites.sort_values("everywhere", kind="stable")
    shown: dict[str, list[str]] = {
        "选点" if lang == "zh" else "Site": [called(one) for one in laid.index]
    }
    for name in made.sides.index:
        shown[str(name)] = ["●" if held else "" for held in laid[name]]
    return pd.DataFrame(shown)


def _regret(found: Regret, lang: Lang) -> pd.DataFrame:
    """Return what each layout comes to where another scenario comes true."""
    zh = lang == "zh"
    head = "按此情景选点" if zh else "Laid out for"
    made: Mapping[str, Any] = {
        head: list(found.objective.index),
        **{
            (f"若 {name} 成真" if zh else f"If {name} comes true"): list(found.objective[name])
            for name in found.objective
        },
        ("最大损失（%）" if zh else "Greatest loss (%)"): list(100 * found.worst),
    }
    return pd.DataFrame(made)
