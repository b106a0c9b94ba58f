"""Make the pictures of the README from the real plans: ``python -m tests.pictures`` (needs Chromium)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from siting import export, maps
from siting.study import study_plan
from tests.browser import chromium, visit

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = {"shanghai.png": ("shanghai-2022", "zh"), "jiading.png": ("jiading-2023", "zh")}


def main() -> None:
    """Write docs/*.png."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium(1280, 800) as window:
        for name, (source, lang) in PICTURES.items():
            study = study_plan(source)
            drawn = maps.plan_map(study.plan, study.places, lang=lang)
            visit(window, export.save_html(drawn, Path(folder, "map.html"), lang=lang))
            window.save_screenshot(str(DOCS / name))
            print(DOCS / name)


if __name__ == "__main__":
    main()
