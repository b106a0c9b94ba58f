"""Make the pictures of the gallery from the real plans: ``python -m tests.pictures`` (needs Chromium)."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pandas as pd
from PIL import Image
from selenium import webdriver

from siting import export, maps
from siting.briefing.shades import few_colours
from siting.concentration import location_quotient
from siting.study import census_table, study_plan
from tests.browser import chromium, resize, visit
from tests.made_briefings import made_briefing

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LIMIT = 200_000  # bytes of one picture
# name in docs: file of the briefing, width and height of the window
SCREENS = {
    "page": ("index.html", 1280, 900),
    "phone": ("index.html", 390, 844),
    "shanghai": ("maps/shanghai-2022.html", 1280, 800),
    "jiading": ("maps/jiading-2023.html", 1280, 800),
    "zones": ("maps/zones-city.html", 1280, 800),
}
# name in docs: figure of the briefing
FIGURES = {
    "multiples": "shanghai-2022-clusters",
    "matrix": "shanghai-2022-overlap",
    "upset": "shanghai-2022-combinations",
    "quotients": "census-bars",
    "front": "zones-city-front",
}


def main() -> None:
    """Write docs/*.png."""
    DOCS.mkdir(exist_ok=True)
    folder = made_briefing("zh")
    drawn = folder.parent / "drawn"
    drawn.mkdir(exist_ok=True)
    with chromium() as window:
        for name, (file, width, height) in SCREENS.items():
            keep(name, shot(window, folder / file, width, height))
        for name, made in (("comparison", comparison()), ("points", points())):
            target = export.save_html(made, drawn / f"{name}.html")
            keep(name, shot(window, target, 1280, 800))
    for name, figure in FIGURES.items():
        with Image.open(folder / "figures" / f"{figure}.png") as whole:
            tall = round(whole.height * 1000 / whole.width)
            keep(name, whole.convert("RGB").resize((1000, tall), Image.Resampling.LANCZOS))


def comparison() -> maps.ComparedMaps:
    """Return the plan of the city beside what the census says of its information services."""
    city = study_plan("shanghai-2022")
    census = census_table()
    quotient = location_quotient(census)["I"]
    both = {
        "规划": maps.plan_map(city.plan, city.places),
        "就业": maps.measure_map(
            quotient,
            city.places,
            title="信息传输、软件和信息技术服务业区位商",
            source=census.attrs["source_zh"],
        ),
    }
    return maps.compare_maps(both, title="规划与就业对照", mode="side")


def points() -> object:
    """Return the bundled synthetic firms on the map of Jiading's towns."""
    district = study_plan("jiading-2023")
    firms = pd.read_csv(ROOT / "geodata" / "tables" / "synthetic_firms.csv", dtype={"编号": str})
    names = district.plan.clusters["name_zh"]
    firms["集群"] = firms["所属集群（合成）"].map(names).fillna("其他")
    firms = firms.rename(columns={"经度": "lon", "纬度": "lat"})
    return maps.point_map(
        firms, district.places, title="嘉定区合成企业样本", by="集群", name="企业名称"
    )


def shot(window: webdriver.Chrome, page: Path, width: int, height: int) -> Image.Image:
    """Return what a window of this size shows of a page."""
    resize(window, width, height)
    visit(window, page)
    time.sleep(1.5)
    return Image.open(io.BytesIO(window.get_screenshot_as_png())).convert("RGB")


def keep(name: str, picture: Image.Image) -> None:
    """Write a picture in few colours."""
    target = DOCS / f"{name}.png"
    few_colours(picture).save(target, "PNG", optimize=True)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}: {size / 1000:.0f} kB")
    assert size <= LIMIT, f"{target} is too large: {size}"


if __name__ == "__main__":
    main()
