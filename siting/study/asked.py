"""
A file of conditions (.toml) to a layout: a bundled case, scores of one's own, or one of four models.

Every file that a key names stands beside the .toml. Places go by name or code, clusters by name or id.
Tables are .csv or .xlsx: names in the first column and the first row, numbers elsewhere.

For all: ``title``, ``fixed``, ``forbidden`` (names, or ``[place, cluster]`` for zones), ``groups`` (a
table, or a file of two columns), ``group_min``, ``group_max`` (a number, or a table by group),
``within`` (share of the objective that counts as nearly as good), ``ties``, ``time_limit_s``.

``case = "city"`` or ``"district"``: the bundled studies. ``plan``, ``boundaries``, ``frame``,
``n_zones``, ``per_cluster`` (a number, ``[least, most]``, or a table by cluster; clusters that a table
leaves out keep theirs), ``per_place``, ``min_spacing_km``, ``weights`` (of jobs, evidence, land). In
the city the groups are its districts; ``fixed`` takes the place of the zones that the plan names.

``scores = "scores.csv"``: places x clusters, blank where no zone is allowed. ``n_zones``,
``per_cluster``, ``per_place``, ``distance`` (places x places [m]), ``min_spacing_km``.

``model = "p_median"``, ``"max_coverage"``, ``"set_coverage"`` or ``"p_center"``: ``distance`` (demand x
sites [m]), ``p``, ``radius_m``, ``weights``, ``capacity``, ``demand`` (tables, or files of two columns),
``existing``, ``site_distance`` (sites x sites [m]), ``min_spacing_km``, ``cover_within_m``,
``cover_share``, ``unreachable``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from siting import layout as models
from siting.errors import InfeasibleLayoutError, InputError, stop
from siting.files import local_file
from siting.layout import Layout
from siting.robustness import importance
from siting.schema import Lang, check_lang
from siting.sheets import read_text
from siting.study.asked_cases import case_question
from siting.study.asked_tabled import model_question, score_question
from siting.study.asked_terms import check_terms
from siting.study.asked_values import Question, Refusals
from siting.study.zones import ZoneStudy, study_zones

MAX_BYTES = 2**20  # conditions are some lines


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


def read_conditions(path: str | os.PathLike[str]) -> Question:
    """
    Read a file of conditions and every table that it names.

    Parameters
    ----------
    path
        A .toml file; the words above say what it may hold.

    Returns
    -------
    Question

    Raises
    ------
    InputError
        If it is no TOML (with the line), a key is not known or missing, a value is of another kind,
        a name is unknown, or a table is not one of numbers: all such findings at once.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "s.csv").write_text("x,a,b;n,8,9;s,5,4".replace(";", chr(10)))
    ...     file = Path(folder, "c.toml")
    ...     _ = file.write_text('scores = "s.csv"' + chr(10) + "n_zones = 2")
    ...     solve_conditions(read_conditions(file)).layout.sites
    [('n', 'b'), ('s', 'a')]
    """
    file = local_file(path, suffixes=(".toml",))
    given = _parsed(file)
    wrong = Refusals(file.name)
    kind = check_terms(given, wrong)
    try:
        if kind == "case":
            return case_question(given, file, wrong)
        if kind == "scores":
            return score_question(given, file, wrong)
        return model_question(kind, given, file, wrong)
    except InputError as error:
        raise _of_file(error, file.name) from error


def solve_conditions(
    question: Question,
    *,
    lang: Lang = "zh",
    progress: Callable[[float, float, float], None] | None = None,
) -> Answer:
    """
    Solve what a file of conditions asks.

    Parameters
    ----------
    question
        As `read_conditions` gives it.
    lang
        Language of names in the words of conditions.
    progress
        Called with seconds, best objective and bound, from 2 s on.

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
            return Answer(question, layout, study_zones(case, within=question.within))
        return Answer(question, layout, firmness=importance(layout, within=question.within))
    except InfeasibleLayoutError:
        raise
    except InputError as error:
        raise _of_file(error, question.file.name) from error


def _called(question: Question, lang: Lang) -> dict[str, str]:
    if question.names is None:
        return {}
    named = question.names[f"name_{lang}"]
    return {str(key): str(name) for key, name in named.items()}


def _parsed(file: Path) -> Mapping[str, Any]:
    """Return the keys of a file, or stop where it is no TOML."""
    if file.stat().st_size > MAX_BYTES:
        _no_toml(
            file.name, "", "文件超过 1 MB，不像条件文件", "more than 1 MB: no file of conditions"
        )
    text = read_text(file).removeprefix("\ufeff")
    try:
        return tomllib.loads(text)
    except RecursionError:
        _no_toml(file.name, "", "括号嵌套过深", "brackets are nested too deeply")
    except ValueError as error:  # TOMLDecodeError is one; a number of 5,000 digits another
        said = str(error)
        line = re.search(r"line (\d+)", said)
        row = int(line.group(1)) if line else len(text.splitlines())
        _no_toml(file.name, said, "不是正确的 TOML", "not correct TOML", row=row)


def _no_toml(file: str, value: str, zh: str, en: str, *, row: int | None = None) -> NoReturn:
    stop(
        code="E-TOML-01",
        file=file,
        row=row,
        value=value,
        reason=zh,
        reason_en=en,
        fix='请对照 siting layout --example：每行 键 = 值，文字加英文引号，如 case = "city"',
        fix_en='Compare siting layout --example: key = value on each line, text in quotes, as case = "city"',
    )


def _of_file(error: InputError, file: str) -> InputError:
    """Return the error with the name of the file in each finding that has none."""
    return type(error)([replace(one, file=one.file or file) for one in error.findings])
