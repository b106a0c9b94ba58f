"""A story becomes a folder: maps, figures, workbook, layers, the page and the manifest, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from siting import export
from siting.briefing.folder import make_stage, put_in_place
from siting.briefing.inputs import manifest
from siting.briefing.layers import write_layers
from siting.briefing.office import write_document, write_slides
from siting.briefing.page import render_page
from siting.briefing.story import Picture, Story
from siting.briefing.workbook import write_tables
from siting.errors import Findings, InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

READING = "1/5 "  # the step of reading and measuring; what it is made of may be told in it
# A figure that cannot be printed is left out with a warning: a character that the font lacks, or
# more rows than a page has room for.
_UNPRINTED = ("E-FIG-02", "E-FIG-11")


def publish(
    out: str | os.PathLike[str],
    tell: Callable[[], Story],
    *,
    overwrite: bool,
    progress: Callable[[str], None] | None,
    office: bool = False,
) -> Path:
    """
    Write a story as a folder that opens offline.

    Parameters
    ----------
    out
        The folder.
    tell
        Makes the story; called once the folder is known to be writable.
    overwrite, progress
        As `siting.briefing.write_briefing`.
    office
        Whether briefing.docx and briefing.pptx are written too.

    Returns
    -------
    out
    """
    say = progress or (lambda _: None)
    folder = Path(out)
    was_there = folder.exists()
    stage = make_stage(folder, overwrite=overwrite)
    try:
        say(f"{READING}读取、计算 / reading and measuring")
        story = tell()
        say("2/5 写地图和插图 / writing maps and figures")
        _write_pictures(story, stage)
        say("3/5 写表格和图层 / writing tables and layers")
        write_tables(story, stage / "tables.xlsx")
        write_layers(story, stage / "layers.gpkg")
        if office:
            write_document(story, stage, stage / "briefing.docx")
            write_slides(story, stage, stage / "briefing.pptx")
        say("4/5 写简报页 / writing the page")
        (stage / "index.html").write_text(render_page(story, stage), "utf-8", newline="\n")
        say("5/5 核对并放到位 / hashing and putting in place")
        (stage / "manifest.json").write_text(manifest(story, stage), "utf-8", newline="\n")
        put_in_place(stage, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not was_there and not any(folder.iterdir()):
            folder.rmdir()
    say(f"完成 / done: {folder / 'index.html'}")
    return folder


def _write_pictures(story: Story, stage: Path) -> None:
    for chapter in story.chapters:
        for picture in chapter.pictures:
            if picture.map is not None:
                path = stage / "maps" / f"{picture.name}.html"
                path.parent.mkdir(exist_ok=True)
                export.save_html(picture.map, path, lang=story.lang)
            figure = _drawn(picture)
            if figure is not None:
                (stage / "figures").mkdir(exist_ok=True)
                for suffix in ("png", "svg", "pdf"):
                    export.save_figure(figure, stage / "figures" / f"{picture.name}.{suffix}")


def _drawn(picture: Picture) -> Figure | None:
    """Return the figure of a picture; None, with a warning, where it cannot be printed."""
    if picture.figure is None:
        return None
    try:
        return picture.figure()
    except InputError as error:
        if any(finding.code not in _UNPRINTED for finding in error.findings):
            raise
        Findings(replace(one, severity="warning") for one in error.findings).warn()
        return None
