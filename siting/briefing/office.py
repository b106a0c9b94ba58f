"""The briefing for Word and for slides, from the same story as the page, to be edited on."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from siting.briefing.document import new_document
from siting.briefing.slides import new_slides
from siting.briefing.story import Story
from siting.errors import stop
from siting.files import write_atomic

__all__ = ["write_document", "write_slides"]

_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  (the same content must give the same bytes)


def write_document(story: Story, folder: Path, path: Path) -> Path:
    """
    Write a story as a Word document.

    Parameters
    ----------
    story
        The story.
    folder
        Where its pictures stand already, as ``figures/*.png``.
    path
        The file.

    Raises
    ------
    InputError
        If the package that makes it is not installed.
    OutputError
        If the file cannot be written.
    """
    return _write(new_document, "python-docx", story, folder, path)


def write_slides(story: Story, folder: Path, path: Path) -> Path:
    """Write a story as slides, as `write_document` does; what the page folds is left out."""
    return _write(new_slides, "python-pptx", story, folder, path)


def _write(
    make: Callable[[Story, Path], Any], package: str, story: Story, folder: Path, path: Path
) -> Path:
    try:
        made = make(story, folder)
    except ImportError:  # an extra; all its imports stand where it is used
        stop(
            code="E-OFF-01",
            value=package,
            reason="没有安装写 Word 和幻灯片所需的软件包",
            reason_en="the package that writes Word and slides is not installed",
            fix="请运行 pip install 'siting[office]'",
            fix_en="Run pip install 'siting[office]'",
        )
    _name(made.core_properties, story)
    return _save(made, path)


def _name(properties: Any, story: Story) -> None:
    """Set the properties of the file: its title, a fixed date, nobody's name."""
    properties.title = story.title[:255]
    properties.author = properties.last_modified_by = "siting"
    properties.comments = properties.keywords = properties.subject = ""
    properties.language = "zh-CN" if story.lang == "zh" else "en"
    properties.created = properties.modified = properties.last_printed = _DATE
    properties.revision = 1


def _save(made: Any, path: Path) -> Path:
    """Write the file so that the same content gives the same bytes: no hour is kept in it."""

    def write(part: Path) -> None:
        raw = part.with_suffix(".raw")
        try:
            made.save(str(raw))
            with zipfile.ZipFile(raw) as loose, zipfile.ZipFile(part, "w") as fixed:
                for name in loose.namelist():
                    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    fixed.writestr(entry, loose.read(name))
        finally:
            raw.unlink(missing_ok=True)

    return write_atomic(path, write)
