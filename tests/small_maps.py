"""Small plans and places made by hand, for the tests of maps: a row of squares, two clusters."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely


def row_of_squares(names: list[str], *, english: list[str] | None = None) -> gpd.GeoDataFrame:
    """Return squares of 0.02 degrees side by side from 121.0 E, 31.0 N: ids 310001, 310002, ..."""
    squares = [shapely.box(121 + 0.02 * i, 31, 121.02 + 0.02 * i, 31.02) for i in range(len(names))]
    index = pd.Index([f"3100{i + 1:02}" for i in range(len(names))], name="place_id")
    frame = gpd.GeoDataFrame(
        {"name_zh": names, "name_en": english or [f"Place {i + 1}" for i in range(len(names))]},
        geometry=squares,
        index=index,
        crs=4326,
    )
    frame.attrs = {"level": "district", "vintage": 2023, "sources": [], "generalised": False}
    return frame


def small_plan(text: Any = None) -> Any:
    """
    Return a plan of two clusters: 健 in places 1 and 2, 智 in place 2; an open list for 智.

    With `text`, every text is what ``text(sink)`` gives.
    """

    def say(sink: str, plain: str) -> str:
        return plain if text is None else str(text(sink))

    clusters = pd.DataFrame(
        {
            "name_zh": [say("cluster", "未来健康"), "未来智能"],
            "name_en": [say("cluster_en", "Future health"), "Future intelligence"],
            "tier": [say("tier", "集群"), "领域"],
            "clause": [say("cluster_clause", "二（一）"), "二（二）"],
        },
        index=pd.Index(["future-health", "future-intelligence"], name="cluster_id"),
    )
    fields = pd.DataFrame(
        {
            "cluster_id": ["future-health", "future-intelligence"],
            "name_zh": [say("field", "合成生物"), "智能芯片"],
            "name_en": [say("field_en", "Synthetic biology"), "Chips"],
            "clause": [say("field_clause", "二（一）1"), "二（二）1"],
        },
        index=pd.Index(["f1", "f2"], name="field_id"),
    )
    assignments = pd.DataFrame(
        {
            "cluster_id": ["future-health", "future-health", "future-intelligence"],
            "place_id": ["310001", "310002", "310002"],
            "place_as_written": [say("as_written", "甲"), "乙区", "乙"],
            "clause": [say("clause", "二（一）"), "二（一）", "二（二）"],
            "is_exhaustive": [True, True, False],
        }
    )
    zones = pd.DataFrame(
        {
            "name_zh": [say("zone", "先导"), say("lost_zone", "远方")],
            "name_en": [say("zone_en", "Lead"), "Far"],
            "place_id": ["310002", "310003"],
            "lon": [121.03, float("nan")],
            "lat": [31.005, float("nan")],
            "clause": [say("zone_clause", "三（二）"), "三（二）"],
            "source": ["", ""],
            "note": [say("zone_note", "点位为近似值"), ""],
        },
        index=pd.Index(["z1", "z2"], name="zone_id"),
    )
    return SimpleNamespace(
        id="small",
        title=say("plan_title", "小方案"),
        issuer=say("issuer", "某区"),
        document_no=say("document_no", "某府发〔2023〕1号"),
        published="2023-01-01",
        level="district",
        clusters=clusters,
        fields=fields,
        assignments=assignments,
        zones=zones,
    )
