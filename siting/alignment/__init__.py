"""City plan against district plan, targets against shares, plan against evidence; judgements are data."""

from siting.alignment.agreement import agreement
from siting.alignment.comparing import Comparison, compare
from siting.alignment.crosswalks import (
    RELATIONS,
    read_field_crosswalk,
    read_section_mapping,
)
from siting.alignment.drafts import draft_field_crosswalk
from siting.alignment.evidence import QUADRANTS, evidence_gap, evidence_test
from siting.alignment.figures import read_figures, read_town_jobs
from siting.alignment.sections import SectionEvidence, section_evidence
from siting.alignment.targets import target_shares
from siting.alignment.towns import by_town

__all__ = [
    "QUADRANTS",
    "RELATIONS",
    "Comparison",
    "SectionEvidence",
    "agreement",
    "by_town",
    "compare",
    "draft_field_crosswalk",
    "evidence_gap",
    "evidence_test",
    "read_field_crosswalk",
    "read_figures",
    "read_section_mapping",
    "read_town_jobs",
    "section_evidence",
    "target_shares",
]
