"""What a map says and shows, the same on the screen and in print: words, ground, classes, notes."""

from siting.cartography.bounds import spans
from siting.cartography.classing import Classed, categorised, measured, reasons, remarks
from siting.cartography.drawn import Drawn
from siting.cartography.ground import (
    check_ground,
    label_points,
    names,
    simplified,
    small_places,
)
from siting.cartography.marks import LINK, SIGNS, ZONE, ZONE_INK, Mark, mark_lines
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
from siting.cartography.served import (
    CHOSEN,
    SERVED,
    SERVICE_FILLS,
    SERVICE_WORDS,
    Served,
    Spot,
    open_sites,
    served_places,
    service_lines,
)
from siting.cartography.words import WORDS, filled
from siting.cartography.zoned import (
    Held,
    chosen_zones,
    cluster_marks,
    count_lines,
    firm_mark,
    firm_words,
    is_core,
    point_lines,
    point_names,
    proof,
)

__all__ = [
    "CHOSEN",
    "LINK",
    "SERVED",
    "SERVICE_FILLS",
    "SERVICE_WORDS",
    "SIGNS",
    "WORDS",
    "ZONE",
    "ZONE_INK",
    "Classed",
    "Drawn",
    "Held",
    "Mark",
    "Served",
    "Spot",
    "basis",
    "categorised",
    "check_ground",
    "chosen_zones",
    "cluster_line",
    "cluster_marks",
    "count_lines",
    "filled",
    "firm_mark",
    "firm_words",
    "is_core",
    "label_points",
    "listed",
    "mark_lines",
    "measured",
    "members",
    "names",
    "open_note",
    "open_sites",
    "point_lines",
    "point_names",
    "proof",
    "reasons",
    "remarks",
    "served_places",
    "service_lines",
    "simplified",
    "sketch",
    "small_places",
    "source_notes",
    "spans",
    "stack_lines",
    "unknown_places",
    "vintage",
    "wrong",
    "zone_points",
]
