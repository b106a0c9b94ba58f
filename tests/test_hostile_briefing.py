"""Hostile text in a plan: the briefing's page, its maps, workbook, layers and file names stay harmless."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import siting
from siting.briefing import write_briefing
from siting.errors import SitingWarning
from siting.plan import Plan, read_plan
from tests.browser import chromium, complaints, requests, visit
from tests.test_hostile_text import JS, PAYLOADS

EVIL = PAYLOADS[-1]  # all tricks in one
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://127.0.0.1:9/")',
    "+1",
    "-1",
    "@SUM(1)",
    "=cmd|'/C calc'!A0",
    "https://x.y",
)
TEMPLATES = Path(siting.__file__).parent / "templates"
TEXTS = (*PAYLOADS, *FORMULAS)


def hostile_plan() -> Plan:
    """Return the city's plan with every payload in every kind of text that it has."""
    city = read_plan("shanghai-2022")
    n = range(len(TEXTS))
    ids = [f"id{i}" for i in n]
    names = {"name_zh": TEXTS, "name_en": TEXTS, "clause": TEXTS}
    districts = city.assignments["place_id"].unique()
    return dataclasses.replace(
        city,
        id="../" + EVIL,
        title=EVIL,
        issuer=EVIL,
        document_no=EVIL,
        clusters=pd.DataFrame({**names, "tier": TEXTS}, index=pd.Index(ids, name="cluster_id")),
        fields=pd.DataFrame({"cluster_id": ids, **names}, index=pd.Index(ids, name="field_id")),
        assignments=pd.DataFrame(
            {
                "cluster_id": ids,
                "place_id": [districts[i % len(districts)] for i in n],
                "place_as_written": TEXTS,
                "clause": TEXTS,
                "is_exhaustive": False,
            }
        ),
        targets=pd.DataFrame(
            {**names, "quantity": 1.0, "unit": TEXTS, "qualifier": "about", "year": 2030},
            index=pd.Index(ids, name="target_id"),
        ),
        programmes=pd.DataFrame(names, index=pd.Index(ids, name="programme_id")),
        zones=pd.DataFrame(
            {
                **names,
                "place_id": "310115",
                "lon": 121.5,
                "lat": 31.2,
                "source": TEXTS,
                "note": TEXTS,
            },
            index=pd.Index(ids, name="zone_id"),
        ),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with warnings.catch_warnings():
        # Nobody has judged which fields of this plan answer those of the district: that is told.
        warnings.simplefilter("ignore", SitingWarning)
        return write_briefing(tmp_path_factory.mktemp("evil") / "out", city=hostile_plan())


def plain(text: str) -> str:
    """What HTML itself makes of a text: no NUL, and line ends of one kind."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.browser
def test_the_page_and_its_maps_show_the_text_and_run_nothing(folder: Path) -> None:
    with chromium() as window:
        visit(window, folder / "index.html")
        seen = window.execute_script(
            "return {pwn: window.__pwn === undefined ? null : window.__pwn,"
            " scripts: [...document.querySelectorAll('script:not([type])')].map((s) => s.textContent),"
            " data: [...document.querySelectorAll('script[type]')].map((s) => s.type),"
            " images: [...document.querySelectorAll('img')].map((i) => i.src.slice(0, 22)),"
            " others: document.querySelectorAll('link, base, object, iframe, embed').length,"
            " cells: [...document.querySelectorAll('td')].map((cell) => cell.textContent)}"
        )
        assert seen["pwn"] is None
        # one script, our own; scenes and parts of maps are data; pictures are inside
        assert len(seen["scripts"]) == 1
        assert seen["scripts"][0].endswith((TEMPLATES / "page.js").read_text("utf-8"))
        assert set(seen["data"]) <= {"application/json", "text/plain"}
        assert set(seen["images"]) == {"data:image/png;base64,"}
        assert seen["others"] == 0
        cells = {re.sub(r"\s+", " ", cell) for cell in seen["cells"]}
        lost = [text for text in TEXTS if re.sub(r"\s+", " ", plain(text)) not in cells]
        assert lost == []
        assert plain(EVIL) in window.find_element("css selector", "#p1 h2").text
        assert requests(window) == []
        assert complaints(window) == []
        for path in sorted(folder.glob("maps/*.html")):
            visit(window, path)
            assert window.execute_script("return window.__pwn === undefined"), path.name
            assert window.execute_script("return document.documentElement.dataset.drawn") == "yes"
            assert requests(window) == []
            assert complaints(window) == []
    assert "PWN" not in os.environ


@pytest.mark.browser
def test_the_check_would_see_a_page_that_runs_text(folder: Path, tmp_path: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    page = (
        re.sub(r"<meta http-equiv[^>]*>", "", page)
        .replace("&lt;img src=x", "<img src=x")
        .replace("&gt;", ">")
    )
    (tmp_path / "open.html").write_text(page, "utf-8")
    with chromium() as window:
        visit(window, tmp_path / "open.html")
        assert window.execute_script("return window.__pwn") is not None
    assert JS in page


def test_the_workbook_holds_the_text_and_no_formula_or_link(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    links = [cell.hyperlink for cell in cells if cell.hyperlink is not None]
    assert all(link.target is None for link in links)  # nothing outside the workbook
    names = {f"'{name}'!A1" for name in book.sheetnames} | {
        f"{name}!A1" for name in book.sheetnames
    }
    assert {link.location.replace("''", "'") for link in links} <= {
        one.replace("''", "'") for one in names
    }
    control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_x00[0-9A-F]{2}_")
    shown = {control.sub("", text).replace("\r", "") for text in texts}
    assert [t for t in TEXTS if control.sub("", t).replace("\r", "") not in shown] == []
    book.close()


def test_no_file_leaves_the_folder_and_every_name_is_plain(folder: Path) -> None:
    assert [p.name for p in folder.parent.iterdir()] == ["out"]
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
    assert sum(name.startswith("maps/") for name in listed) == len(list(folder.glob("maps/*.html")))
    assert "maps/alignment.html" in listed
    for name in listed:
        assert re.fullmatch(r"[\w/-]+\.\w+", name), name
