"""Map pages: one file that asks for nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from siting.export.names import check_suffix
from siting.files import write_text
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    import folium

    from siting.maps import ComparedMaps


def save_html(
    folium_map: folium.Map | ComparedMaps,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    lang: Lang = "zh",
    overwrite: bool = True,
) -> Path:
    """
    Write a map as ONE .html file that asks for nothing: no request, strict content policy.

    Parameters
    ----------
    folium_map
        A map of `siting.maps`, maps to compare, or a plain folium map of common elements; it is not
        changed.
    path
        The .html file.
    title
        Title of the page; a map of `siting.maps` brings its own.
    lang
        Language of the page.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If the map holds an element that cannot be shown safely without a network.
    OutputError, ExistingOutputError
        If the file cannot be written.

    Notes
    -----
    Text from data is shown as it was written; nothing in it runs. Leaflet comes from the package
    XStatic-Leaflet and is written into the page.
    """
    from siting.maps import ComparedMaps  # noqa: PLC0415  (folium loads only when a map leaves)
    from siting.maps.page import page  # noqa: PLC0415

    check_suffix(path, ".html", ".htm")
    if isinstance(folium_map, ComparedMaps):
        text = folium_map.page()
    else:
        text = page(folium_map, title=title, lang=check_lang(lang))
    return write_text(path, text, overwrite=overwrite)
