"""The page and the folder that a reader gets: every number looked up in a table, every file hashed."""

from siting.briefing.firms import write_concentration
from siting.briefing.layout import write_layout
from siting.briefing.scenarios import write_scenarios
from siting.briefing.writing import write_briefing

__all__ = ["write_briefing", "write_concentration", "write_layout", "write_scenarios"]
