"""The words that write a folder: the briefing, a table of firms, a layout under conditions."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siting.cli.telling import print_frame, say
from siting.errors import stop, visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from siting.schema import Lang


def briefing(asked: argparse.Namespace) -> None:
    """Write the briefing of two plans, and of a table of firms where there is one."""
    from siting.briefing import write_briefing

    reading = _reading(asked, "points_")
    own: dict[str, Any] = {"points_options": reading} if reading else {}
    with _stoppable() as check:
        out = write_briefing(
            asked.out,
            **_said(asked, "city", "district", "boundaries", "frame", "fields"),
            **_said(asked, "points", "points_by", "points_weight", "points_frame", "points_over"),
            **own,
            **_folder(asked, check),
        )
    done(out, asked)


def concentration(asked: argparse.Namespace) -> None:
    """Write what a table of firms says."""
    from siting.briefing import write_concentration

    own = {} if asked.boundaries_frame == "wgs84" else {"boundaries_frame": asked.boundaries_frame}
    out = write_concentration(
        asked.out,
        asked.file,
        **_said(asked, "by", "weight", "level", "within", "vintage", "boundaries", "frame"),
        **own,
        **_reading(asked, ""),
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


def _said(asked: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Return options that are called in Python as they are on the command line."""
    return {name: getattr(asked, name) for name in names}


def _reading(asked: argparse.Namespace, prefix: str) -> dict[str, Any]:
    """Return what was said of how to read a table of firms, as `read_points` calls it."""
    columns = getattr(asked, f"{prefix}column")
    options = {"columns": dict(columns) if columns else None}
    for name in ("sheet", "encoding", "swap", "missing_weight", "dedupe"):
        options[name] = getattr(asked, prefix + name)
    return {name: value for name, value in options.items() if value is not None}


def _folder(asked: argparse.Namespace, check: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Return what every folder is written with; `check` is called before each step."""

    def progress(line: str) -> None:
        check()
        say(line, asked.lang)

    return {
        "office": asked.office,
        "lang": asked.lang,
        "overwrite": asked.overwrite,
        "progress": progress,
    }


@contextmanager
def _stoppable() -> Iterator[Callable[[], None]]:
    """
    Give a check that stops the run if Ctrl-C was pressed.

    A search for a layout that Ctrl-C ends keeps the best that it has found; a briefing shall not go
    on with that.
    """
    pressed: list[int] = []

    def press(number: int, _: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    def check() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # not ours to change, as behind nohup
        yield check
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _print_layout(out: Path, lang: Lang) -> None:
    """Print the layout from the manifest: what is printed is what was written."""
    import json

    import pandas as pd

    made = json.loads((out / "manifest.json").read_text("utf-8"))["layout"]
    print(visible(made["reading"], 400))
    heads = ["place", "cluster"] if made["model"] == "assign_zones" else ["site"]
    table = pd.DataFrame(made["sites"], columns=[f"{one}_id" for one in heads])
    for i, head in enumerate(heads):
        table.insert(2 * i, head, [names[i] for names in made["names"]])
    print_frame(table, lang=lang)


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
