"""Scenario files side by side: what each comes to, which site is in which, and what each loses in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from siting.errors import Finding, Findings
from siting.robustness import Regret, difference, regret
from siting.scenario.solving import Answer


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    Answers to scenario files, held against each other.

    Parameters
    ----------
    sides
        A row per scenario, by the name of its file: ``title_zh title_en model status objective
        bound gap n_sites``, and ``change``, its objective less that of the first scenario [unit of
        the objective], NaN where the models differ.
    sites
        Which site is in which scenario, see `siting.robustness.difference`.
    regret
        What each layout loses where another scenario comes true, see `siting.robustness.regret`;
        None where models or candidates differ, or a layout is not proven.
    """

    sides: pd.DataFrame
    sites: pd.DataFrame
    regret: Regret | None


def compare_scenarios(answers: Sequence[Answer]) -> Comparison:
    """
    Lay the answers to scenario files side by side.

    Parameters
    ----------
    answers
        Two or more, as `solve_scenario` gives them.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If there are fewer than two, two files have one name, or no candidate is in all.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from siting.scenario import read_scenario, solve_scenario
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "s.csv").write_text("x,a,b;n,8,9;s,5,4".replace(";", chr(10)))
    ...     for n in (1, 2):
    ...         text = f'scores = "s.csv"' + chr(10) + f"n_zones = {n}"
    ...         _ = Path(folder, f"{n}.toml").write_text(text)
    ...     files = [Path(folder, f"{n}.toml") for n in (1, 2)]
    ...     found = compare_scenarios([solve_scenario(read_scenario(one)) for one in files])
    >>> found.sides["objective"].tolist(), found.sides["change"].tolist()
    ([9.0, 14.0], [0.0, 5.0])
    >>> found.sites.index.tolist(), found.sites["1"].tolist(), found.sites["2"].tolist()
    ([('n', 'b'), ('s', 'a')], [True, False], [True, True])
    """
    named = {one.question.file.stem: one for one in answers}
    check_names([one.question.file.name for one in answers])
    layouts = {name: one.layout for name, one in named.items()}
    first = next(iter(layouts.values()))
    rows = [
        {
            "title_zh": one.question.title[0],
            "title_en": one.question.title[1],
            "model": one.layout.model,
            "status": one.layout.status,
            "objective": one.layout.objective,
            "bound": one.layout.bound,
            "gap": one.layout.gap,
            "n_sites": len(one.layout.sites),
            "change": one.layout.objective - first.objective
            if one.layout.model == first.model
            else float("nan"),
        }
        for one in named.values()
    ]
    sites = difference(layouts)
    asked = [one.question for one in layouts.values() if one.question is not None]
    alike = len({(one.model, one.sites) for one in asked}) == 1
    proven = all(one.status == "optimal" for one in layouts.values())
    return Comparison(
        pd.DataFrame(rows, index=pd.Index(list(named), name="scenario")),
        sites,
        regret(layouts) if alike and proven else None,
    )


def check_names(files: Sequence[str]) -> None:
    """Refuse fewer than two scenario files, and two that go by one name; each names a folder."""
    stems = [name.rsplit(".", 1)[0].casefold() for name in files]
    found = Findings(
        Finding(
            "E-TOML-08",
            "几个情景文件同名",
            "请改名，使每个文件的名称不同",
            "several scenario files have this name",
            "Rename them, so that each has a name of its own",
            file=name,
        )
        for name, stem in dict(zip(files, stems, strict=True)).items()
        if stems.count(stem) > 1
    )
    if len(files) < 2:
        found.append(
            Finding(
                "E-TOML-09",
                "只有一个情景，无从比较",
                "请给两个以上的情景文件",
                "one scenario alone cannot be compared",
                "Give two scenario files or more",
                file=files[0] if files else "",
            )
        )
    found.stop()
