"""A question of a scenario file to its answer: the layout, and how firm it is where that was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from siting import layout as models
from siting.errors import InfeasibleLayoutError, InputError
from siting.layout import Layout
from siting.robustness import importance
from siting.scenario.values import Question, of_file
from siting.schema import Lang, check_lang
from siting.study.zones import ZoneStudy, study_zones


@dataclass(frozen=True, eq=False)
class Answer:
    """
    What was asked, and the layout.

    Parameters
    ----------
    question
        The conditions as they were read.
    layout
        The best layout, or the best found in the time.
    zones
        The whole study of a bundled case; None where there is none.
    firmness
        What each candidate is worth, see `siting.robustness.importance`; None where not looked at.
    """

    question: Question
    layout: Layout
    zones: ZoneStudy | None = None
    firmness: pd.DataFrame | None = None


def solve_scenario(
    question: Question,
    *,
    lang: Lang = "zh",
    progress: Callable[[float, float, float], None] | None = None,
    steps: Callable[[str], None] | None = None,
) -> Answer:
    """
    Solve what a scenario file asks.

    Parameters
    ----------
    question
        As `read_scenario` gives it.
    lang
        Language of names in the words of conditions.
    progress
        Called with seconds, best objective and bound, from 2 s on.
    steps
        Called before each step of the study of a bundled case, see `siting.study.study_zones`.

    Returns
    -------
    Answer

    Raises
    ------
    InputError
        If a number does not fit the tables.
    InfeasibleLayoutError
        If the conditions clash.
    """
    check_lang(lang)
    options = {**question.options, "names": _called(question, lang), "progress": progress}
    try:
        layout = getattr(models, question.model)(question.table, *question.numbers, **options)
        if layout.status != "optimal" or question.within is None:
            return Answer(question, layout)
        if question.case is not None:
            case = replace(question.case, options=options)
            return Answer(
                question, layout, study_zones(case, within=question.within, progress=steps)
            )
        return Answer(question, layout, firmness=importance(layout, within=question.within))
    except InfeasibleLayoutError:
        raise
    except InputError as error:
        raise of_file(error, question.file.name) from error


def _called(question: Question, lang: Lang) -> dict[str, str]:
    if question.names is None:
        return {}
    named = question.names[f"name_{lang}"]
    return {str(key): str(name) for key, name in named.items()}
