"""What a map says and shows, the same on the screen and in print: words, ground, classes, notes."""

from siting.cartography.classing import Classed, categorised, measured, reasons, remarks
from siting.cartography.ground import (
    check_ground,
    label_points,
    names,
    simplified,
    small_places,
)
from siting.cartography.notes import listed, sketch, source_notes, vintage
from siting.cartography.planned import (
    basis,
    cluster_line,
    members,
    open_note,
    stack_lines,
    zone_points,
)
from siting.cartography.refusal import unknown_places, wrong
from siting.cartography.words import WORDS, filled
from siting.cartography.zoned import CORE, Held, chosen_zones, count_lines, proof

__all__ = [
    "CORE",
    "WORDS",
    "Classed",
    "Held",
    "basis",
    "categorised",
    "check_ground",
    "chosen_zones",
    "cluster_line",
    "count_lines",
    "filled",
    "label_points",
    "listed",
    "measured",
    "members",
    "names",
    "open_note",
    "proof",
    "reasons",
    "remarks",
    "simplified",
    "sketch",
    "small_places",
    "source_notes",
    "stack_lines",
    "unknown_places",
    "vintage",
    "wrong",
    "zone_points",
]
