"""Where the leading zones go: chosen under conditions, with a proof or an honest gap."""

from siting.layout.covering import max_coverage, set_coverage
from siting.layout.labels import Words
from siting.layout.placing import p_center, p_median
from siting.layout.record import Change, Layout, Tie
from siting.layout.zones import assign_zones

__all__ = [
    "Change",
    "Layout",
    "Tie",
    "Words",
    "assign_zones",
    "max_coverage",
    "p_center",
    "p_median",
    "set_coverage",
]
