"""The story as one page that needs nothing: maps, pictures, script and style inside, text escaped."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup, escape
from PIL import Image

from siting import __version__, tables
from siting.briefing.shades import few_colours
from siting.briefing.story import Block, Picture, Story, Table
from siting.escape import safe_json
from siting.maps.page import Parts, content_hash, parts, web_file

_STILL = 1500  # pixels across of a picture inside the page
_WORDS = {
    "sort": ("按此列排序", "Sort by this column"),
    "filter": ("筛选", "Filter"),
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
        linked=_Links(story),
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


def _still(picture: Picture, folder: Path) -> str:
    """Return the picture as an address that holds it, smaller and in fewer colours; empty without one."""
    path = folder / "figures" / f"{picture.name}.png"
    if not path.exists():
        return ""
    with Image.open(path) as whole:
        tall = round(whole.height * _STILL / whole.width)
        small = whole.convert("RGB").resize((_STILL, tall), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    few_colours(small).save(packed, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(packed.getvalue()).decode()}"


class _Links:
    """Turns the clauses and the tables that a cell names into links."""

    def __init__(self, story: Story) -> None:
        self.tables: dict[str, str] = {}
        self.clauses: dict[str, dict[str, str]] = {}
        for chapter in story.chapters:
            for table in chapter.tables:
                if table.key == "facts":
                    (plan,) = table.clauses.values()
                    named = dict.fromkeys(table.frame.iloc[:, 0])
                    self.clauses[plan] = {one: f"{chapter.id}-c{i}" for i, one in enumerate(named)}
        self.story = story

    def anchor(self, table: Table, row: int) -> str:
        """Return the id of a row: the first row of each clause in the list of facts has one."""
        if table.key != "facts":
            return ""
        (plan,) = table.clauses.values()
        clauses = list(table.frame.iloc[:, 0])
        clause = clauses[row]
        return self.clauses[plan][clause] if clauses.index(clause) == row else ""

    def cell(self, text: str, table: Table, heading: str) -> Markup:
        """Return the text of a cell, each clause in it a link to what the clause states."""
        plan = table.clauses.get(heading)
        if plan is None or table.key == "facts":
            return escape(text)
        return _link(text, self.clauses.get(plan, {}))

    def card(self, text: str, chapter_id: str, blocks: tuple[Block, ...]) -> Markup:
        """Return where a key figure stands, as a link to its clause or its table."""
        mine = [one for one in blocks if isinstance(one, Table)]
        targets = {
            tables.table_title(one.key, lang=self.story.lang): f"{chapter_id}-{one.key}"
            for one in mine
            if one.shown != "workbook"
        }
        for one in mine:
            if one.key == "facts":
                targets |= self.clauses[next(iter(one.clauses.values()))]
        return _link(text, targets)


def _link(text: str, targets: Mapping[str, str]) -> Markup:
    """Return a text with each of `targets` in it made a link; the longest name wins."""
    if not targets:
        return escape(text)
    named = sorted(targets, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, named)))
    made, at = Markup(""), 0
    for found in pattern.finditer(text):
        made += escape(text[at : found.start()])
        made += Markup('<a href="#{}">{}</a>').format(targets[found.group()], found.group())
        at = found.end()
    return made + escape(text[at:])
