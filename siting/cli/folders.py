"""The words that write a folder: the briefing, a table of firms, a layout under conditions."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siting.cli.telling import print_frame, say
from siting.errors import stop, visible

if TYPE_CHECKING:
    import argparse


def briefing(asked: argparse.Namespace) -> None:
    """Write the briefing of two plans, and of a table of firms where there is one."""
    from siting.briefing import write_briefing

    out = write_briefing(
        asked.out,
        city=asked.city,
        district=asked.district,
        boundaries=asked.boundaries,
        frame=asked.frame,
        points=asked.points,
        points_by=asked.points_by,
        points_weight=asked.points_weight,
        points_frame=asked.points_frame,
        **_folder(asked),
    )
    done(out, asked)


def concentration(asked: argparse.Namespace) -> None:
    """Write what a table of firms says."""
    from siting.briefing import write_concentration

    columns = dict(one.split("=", 1) for one in asked.column) if asked.column else None
    out = write_concentration(
        asked.out,
        asked.file,
        by=asked.by,
        weight=asked.weight,
        level=asked.level,
        within=asked.within,
        vintage=asked.vintage,
        boundaries=asked.boundaries,
        frame=asked.frame,
        columns=columns,
        encoding=asked.encoding,
        sheet=asked.sheet,
        **_folder(asked),
    )
    done(out, asked)


def layout(asked: argparse.Namespace) -> None:
    """Solve what a file of conditions asks, print the sites and how sure they are, write the folder."""
    from siting.cli.example import EXAMPLE

    if asked.example:
        print(EXAMPLE, end="")
        return
    if asked.conditions is None:
        stop(
            code="E-CLI-01",
            reason="没有给条件文件",
            reason_en="no file of conditions is given",
            fix="请写 siting layout 条件.toml；siting layout --example > 条件.toml 给出例子",
            fix_en="Write siting layout CONDITIONS.toml; siting layout --example > CONDITIONS.toml makes one",
        )
    from siting.briefing.layout import write_layout

    out = write_layout(
        asked.out,
        asked.conditions,
        **_folder(asked),
    )
    _print_layout(out, asked.lang)
    done(out, asked)


def _folder(asked: argparse.Namespace) -> dict[str, Any]:
    """Return what every folder is written with."""
    return {
        "office": asked.office,
        "lang": asked.lang,
        "overwrite": asked.overwrite,
        "progress": partial(say, lang=asked.lang),
    }


def _print_layout(out: Path, lang: str) -> None:
    """Print the layout from the manifest: what is printed is what was written."""
    import json

    import pandas as pd

    made = json.loads((out / "manifest.json").read_text("utf-8"))["layout"]
    print(visible(made["reading"], 400))
    heads = ["place", "cluster"] if made["model"] == "assign_zones" else ["site"]
    table = pd.DataFrame(made["sites"], columns=[f"{one}_id" for one in heads])
    for i, head in enumerate(heads):
        table.insert(2 * i, head, [names[i] for names in made["names"]])
    print_frame(table)


def done(out: Path, asked: argparse.Namespace) -> None:
    """Print the page, and show it in a browser where that was asked for."""
    page = out / "index.html"
    print(page)
    if asked.open:
        import webbrowser

        if not webbrowser.open(page.resolve().as_uri()):
            say(
                "打不开浏览器，请自行打开上面的文件 / no browser opens; open the file above",
                asked.lang,
            )
