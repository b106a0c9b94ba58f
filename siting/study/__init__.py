"""One input through every room, in order: a plan, a table of jobs or firms, a case of leading zones."""

from siting.study.cases import city_zones, district_zones
from siting.study.concentration import Concentration, census_table, study_table
from siting.study.firms import FirmStudy, study_points
from siting.study.plans import Study, study_plan
from siting.study.zones import ZoneCase, ZoneStudy, study_zones

__all__ = [
    "Concentration",
    "FirmStudy",
    "Study",
    "ZoneCase",
    "ZoneStudy",
    "census_table",
    "city_zones",
    "district_zones",
    "study_plan",
    "study_points",
    "study_table",
    "study_zones",
]
