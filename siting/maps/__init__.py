"""Interactive maps for people: plans, measures, categories, layouts and points on their places."""

from siting.maps.background import Background, gaode, on_background, tianditu, tile_server
from siting.maps.compare import ComparedMaps, compare_maps
from siting.maps.drawing import category_map, measure_map, plan_map
from siting.maps.layouts import layout_map, point_map
from siting.maps.lean import LeanMap

__all__ = [
    "Background",
    "ComparedMaps",
    "LeanMap",
    "category_map",
    "compare_maps",
    "gaode",
    "layout_map",
    "measure_map",
    "on_background",
    "plan_map",
    "point_map",
    "tianditu",
    "tile_server",
]
