"""
Print the table of peers: ``python -m tests.peers [FOLDER]`` (needs Chromium).

Peers that are not installed are reported as absent. All pages are opened with the network off. As the
peers' pages then stay empty, a second look lends them the JavaScript libraries they link to, from
FOLDER: packages as ``npm pack`` and ``tar`` leave them (leaflet@1.9.3, d3@3.5.5, jquery@3.7.1,
leaflet.fullscreen@3.0.0; echarts@5, which then draws what siting hands over as GeoJSON). Pages that draw on the graphics card and fetch their style from a server are
not measured that way.
"""

from __future__ import annotations

import base64
import io
import re
import sys
import tempfile
import time
import unicodedata
import warnings
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pypdf import PdfReader
from selenium import webdriver

from tests.browser import chromium, requests, visit
from tests.peers.echarts import drawn_by_echarts
from tests.peers.makers import MAKERS, districts

HEAD = (
    "| 库 / library | 文件 / file kB | 联网请求 / requests | 断网成图 / draws offline | "
    "借来脚本后成图 / draws with lent scripts | 恶意名称 / hostile name | 图上中文名 / names on the map | "
    "图例 / legend | 分级规则 / class rule | 打印 / print |"
)


@dataclass
class Look:
    """What one page shows."""

    asked: int
    places: int
    names: int
    legend: bool
    rule: bool
    ran: bool
    print_: str


def main(folder: Path | None) -> None:
    """Make the pages, look at them, print the table."""
    warnings.simplefilter("ignore")
    print(HEAD)
    print("|" + "---|" * HEAD.count(" |"))
    with tempfile.TemporaryDirectory() as made, chromium() as window:
        for name, make in MAKERS.items():
            plain, hostile = Path(made, f"{name}.html"), Path(made, f"{name}-hostile.html")
            called = name
            try:
                if name != "siting":
                    called = f"{name} {version(name)}"
                for page, evil in ((plain, False), (hostile, True)):
                    make(page, hostile=evil)
            except (ImportError, PackageNotFoundError):
                print(f"| {called} | absent" + " |" * 9)
                continue
            size = plain.stat().st_size / 1000
            offline = look(window, plain)
            if folder is not None:
                lend(plain, folder)
                lend(hostile, folder)
            lent, evil_look = look(window, plain), look(window, hostile)
            print(line(called, size, offline, lent, evil_look))
        if folder is not None:
            print("\n" + drawn_by_echarts(window, folder))


def line(name: str, size: float, offline: Look, lent: Look, evil: Look) -> str:
    """Return one line of the table."""

    def yes(fact: object) -> str:
        return "是 / yes" if fact else "否 / no"

    drawn = lent.places >= 16
    harm = ("运行了 / ran" if evil.ran else "显示为文字 / shown as text") if drawn else "–"
    cells = [
        name,
        f"{size:.0f}",
        str(offline.asked),
        yes(offline.places >= 16),
        yes(drawn) if drawn else "未测 / not measured",
        harm,
        f"{lent.names} / 16" if drawn else "–",
        yes(lent.legend) if drawn else "–",
        yes(lent.rule) if drawn else "–",
        lent.print_ if drawn else "–",
    ]
    return "| " + " | ".join(cells) + " |"


def lend(page: Path, folder: Path) -> None:
    """Point the scripts of a page to the files of the same name in `folder`; drop the others."""
    known = {path.name: path for path in sorted(folder.rglob("*.*s*"), reverse=True)}

    def local(found: re.Match[str]) -> str:
        wanted = found.group(2).rsplit("/", 1)[-1]
        bare = re.sub(r"-[\d.]+\d", "", wanted)
        path = known.get(wanted) or known.get(bare) or known.get(bare.replace(".min", ""))
        return f'{found.group(1)}="{path.as_uri()}"' if path else ""

    text = page.read_text("utf-8")
    page.write_text(re.sub(r'\b(src|href)="(https?://[^"]+\.(?:js|css))"', local, text), "utf-8")


def look(window: webdriver.Chrome, page: Path) -> Look:
    """Open a page, wander over it with the mouse, and say what it shows."""
    visit(window, page)
    time.sleep(2)
    asked = {url for url in requests(window) if url.startswith("http")}
    js = window.execute_script
    text = js("return document.body.innerText") or ""
    names = sum(name in text for name in districts(hostile=False)["name"])
    places = js(
        "return [...document.querySelectorAll('path.leaflet-interactive')]"
        ".filter((p) => p.getBoundingClientRect().width > 2).length"
    )
    legend = js("return Boolean(document.querySelector('.legend, [id*=legend]'))")
    rule = bool(re.search(r"分级|分位|[Ee]qual.?[Ii]nterval|[Qq]uantile", text))
    sheets = window.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = PdfReader(io.BytesIO(base64.b64decode(sheets["data"]))).pages
    paper = unicodedata.normalize("NFKC", "".join(one.extract_text() for one in pages))
    told = [
        word
        for word, sign in (
            ("图名 title", "示意图"),
            ("比例尺 scale", "km|千米"),
            ("来源 source", "来源"),
        )
        if re.search(sign, paper)
    ]
    for x in range(60, 1240, 60):
        for y in range(60, 780, 60):
            for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
                event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
                if kind == "mouseMoved" or (x + y) % 180 == 0:
                    window.execute_cdp_cmd("Input.dispatchMouseEvent", event)
    time.sleep(0.3)
    ran = bool(js("return Boolean(window.ran)")) or ">49<" in page.read_text("utf-8")
    return Look(
        len(asked), places, names, legend, rule, ran, f"{len(pages)}: {', '.join(told) or '–'}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if sys.argv[1:] else None)
