"""The story as one page that needs nothing: maps, pictures, script and style inside, text escaped."""

from __future__ import annotations

import base64
import struct
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup

from siting import __version__, tables
from siting.briefing.content import digits, shown
from siting.briefing.links import Links
from siting.briefing.shades import small_picture
from siting.briefing.story import Picture, Story
from siting.escape import safe_json
from siting.maps.page import Parts, content_hash, parts, web_file

_WORDS = {
    "sort": ("按此列排序", "Sort by this column"),
    "filter": ("筛选", "Filter"),
    "none": ("没有符合的行。", "No row matches."),
    "clear": ("清除筛选", "Clear the filter"),
    "close": ("关闭", "Close"),
}


def render_page(story: Story, folder: Path) -> str:
    """Return index.html of a story whose pictures stand in `folder` already."""
    maps = {
        picture.name: parts(picture.map, lang=story.lang)
        for chapter in story.chapters
        for picture in chapter.pictures
        if picture.map is not None
    }
    shared = next(iter(maps.values()), None)
    script, style = web_file("frames.js") + _text("page.js"), _text("page.css")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("siting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["of_kind"] = lambda block, kind: type(block).__name__ == kind
    words = {key: pair[story.lang != "zh"] for key, pair in _WORDS.items()}
    return environment.get_template("briefing.html").render(
        story=story,
        zh=story.lang == "zh",
        policy=_policy(script, shared),
        style=Markup(style),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704  (our own file)
        words=Markup(safe_json(words)),  # noqa: S704  (escaped for a script element)
        maps={name: Markup(made.scene) for name, made in maps.items()},  # noqa: S704  (the same)
        shared=shared
        and {
            key: Markup(getattr(shared, key))  # noqa: S704  (Leaflet and our own files)
            for key in ("style", "leaflet", "script")
        },
        titles={name: made.title for name, made in maps.items()},
        title=lambda key: tables.table_title(key, lang=story.lang),
        still=cache(lambda picture: _still(picture, folder)),
        linked=Links(story),
        digits=digits,
        shown=shown,
        present=[
            *sorted(one.name + "/" * one.is_dir() for one in folder.iterdir()),
            "manifest.json",
        ],
        version=__version__,
    )


def _policy(script: str, shared: Parts | None) -> str:
    allowed = content_hash(script) + (f" {shared.hashes}" if shared else "")
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _text(name: str) -> str:
    return (files("siting") / "templates" / name).read_text("utf-8")


class _Still(NamedTuple):
    """A picture as an address that holds it, with its size [px]: nothing moves when it is drawn."""

    src: str
    width: int
    height: int


def _still(picture: Picture, folder: Path) -> _Still | None:
    """Return the picture, smaller and in fewer colours; None where there is none."""
    path = folder / "figures" / f"{picture.name}.png"
    if not path.exists():
        return None
    packed = small_picture(path.read_bytes())
    width, height = struct.unpack(">II", packed[16:24])  # of the header of a PNG
    return _Still(f"data:image/png;base64,{base64.b64encode(packed).decode()}", width, height)
