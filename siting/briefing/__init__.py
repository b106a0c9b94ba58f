"""The page and the folder that a reader gets: every number looked up in a table, every file hashed."""

from siting.briefing.writing import write_briefing

__all__ = ["write_briefing"]
