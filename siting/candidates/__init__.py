"""Where a zone could stand: places, a grid inside them, or parks; how far apart, and what is in reach."""

from siting.candidates.grids import grid, parks
from siting.candidates.reach import distances, within_reach

__all__ = ["distances", "grid", "parks", "within_reach"]
