"""Frames of coordinates: WGS-84, CGCS2000, GCJ-02 and BD-09; metres, and areas that are true."""

from siting.crs.frames import FRAMES, convert, convert_geometry
from siting.crs.gcj import CHINA_BOX
from siting.crs.measure import METRIC, WGS84, area_km2, to_metric, to_wgs84

__all__ = [
    "CHINA_BOX",
    "FRAMES",
    "METRIC",
    "WGS84",
    "area_km2",
    "convert",
    "convert_geometry",
    "to_metric",
    "to_wgs84",
]
