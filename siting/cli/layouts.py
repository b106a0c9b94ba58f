"""``siting layout``: one file of conditions to its layout, several side by side."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from siting.cli import folders
from siting.cli.folders import done
from siting.cli.telling import print_frame, say
from siting.errors import visible

if TYPE_CHECKING:
    import argparse

    from siting.schema import Lang


def layout(asked: argparse.Namespace) -> None:
    """Solve what one file of conditions asks, or lay several side by side."""
    files = asked.conditions
    if len(files) > 1 and not asked.example:
        compare(asked)
        return
    asked.conditions = files[0] if files else None
    folders.layout(asked)


def compare(asked: argparse.Namespace) -> None:
    """Solve several scenario files, print them side by side with the difference, write the folders."""
    from siting.briefing.scenarios import write_scenarios

    out = write_scenarios(
        asked.out,
        asked.conditions,
        office=asked.office,
        lang=asked.lang,
        overwrite=asked.overwrite,
        progress=partial(say, lang=asked.lang),
    )
    _print_scenarios(out, asked.lang)
    done(out, asked)


def _print_scenarios(out: Path, lang: Lang) -> None:
    """Print the scenarios from the manifest: what is printed is what was written."""
    import json

    import pandas as pd

    from siting.schema import label

    made = json.loads((out / "manifest.json").read_text("utf-8"))
    names: dict[tuple[str, ...], str] = {}
    held: dict[str, set[tuple[str, ...]]] = {}
    for facts in made["scenarios"]:
        scenario = facts["scenario"]
        print(visible(f"{scenario}{'：' if lang == 'zh' else ': '}{facts['reading']}", 400))
        sites = [tuple(site) for site in facts["sites"]]
        names |= dict(zip(sites, map("·".join, facts["names"]), strict=True))
        held[scenario] = set(sites)
    print(visible(made["difference"], 400))
    keys = sorted(names, key=lambda key: (all(key in one for one in held.values()), key))
    table = pd.DataFrame({label("site", lang): [names[key] for key in keys]})
    for scenario, chosen in held.items():
        table[scenario] = ["x" if key in chosen else "" for key in keys]
    print_frame(table)
