"""The colours and classes of `siting.colours`, under the name that maps know them by."""

from siting.colours import (
    NEUTRAL,
    SCHEMES,
    Classes,
    Scheme,
    classify,
    cluster_colours,
    glyphs,
    ink,
    ramp,
    written,
)

__all__ = [
    "NEUTRAL",
    "SCHEMES",
    "Classes",
    "Scheme",
    "classify",
    "cluster_colours",
    "glyphs",
    "ink",
    "ramp",
    "written",
]
