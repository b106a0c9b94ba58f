"""Figures for paper: the same bytes each time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from siting.export.names import check_suffix
from siting.files import write_atomic


def save_figure(
    figure: Any, path: str | os.PathLike[str], *, dpi: int = 200, overwrite: bool = True
) -> Path:
    """
    Write a figure as .png, .svg or .pdf by the ending of `path`, the same bytes each time.

    Parameters
    ----------
    figure : matplotlib Figure
        A figure of `siting.figures`.
    path
        The file.
    dpi
        Dots per inch of a .png, 30 to 1200.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If the ending is another one, or `figure` is no figure.
    OutputError, ExistingOutputError
        If the file cannot be written.

    Notes
    -----
    Letters are outlines in .svg and embedded in .pdf, where they can be searched and copied. No
    file holds a date or a name of the machine.
    """
    from siting.figures.page import render  # noqa: PLC0415  (matplotlib loads only for figures)

    check_suffix(path, ".png", ".svg", ".pdf")
    made = render(figure, Path(path).suffix.lower(), dpi=dpi)
    return write_atomic(path, lambda part: part.write_bytes(made), overwrite=overwrite)
