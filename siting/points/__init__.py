"""A firm or park table of any quality, every row accounted for; each point to its one place."""

from siting.points.accounting import left_out
from siting.points.assigning import assign
from siting.points.frames import frame_doubts
from siting.points.reading import read_points, scan_points
from siting.points.record import Points, Report
from siting.points.tabulating import tabulate
from siting.points.template import write_template

__all__ = [
    "Points",
    "Report",
    "assign",
    "frame_doubts",
    "left_out",
    "read_points",
    "scan_points",
    "tabulate",
    "write_template",
]
