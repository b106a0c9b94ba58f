"""The GeoJSON that siting writes, registered and drawn by ECharts itself."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from selenium import webdriver

from siting import export, places
from tests.browser import complaints, requests, visit

PAGE = """<!doctype html><meta charset="utf-8"><div id="map" style="width:1000px;height:760px"></div>
<script src="{script}"></script><script>
const shapes = {shapes}, chart = echarts.init(document.getElementById("map"));
echarts.registerMap("places", shapes);
chart.setOption({{animation: false, visualMap: {{min: 0, max: {count}}},
  series: [{{type: "map", map: "places", label: {{show: true}}, data: {data}}}]}});
const series = chart.getModel().getSeriesByIndex(0);
const regions = echarts.getMap("places").geoJSON.features.map((one) => one.properties.name);
window.drawn = [...new Set(regions)].filter((name) => {{
  const region = series.coordinateSystem.getRegion(name);
  return region && region.getBoundingRect().width > 0 && series.getData().indexOfName(name) >= 0;
}});
</script>"""


def drawn_by_echarts(window: webdriver.Chrome, folder: Path) -> str:
    """Return how many places of each level ECharts draws by their names; needs ``npm pack echarts``."""
    script = next(folder.rglob("dist/echarts.min.js"), None)
    if script is None:
        return "ECharts: absent"
    told = []
    with tempfile.TemporaryDirectory() as made:
        for level in ("district", "town"):
            known = places.read_places(level)
            shapes = export.save_geojson(known, Path(made, f"{level}.json"), frame="gcj02")
            data = [{"name": name, "value": i} for i, name in enumerate(known["name_zh"])]
            text = PAGE.format(
                script=script.as_uri(),
                shapes=shapes.read_text("utf-8"),
                count=len(data),
                data=json.dumps(data, ensure_ascii=False),
            )
            page = Path(made, f"{level}.html")
            page.write_text(text, "utf-8")
            visit(window, page)
            drawn = window.execute_script("return window.drawn.length")
            faults = [one for one in complaints(window) if one.startswith("SEVERE")]
            outside = [one for one in requests(window) if one.startswith("http")]
            told.append(f"{level} {drawn} / {len(known)}, {len(outside) + len(faults)} faults")
    return "ECharts: " + "; ".join(told)
