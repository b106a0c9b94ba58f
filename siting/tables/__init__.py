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
from siting.tables.concentration import (
    cluster_labels,
    cluster_test_table,
    concentration_reading,
    quotient_table,
    sector_names,
    sector_table,
    specialisation_table,
)
from siting.tables.figures import key_figures, plan_reading
from siting.tables.notes import column_note
from siting.tables.overlaps import (
    depth_table,
    incidence_table,
    overlap_reading,
    pair_table,
    place_table,
)
from siting.tables.plans import (
    cluster_table,
    fact_table,
    programme_table,
    source_table,
    target_table,
    zone_table,
)
from siting.tables.words import names as place_names
from siting.tables.words import sheet_title, table_title
from siting.tables.zones import (
    adding_reading,
    assumption_table,
    firmness_table,
    front_table,
    layout_answer,
    layout_reading,
    layout_table,
    regret_table,
    scenario_table,
)

__all__ = [
    "adding_reading",
    "agreement_table",
    "alignment_reading",
    "assumption_table",
    "cluster_labels",
    "cluster_table",
    "cluster_test_table",
    "column_note",
    "comparison_table",
    "concentration_reading",
    "depth_table",
    "evidence_table",
    "evidence_test_table",
    "fact_table",
    "field_match_table",
    "firmness_table",
    "front_table",
    "incidence_table",
    "key_figures",
    "label",
    "layout_answer",
    "layout_reading",
    "layout_table",
    "overlap_reading",
    "pair_table",
    "place_names",
    "place_table",
    "plan_reading",
    "programme_table",
    "quotient_table",
    "regret_table",
    "scenario_table",
    "sector_names",
    "sector_table",
    "sheet_title",
    "source_table",
    "specialisation_table",
    "table_title",
    "target_share_table",
    "target_table",
    "town_labels",
    "town_table",
    "zone_table",
]
