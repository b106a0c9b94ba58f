"""A scenario file, and every table that it names, to a question; or everything that is wrong with them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from siting.errors import InputError, stop
from siting.files import local_file
from siting.scenario.cases import case_question
from siting.scenario.own import model_question, score_question
from siting.scenario.terms import check_terms
from siting.scenario.values import Question, Refusals, of_file
from siting.sheets import read_text

MAX_BYTES = 2**20  # conditions are some lines


def read_scenario(path: str | os.PathLike[str]) -> Question:
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
    >>> from siting.scenario import solve_scenario
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "s.csv").write_text("x,a,b;n,8,9;s,5,4".replace(";", chr(10)))
    ...     file = Path(folder, "c.toml")
    ...     _ = file.write_text('scores = "s.csv"' + chr(10) + "n_zones = 2")
    ...     solve_scenario(read_scenario(file)).layout.sites
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
        raise of_file(error, file.name) from error


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
