"""Numbers for people: frames with headings in Chinese or English, ready for a page or a workbook."""

from siting.schema import label
from siting.tables.alignment import (
    agreement_table,
    alignment_reading,
    comparison_table,
    evidence_table,
    evidence_test_table,
    field_match_table,
    target_share_table,
    town_labels,
    town_table,
)
from siting.tables.figures import key_figures
from siting.tables.overlaps import (
    depth_table,
    incidence_table,
    overlap_reading,
    pair_table,
    place_table,
)
from siting.tables.plans import (
    cluster_table,
    programme_table,
    source_table,
    target_table,
    zone_table,
)
from siting.tables.words import table_title

__all__ = [
    "agreement_table",
    "alignment_reading",
    "cluster_table",
    "comparison_table",
    "depth_table",
    "evidence_table",
    "evidence_test_table",
    "field_match_table",
    "incidence_table",
    "key_figures",
    "label",
    "overlap_reading",
    "pair_table",
    "place_table",
    "programme_table",
    "source_table",
    "table_title",
    "target_share_table",
    "target_table",
    "town_labels",
    "town_table",
    "zone_table",
]
