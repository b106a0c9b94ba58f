"""Make the pictures of the gallery from the real plans: ``python -m tests.pictures`` (needs Chromium)."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image
from selenium import webdriver

from siting import geodata
from siting.briefing import write_concentration
from siting.briefing.shades import few_colours
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
# name in docs: figure of the briefing, of the folder on the sample of firms, or of the gallery's code
FIGURES = {
    "multiples": "shanghai-2022-clusters",
    "matrix": "shanghai-2022-overlap",
    "upset": "shanghai-2022-combinations",
    "quotients": "firms-bars",
    "scenarios": "scenarios",
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
        for page in gallery_code(drawn):
            keep(page.stem, shot(window, page, 1280, 800))
    firms = write_concentration(
        drawn / "firms",
        geodata.path("tables/synthetic_firms.csv"),
        by="所属集群（合成）",
        level="town",
        within="310114",
    )
    homes = (folder / "figures", firms / "figures", drawn)
    for name, figure in FIGURES.items():
        home = next(one for one in homes if (one / f"{figure}.png").exists())
        with Image.open(home / f"{figure}.png") as whole:
            tall = round(whole.height * 1000 / whole.width)
            keep(name, whole.convert("RGB").resize((1000, tall), Image.Resampling.LANCZOS))


def gallery_code(folder: Path) -> list[Path]:
    """Run the code that docs/README.md gives, in `folder`; return the pages that it writes."""
    code = (DOCS / "README.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=folder)
    return sorted(folder.glob("*.html"))


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
